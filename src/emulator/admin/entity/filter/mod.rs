//! `$filter`: the part of `OData` that the official module writes, read strictly, so that a wrong translation fails.

mod evaluate;
mod parse;
mod token;

pub(crate) use parse::parse;

use time::OffsetDateTime;

/// A condition on one object.
#[derive(Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Operand, Comparison, Literal),
    Match(Part, Operand, String),
    /// Of at least one member of a list the condition holds.
    AnyMember(String, Box<Filter>),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Operand {
    Property(String),
    /// The member of the list that is being looked at.
    Member,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Where in a text another must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Start,
    End,
    Anywhere,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Truth(bool),
    Null,
    Date(OffsetDateTime),
}
