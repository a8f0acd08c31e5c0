//! CSV by RFC 4180, with a header and lines that end in LF.
//!
//! The header is fixed by the first page with rows: all properties of its objects, in the order of their appearance. What
//! appears on later pages alone has no column; its name is handed to the caller, who warns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::ControlFlow;

use ::csv::{ErrorKind, Terminator, Writer, WriterBuilder};

use super::names::Late;
use super::safe;
use crate::catalog::View;
use crate::value::{Field, Row, Value};

pub(super) struct Csv {
    /// The header of a result without rows.
    view: Option<View>,
    header: Option<Header>,
}

struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
    late: Late,
}

impl Csv {
    pub(super) fn new(view: Option<View>) -> Self {
        Self { view, header: None }
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let mut writer = writer(out);
        let fresh = self.header.is_none();
        let header = self.header.get_or_insert_with(|| Header::of(rows));
        if header.names.is_empty() {
            // Objects without properties decide nothing.
            self.header = None;
            return Ok(());
        }
        if fresh {
            write(&mut writer, header.names.iter().map(|name| safe::data(Cow::Borrowed(name))))?;
        }
        for row in rows {
            write(&mut writer, header.record(*row).into_iter())?;
        }
        writer.flush()
    }

    /// Writes the header where no row brought one. Returns the properties that had no column.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<Vec<String>> {
        match (self.header, self.view) {
            (Some(header), _) => Ok(header.late.names()),
            (None, None) => Ok(Vec::new()),
            (None, Some(view)) => {
                let mut writer = writer(out);
                write(&mut writer, view.columns.into_iter().map(|column| column.property))?;
                writer.flush().map(|()| Vec::new())
            }
        }
    }
}

impl Header {
    /// All properties of these objects.
    fn of(rows: &[Row<'_>]) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut places = HashMap::new();
        for row in rows {
            row.each(|name, _| {
                if !places.contains_key(name) {
                    places.insert(name.to_owned(), names.len());
                    names.push(name.to_owned());
                }
                ControlFlow::<()>::Continue(())
            });
        }
        Self { late: Late::new(&names), names, places }
    }

    fn record(&mut self, row: Row<'_>) -> Vec<String> {
        let mut record = vec![String::new(); self.names.len()];
        let mut next = 0;
        row.each(|name, field| {
            match self.place(name, next) {
                Some(at) => {
                    record[at] = text(field);
                    next = at + 1;
                }
                None => self.late.note(name),
            }
            ControlFlow::<()>::Continue(())
        });
        record
    }

    /// Where the property stands: most often right after the one before it.
    fn place(&self, name: &str, next: usize) -> Option<usize> {
        if self.names.get(next).is_some_and(|expected| expected == name) {
            return Some(next);
        }
        self.places.get(name).copied()
    }
}

/// The value as data: dates as they were sent, lists joined, nested objects as JSON.
fn text(field: Field<'_>) -> String {
    match field.value() {
        Value::List(items) => items.into_iter().map(single).collect::<Vec<_>>().join(";"),
        value => single(value),
    }
}

fn single(value: Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(text) => text.into_owned(),
        Value::Text(text) => safe::data(text).into_owned(),
        nested => json(&nested),
    }
}

fn json(value: &Value<'_>) -> String {
    let mut written = Vec::new();
    let mut escaped = Vec::new();
    Field::Made(value).write_json(&mut written);
    safe::json(&String::from_utf8_lossy(&written), false, &mut escaped);
    String::from_utf8_lossy(&escaped).into_owned()
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
