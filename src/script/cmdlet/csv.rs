//! CSV.

use std::rc::Rc;

use super::content::{self, Writing};
use super::property::fields;
use super::{Arguments, Gather, Source, Spec, Takes, parameter, with_aliases};
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::member;
use crate::script::object::{Kind, Object};
use crate::script::value::Value;

const PATH: super::Parameter = with_aliases("Path", &["FilePath", "LiteralPath", "PSPath"], Takes::Place(0));
const DELIMITER: super::Parameter = parameter("Delimiter", Takes::Place(1));
const QUOTES: super::Parameter = with_aliases("UseQuotes", &["UQ"], Takes::Value);
const NO_TYPE: super::Parameter = with_aliases("NoTypeInformation", &["NTI"], Takes::IgnoredSwitch);

pub(super) const EXPORT: Spec = Spec {
    name: "Export-Csv",
    aliases: &["epcsv"],
    parameters: &[
        PATH,
        DELIMITER,
        QUOTES,
        NO_TYPE,
        parameter("Append", Takes::Switch),
        parameter("Encoding", Takes::Ignored),
        parameter("Force", Takes::IgnoredSwitch),
        parameter("NoClobber", Takes::Switch),
        parameter("UseCulture", Takes::IgnoredSwitch),
        parameter("InputObject", Takes::Value),
    ],
    make: export,
};

pub(super) const IMPORT: Spec = Spec {
    name: "Import-Csv",
    aliases: &["ipcsv"],
    parameters: &[
        PATH,
        DELIMITER,
        parameter("Header", Takes::Value),
        parameter("Encoding", Takes::Ignored),
        parameter("UseCulture", Takes::IgnoredSwitch),
    ],
    make: import,
};

pub(super) const CONVERT_TO: Spec = Spec {
    name: "ConvertTo-Csv",
    aliases: &[],
    parameters: &[
        DELIMITER,
        QUOTES,
        NO_TYPE,
        parameter("UseCulture", Takes::IgnoredSwitch),
        parameter("InputObject", Takes::Value),
    ],
    make: convert_to,
};

pub(super) const CONVERT_FROM: Spec = Spec {
    name: "ConvertFrom-Csv",
    aliases: &[],
    parameters: &[
        parameter("InputObject", Takes::Place(0)),
        DELIMITER,
        parameter("Header", Takes::Value),
        parameter("UseCulture", Takes::IgnoredSwitch),
    ],
    make: convert_from,
};

/// How lines are written. The first object decides which properties are.
struct Lines {
    delimiter: String,
    quotes: Quotes,
    names: Option<Vec<Rc<str>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Always,
    AsNeeded,
    Never,
}

impl Lines {
    fn of(arguments: &Arguments) -> Flow<Self> {
        let quotes = match arguments.text("UseQuotes").map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("always") => Quotes::Always,
            Some("asneeded") => Quotes::AsNeeded,
            Some("never") => Quotes::Never,
            Some(other) => {
                return raise(
                    "ParameterBinding",
                    format!("-UseQuotes is Always, AsNeeded or Never, and not {other}."),
                );
            }
        };
        Ok(Self {
            delimiter: arguments.text("Delimiter").unwrap_or_else(|| ",".to_owned()),
            quotes,
            names: None,
        })
    }

    /// The names above the columns, once.
    fn header(&mut self, item: &Value) -> Option<String> {
        if self.names.is_some() {
            return None;
        }
        let names: Vec<Rc<str>> = fields(item).into_iter().map(|(name, _)| name).collect();
        let header = self.joined(names.iter().map(|name| Some(name.to_string())));
        self.names = Some(names);
        Some(header)
    }

    fn line(&self, item: &Value) -> String {
        let names = self.names.as_deref().unwrap_or_default();
        let text = |value: &Value| (!value.is_null()).then(|| convert::culture_text(value));
        match item {
            Value::Object(object) if matches!(object.kind, Kind::Custom | Kind::Row(_)) => {
                self.joined(object.under(names).iter().map(|value| value.as_ref().and_then(text)))
            }
            _ => {
                self.joined(names.iter().map(|name| member::own_property(item, name).as_ref().and_then(text)))
            }
        }
    }

    fn joined(&self, cells: impl Iterator<Item = Option<String>>) -> String {
        let cells: Vec<String> =
            cells.map(|cell| cell.map_or_else(String::new, |cell| self.quoted(&cell))).collect();
        cells.join(&self.delimiter)
    }

    fn quoted(&self, cell: &str) -> String {
        let needed = || cell.contains(['"', '\n', '\r']) || cell.contains(&self.delimiter);
        match self.quotes {
            Quotes::Never => cell.to_owned(),
            Quotes::AsNeeded if !needed() => cell.to_owned(),
            _ => format!("\"{}\"", cell.replace('"', "\"\"")),
        }
    }
}

struct Export {
    path: String,
    append: bool,
    keep: bool,
    lines: Lines,
    first: Vec<Value>,
    writing: Option<Writing>,
}

fn export(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    Ok(Box::new(Export {
        path: arguments.needed("Path")?,
        append: arguments.is_on("Append"),
        keep: arguments.is_on("NoClobber"),
        lines: Lines::of(arguments)?,
        first: arguments.list("InputObject"),
        writing: None,
    }))
}

impl Stage for Export {
    fn begin(&mut self, run: &mut Run<'_>, _: &mut dyn Output) -> Flow<()> {
        let appended = self.append && run.host.exists(&self.path);
        if appended {
            // The columns are those of the file.
            let text = content::read(run, &self.path)?;
            let header = records(&text, &self.lines.delimiter).into_iter().next();
            self.lines.names =
                header.map(|names| names.into_iter().map(|(name, _)| Rc::from(name)).collect());
        }
        self.writing = Some(Writing::begin(run, self.path.clone(), self.append, self.keep)?);
        Ok(())
    }

    fn item(&mut self, _: &mut Run<'_>, item: Value, _: &mut dyn Output) -> Flow<()> {
        let header = self.lines.header(&item).map(|header| header + "\n").unwrap_or_default();
        let line = self.lines.line(&item);
        self.writing.as_mut().map_or(Ok(()), |writing| writing.write(&format!("{header}{line}\n")))
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        for item in std::mem::take(&mut self.first) {
            self.item(run, item, out)?;
        }
        self.writing.as_mut().map_or(Ok(()), Writing::end)
    }
}

fn convert_to(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let mut lines = Lines::of(arguments)?;
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        for item in items {
            if let Some(header) = lines.header(&item) {
                out.push(run, header.into())?;
            }
            out.push(run, lines.line(&item).into())?;
        }
        Ok(())
    })
}

/// A record: cells with whether they were quoted.
type Record = Vec<(String, bool)>;

/// The records of a text.
fn records(text: &str, delimiter: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut record: Record = Vec::new();
    let (mut cell, mut quoted, mut open) = (String::new(), false, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = letter.len_utf8();
        if open {
            if letter == '"' && rest[1..].starts_with('"') {
                cell.push('"');
                rest = &rest[2..];
                continue;
            }
            if letter == '"' {
                open = false;
            } else {
                cell.push(letter);
            }
            rest = &rest[length..];
        } else if !delimiter.is_empty() && rest.starts_with(delimiter) {
            record.push((std::mem::take(&mut cell), std::mem::take(&mut quoted)));
            rest = &rest[delimiter.len()..];
        } else if letter == '"' && cell.trim().is_empty() {
            (open, quoted) = (true, true);
            cell.clear();
            rest = &rest[length..];
        } else if matches!(letter, '\n' | '\r') {
            rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
            if !record.is_empty() || quoted || !cell.is_empty() {
                record.push((std::mem::take(&mut cell), std::mem::take(&mut quoted)));
                records.push(std::mem::take(&mut record));
            }
        } else {
            cell.push(letter);
            rest = &rest[length..];
        }
    }
    if !record.is_empty() || quoted || !cell.is_empty() {
        record.push((cell, quoted));
        records.push(record);
    }
    records
}

/// The records as objects, under the names that are given or those of the first record.
fn objects(text: &str, delimiter: &str, header: Vec<String>) -> Vec<Value> {
    let mut records = records(text, delimiter)
        .into_iter()
        .filter(|record| !record[0].0.starts_with("#TYPE"))
        .collect::<Vec<_>>()
        .into_iter();
    let names: Vec<String> = if header.is_empty() {
        records
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(|(name, quoted)| if quoted { name } else { name.trim().to_owned() })
            .collect()
    } else {
        header
    };
    let names: Vec<Rc<str>> = names
        .iter()
        .enumerate()
        .map(
            |(at, name)| {
                if name.is_empty() { format!("H{}", at + 1).into() } else { Rc::from(name.as_str()) }
            },
        )
        .collect();
    let object = |record: Record| {
        let mut cells = record.into_iter();
        let fields = names
            .iter()
            .map(|name| (name.clone(), cells.next().map_or(Value::Null, |(cell, _)| cell.into())));
        Value::object(Object::custom(fields.collect()))
    };
    records.map(object).collect()
}

fn import(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let paths = convert::texts(&arguments.value("Path"));
    let delimiter = arguments.text("Delimiter").unwrap_or_else(|| ",".to_owned());
    let header = convert::texts(&arguments.value("Header"));
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
        for path in paths {
            let text = match content::read(run, &path) {
                Err(crate::script::error::Stop::Error(raised)) => {
                    run.fail(*raised)?;
                    continue;
                }
                other => other?,
            };
            objects(&text, &delimiter, header.clone())
                .into_iter()
                .try_for_each(|object| out.push(run, object))?;
        }
        Ok(())
    })
}

fn convert_from(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let delimiter = arguments.text("Delimiter").unwrap_or_else(|| ",".to_owned());
    let header = convert::texts(&arguments.value("Header"));
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let text: Vec<String> = items.iter().map(convert::text).collect();
        objects(&text.join("\n"), &delimiter, header).into_iter().try_for_each(|object| out.push(run, object))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_taken_apart_as_they_were_put_together() {
        let cells = |text: &str| {
            records(text, ",")
                .into_iter()
                .map(|record| record.into_iter().map(|(cell, _)| cell).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            cells("a,b\r\n\"x, \"\"y\"\"\",\n\n\"line\nend\",1"),
            [vec!["a", "b"], vec!["x, \"y\"", ""], vec!["line\nend", "1"]]
        );
        assert_eq!(cells(""), Vec::<Vec<&str>>::new());
    }
}
