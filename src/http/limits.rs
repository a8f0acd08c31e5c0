//! The limits that the user sets for a whole command: how often, how long, and that it is to stop now.

use std::time::Duration;

use crate::clock::Clock;
use crate::stop::{Signal, Stop};

/// The limits of a command.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The clock that measures and waits.
    pub clock: Clock,
    /// How many retries at most in one loop; `None` leaves each series its own number.
    pub max_retries: Option<u32>,
    /// When the command must be over, by [`Clock::elapsed`].
    pub deadline: Option<Duration>,
    /// Whether it is to end at once.
    pub stop: Stop,
}

/// What ended something before its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum End {
    /// The time of the whole command is over.
    #[error("the deadline of the whole command passed")]
    Deadline,
    /// The order to stop.
    #[error("the command was {0}")]
    Stopped(Signal),
}

impl Limits {
    /// Limits that nobody has set.
    pub fn none(clock: Clock) -> Self {
        Self { clock, max_retries: None, deadline: None, stop: Stop::never() }
    }

    /// Whether the command is at its end already.
    pub fn over(&self) -> Option<End> {
        if let Some(signal) = self.stop.order() {
            return Some(End::Stopped(signal));
        }
        self.left().is_some_and(|left| left.is_zero()).then_some(End::Deadline)
    }

    /// What is left of the time; `None` where there is no deadline.
    pub fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(self.clock.elapsed()))
    }

    /// Whether there would be time left after a wait.
    pub fn allow(&self, wait: Duration) -> bool {
        self.left().is_none_or(|left| wait < left)
    }

    /// Waits for something outside of the process, as long as the limits allow.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, End> {
        let unless_stopped = async {
            tokio::select! {
                biased;
                done = work => Ok(done),
                signal = self.stop.ordered() => Err(End::Stopped(signal)),
            }
        };
        let Some(left) = self.left() else { return unless_stopped.await };
        let timed = tokio::time::timeout(self.clock.limit(left), unless_stopped);
        timed.await.unwrap_or(Err(End::Deadline))
    }

    /// Lets time pass, unless the order to stop comes before.
    pub async fn pause(&self, wait: Duration) -> Result<(), End> {
        tokio::select! {
            biased;
            signal = self.stop.ordered() => Err(End::Stopped(signal)),
            () = self.clock.sleep(wait) => Ok(()),
        }
    }
}
