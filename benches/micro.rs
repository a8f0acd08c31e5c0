//! What a run does most often, each by itself: `cargo bench --locked --bench micro`.
//!
//! Whole commands are measured by `bench.py`; this says which of their parts became slower.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use exo_mi::catalog;
use exo_mi::exchange::{Argument, CmdletInput, Keep, Page};
use exo_mi::render::{Columns, Format, Style, renderer};
use serde_json::Map;

const ROWS: usize = 1000;
const COLUMNS: &str = "DisplayName,PrimarySmtpAddress,Guid";

/// How many bytes a connection hands over at once: a record of TLS.
const PIECE: usize = 16 * 1024;

fn main() {
    divan::main();
}

/// A page of a thousand objects with so many properties, a quarter of them with the annotations of their type.
fn page(properties: usize) -> String {
    let rows: Vec<String> = (0..ROWS).map(|at| object(at, properties)).collect();
    format!(
        r#"{{"@odata.context":"https://outlook.office365.com/$metadata","@adminapi.warnings":[],"value":[{}]}}"#,
        rows.join(",")
    )
}

fn object(at: usize, properties: usize) -> String {
    let identity = format!(
        r#""DisplayName":"Adele Vance {at}","PrimarySmtpAddress":"adele.vance{at}@contoso.com","Guid":"494b866f-01b3-46a6-a6c2-{at:012x}""#
    );
    let others = (3..properties).map(|number| property(at, number));
    format!("{{{}}}", std::iter::once(identity).chain(others).collect::<Vec<_>>().join(","))
}

fn property(at: usize, number: usize) -> String {
    let name = format!("Property{number}");
    match number % 4 {
        0 => {
            format!(r##""{name}@data.type":"System.Guid","{name}@odata.type":"#Guid","{name}":"{at:032x}""##)
        }
        1 => format!(r#""{name}":{}"#, number.is_multiple_of(3)),
        2 => format!(r#""{name}":null"#),
        _ => format!(r#""{name}":"99 GB (106,300,440,576 bytes)""#),
    }
}

fn named() -> Keep {
    let columns = Columns::parse(COLUMNS).expect("three names");
    Keep::Properties(Arc::new(move |name: &str| columns.name(name)))
}

/// A page that arrives, of which some columns are kept.
#[divan::bench(args = [15, 240])]
fn a_page_for_three_columns(bencher: Bencher<'_, '_>, properties: usize) {
    arriving(bencher, properties, &named());
}

/// A page that arrives, of which every object is kept.
#[divan::bench(args = [15, 240])]
fn a_page_for_its_objects(bencher: Bencher<'_, '_>, properties: usize) {
    arriving(bencher, properties, &Keep::Objects);
}

fn arriving(bencher: Bencher<'_, '_>, properties: usize, keep: &Keep) {
    let text = page(properties);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let page = Page::arriving(black_box(text.as_bytes()).chunks(PIECE), keep.clone());
        assert_eq!(page.map(|page| page.len()).ok(), Some(ROWS));
    });
}

/// A thousand rows in a format, from the page to the last byte.
#[divan::bench(args = [Format::Table, Format::Csv, Format::Jsonl, Format::List])]
fn layout(bencher: Bencher<'_, '_>, format: Format) {
    let text = page(15);
    let page = Page::arriving([text.as_bytes()], Keep::Objects).expect("a page");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let columns = Columns::parse(COLUMNS).expect("three names");
        let mut renderer = renderer(format, None, Style::default()).columns(columns);
        let mut out = Vec::new();
        renderer.page(black_box(&page).rows(), &mut out).expect("a vector takes all");
        let rendered = renderer.finish(&mut out).expect("a vector takes all");
        assert_eq!(rendered.rows, ROWS);
        out
    });
}

/// Parameters in the forms of their kinds.
#[divan::bench]
fn parameters() -> CmdletInput {
    let mut input = CmdletInput { cmdlet_name: "Set-Mailbox".to_owned(), parameters: Map::new() };
    let text = |text: &str| Argument::Text(text.to_owned());
    let cmdlet = catalog::find("Set-Mailbox").expect("a cmdlet of the catalogue");
    for (name, argument) in [
        ("Identity", text("adele.vance@contoso.com")),
        ("HiddenFromAddressListsEnabled", Argument::Bool(true)),
        (
            "EmailAddresses",
            Argument::Table(vec![("Add".to_owned(), Argument::List(vec![text("smtp:a@contoso.com")]))]),
        ),
        ("ProhibitSendQuota", text("99GB")),
        ("EndDateForRetentionHold", text("2026-11-24T08:30:00Z")),
    ] {
        let kind = cmdlet.find_parameter(name).expect("a parameter of the cmdlet").kind;
        input.set(name, Some(kind), black_box(argument)).expect("a value that it takes");
    }
    input
}

/// A cmdlet and one of its parameters, in the spelling of a command line.
#[divan::bench(args = ["get-accepted-domain", "Set-Mailbox", "get-nothing"])]
fn cmdlet(name: &str) -> Option<catalog::Parameter> {
    catalog::find(black_box(name)).and_then(|cmdlet| cmdlet.find_parameter("identity"))
}

/// What a name that does not exist may have been meant to be, which looks at all of them.
#[divan::bench]
fn a_misspelt_cmdlet() -> Vec<&'static str> {
    catalog::suggest(black_box("Get-Mailbocks"))
}
