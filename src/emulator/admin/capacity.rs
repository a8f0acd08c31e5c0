//! How many requests the service runs for a tenant at once, and how long a cmdlet takes.
//!
//! A batch is one request: its cmdlets run one after another. What is above the limit is refused before anything of it
//! runs, with the words that clients in production have recorded.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;

use crate::emulator::answer::Answer;
use crate::emulator::state::State;

const WORDS: &str =
    "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.";

/// What a tenant gets of the service.
#[derive(Default)]
pub(crate) struct Capacity {
    at_once: usize,
    latency: Duration,
    under_way: AtomicUsize,
}

/// A request that is under way until this is dropped.
pub(crate) struct UnderWay<'c>(&'c Capacity);

impl Capacity {
    pub(crate) fn new(at_once: usize, latency: Duration) -> Self {
        Self { at_once, latency, under_way: AtomicUsize::new(0) }
    }

    /// Counts a request that is to run cmdlets, or refuses it.
    pub(crate) fn admit(&self) -> Result<UnderWay<'_>, Box<Answer>> {
        let under_way = UnderWay(self);
        if self.under_way.fetch_add(1, Ordering::Relaxed) < self.at_once {
            return Ok(under_way);
        }
        Err(Box::new(excess(self.at_once)))
    }

    /// Takes the time that a cmdlet takes.
    pub(crate) async fn spend(state: &State) {
        let latency = state.capacity.latency;
        if !latency.is_zero() {
            state.clock.sleep(latency).await;
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Clients look for the words, whatever the status; which one the service sends with them is not on record.
fn excess(at_once: usize) -> Answer {
    Answer::text(StatusCode::TOO_MANY_REQUESTS, "text/plain; charset=utf-8", WORDS)
        .refused(format!("the tenant runs {at_once} requests at once, and this was one more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_the_limit_is_refused_and_takes_no_place() {
        let capacity = Capacity::new(2, Duration::ZERO);
        let mut begun: Vec<_> = (0..2).map(|_| capacity.admit().map_err(|answer| answer.status)).collect();
        assert!(begun.iter().all(Result::is_ok));
        for _ in 0..3 {
            let refused = capacity.admit().err().expect("it is refused");
            assert_eq!((refused.status.as_u16(), refused.body.as_slice()), (429, WORDS.as_bytes()));
        }
        begun.pop();
        assert!(capacity.admit().is_ok());
    }
}
