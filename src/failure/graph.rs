//! Failures of Microsoft Graph.

use super::{CallFacts, Failure, exchange};
use crate::exit::Exit;
use crate::graph::{Error, Principal, Refusal, Wanted};
use crate::knowledge::{Code, EXCHANGE_APP_ID};
use crate::token::UnverifiedClaims;

/// Prints a token for Microsoft Graph, of whoever is signed in to az.
pub(super) const TOKEN_COMMAND: &str =
    "az account get-access-token --resource-type ms-graph --query accessToken -o tsv";

const LOOK: &str =
    "the same command with --what-if shows whether it was; run again, it repeats nothing that is there";

impl Failure {
    /// The failure of a token for Microsoft Graph that was not even sent, or not even given.
    pub fn graph_token(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Code::GraphTokenUnusable, message).remedy(
            "az hands over the token of whoever is signed in",
            format!("{TOKEN_COMMAND} | exo-mi grant --graph-token-file - …"),
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Tls(error) => error.into(),
            Error::BadToken => Self::graph_token(message),
            Error::NoReply { client_request_id, error, .. } => {
                let failure = exchange::no_reply(message, false, Code::GraphUnreachable, &error);
                let call = CallFacts { client_request_id: Some(client_request_id), ..failure.call };
                Self { call, ..failure }
            }
            Error::Refused { refusal } => refused(message, &refusal),
            Error::Unreadable { client_request_id, error, .. } => {
                let call = CallFacts { client_request_id: Some(client_request_id), ..CallFacts::default() };
                let failure =
                    Self::new(Exit::Unavailable, Code::ReplyUnreadable, message).caused_by(&error).hint(
                        "something else than Microsoft Graph may have answered: look for a proxy in between",
                    );
                Self { call, ..failure }
            }
            Error::Paging { why, .. } => Self::new(Exit::Unavailable, Code::ReplyUnreadable, message)
                .caused_by(&why)
                .hint("nothing was changed; try again, and look for a proxy in between"),
            Error::InDoubt { error, .. } => in_doubt(message, *error),
            Error::NoPrincipal { wanted, mistaken } => unknown(message, &wanted, mistaken.as_deref()),
            Error::Ambiguous { candidates, .. } => ambiguous(message, &candidates),
            Error::NoExchange => Self::new(Exit::Cmdlet, Code::ExchangePrincipalMissing, message)
                .hint("check that this is the tenant that is meant, and that it has Exchange Online")
                .remedy(
                    "if it has, an administrator can make what is missing",
                    format!("az ad sp create --id {EXCHANGE_APP_ID}"),
                ),
            Error::NoAppRole { .. } => Self::new(Exit::Cmdlet, Code::ExchangePrincipalMissing, message).hint(
                "compare the tenant's cloud with --environment; nothing that merely looks alike is granted",
            ),
        }
    }
}

/// What is known of the write that failed, with the doubt in front.
fn in_doubt(message: String, error: Error) -> Failure {
    let first = error.to_string();
    let because = Failure::from(error);
    if because.code == Code::Stopped {
        return Failure { code: Code::WriteInDoubt, ..because.because(message).hint(LOOK) };
    }
    let failure = Failure::new(Exit::Unavailable, Code::WriteInDoubt, message).because(first);
    let failure = because.causes.into_iter().fold(failure, Failure::because);
    Failure { call: because.call, ..failure.hint(LOOK) }
}

fn refused(message: String, refusal: &Refusal) -> Failure {
    let failure = match refusal.status {
        401 => Failure::new(Exit::Denied, Code::GraphTokenRefused, message)
            .because(refusal.said.to_string())
            .remedy("take a fresh token; one for Microsoft Graph lives about an hour", TOKEN_COMMAND),
        403 => denied(message, refusal),
        429 | 500.. => busy(message, refusal),
        300..=399 => Failure::new(Exit::Unavailable, Code::GraphUnreachable, message)
            .because(match &refusal.redirect {
                Some(host) => format!("the reply points to {host}, where the token is not sent"),
                None => "the reply does not say where to".to_owned(),
            })
            .hint(
                "look for a proxy or a captive portal in between; --graph-uri names another Microsoft Graph",
            ),
        _ => other(message, refusal),
    };
    Failure {
        call: CallFacts {
            status: Some(refusal.status),
            request_id: refusal.request_id.clone(),
            client_request_id: Some(refusal.client_request_id),
            attempts: Some(refusal.attempts),
            elapsed: Some(refusal.elapsed),
        },
        ..failure
    }
}

fn other(message: String, refusal: &Refusal) -> Failure {
    let failure = Failure::new(Exit::Cmdlet, Code::GraphRefused, message).because(refusal.said.to_string());
    if refusal.said.is_not_replicated() {
        return failure.hint(
            "an identity that was made within the last minutes is not known everywhere yet: try again later",
        );
    }
    failure
}

fn busy(message: String, refusal: &Refusal) -> Failure {
    let failure = Failure::new(Exit::Unavailable, Code::GraphBusy, message).because(refusal.said.to_string());
    match refusal.retry_after {
        Some(wait) => {
            failure.hint(format!("Microsoft Graph asks to wait {} s before the next attempt", wait.as_secs()))
        }
        None => failure.hint("try again later; what was done is not repeated"),
    }
}

/// A person needs a directory role and, through most programs, a scope; an application needs app roles of Graph.
fn denied(message: String, refusal: &Refusal) -> Failure {
    const ROLES: [(&str, &str); 2] = [
        ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
        ("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"),
    ];
    let failure = Failure::new(Exit::Denied, Code::GraphDenied, message).because(refusal.said.to_string());
    let caller = refusal.caller.as_deref();
    if caller.is_some_and(|claims| !claims.is_a_persons()) {
        let missing = missing_permissions(caller.map_or(&[][..], |claims| &claims.roles));
        return failure
            .because(format!("the token is an application's, which has no {}", missing.join(" and no ")))
            .hint(
                "give that application AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory and \
                 Application.Read.All of Microsoft Graph as application permissions, with admin consent",
            )
            .hint("or let an administrator run this once");
    }
    let held =
        |claims: &UnverifiedClaims| ROLES.iter().any(|(id, _)| claims.wids.iter().any(|wid| wid == id));
    let failure = if caller.is_some_and(held) {
        let scopes = caller.and_then(|claims| claims.scp.clone()).unwrap_or_default();
        let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
        let missing = if scopes.iter().any(|scope| scope == "Directory.AccessAsUser.All") {
            Vec::new()
        } else {
            missing_permissions(&scopes)
        };
        match missing.as_slice() {
            [] => failure.because("the token carries the role and the scopes that are needed all the same"),
            missing => failure
                .because(format!("the program that took the token has no scope {}", missing.join(", "))),
        }
    } else {
        failure.because("the token carries neither Privileged Role Administrator nor Global Administrator")
    };
    failure
        .hint(
            "whoever grants needs the role Privileged Role Administrator or Global Administrator, active and not \
             merely eligible; after activating it, take a fresh token",
        )
        .remedy("or print a script for somebody who has it", "exo-mi grant --print powershell …")
}

/// The permissions that are needed and not among these.
fn missing_permissions(held: &[String]) -> Vec<&'static str> {
    let needed = ["AppRoleAssignment.ReadWrite.All", "RoleManagement.ReadWrite.Directory"];
    needed.into_iter().filter(|needed| !held.iter().any(|held| held == needed)).collect()
}

fn unknown(message: String, wanted: &Wanted, mistaken: Option<&Principal>) -> Failure {
    let failure = Failure::new(Exit::Cmdlet, Code::PrincipalUnknown, message);
    match (wanted, mistaken) {
        (Wanted::ClientId(id), Some(other)) => failure
            .because(format!("it is the object id of `{}`", other.name()))
            .hint(format!("give --object-id {id}")),
        (Wanted::ObjectId(id), Some(other)) => failure
            .because(format!("it is the client id of `{}`", other.name()))
            .hint(format!("give --client-id {id}")),
        _ => failure
            .hint("a system-assigned identity is named like its resource; one that was made within the last minutes may not be known yet")
            .remedy(
                "the managed identities of the tenant are listed by",
                "az ad sp list --all --filter \"servicePrincipalType eq 'ManagedIdentity'\" --query \"[].{name:displayName,object:id,client:appId}\" -o table",
            ),
    }
}

fn ambiguous(message: String, candidates: &[Principal]) -> Failure {
    let failure = Failure::new(Exit::Cmdlet, Code::PrincipalAmbiguous, message);
    let failure =
        candidates.iter().fold(failure, |failure, candidate| failure.because(candidate.to_string()));
    failure.hint("name the one that is meant by --object-id or --client-id; nothing was changed")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::graph::ServiceError;

    fn refusal(status: u16, caller: Option<UnverifiedClaims>) -> Failure {
        let refusal = Refusal {
            what: "x".to_owned(),
            status,
            said: ServiceError { code: "c".to_owned(), message: "m".to_owned() },
            retry_after: None,
            redirect: None,
            request_id: None,
            client_request_id: uuid::Uuid::nil(),
            attempts: 1,
            elapsed: Duration::ZERO,
            caller: caller.map(Box::new),
        };
        refused(String::new(), &refusal)
    }

    #[test]
    fn statuses_have_exact_exit_codes() {
        for (status, exit, code) in [
            (400, Exit::Cmdlet, Code::GraphRefused),
            (401, Exit::Denied, Code::GraphTokenRefused),
            (403, Exit::Denied, Code::GraphDenied),
            (404, Exit::Cmdlet, Code::GraphRefused),
            (302, Exit::Unavailable, Code::GraphUnreachable),
            (429, Exit::Unavailable, Code::GraphBusy),
            (503, Exit::Unavailable, Code::GraphBusy),
        ] {
            let failure = refusal(status, None);
            assert_eq!((failure.exit, failure.code), (exit, code), "{status}");
        }
    }

    #[test]
    fn a_denial_says_what_the_token_lacks() {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let role = "e8611ab8-c189-46e8-94e1-60213ab1f814";
        for (scopes, wids, roles, cause) in [
            (Some("Directory.AccessAsUser.All"), vec![], vec![], "neither Privileged Role Administrator"),
            (
                Some("User.Read"),
                vec![role],
                vec![],
                "no scope AppRoleAssignment.ReadWrite.All, RoleManagement",
            ),
            (Some("Directory.AccessAsUser.All"), vec![role], vec![], "all the same"),
            (None, vec![], vec![], "no AppRoleAssignment.ReadWrite.All and no RoleManagement"),
            (None, vec![], vec!["AppRoleAssignment.ReadWrite.All"], "which has no RoleManagement"),
        ] {
            let caller = UnverifiedClaims {
                scp: scopes.map(str::to_owned),
                wids: owned(&wids),
                roles: owned(&roles),
                ..UnverifiedClaims::default()
            };
            let failure = refusal(403, Some(caller));
            assert!(failure.causes[1].contains(cause), "{:?}", failure.causes);
        }
    }
}
