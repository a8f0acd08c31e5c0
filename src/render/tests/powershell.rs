//! What PowerShell 7 prints, to the last blank. `·` stands for a blank at the end of a line.

use super::tables::DOMAINS;
use super::*;
use crate::render::{Columns, Form, formatted};

/// One result of a form on a console.
fn exactly(form: Form, view: Option<View>, width: Option<usize>, rows: &[&str]) -> String {
    let mut out = Vec::new();
    let mut renderer = formatted(form, view, Style { width, ..Style::default() });
    renderer.page(rows.iter().map(|row| Row::Json(row)), &mut out).expect("a vector takes everything");
    renderer.finish(&mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn bare(cmdlet: &str, width: usize, rows: &[&str]) -> String {
    exactly(Form::BARE, view(cmdlet), Some(width), rows)
}

/// The same text with the blanks at the ends of lines made visible.
fn marked(text: &str) -> String {
    let line = |line: &str| {
        let kept = line.trim_end_matches(' ');
        kept.to_owned() + &"·".repeat(line.len() - kept.len()) + "\n"
    };
    text.lines().map(line).collect()
}

#[test]
fn sized_by_content_the_domains_stand_between_blank_lines() {
    let expected = "
Name                    DomainName              DomainType    Default
----                    ----------              ----------    -------
contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritative False
contoso.com             contoso.com             Authoritative True
relay.contoso.com       relay.contoso.com       InternalRelay False

";
    let sized = Form { auto_size: true, ..Form::BARE };
    for width in [None, Some(0), Some(71), Some(120)] {
        assert_eq!(exactly(sized, view("Get-AcceptedDomain"), width, &DOMAINS), expected, "{width:?}");
    }
}

#[test]
fn sized_by_content_a_narrow_console_loses_the_last_columns() {
    let expected = "
Name                    DomainName              DomainType
----                    ----------              ----------··
contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritati…
contoso.com             contoso.com             Authoritati…
relay.contoso.com       relay.contoso.com       InternalRel…

";
    let sized = Form { auto_size: true, ..Form::BARE };
    let shown = exactly(sized, view("Get-AcceptedDomain"), Some(61), &DOMAINS);
    assert_eq!(marked(&shown), expected);
}

#[test]
fn columns_without_a_width_share_what_the_others_leave() {
    let expected = "
Name                           DomainName                     DomainType                   Default
----                           ----------                     ----------                   -------
contoso.onmicrosoft.com        contoso.onmicrosoft.com        Authoritative                False
contoso.com                    contoso.com                    Authoritative                True
relay.contoso.com              relay.contoso.com              InternalRelay                False

";
    for width in [None, Some(0), Some(120)] {
        assert_eq!(exactly(Form::BARE, view("Get-AcceptedDomain"), width, &DOMAINS), expected, "{width:?}");
    }
}

#[test]
fn on_eighty_columns_labels_wrap_and_cells_are_cut() {
    let expected = "
Name                           DomainName                     DomainTy Default
                                                              pe
----                           ----------                     -------- -------
contoso.onmicrosoft.com        contoso.onmicrosoft.com        Authori… False
contoso.com                    contoso.com                    Authori… True
relay.contoso.com              relay.contoso.com              Interna… False

";
    assert_eq!(bare("Get-AcceptedDomain", 80, &DOMAINS), expected);
}

#[test]
fn on_sixty_columns_two_are_left_and_the_last_of_them_is_filled() {
    let expected = "
Name                           DomainName
----                           ----------··················
contoso.onmicrosoft.com        contoso.onmicrosoft.com·····
contoso.com                    contoso.com·················
relay.contoso.com              relay.contoso.com···········

";
    assert_eq!(marked(&bare("Get-AcceptedDomain", 60, &DOMAINS)), expected);
    let (_, rendered) = render(Format::Powershell, view("Get-AcceptedDomain"), Some(60), &[&DOMAINS]);
    assert_eq!(rendered.hidden_columns, ["DomainType", "Default"]);
}

const MAILBOX: &str = r#"{"Name":"2f1a1f3e-0b6b-4f64-8a51-4e9d3f5f6c77","Alias":"adele.vance","Database":"EURPR01DG117-db042","ProhibitSendQuota":"99 GB (106,300,440,576 bytes)","ExternalDirectoryObjectId":"2f1a1f3e-0b6b-4f64-8a51-4e9d3f5f6c77"}"#;

#[test]
fn mailboxes_fill_a_console_and_lose_a_column_on_a_narrow_one() {
    let expected = "
Name                      Alias           Database                       ProhibitSendQuota    ExternalDirectoryObjectId
----                      -----           --------                       -----------------    -------------------------
2f1a1f3e-0b6b-4f64-8a51-… adele.vance     EURPR01DG117-db042             99 GB (106,300,440,… 2f1a1f3e-0b6b-4f64-8a51-…

";
    assert_eq!(bare("Get-Mailbox", 120, &[MAILBOX]), expected);
    let expected = "
Name                      Alias           Database                       Prohib
                                                                         itSend
                                                                         Quota
----                      -----           --------                       ------
2f1a1f3e-0b6b-4f64-8a51-… adele.vance     EURPR01DG117-db042             99 GB…

";
    assert_eq!(bare("Get-Mailbox", 80, &[MAILBOX]), expected);
    assert_eq!(bare("New-Mailbox", 80, &[MAILBOX]), expected);
}

#[test]
fn permissions_have_the_widths_that_were_seen() {
    let row = |names: [&str; 5]| {
        let wide = |name: &&str| format!("{name:?}:\"{}\"", "x".repeat(200));
        format!(
            "{{{}}}",
            names.iter().filter(|name| !name.is_empty()).map(wide).collect::<Vec<_>>().join(",")
        )
    };
    // Labels are no longer than their columns here, so that the widths show in the cells.
    let widths = |cmdlet: &str, names| {
        let text = bare(cmdlet, 120, &[&row(names)]);
        let cells = text.lines().nth(3).expect("a row");
        cells.split(' ').map(|cell| cell.chars().count()).collect::<Vec<_>>()
    };
    let mailbox = ["Identity", "User", "AccessRights", "IsInherited", "Deny"];
    for cmdlet in ["Get-MailboxPermission", "Add-MailboxPermission", "Remove-MailboxPermission"] {
        assert_eq!(widths(cmdlet, mailbox), [20, 20, 59, 11, 5], "{cmdlet}");
    }
    let folder = ["FolderName", "User", "AccessRights", "SharingPermissionFlags", ""];
    for cmdlet in
        ["Get-MailboxFolderPermission", "Add-MailboxFolderPermission", "Set-MailboxFolderPermission"]
    {
        assert_eq!(widths(cmdlet, folder), [20, 20, 38, 38], "{cmdlet}");
    }
}

#[test]
fn a_view_whose_first_column_has_no_width_is_sized_by_content() {
    let rows = [
        r#"{"Name":"Block macros","State":"Enabled","Mode":"AuditAndNotify","Priority":0,"Comments":"Asked for"}"#,
        r#"{"Name":"B","State":"Disabled","Mode":"Enforce","Priority":1,"Comments":null}"#,
    ];
    let expected = "
Name         State    Mode           Priority Comments
----         -----    ----           -------- --------
Block macros Enabled  AuditAndNotify 0        Asked for
B            Disabled Enforce        1········

";
    assert_eq!(marked(&bare("Get-TransportRule", 120, &rows)), expected);
}

#[test]
fn a_cell_of_many_lines_is_as_wide_as_all_of_them_and_shows_the_first() {
    let rows = [r#"{"A":"one\r\ntwo","B":"x"}"#, r#"{"A":"\u001b[1m","B":"日本語"}"#];
    let expected = "\nA        B\n-        -\none…     x\n\u{fffd}[1m     日本語\n\n";
    assert_eq!(exactly(Form::BARE, None, None, &rows), expected);
}

#[test]
fn right_aligned_cells_lose_their_head() {
    let row = r#"{"DisplayName":"Ann","ItemCount":12,"StorageLimitStatus":"A","LastLogonTime":"2026-07-23T22:01:22.0000000Z"}"#;
    let cut = Form { wrap: Some(false), ..Form::BARE };
    let expected = "
DisplayName               ItemCount    StorageLimitStatus LastLogonT
                                                                 ime
-----------               ---------    ------------------ ----------
Ann                       12                            A …:01:22 PM

";
    assert_eq!(exactly(cut, view("Get-MailboxStatistics"), Some(69), &[row]), expected);
}

#[test]
fn a_view_that_wraps_loses_nothing() {
    let rows = [
        r#"{"DisplayName":"Adele Vance of the Northern Regional Office","ItemCount":12,"StorageLimitStatus":null,"LastLogonTime":null}"#,
        r#"{"DisplayName":"Bo\r\n\tKim","ItemCount":7,"StorageLimitStatus":"BelowLimitOfTheMailboxPlan","LastLogonTime":"2026-07-23T22:01:22.0000000Z"}"#,
        r#"{"DisplayName":"Cy","ItemCount":1,"StorageLimitStatus":null,"LastLogonTime":null}"#,
    ];
    let expected = "
DisplayName               ItemCount    StorageLimitStatus         LastLogonTime
-----------               ---------    ------------------         -------------
Adele Vance of the        12·····························
Northern Regional Office
Bo                        7          BelowLimitOfTheMailb 7/23/2026 10:01:22 PM
 Kim                                               oxPlan
Cy                        1····················································

";
    assert_eq!(marked(&bare("Get-MailboxStatistics", 80, &rows)), expected);
}

#[test]
fn what_is_wrapped_on_demand_breaks_between_words() {
    let wrapped = Form { wrap: Some(true), ..Form::BARE };
    let row = r#"{"Identity":"alpha","Value":"one two three four"}"#;
    let shown = exactly(wrapped, view("Get-PolicyTipConfig"), Some(19), &[row]);
    assert_eq!(
        shown,
        "\nIdentity Value\n-------- -----\nalpha    one two\n         three\n         four\n\n"
    );
}

#[test]
fn named_columns_stand_on_the_side_of_their_first_value_and_fractions_have_two_decimals() {
    let rows = [
        r#"{"Name":"a","Default":true,"Size":1.5,"Tags":["x"]}"#,
        r#"{"Name":"b","Default":false,"Size":12,"Tags":[]}"#,
    ];
    let expected = "
Default Size Tags Name
------- ---- ---- ----
   True 1.50 {x}  a
  False   12 {}   b

";
    for shape in [None, Some(Shape::Table)] {
        let mut out = Vec::new();
        let form = Form { shape, ..Form::BARE };
        let columns = Columns::parse("default,size,T*,Name").expect("columns");
        let mut renderer = formatted(form, view("Get-AcceptedDomain"), Style::default()).columns(columns);
        renderer.page(rows.iter().map(|row| Row::Json(row)), &mut out).expect("a vector takes everything");
        renderer.finish(&mut out).expect("a vector takes everything");
        assert_eq!(String::from_utf8(out).as_deref(), Ok(expected), "{shape:?}");
    }
}

#[test]
fn without_a_view_the_number_of_properties_decides_unless_a_shape_is_asked_for() {
    let four = r#"{"A":1,"B":2,"C":3,"D":4}"#;
    let eleven = r#"{"A":1,"B":2,"C":3,"D":4,"E":5,"F":6,"G":7,"H":8,"I":9,"J":10,"K":11}"#;
    let table = Form { shape: Some(Shape::Table), ..Form::BARE };
    let list = Form { shape: Some(Shape::List), ..Form::BARE };
    assert_eq!(exactly(Form::BARE, None, None, &[four]), "\nA B C D\n- - - -\n1 2 3 4\n\n");
    assert!(exactly(Form::BARE, None, None, &[eleven]).starts_with("\nA : 1\nB : 2\n"));
    assert_eq!(
        exactly(table, None, None, &[eleven]),
        "\nA B C D E F G H I  J\n- - - - - - - - -  -\n1 2 3 4 5 6 7 8 9 10\n\n"
    );
    assert_eq!(exactly(list, None, None, &[four]), "\nA : 1\nB : 2\nC : 3\nD : 4\n\n");
}

#[test]
fn a_shape_that_is_asked_for_passes_over_a_view_of_the_other() {
    let rule = r#"{"Guid":"1","Name":"j","Enabled":true}"#;
    let table = Form { shape: Some(Shape::Table), ..Form::BARE };
    let list = Form { shape: Some(Shape::List), ..Form::BARE };
    assert_eq!(
        exactly(table, view("Get-JournalRule"), None, &[rule]),
        "\nGuid Name Enabled\n---- ---- -------\n1    j       True\n\n"
    );
    assert_eq!(exactly(list, view("Get-JournalRule"), None, &[rule]), "\nName    : j\nEnabled : True\n\n");
    assert_eq!(bare("Get-JournalRule", 120, &[rule]), "\nName    : j\nEnabled : True\n\n");
    let domain = r#"{"Name":"x","IsValid":true}"#;
    assert_eq!(
        exactly(list, view("Get-AcceptedDomain"), None, &[domain]),
        "\nName    : x\nIsValid : True\n\n"
    );
}

#[test]
fn a_list_has_a_blank_line_before_it_and_after_each_object() {
    let pages: [&[&str]; 2] = [&[r#"{"A":"alpha beta gamma","B":2,"C":3,"D":4,"E":5}"#], &[r#"{"A":1}"#]];
    let (text, _) = render(Format::Powershell, None, Some(16), &pages);
    assert_eq!(text, "\nA : alpha beta \n    gamma\nB : 2\nC : 3\nD : 4\nE : 5\n\nA : 1\n\n");
}

#[test]
fn without_a_console_a_list_breaks_at_a_hundred_and_twenty_columns() {
    let row = format!(r#"{{"A":"{}","B":2,"C":3,"D":4,"E":5}}"#, "x".repeat(116));
    let shown = exactly(Form::BARE, None, None, &[&row]);
    assert!(shown.starts_with(&format!("\nA : {}\n    x\nB : 2\n", "x".repeat(115))), "{shown}");
}

#[test]
fn a_table_without_a_header_keeps_its_widths_and_its_blank_lines() {
    let style = Style { no_headers: true, colour: true, ..Style::default() };
    let mut out = Vec::new();
    let mut renderer = renderer(Format::Powershell, view("Get-RemoteDomain"), style);
    let row = r#"{"Name":"d","DomainName":"*","AllowedOOFType":"None"}"#;
    renderer.page([Row::Json(row)].into_iter(), &mut out).expect("a vector takes everything");
    renderer.finish(&mut out).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("UTF-8");
    assert_eq!(text, format!("\n{:30} {:44} None\n\n", "d", "*"));
}

#[test]
fn fixed_columns_are_written_page_by_page_and_nothing_is_kept() {
    let mut out = Vec::new();
    let mut renderer = renderer(Format::Powershell, view("Get-Mailbox"), Style::default());
    let page = |at: usize| MAILBOX.replace("adele.vance", &format!("mailbox{at}"));
    for at in 0..100 {
        out.clear();
        let row = page(at);
        renderer.page(std::iter::repeat_n(Row::Json(&row), 10), &mut out).expect("a vector takes everything");
        let text = std::str::from_utf8(&out).expect("UTF-8");
        assert_eq!(text.matches(&format!(" mailbox{at} ")).count(), 10);
        assert_eq!(text.contains("-----"), at == 0);
        let super::super::Output::Table(table) = &renderer.output else { panic!("a table") };
        assert_eq!(table.kept(), 0);
    }
    out.clear();
    let rendered = renderer.finish(&mut out).expect("a vector takes everything");
    assert_eq!((out.as_slice(), rendered.rows), (&b"\n"[..], 1000));
}

#[test]
fn a_column_that_comes_after_the_first_page_is_named_and_not_shown() {
    let pages: [&[&str]; 2] = [
        &[r#"{"Name":"a","DomainName":"b"}"#],
        &[r#"{"Name":"c","DomainName":"d","AllowedOOFType":"None"}"#],
    ];
    let (text, rendered) = render(Format::Powershell, view("Get-RemoteDomain"), None, &pages);
    assert!(!text.contains("None") && text.contains("\nc "), "{text}");
    assert_eq!((rendered.late_columns, rendered.hidden_columns), (vec!["AllowedOOFType".to_owned()], vec![]));
    // Where all rows are waited for, it is there.
    let (text, rendered) = render(Format::Table, view("Get-RemoteDomain"), None, &pages);
    assert!(text.contains("None") && rendered.late_columns.is_empty(), "{text}");
}

#[test]
fn wide_characters_are_cut_and_filled_by_their_cells() {
    let row = r#"{"Name":"日本語日本語日本語","TargetAddressDomains":"x","DiscoveryEndpoint":"田中"}"#;
    let shown = bare("Get-IntraOrganizationConnector", 58, &[row]);
    let cells = format!("日本語日本語日…  {:36} 田…", "x");
    assert_eq!(shown.trim_end().lines().last(), Some(cells.as_str()), "{shown}");
}
