//! What `exo-mi emulate` prints.

use std::path::Path;

use exo_mi::emulator::shell::{Shell, setup};
use exo_mi::emulator::{Emulator, Options, Scenario, Source};
use exo_mi::secret::ExposeSecret;

fn start(scenario: Scenario) -> Emulator {
    Emulator::start(Options { scenario, ..Options::default() }).unwrap()
}

/// The names that the lines set, without those that are commented out.
fn active(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.trim_start_matches("export ").split('=').next().unwrap()).collect()
}

#[test]
fn the_whole_text_sets_up_imds() {
    let emulator = start(Scenario::Healthy);
    let text = setup(&emulator, Shell::Posix, Path::new("/tmp/o'brien/ca.pem"));
    assert_eq!(
        active(&text),
        [
            "EXO_MI_CONNECTION_URI",
            "EXO_MI_ORG",
            "AZURE_AUTHORITY_HOST",
            "EXO_MI_GRAPH_URI",
            "EXO_MI_CA_FILE",
            "AZURE_POD_IDENTITY_AUTHORITY_HOST"
        ]
    );
    let secret = emulator.identity_header().expose_secret();
    for line in
        [format!("# export IDENTITY_HEADER='{secret}'"), "# export EXO_MI_CLIENT_ID='33333333".to_owned()]
    {
        assert!(text.contains(&line), "{text}");
    }
}

#[test]
fn a_scenario_that_names_an_identity_sets_it() {
    let text = setup(&start(Scenario::IdentityNotAssigned), Shell::Posix, Path::new("ca.pem"));
    assert!(active(&text).contains(&"EXO_MI_CLIENT_ID"));
}

#[test]
fn every_source_has_a_block_that_contradicts_nothing() {
    let emulator = start(Scenario::Healthy);
    let text = setup(&emulator, Shell::Posix, Path::new("ca.pem"));
    for line in [
        "# export IDENTITY_SERVER_THUMBPRINT='",
        "# export DEFAULT_IDENTITY_CLIENT_ID='",
        "# export AZUREPS_HOST_ENVIRONMENT='cloud-shell/1.0'",
        "# export WEBSITE_SITE_NAME='",
        "# export AZURE_FEDERATED_TOKEN_FILE='",
        "# Somebody who may grant, for exo-mi grant: --graph-token-file '",
        "# Or with a certificate: --app-id eeeeeeee-1111-4111-8111-eeeeeeeeeeee --certificate-file '",
        // Its key file would lie where no client looks for it.
        "# Or from the agent of an Arc-enabled server: only with --arc-root /",
    ] {
        assert!(text.contains(&format!("\n{line}")), "{line}: {text}");
    }
    assert!(!text.contains("IMDS_ENDPOINT"), "{text}");
    let titles = text.lines().filter(|line| line.starts_with("# Or ") || line.starts_with("# A token"));
    assert_eq!(titles.count(), Source::ALL.len());
}

#[test]
fn powershell_gets_its_own_syntax() {
    let text = setup(&start(Scenario::Healthy), Shell::PowerShell, Path::new("C:\\o'brien\\ca.pem"));
    assert!(text.contains("\n$env:EXO_MI_CA_FILE = 'C:\\o''brien\\ca.pem'\n"), "{text}");
    assert!(text.contains("\n# $env:IDENTITY_ENDPOINT = 'http://127.0.0.1:"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_posix_shell_evaluates_it() {
    let emulator = start(Scenario::Healthy);
    let text = setup(&emulator, Shell::Posix, Path::new("/tmp/o'brien $HOME/ca.pem"));
    let script =
        format!("{text}\nprintf '%s|%s|%s' \"$EXO_MI_CA_FILE\" \"$EXO_MI_ORG\" \"$IDENTITY_ENDPOINT\"");
    let output = std::process::Command::new("sh").env_clear().arg("-c").arg(script).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown, "/tmp/o'brien $HOME/ca.pem|contoso.onmicrosoft.com|");
}
