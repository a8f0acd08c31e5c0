//! Failures of the identity endpoint.

use super::{CallFacts, Failure, exchange};
use crate::exit::Exit;
use crate::http::{self, Kind};
use crate::identity::{ArcFault, Detection, Error, IdentitySelector, Refusal, TokenSource};
use crate::knowledge::Code;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::PersonsToken { detection } => Self::new(Exit::Identity, Code::PersonsToken, message)
                .because(chosen(detection))
                .hint("run this on an Azure VM, in an Automation job or in a container app, or bring a certificate"),
            Error::SelectorUnsupported { instead, .. } => {
                Self::new(Exit::Usage, Code::IdentitySelectorUnsupported, message)
                    .hint(format!("name the identity by {instead}, or leave the selector out"))
            }
            Error::Challenge { detection, why } => challenge(message, detection, &why),
            Error::TokenFile { error, .. } => Self::new(Exit::Machine, Code::FileUnusable, message)
                .caused_by(&error)
                .hint("AZURE_FEDERATED_TOKEN_FILE names the file; check the volume and the rights of this user"),
            Error::Given { why } => Self::new(Exit::Usage, Code::AccessTokenUnusable, message)
                .because(why.to_string())
                .remedy(
                    "write a fresh token of an application, and nothing else, into the file",
                    "az login --identity && az account get-access-token --resource https://outlook.office365.com --query accessToken -o tsv",
                ),
            Error::Signature => Self::new(Exit::Usage, Code::CertificateUnusable, message),
            Error::UnknownOrganization { .. } => Self::new(Exit::Denied, Code::OrganizationUnknown, message)
                .hint("give the organization's initial domain, such as contoso.onmicrosoft.com, and check its spelling"),
            Error::Discovery { status, error, .. } => match error {
                Some(error) => exchange::no_reply(message, false, Code::ExchangeUnreachable, &error),
                None => Self::new(Exit::Unavailable, Code::ReplyUnreadable, message)
                    .because(status.map_or_else(String::new, |status| format!("the authority answered {status}")))
                    .hint("try again later, or look for a proxy in between"),
            },
            Error::NotConfigured { .. } => {
                Self::new(Exit::Identity, Code::IdentitySourceNotConfigured, message)
                    .hint("leave out --identity-source to let the environment decide")
            }
            Error::Incomplete { missing, .. } => {
                Self::new(Exit::Identity, Code::IdentitySourceNotConfigured, message)
                    .hint(format!("set {missing} too, or name the source: --identity-source imds"))
            }
            Error::BadEndpoint { variable, .. } => {
                Self::new(Exit::Identity, Code::IdentityEndpointInvalid, message).hint(format!(
                    "correct {variable}, or unset it; the platform sets it to an address with a scheme"
                ))
            }
            Error::NoReply { detection, error } => no_reply(message, detection, &error),
            Error::Refused { refusal } => refused(message, &refusal),
            Error::Unreadable { detection, why } => {
                Self::new(Exit::Identity, Code::IdentityReplyUnreadable, message)
                    .because(why.to_string())
                    .because(chosen(detection))
                    .hint(
                        "something else than an identity endpoint answers there: look for a proxy in between",
                    )
            }
            Error::OtherIdentity { got, .. } => {
                let whose = got.map_or_else(
                    || "neither the token nor the reply says whose it is".to_owned(),
                    |id| format!("the token belongs to {id}"),
                );
                Self::new(Exit::Identity, Code::IdentityMismatch, message)
                    .because(whose)
                    .hint("the endpoint ignored the selector: check that this identity is assigned to this host, and that the id is of the kind that the option asks for")
            }
        }
    }
}

/// The Azure Arc agent: the one fault that the user can mend is the right to read the key.
fn challenge(message: String, detection: Detection, why: &ArcFault) -> Failure {
    let denied = matches!(why, ArcFault::Denied { .. });
    let code = if denied { Code::ArcKeyDenied } else { Code::ArcChallengeRefused };
    let failure = Failure::new(Exit::Identity, code, message).caused_by(why).because(chosen(detection));
    if !denied {
        return failure
            .hint("something else than the Azure Arc agent may listen there: look with azcmagent show");
    }
    if cfg!(windows) {
        failure.remedy(
            "add the user to the group that may read keys, and sign in again",
            "net localgroup \"Hybrid agent extension applications\" USER /add",
        )
    } else {
        failure.remedy(
            "add the user to the group that may read keys, and sign in again",
            "sudo usermod -aG himds USER",
        )
    }
}

fn no_reply(message: String, detection: Detection, error: &http::Error) -> Failure {
    if matches!(detection.source, TokenSource::WorkloadIdentity | TokenSource::Certificate) {
        // The authority is a service on the network and no endpoint of this host.
        return exchange::no_reply(message, false, Code::ExchangeUnreachable, error);
    }
    if let Some(signal) = error.kind.stopped() {
        return Failure::stopped(signal);
    }
    let (exit, code) = match error.kind {
        Kind::NameLookup | Kind::Refused | Kind::ConnectTimeout => {
            (Exit::Identity, Code::IdentityEndpointUnreachable)
        }
        Kind::Ended(_) | Kind::NotBegun(_) => (Exit::Unavailable, Code::DeadlinePassed),
        Kind::Tls if detection.source == TokenSource::ServiceFabric => {
            (Exit::Identity, Code::IdentityEndpointUntrusted)
        }
        Kind::Tls => (Exit::Unavailable, Code::TlsUntrusted),
        _ => (Exit::Unavailable, Code::IdentityEndpointUnavailable),
    };
    let failure = Failure {
        call: CallFacts {
            attempts: Some(error.attempts),
            elapsed: Some(error.elapsed),
            ..CallFacts::default()
        },
        ..Failure::new(exit, code, message).caused_by(error).because(chosen(detection))
    };
    match (code, detection.source) {
        (Code::IdentityEndpointUnreachable, TokenSource::Imds) => failure.hint(
            "run this on an Azure VM, a scale set, an Automation hybrid worker or a container with a managed identity; there is none on other machines",
        ),
        (Code::IdentityEndpointUnreachable, _) => {
            failure.hint("the endpoint lives as long as the job or the app: restart it, and check that an identity is assigned")
        }
        (Code::IdentityEndpointUntrusted, _) => failure.hint(
            "the node shows another certificate than IDENTITY_SERVER_THUMBPRINT names; the secret was not sent to it",
        ),
        (Code::DeadlinePassed, _) => failure.hint("give it more time with --timeout"),
        _ => failure,
    }
}

fn refused(message: String, refusal: &Refusal) -> Failure {
    let (exit, code) = verdict(refusal);
    let said = match &refusal.code {
        Some(code) if !refusal.message.contains(code.as_str()) => format!("{code}: {}", refusal.message),
        _ => refusal.message.clone(),
    };
    let correlation =
        refusal.correlation_id.as_ref().map(|id| format!("correlation id of the endpoint: {id}"));
    let failure = Failure::new(exit, code, message)
        .because(said)
        .because(chosen(refusal.detection))
        .because(correlation.unwrap_or_default());
    let call = CallFacts {
        status: Some(refusal.status),
        attempts: Some(refusal.attempts),
        elapsed: Some(refusal.elapsed),
        ..CallFacts::default()
    };
    Failure { call, ..with_hint(failure, refusal) }
}

/// The endpoints tell by their texts alone which of several 400 this is. Where a text is not known, the failure is the
/// general one and the text is shown: not every 400 means that the identity is not assigned.
fn verdict(refusal: &Refusal) -> (Exit, Code) {
    let said = refusal.message.to_ascii_lowercase();
    let code = refusal.code.as_deref().unwrap_or_default().to_ascii_lowercase();
    let any = |texts: &[&str]| texts.iter().any(|text| said.contains(text) || code.contains(text));
    match refusal.status {
        410 | 429 | 500.. => (Exit::Unavailable, Code::IdentityEndpointUnavailable),
        403 if said.contains("unreachable") => (Exit::Identity, Code::IdentityEndpointUnreachable),
        _ if any(&["aadsts700016"]) => (Exit::Denied, Code::ApplicationUnknown),
        _ if any(&["aadsts70021", "aadsts700213"]) => (Exit::Denied, Code::FederationNotTrusted),
        _ if any(&["aadsts700027"]) => (Exit::Denied, Code::CertificateUnknown),
        _ if any(&["aadsts700024"]) => (Exit::Denied, Code::AssertionExpired),
        _ if any(&["aadsts90002"]) => (Exit::Denied, Code::OrganizationUnknown),
        _ if any(&["multiple user assigned"]) => (Exit::Identity, Code::IdentityAmbiguous),
        _ if any(&["invalid_resource", "aadsts500011", "aadsts50001"]) => {
            (Exit::Identity, Code::ExchangeResourceUnknown)
        }
        _ if any(&[
            "identity not found",
            "no msi found",
            "no managed identity",
            "managed identity found",
            "system identity not found",
            "managedidentitynotfound",
        ]) =>
        {
            (Exit::Identity, Code::IdentityNotFound)
        }
        _ => (Exit::Identity, Code::IdentityEndpointRefused),
    }
}

fn with_hint(failure: Failure, refusal: &Refusal) -> Failure {
    const LIST: &str = "az vm identity show --resource-group GROUP --name VM";
    const KIND: &str = "check that the GUID is its client id; an object id is given with --object-id";
    const CLIENT_ID: &str = "az identity show --ids RESOURCE_ID --query clientId -o tsv";
    match (failure.code, &refusal.selector) {
        (Code::IdentityNotFound, selector) if refusal.detection.source != TokenSource::Imds => {
            let failure = failure.hint(format!(
                "check on the page Identity of the account or app, in the portal, that it has {selector}"
            ));
            match selector {
                IdentitySelector::ClientId(_) => failure.remedy(KIND, CLIENT_ID),
                _ => failure,
            }
        }
        (Code::IdentityNotFound, IdentitySelector::SystemAssigned) => failure
            .remedy(
                "enable the system-assigned identity of this host",
                "az vm identity assign --resource-group GROUP --name VM",
            )
            .hint("or assign a user-assigned identity to this host and name it with --client-id"),
        (Code::IdentityNotFound, IdentitySelector::ClientId(_)) => {
            failure.remedy("check that this identity is assigned to this host", LIST).remedy(KIND, CLIENT_ID)
        }
        (Code::IdentityNotFound, _) => {
            failure.remedy("check that this identity is assigned to this host", LIST)
        }
        (Code::IdentityAmbiguous, _) => {
            failure.remedy("name one with --client-id; the ids are listed by", LIST)
        }
        (Code::ApplicationUnknown, _) => failure.remedy(
            "check the application's (client) id, and that it exists in this tenant",
            "az ad sp show --id APP_ID --query displayName -o tsv",
        ),
        (Code::FederationNotTrusted, _) => failure.remedy(
            "compare issuer, subject and audience of the federated token with what the identity trusts",
            "az identity federated-credential list --identity-name NAME --resource-group GROUP -o table",
        ),
        (Code::CertificateUnknown, _) => failure.remedy(
            "upload the certificate to the application, or give the one that is there",
            "az ad app credential list --id APP_ID --cert -o table",
        ),
        (Code::AssertionExpired, _) => {
            failure.hint("compare this machine's clock with the true time, and see whether the token file is still renewed")
        }
        (Code::ExchangeResourceUnknown, _) => failure.hint(
            "the identity's tenant has no Exchange Online of this cloud: check --environment, and that the identity lives in the right tenant",
        ),
        (Code::IdentityEndpointUnavailable, _) => {
            failure.hint("try again later; the endpoint is shared by everything on this host")
        }
        (Code::IdentityEndpointUnreachable, _) => failure.hint(
            "run this on an Azure VM, an Automation hybrid worker or a container with a managed identity",
        ),
        _ => failure,
    }
}

/// Why this source was chosen, so that a wrong guess can be seen.
fn chosen(detection: Detection) -> String {
    format!("{} was chosen because {}", detection.source, detection.because)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_may_not_be_read_is_answered_with_the_group_to_join() {
        let why = ArcFault::Denied { path: "/var/opt/azcmagent/tokens/a.key".into() };
        let detection = Detection { source: TokenSource::Arc, because: "x" };
        let failure = Failure::from(Error::Challenge { detection, why });
        assert_eq!((failure.exit, failure.code), (Exit::Identity, Code::ArcKeyDenied));
        assert!(failure.causes[0].contains("/var/opt/azcmagent/tokens/a.key"), "{failure:?}");
        let group = if cfg!(windows) { "Hybrid agent extension applications" } else { "himds" };
        assert!(
            failure.hints[0].command.as_ref().is_some_and(|command| command.contains(group)),
            "{failure:?}"
        );
    }

    #[test]
    fn texts_of_the_endpoints_are_told_apart() {
        for (status, code, message, exit, expected) in [
            (400, Some("invalid_request"), "Identity not found", Exit::Identity, Code::IdentityNotFound),
            (
                400,
                Some("invalid_request"),
                "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request",
                Exit::Identity,
                Code::IdentityAmbiguous,
            ),
            (
                400,
                Some("invalid_resource"),
                "AADSTS500011: The resource principal named x was not found",
                Exit::Identity,
                Code::ExchangeResourceUnknown,
            ),
            (
                400,
                None,
                "No MSI found for specified ClientId/ResourceId.",
                Exit::Identity,
                Code::IdentityNotFound,
            ),
            (
                400,
                None,
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId",
                Exit::Identity,
                Code::IdentityNotFound,
            ),
            (
                400,
                None,
                "No managed identity was found for Automation account a",
                Exit::Identity,
                Code::IdentityNotFound,
            ),
            (
                400,
                None,
                "Managed System Identity not found! Status 400 (Bad Request)",
                Exit::Identity,
                Code::IdentityNotFound,
            ),
            (404, Some("ManagedIdentityNotFound"), "none", Exit::Identity, Code::IdentityNotFound),
            (
                400,
                Some("invalid_request"),
                "Required metadata header not specified",
                Exit::Identity,
                Code::IdentityEndpointRefused,
            ),
            (404, None, "", Exit::Identity, Code::IdentityEndpointRefused),
            (
                403,
                None,
                "A socket operation was attempted to an unreachable network.",
                Exit::Identity,
                Code::IdentityEndpointUnreachable,
            ),
            (410, None, "", Exit::Unavailable, Code::IdentityEndpointUnavailable),
            (429, None, "", Exit::Unavailable, Code::IdentityEndpointUnavailable),
            (503, None, "", Exit::Unavailable, Code::IdentityEndpointUnavailable),
        ] {
            let refusal = Refusal {
                detection: Detection { source: TokenSource::Imds, because: "x" },
                selector: IdentitySelector::SystemAssigned,
                status,
                code: code.map(str::to_owned),
                message: message.to_owned(),
                correlation_id: None,
                attempts: 1,
                elapsed: std::time::Duration::ZERO,
            };
            assert_eq!(verdict(&refusal), (exit, expected), "{status} {message}");
        }
    }
}
