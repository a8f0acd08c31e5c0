//! JSON: one array of objects, or one object a line. Rows pass through one by one and nothing is kept of them.

use std::io::{self, Write};
use std::ops::ControlFlow;

use super::safe;
use crate::value::{Field, Row, Value, write_string};

/// How the objects are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One array, each property on a line of its own and its value on that line.
    Array,
    /// No array, each object on a line of its own.
    Lines,
}

/// A value on one line, as it may be printed.
pub(super) fn of_value(value: &Value<'_>, ascii: bool) -> Vec<u8> {
    let (mut written, mut line) = (Vec::new(), Vec::new());
    Field::Made(value).write_json(&mut written);
    safe::json(&String::from_utf8_lossy(&written), ascii, &mut line);
    line
}

pub(super) struct Json {
    layout: Layout,
    pub(super) ascii: bool,
    begun: bool,
    block: Vec<u8>,
    scratch: Vec<u8>,
}

impl Json {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, ascii: false, begun: false, block: Vec::new(), scratch: Vec::new() }
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        for row in rows {
            match self.layout {
                Layout::Array => self.element(*row),
                Layout::Lines => self.line(*row),
            }
            if self.block.len() >= super::BLOCK {
                self.write(out)?;
            }
        }
        self.write(out)
    }

    /// Closes the array, of an empty result too. It is closed even after rows that were not the last, so that what was
    /// printed can be read.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.layout == Layout::Array {
            self.block.extend_from_slice(if self.begun { b"\n]\n" } else { b"[]\n" });
        }
        self.write(out)
    }

    fn element(&mut self, row: Row<'_>) {
        self.block.extend_from_slice(if self.begun { b",\n  " } else { b"[\n  " });
        self.begun = true;
        if self.object(row, "\n    ", ": ") {
            self.block.extend_from_slice(b"\n  ");
        }
        self.block.push(b'}');
    }

    fn line(&mut self, row: Row<'_>) {
        if let Row::Json(text) = row
            && !self.ascii
            && safe::is_harmless(text)
        {
            self.block.extend_from_slice(text.as_bytes());
            self.block.push(b'\n');
            return;
        }
        self.object(row, "", ":");
        self.block.extend_from_slice(b"}\n");
    }

    /// Appends an object but for its end, and says whether it has properties.
    fn object(&mut self, row: Row<'_>, before: &str, colon: &str) -> bool {
        self.block.push(b'{');
        let mut filled = false;
        row.each(|name, field| {
            if filled {
                self.block.push(b',');
            }
            filled = true;
            self.block.extend_from_slice(before.as_bytes());
            self.name(name);
            self.block.extend_from_slice(colon.as_bytes());
            self.value(field);
            ControlFlow::<()>::Continue(())
        });
        filled
    }

    fn name(&mut self, name: &str) {
        self.scratch.clear();
        write_string(name, &mut self.scratch);
        self.take_scratch();
    }

    fn value(&mut self, field: Field<'_>) {
        self.scratch.clear();
        field.write_json(&mut self.scratch);
        self.take_scratch();
    }

    fn take_scratch(&mut self) {
        // JSON that comes from text is text.
        let text = std::str::from_utf8(&self.scratch).unwrap_or("null");
        safe::json(text, self.ascii, &mut self.block);
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let written = out.write_all(&self.block);
        self.block.clear();
        written
    }
}
