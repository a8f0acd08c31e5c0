//! From the options of a command that connects to the plan of its session.

use std::time::Duration;

use clap::Args;

use super::credential::CredentialOptions;
use super::reach;
use super::settings::{ConnectionOptions, Purpose, Settings, duration, organization, roots, wrong};
use crate::env::Env;
use crate::failure::Failure;
use crate::http::{End, Limits, Roots};
use crate::identity::{Credential, Detection, Identity, TokenSource, Wanted};
use crate::script;
use crate::session::Plan;
use crate::world::World;

/// Options of every command that connects.
#[derive(Args, Clone, Debug)]
pub(super) struct PlanOptions {
    #[command(flatten)]
    connection: ConnectionOptions,
    #[command(flatten)]
    credential: CredentialOptions,
    /// Wait for a random time up to this one before anything is sent, such as 2m, so that many machines do not ask at once
    #[arg(long, value_name = "DURATION")]
    jitter: Option<String>,
    /// Run against the emulator in this process: no tenant, no Azure
    #[cfg(feature = "emulator")]
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, require_equals = true, default_missing_value = "healthy",
          conflicts_with_all = ["connection_uri", "authority_host", "ca_file"])]
    emulate: Option<crate::emulator::Scenario>,
}

/// Everything decided and checked, before anything is sent.
pub(super) struct Planned {
    pub plan: Plan,
    /// What is unusual about the organization's name.
    pub note: Option<String>,
    /// Whether a credential was read from standard input.
    pub stdin_is_taken: bool,
    /// How long is waited before anything is sent.
    pub wait: Duration,
    /// Kept alive as long as the command runs.
    #[cfg(feature = "emulator")]
    _emulator: Option<crate::emulator::Emulator>,
}

impl Planned {
    /// Waits as long as chance wants, so that a fleet of timers does not ask for tokens all at once.
    pub(super) async fn begin(&self) -> Result<(), Failure> {
        if self.wait.is_zero() {
            return Ok(());
        }
        tracing::info!("waiting {:.1} s before anything is sent", self.wait.as_secs_f64());
        match self.plan.limits.pause(self.wait).await {
            Err(End::Stopped(signal)) => Err(Failure::stopped(signal)),
            // The deadline begins after this.
            Ok(()) | Err(End::Deadline) => Ok(()),
        }
    }
}

impl PlanOptions {
    /// Whether a credential is read from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        self.credential.reads_stdin()
    }

    /// The same options with what a script connects with.
    pub(super) fn of_script(self, wanted: &script::Connection) -> Result<Self, Failure> {
        let connection = self.connection.of_script(wanted)?;
        Ok(Self { connection, credential: self.credential.of_script(wanted), ..self })
    }

    /// How long the command has, and how often it asks.
    pub(super) fn limits(&self, world: &World) -> Result<Limits, Failure> {
        self.connection.limits(world)
    }

    /// The organization as it was named.
    pub(super) fn organization(&self, env: &Env) -> String {
        self.connection.org.clone().or_else(|| env.var("EXO_MI_ORG")).unwrap_or_default()
    }

    /// Decides, reads the credential's files, and starts the emulator where one is asked for.
    pub(super) fn plan(self, world: &mut World) -> Result<Planned, Failure> {
        self.plan_for(Purpose::Exchange, None, world)
    }

    /// The same for a token alone, which may be one for another resource.
    pub(super) fn plan_for_token(
        self,
        resource: Option<String>,
        world: &mut World,
    ) -> Result<Planned, Failure> {
        self.plan_for(Purpose::Token, resource, world)
    }

    fn plan_for(
        self,
        purpose: Purpose,
        resource: Option<String>,
        world: &mut World,
    ) -> Result<Planned, Failure> {
        #[cfg(feature = "emulator")]
        let host = Host::of(self.emulate, &self.connection, world)?;
        #[cfg(not(feature = "emulator"))]
        let host = Host { env: world.env.clone(), roots: None };
        let mut settings = self.connection.resolve(&host.env, purpose)?;
        settings.endpoint.resource = resource.unwrap_or(settings.endpoint.resource);
        settings.choice = self.credential.choose(settings.choice)?;
        let stdin_is_taken = self.credential.reads_stdin();
        let credential = self.credential.read(world)?;
        let organization = &settings.organization;
        let note = organization.note.map(|note| format!("`{}` {note}", organization.name));
        let longest = self.jitter.map(|text| duration(&text).map_err(|why| wrong("--jitter", &text, why)));
        let wait = world.chance.up_to(longest.transpose()?.unwrap_or_default());
        let mut plan = plan(settings, credential, &host, world)?;
        // The time that chance takes is not taken from the command's.
        plan.limits.deadline = plan.limits.deadline.map(|deadline| deadline + wait);
        Ok(Planned {
            plan,
            note,
            stdin_is_taken,
            wait,
            #[cfg(feature = "emulator")]
            _emulator: host.emulator,
        })
    }
}

/// The machine that the command believes to run on.
struct Host {
    env: Env,
    roots: Option<Roots>,
    #[cfg(feature = "emulator")]
    emulator: Option<crate::emulator::Emulator>,
}

#[cfg(feature = "emulator")]
impl Host {
    fn of(
        scenario: Option<crate::emulator::Scenario>,
        options: &ConnectionOptions,
        world: &World,
    ) -> Result<Self, Failure> {
        let Some(scenario) = scenario else {
            return Ok(Self { env: world.env.clone(), roots: None, emulator: None });
        };
        let (env, emulator) = super::emulate::host(scenario, options.identity_source.as_deref(), world)?;
        let roots = Roots::pem(emulator.ca_pem().as_bytes().to_vec())?;
        Ok(Self { env, roots: Some(roots), emulator: Some(emulator) })
    }
}

fn plan(settings: Settings, credential: Credential, host: &Host, world: &World) -> Result<Plan, Failure> {
    let detection = Detection::decide(&host.env, settings.choice)?;
    // The authority is asked for the tenant of the organization, which must have been named then.
    let asks = detection.source == TokenSource::Certificate || settings.verify_organization;
    if asks && settings.organization.name.is_empty() {
        organization(None)?;
    }
    let wanted = Wanted {
        selector: settings.selector,
        resource: settings.endpoint.resource.clone(),
        authority: settings.endpoint.authority.clone(),
        organization: settings.organization.name.clone(),
        credential,
    };
    let identity = Identity::new(&host.env, detection, wanted)?;
    let roots = match &host.roots {
        Some(roots) => roots.clone(),
        None => roots(settings.ca_file.as_deref())?,
    };
    let limits = reach::limits(settings.timeout, settings.max_retries, world);
    Ok(Plan {
        identity,
        endpoint: settings.endpoint,
        organization: settings.organization.name,
        verify_organization: settings.verify_organization,
        reads_first: false,
        roots,
        limits,
        env: host.env.clone(),
        ids: world.ids.clone(),
    })
}
