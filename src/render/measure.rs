//! Text in terminal cells: how wide it is, where it is cut, how it breaks into lines.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands for the part that was cut away. One cell wide.
pub(super) const ELLIPSIS: char = '…';

/// How many cells the text takes.
pub(super) fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Cuts a text to a width, at its end, or at its start where it stands at the right. In a column of one cell there is no
/// room for the ellipsis, and PowerShell shows what fits.
pub(super) fn cut(text: &str, width: usize, right: bool) -> String {
    match (width, right) {
        (0 | 1, false) => head(text, width).to_owned(),
        (0 | 1, true) => tail(text, width).to_owned(),
        (_, false) => format!("{}{ELLIPSIS}", head(text, width - 1)),
        (_, true) => format!("{ELLIPSIS}{}", tail(text, width - 1)),
    }
}

/// The longest beginning of the text that fits, character by character as PowerShell measures it.
pub(super) fn head(text: &str, width: usize) -> &str {
    // One letter more, which could be a mark upon the last one. The rest is not looked at: it may be megabytes, and a text
    // that is broken into lines comes here once for each of them.
    if text.as_bytes()[..text.len().min(width.saturating_add(1))].is_ascii() {
        return &text[..width.min(text.len())];
    }
    let end = fitting(text.chars(), width);
    let mut head = &text[..end];
    // Some characters are wider together than alone: a selector can turn the one before it into a wide picture.
    while cells(head) > width {
        head = &head[..head.char_indices().next_back().map_or(0, |(at, _)| at)];
    }
    head
}

/// The longest end of the text that fits.
fn tail(text: &str, width: usize) -> &str {
    let length = fitting(text.chars().rev(), width);
    let mut tail = &text[text.len() - length..];
    while cells(tail) > width {
        tail = &tail[tail.chars().next().map_or(0, char::len_utf8)..];
    }
    tail
}

/// How many bytes of these characters fit.
fn fitting(letters: impl Iterator<Item = char>, width: usize) -> usize {
    let mut used = 0;
    let mut bytes = 0;
    for letter in letters {
        used += letter.width().unwrap_or(0);
        if used > width {
            break;
        }
        bytes += letter.len_utf8();
    }
    bytes
}

/// Breaks a text into lines of a width: between words where they fit, within a word that is wider than a line. A blank
/// belongs to the word before it, even where that makes the word too wide: so PowerShell breaks lines in English.
pub(super) fn wrap(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    if width == usize::MAX || cells(text) <= width {
        return vec![Cow::Borrowed(text)];
    }
    broken(text, width).into_iter().map(Cow::Owned).collect()
}

fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    // How wide the last line is.
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let needed = cells(word);
        if needed > width {
            break_word(word, width, &mut lines);
            used = cells(last(&mut lines));
        } else if used + needed > width {
            lines.push(word.to_owned());
            used = needed;
        } else {
            last(&mut lines).push_str(word);
            used += needed;
        }
    }
    lines
}

/// Goes on in the last line, which the beginning of the word fills up.
fn break_word(word: &str, width: usize, lines: &mut Vec<String>) {
    let joined = lines.pop().unwrap_or_default() + word;
    let mut rest = joined.as_str();
    while let Some(first) = rest.chars().next() {
        let part = head(rest, width);
        if part.is_empty() {
            // A wide character in a line of one cell. PowerShell puts a question mark for it too.
            lines.push("?".to_owned());
            rest = &rest[first.len_utf8()..];
        } else {
            lines.push(part.to_owned());
            rest = &rest[part.len()..];
        }
    }
}

fn last(lines: &mut Vec<String>) -> &mut String {
    if lines.is_empty() {
        lines.push(String::new());
    }
    let at = lines.len() - 1;
    &mut lines[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_counts_cells_and_not_characters() {
        for (text, width) in
            [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👍", 2), ("👨\u{200D}👩\u{200D}👧", 2)]
        {
            assert_eq!(cells(text), width, "{text}");
        }
    }

    #[test]
    fn a_cell_loses_its_end_and_a_right_aligned_one_its_start() {
        for (text, width, right, shown) in [
            ("Authoritative", 12, false, "Authoritati…"),
            ("12345678", 7, true, "…345678"),
            ("99 GB (106,300,440,576 bytes)", 20, false, "99 GB (106,300,440,…"),
            ("日本語", 5, false, "日本…"),
            ("日本語", 4, false, "日…"),
            ("日本語", 4, true, "…語"),
            ("ab", 1, false, "a"),
            ("ab", 1, true, "b"),
            ("日本", 1, false, ""),
            ("1\u{fe0f}1\u{fe0f}1\u{fe0f}", 3, false, "1\u{fe0f}…"),
        ] {
            assert_eq!(cut(text, width, right), shown);
        }
    }

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        let cases: [(&str, usize, &[&str]); 7] = [
            ("short", 8, &["short"]),
            ("DomainType", 8, &["DomainTy", "pe"]),
            ("Message Count", 8, &["Message ", "Count"]),
            ("one two three", 7, &["one ", "two ", "three"]),
            ("Message Count", 7, &["Message", " Count"]),
            ("日本語", 3, &["日", "本", "語"]),
            ("日a", 1, &["?", "a"]),
        ];
        for (text, width, lines) in cases {
            assert_eq!(wrap(text, width), lines, "{text} in {width}");
        }
    }
}
