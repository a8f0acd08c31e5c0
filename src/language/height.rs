//! How many levels a tree has. Whatever walks over a tree calls itself for each of them, down to the dropping of it, so
//! that the parser bounds their number; a chain of a thousand `+` is as deep as a thousand brackets.

use super::expression::{Expression, ExpressionKind, Member, MemberName, Part};
use super::place::Span;
use super::tree::{
    Argument, Block, Command, CommandName, Parameter, Pipeline, Redirection, RedirectionTarget, Stage,
    Statement, StatementKind,
};

impl Expression {
    /// An expression with its height.
    pub(super) fn new(kind: ExpressionKind, span: Span) -> Self {
        let height = kind.height().saturating_add(1);
        Self { kind, span, height }
    }
}

impl Statement {
    /// A statement with its height.
    pub(super) fn new(kind: StatementKind, span: Span) -> Self {
        let height = kind.height().saturating_add(1);
        Self { kind, span, height }
    }
}

fn tallest(statements: &[Statement]) -> u16 {
    statements.iter().map(|statement| statement.height).max().unwrap_or(0)
}

fn of_all<'e>(expressions: impl IntoIterator<Item = &'e Expression>) -> u16 {
    expressions.into_iter().map(|expression| expression.height).max().unwrap_or(0)
}

impl ExpressionKind {
    fn height(&self) -> u16 {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Word(_) | Self::Variable(_) | Self::Type(_) => 0,
            Self::Interpolated(parts) => of_all(parts.iter().filter_map(|part| match part {
                Part::Text(_) => None,
                Part::Value(value) => Some(value),
            })),
            Self::List(items) => of_all(items),
            Self::Array(statements) | Self::Sub(statements) => tallest(statements),
            Self::Paren(statement) => statement.height,
            Self::Table(entries) => {
                entries.iter().map(|(key, value)| key.height.max(value.height)).max().unwrap_or(0)
            }
            Self::Block(block) => block.height(),
            Self::Cast(_, operand) | Self::Unary(_, operand) => operand.height,
            Self::Binary { left, right, .. } => left.height.max(right.height),
            Self::Ternary(condition, this, that) => condition.height.max(this.height).max(that.height),
            Self::Member { object, member } => object.height.max(member.height()),
            Self::Call { object, member, arguments } => {
                object.height.max(member.height()).max(of_all(arguments))
            }
            Self::Index { object, index, .. } => object.height.max(index.height),
            Self::Step { target, .. } => target.height,
        }
    }
}

impl Member {
    fn height(&self) -> u16 {
        match &self.name {
            MemberName::Plain(_) => 0,
            MemberName::Computed(name) => name.height,
        }
    }
}

impl StatementKind {
    fn height(&self) -> u16 {
        let inner = |statement: &Option<Box<Statement>>| statement.as_ref().map_or(0, |inner| inner.height);
        match self {
            Self::Pipeline(pipeline) => pipeline.height(),
            Self::Assign { target, value, .. } => target.height.max(value.height),
            Self::If { clauses, otherwise } => {
                let clauses = clauses.iter().map(|(condition, body)| condition.height().max(tallest(body)));
                clauses.max().unwrap_or(0).max(otherwise.as_deref().map_or(0, tallest))
            }
            Self::ForEach { over, body, .. } => over.height.max(tallest(body)),
            Self::For { first, condition, next, body, .. } => inner(first)
                .max(condition.as_ref().map_or(0, Pipeline::height))
                .max(inner(next))
                .max(tallest(body)),
            Self::While { condition, body, .. } => condition.height().max(tallest(body)),
            Self::Switch(switch) => {
                let clauses = switch.clauses.iter().map(|(value, body)| value.height.max(tallest(body)));
                let clauses = clauses.max().unwrap_or(0).max(switch.subject.height);
                clauses.max(switch.otherwise.as_deref().map_or(0, tallest))
            }
            Self::Try { body, catches, finally } => {
                let catches = catches.iter().map(|catch| tallest(&catch.body)).max().unwrap_or(0);
                tallest(body).max(catches).max(tallest(finally))
            }
            Self::Function { body, .. } => body.height(),
            Self::Return(value) | Self::Throw(value) | Self::Exit(value) => inner(value),
            Self::Break(_) | Self::Continue(_) => 0,
        }
    }
}

impl Block {
    fn height(&self) -> u16 {
        let parameters = self.parameters.iter().map(Parameter::height).max().unwrap_or(0);
        let process = self.process.as_deref().map_or(0, tallest);
        parameters.max(tallest(&self.begin)).max(process).max(tallest(&self.end))
    }
}

impl Parameter {
    fn height(&self) -> u16 {
        let attributes = self.attributes.iter().flat_map(|attribute| {
            attribute.values.iter().chain(attribute.named.iter().filter_map(|(_, value)| value.as_ref()))
        });
        of_all(attributes.chain(&self.default))
    }
}

impl Pipeline {
    fn height(&self) -> u16 {
        let heights = self.stages.iter().map(|stage| match stage {
            Stage::Expression(expression, redirections) => {
                expression.height.max(of_redirections(redirections))
            }
            Stage::Command(command) => command.height(),
        });
        // What a stage puts out is pushed into the next one, which is a level each.
        let behind = u16::try_from(self.stages.len().saturating_sub(1)).unwrap_or(u16::MAX);
        heights.max().unwrap_or(0).saturating_add(behind)
    }
}

impl Command {
    fn height(&self) -> u16 {
        let name = match &self.name {
            CommandName::Named(..) => 0,
            CommandName::Invoked { what, .. } => what.height,
        };
        let arguments = self.arguments.iter().filter_map(|argument| match argument {
            Argument::Parameter { value, .. } => value.as_ref(),
            Argument::Value(value) => Some(value),
            Argument::Splat(_) => None,
        });
        name.max(of_all(arguments)).max(of_redirections(&self.redirections))
    }
}

fn of_redirections(redirections: &[Redirection]) -> u16 {
    of_all(redirections.iter().filter_map(|redirection| match &redirection.to {
        RedirectionTarget::File { name, .. } => Some(name.as_ref()),
        RedirectionTarget::Stream(_) => None,
    }))
}
