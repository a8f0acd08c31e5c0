//! What a table learns of a column row by row: whether it is there, on which side it stands, how wide it must be.

use std::borrow::Cow;

use super::draw::Track;
use super::measure::{ELLIPSIS, cells};
use super::table::Layout;
use super::{cell, safe, width};
use crate::catalog::{Align, Column};
use crate::value::Value;

const LINE_ENDS: [char; 2] = ['\r', '\n'];

pub(super) struct Gauge {
    pub(super) column: Column,
    /// Whether any object had the property. A view can name one that the service has given up.
    pub(super) seen: bool,
    right: Option<bool>,
    widest: usize,
}

impl Gauge {
    pub(super) fn new(column: Column) -> Self {
        let right = match column.align {
            Align::Left => Some(false),
            Align::Right => Some(true),
            Align::ByValue => None,
        };
        Self { column, seen: false, right, widest: 0 }
    }

    /// The text of the next cell, on one line unless the table wraps.
    pub(super) fn take<'v>(&mut self, value: Option<Value<'v>>, layout: Layout) -> Cow<'v, str> {
        self.seen |= value.is_some();
        let value = value.unwrap_or(Value::Null);
        self.right.get_or_insert(cell::stands_right(&value));
        let text = if self.column.align == Align::ByValue { cell::rounded(value) } else { cell::text(value) };
        let whole = if layout.exact { with_line_ends(&text) } else { 0 };
        let text = if layout.wrap { safe::lines(text) } else { safe::line(first_line(text)) };
        let longest = text.split('\n').map(cells).max().unwrap_or(0);
        self.widest = self.widest.max(whole).max(longest);
        text
    }

    pub(super) fn label(&self) -> Cow<'_, str> {
        safe::line(Cow::Borrowed(&self.column.label))
    }

    /// The column as wide as its cells need it.
    pub(super) fn track(&self) -> Track {
        let label = self.label().into_owned();
        Track { width: width::needed(&label, self.widest), label, right: self.right == Some(true) }
    }
}

/// A cell is one line: what follows the first is left out, and the ellipsis says so.
fn first_line(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.find(LINE_ENDS) {
        Some(end) => Cow::Owned(format!("{}{ELLIPSIS}", &text[..end])),
        None => text,
    }
}

/// The cells that PowerShell counts for a text of many lines, of which it then shows the first: all of them, as if they
/// stood on one line, and each line end as one. Nothing for a text of one line.
fn with_line_ends(text: &str) -> usize {
    if !text.contains(LINE_ENDS) {
        return 0;
    }
    let lines = text.split(LINE_ENDS).map(|line| cells(&safe::line(Cow::Borrowed(line))) + 1);
    lines.sum::<usize>() - 1
}
