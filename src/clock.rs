//! Time as a value: the real clock, or one that a test moves.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::macros::format_description;

/// A moment in UTC as programs read it, `2027-01-15T08:00:00Z`; `None` where no calendar holds it.
pub fn iso(moment: SystemTime) -> Option<String> {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    OffsetDateTime::from_unix_timestamp(i64::try_from(since.as_secs()).ok()?).ok()?.format(form).ok()
}

/// A moment that a token or a reply names, in seconds since 1970.
pub fn at(seconds: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// Where the time comes from, and how waiting is done.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    Real(RealClock),
    /// A clock that stands still until someone sleeps: every sleep returns at once and moves it by that much.
    Simulated(Arc<SimulatedClock>),
}

/// Measures elapsed time from the moment it was made.
#[derive(Clone, Debug)]
pub struct RealClock {
    started: std::time::Instant,
}

/// The state of a simulated clock.
#[derive(Debug)]
pub struct SimulatedClock {
    started: SystemTime,
    /// What no limit of time for something outside of the process really reaches.
    longest: Option<Duration>,
    state: Mutex<(Duration, Vec<Duration>)>,
}

impl Clock {
    /// The machine's clock; [`Clock::elapsed`] counts from now.
    #[allow(clippy::disallowed_methods)] // The one place that reads the real monotonic clock.
    pub fn real() -> Self {
        Self::Real(RealClock { started: std::time::Instant::now() })
    }

    /// A simulated clock that shows `started`.
    pub fn simulated(started: SystemTime) -> Self {
        Self::Simulated(Arc::new(SimulatedClock { started, longest: None, state: Mutex::default() }))
    }

    /// A simulated clock on which no limit of time lasts as long as this: a socket that never answers is real, and its
    /// sixteen minutes would be too. The longer of two limits stays the longer.
    pub fn impatient(started: SystemTime, longest: Duration) -> Self {
        Self::Simulated(Arc::new(SimulatedClock { started, longest: Some(longest), state: Mutex::default() }))
    }

    /// How long a limit of time for what is outside of the process really lasts: as long as it says, but on an impatient
    /// clock.
    pub fn limit(&self, limit: Duration) -> Duration {
        match self {
            Self::Real(_) => limit,
            Self::Simulated(clock) => clock.longest.map_or(limit, |longest| {
                let seconds = limit.as_secs_f64();
                longest.mul_f64(seconds / (seconds + 20.0))
            }),
        }
    }

    /// The time of day.
    pub fn now(&self) -> SystemTime {
        match self {
            #[allow(clippy::disallowed_methods)] // The one place that reads the real time of day.
            Self::Real(_) => SystemTime::now(),
            Self::Simulated(clock) => clock.started + self.elapsed(),
        }
    }

    /// The time since this clock was made, never running backwards.
    pub fn elapsed(&self) -> Duration {
        match self {
            Self::Real(clock) => clock.started.elapsed(),
            Self::Simulated(clock) => clock.lock().0,
        }
    }

    /// Waits, or on a simulated clock moves the time and returns.
    pub async fn sleep(&self, duration: Duration) {
        match self {
            #[allow(clippy::disallowed_methods)] // The one place that really waits.
            Self::Real(_) => tokio::time::sleep(duration).await,
            Self::Simulated(clock) => {
                let mut state = clock.lock();
                state.0 += duration;
                state.1.push(duration);
            }
        }
    }

    /// Every sleep so far on a simulated clock, in order; empty on the real one.
    pub fn sleeps(&self) -> Vec<Duration> {
        match self {
            Self::Real(_) => Vec::new(),
            Self::Simulated(clock) => clock.lock().1.clone(),
        }
    }
}

impl SimulatedClock {
    fn lock(&self) -> std::sync::MutexGuard<'_, (Duration, Vec<Duration>)> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_simulated_sleep_moves_the_time_and_is_recorded() {
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH);
        clock.sleep(Duration::from_secs(70)).await;
        assert_eq!(clock.elapsed(), Duration::from_secs(70));
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(70));
        assert_eq!(clock.sleeps(), [Duration::from_secs(70)]);
    }

    #[test]
    fn only_an_impatient_clock_shortens_a_limit() {
        let (seconds, minutes) = (Duration::from_secs(15), Duration::from_secs(960));
        for clock in [Clock::real(), Clock::simulated(SystemTime::UNIX_EPOCH)] {
            assert_eq!((clock.limit(seconds), clock.limit(minutes)), (seconds, minutes));
        }
        let longest = Duration::from_millis(5);
        let clock = Clock::impatient(SystemTime::UNIX_EPOCH, longest);
        assert!(clock.limit(seconds) < clock.limit(minutes) && clock.limit(minutes) < longest);
    }
}
