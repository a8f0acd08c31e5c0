//! Blocks of the documents that need a shell or files: each page's in a folder and against an emulator of its own, as a
//! reader would copy them one after another.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use exo_mi::emulator::{Emulator, Options, shell};
use tempfile::TempDir;

use super::examples::is_a_trial;
use super::markdown::{Block, Example, Letter, blocks, fits, letters};
use super::{pages, root, text_of};

/// What a block may call to be run here. Whatever else it calls needs Azure, or changes the machine.
const PROGRAMS: [&str; 19] = [
    "exo-mi", "az", "printf", "echo", "cat", "head", "tail", "sort", "cut", "grep", "sed", "wc", "mv", "cp",
    "test", "read", "mkdir", "export", "}",
];

/// Those that are not on every machine.
const OTHERS: [&str; 2] = ["jq", "prove"];

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// A folder with the program in reach and an emulator beside it.
struct Place {
    folder: TempDir,
    setup: String,
    emulator: Emulator,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("a folder for programs");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_exo-mi"), bin.join("exo-mi")).expect("a link");
        std::os::unix::fs::symlink(root().join("fixtures"), folder.path().join("fixtures")).expect("a link");
        let emulator = Emulator::start(Options::default()).expect("the emulator starts");
        let ca_file = folder.path().join("bin/ca.pem");
        fs::write(&ca_file, emulator.ca_pem()).expect("the certificate is written");
        let token = emulator.graph_token_file().expect("a token");
        // The one thing of Azure's command line that can be imitated: a token of whoever grants.
        let az =
            format!("#!/bin/sh\n[ \"$1 $2\" = 'account get-access-token' ] && cat '{}'\n", token.display());
        fs::write(bin.join("az"), az).expect("a program");
        fs::set_permissions(bin.join("az"), fs::Permissions::from_mode(0o755)).expect("it may be run");
        let variables = shell::setup(&emulator, shell::Shell::Posix, &ca_file);
        let setup = format!(
            "export no_proxy='*' OBJECT_ID=a1111111-1111-4111-8111-111111111111\nPATH='{}':$PATH\n{variables}\n",
            bin.display()
        );
        Self { folder, setup, emulator }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn sh(&self, script: &str) -> Output {
        let script = format!("{}\n{script}", self.setup);
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(self.path()).stdin(Stdio::null()).env_remove("EXO_MI_ORG");
        command.output().expect("a shell")
    }

    fn save(&self, name: &str, block: &Block<'_>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, block.lines.join("\n") + "\n").expect("the block is written");
        path
    }
}

/// What of a command stands outside of quotes, in words, and the quotes themselves: blanks are left out, and what parts commands is kept.
fn bare(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (_, letter) in letters(command) {
        match letter {
            Letter::Bare(c @ (';' | '|' | '&' | '(' | ')' | '\n')) => {
                words.extend([c.to_string(), String::new()]);
            }
            Letter::Bare(c) if c.is_whitespace() => words.push(String::new()),
            Letter::Bare(c) | Letter::Mark(c) => words.last_mut().expect("a word").push(c),
            Letter::Quoted(..) => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The programs that a block calls: what stands at the beginning of a command.
fn programs(commands: &[Example]) -> Vec<String> {
    let mut programs = Vec::new();
    for command in commands {
        let mut begins = true;
        for word in bare(&command.text) {
            match word.as_str() {
                "#" | "case" => break, // What follows are words for people, or patterns.
                ";" | "|" | "&" | "(" | "\n" | "{" | "do" | "while" | "done" => begins = true,
                "for" | ")" => begins = false,
                _ if begins && !word.contains('=') => {
                    programs.push(word);
                    begins = false;
                }
                _ => {}
            }
        }
    }
    programs
}

fn can_be_run(commands: &[Example]) -> bool {
    // A token is at hand, and a script for az needs none.
    let needs_none = |text: &str| {
        text.matches("az account get-access-token").count() + text.matches("--print az ").count()
    };
    let signs_in = |text: &str| text.matches("az ").count() == needs_none(text);
    let waits = |text: &str| text.contains("exo-mi emulate");
    let lacks = |command: &Example| command.words.iter().any(|word| word == "FILE" || word.contains("$("));
    let known = |program: &String| {
        PROGRAMS.contains(&program.as_str()) || OTHERS.contains(&program.as_str()) && is_there(program)
    };
    programs(commands).iter().all(known)
        && commands.iter().all(|it| signs_in(&it.text) && !waits(&it.text) && !lacks(it))
}

/// The block as a script that ends at the first command whose exit code is another than the stated one.
fn script(commands: &[Example]) -> String {
    let mut script = String::new();
    for command in commands {
        let (text, expected) = (&command.text, command.exit.unwrap_or(0));
        let _ = write!(
            script,
            "{{ {text}\n}} >.out 2>.err\ncode=$?; [ $code -eq {expected} ] || \
             {{ echo \"line {}: exit code $code\"; cat .out .err; exit 99; }}\n",
            command.line
        );
    }
    script + "cat .out .err\n"
}

fn run_block(place: &Place, block: &Block<'_>) -> Option<Output> {
    let commands = block.commands();
    let is_for_a_shell = !commands.iter().all(is_a_trial) && can_be_run(&commands);
    is_for_a_shell.then(|| place.sh(&script(&commands)))
}

/// What is wrong with what came of a block.
fn fault(done: &Output, output: Option<&[String]>) -> Option<String> {
    let printed = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    let fits = output.is_none_or(|pattern| fits(pattern, &printed.lines().collect::<Vec<_>>()));
    (!done.status.success() || !fits).then(|| format!("it ended with {} and printed\n{printed}", done.status))
}

/// A script for `exo-mi run`. One with a name is kept for the commands that follow, and checked; any other is run.
fn run_script(place: &Place, block: &Block<'_>) -> Output {
    let file = place.save(block.name().unwrap_or("script.ps1"), block);
    let option = if block.name().is_some() { "--check" } else { "--emulate" };
    place.sh(&format!("exo-mi run {option} '{}'", file.display()))
}

/// Python, where it is installed. A program with a name is kept for those that follow, and read.
fn run_python(place: &Place, block: &Block<'_>) -> Option<Output> {
    let file = place.save(block.name().unwrap_or("script.py"), block);
    let option = if block.name().is_some() { "-m py_compile" } else { "-X utf8" };
    is_there("python3").then(|| place.sh(&format!("python3 {option} '{}'", file.display())))
}

#[test]
fn blocks_do_in_a_shell_what_is_said_of_them() {
    let mut faults = Vec::new();
    let mut count = 0;
    // The sections of docs/errors.md state exit codes for those of their commands that are tried in another test.
    for (path, text) in pages().into_iter().filter(|(path, _)| path != "docs/errors.md") {
        let place = Place::new();
        for (block, output) in &blocks(&text) {
            let done = match block.language {
                "sh" => run_block(&place, block),
                "ps1" => Some(run_script(&place, block)),
                "python" => run_python(&place, block),
                _ => None,
            };
            count += usize::from(done.is_some());
            let fault = done.and_then(|done| fault(&done, output.as_deref()));
            faults.extend(fault.map(|fault| format!("{path}:{}: {fault}", block.line)));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(count > 50, "only {count} blocks were run");
}

/// Its reader starts the emulator; here one is there already.
#[test]
fn the_example_with_curl_gets_the_domains() {
    if !is_there("curl") {
        return; // Nothing to try.
    }
    let text = text_of("docs/emulator.md");
    let blocks = blocks(&text);
    let example =
        blocks.iter().find(|(block, _)| block.lines.first().is_some_and(|line| line.starts_with("TENANT=")));
    let (example, _) = example.expect("the example");
    let place = Place::new();
    let done = place.sh(&format!("set -e\n{}", example.lines.join("\n")));
    let printed = String::from_utf8_lossy(&done.stdout);
    let journal = place.emulator.journal();
    assert!(printed.contains("\"DomainName\":\"relay.contoso.com\""), "{printed}{journal:?}");
}

#[test]
fn every_task_of_the_cookbook_is_run() {
    let text = text_of("docs/cookbook.md");
    let tasks = text.lines().filter(|line| line.starts_with("### ")).count();
    let blocks = blocks(&text);
    let left_out = blocks.iter().filter(|(block, _)| match block.language {
        "sh" => !can_be_run(&block.commands()),
        "ps1" => block.name().is_some(),
        _ => false,
    });
    let left_out: Vec<usize> = left_out.map(|(block, _)| block.line).collect();
    assert!(left_out.is_empty(), "docs/cookbook.md: no test runs the blocks at the lines {left_out:?}");
    assert!(tasks >= 25, "{tasks} tasks");
}

#[test]
fn only_what_needs_neither_azure_nor_a_service_is_run() {
    let text = "```sh\nexo-mi whoami | grep -c x\naz vm list\n```\n```sh\nprintf 'a\\n' |\n  exo-mi explain 'b || c' > x\n```\n\
                ```sh\nfor a in b c; do\n  exo-mi cmdlets \"$a\"\ndone\n```\n```sh\nsudo exo-mi whoami\n```\n";
    let blocks = blocks(text);
    let runs: Vec<bool> = blocks.iter().map(|(block, _)| can_be_run(&block.commands())).collect();
    assert_eq!(runs, [false, true, true, false]);
}
