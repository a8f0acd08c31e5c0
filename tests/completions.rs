//! The scripts of `exo-mi completions`, in the shells that they are for. bash is everywhere where this runs; zsh and fish
//! are asked where they are installed.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use exo_mi::env::Env;

const PROGRAM: &str = env!("CARGO_BIN_EXE_exo-mi");

/// Runs a shell with the program as `exo-mi`; nothing where there is no such shell.
fn shell(name: &str, arguments: &[&str]) -> Option<String> {
    let folder = Path::new(PROGRAM).parent().expect("the program lies in a folder");
    let path = format!("{}:{}", folder.display(), Env::process().var("PATH").unwrap_or_default());
    let home = tempfile::tempdir().expect("a folder");
    let output = Command::new(name).args(arguments).env("PATH", path).env("HOME", home.path()).output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("{name}: {error}"),
    };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{name}: {}: {complaint}", output.status);
    Some(String::from_utf8(output.stdout).expect("text"))
}

/// The words that bash completes, with the words before them as bash parts them.
fn bash(words: &str) -> String {
    let script = format!(
        "eval \"$(exo-mi completions bash)\"; complete -p exo-mi >/dev/null || exit 1
         COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
         _exo_mi exo-mi; echo \"${{COMPREPLY[*]}}\""
    );
    shell("bash", &["--norc", "-c", &script]).expect("bash is installed").trim_end().to_owned()
}

#[test]
fn bash_completes_commands_options_cmdlets_parameters_and_values() {
    for (words, expected) in [
        ("exo-mi whoa", "whoami"),
        ("exo-mi connect --org X get-accepted-", "get-accepted-domain"),
        ("exo-mi connect --org X get-mailbox -Res", "-ResultSize"),
        ("exo-mi connect --output = js", "json jsonl"),
        ("exo-mi connect --output =", "table list powershell json jsonl csv tsv yaml markdown none raw"),
        ("exo-mi connect get-mailbox -ResultSize : un", "Unlimited"),
        ("exo-mi connect --identity-source ar", "arc"),
        ("exo-mi connect set-mailbox meg -HiddenFromAddressListsEnabled ''", r"\$true \$false"),
        ("exo-mi grant --role global", r"Global\ Administrator Global\ Reader"),
        ("exo-mi connect --org ''", ""),
    ] {
        assert_eq!(bash(words), expected, "{words}");
    }
}

#[test]
fn zsh_completes_by_what_the_program_says() {
    // Outside of an editor the builtins of completion refuse, so that they are replaced by what tells of their use.
    let driven = |words: &str, count: usize| {
        let script = format!(
            "compdef() {{ : }}; source <(exo-mi completions zsh)
             compadd() {{ print -r -- ${{(P)@[-1]}} \"|\" ${{shown[1]}} }}; _files() {{ print files }}; compset() {{ : }}
             words=({words}); CURRENT={count}; _exo_mi"
        );
        shell("zsh", &["-f", "-c", &script])
    };
    for (words, count, expected) in [
        ("exo-mi connect --org X get-accepted-", 5, "get-accepted-domain | get-accepted-domain  -- reads\n"),
        ("exo-mi connect get-mailbox -Res", 4, "-ResultSize | -ResultSize  -- size\n"),
        ("exo-mi connect --identity-source ar", 4, "arc | arc\n"),
        ("exo-mi connect --ca-file ''", 4, "files\n"),
    ] {
        let Some(printed) = driven(words, count) else { return };
        assert_eq!(printed, expected, "{words}");
    }
}

#[test]
fn fish_completes_by_what_the_program_says() {
    for (line, expected) in [
        ("exo-mi whoa", "whoami\tShow who the identity is, from its token alone\n"),
        ("exo-mi connect --org X get-accepted-", "get-accepted-domain\treads\n"),
        ("exo-mi connect --org X get-mailbox -Res", "-ResultSize\tsize\n"),
        ("exo-mi connect --output=jsonl get-accepted-", "get-accepted-domain\treads\n"),
        ("exo-mi connect --ca-file /etc/passw", "/etc/passwd\n"),
    ] {
        let script = format!("exo-mi completions fish | source; complete -C '{line}'");
        let Some(printed) = shell("fish", &["--no-config", "-c", &script]) else { return };
        let lines: Vec<&str> = printed.lines().filter(|line| !line.starts_with("/etc/passwd-")).collect();
        assert_eq!(lines.join("\n") + "\n", expected, "{line}");
    }
}

#[test]
fn a_line_that_makes_no_sense_is_completed_by_nothing() {
    for arguments in [
        vec!["complete", "--shell", "fish", "--current=--x=y", "--", "--nonsense", "-", "--", "é"],
        vec!["complete", "--shell", "bash", "--current=:", "--", "=", "=", ":"],
        vec!["complete", "--shell", "zsh", "--current=é", "--", "connect", "get-é", "-é:", "é"],
        vec!["complete", "--shell", "powershell", "--", "connect", "get-mailbox", "-"],
    ] {
        let output = Command::new(PROGRAM).args(&arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
}
