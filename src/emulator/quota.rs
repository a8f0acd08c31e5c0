//! How much IMDS lets one machine ask for tokens: twenty requests in a second, and five at once.
//!
//! All processes of a virtual machine share this. A second is any stretch of a second on the emulator's clock, not one
//! that begins on a full second. On a simulated clock, which stands still until somebody sleeps, all that is sent between
//! two sleeps is sent in one instant, so that the twenty-first request is refused until the clock has moved.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many requests are answered in a second.
const A_SECOND: usize = 20;
/// How many are under way at once.
const AT_ONCE: usize = 5;

/// What the machine has asked for.
#[derive(Clone, Default)]
pub(crate) struct Quota(Arc<Mutex<Asked>>);

#[derive(Default)]
struct Asked {
    under_way: usize,
    /// When the latest requests came that were within the quota, by the emulator's clock.
    latest: VecDeque<Duration>,
}

/// What a request exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    Rate,
    Concurrency,
}

/// A request that is under way until this is dropped.
pub(crate) struct UnderWay {
    quota: Quota,
    pub(crate) excess: Option<Excess>,
}

impl Quota {
    /// Counts a request that begins now. One that is refused uses up nothing: a client that keeps asking is let in as
    /// soon as there is room.
    pub(crate) fn begin(&self, now: Duration) -> UnderWay {
        let excess = self.lock().admit(now).err();
        UnderWay { quota: self.clone(), excess }
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    fn admit(&mut self, now: Duration) -> Result<(), Excess> {
        let is_over = |begun: &Duration| now.saturating_sub(*begun) >= Duration::from_secs(1);
        while self.latest.front().is_some_and(is_over) {
            self.latest.pop_front();
        }
        if self.under_way == AT_ONCE {
            return Err(Excess::Concurrency);
        }
        if self.latest.len() == A_SECOND {
            return Err(Excess::Rate);
        }
        self.under_way += 1;
        self.latest.push_back(now);
        Ok(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.excess.is_none() {
            self.quota.lock().under_way -= 1;
        }
    }
}

impl Excess {
    /// What the journal says of it.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Rate => "IMDS answers 20 requests a second for identities, and this was one more",
            Self::Concurrency => "IMDS answers 5 requests at once for identities, and this was one more",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(quota: &Quota, millis: u64) -> Option<Excess> {
        quota.begin(Duration::from_millis(millis)).excess
    }

    #[test]
    fn a_second_is_any_stretch_of_a_second() {
        let quota = Quota::default();
        for count in 0..20 {
            assert_eq!(ended(&quota, 500 + count), None);
        }
        assert_eq!(ended(&quota, 1_000), Some(Excess::Rate), "a full second is no new one");
        assert_eq!(ended(&quota, 1_499), Some(Excess::Rate));
        assert_eq!(ended(&quota, 1_500), None, "the first is a second old");
        assert_eq!(ended(&quota, 1_500), Some(Excess::Rate), "the second is not");
    }

    #[test]
    fn five_are_under_way_and_a_refused_one_takes_no_place() {
        let quota = Quota::default();
        let mut begun: Vec<_> = (0..5).map(|_| quota.begin(Duration::ZERO)).collect();
        assert!(begun.iter().all(|request| request.excess.is_none()));
        for _ in 0..3 {
            assert_eq!(ended(&quota, 0), Some(Excess::Concurrency));
        }
        begun.pop();
        assert_eq!(ended(&quota, 0), None);
    }
}
