//! Scripts against what PowerShell 7 documents, with a host in memory.

mod arbitrary;
mod cmdlets;
mod conversation;
mod errors;
mod language;
mod parameters;
mod room;

use super::memory::{Left, Memory};

use super::{Program, Word};

/// What a script leaves behind.
fn run(text: &str) -> Left {
    run_with(text, &[], |_| {})
}

fn run_with(text: &str, words: &[Word], prepare: impl FnOnce(&mut Memory)) -> Left {
    let program = Program::read(text, "/scripts/test.ps1");
    let program = program.unwrap_or_else(|objections| panic!("{text}\n{objections:#?}"));
    let mut memory = Memory::default();
    prepare(&mut memory);
    let left = memory.left.clone();
    let ended = program.run(words, Box::new(memory)).join().expect("the script does not panic");
    let mut left = std::mem::take(&mut *left.lock().expect("nobody holds it"));
    left.exit = ended.exit;
    left.fault = ended.fault.map(|(fault, _)| fault.message);
    left
}

/// The lines that a script writes, joined by `|`.
fn lines(text: &str) -> String {
    let left = run(text);
    assert!(left.fault.is_none() && left.told.is_empty(), "{text}: {left:?}");
    left.out.trim_end_matches('\n').replace('\n', "|")
}
