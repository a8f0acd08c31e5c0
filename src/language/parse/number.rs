//! Numbers.

use super::scan::{ends_word, is_dash, is_of_name};
use super::{Parsed, Parser};
use crate::language::expression::Number;

/// What may stand behind a number, and by what it is multiplied then.
const MULTIPLIERS: [(&str, i64); 5] =
    [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40), ("pb", 1 << 50)];

impl Parser<'_> {
    /// Whether a number is next, be it with a minus before it, that is a value by itself.
    pub(super) fn number_ahead(&self) -> bool {
        let mut ahead = self.ahead();
        if ahead.peek().is_some_and(is_dash) {
            ahead.next();
        }
        let begins = ahead.peek().is_some_and(|first| first.is_ascii_digit())
            || ahead.starts(".") && ahead.second().is_some_and(|second| second.is_ascii_digit());
        begins && ahead.number().is_ok() && ahead.ends_number()
    }

    fn ends_number(&self) -> bool {
        let Some(next) = self.peek() else { return true };
        ends_word(next)
            || matches!(next, ']' | '+' | '*' | '/' | '%' | '=' | '[' | '?' | ':' | '<' | '>')
            || is_dash(next)
            || self.starts("..")
            || self.starts(".") && self.second().is_some_and(char::is_alphabetic)
    }

    pub(super) fn number(&mut self) -> Parsed<Number> {
        let start = self.at;
        let number = if self.starts("0x") || self.starts("0X") { self.hexadecimal() } else { self.decimal() };
        let number = number.and_then(|number| self.scaled(number));
        if self.peek().is_some_and(is_of_name) {
            return self.error(start, "this is no number");
        }
        match number {
            Some(number) => Ok(number),
            None => self.error(start, "the number is too large"),
        }
    }

    fn hexadecimal(&mut self) -> Option<Number> {
        self.at += 2;
        let digits = self.take(|letter| letter.is_ascii_hexdigit());
        // Eight digits are the bits of 32, so that 0xFFFFFFFF is -1, as in PowerShell.
        #[allow(clippy::cast_possible_wrap)]
        let bits = |bits: u64| {
            if digits.len() <= 8 {
                u32::try_from(bits).ok().map(|bits| Number::Int(bits as i32))
            } else {
                Some(Number::Long(bits as i64))
            }
        };
        u64::from_str_radix(digits, 16).ok().and_then(bits)
    }

    fn decimal(&mut self) -> Option<Number> {
        let start = self.at;
        self.take(|letter| letter.is_ascii_digit());
        let mut whole = true;
        if self.starts(".") && self.second().is_some_and(|second| second.is_ascii_digit()) {
            self.at += 1;
            self.take(|letter| letter.is_ascii_digit());
            whole = false;
        }
        if self.peek().is_some_and(|letter| matches!(letter, 'e' | 'E')) {
            let rest = self.rest()[1..].trim_start_matches(['+', '-']);
            if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
                self.at += 1;
                self.take(|letter| matches!(letter, '+' | '-'));
                self.take(|letter| letter.is_ascii_digit());
                whole = false;
            }
        }
        let text = &self.text[start..self.at];
        if !whole {
            return text.parse().ok().map(Number::Double);
        }
        let int = text.parse().ok().map(Number::Int);
        let long = || text.parse().ok().map(Number::Long);
        int.or_else(long).or_else(|| text.parse().ok().map(Number::Double))
    }

    /// The number with what stands behind it: `L`, `KB` and their like.
    fn scaled(&mut self, number: Number) -> Option<Number> {
        let mut number = number;
        if self.peek().is_some_and(|letter| matches!(letter, 'l' | 'L')) {
            self.at += 1;
            number = match number {
                Number::Int(number) => Number::Long(number.into()),
                other => other,
            };
        }
        let suffix = self.rest().get(..2).map(str::to_ascii_lowercase).unwrap_or_default();
        let Some((_, factor)) = MULTIPLIERS.iter().find(|(name, _)| *name == suffix) else {
            return Some(number);
        };
        self.at += 2;
        match number {
            Number::Int(count) => {
                let product = i64::from(count).checked_mul(*factor)?;
                Some(i32::try_from(product).map_or(Number::Long(product), Number::Int))
            }
            Number::Long(count) => count.checked_mul(*factor).map(Number::Long),
            // A multiplier is a power of two and exact.
            #[allow(clippy::cast_precision_loss)]
            Number::Double(count) => Some(Number::Double(count * *factor as f64)),
        }
    }
}
