//! No secret is ever shown: every command with every source of tokens, in every format. The scan itself is the harness's,
//! which also searches what every other test runs; here are the commands that no other test runs, and the proof that the
//! scan can fail.

use exo_mi::emulator::{Scenario, Source};

use crate::harness::{Command, exo_mi};
use crate::secrets::minted;

const ORG: &str = "--org contoso.onmicrosoft.com";
const FORMATS: [&str; 7] = ["text", "json", "junit", "tap", "nagios", "prometheus", "html"];

/// What each command is given to take its token from a source; `None` where the source is no host's.
fn credentials() -> Vec<(Source, &'static str)> {
    let of_host = |source| match source {
        Source::CloudShell | Source::Certificate => None,
        Source::ContainerInstanceWindows => Some((source, "--identity-source container-instance")),
        _ => Some((source, "")),
    };
    let mut credentials: Vec<_> = Source::ALL.iter().copied().filter_map(of_host).collect();
    credentials.push((Source::Certificate, "--app-id @app@ --certificate-file @pem@"));
    let pfx = "--app-id @app@ --certificate-file @pfx@ --certificate-password-file @password@";
    credentials.push((Source::Certificate, pfx));
    let minted =
        "--app-id @app@ --certificate-file @minted-pfx@ --certificate-password-file @minted-password@";
    credentials.push((Source::Certificate, minted));
    credentials.push((Source::Imds, "--access-token-file @token@"));
    credentials
}

#[test]
fn no_command_shows_a_secret_of_any_source() {
    for (source, credential) in credentials() {
        for (words, exit) in [
            ("connect -o json", 0),
            ("whoami -o json", 0),
            ("token --claims", 0),
            ("doctor --format json", 0),
        ] {
            let cmdlet = if words.starts_with("connect") { "get-accepted-domain" } else { "" };
            let (command, rest) = words.split_once(' ').expect("a command");
            let outcome =
                exo_mi(&format!("{command} {ORG} {credential} {rest} {cmdlet}")).source(source).run();
            assert_eq!(outcome.exit, exit, "{source:?} {outcome}");
        }
    }
}

#[test]
fn the_one_command_that_hands_out_a_token_shows_nothing_else_of_any_source() {
    for (source, credential) in credentials() {
        let outcome = exo_mi(&format!("token {ORG} {credential}")).source(source).handing_out().run();
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{source:?} {outcome}");
    }
}

#[test]
fn no_form_of_the_doctors_report_and_no_bundle_shows_a_secret_whatever_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("bundle.json");
    for scenario in Scenario::ALL.iter().copied().filter(|scenario| !scenario.is_of_graph()) {
        let source = scenario.source().unwrap_or(Source::IdentityEndpoint);
        let credential =
            if source == Source::Certificate { "--app-id @app@ --certificate-file @pem@" } else { "" };
        let words = format!("doctor {ORG} {credential} --bundle {}", bundle.display());
        let outcome = exo_mi(&words).scenario(scenario).source(source).run();
        assert!(bundle.exists(), "{scenario}: {outcome}");
        std::fs::remove_file(&bundle).expect("a bundle");
    }
    for format in FORMATS {
        let command = exo_mi(&format!("doctor {ORG} --format {format}")).source(Source::IdentityEndpoint);
        for scenario in [Scenario::Healthy, Scenario::NoAppRole, Scenario::Throttled] {
            command.clone().scenario(scenario).run();
        }
    }
}

#[test]
fn a_grant_shows_no_token_and_its_scripts_get_none() {
    let role =
        |words: &str| exo_mi(&format!("grant {words} --name vm-exchange --role")).argument("Global Reader");
    for option in ["", "--what-if", "--revoke"] {
        let outcome = role(&format!("--graph-token-file @graph-token@ {option}")).run();
        assert_eq!(outcome.exit, 0, "{outcome}");
    }
    for language in ["az", "powershell", "graph"] {
        let outcome = role(&format!("--print {language}")).without("EXO_MI_GRAPH_URI").run();
        assert_eq!(outcome.exit, 0, "{outcome}");
        let both = role(&format!("--print {language} --graph-token-file @graph-token@")).run();
        assert_eq!(both.exit, 2, "{both}");
    }
}

/// Whoever asks what an error means pastes what stands around it.
#[test]
fn an_explanation_repeats_nothing_of_what_it_explains() {
    for token in [minted(), format!("eyJhbGciOiJub25lIn0.{}.", minted())] {
        for text in ["(Unauthorized) UnAuthorized", "nothing that is known"] {
            let pasted = format!("Authorization: Bearer {token}\n{text} {token}\n");
            let outcome = exo_mi("explain").input(&pasted).run();
            let all = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!all.contains(&token), "{outcome}");
        }
    }
}

/// What the harness finds when a command does show a secret.
mod proof {
    use super::*;

    #[test]
    #[should_panic(expected = "token as it is was shown on standard output")]
    fn the_harness_finds_a_token_on_standard_output() {
        exo_mi("token").run();
    }

    #[test]
    #[should_panic(expected = "token as it is was shown on ")]
    fn the_harness_finds_a_token_in_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        exo_mi(&format!("token --out {}", folder.path().join("token").display())).run();
    }

    #[test]
    #[should_panic(expected = "the identity header as it is was shown on standard error")]
    fn the_harness_finds_an_identity_header_on_standard_error() {
        // The name of an option that does not exist is repeated.
        exo_mi("whoami @identity-header@").source(Source::IdentityEndpoint).run();
    }

    #[test]
    #[should_panic(expected = "a private key in base64")]
    fn the_harness_finds_a_private_key_that_it_is_told_of() {
        let key = include_str!("../../fixtures/certificate/application.pem");
        exo_mi("whoami").argument(key).run();
    }

    #[test]
    fn the_harness_knows_a_secret_of_every_kind() {
        let command: Command = exo_mi(&format!("whoami {ORG} --app-id @app@ --certificate-file @pfx@"));
        let command = command.argument("--certificate-password-file").argument("@password@");
        let kinds = command.source(Source::Certificate).kinds();
        for kind in [
            "the identity header",
            "MSI_SECRET",
            "a federated token",
            "a client assertion",
            "a token",
            "a certificate's password",
        ] {
            assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
        }
        assert!(exo_mi("whoami").source(Source::Arc).kinds().contains(&"an Azure Arc key"));
    }
}
