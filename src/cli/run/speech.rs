//! How a place is told in which something went wrong.

/// Where statements come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Speech {
    /// A script.
    Script,
    /// Standard input, whose lines are counted.
    Input,
    /// The command line or the shell, where whoever reads the error has just written it.
    Typed,
}

impl Speech {
    /// A line, and what is wrong there.
    pub(in crate::cli) fn place(self, line: usize, what: &str) -> String {
        match self {
            Self::Typed => what.to_owned(),
            _ => format!("{what}, {}", self.line(line)),
        }
    }

    /// A line.
    pub(in crate::cli) fn line(self, line: impl std::fmt::Display) -> String {
        match self {
            Self::Script => format!("line {line} of the script"),
            Self::Input => format!("in line {line} of standard input"),
            Self::Typed => "here".to_owned(),
        }
    }

    /// The lines that show a place, with its number where that says anything.
    pub(in crate::cli) fn excerpt(self, lines: Vec<String>) -> Vec<String> {
        let bare = |line: String| line.split_once(" | ").map(|(_, text)| text.to_owned()).unwrap_or(line);
        if self == Self::Typed { lines.into_iter().map(bare).collect() } else { lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_without_the_number_of_a_line() {
        let lines = || vec!["12 | a | b".to_owned(), "   |     ^".to_owned()];
        assert_eq!(Speech::Typed.excerpt(lines()), ["a | b", "    ^"]);
        assert_eq!(Speech::Script.excerpt(lines()), lines());
        assert_eq!(Speech::Input.place(3, "no"), "no, in line 3 of standard input");
    }
}
