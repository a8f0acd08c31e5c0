//! Processes of the real binary, and what the kernel knows of them.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

/// `exo-mi emulate`, with what a client needs and the lines of its journal.
pub(crate) struct Served {
    child: Child,
    variables: Vec<(String, String)>,
    journal: Receiver<String>,
    own: TempDir,
    /// Where its clients put their temporary files.
    pub(crate) of_clients: TempDir,
    marks: usize,
}

/// What a process holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) memory_kib: u64,
    pub(crate) files: usize,
    pub(crate) threads: usize,
    /// Connections that the other side has closed and this one has not.
    pub(crate) half_closed: usize,
}

fn binary() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("exo-mi"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Served {
    pub(crate) fn start(words: &str) -> Self {
        let (own, of_clients) = (folder(), folder());
        let mut command = binary();
        let mut child = command
            .args(["emulate"].into_iter().chain(words.split_whitespace()))
            .env("TMPDIR", own.path())
            .spawn()
            .expect("the binary starts");
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut lines = String::new();
        // The lines end with what a user-assigned identity needs.
        while !lines.contains("EXO_MI_CLIENT_ID") {
            assert!(reader.read_line(&mut lines).expect("a line") > 0, "{lines}");
        }
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (sender, journal) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let exports = lines.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        let mut variables: Vec<_> =
            exports.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect();
        variables.push(("TMPDIR".to_owned(), of_clients.path().display().to_string()));
        Self { child, variables, journal, own, of_clients, marks: 0 }
    }

    /// A command against it.
    pub(crate) fn client(&self, words: &str) -> Command {
        let mut command = binary();
        command.args(words.split_whitespace()).envs(self.variables.iter().cloned());
        command
    }

    pub(crate) fn run(&self, words: &str) -> Output {
        self.client(words).output().expect("the binary starts")
    }

    /// The lines of the journal since the last time. A request that no client sends marks where they end.
    pub(crate) fn journal(&mut self) -> Vec<String> {
        self.marks += 1;
        let mark = format!("/mark/{}", self.marks);
        let host = self.variables.iter().find(|(name, _)| name == "AZURE_POD_IDENTITY_AUTHORITY_HOST");
        let host = host.expect("IMDS has an address").1.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("a connection");
        write!(stream, "GET {mark} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
        // The scenario may have this one fail as well.
        let _ = stream.read_to_end(&mut Vec::new());
        let next = || self.journal.recv_timeout(Duration::from_secs(20)).expect("a line of the journal");
        std::iter::repeat_with(next).take_while(|line| !line.contains(&format!(" {mark} "))).collect()
    }

    pub(crate) fn held(&self) -> Held {
        // What has just ended is still being put away.
        std::thread::sleep(Duration::from_millis(500));
        let process = format!("/proc/{}", self.child.id());
        let count = |name: &str| std::fs::read_dir(format!("{process}/{name}")).expect("a list").count();
        Held {
            memory_kib: status(self.child.id(), "VmRSS").expect("the emulator runs"),
            files: count("fd"),
            threads: count("task"),
            half_closed: half_closed(&process),
        }
    }

    /// Ends it as a user would, and demands that nothing is left.
    pub(crate) fn stop(mut self) {
        let kill = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(kill.expect("a shell").success());
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
        for left in [&self.own, &self.of_clients] {
            assert_eq!(entries(left.path()), Vec::<String>::new());
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The names in a folder.
pub(crate) fn entries(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("the folder").flatten();
    names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// A number from a process's status, in KiB; `None` once it is gone.
pub(crate) fn status(process: u32, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// How many of a process's connections are in `CLOSE_WAIT`.
fn half_closed(process: &str) -> usize {
    let links = std::fs::read_dir(format!("{process}/fd")).expect("a list").flatten();
    let links = links.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let own: HashSet<String> = links.map(|link| link.display().to_string()).collect();
    let table = std::fs::read_to_string(format!("{process}/net/tcp")).expect("the table of connections");
    let waiting = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|cells| {
        cells.get(3) == Some(&"08")
            && cells.get(9).is_some_and(|inode| own.contains(&format!("socket:[{inode}]")))
    });
    waiting.count()
}
