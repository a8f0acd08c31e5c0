//! The real binary as a process: its streams, its signals, its environment.

// Signals and shells exist on Unix alone, and what serves their tests with them.
#![cfg_attr(not(unix), allow(dead_code, unused_imports))]

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The binary with no variable set but these.
fn exo_mi(words: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("exo-mi"));
    command.args(words.split_whitespace()).env_clear().envs(variables.iter().copied());
    #[cfg(windows)]
    for name in ["SystemRoot", "TEMP"] {
        #[allow(clippy::disallowed_methods)] // Windows has no sockets and no temporary files without them.
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(words: &str, variables: &[(&str, &str)]) -> Output {
    exo_mi(words, variables).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn help_and_version_need_nothing_of_the_environment() {
    for words in ["--help", "--version", "connect --help"] {
        let output = run(words, &[]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{words}");
        assert!(text(&output.stdout).contains("exo-mi"), "{words}");
    }
}

#[cfg(unix)]
#[test]
fn where_standard_error_is_the_journal_that_systemd_names_each_line_has_its_priority() {
    use std::os::unix::fs::MetadataExt;
    for (moved, expected) in [(0, "<3>error: "), (1, "error: ")] {
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let pipe = std::fs::File::from(std::os::fd::OwnedFd::from(writer));
        let there = pipe.metadata().expect("what it is");
        // The variable holds for a whole service, of which a stream may lead elsewhere.
        let journal = format!("{}:{}", there.dev(), there.ino() + moved);
        let mut command = exo_mi("connect --no-such-option", &[("JOURNAL_STREAM", &journal)]);
        command.stderr(pipe);
        assert_eq!(command.status().expect("the binary starts").code(), Some(2));
        drop(command);
        let mut said = String::new();
        reader.read_to_string(&mut said).expect("text");
        let lines: Vec<_> = said.lines().collect();
        assert!(lines.len() > 1 && lines[0].starts_with(expected), "{said}");
        assert!(lines.iter().all(|line| line.starts_with("<3>") == (moved == 0)), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn variables_that_are_no_text_are_reported_where_they_matter_and_nowhere_else() {
    use std::os::unix::ffi::OsStrExt;
    let broken = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    let names = ["EXO_MI_ORG", "EXO_MI_LOG", "IDENTITY_ENDPOINT", "HOME", "LANG", "PATH", "HTTPS_PROXY"];
    let with = |words: &str| {
        let mut command = exo_mi(words, &[]);
        command.envs(names.iter().map(|name| (name, broken))).output().expect("the binary starts")
    };
    assert_eq!(with("--help").status.code(), Some(0));
    let output = with("connect get-accepted-domain");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("EXO_MI_"), "{}", text(&output.stderr));
}

#[test]
fn where_nothing_listens_the_command_ends_within_two_seconds() {
    let gone = format!("http://127.0.0.1:{}", closed_port());
    for variables in [
        vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", gone.as_str())],
        vec![("IDENTITY_ENDPOINT", gone.as_str()), ("IDENTITY_HEADER", "s3cret-header")],
    ] {
        #[allow(clippy::disallowed_methods)] // This is about real time.
        let begun = std::time::Instant::now();
        let output = run("connect --org contoso.onmicrosoft.com get-accepted-domain", &variables);
        // Twice as long, for a machine that is busy.
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), String::new()), "{stderr}");
        assert!(stderr.contains("identity-endpoint-unreachable") && stderr.contains("attempt 2"), "{stderr}");
        assert!(!stderr.contains("s3cret"), "{stderr}");
    }
}

/// A server that accepts connections and never answers; a command that asks it is in the middle of its work.
struct Silent(TcpListener);

impl Silent {
    fn new() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"))
    }

    /// Starts a command against it and waits until its request has come.
    fn ask(&self) -> (Child, TcpStream) {
        self.ask_with("connect --org contoso.onmicrosoft.com get-accepted-domain")
    }

    fn ask_with(&self, words: &str) -> (Child, TcpStream) {
        let origin = format!("http://{}", self.0.local_addr().expect("an address"));
        let child = exo_mi(words, &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", &origin)]).spawn();
        let mut child = child.expect("the binary starts");
        self.0.set_nonblocking(true).expect("a mode");
        let mut tries = 0;
        let mut stream = loop {
            match self.0.accept() {
                Ok((stream, _)) => break stream,
                Err(_) if tries < 400 => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(25));
                }
                Err(error) => {
                    let _ = child.kill();
                    panic!("no request came: {error}");
                }
            }
        };
        stream.set_nonblocking(false).expect("a mode");
        let mut first = [0; 3];
        stream.read_exact(&mut first).expect("a request");
        assert_eq!(&first, b"GET");
        (child, stream)
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status();
    assert!(status.expect("a shell").success());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_command_at_once_with_its_own_exit_code() {
    let mut signals = vec![("TERM", 143, "terminated"), ("INT", 130, "interrupted")];
    if cfg!(target_os = "linux") {
        signals.push(("HUP", 143, "terminated"));
    }
    for (name, code, word) in signals {
        let server = Silent::new();
        let (child, _connection) = server.ask();
        #[allow(clippy::disallowed_methods)] // This is about real time.
        let begun = std::time::Instant::now();
        signal(&child, name);
        let output = child.wait_with_output().expect("the binary ends");
        // The request has twenty seconds; nobody waits for them.
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{stderr}");
        assert!(stderr.starts_with(&format!("error: {word}\n")), "{stderr}");
        assert!(stderr.contains("docs/errors.md#stopped"), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_standard_error_changes_nothing_but_what_is_read() {
    let gone = format!("http://127.0.0.1:{}", closed_port());
    for (redirection, words, code) in [
        ("2>&-", "connect --org contoso.onmicrosoft.com get-accepted-domain", 3),
        ("2>&- >&-", "connect --org contoso.onmicrosoft.com -vvv get-accepted-domain", 3),
        ("2>&-", "connect --nonsense", 2),
        ("2>&- <&-", "--help", 0),
    ] {
        let binary = assert_cmd::cargo::cargo_bin!("exo-mi");
        let output = Command::new("/bin/sh")
            .args(["-c", &format!("exec \"$0\" {words} {redirection}")])
            .arg(binary)
            .env_clear()
            .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", &gone)
            .output()
            .expect("a shell");
        assert_eq!(output.status.code(), Some(code), "{words} {redirection}: {}", text(&output.stdout));
    }
}

#[cfg(feature = "emulator")]
mod emulated {
    use std::io::{BufRead, BufReader, Write};

    use super::*;

    const CONNECT: &str = "connect --org contoso.onmicrosoft.com --emulate";

    #[test]
    fn a_command_needs_neither_home_nor_language() {
        let output = run(&format!("{CONNECT} -o csv get-accepted-domain"), &[]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        assert!(text(&output.stdout).lines().count() > 2, "{}", text(&output.stdout));
    }

    #[test]
    fn a_reader_that_goes_away_got_what_it_wanted() {
        for words in ["-o jsonl get-mailbox -ResultSize Unlimited", "get-mailbox", "-o json get-mailbox", ""]
        {
            let mut child = exo_mi(&format!("{CONNECT} {words}"), &[]).spawn().expect("the binary starts");
            // Gone before anything was written, as `head -0` is.
            drop(child.stdout.take());
            let output = child.wait_with_output().expect("the binary ends");
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{words}");
        }
    }

    #[test]
    fn a_reader_that_takes_one_line_gets_it() {
        let mut child = exo_mi(&format!("{CONNECT} -o jsonl get-mailbox"), &[]).spawn().expect("a process");
        let mut line = String::new();
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        reader.read_line(&mut line).expect("a line");
        drop(reader);
        let output = child.wait_with_output().expect("the binary ends");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        assert!(line.starts_with('{') && line.ends_with("}\n"), "{line}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_of_this_machine() {
        for words in ["get-accepted-domain", "-o json get-accepted-domain", "-o csv get-accepted-domain", ""]
        {
            let full = std::fs::File::options().write(true).open("/dev/full").expect("the device");
            let mut command = exo_mi(&format!("{CONNECT} {words}"), &[]);
            let output = command.stdout(full).output().expect("the binary starts");
            let stderr = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{words}: {stderr}");
            assert!(stderr.starts_with("error: the output could not be written\n"), "{words}: {stderr}");
            assert!(stderr.contains("output-failed"), "{words}: {stderr}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_standard_error_that_takes_nothing_does_not_spoil_a_success() {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("the device");
        let mut command = exo_mi(&format!("{CONNECT} -vvv -o jsonl get-accepted-domain"), &[]);
        let output = command.stderr(full).output().expect("the binary starts");
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).starts_with('{'));
    }

    /// An emulator in a process of its own.
    struct Emulate {
        child: Child,
        lines: String,
        temporary: tempfile::TempDir,
    }

    impl Emulate {
        fn start(words: &str) -> Self {
            let temporary = tempfile::tempdir().expect("a folder");
            let folder = temporary.path().to_str().expect("a path that is text");
            let mut child = exo_mi(&format!("emulate {words}"), &[("TMPDIR", folder)]);
            let mut child = child.stderr(Stdio::null()).spawn().expect("the binary starts");
            let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
            let mut lines = String::new();
            // The lines end with what a user-assigned identity needs.
            while !lines.contains("EXO_MI_CLIENT_ID") {
                assert!(reader.read_line(&mut lines).expect("a line") > 0, "{lines}");
            }
            Self { child, lines, temporary }
        }

        fn value(&self, name: &str) -> String {
            let start = format!("export {name}=");
            let line = self.lines.lines().find_map(|line| line.strip_prefix(&start));
            line.unwrap_or_else(|| panic!("{name} in {}", self.lines)).trim_matches('\'').to_owned()
        }
    }

    impl Drop for Emulate {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_emulator_serves_what_it_prints_and_ends_well_on_either_signal() {
        for name in ["TERM", "INT"] {
            let mut emulate = Emulate::start("");
            let left = || std::fs::read_dir(emulate.temporary.path()).expect("the folder").count();
            assert!(left() > 0, "the certificate");
            // A plain request, as any client would send it.
            let host = emulate.value("AZURE_POD_IDENTITY_AUTHORITY_HOST");
            let host = host.trim_start_matches("http://");
            let mut stream = TcpStream::connect(host).expect("a connection");
            let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://outlook.office365.com/";
            write!(
                stream,
                "GET {path} HTTP/1.1\r\nHost: {host}\r\nMetadata: true\r\nConnection: close\r\n\r\n"
            )
            .expect("a request");
            let mut reply = String::new();
            stream.read_to_string(&mut reply).expect("a reply");
            assert!(reply.starts_with("HTTP/1.1 200 ") && reply.contains("access_token"), "{reply}");
            // And a whole command in a shell that was set up by the lines as they stand.
            let script = format!("{}\nexec \"$0\" connect -o csv get-accepted-domain", emulate.lines);
            let output = Command::new("/bin/sh")
                .args(["-c", &script])
                .arg(assert_cmd::cargo::cargo_bin!("exo-mi"))
                .env_clear()
                .output()
                .expect("a shell");
            assert_eq!(
                (output.status.code(), text(&output.stderr)),
                (Some(0), String::new()),
                "{}",
                text(&output.stdout)
            );
            assert!(text(&output.stdout).contains("contoso.onmicrosoft.com"));
            signal(&emulate.child, name);
            let status = emulate.child.wait().expect("the binary ends");
            assert_eq!(status.code(), Some(0), "{name}");
            assert_eq!(left(), 0, "no temporary file is left");
        }
    }

    /// What `nohup` asks for, and what a shell asks for a command that it runs in the background of a script.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_signal_that_was_ignored_from_the_start_changes_nothing() {
        for name in ["HUP", "INT"] {
            let mut command = Command::new("/bin/sh");
            let script = format!("trap '' {name}; exec \"$0\" -v {CONNECT}=slow -o csv get-accepted-domain");
            command.args(["-c", &script]).arg(assert_cmd::cargo::cargo_bin!("exo-mi")).env_clear();
            let mut child =
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell starts");
            let mut reader = BufReader::new(child.stderr.take().expect("a pipe"));
            let mut lines = String::new();
            while !lines.contains("got a token") {
                assert!(reader.read_line(&mut lines).expect("a line") > 0, "{lines}");
            }
            signal(&child, name);
            std::thread::sleep(Duration::from_millis(300));
            assert!(child.try_wait().expect("a child").is_none(), "{name} ended it");
            signal(&child, "TERM");
            assert_eq!(child.wait().expect("the binary ends").code(), Some(143), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_slow_command_is_ended_by_a_signal_and_leaves_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        let words = format!("{CONNECT}=slow -o csv --out {} get-accepted-domain", path.display());
        let child = exo_mi(&format!("-v {words}"), &[]).spawn().expect("the binary starts");
        let mut child = child;
        let mut reader = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut lines = String::new();
        while !lines.contains("got a token") {
            assert!(reader.read_line(&mut lines).expect("a line") > 0, "{lines}");
        }
        signal(&child, "TERM");
        reader.read_to_string(&mut lines).expect("the rest");
        let status = child.wait().expect("the binary ends");
        assert_eq!(status.code(), Some(143), "{lines}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "{lines}");
    }
}

#[cfg(all(unix, feature = "emulator"))]
#[test]
fn a_signal_ends_the_wait_before_anything_is_sent_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let temporary = folder.path().to_str().expect("a path that is text");
    let words = "-v connect --org contoso.onmicrosoft.com --emulate --jitter 1000h get-accepted-domain";
    let mut child = exo_mi(words, &[("TMPDIR", temporary)]).spawn().expect("the binary starts");
    let mut reader = std::io::BufReader::new(child.stderr.take().expect("a pipe"));
    let mut lines = String::new();
    while !lines.contains("before anything is sent") {
        assert!(std::io::BufRead::read_line(&mut reader, &mut lines).expect("a line") > 0, "{lines}");
    }
    signal(&child, "TERM");
    reader.read_to_string(&mut lines).expect("the rest");
    assert_eq!(child.wait().expect("the binary ends").code(), Some(143), "{lines}");
    assert!(lines.contains("error: terminated\n") && !lines.contains("asking for a token"), "{lines}");
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 0, "{lines}");
}

#[cfg(unix)]
#[test]
fn a_lock_ends_with_its_process_whatever_ends_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.lock");
    let server = Silent::new();
    let locked =
        format!("connect --org contoso.onmicrosoft.com --lock {} get-accepted-domain", path.display());
    let gone = format!("http://127.0.0.1:{}", closed_port());
    let second = || run(&locked, &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", &gone)]);
    for name in ["KILL", "TERM", "HUP"] {
        let (mut first, _connection) = server.ask_with(&locked);
        let output = second();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(6), "{stderr}");
        let holder = format!("is held by process {} since 20", first.id());
        assert!(stderr.contains(&holder) && stderr.ends_with("docs/errors.md#lock-busy\n"), "{stderr}");
        signal(&first, name);
        first.wait().expect("the binary ends");
        // It came as far as to ask for a token.
        assert_eq!(second().status.code(), Some(3), "after {name}");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("it is left").permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// The binary with a standard input that somebody holds open.
#[cfg(all(unix, feature = "emulator"))]
fn listening(words: &str) -> Child {
    exo_mi(words, &[]).stdin(Stdio::piped()).spawn().expect("the binary starts")
}

#[cfg(all(unix, feature = "emulator"))]
#[test]
fn a_silent_standard_input_holds_nothing_up() {
    let timed = "connect --org contoso.onmicrosoft.com --emulate --timeout 1s";
    for (words, code) in [("connect", 2), (timed, 6), (&format!("{timed} get-mailbox -Identity -"), 6)] {
        #[allow(clippy::disallowed_methods)] // This is about real time.
        let begun = std::time::Instant::now();
        let mut child = listening(words);
        let stdin = child.stdin.take();
        let output = child.wait_with_output().expect("the binary ends");
        drop(stdin);
        assert!(begun.elapsed() < Duration::from_secs(10), "{words:?}: {:?}", begun.elapsed());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
    }
}

#[cfg(all(unix, feature = "emulator"))]
#[test]
fn a_signal_while_standard_input_is_read_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out.csv");
    // Nothing has come that would have to be kept: the service is slow to answer.
    let words = format!("connect --org contoso.onmicrosoft.com --emulate=slow --out {}", file.display());
    let mut child = listening(&words);
    let mut stdin = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut stdin, b"get-accepted-domain\n").expect("written");
    // The file beside the target is there as soon as the first command has come.
    let entries = || std::fs::read_dir(folder.path()).expect("a folder").count();
    while entries() == 0 {
        std::thread::yield_now();
    }
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), entries()), (Some(143), 0), "{}", text(&output.stderr));
}
