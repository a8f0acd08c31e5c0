//! Where the data goes: standard output, or a file that appears when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

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
}

enum Place {
    Stream(BufWriter<Stream>),
    /// A device or a pipe that the user named.
    Special(BufWriter<File>),
    File {
        file: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Sink {
    fn to(place: Place) -> Self {
        Self { place, begun: false, separator: "" }
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
        }
    }

    /// Where an incomplete result is kept.
    pub(super) fn partial(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Stream(_) | Place::Special(_) => None,
            Place::File { path, .. } => Some(partial(path)),
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Stream(stream) => stream,
            Place::Special(file) => file,
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
        writer.write_all(separator.as_bytes())?;
        writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}
