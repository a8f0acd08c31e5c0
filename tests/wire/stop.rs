//! The real binary that is told to stop: what came is kept, what is missing is said, and nothing holds it up.

use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use crate::harness::{CA_FILE, grants, page, page_and_link};
use crate::server::{Server, Step};

/// A command, and who answers it.
struct Running {
    child: Child,
    exchange: Server,
    _identity: Server,
}

impl Running {
    /// Exchange answers with these pages.
    fn start(words: &str, pages: impl IntoIterator<Item = Step>) -> Self {
        let identity = Server::answering(Vec::new(), |_| grants("first"));
        let exchange = Server::start(pages.into_iter().collect());
        let child = Command::new(assert_cmd::cargo::cargo_bin!("exo-mi"))
            .args(["connect", "--org", "contoso.onmicrosoft.com"])
            .args(words.split_whitespace())
            .env_clear()
            .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", identity.origin())
            .env("EXO_MI_CONNECTION_URI", exchange.origin())
            .env("EXO_MI_CA_FILE", CA_FILE)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        Self { child, exchange, _identity: identity }
    }

    /// Waits until so many requests have come.
    fn asked(&self, times: usize) -> &Self {
        until(|| self.exchange.requests().len() >= times);
        self
    }

    fn signal(&self, name: &str) -> &Self {
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status();
        assert!(status.expect("a shell").success());
        self
    }

    fn end(self) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.child.wait_with_output().expect("the binary ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (status.code().expect("a code"), text(stdout), text(stderr))
    }
}

fn until(mut done: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not happen");
}

/// A page with one row, and another that will not come.
fn one_of_two() -> [Step; 2] {
    [page_and_link("a", "{origin}/next"), no_more()]
}

fn no_more() -> Step {
    Step::silence().then_stall()
}

const ALL: &str = "get-mailbox -ResultSize Unlimited";

#[test]
fn the_rows_that_came_are_written_as_a_whole_document() {
    for (format, expected) in [
        ("table", "Name\n----\na\n"),
        ("csv", "Name\na\n"),
        ("json", "[\n  {\n    \"Name\": \"a\"\n  }\n]\n"),
        ("jsonl", "{\"Name\":\"a\"}\n"),
    ] {
        for (name, code, word) in [("TERM", 143, "terminated"), ("INT", 130, "interrupted")] {
            let running = Running::start(&format!("-o {format} {ALL}"), one_of_two());
            running.asked(2).signal(name);
            let (exit, stdout, stderr) = running.end();
            assert_eq!((exit, stdout.as_str()), (code, expected), "{format}: {stderr}");
            let first = format!("error: {word}: 1 row was printed, and more may exist\n");
            assert!(stderr.starts_with(&first) && stderr.contains("docs/errors.md#stopped"), "{stderr}");
        }
    }
}

#[test]
fn an_expression_over_a_part_of_the_rows_is_not_evaluated() {
    let running = Running::start(&format!("--query length(@) {ALL}"), one_of_two());
    running.asked(2).signal("TERM");
    let (exit, stdout, _) = running.end();
    assert_eq!((exit, stdout.as_str()), (143, ""));
}

#[test]
fn a_file_gets_the_name_of_an_incomplete_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out.csv");
    let running = Running::start(&format!("-o csv --out {} {ALL}", file.display()), one_of_two());
    running.asked(2).signal("TERM");
    let (exit, stdout, stderr) = running.end();
    assert_eq!((exit, stdout.as_str()), (143, ""), "{stderr}");
    assert!(stderr.contains("hint: what came is in ") && stderr.contains(".csv.partial"), "{stderr}");
    assert_eq!(names(folder.path()), ["out.csv.partial"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("out.csv.partial")).expect("a file"), "Name\na\n");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_report_that_would_be_full_of_its_own_end_is_not_written() {
    let identity = Server::start(vec![no_more()]);
    let child = Command::new(assert_cmd::cargo::cargo_bin!("exo-mi"))
        .args(["doctor", "--org", "contoso.onmicrosoft.com"])
        .env_clear()
        .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", identity.origin())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let running = Running { child, exchange: identity, _identity: Server::start(Vec::new()) };
    running.asked(1).signal("INT");
    let (exit, stdout, stderr) = running.end();
    assert_eq!((exit, stdout.as_str()), (130, ""), "{stderr}");
    assert_eq!(stderr, "error: interrupted\nhint: docs/errors.md#stopped\n");
}

/// A cell that is larger than any pipe holds.
fn large() -> String {
    "x".repeat(1 << 20)
}

/// Waits until the command writes, and reads no more than that.
fn writing(child: &mut Child) -> ChildStdout {
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut [0]).expect("a byte");
    stdout
}

#[test]
fn a_reader_that_does_not_read_holds_nothing_up() {
    let words = format!("-o jsonl {ALL}");
    let mut stuck = Running::start(&words, [page(&format!("[{{\"Name\":\"{}\"}}]", large()))]);
    let stdout = writing(&mut stuck.child);
    #[allow(clippy::disallowed_methods)] // This is about real time.
    let begun = std::time::Instant::now();
    stuck.signal("TERM");
    let status = stuck.child.wait().expect("the binary ends");
    // A tenth of a second, and as much as a busy machine takes.
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(status.code(), Some(143));
    drop(stdout);
}

#[test]
fn a_second_signal_ends_what_is_still_written() {
    let mut stuck = Running::start(ALL, [page_and_link(&large(), "{origin}/next"), no_more()]);
    // The table is written once the first signal has ended the waiting for its second page.
    stuck.asked(2).signal("INT");
    let stdout = writing(&mut stuck.child);
    stuck.signal("TERM");
    let status = stuck.child.wait().expect("the binary ends");
    assert_eq!(status.code(), Some(143), "the first would have ended it later, with 130");
    drop(stdout);
}
