use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::arc::Trick;
use super::directory::{FABRIKAM, OPERATOR, READER, UNASSIGNED};
use super::script::{Dates, Fault, Grants, HEALTHY, Identities, PageTokens, Place, Planned, Script, Text};
use super::source::Source;

macro_rules! scenarios {
    ($($(#[$attribute:meta])* $variant:ident, $name:literal, $description:literal;)*) => {
        /// What the emulated world is like.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Scenario {
            $(
                #[doc = concat!("`", $name, "`: ", $description, ".")]
                $(#[$attribute])*
                $variant,
            )*
        }

        impl Scenario {
            /// Every scenario, in the order in which they are listed to users.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name by which it is asked for.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// One line on what happens.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }
        }
    };
}

scenarios! {
    #[default]
    Healthy, "healthy", "every identity is assigned and granted, and nothing fails";
    NoIdentity, "no-identity", "the host has no managed identity";
    IdentityNotAssigned, "identity-not-assigned", "a client id is asked for that is not assigned to the host";
    AmbiguousIdentity, "ambiguous-identity", "two user-assigned identities, no system-assigned one, and none is named";
    WrongIdentity, "wrong-identity", "the endpoint answers with another identity than the one asked for";
    WrongTenant, "wrong-tenant", "the identity lives in the tenant of fabrikam.onmicrosoft.com";
    NoAppRole, "no-app-role", "Exchange.ManageAsApp is not granted: 401";
    NoDirectoryRole, "no-directory-role", "no directory role is assigned: a 403 of NUL bytes";
    RoleGroupOnly, "role-group-only", "a role group of Exchange instead of a directory role: the token has no wids, and all works";
    Throttled, "throttled", "the first two cmdlets get 429 with Retry-After: 1";
    Overloaded, "overloaded", "the admin API answers 503 with HTML, always";
    OverloadException, "overload-exception", "the first two cmdlets fail with DCOverloadedException";
    FlakyNetwork, "flaky-network", "the first reply of the endpoint and of the first cmdlet breaks off by a reset";
    Slow, "slow", "every answer of the admin API takes two seconds";
    Paging, "paging", "pages hold two rows, whatever size is asked for";
    TruncatedPaging, "truncated-paging", "pages hold two rows, and every next link is refused";
    ErrorsIn200, "errors-in-200", "cmdlets answer 200 with @adminapi.errors";
    CmdletError, "cmdlet-error", "every cmdlet fails: the object is not found";
    Redirected, "redirected", "the admin API answers 302 to a regional host";
    ImdsUpdating, "imds-updating", "IMDS answers 410 twice, then works";
    ImdsBusy, "imds-busy", "IMDS answers 429 with Retry-After: 2 once, then works";
    StaleToken, "stale-token", "the first token is refused with 401, a fresh one is accepted";
    Html200, "html-200", "the endpoint answers 200 with a page of HTML";
    HostileText, "hostile-text", "display names carry escape sequences, bidirectional controls and formulas";
    ArcNoAccess, "arc-no-access", "the Arc agent's key file cannot be read";
    ArcForeignPath, "arc-foreign-path", "the Arc agent names /etc/shadow.key as its key file";
    ArcTraversal, "arc-traversal", "the Arc agent names a key file that leaves the folder by way of ..";
    ArcWrongExtension, "arc-wrong-extension", "the Arc agent's key file is no .key";
    ArcLargeKey, "arc-large-key", "the Arc agent's key file has 4097 bytes";
    ArcSymlink, "arc-symlink", "the Arc agent's key file is a symbolic link to a file elsewhere";
    ArcNoChallenge, "arc-no-challenge", "the Arc agent answers 401 without WWW-Authenticate";
    ArcBadChallenge, "arc-bad-challenge", "the Arc agent's challenge names no path";
    ArcOldAgent, "arc-old-agent", "an old Arc agent ignores which identity is asked for, and answers with the system-assigned one";
    FabricWrongCertificate, "fabric-wrong-certificate", "Service Fabric's certificate is not the one whose thumbprint the environment names";
    FabricNotFound, "fabric-not-found", "Service Fabric finds no identity of the application: 404, for good";
    FabricRedirect, "fabric-redirect", "Service Fabric answers 302";
    MlNoIdentity, "ml-no-identity", "the machine-learning compute has no system-assigned identity";
    AppServiceWindows, "app-service-windows", "old App Service writes dates as on Windows";
    FederatedStaleFile, "federated-stale-file", "the federated token has expired, and a fresh one is written after the first refusal";
    FederatedNoTrust, "federated-no-trust", "the application does not trust the service account: AADSTS70021";
    FederatedWrongSubject, "federated-wrong-subject", "the service account is another one than the application trusts: AADSTS700213";
    FederatedUnknownApp, "federated-unknown-app", "the tenant has no such application: AADSTS700016";
    CertificateUnknown, "certificate-unknown", "the certificate is not registered on the application: AADSTS700027";
}

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
            Self::Throttled => faulty(&THROTTLED),
            Self::Overloaded => faulty(&OVERLOADED),
            Self::OverloadException => faulty(&OVERLOAD_EXCEPTION),
            Self::FlakyNetwork => faulty(&FLAKY_NETWORK),
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
        }
    }

    /// The source at which the scenario shows, where it is one alone.
    pub fn source(self) -> Option<Source> {
        let sources = [
            ("imds-", Source::Imds),
            ("arc-", Source::Arc),
            ("fabric-", Source::ServiceFabric),
            ("ml-", Source::AzureMl),
            ("app-service-", Source::AppService2017),
            ("federated-", Source::WorkloadIdentity),
            ("certificate-", Source::Certificate),
        ];
        let meant = sources.into_iter().find(|(prefix, _)| self.name().starts_with(prefix));
        meant.map(|(_, source)| source)
    }
}

static WRONG_IDENTITY: [Planned; 2] = [
    Planned::always(Place::Imds, Fault::OtherIdentity),
    Planned::always(Place::Endpoint, Fault::OtherIdentity),
];
static THROTTLED: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Throttled)];
static OVERLOADED: [Planned; 1] = [Planned::always(Place::Door, Fault::Overloaded)];
static OVERLOAD_EXCEPTION: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Exception)];
static FLAKY_NETWORK: [Planned; 3] = [
    Planned::first(1, Place::Imds, Fault::Reset),
    Planned::first(1, Place::Endpoint, Fault::Reset),
    Planned::first(1, Place::Reply, Fault::Reset),
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

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No scenario has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is named `{0}`")]
pub struct UnknownScenario(pub String);

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(name: &str) -> Result<Self, UnknownScenario> {
        let named = Self::ALL.iter().find(|scenario| scenario.name().eq_ignore_ascii_case(name));
        named.copied().ok_or_else(|| UnknownScenario(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name_and_described_in_one_line() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.to_string().parse(), Ok(*scenario));
            assert!(!scenario.description().is_empty() && !scenario.description().contains('\n'));
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> =
            Scenario::ALL.iter().map(|scenario| scenario.name()).collect();
        assert_eq!(names.len(), Scenario::ALL.len());
    }

    #[test]
    fn a_scenario_of_one_source_says_which() {
        assert_eq!(Scenario::ArcSymlink.source(), Some(Source::Arc));
        assert_eq!(Scenario::ImdsBusy.source(), Some(Source::Imds));
        assert_eq!(Scenario::WrongTenant.source(), None);
    }

    #[test]
    fn an_unknown_name_is_told() {
        assert_eq!("helthy".parse::<Scenario>(), Err(UnknownScenario("helthy".into())));
    }
}
