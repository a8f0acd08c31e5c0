//! What holds for any rows that a service could send.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::super::measure::cells;
use super::super::{Form, formatted, safe};
use super::*;
use crate::catalog::Column;

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![
        // A reader of CSV takes this one at the beginning of a file for a mark of its encoding.
        4 => any::<char>().prop_filter("no byte order mark", |letter| *letter != '\u{feff}'),
        4 => prop::sample::select(vec!['a', 'b', ' ', '"', ',', ';', '\\', '{', '@', '1', '-', '…']),
        3 => prop::sample::select(vec!['\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{9b}', '\u{85}', '\0']),
        3 => prop::sample::select(vec!['\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{2028}']),
        2 => prop::sample::select(vec!['日', '👍', '👨', '\u{200d}', '\u{fe0f}', '\u{fe0e}', '\u{301}', 'ل', 'ا']),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(letter(), 0..12).prop_map(String::from_iter)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<u64>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        6 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            object(inner).prop_map(Value::from)
        ]
    })
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let annotation = prop_oneof![Just("@odata.type"), Just("a@data.type"), Just("b@odata.type")];
    let name = prop_oneof![6 => text(), 3 => "[A-D]", 1 => annotation.prop_map(String::from)];
    prop::collection::vec((name, value), 0..7).prop_map(Map::from_iter)
}

fn rows() -> impl Strategy<Value = Vec<Map<String, Value>>> {
    prop::collection::vec(object(value()), 0..5)
}

/// One page of all rows and a first page without any.
fn drawn(
    format: Format,
    view: Option<View>,
    width: Option<usize>,
    rows: &[Map<String, Value>],
) -> (String, Rendered) {
    let texts: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).expect("an object")).collect();
    let page: Vec<&str> = texts.iter().map(String::as_str).collect();
    render(format, view, width, &[&[], &page])
}

/// A view of four columns, of which some have a width and some stand right, and what PowerShell makes of it.
fn view_and_form() -> impl Strategy<Value = (View, Form)> {
    let columns = prop::collection::vec((prop::option::of(1_usize..12), any::<bool>()), 4);
    let form = (any::<bool>(), prop::option::of(any::<bool>()), any::<bool>());
    (columns, form, any::<bool>()).prop_map(|(columns, (auto_size, wrap, exact), wraps)| {
        let column = |(name, (width, right)): (&'static str, (Option<usize>, bool))| {
            let align = if right { Align::Right } else { Align::ByValue };
            Column { width, ..Column::named(name, align) }
        };
        let columns = ["A", "B", "C", "D"].into_iter().zip(columns).map(column).collect();
        (View { shape: Shape::Table, columns, wrap: wraps }, Form { shape: None, auto_size, wrap, exact })
    })
}

/// One page of all rows, in a form, without a header.
fn body(form: Form, view: View, width: usize, rows: &[Map<String, Value>]) -> (String, Rendered) {
    let texts: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).expect("an object")).collect();
    let style = Style { width: Some(width), no_headers: true, ..Style::default() };
    let mut out = Vec::new();
    let mut table = formatted(form, Some(view), style);
    table.page(texts.iter().map(|row| Row::Json(row)), &mut out).expect("a vector takes everything");
    let rendered = table.finish(&mut out).expect("a vector takes everything");
    (String::from_utf8(out).expect("UTF-8"), rendered)
}

/// All letters but blanks of any kind, sorted.
fn letters(texts: impl Iterator<Item = String>) -> Vec<char> {
    let mut letters: Vec<char> =
        texts.flat_map(|text| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>()).collect();
    letters.sort_unstable();
    letters
}

fn without_annotations(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_annotations).collect(),
        Value::Object(fields) => Value::Object(bare(fields)),
        leaf => leaf.clone(),
    }
}

fn bare(row: &Map<String, Value>) -> Map<String, Value> {
    let kept = row.iter().filter(|(name, _)| !crate::value::is_annotation(name));
    kept.map(|(name, value)| (name.clone(), without_annotations(value))).collect()
}

fn csv_text(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(csv_single).collect::<Vec<_>>().join(";"),
        value => csv_single(value),
    }
}

fn csv_single(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => safe::data(text.as_str().into()).into_owned(),
        nested => {
            let mut out = Vec::new();
            safe::json(&nested.to_string(), false, &mut out);
            String::from_utf8(out).expect("UTF-8")
        }
    }
}

proptest! {
    #[test]
    fn table_lines_never_exceed_the_console(rows in rows(), width in 2_usize..40) {
        let view = View::of(Shape::Table, ["A", "B", "C", "D"], Align::ByValue);
        for view in [None, Some(view.clone()), Some(View { shape: Shape::List, ..view })] {
            // A list needs five cells, and says so by going beyond.
            let width = width.max(6);
            let (text, _) = drawn(Format::Table, view, Some(width), &rows);
            for line in text.lines() {
                prop_assert!(cells(line) < width, "{line:?} in {width}");
            }
        }
    }

    #[test]
    fn the_narrowest_tables_fit_too(rows in rows(), width in 2_usize..6) {
        let view = View::of(Shape::Table, ["A", "B", "C", "D"], Align::Right);
        let some = |row: &Map<String, Value>| ["A", "B", "C", "D"].iter().any(|name| row.contains_key(*name));
        if !rows.iter().any(some) {
            return Ok(());
        }
        let (text, _) = drawn(Format::Table, Some(view), Some(width), &rows);
        for line in text.lines() {
            prop_assert!(cells(line) < width, "{line:?} in {width}");
        }
    }

    #[test]
    fn no_form_of_a_table_exceeds_the_console(
        rows in rows(),
        (view, form) in view_and_form(),
        width in 6_usize..60,
    ) {
        let (text, _) = body(form, view, width, &rows);
        for line in text.lines() {
            prop_assert!(cells(line) < width, "{line:?} in {width}");
        }
    }

    #[test]
    fn wrapping_loses_no_letter(
        texts in prop::collection::vec(prop::array::uniform4(text()), 1..5),
        (view, form) in view_and_form(),
    ) {
        let names = || ["A", "B", "C", "D"].map(String::from).into_iter();
        let row = |texts: &[String; 4]| names().zip(texts.iter().cloned().map(Value::from)).collect();
        let rows: Vec<_> = texts.iter().map(row).collect();
        // In a column of one cell a question mark stands for a wide letter, as in PowerShell.
        let columns = view.columns.into_iter();
        let columns = columns.map(|column| Column { width: column.width.map(|width| width + 1), ..column });
        let view = View { columns: columns.collect(), ..view };
        let (text, rendered) = body(Form { wrap: Some(true), ..form }, view, 120, &rows);
        prop_assert!(rendered.hidden_columns.is_empty());
        let sent = texts.iter().flatten().map(|text| safe::lines(text.into()).into_owned());
        prop_assert_eq!(letters(std::iter::once(text)), letters(sent));
    }

    #[test]
    fn no_format_lets_a_control_character_through(rows in rows(), width in prop::option::of(1_usize..40)) {
        for format in [Format::Table, Format::List, Format::Powershell, Format::Json, Format::Jsonl] {
            let (text, rendered) = drawn(format, None, width, &rows);
            let hostile = text.chars().find(|letter| *letter != '\n' && safe::is_hostile(*letter));
            prop_assert_eq!(hostile, None);
            let names = rendered.hidden_columns.iter().chain(&rendered.late_columns);
            prop_assert!(!names.flat_map(|name| name.chars()).any(safe::is_hostile));
        }
        let (text, _) = drawn(Format::Csv, None, None, &rows);
        let layout = |letter: &char| matches!(letter, '\n' | '\r' | '\t');
        prop_assert_eq!(text.chars().find(|letter| !layout(letter) && safe::is_hostile(*letter)), None);
    }

    #[test]
    fn json_reads_back_as_what_was_sent(rows in rows()) {
        let sent: Vec<Value> = rows.iter().map(|row| Value::Object(bare(row))).collect();
        let (array, _) = drawn(Format::Json, None, None, &rows);
        prop_assert_eq!(serde_json::from_str::<Vec<Value>>(&array).expect("JSON"), sent.clone());
        let (lines, _) = drawn(Format::Jsonl, None, None, &rows);
        let read: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn csv_reads_back_as_what_was_sent(rows in rows()) {
        let (text, rendered) = drawn(Format::Csv, None, None, &rows);
        prop_assert!(rendered.late_columns.is_empty());
        let sent: Vec<_> = rows.iter().map(bare).collect();
        if sent.iter().all(Map::is_empty) {
            return Ok(());
        }
        let mut names: Vec<&String> = Vec::new();
        for name in sent.iter().flat_map(Map::keys) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| record.expect("a record"));
        let header = records.next().expect("a header");
        prop_assert!(header.iter().eq(names.iter().map(|name| safe::data(name.as_str().into()))));
        for row in &sent {
            let expected: Vec<_> = names.iter().map(|name| row.get(*name).map(csv_text).unwrap_or_default()).collect();
            prop_assert!(records.next().expect("a record").iter().eq(expected.iter().map(String::as_str)));
        }
        prop_assert!(records.next().is_none());
    }
}
