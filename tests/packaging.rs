//! What is packaged with the program: the jobs of schedulers are commands, which print nothing where all goes well, and the
//! workflow that releases runs nothing that could change beneath it.

#![cfg(all(unix, feature = "emulator"))]

use std::path::Path;
use std::process::Command;

fn text_of(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The value of a line such as `ExecStart=…`.
fn value<'t>(text: &'t str, name: &str) -> &'t str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("there is no {name}="))
}

/// Runs a job against the emulator, in a folder of its own in the place of those that it names. What it writes is there
/// afterwards, and it prints nothing.
fn run(job: &str, folders: &[&str]) {
    let place = tempfile::tempdir().expect("a folder");
    let here = |text: &str| {
        let moved =
            |text: String, folder: &&str| text.replace(folder, &format!("{}/", place.path().display()));
        folders.iter().fold(text.to_owned(), moved)
    };
    let words: Vec<String> = job.split_whitespace().map(here).collect();
    let (program, rest) = words.split_first().expect("a program");
    assert!(program.ends_with("/exo-mi") || program.ends_with(r"\exo-mi.exe"), "{program}");
    let (command, rest) = rest.split_first().expect("a command");
    // Nobody waits here, and nobody has a tenant.
    let rest = rest.iter().map(|word| if word == "10m" { "1ms" } else { word });
    let output = Command::new(env!("CARGO_BIN_EXE_exo-mi"))
        .arg(command)
        .arg("--emulate")
        .args(rest)
        .env_clear()
        .env("EXO_MI_ORG", "contoso.onmicrosoft.com")
        .current_dir(place.path())
        .output()
        .expect("it runs");
    let printed = [output.stdout, output.stderr].concat();
    assert_eq!(output.status.code(), Some(0), "{job}: {}", String::from_utf8_lossy(&printed));
    assert!(printed.is_empty(), "{job}: {}", String::from_utf8_lossy(&printed));
    let written = std::fs::read_to_string(place.path().join("mailboxes.csv")).expect("a file");
    assert!(written.lines().count() > 2, "{written}");
}

#[test]
fn the_job_of_systemd_writes_its_file_and_prints_nothing() {
    let (unit, job) =
        (text_of("packaging/systemd/exo-mi@.service"), text_of("packaging/systemd/mailboxes.env"));
    let command = value(&unit, "Environment").trim_start_matches("COMMAND=");
    let line = value(&unit, "ExecStart").replace("$COMMAND", command);
    let line = line.replace("$ARGUMENTS", value(&job, "ARGUMENTS"));
    assert!(!line.replace("${RUNTIME_DIRECTORY}", "").contains('$'), "{line}");
    run(&line, &["${RUNTIME_DIRECTORY}/"]);
}

#[test]
fn the_job_of_cron_writes_its_file_and_prints_nothing() {
    let text = text_of("packaging/cron/exo-mi");
    let job = text.lines().find(|line| line.starts_with(|c: char| c.is_ascii_digit())).expect("a job");
    assert!(!job.contains('%'), "cron would end the line there: {job}");
    let mut fields = job.splitn(7, ' ');
    assert_eq!(fields.nth(5), Some("exo-mi"), "the user");
    run(fields.next().expect("a command"), &["/var/lib/exo-mi/"]);
}

#[test]
fn the_task_of_windows_is_xml_whose_arguments_are_a_command() {
    let text = text_of("packaging/windows/exo-mi-mailboxes.xml");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let of = |name: &str| {
        let node = document.descendants().find(|node| node.has_tag_name(name));
        node.and_then(|node| node.text()).unwrap_or_else(|| panic!("there is no <{name}>")).to_owned()
    };
    // The program's path has a blank, which parts no words there.
    let program = of("Command").replace(' ', "_");
    run(&format!("{program} {}", of("Arguments")), &[r"C:\ProgramData\exo-mi\"]);
}

#[test]
fn the_page_on_schedules_shows_the_jobs_of_the_files() {
    let page = text_of("docs/schedule.md");
    let (cron, job) = (text_of("packaging/cron/exo-mi"), text_of("packaging/systemd/mailboxes.env"));
    let line = cron.lines().find(|line| line.contains(" connect ")).expect("a job");
    assert!(page.contains(line), "docs/schedule.md has another line for cron than: {line}");
    let arguments = format!("ARGUMENTS={}\n", value(&job, "ARGUMENTS"));
    assert!(page.contains(&arguments), "docs/schedule.md has another job than: {arguments}");
}

#[test]
fn the_release_runs_pinned_actions_with_no_more_rights_than_it_needs() {
    let text = text_of(".github/workflows/release.yml");
    let uses: Vec<&str> =
        text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")).collect();
    assert!(uses.len() > 5, "{uses:?}");
    for action in uses {
        let (_, version) = action.split_once('@').expect("a version");
        let (commit, tag) = version.split_once(" # ").expect("the tag is named beside the commit");
        assert!(commit.len() == 40 && commit.bytes().all(|c| c.is_ascii_hexdigit()), "{action}");
        assert!(tag.starts_with('v'), "{action}");
    }
    assert!(text.contains("\npermissions: {}\n"), "what a job may do is said by the job alone");
}
