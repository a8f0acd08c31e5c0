//! The parser against another one: tree-sitter's grammar of PowerShell, which editors use. Both must find the same commands
//! in the same scripts.

#[path = "support/grammar.rs"]
mod grammar;

use exo_mi::language;

const SCRIPTS: &str = include_str!("language/scripts.txt");

/// What PowerShell 7 takes and the grammar does not, or takes for something else: the construct that it stumbles over, and
/// what it is.
const EXCUSED: [(&str, &str); 9] = [
    ("Select Name, @{n=", "a blank after a comma between arguments"),
    ("function Get-Thing { param($a) process", "`param` and a named block in a function of one line"),
    ("{ 'a*' { 1 } b { 2; break }", "clauses of `switch` in one line"),
    (":outer foreach", "a loop with a name"),
    ("$folder\\report.csv", "a word that begins with a variable"),
    ("\n  | Select-Object", "a pipeline that goes on with `|` at the beginning of a line"),
    ("? 'a' : 'b'", "the operators `? :`, `??` and `??=` of PowerShell 7"),
    ("1..3 | ForEach-Object", "a range before a pipe, which the grammar takes for the name of a command"),
    ("“curly quotes”", "quotes and dashes of text processors"),
];

/// The names of the commands that the grammar finds, and whether it understood everything.
fn by_the_grammar(text: &str) -> (Vec<String>, bool) {
    let tree = grammar::tree(text);
    let mut names = Vec::new();
    let mut waiting = vec![tree.root_node()];
    while let Some(node) = waiting.pop() {
        if node.kind() == "command_name" {
            names.push(node.utf8_text(text.as_bytes()).expect("UTF-8").to_owned());
        }
        let mut cursor = node.walk();
        let children: Vec<_> = node.children(&mut cursor).collect();
        waiting.extend(children);
    }
    names.sort();
    (names, !tree.root_node().has_error())
}

/// The names that our parser finds, read from its tree as it is printed.
fn by_ours(text: &str) -> Vec<String> {
    let tree = format!("{:?}", language::parse(text).unwrap_or_else(|error| panic!("{text}\n{error}")));
    let names = tree.split("name: Named(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn both_find_the_same_commands() {
    let mut objections = Vec::new();
    for text in SCRIPTS.split("\n----\n") {
        let (commands, understood) = by_the_grammar(text);
        let agrees = understood && by_ours(text) == commands;
        let excuse = EXCUSED.iter().find(|(construct, _)| text.contains(construct));
        match (agrees, excuse) {
            (true, Some((_, excuse))) => objections.push(format!("the excuse can go: {excuse}")),
            (false, None) => objections.push(format!("{:?} and {commands:?} in {text}", by_ours(text))),
            _ => {}
        }
    }
    assert!(objections.is_empty(), "{}", objections.join("\n\n"));
}
