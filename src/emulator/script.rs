//! A scenario as data: who exists, what they may do, and what goes wrong when.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::arc::Trick;
use super::directory::{CONTOSO, Organization};
use super::odds::{Lottery, Odds};

pub(crate) struct Script {
    pub(crate) identities: Identities,
    /// Where the identities live: the tenant of their tokens.
    pub(crate) home: &'static Organization,
    pub(crate) grants: Grants,
    /// The client id that the environment asks for, so that the scenario shows itself without an option.
    pub(crate) client_id: Option<&'static str>,
    pub(crate) faults: &'static [Planned],
    /// What goes wrong by chance, where nothing is planned.
    pub(crate) odds: &'static [Odds],
    /// How long the admin API takes over every answer.
    pub(crate) delay: Duration,
    /// The most rows that the admin API puts on a page, whatever is asked for.
    pub(crate) page_limit: usize,
    pub(crate) page_tokens: PageTokens,
    pub(crate) text: Text,
    pub(crate) dates: Dates,
    /// Whether whoever grants through Microsoft Graph holds a role that lets them.
    pub(crate) grantor_may: bool,
    /// Whether the tenant has a service principal of Exchange Online.
    pub(crate) has_exchange: bool,
    /// The most items that Microsoft Graph puts on a page.
    pub(crate) graph_page_limit: usize,
    /// How long it takes until a change shows in Microsoft Graph and in new tokens.
    pub(crate) replication: Duration,
}

/// A host with every identity, all grants and no fault; scenarios say what differs.
pub(crate) const HEALTHY: Script = Script {
    identities: Identities::SystemAndUser,
    home: &CONTOSO,
    grants: Grants::Both,
    client_id: None,
    faults: &[],
    odds: &[],
    delay: Duration::ZERO,
    page_limit: 1000,
    page_tokens: PageTokens::Honoured,
    text: Text::Plain,
    dates: Dates::Linux,
    grantor_may: true,
    has_exchange: true,
    graph_page_limit: 100,
    replication: Duration::ZERO,
};

/// Which identities are assigned to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identities {
    None,
    SystemAndUser,
    /// Two user-assigned ones and no system-assigned one.
    UserOnly,
}

/// What has been granted to the identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grants {
    /// The app role and a directory role.
    Both,
    /// The directory role alone.
    NoAppRole,
    /// The app role alone.
    NoDirectoryRole,
    /// Neither.
    Neither,
    /// The app role and membership of a role group of Exchange, of which the token knows nothing.
    RoleGroup,
}

/// Whether a next link leads anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageTokens {
    Honoured,
    Refused,
}

/// What the tenant's people put into their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Plain,
    Hostile,
}

/// The form in which old App Service writes dates, which depends on the system beneath it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    Linux,
    Windows,
}

/// A fault, where it strikes, and how often.
pub(crate) struct Planned {
    pub(crate) place: Place,
    pub(crate) fault: Fault,
    /// `None` means always.
    pub(crate) times: Option<u32>,
}

/// Where in the handling of a request a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anything sent to an endpoint for tokens of this host, before it is looked at.
    Platform,
    /// A token request to IMDS that is right.
    Imds,
    /// A token request to an endpoint of a smaller platform that is right.
    Endpoint,
    /// The challenge of the Arc agent.
    Challenge,
    /// A token request to the Arc agent that names an identity.
    Selector,
    /// Anything sent to Service Fabric, before it is looked at.
    Fabric,
    /// The federated token that is about to be written.
    FederatedToken,
    /// An assertion that is right.
    Assertion,
    /// Anything sent to Microsoft Graph with a token that is good.
    Graph,
    /// A list of app roles that Microsoft Graph is about to give.
    AppRoles,
    /// A list of directory roles that it is about to give.
    DirectoryRoles,
    /// A change through Microsoft Graph that is about to be made.
    Change,
    /// The answer to a change that has been made.
    Changed,
    /// A grant that is there already.
    Duplicate,
    /// Anything sent to the admin API, before it is looked at.
    Door,
    /// A token that is presented to the admin API and is right.
    Token,
    /// A cmdlet that is about to run.
    Invocation,
    /// The answer of a cmdlet that has run.
    Reply,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Updating,
    Busy,
    Page,
    OtherIdentity,
    Reset,
    Overloaded,
    Redirected,
    StaleToken,
    NotYetGranted,
    Throttled,
    Exception,
    NotFound,
    Errors,
    Key(Trick),
    NoChallenge,
    BadChallenge,
    OldAgent,
    OtherCertificate,
    Stale,
    OtherSubject,
    NoTrust,
    UnknownApplication,
    UnknownCertificate,
    StaleServer,
    NewIdentity,
    GatewayTimeout,
    Conflict,
    Silent,
    BadGateway,
    Lost,
    PassingRefusal,
}

impl Script {
    /// Whether a fault is planned at all, for what is decided before any request.
    pub(crate) fn plans(&self, fault: Fault) -> bool {
        self.faults.iter().any(|planned| planned.fault == fault)
    }
}

impl Planned {
    pub(crate) const fn first(times: u32, place: Place, fault: Fault) -> Self {
        Self { place, fault, times: Some(times) }
    }

    pub(crate) const fn always(place: Place, fault: Fault) -> Self {
        Self { place, fault, times: None }
    }
}

/// How often each planned fault has struck, and what chance adds.
pub(crate) struct Faults {
    planned: Vec<(&'static Planned, AtomicU32)>,
    lottery: Lottery,
}

impl Faults {
    pub(crate) fn new(script: &Script, seed: u64) -> Self {
        let planned = script.faults.iter().map(|planned| (planned, AtomicU32::new(0)));
        Self { planned: planned.collect(), lottery: Lottery::new(script.odds, seed) }
    }

    /// The fault that strikes here now.
    pub(crate) fn strike(&self, place: Place) -> Option<Fault> {
        let planned = self.planned.iter().filter(|(planned, _)| planned.place == place);
        let mut striking = planned.filter_map(|(planned, struck)| {
            let before = struck.fetch_add(1, Ordering::Relaxed);
            planned.times.is_none_or(|times| before < times).then_some(planned.fault)
        });
        striking.next().or_else(|| self.lottery.draw(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_planned_and_only_in_its_place() {
        static PLANNED: [Planned; 1] = [Planned::first(2, Place::Imds, Fault::Updating)];
        let faults = Faults::new(&Script { faults: &PLANNED, ..HEALTHY }, 0);
        assert_eq!(faults.strike(Place::Door), None);
        let struck = [(); 3].map(|()| faults.strike(Place::Imds));
        assert_eq!(struck, [Some(Fault::Updating), Some(Fault::Updating), None]);
    }
}
