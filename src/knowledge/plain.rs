//! The characters of a text as a person reads them: without colours, escapes and controls.

use std::borrow::Cow;

/// The text of these bytes. Windows PowerShell writes UTF-16 into a file, with a mark in front.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let units = |pairs: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = pairs.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, pairs @ ..] => units(pairs, u16::from_le_bytes),
        [0xfe, 0xff, pairs @ ..] => units(pairs, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// The text without orders to a terminal, and with the escapes of JSON resolved where they stand for one character: a
/// message that is copied out of a log often is a string within a string. NUL stays, since some replies are made of it.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (letter, length) = first(rest);
        plain.extend(letter.filter(|letter| {
            !letter.is_control() || matches!(letter, '\0' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
        }));
        rest = &rest[length..];
    }
    plain
}

/// What the beginning of a text stands for, and its length.
fn first(text: &str) -> (Option<char>, usize) {
    let bytes = text.as_bytes();
    match bytes {
        [0x1b, b'[', ..] => (None, 2 + control(&bytes[2..])),
        [0x1b, b']', ..] => (None, 2 + command(&bytes[2..])),
        [b'[', ..] => match colour(&bytes[1..]) {
            Some(length) => (None, 1 + length),
            None => (Some('['), 1),
        },
        [b'\\', b'u', ..] => match code_unit(text) {
            Some(letter) => (Some(letter), 6),
            None => (Some('\\'), 1),
        },
        [b'\\', quote @ (b'"' | b'\''), ..] => (Some(char::from(*quote)), 2),
        // As `cat -v`, `less` and `vim` show a NUL byte.
        [b'^', b'@', ..] => (Some('\0'), 2),
        _ => (text.chars().next(), text.chars().next().map_or(1, char::len_utf8)),
    }
}

/// The length of what follows the introducer of a control sequence: parameters, and one final letter.
fn control(bytes: &[u8]) -> usize {
    let parameters = bytes.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    parameters + usize::from(bytes.get(parameters).is_some_and(u8::is_ascii))
}

/// The length of what follows the introducer of a command, such as a window's title: it ends with BEL, with the next
/// escape, or with the line.
fn command(bytes: &[u8]) -> usize {
    let text = bytes.iter().take_while(|byte| !matches!(byte, 7 | 0x1b | b'\n')).count();
    text + usize::from(bytes.get(text) == Some(&7))
}

/// The length of the rest of a colour whose escape was lost on the way, as web pages of build logs lose it: `[31;1m`.
fn colour(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take(12).take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    (digits > 0 && bytes.get(digits) == Some(&b'm')).then_some(digits + 1)
}

fn code_unit(text: &str) -> Option<char> {
    let digits = text.get(2..6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_with_a_mark_is_read_in_either_order() {
        assert_eq!(decoded(b"\xff\xfeA\0\xfc\0"), "Aü");
        assert_eq!(decoded(b"\xfe\xff\0A\0\xfc"), "Aü");
        assert_eq!(decoded(b"A\xc3\xbc\xff"), "Aü\u{fffd}");
        assert_eq!(decoded(b"\xff\xfeA"), "");
    }

    #[test]
    fn colours_escapes_and_controls_go_and_the_words_stay() {
        for (sent, read) in [
            ("\u{1b}[31;1mred\u{1b}[0m", "red"),
            ("[31;1mred[0m", "red"),
            ("[0] [12;] [m] [é]", "[0] [12;] [m] [é]"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]0;title\nnext", "\nnext"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[", "a"),
            ("a\u{1b}[31", "a"),
            ("isn\\u0027t \\\"x\\\" \\u12 \\ud800 \\", "isn't \"x\" \\u12 \\ud800 \\"),
            ("\\u00zz\\u00\u{e9}", "\\u00zz\\u00\u{e9}"),
            ("^@\\u0000\0", "\0\0\0"),
            ("a\u{8}b\tc\r\n", "ab\tc\r\n"),
        ] {
            assert_eq!(unescaped(sent), read, "{sent:?}");
        }
    }
}
