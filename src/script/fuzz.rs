//! Scripts, whatever stands in them.

use super::memory::Memory;
use super::{Program, Word};
use crate::catalog;

/// So often a script may ask whether it may go on: some twenty thousand statements.
const PATIENCE: usize = 300;

/// A script, checked and carried out against a host in memory. It comes to an end, and by the order to stop nothing more is
/// done; what it sends is what the catalogue knows, and no parameter twice.
pub fn script(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let program = match Program::read(&text, "script.ps1") {
        Ok(program) => program,
        Err(objections) => {
            assert!(!objections.is_empty(), "it is refused without a reason");
            for objection in objections {
                assert!((1..=text.lines().count() + 1).contains(&objection.line), "{objection:?}");
            }
            return;
        }
    };
    let mut memory = Memory::patient(PATIENCE);
    memory.together = Some(3);
    let left = memory.left.clone();
    let words = [Word::Name("Name".to_owned(), None), Word::Value("meg".to_owned())];
    let words = if text.contains("param") { words.as_slice() } else { &[] };
    let ended = match program.run(words, Box::new(memory)).join() {
        Ok(ended) => ended,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    if let Some((fault, _)) = &ended.fault {
        assert_eq!(i32::from(fault.exit.code()), ended.exit, "{ended:?}");
    }
    let left = left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert!(!left.went_on, "something was done behind the order to stop");
    for (cmdlet, names) in &left.sent {
        let known = catalog::find(cmdlet).expect("a cmdlet that the catalogue knows");
        for (at, name) in names.iter().enumerate() {
            assert!(known.find_parameter(name).is_some(), "{cmdlet} has no -{name}");
            assert!(!names[..at].contains(name), "{cmdlet} -{name} twice");
        }
    }
}
