//! A text prepared to be searched: everything that changes on the way from one console to another is taken away.
//!
//! Blanks are not narrowed but removed, since Windows PowerShell breaks lines in the middle of words. Where they stood
//! is kept, so that a word can still be told from a part of one. GUIDs, hosts and numbers need no such treatment: a
//! pattern leaves them out.

use std::collections::HashSet;

use super::{message, plain};

/// Whether a word is the name of a cmdlet of Exchange, of which this room knows none.
pub(super) type IsCmdlet<'a> = &'a dyn Fn(&str) -> bool;

/// A stretch of the folded text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

/// A text in which case, quotes, dashes and blanks say nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// The letters that are left.
    pub letters: String,
    /// For each of their bytes, whether a blank stood before it.
    breaks: Vec<bool>,
}

/// What a run of NUL bytes leaves behind.
pub(super) const MUTE: char = '\0';

/// A text that is searched for patterns.
pub(super) struct Reading {
    pub folded: Folded,
    /// The names of cmdlets.
    pub cmdlets: Vec<Span>,
    /// Lines and paragraphs without their labels, folded.
    messages: HashSet<String>,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut folded =
            Self { letters: String::with_capacity(text.len()), breaks: Vec::with_capacity(text.len()) };
        let mut after_blank = false;
        for letter in text.chars() {
            match letter {
                blank if blank.is_whitespace() => after_blank = true,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
                // A whole page of NUL bytes is one letter.
                MUTE if folded.letters.ends_with(MUTE) => {}
                '"' | '`' | '\u{b4}' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' => {
                    folded.push('\'', &mut after_blank);
                }
                '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-', &mut after_blank),
                '\u{2026}' => "...".chars().for_each(|dot| folded.push(dot, &mut after_blank)),
                letter => letter.to_lowercase().for_each(|small| folded.push(small, &mut after_blank)),
            }
        }
        folded
    }

    fn push(&mut self, letter: char, after_blank: &mut bool) {
        self.letters.push(letter);
        self.breaks.push(std::mem::take(after_blank));
        self.breaks.resize(self.letters.len(), false);
    }

    /// Whether no word goes on across this place.
    pub(super) fn is_edge(&self, at: usize) -> bool {
        let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        self.breaks.get(at) != Some(&false)
            || !is_word(self.letters[..at].chars().next_back())
            || !is_word(self.letters[at..].chars().next())
    }

    /// The stretches that could be the name of a cmdlet: letters, digits and hyphens between two blanks or other signs.
    fn names(&self) -> Vec<Span> {
        let mut names: Vec<Span> = Vec::new();
        for (at, byte) in self.letters.bytes().enumerate() {
            if !(byte.is_ascii_alphanumeric() || byte == b'-') {
                continue;
            }
            match names.last_mut() {
                Some(name) if name.end == at && !self.breaks[at] => name.end += 1,
                _ => names.push(Span { start: at, end: at + 1 }),
            }
        }
        names
    }
}

impl Reading {
    pub(super) fn of(text: &str, is_cmdlet: IsCmdlet<'_>) -> Self {
        let plain = without_stray_nul(plain::unescaped(text));
        let lines: Vec<Option<&str>> = plain.lines().map(message::unframed).collect();
        let folded = Folded::of(&lines.iter().flatten().copied().collect::<Vec<_>>().join("\n"));
        let cmdlets = cmdlets(&folded, is_cmdlet);
        Self { cmdlets, messages: message::messages(&lines, is_cmdlet), folded }
    }

    /// Whether the text is this word and nothing else.
    pub(super) fn is_only(&self, word: &str) -> bool {
        self.folded.letters == word
    }

    /// Whether this is all that a line or a paragraph says.
    pub(super) fn is_message(&self, folded: &str) -> bool {
        self.messages.contains(folded)
    }
}

/// Names of cmdlets, of which one may have been broken at the end of a line.
fn cmdlets(folded: &Folded, is_cmdlet: IsCmdlet<'_>) -> Vec<Span> {
    const LONGEST: usize = 80;
    let names = folded.names();
    let known = |span: &Span| {
        let word = &folded.letters[span.start..span.end];
        word.len() <= LONGEST && word.contains('-') && is_cmdlet(word)
    };
    let whole = |(at, name): (usize, &Span)| {
        let broken = names.get(at + 1).filter(|next| next.start == name.end);
        let broken = broken.map(|next| Span { start: name.start, end: next.end });
        [Some(*name), broken].into_iter().flatten().find(known)
    };
    names.iter().enumerate().filter_map(whole).collect()
}

/// NUL bytes mean something where one run of them is half the text or more, as in the reply that says nothing. In a
/// program's file or among words they mean nothing.
fn without_stray_nul(text: String) -> String {
    const FEWEST: usize = 16;
    let (mut run, mut longest) = (0, 0);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        run = if letter == MUTE { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    if longest >= FEWEST && longest * 2 >= text.len() { text } else { text.replace(MUTE, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_between_consoles_is_folded_away() {
        let folded = |text| Folded::of(text).letters;
        assert_eq!(folded("It isn\u{2019}t\r\n \u{201c}So\u{201d}"), "itisn't'so'");
        assert_eq!(folded("a\u{a0}\u{2014}\u{200b} B\u{2026}"), "a-b...");
        assert_eq!(folded("\0\0 \0x"), "\0x");
    }

    #[test]
    fn words_end_where_blanks_or_signs_stood() {
        let folded = Folded::of("no 410,\n4100é");
        let edges: Vec<usize> = (0..=folded.letters.len())
            .filter(|at| folded.letters.is_char_boundary(*at) && folded.is_edge(*at))
            .collect();
        // no|410|,|4100é
        assert_eq!(edges, [0, 2, 5, 6, 12]);
    }

    #[test]
    fn cmdlets_are_found_where_they_are_whole_or_broken_once() {
        let known = |word: &str| word == "get-mailbox";
        let found = |text| {
            let reading = Reading::of(text, &known);
            reading
                .cmdlets
                .iter()
                .map(|span| reading.folded.letters[span.start..span.end].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("'Get-Mailbox' is, Get-\nMailbox. (GET-MAIL\nBOX)"), vec!["get-mailbox"; 3]);
        assert!(found("Get-MailboxFolder Forget-Mailbox get mailbox").is_empty());
    }

    #[test]
    fn nul_counts_where_it_is_most_of_the_text() {
        let mute = |text: &str| Reading::of(text, &|_| false).folded.letters.contains(MUTE);
        assert!(mute(&"\0".repeat(4096)));
        assert!(mute(&format!("HTTP/1.1 403 Forbidden\r\n\r\n{}", "^@".repeat(200))));
        assert!(!mute(&format!("a\0b{}", " words".repeat(10))));
        assert!(mute(&format!("{}\r\n", "^@".repeat(80)).repeat(9)));
        assert!(!mute("\0\0\0"));
        assert!(!mute(&format!("{}ELF", "\0".repeat(20)).repeat(50)));
    }
}
