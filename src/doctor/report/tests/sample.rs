//! Reports to write: one as a run could leave it, and one whose every text wants to break out of where it stands.
//!
//! `tests/browser.rs` shows the same two to a browser.

use std::time::{Duration, SystemTime};

use super::{Check, Code, Exit, Report, Status};

fn began() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_143_600)
}

fn check(id: &'static str, title: &'static str, status: Status, milliseconds: u64) -> Check {
    Check { duration: Duration::from_millis(milliseconds), ..Check::new(id, title, status) }
}

/// What a check takes over from a cmdlet that was refused.
fn refused(check: Check) -> Check {
    Check { code: Some(Code::DirectoryRoleMissing), ..check }
        .seen("Exchange Online refused `Get-AcceptedDomain` (403)")
        .seen("the token carries no directory role that Exchange accepts")
        .seen("request-id 44444444-4444-4444-8444-444444444444")
        .remedy(
            "assign `Global Reader` to application 11111111-1111-4111-8111-111111111111",
            Some(
                "az rest --method POST --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments \
                 --body '{\"principalId\":\"22222222-2222-4222-8222-222222222222\",\"roleDefinitionId\":\
                 \"f2ef992c-3afb-46b9-b7cf-a126ee74c451\",\"directoryScopeId\":\"/\"}'"
                    .to_owned(),
            ),
        )
        .remedy(
            "or add the identity to a role group of Exchange: New-ServicePrincipal, then Add-RoleGroupMember",
            None,
        )
        .remedy(
            "a grant that is newer than the token is not in it, and Azure keeps a token for about 24 hours; this one was \
             issued at 2026-11-20 02:57 UTC and ends at 2026-11-21 02:57 UTC",
            None,
        )
}

/// What a run could find where the second grant is missing, the clock is wrong and a firewall is in the way.
pub(crate) fn realistic() -> Report {
    let clock = check("clock", "the clock of this machine is right", Status::Warning, 0);
    let clock = Check { code: Some(Code::TokenRefused), ..clock }
        .seen("it is 6 min behind Exchange's")
        .remedy("set the clock by a time server", Some("timedatectl set-ntp true".to_owned()));
    let role = check(
        "directory-role",
        "the token carries a directory role that Exchange accepts",
        Status::Failed,
        0,
    );
    let checks = vec![
        check("arguments", "the organization is an initial domain", Status::Ok, 0)
            .seen("contoso.onmicrosoft.com"),
        check("host", "the host has a source of tokens", Status::Ok, 0)
            .seen("IMDS")
            .seen("no variable names another source"),
        check("identity-endpoint", "the identity endpoint answers", Status::Ok, 0),
        check("token", "the identity endpoint gives a token", Status::Ok, 212)
            .seen("it ends at 2026-11-21T02:57:00Z, in 23 h 57 min"),
        check("token-claims", "the token is an application's, for Exchange", Status::Ok, 0)
            .seen("audience https://outlook.office365.com")
            .seen("issued at 2026-11-20T02:57:00Z, 3 min ago")
            .seen("application 11111111-1111-4111-8111-111111111111, object 22222222-2222-4222-8222-222222222222"),
        check("exchange", "Exchange can be reached", Status::Ok, 41)
            .seen("https://outlook.office365.com/")
            .seen("192.0.2.10: name in 9 ms, connection in 12 ms, TLSv1.3 with h2 in 20 ms"),
        clock,
        check("tenant", "the organization belongs to the identity's tenant", Status::Info, 10_000)
            .seen("https://login.microsoftonline.com/ could not be asked: the connection was refused"),
        check("app-role", "the token carries the app role Exchange.ManageAsApp", Status::Ok, 0),
        refused(role.seen("it carries no directory role")),
        refused(check("accepted-domains", "Get-AcceptedDomain runs", Status::Failed, 404)),
        check("organization-domain", "the organization is one of its domains", Status::Skipped, 0),
        check("cmdlet", "the identity may run the cmdlet that was asked about", Status::Skipped, 0)
            .seen("Get-Mailbox"),
    ];
    Report {
        organization: "contoso.onmicrosoft.com".to_owned(),
        started: began(),
        elapsed: Duration::from_millis(11_840),
        checks,
        metrics: vec![("token_ms", 212), ("token_ttl_s", 86_220), ("cmdlet_ms", 404)],
        unproved: vec![
            "that a grant newer than the token is in force: Azure keeps a token for about 24 hours"
                .to_owned(),
            "membership in role groups of Exchange, which no token names".to_owned(),
        ],
        exit: Exit::Denied,
    }
}

/// The same run with nothing wrong.
pub(crate) fn healthy() -> Report {
    let mut report = realistic();
    report.exit = Exit::Done;
    for check in &mut report.checks {
        if check.status != Status::Info {
            *check = Check { duration: check.duration, ..Check::new(check.id, check.title, Status::Ok) };
        }
    }
    report
}

/// What a stranger's texts could hold: the ends of what they stand in, orders to a terminal, turned writing, numbers that
/// look like the plugin's own, and far too much of everything.
pub(crate) fn hostile() -> Report {
    let texts = [
        "</script><script>console.error('ran')</script><img src=x onerror=console.error(1)>",
        "]]> --> &amp; \" ' ` $(reboot)",
        "two\nlines\r\n  ...\n1..9\nok 9 - forged",
        "\u{1b}[2J\u{1b}]0;title\u{7} \u{9b}31m",
        "\u{202e}txt.exe\u{2066} \u{2028}\u{200f}",
        "load | total_ms=0;;; exo_mi_check{id=\"x\"} 1",
        "# SKIP not really # TODO \\# \\",
        "nul \0, \u{FFFE} and \u{FFFF}",
        "日本語 עברית 👨\u{200D}👩",
    ];
    let all = |mut check: Check| {
        check.evidence.extend(texts.iter().map(|text| (*text).to_owned()));
        check.remedy(texts[0], Some(texts[2].to_owned())).remedy(texts[6], None)
    };
    let with = |status, code| Check { code, ..check("hostile", "a # title with <tags>", status, 61_000) };
    Report {
        organization: format!("{}{}", texts[0], texts[5]),
        started: SystemTime::UNIX_EPOCH - Duration::from_secs(1),
        elapsed: Duration::from_secs(3600),
        checks: vec![
            all(with(Status::Failed, Some(Code::CmdletFailed))).seen("far too long ".repeat(400)),
            all(with(Status::Warning, None)),
            with(Status::Ok, None).seen(texts[0]).seen(texts[3]).seen(texts[4]),
            with(Status::Info, None).seen(texts[8]).seen(texts[0]),
            with(Status::Failed, None).seen(texts[5]),
            with(Status::Skipped, None).seen(texts[6]),
            with(Status::Ok, None).seen(texts[2]),
        ],
        metrics: vec![("token_ttl_s", 0), ("identity_ms", 12_345), ("pages", u64::MAX)],
        unproved: texts.iter().map(|text| (*text).to_owned()).collect(),
        exit: Exit::Cmdlet,
    }
}
