//! Characters, blanks and comments.

use super::{Parsed, Parser};

/// Quotes and dashes that text processors make of the plain ones; PowerShell takes them for those.
pub(super) fn is_double_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201C}' | '\u{201D}' | '\u{201E}')
}

pub(super) fn is_single_quote(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}')
}

pub(super) fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

pub(super) fn begins_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

pub(super) fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{85}')
}

/// What ends a word of a command.
pub(super) fn ends_word(letter: char) -> bool {
    is_blank(letter) || matches!(letter, '\r' | '\n' | ';' | '|' | '&' | '(' | ')' | '{' | '}' | ',')
}

impl<'t> Parser<'t> {
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    pub(super) fn starts(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Takes this text if it is next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let there = self.starts(text);
        if there {
            self.at += text.len();
        }
        there
    }

    /// Takes characters as long as they are such.
    pub(super) fn take(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|letter| !is(letter)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    pub(super) fn is_over(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Skips blanks, comments, and line ends behind a backtick.
    pub(super) fn blanks(&mut self) -> Parsed<()> {
        loop {
            self.take(is_blank);
            if self.starts("<#") {
                let start = self.at;
                match self.rest().find("#>") {
                    Some(end) => self.at += end + 2,
                    None => return self.endless(start, "the comment has no end; `#>` is missing"),
                }
            } else if self.starts("#") {
                self.take(|letter| letter != '\n');
            } else if self.starts("`\r\n") {
                self.at += 3;
            } else if self.starts("`\n") {
                self.at += 2;
            } else {
                return Ok(());
            }
        }
    }

    /// The same, and line ends.
    pub(super) fn breaks(&mut self) -> Parsed<()> {
        loop {
            self.blanks()?;
            if self.take(|letter| matches!(letter, '\r' | '\n')).is_empty() {
                return Ok(());
            }
        }
    }

    /// The same, and semicolons.
    pub(super) fn separators(&mut self) -> Parsed<()> {
        loop {
            self.breaks()?;
            if self.take(|letter| letter == ';').is_empty() {
                return Ok(());
            }
        }
    }

    /// The word that is next, in lower case, without taking it.
    pub(super) fn word(&self) -> String {
        let rest = self.rest();
        if !rest.starts_with(begins_name) {
            return String::new();
        }
        let end = rest.find(|letter: char| !is_of_name(letter) && letter != '-').unwrap_or(rest.len());
        rest[..end].to_lowercase()
    }

    /// Takes this word if it is next, whatever its case.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let there = self.word() == word;
        if there {
            self.at += word.len();
        }
        there
    }

    /// Takes a bracket, a brace or a parenthesis that must be there.
    pub(super) fn expect(&mut self, text: &str, after: &str) -> Parsed<()> {
        if self.eat(text) {
            return Ok(());
        }
        self.error(self.at, format!("`{text}` is missing {after}"))
    }

    /// The text is next that closes what was opened there.
    pub(super) fn close(&mut self, text: &str, opened: usize) -> Parsed<()> {
        if self.eat(text) {
            return Ok(());
        }
        if self.is_over() {
            let open = &self.text[opened..=opened];
            let ahead = Parser { at: opened + 1, ..self.ahead() };
            return ahead.endless(opened, format!("`{open}` is opened here and never closed"));
        }
        self.unexpected()
    }

    /// What is next has no place here.
    pub(super) fn unexpected<T>(&self) -> Parsed<T> {
        match self.peek() {
            None => self.error(self.at, "the script ends in the middle of a statement"),
            Some('\r' | '\n') => self.error(self.at, "the line ends in the middle of a statement"),
            Some(letter) => {
                let word = self.rest().split(ends_word).next().unwrap_or_default();
                let shown: String =
                    if word.is_empty() { letter.into() } else { word.chars().take(40).collect() };
                let mut ahead = self.ahead();
                ahead.at += shown.len();
                ahead.error(self.at, format!("`{shown}` is not expected here"))
            }
        }
    }
}
