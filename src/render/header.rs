//! The header of the formats that write rows as they come: it is fixed by the first page with rows.
//!
//! It holds all properties of the objects of that page, in the order of their appearance, unless names were given. What
//! appears on later pages alone has no column; its name is handed to the caller, who warns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;

use super::columns::properties;
use super::names::Late;
use super::{Formulas, Style, json, safe};
use crate::catalog::View;
use crate::value::{Field, Row, Value};

pub(super) struct Header {
    pub(super) names: Vec<String>,
    places: HashMap<String, usize>,
    late: Late,
}

impl Header {
    /// All properties of these objects.
    pub(super) fn of(rows: &[Row<'_>]) -> Self {
        Self::named(properties(rows))
    }

    pub(super) fn named(names: Vec<String>) -> Self {
        let places = names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
        Self { late: Late::new(&names), names, places }
    }

    /// The cells of an object, empty where it lacks the property.
    pub(super) fn record(&mut self, row: Row<'_>, style: Style) -> Vec<String> {
        let mut record = vec![String::new(); self.names.len()];
        let mut next = 0;
        row.each(|name, field| {
            match self.place(name, next) {
                Some(at) => {
                    record[at] = text(field, style);
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

    /// The properties that had no column.
    pub(super) fn late(self) -> Vec<String> {
        self.late.names()
    }
}

/// The columns before and after they are fixed.
pub(super) struct Expected {
    /// The header of a result without rows.
    empty: Vec<String>,
    header: Option<Header>,
}

impl Expected {
    /// Those of a view, where no row comes.
    pub(super) fn of_view(view: Option<View>) -> Self {
        let columns = view.into_iter().flat_map(|view| view.columns);
        Self { empty: columns.map(|column| column.property.into_owned()).collect(), header: None }
    }

    /// Those that the user named, where no row comes.
    pub(super) fn name(&mut self, names: Vec<String>) {
        self.empty = names;
    }

    /// Fixes the columns before the first page.
    pub(super) fn fix(&mut self, names: &[String]) {
        self.header = Some(Header::named(names.to_vec()));
    }

    /// The names that are fixed, or at the end those above a result without rows.
    pub(super) fn so_far(&self, at_the_end: bool) -> Option<&[String]> {
        let fixed = self.header.as_ref().map(|header| header.names.as_slice());
        fixed.or_else(|| at_the_end.then_some(self.empty.as_slice()).filter(|names| !names.is_empty()))
    }

    /// The header, which these rows decide if none did before. Objects without properties decide nothing.
    pub(super) fn header(&mut self, rows: &[Row<'_>]) -> Option<&mut Header> {
        if self.header.is_none() {
            self.header = Some(Header::of(rows)).filter(|header| !header.names.is_empty());
        }
        self.header.as_mut()
    }

    /// The properties that had no column, or else the names above a result without rows.
    pub(super) fn finish(self) -> Result<Vec<String>, Vec<String>> {
        self.header.map(Header::late).ok_or(self.empty)
    }
}

/// The value as data: dates as they were sent, lists joined, nested objects as JSON. A number is no formula, whatever
/// stands before it.
pub(super) fn text(field: Field<'_>, style: Style) -> String {
    match field.value() {
        value @ Value::Number(_) => single(value),
        Value::List(items) => disarmed(items.into_iter().map(single).collect::<Vec<_>>().join(";"), style),
        value => disarmed(single(value), style),
    }
}

/// The text with an apostrophe before what a spreadsheet takes for the beginning of a formula, where that is wanted.
fn disarmed(text: String, style: Style) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if style.formulas == Formulas::Disarmed && begins { format!("'{text}") } else { text }
}

fn single(value: Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(text) => text.into_owned(),
        Value::Text(text) => safe::data(text).into_owned(),
        nested => String::from_utf8_lossy(&json::of_value(&nested, false)).into_owned(),
    }
}

/// A name as it may stand above its column.
pub(super) fn label(name: &str, style: Style) -> String {
    disarmed(safe::data(Cow::Borrowed(name)).into_owned(), style)
}
