//! Expressions: operators, by how tightly they bind.

use super::scan::{begins_name, is_dash, is_of_name};
use super::{Parsed, Parser, bounded};
use crate::language::expression::{Expression, ExpressionKind, Number};
use crate::language::operator::{Binary, Unary};
use crate::language::place::Span;

/// How tightly the loosest operator binds.
const LOOSEST: u8 = 1;

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.deeper(|this| {
            let start = this.at;
            let condition = this.binary(LOOSEST)?;
            this.blanks()?;
            if !this.starts("?") || this.starts("??") || this.starts("?.") || this.starts("?[") {
                return Ok(condition);
            }
            this.at += 1;
            this.breaks()?;
            let then = this.expression()?;
            this.breaks()?;
            this.expect(":", "between the two values after `?`")?;
            this.breaks()?;
            let otherwise = this.expression()?;
            let kind = ExpressionKind::Ternary(condition.into(), then.into(), otherwise.into());
            Ok(Expression::new(kind, this.span(start)))
        })
    }

    fn binary(&mut self, least: u8) -> Parsed<Expression> {
        let start = self.at;
        let mut left = self.list()?;
        loop {
            self.blanks()?;
            let Some((operator, length)) = self.operator_ahead()? else { return Ok(left) };
            if operator.strength() < least {
                return Ok(left);
            }
            let at = Span::new(self.at, self.at + length);
            self.at += length;
            self.breaks()?;
            let right = self.deeper(|this| this.binary(operator.strength() + 1))?;
            let kind = ExpressionKind::Binary { operator, left: left.into(), right: right.into(), at };
            left = Expression::new(kind, self.span(start));
            bounded(left.height, at)?;
        }
    }

    /// The operator that is next, and how many bytes it takes.
    fn operator_ahead(&self) -> Parsed<Option<(Binary, usize)>> {
        let Some(first) = self.peek() else { return Ok(None) };
        let is_assignment = self.rest().get(first.len_utf8()..).is_some_and(|rest| rest.starts_with('='));
        let symbol = match first {
            '+' if !is_assignment => Binary::Add,
            '*' if !is_assignment => Binary::Multiply,
            '/' if !is_assignment => Binary::Divide,
            '%' if !is_assignment => Binary::Remainder,
            '.' if self.starts("..") => return Ok(Some((Binary::Range, 2))),
            '?' if self.starts("??") && !self.starts("??=") => return Ok(Some((Binary::IfNull, 2))),
            dash if is_dash(dash) => return self.dashed_operator(dash, is_assignment),
            _ => return Ok(None),
        };
        Ok(Some((symbol, first.len_utf8())))
    }

    fn dashed_operator(&self, dash: char, is_assignment: bool) -> Parsed<Option<(Binary, usize)>> {
        let rest = &self.rest()[dash.len_utf8()..];
        if is_assignment {
            return Ok(None);
        }
        if !rest.starts_with(begins_name) {
            return Ok(Some((Binary::Subtract, dash.len_utf8())));
        }
        let end = rest.find(|letter: char| !is_of_name(letter)).unwrap_or(rest.len());
        if let Some(operator) = Binary::named(&rest[..end]) {
            Ok(Some((operator, dash.len_utf8() + end)))
        } else {
            let ahead = Parser { at: self.at + dash.len_utf8() + end, ..Parser::new(self.text) };
            ahead.error(self.at, format!("`-{}` is no operator", &rest[..end]))
        }
    }

    /// One value, or several with commas between them. A comma binds more tightly than any other operator between two
    /// values.
    fn list(&mut self) -> Parsed<Expression> {
        let (start, first) = (self.at, self.unary()?);
        if self.commas { self.listed(start, first, Self::unary) } else { Ok(first) }
    }

    /// The value that was read, or a list of it and of those that follow it behind commas.
    pub(super) fn listed(
        &mut self,
        start: usize,
        first: Expression,
        next: fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Expression> {
        let mut items = vec![first];
        loop {
            let before = self.at;
            self.blanks()?;
            if !self.eat(",") {
                self.at = before;
                break;
            }
            self.breaks()?;
            items.push(next(self)?);
        }
        if items.len() == 1 {
            return Ok(items.remove(0));
        }
        Ok(Expression::new(ExpressionKind::List(items), self.span(start)))
    }

    fn unary(&mut self) -> Parsed<Expression> {
        self.deeper(Self::unary_here)
    }

    fn unary_here(&mut self) -> Parsed<Expression> {
        let start = self.at;
        if self.number_ahead() {
            return if self.peek().is_some_and(is_dash) {
                self.signed_number()
            } else {
                self.primary().and_then(|number| self.postfix(number))
            };
        }
        if self.starts("++") || self.starts("--") {
            let by = if self.starts("++") { 1 } else { -1 };
            self.at += 2;
            self.blanks()?;
            let target = Box::new(self.unary()?);
            return Ok(Expression::new(ExpressionKind::Step { target, by, before: true }, self.span(start)));
        }
        if let Some(operator) = self.unary_operator() {
            self.breaks()?;
            let operand = Box::new(self.unary()?);
            return Ok(Expression::new(ExpressionKind::Unary(operator, operand), self.span(start)));
        }
        if self.starts("[") {
            return self.type_or_cast();
        }
        self.primary().and_then(|primary| self.postfix(primary))
    }

    fn unary_operator(&mut self) -> Option<Unary> {
        let first = self.peek()?;
        let symbol = match first {
            '!' => Some(Unary::Not),
            ',' => Some(Unary::Wrap),
            '+' => Some(Unary::Plus),
            dash if is_dash(dash) => {
                let rest = &self.rest()[dash.len_utf8()..];
                let end = rest.find(|letter: char| !is_of_name(letter)).unwrap_or(rest.len());
                if end > 0 {
                    let operator = Unary::named(&rest[..end])?;
                    self.at += dash.len_utf8() + end;
                    return Some(operator);
                }
                Some(Unary::Minus)
            }
            _ => None,
        };
        if symbol.is_some() {
            self.at += first.len_utf8();
        }
        symbol
    }

    /// A number with its sign. What is read from it, such as a method, comes before the sign in PowerShell too.
    pub(super) fn signed_number(&mut self) -> Parsed<Expression> {
        let start = self.at;
        self.next();
        let number = self.number()?;
        let number = match number {
            Number::Int(number) => Number::Int(number.wrapping_neg()),
            Number::Long(number) if number == i64::from(i32::MAX) + 1 => Number::Int(i32::MIN),
            Number::Long(number) => Number::Long(number.wrapping_neg()),
            Number::Double(number) => Number::Double(-number),
        };
        Ok(Expression::new(ExpressionKind::Number(number), self.span(start)))
    }

    fn type_or_cast(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let name = self.type_name()?;
        if self.starts("::") {
            let kind = ExpressionKind::Type(name);
            let of = Expression::new(kind, self.span(start));
            return self.postfix(of);
        }
        let before = self.at;
        self.blanks()?;
        if !self.begins_operand() {
            self.at = before;
            return Ok(Expression::new(ExpressionKind::Type(name), self.span(start)));
        }
        let operand = Box::new(self.unary()?);
        Ok(Expression::new(ExpressionKind::Cast(name, operand), self.span(start)))
    }

    /// Whether what is next can be cast.
    fn begins_operand(&self) -> bool {
        let Some(first) = self.peek() else { return false };
        matches!(first, '$' | '(' | '@' | '{' | '[' | '!')
            || super::scan::is_double_quote(first)
            || super::scan::is_single_quote(first)
            || self.number_ahead()
            || is_dash(first) && self.second().is_some_and(|second| matches!(second, '$' | '('))
            || self.starts("-not ")
            || self.starts("-join ")
    }
}
