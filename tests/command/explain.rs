//! `exo-mi explain`: from what the program knows by itself.

use crate::harness::{Command, assert_outcome, exo_mi};

/// An error of Windows PowerShell with everything around it, and a token that was copied along.
const FRAMED: &str = "PS C:\\> Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com\r\n\
    The role assigned to application 11111111-2222-3333-4444-5555\r\n55555555 isn\u{2019}t supported in this scenario. Plea\r\n\
    se check online documentation\r\nAt line:1 char:1\r\n+ Connect-ExchangeOnline -ManagedIdentity\r\n+ ~~~~~~~~~~~~\r\n\
    \x20   + CategoryInfo          : OperationStopped: (:) [], UnauthorizedAccessException\r\n\
    Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl\r\n";

fn texts() -> Vec<(&'static str, Command, u8)> {
    let mut mute = b"HTTP/1.1 403 Forbidden\r\n\r\n".to_vec();
    mute.resize(4096, 0);
    let utf_16 = [0xff, 0xfe].into_iter().chain("UnAuthorized\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    vec![
        ("known", exo_mi("explain UnAuthorized"), 0),
        ("words", exo_mi("explain Expired or invalid pagination request."), 0),
        ("code", exo_mi("explain identity-ambiguous"), 0),
        ("several", exo_mi("explain").input("IMDS: 410 Gone\n\nUnAuthorized\n"), 0),
        ("json", exo_mi("explain -o json").argument("IDX12729: Unable to decode"), 0),
        ("csv", exo_mi("explain Micro delay applied -o csv"), 0),
        ("terminal", exo_mi("explain several-identities").terminal(60), 0),
        ("stdin", exo_mi("explain").input(FRAMED), 0),
        ("hyphen", exo_mi("explain -").bytes(&utf_16.collect::<Vec<u8>>()), 0),
        ("mute", exo_mi("explain").bytes(&mute), 0),
        ("long", exo_mi("explain").input(&format!("UnAuthorized\n{}", "x ".repeat(1 << 20))), 0),
        ("hyphen-on-terminal", exo_mi("explain -").answering("Access is denied\n"), 0),
        ("unknown", exo_mi("explain the docker daemon is unauthorized"), 1),
        ("unknown-entra", exo_mi("explain AADSTS50126: Error validating credentials"), 1),
        ("unknown-json", exo_mi("explain --error-format json no such text"), 1),
        ("no-text-on-terminal", exo_mi("explain").answering(""), 2),
        ("empty", exo_mi("explain").input(" \n"), 2),
        ("raw", exo_mi("explain -o raw UnAuthorized"), 2),
        ("unknown-option", exo_mi("explain -Identity was not found"), 2),
    ]
}

#[test]
fn texts_are_explained_and_nothing_is_sent() {
    for (name, command, exit) in texts() {
        let outcome = command.run();
        assert!(outcome.requests.is_empty(), "{name}: {outcome}");
        assert_eq!(outcome.exit, exit, "{name}: {outcome}");
        assert!(!outcome.stdout.contains("eyJ") && !outcome.stderr.contains("eyJ"), "{name}: {outcome}");
        assert_outcome!(format!("explain-{name}"), outcome);
    }
}

/// What exo-mi prints is what it understands, in either form.
#[test]
fn the_errors_of_exo_mi_are_explained_to_their_codes() {
    for (words, code) in [
        ("connect --org= get-accepted-domain", "organization-missing"),
        ("connect --org contoso.onmicrosoft.com get-accepted-domian", "cmdlet-unknown"),
        (
            "connect --org contoso.onmicrosoft.com --emulate=no-app-role get-accepted-domain",
            "app-role-missing",
        ),
        (
            "connect --org contoso.onmicrosoft.com --emulate=wrong-identity get-accepted-domain",
            "identity-mismatch",
        ),
    ] {
        for format in ["human", "json"] {
            let failed = exo_mi(&format!("--error-format {format} {words}")).run();
            assert_ne!(failed.exit, 0);
            let explained = exo_mi("explain").input(&failed.stderr).run();
            assert!(explained.stdout.starts_with(&format!("{code}: ")), "{explained}");
        }
    }
}
