//! Texts between quotes, here-strings, and what is filled into them.

use super::scan::{begins_name, is_double_quote, is_single_quote};
use super::{Parsed, Parser};
use crate::language::expression::{Expression, ExpressionKind, Part};

impl Parser<'_> {
    /// `'…'` or `"…"`.
    pub(super) fn quoted(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let double = self.next().is_some_and(is_double_quote);
        let kind = if double {
            let parts = self.deeper(|this| this.parts(start, None))?;
            joined(parts)
        } else {
            ExpressionKind::Text(self.verbatim(start)?.into())
        };
        Ok(Expression::new(kind, self.span(start)))
    }

    /// Up to the single quote; two of them are one.
    fn verbatim(&mut self, start: usize) -> Parsed<String> {
        let mut text = String::new();
        loop {
            text.push_str(self.take(|letter| !is_single_quote(letter)));
            let Some(quote) = self.next() else { return self.open_ended(start) };
            if !self.peek().is_some_and(is_single_quote) {
                return Ok(text);
            }
            text.push(quote);
            self.next();
        }
    }

    fn open_ended<T>(&self, start: usize) -> Parsed<T> {
        let ahead = Parser { at: start + 1, ..Parser::new(self.text) };
        ahead.endless(start, "the text that begins here has no end; its quote is missing")
    }

    /// The parts of a text in double quotes: up to the quote, which is taken, or up to a place.
    fn parts(&mut self, start: usize, end: Option<usize>) -> Parsed<Vec<Part>> {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            if end.is_some_and(|end| self.at >= end) {
                break;
            }
            let Some(letter) = self.peek() else { return self.open_ended(start) };
            if letter == '`' {
                self.next();
                self.escape(&mut text)?;
            } else if letter == '$' && self.begins_value_in_text() {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Value(self.value_in_text()?));
            } else if end.is_none() && is_double_quote(letter) {
                self.next();
                if !self.peek().is_some_and(is_double_quote) {
                    break;
                }
                text.push(letter);
                self.next();
            } else {
                text.push(letter);
                self.next();
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(parts)
    }

    /// Whether the dollar sign that is next begins something that is filled in.
    pub(super) fn begins_value_in_text(&self) -> bool {
        let second = self.second();
        second.is_some_and(|second| {
            begins_name(second) || second.is_ascii_digit() || matches!(second, '(' | '{' | '?' | '$' | '^')
        })
    }

    /// A variable or `$( … )` within a text. Properties are not read here, as in PowerShell.
    pub(super) fn value_in_text(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let value = self.primary()?;
        let braced = self.text[start..].starts_with("${");
        if let ExpressionKind::Variable(name) = &value.kind
            && !braced
            && name.scope.is_none()
            && self.starts(":")
        {
            let instead = format!("write `${{{}}}:`", name.name);
            return self.error_instead(
                start,
                "the colon belongs to the variable's name, and what follows it is no name",
                &instead,
            );
        }
        Ok(value)
    }

    /// What a backtick makes of the next character.
    fn escape(&mut self, text: &mut String) -> Parsed<()> {
        let start = self.at;
        let letter = match self.next() {
            Some('0') => '\0',
            Some('a') => '\u{7}',
            Some('b') => '\u{8}',
            Some('e') => '\u{1b}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\u{b}',
            Some('u') if self.starts("{") => {
                self.at += 1;
                let digits = self.take(|letter| letter.is_ascii_hexdigit());
                let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                match code.filter(|_| self.eat("}")) {
                    Some(letter) => letter,
                    None => return self.error(start, "this is no character: write `u{1F600}"),
                }
            }
            Some(other) => other,
            None => return self.open_ended(start),
        };
        text.push(letter);
        Ok(())
    }

    /// `@'` or `@"` with lines up to one that begins with the same quote and `@`.
    pub(super) fn here_text(&mut self) -> Parsed<Expression> {
        let start = self.at;
        self.at += 1;
        let double = self.next().is_some_and(is_double_quote);
        self.take(|letter| matches!(letter, ' ' | '\t'));
        if !(self.eat("\r\n") || self.eat("\n")) {
            let what = "a line must end here; the text begins with the next one";
            return if self.is_over() { self.endless(start, what) } else { self.error(start, what) };
        }
        let content = self.at;
        let Some((end, after)) = here_end(self.text, content, double) else {
            self.at = start + 2;
            return self.endless(
                start,
                "the text that begins here has no end, a line that begins with its quote and `@`",
            );
        };
        let kind = if double {
            let parts = self.deeper(|this| this.parts(start, Some(end)))?;
            // Whatever was read behind the end would be read once more, and twice as often in each text within it.
            if self.at > end {
                return self.error(start, "what is filled in here goes beyond the end of the text");
            }
            joined(parts)
        } else {
            ExpressionKind::Text(self.text[content..end].into())
        };
        self.at = after;
        Ok(Expression::new(kind, self.span(start)))
    }
}

/// Where the content of a here-string ends, and where what follows it begins.
fn here_end(text: &str, content: usize, double: bool) -> Option<(usize, usize)> {
    let closes = |line: &str| {
        let mut letters = line.chars();
        let quote = letters
            .next()
            .filter(|quote| if double { is_double_quote(*quote) } else { is_single_quote(*quote) })?;
        (letters.next() == Some('@')).then_some(quote.len_utf8() + 1)
    };
    let mut line = content;
    loop {
        if let Some(length) = closes(&text[line..]) {
            let before = text[content..line].strip_suffix('\n').unwrap_or_default();
            let before = before.strip_suffix('\r').unwrap_or(before);
            return Some((content + before.len(), line + length));
        }
        line += text[line..].find('\n')? + 1;
    }
}

/// A text where nothing is filled in.
fn joined(mut parts: Vec<Part>) -> ExpressionKind {
    match parts.as_mut_slice() {
        [] => ExpressionKind::Text("".into()),
        [Part::Text(text)] => ExpressionKind::Text(std::mem::take(text).into()),
        _ => ExpressionKind::Interpolated(parts),
    }
}
