//! Where the data goes: standard output, or a file that appears when it is complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::Color;
use crate::env::Env;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render::{Format, Style};
use crate::world::Stream;

/// Options of every command that prints a result.
#[derive(Args, Debug)]
pub(crate) struct OutputOptions {
    /// How the result is written [env: EXO_MI_OUTPUT] [default: table]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// Write the result to this file, which appears when it is complete; standard output stays empty
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What was decided.
pub(super) struct Output {
    pub format: Format,
    pub style: Style,
    file: Option<PathBuf>,
}

impl OutputOptions {
    /// Decides; `-o` after the cmdlet wins over `-o` before it.
    pub(super) fn resolve(
        self,
        after: Option<Format>,
        color: Color,
        env: &Env,
        stdout: &Stream,
    ) -> Result<Output, Failure> {
        let format = match (after.or(self.output), env.var("EXO_MI_OUTPUT")) {
            (Some(format), _) => format,
            (None, Some(text)) => <Format as clap::ValueEnum>::from_str(&text, true)
                .map_err(|_| Failure::usage(format!("EXO_MI_OUTPUT: `{text}` is no output format")))?,
            (None, None) => Format::default(),
        };
        let terminal = stdout.columns.filter(|_| self.out.is_none());
        let colour = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal.is_some() && !env.has("NO_COLOR"),
        };
        Ok(Output { format, style: Style { width: terminal, colour }, file: self.out })
    }
}

impl Output {
    /// Opens the place. A file that cannot be written is found here, before anything is sent.
    pub(super) fn open(&self, stdout: &Stream) -> Result<Sink, Failure> {
        let Some(path) = &self.file else { return Ok(Sink::Stream(BufWriter::new(stdout.clone()))) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if path.is_dir() {
            return Err(unwritable(path).because("it is a folder"));
        }
        if !folder.is_dir() {
            return Err(unwritable(path).because(format!("there is no folder {}", folder.display())));
        }
        // Beside the target, so that the last step is a rename; readable by its owner alone, since results hold
        // personal data.
        let file = NamedTempFile::new_in(folder)
            .map_err(|error| unwritable(path).because(error.kind().to_string()))?;
        Ok(Sink::File { file: BufWriter::new(file), path: path.clone() })
    }
}

fn unwritable(path: &Path) -> Failure {
    Failure::new(Exit::Machine, Code::OutputFailed, format!("{} cannot be written", path.display()))
}

/// An open place for data.
pub(super) enum Sink {
    Stream(BufWriter<Stream>),
    File { file: BufWriter<NamedTempFile>, path: PathBuf },
}

impl Sink {
    /// Ends the output. A file gets its name; an incomplete one gets `.partial` after it, so that nobody takes it for
    /// the whole and nothing that came is lost.
    pub(super) fn close(self, complete: bool) -> io::Result<()> {
        match self {
            Self::Stream(mut stream) => stream.flush(),
            Self::File { file, path } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(if complete { path } else { partial(&path) })?;
                Ok(())
            }
        }
    }

    /// Where an incomplete result is kept.
    pub(super) fn partial(&self) -> Option<PathBuf> {
        match self {
            Self::Stream(_) => None,
            Self::File { path, .. } => Some(partial(path)),
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
        match self {
            Self::Stream(stream) => stream.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}
