//! Lists, against what PowerShell 7 prints.

use super::*;

#[test]
fn labels_are_padded_to_the_longest_of_their_object() {
    let rows = [
        r#"{"Name":"a","WhenCreated":"2026-07-23T09:05:00.0000000","Tags":["x","y"]}"#,
        r#"{"Id":null,"N":""}"#,
    ];
    let expected = "\
Name        : a
WhenCreated : 7/23/2026 9:05:00 AM
Tags        : {x, y}

Id :\u{20}
N  :\u{20}
";
    assert_eq!(shown(Format::List, None, &rows), expected);
}

#[test]
fn one_empty_line_stands_between_objects_across_pages() {
    let pages: [&[&str]; 2] = [&[r#"{"A":1}"#, r#"{"A":2}"#], &[r#"{"A":3}"#]];
    assert_eq!(render(Format::List, None, None, &pages).0, "A : 1\n\nA : 2\n\nA : 3\n");
}

#[test]
fn a_text_of_many_lines_goes_on_below_its_beginning() {
    let row = r#"{"Name":"r","Description":"If:\r\n\tfrom outside\nThen: stop"}"#;
    let expected =
        "Name        : r\nDescription : If:\n               from outside\n              Then: stop\n";
    assert_eq!(shown(Format::List, None, &[row]), expected);
}

#[test]
fn a_long_value_breaks_at_the_console_and_is_indented() {
    let row = r#"{"Id":"alpha beta gamma","Q":"0123456789abcdef"}"#;
    let (text, _) = render(Format::List, None, Some(17), &[&[row]]);
    assert_eq!(text, "Id : alpha beta \n     gamma\nQ  : 0123456789a\n     bcdef\n");
    assert_eq!(shown(Format::List, None, &[row]), "Id : alpha beta gamma\nQ  : 0123456789abcdef\n");
}

#[test]
fn labels_are_clipped_on_a_console_that_is_narrower() {
    let (text, _) = render(Format::List, None, Some(8), &[&[r#"{"Identity":"xy"}"#]]);
    assert_eq!(text, "Ide : x\n      y\n");
    let (text, _) = render(Format::List, None, Some(1), &[&[r#"{"Identity":"xy"}"#]]);
    assert_eq!(text, "I : x\n    y\n");
}

#[test]
fn a_list_view_shows_its_own_properties_by_default_and_all_on_demand() {
    let row = r#"{"Guid":"1","Name":"j","Enabled":true,"Scope":"Global","Recipient":null}"#;
    let expected = "Name      : j\nRecipient : \nScope     : Global\nEnabled   : True\n";
    assert_eq!(shown(Format::Table, view("Get-JournalRule"), &[row]), expected);
    assert_eq!(shown(Format::Powershell, view("Get-JournalRule"), &[row]), format!("\n{expected}\n"));
    let everything = "Guid      : 1\nName      : j\nEnabled   : True\nScope     : Global\nRecipient : \n";
    assert_eq!(shown(Format::List, view("Get-JournalRule"), &[row]), everything);
}

#[test]
fn a_list_of_a_type_with_a_table_shows_everything() {
    let row = r#"{"DomainName":"x","Name":"x","IsValid":true}"#;
    let expected = "DomainName : x\nName       : x\nIsValid    : True\n";
    assert_eq!(shown(Format::List, view("Get-AcceptedDomain"), &[row]), expected);
}

#[test]
fn hostile_labels_and_values_are_marked() {
    let row = "{\"\\u001b[31mA\":\"x\\u001b[0m\\ny\\u0085\",\"B\u{202e}\":1}";
    assert_eq!(
        shown(Format::List, None, &[row]),
        "\u{fffd}[31mA : x\u{fffd}[0m\n         y\u{fffd}\nB\u{fffd}     : 1\n"
    );
}

#[test]
fn labels_have_colour_and_values_have_none() {
    let mut out = Vec::new();
    let mut renderer = renderer(Format::List, None, Style { colour: true, ..Style::default() });
    renderer.page([Row::Json(r#"{"A":1}"#)].into_iter(), &mut out).expect("a vector takes everything");
    assert_eq!(String::from_utf8(out).as_deref(), Ok("\u{1b}[32;1mA : \u{1b}[0m1\n"));
}

#[test]
fn rows_made_here_are_shown_as_those_of_the_service() {
    let fields =
        [("State", crate::value::Value::from("Connected")), ("PageSize", crate::value::Value::from(1000))];
    let mut out = Vec::new();
    let mut renderer = renderer(Format::List, None, Style::default());
    renderer.page([Row::Fields(&fields)].into_iter(), &mut out).expect("a vector takes everything");
    assert_eq!(String::from_utf8(out).as_deref(), Ok("State    : Connected\nPageSize : 1000\n"));
}
