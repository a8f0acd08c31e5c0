//! Targets of `crate::fuzz` in this room: what somebody writes on a command line or hands over on standard input.

use std::cell::Cell;
use std::collections::HashSet;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};
use url::Url;

use super::cmdlet::Words;
use super::literal::{self, BadLiteral};
use super::reserved::Reserved;
use super::split;
use crate::catalog::Kind;
use crate::exchange::{Argument, CmdletInput};
use crate::fuzz::{PLANTED, assert_printable};

/// A line of a file of commands: taken apart, put together and taken apart again it has the same words.
pub fn line(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else { return };
    let Some(words) = split::words(line) else { return };
    let joined = joined(&words);
    let again = split::words(&joined).unwrap_or_else(|| panic!("{joined} of {line}"));
    assert_eq!(again, words, "{joined}");
    read(&words);
}

/// The words on one line. The quotes around the value of an option of our own are gone, and are set again.
fn joined(words: &[String]) -> String {
    let mut line = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_value = at > 0 && Reserved::takes_value(&words[at - 1]);
        line.push(match Reserved::parted(word) {
            _ if is_value => quoted(word),
            (option, Some(value)) if Reserved::takes_value(option) => format!("{option}={}", quoted(value)),
            _ => word.clone(),
        });
    }
    line.join(" ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The words of a command line, one a line.
pub fn command(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    read(&text.split('\n').map(str::to_owned).collect::<Vec<_>>());
}

/// What is sent is what may be sent, and what is refused can be said.
fn read(words: &[String]) {
    for raw in [false, true] {
        let resolved = match Words::parse(words) {
            Ok(None) => continue,
            Ok(Some(words)) => words.resolve(raw, false, &|_| Err(io::ErrorKind::NotFound.into())),
            Err(failure) => Err(failure),
        };
        let call = match resolved {
            Ok(resolved) => resolved.call,
            Err(failure) => {
                assert_printable(&failure);
                continue;
            }
        };
        let CmdletInput { cmdlet_name, parameters } = &call.input;
        assert!(
            cmdlet_name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "{cmdlet_name}"
        );
        let names: HashSet<_> = parameters.keys().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(names.len(), parameters.len(), "no parameter is sent twice: {parameters:?}");
        if let Some(Value::String(identity)) = parameters.get("Identity") {
            assert!(!identity.trim().is_empty(), "a blank identity would mean every object");
        }
        let below = Url::parse("https://outlook.office365.com/adminapi/beta/tenant/").expect("a URL");
        if let Some(address) = crate::exchange::fuzz::address(&call, &below) {
            assert_eq!(address.origin(), below.origin());
            assert!(address.path().starts_with(below.path()), "{address}");
            assert!(address.fragment().is_none() && !address.query().unwrap_or_default().contains('#'));
        }
    }
}

const KINDS: [Kind; 16] = [
    Kind::Text,
    Kind::Identity,
    Kind::Filter,
    Kind::Enumeration,
    Kind::Duration,
    Kind::Switch,
    Kind::Bool,
    Kind::Number,
    Kind::Size,
    Kind::Date,
    Kind::Array,
    Kind::MultiValued,
    Kind::Hashtable,
    Kind::Hashtables,
    Kind::Bytes,
    Kind::Secret,
];

/// A word as a value of every kind: written as PowerShell writes it, it is read as the same.
pub fn literal(bytes: &[u8]) {
    let Ok(word) = std::str::from_utf8(bytes) else { return };
    one(word, None);
    for kind in KINDS {
        one(word, Some(kind));
    }
}

fn one(word: &str, kind: Option<Kind>) {
    let opened = Cell::new(false);
    let file = |_: &Path| {
        opened.set(true);
        io::Result::Ok(PLANTED.as_bytes().to_vec())
    };
    let read = literal::read(word, kind, &file);
    assert!(!opened.get() || kind == Some(Kind::Bytes) && word.starts_with('@'), "{word} names no file");
    let Ok(argument) = read else { return };
    if kind.is_some_and(Kind::is_list) && !matches!(argument, Argument::Null | Argument::Bool(_)) {
        let written = written(&argument);
        match literal::read(&written, kind, &file) {
            // Written in full it may be a bracket deeper.
            Err(BadLiteral::TooDeep) => {}
            Err(why) => panic!("{why}: {written}"),
            Ok(again) => assert_eq!(again, argument, "{written}"),
        }
    }
    encoded(kind, argument);
}

fn written(argument: &Argument) -> String {
    let all = |items: &[Argument]| items.iter().map(written).collect::<Vec<_>>().join(", ");
    match argument {
        Argument::Null => "$null".to_owned(),
        Argument::Bool(value) => format!("${value}"),
        Argument::Number(number) => number.to_string(),
        Argument::Text(text) => quoted(text),
        Argument::List(items) => format!("@({})", all(items)),
        Argument::Table(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{} = {}", quoted(name), written(value)));
            format!("@{{{}}}", fields.collect::<Vec<_>>().join("; "))
        }
        Argument::Bytes(_) | Argument::Json(_) => panic!("nothing that a list holds: {argument:?}"),
    }
}

/// What is sent is of the parameter's kind.
fn encoded(kind: Option<Kind>, argument: Argument) {
    let mut input = CmdletInput { cmdlet_name: "Set-Mailbox".to_owned(), parameters: Map::new() };
    if input.set("Name", kind, argument).is_err() {
        return assert!(input.parameters.is_empty(), "what is refused is not sent");
    }
    let value = &input.parameters["Name"];
    let fits = match kind {
        Some(Kind::Secret) => false,
        Some(Kind::Switch) => value.is_boolean(),
        Some(Kind::Bool) => value.is_boolean() || value.is_null(),
        Some(Kind::Number) => value.is_number() || value.is_null(),
        Some(Kind::Date) => value.is_null() || value.as_str().is_some_and(|date| date.ends_with('Z')),
        Some(Kind::Hashtable | Kind::Bytes) => value.is_null() || value["@odata.type"].is_string(),
        _ => true,
    };
    assert!(fits, "{kind:?}: {value}");
}
