//! A failure on standard error, for people or for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{CallFacts, Failure, Hint};
use crate::render;
use crate::world::{Priority, Stream};

/// How failures are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ErrorFormat {
    /// Lines for people.
    #[default]
    Human,
    /// One JSON object on one line.
    Json,
}

/// Writes a failure, at once.
pub fn print(failure: &Failure, format: ErrorFormat, stderr: &mut Stream) -> io::Result<()> {
    stderr.tell(Priority::Error, &text_of(failure, format)?)
}

/// A failure as it is written.
pub(crate) fn text_of(failure: &Failure, format: ErrorFormat) -> io::Result<String> {
    Ok(match format {
        ErrorFormat::Human => human(failure),
        ErrorFormat::Json => serde_json::to_string(&Object::from(failure))? + "\n",
    })
}

/// Writes the failure of one object of many, as one JSON object on one line.
pub fn print_for(identity: &str, line: usize, failure: &Failure, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Complaint<'c> {
        identity: &'c str,
        line: usize,
        #[serde(flatten)]
        failure: Object,
    }
    serde_json::to_writer(&mut *out, &Complaint { identity, line, failure: Object::from(failure) })?;
    writeln!(out)
}

fn human(failure: &Failure) -> String {
    let mut lines = vec![format!("error: {}", on_one_line(&failure.message))];
    lines.extend(failure.causes.iter().map(|cause| format!("  caused by: {}", on_one_line(cause))));
    for place in &failure.places {
        lines.push(format!("  {}", on_one_line(&place.text)));
        lines.extend(place.excerpt.iter().map(|line| format!("    {}", on_one_line(line))));
    }
    let facts = facts(&failure.call);
    if !facts.is_empty() {
        lines.push(format!("  {}", on_one_line(&facts.join(", "))));
    }
    for hint in &failure.hints {
        let text = on_one_line(&hint.text);
        match &hint.command {
            None => lines.push(format!("hint: {text}")),
            // On a line of its own, to be taken with three clicks.
            Some(command) => {
                lines.extend([format!("hint: {text}:"), format!("      {}", on_one_line(command))]);
            }
        }
    }
    let before = if failure.hints.is_empty() { "hint: " } else { "      " };
    lines.push(format!("{before}docs/errors.md#{}", failure.code.text()));
    lines.push(String::new());
    lines.join("\n")
}

fn facts(call: &CallFacts) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(call.request_id.as_ref().map(|id| format!("request-id {id}")));
    facts.extend(call.client_request_id.map(|id| format!("client-request-id {id}")));
    facts.extend(call.attempts.map(|count| format!("attempt {count}")));
    facts.extend(call.elapsed.map(|elapsed| format!("{:.1} s", elapsed.as_secs_f64())));
    facts
}

/// A hint as one text.
fn hint(hint: &Hint) -> String {
    let text = on_one_line(&hint.text);
    hint.command.as_ref().map_or(text.clone(), |command| format!("{text}: {}", on_one_line(command)))
}

/// The object of `--error-format json`. A struct and no map, so that the fields keep this order.
#[derive(Serialize)]
struct Object {
    kind: &'static str,
    code: &'static str,
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    status: Option<u16>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    attempts: Option<u32>,
    elapsed_ms: Option<u128>,
}

impl From<&Failure> for Object {
    fn from(failure: &Failure) -> Self {
        let places = failure.places.iter().map(|place| &place.text);
        Self {
            kind: failure.exit.kind(),
            code: failure.code.text(),
            message: on_one_line(&failure.message),
            causes: failure.causes.iter().chain(places).map(|text| on_one_line(text)).collect(),
            hints: failure.hints.iter().map(hint).collect(),
            status: failure.call.status,
            request_id: failure.call.request_id.as_deref().map(on_one_line),
            client_request_id: failure.call.client_request_id.map(|id| id.to_string()),
            attempts: failure.call.attempts,
            elapsed_ms: failure.call.elapsed.map(|elapsed| elapsed.as_millis()),
        }
    }
}

/// A text as it is shown: on one line, and no longer than anyone reads. A service may send megabytes.
fn on_one_line(text: &str) -> String {
    const LONGEST: usize = 4000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => render::on_one_line(&text[..end]) + "…",
        None => render::on_one_line(text),
    }
}
