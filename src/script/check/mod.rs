//! The check before anything is carried out: every command, parameter, type, method and member of a type must be one that
//! is carried out here as PowerShell would. A script that fails half-way has changed half of what it was to change.

mod command;
mod known;
mod walk;

pub(crate) use known::Known;
pub(crate) use walk::ATTRIBUTES;

use crate::language::{Block, Span, SyntaxError};

/// Something in a script that is not carried out here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// What it is: one clause, no period.
    pub what: String,
    /// What to write in its place, where that is known.
    pub instead: Option<String>,
    /// The line with carets under what is meant.
    pub excerpt: Vec<String>,
}

impl Objection {
    fn new(span: Span, text: &str, what: String, instead: Option<String>) -> Self {
        let place = span.place(text);
        Self { line: place.line, column: place.column, what, instead, excerpt: span.excerpt(text) }
    }

    /// What the parser could not read.
    pub(super) fn of_syntax(error: &SyntaxError, text: &str) -> Self {
        Self::new(error.span, text, error.what.clone(), error.instead.clone())
    }
}

/// Everything in a script that is not carried out here, in the order of the text.
pub(super) fn objections(block: &Block, text: &str) -> Vec<Objection> {
    objections_after(block, text, &mut Known::default())
}

/// The same for what comes after other statements, of which this much is known. What it adds itself is kept where nothing
/// is objected to.
pub(super) fn objections_after(block: &Block, text: &str, known: &mut Known) -> Vec<Objection> {
    let mut found = walk::Walk::over(block, known);
    found.sort_by_key(|(span, _, _)| (span.start, span.end));
    found.into_iter().map(|(span, what, instead)| Objection::new(span, text, what, instead)).collect()
}

#[cfg(test)]
mod tests;
