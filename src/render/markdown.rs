//! A pipe table of Markdown, for reports and for comments on a pull request.

use std::borrow::Cow;
use std::io::{self, Write};

use super::columns::properties;
use super::names::Late;
use super::{cell, safe};
use crate::catalog::{Align, Column, View};
use crate::value::{Row, Value};

pub(super) struct Markdown {
    /// What is to be shown; all properties of the first page where nothing is said.
    expected: Vec<Column>,
    decided: Option<(Vec<Column>, Option<Late>)>,
}

impl Markdown {
    pub(super) fn new(view: Option<View>) -> Self {
        Self { expected: view.map(|view| view.columns).unwrap_or_default(), decided: None }
    }

    /// Shows these columns, whatever the view.
    pub(super) fn name(&mut self, names: &[String]) {
        self.expected = columns(names);
    }

    pub(super) fn page(&mut self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        if self.decided.is_none() {
            let decided = self.decide(rows);
            if decided.0.is_empty() {
                return Ok(());
            }
            heading(&decided.0, &mut text);
            self.decided = Some(decided);
        }
        let Some((columns, late)) = &mut self.decided else { return Ok(()) };
        let names: Vec<&str> = columns.iter().map(|column| column.property.as_ref()).collect();
        for row in rows {
            if let Some(late) = late {
                late.watch(*row);
            }
            let cells = row.project(&names).into_iter().map(|value| cell::text(value.unwrap_or(Value::Null)));
            line(cells, &mut text);
        }
        out.write_all(text.as_bytes())
    }

    /// The columns that any object of the first page has; all its properties where no column fits.
    fn decide(&self, rows: &[Row<'_>]) -> (Vec<Column>, Option<Late>) {
        let names = properties(rows);
        let known = |column: &&Column| names.iter().any(|name| name.eq_ignore_ascii_case(&column.property));
        let shown: Vec<Column> = self.expected.iter().filter(known).cloned().collect();
        if shown.is_empty() { (columns(&names), Some(Late::new(&names))) } else { (shown, None) }
    }

    /// Writes the heading where no row brought one. Returns the properties that had no column.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<Vec<String>> {
        let mut text = String::new();
        match self.decided {
            Some((_, late)) => return Ok(late.map(Late::names).unwrap_or_default()),
            None if self.expected.is_empty() => {}
            None => heading(&self.expected, &mut text),
        }
        out.write_all(text.as_bytes()).map(|()| Vec::new())
    }
}

fn columns(names: &[String]) -> Vec<Column> {
    names.iter().map(|name| Column::named(name.clone(), Align::Left)).collect()
}

fn heading(columns: &[Column], out: &mut String) {
    line(columns.iter().map(|column| Cow::Borrowed(column.label.as_ref())), out);
    for column in columns {
        out.push_str(if column.align == Align::Right { "| ---: " } else { "| --- " });
    }
    out.push_str("|\n");
}

fn line<'c>(cells: impl Iterator<Item = Cow<'c, str>>, out: &mut String) {
    for text in cells {
        out.push_str("| ");
        let text = text.replace("\r\n", "\n");
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            escape(&safe::line(Cow::Borrowed(line)), out);
        }
        out.push(' ');
    }
    out.push_str("|\n");
}

/// What would end the cell, or begin a link, a tag, code or emphasis: a name is written by strangers.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        if matches!(letter, '|' | '\\' | '`' | '*' | '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(letter);
    }
}
