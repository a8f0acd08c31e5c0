//! Formats for programs.

use super::*;
use crate::render::Formulas;

const RULE: &str = r##"{"@odata.type":"#x","Name":"a\"b","RuleIdentity@data.type":"System.UInt64",
    "RuleIdentity":15394007230974001153,"Size":1.50,"To@odata.type":"#Collection(String)","To":[ "x" , null ],
    "Version":{"@odata.type":"#y","Major":14},"None":null}"##;

#[test]
fn json_is_an_array_with_exact_numbers_and_without_annotations() {
    let expected = r#"[
  {
    "Name": "a\"b",
    "RuleIdentity": 15394007230974001153,
    "Size": 1.50,
    "To": ["x",null],
    "Version": {"Major":14},
    "None": null
  },
  {}
]
"#;
    assert_eq!(shown(Format::Json, None, &[RULE, "{}"]), expected);
    assert_eq!(shown(Format::Json, None, &["{}"]), "[\n  {}\n]\n");
}

#[test]
fn json_goes_on_across_pages() {
    let pages: [&[&str]; 3] = [&[r#"{"A":1}"#], &[], &[r#"{"A":2}"#]];
    let (text, _) = render(Format::Json, None, None, &pages);
    assert_eq!(text, "[\n  {\n    \"A\": 1\n  },\n  {\n    \"A\": 2\n  }\n]\n");
}

#[test]
fn jsonl_has_one_object_a_line_even_where_the_page_was_indented() {
    let text = shown(Format::Jsonl, None, &[RULE, "{\n \"A\": [\n1 ] }"]);
    let first = r#"{"Name":"a\"b","RuleIdentity":15394007230974001153,"Size":1.50,"To":["x",null],"Version":{"Major":14},"None":null}"#;
    assert_eq!(text, format!("{first}\n{{\"A\":[1]}}\n"));
}

#[test]
fn json_escapes_what_a_terminal_would_obey() {
    let row = "{\"A\u{202e}\":\"\\u001b[2J\u{7f}\u{9b}é\",\"B\":[\"\u{200f}\"]}";
    let expected = r#"{"A\u202e":"\u001b[2J\u007f\u009bé","B":["\u200f"]}"#;
    assert_eq!(shown(Format::Jsonl, None, &[row]), format!("{expected}\n"));
}

#[test]
fn json_can_be_ascii_alone() {
    let mut out = Vec::new();
    let mut renderer = renderer(Format::Jsonl, None, Style::default()).ascii(true);
    renderer.page([Row::Json(r#"{"é":"日😀"}"#)].into_iter(), &mut out).expect("a vector takes everything");
    assert_eq!(String::from_utf8(out).as_deref(), Ok("{\"\\u00e9\":\"\\u65e5\\ud83d\\ude00\"}\n"));
}

#[test]
fn csv_quotes_what_needs_quotes() {
    let rows = [
        r#"{"A":"x,y","B":"say \"hi\"","C":"one\ntwo","D":"tab\there"}"#,
        r#"{"A":true,"B":null,"C":["a","b",null,3],"D":{"k":"v"}}"#,
        r#"{"A":" 1 ","B":1.50,"C":[],"D":"2026-07-23T22:01:22.0000000Z"}"#,
    ];
    let expected = "\
A,B,C,D
\"x,y\",\"say \"\"hi\"\"\",\"one
two\",tab\there
True,,a;b;;3,\"{\"\"k\"\":\"\"v\"\"}\"
 1 ,1.50,,2026-07-23T22:01:22.0000000Z
";
    assert_eq!(shown(Format::Csv, None, &rows), expected);
}

#[test]
fn csv_holds_all_properties_whatever_the_view() {
    let row = r#"{"DomainName":"x","Name":"x","IsValid":true}"#;
    assert_eq!(shown(Format::Csv, view("Get-AcceptedDomain"), &[row]), "DomainName,Name,IsValid\nx,x,True\n");
}

#[test]
fn csv_takes_its_columns_from_the_first_page_and_names_what_comes_later() {
    let pages: [&[&str]; 3] =
        [&[], &[r#"{"A":1}"#, r#"{"B":2,"A":3}"#], &[r#"{"C":4,"B":5}"#, r#"{"D\u001b":6,"C":7}"#]];
    let (text, rendered) = render(Format::Csv, None, None, &pages);
    assert_eq!(text, "A,B\n1,\n3,2\n,5\n,\n");
    assert_eq!(rendered.late_columns, ["C", "D\u{fffd}"]);
}

#[test]
fn csv_gives_a_terminal_no_orders() {
    let row = r#"{"A":"\u001b[31m\u0000\u202e","B":"safe\rEVIL"}"#;
    assert_eq!(shown(Format::Csv, None, &[row]), "A,B\n\u{fffd}[31m\u{fffd}\u{fffd},safe\u{fffd}EVIL\n");
}

#[test]
fn nothing_begins_like_a_formula_where_that_is_wanted() {
    let row = r#"{"=A":"=1+1","B":"+1","C":"-x","D":"@SUM(A1)","E":"\t=1","F":"\r=1","G":-5,"H":"a=b","I":["=x","-y"],"J":"'=1","K":""}"#;
    let shown = |format, formulas| {
        let mut out = Vec::new();
        let mut renderer = renderer(format, None, Style { formulas, ..Style::default() });
        renderer.page([Row::Json(row)].into_iter(), &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    };
    // A lone carriage return is a mark already, and TSV writes a tab as two letters.
    let csv = "'=A,B,C,D,E,F,G,H,I,J,K\n'=1+1,'+1,'-x,'@SUM(A1),'\t=1,\u{fffd}=1,-5,a=b,'=x;-y,'=1,\n";
    assert_eq!(shown(Format::Csv, Formulas::Disarmed), csv);
    let tsv = csv.replace(',', "\t").replace("'\t=1", "'\\t=1");
    assert_eq!(shown(Format::Tsv, Formulas::Disarmed), tsv);
    for format in [Format::Csv, Format::Tsv] {
        let plain = shown(format, Formulas::Disarmed).replace('\'', "");
        assert_eq!(shown(format, Formulas::Kept).replace('\'', ""), plain, "only apostrophes differ");
        assert_eq!(shown(format, Formulas::Kept).matches('\'').count(), 1);
    }
    assert_eq!(shown(Format::Jsonl, Formulas::Disarmed), shown(Format::Jsonl, Formulas::Kept));
}

#[test]
fn csv_of_objects_without_properties_has_no_columns() {
    assert_eq!(shown(Format::Csv, None, &["{}", "{}"]), "");
}

#[test]
fn tsv_is_one_line_an_object_without_quotes() {
    let rows = [
        r#"{"A":"x,y\ttab","B":"say \"hi\"","C":"one\r\ntwo\nthree","D":"back\\slash"}"#,
        r#"{"B":1.50,"A":true,"C":["a","b\tc",null,3],"D":{"k":"v\n"}}"#,
    ];
    let expected = "A\tB\tC\tD\nx,y\\ttab\tsay \"hi\"\tone\\r\\ntwo\\nthree\tback\\\\slash\nTrue\t1.50\ta;b\\tc;;3\t{\"k\":\"v\\\\n\"}\n";
    assert_eq!(shown(Format::Tsv, None, &rows), expected);
    assert_eq!(
        shown(Format::Tsv, None, &[r#"{"A":"\u001b[31m\u202e\rx"}"#]),
        "A\n\u{fffd}[31m\u{fffd}\u{fffd}x\n"
    );
    let (_, rendered) = render(Format::Tsv, None, None, &[&[r#"{"A":1}"#], &[r#"{"B":2}"#]]);
    assert_eq!(rendered.late_columns, ["B"]);
}

#[test]
fn yaml_keeps_types_numbers_and_order() {
    let expected = r#"- Name: "a\"b"
  RuleIdentity: 15394007230974001153
  Size: 1.50
  To:
    - "x"
    - null
  Version:
    Major: 14
  None: null
- {}
"#;
    assert_eq!(shown(Format::Yaml, None, &[RULE, "{}"]), expected);
    let row = r#"{"no":"no","N":"1.50","a b":"2026-07-23","Empty":[[],{}],"Deep":[[1,[2]],{"k":{"l":true},"m":["x"]}]}"#;
    let expected = r#"- "no": "no"
  "N": "1.50"
  "a b": "2026-07-23"
  Empty:
    - []
    - {}
  Deep:
    -
      - 1
      -
        - 2
    - k:
        l: true
      m:
        - "x"
"#;
    assert_eq!(shown(Format::Yaml, None, &[row]), expected);
    let row = r#"{"A":"\ud83d\ude00 \u001b\u007f\u009b\u202e\ufffe\ufeff é"}"#;
    let expected = "- A: \"😀 \\u001b\\u007f\\u009b\\u202e\\ufffe\u{feff} é\"\n";
    assert_eq!(shown(Format::Yaml, None, &[row]), expected);
}

#[test]
fn markdown_is_a_table_of_the_view_that_no_name_can_break() {
    let row = r#"{"DomainName":"a|b\\ <b>[x](y)*`","Name":"one\r\ntwo\u001b","Default":true,"IsValid":true}"#;
    let expected = "\
| Name | DomainName | Default |
| --- | --- | --- |
| one<br>two\u{fffd} | a\\|b\\\\ \\<b\\>\\[x\\](y)\\*\\` | True |
";
    assert_eq!(shown(Format::Markdown, view("Get-AcceptedDomain"), &[row]), expected);
    let pages: [&[&str]; 2] = [&[r#"{"A":1}"#, r#"{"A":["x"]}"#], &[r#"{"B":2}"#]];
    let (text, rendered) = render(Format::Markdown, None, None, &pages);
    assert_eq!(text, "| A |\n| --- |\n| 1 |\n| {x} |\n|  |\n");
    assert_eq!(rendered.late_columns, ["B"]);
}

#[test]
fn raw_is_what_was_sent_and_a_terminal_gets_no_orders() {
    let pages = ["{ \"value\": [\n{\"A\":1.50}] }", "{\"value\":[{\"A\":\"\u{9b}\u{202e}é\"}]}"];
    for (terminal, expected) in [
        (false, pages.join("\n")),
        (true, "{\"value\":[{\"A\":1.50}]}\n{\"value\":[{\"A\":\"\\u009b\\u202eé\"}]}".to_owned()),
    ] {
        let mut out = Vec::new();
        let mut raw = renderer(Format::Raw, None, Style { terminal, ..Style::default() });
        for page in pages {
            raw.page([Row::Json("{}")].into_iter(), &mut out).expect("a vector takes everything");
            raw.raw(page, &mut out).expect("a vector takes everything");
        }
        assert_eq!(raw.finish(&mut out).expect("a vector takes everything").rows, 2);
        assert_eq!(String::from_utf8(out), Ok(expected));
    }
}
