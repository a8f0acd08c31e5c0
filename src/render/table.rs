//! `Format-Table -AutoSize`: one line an object. Widths follow from all rows, so that the cells are kept until the end;
//! the rows are not.

use std::borrow::Cow;
use std::io::{self, Write};

use super::draw::{Track, draw};
use super::measure::{ELLIPSIS, cells};
use super::names::Late;
use super::{Style, cell, safe, width};
use crate::catalog::{Align, Column};
use crate::value::{Row, Value};

pub(super) struct Table {
    columns: Vec<Gauge>,
    cells: Cells,
    style: Style,
    /// Kept where the columns come from the first object: a later one can have properties that it lacked.
    late: Option<Late>,
}

impl Table {
    /// The columns of a view.
    pub(super) fn of_view(columns: Vec<Column>, style: Style) -> Self {
        Self {
            columns: columns.into_iter().map(Gauge::new).collect(),
            cells: Cells::default(),
            style,
            late: None,
        }
    }

    /// The properties of the first object, where no view is known.
    pub(super) fn of_object(names: Vec<String>, style: Style) -> Self {
        let late = Some(Late::new(&names));
        let columns = names.into_iter().map(|name| Column::named(name, Align::ByValue)).collect();
        Self { late, ..Self::of_view(columns, style) }
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>]) {
        let names: Vec<Cow<'static, str>> =
            self.columns.iter().map(|gauge| gauge.column.property.clone()).collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        for row in rows {
            if let Some(late) = &mut self.late {
                late.watch(*row);
            }
            for (gauge, value) in self.columns.iter_mut().zip(row.project(&names)) {
                self.cells.push(&gauge.take(value, self.late.is_some()));
            }
        }
    }

    /// Draws what was kept. Returns the labels of the columns that had no room, and the properties that had no column.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<(Vec<String>, Vec<String>)> {
        let shown: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].seen).collect();
        let mut tracks: Vec<Track> = shown.iter().map(|at| self.columns[*at].track()).collect();
        let hidden = fit(&mut tracks, self.style.width);
        if !tracks.is_empty() {
            let rows =
                self.cells.rows(self.columns.len()).map(|row| shown.iter().map(|at| row.cell(*at)).collect());
            draw(&tracks, rows, self.style, out)?;
        }
        Ok((hidden, self.late.map(Late::names).unwrap_or_default()))
    }
}

/// Narrows the columns to the console and returns the labels of those that had to go.
fn fit(tracks: &mut Vec<Track>, console: Option<usize>) -> Vec<String> {
    let Some(limit) = width::usable(console) else { return Vec::new() };
    let mut widths: Vec<usize> = tracks.iter().map(|track| track.width).collect();
    width::trim(&mut widths, limit);
    let hidden = tracks.drain(widths.len()..).map(|track| track.label).collect();
    for (track, width) in tracks.iter_mut().zip(widths) {
        track.width = width;
    }
    hidden
}

/// A column and what was learnt of it row by row.
struct Gauge {
    column: Column,
    /// Whether any object had the property. A view can name one that the service has given up.
    seen: bool,
    right: Option<bool>,
    widest: usize,
}

impl Gauge {
    fn new(column: Column) -> Self {
        let right = match column.align {
            Align::Left => Some(false),
            Align::Right => Some(true),
            Align::ByValue => None,
        };
        Self { column, seen: false, right, widest: 0 }
    }

    fn take<'v>(&mut self, value: Option<Value<'v>>, rounded: bool) -> Cow<'v, str> {
        self.seen |= value.is_some();
        let value = value.unwrap_or(Value::Null);
        self.right.get_or_insert(cell::stands_right(&value));
        let text = if rounded { cell::rounded(value) } else { cell::text(value) };
        let text = safe::line(first_line(text));
        self.widest = self.widest.max(cells(&text));
        text
    }

    fn track(&self) -> Track {
        let label = safe::line(Cow::Borrowed(&self.column.label)).into_owned();
        Track { width: width::needed(&label, self.widest), label, right: self.right == Some(true) }
    }
}

/// A cell is one line: what follows the first is left out, and the ellipsis says so.
fn first_line(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.find(['\r', '\n']) {
        Some(end) => Cow::Owned(format!("{}{ELLIPSIS}", &text[..end])),
        None => text,
    }
}

/// The texts of all cells in one string: a large result has more cells than memory should be asked for one by one.
#[derive(Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn rows(&self, columns: usize) -> impl Iterator<Item = CellRow<'_>> {
        (0..self.ends.len()).step_by(columns.max(1)).map(|first| CellRow { cells: self, first })
    }
}

struct CellRow<'c> {
    cells: &'c Cells,
    first: usize,
}

impl<'c> CellRow<'c> {
    fn cell(&self, column: usize) -> &'c str {
        let at = self.first + column;
        let start = if at == 0 { 0 } else { self.cells.ends[at - 1] };
        &self.cells.text[start..self.cells.ends[at]]
    }
}
