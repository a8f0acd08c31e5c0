//! `exo-mi whoami` and `exo-mi token`: what an identity is, without Exchange.

use exo_mi::emulator::{Scenario, Source};

use crate::harness::{assert_outcome, exo_mi};

#[test]
fn an_identity_without_any_grant_is_told_of() {
    assert_outcome!("whoami", exo_mi("whoami").run());
    let outcome = exo_mi("whoami -o json").scenario(Scenario::NoAppRole).run();
    assert_outcome!("whoami-no-app-role", outcome);
}

#[test]
fn one_fact_can_be_taken_out() {
    let outcome = exo_mi("whoami --query [0].Kind").run();
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str()),
        (0, "system-assigned managed identity\n"),
        "{outcome}"
    );
    let user = exo_mi("whoami --client-id 44444444-4444-4444-8444-444444444444 -o csv --columns Kind");
    let outcome = user.run();
    assert_eq!(outcome.stdout, "Kind\nuser-assigned managed identity\n", "{outcome}");
}

#[test]
fn a_host_without_an_identity_has_nobody_to_tell_of() {
    for command in ["whoami", "token --claims"] {
        let outcome = exo_mi(command).scenario(Scenario::NoIdentity).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (3, ""), "{outcome}");
    }
}

#[test]
fn a_token_is_handed_out_and_stands_nowhere_else() {
    let outcome = exo_mi("token").handing_out().run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
    let parts = outcome.stdout.trim_end().split('.').count();
    assert_eq!((parts, outcome.stdout.lines().count()), (3, 1), "{outcome}");
    assert!(outcome.requests.iter().all(|entry| !entry.to_string().contains("adminapi")), "{outcome}");
}

#[test]
fn a_token_can_be_for_another_resource() {
    let outcome = exo_mi("token --resource https://graph.microsoft.com").handing_out().run();
    assert_eq!(outcome.exit, 0, "{outcome}");
    assert!(outcome.requests[0].to_string().contains("graph.microsoft.com"), "{outcome}");
    let outcome = exo_mi("token --resource graph").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
}

#[test]
fn a_log_gets_no_token() {
    // The harness has standard output be 8:42.
    let captured = exo_mi("token").variable("JOURNAL_STREAM", "8:43").handing_out().run();
    assert_eq!(captured.exit, 0, "{captured}");
    for (name, value) in [("JOURNAL_STREAM", "8:42"), ("AUTOMATION_JOB_ID", "job")] {
        let outcome = exo_mi("token").variable(name, value).run();
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
        let claims = exo_mi("token --claims").variable(name, value).run();
        assert_eq!(claims.exit, 0, "{claims}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    let outcome = exo_mi(&format!("token --out {}", file.display()));
    let outcome = outcome.variable("JOURNAL_STREAM", "8:42").handing_out().run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{outcome}");
    assert!(std::fs::read_to_string(&file).expect("a token").starts_with("eyJ"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_certificate_needs_to_know_the_organization() {
    let words = "whoami --app-id @app@ --certificate-file @pem@";
    let outcome = exo_mi(words).source(Source::Certificate).without("EXO_MI_ORG").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    let outcome = exo_mi(&format!("{words} --org contoso.onmicrosoft.com --query [0].Kind"));
    assert_eq!(outcome.source(Source::Certificate).run().stdout, "application\n");
}

#[test]
fn the_organization_is_checked_where_that_is_asked_for() {
    for command in ["token", "whoami"] {
        let words = format!("{command} --org contoso.onmicrosoft.com --verify-org");
        let outcome = exo_mi(&words).scenario(Scenario::WrongTenant).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""), "{outcome}");
        let unnamed = exo_mi(&format!("{command} --verify-org")).without("EXO_MI_ORG").run();
        assert_eq!((unnamed.exit, unnamed.requests.len()), (2, 0), "{unnamed}");
    }
}
