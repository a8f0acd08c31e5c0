//! The smallest expressions: variables, brackets, tables, blocks.

use super::scan::{begins_name, is_double_quote, is_of_name, is_single_quote};
use super::{Parsed, Parser};
use crate::language::expression::{Expression, ExpressionKind, Name};
use crate::language::tree::Statement;

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let kind = match (self.peek(), self.second()) {
            (Some('$'), Some('(')) => ExpressionKind::Sub(self.bracketed("$(", ")")?),
            (Some('$'), _) => ExpressionKind::Variable(self.variable()?),
            (Some('@'), Some('(')) => ExpressionKind::Array(self.bracketed("@(", ")")?),
            (Some('@'), Some('{')) => self.table()?,
            (Some('@'), Some(quote)) if is_double_quote(quote) || is_single_quote(quote) => {
                return self.here_text();
            }
            (Some('@'), Some(letter)) if begins_name(letter) => {
                return self.error_instead(
                    start,
                    "`@` before a name passes a table on to a command, and stands after the command's name",
                    "write `$` to read the variable",
                );
            }
            (Some('('), _) => self.parentheses()?,
            (Some('{'), _) => ExpressionKind::Block(self.block()?),
            (Some('['), _) => ExpressionKind::Type(self.type_name()?),
            (Some(quote), _) if is_double_quote(quote) || is_single_quote(quote) => return self.quoted(),
            (Some(letter), _) if letter.is_ascii_digit() || letter == '.' => {
                ExpressionKind::Number(self.number()?)
            }
            _ => return self.unexpected(),
        };
        Ok(Expression::new(kind, self.span(start)))
    }

    fn bracketed(&mut self, open: &str, close: &'static str) -> Parsed<Vec<Statement>> {
        let start = self.at;
        self.at += open.len();
        let statements = self.nested(|this| this.statements(close.chars().next()))?;
        self.close(close, start + open.len() - 1)?;
        Ok(statements)
    }

    fn parentheses(&mut self) -> Parsed<ExpressionKind> {
        let start = self.at;
        self.at += 1;
        let statement = self.nested(|this| {
            this.breaks()?;
            if this.starts(")") {
                return this.error(start, "there is nothing between the parentheses");
            }
            this.statement()
        })?;
        self.breaks()?;
        self.close(")", start)?;
        Ok(ExpressionKind::Paren(Box::new(statement)))
    }

    fn table(&mut self) -> Parsed<ExpressionKind> {
        let start = self.at;
        self.at += 2;
        let entries = self.nested(|this| {
            let mut entries = Vec::new();
            loop {
                this.separators()?;
                if this.starts("}") || this.is_over() {
                    return Ok(entries);
                }
                let key = this.key()?;
                this.breaks()?;
                this.expect("=", "after the name")?;
                this.breaks()?;
                entries.push((key, this.statement()?));
                this.blanks()?;
                if !this.is_over() && !matches!(this.peek(), Some(';' | '}' | '\r' | '\n')) {
                    return this.unexpected();
                }
            }
        })?;
        self.close("}", start + 1)?;
        Ok(ExpressionKind::Table(entries))
    }

    fn key(&mut self) -> Parsed<Expression> {
        let start = self.at;
        if self.peek().is_some_and(begins_name) {
            let word = self.take(|letter| is_of_name(letter) || letter == '-' || letter == '.');
            return Ok(Expression::new(ExpressionKind::Text(word.into()), self.span(start)));
        }
        let commas = std::mem::replace(&mut self.commas, false);
        let key = self.primary().and_then(|key| self.postfix(key));
        self.commas = commas;
        key
    }

    /// `$name`, `$scope:name`, `${name}`, `$?`, `$_` and their like.
    pub(super) fn variable(&mut self) -> Parsed<Name> {
        let start = self.at;
        self.expect("$", "here")?;
        if self.eat("{") {
            let name = self.take(|letter| letter != '}').to_owned();
            self.close("}", start + 1)?;
            let (scope, name) = match name.split_once(':') {
                Some((scope, name)) => (Some(scope.to_owned()), name.to_owned()),
                None => (None, name),
            };
            return Ok(Name { scope, name, span: self.span(start) });
        }
        if let Some(letter @ ('?' | '$' | '^')) = self.peek() {
            self.at += 1;
            return Ok(Name { scope: None, name: letter.into(), span: self.span(start) });
        }
        self.name_after_sigil(start)
    }

    /// A name with its scope, behind `$` or `@`.
    pub(super) fn name_after_sigil(&mut self, start: usize) -> Parsed<Name> {
        // A question mark belongs to the name, as in PowerShell, but not where an operator begins with it.
        let name = |this: &mut Self| {
            let name = this.take(is_of_name).to_owned();
            let questions = this.rest().len() - this.rest().trim_start_matches('?').len();
            let after = this.rest()[questions..].chars().next();
            let belongs = questions == 1
                && !name.is_empty()
                && !after.is_some_and(|next| matches!(next, '.' | '[' | '=' | ' ' | '\t'));
            if belongs {
                this.at += 1;
                return name + "?";
            }
            name
        };
        let first = name(self);
        if first.is_empty() {
            return self.error(start, "the name of a variable is missing after `$`");
        }
        if self.starts(":") && !self.starts("::") && self.second().is_some_and(is_of_name) {
            self.at += 1;
            let second = name(self);
            return Ok(Name { scope: Some(first), name: second, span: self.span(start) });
        }
        Ok(Name { scope: None, name: first, span: self.span(start) })
    }
}
