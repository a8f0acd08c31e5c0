//! `--wait-for-permissions`: trying again until what was granted has arrived everywhere.
//!
//! A grant takes minutes to reach Exchange, up to about two hours at worst, and a managed identity's token is handed out
//! for about a day as it was. Only 401 and 403 are waited for: any other failure will not go away by itself, and a cmdlet
//! that was refused like that was certainly not run, so that this holds for writes as well.

use std::time::Duration;

use super::console::Console;
use super::settings;
use crate::clock::{at, iso};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::token::UnverifiedClaims;

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(30);

/// Between two lines about the waiting.
const SILENCE: Duration = Duration::from_secs(60);

/// How long is still waited.
#[derive(Debug)]
pub(super) struct Patience {
    limits: Limits,
    /// By [`Clock::elapsed`](crate::clock::Clock::elapsed).
    until: Option<Duration>,
    said: Option<Duration>,
}

impl Patience {
    /// None.
    pub(super) fn none(limits: &Limits) -> Self {
        Self { limits: limits.clone(), until: None, said: None }
    }

    /// As long as was asked for, from now on, but not beyond the deadline.
    pub(super) fn new(wanted: Option<&str>, limits: &Limits) -> Result<Self, Failure> {
        let length = wanted.map(|text| {
            settings::duration(text).map_err(|why| {
                Failure::usage(format!("--wait-for-permissions: `{text}` cannot be used: {why}"))
            })
        });
        let until = length.transpose()?.map(|length| limits.clock.elapsed() + length);
        Ok(Self { until, ..Self::none(limits) })
    }

    /// Begins so much later.
    pub(super) fn put_off(&mut self, wait: Duration) {
        self.until = self.until.map(|until| until + wait);
    }

    /// Whether it is worth trying again after this failure. If so, it has waited.
    pub(super) async fn outlasts(
        &mut self,
        failure: &Failure,
        claims: impl FnOnce() -> Option<UnverifiedClaims>,
        say: &mut impl FnMut(&str),
    ) -> bool {
        let Some(until) = self.until.filter(|_| is_about_permissions(failure)) else { return false };
        let now = self.limits.clock.elapsed();
        let pause = PAUSE.min(until.saturating_sub(now));
        // A denial says more than that the deadline has passed.
        if pause.is_zero() || !self.limits.allow(pause) {
            return false;
        }
        if self.said.is_none_or(|said| now >= said + SILENCE) {
            self.said = Some(now);
            let left = until.saturating_sub(now).as_secs().div_ceil(60);
            say(&format!(
                "{}; waiting for permissions, {left} min at most{}",
                failure.message,
                life(claims())
            ));
        }
        // Where the order to stop has come, the next request meets it.
        let _ = self.limits.pause(pause).await;
        true
    }
}

/// The wrong tenant and a person's token are denied as well, and no grant helps.
fn is_about_permissions(failure: &Failure) -> bool {
    failure.exit == Exit::Denied && matches!(failure.call.status, Some(401 | 403))
}

/// A grant that is newer than the token is not in it.
fn life(claims: Option<UnverifiedClaims>) -> String {
    let claims = claims.unwrap_or_default();
    let time = |seconds: Option<u64>| seconds.and_then(at).and_then(iso);
    match (time(claims.iat), time(claims.exp)) {
        (Some(issued), Some(ends)) => {
            format!("; the token was issued at {issued} and may be kept by Azure until {ends}")
        }
        _ => String::new(),
    }
}

impl Console<'_> {
    /// Whether it is worth trying again after this failure; see [`Patience::outlasts`].
    pub(super) async fn waits_out(
        &mut self,
        failure: &Failure,
        claims: impl FnOnce() -> Option<UnverifiedClaims>,
    ) -> bool {
        self.clear();
        let Self { patience, world, quiet, .. } = self;
        let mut say = |text: &str| {
            if !*quiet {
                super::console::line(&mut world.stderr, "note", text);
            }
        };
        patience.outlasts(failure, claims, &mut say).await
    }
}
