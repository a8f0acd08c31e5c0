//! What is shown of values that nobody takes: as PowerShell shows the output of a script, and as its formatting cmdlets
//! and Out-String do.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::convert;
use super::date;
use super::format::dates;
use super::object::Kind;
use super::read;
use super::room;
use super::value::Value;
use crate::catalog::{self, Align, Column, Shape, View};
use crate::render::{self, Form, Renderer, Style};
use crate::value::{Row, Value as Wire};

/// How many items of a list are shown, unless `$FormatEnumerationLimit` says otherwise.
const ENUMERATED: usize = 4;

/// An object as labels with values.
pub(crate) type Line = Vec<(String, Wire<'static>)>;

/// Values on their way to be shown.
#[derive(Default)]
pub(crate) struct Display {
    text: Vec<u8>,
    group: Option<Group>,
    /// Properties that no column was there for, since the first object of a table decides.
    pub(crate) lost: Vec<String>,
    /// Columns for which the console is too narrow.
    pub(crate) hidden: Vec<String>,
    /// The columns of the console.
    pub(crate) columns: Option<usize>,
    /// `$FormatEnumerationLimit`, where it is another than PowerShell's own.
    pub(crate) limit: Option<usize>,
}

/// Objects that are shown together.
struct Group {
    key: String,
    renderer: Renderer,
}

impl Display {
    pub(crate) fn new(columns: Option<usize>, limit: Option<usize>) -> Self {
        Self { columns, limit, ..Self::default() }
    }

    /// The text so far. Rows that waited for wider ones are drawn as wide as they are.
    pub(crate) fn take(&mut self) -> String {
        if let Some(group) = &mut self.group {
            // A vector takes everything.
            let _ = group.renderer.flush(&mut self.text);
        }
        self.written()
    }

    /// The text to its end.
    pub(crate) fn finish(&mut self) -> String {
        self.close();
        self.written()
    }

    /// What stands ready without disturbing what waits.
    pub(crate) fn written(&mut self) -> String {
        String::from_utf8(std::mem::take(&mut self.text)).unwrap_or_default()
    }

    fn close(&mut self) {
        if let Some(group) = self.group.take() {
            let rendered = group.renderer.finish(&mut self.text).unwrap_or_default();
            self.lost.extend(rendered.late_columns);
            self.hidden.extend(rendered.hidden_columns);
        }
    }

    /// Takes one value.
    pub(crate) fn push(&mut self, value: &Value) {
        self.push_at(value, room::LEVELS);
    }

    fn push_at(&mut self, value: &Value, levels: usize) {
        match value {
            Value::Nothing | Value::Null => {}
            Value::List(list) if levels > 0 => {
                let items = list.items.borrow().clone();
                for item in items {
                    self.push_at(&item, levels - 1);
                }
            }
            Value::Table(table) => {
                let entries = table.pairs();
                let key = "hashtable".to_owned();
                for (name, value) in entries {
                    let line =
                        vec![("Name".to_owned(), self.cell(&name)), ("Value".to_owned(), self.cell(&value))];
                    self.line(key.clone(), || Some(entry_view()), Form::BARE, &line);
                }
            }
            Value::Object(object) => self.object(object),
            Value::Date(date) => {
                let text = dates::standard(*date, 'F').unwrap_or_default();
                self.words(&format!("\n{text}\n\n"));
            }
            Value::Span(_) => {
                let names = [
                    "Days",
                    "Hours",
                    "Minutes",
                    "Seconds",
                    "Milliseconds",
                    "Ticks",
                    "TotalDays",
                    "TotalHours",
                    "TotalMinutes",
                    "TotalSeconds",
                    "TotalMilliseconds",
                ];
                let line = names
                    .iter()
                    .map(|name| ((*name).to_owned(), self.cell(&super::member::property(value, name))));
                let line: Line = line.collect();
                self.line("span".to_owned(), || None, Form::BARE, &line);
            }
            other => self.words(&format!("{}\n", convert::culture_text(other))),
        }
    }

    fn object(&mut self, object: &super::object::Object) {
        match &object.kind {
            Kind::Formatted(text) => {
                self.close();
                self.text.extend_from_slice(text.as_bytes());
            }
            Kind::Error(raised) => self.words(&format!("{}\n", raised.message)),
            Kind::Exception(_) => {
                self.words(&format!("{}\n", convert::text(&object.find("Message").unwrap_or_default())));
            }
            kind => {
                let fields = object.fields();
                if fields.is_empty() {
                    return self.words("\n");
                }
                let names: Vec<&str> = fields.iter().map(|(name, _)| &**name).collect();
                let (key, cmdlet) = match kind {
                    Kind::Row(cmdlet) => ((*cmdlet).to_owned(), Some(*cmdlet)),
                    Kind::Other("System.Collections.DictionaryEntry") => ("hashtable".to_owned(), None),
                    Kind::Other(name) => ((*name).to_owned(), None),
                    _ => (names.join("\n"), None),
                };
                let is_entry = key == "hashtable";
                let line: Line =
                    fields.iter().map(|(name, value)| (name.to_string(), self.cell(value))).collect();
                let own = matches!(kind, Kind::Custom);
                let key = if own { self.joined(&key) } else { key };
                let view = || match kind {
                    _ if is_entry => Some(entry_view()),
                    Kind::Other(name) => super::cmdlet::own_view(name),
                    _ => cmdlet.and_then(view),
                };
                self.line(key, view, Form::BARE, &line);
            }
        }
    }

    /// Objects that a script made are shown like the first of them, whatever their properties.
    fn joined(&self, key: &str) -> String {
        match &self.group {
            Some(group) if group.key.starts_with("custom\n") => group.key.clone(),
            _ => format!("custom\n{key}"),
        }
    }

    fn line(&mut self, key: String, view: impl FnOnce() -> Option<View>, form: Form, line: &Line) {
        if self.group.as_ref().is_none_or(|group| group.key != key) {
            self.close();
            let renderer = render::formatted(form, view(), style(self.columns));
            self.group = Some(Group { key, renderer });
        }
        if let Some(group) = &mut self.group {
            draw(&mut group.renderer, line, &mut self.text);
        }
    }

    /// A text that is shown as it is. What waits before it is drawn first.
    pub(crate) fn words(&mut self, text: &str) {
        if let Some(group) = &mut self.group {
            let _ = group.renderer.flush(&mut self.text);
        }
        self.text.extend_from_slice(text.as_bytes());
    }

    /// A value as it is shown in a cell.
    pub(crate) fn cell(&self, value: &Value) -> Wire<'static> {
        cell(value, self.limit)
    }
}

/// The default columns of a cmdlet's result.
pub(crate) fn view(cmdlet: &str) -> Option<View> {
    catalog::find(cmdlet).and_then(|cmdlet| cmdlet.view())
}

/// How PowerShell shows the entries of a hashtable.
fn entry_view() -> View {
    let mut view = View::of(Shape::Table, ["Name", "Value"], Align::Left);
    if let Some(first) = view.columns.first_mut() {
        first.width = Some(30);
    }
    view
}

pub(crate) fn style(columns: Option<usize>) -> Style {
    Style { width: columns, ..Style::default() }
}

/// Hands one object to a renderer.
pub(crate) fn draw(renderer: &mut Renderer, line: &Line, out: &mut Vec<u8>) {
    let fields: Vec<(&str, Wire<'_>)> =
        line.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    // A vector takes everything, and no columns were named that could be missing.
    let _ = renderer.page(std::iter::once(Row::Fields(&fields)), out);
}

/// A value as it is shown in a cell.
pub(crate) fn cell(value: &Value, limit: Option<usize>) -> Wire<'static> {
    cell_at(value, limit, room::LEVELS)
}

fn cell_at(value: &Value, limit: Option<usize>, levels: usize) -> Wire<'static> {
    match value {
        Value::Date(date) => Wire::Text(Cow::Owned(date::wire(*date))),
        Value::List(list) => match (limit, levels.checked_sub(1)) {
            (Some(limit), _) => Wire::Text(Cow::Owned(braced(list.items.borrow().as_slice(), limit))),
            (None, Some(levels)) => {
                Wire::List(list.items.borrow().iter().map(|item| cell_at(item, None, levels)).collect())
            }
            (None, None) => Wire::Text(Cow::Borrowed(value.type_name())),
        },
        Value::Table(table) => {
            let pair = |(key, value): (Value, Value)| {
                format!("[{}, {}]", convert::text(&key), convert::text(&value))
            };
            Wire::List(table.pairs().into_iter().map(|entry| Wire::Text(Cow::Owned(pair(entry)))).collect())
        }
        Value::Object(object) if matches!(object.kind, Kind::Custom) => read::wire(value),
        Value::Object(_) => Wire::Text(Cow::Owned(convert::text(value))),
        other => read::wire(other),
    }
}

/// A value as it stands in a heading.
pub(crate) fn shown(value: &Value, limit: Option<usize>) -> String {
    match value {
        Value::List(list) => braced(&list.items.borrow(), limit.unwrap_or(ENUMERATED)),
        other => convert::culture_text(other),
    }
}

/// `{a, b, c…}` with so many items.
fn braced(items: &[Value], limit: usize) -> String {
    let mut text = String::from("{");
    for (at, item) in items.iter().take(limit).enumerate() {
        let part = if at > 0 { ", " } else { "" };
        let _ = write!(text, "{part}{}", convert::culture_text(item));
    }
    text.push_str(if items.len() > limit { "…}" } else { "}" });
    text
}

/// A column of a table that a script names.
pub(crate) fn column(label: &str, align: Align, width: Option<usize>) -> Column {
    Column { width, ..Column::named(label.to_owned(), align) }
}
