//! What the service sends is not what a terminal may get.
//!
//! Display names and subjects are written by strangers. An escape sequence among them could repaint a terminal or answer
//! in its name, and a control of the writing direction could show a line in another order than it has. So neither leaves
//! this program as it came: text formats replace the character, JSON escapes it.

use std::borrow::Cow;

/// What stands in the place of a character that is not let through. A visible mark, so that tampering is seen.
const MARK: char = '\u{FFFD}';

/// Whether a terminal could take this character for an order: C0, DEL and C1, the controls of writing direction, and the
/// two separators that some programs break lines at.
pub(super) fn is_hostile(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line of a terminal or of a build's log. A tab becomes a blank, as its width would depend on where it
/// stands.
pub(super) fn line(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = replaced(text, |letter| match letter {
        '\t' => ' ',
        hostile if is_hostile(hostile) => MARK,
        letter => letter,
    });
    disarmed(text)
}

/// A build server reads orders in what a step prints: Azure Pipelines after `##vso[` and `##[` anywhere in a line, and one
/// of these sets variables of later steps; GitHub Actions between two `::` at its beginning. A mark makes a text of them.
fn disarmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let ordered = text.match_indices('#').any(|(at, _)| is_order(&text, at));
    let workflow = text.trim_start().strip_prefix("::").is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphabetic()) && rest.contains("::")
    });
    match (ordered, workflow) {
        (false, false) => text,
        (false, true) => Cow::Owned(text.replacen(':', &MARK.to_string(), 1)),
        (true, _) => {
            let marked =
                text.char_indices().map(|(at, letter)| if is_order(&text, at) { MARK } else { letter });
            disarmed(Cow::Owned(marked.collect()))
        }
    }
}

/// The beginning of a line of standard output. By one of these words with a colon a hybrid worker of Azure Automation on
/// Linux tells to which stream of the job the line goes, and the output would lack it. A mark in the place of the colon makes
/// a text of it.
pub(super) fn keep_in_output(text: &mut Cow<'_, str>) {
    const STREAMS: [&str; 4] = ["error", "warning", "verbose", "debug"];
    if let Some((word, after)) = text.split_once(':')
        && STREAMS.iter().any(|stream| word.eq_ignore_ascii_case(stream))
    {
        *text = Cow::Owned(format!("{word}{MARK}{after}"));
    }
}

/// Whether the second `#` of an order to Azure Pipelines stands here.
fn is_order(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let Some(after) = after.strip_prefix('#').filter(|_| before.ends_with('#')) else { return false };
    let named = after.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("vso["));
    named || after.starts_with('[')
}

/// The text with its line ends, each line as it may stand on a terminal.
pub(super) fn lines(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['\r', '\n']) {
        return line(text);
    }
    let text = text.replace('\r', "");
    let lines: Vec<_> = text.split('\n').map(|text| line(Cow::Borrowed(text))).collect();
    Cow::Owned(lines.join("\n"))
}

/// The text as data of a file: tabs and line ends are data and stay. A carriage return alone does not: on a terminal it
/// would let the rest of the line overwrite the beginning.
pub(super) fn data(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_plain(&text) { text } else { Cow::Owned(marked(&text)) }
}

/// Whether the text is printable ASCII, as most are. A look at the bytes is much cheaper than one at the characters.
fn is_plain(text: &str) -> bool {
    !any(text.as_bytes(), |byte| !matches!(byte, b' '..=b'~'))
}

fn marked(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let keep = !is_hostile(letter) || is_layout(letter, letters.peek().copied());
        out.push(if keep { letter } else { MARK });
    }
    out
}

fn is_layout(letter: char, next: Option<char>) -> bool {
    matches!(letter, '\t' | '\n') || (letter == '\r' && next == Some('\n'))
}

fn replaced(text: Cow<'_, str>, change: fn(char) -> char) -> Cow<'_, str> {
    if is_plain(&text) { text } else { Cow::Owned(text.chars().map(change).collect()) }
}

/// Whether an object of JSON may be written as it stands: it is on one line, holds no annotation, and nothing that would be
/// escaped.
pub(super) fn is_harmless(row: &str) -> bool {
    // So many bytes are looked at with one instruction or two where none of them needs a closer look.
    const STRETCH: usize = 64;
    let harmless = |at: usize| !is_hostile_at(row, at) && !is_order(row, at);
    let stretches = row.as_bytes().chunks(STRETCH).enumerate();
    let mut looked = stretches.filter(|(_, bytes)| any(bytes, may_be_hostile));
    let all = looked.all(|(number, bytes)| {
        let places = bytes.iter().enumerate().filter(|(_, byte)| may_be_hostile(**byte));
        places.map(|(at, _)| number * STRETCH + at).all(harmless)
    });
    all && !holds_annotation(row.as_bytes())
}

/// Whether a letter that begins with this byte can be one that is escaped. `#` stands for orders to a build server.
fn may_be_hostile(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'#' | 0x7f | 0xc2 | 0xd8 | 0xe2)
}

fn is_hostile_at(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_hostile)
}

/// Whether one of the bytes is like this. Without a branch for each, which the compiler could not make one of many.
#[allow(clippy::needless_bitwise_bool)]
fn any(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |found, byte| found | is(*byte))
}

/// Whether a name of an annotation could stand there: one that begins with the sign, or that ends like one.
fn holds_annotation(row: &[u8]) -> bool {
    memchr::memchr_iter(b'@', row).any(|at| {
        let behind = &row[at + 1..];
        row[..at].ends_with(b"\"") || behind.starts_with(b"odata.") || behind.starts_with(b"data.type\"")
    })
}

/// Appends JSON with hostile characters escaped, and in ASCII alone where `ascii` says so; blanks between tokens are left
/// out. Outside of strings JSON has neither, so that the value is the same.
pub(super) fn json(text: &str, ascii: bool, out: &mut Vec<u8>) {
    if text.starts_with(['{', '[']) {
        compact(text, ascii, out);
    } else {
        escaped(text, ascii, out);
    }
}

/// JSON breaks no string across blanks, so each stretch between quotes is either all string or all tokens.
fn compact(text: &str, ascii: bool, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        tokens(&rest[..start], out);
        let end = start + string_length(&rest[start..]);
        escaped(&rest[start..end], ascii, out);
        rest = &rest[end..];
    }
    tokens(rest, out);
}

fn tokens(text: &str, out: &mut Vec<u8>) {
    out.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
}

/// The length of the string at the start of the text, both quotes included.
fn string_length(text: &str) -> usize {
    let mut escape = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escape => escape = false,
            b'\\' => escape = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn escaped(text: &str, ascii: bool, out: &mut Vec<u8>) {
    if is_plain(text) && !text.contains('#') {
        return out.extend_from_slice(text.as_bytes());
    }
    let mut written = 0;
    for (at, letter) in text
        .char_indices()
        .filter(|(at, letter)| is_hostile(*letter) || (ascii && !letter.is_ascii()) || is_order(text, *at))
    {
        out.extend_from_slice(&text.as_bytes()[written..at]);
        for unit in letter.encode_utf16(&mut [0; 2]) {
            out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
        }
        written = at + letter.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[written..]);
}

/// JSON that is laid out on lines, with hostile characters escaped. Its strings hold no line ends, so that each is layout.
pub(super) fn pretty_json(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        escaped(line.trim_end_matches('\n'), false, &mut out);
        out.extend(line.ends_with('\n').then_some(b'\n'));
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_to_a_terminal_become_marks() {
        for (sent, shown) in [
            ("plain ~", "plain ~"),
            ("é 日本 👨\u{200D}👩", "é 日本 👨\u{200D}👩"),
            ("\u{1b}[31mred", "\u{FFFD}[31mred"),
            ("a\tb", "a b"),
            ("a\u{7f}\u{9b}2Jb", "a\u{FFFD}\u{FFFD}2Jb"),
            ("\u{202e}exe\u{2066}\u{200f}\u{61c}", "\u{FFFD}exe\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("a\u{2028}b\0", "a\u{FFFD}b\u{FFFD}"),
        ] {
            assert_eq!(line(Cow::Borrowed(sent)), shown);
        }
    }

    #[test]
    fn line_ends_and_tabs_are_data_but_a_lone_carriage_return_is_not() {
        for (sent, kept) in [
            ("a\tb\nc\r\nd", "a\tb\nc\r\nd"),
            ("safe\rEVIL\r", "safe\u{FFFD}EVIL\u{FFFD}"),
            ("\u{1b}]0;x\u{7}\n", "\u{FFFD}]0;x\u{FFFD}\n"),
        ] {
            assert_eq!(data(Cow::Borrowed(sent)), kept);
        }
    }

    #[test]
    fn json_keeps_its_value_and_loses_its_orders() {
        for (sent, ascii, written) in [
            ("\"a\u{7f}\u{9b}\u{202e}é\"", false, r#""a\u007f\u009b\u202eé""#),
            ("\"é😀\"", true, r#""\u00e9\ud83d\ude00""#),
            ("[ 1 ,\n \"a b\\\" ] \" , {\"k\" : null} ]", false, r#"[1,"a b\" ] ",{"k":null}]"#),
            ("1.50", false, "1.50"),
            ("\"###[x ##VSO[y # ## [\"", false, "\"##\\u0023[x #\\u0023VSO[y # ## [\""),
        ] {
            let mut out = Vec::new();
            json(sent, ascii, &mut out);
            assert_eq!(String::from_utf8(out).as_deref(), Ok(written));
        }
    }

    #[test]
    fn a_row_is_written_as_it_stands_where_nothing_in_it_is_escaped() {
        let long = "x".repeat(200);
        for (text, harmless) in [
            (r#"{"a":"RemotePowerShell§1 – Ü€ #1 ü@contoso.com\n"}"#, true),
            ("{\"a\":\"\u{9b}\"}", false),
            ("{\"a\":\"\u{202e}\"}", false),
            ("{\"a\":\"\u{61c}\"}", false),
            ("{\"a\":\"\u{7f}\"}", false),
            ("{\n\"a\":1}", false),
            ("{\"a\":\"##vso[\"}", false),
            (r#"{"a":{"@odata.type":"x"}}"#, false),
            (r#"{"a":{"B@odata.type":"x"}}"#, false),
            (r#"{"a":{"B@data.type":"x"}}"#, false),
        ] {
            for text in [text.to_owned(), text.replacen(':', &format!(":\"{long}\",\"b\":"), 1)] {
                assert_eq!(is_harmless(&text), harmless, "{text}");
                if harmless {
                    let mut out = Vec::new();
                    json(&text, false, &mut out);
                    assert_eq!(String::from_utf8(out).as_deref(), Ok(text.as_str()));
                }
            }
        }
    }

    #[test]
    fn orders_to_a_build_server_become_marks() {
        for (sent, shown) in [
            ("##vso[task.setvariable variable=PATH]x", "#\u{FFFD}vso[task.setvariable variable=PATH]x"),
            ("name ##VSO[x]", "name #\u{FFFD}VSO[x]"),
            ("##[error]x ###[y]", "#\u{FFFD}[error]x ##\u{FFFD}[y]"),
            ("::error file=a::x", "\u{FFFD}:error file=a::x"),
            ("  ::stop-commands::x", "  \u{FFFD}:stop-commands::x"),
            ("::add-mask::##[x", "\u{FFFD}:add-mask::#\u{FFFD}[x"),
            ("::1", "::1"),
            ("::/0", "::/0"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
            ("a ::error::", "a ::error::"),
            ("## heading, #1 [x]", "## heading, #1 [x]"),
        ] {
            assert_eq!(line(Cow::Borrowed(sent)), shown);
        }
    }

    #[test]
    fn json_on_lines_keeps_its_lines_and_its_value() {
        let value = serde_json::json!({"a\u{9b}": ["\u{202e}x\n", {"##vso[": 1}], "é": null});
        let text = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
        let written = pretty_json(&text);
        assert_eq!(written.lines().count(), text.lines().count());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).ok(), Some(value));
        assert!(!written.chars().any(|letter| letter != '\n' && is_hostile(letter)), "{written}");
        assert!(!written.contains("##vso["));
    }
}
