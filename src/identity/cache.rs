//! Tokens of a long run: kept in memory, refreshed at half their life, asked for once however many want them.
//!
//! Nothing is kept on disk. The platform caches tokens itself for about a day, so a file would save a local request and
//! leave a bearer token lying about.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::{Error, Identity};
use crate::http::{Client, Limits};
use crate::token::AccessToken;

/// A token with less than this left counts as ended: it might end on the way.
const MARGIN: Duration = Duration::from_secs(300);

/// After a refresh that failed, the token that is still good is used for this long before the next attempt.
const PAUSE: Duration = Duration::from_secs(30);

/// Tokens by resource and identity.
#[derive(Debug, Default)]
pub struct TokenCache {
    slots: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Slot>>>>,
}

/// Which token will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// One that is still good.
    Any,
    /// Not this one, which was refused.
    Not {
        /// Which one was refused.
        number: u64,
    },
}

/// A token, and when it was taken.
#[derive(Clone, Debug)]
pub struct Held {
    /// The token.
    pub token: AccessToken,
    /// When it came.
    pub taken: SystemTime,
    /// How many of its kind there were, with it: two may come in one instant.
    pub number: u64,
}

#[derive(Debug, Default)]
struct Slot {
    held: Option<Held>,
    quiet_until: Option<SystemTime>,
}

impl TokenCache {
    /// A token of this identity. Whoever comes while another is asking waits for that answer.
    pub async fn token(
        &self,
        identity: &Identity,
        client: &Client,
        limits: &Limits,
        freshness: Freshness,
    ) -> Result<Held, Error> {
        let slot = self.slot(identity.key());
        let mut slot = slot.lock().await;
        let now = limits.clock.now();
        if let Some(held) = slot.usable(now, freshness) {
            return Ok(held);
        }
        match identity.acquire(client, limits).await {
            Ok(token) => {
                let number = slot.held.as_ref().map_or(1, |held| held.number + 1);
                let held = Held { token, taken: limits.clock.now(), number };
                *slot = Slot { held: Some(held.clone()), quiet_until: None };
                Ok(held)
            }
            Err(error) => slot.survivor(limits.clock.now(), freshness, error),
        }
    }

    fn slot(&self, key: String) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(key).or_default())
    }
}

impl Slot {
    /// The token that is held, where it will do without asking.
    fn usable(&self, now: SystemTime, freshness: Freshness) -> Option<Held> {
        let held = self.held.as_ref()?;
        if freshness == (Freshness::Not { number: held.number }) || !held.is_alive(now) {
            return None;
        }
        let quiet = self.quiet_until.is_some_and(|until| now < until);
        (quiet || now < held.refresh_at()).then(|| held.clone())
    }

    /// A token that is still good survives a refresh that failed.
    fn survivor(&mut self, now: SystemTime, freshness: Freshness, error: Error) -> Result<Held, Error> {
        match &self.held {
            Some(held) if held.is_alive(now) && freshness == Freshness::Any => {
                tracing::info!(%error, "the token could not be refreshed; the present one is still good");
                self.quiet_until = now.checked_add(PAUSE);
                Ok(held.clone())
            }
            _ => Err(error),
        }
    }
}

impl Held {
    fn is_alive(&self, now: SystemTime) -> bool {
        self.token.remaining(now) > MARGIN
    }

    /// Half of a long life, as the official libraries do; a short-lived token is used to its end.
    fn refresh_at(&self) -> SystemTime {
        let life = self.token.remaining(self.taken);
        let half = if life > Duration::from_secs(7200) { life / 2 } else { life };
        self.taken + half
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn slot(life: u64) -> Slot {
        let token =
            AccessToken { secret: Secret::from("t"), expires_on: at(1000 + life), resource: "r".to_owned() };
        Slot { held: Some(Held { token, taken: at(1000), number: 2 }), quiet_until: None }
    }

    #[test]
    fn a_long_lived_token_is_refreshed_at_half_its_life_and_a_short_one_near_its_end() {
        for (life, now, usable) in [
            (86_400, 1000, true),
            (86_400, 44_199, true),
            (86_400, 44_200, false),
            (3600, 1000, true),
            (3600, 4299, true),
            (3600, 4300, false),
            (200, 1000, false),
        ] {
            assert_eq!(slot(life).usable(at(now), Freshness::Any).is_some(), usable, "{life} at {now}");
        }
    }

    #[test]
    fn a_refused_token_is_not_given_out_again_and_a_newer_one_is() {
        let slot = slot(86_400);
        assert!(slot.usable(at(1001), Freshness::Not { number: 2 }).is_none());
        assert!(slot.usable(at(1001), Freshness::Not { number: 1 }).is_some());
    }

    #[test]
    fn a_good_token_survives_a_failed_refresh_and_is_not_refreshed_again_at_once() {
        let failed =
            || Error::NotConfigured { token_source: crate::identity::TokenSource::Imds, missing: "x" };
        let mut slot = slot(86_400);
        assert!(slot.usable(at(50_000), Freshness::Any).is_none());
        assert!(slot.survivor(at(50_000), Freshness::Any, failed()).is_ok());
        assert!(slot.usable(at(50_029), Freshness::Any).is_some());
        assert!(slot.usable(at(50_030), Freshness::Any).is_none());
        assert!(slot.survivor(at(50_000), Freshness::Not { number: 2 }, failed()).is_err());
        assert!(slot.survivor(at(90_000), Freshness::Any, failed()).is_err());
    }
}
