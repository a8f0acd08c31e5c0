//! All checks, in the order in which things depend on each other.

use std::time::Duration;

use super::check::{Check, Status};
use super::findings::Findings;
use super::report::Report;
use super::{access, host, service};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Plan;
use crate::token::UnverifiedClaims;

/// A refusal that a grant might mend, and what the token says.
pub type Denied = (Failure, Option<UnverifiedClaims>);

/// Looks at everything between the arguments and a cmdlet. A failure here is one of this machine: whatever is wrong with
/// the connection is in the report. Beside it stands the refusal of the trial, for those who wait for permissions.
pub async fn examine(
    plan: Plan,
    note: Option<String>,
    cmdlet: Option<String>,
) -> Result<(Report, Option<Denied>), Failure> {
    let clock = plan.limits.clock.clone();
    let (started, begun) = (clock.now(), clock.elapsed());
    let stop = plan.limits.stop.clone();
    let findings = Box::pin(Findings::gather(plan, note, cmdlet)).await?;
    if let Some(signal) = stop.order() {
        // What was not looked at any more is no finding.
        return Err(Failure::stopped(signal));
    }
    let checks = judged(&findings);
    let report = Report {
        organization: findings.organization.clone(),
        started,
        elapsed: clock.elapsed().saturating_sub(begun),
        unproved: unproved(&findings),
        exit: exit(&checks, &findings),
        metrics: metrics(&findings),
        checks,
    };
    Ok((report, access::denied(&findings)))
}

/// The report of a host on which nobody can be asked for a token.
pub fn without_a_host(organization: String, failure: &Failure, started: std::time::SystemTime) -> Report {
    let failed = Check::new("host", "the host has a source of tokens", Status::Failed).because_of(failure);
    Report {
        organization,
        started,
        elapsed: std::time::Duration::ZERO,
        checks: vec![failed],
        metrics: Vec::new(),
        unproved: vec!["everything after the host was not looked at".to_owned()],
        exit: failure.exit,
    }
}

/// The verdicts. A pure function of what was found.
fn judged(findings: &Findings) -> Vec<Check> {
    let mut checks = vec![
        host::arguments(findings),
        host::host(findings),
        host::endpoint(findings),
        host::token(findings),
        host::claims(findings),
        service::reachable(findings),
        host::clock(findings),
        host::tenant(findings),
        access::app_role(findings),
        access::directory_role(findings),
        service::domains(findings),
        service::organization(findings),
        service::complete(findings),
        access::privileges(findings),
    ];
    checks.extend(access::cmdlet(findings));
    checks
}

/// The exit code is that of what failed first on the way.
fn exit(checks: &[Check], findings: &Findings) -> Exit {
    let Some(first) = checks.iter().find(|check| check.status == Status::Failed) else { return Exit::Done };
    match first.id {
        "identity-endpoint" | "token" => findings.token.outcome.as_ref().err().map(|failure| failure.exit),
        "exchange" => Some(Exit::Unavailable),
        "accepted-domains" => match findings.domains.as_ref().map(|tried| &tried.outcome) {
            Some(Err(failure)) => Some(failure.exit),
            _ => Some(Exit::Cmdlet),
        },
        _ => None,
    }
    .unwrap_or(Exit::Denied)
}

/// Numbers that are worth a curve.
fn metrics(findings: &Findings) -> Vec<(&'static str, u64)> {
    let milliseconds = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let mut metrics = vec![("token_ms", milliseconds(findings.token.took))];
    if let Ok(token) = &findings.token.outcome {
        metrics.push(("token_ttl_s", token.remaining(findings.now).as_secs()));
    }
    metrics.extend(findings.domains.as_ref().map(|tried| ("cmdlet_ms", milliseconds(tried.took))));
    metrics
}

/// What no check can show.
fn unproved(findings: &Findings) -> Vec<String> {
    let mut unproved = Vec::new();
    if findings.domains.as_ref().is_some_and(|tried| tried.outcome.is_ok()) {
        unproved.push("that a cmdlet which writes would work: nothing was written".to_owned());
        if findings.cmdlet.is_none() {
            unproved.push(
                "that another cmdlet than Get-AcceptedDomain may be run: ask with --cmdlet NAME".to_owned(),
            );
        }
    }
    if findings.token.outcome.is_ok() {
        unproved.push(
            "that a grant newer than the token is in force: Azure keeps a token for about 24 hours"
                .to_owned(),
        );
        unproved.push("membership in role groups of Exchange, which no token names".to_owned());
    }
    unproved
}
