//! The one retry loop.

use std::time::Duration;

use tracing::Instrument;

use super::schedule::growing;
use super::window::{Admitted, Ticket, Window};
use super::{Client, End, Error, Intake, Kind, Limits, Reply, Request, StatusCode};
use crate::clock::Clock;

/// A Retry-After above this is not waited for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What a caller makes of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This is the answer, good or bad.
    Final,
    /// Try again, at the pace of this series.
    Again(Series),
    /// The same, for the service has no room. Where many requests share a window, that has room for it later.
    Busy(Series),
}

/// Paces of trying again. Each keeps its own count, so that one kind of failure does not use up the patience meant for
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Growing waits that begin with this one; five times.
    Growing(Duration),
    /// The metadata service is being updated and is back within seventy seconds: seven waits of ten seconds.
    Updating,
    /// Nothing listens: once more after a fifth of a second.
    Absent,
}

impl Series {
    fn retries(self) -> u32 {
        match self {
            Self::Growing(_) => 5,
            Self::Updating => 7,
            Self::Absent => 1,
        }
    }

    fn slot(self) -> usize {
        match self {
            Self::Growing(_) => 0,
            Self::Updating => 1,
            Self::Absent => 2,
        }
    }
}

/// A reply, with what it took to get it.
#[derive(Debug)]
pub struct Answer {
    /// The reply.
    pub reply: Reply,
    /// How many requests were made.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: Duration,
}

/// Sends a request until its outcome is final.
#[derive(Debug)]
pub struct Retrying<'a> {
    /// The client.
    pub client: &'a Client,
    /// The user's limits.
    pub limits: &'a Limits,
    /// What every attempt waits for, where many are under way.
    pub window: Option<&'a Window>,
}

impl Retrying<'_> {
    /// Sends until `classify` calls an outcome final, retries are used up, the server asks for too long a wait, or the
    /// deadline leaves no time. The last reply is returned whatever its status.
    pub async fn send(
        &self,
        request: &Request,
        classify: impl Fn(&Result<Reply, Error>) -> Verdict,
    ) -> Result<Answer, Error> {
        let (mut answer, body) = self.send_into(request, Vec::new, classify).await?;
        answer.reply.body = body.unwrap_or(answer.reply.body);
        Ok(answer)
    }

    /// The same, but that the body of a success goes where it is wanted, of which each attempt gets a new one. Of a success
    /// `classify` sees no body.
    pub async fn send_into<I: Intake>(
        &self,
        request: &Request,
        intake: impl Fn() -> I,
        classify: impl Fn(&Result<Reply, Error>) -> Verdict,
    ) -> Result<(Answer, Option<I>), Error> {
        self.attempts(request, intake, classify).instrument(request.span()).await
    }

    async fn attempts<I: Intake>(
        &self,
        request: &Request,
        intake: impl Fn() -> I,
        classify: impl Fn(&Result<Reply, Error>) -> Verdict,
    ) -> Result<(Answer, Option<I>), Error> {
        let clock = &self.limits.clock;
        let begun = clock.elapsed();
        let mut pace = Pace::default();
        let ticket = self.window.map(Window::ticket);
        loop {
            let admitted = self.admitted(ticket.as_ref()).await.map_err(|end| {
                let error = Error::new(Kind::NotBegun(end), request.origin());
                error.after(pace.attempts, clock.elapsed().saturating_sub(begun))
            })?;
            let (outcome, taken) = split(self.attempt(request, intake()).await);
            pace.attempts += 1;
            let verdict = classify(&outcome);
            let queued = admitted.is_some_and(|admitted| settle(admitted, &outcome, verdict, clock));
            let wait = match verdict {
                Verdict::Final => None,
                Verdict::Busy(_) if queued => pace.at_once(self.limits),
                Verdict::Again(series) | Verdict::Busy(series) => pace.wait(series, &outcome, self.limits),
            };
            let Some(wait) = wait else {
                let answer = finish(outcome, pace.attempts, clock.elapsed().saturating_sub(begun))?;
                return Ok((answer, taken));
            };
            let paused = if self.limits.allow(wait) {
                notice(&outcome, wait, pace.attempts);
                self.limits.pause(wait).await
            } else {
                Err(End::Deadline)
            };
            if let Err(end) = paused {
                tracing::info!(?wait, %end, "there is no other attempt");
                let error = Error::new(Kind::NotBegun(end), request.origin()).because(&outcome);
                return Err(error.after(pace.attempts, clock.elapsed().saturating_sub(begun)));
            }
        }
    }

    /// The turn of an attempt, where many requests share a window.
    async fn admitted<'w>(&self, ticket: Option<&Ticket<'w>>) -> Result<Option<Admitted<'w>>, End> {
        match ticket {
            Some(ticket) => ticket.admit(self.limits).await.map(Some),
            None => Ok(None),
        }
    }

    /// One attempt, unless the command is over, and cut short where it ends meanwhile.
    async fn attempt<I: Intake>(&self, request: &Request, intake: I) -> Result<(Reply, Option<I>), Error> {
        if let Some(end) = self.limits.over() {
            return Err(Error::new(Kind::NotBegun(end), request.origin()));
        }
        let sent = self.limits.within(self.client.send_into(request, &self.limits.clock, intake)).await;
        sent.unwrap_or_else(|end| Err(Error::new(Kind::Ended(end), request.origin())))
    }
}

/// Tells the window what became of an attempt. A write is not sent again after 503, and the service is busy all the same.
/// Gives back whether another attempt goes when the window has room for it, and not at a pace of its own.
fn settle(admitted: Admitted<'_>, outcome: &Result<Reply, Error>, verdict: Verdict, clock: &Clock) -> bool {
    let Ok(reply) = outcome else { return false };
    if matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        // Who is not let in learns nothing of how many there is room for.
        return false;
    }
    if verdict != Verdict::Final || reply.status == StatusCode::SERVICE_UNAVAILABLE {
        let asked = retry_after(reply, clock);
        admitted.refused(clock.elapsed(), asked) && asked.is_none()
    } else {
        admitted.answered();
        false
    }
}

#[derive(Default)]
struct Pace {
    attempts: u32,
    used: [u32; 3],
    growing: Option<Box<dyn FnMut() -> Duration>>,
}

impl Pace {
    /// No wait, for the window has one. It uses up no patience but the user's: the service answers others meanwhile.
    fn at_once(&self, limits: &Limits) -> Option<Duration> {
        let spent = limits.max_retries.is_some_and(|most| self.attempts > most);
        (!spent).then_some(Duration::ZERO)
    }

    /// The wait before the next attempt; `None` where patience has ended.
    fn wait(&mut self, series: Series, outcome: &Result<Reply, Error>, limits: &Limits) -> Option<Duration> {
        let used = &mut self.used[series.slot()];
        let spent = match limits.max_retries {
            // The user's number replaces the series' own, but nobody waits for an endpoint where nothing listens.
            Some(most) => self.attempts > most || (series == Series::Absent && *used >= series.retries()),
            None => *used >= series.retries(),
        };
        if spent {
            return None;
        }
        *used += 1;
        let own = match series {
            Series::Growing(first) => self.growing.get_or_insert_with(|| Box::new(growing(first)))(),
            Series::Updating => Duration::from_secs(10),
            Series::Absent => Duration::from_millis(200),
        };
        let asked = outcome.as_ref().ok().and_then(|reply| retry_after(reply, &limits.clock));
        match asked {
            Some(asked) if asked > LONGEST_WAIT => None,
            // The seventy seconds are promised whatever a single reply says.
            Some(asked) if series == Series::Updating => Some(asked.max(own)),
            // A server that says nought is given a second all the same: five requests at once help nobody.
            Some(asked) => Some(asked.max(Duration::from_secs(1))),
            None => Some(own),
        }
    }
}

/// What the server asks to wait: seconds, with decimals or not, or a date. It replaces the series' own wait.
pub fn retry_after(reply: &Reply, clock: &Clock) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // More than a length of time can hold is a very long time.
        let most = (seconds > 0.0).then_some(Duration::MAX);
        return Duration::try_from_secs_f64(seconds).ok().or(most);
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(clock.now()).unwrap_or_default())
}

/// What is judged, and beside it what is not looked at.
fn split<I>(outcome: Result<(Reply, Option<I>), Error>) -> (Result<Reply, Error>, Option<I>) {
    match outcome {
        Ok((reply, taken)) => (Ok(reply), taken),
        Err(error) => (Err(error), None),
    }
}

fn finish(outcome: Result<Reply, Error>, attempts: u32, elapsed: Duration) -> Result<Answer, Error> {
    match outcome {
        Ok(reply) => Ok(Answer { reply, attempts, elapsed }),
        Err(error) => Err(error.after(attempts, elapsed)),
    }
}

fn notice(outcome: &Result<Reply, Error>, wait: Duration, attempt: u32) {
    let when = match wait {
        Duration::ZERO => "when there is room".to_owned(),
        wait => format!("in {:.1} s", wait.as_secs_f64()),
    };
    match outcome {
        Ok(reply) => tracing::info!(status = reply.status.as_u16(), attempt, "trying again {when}"),
        Err(error) => tracing::info!(kind = %error.kind, attempt, "trying again {when}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::http::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use crate::stop::{Signal, Stop};

    fn asking(wait: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(wait).expect("a header"));
        Reply { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Vec::new() }
    }

    #[test]
    fn an_update_is_waited_for_even_if_the_reply_asks_for_less() {
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH);
        let limits = Limits::none(clock);
        for (wait, expected) in [("0", 10), ("30", 30)] {
            let waited = Pace::default().wait(Series::Updating, &Ok(asking(wait)), &limits);
            assert_eq!(waited, Some(Duration::from_secs(expected)), "{wait}");
        }
    }

    #[tokio::test]
    async fn an_order_to_stop_during_a_wait_is_the_end_and_nothing_is_sent_again() {
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH);
        let client = Client::link_local(&clock).expect("a client");
        let (order, stop) = Stop::by_hand();
        let limits = Limits { stop, ..Limits::none(clock.clone()) };
        let retrying = Retrying { client: &client, limits: &limits, window: None };
        let request = Request::get(url::Url::parse("http://127.0.0.1:1/").expect("a URL"));
        for attempts in [1, 1] {
            let outcome = retrying.send(&request, |_| {
                order.stop(Signal::Terminate);
                Verdict::Again(Series::Growing(Duration::from_secs(1)))
            });
            let error = outcome.await.expect_err("an end");
            assert_eq!(error.kind, Kind::NotBegun(End::Stopped(Signal::Terminate)));
            assert!(error.kind.is_before_sending() && error.attempts == attempts);
        }
        assert!(clock.sleeps().is_empty());
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (wait, expected) in [
            ("3", seconds(3)),
            (" 3 ", seconds(3)),
            ("0.5", Some(Duration::from_millis(500))),
            ("0", seconds(0)),
            ("Fri, 15 Jan 2027 08:00:20 GMT", seconds(20)),
            ("Fri, 15 Jan 2027 07:00:00 GMT", seconds(0)),
            ("1e300", Some(Duration::MAX)),
            ("99999999999999999999999999", Some(Duration::MAX)),
            ("inf", Some(Duration::MAX)),
            ("-5", None),
            ("NaN", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(&asking(wait), &clock), expected, "{wait}");
        }
    }
}
