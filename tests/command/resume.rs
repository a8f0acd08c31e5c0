//! Runs that go on where an earlier one stopped.

use std::path::{Path, PathBuf};

use crate::harness::{Outcome, beginning, connect};
use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Options};

const DOMAIN: &str = "contoso.com";

/// A folder with a journal and an output, and an emulator that outlives a command.
struct Place {
    folder: tempfile::TempDir,
    emulator: Emulator,
    clock: Clock,
}

impl Place {
    fn new() -> Self {
        let clock = Clock::simulated(beginning());
        let options = Options { mailboxes: 40, clock: clock.clone(), ..Options::default() };
        let emulator = Emulator::start(options).expect("the emulator starts");
        Self { folder: tempfile::tempdir().expect("a folder"), emulator, clock }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    fn run(&self, words: &str, input: &[&str]) -> Outcome {
        let words = words.replace("DIR", &self.folder.path().display().to_string());
        let command = connect(&format!("--org contoso.onmicrosoft.com {words}"));
        let lines: Vec<String> = input.iter().map(|name| format!("{name}@{DOMAIN}")).collect();
        command.input(&lines.join("\n")).within(&self.emulator, &self.clock, &[])
    }

    /// Reads the mailboxes of a list into a file.
    fn read(&self, options: &str, input: &[&str]) -> Outcome {
        self.run(&format!("--resume DIR/journal --out DIR/out {options} get-mailbox -Identity -"), input)
    }
}

const ALL: [&str; 5] = ["adele.vance", "alex.wilber", "allan.deyoung", "bianca.pisani", "cameron.white"];
const CSV: &str = "-o csv --columns Alias";

fn table(names: &[&str]) -> String {
    names.iter().fold("Alias\n".to_owned(), |text, name| format!("{text}{name}\n"))
}

fn exists(path: &Path) -> bool {
    path.exists()
}

#[test]
fn what_is_done_is_not_asked_for_again_and_what_is_new_comes_after_it() {
    let place = Place::new();
    let first = place.read(CSV, &ALL[..3]);
    assert_eq!((first.exit, first.stdout.as_str(), first.stderr.as_str()), (0, "", ""), "{first}");
    assert_eq!(place.text("out"), table(&ALL[..3]));
    let again = place.read(CSV, &ALL[..3]);
    assert_eq!((again.exit, again.calls("$batch")), (0, first.calls("$batch")), "{again}");
    assert_eq!(place.text("out"), table(&ALL[..3]));
    // A list that was made anew, in another order.
    let more =
        place.read(CSV, &["bianca.pisani", "alex.wilber", "cameron.white", "adele.vance", "allan.deyoung"]);
    assert_eq!(more.exit, 0, "{more}");
    assert_eq!(place.text("out"), table(&ALL));
    assert!(!exists(&place.at("out.partial")));
}

#[test]
fn what_an_ended_run_wrote_beyond_its_journal_is_cut_off() {
    for (options, rows) in [
        (CSV, table(&ALL)),
        ("-o tsv --columns Ali*,Office", String::new()),
        ("-o jsonl --columns Alia*", String::new()),
        ("-o csv", String::new()),
        ("-o tsv --no-headers", String::new()),
    ] {
        let place = Place::new();
        let whole = place.read(options, &ALL);
        let expected = place.text("out");
        assert!(whole.exit == 0 && (rows.is_empty() || rows == expected), "{whole}{expected}");
        std::fs::remove_file(place.at("journal")).expect("removed");
        assert_eq!(place.read(options, &ALL[..2]).exit, 0);
        // As if the run had been ended while it wrote: the file has not its name yet, and holds half a row.
        let half = place.text("out") + "half a r";
        std::fs::remove_file(place.at("out")).expect("removed");
        std::fs::write(place.at("out.partial"), half).expect("written");
        let resumed = place.read(options, &ALL);
        assert_eq!(resumed.exit, 0, "{options}: {resumed}");
        assert_eq!(place.text("out"), expected, "{options}");
    }
}

#[test]
fn identities_that_failed_are_tried_again_and_their_rows_come_once() {
    let place = Place::new();
    let list = ["adele.vance", "new.person", "alex.wilber"];
    let errors = "--errors DIR/errors";
    let first = place.read(&format!("{CSV} {errors}"), &list);
    assert_eq!(first.exit, 5, "{first}");
    assert_eq!(place.text("out"), table(&["adele.vance", "alex.wilber"]));
    assert!(place.text("errors").contains("new.person@contoso.com"));
    let made = place.run("-o none new-mailbox -Name new.person", &[]);
    assert_eq!(made.exit, 0, "{made}");
    let second = place.read(&format!("{CSV} {errors}"), &list);
    assert_eq!(second.exit, 0, "{second}");
    assert_eq!(place.text("out"), table(&["adele.vance", "alex.wilber", "new.person"]));
    assert_eq!(place.text("errors"), "", "what failed before is told of no more");
}

#[test]
fn a_list_of_which_nothing_came_has_one_header_however_often_it_is_run() {
    let place = Place::new();
    for _ in 0..3 {
        let outcome = place.read(CSV, &["nobody", "no.one"]);
        assert_eq!(outcome.exit, 5, "{outcome}");
        assert_eq!(place.text("out"), "Alias\n");
    }
    let outcome = place.read(CSV, &["nobody", "no.one", "adele.vance"]);
    assert_eq!(outcome.exit, 5, "{outcome}");
    assert_eq!(place.text("out"), table(&["adele.vance"]));
}

#[test]
fn what_is_written_is_written_once_however_often_it_is_run() {
    let place = Place::new();
    let words = "--resume DIR/journal -o none set-mailbox -Identity - -Office 12";
    for executions in [5, 5] {
        let outcome = place.run(words, &ALL);
        assert_eq!((outcome.exit, outcome.executions()), (0, executions), "{outcome}");
    }
    // As if a run had been ended after it had sent two more.
    let sent = "{\"sent\":[\"debra.berger@contoso.com\",\"diego.siciliani@contoso.com\"]}\n";
    std::fs::write(place.at("journal"), place.text("journal") + sent).expect("written");
    let list = [&ALL[..], &["debra.berger", "emily.braun", "diego.siciliani"]].concat();
    for executions in [6, 6] {
        let outcome = place.run(&format!("--errors DIR/errors {words}"), &list);
        assert_eq!((outcome.exit, outcome.executions()), (6, executions), "{outcome}");
        assert!(
            outcome.stderr.contains("2 identities failed") && outcome.stderr.contains("2 write-in-doubt")
        );
        let doubted: Vec<serde_json::Value> =
            place.text("errors").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let named: Vec<_> = doubted.iter().map(|line| line["identity"].as_str().expect("a text")).collect();
        assert_eq!(named, ["debra.berger@contoso.com", "diego.siciliani@contoso.com"]);
    }
}

#[test]
fn the_journal_of_another_command_or_organization_is_refused() {
    let place = Place::new();
    let first = place.read(CSV, &ALL);
    assert_eq!(first.exit, 0, "{first}");
    let before = (place.text("journal"), place.text("out"));
    let journal = "--resume DIR/journal";
    for (words, why) in [
        (format!("{journal} --out DIR/out {CSV} get-recipient -Identity -"), "its cmdlet is Get-Mailbox"),
        (
            format!("--org fabrikam.onmicrosoft.com {journal} --out DIR/out {CSV} get-mailbox -Identity -"),
            "its organization is contoso.onmicrosoft.com",
        ),
        (format!("{journal} --out DIR/other {CSV} get-mailbox -Identity -"), "its output is"),
        (
            format!("{journal} --out DIR/out -o csv --columns Name get-mailbox -Identity -"),
            "other parameters",
        ),
        (format!("{journal} --out DIR/out {CSV} get-mailbox -Identity - -Archive"), "other parameters"),
        (
            format!("{journal} --out DIR/out --shard 1/2 {CSV} get-mailbox -Identity -"),
            "another part of the list",
        ),
    ] {
        let words = words.trim_start();
        let refused = if words.starts_with("--org") {
            let words = words.replace("DIR", &place.folder.path().display().to_string());
            connect(&words).input("x").within(&place.emulator, &place.clock, &[])
        } else {
            place.run(words, &ALL)
        };
        assert_eq!(refused.exit, 2, "{words}: {refused}");
        assert!(refused.stderr.contains(why), "{words}: {}", refused.stderr);
        assert!(refused.stderr.ends_with("docs/errors.md#journal-foreign\n"), "{}", refused.stderr);
        assert_eq!((place.text("journal"), place.text("out")), before, "{words}");
    }
    // How fast, in which spelling and under which names it is said makes no difference.
    let same =
        place.run(&format!("--parallel 4 {journal} --out DIR/out {CSV} Get-Mailbox --identity -"), &ALL);
    assert_eq!(same.exit, 0, "{same}");
}

#[test]
fn an_output_that_is_not_as_the_journal_says_is_refused() {
    let place = Place::new();
    assert_eq!(place.read(CSV, &ALL).exit, 0);
    for shortened in [Some("Alias\n"), None] {
        match shortened {
            Some(text) => std::fs::write(place.at("out"), text).expect("written"),
            None => std::fs::remove_file(place.at("out")).expect("removed"),
        }
        let refused = place.read(CSV, &ALL);
        assert_eq!(refused.exit, 2, "{refused}");
        assert!(refused.stderr.contains("is not as the journal says"), "{refused}");
        assert!(refused.stderr.ends_with("docs/errors.md#journal-foreign\n"), "{refused}");
    }
}

#[test]
fn what_cannot_be_gone_on_with_is_refused_before_anything_is_sent() {
    let place = Place::new();
    for (words, why) in [
        ("-o table --out DIR/out get-mailbox -Identity -", "only jsonl, csv and tsv"),
        ("-o json --out DIR/out get-mailbox -Identity -", "only jsonl, csv and tsv"),
        ("-o csv get-mailbox -Identity -", "--out FILE, or -o none"),
        ("-o csv --query [] --out DIR/out get-mailbox -Identity -", "--query needs the whole result"),
        ("-o csv --out /dev/null get-mailbox -Identity -", "a device or a pipe"),
        ("-o none remove-mail-contact -Identity - -WhatIf", "--resume and -WhatIf exclude each other"),
        ("-o none validate-outbound-connector -Identity -", "an effect each time"),
        ("-o csv --out DIR/out get-mailbox adele.vance", "is for identities on standard input"),
    ] {
        let outcome = place.run(&format!("--resume DIR/journal {words}"), &ALL);
        assert!(matches!(outcome.exit, 1 | 2), "{words}: {outcome}");
        assert!(outcome.stderr.contains(why), "{words}: {}", outcome.stderr);
        assert!(outcome.requests.is_empty(), "{outcome}");
    }
    assert!(!exists(&place.at("out")) && !exists(&place.at("out.partial")));
}

#[test]
fn a_second_run_does_not_touch_what_the_first_one_holds() {
    let place = Place::new();
    assert_eq!(place.read(CSV, &ALL[..2]).exit, 0);
    let held = std::fs::OpenOptions::new().append(true).open(place.at("journal")).expect("it is there");
    held.try_lock().expect("nobody holds it");
    std::fs::write(place.at("errors"), "of the first run").expect("written");
    let refused = place.read(&format!("{CSV} --errors DIR/errors"), &ALL);
    assert_eq!(refused.exit, 6, "{refused}");
    assert!(refused.stderr.ends_with("docs/errors.md#lock-busy\n"), "{refused}");
    assert_eq!((place.text("out"), place.text("errors")), (table(&ALL[..2]), "of the first run".to_owned()));
}
