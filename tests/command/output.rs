//! Formats, paging and files.

use exo_mi::emulator::Scenario;

use crate::harness::{assert_outcome, connect};

const ORG: &str = "--org contoso.onmicrosoft.com";

/// All but `raw`, which has no columns.
const FORMATS: [&str; 10] =
    ["table", "list", "powershell", "json", "jsonl", "csv", "tsv", "yaml", "markdown", "none"];

#[test]
fn every_format_is_as_recorded() {
    for format in FORMATS.into_iter().chain(["raw"]) {
        let outcome = connect(&format!("{ORG} -o {format} get-accepted-domain -Identity contoso.com")).run();
        assert_outcome!(format!("format-{format}"), outcome);
    }
}

#[test]
fn the_format_may_stand_after_the_cmdlet_or_in_a_variable() {
    let before = connect(&format!("{ORG} -o jsonl get-accepted-domain")).run().stdout;
    assert_eq!(connect(&format!("{ORG} get-accepted-domain -o jsonl")).run().stdout, before);
    let variable = connect(&format!("{ORG} get-accepted-domain")).variable("EXO_MI_OUTPUT", "jsonl");
    assert_eq!(variable.run().stdout, before);
}

#[test]
fn columns_are_chosen_in_every_format_before_and_after_the_cmdlet() {
    for format in FORMATS {
        let options = format!("-o {format} --columns default,*domain*,NAME");
        let outcome = connect(&format!("{ORG} {options} get-accepted-domain contoso.com")).run();
        let after = connect(&format!("{ORG} get-accepted-domain {options} contoso.com")).run();
        assert_eq!((outcome.exit, &outcome.stdout, outcome.stderr.as_str()), (0, &after.stdout, ""));
        assert_outcome!(format!("columns-{format}"), outcome);
    }
}

#[test]
fn a_column_that_is_not_there_prints_nothing_and_lists_those_that_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("domains.csv");
    for format in FORMATS {
        let outcome = connect(&format!("{ORG} -o {format} --columns name,Nmae get-accepted-domain")).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{format}: {outcome}");
    }
    let line = format!("{ORG} -o csv --out {} get-accepted-domain --columns nmae", file.display());
    assert_eq!(connect(&line).run().exit, 2);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    let listed = connect(&format!("{ORG} --columns Nmae,x* get-accepted-domain")).run();
    assert_outcome!("columns-missing", listed);
    let empty =
        connect(&format!("{ORG} -o csv --columns Nmae,x* get-mailbox -ResultSize 1")).mailboxes(0).run();
    assert_eq!((empty.exit, empty.stdout.as_str()), (0, "Nmae\n"), "{empty}");
}

#[test]
fn an_expression_chooses_what_is_printed() {
    let query = "[?Default].{Name:Name,Kind:DomainType,Renamed:`true`}";
    for format in FORMATS {
        let outcome = connect(&format!("{ORG} -o {format} --query {query} get-accepted-domain")).run();
        let after = connect(&format!("{ORG} -o {format} get-accepted-domain --query={query}")).run();
        assert_eq!((outcome.exit, &outcome.stdout, outcome.stderr.as_str()), (0, &after.stdout, ""));
        assert_outcome!(format!("query-{format}"), outcome);
    }
    let count = connect(&format!("{ORG} --page-size 20 --query length(@) get-mailbox")).mailboxes(50).run();
    assert_eq!((count.exit, count.stdout.as_str(), count.executions()), (0, "50\n", 3));
    let state = connect(&format!("{ORG} -o tsv --query [0].State")).run();
    assert_eq!((state.exit, state.stdout.as_str()), (0, "Connected\n"));
}

#[test]
fn an_expression_over_a_part_of_the_rows_is_not_printed() {
    let command = connect(&format!("{ORG} --query length(@) get-accepted-domain"));
    let outcome = command.scenario(Scenario::TruncatedPaging).run();
    assert!(outcome.exit != 0 && outcome.stdout.is_empty(), "{outcome}");
    assert_outcome!("query-truncated", outcome);
}

#[test]
fn an_expression_that_does_not_fit_the_result_prints_nothing() {
    let outcome = connect(&format!("{ORG} --query sum([].Name) get-accepted-domain")).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""));
    assert_outcome!("query-unfit", outcome);
}

#[test]
fn a_wide_table_has_three_columns_more() {
    let outcome = connect(&format!("{ORG} --wide get-accepted-domain")).run();
    assert_eq!(connect(&format!("{ORG} get-accepted-domain --wide")).run().stdout, outcome.stdout);
    assert_outcome!("wide", outcome);
}

#[test]
fn headers_can_be_left_out() {
    for format in ["table", "powershell", "csv", "tsv"] {
        let whole = connect(&format!("{ORG} -o {format} get-accepted-domain")).run().stdout;
        let rows = whole.lines().filter(|line| line.contains("contoso.")).collect::<Vec<_>>().join("\n");
        for line in ["--no-headers get-accepted-domain", "get-accepted-domain --no-headers"] {
            let outcome = connect(&format!("{ORG} -o {format} {line}")).run();
            assert_eq!((outcome.exit, outcome.stdout.trim()), (0, rows.as_str()));
        }
    }
}

#[test]
fn a_width_is_that_of_a_terminal() {
    let narrow = connect(&format!("{ORG} --width 61 get-accepted-domain"));
    let terminal = connect(&format!("{ORG} get-accepted-domain")).terminal(61).run().stdout;
    assert_eq!(narrow.run().stdout.replace("\u{1b}[32;1m", ""), plain(&terminal));
    assert_eq!(plain(&narrow.terminal(200).run().stdout), plain(&terminal));
    assert_outcome!("width", connect(&format!("{ORG} --width 61 get-accepted-domain")).run());
}

fn plain(text: &str) -> String {
    text.replace("\u{1b}[32;1m", "").replace("\u{1b}[0m", "")
}

#[test]
fn powershells_layout_takes_a_hundred_and_twenty_columns_for_granted() {
    for cmdlet in ["get-accepted-domain", "get-mailbox -ResultSize 3", "get-transport-rule"] {
        let name = cmdlet.split(' ').next().unwrap_or_default();
        let line = |options: &str| format!("{ORG} {options} -o powershell {cmdlet}");
        let granted = connect(&line("")).run();
        assert_eq!(connect(&line("--width 120")).run().stdout, granted.stdout, "{cmdlet}");
        assert_eq!(plain(&connect(&line("")).terminal(120).run().stdout), granted.stdout, "{cmdlet}");
        assert_eq!(connect(&format!("{ORG} {cmdlet} -o ps")).run().stdout, granted.stdout, "{cmdlet}");
        assert_outcome!(format!("powershell-{name}"), granted);
        assert_outcome!(format!("powershell-{name}-80"), connect(&line("--width 80")).run());
    }
}

#[test]
fn powershells_layout_is_silent_on_columns_unless_a_width_is_known() {
    let line =
        |options: &str| format!("{ORG} --wide {options} -o powershell get-mailbox -ResultSize Unlimited");
    let granted = connect(&line("")).run();
    assert!(!granted.stdout.contains("WhenChangedUTC"), "{granted}");
    assert_eq!((granted.exit, granted.stderr.as_str()), (0, ""));
    for command in [connect(&line("--width 80")), connect(&line("")).terminal(80)] {
        let outcome = command.run();
        assert!(outcome.stderr.contains("is too narrow for ExternalDirectoryObjectId, "), "{outcome}");
    }
}

#[test]
fn powershells_layout_prints_nothing_for_nothing_and_ends_what_was_cut_short() {
    let nothing = connect(&format!("{ORG} -o powershell get-mailbox")).mailboxes(0).run();
    assert_eq!((nothing.exit, nothing.stdout.as_str(), nothing.stderr.as_str()), (0, "", ""));
    let refused =
        connect(&format!("{ORG} -o powershell get-accepted-domain")).scenario(Scenario::NoAppRole).run();
    assert_eq!((refused.exit, refused.stdout.as_str()), (4, ""));
    let cut = connect(&format!("{ORG} -o powershell get-accepted-domain"));
    assert_outcome!("powershell-truncated", cut.scenario(Scenario::TruncatedPaging).run());
}

#[test]
fn json_can_be_written_in_ascii() {
    for format in ["json", "jsonl"] {
        let line = |more: &str| format!("{ORG} -o {format} {more} get-mailbox");
        let whole = connect(&line("")).scenario(Scenario::HostileText).run().stdout;
        let ascii = connect(&line("--ascii")).scenario(Scenario::HostileText).run().stdout;
        assert!(!whole.is_ascii() && ascii.is_ascii() && ascii.contains("\\u"), "{format}");
    }
}

#[test]
fn a_cmdlet_without_a_view_is_shown_as_a_list() {
    let outcome = connect(&format!("{ORG} get-organization-config")).run();
    assert_outcome!("list-fallback", outcome);
}

#[test]
fn without_a_cmdlet_the_connection_is_shown() {
    assert_outcome!("connection-information", connect(ORG).run());
}

#[test]
fn a_narrow_terminal_hides_columns_and_says_which() {
    assert_outcome!("narrow-terminal", connect(&format!("{ORG} get-accepted-domain")).terminal(61).run());
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let hostile = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for format in FORMATS.into_iter().chain(["raw"]) {
        let command = connect(&format!("{ORG} -o {format} get-mailbox")).mailboxes(12);
        // What goes elsewhere than to a terminal is raw indeed.
        let command = if format == "raw" { command.terminal(200) } else { command };
        let outcome = command.scenario(Scenario::HostileText).run();
        let mut all = outcome.stdout.clone() + &outcome.stderr;
        if format == "csv" {
            // A line end and a tab inside a quoted cell are data, as they were sent.
            all = all.replace("\r\n", "\n").replace('\t', " ");
        }
        if format == "tsv" {
            all = all.replace('\t', " ");
        }
        let found: Vec<char> = all.chars().filter(|c| hostile(*c)).collect();
        assert!(outcome.exit == 0 && found.is_empty(), "{format}: {found:?}");
    }
    let list = connect(&format!("{ORG} -o list get-mailbox")).scenario(Scenario::HostileText).run();
    let names: String =
        list.stdout.lines().filter(|line| line.starts_with("DisplayName ")).collect::<Vec<_>>().join("\n");
    assert_outcome!("hostile-text", names);
}

#[test]
fn raw_pages_stand_one_after_another() {
    let line = format!("{ORG} --page-size 20 -o raw get-mailbox -ResultSize Unlimited");
    let outcome = connect(&line).mailboxes(50).run();
    let pages: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|page| serde_json::from_str(page).expect("a page")).collect();
    let counts: Vec<_> = pages.iter().map(|page| page["value"].as_array().map(Vec::len)).collect();
    assert_eq!((outcome.exit, counts), (0, vec![Some(20), Some(20), Some(10)]));
    assert!(pages[0].get("@odata.nextLink").is_some());
}

#[test]
fn pages_are_fetched_until_enough_is_there_and_no_further() {
    let pages = |line: &str| {
        let outcome = connect(&format!("{ORG} --page-size 20 -o jsonl {line}")).mailboxes(50).run();
        (outcome.stdout.lines().count(), outcome.executions(), outcome.stderr, outcome.exit)
    };
    let more = "warning: There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.\n";
    assert_eq!(pages("get-mailbox -ResultSize 30"), (30, 2, more.to_owned(), 0));
    assert_eq!(pages("get-mailbox -ResultSize Unlimited"), (50, 3, String::new(), 0));
    assert_eq!(pages("get-mailbox -ResultSize 3"), (3, 1, more.to_owned(), 0));
}

#[test]
fn without_a_result_size_a_thousand_objects_come_and_a_warning_that_there_are_more() {
    let outcome = connect(&format!("{ORG} -o none get-mailbox")).mailboxes(1001).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1));
    assert!(outcome.stderr.starts_with("warning: There are more results available"), "{}", outcome.stderr);
}

#[test]
fn a_file_appears_when_it_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.csv");
    let line = format!("{ORG} -o csv --out {} get-accepted-domain", path.display());
    let outcome = connect(&line).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(&path).expect("the file").lines().count(), 4);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing else is left");
}

#[test]
fn an_incomplete_result_is_kept_beside_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.csv");
    let line = format!("{ORG} -o csv --out {} get-accepted-domain", path.display());
    let outcome = connect(&line).scenario(Scenario::TruncatedPaging).run();
    assert_eq!(outcome.exit, 7);
    assert!(!path.exists());
    let partial = std::fs::read_to_string(folder.path().join("domains.csv.partial")).expect("the rest");
    assert_eq!(partial.lines().count(), 3);
    assert!(outcome.stderr.contains("domains.csv.partial"), "{}", outcome.stderr);
}

#[test]
fn a_failed_command_leaves_no_file_and_no_brackets() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.json");
    let line = format!("{ORG} -o json --out {} get-accepted-domain", path.display());
    assert_eq!(connect(&line).scenario(Scenario::NoAppRole).run().exit, 4);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    let outcome = connect(&format!("{ORG} -o json get-accepted-domain")).scenario(Scenario::NoAppRole).run();
    assert_eq!(outcome.stdout, "");
}
