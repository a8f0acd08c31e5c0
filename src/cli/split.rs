//! A line of PowerShell taken apart into words, for commands that come on standard input.
//!
//! On a command line the shell has done this before. Here its rules are PowerShell's: quotes of both kinds, lists and
//! hashtables that hold blanks, a comment at the end. Quotes stay where they are,
//! since they tell a text with a comma from a list. What PowerShell would evaluate is no such line, and is left to the
//! language of scripts: to send `$user` as it stands would name an object that nobody meant.

use super::literal::unquoted;
use super::reserved::Reserved;

/// The words of a line, none of them where there is only a comment; `None` where PowerShell would evaluate something.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut splitter = Splitter { rest: line };
    let mut words: Vec<String> = Vec::new();
    while splitter.has_word() {
        let word = splitter.word()?;
        let is_value = words.last().is_some_and(|option| Reserved::takes_value(option));
        words.push(match Reserved::parted(&word) {
            _ if is_value => unquoted(&word),
            (option, Some(value)) if Reserved::takes_value(option) => format!("{option}={}", unquoted(value)),
            _ => word,
        });
    }
    Some(words)
}

struct Splitter<'l> {
    rest: &'l str,
}

impl Splitter<'_> {
    /// Skips blanks, and says whether anything but a comment is left.
    fn has_word(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        !self.rest.is_empty() && !self.rest.starts_with('#')
    }

    fn word(&mut self) -> Option<String> {
        let mut word = String::new();
        let mut open: Vec<char> = Vec::new();
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '\'' => self.single(&mut word)?,
                '"' => self.double(&mut word)?,
                '`' => return None,
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
                '|' | ';' | '&' | '<' | '>' | '(' | ')' | '}' if open.is_empty() => return None,
                _ => self.take(&mut word),
            }
        }
        open.is_empty().then_some(word)
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
    fn single(&mut self, word: &mut String) -> Option<()> {
        let end = self.rest[1..].find('\'')?;
        let (text, rest) = self.rest.split_at(end + 2);
        word.push_str(text);
        self.rest = rest;
        Some(())
    }

    /// A text in which constants are replaced by their texts, as PowerShell does.
    fn double(&mut self, word: &mut String) -> Option<()> {
        self.take(word);
        loop {
            match self.rest.chars().next() {
                None => return None,
                Some('"') => {
                    self.take(word);
                    return Some(());
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

    fn variable(&mut self, word: &mut String) -> Option<()> {
        let constant = self.constant()?;
        word.push('$');
        word.push_str(constant);
        Some(())
    }

    /// The name of a constant after a `$`; empty where the `$` stands for itself.
    fn constant(&mut self) -> Option<&'static str> {
        let after = &self.rest[1..];
        let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
        let name = &after[..end];
        if name.is_empty() && !after.starts_with(['(', '{', '?', '$', '^']) {
            self.next();
            return Some("");
        }
        let known = ["true", "false", "null"].into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
        self.rest = &after[end..];
        Some(known)
    }
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
            ("Get-X --output:'json' -o='a,b'", vec!["Get-X", "--output=json", "-o='a,b'"]),
        ] {
            assert_eq!(words(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn what_powershell_would_evaluate_is_left_to_the_language() {
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
            assert!(words(line).is_none(), "{line}");
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
