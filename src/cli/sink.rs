//! Where the data goes: standard output, or a file that appears when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::lock;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render::Format;
use crate::world::Stream;

/// The option of every command that prints data.
#[derive(Args, Clone, Debug)]
pub(crate) struct Destination {
    /// Write the result to this file, which appears when it is complete; standard output stays empty
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

impl Destination {
    /// Whether it is a file.
    pub(super) fn is_file(&self) -> bool {
        self.out.is_some()
    }

    /// Opens a file that grows from run to run, at the length at which the last one left it. It is under its name for an
    /// incomplete result until it is complete.
    pub(super) fn reopen(&self, length: u64, stdout: &Stream) -> Result<Sink, Failure> {
        let Some(path) = &self.out else { return self.open(stdout) };
        let path = followed(path)?;
        check_folder(&path)?;
        if is_special(&path) {
            return Err(
                unwritable(&path).because("a device or a pipe keeps nothing that could be gone on with")
            );
        }
        let failed = |error: io::Error| unwritable(&path).because(error.kind().to_string());
        let growing = partial(&path);
        if length > 0 && !growing.exists() && length_of(&path) == Some(length) {
            // It was complete, and more is to come. Until that is there, it stays as it is.
            let mut copy = beside(&path).map_err(failed)?;
            let copied = File::open(&path).and_then(|mut file| io::copy(&mut file, copy.as_file_mut()));
            copied.map_err(failed)?;
            copy.persist(&growing).map_err(|error| failed(error.error))?;
        }
        if length_of(&growing).unwrap_or_default() < length {
            return Err(lost(&path, &growing, length));
        }
        let mut file = lock::open(&growing).map_err(|why| unwritable(&growing).because(why))?;
        file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
        Ok(Sink::to(Place::Growing { file: BufWriter::new(file), path }))
    }

    /// Opens the place. A file that cannot be written is found here, before anything is sent.
    pub(super) fn open(&self, stdout: &Stream) -> Result<Sink, Failure> {
        let Some(path) = &self.out else {
            return Ok(Sink::to(Place::Stream(BufWriter::new(stdout.clone()))));
        };
        let path = followed(path)?;
        check_folder(&path)?;
        let failed = |error: io::Error| unwritable(&path).because(error.kind().to_string());
        if is_special(&path) {
            // A device or a pipe is written to; a rename would put a file in its place.
            let file = OpenOptions::new().write(true).open(&path).map_err(failed)?;
            return Ok(Sink::to(Place::Special(BufWriter::new(file))));
        }
        let file = beside(&path).map_err(failed)?;
        Ok(Sink::to(Place::File { file: BufWriter::new(file), path }))
    }
}

/// Where a link leads: what it names is written, and the link stays.
pub(super) fn followed(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    path.canonicalize().map_err(|_| unwritable(path).because("it is a link that leads nowhere"))
}

/// Whether something is there that is neither a plain file nor a folder: a device, a pipe.
pub(super) fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// Refuses a path at which no file can appear.
pub(super) fn check_folder(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(unwritable(path).because("it is a folder"));
    }
    let folder = folder(path);
    if folder.is_dir() {
        return Ok(());
    }
    Err(unwritable(path).because(format!("there is no folder {}", folder.display())))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new file beside the one that it is to become, so that the last step is a rename; readable by its owner alone, since
/// results hold personal data.
pub(super) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder(path))
}

/// What the journal counts on is not there, so that going on would give a result with a hole.
fn lost(path: &Path, growing: &Path, length: u64) -> Failure {
    let message = format!("{} is not as the journal says, and nothing was sent", path.display());
    Failure::new(Exit::Usage, Code::JournalForeign, message)
        .because(format!("there are not {length} bytes in {}", growing.display()))
        .hint("begin anew with another journal, or put the file back")
}

fn length_of(path: &Path) -> Option<u64> {
    path.metadata().ok().filter(std::fs::Metadata::is_file).map(|there| there.len())
}

/// Has the system keep the names in a file's folder, where it can be told to.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn unwritable(path: &Path) -> Failure {
    Failure::new(Exit::Machine, Code::OutputFailed, format!("{} cannot be written", path.display()))
}

/// An open place for data.
pub(super) struct Sink {
    place: Place,
    /// Whether there is anything in it.
    begun: bool,
    /// What is written before the next data.
    separator: &'static str,
    /// Whether whoever read it has gone.
    abandoned: bool,
}

enum Place {
    Stream(BufWriter<Stream>),
    /// A device or a pipe that the user named.
    Special(BufWriter<File>),
    File {
        file: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
    /// A file of which every part that was committed is kept, whatever happens.
    Growing {
        file: BufWriter<File>,
        path: PathBuf,
    },
}

impl Sink {
    fn to(place: Place) -> Self {
        Self { place, begun: false, separator: "", abandoned: false }
    }

    /// Parts what comes next from what came before, where both are something.
    pub(super) fn part(&mut self, format: Format) {
        self.separator = match format {
            _ if !self.begun => "",
            Format::Table | Format::List | Format::Csv | Format::Tsv | Format::Markdown => "\n",
            Format::Yaml => "---\n",
            // PowerShell's own blank lines part its results already.
            Format::Powershell | Format::Json | Format::Jsonl | Format::Raw | Format::None => "",
        };
    }

    /// Ends the output. A file gets its name; an incomplete one gets `.partial` after it, so that nobody takes it for
    /// the whole and nothing that came is lost.
    pub(super) fn close(self, complete: bool) -> io::Result<()> {
        match self.place {
            Place::Stream(mut stream) => stream.flush(),
            Place::Special(mut file) => file.flush(),
            Place::File { file, path } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(if complete { path } else { partial(&path) })?;
                Ok(())
            }
            Place::Growing { file, path } => {
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                if complete {
                    std::fs::rename(partial(&path), &path)?;
                }
                sync_folder(&path)
            }
        }
    }

    /// Whether whoever read it has gone, so that nothing more need be written.
    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned
    }

    /// Where an incomplete result is kept.
    pub(super) fn partial(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Stream(_) | Place::Special(_) => None,
            Place::File { path, .. } | Place::Growing { path, .. } => Some(partial(path)),
        }
    }

    /// Waits until everything so far is on the disk, and gives its length.
    pub(super) fn commit(&mut self) -> io::Result<u64> {
        let Place::Growing { file, .. } = &mut self.place else { return Ok(0) };
        file.flush()?;
        file.get_ref().sync_data()?;
        file.stream_position()
    }

    fn noting<T>(&mut self, written: io::Result<T>) -> io::Result<T> {
        self.abandoned |= written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        written
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Stream(stream) => stream,
            Place::Special(file) | Place::Growing { file, .. } => file,
            Place::File { file, .. } => file,
        }
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let separator = std::mem::take(&mut self.separator);
        self.begun = true;
        let writer = self.writer();
        let written = writer.write_all(separator.as_bytes()).and_then(|()| writer.write(bytes));
        self.noting(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.writer().flush();
        self.noting(flushed)
    }
}
