//! One command of many: a cmdlet in words, or statements.

use super::super::cmdlet::Words;
use super::super::lines;
use super::reading::{Reading, read};
use crate::failure::Failure;

/// Adds the next line of statements that go on over it, as long as they are no longer than a line may be.
pub(in crate::cli) fn join(statements: &mut String, line: &str) -> Result<(), Failure> {
    if statements.len() + line.len() > lines::LONGEST {
        return Err(Failure::usage("the statement is longer than a mebibyte"));
    }
    statements.push('\n');
    statements.push_str(line);
    Ok(())
}

/// A command that was read.
pub(in crate::cli) enum Command {
    /// A cmdlet, with all that it is on a command line.
    Cmdlet(Words),
    /// Statements, whole or only begun.
    Statements(String),
}

impl Command {
    /// Reads a line; `None` where it is a comment.
    pub(in crate::cli) fn read(
        line: &str,
        is_function: impl Fn(&str) -> bool,
    ) -> Result<Option<Self>, Failure> {
        let words = match read(line, is_function) {
            Reading::Nothing => return Ok(None),
            Reading::Statements => return Ok(Some(Self::Statements(line.to_owned()))),
            Reading::Cmdlet(words) => words,
        };
        if words.iter().any(|word| word == "--help") {
            return Err(Failure::usage("--help stands on the command line, and not among commands")
                .remedy("what a cmdlet takes is shown by", "exo-mi cmdlets NAME"));
        }
        let Some(words) = Words::parse(&words)? else { return Ok(None) };
        if words.takes_identities() {
            return Err(Failure::usage("`-Identity -` reads standard input, from which the commands come"));
        }
        Ok(Some(Self::Cmdlet(words)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_go_on_up_to_the_length_of_a_line() {
        let mut statements = "if ($x) {".to_owned();
        join(&mut statements, "1 }").expect("short");
        assert_eq!(statements, "if ($x) {\n1 }");
        assert!(join(&mut statements, &"x".repeat(lines::LONGEST)).is_err());
        assert_eq!(statements, "if ($x) {\n1 }");
    }
}
