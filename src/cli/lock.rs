//! `--lock`: at most one run at a time.
//!
//! The lock is the system's own on an open file, so that it ends with the process, whatever ends it. That the file is
//! there means nothing, and neither does what it says: it only tells a second run whom to look for. It is never removed,
//! since a run that removed it could take it from one that has just opened it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::clock::{Clock, iso};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render::on_one_line;

/// The most that is read of a file in which somebody else may have written.
const LONGEST_NOTE: u64 = 200;

/// The option of a command of which one run at a time is wanted.
#[derive(Args, Debug)]
pub(super) struct LockOptions {
    /// Hold a lock on this file, and end with exit code 6 where another run holds it
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

/// A lock that is held until this is dropped.
pub(super) struct Lock(#[allow(dead_code)] File);

impl LockOptions {
    /// Takes the lock, where one is asked for. Nobody is waited for.
    pub(super) fn take(&self, clock: &Clock) -> Result<Option<Lock>, Failure> {
        self.lock.as_deref().map(|path| Lock::take(path, clock)).transpose()
    }
}

impl Lock {
    fn take(path: &Path, clock: &Clock) -> Result<Self, Failure> {
        let mut file = open(path).map_err(|why| unusable(path, &why))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error.to_string())),
        }
        sign(&mut file, clock).map_err(|error| unusable(path, &error.to_string()))?;
        Ok(Self(file))
    }
}

/// Opens the file, or makes one that its owner alone may read. A link is refused: in a folder that others may write to, it
/// would have this program write where somebody else points.
pub(super) fn open(path: &Path) -> Result<File, String> {
    if let Ok(there) = path.symlink_metadata() {
        check(&there)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| error.to_string())?;
    // What was looked at and what was opened must be one: it may have been exchanged in between.
    let (named, opened) = (path.symlink_metadata(), file.metadata());
    let named = named.map_err(|error| error.to_string())?;
    check(&named)?;
    match opened {
        Ok(opened) if are_one(&named, &opened) => Ok(file),
        Ok(_) => Err("it was replaced while it was opened".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn check(there: &std::fs::Metadata) -> Result<(), String> {
    let kind = there.file_type();
    let why = match () {
        () if kind.is_symlink() => "it is a symbolic link, which is not followed",
        () if kind.is_dir() => "it is a folder",
        () if !kind.is_file() => "it is no plain file",
        () => return Ok(()),
    };
    Err(why.to_owned())
}

#[cfg(unix)]
fn are_one(named: &std::fs::Metadata, opened: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (named.dev(), named.ino()) == (opened.dev(), opened.ino())
}

/// Links are rare here, and files have no number that can be asked for.
#[cfg(not(unix))]
fn are_one(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    true
}

/// Says in the file who holds it.
fn sign(file: &mut File, clock: &Clock) -> io::Result<()> {
    let since = iso(clock.now()).unwrap_or_default();
    file.set_len(0)?;
    writeln!(file, "process {} since {since}", std::process::id())
}

/// What the file says, in the moment between another run's lock and its signature still of the run before that one.
fn holder(file: &mut File) -> Option<String> {
    let mut note = Vec::new();
    // Where files are locked against reading too, nothing can be known.
    file.take(LONGEST_NOTE).read_to_end(&mut note).ok()?;
    let note = on_one_line(String::from_utf8_lossy(&note).trim());
    note.starts_with("process ").then_some(note)
}

fn busy(path: &Path, file: &mut File) -> Failure {
    let by = holder(file).unwrap_or_else(|| "another process".to_owned());
    Failure::new(Exit::Unavailable, Code::LockBusy, "another run is under way, and nothing was sent")
        .because(format!("{} is held by {by}", path.display()))
        .hint("let it end, and run this again; the lock is free as soon as its process is gone, and the file may stay")
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::new(Exit::Machine, Code::FileUnusable, format!("{} cannot be used as a lock", path.display()))
        .because(why)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn taken(path: &Path) -> Result<Lock, Failure> {
        Lock::take(path, &Clock::simulated(SystemTime::UNIX_EPOCH))
    }

    #[test]
    fn one_holds_it_and_the_next_gets_it_when_that_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let held = taken(&path).expect("the lock");
        let failure = taken(&path).err().expect("it is busy");
        assert_eq!((failure.exit, failure.code), (Exit::Unavailable, Code::LockBusy));
        let holder = format!("process {} since 1970-01-01T00:00:00Z", std::process::id());
        assert!(cfg!(windows) || failure.causes[0].ends_with(&holder), "{:?}", failure.causes);
        drop(held);
        taken(&path).expect("the lock");
    }

    #[test]
    fn what_a_longer_note_said_before_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        std::fs::write(&path, "x".repeat(4000)).expect("written");
        drop(taken(&path).expect("the lock"));
        let note = std::fs::read_to_string(&path).expect("text");
        assert_eq!(note, format!("process {} since 1970-01-01T00:00:00Z\n", std::process::id()));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_and_a_link_a_folder_and_a_device_are_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        drop(taken(&at("lock")).expect("the lock"));
        let mode = at("lock").metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        symlink(at("elsewhere"), at("dangling")).expect("a link");
        symlink(at("lock"), at("link")).expect("a link");
        for (path, why) in [
            (at("dangling"), "symbolic link"),
            (at("link"), "symbolic link"),
            (folder.path().to_owned(), "a folder"),
            ("/dev/null".into(), "no plain file"),
            (at("missing/lock"), "No such file"),
        ] {
            let failure = taken(&path).err().expect("a failure");
            assert_eq!((failure.exit, failure.code), (Exit::Machine, Code::FileUnusable));
            assert!(failure.causes[0].contains(why), "{:?}", failure.causes);
        }
        assert!(!at("elsewhere").exists(), "nothing was made where a link leads");
    }
}
