//! One cmdlet for many identities, which come on standard input, one a line.
//!
//! As the module does with a pipeline, they go ten to a request. The result is one, in the order of the lines. An
//! identity that fails is told of and does not stop the rest. What ends the command ends it after the request in which it
//! was found: of everything that was sent it is said what became of it.

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
use crate::session::{Begun, Session};

/// Runs the cmdlet for each line of standard input. The exit code is the worst of all.
pub(super) async fn run(
    prepared: Prepared,
    fail_fast: bool,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    // Standard input is no terminal to ask at, so this refuses what asks.
    prepared.check(false)?;
    let lines = Lines::begin(console.world, session.limits())?;
    let mut tally = Tally { fail_fast, worst: Exit::Done, any: false, missing: false };
    if prepared.resolved.confirmation == Confirmation::WhatIf {
        return what_if(&prepared, lines, tally, session, console).await;
    }
    advise(session, &prepared.resolved.call);
    let mut delivery = Delivery::new(console, &prepared.output, prepared.view());
    match each(&prepared.resolved, lines, session, &mut delivery, &mut tally).await {
        Ok(End::OfInput) => delivery.finish(tally.missing).map(|()| tally.worst),
        Ok(End::Early) => delivery.cut().map(|()| tally.worst),
        Err(failure) => delivery.abandon(failure),
    }
}

/// Where the lines ended.
enum End {
    OfInput,
    /// After a failure that ends the command, and of which everything is told.
    Early,
}

/// Request after request, until no line is left or something ends the command.
async fn each(
    resolved: &Resolved,
    mut lines: Lines,
    session: &Session,
    delivery: &mut Delivery<'_, '_>,
    tally: &mut Tally,
) -> Result<End, Failure> {
    let Call { writes, ref input, .. } = resolved.call;
    let run = session.next_run();
    // Where the first failure of a write is to stop the rest, nothing may be under way beside it.
    let most = if tally.fail_fast && writes { 1 } else { LARGEST_BATCH };
    // Where nobody reads the data there is nothing to ask for, but what is to be written is.
    while delivery.is_open() || writes {
        let chunk = chunk(&mut lines, most, delivery, tally).await?;
        if chunk.is_empty() {
            break;
        }
        let calls = chunk.iter().map(|line| resolved.for_identity(&line.text));
        let calls = calls.collect::<Result<Vec<Call>, Failure>>()?;
        let begun = begin(&calls, run, session, delivery).await;
        let begun = begun.map_err(|failure| {
            let in_doubt = failure.code == Code::WriteInDoubt;
            failure.because(unanswered(&chunk, in_doubt))
        })?;
        let mut stopping = None;
        for ((line, call), begun) in chunk.iter().zip(&calls).zip(begun) {
            let outcome = if stopping.is_some() && !begun.has_come() {
                // Where the command ends, nothing is sent any more.
                Err(unsent(&input.cmdlet_name))
            } else {
                came(insisted(begun, call, session, delivery).await, &input.cmdlet_name)
            };
            let failed = tally.add(delivery.console(), line, outcome, stopping.as_ref());
            stopping = stopping.or(failed);
        }
        if let Some(failure) = stopping {
            tally.refuse(delivery.console(), failure.because(sent(&chunk)), true);
            return Ok(End::Early);
        }
    }
    Ok(End::OfInput)
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

/// Sends one request for several identities, again as long as permissions are waited for.
async fn begin(
    calls: &[Call],
    run: uuid::Uuid,
    session: &Session,
    delivery: &mut Delivery<'_, '_>,
) -> Result<Vec<Begun>, Failure> {
    loop {
        let failure = match session.invoke_together(calls.to_vec(), run).await {
            Ok(begun) => return Ok(begun),
            Err(error) => Failure::from(error),
        };
        if !delivery.console().waits_out(&failure, session.token().claims()).await {
            return Err(failure);
        }
        session.renew().await?;
    }
}

/// What the failures come to.
struct Tally {
    fail_fast: bool,
    worst: Exit,
    /// Whether any identity had a result.
    any: bool,
    /// Whether rows exist that did not come.
    missing: bool,
}

impl Tally {
    /// Takes note of what became of an identity. Gives back the failure where it ends the command; others are told of,
    /// and so is one that comes after such a failure.
    fn add(
        &mut self,
        console: &mut Console<'_>,
        line: &Line,
        outcome: Result<Exit, Failure>,
        ending: Option<&Failure>,
    ) -> Option<Failure> {
        let Err(mut failure) = outcome else {
            self.any = true;
            return None;
        };
        self.missing |= matches!(failure.exit, Exit::Unavailable | Exit::Incomplete);
        if failure.exit == Exit::Denied && ending.is_some_and(|ending| ending.code == failure.code) {
            // What mends it is said once, at the end.
            failure.hints.clear();
        }
        let failure = failure.because(format!("for `{}`, {}", line.text, line.place()));
        self.refuse(console, failure, ending.is_some())
    }

    fn refuse(&mut self, console: &mut Console<'_>, failure: Failure, ending: bool) -> Option<Failure> {
        // What refuses the first refuses them all, and the same words ten thousand times help nobody.
        let concerns_all = failure.concerns_all() || failure.exit == Exit::Denied && !self.any;
        if !ending && (self.fail_fast || concerns_all) {
            return Some(failure);
        }
        console.report(&failure);
        self.worst = self.worst.max(failure.exit);
        None
    }
}

/// The next identities, as many as go into one request.
async fn chunk(
    lines: &mut Lines,
    most: usize,
    delivery: &mut Delivery<'_, '_>,
    tally: &mut Tally,
) -> Result<Vec<Line>, Failure> {
    let mut chunk = Vec::new();
    while chunk.len() < most {
        match lines.next().await {
            None => break,
            Some(Ok(line)) => chunk.push(line),
            Some(Err(failure)) => {
                if let Some(failure) = tally.refuse(delivery.console(), failure, false) {
                    return Err(failure);
                }
            }
        }
    }
    Ok(chunk)
}

fn named(chunk: &[Line]) -> String {
    match chunk {
        [] => "no line".to_owned(),
        [only] => format!("line {} of standard input", only.number),
        [first, .., last] => format!("lines {} to {} of standard input", first.number, last.number),
    }
}

/// Where to go on after a request that was answered.
fn sent(chunk: &[Line]) -> String {
    let last = chunk.last().map_or(0, |line| line.number);
    format!("nothing after line {last} of standard input was sent")
}

/// Where to go on after a request that brought no answers.
fn unanswered(chunk: &[Line], in_doubt: bool) -> String {
    let what = if in_doubt { "what became of" } else { "there is no result of" };
    let known = if in_doubt { " is not known" } else { "" };
    format!("{what} {}{known}, and nothing after was sent", named(chunk))
}

async fn what_if(
    prepared: &Prepared,
    mut lines: Lines,
    mut tally: Tally,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    while let Some(line) = lines.next().await {
        let stopping = match line {
            Ok(line) => {
                let call = prepared.resolved.for_identity(&line.text)?;
                let outcome = confirmed(&call, Confirmation::WhatIf, session, console).await;
                tally.add(console, &line, outcome.map(|_| Exit::Done), None)
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
    Ok(tally.worst)
}
