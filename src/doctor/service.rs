//! Exchange: the way there, what it answers, and whether that is all.

use super::check::{Check, Status};
use super::findings::{Findings, Way};
use crate::failure::Failure;
use crate::http::{Agreed, ProbeError, Probed};
use crate::knowledge::Code;

/// Name, connection and TLS.
pub(super) fn reachable(findings: &Findings) -> Check {
    const TITLE: &str = "Exchange can be reached";
    let Some(tried) = &findings.way else { return Check::new("exchange", TITLE, Status::Skipped) };
    let check = |status| Check { duration: tried.took, ..Check::new("exchange", TITLE, status) };
    let server = findings.reached.as_ref().and_then(|tried| tried.outcome.as_ref().ok());
    let server = server.and_then(|reached| reached.server.as_deref());
    let server = server.map(|server| format!("answered by {server}")).unwrap_or_default();
    let silence = findings.reached.as_ref().and_then(|tried| tried.outcome.as_ref().err());
    match (&tried.outcome, silence) {
        (Way::Direct(Err(error)), _) => failed(check(Status::Failed), error),
        (_, Some(failure)) => check(Status::Failed).because_of(failure),
        (Way::Direct(Ok(probed)), None) => {
            check(Status::Ok).seen(findings.exchange.clone()).seen(walked(probed)).seen(server)
        }
        (Way::Proxied(variable), None) => check(Status::Ok)
            .seen(findings.exchange.clone())
            .seen(format!("through the proxy of {variable}, behind which the way cannot be seen"))
            .seen(server),
        (Way::Endless, None) => check(Status::Warning)
            .seen("a look at the way took more than half a minute, and a request came through all the same")
            .seen(server),
    }
}

fn walked(probed: &Probed) -> String {
    let address = probed.addresses.first().map(ToString::to_string).unwrap_or_default();
    let milliseconds = |length: std::time::Duration| length.as_millis();
    let tls = probed.tls.as_ref().map(|Agreed { version, protocol, handshake }| {
        let protocol = protocol.as_deref().unwrap_or("http/1.1");
        format!(", {version} with {protocol} in {} ms", milliseconds(*handshake))
    });
    format!(
        "{address}: name in {} ms, connection in {} ms{}",
        milliseconds(probed.lookup),
        milliseconds(probed.connection),
        tls.unwrap_or_default()
    )
}

fn failed(check: Check, error: &ProbeError) -> Check {
    let (code, remedy) = match error {
        ProbeError::Lookup(..) => (Code::ExchangeUnreachable, "check the name servers of this machine"),
        ProbeError::Tls(..) => {
            (Code::TlsUntrusted, "where a proxy inspects TLS, give its root certificate with --ca-file")
        }
        _ => {
            (Code::ExchangeUnreachable, "let this machine reach that host and port: check firewall and proxy")
        }
    };
    let check = check.seen(error.to_string());
    let check = match std::error::Error::source(error) {
        Some(source) => check.seen(source.to_string()),
        None => check,
    };
    Check { code: Some(code), ..check }.remedy(remedy, None)
}

/// Whether the trial cmdlet runs.
pub(super) fn domains(findings: &Findings) -> Check {
    const TITLE: &str = "Get-AcceptedDomain runs";
    let Some(tried) = &findings.domains else {
        return Check::new("accepted-domains", TITLE, Status::Skipped);
    };
    let check = |status| Check { duration: tried.took, ..Check::new("accepted-domains", TITLE, status) };
    match &tried.outcome {
        Ok(domains) if domains.errors.is_empty() => {
            check(Status::Ok).seen(format!("{} domains", domains.names.len()))
        }
        Ok(domains) => {
            let check = domains.errors.iter().fold(check(Status::Failed), Check::seen);
            Check { code: Some(Code::CmdletFailed), ..check }
        }
        Err(failure) => refused(check(Status::Failed), failure, findings.reason.as_deref()),
    }
}

fn refused(check: Check, failure: &Failure, reason: Option<&str>) -> Check {
    let check = check.because_of(failure);
    match reason {
        Some(reason) if !check.evidence.iter().any(|seen| seen == reason) => {
            check.seen(format!("asked for its reason, the service says: {reason}"))
        }
        _ => check,
    }
}

/// Whether the organization is one of the domains that came.
pub(super) fn organization(findings: &Findings) -> Check {
    const TITLE: &str = "the organization is one of its domains";
    let domains = findings.domains.as_ref().and_then(|tried| tried.outcome.as_ref().ok());
    let named = findings.organization.contains('.');
    let Some(domains) = domains.filter(|domains| named && !domains.names.is_empty()) else {
        return Check::new("organization-domain", TITLE, Status::Skipped);
    };
    if domains.names.iter().any(|name| name.eq_ignore_ascii_case(&findings.organization)) {
        return Check::new("organization-domain", TITLE, Status::Ok);
    }
    let initial = domains.names.iter().find(|name| name.contains(".onmicrosoft."));
    let check = Check::new("organization-domain", TITLE, Status::Warning)
        .seen(format!("{} is none of {}", findings.organization, domains.names.join(", ")))
        .seen("the tenant is that of the token, whatever organization is named");
    let command = initial.map(|name| format!("exo-mi doctor --org {name}"));
    Check { code: Some(Code::TenantMismatch), ..check }
        .remedy("name the organization by one of them", command)
}

/// Whether the service sent all that it has.
pub(super) fn complete(findings: &Findings) -> Check {
    const TITLE: &str = "the answer is complete, without warnings";
    let Some(Ok(domains)) = findings.domains.as_ref().map(|tried| &tried.outcome) else {
        return Check::new("complete", TITLE, Status::Skipped);
    };
    if domains.warnings.is_empty() && !domains.more {
        return Check::new("complete", TITLE, Status::Ok);
    }
    let check = Check::new("complete", TITLE, Status::Warning);
    let check = domains.warnings.iter().fold(check, Check::seen);
    Check { code: domains.more.then_some(Code::ResultIncomplete), ..check }
}
