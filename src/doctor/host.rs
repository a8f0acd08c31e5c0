//! From the arguments to a token.

use std::time::{Duration, SystemTime};

use super::check::{Check, Status};
use super::findings::Findings;
use crate::clock::{at, iso};
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::token::{AccessToken, UnverifiedClaims};

/// A clock that differs by more than this makes tokens look ended or not yet begun.
const TOLERATED_SKEW: Duration = Duration::from_secs(300);

/// The organization's name.
pub(super) fn arguments(findings: &Findings) -> Check {
    let status = if findings.note.is_some() { Status::Warning } else { Status::Ok };
    let check = Check::new("arguments", "the organization is an initial domain", status);
    match &findings.note {
        Some(note) => {
            let check = check.seen(note.clone()).remedy(
                "name the organization by its initial domain",
                Some("exo-mi doctor --org NAME.onmicrosoft.com".to_owned()),
            );
            Check { code: Some(Code::OrganizationMissing), ..check }
        }
        None => check.seen(findings.organization.clone()),
    }
}

/// Where tokens come from on this host.
pub(super) fn host(findings: &Findings) -> Check {
    let detection = findings.detection;
    Check::new("host", "the host has a source of tokens", Status::Ok)
        .seen(detection.source.to_string())
        .seen(detection.because)
}

/// Whether the endpoint answers, and whether it gives a token.
pub(super) fn endpoint(findings: &Findings) -> Check {
    let check = |status| Check::new("identity-endpoint", "the identity endpoint answers", status);
    match &findings.token.outcome {
        Err(failure) if !findings.answered => {
            Check { duration: findings.token.took, ..check(Status::Failed).because_of(failure) }
        }
        _ => check(Status::Ok),
    }
}

/// Whether a token came.
pub(super) fn token(findings: &Findings) -> Check {
    let check = |status| Check {
        duration: findings.token.took,
        ..Check::new("token", "the identity endpoint gives a token", status)
    };
    match &findings.token.outcome {
        Ok(token) => check(Status::Ok).seen(life(token, findings.now)),
        Err(failure) if findings.answered => check(Status::Failed).because_of(failure),
        Err(_) => check(Status::Skipped),
    }
}

fn life(token: &AccessToken, now: SystemTime) -> String {
    let ends = iso(token.expires_on).unwrap_or_default();
    format!("it ends at {ends}, in {}", span(token.remaining(now)))
}

/// A length of time in its two largest units.
pub(super) fn span(length: Duration) -> String {
    let seconds = length.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// What the token says of itself, but for its roles.
pub(super) fn claims(findings: &Findings) -> Check {
    const TITLE: &str = "the token is an application's, for Exchange";
    let Ok(token) = &findings.token.outcome else {
        return Check::new("token-claims", TITLE, Status::Skipped);
    };
    let Some(claims) = token.claims() else {
        return Check::new("token-claims", TITLE, Status::Info)
            .seen("the token is opaque, so that nothing in it can be read");
    };
    let check = |status| Check::new("token-claims", TITLE, status);
    if claims.is_a_persons() {
        let check =
            check(Status::Failed).seen("the token is a person's, and this API takes an application's");
        return Check { code: Some(Code::PersonsToken), ..check }
            .remedy("use the identity of the host, or an application with a certificate", None);
    }
    let bare = |audience: &str| audience.trim_end_matches('/').to_ascii_lowercase();
    let audience = claims.aud.clone().unwrap_or_default();
    if bare(&audience) != bare(&findings.resource) && audience != crate::knowledge::EXCHANGE_APP_ID {
        let check = check(Status::Failed)
            .seen(format!("its audience is {audience}, where {} was asked for", findings.resource));
        return Check { code: Some(Code::TokenRefused), ..check }
            .remedy("name the cloud that the tenant lives in: --environment", None);
    }
    check(Status::Ok).seen(format!("audience {audience}")).seen(age(&claims, findings.now)).seen(who(&claims))
}

fn age(claims: &UnverifiedClaims, now: SystemTime) -> String {
    let issued = claims.iat.and_then(at);
    let age = issued.and_then(|issued| now.duration_since(issued).ok());
    match (issued.and_then(iso), age) {
        (Some(issued), Some(age)) => format!("issued at {issued}, {} ago", span(age)),
        (Some(issued), None) => format!("issued at {issued}"),
        _ => String::new(),
    }
}

fn who(claims: &UnverifiedClaims) -> String {
    let application = claims.appid.as_deref().unwrap_or("unknown");
    let object = claims.oid.as_deref().unwrap_or("unknown");
    format!("application {application}, object {object}")
}

/// The clock of this machine, against that of the service and of whoever issued the token.
pub(super) fn clock(findings: &Findings) -> Check {
    const TITLE: &str = "the clock of this machine is right";
    let reached = findings.reached.as_ref().and_then(|tried| tried.outcome.as_ref().ok());
    let service = reached.and_then(|reached| reached.date);
    let issued =
        findings.token.outcome.as_ref().ok().and_then(AccessToken::claims).and_then(|claims| claims.iat);
    let (other, whose) = match (service, issued.and_then(at)) {
        (Some(date), _) => (date, "Exchange's"),
        // A token that was issued in the future shows a clock that is behind; the other way says nothing.
        (None, Some(issued)) if issued > findings.now => (issued, "that of the token's issuer"),
        _ => return Check::new("clock", TITLE, Status::Skipped),
    };
    let skew = findings.now.duration_since(other).unwrap_or_else(|error| error.duration());
    let relation = if findings.now > other { "ahead of" } else { "behind" };
    if skew <= TOLERATED_SKEW {
        return Check::new("clock", TITLE, Status::Ok)
            .seen(format!("it differs from {whose} by {}", span(skew)));
    }
    let check = Check::new("clock", TITLE, Status::Warning)
        .seen(format!("it is {} {relation} {whose}", span(skew)))
        .remedy("set the clock by a time server", Some("timedatectl set-ntp true".to_owned()));
    Check { code: Some(Code::TokenRefused), ..check }
}

/// Whether the organization is that of the token's tenant.
pub(super) fn tenant(findings: &Findings) -> Check {
    const TITLE: &str = "the organization belongs to the identity's tenant";
    let (Some(tried), Ok(token)) = (&findings.tenant, &findings.token.outcome) else {
        return Check::new("tenant", TITLE, Status::Skipped);
    };
    let check = |status| Check { duration: tried.took, ..Check::new("tenant", TITLE, status) };
    let own = token.claims().and_then(|claims| claims.tid);
    match (&tried.outcome, own) {
        (Ok(found), Some(own)) if own.eq_ignore_ascii_case(&found.to_string()) => {
            check(Status::Ok).seen(format!("tenant {found}"))
        }
        (Ok(found), Some(own)) => {
            let organization = findings.organization.clone();
            check(Status::Failed).because_of(&Failure::from(crate::session::Error::WrongTenant {
                organization,
                tenant: *found,
                identity_tenant: Some(own),
            }))
        }
        (Ok(found), None) => check(Status::Info)
            .seen(format!("the organization is tenant {found}; the token does not name its own")),
        (Err(failure), _) if failure.code == Code::OrganizationUnknown => {
            check(Status::Failed).because_of(failure)
        }
        // The authority is not needed for a managed identity; that it cannot be reached proves nothing.
        (Err(failure), _) => check(Status::Info)
            .seen(format!("{} could not be asked: {}", findings.authority, failure.message)),
    }
}
