//! Bad input: a clear error, the right exit code, and nothing sent.

use crate::harness::{Command, assert_outcome, connect, exo_mi};

const ORG: &str = "--org contoso.onmicrosoft.com";

fn bad_input() -> Vec<(&'static str, Command)> {
    let domains = |words: &str| connect(&format!("{words} get-accepted-domain"));
    vec![
        ("no-command", exo_mi("")),
        ("no-org", domains("").without("EXO_MI_ORG")),
        ("empty-org", domains("--org=")),
        ("odd-org", domains("--org contoso.onmicrosoft.com/x")),
        ("malformed-guid", domains(&format!("{ORG} --client-id 1234"))),
        ("malformed-guid-variable", domains(ORG).variable("EXO_MI_CLIENT_ID", "1234")),
        ("two-selectors", domains(&format!("{ORG} --client-id 1 --object-id 2"))),
        ("unknown-cmdlet", connect(&format!("{ORG} get-accepted-domian"))),
        ("unknown-option", domains("--orgg contoso.onmicrosoft.com")),
        ("option-after-cmdlet", connect("get-accepted-domain --org contoso.onmicrosoft.com")),
        ("unknown-format", domains(&format!("{ORG} -o pdf"))),
        ("empty-column", domains(&format!("{ORG} --columns Name,,Id"))),
        ("empty-column-after-cmdlet", connect(&format!("{ORG} get-accepted-domain --columns=,"))),
        ("columns-without-names", connect(&format!("{ORG} get-accepted-domain --columns"))),
        ("wide-and-columns", connect(&format!("{ORG} --wide get-accepted-domain --columns Name"))),
        ("wide-with-a-value", connect(&format!("{ORG} get-accepted-domain --wide=yes"))),
        ("no-width", domains(&format!("{ORG} --width 0"))),
        ("width-after-cmdlet", connect(&format!("{ORG} get-accepted-domain --width 80"))),
        ("format-twice", connect(&format!("{ORG} get-accepted-domain -o csv -o json"))),
        ("raw-without-cmdlet", connect(&format!("{ORG} -o raw"))),
        ("raw-and-columns", domains(&format!("{ORG} -o raw --columns Name"))),
        ("query-malformed", domains(&format!("{ORG} --query [?Name"))),
        ("query-lenient", domains(&format!("{ORG} --query [?Name==`x`]"))),
        ("query-unknown-function", connect(&format!("{ORG} get-accepted-domain --query lenght(@)"))),
        ("query-empty", connect(&format!("{ORG} get-accepted-domain --query="))),
        ("query-and-columns", connect(&format!("{ORG} --query [0] get-accepted-domain --columns Name"))),
        ("query-and-raw", domains(&format!("{ORG} --query [0] -o raw"))),
        ("empty-identity", connect(&format!("{ORG} get-mailbox -Identity")).argument("")),
        ("unconfirmed-write", connect(&format!("{ORG} remove-mailbox meg"))),
        ("unwritable-output", domains(&format!("{ORG} --out /nonexistent/folder/x.csv"))),
        ("no-ca-file", domains(ORG).variable("EXO_MI_CA_FILE", "/nonexistent/ca.pem")),
        ("insecure-uri", domains(ORG).variable("EXO_MI_CONNECTION_URI", "http://exchange.example.com")),
        ("unparsable-imds", domains(ORG).variable("AZURE_POD_IDENTITY_AUTHORITY_HOST", "nonsense")),
        (
            "unparsable-endpoint",
            domains(ORG).variable("IDENTITY_ENDPOINT", "nonsense").variable("IDENTITY_HEADER", "s"),
        ),
        (
            "insecure-endpoint",
            domains(ORG)
                .variable("IDENTITY_ENDPOINT", "http://example.com/")
                .variable("IDENTITY_HEADER", "s"),
        ),
        ("endpoint-alone", domains(ORG).variable("IDENTITY_ENDPOINT", "http://127.0.0.1:1/")),
        ("source-not-set-up", domains(&format!("{ORG} --identity-source automation"))),
        ("unknown-level", domains(ORG).variable("EXO_MI_LOG", "loud")),
    ]
}

#[test]
fn bad_input_is_named_and_nothing_is_sent() {
    for (name, command) in bad_input() {
        let outcome = command.run();
        assert!(outcome.requests.is_empty(), "{name}: {outcome}");
        assert!(outcome.exit != 0 && outcome.stdout.is_empty(), "{name}: {outcome}");
        assert_outcome!(format!("bad-{name}"), outcome);
    }
}

#[test]
fn cloud_shell_is_recognised_and_refused_before_anything_is_sent() {
    let outcome = connect(&format!("{ORG} get-accepted-domain"))
        .variable("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")
        .run();
    assert_eq!((outcome.exit, outcome.requests.len()), (3, 0), "{outcome}");
    assert_outcome!("cloud-shell", outcome);
}

#[test]
fn errors_are_one_json_object_where_that_is_wanted() {
    for (name, command) in [
        ("usage", connect("--error-format json --org= get-accepted-domain")),
        ("arguments", connect("--error-format json --nonsense get-accepted-domain")),
        ("denied", connect(&format!("--error-format json {ORG} get-nothing-known"))),
    ] {
        let outcome = command.run();
        let error: serde_json::Value = serde_json::from_str(&outcome.stderr).expect("one JSON object");
        let keys = [
            "kind",
            "code",
            "message",
            "causes",
            "hints",
            "status",
            "request_id",
            "client_request_id",
            "attempts",
            "elapsed_ms",
        ];
        assert!(keys.iter().all(|key| error.get(key).is_some()), "{name}: {error}");
        assert_eq!(error.as_object().map(serde_json::Map::len), Some(keys.len()));
    }
}

#[test]
fn unusual_organizations_are_noted_on_standard_error_alone() {
    for org in ["contoso.com", "11111111-2222-3333-4444-555555555555"] {
        let outcome = connect(&format!("--org {org} get-accepted-domain")).run();
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
        assert_outcome!(format!("org-{org}"), outcome);
        let quiet = connect(&format!("-q --org {org} get-accepted-domain")).run();
        assert_eq!(quiet.stderr, "");
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_named_and_not_tried_again() {
    for cmdlet in ["get-accepted-domain", "set-accepted-domain contoso.com -DomainType InternalRelay"] {
        let outcome = connect(&format!("{ORG} {cmdlet}")).without("EXO_MI_CA_FILE").run();
        assert_eq!((outcome.exit, outcome.sleeps.len()), (6, 0), "{outcome}");
        assert!(outcome.stderr.contains("docs/errors.md#tls-untrusted"), "{outcome}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    for words in [
        "--help",
        "--version",
        "connect --help",
        "grant --help",
        "emulate --help",
        "connect get-accepted-domain --help",
    ] {
        let outcome = exo_mi(words).run();
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{words}");
        assert!(outcome.stdout.contains("exo-mi"), "{words}");
    }
}
