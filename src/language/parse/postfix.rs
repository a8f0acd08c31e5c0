//! What stands behind a value without a blank: properties, methods, items, steps.

use super::scan::{begins_name, is_double_quote, is_of_name, is_single_quote};
use super::{Parsed, Parser, bounded};
use crate::language::expression::{Expression, ExpressionKind, Member, MemberName, TypeName};
use crate::language::place::Span;

impl Parser<'_> {
    pub(super) fn postfix(&mut self, of: Expression) -> Parsed<Expression> {
        let start = of.span.start;
        let mut value = of;
        loop {
            let kind = if self.starts("::") || self.is_member() {
                self.member_of(value)?
            } else if self.starts("[") || self.starts("?[") {
                self.item_of(value)?
            } else if self.starts("++") || self.starts("--") {
                let by = if self.starts("++") { 1 } else { -1 };
                self.at += 2;
                ExpressionKind::Step { target: value.into(), by, before: false }
            } else {
                return Ok(value);
            };
            value = Expression::new(kind, self.span(start));
            bounded(value.height, value.span)?;
        }
    }

    /// Whether a dot with a name is next.
    fn is_member(&self) -> bool {
        let rest = self.rest();
        let Some(rest) = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.')) else { return false };
        let begins = |letter: char| {
            begins_name(letter)
                || matches!(letter, '$' | '(' | '\r' | '\n')
                || is_double_quote(letter)
                || is_single_quote(letter)
        };
        rest.starts_with(begins)
    }

    fn member_of(&mut self, object: Expression) -> Parsed<ExpressionKind> {
        let start = self.at;
        let fixed = self.eat("::");
        let optional = !fixed && self.eat("?");
        if !fixed {
            self.at += 1;
        }
        self.breaks()?;
        let named = self.at;
        let name = match self.peek() {
            Some('$' | '(') => MemberName::Computed(Box::new(self.primary()?)),
            Some(quote) if is_double_quote(quote) || is_single_quote(quote) => {
                let quoted = self.quoted()?;
                match &quoted.kind {
                    ExpressionKind::Text(text) => MemberName::Plain(text.to_string()),
                    _ => MemberName::Computed(Box::new(quoted)),
                }
            }
            _ => MemberName::Plain(self.take(is_of_name).to_owned()),
        };
        if named == self.at {
            return self.error(start, "a name is missing here");
        }
        let member = Member { name, fixed, optional, span: Span::new(named, self.at) };
        if self.starts("(") {
            let arguments = self.method_arguments()?;
            return Ok(ExpressionKind::Call { object: object.into(), member, arguments });
        }
        if self.starts("{") && matches!(&member.name, MemberName::Plain(name) if is_of_blocks(name)) {
            let arguments = vec![self.primary()?];
            return Ok(ExpressionKind::Call { object: object.into(), member, arguments });
        }
        Ok(ExpressionKind::Member { object: object.into(), member })
    }

    fn method_arguments(&mut self) -> Parsed<Vec<Expression>> {
        let start = self.at;
        self.at += 1;
        let arguments = self.nested(|this| {
            this.commas = false;
            let mut arguments = Vec::new();
            loop {
                this.breaks()?;
                if this.starts(")") {
                    return Ok(arguments);
                }
                arguments.push(this.expression()?);
                this.breaks()?;
                if !this.eat(",") {
                    return Ok(arguments);
                }
            }
        })?;
        self.close(")", start)?;
        Ok(arguments)
    }

    fn item_of(&mut self, object: Expression) -> Parsed<ExpressionKind> {
        let optional = self.eat("?");
        let start = self.at;
        self.at += 1;
        let index = self.nested(|this| {
            this.breaks()?;
            this.expression()
        })?;
        self.breaks()?;
        self.close("]", start)?;
        Ok(ExpressionKind::Index { object: object.into(), index: index.into(), optional })
    }

    /// `[name]`, with brackets of its own where it has any.
    pub(super) fn type_name(&mut self) -> Parsed<TypeName> {
        let start = self.at;
        self.expect("[", "here")?;
        let mut open = 1;
        let name = self.at;
        while open > 0 {
            match self.next() {
                Some('[') => open += 1,
                Some(']') => open -= 1,
                Some(letter) if is_of_name(letter) || matches!(letter, '.' | ',' | ' ' | '+' | '`') => {}
                _ => {
                    self.at = start + 1;
                    return self.error(start, "the name of a type is not understood here");
                }
            }
        }
        let name: String = self.text[name..self.at - 1].split_whitespace().collect();
        if name.is_empty() {
            return self.error(start, "the name of a type is missing between the brackets");
        }
        Ok(TypeName { name, span: self.span(start) })
    }
}

/// The two methods that take a block without parentheses.
fn is_of_blocks(name: &str) -> bool {
    name.eq_ignore_ascii_case("where") || name.eq_ignore_ascii_case("foreach")
}
