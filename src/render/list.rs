//! `Format-List`: one line a property, an empty line between objects. PowerShell's own has one before the first and one
//! after the last as well.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::ControlFlow;

use super::measure::{cells, head, wrap};
use super::{HEADING, RESET, Style, cell, safe, width};
use crate::catalog::Column;
use crate::value::{Row, Value};

const SEPARATOR: &str = " : ";

/// Below this nothing can be shown: one cell of label, the separator, one cell of value.
const NARROWEST: usize = SEPARATOR.len() + 2;

pub(super) struct List {
    /// The lines of a view; all properties where there is none.
    columns: Option<Vec<Column>>,
    /// Whether blank lines stand where PowerShell has them.
    exact: bool,
    style: Style,
    begun: bool,
    /// Whether the empty line behind the last object is written already.
    parted: bool,
}

impl List {
    pub(super) fn new(columns: Option<Vec<Column>>, exact: bool, style: Style) -> Self {
        Self { columns, exact, style, begun: false, parted: false }
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        for row in rows {
            if (self.begun || self.exact) && !std::mem::take(&mut self.parted) {
                text.push('\n');
            }
            self.begun = true;
            self.object(&self.properties(*row), &mut text);
        }
        out.write_all(text.as_bytes())
    }

    /// Writes what stands after an object, be it that another follows.
    pub(super) fn part(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.exact && self.begun && !self.parted {
            self.parted = true;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes what stands after the last object.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.part(out)
    }

    /// Label and text of what is shown of one object. A property of the view that it lacks is left out.
    fn properties(&self, row: Row<'_>) -> Vec<(String, String)> {
        let Some(columns) = &self.columns else { return all(row) };
        let names: Vec<&str> = columns.iter().map(|column| column.property.as_ref()).collect();
        let labelled = columns.iter().zip(row.project(&names));
        labelled.filter_map(|(column, value)| Some(property(&column.label, value?))).collect()
    }

    fn object(&self, properties: &[(String, String)], out: &mut String) {
        let limit = width::usable(self.style.width).map(|cells| cells.max(NARROWEST));
        let room = limit.map_or(usize::MAX, |limit| limit - SEPARATOR.len() - 1);
        let label_width = properties.iter().map(|(label, _)| cells(label)).max().unwrap_or(0).min(room);
        let value_width = limit.map_or(usize::MAX, |limit| limit - SEPARATOR.len() - label_width);
        for (label, text) in properties {
            self.label(label, label_width, out);
            value(text, label_width + SEPARATOR.len(), value_width, out);
        }
    }

    /// A label that is too long loses its end, without an ellipsis, as in PowerShell.
    fn label(&self, label: &str, width: usize, out: &mut String) {
        let (start, end) = if self.style.colour { (HEADING, RESET) } else { ("", "") };
        let label = head(label, width);
        out.extend([start, label]);
        out.extend(std::iter::repeat_n(' ', width - cells(label)));
        out.extend([SEPARATOR, end]);
    }
}

/// Writes the lines of a value, all but the first of them indented.
fn value(text: &str, indent: usize, width: usize, out: &mut String) {
    let mut blanks = 0;
    for line in text.split('\n').flat_map(|line| wrap(line, width)) {
        out.extend(std::iter::repeat_n(' ', blanks));
        out.push_str(&line);
        out.push('\n');
        blanks = indent;
    }
}

fn all(row: Row<'_>) -> Vec<(String, String)> {
    let mut properties = Vec::new();
    row.each(|name, field| {
        properties.push(property(name, field.value()));
        ControlFlow::<()>::Continue(())
    });
    properties
}

fn property(label: &str, value: Value<'_>) -> (String, String) {
    (safe::line(Cow::Borrowed(label)).into_owned(), safe::lines(cell::text(value)).into_owned())
}
