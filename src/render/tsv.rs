//! Tab-separated values without quotes, for `cut`, `awk` and `read`: one object is one line, whatever it holds.

use std::io::{self, Write};

use super::Style;
use super::header::{Expected, label};
use crate::catalog::View;
use crate::value::Row;

pub(super) struct Tsv {
    pub(super) columns: Expected,
    headed: bool,
    style: Style,
}

impl Tsv {
    /// The view has the header of a result without rows.
    pub(super) fn new(view: Option<View>, style: Style) -> Self {
        Self { columns: Expected::of_view(view), headed: !style.no_headers, style }
    }

    /// Leaves the header out, where it was written before.
    pub(super) fn omit_header(&mut self) {
        self.headed = false;
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let Some(header) = self.columns.header(rows) else { return Ok(()) };
        let mut text = String::new();
        if std::mem::take(&mut self.headed) {
            line(&header.names, self.style, &mut text);
        }
        for row in rows {
            cells(&header.record(*row, self.style), &mut text);
        }
        out.write_all(text.as_bytes())
    }

    /// Writes the header where no row brought one. Returns the properties that had no column.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<Vec<String>> {
        let mut text = String::new();
        match self.columns.finish() {
            Ok(late) => return Ok(late),
            Err(names) if self.headed && !names.is_empty() => line(&names, self.style, &mut text),
            Err(_) => {}
        }
        out.write_all(text.as_bytes()).map(|()| Vec::new())
    }
}

fn line(names: &[String], style: Style, out: &mut String) {
    cells(&names.iter().map(|name| label(name, style)).collect::<Vec<_>>(), out);
}

fn cells<T: AsRef<str>>(cells: &[T], out: &mut String) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        escape(cell.as_ref(), out);
    }
    out.push('\n');
}

/// A cell can hold neither its own end nor that of the line, so both are written as in C, and the backslash too.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            letter => out.push(letter),
        }
    }
}
