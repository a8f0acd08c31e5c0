//! One cmdlet for many identities, which come on standard input, one a line.
//!
//! As the module does with a pipeline, they go ten to a request, and with `--parallel` several requests are under way at
//! once. The result is one, in the order of the lines. An identity that fails is told of and does not stop the rest. What
//! ends the command ends it after the requests that are under way: of everything that was sent it is said what became of it.

mod chunks;
mod complaints;
mod flight;
mod options;
mod progress;
mod shard;
mod tally;

use self::chunks::{Chunks, Read};
use self::flight::Flight;
use self::tally::Tally;
use super::cmdlet::Resolved;
use super::confirm::Confirmation;
use super::console::{Console, Kept};
use super::delivery::{Delivery, Outcome};
use super::execution::{Prepared, advise, confirmed, insisted};
use super::lines::{Line, Lines};
use crate::exchange::{Call, LARGEST_BATCH};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::session::{Begun, Error, Session};

pub(super) use options::{Many, ManyOptions};

/// Runs the cmdlet for each line of standard input. The exit code is the worst of all.
pub(super) async fn run(
    prepared: Prepared,
    many: Many,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    // Standard input is no terminal to ask at, so this refuses what asks.
    prepared.check(false)?;
    let lines = Lines::begin(console.world, session.limits())?;
    if prepared.resolved.confirmation == Confirmation::WhatIf {
        return what_if(&prepared, lines, many, session, console).await;
    }
    advise(session, &prepared.resolved.call);
    let work = Work::new(&prepared.resolved, &many, session);
    let chunks = Chunks::new(lines, many.shard, work.most);
    let mut tally = Tally::new(many);
    let mut delivery = Delivery::new(console, &prepared.output, prepared.view());
    let outcome = work.all(chunks, &mut delivery, &mut tally).await;
    let summed_up = tally.sum_up(delivery.console());
    let outcome = match outcome {
        Ok(End::OfInput) => delivery.finish(tally.missing),
        Ok(End::Early) => delivery.cut(),
        Err(failure) => return delivery.abandon(failure),
    };
    outcome.and(summed_up).map(|()| tally.worst)
}

/// Where the lines ended.
enum End {
    OfInput,
    /// After a failure that ends the command, and of which everything is told.
    Early,
}

/// What is done with each chunk of identities.
struct Work<'w> {
    resolved: &'w Resolved,
    session: &'w Session,
    /// The number of the run, by which its requests are found.
    run: uuid::Uuid,
    /// How many requests are under way at once.
    parallel: usize,
    ordered: bool,
    /// How many identities go into one request.
    most: usize,
}

/// One request for several identities, and what came of it.
struct Sent {
    chunk: Vec<Line>,
    calls: Vec<Call>,
    begun: Result<Vec<Begun>, Error>,
}

/// A failure that ends the command.
struct Stopping {
    failure: Failure,
    /// Whether it is of a whole request or of none, so that it is what the command ends with.
    whole: bool,
}

/// What happens next.
enum Event {
    Came(Sent),
    Read(Read),
}

impl<'w> Work<'w> {
    fn new(resolved: &'w Resolved, many: &Many, session: &'w Session) -> Self {
        let one_by_one = many.fail_fast && resolved.call.writes;
        // Requests that cannot travel together travel beside each other.
        let alone = many.parallel > 1 && !resolved.call.is_batchable();
        Self {
            resolved,
            session,
            run: session.next_run(),
            parallel: many.parallel,
            ordered: many.ordered,
            most: if one_by_one || alone { 1 } else { LARGEST_BATCH },
        }
    }

    /// Request after request, until no line is left or something ends the command.
    async fn all(
        &self,
        mut chunks: Chunks,
        delivery: &mut Delivery<'_, '_>,
        tally: &mut Tally,
    ) -> Result<End, Failure> {
        let writes = self.resolved.call.writes;
        let mut flight = Flight::new(self.parallel, self.ordered);
        let mut stopping: Option<Stopping> = None;
        let mut last = 0;
        loop {
            // Where nobody reads the data there is nothing to ask for, but what is to be written is.
            let reads = !chunks.are_over() && flight.has_room() && (delivery.is_open() || writes);
            let event = tokio::select! {
                biased;
                sent = flight.next(), if !flight.is_empty() => Event::Came(sent),
                read = chunks.next(), if reads => Event::Read(read),
                else => break,
            };
            let failed = match event {
                Event::Read(Read::Chunk(chunk)) => {
                    last = chunk.last().map_or(last, |line| line.number);
                    if !chunk.is_empty() {
                        flight.begin(self.send(chunk)?);
                    }
                    continue;
                }
                Event::Read(Read::Unusable(failure)) => {
                    let failure = tally.refuse(delivery.console(), failure, stopping.is_some());
                    failure.map(|failure| Stopping { failure, whole: true })
                }
                Event::Came(sent) => {
                    let ending = stopping.as_ref().map(|stopping| &stopping.failure);
                    let failed = flight.beside(self.deliver(sent, last, delivery, tally, ending)).await;
                    tally.show(delivery.console());
                    failed?
                }
            };
            if let Some(failed) = failed {
                chunks.end();
                stopping.get_or_insert(failed);
                // What was asked for beside it can be asked for again, and of what was written something is to be said.
                if !writes {
                    break;
                }
            }
        }
        match stopping {
            None => Ok(End::OfInput),
            Some(Stopping { failure, whole: true }) => Err(failure),
            Some(Stopping { failure, .. }) => {
                let failure =
                    failure.because(format!("nothing after line {last} of standard input was sent"));
                tally.refuse(delivery.console(), failure, true);
                Ok(End::Early)
            }
        }
    }

    /// What sends one request.
    fn send(&self, chunk: Vec<Line>) -> Result<impl Future<Output = Sent> + use<'w>, Failure> {
        let Self { resolved, session, run, parallel, .. } = *self;
        let calls = chunk.iter().map(|line| resolved.for_identity(&line.text));
        let calls = calls.collect::<Result<Vec<Call>, Failure>>()?;
        Ok(async move {
            let mut begun = session.invoke_together(calls.clone(), run).await;
            // Where requests go one by one, what has to be sent by itself is sent when its turn has come, and not at all
            // where the command has ended before.
            if parallel > 1
                && let Ok(all) = &mut begun
            {
                for one in std::mem::take(all) {
                    all.push(session.bring(one).await);
                }
            }
            Sent { chunk, calls, begun }
        })
    }

    /// Delivers what came of one request. Gives back what ends the command.
    async fn deliver(
        &self,
        sent: Sent,
        last: usize,
        delivery: &mut Delivery<'_, '_>,
        tally: &mut Tally,
        ending: Option<&Failure>,
    ) -> Result<Option<Stopping>, Failure> {
        let cmdlet = &self.resolved.call.input.cmdlet_name;
        let Sent { chunk, calls, begun } = sent;
        let begun = match self.insisted(begun, &calls, delivery).await {
            Ok(begun) => begun,
            Err(failure) => {
                let in_doubt = failure.code == Code::WriteInDoubt;
                let failure = failure.because(unanswered(&chunk, last, in_doubt));
                if ending.is_none() {
                    return Ok(Some(Stopping { failure, whole: true }));
                }
                tally.refuse(delivery.console(), failure, true);
                return Ok(None);
            }
        };
        let mut stopping = None;
        for ((line, call), begun) in chunk.iter().zip(&calls).zip(begun) {
            let outcome = if (ending.is_some() || stopping.is_some()) && !begun.has_come() {
                // Where the command ends, nothing is sent any more.
                Err(unsent(cmdlet))
            } else {
                came(insisted(begun, call, self.session, delivery).await, cmdlet)
            };
            let failed = tally.add(delivery.console(), line, outcome, ending.or(stopping.as_ref()))?;
            stopping = stopping.or(failed);
        }
        Ok(stopping.map(|failure| Stopping { failure, whole: false }))
    }

    /// What came of a request, which is sent again as long as permissions are waited for.
    async fn insisted(
        &self,
        mut begun: Result<Vec<Begun>, Error>,
        calls: &[Call],
        delivery: &mut Delivery<'_, '_>,
    ) -> Result<Vec<Begun>, Failure> {
        loop {
            let failure = match begun {
                Ok(begun) => return Ok(begun),
                Err(error) => Failure::from(error),
            };
            let claims = self.session.token().claims();
            if !delivery.console().waits_out(&failure, claims).await {
                return Err(failure);
            }
            self.session.renew().await?;
            begun = self.session.invoke_together(calls.to_vec(), self.run).await;
        }
    }
}

fn came(outcome: Result<Outcome, Failure>, cmdlet: &str) -> Result<Exit, Failure> {
    match outcome {
        Ok(Outcome::Ended(reported)) => reported.verdict(cmdlet),
        Ok(Outcome::Failed { failure, rows }) if rows > 0 => Err(failure.after_rows(rows)),
        Ok(Outcome::Failed { failure, .. }) | Err(failure) => Err(failure),
    }
}

fn unsent(cmdlet: &str) -> Failure {
    Failure::new(Exit::Unavailable, Code::ExchangeBusy, format!("`{cmdlet}` was not carried out"))
        .because("the service did not run it together with the others, and it was not sent again")
}

fn named(chunk: &[Line]) -> String {
    match chunk {
        [] => "no line".to_owned(),
        [only] => format!("line {} of standard input", only.number),
        [first, .., last] => format!("lines {} to {} of standard input", first.number, last.number),
    }
}

/// Where to go on after a request that brought no answers.
fn unanswered(chunk: &[Line], last: usize, in_doubt: bool) -> String {
    let what = if in_doubt { "what became of" } else { "there is no result of" };
    let known = if in_doubt { " is not known" } else { "" };
    let after = match chunk.last() {
        Some(line) if line.number < last => format!(" line {last}"),
        _ => String::new(),
    };
    format!("{what} {}{known}, and nothing after{after} was sent", named(chunk))
}

async fn what_if(
    prepared: &Prepared,
    mut lines: Lines,
    many: Many,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let shard = many.shard;
    let mut tally = Tally::new(many);
    while let Some(line) = lines.next().await {
        let stopping = match line {
            Ok(line) if shard.is_some_and(|shard| !shard.holds(&line.text)) => continue,
            Ok(line) => {
                let call = prepared.resolved.for_identity(&line.text)?;
                let outcome = confirmed(&call, Confirmation::WhatIf, session, console).await;
                tally.add(console, &line, outcome.map(|_| Exit::Done), None)?
            }
            Err(failure) => tally.refuse(console, failure, false),
        };
        if let Some(failure) = stopping {
            // What was said of the lines before is not all that was asked for.
            if console.kept == Kept::Whole {
                console.kept = Kept::Part;
            }
            return Err(failure);
        }
    }
    tally.sum_up(console).map(|()| tally.worst)
}
