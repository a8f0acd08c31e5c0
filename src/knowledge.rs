//! What this program knows about the field: the codes of its errors, the roles that Exchange accepts.
//!
//! Every code has a section of the same name in `docs/errors.md`, which a test holds to.

/// Declares the codes once: the enumeration, the list of all and the printed text come from the same rows.
macro_rules! codes {
    ($($(#[$doc:meta])+ $code:ident = $text:literal,)+) => {
        /// A kind of failure. Its text is stable: scripts and pages refer to it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])+ $code,)+
        }

        impl Code {
            /// All of them, for the tests that hold the documentation to the code.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// The code as it is printed, and the anchor in `docs/errors.md`.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The command line is wrong.
    Usage = "usage",
    /// No organization was named.
    OrganizationMissing = "organization-missing",
    /// A cmdlet is a near miss of a known one.
    CmdletUnknown = "cmdlet-unknown",
    /// A file given by the user cannot be used.
    FileUnusable = "file-unusable",
    /// The output could not be written.
    OutputFailed = "output-failed",
    /// This machine refused a thread, memory or a socket.
    MachineFailed = "machine-failed",
    /// The host's tokens are those of a person.
    PersonsToken = "persons-token",
    /// The named identity source is not set up here.
    IdentitySourceNotConfigured = "identity-source-not-configured",
    /// The variable that names the identity endpoint is unusable.
    IdentityEndpointInvalid = "identity-endpoint-invalid",
    /// Nothing answers at the identity endpoint.
    IdentityEndpointUnreachable = "identity-endpoint-unreachable",
    /// The identity endpoint refused for another reason than those below.
    IdentityEndpointRefused = "identity-endpoint-refused",
    /// The identity endpoint is busy, being updated or broken.
    IdentityEndpointUnavailable = "identity-endpoint-unavailable",
    /// There is no such identity on this host.
    IdentityNotFound = "identity-not-found",
    /// There are several identities and none was named.
    IdentityAmbiguous = "identity-ambiguous",
    /// The endpoint answered with another identity.
    IdentityMismatch = "identity-mismatch",
    /// The endpoint's reply holds no usable token.
    IdentityReplyUnreadable = "identity-reply-unreadable",
    /// The source does not know this kind of selector.
    IdentitySelectorUnsupported = "identity-selector-unsupported",
    /// The identity endpoint shows another certificate than the host names.
    IdentityEndpointUntrusted = "identity-endpoint-untrusted",
    /// The Azure Arc agent's key file may not be read.
    ArcKeyDenied = "arc-key-denied",
    /// The Azure Arc agent's challenge is not one that is answered.
    ArcChallengeRefused = "arc-challenge-refused",
    /// The authority does not know the application.
    ApplicationUnknown = "application-unknown",
    /// The application does not trust whoever issued the federated token.
    FederationNotTrusted = "federation-not-trusted",
    /// The application does not know the certificate.
    CertificateUnknown = "certificate-unknown",
    /// The assertion had ended.
    AssertionExpired = "assertion-expired",
    /// The certificate file cannot be used.
    CertificateUnusable = "certificate-unusable",
    /// The access token given cannot be used.
    AccessTokenUnusable = "access-token-unusable",
    /// The tenant has no Exchange Online.
    ExchangeResourceUnknown = "exchange-resource-unknown",
    /// The token lacks the app role.
    AppRoleMissing = "app-role-missing",
    /// The identity lacks a directory role.
    DirectoryRoleMissing = "directory-role-missing",
    /// Roles are there and Exchange refused all the same.
    PermissionRefused = "permission-refused",
    /// The app role is there and the token was refused all the same.
    TokenRefused = "token-refused",
    /// The organization belongs to another tenant.
    TenantMismatch = "tenant-mismatch",
    /// The authority does not know the organization.
    OrganizationUnknown = "organization-unknown",
    /// The cmdlet failed.
    CmdletFailed = "cmdlet-failed",
    /// Exchange is throttling or overloaded.
    ExchangeBusy = "exchange-busy",
    /// No connection to Exchange.
    ExchangeUnreachable = "exchange-unreachable",
    /// The certificate of the other side is not trusted.
    TlsUntrusted = "tls-untrusted",
    /// The tenant lives at another host.
    ExchangeRedirected = "exchange-redirected",
    /// A reply cannot be read.
    ReplyUnreadable = "reply-unreadable",
    /// A write may or may not have been applied.
    WriteInDoubt = "write-in-doubt",
    /// The deadline passed.
    DeadlinePassed = "deadline-passed",
    /// Rows were printed and more exist.
    ResultIncomplete = "result-incomplete",
    /// Stopped by a signal.
    Stopped = "stopped",
    /// A bug in this program.
    Bug = "bug",
}

/// The application id of Office 365 Exchange Online, the same in every tenant.
pub const EXCHANGE_APP_ID: &str = "00000002-0000-0ff1-ce00-000000000000";

/// The app role that opens the PowerShell back end.
pub const APP_ROLE: &str = "Exchange.ManageAsApp";

/// The id of [`APP_ROLE`].
pub const APP_ROLE_ID: &str = "dc50a0fb-09a3-484d-be87-e023b12c6440";

/// App roles of Exchange that look like [`APP_ROLE`] and do not open its back end: of the v2.0 API, of a preview, of
/// Exchange Web Services.
pub const LOOK_ALIKES: [&str; 3] =
    ["Exchange.ManageAsAppV2", "Exchange.AdminAPI.ManageAsApp", "full_access_as_app"];

/// A directory role of Microsoft Entra that Exchange accepts from an application.
#[derive(Debug, PartialEq, Eq)]
pub struct DirectoryRole {
    /// Its name.
    pub name: &'static str,
    /// Its template id, which tokens carry in `wids`.
    pub id: &'static str,
}

/// The smallest role that suffices to read everything.
pub const READER: DirectoryRole =
    DirectoryRole { name: "Global Reader", id: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" };

/// The role that suffices to change everything in Exchange.
pub const ADMINISTRATOR: DirectoryRole =
    DirectoryRole { name: "Exchange Administrator", id: "29232cdf-9323-42fd-ade2-1d097af3e4de" };

/// All that Microsoft's page on app-only authentication lists.
pub const DIRECTORY_ROLES: [DirectoryRole; 8] = [
    DirectoryRole { name: "Global Administrator", id: "62e90394-69f5-4237-9190-012177145e10" },
    ADMINISTRATOR,
    DirectoryRole { name: "Exchange Recipient Administrator", id: "31392ffb-586c-42d1-9346-e59415a2cc4e" },
    DirectoryRole { name: "Compliance Administrator", id: "17315797-102d-40b4-93e0-432062caca18" },
    DirectoryRole { name: "Security Administrator", id: "194ae4cb-b126-40b2-bd5b-6091b380977d" },
    DirectoryRole { name: "Security Reader", id: "5d6b6bb7-de71-4623-b4af-96380a352509" },
    READER,
    DirectoryRole { name: "Helpdesk Administrator", id: "729827e3-9c14-49f7-bb1b-9608f156bbb8" },
];

/// The names of the accepted roles among the ids of a token.
pub fn directory_roles(wids: &[String]) -> Vec<&'static str> {
    let held = |role: &&DirectoryRole| wids.iter().any(|id| id.eq_ignore_ascii_case(role.id));
    DIRECTORY_ROLES.iter().filter(held).map(|role| role.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_all_listed() {
        let texts: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.text()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }

    #[test]
    fn roles_are_found_by_id_without_regard_to_case() {
        let wids = [
            "F2EF992C-3AFB-46B9-B7CF-A126EE74C451".to_owned(),
            "49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31".to_owned(),
        ];
        assert_eq!(directory_roles(&wids), ["Global Reader"]);
    }
}
