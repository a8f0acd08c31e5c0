//! What the documents say of commands is what the commands do.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::time::{Duration, SystemTime};

use exo_mi::clock::Clock;
use exo_mi::env::Env;
use exo_mi::knowledge::Code;
use exo_mi::stop::Stop;
use exo_mi::world::{Chance, Ids, Stream, World};

use super::markdown::{Example, examples, fits, needs_a_shell};
use super::memory::Memory;
use super::{pages, project_files, prose, text_of};

/// Runs the program on a host with these variables alone, and gives its exit code and its two outputs.
pub(crate) fn run(words: &[String], variables: &[(String, String)]) -> (u8, String, String) {
    run_with(words, variables, "")
}

/// Runs a script against the emulator.
pub(crate) fn run_script(script: &str) -> (u8, String, String) {
    run_with(&["exo-mi", "run", "--emulate", "-"].map(str::to_owned), &[], script)
}

fn run_with(words: &[String], variables: &[(String, String)], input: &str) -> (u8, String, String) {
    let (stdout, stderr) = (Memory::default(), Memory::default());
    let world = World {
        env: Env::fixed(variables.iter().cloned()),
        clock: Clock::simulated(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)),
        ids: Ids::sequence(),
        stop: Stop::never(),
        chance: Chance::Fixed(0.5),
        stdin: Box::new(io::Cursor::new(input.to_owned())),
        stdin_length: None,
        stdin_is_terminal: false,
        interactive: false,
        stdout_id: None,
        stdout: Stream::new(stdout.clone(), None),
        stderr: Stream::new(stderr.clone(), None),
    };
    let exit = exo_mi::run(words.iter().map(OsString::from), world).code();
    (exit, stdout.text(), stderr.text())
}

/// The words of a command that builds the program first, as if it were installed.
fn installed(words: &[String]) -> Vec<String> {
    match words.iter().position(|word| word == "--") {
        Some(end) if words[0] == "cargo" => {
            let own = std::iter::once("exo-mi".to_owned());
            own.chain(words[end + 1..].iter().cloned()).collect()
        }
        _ => words.to_vec(),
    }
}

/// Only what needs neither Azure nor a tenant, a file nor a shell: against the emulator, on a host that a variable
/// describes, or from what the program knows by itself.
pub(crate) fn is_a_trial(example: &Example) -> bool {
    let words = installed(&example.words);
    if needs_a_shell(&example.text) || words.len() < 2 || words[0] != "exo-mi" {
        return false;
    }
    let has = |option: &str| words.iter().any(|word| word == option);
    let emulates = has("--emulate") || words.iter().any(|word| word.starts_with("--emulate="));
    let names_a_file = ["--out", "--bundle", "--resume", "--errors", "--lock"].into_iter().any(has);
    let writes_a_file = names_a_file && !example.text.contains("/nonexistent/");
    match words[1].as_str() {
        _ if writes_a_file => false,
        "explain" => words.len() > 2 && words[2] != "-",
        "cmdlets" => emulates || !has("--available"),
        "run" => words.iter().any(|word| word.starts_with("fixtures/")),
        "connect" | "grant" => emulates || !example.variables.is_empty(),
        "doctor" | "whoami" | "token" => emulates,
        _ => false,
    }
}

/// Runs an example and compares its output, if the document shows any; gives exit code and standard error.
fn tried(path: &str, example: &Example) -> (u8, String) {
    let place = format!("{path}:{}", example.line);
    let (exit, stdout, stderr) = run(&installed(&example.words), &example.variables);
    let printed = stdout + &stderr;
    if let Some(pattern) = &example.output {
        let lines: Vec<&str> = printed.lines().collect();
        assert!(fits(pattern, &lines), "{place}: the command printed\n{printed}");
    }
    (exit, stderr)
}

#[test]
fn commands_in_the_documents_do_what_is_said_of_them() {
    // The sections of docs/errors.md state more than that, and have a test of their own.
    for (path, text) in pages().iter().filter(|(path, _)| path != "docs/errors.md") {
        for example in examples(text).iter().filter(|example| is_a_trial(example)) {
            let (exit, stderr) = tried(path, example);
            assert_eq!(exit, example.exit.unwrap_or(0), "{path}:{}: {stderr}", example.line);
        }
    }
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let text = text_of("README.md");
    let commands: Vec<String> =
        examples(&text).into_iter().map(|example| example.words.join(" ")).take(2).collect();
    assert!(commands[0].starts_with("cargo run --release --locked -- connect"), "{commands:?}");
    assert_eq!(commands[1], "cargo test --locked");
    let first = examples(&text).into_iter().next().and_then(|example| example.output);
    assert_eq!(first.map(|lines| lines.len()), Some(5), "the table is shown");
}

#[test]
fn every_error_shown_is_the_one_of_its_section() {
    let text = text_of("docs/errors.md");
    let exits = stated_exits(&text);
    let mut tried_codes = BTreeSet::new();
    for example in examples(&text).iter().filter(|example| is_a_trial(example)) {
        let (exit, stderr) = tried("docs/errors.md", example);
        let place = format!("docs/errors.md:{}: {stderr}", example.line);
        assert!(exits[&example.section].contains(&exit), "{place}exit {exit}");
        assert!(example.exit.is_none_or(|stated| stated == exit), "{place}exit {exit}");
        let anchor = format!("docs/errors.md#{}\n", example.section);
        assert!(stderr.ends_with(&anchor), "{place}");
        tried_codes.insert(example.section.clone());
    }
    assert!(tried_codes.len() > 20, "only {tried_codes:?} were tried");
}

/// Codes that no command in a test can come to, each with the reason.
const WITHOUT_A_SCENARIO: [(&str, &str); 4] = [
    ("machine-failed", "the machine that runs the tests has threads and sockets"),
    ("bug", "there is none to be provoked; tests of `run` hold how one would be told of"),
    ("arc-key-denied", "a file that root cannot read does not exist; a unit test holds the code"),
    ("assertion-expired", "the emulator gives a fresh one; a unit test holds the code"),
];

#[test]
fn every_code_has_a_scenario_in_which_it_is_shown() {
    let shown: String = project_files()
        .iter()
        .filter(|(path, _)| path.starts_with("tests/") && !path.starts_with("tests/docs/"))
        .map(|(_, text)| text.as_str())
        .collect();
    for code in Code::ALL.iter().map(|code| code.text()) {
        let excused = WITHOUT_A_SCENARIO.iter().any(|(known, _)| *known == code);
        let is_shown =
            shown.contains(&format!("docs/errors.md#{code}")) || shown.contains(&format!("\"{code}\""));
        assert!(is_shown != excused, "{code}: shown {is_shown}, excused {excused}");
    }
}

#[test]
fn every_code_has_its_section_and_no_section_lacks_a_code() {
    let text = text_of("docs/errors.md");
    let sections: Vec<&str> = prose(&text).filter_map(|(_, line)| line.strip_prefix("## ")).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
    assert_eq!(sections, codes);
}

#[test]
fn the_table_of_exit_codes_agrees_with_the_sections() {
    let text = text_of("docs/errors.md");
    let mut by_exit: BTreeMap<u8, BTreeSet<String>> = BTreeMap::new();
    for (code, exits) in stated_exits(&text) {
        for exit in exits {
            by_exit.entry(exit).or_default().insert(code.clone());
        }
    }
    let mut table: BTreeMap<u8, BTreeSet<String>> = BTreeMap::new();
    for (_, line) in prose(&text) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [exits, _, codes] = cells.as_slice() else { continue };
        for exit in numbers(exits) {
            let codes = codes.split(", ").map(|code| code.trim_matches('`').to_owned());
            table.entry(exit).or_default().extend(codes);
        }
    }
    assert_eq!(table, by_exit);
}

/// The exit codes that each section names, by code.
fn stated_exits(text: &str) -> BTreeMap<String, Vec<u8>> {
    let mut exits: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    // The words of a section may be wrapped anywhere, between `Exit` and `code` too.
    for section in text.split("\n## ").skip(1) {
        let (code, body) = section.split_once('\n').expect("a section has a body");
        let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
        let stated = body.split_once("Exit code: ").and_then(|(_, after)| after.split_once('.'));
        let stated = stated.map(|(numbered, _)| numbers(numbered)).unwrap_or_default();
        assert!(!stated.is_empty(), "the section {code} states no exit code");
        exits.insert(code.to_owned(), stated);
    }
    exits
}

fn numbers(text: &str) -> Vec<u8> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}
