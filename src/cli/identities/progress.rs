//! How far a long run has come, on standard error.
//!
//! On a terminal it is one line that is written over; elsewhere, where it was asked for, a line now and then. How much is
//! left is known where standard input is a file, by its bytes, and where the user says how many identities come.

use std::time::Duration;

use crate::cli::console::Console;
use crate::cli::lines::Line;
use crate::cli::pulse::{ON_A_TERMINAL, Pulse, seconds};
use crate::world::World;

const IN_A_LOG: Duration = Duration::from_secs(10);

/// What is known of the length of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Total {
    Unknown,
    Lines(u64),
    Bytes(u64),
}

/// How far a run has come.
pub(super) struct Progress {
    /// `None` where nobody wants a line.
    pulse: Option<Pulse>,
    total: Total,
    /// How many identities were answered, well or not.
    answered: u64,
    failed: u64,
    /// What part of the list was behind when the first answer came: an earlier run may have done it.
    first: Option<f64>,
    now: f64,
}

impl Progress {
    /// As it was asked for, with the number of identities that come, or 0 where nobody says it.
    pub(super) fn new(wanted: Option<u64>, world: &World, quiet: bool) -> Self {
        let pause = match (world.stderr.columns, wanted) {
            _ if quiet => None,
            (Some(_), _) => Some(ON_A_TERMINAL),
            (None, Some(_)) => Some(IN_A_LOG),
            (None, None) => None,
        };
        let of_file = world.stdin_length.filter(|length| *length > 0).map(Total::Bytes);
        let total = wanted.filter(|count| *count > 0).map(Total::Lines).or(of_file);
        let total = total.unwrap_or(Total::Unknown);
        let pulse = pause.map(|pause| Pulse::begin(&world.clock, pause));
        Self { pulse, total, answered: 0, failed: 0, first: None, now: 0.0 }
    }

    /// Notes that an identity was answered.
    pub(super) fn answered(&mut self, line: &Line, failed: bool) {
        let part = self.total.part(line);
        self.first.get_or_insert(part);
        self.now = self.now.max(part);
        self.answered += 1;
        self.failed += u64::from(failed);
    }

    /// Shows it, where it is time to.
    pub(super) fn show(&mut self, console: &mut Console<'_>) {
        let Some(elapsed) = self.pulse.as_mut().and_then(Pulse::beat) else { return };
        let text = self.text(elapsed);
        if console.world.stderr.columns.is_some() {
            console.progress(&text);
        } else {
            console.say("progress", &text);
        }
    }

    #[allow(clippy::cast_precision_loss)] // It is shown with one digit.
    fn text(&self, elapsed: Duration) -> String {
        let rate = self.answered as f64 / elapsed.as_secs_f64().max(0.001);
        let text = format!("{} answered, {} of them failed, {rate:.1} a second", self.answered, self.failed);
        let left = 1.0 - self.now;
        let done = self.now - self.first.unwrap_or_default();
        if self.total == Total::Unknown || done <= 0.0 {
            return text;
        }
        let left = elapsed.mul_f64((left / done).min(1e6));
        format!("{text}; {:.0} % of the list, {} left", self.now * 100.0, seconds(left))
    }
}

impl Total {
    /// What part of the list is behind, with this line.
    #[allow(clippy::cast_precision_loss)]
    fn part(self, line: &Line) -> f64 {
        let part = match self {
            Self::Unknown => 0.0,
            Self::Lines(count) => line.number as f64 / count as f64,
            Self::Bytes(count) => line.end as f64 / count as f64,
        };
        part.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(total: Total) -> Progress {
        Progress { pulse: None, total, answered: 0, failed: 0, first: None, now: 0.0 }
    }

    fn line(number: usize) -> Line {
        Line { number, text: "x".to_owned(), end: number as u64 * 10 }
    }

    #[test]
    fn time_left_is_told_where_the_end_is_known() {
        for (total, says) in [
            (Total::Unknown, "41 answered, 1 of them failed, 4.1 a second"),
            (Total::Lines(200), "41 answered, 1 of them failed, 4.1 a second; 70 % of the list, 15s left"),
            (Total::Bytes(2000), "41 answered, 1 of them failed, 4.1 a second; 70 % of the list, 15s left"),
            // The list was longer than the user said.
            (Total::Lines(100), "41 answered, 1 of them failed, 4.1 a second"),
        ] {
            let mut progress = progress(total);
            // An earlier run has done the first hundred, in no time of this one.
            (100..=140).for_each(|number| progress.answered(&line(number), number == 120));
            assert_eq!(progress.text(Duration::from_secs(10)), says, "{total:?}");
        }
    }
}
