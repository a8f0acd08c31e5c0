//! CSV by RFC 4180, with a header and lines that end in LF.

use std::io::{self, Write};

use ::csv::{ErrorKind, Terminator, Writer, WriterBuilder};

use super::Style;
use super::header::{Expected, label};
use crate::catalog::View;
use crate::value::Row;

pub(super) struct Csv {
    pub(super) columns: Expected,
    /// Whether the header is still to be written.
    headed: bool,
    style: Style,
}

impl Csv {
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
        let mut writer = writer(out);
        if std::mem::take(&mut self.headed) {
            write(&mut writer, header.names.iter().map(|name| label(name, self.style)))?;
        }
        for row in rows {
            write(&mut writer, header.record(*row, self.style).into_iter())?;
        }
        writer.flush()
    }

    /// Writes the header where no row brought one. Returns the properties that had no column.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<Vec<String>> {
        match self.columns.finish() {
            Ok(late) => return Ok(late),
            Err(names) if self.headed && !names.is_empty() => {
                let mut writer = writer(out);
                write(&mut writer, names.iter().map(|name| label(name, self.style)))?;
                writer.flush()?;
            }
            Err(_) => {}
        }
        Ok(Vec::new())
    }
}

fn writer(out: &mut dyn Write) -> Writer<&mut dyn Write> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).buffer_capacity(super::BLOCK).from_writer(out)
}

fn write<T: AsRef<str>>(
    writer: &mut Writer<&mut dyn Write>,
    record: impl Iterator<Item = T>,
) -> io::Result<()> {
    for field in record {
        writer.write_field(field.as_ref()).map_err(into_io)?;
    }
    writer.write_record(None::<&[u8]>).map_err(into_io)
}

/// The output's own error, which the crate's conversion would hide in another.
fn into_io(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
