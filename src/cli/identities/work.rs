//! What is done with a list: requests are sent, and what comes of them is delivered, told of and noted.

use super::chunks::{Chunks, Read};
use super::flight::Flight;
use super::journal::{Fate, Journal, Output};
use super::options::Many;
use super::tally::Tally;
use crate::cli::cmdlet::Resolved;
use crate::cli::delivery::{Delivery, Outcome};
use crate::cli::execution::{insisted, insisted_together};
use crate::cli::lines::Line;
use crate::exchange::{Call, LARGEST_BATCH};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::session::{Begun, Error, Session};

/// Where the lines ended.
pub(super) enum End {
    OfInput,
    /// After a failure that ends the command, and of which everything is told.
    Early,
}

/// What is done with each chunk of identities.
pub(super) struct Work<'w> {
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

impl Stopping {
    /// What could not be noted or written down. All that is under way is told of all the same.
    #[allow(clippy::unnecessary_wraps)] // The form of whatever may end the command.
    fn at_once(failure: Failure) -> Option<Self> {
        Some(Self { failure, whole: true })
    }
}

/// What happens next.
enum Event {
    Came(Sent),
    Read(Read),
}

impl<'w> Work<'w> {
    pub(super) fn new(resolved: &'w Resolved, many: &Many, session: &'w Session) -> Self {
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

    /// How many identities go into one request.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Request after request, until no line is left or something ends the command.
    pub(super) async fn all(
        &self,
        mut chunks: Chunks,
        journal: &mut Option<Journal>,
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
                read = chunks.next(journal), if reads => Event::Read(read),
                else => break,
            };
            let failed = match event {
                Event::Read(Read::Chunk(chunk)) => {
                    if chunk.is_empty() {
                        continue;
                    }
                    match self.note(&chunk, journal).and_then(|()| self.send(chunk, &mut last)) {
                        Ok(sending) => {
                            flight.begin(sending);
                            continue;
                        }
                        Err(failure) => Some(Stopping { failure, whole: true }),
                    }
                }
                Event::Read(Read::InDoubt(line)) => {
                    let cmdlet = &self.resolved.call.input.cmdlet_name;
                    let ending = stopping.as_ref().map(|stopping| &stopping.failure);
                    let failed = tally.add(delivery.console(), &line, Err(in_doubt(cmdlet)), ending);
                    failed.map_or_else(Stopping::at_once, |failed| {
                        failed.map(|failure| Stopping { failure, whole: false })
                    })
                }
                Event::Read(Read::Unusable(failure)) => {
                    let failure = tally.refuse(delivery.console(), failure, stopping.is_some());
                    failure.map(|failure| Stopping { failure, whole: true })
                }
                Event::Came(sent) => {
                    let ending = stopping.as_ref().map(|stopping| &stopping.failure);
                    let failed = flight
                        .beside(Box::pin(self.deliver(sent, last, journal, delivery, tally, ending)))
                        .await;
                    tally.show(delivery.console());
                    failed.unwrap_or_else(Stopping::at_once)
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

    /// Notes what is about to be written.
    fn note(&self, chunk: &[Line], journal: &mut Option<Journal>) -> Result<(), Failure> {
        match journal {
            Some(journal) if self.resolved.call.writes => {
                journal.sending(chunk.iter().map(|line| line.text.as_str()))
            }
            _ => Ok(()),
        }
    }

    /// What sends one request, and the last line that is sent with it.
    fn send(
        &self,
        chunk: Vec<Line>,
        last: &mut usize,
    ) -> Result<impl Future<Output = Sent> + use<'w>, Failure> {
        let Self { resolved, session, run, parallel, .. } = *self;
        *last = chunk.last().map_or(*last, |line| line.number);
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

    /// Delivers what came of one request, and notes it in the journal. Gives back what ends the command.
    async fn deliver(
        &self,
        sent: Sent,
        last: usize,
        journal: &mut Option<Journal>,
        delivery: &mut Delivery<'_, '_>,
        tally: &mut Tally,
        ending: Option<&Failure>,
    ) -> Result<Option<Stopping>, Failure> {
        let mut fates = Vec::new();
        let identities: Vec<String> = sent.chunk.iter().map(|line| line.text.clone()).collect();
        let stopping = self.tell(sent, last, &mut fates, delivery, tally, ending).await?;
        if let Some(journal) = journal {
            let (length, columns) = delivery.commit()?;
            let fates = identities.iter().map(String::as_str).zip(fates);
            journal.commit(fates, self.resolved.call.writes, Output { length, columns })?;
        }
        Ok(stopping)
    }

    /// Delivers what came of one request, and tells the fate of each identity.
    async fn tell(
        &self,
        sent: Sent,
        last: usize,
        fates: &mut Vec<Fate>,
        delivery: &mut Delivery<'_, '_>,
        tally: &mut Tally,
        ending: Option<&Failure>,
    ) -> Result<Option<Stopping>, Failure> {
        let cmdlet = &self.resolved.call.input.cmdlet_name;
        let Sent { chunk, calls, begun } = sent;
        let begun = match insisted_together(begun, &calls, self.run, self.session, delivery.console()).await {
            Ok(begun) => begun,
            Err(failure) => {
                let fate = fate(&failure);
                fates.resize(chunk.len(), fate);
                let failure = failure.because(unanswered(&chunk, last, fate == Fate::InDoubt));
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
                insisted(begun, call, self.session, delivery).await
            };
            fates.push(match &outcome {
                // Errors that came with its rows do not undo them.
                Ok(Outcome::Ended(_)) => Fate::Done,
                Ok(Outcome::Failed { failure, .. }) | Err(failure) => fate(failure),
            });
            let outcome = came(outcome, cmdlet);
            let failed = tally.add(delivery.console(), line, outcome, ending.or(stopping.as_ref()))?;
            stopping = stopping.or(failed);
        }
        Ok(stopping.map(|failure| Stopping { failure, whole: false }))
    }
}

fn came(outcome: Result<Outcome, Failure>, cmdlet: &str) -> Result<Exit, Failure> {
    match outcome {
        Ok(Outcome::Ended(reported)) => reported.verdict(cmdlet),
        Ok(Outcome::Failed { failure, rows }) if rows > 0 => Err(failure.after_rows(rows)),
        Ok(Outcome::Failed { failure, .. }) | Err(failure) => Err(failure),
    }
}

/// What a failure says of an identity. Where the result could not be written down, what was written at the service was.
fn fate(failure: &Failure) -> Fate {
    match failure.code {
        Code::WriteInDoubt | Code::OutputFailed => Fate::InDoubt,
        _ => Fate::Undone,
    }
}

/// A write of which an earlier run knew no more than that it was sent.
fn in_doubt(cmdlet: &str) -> Failure {
    let message = format!("`{cmdlet}` may or may not have been applied, and was not sent again");
    Failure::new(Exit::Unavailable, Code::WriteInDoubt, message)
        .because("an earlier run was ended before it knew what had become of it")
        .hint("look with the matching Get- cmdlet, and where it was not applied, run it for this identity by itself")
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
