//! Strict readers of the forms, written from their specifications: each panics at whatever its form does not allow.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A sample of Prometheus's text format: name, labels, value.
pub(super) type Sample = (String, BTreeMap<String, String>, f64);

/// A line of TAP with its block.
#[derive(Debug)]
pub(super) struct Test {
    pub passed: bool,
    pub description: String,
    pub skipped: Option<String>,
    pub block: BTreeMap<String, Value>,
}

/// XML 1.0; the page is no more than that too, but for its first line.
pub(super) fn xml(text: &str) -> roxmltree::Document<'_> {
    let text = text.strip_prefix("<!DOCTYPE html>\n").unwrap_or(text);
    roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// TAP version 13, with blocks whose values are JSON.
pub(super) fn tap(text: &str) -> Vec<Test> {
    let text = text.strip_suffix('\n').expect("the last line ends");
    let mut lines = text.split('\n').peekable();
    assert_eq!(lines.next(), Some("TAP version 13"));
    let plan = lines.next().and_then(|line| line.strip_prefix("1..")).expect("a plan");
    let plan: usize = plan.parse().expect("the plan is a number");
    let mut tests = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("# ") {
            continue;
        }
        let mut test = test(line, tests.len() + 1);
        if lines.next_if_eq(&"  ---").is_some() {
            test.block = lines.by_ref().take_while(|line| *line != "  ...").map(field).collect();
        }
        tests.push(test);
    }
    assert_eq!(tests.len(), plan, "{text}");
    tests
}

fn test(line: &str, number: usize) -> Test {
    let (passed, rest) = match line.strip_prefix("not ") {
        Some(rest) => (false, rest),
        None => (true, line),
    };
    let rest = rest.strip_prefix(&format!("ok {number} - ")).unwrap_or_else(|| panic!("no test: {line:?}"));
    let mut description = String::new();
    let mut letters = rest.chars();
    let mut skipped = None;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => description.extend(letters.next()),
            '#' => {
                let reason = letters.as_str().strip_prefix(" SKIP ");
                skipped = Some(reason.unwrap_or_else(|| panic!("no directive: {line:?}")).to_owned());
                break;
            }
            letter => description.push(letter),
        }
    }
    Test { passed, description: description.trim_end().to_owned(), skipped, block: BTreeMap::new() }
}

fn field(line: &str) -> (String, Value) {
    let (name, value) = line.strip_prefix("  ").and_then(|line| line.split_once(": ")).expect("a field");
    (name.to_owned(), serde_json::from_str(value).unwrap_or_else(|error| panic!("{error}: {line}")))
}

/// The line of a plugin: state, text, numbers.
pub(super) fn nagios(text: &str) -> (&str, &str, Vec<(&str, u64)>) {
    let line = text.strip_suffix('\n').expect("the line ends");
    assert!(!line.contains('\n') && line.len() < 1024, "{} bytes: {line}", line.len());
    let [message, numbers] = line.split('|').collect::<Vec<_>>()[..] else { panic!("one bar: {line}") };
    let (state, message) = message.split_once(" - ").expect("a state");
    let state = state.strip_prefix("EXO-MI ").expect("the service");
    let number = |datum: &'_ str| -> (usize, u64) {
        let (label, value) = datum.split_once('=').unwrap_or_else(|| panic!("no number: {datum}"));
        assert!(!label.is_empty() && label.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{label}");
        (label.len(), value.parse().unwrap_or_else(|_| panic!("no number: {datum}")))
    };
    let numbers = numbers.split_whitespace().map(|datum| {
        let (end, value) = number(datum);
        (&datum[..end], value)
    });
    (state, message, numbers.collect())
}

/// Prometheus's text format as the textfile collector takes it: HELP and TYPE before each family, each family once, no
/// sample twice, no time stamps.
pub(super) fn prometheus(text: &str) -> Vec<Sample> {
    let text = text.strip_suffix('\n').expect("the last line ends");
    let mut families = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut samples = Vec::new();
    let mut lines = text.split('\n').peekable();
    while let Some(help) = lines.next() {
        let (family, help) =
            help.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')).expect("a HELP line");
        assert!(is_name(family) && !help.is_empty(), "{family}");
        assert!(families.insert(family.to_owned()), "the family {family} comes twice");
        assert_eq!(lines.next(), Some(format!("# TYPE {family} gauge").as_str()));
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            let (name, labels, value) = sample(line);
            assert_eq!(name, family);
            assert!(seen.insert((name.clone(), labels.clone())), "twice: {line}");
            samples.push((name, labels, value));
        }
    }
    samples
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn sample(line: &str) -> Sample {
    let (name, mut rest) = line.split_once('{').unwrap_or_else(|| panic!("no labels: {line}"));
    let mut labels = BTreeMap::new();
    loop {
        let (label, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("no label: {line}"));
        assert!(is_name(label), "{label}");
        let (value, after) = quoted(after);
        assert!(labels.insert(label.to_owned(), value).is_none(), "twice: {line}");
        rest = after;
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => break,
        }
    }
    let value = rest.strip_prefix("} ").unwrap_or_else(|| panic!("no value: {line}"));
    assert!(value.starts_with(|c: char| c.is_ascii_digit()), "{line}");
    (name.to_owned(), labels, value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
}

/// A label's value up to its end, and what comes after it.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.chars();
    loop {
        match letters.next().expect("the value ends") {
            '"' => return (value, letters.as_str()),
            '\\' => match letters.next().expect("something is escaped") {
                'n' => value.push('\n'),
                escaped @ ('\\' | '"') => value.push(escaped),
                other => panic!("\\{other} is no escape"),
            },
            letter => value.push(letter),
        }
    }
}
