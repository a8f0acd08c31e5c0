//! The module of packaging/powershell, which no PowerShell is at hand to run: a grammar reads it, and its function that
//! quotes words is carried out by the program's own language.

use tree_sitter::Node;

use super::examples::run_script;
use super::{grammar, text_of};

fn module() -> String {
    text_of("packaging/powershell/ExoMi.psm1")
}

/// The lines that the grammar could not read.
fn faults(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    unread(grammar::tree(text).root_node(), &mut found);
    found
}

fn unread(node: Node<'_>, found: &mut Vec<usize>) {
    if node.is_error() || node.is_missing() {
        found.push(node.start_position().row + 1);
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(Node::has_error) {
        unread(child, found);
    }
}

#[test]
fn the_module_and_its_manifest_are_powershell() {
    for path in ["packaging/powershell/ExoMi.psm1", "packaging/powershell/ExoMi.psd1"] {
        assert_eq!(faults(&text_of(path)), Vec::<usize>::new(), "{path}");
    }
}

#[test]
fn what_is_no_powershell_is_found_by_its_line() {
    for (text, lines) in [("$a = 1\nif ($a {\n}", [2]), ("$a = 1\n$b = @{ a = 1\n", [2])] {
        assert_eq!(faults(text), lines, "{text}");
    }
}

#[test]
fn the_manifest_exports_the_functions_of_the_module() {
    let manifest = text_of("packaging/powershell/ExoMi.psd1");
    for name in ["Invoke-ExoMi", "Test-ExoMi", "Get-ExoMiIdentity"] {
        assert!(
            manifest.contains(&format!("'{name}'")) && module().contains(&format!("function {name} {{")),
            "{name}"
        );
    }
    let version = concat!("ModuleVersion        = '", env!("CARGO_PKG_VERSION"), "'");
    assert!(manifest.contains(version), "the module has the version of the program");
}

/// A command line as Windows and .NET split it: backslashes are themselves unless a quote follows, where two of them are
/// one, and one escapes the quote.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut backslashes = 0;
    for c in line.chars() {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        let kept = if c == '"' { backslashes / 2 } else { backslashes };
        let escaped = c == '"' && backslashes % 2 == 1;
        if kept > 0 {
            word.get_or_insert_default().push_str(&"\\".repeat(kept));
        }
        backslashes = 0;
        match c {
            '"' if escaped => word.get_or_insert_default().push('"'),
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if backslashes > 0 {
        word.get_or_insert_default().push_str(&"\\".repeat(backslashes));
    }
    words.extend(word);
    words
}

const AWKWARD: [&str; 12] = [
    "plain",
    "",
    "two words",
    "a\"b",
    "\"",
    "back\\slash",
    "ends in \\",
    "\\\\\"",
    "C:\\Program Files\\x\\",
    "Zürich ’s",
    "tab\there",
    "-Name:'O''Brien \"x\"'",
];

#[test]
fn every_word_comes_through_a_command_line_as_it_was() {
    let module = module();
    let (_, function) = module.split_once("function ConvertTo-ExoMiWord {").expect("the function");
    let (body, _) = function.split_once("\n}\n").expect("its end");
    // Within single quotes, PowerShell takes a typographic one for a plain one.
    let words = AWKWARD.map(|word| format!("'{}'", word.replace('\'', "''").replace('’', "’’"))).join(", ");
    let script = format!(
        "function ConvertTo-ExoMiWord {{{body}\n}}\n(({words}) | ForEach-Object {{ ConvertTo-ExoMiWord $_ }}) -join ' '\n"
    );
    let (exit, line, complaint) = run_script(&script);
    assert_eq!((exit, complaint.as_str()), (0, ""));
    assert_eq!(split(line.trim_end_matches('\n')), AWKWARD);
}

#[test]
fn values_as_the_module_writes_them_are_values() {
    use super::examples::run;

    let words = |value: &str| {
        [
            "exo-mi",
            "connect",
            "--org",
            "contoso.onmicrosoft.com",
            "--emulate",
            "set-mailbox",
            "-Identity:'adele.vance'",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain([value.to_owned(), "-WhatIf:true".to_owned()])
        .collect::<Vec<_>>()
    };
    for value in [
        "-DisplayName:'O''Brien \"x\", ü'",
        "-AuditEnabled:false",
        "-Office:$null",
        "-EmailAddresses:@{Add=@('a@contoso.com','b@contoso.com'); Remove='c@contoso.com'}",
        "-RejectMessagesFrom:@('Adele Vance','Alex Wilber')",
        "-AuditLogAgeLimit:'90.00:00:00'",
    ] {
        let (exit, stdout, stderr) = run(&words(value), &[]);
        assert_eq!((exit, stderr.as_str()), (0, ""), "{value}");
        assert!(stdout.starts_with("What if: "), "{value}: {stdout}");
    }
}
