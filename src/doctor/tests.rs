//! Verdicts over findings that no service had to produce.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::check::Status;
use super::findings::{Domains, Findings, Tried, Way};
use super::{access, host, service};
use crate::exchange::Reached;
use crate::exit::Exit;
use crate::failure::{CallFacts, Failure};
use crate::http::Probed;
use crate::identity::{Detection, TokenSource};
use crate::knowledge::{APP_ROLE, Code, DIRECTORY_ROLES, LOOK_ALIKES};
use crate::secret::Secret;
use crate::token::AccessToken;

const NOW: u64 = 1_800_000_000;
const TENANT: &str = "5f0f6c3a-7a53-4a0b-9d0e-2f4a5b6c7d8e";

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn tried<T>(outcome: T) -> Tried<T> {
    Tried { outcome, took: Duration::ZERO }
}

fn token(claims: &Value) -> AccessToken {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let text = format!("{}.{}.{}", part(r#"{"alg":"none"}"#), part(&claims.to_string()), part("s"));
    AccessToken {
        secret: Secret::from(text),
        expires_on: at(NOW + 3600),
        resource: "https://outlook.office365.com/".to_owned(),
    }
}

fn claims(roles: &[&str], wids: &[&str]) -> Value {
    json!({"aud": "https://outlook.office365.com", "tid": TENANT, "idtyp": "app", "iat": NOW - 60,
           "exp": NOW + 3600, "roles": roles, "wids": wids})
}

fn denied(status: u16) -> Failure {
    let call = CallFacts { status: Some(status), ..CallFacts::default() };
    Failure { call, ..Failure::new(Exit::Denied, Code::PermissionRefused, "refused") }
}

fn found() -> Domains {
    let names = ["contoso.onmicrosoft.com", "contoso.com"].map(str::to_owned).to_vec();
    Domains { names, ..Domains::default() }
}

/// Findings of a connection that works, but for what a test changes.
fn findings(claims: &Value, trial: Result<Domains, Failure>) -> Findings {
    let way = Probed { addresses: Vec::new(), lookup: Duration::ZERO, connection: Duration::ZERO, tls: None };
    Findings {
        organization: "contoso.onmicrosoft.com".to_owned(),
        note: None,
        detection: Detection { source: TokenSource::Imds, because: "of a test" },
        resource: "https://outlook.office365.com/".to_owned(),
        authority: "https://login.microsoftonline.com/".to_owned(),
        exchange: "https://outlook.office365.com/".to_owned(),
        now: at(NOW),
        token: tried(Ok(token(claims))),
        answered: true,
        tenant: Some(tried(Ok(Uuid::try_parse(TENANT).expect("a GUID")))),
        way: Some(tried(Way::Direct(Ok(way)))),
        reached: Some(tried(Ok(Reached { server: None, date: Some(at(NOW)) }))),
        domains: Some(tried(trial)),
        reason: None,
        cmdlet: None,
    }
}

#[test]
fn the_verdict_on_access_takes_roles_and_status_together() {
    use Status::{Failed, Info, Ok as Fine, Warning};
    let reader = DIRECTORY_ROLES.iter().find(|role| role.name == "Global Reader").expect("a role").id;
    let (with, none): (&[&str], &[&str]) = (&[APP_ROLE], &[]);
    for (roles, wids, status, app_role, directory_role) in [
        (none, none, 401, Failed, Warning),
        (none, &[reader][..], 401, Failed, Fine),
        (none, &[reader][..], 403, Failed, Fine),
        (with, none, 403, Fine, Failed),
        (with, none, 200, Fine, Info),
        (with, &[reader][..], 403, Fine, Fine),
        (with, &[reader][..], 200, Fine, Fine),
        (none, none, 200, Info, Info),
        (none, &[reader][..], 200, Info, Fine),
    ] {
        let trial = if status == 200 { Ok(found()) } else { Err(denied(status)) };
        let findings = findings(&claims(roles, wids), trial);
        let verdict = (access::app_role(&findings).status, access::directory_role(&findings).status);
        assert_eq!(verdict, (app_role, directory_role), "{roles:?} {wids:?} {status}");
    }
}

#[test]
fn each_directory_role_and_each_look_alike_is_told_apart() {
    for role in &DIRECTORY_ROLES {
        let findings = findings(&claims(&[APP_ROLE], &[role.id]), Ok(found()));
        let check = access::directory_role(&findings);
        assert_eq!((check.status, check.evidence.as_slice()), (Status::Ok, &[role.name.to_owned()][..]));
        let large = ["Global Administrator", "Exchange Administrator"].contains(&role.name);
        let expected = if large { Status::Warning } else { Status::Ok };
        assert_eq!(access::privileges(&findings).status, expected, "{}", role.name);
    }
    for name in LOOK_ALIKES {
        let check = access::app_role(&findings(&claims(&[name], &[]), Err(denied(401))));
        assert_eq!(check.status, Status::Failed, "{name}");
        assert!(check.evidence[0].contains(name), "{name}: {:?}", check.evidence);
    }
}

#[test]
fn who_asks_about_a_cmdlet_that_writes_may_write() {
    let role = |name: &str| DIRECTORY_ROLES.iter().find(|role| role.name == name).expect(name).id;
    for (cmdlet, held, expected) in [
        ("Set-Mailbox", "Exchange Administrator", Status::Ok),
        ("Set-Mailbox", "Global Administrator", Status::Warning),
        ("Get-Mailbox", "Exchange Administrator", Status::Warning),
        ("Get-Mailbox", "Global Reader", Status::Ok),
    ] {
        let mut findings = findings(&claims(&[APP_ROLE], &[role(held)]), Ok(found()));
        findings.cmdlet = Some((cmdlet.to_owned(), Some(tried(Ok(true)))));
        assert_eq!(access::privileges(&findings).status, expected, "{cmdlet} {held}");
        assert_eq!(access::cmdlet(&findings).map(|check| check.status), Some(Status::Ok));
    }
}

#[test]
fn a_cmdlet_that_may_not_be_run_is_answered_with_the_smallest_role() {
    for (cmdlet, role) in [("Get-Mailbox", "Global Reader"), ("Set-Mailbox", "Exchange Administrator")] {
        let mut findings = findings(&claims(&[APP_ROLE], &[]), Ok(found()));
        findings.cmdlet = Some((cmdlet.to_owned(), Some(tried(Ok(false)))));
        let check = access::cmdlet(&findings).expect("a check");
        assert_eq!(check.status, Status::Failed);
        assert!(check.remedies[0].text.contains(role), "{cmdlet}: {:?}", check.remedies);
    }
}

#[test]
fn a_token_for_something_else_is_no_token() {
    for (audience, expected) in [
        ("https://outlook.office365.com", Status::Ok),
        ("https://OUTLOOK.office365.com/", Status::Ok),
        ("00000002-0000-0ff1-ce00-000000000000", Status::Ok),
        ("https://graph.microsoft.com", Status::Failed),
        ("https://outlook.office365.us", Status::Failed),
    ] {
        let mut claims = claims(&[APP_ROLE], &[]);
        claims["aud"] = audience.into();
        assert_eq!(host::claims(&findings(&claims, Ok(found()))).status, expected, "{audience}");
    }
    let mut person = claims(&[APP_ROLE], &[]);
    person["scp"] = "user_impersonation".into();
    assert_eq!(host::claims(&findings(&person, Ok(found()))).status, Status::Failed);
    let opaque = AccessToken { secret: Secret::from("opaque"), ..token(&json!({})) };
    let mut findings = findings(&claims(&[], &[]), Ok(found()));
    findings.token = tried(Ok(opaque));
    assert_eq!(host::claims(&findings).status, Status::Info);
    assert_eq!(access::app_role(&findings).status, Status::Skipped);
}

#[test]
fn a_clock_that_is_wrong_is_warned_of() {
    for (date, expected) in [
        (Some(NOW), Status::Ok),
        (Some(NOW + 299), Status::Ok),
        (Some(NOW - 299), Status::Ok),
        (Some(NOW + 3600), Status::Warning),
        (Some(NOW - 3600), Status::Warning),
        (None, Status::Skipped),
    ] {
        let mut findings = findings(&claims(&[], &[]), Ok(found()));
        findings.reached = Some(tried(Ok(Reached { server: None, date: date.map(at) })));
        assert_eq!(host::clock(&findings).status, expected, "{date:?}");
    }
    let mut ahead = claims(&[], &[]);
    ahead["iat"] = (NOW + 3600).into();
    let mut findings = findings(&ahead, Ok(found()));
    findings.reached = None;
    assert_eq!(host::clock(&findings).status, Status::Warning);
}

#[test]
fn the_tenant_is_compared_and_a_silent_authority_proves_nothing() {
    let other = Uuid::try_parse("00000000-0000-4000-8000-000000000001").expect("a GUID");
    let unknown = Failure::new(Exit::Denied, Code::OrganizationUnknown, "unknown");
    let silent = Failure::new(Exit::Unavailable, Code::DeadlinePassed, "silent");
    for (tenant, expected) in [
        (Ok(Uuid::try_parse(TENANT).expect("a GUID")), Status::Ok),
        (Ok(other), Status::Failed),
        (Err(unknown), Status::Failed),
        (Err(silent), Status::Info),
    ] {
        let mut findings = findings(&claims(&[], &[]), Ok(found()));
        findings.tenant = Some(tried(tenant));
        assert_eq!(host::tenant(&findings).status, expected, "{:?}", findings.tenant);
    }
}

#[test]
fn the_answer_is_looked_at_for_what_it_lacks() {
    use Status::{Failed, Ok as Fine, Skipped, Warning};
    let check = |change: fn(&mut Domains)| {
        let mut domains = found();
        change(&mut domains);
        let findings = findings(&claims(&[APP_ROLE], &[]), Ok(domains));
        [service::domains, service::organization, service::complete].map(|check| check(&findings).status)
    };
    assert_eq!(check(|_| {}), [Fine, Fine, Fine]);
    assert_eq!(check(|domains| domains.warnings.push("w".to_owned())), [Fine, Fine, Warning]);
    assert_eq!(check(|domains| domains.errors.push("e".to_owned())), [Failed, Fine, Fine]);
    assert_eq!(check(|domains| domains.names.clear()), [Fine, Skipped, Fine]);
    assert_eq!(check(|domains| domains.names = vec!["x.onmicrosoft.com".to_owned()]), [Fine, Warning, Fine]);
}
