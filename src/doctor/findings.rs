//! What can be learnt about a connection, gathered step by step. Nothing is judged here, and nothing is changed: the only
//! cmdlet that runs is `Get-AcceptedDomain`.

use std::time::{Duration, SystemTime};

use uuid::Uuid;

use crate::clock::Clock;
use crate::exchange::{Call, CmdletInput, Page, Reached};
use crate::failure::Failure;
use crate::http::{ProbeError, Probed, probe, proxy_variable};
use crate::identity::{Detection, Error as IdentityError};
use crate::session::{self, Approach, Plan, Session};
use crate::token::AccessToken;
use crate::value::Value;

/// The cmdlet that every role that Exchange accepts may run, and the one that Microsoft's page on managed identities ends
/// with.
pub(super) const TRIAL: &str = "Get-AcceptedDomain";

/// How long a look at the way to Exchange may take.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// Something that was tried: what came of it, and how long it took.
#[derive(Debug)]
pub(super) struct Tried<T> {
    pub outcome: T,
    pub took: Duration,
}

/// The way to Exchange.
#[derive(Debug)]
pub(super) enum Way {
    /// It was gone.
    Direct(Result<Probed, ProbeError>),
    /// A proxy stands before it, set by this variable.
    Proxied(&'static str),
    /// It took longer than anyone waits.
    Endless,
}

/// What the trial brought.
#[derive(Debug, Default)]
pub(super) struct Domains {
    pub names: Vec<String>,
    /// Whether the service has more than it sent.
    pub more: bool,
    pub warnings: Vec<String>,
    pub errors: Vec<String>,
}

/// Whether one cmdlet may be run, or why that is not known.
pub(super) type Permission = Result<bool, Failure>;

/// Everything that was found. What was not tried, since something before it failed, is `None`.
#[derive(Debug)]
pub(super) struct Findings {
    pub organization: String,
    /// What is unusual about its name.
    pub note: Option<String>,
    pub detection: Detection,
    /// The audience that was asked for.
    pub resource: String,
    /// The authority that knows the organization.
    pub authority: String,
    /// Where cmdlets go.
    pub exchange: String,
    pub now: SystemTime,
    pub token: Tried<Result<AccessToken, Failure>>,
    /// Whether the identity endpoint answered at all.
    pub answered: bool,
    pub tenant: Option<Tried<Result<Uuid, Failure>>>,
    pub way: Option<Tried<Way>>,
    pub reached: Option<Tried<Result<Reached, Failure>>>,
    pub domains: Option<Tried<Result<Domains, Failure>>>,
    /// What the service says in words where it refused without any.
    pub reason: Option<String>,
    /// The cmdlet that was asked about, and whether it may be run.
    pub cmdlet: Option<(String, Option<Tried<Permission>>)>,
}

impl Findings {
    /// Goes as far as it can.
    pub(super) async fn gather(
        plan: Plan,
        note: Option<String>,
        cmdlet: Option<String>,
    ) -> Result<Self, Failure> {
        let clock = plan.limits.clock.clone();
        let mut approach = Approach::begin(plan)?;
        let taken = timed(&clock, approach.token()).await;
        let answered = !matches!(&taken.outcome, Err(error) if is_silence(error));
        let held = taken.outcome.as_ref().ok().cloned();
        let Plan { organization, endpoint, identity, .. } = approach.plan();
        let mut findings = Self {
            organization: organization.clone(),
            note,
            detection: identity.detection(),
            resource: endpoint.resource.clone(),
            authority: endpoint.authority.to_string(),
            exchange: endpoint.base.to_string(),
            now: clock.now(),
            token: Tried {
                outcome: taken.outcome.map(|held| held.token).map_err(Failure::from),
                took: taken.took,
            },
            answered,
            tenant: None,
            way: None,
            reached: None,
            domains: None,
            reason: None,
            cmdlet: cmdlet.map(|name| (name, None)),
        };
        if let Some(held) = held {
            let tenant = timed(&clock, approach.tenant_of_the_organization()).await;
            findings.tenant = Some(tenant.failing());
            findings.way = Some(timed(&clock, way(approach.plan())).await);
            let session = approach.arrive(held)?;
            findings.ask(&session, &clock).await;
        }
        Ok(findings)
    }

    /// What Exchange says.
    async fn ask(&mut self, session: &Session, clock: &Clock) {
        let reached = timed(clock, session.reach()).await.failing();
        let silent = reached.outcome.is_err();
        self.reached = Some(reached);
        if silent {
            return;
        }
        let domains = timed(clock, domains(session)).await.failing();
        let mute = domains.outcome.as_ref().err().is_some_and(|failure| failure.call.status == Some(403));
        self.domains = Some(domains);
        if mute {
            // A refused cmdlet is refused without a word; the module's file is refused in words.
            let refused = session.available(TRIAL).await.err().map(Failure::from);
            self.reason = refused.and_then(|failure| failure.causes.last().cloned());
        }
        if let Some((name, permission)) = &mut self.cmdlet {
            let asked = timed(clock, session.available(name)).await.failing();
            let name = name.clone();
            let may = |names: Vec<String>| names.iter().any(|known| known.eq_ignore_ascii_case(&name));
            *permission = Some(Tried { outcome: asked.outcome.map(may), took: asked.took });
        }
    }
}

impl<T, E: Into<Failure>> Tried<Result<T, E>> {
    fn failing(self) -> Tried<Result<T, Failure>> {
        Tried { outcome: self.outcome.map_err(Into::into), took: self.took }
    }
}

async fn timed<T>(clock: &Clock, work: impl Future<Output = T>) -> Tried<T> {
    let begun = clock.elapsed();
    let outcome = work.await;
    Tried { outcome, took: clock.elapsed().saturating_sub(begun) }
}

/// Whether nothing was heard from the identity endpoint.
fn is_silence(error: &session::Error) -> bool {
    matches!(error, session::Error::Identity(IdentityError::NoReply { .. }))
}

async fn way(plan: &Plan) -> Way {
    let base = &plan.endpoint.base;
    if let Some(variable) = proxy_variable(base, &plan.env) {
        return Way::Proxied(variable);
    }
    let walk = probe(base.clone(), plan.roots.clone(), plan.limits.clock.clone());
    match plan.limits.within(tokio::time::timeout(LONGEST_LOOK, walk)).await {
        Ok(Ok(walked)) => Way::Direct(walked),
        Ok(Err(_)) | Err(_) => Way::Endless,
    }
}

async fn domains(session: &Session) -> Result<Domains, session::Error> {
    let input = CmdletInput { cmdlet_name: TRIAL.to_owned(), parameters: serde_json::Map::new() };
    let Ok(call) = Call::new(input, false) else { return Ok(Domains::default()) };
    let mut invocation = session.invoke(call);
    let mut domains = Domains::default();
    while let Some(page) = invocation.next().await? {
        domains.add(page);
    }
    Ok(domains)
}

impl Domains {
    fn add(&mut self, page: Page) {
        let name = |value: Option<Value<'_>>| match value {
            Some(Value::Text(text)) => Some(text.into_owned()),
            _ => None,
        };
        for row in page.rows() {
            self.names.extend(row.project(&["DomainName"]).into_iter().find_map(name));
        }
        self.more |= page.warnings.iter().any(|warning| warning.contains("more results"));
        self.warnings.extend(page.warnings);
        self.errors.extend(page.errors.into_iter().map(|error| error.message));
    }
}
