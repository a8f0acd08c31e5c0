//! Pages of the admin API, from their bytes to every format.

use serde_json::{Map, Value};
use url::Url;

use super::{PLANTED, assert_harmless, planted};
use crate::exchange::fuzz::{self, Decoded};
use crate::exchange::{Call, CmdletInput, Page, Paging};
use crate::render::{Format, Query, Renderer, Style, on_one_line, renderer};
use crate::value::is_annotation;

/// A reply to a cmdlet, read in each way in which one is read.
pub fn page(bytes: &[u8]) {
    for way in Decoded::ALL {
        let Some(mut page) = fuzz::page(bytes, way) else { continue };
        draw(&page);
        follow(&mut page);
        for warning in &page.warnings {
            assert_harmless(&on_one_line(warning), &[]);
        }
    }
    if let Some(mut page) = fuzz::page(&planted(bytes), Decoded::Cmdlet) {
        fuzz::blank(&mut page, &PLANTED.into());
        let shown = format!("{:?} {:?} {:?}", page.warnings, page.errors, page.confirmation);
        assert!(!shown.to_ascii_lowercase().contains(PLANTED), "{shown}");
    }
}

/// The token goes where the link leads, and nowhere else than where it went before.
fn follow(page: &mut Page) {
    let first = Url::parse("https://outlook.office365.com/adminapi/beta/t/InvokeCommand").expect("a URL");
    let input = CmdletInput { cmdlet_name: "Get-Mailbox".to_owned(), parameters: Map::new() };
    let call = Call::new(input, false).expect("a call without parameters");
    let mut paging = Paging::new(&call, &first);
    if let Ok(Some(next)) = paging.after(page) {
        assert_eq!((next.scheme(), next.host_str()), ("https", first.host_str()));
        assert_eq!(next.port_or_known_default(), Some(443));
        assert!(paging.after(page).is_err(), "the same link is not followed twice");
    }
    assert!(page.len() <= 1000);
}

fn draw(page: &Page) {
    for format in [Format::Table, Format::List, Format::Powershell, Format::Yaml, Format::Markdown] {
        for width in [None, Some(40)] {
            assert_harmless(&written(renderer(format, None, style(width)), page), &['\n']);
        }
    }
    assert_harmless(&written(renderer(Format::Tsv, None, style(None)), page), &['\n', '\t']);
    let csv = written(renderer(Format::Csv, None, style(None)), page);
    assert_harmless(&csv, &['\n', '\r', '\t']);
    assert_csv(&csv, page);
    let json = written(renderer(Format::Json, None, style(None)), page);
    assert_harmless(&json, &['\n']);
    assert_json(&json, page);
    let lines = written(renderer(Format::Jsonl, None, style(None)).ascii(true), page);
    assert!(lines.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{lines:?}");
    assert_eq!(lines.lines().count(), page.len(), "one object a line");
    let mut raw = Vec::new();
    renderer(Format::Raw, None, style(None)).raw(page.text(), &mut raw).expect("a vector takes everything");
    assert_harmless(&String::from_utf8(raw).expect("text"), &[]);
    for expression in
        ["@", "[].Name", "[*].{a: Name, b: @}", "max_by(@, &to_string(@))", "[?Name > `1`] | [0]"]
    {
        let query = Query::parse(expression).expect("an expression");
        assert_harmless(&written(Renderer::query(query, Format::Json, None, style(None)), page), &['\n']);
    }
}

fn style(width: Option<usize>) -> Style {
    Style { width, terminal: true, ..Style::default() }
}

/// What is written of a page; an expression that does not fit the rows writes nothing.
fn written(mut renderer: Renderer, page: &Page) -> String {
    let mut out = Vec::new();
    renderer.page(page.rows(), &mut out).expect("a vector takes everything");
    match renderer.finish(&mut out) {
        Ok(rendered) => assert_eq!(rendered.rows, page.len()),
        Err(error) => assert!(out.is_empty(), "{error}"),
    }
    String::from_utf8(out).expect("what is written is text")
}

/// What was sent reads back as it was sent, but for annotations.
fn assert_json(json: &str, page: &Page) {
    let sent: Option<Vec<Value>> = page.texts().map(|text| serde_json::from_str(text).ok()).collect();
    let Some(sent) = sent else {
        // A number that no machine holds, or half a pair of surrogates: it passes through as it came.
        serde_json::from_str::<Vec<&serde_json::value::RawValue>>(json).expect("JSON");
        return;
    };
    // What lies deeper stays text.
    if sent.iter().all(|row| depth(row) < 60) {
        let sent: Vec<Value> = sent.iter().map(bare).collect();
        assert_eq!(serde_json::from_str::<Vec<Value>>(json).expect("JSON"), sent);
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(bare).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !is_annotation(name));
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        leaf => leaf.clone(),
    }
}

/// A strict reader finds a record for each row, and as many fields in each.
fn assert_csv(csv: &str, page: &Page) {
    let properties = page.rows().any(|row| !row.names().is_empty());
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let records = reader.records().inspect(|record| assert!(record.is_ok(), "{record:?}")).count();
    assert_eq!(records, if properties { page.len() + 1 } else { 0 }, "{csv:?}");
}
