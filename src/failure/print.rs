//! A failure on standard error, for people or for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{CallFacts, Failure, Hint};
use crate::render::{self, fill, paragraph};
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
    stderr.tell(Priority::Error, &text_of(failure, format, stderr.columns)?)
}

/// A failure as it is written where lines are so long.
pub(crate) fn text_of(failure: &Failure, format: ErrorFormat, columns: Option<usize>) -> io::Result<String> {
    Ok(match format {
        ErrorFormat::Human => human(failure, columns),
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

fn human(failure: &Failure, columns: Option<usize>) -> String {
    let sentence = |before: &str, text: &str, indent| {
        paragraph(&format!("{before}{}", on_one_line(text)), columns, indent)
    };
    let mut lines = vec![sentence("error: ", &failure.message, 4)];
    lines.extend(failure.causes.iter().map(|cause| sentence("  caused by: ", cause, 4)));
    for place in &failure.places {
        lines.push(sentence("  ", &place.text, 4));
        lines.extend(place.excerpt.iter().map(|line| format!("    {}", on_one_line(line))));
    }
    let facts = facts(&failure.call);
    if !facts.is_empty() {
        let facts: Vec<_> = facts.iter().map(|fact| on_one_line(fact)).collect();
        lines.push(fill(facts.join(",\n").lines(), columns, 2, 4));
    }
    for hint in &failure.hints {
        match &hint.command {
            None => lines.push(sentence("hint: ", &hint.text, 6)),
            // On a line of its own, to be taken with three clicks, and never broken.
            Some(command) => {
                lines.push(sentence("hint: ", &format!("{}:", hint.text), 6));
                lines.push(format!("      {}", on_one_line(command)));
            }
        }
    }
    let before = if failure.hints.is_empty() { "hint: " } else { "      " };
    lines.push(format!("{before}docs/errors.md#{}\n", failure.code.text()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use crate::knowledge::Code;

    #[test]
    fn on_a_terminal_sentences_fit_and_commands_stay_whole() {
        let command = "az rest --method POST --uri https://graph.microsoft.com/v1.0/servicePrincipals/x/appRoleAssignments";
        let mut failure = Failure::new(
            Exit::Denied,
            Code::GraphDenied,
            "Exchange Online refused the token of the identity",
        )
        .because(
            "the token does not hold the app role `Exchange.ManageAsApp`, without which it opens nothing",
        )
        .remedy("grant it the role, which takes effect within minutes, and then run the same again", command);
        failure.call.request_id = Some("6f0c1111-1111-4111-8111-111111111111".to_owned());
        failure.call.attempts = Some(2);
        let wide = text_of(&failure, ErrorFormat::Human, None).expect("a text");
        let narrow = text_of(&failure, ErrorFormat::Human, Some(50)).expect("a text");
        assert!(wide.lines().count() == 6 && narrow.lines().count() == 11, "{narrow}");
        assert!(narrow.lines().all(|line| line.len() <= 50 || line.trim_start() == command), "{narrow}");
        assert!(
            narrow.contains("\n  request-id 6f0c1111-1111-4111-8111-111111111111,\n    attempt 2\n"),
            "{narrow}"
        );
        // A facility of the terminal and not of the text.
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&wide), words(&narrow));
    }
}
