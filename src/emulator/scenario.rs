use std::fmt;
use std::str::FromStr;

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
    LateGrant, "late-grant", "the directory role was just assigned: the first four cmdlets get the 403 of NUL bytes, then all works";
    Throttled, "throttled", "the first two cmdlets get 429 with Retry-After: 1";
    Overloaded, "overloaded", "the admin API answers 503 with HTML, always";
    OverloadException, "overload-exception", "the first two cmdlets fail with DCOverloadedException";
    FlakyNetwork, "flaky-network", "the first reply of the endpoint and of the first cmdlet breaks off by a reset";
    Flaky, "flaky", "one request for a token or a cmdlet in twenty fails by a seeded chance, each time another way";
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
    GraphDenied, "graph-denied", "whoever grants holds no role that lets them: Microsoft Graph answers 403";
    GraphTokenRefused, "graph-token-refused", "Microsoft Graph refuses the token: 401";
    GraphNoExchange, "graph-no-exchange", "the tenant has no service principal of Exchange Online";
    GraphThrottled, "graph-throttled", "the first two requests to Microsoft Graph get 429 with Retry-After: 3";
    GraphOverloaded, "graph-overloaded", "Microsoft Graph answers 503, always";
    GraphPaging, "graph-paging", "lists of Microsoft Graph hold one item a page";
    GraphLostReply, "graph-lost-reply", "the reply to the first change breaks off by a reset, and the change was made";
    GraphLostWrite, "graph-lost-write", "the first change gets 504, and was not made";
    GraphReplication, "graph-replication", "a change shows in Microsoft Graph ten seconds later";
    GraphSlowReplication, "graph-slow-replication", "a change shows in Microsoft Graph an hour later";
    GraphStaleServer, "graph-stale-server", "the first lists come from a server that knows no grants, and granting again is a conflict";
    GraphNewIdentity, "graph-new-identity", "the first change meets a server that does not know the identity yet: 404";
}

impl Scenario {
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

    /// Whether the scenario shows at Microsoft Graph alone.
    pub fn is_of_graph(self) -> bool {
        self.name().starts_with("graph-")
    }
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
