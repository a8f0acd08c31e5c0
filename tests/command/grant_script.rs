//! The scripts that `exo-mi grant --print` prints: what they say, that a shell takes them, and that they do it.

use exo_mi::emulator::Scenario;

use crate::harness::{Command, assert_outcome, exo_mi};

fn print(language: &str, words: &str) -> Command {
    exo_mi(&format!("grant --print {language} {words}")).without("EXO_MI_GRAPH_URI")
}

/// A name with everything that a shell might take for its own.
const HOSTILE: &str = "o'brien \"vm\" $(touch /tmp/x) `id` \\ ’ !";

#[test]
fn scripts_are_as_recorded_and_nothing_is_sent() {
    let reader =
        |language: &str, words: &str| print(language, words).argument("--role").argument("Global Reader");
    let government = "--client-id 33333333-3333-4333-8333-333333333333 --environment O365USGovGCCHigh";
    for (name, command) in [
        ("az", reader("az", "--name vm-exchange")),
        ("graph", reader("graph", "--name vm-exchange")),
        ("powershell", reader("powershell", "--name vm-exchange")),
        ("az-government", reader("az", government)),
        ("powershell-government", reader("powershell", government)),
        ("graph-revoke", reader("graph", "--object-id a3333333-3333-4333-8333-333333333333 --revoke")),
        (
            "powershell-revoke",
            reader("powershell", "--object-id a3333333-3333-4333-8333-333333333333 --revoke"),
        ),
        ("az-without-role", print("az", "--name vm-exchange")),
        ("powershell-without-role", print("powershell", "--name vm-exchange")),
        ("az-hostile", reader("az", "").argument("--name").argument(HOSTILE)),
        ("powershell-hostile", reader("powershell", "").argument("--name").argument(HOSTILE)),
        ("az-administrator", print("az", "--name vm-exchange --role").argument("Global Administrator")),
    ] {
        let outcome = command.run();
        assert_eq!((outcome.exit, outcome.requests.len()), (0, 0), "{name}: {outcome}");
        assert_outcome!(format!("grant-print-{name}"), outcome);
    }
}

#[cfg(unix)]
mod in_a_shell {
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    use exo_mi::emulator::{Emulator, Options};
    use exo_mi::secret::ExposeSecret;

    use super::{HOSTILE, Scenario, exo_mi, print};

    fn there_is(program: &str) -> bool {
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    }

    /// Runs a script, with the programs of the folder before all others.
    fn bash(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
        std::fs::write(folder.join("script.sh"), script).expect("the script is written");
        let run = r#"PATH="$PWD:$PATH" exec bash script.sh"#;
        let mut shell = Command::new("bash");
        shell.args(["-c", run]).current_dir(folder).envs(variables.iter().copied());
        shell.output().expect("a shell")
    }

    #[test]
    fn bash_finds_no_fault_in_any_of_them() {
        if !there_is("bash") {
            return; // Not on this machine, and nothing to try.
        }
        for language in ["az", "graph"] {
            for name in ["vm-exchange", HOSTILE] {
                for words in ["", "--revoke", "--environment O365China"] {
                    let script = print(language, words).argument("--name").argument(name).run().stdout;
                    let folder = tempfile::tempdir().expect("a folder");
                    let path = folder.path().join("script.sh");
                    std::fs::write(&path, &script).expect("the script is written");
                    let checked = Command::new("bash").arg("-n").arg(&path).output().expect("a shell");
                    assert!(checked.status.success() && checked.stderr.is_empty(), "{script}{checked:?}");
                }
            }
        }
    }

    /// The script for curl, carried out against the emulator as it stands.
    #[test]
    fn the_script_for_curl_grants_and_takes_away() {
        if !there_is("bash") || !there_is("curl") {
            return; // Not on this machine, and nothing to try.
        }
        let world = |scenario| {
            Emulator::start(Options { scenario, ..Options::default() }).expect("the emulator starts")
        };
        let (world, without) = (world(Scenario::NoAppRole), world(Scenario::GraphNoExchange));
        for (emulator, words, exit, said) in [
            (&world, "--name vm-exchange", 0, "Exchange.ManageAsApp: assigned\nGlobal Reader: assigned\n"),
            (
                &world,
                "--name vm-exchange",
                0,
                "Exchange.ManageAsApp: already there\nGlobal Reader: already there\n",
            ),
            (&world, "--name exchange-tools", 0, "Exchange.ManageAsApp: assigned\nGlobal Reader: assigned\n"),
            (&world, "--name exchange-pods", 0, "Exchange.ManageAsApp: assigned\nGlobal Reader: assigned\n"),
            (
                &world,
                "--client-id 11111111-1111-4111-8111-111111111111 --revoke",
                0,
                "Exchange.ManageAsApp: removed\nGlobal Reader: removed\n",
            ),
            (
                &world,
                "--object-id a1111111-1111-4111-8111-111111111111 --revoke",
                0,
                "Exchange.ManageAsApp: was not there\nGlobal Reader: was not there\n",
            ),
            (
                &world,
                "--name ci-exchange",
                1,
                "error: several have the name `ci-exchange`; take the object id of one\n",
            ),
            (
                &world,
                "--name o'brien",
                1,
                "error: the tenant has no service principal with the name `o'brien`\n",
            ),
            (
                &without,
                "--name vm-exchange",
                1,
                "error: the tenant has no service principal of Office 365 Exchange Online\n",
            ),
        ] {
            let uri = emulator.addresses().graph.clone();
            let script = exo_mi(&format!("grant --print graph --graph-uri {uri} {words} --role"));
            let script = script.argument("Global Reader").run().stdout;
            let folder = tempfile::tempdir().expect("a folder");
            let ca_file = folder.path().join("ca.pem");
            std::fs::write(&ca_file, emulator.ca_pem()).expect("the certificate is written");
            let token = emulator.graph_token();
            let output = bash(
                &script,
                folder.path(),
                &[
                    ("GRAPH_TOKEN", token.expose_secret()),
                    ("CURL_CA_BUNDLE", &ca_file.display().to_string()),
                    ("no_proxy", "*"),
                ],
            );
            let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert_eq!((output.status.code(), printed.as_str()), (Some(exit), said), "{words}");
            assert!(!script.contains(token.expose_secret()));
        }
    }

    /// An az that answers from what it is asked, and writes down every word that it got.
    const AZ: &str = r#"#!/usr/bin/env bash
printf '<%s>' "$@" >> "$WORDS"; echo >> "$WORDS"
case "$*" in
  *appId*00000002*) echo exchange ;;
  *displayName*servicePrincipalType*) ;;
  *displayName*) echo principal ;;
esac
"#;

    #[test]
    fn the_script_for_az_asks_for_the_very_name() {
        use std::os::unix::fs::PermissionsExt as _;
        if !there_is("bash") {
            return; // Not on this machine, and nothing to try.
        }
        let script =
            print("az", "--role").argument("Global Reader").argument("--name").argument(HOSTILE).run().stdout;
        let folder = tempfile::tempdir().expect("a folder");
        let az = folder.path().join("az");
        std::fs::write(&az, AZ).expect("the stand-in is written");
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o700)).expect("it may be run");
        let words = folder.path().join("words");
        let output = bash(&script, folder.path(), &[("WORDS", &words.display().to_string())]);
        let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(printed, "Exchange.ManageAsApp: assigned\nGlobal Reader: assigned\n");
        let words = std::fs::read_to_string(&words).expect("words");
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines.len(), 7, "{words}");
        let filter = format!("<$filter=displayName eq '{}'>", HOSTILE.replace('\'', "''"));
        assert!(lines[1].contains(&filter), "{words}");
        let body = r#"<--body><{"principalId":"principal","resourceId":"exchange","appRoleId":"dc50a0fb-09a3-484d-be87-e023b12c6440"}>"#;
        assert!(lines[4].contains(body), "{words}");
        let body = r#"<--body><{"principalId":"principal","roleDefinitionId":"f2ef992c-3afb-46b9-b7cf-a126ee74c451","directoryScopeId":"/"}>"#;
        assert!(lines[6].contains(body), "{words}");
    }
}
