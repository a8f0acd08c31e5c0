//! Where something stands in a script.

/// A stretch of the text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it has ended.
    pub end: usize,
}

/// A place as editors count it: both begin with 1, and a column is a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// How much of a long line is shown around what is meant.
const SHOWN: usize = 120;

impl Span {
    /// From here to there.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the beginning of this to the end of another.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end.max(self.start) }
    }

    /// Where it begins.
    pub fn place(self, text: &str) -> Place {
        let before = &text[..floor(text, self.start)];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Place { line, column: before[start..].chars().count() + 1 }
    }

    /// The line in which it begins, with carets under it:
    ///
    /// ```text
    ///   7 | class Report {
    ///     | ^^^^^
    /// ```
    pub fn excerpt(self, text: &str) -> Vec<String> {
        let start = floor(text, self.start);
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[from..to].trim_end_matches('\r');
        let column = text[from..start].chars().count();
        let end = floor(text, self.end).clamp(start, from + line.len().max(start - from));
        let length = text[start..end].chars().count().max(1);
        let skipped = if column > SHOWN { column - SHOWN / 2 } else { 0 };
        let shown: String = line.chars().skip(skipped).take(SHOWN).map(blank).collect();
        let number = self.place(text).line.to_string();
        let gutter = " ".repeat(number.len());
        let carets = "^".repeat(length.min(SHOWN.saturating_sub(column - skipped).max(1)));
        vec![
            format!("{number} | {shown}").trim_end().to_owned(),
            format!("{gutter} | {}{carets}", " ".repeat(column - skipped)),
        ]
    }
}

/// A tab takes one cell, so that the carets stand under what they mean.
fn blank(letter: char) -> char {
    if letter == '\t' { ' ' } else { letter }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_begin_with_one_and_count_characters() {
        let text = "é = 1\r\n\tfoo bar";
        let at = text.find("bar").expect("there");
        assert_eq!(Span::new(at, at + 3).place(text), Place { line: 2, column: 6 });
        assert_eq!(Span::new(3, 4).place(text), Place { line: 1, column: 3 });
    }

    #[test]
    fn carets_stand_under_what_is_meant() {
        let text = "$a = 1\n\tclass Report {\n";
        let at = text.find("class").expect("there");
        assert_eq!(Span::new(at, at + 5).excerpt(text), ["2 |  class Report {", "  |  ^^^^^"]);
        assert_eq!(Span::new(text.len(), text.len()).excerpt(text), ["3 |", "  | ^"]);
        let long = "x".repeat(300) + "class";
        let shown = Span::new(300, 305).excerpt(&long);
        assert!(shown.iter().all(|line| line.len() < 130), "{shown:?}");
        assert_eq!(shown[0].find("class"), shown[1].find('^'));
    }
}
