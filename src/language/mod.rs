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
}

/// Reads a script.
pub fn parse(text: &str) -> Result<Arc<Block>, SyntaxError> {
    parse::Parser::new(text).script()
}

#[cfg(test)]
mod tests;
