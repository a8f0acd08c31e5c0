//! The checks as a whole, and the forms in which they are written.

mod html;
mod json;
mod junit;
mod markup;
mod nagios;
mod prometheus;
mod shown;
mod tap;
mod text;

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use super::check::{Check, Status};
use crate::clock;
use crate::exit::Exit;

pub use nagios::plugin_code;

/// Everything that a run of the doctor found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The organization that was named.
    pub organization: String,
    /// When it began.
    pub started: SystemTime,
    /// How long it took.
    pub elapsed: Duration,
    /// The checks, in the order in which things depend on each other.
    pub checks: Vec<Check>,
    /// Numbers that are worth a curve. A name ends in its unit, `_s` or `_ms`: `token_ttl_s`. The time that everything
    /// took is not among them.
    pub metrics: Vec<(&'static str, u64)>,
    /// What no check can show, a clause each.
    pub unproved: Vec<String>,
    /// The exit code of what failed first; [`Exit::Done`] where nothing did.
    pub exit: Exit,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// JUnit XML, for the test views of build servers.
    Junit,
    /// The Test Anything Protocol.
    Tap,
    /// The line of a Nagios plugin.
    Nagios,
    /// Metrics for a textfile collector of Prometheus.
    Prometheus,
    /// One self-contained page.
    Html,
}

/// How lines for people are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether marks and the verdict are coloured.
    pub colour: bool,
    /// The terminal's columns; 80 where there is none, since a log is read by people too.
    pub width: Option<usize>,
    /// Whether all that was seen is shown of every check, and how long each took.
    pub verbose: bool,
}

/// Writes the report in a form. Texts of services are made harmless first, here and once, so that no form can forget it.
pub fn write(report: &Report, format: Format, style: TextStyle, out: &mut dyn Write) -> io::Result<()> {
    let report = shown::report(report);
    match format {
        Format::Text => text::write(&report, style, out),
        Format::Json => json::write(&report, out),
        Format::Junit => junit::write(&report, out),
        Format::Tap => tap::write(&report, out),
        Format::Nagios => nagios::write(&report, out),
        Format::Prometheus => prometheus::write(&report, out),
        Format::Html => html::write(&report, out),
    }
}

impl Report {
    /// The worst that any check came to: failed, warning or ok.
    pub fn verdict(&self) -> Status {
        let any = |status| self.count(status) > 0;
        if any(Status::Failed) {
            Status::Failed
        } else if any(Status::Warning) {
            Status::Warning
        } else {
            Status::Ok
        }
    }

    /// How many checks came to this.
    pub fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }

    /// The check that the verdict is about, where it is not ok.
    fn culprit(&self) -> Option<&Check> {
        let verdict = self.verdict();
        self.checks.iter().find(|check| verdict != Status::Ok && check.status == verdict)
    }

    /// The earlier check that is mended by the same, where one is: what two checks say is read once.
    fn mended_with(&self, check: &Check) -> Option<&Check> {
        let same = |other: &&Check| !check.remedies.is_empty() && other.remedies == check.remedies;
        self.checks.iter().take_while(|other| !std::ptr::eq(*other, check)).find(same)
    }

    /// Whether the run ended before its end, though nothing that was looked at failed.
    fn is_cut_short(&self) -> bool {
        self.verdict() != Status::Failed && self.exit != Exit::Done
    }

    /// The verdict in a few words.
    fn conclusion(&self) -> String {
        let warnings = counted(self.count(Status::Warning), "warning");
        match self.verdict() {
            _ if self.is_cut_short() => "the checks did not come to their end".to_owned(),
            Status::Failed if self.count(Status::Warning) == 0 => {
                format!("{} failed", counted(self.count(Status::Failed), "check"))
            }
            Status::Failed => format!("{} failed, {warnings}", counted(self.count(Status::Failed), "check")),
            Status::Warning => format!("everything that could be checked works, with {warnings}"),
            _ => "everything that could be checked is in order".to_owned(),
        }
    }

    /// When it began, in UTC. A clock that stands before 1970 is the epoch's, which a reader recognises as wrong.
    fn began(&self) -> String {
        clock::iso(self.started.max(SystemTime::UNIX_EPOCH)).unwrap_or_default()
    }
}

impl Check {
    /// What the check found, in one clause.
    fn finding(&self) -> String {
        match (self.evidence.first(), self.status) {
            (Some(seen), _) => seen.clone(),
            (None, Status::Skipped) => "not looked at".to_owned(),
            (None, Status::Ok | Status::Info) => self.title.to_owned(),
            (None, Status::Warning | Status::Failed) => format!("it was not found that {}", self.title),
        }
    }

    /// Where the documentation explains what is wrong.
    fn hint_url(&self) -> Option<String> {
        self.code.map(|code| format!("docs/errors.md#{}", code.text()))
    }
}

impl Status {
    /// The sign in front of a check. All of them are in the character sets that consoles of Windows have always had.
    fn mark(self) -> char {
        match self {
            Self::Ok => '√',
            Self::Info => 'i',
            Self::Warning => '‼',
            Self::Failed => '×',
            Self::Skipped => '–',
        }
    }
}

/// `1 warning`, `2 warnings`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whole milliseconds.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds with three places. No floating-point number is in between, whose digits would be seen.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// `12 ms` or `1.2 s`.
fn span(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests;
