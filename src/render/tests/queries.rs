//! What an expression yields, in every format.

use super::*;
use crate::render::{Query, Renderer};

/// Two pages, the second object of which lacks a property and has another order.
const PAGES: [&[&str]; 2] = [
    &[
        r##"{"Name":"a","Id@data.type":"System.Guid","Id":"1","Size":15394007230974001153,"Rate":1.50,"On":true,
        "Tags":["x","y"],"Version":{"@odata.type":"#v","Minor":1.0,"Major":14}}"##,
    ],
    &[r#"{"Size":9007199254740993,"Name":"b\tc","Rate":1e999,"Tags":[]}"#],
];

fn asked(format: Format, query: &str, view: Option<View>) -> Result<String, String> {
    let mut out = Vec::new();
    let query = Query::parse(query).expect(query);
    let mut renderer = Renderer::query(query, format, view, Style::default());
    for page in PAGES {
        renderer.page(page.iter().map(|row| Row::Json(row)), &mut out).expect("nothing is written");
        assert!(out.is_empty());
    }
    match renderer.finish(&mut out) {
        Ok(rendered) => assert_eq!(rendered.rows, 2),
        Err(error) => return Err(error.to_string()),
    }
    Ok(String::from_utf8(out).expect("UTF-8"))
}

fn json(query: &str) -> String {
    asked(Format::Jsonl, query, None).expect(query)
}

#[test]
fn what_passes_through_keeps_its_digits_and_its_order() {
    let first = r#"{"Name":"a","Id":"1","Size":15394007230974001153,"Rate":1.50,"On":true,"Tags":["x","y"],"Version":{"Minor":1.0,"Major":14}}"#;
    let second = r#"{"Size":9007199254740993,"Name":"b\tc","Rate":1e999,"Tags":[]}"#;
    for (query, expected) in [
        ("@", format!("{first}\n{second}\n")),
        ("[?On]", format!("{first}\n")),
        ("reverse(@)", format!("{second}\n{first}\n")),
        ("sort_by(@, &Name)[0]", format!("{first}\n")),
        ("[].Size", "15394007230974001153\n9007199254740993\n".to_owned()),
        ("[].Rate", "1.50\n1e999\n".to_owned()),
        ("[].[Rate,Size]", "[1.50,15394007230974001153]\n[1e999,9007199254740993]\n".to_owned()),
        ("[0].Version", "{\"Minor\":1.0,\"Major\":14}\n".to_owned()),
        ("[].Tags[]", "\"x\"\n\"y\"\n".to_owned()),
        (
            "[*].{Z: Rate, A: Version.Minor, M: {Y: Id, B: Id}} | [0]",
            "{\"Z\":1.50,\"A\":1.0,\"M\":{\"Y\":\"1\",\"B\":\"1\"}}\n".to_owned(),
        ),
        ("max_by(@, &Size).Name", "\"a\"\n".to_owned()),
    ] {
        assert_eq!(json(query), expected, "{query}");
    }
}

/// Documented limits of the crate's arithmetic.
#[test]
fn what_is_computed_has_the_precision_of_a_float() {
    for (query, expected) in [
        ("length(@)", "2\n"),
        ("sum([].Size)", "1.5403014430228742e+19\n"),
        ("[?On].Rate | sum(@)", "1.5\n"),
        ("[0].Version.sum([Minor, Major])", "15\n"),
        ("[?Size == `9007199254740992`].Name", "\"b\\tc\"\n"),
        ("to_string([0].Rate)", "\"1.5\"\n"),
        ("to_string([0].Size)", "\"15394007230974001153\"\n"),
    ] {
        assert_eq!(json(query), expected, "{query}");
    }
}

#[test]
fn answers_of_many_values_fit_every_format() {
    use Format::{Csv, Json, Jsonl, List, Markdown, None as Nothing, Table, Tsv, Yaml};
    for (query, expected) in [
        (
            "[].{Z: Name, A: Tags}",
            [
                (Table, "Z   A\n-   -\na   {x, y}\nb c {}\n"),
                (List, "Z : a\nA : {x, y}\n\nZ : b c\nA : {}\n"),
                (
                    Json,
                    "[\n  {\n    \"Z\": \"a\",\n    \"A\": [\"x\",\"y\"]\n  },\n  {\n    \"Z\": \"b\\tc\",\n    \"A\": []\n  }\n]\n",
                ),
                (Csv, "Z,A\na,x;y\nb\tc,\n"),
                (Tsv, "Z\tA\na\tx;y\nb\\tc\t\n"),
                (Yaml, "- Z: \"a\"\n  A:\n    - \"x\"\n    - \"y\"\n- Z: \"b\\tc\"\n  A: []\n"),
                (Markdown, "| Z | A |\n| --- | --- |\n| a | {x, y} |\n| b c | {} |\n"),
                (Nothing, ""),
            ],
        ),
        (
            "[].[Name, Id]",
            [
                (Table, "Column1 Column2\n------- -------\na       1\nb c\n"),
                (List, "Column1 : a\nColumn2 : 1\n\nColumn1 : b c\nColumn2 : \n"),
                (Json, "[\n  [\"a\",\"1\"],\n  [\"b\\tc\",null]\n]\n"),
                (Csv, "Column1,Column2\na,1\nb\tc,\n"),
                (Tsv, "Column1\tColumn2\na\t1\nb\\tc\t\n"),
                (Yaml, "-\n  - \"a\"\n  - \"1\"\n-\n  - \"b\\tc\"\n  - null\n"),
                (Jsonl, "[\"a\",\"1\"]\n[\"b\\tc\",null]\n"),
                (Nothing, ""),
            ],
        ),
        (
            "[].Name",
            [
                (Table, "a\nb\tc\n"),
                (List, "a\nb\tc\n"),
                (Json, "[\n  \"a\",\n  \"b\\tc\"\n]\n"),
                (Csv, "a\nb\tc\n"),
                (Tsv, "a\nb\\tc\n"),
                (Yaml, "- \"a\"\n- \"b\\tc\"\n"),
                (Markdown, "a\nb\tc\n"),
                (Nothing, ""),
            ],
        ),
    ] {
        assert_answers(query, expected);
    }
}

fn assert_answers(query: &str, expected: [(Format, &str); 8]) {
    for (format, text) in expected {
        assert_eq!(asked(format, query, None).as_deref(), Ok(text), "{query} as {format:?}");
    }
}

#[test]
fn answers_of_one_value_or_none_fit_every_format() {
    use Format::{Csv, Json, Jsonl, List, None as Nothing, Table, Tsv, Yaml};
    for (query, expected) in [
        (
            "[0].{Nm: Name}",
            [
                (Table, "Nm\n--\na\n"),
                (List, "Nm : a\n"),
                (Json, "{\n  \"Nm\": \"a\"\n}\n"),
                (Jsonl, "{\"Nm\":\"a\"}\n"),
                (Csv, "Nm\na\n"),
                (Tsv, "Nm\na\n"),
                (Yaml, "Nm: \"a\"\n"),
                (Nothing, ""),
            ],
        ),
        (
            "[0].On",
            [
                (Table, "True\n"),
                (List, "True\n"),
                (Json, "true\n"),
                (Jsonl, "true\n"),
                (Csv, "True\n"),
                (Tsv, "True\n"),
                (Yaml, "true\n"),
                (Nothing, ""),
            ],
        ),
        (
            "[9]",
            [
                (Table, ""),
                (List, ""),
                (Json, "null\n"),
                (Jsonl, "null\n"),
                (Csv, ""),
                (Tsv, ""),
                (Yaml, "null\n"),
                (Nothing, ""),
            ],
        ),
        (
            "[?Name == 'z']",
            [
                (Table, ""),
                (List, ""),
                (Json, "[]\n"),
                (Jsonl, ""),
                (Csv, ""),
                (Tsv, ""),
                (Yaml, "[]\n"),
                (Nothing, ""),
            ],
        ),
    ] {
        assert_answers(query, expected);
    }
}

#[test]
fn rows_as_they_came_have_the_view_of_the_cmdlet_and_made_ones_have_their_own() {
    let view = || Some(named(&["Size", "Name"]));
    assert_eq!(
        asked(Format::Table, "[?On]", view()).as_deref(),
        Ok("                Size Name\n                ---- ----\n15394007230974001153 a\n")
    );
    assert_eq!(asked(Format::Table, "[?On].{Name: Name}", view()).as_deref(), Ok("Name\n----\na\n"));
}

#[test]
fn mistakes_are_found_before_and_after_the_rows() {
    for query in [
        "",
        "[",
        "a b",
        "lenght(@)",
        "[?Name == `x`]",
        "map(&nothing(@), @)",
        &"!".repeat(5000),
        &"(".repeat(200),
    ] {
        assert!(Query::parse(query).is_err(), "{query}");
    }
    assert!(asked(Format::Json, "sum([].Name)", None).is_err());
}
