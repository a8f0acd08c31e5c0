//! What the failures of many identities come to.

use super::options::Many;
use crate::cli::console::Console;
use crate::cli::lines::Line;
use crate::exit::Exit;
use crate::failure::Failure;

/// What the failures come to.
pub(super) struct Tally {
    many: Many,
    pub(super) worst: Exit,
    /// Whether any identity had a result.
    any: bool,
    /// Whether rows exist that did not come.
    pub(super) missing: bool,
}

impl Tally {
    pub(super) fn new(many: Many) -> Self {
        Self { many, worst: Exit::Done, any: false, missing: false }
    }

    /// Takes note of what became of an identity. Gives back the failure where it ends the command; others are told of,
    /// and so is one that comes after such a failure.
    pub(super) fn add(
        &mut self,
        console: &mut Console<'_>,
        line: &Line,
        outcome: Result<Exit, Failure>,
        ending: Option<&Failure>,
    ) -> Result<Option<Failure>, Failure> {
        self.many.progress.answered(line, outcome.is_err());
        let Err(mut failure) = outcome else {
            self.any = true;
            return Ok(None);
        };
        self.missing |= matches!(failure.exit, Exit::Unavailable | Exit::Incomplete);
        if failure.exit == Exit::Denied && ending.is_some_and(|ending| ending.code == failure.code) {
            // What mends it is said once, at the end.
            failure.hints.clear();
        }
        let failure = failure.because(format!("for `{}`, {}", line.text, line.place()));
        if self.ends(&failure, ending.is_some()) {
            return Ok(Some(failure));
        }
        self.worst = self.worst.max(failure.exit);
        self.many.complaints.tell(line, &failure, console)?;
        Ok(None)
    }

    /// The same for what concerns no identity, or several.
    pub(super) fn refuse(
        &mut self,
        console: &mut Console<'_>,
        failure: Failure,
        ending: bool,
    ) -> Option<Failure> {
        if self.ends(&failure, ending) {
            return Some(failure);
        }
        console.report(&failure);
        self.worst = self.worst.max(failure.exit);
        None
    }

    /// Whether a failure ends the command, unless it is ending already.
    fn ends(&self, failure: &Failure, ending: bool) -> bool {
        // What refuses the first refuses them all, and the same words ten thousand times help nobody.
        let concerns_all = failure.concerns_all() || failure.exit == Exit::Denied && !self.any;
        !ending && (self.many.fail_fast || concerns_all)
    }

    /// Shows how far the run has come.
    pub(super) fn show(&mut self, console: &mut Console<'_>) {
        self.many.progress.show(console);
    }

    /// Says what the failures were, where they are told of in a file.
    pub(super) fn sum_up(&mut self, console: &mut Console<'_>) -> Result<(), Failure> {
        self.many.complaints.sum_up(console)
    }
}
