//! Tables: one object a line, or a few lines where cells wrap.
//!
//! Where widths follow from the cells, these are kept until the last row has come; the rows are not. Where the view gives
//! the widths, a page is drawn as soon as it is there.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cells::Cells;
use super::draw::{Drawing, Ends, Track};
use super::gauge::Gauge;
use super::names::Late;
use super::{Style, safe, width};
use crate::catalog::{Align, Column};
use crate::value::Row;

/// How a table is laid out.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Whether the view's widths count, and columns without one share what they leave. Needs a console.
    pub(super) fixed: bool,
    /// Whether cells go on in the next line where they do not fit, in place of being cut.
    pub(super) wrap: bool,
    /// Whether blank lines and blanks at the ends of lines are PowerShell's own.
    pub(super) exact: bool,
    pub(super) style: Style,
}

pub(super) struct Table {
    columns: Vec<Gauge>,
    layout: Layout,
    /// The cells that are not drawn yet.
    cells: Cells,
    /// Kept where the columns come from the first object: a later one can have properties that it lacked.
    late: Option<Late>,
    plan: Option<Plan>,
}

/// What was decided before the first row was drawn.
struct Plan {
    /// The columns that any object had by then, each by its place among all. The first of them are drawn.
    there: Vec<usize>,
    drawing: Drawing,
    /// The labels of those that had no room.
    hidden: Vec<String>,
}

impl Table {
    /// The columns of a view.
    pub(super) fn of_view(columns: Vec<Column>, layout: Layout) -> Self {
        let columns = columns.into_iter().map(Gauge::new).collect();
        Self { columns, layout, cells: Cells::default(), late: None, plan: None }
    }

    /// The first properties of the first object, where no view is known.
    pub(super) fn of_object(names: Vec<String>, most: usize, layout: Layout) -> Self {
        let late = Some(Late::new(&names));
        let columns = names.into_iter().take(most).map(|name| Column::named(name, Align::ByValue)).collect();
        Self { late, ..Self::of_view(columns, layout) }
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        self.take(rows);
        if self.layout.fixed { self.draw(out) } else { Ok(()) }
    }

    /// How many cells wait to be drawn.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.cells.len()
    }

    fn take(&mut self, rows: &[Row<'_>]) {
        let names: Vec<Cow<'static, str>> =
            self.columns.iter().map(|gauge| gauge.column.property.clone()).collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        for row in rows {
            if let Some(late) = &mut self.late {
                late.watch(*row);
            }
            for (gauge, value) in self.columns.iter_mut().zip(row.project(&names)) {
                self.cells.push(&gauge.take(value, self.layout));
            }
        }
    }

    /// Draws what was kept. Returns the labels of the columns that had no room, and the properties that had no column.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<(Vec<String>, Vec<String>)> {
        self.draw(out)?;
        let Some(plan) = self.plan else { return Ok(Default::default()) };
        if self.layout.exact && !plan.drawing.tracks.is_empty() {
            out.write_all(b"\n")?;
        }
        let missed = self.columns.iter().enumerate();
        let missed = missed.filter(|(at, gauge)| gauge.seen && !plan.there.contains(at));
        let mut late: Vec<String> =
            missed.map(|(_, gauge)| safe::line(gauge.column.property.clone()).into_owned()).collect();
        late.extend(self.late.map(Late::names).unwrap_or_default());
        Ok((plan.hidden, late))
    }

    /// Draws the rows that came, as wide as they are. Those that follow have the same columns.
    pub(super) fn draw(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let begins = self.plan.is_none();
        let plan = self.plan.take().unwrap_or_else(|| self.plan());
        let shown = &plan.there[..plan.drawing.tracks.len()];
        if begins && self.layout.exact && !shown.is_empty() {
            out.write_all(b"\n")?;
        }
        let rows = self.cells.rows(self.columns.len());
        let rows = rows.map(|row| shown.iter().map(|at| row.cell(*at)).collect());
        plan.drawing.draw(begins && !self.layout.style.no_headers, rows, out)?;
        self.cells.clear();
        self.plan = Some(plan);
        Ok(())
    }

    /// Decides by the rows that came.
    fn plan(&self) -> Plan {
        let there: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].seen).collect();
        let mut tracks: Vec<Track> = there.iter().map(|at| self.columns[*at].track()).collect();
        let limit = width::usable(self.layout.style.width);
        if let Some(limit) = limit.filter(|_| self.layout.fixed) {
            let given: Vec<Option<usize>> = there.iter().map(|at| self.columns[*at].column.width).collect();
            widen(&mut tracks, width::share(&given, limit));
        }
        let hidden = limit.map(|limit| fit(&mut tracks, limit)).unwrap_or_default();
        let ends = if self.layout.exact { Ends::Kept { filled: !hidden.is_empty() } } else { Ends::Bare };
        let drawing = Drawing { tracks, wrap: self.layout.wrap, ends, colour: self.layout.style.colour };
        Plan { there, drawing, hidden }
    }
}

/// Narrows the columns to the console and returns the labels of those that had to go.
fn fit(tracks: &mut Vec<Track>, limit: usize) -> Vec<String> {
    let mut widths: Vec<usize> = tracks.iter().map(|track| track.width).collect();
    width::trim(&mut widths, limit);
    let hidden = tracks.drain(widths.len()..).map(|track| track.label).collect();
    widen(tracks, widths);
    hidden
}

fn widen(tracks: &mut [Track], widths: Vec<usize>) {
    for (track, width) in tracks.iter_mut().zip(widths) {
        track.width = width;
    }
}
