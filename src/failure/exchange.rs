//! Failures of Exchange.

use super::{CallFacts, Failure, GO_ON, access};
use crate::exchange::{Environment, Error, PagingFault, Refusal};
use crate::exit::Exit;
use crate::http::{self, Kind};
use crate::knowledge::Code;
use crate::stop::Signal;
use crate::token::UnverifiedClaims;

/// The failure of a cmdlet, explained by what the token says about itself.
pub(super) fn failure(error: &Error, claims: Option<&UnverifiedClaims>) -> Failure {
    let message = error.to_string();
    match error {
        Error::NoReply { in_doubt, client_request_id, error, .. } => {
            let failure = no_reply(message, *in_doubt, Code::ExchangeUnreachable, error);
            let call = CallFacts { client_request_id: Some(*client_request_id), ..failure.call };
            Failure { call, ..failure }
        }
        Error::Refused { refusal } => refused(message, refusal, claims),
        Error::Unreadable { why, in_doubt, client_request_id, .. } => {
            let failure = if *in_doubt {
                Failure::new(Exit::Unavailable, Code::WriteInDoubt, message).hint(IN_DOUBT)
            } else {
                Failure::new(Exit::Unavailable, Code::ReplyUnreadable, message)
            };
            let call = CallFacts { client_request_id: Some(*client_request_id), ..CallFacts::default() };
            Failure { call, ..failure.caused_by(why).hint(SOMETHING_ELSE) }
        }
        Error::Paging { why, .. } => paging(message, why),
        Error::BadToken => Failure::new(Exit::Identity, Code::IdentityReplyUnreadable, message),
    }
}

/// No reply of a service on the network; `unreachable` is the code of one that could not be reached.
pub(super) fn no_reply(message: String, in_doubt: bool, unreachable: Code, error: &http::Error) -> Failure {
    if let Some(signal) = error.kind.stopped() {
        return stopped(signal, in_doubt.then_some(message));
    }
    let code = match error.kind {
        _ if in_doubt => Code::WriteInDoubt,
        Kind::Tls => Code::TlsUntrusted,
        Kind::Ended(_) | Kind::NotBegun(_) => Code::DeadlinePassed,
        Kind::NameLookup | Kind::Refused | Kind::ConnectTimeout | Kind::Proxy => unreachable,
        Kind::Lost | Kind::Timeout | Kind::TooLarge | Kind::NotGzip => Code::ReplyUnreadable,
    };
    let hint = match code {
        Code::WriteInDoubt => IN_DOUBT.to_owned(),
        Code::TlsUntrusted => {
            "where a proxy inspects TLS, give its root certificate with --ca-file".to_owned()
        }
        Code::DeadlinePassed => "give it more time with --timeout".to_owned(),
        code if code == unreachable => {
            format!("this machine must reach {}: check name look-up, firewall and proxy", error.origin)
        }
        _ => "try again; with -vv each attempt is shown".to_owned(),
    };
    let call =
        CallFacts { attempts: Some(error.attempts), elapsed: Some(error.elapsed), ..CallFacts::default() };
    Failure { call, ..Failure::new(Exit::Unavailable, code, message).caused_by(error).hint(hint) }
}

/// The end of a command that was ordered to stop, with the write that was on its way.
pub(super) fn stopped(signal: Signal, in_doubt: Option<String>) -> Failure {
    let failure = Failure::stopped(signal);
    match in_doubt {
        Some(message) => Failure { code: Code::WriteInDoubt, ..failure.because(message).hint(IN_DOUBT) },
        None => failure,
    }
}

const IN_DOUBT: &str = "the change may or may not have been applied and is not sent again: look with the matching Get- cmdlet before repeating it";

const SOMETHING_ELSE: &str =
    "something else than Exchange may have answered: look for a proxy in between, and run again with -vv";

fn refused(message: String, refusal: &Refusal, claims: Option<&UnverifiedClaims>) -> Failure {
    let failure = match refusal.status {
        401 | 403 => access::denied(&message, refusal, claims),
        300..=399 => redirected(message, refusal),
        _ if is_busy(refusal) => busy(message, refusal),
        // A failure that the cmdlet itself reported names its exception and is certain. Any other may come from anywhere on
        // the way, when the cmdlet has already run.
        500.. if refusal.writes && refusal.said.exception.is_none() => {
            Failure::new(Exit::Unavailable, Code::WriteInDoubt, message).hint(IN_DOUBT)
        }
        _ if is_expired_page(refusal) => Failure::new(Exit::Unavailable, Code::ResultIncomplete, message)
            .hint("the service did not take its own page link; run the cmdlet again, or ask for less with -ResultSize"),
        _ => Failure::new(Exit::Cmdlet, Code::CmdletFailed, message),
    };
    let failure = failure.because(said(refusal)).because(refusal.diagnostics.clone().unwrap_or_default());
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

/// The service's words, with the last part of the exception's name, by which the field speaks of errors.
fn said(refusal: &Refusal) -> String {
    let said = &refusal.said;
    match said.exception.as_deref().and_then(|name| name.rsplit('.').next()) {
        Some(exception) if !said.message.contains(exception) => format!("{} ({exception})", said.message),
        _ => said.message.clone(),
    }
}

fn is_busy(refusal: &Refusal) -> bool {
    matches!(refusal.status, 408 | 429 | 502 | 503 | 504)
        || refusal.said.is_overload()
        || refusal.said.is_concurrency_limit()
}

fn is_expired_page(refusal: &Refusal) -> bool {
    refusal.later_page && refusal.said.message.contains("pagination request")
}

fn busy(message: String, refusal: &Refusal) -> Failure {
    let in_doubt = refusal.writes && refusal.status != 429;
    if in_doubt {
        return Failure::new(Exit::Unavailable, Code::WriteInDoubt, message).hint(IN_DOUBT);
    }
    let why = match refusal.status {
        429 => "Exchange throttles this tenant or this identity",
        502 | 504 => "the gateway before Exchange got no answer in time",
        _ => "Exchange is overloaded or being updated",
    };
    let failure = Failure::new(Exit::Unavailable, Code::ExchangeBusy, message).because(why);
    match refusal.retry_after {
        Some(wait) => {
            failure.hint(format!("Exchange asks to wait {} s before the next attempt", wait.as_secs()))
        }
        None => failure.hint("try again later"),
    }
}

/// A redirect is never followed, since the token would travel with it. One that leads below the environment's own host
/// is what some tenants' front doors answer, and the user can call it by name.
fn redirected(message: String, refusal: &Refusal) -> Failure {
    let failure = Failure::new(Exit::Unavailable, Code::ExchangeRedirected, message);
    match &refusal.redirect {
        Some(host) if Environment::is_home_of(host) => failure
            .because(format!("the reply points to {host}"))
            .remedy("call that host", format!("exo-mi connect --connection-uri https://{host} …")),
        Some(host) => failure
            .because(format!("the reply points to {host}, which is no Exchange host"))
            .hint("look for a proxy or a captive portal in between"),
        None => failure.because("the reply does not say where to"),
    }
}

fn paging(message: String, why: &PagingFault) -> Failure {
    let hint = match why {
        PagingFault::Within => {
            "the cmdlet without EXO in its name, such as Get-RecipientPermission, gives all of it"
        }
        _ => GO_ON,
    };
    Failure::new(Exit::Unavailable, Code::ResultIncomplete, message).caused_by(why).hint(hint)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn refusal(status: u16, text: &str, writes: bool) -> Failure {
        let refusal = Refusal {
            cmdlet: "Set-Mailbox".to_owned(),
            writes,
            later_page: false,
            status,
            said: crate::exchange::ServiceError::from_text(text),
            diagnostics: None,
            redirect: Some("eurprd01.outlook.office365.com".to_owned()),
            retry_after: Some(Duration::from_secs(7)),
            request_id: None,
            client_request_id: uuid::Uuid::nil(),
            attempts: 1,
            elapsed: Duration::ZERO,
        };
        refused("m".to_owned(), &refusal, None)
    }

    #[test]
    fn statuses_have_exact_exit_codes() {
        for (status, text, writes, exit, code) in [
            (400, "|A.B.Ambiguous|Parameter set", false, Exit::Cmdlet, Code::CmdletFailed),
            (404, "", false, Exit::Cmdlet, Code::CmdletFailed),
            (409, "", true, Exit::Cmdlet, Code::CmdletFailed),
            (500, "|A.B.C|broken", true, Exit::Cmdlet, Code::CmdletFailed),
            (500, "", true, Exit::Unavailable, Code::WriteInDoubt),
            (500, "Internal Server Error", true, Exit::Unavailable, Code::WriteInDoubt),
            (500, "", false, Exit::Cmdlet, Code::CmdletFailed),
            (429, "", false, Exit::Unavailable, Code::ExchangeBusy),
            (429, "", true, Exit::Unavailable, Code::ExchangeBusy),
            (503, "", false, Exit::Unavailable, Code::ExchangeBusy),
            (503, "", true, Exit::Unavailable, Code::WriteInDoubt),
            (504, "", true, Exit::Unavailable, Code::WriteInDoubt),
            (400, "|A.DCOverloadedException|busy", false, Exit::Unavailable, Code::ExchangeBusy),
            (302, "", false, Exit::Unavailable, Code::ExchangeRedirected),
            (401, "", false, Exit::Denied, Code::TokenRefused),
            (403, "", false, Exit::Denied, Code::PermissionRefused),
        ] {
            let failure = refusal(status, text, writes);
            assert_eq!((failure.exit, failure.code), (exit, code), "{status} {text}");
        }
    }

    #[test]
    fn the_exception_is_named_beside_the_text() {
        let failure = refusal(
            404,
            "Ex6F9304|Microsoft.Exchange.ManagementObjectNotFoundException|no object 'x'",
            false,
        );
        assert_eq!(failure.causes, ["no object 'x' (ManagementObjectNotFoundException)"]);
    }

    #[test]
    fn a_redirect_below_the_environments_host_prints_the_option_to_use() {
        let command = refusal(302, "", false).hints[0].command.clone();
        assert!(
            command
                .is_some_and(|text| text.contains("--connection-uri https://eurprd01.outlook.office365.com"))
        );
    }
}
