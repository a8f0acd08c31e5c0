//! Look-up in an embedded table: lines sorted by their first field, found by halving the text itself.

use std::cmp::Ordering;

/// The letters of a name that tell cmdlets apart. Hyphens and case do not: `get-accepted-domain` is `Get-AcceptedDomain`.
pub(super) fn key(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase())
}

/// The same letters as a text.
pub fn key_text(name: &str) -> String {
    key(name).map(char::from).collect()
}

/// Whether a name begins like this, whatever its case.
pub fn begins(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start))
}

/// The line whose first field is `name` in any spelling. Nothing is allocated, and only about ten lines are read.
pub(super) fn line(table: &'static str, name: &str) -> Option<&'static str> {
    let mut rest = table;
    while !rest.is_empty() {
        let (start, end) = middle(rest);
        let line = &rest[start..end];
        match key(field(line, 0)).cmp(key(name)) {
            Ordering::Equal => return Some(line),
            Ordering::Less => rest = rest[end..].trim_start_matches('\n'),
            Ordering::Greater => rest = &rest[..start],
        }
    }
    None
}

/// The field at this place of a line, empty where there is none.
pub(super) fn field(line: &'static str, at: usize) -> &'static str {
    line.split('\t').nth(at).unwrap_or_default()
}

/// Where the line in the middle of the text starts and ends. The tables are ASCII, so that any byte may be cut at.
fn middle(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let half = (bytes.len() - 1) / 2;
    let start = bytes[..half].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = bytes[half..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| half + at);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "Get-A\t1\nGet-AB\t2\nGet-B\t3\nSet-A\t4\n";

    #[test]
    fn every_line_is_found_in_any_spelling() {
        for (name, value) in
            [("get-a", "1"), ("GETAB", "2"), ("get-a-b", "2"), ("Get-B", "3"), ("set-A", "4")]
        {
            assert_eq!(line(TABLE, name).map(|line| field(line, 1)), Some(value), "{name}");
        }
    }

    #[test]
    fn a_name_begins_like_another_whatever_its_case() {
        for (start, is_beginning) in [
            ("", true),
            ("get-", true),
            ("Get-É", true),
            ("get-é", false),
            ("Get-ÉA", false),
            ("get-x", false),
        ] {
            assert_eq!(begins("Get-É", start), is_beginning, "{start}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for name in ["", "-", "Add-A", "Get-AA", "Get-", "Zet-Z", "Gèt-A"] {
            assert_eq!(line(TABLE, name), None, "{name}");
        }
        assert_eq!(line("", "Get-A"), None);
    }
}
