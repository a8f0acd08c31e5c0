//! How many requests may be under way at once: as many as the service takes, and no more than the user wants.
//!
//! Nobody says how much a tenant may have under way, and other programs share it. So the window grows by one for every
//! round of answers (for every four answers up to where it was refused the last time), and shrinks by a quarter where the service refuses for being busy: additive increase, multiplicative
//! decrease, as in TCP. What is refused after that and was sent before tells that even so it is too wide, down to half of
//! what it was: whatever was under way beside it was enough. Where a reply says how long to wait, nothing at all is sent
//! before. A lost connection is the network's and changes nothing.
//!
//! The first request goes alone. It makes the connection that the others share, it brings the cookie that leads all of them
//! to one backend, and what refuses it would have refused them all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::retry::LONGEST_WAIT;
use super::{End, Limits};

/// What is left of the window after a refusal.
const DECREASE: f64 = 0.75;

/// Where one request is under way, every answer would be a round, and every second request a refused one.
const SHORTEST_ROUND: f64 = 4.0;

/// A window that all requests of a connection share.
#[derive(Debug)]
pub struct Window {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// The widest that it may be.
    most: f64,
    /// How wide it is.
    wide: f64,
    /// Whether nothing is known yet of what the service takes.
    untried: bool,
    under_way: usize,
    /// When it last shrank, by a request that was sent after the time before.
    shrank: Option<Duration>,
    /// How wide it was then. Up to there it is known to have been good, and grows faster.
    ceiling: f64,
    /// How narrow that round of refusals may make it.
    floor: f64,
    /// When something may be sent again.
    closed_until: Duration,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct Admitted<'w> {
    window: &'w Window,
    at: Duration,
}

/// Whether a request may go.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Go,
    /// When another one has ended.
    Full,
    /// When this time has passed.
    In(Duration),
}

impl Window {
    /// A window for so many at once.
    pub fn new(most: usize) -> Self {
        Self { state: Mutex::new(State::new(most)), changed: Notify::new() }
    }

    /// Waits until a request may go.
    pub(super) async fn admit(&self, limits: &Limits) -> Result<Admitted<'_>, End> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let at = limits.clock.elapsed();
            let answer = self.lock().ask(at);
            match answer {
                Answer::Go => return Ok(Admitted { window: self, at }),
                Answer::In(wait) if !limits.allow(wait) => return Err(End::Deadline),
                Answer::In(wait) => limits.pause(wait).await?,
                Answer::Full => limits.within(changed).await?,
            }
        }
    }

    /// Notes that the service was too busy for a part of what was sent at this moment, and how long it wants to be left
    /// alone.
    pub fn refused_in_part(&self, sent: Duration, now: Duration, wait: Option<Duration>) {
        self.lock().shrink(sent, now, wait);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admitted<'_> {
    /// The request was answered.
    pub(super) fn answered(self) {
        self.window.lock().grow();
    }

    /// The service was too busy for it.
    pub(super) fn refused(self, now: Duration, wait: Option<Duration>) {
        let mut state = self.window.lock();
        state.shrink(self.at, now, wait);
        state.cut_to_those_beside();
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.window.lock().under_way -= 1;
        self.window.changed.notify_waiters();
    }
}

impl State {
    #[allow(clippy::cast_precision_loss)] // Nobody has so many requests.
    fn new(most: usize) -> Self {
        let most = most.max(1) as f64;
        Self {
            most,
            wide: 1.0,
            untried: true,
            under_way: 0,
            shrank: None,
            ceiling: 0.0,
            floor: 1.0,
            closed_until: Duration::ZERO,
        }
    }

    fn ask(&mut self, now: Duration) -> Answer {
        if now < self.closed_until {
            return Answer::In(self.closed_until.saturating_sub(now));
        }
        if self.under_way >= self.whole() {
            return Answer::Full;
        }
        self.under_way += 1;
        Answer::Go
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is one at least, and few.
    fn whole(&self) -> usize {
        self.wide as usize
    }

    fn grow(&mut self) {
        let wider = if std::mem::take(&mut self.untried) {
            self.most
        } else if self.wide + 1.0 < self.ceiling {
            self.wide + 1.0 / SHORTEST_ROUND
        } else {
            self.wide + 1.0 / self.wide.max(SHORTEST_ROUND)
        };
        self.wide = wider.min(self.most);
    }

    fn shrink(&mut self, sent: Duration, now: Duration, wait: Option<Duration>) {
        self.untried = false;
        if self.shrank.is_none_or(|shrank| sent >= shrank) {
            self.shrank = Some(now);
            self.ceiling = self.wide;
            self.floor = (self.wide / 2.0).max(1.0);
            self.wide = (self.wide * DECREASE).max(1.0);
        }
        // What is longer than anybody waits ends the request that was told so, and closes nothing for the others.
        let wait = wait.filter(|wait| *wait <= LONGEST_WAIT).unwrap_or_default();
        self.closed_until = self.closed_until.max(now + wait);
    }

    #[allow(clippy::cast_precision_loss)]
    fn cut_to_those_beside(&mut self) {
        let beside = self.under_way.saturating_sub(1) as f64;
        self.wide = self.wide.min(beside).max(self.floor);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    /// A tenant that runs so many batches at once, eight seconds each, and a client with so many in flight at most. A
    /// refusal comes at once and is tried again two seconds later. Gives how long all of them took, and how many refusals
    /// there were.
    fn simulated(limit: usize, most: usize, batches: usize) -> (Duration, usize) {
        let took = Duration::from_secs(8);
        let mut state = State::new(most);
        let (mut waiting, mut refusals, mut now) = (batches, 0, Duration::ZERO);
        // When what is under way ends, when what was refused may try again; the number keeps equals apart.
        let (mut running, mut resting) = (BTreeSet::<(Duration, Duration, usize)>::new(), BTreeSet::new());
        let mut number = 0;
        while waiting > 0 || !running.is_empty() || !resting.is_empty() {
            while let Some(ended) = running.first().copied().filter(|(end, ..)| *end <= now) {
                running.remove(&ended);
                state.grow();
                state.under_way -= 1;
            }
            while let Some(rested) = resting.first().copied().filter(|(again, _)| *again <= now) {
                resting.remove(&rested);
                waiting += 1;
            }
            while waiting > 0 && state.ask(now) == Answer::Go {
                waiting -= 1;
                number += 1;
                if running.len() < limit {
                    running.insert((now + took, now, number));
                    continue;
                }
                refusals += 1;
                state.shrink(now, now, None);
                state.cut_to_those_beside();
                state.under_way -= 1;
                resting.insert((now + Duration::from_secs(2), number));
            }
            now += 50 * MILLI;
        }
        (now, refusals)
    }

    #[test]
    fn a_tenants_limit_is_used_to_nine_tenths_whatever_is_asked_for() {
        for (limit, most) in [(10, 10), (10, 12), (10, 16), (10, 40), (3, 16), (1, 10), (25, 100)] {
            let batches = limit * 100;
            let (took, refusals) = simulated(limit, most, batches);
            let least = Duration::from_secs(8 * 100);
            let ratio = took.as_secs_f64() / least.as_secs_f64();
            assert!(ratio < 1.1, "{most} at once where {limit} are let in take {ratio:.2} times as long");
            assert!(refusals * 2 < batches, "{most} at once where {limit} are let in: {refusals} refusals");
        }
    }

    #[test]
    fn who_asks_for_less_than_there_is_gets_that_and_meets_no_refusal() {
        let (took, refusals) = simulated(10, 4, 400);
        assert_eq!(refusals, 0);
        assert!(took < Duration::from_secs(8 * 102), "{took:?}");
    }

    #[test]
    fn the_first_goes_alone_and_its_answer_opens_the_window() {
        let mut state = State::new(8);
        assert_eq!((state.ask(MILLI), state.ask(MILLI)), (Answer::Go, Answer::Full));
        state.grow();
        assert_eq!(state.whole(), 8);
    }

    #[test]
    fn a_round_of_refusals_shrinks_it_once_and_to_a_half_at_most() {
        let mut state = State { wide: 20.0, under_way: 20, ..State::new(20) };
        for beside in (4..20).rev() {
            state.shrink(MILLI, 2 * MILLI, None);
            state.cut_to_those_beside();
            state.under_way = beside;
        }
        assert_eq!(state.whole(), 10);
        state.shrink(3 * MILLI, 3 * MILLI, None);
        assert!((state.wide - 7.5).abs() < 0.01, "what was sent after that shrinks it again: {}", state.wide);
        for _ in 0..100 {
            state.shrink(9 * MILLI, 9 * MILLI, None);
        }
        assert_eq!(state.whole(), 1, "one is always let through");
    }

    #[test]
    fn a_round_of_answers_widens_it_by_one() {
        let mut state = State { wide: 5.0, untried: false, ..State::new(8) };
        (0..5).for_each(|_| state.grow());
        assert!((5.8..=6.0).contains(&state.wide), "{}", state.wide);
        (0..100).for_each(|_| state.grow());
        assert_eq!(state.whole(), 8);
    }

    #[test]
    fn nothing_is_sent_while_the_service_wants_to_be_left_alone() {
        let mut state = State { wide: 5.0, ..State::new(8) };
        let wait = Duration::from_secs(7);
        state.shrink(MILLI, MILLI, Some(wait));
        state.shrink(MILLI, MILLI, Some(Duration::from_secs(2)));
        assert_eq!(state.ask(MILLI), Answer::In(wait), "the longest counts");
        assert_eq!(state.ask(MILLI + wait), Answer::Go);
        state.shrink(MILLI, MILLI, Some(LONGEST_WAIT + MILLI));
        assert_eq!(state.ask(MILLI + wait), Answer::Go, "nobody waits as long as that");
    }

    #[tokio::test]
    async fn who_waits_for_its_turn_gets_it_when_another_has_ended() {
        let limits = Limits::none(crate::clock::Clock::simulated(std::time::SystemTime::UNIX_EPOCH));
        let window = Window::new(1);
        let first = window.admit(&limits).await.expect("it goes");
        let (second, ()) = tokio::join!(window.admit(&limits), async { first.answered() });
        second.expect("it goes").refused(MILLI, Some(Duration::from_secs(9)));
        window.admit(&limits).await.expect("it goes");
        assert_eq!(limits.clock.sleeps(), [Duration::from_secs(9) + MILLI]);
    }

    #[tokio::test]
    async fn an_order_to_stop_and_the_deadline_end_the_wait() {
        let (order, stop) = crate::stop::Stop::by_hand();
        let clock = crate::clock::Clock::simulated(std::time::SystemTime::UNIX_EPOCH);
        let limits = Limits { stop, deadline: Some(Duration::from_secs(5)), ..Limits::none(clock) };
        let window = Window::new(1);
        let under_way = window.admit(&limits).await.expect("it goes");
        let (waited, ()) =
            tokio::join!(window.admit(&limits), async { order.stop(crate::stop::Signal::Terminate) });
        assert!(matches!(waited, Err(End::Stopped(_))));
        under_way.refused(MILLI, Some(Duration::from_secs(9)));
        assert!(matches!(window.admit(&limits).await, Err(End::Deadline | End::Stopped(_))));
    }
}
