//! YAML: a list of mappings, written row by row.
//!
//! Every text is quoted as in JSON, which YAML reads alike, so that no reader takes `no` for a boolean, `1.50` for a
//! number or `2026-07-23` for a date. Names stand bare where nothing but a name can be meant.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::ControlFlow;

use super::safe;
use crate::value::{Row, Value, write_string};

/// Words that are no texts to some reader of YAML.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

#[derive(Default)]
pub(super) struct Yaml {
    begun: bool,
}

impl Yaml {
    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        for row in rows {
            self.begun = true;
            element(*row, &mut text);
            if text.len() >= super::BLOCK {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        out.write_all(text.as_bytes())
    }

    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        if self.begun { Ok(()) } else { out.write_all(b"[]\n") }
    }
}

fn element(row: Row<'_>, out: &mut String) {
    let mut before = "- ";
    row.each(|name, field| {
        out.push_str(before);
        before = "  ";
        self::name(name, out);
        out.push(':');
        node(&field.value(), 4, out);
        ControlFlow::<()>::Continue(())
    });
    if before == "- " {
        out.push_str("- {}\n");
    }
}

/// A value as a whole document.
pub(super) fn document(value: &Value<'_>, out: &mut String) {
    match value {
        Value::List(items) if !items.is_empty() => list(items, 0, out),
        Value::Object(fields) if !fields.is_empty() => mapping(fields, 0, None, out),
        value => {
            scalar(value, out);
            out.push('\n');
        }
    }
}

/// What follows a name or a dash, up to the end of its last line.
fn node(value: &Value<'_>, indent: usize, out: &mut String) {
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('\n');
            list(items, indent, out);
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('\n');
            mapping(fields, indent, None, out);
        }
        value => {
            out.push(' ');
            scalar(value, out);
            out.push('\n');
        }
    }
}

fn list(items: &[Value<'_>], indent: usize, out: &mut String) {
    for item in items {
        blanks(indent, out);
        match item {
            // The first property stands beside the dash.
            Value::Object(fields) if !fields.is_empty() => mapping(fields, indent + 2, Some("- "), out),
            item => {
                out.push('-');
                node(item, indent + 2, out);
            }
        }
    }
}

/// The properties, the first of which follows `start` where its line has begun.
fn mapping(fields: &[(Cow<'_, str>, Value<'_>)], indent: usize, mut start: Option<&str>, out: &mut String) {
    for (name, value) in fields {
        match start.take() {
            Some(start) => out.push_str(start),
            None => blanks(indent, out),
        }
        self::name(name, out);
        out.push(':');
        node(value, indent + 2, out);
    }
}

fn blanks(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn name(name: &str, out: &mut String) {
    let bare = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    if bare { out.push_str(name) } else { quoted(name, out) }
}

fn scalar(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) => out.push_str(text),
        Value::Text(text) => quoted(text, out),
        Value::List(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

/// The escapes of JSON are those of YAML, but for pairs of surrogates, which are not used here. Two characters more are
/// no part of a YAML document.
fn quoted(text: &str, out: &mut String) {
    let (mut written, mut escaped) = (Vec::new(), Vec::new());
    write_string(text, &mut written);
    safe::json(&String::from_utf8_lossy(&written), false, &mut escaped);
    let text = String::from_utf8_lossy(&escaped);
    out.push_str(&text.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"));
}
