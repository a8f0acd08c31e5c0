//! When a line about what takes long is written anew.

use std::time::Duration;

use crate::clock::Clock;

/// What is short is not worth a line.
const SILENCE: Duration = Duration::from_secs(1);

/// How long a line stands on a terminal before the next.
pub(super) const ON_A_TERMINAL: Duration = Duration::from_millis(200);

/// The time since the beginning, and until the next line.
pub(super) struct Pulse {
    clock: Clock,
    begun: Duration,
    due: Duration,
    pause: Duration,
}

impl Pulse {
    /// Begins now. Each line stands for so long at least, and nothing is said of what is short.
    pub(super) fn begin(clock: &Clock, pause: Duration) -> Self {
        let begun = clock.elapsed();
        Self { clock: clock.clone(), begun, due: begun + pause.max(SILENCE), pause }
    }

    /// How long it has taken, where it is time for a line.
    pub(super) fn beat(&mut self) -> Option<Duration> {
        let now = self.clock.elapsed();
        if now < self.due {
            return None;
        }
        self.due = now + self.pause;
        Some(now.saturating_sub(self.begun))
    }
}

/// A length of time in whole seconds, as a text.
pub(super) fn seconds(length: Duration) -> impl std::fmt::Display {
    humantime::format_duration(Duration::from_secs(length.as_secs()))
}
