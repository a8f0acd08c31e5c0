//! What the program says of itself: the examples of its help, and its manual.

use std::io::Write as _;
use std::process::{Command as Process, Stdio};

use crate::commands;
use crate::harness::{Command, exo_mi};

/// All commands that are no secret.
fn all() -> Vec<String> {
    commands::listed(&exo_mi("--help").run().stdout)
}

/// The examples of a command that can be carried out here: not those that write files, read what another program says,
/// name somebody's identity or serve until they are stopped.
fn runnable(command: &str) -> Vec<Command> {
    const ELSEWHERE: [&str; 8] =
        [" --out", "report.ps1", " < ", " - ", "exo-mi emulate", "--graph-token-file", "--client-id", "$("];
    let help = exo_mi(&format!("{command} --help")).run().stdout;
    let (_, examples) = help.split_once("Examples:\n").expect("there are examples");
    let examples = examples.lines().filter(|line| line.starts_with("  exo-mi "));
    let here = examples.filter(|line| !ELSEWHERE.iter().any(|sign| line.contains(sign)));
    here.map(|line| words(line.split(['|', '>']).next().unwrap_or_default().trim())).collect()
}

/// A line as a command; between single quotes stands one word.
fn words(line: &str) -> Command {
    let pieces = line.trim_start_matches("exo-mi").split('\'').enumerate();
    pieces.fold(exo_mi(""), |command, (at, piece)| match at % 2 {
        1 => command.argument(piece),
        _ => piece.split_whitespace().fold(command, Command::argument),
    })
}

#[test]
fn the_examples_of_the_help_do_what_they_say() {
    let mut run = 0;
    for command in all() {
        for example in runnable(&command) {
            let example = if command == "token" { example.handing_out() } else { example };
            let outcome = example.run();
            let wrong = outcome.stdout.contains("no-directory-role") || outcome.exit == 4;
            assert!(outcome.exit == 0 || command == "doctor" && wrong, "{outcome}");
            run += 1;
        }
    }
    assert!(run > 15, "{run}");
}

/// The page of a command, as troff.
fn page(command: &str) -> String {
    let outcome = exo_mi(&format!("man {command}")).run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
    outcome.stdout
}

#[test]
fn every_page_of_the_manual_has_its_sections() {
    for command in all().iter().chain(&[String::new()]) {
        let page = page(command);
        let mut sections =
            page.lines().filter_map(|line| line.strip_prefix(".SH ")).map(|name| name.trim_matches('"'));
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "EXAMPLES",
            "SEE ALSO",
        ] {
            assert!(sections.any(|name| name == section), "{command}: no {section}, or not in its place");
        }
        assert!(page.contains(".TP\n\\fB143\\fR\n"), "{command}");
        assert!(page.contains("EXO_MI_LOG"), "{command}");
    }
    let connect = page("connect");
    assert!(connect.contains(".TP\n\\fBEXO_MI_ORG\\fR\nthe same as \\-\\-org\n"), "{connect}");
    assert!(
        connect.contains("exo\\-mi connect \\-\\-org contoso.onmicrosoft.com get\\-accepted\\-domain"),
        "{connect}"
    );
}

#[test]
fn no_page_of_the_manual_is_faulty_troff() {
    for command in all().iter().chain(&[String::new()]) {
        let mut groff = Process::new("groff");
        groff
            .args(["-ww", "-man", "-Tutf8"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Where there is none, nothing is shown by this.
        let Ok(mut groff) = groff.spawn() else { return };
        groff.stdin.take().expect("a pipe").write_all(page(command).as_bytes()).expect("it reads");
        let output = groff.wait_with_output().expect("it ends");
        assert!(output.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn all_pages_are_written_where_that_is_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let outcome = exo_mi("man --out-dir").argument(&folder.path().join("man1").display().to_string()).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{outcome}");
    let whole = std::fs::read_to_string(folder.path().join("man1/exo-mi-connect.1")).expect("a page");
    assert_eq!(whole, page("connect"));
    assert_eq!(std::fs::read_dir(folder.path().join("man1")).expect("a folder").count(), all().len() + 1);
}

#[test]
fn a_page_of_no_command_is_a_mistake() {
    let outcome = exo_mi("man conect").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{outcome}");
    assert!(outcome.stderr.contains("there is no command `conect`"), "{outcome}");
}
