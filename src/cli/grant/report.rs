//! What was found and done, on standard output, and what is to be known about it.

use std::io;

use super::super::Diagnostics;
use super::super::cmdlets::{Fields, columns, ended, show};
use super::say;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::graph::{Found, Outcome};
use crate::render::{Format, Style};
use crate::value::Value;
use crate::world::World;

const AFTERWARDS: &str = "Exchange may take up to two hours to follow, and a token that Azure has handed out keeps its \
                          roles for up to 24 hours";

/// The outcomes of a command, and the failure that ended it.
pub(super) struct Report {
    found: Found,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) failure: Option<Failure>,
}

impl Report {
    pub(super) fn of(found: Found) -> Self {
        Self { found, outcomes: Vec::new(), failure: None }
    }

    pub(super) fn object_id(&self) -> &str {
        &self.found.principal.id
    }

    /// Prints what was done, and ends as the command ended.
    pub(super) fn print(
        self,
        format: Format,
        diagnostics: &Diagnostics,
        world: &mut World,
    ) -> Result<Exit, Failure> {
        let rows: Vec<Fields> = self.outcomes.iter().map(|outcome| self.row(outcome)).collect();
        if !rows.is_empty() {
            let style = Style { width: world.stdout.columns, ..Style::default() };
            let view = columns(&["Grant", "State", "Identity", "ObjectId"]);
            let mut out = io::BufWriter::new(world.stdout.clone());
            let written = show(format, Some(view), &rows, style, &mut out);
            ended(written, &mut out)?;
        }
        for (kind, text) in self.notes() {
            say(diagnostics, world, kind, &text);
        }
        self.failure.map_or(Ok(Exit::Done), Err)
    }

    fn row(&self, outcome: &Outcome) -> Fields {
        let principal = &self.found.principal;
        let text = |text: &str| Value::from(text.to_owned());
        vec![
            ("Grant", outcome.grant.name().into()),
            ("State", outcome.state.to_string().into()),
            ("Identity", text(principal.name())),
            ("ObjectId", text(&principal.id)),
            ("ClientId", text(&principal.app_id)),
            ("Kind", principal.kind.as_deref().map_or(Value::Null, text)),
            ("ResourceId", principal.resource_id().map_or(Value::Null, text)),
            ("Assignment", outcome.assignment.as_deref().map_or(Value::Null, text)),
            ("Confirmed", outcome.confirmed.into()),
        ]
    }

    fn notes(&self) -> Vec<(&'static str, String)> {
        let mut notes = Vec::new();
        for namesake in &self.found.namesakes {
            let name = self.found.principal.name();
            notes.push(("note", format!("another is named `{name}` and was left alone: {namesake}")));
        }
        for outcome in self.outcomes.iter().filter(|outcome| !outcome.confirmed) {
            let (grant, state) = (outcome.grant.name(), outcome.state);
            notes.push((
                "warning",
                format!("{grant} is {state}, as Microsoft Graph says, and does not show there yet: look later with --what-if"),
            ));
        }
        if self.outcomes.iter().any(|outcome| outcome.state.is_change()) {
            notes.push(("note", AFTERWARDS.to_owned()));
        }
        notes
    }
}
