//! Writing what an expression yields: objects as rows, and all else as what it is.

use std::io::{self, Write};

use super::columns::properties;
use super::query::Answer;
use super::{Error, Format, Rendered, Style, cell, header, json, renderer, safe, yaml};
use crate::catalog::{Align, Shape, View};
use crate::value::{Field, Row, Value};

type Fields<'v> = Vec<(&'v str, Field<'v>)>;

/// How the answer is to be written.
pub(super) struct Manner {
    pub(super) format: Format,
    pub(super) view: Option<View>,
    pub(super) style: Style,
    pub(super) ascii: bool,
}

impl Manner {
    pub(super) fn write(self, answer: &Answer, out: &mut dyn Write) -> Result<Rendered, Error> {
        match (self.format, &answer.value) {
            (Format::None | Format::Raw, _) => Ok(Rendered::default()),
            (_, Value::List(items)) => match objects(items) {
                Some(rows) if answer.is_of_rows => self.rows(&rows, out),
                Some(rows) => self.made(&rows, out),
                None => self.items(items, out),
            },
            (Format::Json | Format::Jsonl | Format::Yaml, value) => self.data(value, out),
            (_, Value::Object(_)) => match objects(std::slice::from_ref(&answer.value)) {
                Some(rows) if answer.is_of_rows => self.rows(&rows, out),
                Some(rows) => self.made(&rows, out),
                None => Ok(Rendered::default()),
            },
            (_, value) => self.lines(std::slice::from_ref(value), out),
        }
    }

    /// Objects that the expression made, which no view knows: they were made for a table, however many properties they
    /// have. PowerShell's own layout goes by their number, as it does for those that `Select-Object` makes.
    fn made(self, rows: &[Fields<'_>], out: &mut dyn Write) -> Result<Rendered, Error> {
        let names = properties(&rows.iter().map(|fields| Row::Picked(fields)).collect::<Vec<_>>());
        let is_table = !matches!(self.format, Format::List | Format::Powershell) && !names.is_empty();
        let view = is_table.then(|| View::of(Shape::Table, names, Align::Left));
        Self { view, ..self }.rows(rows, out)
    }

    fn rows(self, rows: &[Fields<'_>], out: &mut dyn Write) -> Result<Rendered, Error> {
        let mut renderer = renderer(self.format, self.view, self.style).ascii(self.ascii);
        renderer.page(rows.iter().map(|fields| Row::Picked(fields)), out)?;
        renderer.finish(out)
    }

    /// A list that is not one of objects: lists become the cells of a row, and all else a line of its own.
    fn items(self, items: &[Value<'_>], out: &mut dyn Write) -> Result<Rendered, Error> {
        let lists: Option<Vec<&Vec<Value<'_>>>> =
            items.iter().map(|item| if let Value::List(cells) = item { Some(cells) } else { None }).collect();
        match (self.format, lists) {
            (Format::Jsonl, _) => {
                for item in items {
                    out.write_all(&compact(item, self.ascii))?;
                }
                Ok(Rendered::default())
            }
            (Format::Json | Format::Yaml, _) => self.data(&Value::List(items.to_vec()), out),
            (_, Some(lists)) => {
                let widest = lists.iter().map(|cells| cells.len()).max().unwrap_or(0);
                let names: Vec<String> = (1..=widest).map(|at| format!("Column{at}")).collect();
                let rows: Vec<Fields<'_>> = lists
                    .iter()
                    .map(|cells| {
                        names.iter().map(String::as_str).zip(cells.iter().map(Field::Made)).collect()
                    })
                    .collect();
                self.made(&rows, out)
            }
            (_, None) => self.lines(items, out),
        }
    }

    /// Values one by one, as they are: without a header, and quoted only where the format quotes a cell.
    fn lines(self, values: &[Value<'_>], out: &mut dyn Write) -> Result<Rendered, Error> {
        let values: Vec<&Value<'_>> = values.iter().filter(|value| **value != Value::Null).collect();
        if matches!(self.format, Format::Csv | Format::Tsv) && values.len() > 1 {
            let rows: Vec<Fields<'_>> =
                values.iter().map(|value| vec![("Result", Field::Made(value))]).collect();
            let style = Style { no_headers: true, ..self.style };
            return Self { style, ..self }.made(&rows, out);
        }
        for value in values {
            let text = match self.format {
                Format::Csv | Format::Tsv => header::text(Field::Made(value), self.style),
                _ => safe::data(cell::text(value.clone())).into_owned(),
            };
            writeln!(out, "{text}")?;
        }
        Ok(Rendered::default())
    }

    /// A value of JSON or YAML.
    fn data(self, value: &Value<'_>, out: &mut dyn Write) -> Result<Rendered, Error> {
        match self.format {
            Format::Yaml => {
                let mut text = String::new();
                yaml::document(value, &mut text);
                out.write_all(text.as_bytes())?;
            }
            Format::Json => self.indented(value, out)?,
            _ => out.write_all(&compact(value, self.ascii))?,
        }
        Ok(Rendered::default())
    }

    /// JSON with each item or property of the outermost value on a line of its own.
    fn indented(&self, value: &Value<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (open, close, lines): (_, _, Vec<Vec<u8>>) = match value {
            Value::List(items) if !items.is_empty() => {
                ("[", "]", items.iter().map(|item| compact(item, self.ascii)).collect())
            }
            Value::Object(fields) if !fields.is_empty() => {
                let field = |(name, value): &(std::borrow::Cow<'_, str>, Value<'_>)| {
                    let mut line = compact(&Value::Text(name.clone()), self.ascii);
                    line.pop();
                    line.extend_from_slice(b": ");
                    line.extend(compact(value, self.ascii));
                    line
                };
                ("{", "}", fields.iter().map(field).collect())
            }
            value => return out.write_all(&compact(value, self.ascii)),
        };
        out.write_all(open.as_bytes())?;
        for (at, line) in lines.iter().enumerate() {
            out.write_all(if at == 0 { b"\n  " } else { b",\n  " })?;
            out.write_all(line.strip_suffix(b"\n").unwrap_or(line))?;
        }
        writeln!(out, "\n{close}")
    }
}

/// The fields of the items, where all of them are objects.
fn objects<'v>(items: &'v [Value<'_>]) -> Option<Vec<Fields<'v>>> {
    let fields = |item: &'v Value<'_>| match item {
        Value::Object(fields) => {
            Some(fields.iter().map(|(name, value)| (name.as_ref(), Field::Made(value))).collect())
        }
        _ => None,
    };
    items.iter().map(fields).collect()
}

/// JSON on one line, with its end.
fn compact(value: &Value<'_>, ascii: bool) -> Vec<u8> {
    let mut line = json::of_value(value, ascii);
    line.push(b'\n');
    line
}
