//! Lines for people: one for each check, what is wrong beneath it, the verdict at the end.
//!
//! The marks are no ASCII, and there is no second set for terminals that lack them, as tables have none: a guess from
//! variables such as `LANG` is wrong on Windows and in containers, where they are mostly unset.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Report, TextStyle, span};
use crate::doctor::{Check, Status};
use crate::failure::Hint;

/// The columns that are taken for granted where there is no terminal.
const COLUMNS: usize = 80;
/// How long the line of a check may grow there. It is not broken, and a log has no edge.
const LONGEST_LINE: usize = 120;
/// Fewer than this are not worth breaking lines for.
const NARROWEST: usize = 40;
/// What stands beneath a check.
const INDENT: &str = "    ";

pub(super) fn write(report: &Report, style: TextStyle, out: &mut dyn Write) -> io::Result<()> {
    let terminal = style.width.filter(|width| *width > 0).map(|width| width.max(NARROWEST));
    let (width, line) = (terminal.unwrap_or(COLUMNS), terminal.unwrap_or(LONGEST_LINE));
    Lines { style, width, line, out }.report(report)
}

struct Lines<'o> {
    style: TextStyle,
    /// Where paragraphs are broken.
    width: usize,
    /// How much a check's own line takes.
    line: usize,
    out: &'o mut dyn Write,
}

impl Lines<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        writeln!(self.out, "exo-mi {version}, {}, {}\n", report.organization, report.began())?;
        for check in &report.checks {
            self.check(check, report.mended_with(check))?;
        }
        if !report.unproved.is_empty() {
            writeln!(self.out, "\nnot proved by this:")?;
            for clause in &report.unproved {
                self.paragraph("  - ", "    ", clause)?;
            }
        }
        self.verdict(report)
    }

    fn check(&mut self, check: &Check, earlier: Option<&Check>) -> io::Result<()> {
        let mark = self.painted(check.status, &check.status.mark().to_string());
        let mut line = check.title.to_owned();
        if self.style.verbose {
            line = format!("{line} ({}, {})", check.id, span(check.duration));
        }
        let beneath = if self.is_told_beneath(check) {
            check.evidence.iter().collect()
        } else {
            self.append(&mut line, &check.evidence)
        };
        writeln!(self.out, "{mark} {line}")?;
        // Of what is in order, more is told on demand alone.
        let wanted = self.style.verbose || check.status != Status::Ok;
        for seen in beneath.into_iter().filter(|_| wanted) {
            self.paragraph(INDENT, INDENT, seen)?;
        }
        match earlier {
            Some(earlier) => {
                self.paragraph(INDENT, "      ", &format!("hint: as above, `{}`", earlier.title))?;
            }
            None => self.remedies(&check.remedies)?,
        }
        match check.hint_url() {
            Some(url) => writeln!(self.out, "{INDENT}{url}"),
            None => Ok(()),
        }
    }

    /// Whether all that was seen has lines of its own, so that what is wrong is read from top to bottom.
    fn is_told_beneath(&self, check: &Check) -> bool {
        self.style.verbose || matches!(check.status, Status::Warning | Status::Failed)
    }

    /// Puts on the line what has room on it, and gives back the rest.
    fn append<'e>(&self, line: &mut String, evidence: &'e [String]) -> Vec<&'e String> {
        let mut rest = Vec::new();
        let mut separator = ": ";
        for seen in evidence {
            // The mark and a blank stand before it.
            if 2 + line.width() + separator.len() + seen.width() > self.line {
                rest.push(seen);
            } else {
                line.push_str(separator);
                line.push_str(seen);
                separator = ", ";
            }
        }
        rest
    }

    fn remedies(&mut self, remedies: &[Hint]) -> io::Result<()> {
        for hint in remedies {
            let colon = if hint.command.is_some() { ":" } else { "" };
            self.paragraph("    hint: ", "      ", &format!("{}{colon}", hint.text))?;
            if let Some(command) = &hint.command {
                // Whole and on a line of its own, to be taken with three clicks.
                writeln!(self.out, "      {command}")?;
            }
        }
        Ok(())
    }

    fn verdict(&mut self, report: &Report) -> io::Result<()> {
        let code = report.exit.code();
        let line = match report.culprit() {
            _ if report.is_cut_short() => format!("{}, exit code {code}", report.conclusion()),
            Some(first) if first.status == Status::Failed => {
                let name = first.code.map_or(first.id, crate::knowledge::Code::text);
                format!("first failure: {name}, exit code {code}")
            }
            _ => report.conclusion(),
        };
        let status = if report.is_cut_short() { Status::Failed } else { report.verdict() };
        let line = self.painted(status, &line);
        writeln!(self.out, "\n{line}")
    }

    /// A text broken between words. A word that is wider than a line stays whole: it is an address or a number.
    fn paragraph(&mut self, first: &str, next: &str, text: &str) -> io::Result<()> {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            if !is_empty && line.width() + 1 + word.width() > self.width {
                writeln!(self.out, "{line}")?;
                next.clone_into(&mut line);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        writeln!(self.out, "{line}")
    }

    fn painted(&self, status: Status, text: &str) -> String {
        let colour = match status {
            Status::Ok => 32,
            Status::Warning => 33,
            Status::Failed => 31,
            Status::Info => 36,
            Status::Skipped => 90,
        };
        if self.style.colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
