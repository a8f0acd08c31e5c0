//! The codes of this program's errors.
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
    /// Something in a script is not carried out here.
    ScriptRefused = "script-refused",
    /// A script ended with an error of its own.
    ScriptFailed = "script-failed",
    /// Nothing is known of a text that was to be explained.
    TextUnknown = "text-unknown",
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
    /// The token for Microsoft Graph cannot be used.
    GraphTokenUnusable = "graph-token-unusable",
    /// Microsoft Graph refused the token.
    GraphTokenRefused = "graph-token-refused",
    /// Whoever asked Microsoft Graph may not do that.
    GraphDenied = "graph-denied",
    /// The tenant has no such service principal.
    PrincipalUnknown = "principal-unknown",
    /// Several service principals have the name.
    PrincipalAmbiguous = "principal-ambiguous",
    /// The tenant has no service principal of Exchange Online, or one without the app role.
    ExchangePrincipalMissing = "exchange-principal-missing",
    /// Microsoft Graph refused for another reason.
    GraphRefused = "graph-refused",
    /// Microsoft Graph is throttling or failing.
    GraphBusy = "graph-busy",
    /// No connection to Microsoft Graph.
    GraphUnreachable = "graph-unreachable",
    /// The tenant has no Exchange Online.
    ExchangeResourceUnknown = "exchange-resource-unknown",
    /// The token lacks the app role.
    AppRoleMissing = "app-role-missing",
    /// The identity lacks a directory role.
    DirectoryRoleMissing = "directory-role-missing",
    /// Roles are there and Exchange refused all the same.
    PermissionRefused = "permission-refused",
    /// The identity holds a role that may do far more than is needed.
    PrivilegeExcessive = "privilege-excessive",
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
    /// Another run holds the lock.
    LockBusy = "lock-busy",
    /// A journal belongs to another command, or the output is not as it says.
    JournalForeign = "journal-foreign",
    /// The deadline passed.
    DeadlinePassed = "deadline-passed",
    /// Rows were printed and more exist.
    ResultIncomplete = "result-incomplete",
    /// Stopped by a signal.
    Stopped = "stopped",
    /// A bug in this program.
    Bug = "bug",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_all_listed() {
        let texts: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.text()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }
}
