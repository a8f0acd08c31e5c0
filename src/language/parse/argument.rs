//! Arguments of a command: what is not quoted is a text all the same.

use super::scan::{begins_name, ends_word, is_dash, is_double_quote, is_single_quote};
use super::{Parsed, Parser};
use crate::language::expression::{Expression, ExpressionKind, Part};
use crate::language::tree::Argument;

impl Parser<'_> {
    /// One argument.
    pub(super) fn argument(&mut self) -> Parsed<Argument> {
        let start = self.at;
        let second = self.second();
        match self.peek() {
            Some(dash)
                if is_dash(dash) && second.is_some_and(|second| begins_name(second) || second == '?') =>
            {
                self.named_argument()
            }
            Some('@') if second.is_some_and(begins_name) => {
                self.at += 1;
                self.name_after_sigil(start).map(Argument::Splat)
            }
            Some(dash) if is_dash(dash) && self.starts("--%") => self.error(start, "`--%` is not supported"),
            _ => self.argument_value().map(Argument::Value),
        }
    }

    fn named_argument(&mut self) -> Parsed<Argument> {
        let start = self.at;
        self.next();
        let name = self.take(|letter| {
            !ends_word(letter) && !matches!(letter, ':' | '.' | '[' | '"' | '\'' | '=' | '<' | '>' | '$')
        });
        let span = self.span(start);
        let value = if self.eat(":") {
            self.blanks()?;
            Some(self.argument_value()?)
        } else {
            None
        };
        Ok(Argument::Parameter { name: name.to_owned(), value, span })
    }

    /// A value, or several with commas between them.
    fn argument_value(&mut self) -> Parsed<Expression> {
        let (start, first) = (self.at, self.argument_element()?);
        self.listed(start, first, Self::argument_element)
    }

    /// One value.
    pub(super) fn argument_element(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let second = self.second();
        let is_value = match self.peek() {
            None => return self.unexpected(),
            Some(',') => return self.error(start, "a value is missing before the comma"),
            Some('(' | '{') => true,
            Some('@') => second.is_some_and(|second| matches!(second, '(' | '{' | '"' | '\'')),
            Some('$') if second == Some('(') => return self.deeper(Self::sub_or_word),
            Some('$') => self.is_whole_variable(),
            Some(quote) if is_double_quote(quote) || is_single_quote(quote) => true,
            Some(letter) if letter.is_ascii_digit() || letter == '.' || is_dash(letter) => {
                self.is_whole_number()
            }
            Some(letter) if ends_word(letter) => return self.unexpected(),
            Some(_) => false,
        };
        if is_value {
            return self.deeper(Self::operand_of_command);
        }
        self.deeper(|this| this.generic(start, Vec::new()))
    }

    /// `$( … )`, or the word that begins with it.
    fn sub_or_word(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let sub = self.primary()?;
        if self.ends_value() { self.postfix(sub) } else { self.generic(start, vec![Part::Value(sub)]) }
    }

    fn operand_of_command(&mut self) -> Parsed<Expression> {
        if self.peek().is_some_and(is_dash) {
            return self.signed_number();
        }
        let commas = std::mem::replace(&mut self.commas, true);
        let operand = self.primary().and_then(|primary| self.postfix(primary));
        self.commas = commas;
        operand
    }

    /// Whether the word that is next is a number and nothing else: `7`, but not `7.00:00:00`.
    fn is_whole_number(&self) -> bool {
        let mut ahead = self.ahead();
        if ahead.peek().is_some_and(is_dash) {
            ahead.next();
        }
        let begins = ahead.peek().is_some_and(|first| first.is_ascii_digit() || first == '.');
        begins && ahead.number().is_ok() && ahead.peek().is_none_or(ends_word)
    }

    /// Whether the variable that is next is a value by itself. Before a backslash, a slash or a letter it is the beginning
    /// of a word, as in `$folder\report.csv`.
    fn is_whole_variable(&self) -> bool {
        let mut ahead = self.ahead();
        ahead.variable().is_ok() && ahead.ends_value()
    }

    fn ends_value(&self) -> bool {
        self.peek().is_none_or(|letter| ends_word(letter) || matches!(letter, '.' | '[' | ':' | '?' | '='))
            || self.starts("++")
    }

    /// A word that was not quoted, with what is filled in.
    fn generic(&mut self, start: usize, mut parts: Vec<Part>) -> Parsed<Expression> {
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            if ends_word(letter) {
                break;
            }
            match letter {
                '`' => {
                    self.next();
                    text.extend(self.next());
                }
                '$' if self.begins_value_in_text() => {
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    let value = self.value_in_text()?;
                    parts.push(Part::Value(value));
                }
                quote if is_double_quote(quote) || is_single_quote(quote) => {
                    let quoted = self.quoted()?;
                    if let ExpressionKind::Text(quoted) = quoted.kind {
                        text.push_str(&quoted);
                    } else {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                        parts.push(Part::Value(quoted));
                    }
                }
                _ => text.extend(self.next()),
            }
        }
        if parts.is_empty() {
            return Ok(Expression::new(ExpressionKind::Word(text.into()), self.span(start)));
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Expression::new(ExpressionKind::Interpolated(parts), self.span(start)))
    }
}
