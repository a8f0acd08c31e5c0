//! Documents that can drift are tests: what they promise is compared with what there is.

#[path = "docs/book.rs"]
mod book;
#[cfg(feature = "emulator")]
#[path = "docs/command_line.rs"]
mod command_line;
#[cfg(feature = "emulator")]
#[path = "support/commands.rs"]
mod commands;
#[cfg(feature = "emulator")]
#[path = "docs/examples.rs"]
mod examples;
#[cfg(feature = "emulator")]
#[path = "support/grammar.rs"]
mod grammar;
#[cfg(feature = "emulator")]
#[path = "docs/markdown.rs"]
mod markdown;
#[cfg(feature = "emulator")]
#[path = "support/memory.rs"]
mod memory;
#[path = "docs/migration.rs"]
mod migration;
#[cfg(feature = "emulator")]
#[path = "docs/parsing.rs"]
mod parsing;
#[path = "docs/performance.rs"]
mod performance;
#[cfg(feature = "emulator")]
#[path = "docs/pictures.rs"]
mod pictures;
#[cfg(feature = "emulator")]
#[path = "docs/powershell.rs"]
mod powershell;
#[path = "docs/runbook.rs"]
mod runbook;
#[cfg(all(unix, feature = "emulator"))]
#[path = "docs/shell.rs"]
mod shell;
#[path = "docs/symptoms.rs"]
mod symptoms;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages for readers: those at the root and those of the book.
fn pages() -> Vec<(String, String)> {
    let is_page = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        is_markdown(path) && ["", "docs"].contains(&folder)
    };
    project_files().into_iter().filter(|(path, _)| is_page(path)).collect()
}

/// Every text file of the project, with its path from the root; what is built or generated is left out.
fn project_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files
}

fn walk(directory: &Path, found: &mut Vec<(String, String)>) {
    let entries = fs::read_dir(directory).expect("a directory of the project can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        let is_link = path.is_symlink();
        if path.is_dir() && !is_link {
            // A build directory says so itself, whatever it is called.
            if name != ".git" && !path.join("CACHEDIR.TAG").exists() {
                walk(&path, found);
            }
        } else if name != ".git"
            && let Ok(text) = fs::read_to_string(&path)
        {
            let relative = path.strip_prefix(root()).expect("a file of the project lies in it");
            found.push((relative.display().to_string().replace('\\', "/"), text));
        }
    }
}

/// The lines of a Markdown text outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let start = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|marker| start.starts_with(marker));
        match (fence, marker) {
            (None, Some(marker)) => fence = Some(marker),
            (Some(open), Some(marker)) if open == marker => fence = None,
            (None, None) => return Some((index + 1, line)),
            _ => {}
        }
        None
    })
}

/// The anchors of a Markdown text's headings, as GitHub forms them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        let title = line.trim_start_matches('#');
        let level = line.len() - title.len();
        if !(1..=6).contains(&level) || !title.starts_with(' ') {
            continue;
        }
        let slug = slug(title);
        let before = seen.entry(slug.clone()).or_default();
        anchors.insert(if *before == 0 { slug } else { format!("{slug}-{before}") });
        *before += 1;
    }
    anchors
}

/// Lower case, blanks to hyphens, and nothing but letters, digits, hyphens and underscores.
fn slug(title: &str) -> String {
    shown(title.trim().trim_end_matches('#').trim_end())
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A heading without the targets of its links, which are not part of what is shown.
fn shown(title: &str) -> String {
    let mut shown = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once("](") {
        shown.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    shown + rest
}

/// Every place of the form `docs/name.md#anchor` that a text names. An anchor that is put together at run time, as in
/// `docs/errors.md#{code}`, ends before it begins and is left to the room that does so.
fn named_anchors(text: &str) -> Vec<(String, String)> {
    text.match_indices("docs/")
        .filter_map(|(start, _)| {
            let (file, after) = text[start..].split_once('#')?;
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
            let anchor: String =
                after.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
            let markdown = Path::new(file).extension().is_some_and(|extension| extension == "md");
            (markdown && file.chars().all(is_name) && !anchor.is_empty()).then(|| (file.to_owned(), anchor))
        })
        .collect()
}

#[test]
fn every_anchor_that_the_program_names_exists() {
    let mut missing = Vec::new();
    for (path, text) in project_files().iter().filter(|(path, _)| path.starts_with("src/")) {
        for (file, anchor) in named_anchors(text) {
            let exists = root().join(&file).exists() && anchors(&text_of(&file)).contains(&anchor);
            if !exists {
                missing.push(format!("{path}: {file}#{anchor} leads nowhere"));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut missing = Vec::new();
    for (path, text) in project_files().iter().filter(|(path, _)| is_markdown(path)) {
        let directory = root().join(path).parent().expect("a file lies in a directory").to_owned();
        for (line, link) in links(text) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { root().join(path) } else { directory.join(file) };
            let reached = match fs::read_to_string(&target) {
                Ok(text) => anchor.is_empty() || anchors(&text).contains(anchor),
                // A folder or a picture.
                Err(_) => target.exists() && anchor.is_empty(),
            };
            if !reached {
                missing.push(format!("{path}:{line}: the link to {link} leads nowhere"));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "md") && !path.starts_with("fixtures/")
}

/// The targets of a text's links, but for those that leave the project and those in code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        for (index, piece) in line.split('`').enumerate() {
            let piece = if index % 2 == 0 { piece } else { "" };
            let targets = piece.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
            links.extend(targets.filter(|link| !link.contains(':')).map(|link| (number, link)));
        }
    }
    links
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = text_of("CHANGELOG.md");
    let version = concat!("## [", env!("CARGO_PKG_VERSION"), "]");
    let knows =
        changelog.lines().any(|line| line.starts_with(version) || line.starts_with("## [Unreleased]"));
    assert!(knows, "CHANGELOG.md has neither a heading `{version}` nor `## [Unreleased]`");
}

/// The tests that a document names, as `path/to/file.rs::name` in code.
fn named_tests(text: &str) -> Vec<(usize, &str, &str)> {
    let mut named = Vec::new();
    for (number, line) in prose(text) {
        for code in line.split('`').skip(1).step_by(2) {
            if let Some((file, name)) = code.split_once(".rs::") {
                named.push((number, &code[..file.len() + 3], name));
            }
        }
    }
    named
}

#[test]
fn every_test_that_a_document_names_exists() {
    for (path, least) in
        [("docs/testing.md", 60), ("docs/reliability.md", 7), ("docs/security.md", 40), ("docs/many.md", 3)]
    {
        assert_named_tests_exist(path, least);
    }
}

fn assert_named_tests_exist(path: &str, least: usize) {
    let document = text_of(path);
    let named = named_tests(&document);
    assert!(named.len() > least, "{path}: {} tests are named", named.len());
    let missing = named.into_iter().filter(|(_, file, name)| {
        let text = fs::read_to_string(root().join(file)).unwrap_or_default();
        let declaration = format!("fn {name}()");
        // The attributes stand between the declaration and the item before it.
        let is_test = |at: usize| {
            let attributes = text[..at].rsplit_once('}').map_or(&text[..at], |(_, after)| after);
            ["#[test]", "#[tokio::test]"].iter().any(|attribute| attributes.contains(attribute))
        };
        !text.match_indices(&declaration).any(|(at, _)| is_test(at))
    });
    let missing: Vec<String> =
        missing.map(|(line, file, name)| format!("{path}:{line}: {file} has no test `{name}`")).collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// The rows of the tables whose last column is `shown by`, with that cell.
fn promises(text: &str) -> Vec<(usize, &str)> {
    let mut is_of_promises = false;
    let rows = prose(text).filter_map(|(number, line)| {
        let row = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"));
        let Some(last) = row.and_then(|row| row.rsplit(" | ").next()) else {
            is_of_promises &= line.starts_with("|---");
            return None;
        };
        let is_head = last == "shown by";
        is_of_promises |= is_head;
        (is_of_promises && !is_head).then_some((number, last))
    });
    rows.collect()
}

#[test]
fn every_promise_of_security_names_its_test() {
    let document = text_of("docs/security.md");
    let promises = promises(&document);
    assert!(promises.len() > 20, "{promises:?}");
    let named: BTreeSet<usize> = named_tests(&document).into_iter().map(|(line, ..)| line).collect();
    let mute: Vec<_> = promises.into_iter().filter(|(line, _)| !named.contains(line)).collect();
    assert!(mute.is_empty(), "docs/security.md: no test is named by {mute:?}");
}

#[test]
fn promises_are_the_rows_of_their_tables_alone() {
    let text = "| a | b |\n|---|---|\n| x | y |\n\n| promise | shown by |\n|---|---|\n| x | `t` |\n| z | |\n\n| a | b |\n";
    assert_eq!(promises(text).into_iter().map(|(line, _)| line).collect::<Vec<_>>(), [7, 8]);
}

/// Whether a line runs cargo in a way that could choose other versions than those of `Cargo.lock`.
fn is_unlocked(line: &str) -> bool {
    let commands = ["build", "run", "test", "clippy", "check", "doc", "bench", "install", "deny", "metadata"];
    let chooses = |after: &str| {
        let mut words = after.split_whitespace().filter(|word| !word.starts_with(['+', '"']));
        let command = words.next().unwrap_or_default().trim_end_matches(['`', ',', '.', ')']);
        commands.contains(&command) && !after.contains("--locked") && !after.contains("--version 2")
    };
    line.split("cargo ").skip(1).any(|after| chooses(after) && !after.contains(" --version |"))
}

#[test]
fn every_command_builds_what_the_lock_file_says() {
    let is_of_commands = |path: &str| {
        [".ci/run", "justfile", "CONTRIBUTING.md", "README.md", "SECURITY.md"].contains(&path)
            || path.starts_with(".github/")
            || path.starts_with("docs/")
    };
    let mut unlocked = Vec::new();
    for (path, text) in project_files().iter().filter(|(path, _)| is_of_commands(path)) {
        let lines = text.lines().enumerate().filter(|(_, line)| is_unlocked(line));
        unlocked.extend(lines.map(|(at, line)| format!("{path}:{}: {}", at + 1, line.trim())));
    }
    unlocked.retain(|line| !line.contains("clippy --version") && !line.contains("/^cargo run /"));
    assert!(unlocked.is_empty(), "without --locked:\n{}\n", unlocked.join("\n"));
    assert!(
        is_unlocked("cargo test") && is_unlocked("`cargo +nightly build`, and") && !is_unlocked("cargo fmt")
    );
}

#[test]
fn every_case_of_the_official_libraries_that_concerns_us_has_its_row() {
    let document = text_of("docs/testing.md");
    let cases: Vec<u32> = prose(&document)
        .filter_map(|(_, line)| line.strip_prefix("| ")?.split(" | ").next()?.parse().ok())
        .collect();
    assert_eq!(cases, (1..=82).collect::<Vec<u32>>());
}

/// The crates that `Cargo.toml` names itself, of every kind.
fn direct_dependencies(manifest: &str) -> BTreeSet<String> {
    let mut dependencies = BTreeSet::new();
    let mut in_table = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            in_table = header.ends_with("dependencies");
            if let Some((_, name)) = header.split_once("dependencies.") {
                dependencies.insert(name.trim_matches('"').to_owned());
            }
        } else if let (true, Some((name, _))) = (in_table && !line.starts_with('#'), line.split_once('=')) {
            let name = name.trim().split('.').next().unwrap_or_default();
            dependencies.insert(name.trim_matches('"').to_owned());
        }
    }
    dependencies
}

#[test]
fn every_dependency_has_its_reason_written_down() {
    let document = text_of("docs/dependencies.md");
    let documented: BTreeSet<String> = prose(&document)
        .filter_map(|(_, line)| {
            let (name, after) = line.strip_prefix("| `")?.split_once("` | ")?;
            // A row with a version is one of a crate; other tables are about features.
            after.starts_with(|first: char| first.is_ascii_digit()).then(|| name.to_owned())
        })
        .collect();
    let used = direct_dependencies(&text_of("Cargo.toml"));
    let difference = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
    let (silent, stale) = (difference(&used, &documented), difference(&documented, &used));
    assert!(silent.is_empty(), "docs/dependencies.md has no row for {silent:?}, which Cargo.toml names");
    assert!(stale.is_empty(), "docs/dependencies.md has a row for {stale:?}, which Cargo.toml does not name");
}

/// Paths of the machine that a file was written on; put together here, so that this file does not hold them.
fn foreign_paths() -> [String; 2] {
    [["..", "shared"].join("/"), ["", "work", ""].join("/")]
}

/// The first path in a text that only its author has. A path that merely ends alike is none.
fn foreign_path(text: &str) -> Option<(usize, String)> {
    text.lines().enumerate().find_map(|(index, line)| {
        let found = foreign_paths().into_iter().find(|path| {
            line.match_indices(path.as_str())
                .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')))
        });
        found.map(|path| (index + 1, path))
    })
}

#[test]
fn no_file_names_a_path_that_only_its_author_has() {
    let named = project_files().into_iter().filter_map(|(path, text)| {
        let (line, found) = foreign_path(&text)?;
        Some(format!("{path}:{line}: names `{found}`"))
    });
    let named: Vec<String> = named.collect();
    assert!(named.is_empty(), "\n{}\n", named.join("\n"));
}

#[test]
fn anchors_are_formed_as_github_forms_them() {
    let text = "# What `exo-mi` prints: stdout, stderr & exit\n## A [link](to.md) inside\n### Exit 3\n\
                ```sh\n# no heading\n```\n### Exit 3\n#no heading\n## Über_uns ##\n";
    let expected =
        ["what-exo-mi-prints-stdout-stderr--exit", "a-link-inside", "exit-3", "exit-3-1", "über_uns"];
    assert_eq!(anchors(text), expected.map(str::to_owned).into());
}

#[test]
fn anchors_are_found_in_code() {
    let text = "hint(\"docs/errors.md#role-missing\"); // see docs/cli.md, or docs/cli.md#{code}";
    assert_eq!(named_anchors(text), [("docs/errors.md".to_owned(), "role-missing".to_owned())]);
}

#[test]
fn named_tests_are_found_in_code_alone() {
    let text =
        "src/a.rs::none and `src/a.rs::one`, `tests/b.rs::two`; `src/c.rs`\n```\n`src/d.rs::three`\n```\n";
    assert_eq!(named_tests(text), [(1, "src/a.rs", "one"), (1, "tests/b.rs", "two")]);
}

#[test]
fn dependencies_are_found_in_every_form() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na = \"1\"\n# c = \"1\"\nb.workspace = true\n\
                    [target.'cfg(unix)'.dependencies]\nd = { version = \"1\" }\n[dev-dependencies.e]\nversion = \"1\"\n\
                    [features]\nf = []\n";
    assert_eq!(direct_dependencies(manifest), ["a", "b", "d", "e"].map(str::to_owned).into());
}

#[test]
fn foreign_paths_are_found_and_their_likes_are_not() {
    let [shared, work] = foreign_paths();
    for text in [format!("see {shared}/facts"), format!("`{work}x`"), format!("..{work}x")] {
        assert!(foreign_path(&text).is_some(), "{text}");
    }
    for text in [format!("/home/vsts{work}1"), "some/workshop/".to_owned(), "../shares".to_owned()] {
        assert_eq!(foreign_path(&text), None, "{text}");
    }
}
