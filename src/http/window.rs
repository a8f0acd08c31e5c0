//! How many requests may be under way at once: as many as the service takes, and no more than the user wants.
//!
//! Nobody says how much a tenant may have under way, and other programs share it. So the window grows by one for every
//! round of answers (for every four answers up to where it was refused the last time), and shrinks by a quarter where the
//! service refuses for being busy: additive increase, multiplicative decrease, as in TCP. What is refused after that and
//! was sent before tells that even so it is too wide, down to half of what it was: whatever was under way beside it was
//! enough. Where a reply says how long to wait, nothing at all is sent before. A lost connection is the network's and
//! changes nothing.
//!
//! The first request goes alone. It makes the connection that the others share, it brings the cookie that leads all of them
//! to one backend, and what refuses it would have refused them all. Its answer opens the window as wide as it may be. What is
//! refused of that first round may have been kept out by what an earlier run left behind, which ends one by one: so until
//! the first answer of that round, a refusal makes the window as narrow as what was let in, and a second later one more is
//! tried. A refusal comes at once, and so what is still under way after a second was let in.
//!
//! Where others are under way, a refused request does not keep a pace of its own. It is the next one that goes, whenever
//! there is room, which is never within a second. With a pace of its own for each, the oldest would be asleep while places
//! become free, and what came after it would wait for it.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::retry::LONGEST_WAIT;
use super::{End, Limits};

/// What is left of the window after a refusal.
const DECREASE: f64 = 0.75;

/// Where one request is under way, every answer would be a round, and every second request a refused one.
const SHORTEST_ROUND: f64 = 4.0;

/// How long nothing is sent after a refusal. It doubles with each one that comes before the next answer.
const PAUSE: Duration = Duration::from_secs(1);

/// What the pause grows to.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// A window that all requests of a connection share.
#[derive(Debug)]
pub struct Window {
    state: Mutex<State>,
    changed: Notify,
}

/// What is known of what the service takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    /// Nothing: the first request is under way, or has not gone yet.
    Nothing,
    /// That the first was let in, and from when on one more may be tried than there was room for.
    Open { next: Option<Duration> },
    /// How wide it was when it shrank the last time. Up to there it is known to have been good, and grows faster. And how
    /// narrow that round of refusals may make it.
    Measure { ceiling: f64, floor: f64 },
}

#[derive(Debug)]
struct State {
    /// The widest that it may be.
    most: f64,
    /// How wide it is.
    wide: f64,
    known: Known,
    under_way: usize,
    /// The requests that are not done with, by their tickets.
    living: BTreeSet<u64>,
    /// Those of them that wait for their turn.
    waiting: BTreeSet<u64>,
    tickets: u64,
    /// When it last shrank, by a request that was sent after the time before.
    shrank: Option<Duration>,
    /// How long nothing is sent after the next refusal.
    pause: Duration,
    /// When something may be sent again.
    closed_until: Duration,
}

/// The place of a request among those that wait, until it is done with: the one that came first goes first, however often
/// it was refused.
#[derive(Debug)]
pub(super) struct Ticket<'w> {
    window: &'w Window,
    number: u64,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct Admitted<'w> {
    window: &'w Window,
    at: Duration,
}

/// A request that waits for its turn until this is dropped.
struct Waiting<'w>(&'w Ticket<'w>);

/// Whether a request may go.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Go,
    /// When another one has ended or has gone.
    Full,
    /// When this time has passed.
    In(Duration),
}

impl Window {
    /// A window for so many at once.
    pub fn new(most: usize) -> Self {
        Self { state: Mutex::new(State::new(most)), changed: Notify::new() }
    }

    /// A place behind all that have one.
    pub(super) fn ticket(&self) -> Ticket<'_> {
        let mut state = self.lock();
        state.tickets += 1;
        let number = state.tickets;
        state.living.insert(number);
        Ticket { window: self, number }
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

impl<'w> Ticket<'w> {
    /// Waits until the request may go.
    pub(super) async fn admit(&self, limits: &Limits) -> Result<Admitted<'w>, End> {
        let Self { window, number } = *self;
        window.lock().waiting.insert(number);
        let waiting = Waiting(self);
        loop {
            let mut changed = std::pin::pin!(window.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let at = limits.clock.elapsed();
            let answer = window.lock().ask(number, at);
            match answer {
                Answer::Go => {
                    drop(waiting);
                    return Ok(Admitted { window, at });
                }
                Answer::In(wait) if !limits.allow(wait) => return Err(End::Deadline),
                Answer::In(wait) => tokio::select! {
                    biased;
                    () = changed => {}
                    paused = limits.pause(wait) => paused?,
                },
                Answer::Full => limits.within(changed).await?,
            }
        }
    }
}

impl Admitted<'_> {
    /// The request was answered.
    pub(super) fn answered(self) {
        self.window.lock().grow();
    }

    /// The service was too busy for it. Gives back whether others are under way, by which it will be seen when there is room.
    pub(super) fn refused(self, now: Duration, wait: Option<Duration>) -> bool {
        let mut state = self.window.lock();
        state.shrink(self.at, now, wait);
        state.cut_to_those_beside();
        state.under_way > 1
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.window.lock().under_way -= 1;
        self.window.changed.notify_waiters();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.window.lock().waiting.remove(&self.0.number);
        self.0.window.changed.notify_waiters();
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.window.lock().living.remove(&self.number);
        self.window.changed.notify_waiters();
    }
}

impl State {
    #[allow(clippy::cast_precision_loss)] // Nobody has so many requests.
    fn new(most: usize) -> Self {
        Self {
            most: most.max(1) as f64,
            wide: 1.0,
            known: Known::Nothing,
            under_way: 0,
            living: BTreeSet::new(),
            waiting: BTreeSet::new(),
            tickets: 0,
            shrank: None,
            pause: PAUSE,
            closed_until: Duration::ZERO,
        }
    }

    fn ask(&mut self, ticket: u64, now: Duration) -> Answer {
        // As long as nothing is known, nobody takes the place of the first one, not even while that waits.
        let before = if self.known == Known::Nothing { &self.living } else { &self.waiting };
        if before.first().is_some_and(|first| *first < ticket) {
            return Answer::Full;
        }
        if now < self.closed_until {
            return Answer::In(self.closed_until.saturating_sub(now));
        }
        if self.under_way >= self.whole() {
            match self.known {
                Known::Open { next: Some(next) } if self.has_space() => {
                    if now < next {
                        return Answer::In(next.saturating_sub(now));
                    }
                    self.wide = self.beside(0) + 1.0;
                    self.known = Known::Open { next: Some(now + PAUSE) };
                }
                _ => return Answer::Full,
            }
        }
        self.under_way += 1;
        Answer::Go
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is one at least, and few.
    fn whole(&self) -> usize {
        self.wide as usize
    }

    /// Whether more are allowed than are under way.
    fn has_space(&self) -> bool {
        self.beside(0) < self.most
    }

    /// How many are under way but for so many.
    #[allow(clippy::cast_precision_loss)]
    fn beside(&self, but: usize) -> f64 {
        self.under_way.saturating_sub(but) as f64
    }

    fn grow(&mut self) {
        self.pause = PAUSE;
        let ceiling = match self.known {
            Known::Nothing => {
                self.known = Known::Open { next: None };
                self.shrank = None;
                self.wide = self.most;
                return;
            }
            Known::Open { .. } => {
                self.known = Known::Measure { ceiling: self.wide, floor: 1.0 };
                self.wide
            }
            Known::Measure { ceiling, .. } => ceiling,
        };
        let round = if self.wide + 1.0 < ceiling { SHORTEST_ROUND } else { self.wide.max(SHORTEST_ROUND) };
        self.wide = (self.wide + 1.0 / round).min(self.most);
    }

    fn shrink(&mut self, sent: Duration, now: Duration, wait: Option<Duration>) {
        if self.shrank.is_none_or(|shrank| sent >= shrank) {
            self.shrank = Some(now);
            self.closed_until = self.closed_until.max(now + self.pause);
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            match &mut self.known {
                Known::Nothing => {}
                Known::Open { next } => *next = Some(self.closed_until),
                Known::Measure { ceiling, floor } => {
                    *ceiling = self.wide;
                    *floor = (self.wide / 2.0).max(1.0);
                    self.wide = (self.wide * DECREASE).max(1.0);
                }
            }
        }
        // What is longer than anybody waits ends the request that was told so, and closes nothing for the others.
        let wait = wait.filter(|wait| *wait <= LONGEST_WAIT).unwrap_or_default();
        self.closed_until = self.closed_until.max(now + wait);
    }

    fn cut_to_those_beside(&mut self) {
        let floor = match self.known {
            Known::Measure { floor, .. } => floor,
            Known::Nothing | Known::Open { .. } => 1.0,
        };
        self.wide = self.wide.min(self.beside(1)).max(floor);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const MILLI: Duration = Duration::from_millis(1);
    const MEASURED: Known = Known::Measure { ceiling: 0.0, floor: 1.0 };
    const FIRST: u64 = 1;

    /// How long a request takes. The first one is a tenth of the others.
    const TOOK: Duration = Duration::from_secs(8);

    /// A tenant that runs so many requests at once.
    struct Tenant {
        limit: usize,
        /// When what is under way ends, when it was sent, and its ticket; what an earlier run left has none.
        running: BTreeSet<(Duration, Duration, u64)>,
    }

    /// Sends so many requests, so many at once at most. A refusal comes at once. Gives how long all of them took, and how
    /// many refusals there were.
    fn simulated(mut tenant: Tenant, most: usize, requests: u64) -> (Duration, usize) {
        let mut state = State::new(most);
        let (mut refusals, mut now) = (0, Duration::ZERO);
        state.waiting = (1..=requests).collect();
        while !state.waiting.is_empty() || tenant.running.iter().any(|(.., ticket)| *ticket > 0) {
            while let Some(ended) = tenant.running.pop_first() {
                if ended.0 > now {
                    tenant.running.insert(ended);
                    break;
                }
                if ended.2 > 0 {
                    state.grow();
                    state.under_way -= 1;
                }
            }
            while let Some(ticket) = state.waiting.first().copied()
                && state.ask(ticket, now) == Answer::Go
            {
                if tenant.running.len() < tenant.limit {
                    state.waiting.remove(&ticket);
                    let took = if ticket == 1 { TOOK / 10 } else { TOOK };
                    tenant.running.insert((now + took, now, ticket));
                    continue;
                }
                refusals += 1;
                state.shrink(now, now, None);
                state.cut_to_those_beside();
                state.under_way -= 1;
            }
            now += 50 * MILLI;
        }
        (now, refusals)
    }

    #[test]
    fn a_tenants_limit_is_used_to_nine_tenths_whatever_is_asked_for() {
        for (limit, most) in [(10, 10), (10, 12), (10, 16), (10, 40), (3, 16), (1, 10), (25, 100)] {
            let tenant = Tenant { limit, running: BTreeSet::new() };
            let (took, refusals) = simulated(tenant, most, limit as u64 * 100);
            let ratio = took.as_secs_f64() / (TOOK * 100).as_secs_f64();
            assert!(ratio < 1.1, "{most} at once where {limit} are let in take {ratio:.2} times as long");
            assert!(
                refusals * 3 < limit * 100,
                "{most} at once where {limit} are let in: {refusals} refusals"
            );
        }
    }

    #[test]
    fn who_asks_for_less_than_there_is_gets_that_and_meets_no_refusal() {
        let (took, refusals) = simulated(Tenant { limit: 10, running: BTreeSet::new() }, 4, 400);
        assert_eq!(refusals, 0);
        assert!(took < TOOK * 102, "{took:?}");
    }

    #[test]
    fn places_that_an_earlier_run_left_taken_are_used_as_they_become_free() {
        // Ten that end one after another, so that whoever knew when would be done when the last place, which becomes free
        // after as long as a request takes, has seen ten more.
        let left = (1..=10).map(|place| (TOOK * place / 10, Duration::ZERO, 0));
        let (took, refusals) = simulated(Tenant { limit: 10, running: left.collect() }, 10, 101);
        let least = TOOK * 11;
        assert!(took < least + Duration::from_secs(3), "{took:?}");
        assert!(refusals < 20, "{refusals}");
    }

    #[test]
    fn a_refusal_of_the_first_round_leaves_room_for_those_let_in_and_one_more_a_second_later() {
        let mut state = State::new(10);
        state.grow();
        (0..10).for_each(|_| assert_eq!(state.ask(FIRST, Duration::ZERO), Answer::Go));
        for _ in 0..7 {
            state.shrink(Duration::ZERO, MILLI, None);
            state.cut_to_those_beside();
            state.under_way -= 1;
        }
        assert_eq!((state.under_way, state.whole()), (3, 3));
        assert_eq!(state.ask(FIRST, MILLI), Answer::In(PAUSE));
        assert_eq!(state.ask(FIRST, PAUSE + MILLI), Answer::Go);
        assert_eq!(
            state.ask(FIRST, PAUSE + 2 * MILLI),
            Answer::In(PAUSE.saturating_sub(MILLI)),
            "one at a time"
        );
        assert_eq!(state.ask(FIRST, 2 * PAUSE + MILLI), Answer::Go, "who was not refused was let in");
        state.grow();
        assert_eq!(state.ask(FIRST, 9 * PAUSE), Answer::Full, "from the first answer on, answers widen it");
    }

    #[test]
    fn the_pause_after_a_refusal_doubles_until_something_is_answered() {
        let mut state = State::new(4);
        let mut now = MILLI;
        for seconds in [1, 2, 4, 8, 16, 16] {
            state.shrink(now, now, None);
            assert_eq!(state.ask(FIRST, now), Answer::In(Duration::from_secs(seconds)));
            now += Duration::from_secs(seconds);
        }
        state.grow();
        state.shrink(now, now, None);
        assert_eq!(state.ask(FIRST, now), Answer::In(PAUSE));
    }

    #[test]
    fn the_oldest_that_waits_goes_first() {
        let mut state = State { waiting: BTreeSet::from([3, 7]), known: MEASURED, ..State::new(1) };
        assert_eq!((state.ask(7, MILLI), state.ask(3, MILLI)), (Answer::Full, Answer::Go));
        let living = BTreeSet::from([3, 7]);
        let mut state = State { living, waiting: BTreeSet::from([7]), ..State::new(1) };
        assert_eq!(state.ask(7, MILLI), Answer::Full, "the first was refused, and will come back");
        state.grow();
        assert_eq!(state.ask(7, MILLI), Answer::Go);
    }

    #[test]
    fn the_first_goes_alone_and_its_answer_opens_the_window() {
        let mut state = State::new(8);
        assert_eq!((state.ask(FIRST, MILLI), state.ask(FIRST, MILLI)), (Answer::Go, Answer::Full));
        state.grow();
        assert_eq!(state.whole(), 8);
    }

    #[test]
    fn a_round_of_refusals_shrinks_it_once_and_to_a_half_at_most() {
        let mut state = State { wide: 20.0, under_way: 20, known: MEASURED, ..State::new(20) };
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
        let mut state = State { wide: 5.0, known: MEASURED, ..State::new(8) };
        (0..5).for_each(|_| state.grow());
        assert!((5.8..=6.0).contains(&state.wide), "{}", state.wide);
        (0..100).for_each(|_| state.grow());
        assert_eq!(state.whole(), 8);
    }

    #[test]
    fn nothing_is_sent_while_the_service_wants_to_be_left_alone() {
        let mut state = State { wide: 5.0, known: MEASURED, ..State::new(8) };
        let wait = Duration::from_secs(7);
        state.shrink(MILLI, MILLI, Some(wait));
        state.shrink(MILLI, MILLI, Some(Duration::from_secs(2)));
        assert_eq!(state.ask(FIRST, MILLI), Answer::In(wait), "the longest counts");
        assert_eq!(state.ask(FIRST, MILLI + wait), Answer::Go);
        state.shrink(MILLI, MILLI, Some(LONGEST_WAIT + MILLI));
        assert_eq!(state.ask(FIRST, MILLI + wait), Answer::Go, "nobody waits as long as that");
    }

    async fn admitted<'w>(window: &'w Window, limits: &Limits) -> Result<Admitted<'w>, End> {
        window.ticket().admit(limits).await
    }

    #[tokio::test]
    async fn who_waits_for_its_turn_gets_it_when_another_has_ended() {
        let limits = Limits::none(crate::clock::Clock::simulated(std::time::SystemTime::UNIX_EPOCH));
        let window = Window::new(1);
        let first = admitted(&window, &limits).await.expect("it goes");
        let (second, ()) = tokio::join!(admitted(&window, &limits), async { first.answered() });
        second.expect("it goes").refused(MILLI, Some(Duration::from_secs(9)));
        admitted(&window, &limits).await.expect("it goes");
        assert_eq!(limits.clock.sleeps(), [Duration::from_secs(9) + MILLI]);
    }

    #[tokio::test]
    async fn an_order_to_stop_and_the_deadline_end_the_wait() {
        let (order, stop) = crate::stop::Stop::by_hand();
        let clock = crate::clock::Clock::simulated(std::time::SystemTime::UNIX_EPOCH);
        let limits = Limits { stop, deadline: Some(Duration::from_secs(5)), ..Limits::none(clock) };
        let window = Window::new(1);
        let under_way = admitted(&window, &limits).await.expect("it goes");
        let (waited, ()) = tokio::join!(admitted(&window, &limits), async {
            order.stop(crate::stop::Signal::Terminate);
        });
        assert!(matches!(waited, Err(End::Stopped(_))));
        under_way.refused(MILLI, Some(Duration::from_secs(9)));
        assert!(matches!(admitted(&window, &limits).await, Err(End::Deadline | End::Stopped(_))));
    }
}
