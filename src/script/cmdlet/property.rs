//! Properties as cmdlets take them: names, globs, blocks, and tables with a name and an expression.

use std::rc::Rc;

use crate::catalog::Align;
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::Run;
use crate::script::format;
use crate::script::member;
use crate::script::value::{Closure, Value};

/// A property that is to be read.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) label: String,
    from: Source,
    /// Whether it is sorted backwards, where it says so itself.
    pub(super) descending: Option<bool>,
    pub(super) width: Option<usize>,
    pub(super) align: Option<Align>,
    format: Option<String>,
}

#[derive(Clone)]
enum Source {
    Named(String),
    Block(Rc<Closure>),
}

/// The entries of a table, and the beginnings by which they may be written.
const ENTRIES: [&str; 8] =
    ["name", "label", "expression", "formatstring", "width", "alignment", "ascending", "descending"];

impl Property {
    fn new(label: String, from: Source) -> Self {
        Self { label, from, descending: None, width: None, align: None, format: None }
    }

    /// One that was given in any of its forms.
    pub(super) fn read(value: &Value) -> Flow<Self> {
        match value {
            Value::Block(block) => Ok(Self::new(block.text.trim().to_owned(), Source::Block(block.clone()))),
            Value::Table(table) => {
                let mut read = Self::new(String::new(), Source::Named(String::new()));
                for (key, value) in table.pairs() {
                    read.entry(&convert::text(&key), &value)?;
                }
                if read.label.is_empty() {
                    read.label = match &read.from {
                        Source::Named(name) => name.clone(),
                        Source::Block(block) => block.text.trim().to_owned(),
                    };
                }
                Ok(read)
            }
            other => {
                let name = convert::text(other);
                Ok(Self::new(name.clone(), Source::Named(name)))
            }
        }
    }

    fn entry(&mut self, key: &str, value: &Value) -> Flow<()> {
        let lower = key.to_lowercase();
        let entry = ENTRIES.iter().find(|known| known.starts_with(&lower) && !lower.is_empty());
        match entry.copied() {
            Some("name" | "label") => self.label = convert::text(value),
            Some("expression") => {
                self.from = match value {
                    Value::Block(block) => Source::Block(block.clone()),
                    other => Source::Named(convert::text(other)),
                }
            }
            Some("formatstring") => self.format = Some(convert::text(value)),
            Some("width") => self.width = Some(convert::needed_count(value, "Width")?),
            Some("alignment") => {
                let right = convert::text(value).eq_ignore_ascii_case("right");
                self.align = Some(if right { Align::Right } else { Align::Left });
            }
            Some("ascending") => self.descending = Some(!value.is_true()),
            Some("descending") => self.descending = Some(value.is_true()),
            _ => {
                return raise(
                    "DictionaryKeyUnknown",
                    format!("The key '{key}' is not known in a calculated property."),
                );
            }
        }
        Ok(())
    }

    /// All of them.
    pub(super) fn read_all(values: &[Value]) -> Flow<Vec<Self>> {
        values.iter().map(Self::read).collect()
    }

    /// Its value for an object.
    pub(super) fn value(&self, run: &mut Run<'_>, item: &Value) -> Flow<Value> {
        let found = self.found(run, item)?;
        self.formatted(found.unwrap_or_default())
    }

    /// The same, and whether the object has a property of that name.
    pub(super) fn key(&self, run: &mut Run<'_>, item: &Value) -> Flow<(Value, bool)> {
        let found = self.found(run, item)?;
        let is_of = found.is_some();
        Ok((self.formatted(found.unwrap_or_default())?, is_of))
    }

    /// The value; `None` where the object has no property of that name.
    pub(super) fn own_value(&self, run: &mut Run<'_>, item: &Value) -> Flow<Option<Value>> {
        let found = self.found(run, item)?;
        found.map(|value| self.formatted(value)).transpose()
    }

    fn found(&self, run: &mut Run<'_>, item: &Value) -> Flow<Option<Value>> {
        match &self.from {
            Source::Named(name) => Ok(member::own_property(item, name)),
            Source::Block(block) => run.with_item(block, item).map(|value| Some(value.settled())),
        }
    }

    fn formatted(&self, value: Value) -> Flow<Value> {
        let Some(form) = &self.format else { return Ok(value) };
        let whole = if form.contains('{') {
            format::composite(form, &[value])
        } else {
            format::value_text(&value, Some(form))
        };
        whole.map(Value::from)
    }

    /// Its names with their values for an object: several where it is a glob.
    pub(super) fn values(&self, run: &mut Run<'_>, item: &Value) -> Flow<Vec<(Rc<str>, Value)>> {
        if let Source::Named(glob) = &self.from
            && glob.contains(['*', '?'])
        {
            let glob = run.patterns.wildcard(glob, false);
            return Ok(fields(item).into_iter().filter(|(name, _)| glob.fits(name)).collect());
        }
        let label = self.spelled(item);
        // A block that fails leaves its property empty, as PowerShell has it.
        let value = match self.value(run, item) {
            Err(crate::script::error::Stop::Error(raised)) => {
                run.remember(&raised);
                Value::Null
            }
            other => other?,
        };
        Ok(vec![(label, value)])
    }

    /// The name as the object spells it, where it was given as a plain name.
    fn spelled(&self, item: &Value) -> Rc<str> {
        match (&self.from, item) {
            (Source::Named(name), Value::Object(object)) if *name == self.label => {
                let own = object.names().into_iter().find(|known| known.eq_ignore_ascii_case(name));
                own.unwrap_or_else(|| Rc::from(self.label.as_str()))
            }
            _ => Rc::from(self.label.as_str()),
        }
    }
}

/// The properties of any value.
pub(super) fn fields(item: &Value) -> Vec<(Rc<str>, Value)> {
    match item {
        Value::Object(object) => object.fields(),
        Value::Table(table) => {
            table.pairs().into_iter().map(|(key, value)| (Rc::from(convert::text(&key)), value)).collect()
        }
        Value::Text(_) => named(item, &["Length"]),
        Value::Date(_) => named(
            item,
            &[
                "DateTime",
                "Date",
                "Day",
                "DayOfWeek",
                "DayOfYear",
                "Hour",
                "Kind",
                "Millisecond",
                "Minute",
                "Month",
                "Second",
                "Ticks",
                "TimeOfDay",
                "Year",
            ],
        ),
        Value::Span(_) => named(
            item,
            &[
                "Ticks",
                "Days",
                "Hours",
                "Milliseconds",
                "Minutes",
                "Seconds",
                "TotalDays",
                "TotalHours",
                "TotalMilliseconds",
                "TotalMinutes",
                "TotalSeconds",
            ],
        ),
        _ => Vec::new(),
    }
}

fn named(item: &Value, names: &[&str]) -> Vec<(Rc<str>, Value)> {
    names.iter().map(|name| (Rc::from(*name), member::property(item, name))).collect()
}
