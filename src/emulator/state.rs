use std::time::SystemTime;

use super::admin::paging::Pages;
use super::directory::Organization;
use super::error::Error;
use super::issuer::{Issuer, seconds};
use super::journal::Journal;
use super::scenario::Scenario;
use super::script::{Faults, Script};
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
    pub(crate) issuer: Issuer,
    pub(crate) identity_header: Secret,
    /// The path of the hybrid worker's endpoint, which names an account and a sandbox.
    pub(crate) worker_path: String,
    pub(crate) pages: Pages,
    tenant: Tenant,
}

impl State {
    pub(crate) fn new(scenario: Scenario, mailboxes: usize, clock: Clock) -> Result<Self, Error> {
        let script = scenario.script();
        Ok(Self {
            faults: Faults::new(script.faults),
            journal: Journal::default(),
            issuer: Issuer::new(Signer::new()?),
            identity_header: Secret::from(identifier()),
            worker_path: worker_path(),
            pages: Pages::default(),
            tenant: Tenant::new(script.home, mailboxes, script.text)?,
            script,
            clock,
        })
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

fn worker_path() -> String {
    let (account, sandbox) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    format!("/automationAccounts/{account}/sandboxes/{sandbox}/metadata/identity/oauth2/token")
}

/// A fresh identifier of 32 hexadecimal digits that nobody can guess.
pub(crate) fn identifier() -> String {
    uuid::Uuid::new_v4().simple().to_string().to_ascii_uppercase()
}
