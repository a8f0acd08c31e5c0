//! `docs/migration.md` has every parameter of Connect-ExchangeOnline, and says of each what a script may do with it.

use std::collections::BTreeMap;

use exo_mi::catalog;

use super::{prose, text_of};

/// What stands between backticks in a cell, if it is a parameter.
fn parameters(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix('-')).map(str::to_owned)
}

/// The table of the page: each parameter, with what its last column says.
fn documented() -> BTreeMap<String, String> {
    let text = text_of("docs/migration.md");
    let (_, table) = text.split_once("## Parameters of Connect-ExchangeOnline").expect("the heading");
    let rows = prose(table).take_while(|(_, line)| !line.starts_with("## ")).filter_map(|(_, line)| {
        let cells: Vec<&str> =
            line.strip_prefix("| `-").and(Some(line.trim_matches('|').split(" | ").collect()))?;
        Some((cells[0].to_owned(), cells.last()?.trim().to_owned()))
    });
    let named = rows.flat_map(|(names, said)| {
        let names: Vec<String> = parameters(&names).collect();
        names.into_iter().map(move |name| (name, said.clone()))
    });
    named.collect()
}

/// What the manual of scripts says of each parameter; its tables are those of the check.
fn in_scripts() -> BTreeMap<String, String> {
    let text = text_of("docs/runbook.md");
    let row = text.lines().find(|line| line.starts_with("| `Connect-ExchangeOnline`")).expect("its row");
    let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
    let of = |cell: &str, said: &'static str| {
        parameters(cell).map(move |name| (name, said.to_owned())).collect::<Vec<_>>()
    };
    of(cells[2], "yes").into_iter().chain(of(cells[3], "ignored")).collect()
}

#[test]
fn every_parameter_of_the_module_has_its_row_with_what_scripts_may_do() {
    let known = catalog::find("Connect-ExchangeOnline").expect("the cmdlet is in the catalogue");
    let in_scripts = in_scripts();
    let expected: BTreeMap<String, String> = known
        .parameters()
        .iter()
        .map(|parameter| {
            let name = parameter.name.to_owned();
            let said = in_scripts.get(&name).cloned().unwrap_or_else(|| "refused".to_owned());
            (name, said)
        })
        .collect();
    assert!(expected.len() > 30, "{expected:?}");
    assert_eq!(documented(), expected);
}
