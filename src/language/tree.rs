//! The tree of a script: bodies, statements and pipelines, each with its place.

use std::sync::Arc;

use super::expression::{Expression, Name, TypeName};
use super::operator::Assign;
use super::place::Span;

/// A whole script, or the body of a function or of a script block.
#[derive(Debug, Default, PartialEq)]
pub struct Block {
    /// Whether `[CmdletBinding()]` stands before `param`.
    pub binds: bool,
    /// `param( … )`.
    pub parameters: Vec<Parameter>,
    /// `begin { … }`.
    pub begin: Vec<Statement>,
    /// `process { … }`; `None` where there is none, which is not the same as an empty one.
    pub process: Option<Vec<Statement>>,
    /// `end { … }`, or everything where no block is named.
    pub end: Vec<Statement>,
    /// Where it stands.
    pub span: Span,
}

impl Block {
    /// Whether it takes the parameters that every cmdlet takes, as what PowerShell calls advanced functions do.
    pub fn is_advanced(&self) -> bool {
        let is_declared = |known: &Attribute| known.name.name.eq_ignore_ascii_case("Parameter");
        self.binds || self.parameters.iter().any(|parameter| parameter.attributes.iter().any(is_declared))
    }
}

/// One parameter of a script, a function or a script block.
#[derive(Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: Option<TypeName>,
    /// Everything else between brackets before it.
    pub attributes: Vec<Attribute>,
    /// Its default.
    pub default: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// `[Parameter(Mandatory)]` and its like.
#[derive(Debug, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: TypeName,
    /// What stands between its parentheses without a name.
    pub values: Vec<Expression>,
    /// What stands there by name; a name alone means `$true`.
    pub named: Vec<(String, Option<Expression>)>,
}

/// One statement.
#[derive(Debug, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
    /// How many levels of the tree it has.
    pub(super) height: u16,
}

/// What a statement is.
#[derive(Debug, PartialEq)]
pub enum StatementKind {
    /// Commands and expressions with `|` between them.
    Pipeline(Pipeline),
    /// `$x = …`.
    Assign {
        /// What is assigned to.
        target: Box<Expression>,
        /// How.
        operator: Assign,
        /// What.
        value: Box<Statement>,
    },
    /// `if`, `elseif`, `else`.
    If {
        /// The conditions with what is done where they hold, in order.
        clauses: Vec<(Pipeline, Vec<Statement>)>,
        /// `else`.
        otherwise: Option<Vec<Statement>>,
    },
    /// `foreach ($x in …)`.
    ForEach {
        /// The name of the loop.
        label: Option<String>,
        /// The variable's name.
        variable: Name,
        /// What is gone through.
        over: Box<Statement>,
        /// What is done with each.
        body: Vec<Statement>,
    },
    /// `for (…; …; …)`.
    For {
        /// The name of the loop.
        label: Option<String>,
        /// What is done first.
        first: Option<Box<Statement>>,
        /// What must hold.
        condition: Option<Pipeline>,
        /// What is done after each turn.
        next: Option<Box<Statement>>,
        /// What is done in each turn.
        body: Vec<Statement>,
    },
    /// `while`, `do … while`, `do … until`.
    While {
        /// The name of the loop.
        label: Option<String>,
        /// What must hold, or must not.
        condition: Pipeline,
        /// Whether the loop ends when the condition holds.
        until: bool,
        /// Whether the body comes before the condition.
        body_first: bool,
        /// What is done in each turn.
        body: Vec<Statement>,
    },
    /// `switch`.
    Switch(Switch),
    /// `try`, `catch`, `finally`.
    Try {
        /// What is tried.
        body: Vec<Statement>,
        /// What is done with errors.
        catches: Vec<Catch>,
        /// What is done in any case.
        finally: Vec<Statement>,
    },
    /// `function`.
    Function {
        /// Its name.
        name: String,
        /// What it does.
        body: Arc<Block>,
    },
    /// `return`.
    Return(Option<Box<Statement>>),
    /// `throw`.
    Throw(Option<Box<Statement>>),
    /// `exit`.
    Exit(Option<Box<Statement>>),
    /// `break`, and of which loop.
    Break(Option<String>),
    /// `continue`, and with which loop.
    Continue(Option<String>),
}

/// `switch`.
#[derive(Debug, PartialEq)]
pub struct Switch {
    /// The name of the loop.
    pub label: Option<String>,
    /// How values are compared.
    pub comparison: Comparison,
    /// Whether case counts.
    pub case_sensitive: bool,
    /// What is compared.
    pub subject: Box<Statement>,
    /// What it is compared with, and what is done then.
    pub clauses: Vec<(Expression, Vec<Statement>)>,
    /// `default`.
    pub otherwise: Option<Vec<Statement>>,
}

/// How `switch` compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// As `-eq` does.
    #[default]
    Equal,
    /// `-Wildcard`.
    Wildcard,
    /// `-Regex`.
    Regex,
}

/// `catch`.
#[derive(Debug, PartialEq)]
pub struct Catch {
    /// The exceptions that it takes; all of them where none is named.
    pub types: Vec<TypeName>,
    /// What is done.
    pub body: Vec<Statement>,
}

/// Commands and expressions with `|` between them.
#[derive(Debug, PartialEq)]
pub struct Pipeline {
    /// One after the other; never empty.
    pub stages: Vec<Stage>,
    /// Where it stands.
    pub span: Span,
}

/// One part of a pipeline.
#[derive(Debug, PartialEq)]
pub enum Stage {
    /// An expression, which can stand only at the beginning.
    Expression(Expression, Vec<Redirection>),
    /// A command.
    Command(Command),
}

/// A command with its arguments.
#[derive(Debug, PartialEq)]
pub struct Command {
    /// What is run.
    pub name: CommandName,
    /// What it is given.
    pub arguments: Vec<Argument>,
    /// Where its streams go.
    pub redirections: Vec<Redirection>,
    /// Where it stands.
    pub span: Span,
}

/// What is run.
#[derive(Debug, PartialEq)]
pub enum CommandName {
    /// A name.
    Named(String, Span),
    /// After `&`, or after `.` where the block's variables are to stay.
    Invoked {
        /// What yields the block or the name.
        what: Box<Expression>,
        /// Whether it runs in the scope of the caller.
        dotted: bool,
    },
}

/// One argument of a command.
#[derive(Debug, PartialEq)]
pub enum Argument {
    /// `-Name` or `-Name:value`.
    Parameter {
        /// Its name, without the dash.
        name: String,
        /// The value behind its colon.
        value: Option<Expression>,
        /// Where it stands.
        span: Span,
    },
    /// A value.
    Value(Expression),
    /// `@variable`.
    Splat(Name),
}

/// `> file`, `2>&1` and their like.
#[derive(Debug, PartialEq)]
pub struct Redirection {
    /// The stream: 1 to 6, or `None` for all of them.
    pub stream: Option<u8>,
    /// Where it goes.
    pub to: RedirectionTarget,
    /// Where it stands.
    pub span: Span,
}

/// Where a stream goes.
#[derive(Debug, PartialEq)]
pub enum RedirectionTarget {
    /// To a file, or to nothing where it is `$null`.
    File {
        /// The file's name.
        name: Box<Expression>,
        /// Whether it is written after what is there.
        append: bool,
    },
    /// Into another stream.
    Stream(u8),
}
