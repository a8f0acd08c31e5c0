//! The shell at a real terminal: the binary in a pseudo-terminal, and somebody who types.
//!
//! Everything that the terminal shows, and the history that is kept, is searched for the emulator's secrets at the end of
//! every test.

#![cfg(all(unix, feature = "emulator"))]

#[path = "support/secrets.rs"]
#[allow(dead_code)] // Its own tests are run by others.
mod secrets;

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exo_mi::emulator::{Emulator, Options, Source};
use exo_mi::secret::ExposeSecret as _;
use pty_process::blocking::{Command, Pty};
use rustix::termios::{LocalModes, tcgetattr};

const PROMPT: &str = "[contoso.onmicrosoft.com] exo> ";

/// How long anything may take on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(40);

/// Somebody at a terminal.
struct Typist {
    pty: Arc<Pty>,
    child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
    /// Up to where what was shown has been waited for.
    seen: usize,
    emulator: Emulator,
    home: tempfile::TempDir,
}

/// How a shell is begun.
struct Begin {
    columns: u16,
    variables: Vec<(&'static str, &'static str)>,
    options: Vec<&'static str>,
    latency: Duration,
    /// Whether its standard output is a pipe that nobody reads.
    deaf: bool,
}

impl Default for Begin {
    fn default() -> Self {
        let variables = vec![("TERM", "xterm")];
        Self { columns: 100, variables, options: Vec::new(), latency: Duration::ZERO, deaf: false }
    }
}

impl Begin {
    fn shell(self) -> Typist {
        let options = Options { mailboxes: 5, latency: self.latency, ..Options::default() };
        let emulator = Emulator::start(options).expect("the emulator starts");
        let home = tempfile::tempdir().expect("a folder");
        let ca_file = home.path().join("ca.pem");
        std::fs::write(&ca_file, emulator.ca_pem()).expect("the certificate is written");
        let (pty, pts) = pty_process::blocking::open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(40, self.columns)).expect("a size");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("exo-mi"))
            .env_clear()
            .envs(emulator.variables(Source::Imds))
            .envs(self.variables)
            .env("EXO_MI_CA_FILE", &ca_file)
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path().join("state"))
            .args(["connect", "--org", "contoso.onmicrosoft.com"])
            .args(self.options);
        if self.deaf {
            command = command.stdout(Stdio::piped());
        }
        let mut child = command.spawn(pts).expect("the binary starts");
        drop(child.stdout.take());
        let pty = Arc::new(pty);
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (reader, sink) = (Arc::clone(&pty), Arc::clone(&shown));
        std::thread::spawn(move || {
            let mut block = [0; 4096];
            // The end of the terminal is an error.
            while let Ok(length @ 1..) = (&*reader).read(&mut block) {
                sink.lock().expect("the lock").extend_from_slice(&block[..length]);
            }
        });
        Typist { pty, child, shown, seen: 0, emulator, home }
    }
}

/// A text without the sequences that move the cursor or set a colour.
fn plain(bytes: &[u8]) -> String {
    let mut text = String::new();
    let whole = String::from_utf8_lossy(bytes);
    let mut letters = whole.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => drop(letters.find(char::is_ascii_alphabetic)),
            '\r' => {}
            letter => text.push(letter),
        }
    }
    text
}

impl Typist {
    fn types(&self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).expect("the terminal takes it");
    }

    fn raw(&self) -> Vec<u8> {
        self.shown.lock().expect("the lock").clone()
    }

    /// Looks again and again until there is what is looked for.
    fn within<T>(&mut self, what: &str, mut look: impl FnMut(&mut Self) -> Option<T>) -> T {
        for _ in 0..LONGEST.as_millis() / 20 {
            if let Some(found) = look(self) {
                return found;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        panic!("{what} did not come:\n{}", plain(&self.raw()));
    }

    /// Waits until a text is shown behind what was waited for last, and gives what stands before it.
    fn sees(&mut self, wanted: &str) -> String {
        self.within(&format!("`{wanted}`"), |typist| {
            let text = plain(&typist.raw());
            let (before, _) = text[typist.seen..].split_once(wanted)?;
            typist.seen += before.len() + wanted.len();
            Some(before.to_owned())
        })
    }

    /// Types a line at the prompt, and gives what is shown up to the next one.
    fn line(&mut self, text: &str) -> String {
        self.types(&format!("{text}\r"));
        self.sees(PROMPT)
    }

    fn history(&self) -> PathBuf {
        self.home.path().join("state/exo-mi/history")
    }

    /// Waits for the end, and searches all that is left for secrets.
    fn ends(mut self) -> (Option<i32>, String) {
        let status = self.within("the end", |typist| typist.child.try_wait().expect("a child"));
        let mut secrets = secrets::Secrets::default();
        for (kind, secret) in self.emulator.secrets() {
            secrets.add(kind, secret.expose_secret());
        }
        assert!(!secrets.is_empty());
        secrets.assert_not_in("the terminal", self.raw());
        secrets.assert_not_in("the history", std::fs::read(self.history()).unwrap_or_default());
        (status.code(), plain(&self.raw()))
    }
}

#[test]
fn a_session_has_tables_completion_variables_and_a_history_of_its_own() {
    let mut shell = Begin::default().shell();
    shell.sees(PROMPT);
    shell.types("Get-AcceptedDo\t");
    shell.sees("exo> Get-AcceptedDomain");
    let shown = shell.line(" | Format-Table -AutoSize");
    assert!(shown.contains("\n\nName                    DomainName"), "{shown}");
    assert!(
        shown.ends_with("relay.contoso.com       relay.contoso.com       InternalRelay False\n\n"),
        "{shown}"
    );
    shell.types("$d = Get-AcceptedDomain | Where-Object {\r");
    shell.sees(">> ");
    shell.line("$_.Default }");
    shell.types("$d.DomainN\t");
    shell.sees("exo> $d.DomainName");
    assert!(shell.line("").ends_with("\ncontoso.com\n"));
    let shown = shell.line("get-accepted-domain contoso.com --columns Name -o csv");
    assert!(shown.ends_with("\nName\ncontoso.com\n"), "{shown}");
    let shown = shell.line(" 'begins with a blank'");
    assert!(shown.ends_with("\nbegins with a blank\n"), "{shown}");
    shell.line("$p = ConvertTo-SecureString 'hush' -AsPlainText -Force");
    assert!(shell.line("help get-accepted-domain").contains("ResultSize"), "help");
    assert!(shell.line("help Where-Object").contains("-FilterScript"), "help");
    shell.types("\u{4}");
    let history = shell.history();
    let folder = history.parent().expect("a folder").to_owned();
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&history), mode(&folder)), (0o600, 0o700));
    let kept = std::fs::read_to_string(&history).expect("a history");
    assert_eq!(
        kept,
        "Get-AcceptedDomain | Format-Table -AutoSize\n\
         $d = Get-AcceptedDomain | Where-Object {\\n$_.Default }\n\
         $d.DomainName\n\
         get-accepted-domain contoso.com --columns Name -o csv\n\
         help get-accepted-domain\n\
         help Where-Object\n"
    );
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn ctrl_c_clears_the_line_and_ends_the_command_and_not_the_shell() {
    let latency = Duration::from_secs(600);
    let mut shell = Begin { latency, ..Begin::default() }.shell();
    shell.sees(PROMPT);
    shell.types("'never");
    shell.types("\u{3}");
    shell.sees(PROMPT);
    shell.types("Get-Mailbox | Format-Table Name\r");
    std::thread::sleep(Duration::from_secs(2));
    shell.types("\u{3}");
    let shown = shell.sees(PROMPT);
    assert!(shown.contains("error: interrupted"), "{shown}");
    shell.types("Set-Mailbox adele.vance -Office 1\r");
    std::thread::sleep(Duration::from_secs(2));
    shell.types("\u{3}");
    let shown = shell.sees(PROMPT);
    assert!(shown.contains("docs/errors.md#write-in-doubt"), "{shown}");
    shell.types("while ($true) { }\r");
    std::thread::sleep(Duration::from_millis(500));
    shell.types("\u{3}");
    shell.sees(PROMPT);
    assert!(shell.line("1 + 1").ends_with("\n2\n"));
    shell.types("exit 7\r");
    assert_eq!(shell.ends().0, Some(7));
}

#[test]
fn errors_are_told_of_and_the_shell_goes_on() {
    let mut shell = Begin::default().shell();
    shell.sees(PROMPT);
    let shown = shell.line("Get-Mailbox -Identity nobody");
    assert!(shown.contains("docs/errors.md#cmdlet-failed"), "{shown}");
    let shown = shell.line("Get-Mailbox | Frobnicate");
    assert!(shown.contains("there is no command `Frobnicate` here"), "{shown}");
    let shown = shell.line("Connect-ExchangeOnline -ManagedIdentity");
    assert!(shown.contains("connected already"), "{shown}");
    for (answer, ending) in [("n", "note: nothing was done\n"), ("y", "exo> ")] {
        shell.types("Remove-DistributionGroup finance.approvers\r");
        shell.sees("Continue? [y/N] ");
        shell.types(&format!("{answer}\r"));
        let shown = shell.sees(PROMPT);
        assert!(shown.contains(ending) || answer == "y", "{shown}");
    }
    let removed = |entry: &exo_mi::emulator::Entry| entry.invocation.as_ref().is_some_and(|run| run.executed);
    let journal = shell.emulator.journal();
    assert_eq!(journal.iter().filter(|entry| removed(entry)).count(), 1);
    let shown = shell.line("Disconnect-ExchangeOnline; Get-Mailbox");
    assert!(shown.contains("has ended the connection"), "{shown}");
    let shown = shell.line("Get-Mailbox");
    assert!(shown.contains("has ended the connection"), "{shown}");
    shell.types("quit\r");
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn a_table_fits_the_terminal_and_says_what_it_hides() {
    let mut shell = Begin { columns: 60, ..Begin::default() }.shell();
    shell.sees(PROMPT);
    shell.line("$m = Get-Mailbox");
    // A line that goes over the width would show the prompt again.
    for line in ["Get-Mailbox", "$m|ft Name,Alias,Database"] {
        let shown = shell.line(line);
        let widest =
            shown.lines().skip_while(|line| !line.is_empty()).filter(|line| !line.starts_with("note"));
        assert!(widest.map(|line| line.chars().count()).max() < Some(60), "{shown}");
    }
    assert!(shell.line("Get-Mailbox").contains("too narrow for"), "a note");
    shell.types("exit\r");
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn a_terminal_that_can_only_print_gets_no_sequences() {
    let variables = vec![("TERM", "dumb"), ("NO_COLOR", "1")];
    let mut shell = Begin { variables, ..Begin::default() }.shell();
    shell.sees(PROMPT);
    let shown = shell.line("Get-AcceptedDomain");
    assert!(shown.contains("relay.contoso.com"), "{shown}");
    assert!(!shell.raw().contains(&0x1b), "{shown}");
    shell.types("\u{4}");
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn what_is_typed_ahead_is_carried_out_in_its_turn() {
    let mut shell = Begin::default().shell();
    shell.types("'first'\r");
    shell.sees("\nfirst\n");
    shell.types("Start-Sleep 1; 'second'\r'third'\r");
    shell.sees("\nsecond\n");
    shell.sees("\nthird\n");
    shell.types("Start-Sleep 2\r");
    std::thread::sleep(Duration::from_secs(1));
    shell.types("'fourth'\rexit\r");
    shell.sees("\nfourth\n");
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn no_colour_is_shown_where_none_is_wanted() {
    let variables = vec![("TERM", "xterm"), ("NO_COLOR", "1")];
    let mut shell = Begin { variables, ..Begin::default() }.shell();
    shell.sees(PROMPT);
    shell.line("Get-AcceptedDomain");
    let raw = String::from_utf8_lossy(&shell.raw()).into_owned();
    assert!(!raw.contains("\u{1b}[32") && !raw.contains("\u{1b}[0m"), "{raw:?}");
    shell.types("\u{4}");
    assert_eq!(shell.ends().0, Some(0));
}

#[test]
fn a_signal_ends_the_shell_and_leaves_the_terminal_as_it_was() {
    let mut shell = Begin::default().shell();
    shell.sees(PROMPT);
    let echoes = |shell: &Typist| {
        tcgetattr(&*shell.pty)
            .is_ok_and(|there| there.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON))
    };
    assert!(!echoes(&shell), "a line is being edited");
    let number = shell.child.id();
    let sent = std::process::Command::new("sh").args(["-c", &format!("kill -TERM {number}")]).status();
    assert!(sent.expect("a shell").success());
    shell.sees("error: terminated");
    assert!(echoes(&shell), "the terminal was put back");
    assert_eq!(shell.ends().0, Some(143));
}

#[test]
fn a_shell_whose_output_nobody_reads_ends() {
    let mut shell = Begin { deaf: true, ..Begin::default() }.shell();
    shell.sees(PROMPT);
    shell.types("Get-AcceptedDomain\r");
    assert_eq!(shell.ends().0, Some(0));
}
