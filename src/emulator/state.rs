use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::admin::capacity::Capacity;
use super::admin::memory::Memory;
use super::admin::paging::Pages;
use super::arc::Agent;
use super::assignments::Assignments;
use super::authority::Federation;
use super::directory::Organization;
use super::error::Error;
use super::graph::Cursors;
use super::issuer::{Issuer, seconds};
use super::journal::Journal;
use super::quota::Quota;
use super::script::{Faults, Place, Script};
use super::server::Options;
use super::tenant::Tenant;
use super::token::Signer;
use crate::clock::Clock;
use crate::secret::Secret;

/// All that the services share.
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) script: Script,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) assignments: Arc<Assignments>,
    pub(crate) issuer: Issuer,
    pub(crate) identity_header: Secret,
    /// The secret of the platforms that know it under its older name.
    pub(crate) msi_secret: Secret,
    pub(crate) agent: Agent,
    pub(crate) federation: Federation,
    pub(crate) used_assertions: Used,
    /// What this machine has asked of IMDS.
    pub(crate) quota: Quota,
    /// Every assertion that was presented.
    pub(crate) presented: Secrets,
    /// What Exchange runs for the tenant.
    pub(crate) capacity: Capacity,
    /// The path of the hybrid worker's endpoint, which names an account and a sandbox.
    pub(crate) worker_path: String,
    pub(crate) pages: Pages,
    pub(crate) memory: Memory,
    pub(crate) cursors: Cursors,
    tenant: Tenant,
}

impl State {
    pub(crate) fn new(options: &Options, folder: &Path) -> Result<Self, Error> {
        let script = options.scenario.script();
        let arc_root = options.arc_root.as_deref().unwrap_or(folder);
        let assignments = Arc::new(Assignments::new(&script));
        let state = Self {
            faults: Faults::new(&script, options.seed),
            journal: Journal::new(options.keeps_journal),
            issuer: Issuer::new(
                Signer::new()?,
                Arc::clone(&assignments),
                Secrets::new(options.keeps_journal),
            ),
            assignments,
            cursors: Cursors::default(),
            identity_header: Secret::from(identifier()),
            msi_secret: Secret::from(identifier()),
            federation: Federation::new(folder, Secrets::new(options.keeps_journal))?,
            used_assertions: Used::default(),
            quota: Quota::default(),
            presented: Secrets::new(options.keeps_journal),
            capacity: Capacity::new(options.at_once, options.latency),
            agent: Agent::install(arc_root).map_err(Error::File)?,
            worker_path: worker_path(),
            pages: Pages::default(),
            memory: Memory::new(options.remembers),
            tenant: Tenant::new(script.home, options.mailboxes, script.text)?,
            script,
            clock: options.clock.clone(),
        };
        let fault = state.faults.strike(Place::FederatedToken);
        state.federation.write(state.seconds(), fault).map_err(Error::File)?;
        Ok(state)
    }

    /// The data of an organization. Only the one where the identities live has an admin who lets them in.
    pub(crate) fn tenant(&self, organization: &Organization) -> Option<&Tenant> {
        (organization == self.script.home).then_some(&self.tenant)
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// The time in seconds since 1970, as tokens count it.
    pub(crate) fn seconds(&self) -> u64 {
        seconds(self.now())
    }
}

/// Secrets that went through, for those who make sure that none is shown; none where no journal is kept, since they would
/// pile up for as long as the emulator serves.
pub(crate) struct Secrets(Option<Mutex<Vec<Secret>>>);

impl Secrets {
    pub(crate) fn new(keeps: bool) -> Self {
        Self(keeps.then(Mutex::default))
    }

    pub(crate) fn note(&self, secret: &str) {
        if let Some(all) = &self.0 {
            all.lock().unwrap_or_else(PoisonError::into_inner).push(Secret::from(secret));
        }
    }

    pub(crate) fn all(&self) -> Vec<Secret> {
        let all = self.0.as_ref().map(|all| all.lock().unwrap_or_else(PoisonError::into_inner).clone());
        all.unwrap_or_default()
    }
}

/// Names that are good once.
#[derive(Default)]
pub(crate) struct Used(Mutex<HashSet<String>>);

impl Used {
    /// Whether the name is new.
    pub(crate) fn note(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned())
    }
}

fn worker_path() -> String {
    let (account, sandbox) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    format!("/automationAccounts/{account}/sandboxes/{sandbox}/metadata/identity/oauth2/token")
}

/// A fresh identifier of 32 hexadecimal digits that nobody can guess.
pub(crate) fn identifier() -> String {
    uuid::Uuid::new_v4().simple().to_string().to_ascii_uppercase()
}
