//! The words of a filter.

use super::super::path::quoted;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name, a keyword, a number or a date.
    Word(String),
    Text(String),
    Mark(char),
}

/// Splits a filter into its words, or says what is none.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => {
                let (text, after) = quoted(rest).ok_or("a quote is not closed")?;
                (Token::Text(text), after)
            }
            '(' | ')' | ',' | ':' | '/' => (Token::Mark(first), &rest[1..]),
            _ => {
                let (word, after) = rest.split_at(rest.find(|c| !is_of(c, first)).unwrap_or(rest.len()));
                if word.is_empty() {
                    return Err(format!("`{first}` is no part of a filter"));
                }
                (Token::Word(word.to_owned()), after)
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Numbers and dates begin with a digit or a sign; only they have colons and signs in them.
fn is_of(c: char, first: char) -> bool {
    let number = first.is_ascii_digit() || first == '-';
    c.is_ascii_alphanumeric() || c == '_' || (number && matches!(c, '.' | ':' | '-' | '+'))
}
