//! The columns that a user named: `Name,*Size`.
//!
//! Names are resolved against the first page with rows, before anything of it is written: a slip must not leave half a
//! result behind.

use std::collections::HashSet;
use std::fmt;
use std::ops::ControlFlow;

use super::names::Late;
use super::{glob, safe};
use crate::value::{Field, Row};

/// Names and globs of properties, in the order in which they are to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    patterns: Vec<String>,
}

/// A name that no object has a property for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no object has a property {}", list(.wanted))]
pub struct NoSuchColumn {
    /// What was named and is not there.
    pub wanted: Vec<String>,
    /// The properties that are there, as they may be printed, sorted.
    pub known: Vec<String>,
}

impl NoSuchColumn {
    /// The same, where there are other properties that were left out before.
    #[must_use]
    pub fn beside(self, left_out: &[String]) -> Self {
        let names = self.known.into_iter().chain(left_out.iter().cloned());
        Self { known: printable(names.collect()), ..self }
    }
}

fn list(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" or ")
}

impl Columns {
    /// Reads `A,B,*Size`. In a glob, `*` stands for any characters and `?` for one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let patterns: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        if patterns.iter().any(String::is_empty) {
            return Err("a name between the commas is missing".to_owned());
        }
        Ok(Self { patterns })
    }

    /// Whether a property is among them.
    pub fn name(&self, property: &str) -> bool {
        self.patterns.iter().any(|pattern| glob::matches(pattern, property))
    }

    /// What was named without a glob. All that is known where no object came.
    pub(super) fn plain(&self) -> Vec<String> {
        self.patterns.iter().filter(|pattern| !glob::is_glob(pattern)).cloned().collect()
    }

    fn resolve(&self, rows: &[Row<'_>]) -> Result<Vec<String>, NoSuchColumn> {
        let known = properties(rows);
        let mut names: Vec<String> = Vec::new();
        let mut wanted = Vec::new();
        for pattern in &self.patterns {
            let mut found = known.iter().filter(|name| glob::matches(pattern, name)).peekable();
            if found.peek().is_none() {
                wanted.push(pattern.clone());
            }
            for name in found {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        if wanted.is_empty() { Ok(names) } else { Err(NoSuchColumn { wanted, known: printable(known) }) }
    }
}

/// As it is written on a command line.
impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.patterns.join(","))
    }
}

fn printable(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_key(|name| name.to_lowercase());
    names.into_iter().map(|name| safe::line(name.into()).into_owned()).collect()
}

/// The names of all properties of these objects, in the order of their appearance.
pub(super) fn properties(rows: &[Row<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for row in rows {
        row.each(|name, _| {
            if !seen.contains(name) {
                seen.insert(name.to_owned());
                names.push(name.to_owned());
            }
            ControlFlow::<()>::Continue(())
        });
    }
    names
}

/// Columns and what became of them.
pub(super) struct Choice {
    columns: Columns,
    decided: Option<Decided>,
}

struct Decided {
    names: Vec<String>,
    late: Late,
}

impl Choice {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, decided: None }
    }

    /// Has these names, which were decided before.
    pub(super) fn fix(&mut self, names: Vec<String>) {
        self.decided = Some(Decided { late: Late::new(&names), names });
    }

    /// The names, where they are decided.
    pub(super) fn names(&self) -> Option<&[String]> {
        self.decided.as_ref().map(|decided| decided.names.as_slice())
    }

    /// Decides by the first objects, and returns the names where they were not decided before.
    pub(super) fn decide(&mut self, rows: &[Row<'_>]) -> Result<Option<&[String]>, NoSuchColumn> {
        if self.decided.is_some() {
            return Ok(None);
        }
        let names = self.columns.resolve(rows)?;
        let late = Late::new(&names);
        Ok(Some(&self.decided.insert(Decided { names, late }).names))
    }

    /// The objects with the chosen properties alone, in the chosen order. What an object lacks stays away.
    pub(super) fn pick<'s, 'a: 's>(&'s mut self, rows: &[Row<'a>]) -> Vec<Vec<(&'s str, Field<'s>)>> {
        let Some(Decided { names, late }) = &mut self.decided else { return Vec::new() };
        let globs: Vec<&String> =
            self.columns.patterns.iter().filter(|pattern| glob::is_glob(pattern)).collect();
        for row in rows.iter().filter(|_| !globs.is_empty()) {
            late.watch_some(*row, |name| globs.iter().any(|glob| glob::matches(glob, name)));
        }
        let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        let picked = |row: &Row<'a>| {
            let fields = wanted.iter().zip(row.select(&wanted));
            fields.filter_map(|(name, field)| Some((*name, field?))).collect()
        };
        rows.iter().map(picked).collect()
    }

    /// Properties that a glob fits and that came after the columns were decided.
    pub(super) fn late(self) -> Vec<String> {
        self.decided.map(|decided| decided.late.names()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_name_is_a_mistake() {
        for text in ["", ",", "A,,B", "A, "] {
            assert!(Columns::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Columns::parse(" A , *b").map(|columns| columns.patterns),
            Ok(vec!["A".into(), "*b".into()])
        );
    }

    #[test]
    fn names_are_found_in_any_object_and_those_that_are_missing_are_listed() {
        let rows = [Row::Json(r#"{"b":1,"SizeB":2}"#), Row::Json(r#"{"sizeA":3,"C\u001b":4}"#)];
        let resolve = |text: &str| Columns::parse(text).expect("columns").resolve(&rows);
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(resolve("size*,B,*b"), Ok(named(&["SizeB", "sizeA", "b"])));
        let missing = resolve("B,x*,D").expect_err("two are missing");
        assert_eq!(missing.to_string(), "no object has a property `x*` or `D`");
        assert_eq!(missing.known, named(&["b", "C\u{fffd}", "sizeA", "SizeB"]));
    }
}
