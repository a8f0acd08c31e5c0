//! Holds the layout of `src/` to one table: which room may know which other.
//!
//! Every path is read with its meaning and not only in `use` lines: in expressions, types, attributes and the tokens
//! of macro calls, with `super` followed to where it leads. What stands under `#[cfg(test)]`, or is compiled for
//! fuzzing besides, may name anything.
//! `docs/architecture.md` shows the same table to readers; a test here keeps the two the same.

#[path = "architecture/paths.rs"]
mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use paths::{Mention, Source, read};

/// The rooms, and what each of them may import. A new room gets a row here and in `docs/architecture.md`.
const ROOMS: &[(&str, &str)] = &[
    ("main", "run, world"),
    ("run", "everything"),
    (
        "cli",
        "session, doctor, script, language, types of identity, types of exchange, types of graph, types of http, render, catalog, value, knowledge, failure, emulator, leaves",
    ),
    (
        "doctor",
        "session, types of identity, types of exchange, http, failure, render, catalog, value, leaves",
    ),
    (
        "failure",
        "types of session, types of identity, types of exchange, types of graph, http, render, leaves",
    ),
    ("session", "identity, exchange, http, value, leaves"),
    ("identity", "http, leaves"),
    ("exchange", "http, catalog, value, leaves"),
    ("graph", "http, leaves"),
    ("http", "clock, env, secret, stop"),
    ("render", "value, catalog"),
    ("emulator", "clock, env, secret, exit"),
    ("catalog", "nothing"),
    ("script", "language, value, catalog, render, exit"),
    ("language", "nothing"),
    ("value", "nothing"),
    ("clock", "leaves"),
    ("env", "leaves"),
    ("exit", "leaves"),
    ("knowledge", "leaves"),
    ("secret", "leaves"),
    ("stop", "leaves"),
    ("token", "leaves"),
    ("world", "leaves"),
];

/// The rooms that stand at the bottom.
const LEAVES: &[&str] = &["clock", "env", "exit", "knowledge", "secret", "stop", "token", "world"];

/// A source file longer than this, its tests not counted, wants to be two.
const LONGEST_FILE: usize = 400;

/// Names that say nothing about what a module holds.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "types", "misc"];

/// How a room may know another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knows {
    Everything,
    Types,
    Nothing,
}

/// What a row of the table says about one other room.
fn knows(row: &str, other: &str) -> Knows {
    let entry = row.split(", ").find_map(|entry| match entry {
        "everything" => Some(Knows::Everything),
        "leaves" if LEAVES.contains(&other) => Some(Knows::Everything),
        entry if entry == other => Some(Knows::Everything),
        entry if entry.strip_prefix("types of ") == Some(other) => Some(Knows::Types),
        _ => None,
    });
    entry.unwrap_or(Knows::Nothing)
}

fn row(room: &str) -> Option<&'static str> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, row)| *row)
}

/// Why a path may not stand in a room; `None` where it may.
fn objection(room: &str, mention: &Mention) -> Option<String> {
    let Some(other) = mention.absolute.first() else {
        return Some("names the root of the crate, behind which every room hides: name the room".to_owned());
    };
    if other == room {
        return None;
    }
    let Some(row) = row(room) else { return Some(unknown(room)) };
    if self::row(other).is_none() {
        return Some(unknown(other));
    }
    if mention.handed_on && (mention.absolute.len() == 1 || mention.glob && mention.absolute.len() < 3) {
        return Some(format!("hands on the room `{other}` under another name: whoever needs it names it"));
    }
    let names_a_type =
        mention.absolute[1..].iter().any(|segment| segment.starts_with(|first: char| first.is_uppercase()));
    match knows(row, other) {
        Knows::Everything => None,
        Knows::Types if names_a_type => None,
        Knows::Types => Some(format!("`{room}` may name types of `{other}`, not its functions or modules")),
        Knows::Nothing => Some(format!("`{room}` may not import `{other}`; it may import: {row}")),
    }
}

fn unknown(room: &str) -> String {
    format!(
        "`{room}` is no known room: if it is a new one, give it a row in ROOMS of tests/architecture.rs and in the \
         table of docs/architecture.md; if it is a macro or a re-export, name it through its room"
    )
}

/// One file of `src/`.
struct File {
    path: String,
    room: String,
    text: String,
    source: Source,
}

/// Every file of `src/` that is not a test as a whole.
fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&src, &mut paths);
    let mut files = Vec::new();
    let mut test_modules: Vec<Vec<String>> = Vec::new();
    for path in paths {
        let relative = path.strip_prefix(&src).expect("a file of src lies in src");
        let module = module_of(relative);
        let text = fs::read_to_string(&path).expect("a source file is text");
        let source = read(&text, &module).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        test_modules.extend(source.test_modules.iter().cloned());
        let room = module.first().map_or("lib", String::as_str).to_owned();
        let path = format!("src/{}", relative.display()).replace('\\', "/");
        files.push((module, File { path, room, text, source }));
    }
    files.retain(|(module, _)| !test_modules.iter().any(|test| module.starts_with(test)));
    assert!(!files.is_empty(), "there is no source file in {}", src.display());
    files.into_iter().map(|(_, file)| file).collect()
}

/// The module that a file is, from the root of the crate; the binary counts as a room of its own.
fn module_of(relative: &Path) -> Vec<String> {
    let mut module: Vec<String> =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    module
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).expect("a directory of src can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What is wrong with a text that stands in a module, a line each.
fn objections(path: &str, room: &str, source: &Source) -> Vec<String> {
    let faults = source.faults.iter().map(|(line, reason)| format!("{path}:{line}: {reason}"));
    let forbidden = source.mentions.iter().filter_map(|mention| {
        let reason = objection(room, mention)?;
        Some(format!("{path}:{}: `{}`: {reason}", mention.line, mention.written))
    });
    faults.chain(forbidden).collect()
}

fn assert_none(objections: &[String]) {
    assert!(objections.is_empty(), "\n{}\n", objections.join("\n"));
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let files = files();
    let in_rooms = files.iter().filter(|file| file.room != "lib");
    assert_none(&in_rooms.flat_map(|f| objections(&f.path, &f.room, &f.source)).collect::<Vec<_>>());
}

#[test]
fn every_file_stands_in_a_known_room() {
    let files = files();
    let unknown = files.iter().filter(|file| file.room != "lib" && row(&file.room).is_none());
    assert_none(
        &unknown.map(|file| format!("{}: {}", file.path, self::unknown(&file.room))).collect::<Vec<_>>(),
    );
}

#[test]
fn rooms_do_not_import_each_other_in_a_circle() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files().into_iter().filter(|file| file.room != "lib") {
        let others = file.source.mentions.iter().filter_map(|mention| mention.absolute.first().cloned());
        let others = others.filter(|other| *other != file.room);
        imports.entry(file.room.clone()).or_default().extend(others);
    }
    // Take away rooms that import none of those that are left, until none goes any more: what stays is a circle.
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        imports.retain(|_, others| others.iter().any(|other| left.contains(other)));
        if imports.len() == left.len() {
            break;
        }
    }
    assert!(imports.is_empty(), "these rooms import each other in a circle, or rooms that do: {imports:?}");
}

#[test]
fn the_root_of_the_library_holds_modules_and_nothing_else() {
    let files = files();
    let root = files.iter().find(|file| file.path == "src/lib.rs").expect("src/lib.rs exists");
    assert!(!root.source.has_code, "src/lib.rs declares modules and re-exports; code stands in a room");
    assert_none(
        &root.source.faults.iter().map(|(line, why)| format!("src/lib.rs:{line}: {why}")).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_is_too_long() {
    let too_long = files().into_iter().filter_map(|file| {
        let lines = file.text.lines().count() - file.source.test_lines.len();
        let reason = "lines without its tests: make two of it";
        (lines > LONGEST_FILE).then(|| format!("{}: {lines} {reason}", file.path))
    });
    assert_none(&too_long.collect::<Vec<_>>());
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let mut objections = Vec::new();
    for file in files() {
        for (line, name) in &file.source.modules {
            if EMPTY_NAMES.contains(&name.as_str()) {
                objections.push(format!("{}:{line}: `{name}` does not say what the module holds", file.path));
            }
        }
    }
    assert_none(&objections);
}

/// What a process starts could be given a secret, as an argument or in its environment.
#[test]
fn nothing_is_ever_started() {
    let starts = |line: &str| {
        let harmless = |rest: &str| ["::ExitCode", "::exit(", "::id()"].iter().any(|it| rest.starts_with(it));
        let of_the_library = line.split("std::process").skip(1).any(|rest| !harmless(rest));
        of_the_library || line.contains("tokio::process") || line.contains("process::Command")
    };
    assert!(starts("use std::process::{self, ExitCode};") && starts("tokio::process::Command::new(x)"));
    assert!(!starts("use std::process::ExitCode;"));
    let lines = |file: File| {
        let lines: Vec<_> =
            file.text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect();
        lines.into_iter().map(move |(at, line)| (format!("{}:{at}", file.path), line))
    };
    let started = files().into_iter().flat_map(lines).filter(|(_, line)| starts(line));
    assert_none(&started.map(|(place, line)| format!("{place}: {line}")).collect::<Vec<_>>());
}

#[test]
fn the_table_keeps_the_promises_that_tests_and_readers_rely_on() {
    let knows = |room, other| knows(row(room).expect("the room is in the table"), other);
    for other in ROOMS.iter().map(|(name, _)| *name) {
        assert_eq!(knows("catalog", other), Knows::Nothing, "the catalogue is data");
        assert_eq!(knows("value", other), Knows::Nothing, "rows know neither their source nor their use");
        for leaf in LEAVES {
            assert!(knows(leaf, other) == Knows::Nothing || LEAVES.contains(&other), "{leaf} is a leaf");
        }
    }
    for other in ["http", "identity", "exchange", "session", "token", "knowledge"] {
        assert_eq!(knows("emulator", other), Knows::Nothing, "else tests against it prove nothing");
    }
    assert_eq!(knows("identity", "exchange"), Knows::Nothing);
    assert_eq!(knows("exchange", "identity"), Knows::Nothing);
    assert_eq!(knows("render", "http"), Knows::Nothing);
    assert_eq!(knows("cli", "http"), Knows::Types, "a command makes no requests of its own");
}

#[test]
fn the_document_shows_this_very_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(path).expect("docs/architecture.md exists");
    let shown: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.to_owned()))
        })
        .collect();
    let meant: Vec<(String, String)> =
        ROOMS.iter().map(|(room, row)| ((*room).to_owned(), (*row).to_owned())).collect();
    assert_eq!(shown, meant, "the table of docs/architecture.md differs from ROOMS in tests/architecture.rs");
}

/// The objections to a snippet that stands in a module such as `render::table`.
fn judge(module: &str, text: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    objections("snippet", &module[0], &read(text, &module).expect("the snippet is Rust"))
}

#[track_caller]
fn assert_caught(module: &str, text: &str, reason: &str) {
    let objections = judge(module, text);
    assert!(objections.len() == 1 && objections[0].contains(reason), "{text}: {objections:?}");
}

const FORBIDDEN: &str = "`render` may not import `http`";

#[test]
fn a_forbidden_import_is_caught_wherever_it_stands() {
    for text in [
        "use crate::http::Request;",
        "use crate::{value::Row, http::{Request}};",
        "use crate::http as web;",
        "pub(crate) use crate::http::Request;",
        "use ::exo_mi::http::Request;",
        "fn f() { use crate::http::Request; }",
        "fn f() { crate::http::send(); }",
        "fn f() { if let Some(x) = y && x > crate::http::LIMIT { } }",
        "fn f(request: &crate::http::Request) {}",
        "struct S { field: Vec<Option<crate::http::Request>> }",
        "impl crate::http::Send for S {}",
        "fn f<T: crate::http::Send>() {}",
        "fn f() { match x { crate::http::Status::Ok => (), _ => () } }",
        "fn f() { println!(\"{}\", crate::http::LIMIT); }",
        "fn f() { vec![Some((crate::http::LIMIT, 1))] }",
        "fn f() { tokio::select! { reply = crate::http::send() => {} } }",
        "fn f() { crate::http::retry!(1); }",
        "macro_rules! m { ($x:expr) => { $crate::http::send($x) }; }",
        "thing! { use crate::{value::Row, http::Request}; }",
        "#[derive(Serialize)] struct S { #[serde(with = \"crate::http::text\")] field: u8 }",
        "#[arg(value_parser = crate::http::parse)] struct S;",
        "#[cfg(not(test))] use crate::http::Request;",
        "#[cfg(any(test, feature = \"emulator\"))] use crate::http::Request;",
        "mod inner { fn f() { crate::http::send(); } }",
    ] {
        assert_caught("render", text, FORBIDDEN);
    }
}

#[test]
fn super_is_followed_to_where_it_leads() {
    for (module, text) in [
        ("render", "use super::http::Request;"),
        ("render::table", "use super::super::http::Request;"),
        ("render::table", "use super::{super::http::Request};"),
        ("render::table", "use self::super::super::http::Request;"),
        ("render::table", "fn f() { super::super::http::send(); }"),
        ("render::table", "fn f() { println!(\"{}\", super::super::http::LIMIT); }"),
        ("render::table", "mod inner { use super::super::super::http::Request; }"),
        ("render::table", "fn f() { mod inner { use super::super::super::http::Request; } }"),
    ] {
        assert_caught(module, text, FORBIDDEN);
    }
    assert_none(&judge(
        "render::table",
        "use super::{cell::Cell, *}; use super::super::value::Row; use self::x::*;",
    ));
}

#[test]
fn the_root_of_the_crate_is_no_hiding_place() {
    for (module, text) in [
        ("render", "use crate::*;"),
        ("render", "use crate::{self as root};"),
        ("render", "use super::*;"),
        ("render::table", "use super::super as root;"),
        ("render::table", "use super::super::*;"),
        ("render", "use exo_mi as root;"),
    ] {
        assert_caught(module, text, "names the root of the crate");
    }
    assert_caught("render", "extern crate self as me;", "second name");
    assert_caught("render", "#[path = \"../http/mod.rs\"] mod web;", "#[path]");
    assert_caught("render", "include!(\"../http/mod.rs\");", "include!");
    assert_caught("session", "pub use crate::identity;", "hands on the room");
    assert_caught("session", "pub(crate) use crate::identity::*;", "hands on the room");
}

#[test]
fn what_exists_in_tests_alone_may_name_anything() {
    for text in [
        "#[cfg(test)] mod tests { use crate::http::Request; use super::super::*; }",
        "#[cfg(all(test, feature = \"emulator\"))] mod tests { use crate::emulator::Scenario; }",
        "#[cfg(test)] fn f() { crate::http::send(); }",
        "#[cfg(any(test, fuzzing))] fn f() { crate::http::send(); }",
        "struct S; impl S { #[cfg(test)] fn f() { crate::http::send(); } }",
        "#![cfg(test)] use crate::http::Request;",
    ] {
        assert_none(&judge("render", text));
    }
    let source =
        read("fn f() {}\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n", &["render".into()]).unwrap();
    assert_eq!(source.test_lines, BTreeSet::from([2, 3, 4, 5]));
}

#[test]
fn a_room_that_may_name_types_alone_names_no_functions() {
    assert_none(&judge(
        "cli",
        "use crate::identity::{Selector, answer::Answer}; use crate::exchange::Cmdlet;",
    ));
    assert_caught("cli", "use crate::identity::detect;", "may name types of `identity`");
    assert_caught("cli", "use crate::exchange;", "may name types of `exchange`");
}

#[test]
fn an_unknown_room_is_told_where_to_be_added() {
    assert_caught("render", "use crate::attic::Box;", "tests/architecture.rs");
    assert_caught("attic", "use crate::http::Request;", "docs/architecture.md");
}

#[test]
fn comments_and_texts_are_no_imports() {
    let text = "//! See [`crate::http`].\n/// As `crate::http::Request`.\nfn f() -> &'static str { \"crate::http\" }";
    assert_none(&judge("render", text));
}
