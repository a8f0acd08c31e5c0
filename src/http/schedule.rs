//! How long to wait before the next attempt. The one file that knows the `backoff` crate.
//!
//! Its `future::retry` is not used: a delay sent by the server makes it ignore its own limits. It supplies the growing,
//! jittered series; attempts, deadline and Retry-After are the loop's.

use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::Backoff;

/// A growing series of waits: `first`, twice that, four times that, each longer by up to half, so that machines that
/// failed together do not come back together, and never shorter than the documented minimum.
pub(super) fn growing(first: Duration) -> impl FnMut() -> Duration {
    const SPREAD: f64 = 0.2;
    let mut series = ExponentialBackoff {
        current_interval: first.mul_f64(1.0 / (1.0 - SPREAD)),
        initial_interval: first.mul_f64(1.0 / (1.0 - SPREAD)),
        randomization_factor: SPREAD,
        multiplier: 2.0,
        max_interval: Duration::from_secs(60),
        max_elapsed_time: None,
        ..ExponentialBackoff::default()
    };
    move || series.next_backoff().unwrap_or(Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_never_shorter_than_their_minimum() {
        for _ in 0..200 {
            let mut next = growing(Duration::from_secs(2));
            for minimum in [2.0, 4.0, 8.0, 16.0, 32.0] {
                let wait = next().as_secs_f64();
                assert!((minimum..=minimum * 1.5 + 0.01).contains(&wait), "{wait} after {minimum}");
            }
        }
    }
}
