//! `docs/cli.md` and `docs/emulator.md` name what the program has, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use exo_mi::emulator::Scenario;
use exo_mi::exit::Exit;

use super::commands;
use super::examples::run;
use super::{pages, project_files, prose, text_of};

/// All commands, the most common first.
pub(crate) static COMMANDS: LazyLock<Vec<String>> = LazyLock::new(|| commands::listed(&help("")));

/// The text of `--help`, which the options are read from.
fn help(command: &str) -> String {
    let words: Vec<String> =
        format!("exo-mi {command} --help").split_whitespace().map(str::to_owned).collect();
    let (exit, stdout, stderr) = run(&words, &[]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    stdout
}

/// The long options of a help text, each with what is said of it on one line.
fn options(help: &str) -> BTreeMap<String, String> {
    let mut options: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in help.lines().skip_while(|line| *line != "Options:").skip(1) {
        if !line.is_empty() && !line.starts_with(' ') {
            break;
        }
        let named = line.trim_start().starts_with('-').then(|| long_names(line).next()).flatten();
        if named.is_some() && !line.contains(" - ") {
            current = named;
        }
        if let Some(name) = &current {
            let text = options.entry(name.clone()).or_default();
            text.push_str(line.trim());
            text.push(' ');
        }
    }
    options
}

/// The long options that a text names, without their hyphens.
pub(crate) fn long_names(text: &str) -> impl Iterator<Item = String> + '_ {
    text.match_indices("--").filter_map(|(at, _)| {
        let begins = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let name: String =
            text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        (begins && name.starts_with(|c: char| c.is_ascii_lowercase())).then_some(name)
    })
}

/// What a help text says in brackets after a word: `[default: 5]`.
fn bracketed<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (_, after) = text.split_once(&format!("[{word}: "))?;
    after.split_once(']').map(|(inside, _)| inside)
}

/// The rows of the tables under a heading and the headings beneath it, by their first cell.
fn rows<'t>(text: &'t str, heading: &str) -> Vec<Vec<&'t str>> {
    let level = heading.len() - heading.trim_start_matches('#').len();
    let mut inside = false;
    let mut rows = Vec::new();
    for (_, line) in prose(text) {
        let depth = line.len() - line.trim_start_matches('#').len();
        if (1..=level).contains(&depth) {
            inside = line == heading;
        } else if inside && line.starts_with("| `") {
            rows.push(line.trim_matches('|').split('|').map(str::trim).collect());
        }
    }
    assert!(!rows.is_empty(), "there is no table under `{heading}`");
    rows
}

#[test]
fn every_option_stands_in_its_table_with_its_variables_and_its_default() {
    let text = text_of("docs/cli.md");
    let own = |command: &str| {
        let shared = options(&help(""));
        let mut own = options(&help(command));
        own.retain(|name, _| !shared.contains_key(name));
        own
    };
    for (heading, expected) in [
        ("## Options of connect", own("connect")),
        ("## Options of every command", options(&help(""))),
        ("## Options of run", {
            let connect = options(&help("connect"));
            let mut own = own("run");
            own.retain(|name, _| !connect.contains_key(name));
            own
        }),
        ("## Options of doctor", {
            let connect = options(&help("connect"));
            let mut own = own("doctor");
            own.retain(|name, _| !connect.contains_key(name));
            own
        }),
        ("## Options of whoami and token", {
            let (connect, whoami) = (options(&help("connect")), options(&help("whoami")));
            let mut own = own("token");
            own.extend(whoami);
            own.retain(|name, _| !connect.contains_key(name));
            own
        }),
        ("## Options of cmdlets", {
            // What connects is told of once.
            let connect = options(&help("connect"));
            let mut own = own("cmdlets");
            own.retain(|name, _| name == "output" || !connect.contains_key(name));
            own
        }),
        ("## Options of explain", own("explain")),
        ("## Options of grant", own("grant")),
        ("## Options of emulate", own("emulate")),
        ("## Completions and the manual", own("man")),
    ] {
        let rows = rows(&text, heading);
        for (name, said) in &expected {
            let row = rows.iter().find(|row| long_names(row[0]).any(|named| named == *name));
            let row = row.unwrap_or_else(|| panic!("docs/cli.md, {heading}: no row for --{name}"));
            for variable in bracketed(said, "env").into_iter().flat_map(|names| names.split(", ")) {
                assert!(row[1].contains(&format!("`{variable}`")), "--{name}: {variable} is not in its row");
            }
            if let Some(default) = bracketed(said, "default") {
                // The default of a file is told in more words.
                let first = default.split(',').next().unwrap_or_default();
                assert!(
                    row[2].contains(first),
                    "--{name}: the default is {default}, the row says {}",
                    row[2]
                );
            }
        }
        let documented = rows.iter().filter_map(|row| long_names(row[0]).next());
        let unknown: Vec<String> = documented.filter(|name| !expected.contains_key(name)).collect();
        assert!(unknown.is_empty(), "docs/cli.md, {heading}: there is no {unknown:?}");
    }
}

/// Parameters of cmdlets in the style of other programs, which look like options, and an option of cargo where a line ends
/// between the two.
const PARAMETERS: [&str; 3] = ["identity", "result-size", "locked"];

#[test]
fn no_option_is_named_that_the_program_does_not_know() {
    // These speak of the options of other programs as well: of what builds, tests and measures.
    let is_for_users =
        |path: &str| !["CONTRIBUTING.md", "docs/testing.md", "docs/performance.md"].contains(&path);
    for (path, text) in pages().into_iter().filter(|(path, _)| is_for_users(path)) {
        for (line, span) in spans(&text) {
            if ["az ", "curl ", "git ", "cargo "].iter().any(|program| span.starts_with(program)) {
                continue;
            }
            for name in long_names(span).filter(|name| !PARAMETERS.contains(&name.as_str())) {
                assert!(is_known(&name), "{path}:{line}: there is no option --{name}");
            }
        }
    }
}

/// What stands between backticks in a document.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    prose(text).flat_map(|(number, line)| {
        line.split('`').enumerate().filter(|(index, _)| index % 2 == 1).map(move |(_, span)| (number, span))
    })
}

/// Whether the program complains of the option's value, or of something else than the option: hidden names count too.
pub(crate) fn is_known(name: &str) -> bool {
    // No option takes this value, and no organization is named, so that nothing is ever sent or served.
    let value = format!("--{name}=\0");
    COMMANDS.iter().map(String::as_str).chain([""]).any(|command| {
        let words = ["exo-mi", command, &value].into_iter().filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        let (exit, _, complaint) = run(&words, &[]);
        exit != 0 && !complaint.contains("there is no option") && !complaint.contains("unexpected argument")
    })
}

#[test]
fn every_variable_that_the_program_reads_is_in_the_table_and_no_other() {
    let text = text_of("docs/environment.md");
    let documented: BTreeSet<String> = rows(&text, "# Environment variables")
        .iter()
        .flat_map(|row| row[0].split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(documented, variables_in_source());
}

/// Names of variables in the code outside of tests: literals that look like one, and whatever the environment is asked
/// for by a literal.
fn variables_in_source() -> BTreeSet<String> {
    // A word in a command that the user replaces, and variables of the build.
    const OTHERS: [&str; 3] = ["OBJECT_ID", "CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR"];
    let mut found = BTreeSet::new();
    // The emulator sets variables for others and reads none.
    let client = |path: &str| path.starts_with("src/") && !path.starts_with("src/emulator/");
    for (_, text) in project_files().iter().filter(|(path, _)| client(path)) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines {
            let pieces: Vec<&str> = line.split('"').collect();
            for (index, literal) in pieces.iter().enumerate().skip(1).step_by(2) {
                let asked = [".var(", ".has("].iter().any(|call| pieces[index - 1].ends_with(call));
                let shouts = literal.contains('_')
                    && literal.starts_with(|c: char| c.is_ascii_uppercase())
                    && literal.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                let spelled = *literal == "https_proxy";
                if (asked || shouts || spelled) && !OTHERS.contains(literal) {
                    found.insert((*literal).to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn the_roles_are_those_that_the_program_accepts() {
    use exo_mi::knowledge::{APP_ROLE_ID, DIRECTORY_ROLES, EXCHANGE_APP_ID, LOOK_ALIKES};

    let text = text_of("docs/permissions.md");
    let roles = DIRECTORY_ROLES.map(|role| format!("| {} | `{}` | ", role.name, role.id));
    let listed: Vec<&str> =
        text.lines().filter(|line| roles.iter().any(|row| line.starts_with(row))).collect();
    assert_eq!(listed.len(), roles.len(), "{listed:?}");
    for needed in [APP_ROLE_ID, EXCHANGE_APP_ID].iter().chain(&LOOK_ALIKES) {
        assert!(text.contains(needed), "docs/permissions.md does not name {needed}");
    }
}

#[test]
fn every_exit_code_is_in_the_table_with_its_kind() {
    let text = text_of("docs/exit-codes.md");
    for exit in Exit::ALL {
        let row = format!("| {} | `{}` | ", exit.code(), exit.kind());
        assert!(text.lines().any(|line| line.starts_with(&row)), "docs/exit-codes.md has no row `{row}`");
    }
}

#[test]
fn every_scenario_is_in_the_table_with_its_description() {
    let text = text_of("docs/emulator.md");
    let documented: Vec<(String, String)> = rows(&text, "## Scenarios")
        .iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), row[1].to_owned()))
        .collect();
    let scenarios: Vec<(String, String)> =
        Scenario::ALL.iter().map(|it| (it.name().to_owned(), it.description().to_owned())).collect();
    assert_eq!(documented, scenarios);
}
