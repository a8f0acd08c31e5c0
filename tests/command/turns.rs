//! `--jitter` and `--lock`: when a command begins, and whether it may.

use std::fs::File;
use std::time::Duration;

use crate::harness::{connect, exo_mi};

const ORG: &str = "--org contoso.onmicrosoft.com";

/// The chance of these tests is one half.
const HALF: [Duration; 1] = [Duration::from_secs(60)];

#[test]
fn every_command_that_takes_a_token_waits_before_anything_is_sent() {
    for words in [
        format!("connect {ORG} --jitter 2m get-accepted-domain"),
        format!("connect {ORG} --jitter 120"),
        "whoami --jitter 2m".to_owned(),
        "token --jitter 2m --claims".to_owned(),
        format!("doctor {ORG} --jitter 2m"),
        format!("cmdlets {ORG} --jitter 2m --available get-mailbox"),
    ] {
        let outcome = exo_mi(&words).run();
        assert_eq!((outcome.exit, outcome.sleeps.as_slice()), (0, HALF.as_slice()), "{outcome}");
        let begun = crate::harness::beginning() + HALF[0];
        assert!(outcome.requests.iter().all(|entry| entry.time >= begun), "{outcome}");
    }
}

#[test]
fn a_command_that_is_wrong_does_not_wait() {
    for words in [
        "--jitter soon get-accepted-domain",
        "--jitter 0 get-accepted-domain",
        "--jitter 2m get-acepted-domain",
    ] {
        let outcome = connect(&format!("{ORG} {words}")).run();
        assert_eq!((outcome.exit, outcome.sleeps.len(), outcome.requests.len()), (2, 0, 0), "{outcome}");
    }
}

#[test]
fn the_deadline_begins_after_the_wait() {
    let words = |timeout: &str| format!("{ORG} --jitter 2m --timeout {timeout} get-accepted-domain");
    let outcome = connect(&words("5s")).run();
    assert_eq!((outcome.exit, outcome.sleeps.as_slice()), (0, HALF.as_slice()), "{outcome}");
    let outcome = connect(&words("5s")).scenario(exo_mi::emulator::Scenario::Overloaded).run();
    let waited: Duration = outcome.sleeps.iter().sum();
    assert_eq!(outcome.exit, 6, "{outcome}");
    assert!(waited > HALF[0] && waited < HALF[0] + Duration::from_secs(5), "{waited:?}");
}

#[test]
fn a_second_run_finds_the_lock_busy_and_sends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.lock");
    let words = format!("{ORG} --lock {} --jitter 2m get-accepted-domain", path.display());
    assert_eq!(connect(&words).run().exit, 0);
    let held = File::options().read(true).write(true).open(&path).expect("the file is left");
    held.lock().expect("it is free again");
    std::fs::write(&path, "process 4711 since 2027-01-15T08:00:00Z\n").expect("written");
    let outcome = connect(&words).run();
    assert_eq!((outcome.exit, outcome.requests.len(), outcome.sleeps.len()), (6, 0, 0), "{outcome}");
    let expected = format!(
        "error: another run is under way, and nothing was sent\n  caused by: {} is held by process 4711 since \
         2027-01-15T08:00:00Z\nhint: let it end, and run this again; the lock is free as soon as its process is gone, \
         and the file may stay\n      docs/errors.md#lock-busy\n",
        path.display()
    );
    assert_eq!(outcome.stderr, expected);
    // Whatever else wrote there is not told on.
    std::fs::write(&path, "\u{1b}[2Jprocess\n").expect("written");
    let outcome = connect(&words).run();
    assert!(outcome.stderr.contains("is held by another process\n"), "{outcome}");
    drop(held);
    assert_eq!(connect(&words).run().exit, 0);
}

#[test]
fn a_lock_that_cannot_be_had_is_an_error_before_anything_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, why) in [(folder.path().to_owned(), "it is a folder"), (folder.path().join("none/x"), "")] {
        let outcome = connect(&format!("{ORG} --lock {} get-accepted-domain", path.display())).run();
        assert_eq!((outcome.exit, outcome.requests.len()), (1, 0), "{outcome}");
        assert!(outcome.stderr.contains("cannot be used as a lock\n  caused by: "), "{outcome}");
        assert!(outcome.stderr.contains(why), "{outcome}");
        assert!(outcome.stderr.ends_with("docs/errors.md#file-unusable\n"), "{outcome}");
    }
}
