//! The language of runbooks: the text of a script as a tree with places.
//!
//! It is the part of PowerShell that scripts for Exchange are written in, read as PowerShell 7 reads it: words of a command
//! are texts, and everything else is an expression. What the language has beyond that is refused here, with its place,
//! and nothing is skipped. This room knows nothing of what the words mean: no cmdlet, no type, no variable.

mod expression;
mod height;
mod operator;
mod parse;
mod place;
mod tree;

use std::sync::Arc;

pub use expression::{Expression, ExpressionKind, Member, MemberName, Name, Number, Part, TypeName};
pub use operator::{Assign, Binary, Compare, Unary, words};
pub use place::{Place, Span};
pub use tree::{
    Argument, Attribute, Block, Catch, Command, CommandName, Comparison, Parameter, Pipeline, Redirection,
    RedirectionTarget, Stage, Statement, StatementKind, Switch,
};

/// What is wrong with a script, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// One clause, no period.
    pub what: String,
    /// What to write in its place, where that is known.
    pub instead: Option<String>,
    /// Whether the text ends too early, so that more of it could mend it.
    pub unfinished: bool,
}

/// Reads a script.
pub fn parse(text: &str) -> Result<Arc<Block>, SyntaxError> {
    parse_from(text, 0)
}

/// Reads what stands in a text from this byte on. Places are those of the whole text.
pub fn parse_from(text: &str, at: usize) -> Result<Arc<Block>, SyntaxError> {
    parse::Parser::from(text, at).script()
}

/// Whether a word begins a statement and is no command.
pub fn is_keyword(word: &str) -> bool {
    parse::is_keyword(word)
}

/// Where statements end that somebody gives line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// With the last line.
    Whole,
    /// Behind it: a bracket, a text or a comment is open, or the line ends with a pipe, an operator, a comma or a backtick.
    GoesOn,
    /// Nobody knows, for something in them is wrong. What follows may stand within them.
    Unknown,
}

/// Where these end.
pub fn extent(text: &str) -> Extent {
    let text = text.trim_end();
    if text.ends_with(" `") {
        return Extent::GoesOn;
    }
    match parse(text) {
        Ok(_) => Extent::Whole,
        Err(error) if error.unfinished => Extent::GoesOn,
        Err(_) => Extent::Unknown,
    }
}

/// Whether statements that somebody types go on in the next line.
pub fn is_unfinished(text: &str) -> bool {
    extent(text) == Extent::GoesOn
}

#[cfg(test)]
mod tests;
