//! Results as text: tables and lists as PowerShell 7 lays them out, Markdown for reports, and JSON, CSV and others for
//! programs.
//!
//! Rows come a page at a time and are gone after it. Every format writes them as they come, but for tables whose columns
//! are as wide as their widest cell: these keep their cells.

mod answer;
mod cell;
mod cells;
mod columns;
mod csv;
mod date;
mod draw;
mod form;
mod gauge;
pub mod glob;
mod header;
mod json;
mod lines;
mod list;
mod markdown;
mod measure;
mod names;
mod paragraph;
mod query;
mod raw;
mod safe;
mod table;
mod tsv;
mod width;
mod yaml;

use std::io::{self, Write};

use crate::catalog::View;
use crate::value::Row;

use answer::Manner;
use columns::Choice;
pub use columns::{Columns, NoSuchColumn};
use csv::Csv;
pub use form::Form;
use form::Undecided;
use json::{Json, Layout};
use list::List;
use markdown::Markdown;
pub use paragraph::{fill, paragraph};
use query::Gathered;
pub use query::Query;
use raw::Raw;
use table::Table;
use tsv::Tsv;
use yaml::Yaml;

/// A text of the service as it may stand on one line of a terminal.
pub fn on_one_line(text: &str) -> String {
    safe::line(text.into()).into_owned()
}

/// JSON on lines as it may be shown.
pub fn harmless_json(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|text| safe::pretty_json(&text))
}

/// How much text is gathered before it is written.
const BLOCK: usize = 64 * 1024;

/// PowerShell's `$PSStyle.Formatting.TableHeader`, green and bold. Labels of a list have the same.
const HEADING: &str = "\u{1b}[32;1m";
const RESET: &str = "\u{1b}[0m";

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table of the cmdlet's own columns, or a list where PowerShell shows a list.
    #[default]
    Table,
    /// Every property on a line of its own.
    List,
    /// What PowerShell prints for the cmdlet alone, to the last blank.
    #[value(alias = "ps")]
    Powershell,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// CSV with a header.
    Csv,
    /// Tab-separated values without quotes.
    Tsv,
    /// A list of mappings.
    Yaml,
    /// A table in Markdown.
    Markdown,
    /// Nothing.
    None,
    /// What the server sent, page by page.
    Raw,
}

/// How text formats are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The console's columns, of which one is left free as in PowerShell. Without it, or where it is 0, nothing is cut.
    pub width: Option<usize>,
    /// Whether headings and labels are coloured.
    pub colour: bool,
    /// Whether a table, CSV and TSV go without their header.
    pub no_headers: bool,
    /// What becomes of formulas in CSV and TSV.
    pub formulas: Formulas,
    /// Whether the output is a terminal, which must not get what it could take for an order.
    pub terminal: bool,
}

/// Texts that a spreadsheet would carry out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formulas {
    /// They are data like any other.
    #[default]
    Kept,
    /// An apostrophe before them makes texts of them.
    Disarmed,
}

/// Why a result could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output does not take it.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// A column was named that is not there. Nothing was written.
    #[error(transparent)]
    NoSuchColumn(#[from] NoSuchColumn),
    /// An expression cannot be evaluated over what came. Nothing was written.
    #[error("{0}")]
    Query(String),
}

/// What became of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// How many objects there were.
    pub rows: usize,
    /// The labels of the columns that the console was too narrow for.
    pub hidden_columns: Vec<String>,
    /// Properties that no column was there for, since the columns were fixed before they first appeared.
    pub late_columns: Vec<String>,
}

/// Writes one result, page by page.
pub struct Renderer {
    rows: usize,
    style: Style,
    output: Output,
    choice: Option<Choice>,
}

enum Output {
    /// A table or a list; the first object decides.
    Undecided(Undecided),
    Table(Table),
    List(List),
    Json(Json),
    Csv(Csv),
    Tsv(Tsv),
    Yaml(Yaml),
    Markdown(Markdown),
    Raw(Raw),
    /// All rows, until an expression is evaluated over them.
    Gathered(Box<Gathered>, Manner),
    None,
}

/// A renderer for one result. The view is that of the cmdlet.
pub fn renderer(format: Format, view: Option<View>, style: Style) -> Renderer {
    let output = match format {
        Format::Table => return formatted(Form::TABLE, view, style),
        Format::List => return formatted(Form::LIST, view, style),
        Format::Powershell => return formatted(Form::BARE, view, style),
        Format::Json => Output::Json(Json::new(Layout::Array)),
        Format::Jsonl => Output::Json(Json::new(Layout::Lines)),
        Format::Csv => Output::Csv(Csv::new(view, style)),
        Format::Tsv => Output::Tsv(Tsv::new(view, style)),
        Format::Yaml => Output::Yaml(Yaml::default()),
        Format::Markdown => Output::Markdown(Markdown::new(view)),
        Format::None => Output::None,
        Format::Raw => Output::Raw(Raw::default()),
    };
    Renderer { rows: 0, style, output, choice: None }
}

/// A renderer that shows one result as PowerShell's formatting cmdlets do.
pub fn formatted(form: Form, view: Option<View>, style: Style) -> Renderer {
    let output = Output::Undecided(Undecided::new(form, view));
    Renderer { rows: 0, style: form.styled(style), output, choice: None }
}

impl Renderer {
    /// Has JSON escape everything that is not ASCII, for consoles whose code page would break it.
    #[must_use]
    pub fn ascii(mut self, ascii: bool) -> Self {
        match &mut self.output {
            Output::Json(json) => json.ascii = ascii,
            Output::Gathered(_, manner) => manner.ascii = ascii,
            _ => {}
        }
        self
    }

    /// Shows these columns and no others, in their order. A table of them is a table, whatever the view.
    #[must_use]
    pub fn columns(mut self, columns: Columns) -> Self {
        match &mut self.output {
            Output::Csv(csv) => csv.columns.name(columns.plain()),
            Output::Tsv(tsv) => tsv.columns.name(columns.plain()),
            Output::Markdown(markdown) => markdown.name(&columns.plain()),
            _ => {}
        }
        self.choice = Some(Choice::new(columns));
        self
    }

    /// Writes what an expression yields in place of the rows, all of which are kept in memory until then.
    pub fn query(query: Query, format: Format, view: Option<View>, style: Style) -> Self {
        let manner = Manner { format, view, style, ascii: false };
        let output = Output::Gathered(Box::new(Gathered::new(query)), manner);
        Self { rows: 0, style, output, choice: None }
    }

    /// Goes on with a result of which an earlier renderer has written something, with the columns that it had decided.
    #[must_use]
    pub fn go_on(mut self, columns: Option<Vec<String>>, is_begun: bool) -> Self {
        if let Some(names) = columns {
            self.output.fix(&names);
            if let Some(choice) = &mut self.choice {
                choice.fix(names);
            }
        }
        match &mut self.output {
            Output::Csv(csv) if is_begun => csv.omit_header(),
            Output::Tsv(tsv) if is_begun => tsv.omit_header(),
            _ => {}
        }
        self
    }

    /// The columns that are decided, for whoever goes on with this result. At its end those that stand above no rows are
    /// decided as well.
    pub fn columns_so_far(&self, at_the_end: bool) -> Option<Vec<String>> {
        let fixed = match &self.output {
            Output::Csv(csv) => csv.columns.so_far(at_the_end),
            Output::Tsv(tsv) => tsv.columns.so_far(at_the_end),
            _ => None,
        };
        fixed.or_else(|| self.choice.as_ref().and_then(Choice::names)).map(<[String]>::to_vec)
    }

    /// Takes one page of rows, and writes what can be written before the next. Where columns were named, the first page
    /// with rows decides whether they are there, and nothing of it is written where they are not.
    pub fn page<'a>(
        &mut self,
        rows: impl Iterator<Item = Row<'a>>,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let rows: Vec<Row<'a>> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        let Some(mut choice) = self.choice.take() else { return Ok(self.write(&rows, out)?) };
        if let Some(names) = choice.decide(&rows)? {
            self.output.fix(names);
        }
        let picked = choice.pick(&rows);
        let narrowed: Vec<Row<'_>> = picked.iter().map(|fields| Row::Picked(fields)).collect();
        self.write(&narrowed, out)?;
        self.choice = Some(choice);
        Ok(())
    }

    /// Writes the rows that a table keeps until all widths are known, by the widths so far. PowerShell does so too where
    /// something else is to be shown after them.
    pub fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.output {
            Output::Table(table) if self.rows > 0 => table.draw(out),
            Output::List(list) => list.part(out),
            _ => Ok(()),
        }
    }

    /// Takes the text of the same page as the server sent it, which is the whole output of [`Format::Raw`].
    pub fn raw(&mut self, text: &str, out: &mut dyn Write) -> Result<(), Error> {
        match &mut self.output {
            Output::Raw(raw) => Ok(raw.page(text, self.style.terminal, out)?),
            _ => Ok(()),
        }
    }

    fn write(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        self.rows += rows.len();
        if let Output::Undecided(undecided) = &mut self.output {
            self.output = undecided.decide(rows, self.style);
        }
        match &mut self.output {
            Output::Table(table) => table.page(rows, out)?,
            Output::List(list) => list.page(rows, out)?,
            Output::Json(json) => json.page(rows, out)?,
            Output::Csv(csv) => csv.page(rows, out)?,
            Output::Tsv(tsv) => tsv.page(rows, out)?,
            Output::Yaml(yaml) => yaml.page(rows, out)?,
            Output::Markdown(markdown) => markdown.page(rows, out)?,
            Output::Gathered(gathered, _) => gathered.take(rows),
            Output::Undecided(_) | Output::Raw(_) | Output::None => {}
        }
        Ok(())
    }

    /// Writes what is left. To be called after the last page that came, even where others should have followed.
    pub fn finish(self, out: &mut dyn Write) -> Result<Rendered, Error> {
        let mut rendered = Rendered { rows: self.rows, ..Rendered::default() };
        match self.output {
            Output::Table(table) => (rendered.hidden_columns, rendered.late_columns) = table.finish(out)?,
            Output::List(list) => list.finish(out)?,
            Output::Json(json) => json.finish(out)?,
            Output::Csv(csv) => rendered.late_columns = csv.finish(out)?,
            Output::Tsv(tsv) => rendered.late_columns = tsv.finish(out)?,
            Output::Yaml(yaml) => yaml.finish(out)?,
            Output::Markdown(markdown) => rendered.late_columns = markdown.finish(out)?,
            Output::Gathered(gathered, manner) => {
                let answer = gathered.evaluate().map_err(Error::Query)?;
                rendered = Rendered { rows: self.rows, ..manner.write(&answer, out)? };
            }
            Output::Undecided(_) | Output::Raw(_) | Output::None => {}
        }
        rendered.late_columns.extend(self.choice.into_iter().flat_map(Choice::late));
        Ok(rendered)
    }
}

impl Output {
    /// Has the columns that the user named, where the rows alone do not say it.
    fn fix(&mut self, names: &[String]) {
        match self {
            Self::Undecided(undecided) => undecided.fix(names),
            Self::Csv(csv) => csv.columns.fix(names),
            Self::Tsv(tsv) => tsv.columns.fix(names),
            Self::Markdown(markdown) => markdown.name(names),
            Self::Table(_)
            | Self::List(_)
            | Self::Json(_)
            | Self::Yaml(_)
            | Self::Raw(_)
            | Self::Gathered(..)
            | Self::None => {}
        }
    }
}

#[cfg(test)]
mod tests;
