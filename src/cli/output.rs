//! Where the data goes: standard output, or a file that appears when it is complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::Color;
use super::reserved::Reserved;
use crate::catalog::{Align, Column, View};
use crate::env::Env;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render::{self, Columns, Format, NoSuchColumn, Query, Renderer, Style};
use crate::world::Stream;

/// Options of every command that prints a result.
#[derive(Args, Clone, Debug)]
pub(crate) struct OutputOptions {
    /// How the result is written [env: EXO_MI_OUTPUT] [default: table]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// Show these properties alone, in this order: names without regard to case, globs such as *Size
    #[arg(long, value_name = "A,B,*SIZE", value_parser = Columns::parse)]
    columns: Option<Columns>,
    /// Add Identity, Guid and WhenChangedUTC to the columns of a table
    #[arg(long)]
    wide: bool,
    /// Print what this JMESPath expression yields, over the array of all objects
    #[arg(long, value_name = "JMESPATH")]
    query: Option<String>,
    /// Leave the header of a table, of CSV or of TSV out
    #[arg(long)]
    no_headers: bool,
    /// Lay out tables and lists for a console of this many columns [default: the terminal's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    width: Option<u16>,
    /// Escape everything in JSON that is not ASCII
    #[arg(long)]
    ascii: bool,
    /// Write the result to this file, which appears when it is complete; standard output stays empty
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What was decided.
pub(super) struct Output {
    pub format: Format,
    style: Style,
    columns: Option<Columns>,
    query: Option<Query>,
    wide: bool,
    ascii: bool,
    /// `--width`, as it was given.
    pub width: Option<u16>,
}

/// What `--wide` adds to a view.
const WIDE: [&str; 3] = ["Identity", "Guid", "WhenChangedUTC"];

impl OutputOptions {
    /// Decides; what stands after the cmdlet wins over what stands before it.
    pub(super) fn resolve(
        &self,
        after: Reserved,
        color: Color,
        env: &Env,
        stdout: &Stream,
    ) -> Result<Output, Failure> {
        let format = format(after.output.or(self.output), env)?;
        let terminal = stdout.columns.filter(|_| self.out.is_none());
        let colour = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal.is_some() && !env.has("NO_COLOR"),
        };
        let columns = after.columns.or_else(|| self.columns.clone());
        let wide = after.wide || self.wide;
        if wide && columns.is_some() {
            return Err(Failure::usage("--wide and --columns exclude each other"));
        }
        let query = after.query.or_else(|| self.query.clone());
        if query.is_some() && (wide || columns.is_some()) {
            return Err(Failure::usage("--query excludes --columns and --wide")
                .hint("an expression chooses by itself: --query '[].{Name: Name, Type: DomainType}'"));
        }
        let query = query.map(|text| Query::parse(&text).map_err(|why| malformed(&text, why))).transpose()?;
        if format == Format::Raw && (wide || columns.is_some() || query.is_some()) {
            return Err(Failure::usage("-o raw is what the server sent, of which nothing can be chosen"));
        }
        let style = Style {
            terminal: terminal.is_some(),
            width: self.width.map(usize::from).or(terminal),
            colour,
            no_headers: after.no_headers || self.no_headers,
        };
        // What reads the output of a program on Windows takes it for text of the console's code page.
        let ascii = self.ascii || cfg!(windows) && stdout.columns.is_none() && self.out.is_none();
        Ok(Output { format, style, columns, query, wide, ascii, width: self.width })
    }

    /// Opens the place. A file that cannot be written is found here, before anything is sent.
    pub(super) fn open(&self, stdout: &Stream) -> Result<Sink, Failure> {
        let Some(path) = &self.out else {
            return Ok(Sink::to(Place::Stream(BufWriter::new(stdout.clone()))));
        };
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
        Ok(Sink::to(Place::File { file: BufWriter::new(file), path: path.clone() }))
    }
}

impl Output {
    /// What writes a result of this view.
    pub(super) fn renderer(&self, view: Option<View>) -> Renderer {
        let view = view.map(|view| {
            if self.wide && matches!(self.format, Format::Table | Format::Powershell | Format::Markdown) {
                widened(view)
            } else {
                view
            }
        });
        if let Some(query) = &self.query {
            return Renderer::query(query.clone(), self.format, view, self.style).ascii(self.ascii);
        }
        let renderer = render::renderer(self.format, view, self.style).ascii(self.ascii);
        match &self.columns {
            Some(columns) => renderer.columns(columns.clone()),
            None => renderer,
        }
    }

    /// Whether an expression is evaluated over the result.
    pub(super) fn is_query(&self) -> bool {
        self.query.is_some()
    }

    /// Whether the result is laid out for a width that the user gave or the terminal has.
    pub(super) fn has_console(&self) -> bool {
        self.style.width.is_some()
    }

    /// Whether the user named columns.
    pub(super) fn is_narrowed(&self) -> bool {
        self.columns.is_some()
    }
}

/// The format that was named, there or in the environment.
pub(super) fn format(option: Option<Format>, env: &Env) -> Result<Format, Failure> {
    match (option, env.var("EXO_MI_OUTPUT")) {
        (Some(format), _) => Ok(format),
        (None, Some(text)) => <Format as clap::ValueEnum>::from_str(&text, true)
            .map_err(|_| Failure::usage(format!("EXO_MI_OUTPUT: `{text}` is no output format"))),
        (None, None) => Ok(Format::default()),
    }
}

/// Why the result could not be written. A reader that has gone away got what it wanted, and is no failure.
pub(super) fn unwritten(error: render::Error) -> Option<Failure> {
    match error {
        render::Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
        render::Error::Output(error) => Some(
            Failure::new(Exit::Machine, Code::OutputFailed, "the output could not be written")
                .caused_by(&error),
        ),
        render::Error::Query(why) => Some(
            Failure::usage("--query cannot be evaluated over the result")
                .because(why)
                .because("the cmdlet has run, and its result was not printed"),
        ),
        render::Error::NoSuchColumn(missing) => Some(no_such_column(&missing)),
    }
}

/// The names that there are stand in several hints, as a line of two hundred of them is not read.
fn no_such_column(missing: &NoSuchColumn) -> Failure {
    const LINE: usize = 80;
    let failure = Failure::usage(missing.to_string())
        .because("--columns is compared with what came: the cmdlet has run, and its result was not printed");
    let mut lines: Vec<String> = Vec::new();
    for name in &missing.known {
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < LINE => *line = format!("{line}, {name}"),
            _ => lines.push(name.clone()),
        }
    }
    lines.iter().enumerate().fold(failure, |failure, (at, line)| {
        failure.hint(if at == 0 { format!("there are {line}") } else { line.clone() })
    })
}

fn malformed(text: &str, why: String) -> Failure {
    let failure = Failure::usage(format!("--query: `{text}` is no JMESPath expression")).because(why);
    if text.contains('`') {
        // Where az is more lenient.
        failure.hint(
            "between backticks stands JSON; a text stands between single quotes: [?Name=='contoso.com']",
        )
    } else {
        failure
    }
}

fn widened(mut view: View) -> View {
    for name in WIDE {
        if !view.columns.iter().any(|column| column.property.eq_ignore_ascii_case(name)) {
            view.columns.push(Column::named(name, Align::Left));
        }
    }
    view
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
    File { file: BufWriter<NamedTempFile>, path: PathBuf },
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
            Place::Stream(_) => None,
            Place::File { path, .. } => Some(partial(path)),
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Stream(stream) => stream,
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
