//! A line of PowerShell taken apart into words, for commands that come on standard input.
//!
//! On a command line the shell has done this before. Here its rules are PowerShell's: quotes of both kinds, lists and
//! hashtables that hold blanks, a comment at the end. Quotes stay where they are,
//! since they tell a text with a comma from a list. What PowerShell would evaluate is refused: to send `$user` as it
//! stands would name an object that nobody meant.

use super::literal::unquoted;
use super::reserved::Reserved;
use crate::failure::Failure;

/// The words of a line; none where there is only a comment.
pub(super) fn words(line: &str) -> Result<Vec<String>, Failure> {
    let mut splitter = Splitter { rest: line };
    let mut words: Vec<String> = Vec::new();
    while let Some(word) = splitter.word()? {
        let is_value = words.last().is_some_and(|option| Reserved::takes_value(option));
        words.push(match word.split_once('=') {
            _ if is_value => unquoted(&word),
            Some((option, value)) if Reserved::takes_value(option) => format!("{option}={}", unquoted(value)),
            _ => word,
        });
    }
    Ok(words)
}

struct Splitter<'l> {
    rest: &'l str,
}

impl Splitter<'_> {
    fn word(&mut self) -> Result<Option<String>, Failure> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() || self.rest.starts_with('#') {
            self.rest = "";
            return Ok(None);
        }
        let mut word = String::new();
        let mut open: Vec<char> = Vec::new();
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '\'' => self.single(&mut word)?,
                '"' => self.double(&mut word)?,
                '`' => return Err(sign('`')),
                letter if letter.is_whitespace() && open.is_empty() => break,
                '$' => self.variable(&mut word)?,
                '(' | '{' if !word.is_empty() || letter == '{' => {
                    open.push(if letter == '(' { ')' } else { '}' });
                    self.take(&mut word);
                }
                letter if open.last() == Some(&letter) => {
                    open.pop();
                    self.take(&mut word);
                }
                '|' | ';' | '&' | '<' | '>' | '(' | ')' | '}' if open.is_empty() => return Err(sign(letter)),
                _ => self.take(&mut word),
            }
        }
        match open.last() {
            Some(missing) => Err(unfinished(&format!("the closing `{missing}`"))),
            None => Ok(Some(word)),
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    fn take(&mut self, word: &mut String) {
        word.extend(self.next());
    }

    /// A text in which nothing is replaced.
    fn single(&mut self, word: &mut String) -> Result<(), Failure> {
        let Some(end) = self.rest[1..].find('\'') else { return Err(unfinished("the closing quote")) };
        let (text, rest) = self.rest.split_at(end + 2);
        word.push_str(text);
        self.rest = rest;
        Ok(())
    }

    /// A text in which constants are replaced by their texts, as PowerShell does.
    fn double(&mut self, word: &mut String) -> Result<(), Failure> {
        self.take(word);
        loop {
            match self.rest.chars().next() {
                None => return Err(unfinished("the closing quote")),
                Some('"') => {
                    self.take(word);
                    return Ok(());
                }
                Some('`') => {
                    self.take(word);
                    self.take(word);
                }
                Some('$') => word.push_str(match self.constant()? {
                    "true" => "True",
                    "false" => "False",
                    "null" => "",
                    _ => "$",
                }),
                Some(_) => self.take(word),
            }
        }
    }

    fn variable(&mut self, word: &mut String) -> Result<(), Failure> {
        let constant = self.constant()?;
        word.push('$');
        word.push_str(constant);
        Ok(())
    }

    /// The name of a constant after a `$`; empty where the `$` stands for itself.
    fn constant(&mut self) -> Result<&'static str, Failure> {
        let after = &self.rest[1..];
        let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
        let name = &after[..end];
        if name.is_empty() && !after.starts_with(['(', '{', '?', '$', '^']) {
            self.next();
            return Ok("");
        }
        let known = ["true", "false", "null"].into_iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| {
            Failure::usage(format!("`${name}` is a variable, and there are none on standard input"))
                .hint("a text with a dollar sign stands in single quotes")
        })?;
        self.rest = &after[end..];
        Ok(known)
    }
}

fn sign(sign: char) -> Failure {
    Failure::usage(format!("`{sign}` cannot stand in a command on standard input"))
        .because("each line is one cmdlet with its parameters")
        .hint(
            "a text with such a sign stands in quotes; choose columns with --columns and filter with --query",
        )
}

fn unfinished(what: &str) -> Failure {
    Failure::usage(format!("{what} is missing"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_parted_as_in_powershell() {
        for (line, expected) in [
            ("Get-Mailbox meg", vec!["Get-Mailbox", "meg"]),
            ("  get-mailbox\t-Identity:'meg ryan'  # who", vec!["get-mailbox", "-Identity:'meg ryan'"]),
            ("# nothing", vec![]),
            ("Get-X a#b", vec!["Get-X", "a#b"]),
            (
                "Set-X -A 'it''s' -B \"say \"\"yes\"\"\"",
                vec!["Set-X", "-A", "'it''s'", "-B", "\"say \"\"yes\"\"\""],
            ),
            (
                "Set-X -L @{Add = 'a b', 'c'; Remove='d)'} -Y",
                vec!["Set-X", "-L", "@{Add = 'a b', 'c'; Remove='d)'}", "-Y"],
            ),
            ("Set-X -L @('a', @(1, 2))", vec!["Set-X", "-L", "@('a', @(1, 2))"]),
            (
                "Get-X -Filter {Name -like 'a*' -and (B -eq $True)}",
                vec!["Get-X", "-Filter", "{Name -like 'a*' -and (B -eq $true)}"],
            ),
            ("Set-X -On $TRUE -Off:$false", vec!["Set-X", "-On", "$true", "-Off:$false"]),
            ("Get-X -Filter \"Is -eq $true\"", vec!["Get-X", "-Filter", "\"Is -eq True\""]),
            ("Set-X '$user' \"`$user\" 5$", vec!["Set-X", "'$user'", "\"`$user\"", "5$"]),
            (
                "Get-X -o 'json' --query '[].Name' --columns='A,B'",
                vec!["Get-X", "-o", "json", "--query", "[].Name", "--columns=A,B"],
            ),
        ] {
            assert_eq!(words(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn what_powershell_would_evaluate_is_refused() {
        for line in [
            "Get-X $user",
            "Get-X \"$user\"",
            "Get-X \"$(date)\"",
            "Get-X $($x)",
            "Get-X ${a b}",
            "Get-X (Get-Y)",
            "Get-X | Format-Table",
            "Get-X; Get-Y",
            "Get-X > file",
            "& Get-X",
            "Get-X 'a",
            "Get-X \"a`\"",
            "Get-X @{A='b'",
            "Get-X @(1",
            "Get-X )",
            "Get-X a`",
            "Get-X `$user",
            "Get-X a`,b",
        ] {
            assert!(words(line).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn rubbish_is_taken_apart_or_refused(line in r#"[-a-zA-Z0-9 '"`$@(){}|;#,=ü\t]{0,60}"#) {
            let _ = words(&line);
        }

        #[test]
        fn a_word_in_single_quotes_comes_back(text in "[^'\u{0}-\u{1f}]{0,40}") {
            let words = words(&format!("Get-X -Identity '{text}'")).expect("words");
            prop_assert_eq!(&unquoted(&words[2]), &text);
        }
    }
}
