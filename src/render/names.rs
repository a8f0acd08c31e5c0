//! Properties that appear too late. Columns are fixed before all objects are known, and the service's objects differ.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::safe;
use crate::value::Row;

/// Remembers the names that have no column, so that nothing is lost without a word.
pub(super) struct Late {
    /// The names that have a column, and those that were looked at before.
    known: HashSet<String>,
    late: Vec<String>,
}

impl Late {
    pub(super) fn new(known: &[String]) -> Self {
        Self { known: known.iter().cloned().collect(), late: Vec::new() }
    }

    /// Looks at the names of one more object.
    pub(super) fn watch(&mut self, row: Row<'_>) {
        self.watch_some(row, |_| true);
    }

    /// The same, for the names that the caller cares for.
    pub(super) fn watch_some(&mut self, row: Row<'_>, wanted: impl Fn(&str) -> bool) {
        row.each(|name, _| {
            self.note_if(name, &wanted);
            ControlFlow::<()>::Continue(())
        });
    }

    pub(super) fn note(&mut self, name: &str) {
        self.note_if(name, |_| true);
    }

    /// The caller is asked once for each name and not for each object: to fit a glob takes longer than to look a name
    /// up.
    fn note_if(&mut self, name: &str, wanted: impl Fn(&str) -> bool) {
        if !self.known.contains(name) {
            self.known.insert(name.to_owned());
            if wanted(name) {
                self.late.push(safe::line(name.into()).into_owned());
            }
        }
    }

    /// The names that came too late, as they may be printed, in the order of their appearance.
    pub(super) fn names(self) -> Vec<String> {
        self.late
    }
}
