//! Key files, good ones and those that a careful client refuses to open.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::agent::{Place, TOKENS};
use crate::emulator::files;
use crate::emulator::state::identifier;

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trick {
    /// Nobody may read it.
    Locked,
    /// It lies elsewhere.
    ForeignPath,
    /// It lies elsewhere, under a path that begins as it should.
    Traversal,
    WrongExtension,
    /// A byte longer than a key may be.
    TooLarge,
    /// It is a symbolic link to a file elsewhere.
    Link,
}

impl Trick {
    /// In words for the journal.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Locked => "the key file cannot be read",
            Self::ForeignPath => "the challenge names a file outside of the folder",
            Self::Traversal => "the challenge names a file outside of the folder, by way of it",
            Self::WrongExtension => "the challenge names a file that is no .key",
            Self::TooLarge => "the key file has 4097 bytes",
            Self::Link => "the key file is a link to a file outside of the folder",
        }
    }
}

/// A key that was written for one challenge.
pub(super) struct Key {
    pub(super) content: String,
    /// The path as the challenge names it.
    pub(super) shown: String,
    pub(super) trick: Option<Trick>,
    pub(super) written: SystemTime,
    pub(super) used: bool,
    /// What lies on the disk because of it.
    pub(super) files: Vec<PathBuf>,
}

impl Key {
    /// Writes a fresh key, with whatever is to be wrong about it.
    pub(super) fn write(place: &Place<'_>, trick: Option<Trick>, now: SystemTime) -> io::Result<Self> {
        let name = uuid::Uuid::new_v4().to_string();
        let content = identifier() + &identifier();
        let content = if trick == Some(Trick::TooLarge) { format!("{content:0>4097}") } else { content };
        let shown = shown(&name, trick);
        let file = place.on_disk(&shown);
        let mut files = vec![file.clone()];
        match trick {
            Some(Trick::Link) => files.push(link(&file, &content)?),
            Some(Trick::Locked) => lock(&file, &content)?,
            // The real file of that name is nobody's to overwrite.
            Some(Trick::ForeignPath) if place.is_real() => files.clear(),
            _ => files::write(&file, content.as_bytes(), 0o640)?,
        }
        Ok(Self { content, shown, trick, written: now, used: false, files })
    }

    pub(super) fn remove(&self) {
        for file in &self.files {
            // A client may have removed it, and a temporary folder goes as a whole.
            fs::remove_file(file).or_else(|_| fs::remove_dir(file)).ok();
        }
    }
}

fn shown(name: &str, trick: Option<Trick>) -> String {
    let separator = std::path::MAIN_SEPARATOR;
    match trick {
        Some(Trick::ForeignPath) if cfg!(windows) => r"C:\Windows\shadow.key".to_owned(),
        Some(Trick::ForeignPath) => "/etc/shadow.key".to_owned(),
        Some(Trick::Traversal) => format!("{TOKENS}{separator}..{separator}{name}.key"),
        Some(Trick::WrongExtension) => format!("{TOKENS}{separator}{name}.txt"),
        _ => format!("{TOKENS}{separator}{name}.key"),
    }
}

/// A file without any permission. Root reads even that, so where it can be read a folder takes its place, which
/// nobody reads.
fn lock(file: &Path, content: &str) -> io::Result<()> {
    files::write(file, content.as_bytes(), 0o000)?;
    if fs::File::open(file).is_ok() {
        fs::remove_file(file)?;
        fs::create_dir(file)?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(file: &Path, content: &str) -> io::Result<PathBuf> {
    let target = outside(file);
    files::write(&target, content.as_bytes(), 0o640)?;
    std::os::unix::fs::symlink(&target, file)?;
    Ok(target)
}

/// Links need a privilege on Windows; a file without content fails a client as well.
#[cfg(not(unix))]
fn link(file: &Path, _content: &str) -> io::Result<PathBuf> {
    files::write(file, b"", 0o640)?;
    Ok(outside(file))
}

fn outside(file: &Path) -> PathBuf {
    let folder = file.parent().and_then(Path::parent).unwrap_or(file);
    folder.join(file.with_extension("secret").file_name().unwrap_or_default())
}
