//! What `exo-mi emulate` prints.

use std::path::Path;

use exo_mi::emulator::shell::{Shell, setup};
use exo_mi::emulator::{Emulator, Options, Scenario};
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
