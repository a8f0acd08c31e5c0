//! What may be printed, said a second time: the rule that the room of formats keeps is not asked whether it was kept.

use crate::failure::{ErrorFormat, Failure, text_of};

/// Whether a terminal could take a character for an order, or would show others in another order because of it.
fn is_order(letter: char) -> bool {
    let code = u32::from(letter);
    code < 0x20
        || (0x7f..0xa0).contains(&code)
        || matches!(code, 0x061c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069)
}

/// Nothing in the text is an order, but for the signs by which it is laid out.
#[track_caller]
pub(crate) fn assert_harmless(text: &str, layout: &[char]) {
    let order = text.chars().find(|letter| is_order(*letter) && !layout.contains(letter));
    assert_eq!(order, None, "in {text:?}");
}

/// A failure can be shown to people, and read by programs.
#[track_caller]
pub(crate) fn assert_printable(failure: &Failure) {
    assert_harmless(&shown(failure, ErrorFormat::Human), &['\n']);
    let line = shown(failure, ErrorFormat::Json);
    assert_harmless(&line, &['\n']);
    let object = line.strip_suffix('\n').filter(|line| !line.contains('\n')).expect("one line");
    let object: serde_json::Value = serde_json::from_str(object).expect("JSON");
    assert_eq!(object["code"], failure.code.text());
}

/// A failure as it is printed.
pub(crate) fn shown(failure: &Failure, format: ErrorFormat) -> String {
    text_of(failure, format, None).expect("a failure has a text")
}
