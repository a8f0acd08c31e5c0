//! Scripts of the kind that people run, against the emulated tenant: what they print was written down before anything
//! could run them. `tests/scripts/README.md` says what the files beside a script mean.

#![cfg(feature = "emulator")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// All scripts, in the order of their names.
fn scripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of scripts can be read") {
            let path = entry.expect("an entry can be read").path();
            let is_part = path.extension().is_some_and(|end| end == "in" || end == "files");
            if path.is_dir() && !is_part {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "ps1") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The file beside a script, where there is one.
fn beside(script: &Path, end: &str) -> Option<String> {
    fs::read_to_string(script.with_extension(end)).ok()
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    let mut files: Vec<_> = entries.map(file).collect();
    files.sort();
    files
}

fn run(script: &Path, folder: &Path) -> Output {
    for (name, text) in files(&script.with_extension("in")) {
        fs::write(folder.join(name), text).expect("a file is laid there");
    }
    let emulate = match beside(script, "scenario") {
        Some(scenario) => format!("--emulate={}", scenario.trim()),
        None => "--emulate".to_owned(),
    };
    let arguments = beside(script, "args").unwrap_or_default();
    let mut command = Command::cargo_bin("exo-mi").expect("the program is built");
    command.current_dir(folder).env("TZ", "UTC").args(["run", &emulate]).arg(script).args(arguments.lines());
    command.output().expect("the program runs")
}

/// What a script did otherwise than was written down.
fn objections(script: &Path) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(script, folder.path());
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mut objections = Vec::new();
    let expected = beside(script, "out").unwrap_or_default();
    if out != expected {
        objections.push(format!("expected\n{expected}---- and it printed\n{out}----"));
    }
    for fragment in beside(script, "err").unwrap_or_default().lines().filter(|line| !err.contains(line)) {
        objections.push(format!("nothing says `{fragment}`"));
    }
    let exit: i32 = beside(script, "exit").map_or(0, |text| text.trim().parse().expect("a number"));
    if output.status.code() != Some(exit) {
        objections.push(format!("expected exit code {exit}, and not {:?}", output.status.code()));
    }
    let left = files(folder.path());
    for (name, text) in files(&script.with_extension("files")) {
        match left.iter().find(|(known, _)| *known == name) {
            Some((_, found)) if *found == text => {}
            Some((_, found)) => {
                objections.push(format!("{name}: expected\n{text}---- and it holds\n{found}----"));
            }
            None => objections.push(format!("there is no file {name}")),
        }
    }
    if !objections.is_empty() && !err.is_empty() {
        objections.push(format!("on standard error:\n{err}"));
    }
    objections
}

/// With `EXO_MI_SCRIPTS` only those whose path contains its text.
#[test]
fn scripts_do_what_was_written_down_before_they_were_run() {
    #[allow(clippy::disallowed_methods)] // Whoever runs the tests says it, and no test depends on it.
    let wanted = std::env::var("EXO_MI_SCRIPTS").unwrap_or_default();
    let scripts: Vec<PathBuf> =
        scripts().into_iter().filter(|script| script.to_string_lossy().contains(&wanted)).collect();
    let mut failed = Vec::new();
    for script in &scripts {
        let objections = objections(script);
        if !objections.is_empty() {
            failed.push(format!("==== {}\n{}", script.display(), objections.join("\n")));
        }
    }
    assert!(failed.is_empty(), "{} of {} scripts:\n{}", failed.len(), scripts.len(), failed.join("\n"));
    assert!(!wanted.is_empty() || scripts.len() >= 100, "only {} scripts", scripts.len());
}
