//! What each scenario does, as data.

use std::time::Duration;

use super::arc::Trick;
use super::directory::{FABRIKAM, OPERATOR, READER, UNASSIGNED};
use super::odds::Odds;
use super::scenario::Scenario;
use super::script::{Dates, Fault, Grants, HEALTHY, Identities, PageTokens, Place, Planned, Script, Text};

impl Scenario {
    /// The scenario as data. Each says only what differs from a healthy world.
    pub(crate) fn script(self) -> Script {
        match self {
            Self::Healthy => HEALTHY,
            Self::NoIdentity | Self::FabricNotFound => Script { identities: Identities::None, ..HEALTHY },
            Self::IdentityNotAssigned => Script { client_id: Some(UNASSIGNED), ..HEALTHY },
            Self::AmbiguousIdentity | Self::MlNoIdentity => {
                Script { identities: Identities::UserOnly, ..HEALTHY }
            }
            Self::WrongIdentity => Script { client_id: Some(READER.client_id), ..faulty(&WRONG_IDENTITY) },
            Self::WrongTenant => Script { home: &FABRIKAM, ..HEALTHY },
            Self::NoAppRole => Script { grants: Grants::NoAppRole, ..HEALTHY },
            Self::NoDirectoryRole => Script { grants: Grants::NoDirectoryRole, ..HEALTHY },
            Self::RoleGroupOnly => Script { grants: Grants::RoleGroup, ..HEALTHY },
            Self::LateGrant => faulty(&LATE_GRANT),
            Self::Throttled => faulty(&THROTTLED),
            Self::Overloaded => faulty(&OVERLOADED),
            Self::OverloadException => faulty(&OVERLOAD_EXCEPTION),
            Self::FlakyNetwork => faulty(&FLAKY_NETWORK),
            Self::Flaky => Script { odds: &FLAKY, ..HEALTHY },
            Self::Slow => Script { delay: Duration::from_secs(2), ..HEALTHY },
            Self::Paging => Script { page_limit: 2, ..HEALTHY },
            Self::TruncatedPaging => Script { page_limit: 2, page_tokens: PageTokens::Refused, ..HEALTHY },
            Self::ErrorsIn200 => faulty(&ERRORS_IN_200),
            Self::CmdletError => faulty(&CMDLET_ERROR),
            Self::Redirected => faulty(&REDIRECTED),
            Self::ImdsUpdating => faulty(&IMDS_UPDATING),
            Self::ImdsBusy => faulty(&IMDS_BUSY),
            Self::StaleToken => faulty(&STALE_TOKEN),
            Self::Html200 => faulty(&HTML_200),
            Self::HostileText => Script { text: Text::Hostile, ..HEALTHY },
            Self::ArcOldAgent => Script { client_id: Some(OPERATOR.client_id), ..faulty(&ARC_OLD_AGENT) },
            Self::AppServiceWindows => Script { dates: Dates::Windows, ..HEALTHY },
            Self::ArcNoAccess => faulty(&ARC_NO_ACCESS),
            Self::ArcForeignPath => faulty(&ARC_FOREIGN_PATH),
            Self::ArcTraversal => faulty(&ARC_TRAVERSAL),
            Self::ArcWrongExtension => faulty(&ARC_WRONG_EXTENSION),
            Self::ArcLargeKey => faulty(&ARC_LARGE_KEY),
            Self::ArcSymlink => faulty(&ARC_SYMLINK),
            Self::ArcNoChallenge => faulty(&ARC_NO_CHALLENGE),
            Self::ArcBadChallenge => faulty(&ARC_BAD_CHALLENGE),
            Self::FabricWrongCertificate => faulty(&FABRIC_WRONG_CERTIFICATE),
            Self::FabricRedirect => faulty(&FABRIC_REDIRECT),
            Self::FederatedStaleFile => faulty(&FEDERATED_STALE_FILE),
            Self::FederatedNoTrust => faulty(&FEDERATED_NO_TRUST),
            Self::FederatedWrongSubject => faulty(&FEDERATED_WRONG_SUBJECT),
            Self::FederatedUnknownApp => faulty(&FEDERATED_UNKNOWN_APP),
            Self::CertificateUnknown => faulty(&CERTIFICATE_UNKNOWN),
            Self::GraphDenied => Script { grantor_may: false, ..UNGRANTED },
            Self::GraphTokenRefused => Script { faults: &GRAPH_TOKEN_REFUSED, ..UNGRANTED },
            Self::GraphNoExchange => Script { has_exchange: false, ..UNGRANTED },
            Self::GraphThrottled => Script { faults: &GRAPH_THROTTLED, ..UNGRANTED },
            Self::GraphOverloaded => Script { faults: &GRAPH_OVERLOADED, ..UNGRANTED },
            Self::GraphPaging => Script { graph_page_limit: 1, ..UNGRANTED },
            Self::GraphLostReply => Script { faults: &GRAPH_LOST_REPLY, ..UNGRANTED },
            Self::GraphLostWrite => Script { faults: &GRAPH_LOST_WRITE, ..UNGRANTED },
            Self::GraphReplication => Script { replication: Duration::from_secs(10), ..UNGRANTED },
            Self::GraphSlowReplication => Script { replication: Duration::from_secs(3600), ..UNGRANTED },
            Self::GraphStaleServer => faulty(&GRAPH_STALE_SERVER),
            Self::GraphNewIdentity => Script { faults: &GRAPH_NEW_IDENTITY, ..UNGRANTED },
        }
    }
}

/// A healthy world in which nobody has granted anything yet.
const UNGRANTED: Script = Script { grants: Grants::Neither, ..HEALTHY };

static GRAPH_TOKEN_REFUSED: [Planned; 1] = [Planned::always(Place::Graph, Fault::StaleToken)];
static GRAPH_THROTTLED: [Planned; 1] = [Planned::first(2, Place::Graph, Fault::Throttled)];
static GRAPH_OVERLOADED: [Planned; 1] = [Planned::always(Place::Graph, Fault::Overloaded)];
static GRAPH_LOST_REPLY: [Planned; 1] = [Planned::first(1, Place::Changed, Fault::Reset)];
static GRAPH_LOST_WRITE: [Planned; 1] = [Planned::first(1, Place::Change, Fault::GatewayTimeout)];
static GRAPH_STALE_SERVER: [Planned; 3] = [
    Planned::first(1, Place::AppRoles, Fault::StaleServer),
    Planned::first(1, Place::DirectoryRoles, Fault::StaleServer),
    Planned::always(Place::Duplicate, Fault::Conflict),
];
static GRAPH_NEW_IDENTITY: [Planned; 1] = [Planned::first(1, Place::Change, Fault::NewIdentity)];
static WRONG_IDENTITY: [Planned; 2] = [
    Planned::always(Place::Imds, Fault::OtherIdentity),
    Planned::always(Place::Endpoint, Fault::OtherIdentity),
];
static LATE_GRANT: [Planned; 1] = [Planned::first(4, Place::Invocation, Fault::NotYetGranted)];
static THROTTLED: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Throttled)];
static OVERLOADED: [Planned; 1] = [Planned::always(Place::Door, Fault::Overloaded)];
static OVERLOAD_EXCEPTION: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Exception)];
static FLAKY_NETWORK: [Planned; 3] = [
    Planned::first(1, Place::Imds, Fault::Reset),
    Planned::first(1, Place::Endpoint, Fault::Reset),
    Planned::first(1, Place::Reply, Fault::Reset),
];
/// Of a request to Exchange one in a hundred is refused its token, three are not carried out, and one is and the answer to it
/// gets lost.
static FLAKY: [Odds; 4] = [
    Odds {
        place: Place::Platform,
        of_a_thousand: 50,
        faults: &[
            Fault::Busy,
            Fault::Silent,
            Fault::BadGateway,
            Fault::Overloaded,
            Fault::Lost,
            Fault::Reset,
        ],
    },
    Odds { place: Place::Token, of_a_thousand: 10, faults: &[Fault::PassingRefusal] },
    Odds {
        place: Place::Invocation,
        of_a_thousand: 30,
        faults: &[Fault::Throttled, Fault::Silent, Fault::BadGateway, Fault::Overloaded, Fault::Lost],
    },
    Odds {
        place: Place::Reply,
        of_a_thousand: 10,
        faults: &[Fault::Reset, Fault::Lost, Fault::GatewayTimeout],
    },
];
static ERRORS_IN_200: [Planned; 1] = [Planned::always(Place::Reply, Fault::Errors)];
static CMDLET_ERROR: [Planned; 1] = [Planned::always(Place::Invocation, Fault::NotFound)];
static REDIRECTED: [Planned; 1] = [Planned::always(Place::Door, Fault::Redirected)];
static IMDS_UPDATING: [Planned; 1] = [Planned::first(2, Place::Imds, Fault::Updating)];
static IMDS_BUSY: [Planned; 1] = [Planned::first(1, Place::Imds, Fault::Busy)];
static STALE_TOKEN: [Planned; 1] = [Planned::first(1, Place::Token, Fault::StaleToken)];
static HTML_200: [Planned; 2] =
    [Planned::always(Place::Imds, Fault::Page), Planned::always(Place::Endpoint, Fault::Page)];
static ARC_NO_ACCESS: [Planned; 1] = [key(Trick::Locked)];
static ARC_FOREIGN_PATH: [Planned; 1] = [key(Trick::ForeignPath)];
static ARC_TRAVERSAL: [Planned; 1] = [key(Trick::Traversal)];
static ARC_WRONG_EXTENSION: [Planned; 1] = [key(Trick::WrongExtension)];
static ARC_LARGE_KEY: [Planned; 1] = [key(Trick::TooLarge)];
static ARC_SYMLINK: [Planned; 1] = [key(Trick::Link)];
static ARC_NO_CHALLENGE: [Planned; 1] = [Planned::always(Place::Challenge, Fault::NoChallenge)];
static ARC_BAD_CHALLENGE: [Planned; 1] = [Planned::always(Place::Challenge, Fault::BadChallenge)];
static ARC_OLD_AGENT: [Planned; 1] = [Planned::always(Place::Selector, Fault::OldAgent)];
static FABRIC_WRONG_CERTIFICATE: [Planned; 1] = [Planned::always(Place::Fabric, Fault::OtherCertificate)];
static FABRIC_REDIRECT: [Planned; 1] = [Planned::always(Place::Fabric, Fault::Redirected)];
static FEDERATED_STALE_FILE: [Planned; 1] = [Planned::first(1, Place::FederatedToken, Fault::Stale)];
static FEDERATED_WRONG_SUBJECT: [Planned; 1] = [Planned::always(Place::FederatedToken, Fault::OtherSubject)];
static FEDERATED_NO_TRUST: [Planned; 1] = [Planned::always(Place::Assertion, Fault::NoTrust)];
static FEDERATED_UNKNOWN_APP: [Planned; 1] = [Planned::always(Place::Assertion, Fault::UnknownApplication)];
static CERTIFICATE_UNKNOWN: [Planned; 1] = [Planned::always(Place::Assertion, Fault::UnknownCertificate)];

const fn key(trick: Trick) -> Planned {
    Planned::always(Place::Challenge, Fault::Key(trick))
}

fn faulty(faults: &'static [Planned]) -> Script {
    Script { faults, ..HEALTHY }
}
