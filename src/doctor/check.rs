//! One check: what was looked at, what was seen, and what mends it.

use std::time::Duration;

use crate::failure::{Failure, Hint};
use crate::knowledge::Code;

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is as it should be.
    Ok,
    /// Worth knowing; neither good nor bad.
    Info,
    /// It works, and something about it should be changed.
    Warning,
    /// It does not work.
    Failed,
    /// It was not looked at, since something before it failed or there was nothing to look at.
    Skipped,
}

impl Status {
    /// The word that programs read.
    pub fn text(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// A check that was made, or that was passed over.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name for programs, the same in every version: `directory-role`.
    pub id: &'static str,
    /// What is true where it is ok, as one clause: `the token carries a directory role`.
    pub title: &'static str,
    /// What it came to.
    pub status: Status,
    /// The kind of failure, and the section of `docs/errors.md`; only where something is wrong.
    pub code: Option<Code>,
    /// What was seen, a clause each: texts of services are among them.
    pub evidence: Vec<String>,
    /// What mends it.
    pub remedies: Vec<Hint>,
    /// How long it took.
    pub duration: Duration,
}

impl Check {
    /// A check with nothing but its outcome.
    pub fn new(id: &'static str, title: &'static str, status: Status) -> Self {
        Self {
            id,
            title,
            status,
            code: None,
            evidence: Vec::new(),
            remedies: Vec::new(),
            duration: Duration::ZERO,
        }
    }

    /// The same check with one more thing that was seen; an empty one is left out.
    #[must_use]
    pub fn seen(mut self, evidence: impl Into<String>) -> Self {
        let evidence = evidence.into();
        if !evidence.is_empty() {
            self.evidence.push(evidence);
        }
        self
    }

    /// The same check with what a failure says.
    #[must_use]
    pub fn because_of(mut self, failure: &Failure) -> Self {
        self.code = Some(failure.code);
        self.evidence.push(failure.message.clone());
        self.evidence.extend(failure.causes.iter().cloned());
        self.evidence.extend(failure.call.request_id.iter().map(|id| format!("request-id {id}")));
        self.remedies.extend(failure.hints.iter().cloned());
        self
    }

    /// The same check with something that mends it.
    #[must_use]
    pub fn remedy(mut self, text: impl Into<String>, command: Option<String>) -> Self {
        self.remedies.push(Hint { text: text.into(), command });
        self
    }
}
