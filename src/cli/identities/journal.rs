//! `--resume FILE`: what of a list is done, so that a run that was ended goes on where it stopped.
//!
//! The journal is a file of lines that only grows. The first says which command of which organization it belongs to; each
//! of the others names identities that are done, and how long the output was with their rows. The output reaches the
//! disk before the line that counts on it, and the line before anything else is done. A run that goes on cuts the output
//! to the length of the last line: whatever came after that is fetched again, so that no row is lost and none comes twice.
//!
//! What writes is named before it is sent, in a line of its own. If no line says what became of it, the run was ended in
//! between, and nobody but a person can know: it is told of and never sent again. What failed, and certainly did nothing,
//! is tried again.
//!
//! It holds no secret: of parameters there is a hash. The file is its owner's alone, and locked by the run.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::cli::{lock, sink};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;

/// The form of the file.
const VERSION: u32 = 1;

/// What a journal belongs to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Command {
    pub journal: u32,
    pub cmdlet: String,
    pub organization: String,
    /// Where the result goes; `None` where there is none.
    pub out: Option<String>,
    /// A hash of everything else that decides what is asked for and how it is written.
    pub form: String,
}

/// What a line says.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Writes that are about to be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sent: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    done: Vec<String>,
    /// Writes that certainly did nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    undone: Vec<String>,
    /// The output as it is with what is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output: Option<Output>,
}

/// An output that can be gone on with.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Output {
    /// How many bytes of it are good.
    pub length: u64,
    /// The columns that its first page has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

/// What became of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is done, with or without rows.
    Done,
    /// It failed, and may be tried again.
    Undone,
    /// It may have been carried out.
    InDoubt,
}

/// An identity as it is remembered: a hundred thousand of them take some megabytes, however long they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Print([u8; 16]);

/// A journal that this run holds.
#[derive(Debug)]
pub(in crate::cli) struct Journal {
    file: File,
    path: PathBuf,
    /// How often each identity was done by earlier runs, since a list may name one twice.
    done: HashMap<Print, u32>,
    /// How often it was sent and nothing is known of it.
    open: HashMap<Print, u32>,
    output: Output,
}

impl Command {
    /// What tells one command from another: `form` is everything besides the names.
    pub(super) fn new(cmdlet: &str, organization: &str, out: Option<&Path>, form: &str) -> Self {
        Self {
            journal: VERSION,
            cmdlet: cmdlet.to_owned(),
            organization: organization.to_ascii_lowercase(),
            out: out.map(|path| path.display().to_string()),
            form: format!("{:032x}", u128::from_be_bytes(print(form))),
        }
    }

    /// In what another one differs, as a person would say it.
    fn difference(&self, other: &Self) -> String {
        let show = |out: &Option<String>| out.clone().unwrap_or_else(|| "no file".to_owned());
        if self.journal != other.journal {
            return format!("its form is that of another version of exo-mi, {}", other.journal);
        }
        for (what, own, theirs) in [
            ("cmdlet", &self.cmdlet, &other.cmdlet),
            ("organization", &self.organization, &other.organization),
            ("output", &show(&self.out), &show(&other.out)),
        ] {
            if own != theirs {
                return format!("its {what} is {theirs}, and that of this command is {own}");
            }
        }
        "its command has other parameters, another form of output or another part of the list".to_owned()
    }
}

/// The first sixteen bytes of the SHA-256 of a text.
pub(super) fn print(text: &str) -> [u8; 16] {
    let mut print = [0; 16];
    print.iter_mut().zip(digest(&SHA256, text.as_bytes()).as_ref()).for_each(|(to, from)| *to = *from);
    print
}

impl Print {
    fn of(identity: &str) -> Self {
        Self(print(identity))
    }
}

impl Journal {
    /// Opens the journal of this command, or begins one.
    pub(super) fn open(path: &Path, command: &Command) -> Result<Self, Failure> {
        let file = lock::open(path).map_err(|why| unusable(path, &why))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(path)),
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error.to_string())),
        }
        let mut journal = Self {
            file,
            path: path.to_owned(),
            done: HashMap::new(),
            open: HashMap::new(),
            output: Output::default(),
        };
        journal.read(command)?;
        Ok(journal)
    }

    /// Reads what earlier runs have left, and cuts off the line in which the last one was ended.
    fn read(&mut self, command: &Command) -> Result<(), Failure> {
        let failed = |error: io::Error| unusable(&self.path, &error.to_string());
        let mut reader = BufReader::new(self.file.try_clone().map_err(failed)?);
        let (mut good, mut line) = (0, Vec::new());
        let mut number = 0_usize;
        loop {
            line.clear();
            reader.read_until(b'\n', &mut line).map_err(|error| unusable(&self.path, &error.to_string()))?;
            number += 1;
            if line.last() != Some(&b'\n') {
                break;
            }
            line.pop();
            let read = if number == 1 { self.check(&line, command) } else { self.take(&line, number) };
            // Where the power failed, the last line may be there and hold nothing.
            let is_last = number > 1 && reader.fill_buf().is_ok_and(<[u8]>::is_empty);
            match read {
                Err(_) if is_last => break,
                read => read?,
            }
            good += line.len() as u64 + 1;
        }
        if number == 1 && !may_be_torn(&line) {
            return Err(self.foreign("it is no journal of exo-mi"));
        }
        let cut = self.file.set_len(good).and_then(|()| self.file.seek(SeekFrom::End(0)));
        cut.map_err(|error| unusable(&self.path, &error.to_string()))?;
        if number > 1 {
            return Ok(());
        }
        self.append(command)?;
        sink::sync_folder(&self.path).map_err(|error| unusable(&self.path, &error.to_string()))
    }

    fn check(&self, line: &[u8], command: &Command) -> Result<(), Failure> {
        match serde_json::from_slice::<Command>(line) {
            Ok(other) if other == *command => Ok(()),
            Ok(other) => Err(self.foreign(&command.difference(&other))),
            Err(_) => Err(self.foreign("it is no journal of exo-mi, or of another version")),
        }
    }

    fn take(&mut self, line: &[u8], number: usize) -> Result<(), Failure> {
        let Entry { sent, done, undone, output } = serde_json::from_slice(line)
            .map_err(|error| unusable(&self.path, &format!("line {number} cannot be read: {error}")))?;
        for identity in &sent {
            *self.open.entry(Print::of(identity)).or_default() += 1;
        }
        for identity in done.iter().chain(&undone) {
            take_one(&mut self.open, Print::of(identity));
        }
        for identity in &done {
            *self.done.entry(Print::of(identity)).or_default() += 1;
        }
        if let Some(Output { length, columns }) = output {
            self.output = Output { length, columns: columns.or(self.output.columns.take()) };
        }
        Ok(())
    }

    fn foreign(&self, why: &str) -> Failure {
        let message =
            format!("{} is the journal of another command, and nothing was sent", self.path.display());
        Failure::new(Exit::Usage, Code::JournalForeign, message).because(why).hint(
            "name another file with --resume, or repeat the command as it was when the journal was begun",
        )
    }

    /// What is known of the output.
    pub(in crate::cli) fn output(&self) -> &Output {
        &self.output
    }

    /// What earlier runs have left of an identity that comes now: `None` where it is to be done.
    pub(super) fn meet(&mut self, identity: &str) -> Option<Fate> {
        let print = Print::of(identity);
        if take_one(&mut self.done, print) {
            return Some(Fate::Done);
        }
        take_one(&mut self.open, print).then_some(Fate::InDoubt)
    }

    /// Notes what is about to be written.
    pub(super) fn sending<'i>(&mut self, identities: impl Iterator<Item = &'i str>) -> Result<(), Failure> {
        let sent = identities.map(str::to_owned).collect();
        self.append(&Entry { sent, ..Entry::default() })
    }

    /// Notes what became of identities, and how long the output is now. Of what is in doubt there is nothing to be noted
    /// but that it was sent.
    pub(super) fn commit<'i>(
        &mut self,
        fates: impl Iterator<Item = (&'i str, Fate)>,
        writes: bool,
        output: Output,
    ) -> Result<(), Failure> {
        let mut entry = Entry::default();
        for (identity, fate) in fates {
            match fate {
                Fate::Done => entry.done.push(identity.to_owned()),
                Fate::Undone if writes => entry.undone.push(identity.to_owned()),
                Fate::Undone | Fate::InDoubt => {}
            }
        }
        if output != self.output {
            // Columns are decided once, and named once.
            let columns = output.columns.clone().filter(|_| output.columns != self.output.columns);
            entry.output = Some(Output { length: output.length, columns });
            self.output = output;
        } else if entry.done.is_empty() && entry.undone.is_empty() {
            return Ok(());
        }
        self.append(&entry)
    }

    /// Writes a line, and waits until it is on the disk.
    fn append(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        written.map_err(|error| {
            let message = format!("the journal {} could not be written", self.path.display());
            Failure::new(Exit::Machine, Code::OutputFailed, message).caused_by(&error)
        })
    }
}

/// Whether this may be the beginning of a journal's first line, or nothing at all.
fn may_be_torn(line: &[u8]) -> bool {
    let begins = br#"{"journal":"#;
    let common = line.len().min(begins.len());
    line[..common] == begins[..common]
}

/// Takes one away of so many, where there is one.
fn take_one(counts: &mut HashMap<Print, u32>, print: Print) -> bool {
    match counts.get_mut(&print) {
        None => return false,
        Some(count) if *count > 1 => *count -= 1,
        Some(_) => {
            counts.remove(&print);
        }
    }
    true
}

fn busy(path: &Path) -> Failure {
    Failure::new(Exit::Unavailable, Code::LockBusy, "another run is under way, and nothing was sent")
        .because(format!("it holds the journal {}", path.display()))
        .hint("let it end, and run this again; the journal is free as soon as its process is gone")
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::new(Exit::Machine, Code::FileUnusable, format!("{} cannot be used as a journal", path.display()))
        .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(cmdlet: &str, organization: &str) -> Command {
        Command::new(cmdlet, organization, Some(Path::new("/data/x.csv")), "columns")
    }

    fn opened(path: &Path) -> Result<Journal, Failure> {
        Journal::open(path, &command("Get-Mailbox", "contoso.onmicrosoft.com"))
    }

    fn output(length: u64) -> Output {
        Output { length, columns: Some(vec!["Name".to_owned()]) }
    }

    /// A journal in a folder of its own.
    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        (folder, path)
    }

    fn text(path: &Path) -> String {
        std::fs::read_to_string(path).expect("text")
    }

    #[test]
    fn what_is_done_is_known_to_the_next_run_and_what_failed_is_not() {
        let (_folder, path) = place();
        let mut journal = opened(&path).expect("a journal");
        assert_eq!(journal.meet("a"), None);
        let fates = [("a", Fate::Done), ("b", Fate::Undone), ("c", Fate::Done), ("a", Fate::Done)];
        journal.commit(fates.into_iter(), false, output(30)).expect("written");
        drop(journal);
        let mut journal = opened(&path).expect("a journal");
        assert_eq!(journal.output(), &output(30));
        let met: Vec<_> =
            ["a", "b", "c", "a", "a", "A"].iter().map(|identity| journal.meet(identity)).collect();
        let done = Some(Fate::Done);
        // It was named twice, so that it is done twice.
        assert_eq!(met, [done, None, done, done, None, None]);
    }

    #[test]
    fn a_write_that_was_sent_is_in_doubt_until_its_fate_is_known() {
        let (_folder, path) = place();
        let mut journal = opened(&path).expect("a journal");
        journal.sending(["a", "b", "c"].into_iter()).expect("written");
        let fates = [("a", Fate::Done), ("b", Fate::Undone), ("c", Fate::InDoubt)];
        journal.commit(fates.into_iter(), true, Output::default()).expect("written");
        journal.sending(["d"].into_iter()).expect("written");
        drop(journal);
        for _ in 0..2 {
            let mut journal = opened(&path).expect("a journal");
            let met: Vec<_> =
                ["a", "b", "c", "d", "e"].iter().map(|identity| journal.meet(identity)).collect();
            assert_eq!(met, [Some(Fate::Done), None, Some(Fate::InDoubt), Some(Fate::InDoubt), None]);
        }
    }

    #[test]
    fn a_line_that_was_cut_off_anywhere_is_as_if_it_had_never_been_begun() {
        let (_folder, path) = place();
        let mut journal = opened(&path).expect("a journal");
        journal.commit([("a", Fate::Done)].into_iter(), false, output(10)).expect("written");
        let before = text(&path);
        journal.commit([("b", Fate::Done)].into_iter(), false, output(20)).expect("written");
        drop(journal);
        let whole = text(&path);
        for end in before.len()..whole.len() {
            std::fs::write(&path, &whole[..end]).expect("written");
            let mut journal = opened(&path).expect("a journal");
            assert_eq!((journal.output().length, journal.meet("b")), (10, None), "cut at {end}");
            journal.commit([("b", Fate::Done)].into_iter(), false, output(20)).expect("written");
            drop(journal);
            assert_eq!(text(&path), whole, "cut at {end}");
        }
        let first = before.find('\n').expect("a line");
        for end in 0..=first {
            std::fs::write(&path, &whole[..end]).expect("written");
            drop(opened(&path).expect("a new journal"));
            assert_eq!(text(&path), before[..=first], "cut at {end}");
        }
    }

    #[test]
    fn the_journal_of_another_command_is_refused_and_left_as_it_is() {
        let (_folder, path) = place();
        drop(opened(&path).expect("a journal"));
        let before = text(&path);
        let elsewhere = Command::new("Get-Mailbox", "contoso.onmicrosoft.com", None, "columns");
        let otherwise =
            Command::new("Get-Mailbox", "contoso.onmicrosoft.com", Some(Path::new("/data/x.csv")), "others");
        for (other, why) in [
            (command("Get-Recipient", "contoso.onmicrosoft.com"), "its cmdlet is Get-Mailbox"),
            (command("Get-Mailbox", "fabrikam.onmicrosoft.com"), "its organization is contoso"),
            (elsewhere, "its output is /data/x.csv, and that of this command is no file"),
            (otherwise, "other parameters"),
        ] {
            let failure = Journal::open(&path, &other).expect_err("it is another one's");
            assert_eq!((failure.exit, failure.code), (Exit::Usage, Code::JournalForeign));
            assert!(failure.causes[0].contains(why), "{:?}", failure.causes);
        }
        assert_eq!(text(&path), before);
        drop(Journal::open(&path, &command("Get-Mailbox", "CONTOSO.onmicrosoft.com")).expect("the same"));
    }

    #[test]
    fn what_is_no_journal_is_refused_and_left_as_it_is() {
        let (_folder, path) = place();
        for (content, code) in [
            ("Name,Alias\nx,y\n", Code::JournalForeign),
            ("x", Code::JournalForeign),
            ("{\"journal\":2}\n", Code::JournalForeign),
        ] {
            std::fs::write(&path, content).expect("written");
            assert_eq!(opened(&path).expect_err("no journal").code, code, "{content}");
            assert_eq!(text(&path), content);
        }
        std::fs::remove_file(&path).expect("removed");
        drop(opened(&path).expect("a journal"));
        let spoilt = text(&path) + "{\"done\":1}\n{\"done\":[\"a\"]}\n";
        std::fs::write(&path, &spoilt).expect("written");
        let failure = opened(&path).expect_err("a spoilt journal");
        assert_eq!((failure.exit, failure.code), (Exit::Machine, Code::FileUnusable));
        assert!(failure.causes[0].starts_with("line 2 cannot be read"), "{:?}", failure.causes);
        assert_eq!(text(&path), spoilt);
    }

    #[test]
    fn a_last_line_that_the_power_took_is_none() {
        let (_folder, path) = place();
        let mut journal = opened(&path).expect("a journal");
        journal.commit([("a", Fate::Done)].into_iter(), false, output(10)).expect("written");
        drop(journal);
        let good = text(&path);
        std::fs::write(&path, format!("{good}\0\0\0\n")).expect("written");
        assert_eq!(opened(&path).expect("a journal").meet("a"), Some(Fate::Done));
        assert_eq!(text(&path), good);
    }

    #[test]
    fn one_run_holds_it() {
        let (_folder, path) = place();
        let held = opened(&path).expect("a journal");
        let failure = opened(&path).expect_err("it is held");
        assert_eq!((failure.exit, failure.code), (Exit::Unavailable, Code::LockBusy));
        drop(held);
        drop(opened(&path).expect("it is free"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
