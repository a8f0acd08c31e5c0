//! The report as it may be shown: texts of services are on one line, of bounded length, and without orders to a terminal.

use std::borrow::Cow;

use super::Report;
use crate::doctor::Check;
use crate::failure::Hint;
use crate::render;

/// How many characters of a text are shown. A service may send megabytes; no command of ours is half as long.
const LONGEST: usize = 2000;

/// The same report, harmless in every form that knows how to quote.
pub(super) fn report(report: &Report) -> Report {
    Report {
        organization: text(&report.organization),
        checks: report.checks.iter().map(check).collect(),
        unproved: texts(&report.unproved),
        ..report.clone()
    }
}

fn check(check: &Check) -> Check {
    Check {
        evidence: texts(&check.evidence),
        remedies: check.remedies.iter().map(hint).collect(),
        ..check.clone()
    }
}

fn hint(hint: &Hint) -> Hint {
    Hint { text: text(&hint.text), command: hint.command.as_deref().map(text) }
}

/// What says nothing is left out.
fn texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|given| text(given)).filter(|text| !text.trim().is_empty()).collect()
}

fn text(text: &str) -> String {
    let cut = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    };
    // Neither XML nor YAML may hold these two, not even quoted.
    render::on_one_line(&cut).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}
