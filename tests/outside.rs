//! What the rest of the machine sees of a process that holds secrets: how it dies, and what it is called with.

#![allow(clippy::print_stderr)] // A test that can show nothing here says so.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Output};

use exo_mi::world::{Stream, World};

/// The name of the test that is the victim, and of the variable that holds the secret.
const VICTIM: &str = "a_victim_panics_with_a_secret";
const SECRET: &str = "EXO_MI_TEST_SECRET";

/// A standard output that panics with the secret, as a bug anywhere could.
struct Panicking(String);

impl Write for Panicking {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("a bug that shows {}", self.0)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Run by the test below alone, in a process of its own, since what a panic prints is the whole process's affair.
#[test]
#[ignore = "another test runs it"]
fn a_victim_panics_with_a_secret() {
    #[allow(clippy::disallowed_methods)] // Its parent gave it.
    let Ok(secret) = std::env::var(SECRET) else { return };
    let on_a_thread = secret.clone();
    let world = World { stdout: Stream::new(Panicking(secret), None), ..World::capture() };
    let exit = exo_mi::run(["exo-mi", "--version"].map(OsString::from), world);
    // The hook stays, for whatever thread panics next.
    let _ = std::thread::spawn(move || panic!("a thread that shows {on_a_thread}")).join();
    assert_eq!(exit.code(), 70);
}

#[test]
fn a_panic_shows_its_place_and_not_its_message() {
    let secret = uuid::Uuid::new_v4().simple().to_string();
    #[allow(clippy::disallowed_methods)] // The test binary itself.
    let binary = std::env::current_exe().expect("this binary");
    let Output { status, stdout, stderr } = Command::new(binary)
        .args([VICTIM, "--exact", "--ignored", "--nocapture"])
        .env(SECRET, &secret)
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("this binary starts");
    let all = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    assert!(status.success(), "{all}");
    assert!(all.contains("exo-mi has a bug and stopped") && all.contains("tests/outside.rs:"), "{all}");
    assert!(!all.contains(&secret), "{all}");
}

/// How a process ended that was sent the signal by which a user asks for a core file.
#[cfg(all(target_os = "linux", feature = "emulator"))]
fn dumped(folder: &std::path::Path, program: &std::path::Path, words: &[&str]) -> bool {
    use std::os::unix::process::ExitStatusExt;
    // The shell raises the limit and becomes the program.
    let mut child = Command::new("/bin/sh")
        .args(["-c", "ulimit -c unlimited && exec \"$0\" \"$@\""])
        .arg(program)
        .args(words)
        .env_clear()
        .current_dir(folder)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("a shell");
    let stdin = child.stdin.take().expect("a pipe");
    // Once it says something it is at work.
    let mut first = [0];
    io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first).expect("something is said");
    let killed = Command::new("/bin/sh").args(["-c", &format!("kill -ABRT {}", child.id())]).status();
    assert!(killed.expect("a shell").success());
    let status = child.wait().expect("it ends");
    drop(stdin);
    assert_eq!(status.signal(), Some(6), "{status}");
    status.core_dumped()
}

#[cfg(all(target_os = "linux", feature = "emulator"))]
#[test]
fn a_crash_leaves_no_core_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["-c", "echo; read line"];
    if !dumped(folder.path(), std::path::Path::new("/bin/sh"), &words) {
        return eprintln!("this machine keeps no core file of any process, so that nothing can be shown");
    }
    let left = || std::fs::read_dir(folder.path()).expect("the folder").count();
    let before = left();
    let binary = assert_cmd::cargo::cargo_bin!("exo-mi");
    assert!(!dumped(folder.path(), binary, &["emulate"]), "a core file was written");
    assert_eq!(left(), before);
}

/// Whoever can list processes can read their arguments.
#[test]
fn no_option_takes_a_secret_itself() {
    let binary = assert_cmd::cargo::cargo_bin!("exo-mi");
    let mut taking = Vec::new();
    for command in ["connect", "doctor", "whoami", "token", "grant", "explain", "emulate", "cmdlets"] {
        let output = Command::new(binary).args([command, "--help"]).env_clear().output().expect("it starts");
        let help = String::from_utf8(output.stdout).expect("text");
        for line in help.lines().filter_map(|line| line.trim_start().split_once("--")).map(|(_, rest)| rest) {
            let name = line.split([' ', ',', '=']).next().unwrap_or_default().to_owned();
            let secret = ["token", "password", "secret", "key", "header", "assertion", "certificate"];
            let is_named = secret.iter().any(|word| name.contains(word));
            let rest = line[name.len()..].trim_start();
            if is_named && rest.starts_with('<') {
                taking.push((name, rest.starts_with("<FILE>")));
            }
        }
    }
    assert!(taking.iter().any(|(name, _)| name == "graph-token-file"), "{taking:?}");
    assert!(taking.iter().all(|(_, is_file)| *is_file), "{taking:?}");
}

/// Whether one user's process can read the variables, and so the memory, of another that the same user has started.
#[cfg(all(target_os = "linux", feature = "emulator"))]
fn is_readable_by_its_user(program: &std::path::Path, words: &[&str]) -> Option<bool> {
    use std::os::unix::process::CommandExt;
    // Root may read everything, so nobody has to try.
    const NOBODY: u32 = 65_534;
    let run = |program: &std::path::Path| {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").uid(NOBODY).gid(NOBODY);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::null());
        command
    };
    let mut child = run(program).args(words).spawn().ok()?;
    let mut first = [0];
    let works = io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first);
    let file = format!("/proc/{}/environ", child.id());
    let read = run(std::path::Path::new("/bin/cat")).arg(file).status();
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    works.ok().and(read.ok()).map(|status| status.success())
}

#[cfg(all(target_os = "linux", feature = "emulator"))]
#[test]
fn another_process_of_the_same_user_cannot_read_its_variables_and_memory() {
    let binary = assert_cmd::cargo::cargo_bin!("exo-mi");
    let shell = is_readable_by_its_user(std::path::Path::new("/bin/sh"), &["-c", "echo; read line"]);
    let own = is_readable_by_its_user(binary, &["emulate"]);
    let (Some(true), Some(own)) = (shell, own) else {
        return eprintln!(
            "the tests may not become another user here, or all processes are hidden: {shell:?} {own:?}"
        );
    };
    assert!(!own, "another process read it");
}
