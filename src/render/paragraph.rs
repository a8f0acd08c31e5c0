//! Sentences on a terminal, broken between words.

use super::measure::cells;

/// A text in lines of at most so many cells, of which those after the first begin with so many blanks. What stands between
/// backticks is a name or a command and stays whole, as does a word that is wider than a line: the terminal breaks it where
/// it must, and what is copied from there has no line end in it. Where no width is known the text stays as it is.
pub fn paragraph(text: &str, columns: Option<usize>, indent: usize) -> String {
    let mut quoted = false;
    let words = text.trim_start_matches(' ').split(|letter| {
        quoted ^= letter == '`';
        letter == ' ' && !quoted
    });
    let first = text.len() - text.trim_start_matches(' ').len();
    fill(words, columns, first, indent)
}

/// The same of parts that are broken between each other alone, with so many blanks before the first.
pub fn fill<'t>(
    parts: impl IntoIterator<Item = &'t str>,
    columns: Option<usize>,
    first: usize,
    indent: usize,
) -> String {
    let columns = columns.unwrap_or(usize::MAX);
    let mut text = " ".repeat(first);
    let mut used = first;
    for (at, part) in parts.into_iter().enumerate() {
        let needed = cells(part);
        if at > 0 && used.saturating_add(1 + needed) > columns {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            used = indent;
        } else if at > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(part);
        used += needed;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_between_words_and_never_within_a_command() {
        for (text, columns, expected) in [
            ("hint: grant it the role", Some(12), "hint: grant\n  it the\n  role"),
            ("  caused by: so it is", Some(14), "  caused by:\n  so it is"),
            ("run `exo-mi doctor --org x` and look", Some(12), "run\n  `exo-mi doctor --org x`\n  and look"),
            ("see https://contoso.example/a/long/way", Some(10), "see\n  https://contoso.example/a/long/way"),
            ("ends where the line ends", Some(14), "ends where the\n  line ends"),
            ("日本語 日本語", Some(12), "日本語\n  日本語"),
            ("two  blanks stay", Some(80), "two  blanks stay"),
            ("no width is known", None, "no width is known"),
            ("a lone ` is no end of it", Some(6), "a lone\n  ` is no end of it"),
            ("", Some(3), ""),
        ] {
            assert_eq!(paragraph(text, columns, 2), expected);
        }
    }
}
