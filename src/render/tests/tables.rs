//! Tables, against what PowerShell 7 prints.

use super::*;

pub(super) const DOMAINS: [&str; 3] = [
    r#"{"DomainName":"contoso.onmicrosoft.com","DomainType":"Authoritative","Default":false,"Name":"contoso.onmicrosoft.com"}"#,
    r#"{"DomainName":"contoso.com","DomainType":"Authoritative","Default":true,"Name":"contoso.com"}"#,
    r#"{"DomainName":"relay.contoso.com","DomainType":"InternalRelay","Default":false,"Name":"relay.contoso.com"}"#,
];

fn domains(width: Option<usize>) -> (String, Vec<String>) {
    let (text, rendered) = render(Format::Table, view("Get-AcceptedDomain"), width, &[&DOMAINS]);
    (text, rendered.hidden_columns)
}

#[test]
fn accepted_domains_look_as_in_powershell() {
    let expected = "\
Name                    DomainName              DomainType    Default
----                    ----------              ----------    -------
contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritative False
contoso.com             contoso.com             Authoritative True
relay.contoso.com       relay.contoso.com       InternalRelay False
";
    for width in [None, Some(0), Some(70), Some(71), Some(120)] {
        assert_eq!(domains(width), (expected.to_owned(), vec![]), "{width:?}");
    }
}

#[test]
fn a_narrow_console_loses_columns_from_the_right() {
    let expected = "\
Name                    DomainName              DomainType
----                    ----------              ----------
contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritati…
contoso.com             contoso.com             Authoritati…
relay.contoso.com       relay.contoso.com       InternalRel…
";
    assert_eq!(domains(Some(61)), (expected.to_owned(), vec!["Default".to_owned()]));
}

#[test]
fn a_label_wraps_where_its_cells_are_cut() {
    let (text, hidden) = domains(Some(66));
    assert!(
        text.starts_with("Name                    DomainName              DomainType    Def\n"),
        "{text}"
    );
    assert_eq!(text.lines().nth(1), Some(&*format!("{}aul", " ".repeat(62))));
    assert_eq!(
        text.lines().nth(3),
        Some("----                    ----------              ----------    ---")
    );
    assert!(text.contains("Authoritative Fa…\n"), "{text}");
    assert!(hidden.is_empty());
}

#[test]
fn one_cell_of_console_is_enough() {
    let (text, hidden) = domains(Some(1));
    assert_eq!(text, "N\na\nm\ne\n-\nc\nc\nr\n");
    assert_eq!(hidden, ["DomainName", "DomainType", "Default"]);
}

#[test]
fn booleans_stand_left_in_a_view_and_right_in_columns_that_a_command_names() {
    let left = shown(Format::Table, view("Get-AcceptedDomain"), &[r#"{"Name":"a","Default":true}"#]);
    assert_eq!(left, "Name Default\n---- -------\na    True\n");
    let right = shown(Format::Table, Some(named(&["Name", "Default"])), &[r#"{"Name":"a","Default":true}"#]);
    assert_eq!(right, "Name Default\n---- -------\na       True\n");
}

#[test]
fn columns_that_a_view_sets_right_stand_right() {
    let rows = [
        r#"{"DisplayName":"Ann","ItemCount":12,"StorageLimitStatus":null,"LastLogonTime":"2026-07-23T22:01:22.0000000Z"}"#,
        r#"{"DisplayName":"Bo","ItemCount":7,"StorageLimitStatus":"BelowLimit","LastLogonTime":null}"#,
    ];
    let expected = "\
DisplayName ItemCount StorageLimitStatus         LastLogonTime
----------- --------- ------------------         -------------
Ann         12                           7/23/2026 10:01:22 PM
Bo          7                 BelowLimit
";
    assert_eq!(shown(Format::Table, view("Get-MailboxStatistics"), &rows), expected);
    let (cut, _) = render(Format::Table, view("Get-MailboxStatistics"), Some(53), &[&rows]);
    assert_eq!(cut.lines().nth(3), Some("Ann         12                           …0:01:22 PM"), "{cut}");
}

#[test]
fn a_column_whose_property_no_object_has_is_left_out() {
    let rows = [r#"{"Name":"a","TrackClicks":true}"#, r#"{"Name":"b","AllowClickThrough":null}"#];
    let expected = "Name TrackClicks AllowClickThrough\n---- ----------- -----------------\na    True\nb\n";
    assert_eq!(shown(Format::Table, view("Get-SafeLinksPolicy"), &rows), expected);
}

#[test]
fn a_view_names_its_columns() {
    let row = r#"{"SenderAddress":"a@x","RecipientAddress":"b@y","Status":"Delivered","Subject":"Hi"}"#;
    let expected = "\
Sender Address Recipient Address Subject Status
-------------- ----------------- ------- ------
a@x            b@y               Hi      Delivered
";
    assert_eq!(shown(Format::Table, view("Get-MessageTraceV2"), &[row]), expected);
}

#[test]
fn wide_characters_count_two_cells() {
    let rows = [r#"{"Name":"田中 太郎","Z":"x"}"#, r#"{"Name":"👍","Z":"y"}"#, r#"{"Name":"Zoë","Z":"z"}"#];
    let expected = "Name      Z\n----      -\n田中 太郎 x\n👍        y\nZoë       z\n";
    assert_eq!(shown(Format::Table, None, &rows), expected);
}

#[test]
fn a_cell_ends_at_its_first_line() {
    let rows = [r#"{"A":"one\r\ntwo","B":1}"#, r#"{"A":"\nx","B":1.5}"#];
    assert_eq!(shown(Format::Table, None, &rows), "A       B\n-       -\none…    1\n…    1.50\n");
}

#[test]
fn hostile_text_reaches_neither_cells_nor_labels() {
    let row = "{\"N\\u001b[2J\":\"\\u001b]0;owned\\u0007\u{202e}fdp.exe\u{9b}31m\"}";
    assert_eq!(
        shown(Format::Table, None, &[row]),
        "N\u{fffd}[2J\n-----\n\u{fffd}]0;owned\u{fffd}\u{fffd}fdp.exe\u{fffd}31m\n"
    );
}

#[test]
fn properties_that_come_late_are_named_where_no_view_is_known() {
    let pages: [&[&str]; 2] = [&[r#"{"A":1}"#], &[r#"{"A":2,"B":3}"#, r#"{"B":4}"#]];
    let (text, rendered) = render(Format::Table, None, None, &pages);
    assert_eq!(text, "A\n-\n1\n2\n\n");
    assert_eq!(rendered.late_columns, ["B"]);
}
