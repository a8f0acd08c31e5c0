//! Statements, but for those with a body of their own.

use super::{Parsed, Parser, UNSUPPORTED, bounded};
use crate::language::expression::{Expression, ExpressionKind};
use crate::language::operator::Assign;
use crate::language::tree::{Pipeline, Stage, Statement, StatementKind};

/// The assignments, longest first.
const ASSIGNMENTS: [(&str, Assign); 7] = [
    ("??=", Assign::IfNull),
    ("+=", Assign::Add),
    ("-=", Assign::Subtract),
    ("*=", Assign::Multiply),
    ("/=", Assign::Divide),
    ("%=", Assign::Remainder),
    ("=", Assign::Set),
];

impl Parser<'_> {
    /// Statements up to the character that ends them, which stays, or to the end of the script.
    pub(super) fn statements(&mut self, end: Option<char>) -> Parsed<Vec<Statement>> {
        let mut statements = Vec::new();
        loop {
            self.separators()?;
            if self.is_over() || (end.is_some() && self.peek() == end) {
                return Ok(statements);
            }
            let statement = self.statement()?;
            self.blanks()?;
            let ended = self.is_over()
                || (end.is_some() && self.peek() == end)
                || matches!(self.peek(), Some(';' | '\r' | '\n'));
            if !ended && matches!(statement.kind, StatementKind::Pipeline(_) | StatementKind::Assign { .. }) {
                return self.unended();
            }
            statements.push(statement);
        }
    }

    fn unended<T>(&self) -> Parsed<T> {
        for chain in ["&&", "||"] {
            if self.starts(chain) {
                return self.error_instead(
                    self.at,
                    format!("`{chain}` is not supported"),
                    "write `if ($?) { … }` after the command",
                );
            }
        }
        if self.starts("&") {
            return self.error(self.at, "`&` runs a command in the background, which is not supported");
        }
        self.unexpected()
    }

    /// One statement.
    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        let start = self.at;
        let kind = self.deeper(Self::statement_kind)?;
        let statement = Statement::new(kind, self.span(start));
        bounded(statement.height, statement.span)?;
        Ok(statement)
    }

    fn statement_kind(&mut self) -> Parsed<StatementKind> {
        let start = self.at;
        let word = self.word();
        if let Some(kind) = self.flow(&word)? {
            return Ok(kind);
        }
        let taken = |this: &mut Self| this.at += word.len();
        match word.as_str() {
            "return" => {
                taken(self);
                Ok(StatementKind::Return(self.operand()?))
            }
            "throw" => {
                taken(self);
                Ok(StatementKind::Throw(self.operand()?))
            }
            "exit" => {
                taken(self);
                Ok(StatementKind::Exit(self.operand()?))
            }
            "break" => {
                taken(self);
                Ok(StatementKind::Break(self.loop_name()?))
            }
            "continue" => {
                taken(self);
                Ok(StatementKind::Continue(self.loop_name()?))
            }
            "param" => {
                taken(self);
                self.error(start, "`param` must stand before every other statement")
            }
            word if UNSUPPORTED.contains(&word) => {
                taken(self);
                self.error(start, format!("`{word}` is not supported"))
            }
            _ => self.pipeline_or_assignment(),
        }
    }

    /// What stands after `return` and its like, where anything does.
    fn operand(&mut self) -> Parsed<Option<Box<Statement>>> {
        self.blanks()?;
        if self.is_over() || matches!(self.peek(), Some(';' | '}' | ')' | '\r' | '\n')) {
            return Ok(None);
        }
        let start = self.at;
        let pipeline = self.pipeline()?;
        Ok(Some(Box::new(Statement::new(StatementKind::Pipeline(pipeline), self.span(start)))))
    }

    fn loop_name(&mut self) -> Parsed<Option<String>> {
        self.blanks()?;
        let word = self.word();
        self.at += word.len();
        if word.is_empty() && self.starts("$") {
            return self.error(self.at, "the name of a loop must be a plain word");
        }
        Ok((!word.is_empty()).then_some(word))
    }

    fn pipeline_or_assignment(&mut self) -> Parsed<StatementKind> {
        let mut pipeline = self.pipeline()?;
        self.blanks()?;
        let Some((text, operator)) = ASSIGNMENTS.iter().find(|(text, _)| self.starts(text)) else {
            return Ok(StatementKind::Pipeline(pipeline));
        };
        let target = match (pipeline.stages.pop(), pipeline.stages.is_empty()) {
            (Some(Stage::Expression(target, redirections)), true) if redirections.is_empty() => target,
            _ => return self.error(self.at, "only a variable, a property or an item can be assigned to"),
        };
        if !is_assignable(&target) {
            let what = "only a variable, a property or an item can be assigned to".to_owned();
            return Err(crate::language::SyntaxError {
                span: target.span,
                what,
                instead: None,
                unfinished: false,
            });
        }
        self.at += text.len();
        self.breaks()?;
        let value = Box::new(self.statement()?);
        Ok(StatementKind::Assign { target: Box::new(target), operator: *operator, value })
    }

    /// A condition in parentheses.
    pub(super) fn condition(&mut self, after: &str) -> Parsed<Pipeline> {
        self.breaks()?;
        let start = self.at;
        self.expect("(", after)?;
        let condition = self.nested(|this| {
            this.breaks()?;
            let start = this.at;
            match this.pipeline_or_assignment()? {
                StatementKind::Pipeline(pipeline) => Ok(pipeline),
                // `if ($x = Get-Thing)` assigns, and what was assigned decides.
                other => Ok(this.parenthesised(other, start)),
            }
        })?;
        self.breaks()?;
        self.close(")", start)?;
        Ok(condition)
    }

    fn parenthesised(&self, kind: StatementKind, start: usize) -> Pipeline {
        let span = self.span(start);
        let inner = Box::new(Statement::new(kind, span));
        let expression = Expression::new(ExpressionKind::Paren(inner), span);
        Pipeline { stages: vec![Stage::Expression(expression, Vec::new())], span }
    }
}

fn is_assignable(target: &Expression) -> bool {
    match &target.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Member { .. } | ExpressionKind::Index { .. } => true,
        ExpressionKind::Cast(_, operand) => is_assignable(operand),
        ExpressionKind::List(items) => items.iter().all(is_assignable),
        _ => false,
    }
}
