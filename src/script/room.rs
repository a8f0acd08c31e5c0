//! How large one text and one list may become, and how deep others are looked into.
//!
//! A text that is doubled in a loop would take all memory of the machine, and whatever else runs there would be ended with
//! the script. What is larger than this is a mistake in a runbook, and it is said with its place. How much all values take
//! together is not counted: every copy of a value is one more hold on the same memory, so that a sum that is neither too
//! high nor too low would have to follow each hold, and a list that is built from rows would pay for it at every turn.

use super::error::{Flow, Raised};
use super::value::Value;

/// The most bytes of a text: thirty thousand mailboxes as JSON, with all of their properties.
pub(crate) const TEXT: usize = 256 << 20;

/// The most items of a list.
pub(crate) const ITEMS: usize = 10_000_000;

/// How deep lists are looked into that lie in each other. One may lie in itself, and each level may hold it several times.
pub(crate) const LEVELS: usize = 8;

fn too_large<T>(message: &str) -> Flow<T> {
    // What comes next would most often do the same again.
    Err(Raised {
        ends_script: true,
        exception: "System.OutOfMemoryException",
        ..Raised::new("OutOfMemory", message)
    }
    .into())
}

/// Whether there is room for a text of so many bytes.
pub(crate) fn for_text(length: usize) -> Flow<()> {
    if length <= TEXT {
        Ok(())
    } else {
        too_large("A text would become larger than 256 MB, the most that one may have.")
    }
}

/// Whether there is room for so many items.
pub(crate) fn for_items(count: usize) -> Flow<()> {
    if count <= ITEMS {
        Ok(())
    } else {
        too_large("A list would have more than ten million items, the most that one may have.")
    }
}

/// A value that is no larger than one may be.
pub(crate) fn held(value: Value) -> Flow<Value> {
    match &value {
        Value::Text(text) => for_text(text.len())?,
        Value::List(list) => for_items(list.items.borrow().len())?,
        _ => {}
    }
    Ok(value)
}

/// The texts with something between them.
pub(crate) fn joined<T: AsRef<str>>(texts: impl IntoIterator<Item = T>, between: &str) -> Flow<String> {
    let mut whole = String::new();
    for (at, text) in texts.into_iter().enumerate() {
        let text = text.as_ref();
        for_text(whole.len() + between.len() + text.len())?;
        whole.push_str(if at > 0 { between } else { "" });
        whole.push_str(text);
    }
    Ok(whole)
}
