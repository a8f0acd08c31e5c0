//! Texts as one word each of a shell.

/// For bash and its kin: literal between single quotes, which end for a quote of the text.
pub(super) fn posix(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// For PowerShell, which takes typographic quotes for plain ones, and any of them doubled for itself.
pub(super) fn powershell(text: &str) -> String {
    let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
    let doubled: String =
        text.chars().flat_map(|c| std::iter::repeat_n(c, 1 + usize::from(is_quote(c)))).collect();
    format!("'{doubled}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_ends_no_word() {
        assert_eq!(posix("o'brien $HOME `x`"), r"'o'\''brien $HOME `x`'");
        assert_eq!(powershell("o'brien ’x $(y)"), "'o''brien ’’x $(y)'");
    }
}
