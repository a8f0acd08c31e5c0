//! How a result is written.

use std::io;
use std::sync::Arc;

use clap::Args;

use super::Color;
use super::reserved::Reserved;
use super::sink::Destination;
use crate::catalog::{Align, Column, View};
use crate::env::Env;
use crate::exchange::Keep;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render::{self, Columns, Format, Formulas, NoSuchColumn, Query, Renderer, Style};
use crate::world::Stream;

/// Options of every command that prints a result.
#[derive(Args, Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Switches of a command line are that.
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
    /// In CSV and TSV, put an apostrophe before what a spreadsheet would take for a formula
    #[arg(long)]
    no_formulas: bool,
    /// Lay out tables and lists for a console of this many columns [default: the terminal's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    width: Option<u16>,
    /// Escape everything in JSON that is not ASCII
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    pub(super) destination: Destination,
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
    /// The columns of the console that these options are for.
    pub(super) fn console(&self, stdout: &Stream) -> Option<usize> {
        console(self.width, &self.destination, stdout)
    }

    /// Decides; what stands after the cmdlet wins over what stands before it.
    pub(super) fn resolve(
        &self,
        after: Reserved,
        color: Color,
        env: &Env,
        stdout: &Stream,
    ) -> Result<Output, Failure> {
        let format = format(after.output.or(self.output), env)?;
        let terminal = stdout.columns.filter(|_| !self.destination.is_file());
        let colour = color.is_wanted(terminal.is_some(), env);
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
            width: self.console(stdout),
            colour,
            no_headers: after.no_headers || self.no_headers,
            formulas: if self.no_formulas { Formulas::Disarmed } else { Formulas::Kept },
        };
        // What reads the output of a program on Windows takes it for text of the console's code page.
        let ascii = self.ascii || cfg!(windows) && stdout.columns.is_none() && !self.destination.is_file();
        Ok(Output { format, style, columns, query, wide, ascii, width: self.width })
    }

    /// The same with PowerShell's own form, where no other is asked for.
    pub(super) fn or_powershell(self, env: &Env) -> Self {
        if self.is_chosen(&Reserved::default(), env) {
            return self;
        }
        Self { output: Some(Format::Powershell), ..self }
    }

    /// Whether another form than PowerShell's own is asked for, there, after the cmdlet or in the environment.
    pub(super) fn is_chosen(&self, after: &Reserved, env: &Env) -> bool {
        let named = match after.output.or(self.output) {
            Some(format) => format != Format::Powershell,
            None => env.var("EXO_MI_OUTPUT").is_some_and(|named| !named.eq_ignore_ascii_case("powershell")),
        };
        let narrowed = after.columns.is_some() || self.columns.is_some();
        let asks = after.query.is_some() || self.query.is_some();
        let laid_out = after.wide || self.wide || after.no_headers || self.no_headers;
        named || narrowed || asks || laid_out
    }
}

/// The columns of the console, given or those of the terminal; `None` where there is none.
pub(super) fn console(width: Option<u16>, destination: &Destination, stdout: &Stream) -> Option<usize> {
    width.map(usize::from).or(stdout.columns.filter(|_| !destination.is_file()))
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

    /// What of a result has to be kept until it is written.
    pub(super) fn keep(&self) -> Keep {
        match (self.format, self.columns.clone()) {
            (Format::Raw, _) => Keep::Text,
            (_, Some(columns)) => Keep::Properties(Arc::new(move |name| columns.name(name))),
            _ => Keep::Objects,
        }
    }

    /// Refuses what cannot be gone on with: a result that needs all of its rows, or more than their text.
    pub(super) fn check_resumable(&self, has_file: bool) -> Result<(), Failure> {
        let why = match self.format {
            _ if self.is_query() => "--query needs the whole result",
            Format::None => return Ok(()),
            _ if !has_file => "the result needs a file that can be gone on with: --out FILE, or -o none",
            Format::Jsonl | Format::Csv | Format::Tsv => return Ok(()),
            _ => "only jsonl, csv and tsv can be gone on with",
        };
        Err(Failure::usage("--resume does not go with this form of output").because(why))
    }

    /// Everything that decides how rows are written, as a text that is the same in every run.
    pub(super) fn form(&self) -> String {
        let columns = self.columns.as_ref().map(ToString::to_string).unwrap_or_default();
        let Style { no_headers, formulas, .. } = self.style;
        let format = clap::ValueEnum::to_possible_value(&self.format);
        let format = format.map(|format| format.get_name().to_owned()).unwrap_or_default();
        let formulas = formulas == Formulas::Kept;
        format!("{format} columns={columns} headers={} formulas={formulas} ascii={}", !no_headers, self.ascii)
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

/// What was written did not reach the disk.
pub(super) fn uncommitted(error: &io::Error) -> Failure {
    Failure::new(Exit::Machine, Code::OutputFailed, "the output could not be written").caused_by(error)
}

/// Why the result could not be written. A reader that has gone away got what it wanted, and is no failure.
pub(super) fn unwritten(error: render::Error) -> Option<Failure> {
    match error {
        render::Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
        render::Error::Output(error) => Some(uncommitted(&error)),
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
