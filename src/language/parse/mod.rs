//! From text to tree, by recursive descent and without a separate lexer: what a character means depends on whether a
//! word or an expression is read, and only the parser knows that.

mod argument;
mod block;
mod command;
mod expression;
mod flow;
mod number;
mod postfix;
mod primary;
mod scan;
mod statement;
mod text;

use super::SyntaxError;
use super::place::Span;

/// How deeply statements and expressions may lie in each other while they are read; a bracket takes four.
const DEEPEST: usize = 240;

/// How many levels a tree may have.
const TALLEST: u16 = 400;

/// The words that begin a statement.
const KEYWORDS: [&str; 17] = [
    "begin", "break", "continue", "do", "end", "exit", "for", "foreach", "function", "if", "param",
    "process", "return", "switch", "throw", "try", "while",
];

/// Those that begin a statement which is not carried out here.
const UNSUPPORTED: [&str; 15] = [
    "class",
    "configuration",
    "data",
    "define",
    "dynamicparam",
    "enum",
    "filter",
    "from",
    "inlinescript",
    "parallel",
    "sequence",
    "trap",
    "using",
    "var",
    "workflow",
];

/// Whether a word begins a statement, whether or not it is carried out.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().chain(&UNSUPPORTED).any(|known| known.eq_ignore_ascii_case(word))
}

type Parsed<T> = Result<T, SyntaxError>;

/// Reads one script.
pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// Whether a comma makes a list here. Between the arguments of a method it does not.
    commas: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // Windows editors begin a file with the mark of its byte order.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, depth: 0, commas: true }
    }

    /// One that reads from this byte on.
    pub(super) fn from(text: &'t str, at: usize) -> Self {
        let whole = Self::new(text);
        Self { at: at.max(whole.at), ..whole }
    }

    /// Another that reads on from here, to look ahead.
    fn ahead(&self) -> Self {
        Self { ..*self }
    }

    /// An error from there to here, or of the next character where nothing was read since.
    fn error<T>(&self, start: usize, what: impl Into<String>) -> Parsed<T> {
        let next = self.text[start.min(self.text.len())..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(start, self.at.max(start + next));
        let unfinished = start >= self.text.len();
        Err(SyntaxError { span, what: what.into(), instead: None, unfinished })
    }

    /// The same, of something that begins there and has no end.
    fn endless<T>(&self, start: usize, what: impl Into<String>) -> Parsed<T> {
        self.error(start, what).map_err(|error| SyntaxError { unfinished: true, ..error })
    }

    /// The same, with what to write in its place.
    fn error_instead<T>(&self, start: usize, what: impl Into<String>, instead: &str) -> Parsed<T> {
        let error = self.error::<T>(start, what);
        error.map_err(|error| SyntaxError { instead: Some(instead.to_owned()), ..error })
    }

    /// One level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return self.error(self.at, "brackets and blocks lie too deeply in each other");
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Within brackets, where a comma makes a list again.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let commas = std::mem::replace(&mut self.commas, true);
        let read = self.deeper(read);
        self.commas = commas;
        read
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }
}

/// Refuses a tree that is too tall to be walked over.
fn bounded(height: u16, span: Span) -> Parsed<()> {
    if height > TALLEST {
        let what = "the expression is too long; part it with variables".to_owned();
        return Err(SyntaxError { span, what, instead: None, unfinished: false });
    }
    Ok(())
}
