//! What a reader of the output sees, format by format.

mod arbitrary;
mod chosen;
mod lists;
mod machine;
mod powershell;
mod queries;
mod tables;

use std::io;

use super::{Error, Format, Rendered, Style, renderer};
use crate::catalog::{self, Align, Shape, View};
use crate::value::Row;

/// One result, given as pages of JSON objects, as text and what became of it.
fn render(format: Format, view: Option<View>, width: Option<usize>, pages: &[&[&str]]) -> (String, Rendered) {
    let mut out = Vec::new();
    let mut table = renderer(format, view, Style { width, ..Style::default() });
    for page in pages {
        table.page(page.iter().map(|row| Row::Json(row)), &mut out).expect("a vector takes everything");
    }
    let rendered = table.finish(&mut out).expect("a vector takes everything");
    (String::from_utf8(out).expect("UTF-8"), rendered)
}

fn shown(format: Format, view: Option<View>, rows: &[&str]) -> String {
    render(format, view, None, &[rows]).0
}

fn view(cmdlet: &str) -> Option<View> {
    catalog::find(cmdlet).and_then(|cmdlet| cmdlet.view())
}

fn named(properties: &[&'static str]) -> View {
    View::of(Shape::Table, properties.iter().copied(), Align::ByValue)
}

#[test]
fn an_empty_result_prints_what_its_format_needs() {
    for (format, cmdlet, text) in [
        (Format::Table, "Get-AcceptedDomain", ""),
        (Format::List, "Get-AcceptedDomain", ""),
        (Format::Powershell, "Get-AcceptedDomain", ""),
        (Format::Powershell, "Get-OrganizationConfig", ""),
        (Format::Json, "Get-AcceptedDomain", "[]\n"),
        (Format::Jsonl, "Get-AcceptedDomain", ""),
        (Format::Csv, "Get-AcceptedDomain", "Name,DomainName,DomainType,Default\n"),
        (Format::Csv, "Get-OrganizationConfig", ""),
        (Format::Tsv, "Get-AcceptedDomain", "Name\tDomainName\tDomainType\tDefault\n"),
        (Format::Yaml, "Get-AcceptedDomain", "[]\n"),
        (
            Format::Markdown,
            "Get-AcceptedDomain",
            "| Name | DomainName | DomainType | Default |\n| --- | --- | --- | --- |\n",
        ),
        (Format::Markdown, "Get-OrganizationConfig", ""),
        (Format::Raw, "Get-AcceptedDomain", ""),
        (Format::None, "Get-AcceptedDomain", ""),
    ] {
        for pages in [&[][..], &[&[][..]]] {
            assert_eq!(
                render(format, view(cmdlet), None, pages),
                (text.to_owned(), Rendered::default()),
                "{format:?}"
            );
        }
    }
}

#[test]
fn rows_are_counted_in_every_format() {
    use clap::ValueEnum;
    for format in Format::value_variants() {
        let pages: [&[&str]; 3] = [&[r#"{"A":1}"#, r#"{"A":2}"#], &[], &[r#"{"A":3}"#]];
        assert_eq!(render(*format, None, None, &pages).1.rows, 3, "{format:?}");
    }
}

#[test]
fn a_format_that_shows_nothing_prints_nothing() {
    assert_eq!(shown(Format::None, None, &[r#"{"A":1}"#]), "");
}

#[test]
fn the_shape_follows_the_view_and_else_the_first_object() {
    let four = r#"{"A":1,"B":2,"C":3,"D":4}"#;
    let five = r#"{"A":1,"B":2,"C":3,"D":4,"E":5}"#;
    assert_eq!(shown(Format::Table, None, &[four]), "A B C D\n- - - -\n1 2 3 4\n");
    assert_eq!(shown(Format::Table, None, &[five]), "A : 1\nB : 2\nC : 3\nD : 4\nE : 5\n");
    // A view of which the service knows nothing any more must not lose the result.
    assert_eq!(shown(Format::Table, view("Get-AcceptedDomain"), &[r#"{"X":"1"}"#]), "X\n-\n1\n");
}

/// An output whose reader has gone.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_output_is_reported_as_what_it_is() {
    use clap::ValueEnum;
    let row = format!(r#"{{"A":"{}"}}"#, "x".repeat(100));
    let writing = |format: &&Format| !matches!(format, Format::None | Format::Raw);
    for format in Format::value_variants().iter().filter(writing) {
        for count in [1, 2000] {
            let mut renderer = renderer(*format, None, Style::default());
            let page = renderer.page(std::iter::repeat_n(Row::Json(&row), count), &mut Closed);
            let failed = page.and_then(|()| renderer.finish(&mut Closed).map(drop));
            let Err(Error::Output(error)) = failed else { panic!("{format:?}") };
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{format:?}");
        }
    }
}
