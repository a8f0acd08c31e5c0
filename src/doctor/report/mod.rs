//! The checks as a whole, and the forms in which they are written.

use std::time::{Duration, SystemTime};

use super::check::{Check, Status};
use crate::exit::Exit;

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
    /// What no check can show, a clause each.
    pub unproved: Vec<String>,
    /// The exit code of what failed first; [`Exit::Done`] where nothing did.
    pub exit: Exit,
}

impl Report {
    /// The worst that any check came to: failed, warning or ok.
    pub fn verdict(&self) -> Status {
        let any = |status| self.checks.iter().any(|check| check.status == status);
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
}
