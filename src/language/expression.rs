//! Expressions of a script, each with its place.

use std::sync::Arc;

use super::operator::{Binary, Unary};
use super::place::Span;
use super::tree::{Block, Statement};

/// A type between brackets, such as `[string[]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// Its name as it was written, without brackets.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A variable's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// What stands before the colon: `env`, `script`, `global`, `local`, …
    pub scope: Option<String>,
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// One expression.
#[derive(Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
    /// How many levels of the tree it has.
    pub(super) height: u16,
}

/// What an expression is.
#[derive(Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number.
    Number(Number),
    /// A text without anything to be filled in.
    Text(Arc<str>),
    /// A word of a command that was not quoted.
    Word(Arc<str>),
    /// A text with something to be filled in.
    Interpolated(Vec<Part>),
    /// `$name`.
    Variable(Name),
    /// `a, b`.
    List(Vec<Expression>),
    /// `@( … )`.
    Array(Vec<Statement>),
    /// `$( … )`.
    Sub(Vec<Statement>),
    /// `( … )`.
    Paren(Box<Statement>),
    /// `@{ … }`.
    Table(Vec<(Expression, Statement)>),
    /// `{ … }`.
    Block(Arc<Block>),
    /// `[type]`.
    Type(TypeName),
    /// `[type] value`.
    Cast(TypeName, Box<Expression>),
    /// An operator before its operand.
    Unary(Unary, Box<Expression>),
    /// An operator between its operands.
    Binary {
        /// The operator.
        operator: Binary,
        /// What stands before it.
        left: Box<Expression>,
        /// What stands after it.
        right: Box<Expression>,
        /// Where the operator stands.
        at: Span,
    },
    /// `condition ? this : that`.
    Ternary(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `object.property`.
    Member {
        /// The object.
        object: Box<Expression>,
        /// The property.
        member: Member,
    },
    /// `object.method( … )`.
    Call {
        /// The object.
        object: Box<Expression>,
        /// The method.
        member: Member,
        /// What it is given.
        arguments: Vec<Expression>,
    },
    /// `object[index]`.
    Index {
        /// The object.
        object: Box<Expression>,
        /// Which of its items.
        index: Box<Expression>,
        /// Whether it may be `$null`, as in `${a}?[0]`.
        optional: bool,
    },
    /// `$x++` and its like.
    Step {
        /// What is changed.
        target: Box<Expression>,
        /// By how much: 1 or -1.
        by: i8,
        /// Whether the value is that after the change.
        before: bool,
    },
}

/// A name after a dot or two colons.
#[derive(Debug, PartialEq)]
pub struct Member {
    /// The name.
    pub name: MemberName,
    /// Whether it stands after two colons.
    pub fixed: bool,
    /// Whether the object may be `$null`, as in `${a}?.b`.
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// The name of a member.
#[derive(Debug, PartialEq)]
pub enum MemberName {
    /// As it was written.
    Plain(String),
    /// What an expression yields.
    Computed(Box<Expression>),
}

/// A number as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// One that fits 32 bits.
    Int(i32),
    /// One that fits 64 bits.
    Long(i64),
    /// Any other.
    Double(f64),
}

/// A part of a text with something to be filled in.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// What this yields, as a text.
    Value(Expression),
}
