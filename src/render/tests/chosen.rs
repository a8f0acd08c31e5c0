//! The columns that the user named, and tables without a header.

use super::*;
use crate::render::Columns;

fn chosen(
    format: Format,
    columns: &str,
    view: Option<View>,
    pages: &[&[&str]],
) -> Result<(String, Rendered), (String, String)> {
    let mut out = Vec::new();
    let columns = Columns::parse(columns).expect("columns");
    let mut renderer = renderer(format, view, Style::default()).columns(columns);
    for page in pages {
        if let Err(error) = renderer.page(page.iter().map(|row| Row::Json(row)), &mut out) {
            return Err((error.to_string(), String::from_utf8(out).expect("UTF-8")));
        }
    }
    let rendered = renderer.finish(&mut out).expect("a vector takes everything");
    Ok((String::from_utf8(out).expect("UTF-8"), rendered))
}

const FIRST: &str =
    r#"{"Name":"a","Id@data.type":"System.Guid","Id":"1","MaxSize":15394007230974001153,"MinSize":1.50}"#;
const SECOND: &str = r#"{"Name":"b","MaxSize":2}"#;

#[test]
fn every_format_is_narrowed_and_ordered() {
    for (format, expected) in [
        (
            Format::Table,
            "MinSize MaxSize              Name\n------- -------              ----\n1.50    15394007230974001153 a\n        2                    b\n",
        ),
        (
            Format::Powershell,
            "\nMinSize              MaxSize Name\n-------              ------- ----\n   1.50 15394007230974001153 a\n                           2 b\n\n",
        ),
        (
            Format::List,
            "MinSize : 1.50\nMaxSize : 15394007230974001153\nName    : a\n\nMaxSize : 2\nName    : b\n",
        ),
        (
            Format::Json,
            "[\n  {\n    \"MinSize\": 1.50,\n    \"MaxSize\": 15394007230974001153,\n    \"Name\": \"a\"\n  },\n  {\n    \"MaxSize\": 2,\n    \"Name\": \"b\"\n  }\n]\n",
        ),
        (
            Format::Jsonl,
            "{\"MinSize\":1.50,\"MaxSize\":15394007230974001153,\"Name\":\"a\"}\n{\"MaxSize\":2,\"Name\":\"b\"}\n",
        ),
        (Format::Csv, "MinSize,MaxSize,Name\n1.50,15394007230974001153,a\n,2,b\n"),
        (Format::Tsv, "MinSize\tMaxSize\tName\n1.50\t15394007230974001153\ta\n\t2\tb\n"),
        (
            Format::Yaml,
            "- MinSize: 1.50\n  MaxSize: 15394007230974001153\n  Name: \"a\"\n- MaxSize: 2\n  Name: \"b\"\n",
        ),
        (
            Format::Markdown,
            "| MinSize | MaxSize | Name |\n| --- | --- | --- |\n| 1.50 | 15394007230974001153 | a |\n|  | 2 | b |\n",
        ),
        (Format::None, ""),
    ] {
        // The first object lacks one, whose column stands first all the same.
        let pages: [&[&str]; 3] = [&[], &[FIRST], &[SECOND]];
        let (text, rendered) =
            chosen(format, "minsize,M*Size,NAME", view("Get-Mailbox"), &pages).expect("written");
        assert_eq!(text, expected, "{format:?}");
        assert_eq!((rendered.rows, rendered.late_columns.len()), (2, 0), "{format:?}");
        let pages: [&[&str]; 1] = [&[SECOND, FIRST]];
        let (text, _) = chosen(Format::Csv, "minsize,name", None, &pages).expect("written");
        assert_eq!(text, "MinSize,Name\n,b\n1.50,a\n");
    }
}

#[test]
fn a_name_that_is_not_there_is_found_before_anything_is_written() {
    use clap::ValueEnum;
    for format in Format::value_variants() {
        let pages: [&[&str]; 2] = [&[], &[FIRST, SECOND]];
        let refused = chosen(*format, "Name,Nmae,x*", None, &pages).expect_err("two are missing");
        assert_eq!(
            refused,
            ("no object has a property `Nmae` or `x*`".to_owned(), String::new()),
            "{format:?}"
        );
    }
}

#[test]
fn columns_of_an_empty_result_are_taken_as_they_were_named() {
    for (format, expected) in [
        (Format::Table, ""),
        (Format::Powershell, ""),
        (Format::Json, "[]\n"),
        (Format::Csv, "name,X\n"),
        (Format::Tsv, "name\tX\n"),
        (Format::Markdown, "| name | X |\n| --- | --- |\n"),
    ] {
        let shown = chosen(format, "name,*y,X", view("Get-AcceptedDomain"), &[&[]]).expect("written");
        assert_eq!(shown, (expected.to_owned(), Rendered::default()));
    }
}

#[test]
fn what_a_glob_fits_too_late_is_named() {
    let pages: [&[&str]; 2] = [&[SECOND], &[FIRST]];
    for format in [Format::Jsonl, Format::Csv, Format::Table] {
        let (_, rendered) = chosen(format, "*size", None, &pages).expect("written");
        assert_eq!(rendered.late_columns, ["MinSize"], "{format:?}");
        let (_, rendered) = chosen(format, "maxsize", None, &pages).expect("written");
        assert!(rendered.late_columns.is_empty(), "{format:?}");
    }
}

#[test]
fn a_header_can_be_left_out() {
    let row = r#"{"DomainName":"x","Name":"x","Default":true,"DomainType":"Authoritative"}"#;
    for (format, expected) in
        [(Format::Table, "x    x          Authoritative True\n"), (Format::Csv, "x,x,True,Authoritative\n")]
    {
        let style = Style { no_headers: true, colour: true, ..Style::default() };
        let mut out = Vec::new();
        let mut headless = renderer(format, view("Get-AcceptedDomain"), style);
        headless.page([Row::Json(row)].into_iter(), &mut out).expect("a vector takes everything");
        headless.finish(&mut out).expect("a vector takes everything");
        assert_eq!(String::from_utf8(out).as_deref(), Ok(expected));
        let mut out = Vec::new();
        renderer(format, view("Get-AcceptedDomain"), style)
            .finish(&mut out)
            .expect("a vector takes everything");
        assert!(out.is_empty());
    }
}
