//! Where an example runs: on this host and in its tenant, or with `--emulate` beside an emulator.

use std::error::Error;

use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Options, Scenario, Source};
use exo_mi::env::Env;
use exo_mi::exchange::{CmdletInput, Endpoint, Environment};
use exo_mi::http::{Limits, Roots};
use exo_mi::identity::{Choice, Credential, Detection, Identity, IdentitySelector, Wanted};
use exo_mi::session::Plan;
use exo_mi::world::Ids;

/// A cmdlet as the service spells it, with parameters that are encoded already: the catalogue is not asked here.
#[allow(dead_code)] // One example runs none.
pub(crate) fn cmdlet(name: &str, parameters: &serde_json::Value) -> CmdletInput {
    CmdletInput {
        cmdlet_name: name.to_owned(),
        parameters: parameters.as_object().cloned().unwrap_or_default(),
    }
}

/// What an example prints beside an emulator.
#[cfg(test)]
pub(crate) async fn printed(
    scenario: Scenario,
    run: impl AsyncFn(&Place, &mut dyn std::io::Write) -> Outcome,
) -> String {
    let mut out = Vec::new();
    run(&Place::emulated(scenario).expect("an emulator"), &mut out).await.expect("it runs");
    String::from_utf8(out).expect("text")
}

/// What an example returns.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// A host with an identity.
pub(crate) struct Place {
    env: Env,
    roots: Roots,
    /// Stops when the place goes.
    _emulator: Option<Emulator>,
}

impl Place {
    /// This host, unless the arguments say otherwise.
    pub(crate) fn of_arguments() -> Result<Self, Box<dyn Error>> {
        if std::env::args().any(|word| word == "--emulate") {
            return Self::emulated(Scenario::Healthy);
        }
        Ok(Self { env: Env::process(), roots: Roots::System, _emulator: None })
    }

    /// A host beside an emulator, on which nothing of the real one shows.
    pub(crate) fn emulated(scenario: Scenario) -> Result<Self, Box<dyn Error>> {
        let emulator = Emulator::start(Options { scenario, ..Options::default() })?;
        let env = Env::fixed(emulator.variables(Source::Imds));
        let roots = Roots::pem(emulator.ca_pem().as_bytes().to_vec())?;
        Ok(Self { env, roots, _emulator: Some(emulator) })
    }

    /// Everything that a session is made from. The variables are those of the program; nothing is sent yet.
    pub(crate) fn plan(&self) -> Result<Plan, Box<dyn Error>> {
        let organization = self.env.var("EXO_MI_ORG").ok_or("EXO_MI_ORG is not set")?;
        let mut endpoint = Endpoint::new(Environment::O365Default);
        if let Some(address) = self.env.var("EXO_MI_CONNECTION_URI") {
            endpoint.set_base(&address)?;
        }
        let detection = Detection::decide(&self.env, Choice::Auto)?;
        let wanted = Wanted {
            selector: IdentitySelector::SystemAssigned,
            resource: endpoint.resource.clone(),
            authority: endpoint.authority.clone(),
            organization: organization.clone(),
            credential: Credential::Host,
        };
        Ok(Plan {
            identity: Identity::new(&self.env, detection, wanted)?,
            endpoint,
            organization,
            verify_organization: false,
            reads_first: true,
            roots: self.roots.clone(),
            limits: Limits::none(Clock::real()),
            env: self.env.clone(),
            ids: Ids::Random,
        })
    }
}
