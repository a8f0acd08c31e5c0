//! One cmdlet for many identities, which come on standard input, one a line.
//!
//! As the module does with a pipeline, they go ten to a request. The result is one, in the order of the lines. An
//! identity that fails is told of and does not stop the rest.

use super::cmdlet::Resolved;
use super::confirm::Confirmation;
use super::console::Console;
use super::delivery::{Delivery, Outcome};
use super::execution::{Prepared, confirmed, insisted};
use super::lines::{Line, Lines};
use crate::exchange::{Call, LARGEST_BATCH};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

/// Runs the cmdlet for each line of standard input. The exit code is the worst of all.
pub(super) async fn run(
    prepared: Prepared,
    fail_fast: bool,
    session: &mut Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    // Standard input is no terminal to ask at, so this refuses what asks.
    prepared.check(false)?;
    if prepared.resolved.confirmation == Confirmation::WhatIf {
        return what_if(&prepared, fail_fast, session, console).await;
    }
    let mut tally = Tally { fail_fast, worst: Exit::Done, any: false, missing: false };
    let mut delivery = Delivery::new(console, &prepared.output, prepared.view());
    match each(&prepared.resolved, session, &mut delivery, &mut tally).await {
        Ok(()) => delivery.finish(tally.missing).map(|()| tally.worst),
        Err(failure) => delivery.abandon(failure),
    }
}

/// Request after request, until no line is left or something ends the command.
async fn each(
    resolved: &Resolved,
    session: &mut Session,
    delivery: &mut Delivery<'_, '_>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let Call { writes, ref input, .. } = resolved.call;
    let run = session.next_run();
    let mut lines = Lines::default();
    // Where nobody reads the data there is nothing to ask for, but what is to be written is.
    while delivery.is_open() || writes {
        let chunk = chunk(&mut lines, delivery, tally)?;
        if chunk.is_empty() {
            break;
        }
        let calls = chunk.iter().map(|line| resolved.for_identity(&line.text));
        let calls = calls.collect::<Result<Vec<Call>, Failure>>()?;
        let begun = session.invoke_together(calls.clone(), run).await;
        let begun = begun.map_err(|error| stopped(Failure::from(error), &chunk, writes))?;
        for ((line, call), begun) in chunk.iter().zip(&calls).zip(begun) {
            let outcome = match insisted(begun, call, session, delivery).await? {
                Outcome::Ended(reported) => reported.verdict(&input.cmdlet_name),
                Outcome::Failed { failure, rows: 0 } => Err(failure),
                Outcome::Failed { failure, rows } => {
                    tally.missing = true;
                    Err(failure.after_rows(rows))
                }
            };
            tally.add(delivery.console(), line, outcome)?;
        }
    }
    Ok(())
}

/// What the failures come to.
struct Tally {
    fail_fast: bool,
    worst: Exit,
    /// Whether any identity had a result.
    any: bool,
    /// Whether some identity's rows are not all there.
    missing: bool,
}

impl Tally {
    fn add(
        &mut self,
        console: &mut Console<'_>,
        line: &Line,
        outcome: Result<Exit, Failure>,
    ) -> Result<(), Failure> {
        let Err(failure) = outcome else {
            self.any = true;
            return Ok(());
        };
        self.refuse(console, failure.because(format!("for `{}`, {}", line.text, line.place())))
    }

    fn refuse(&mut self, console: &mut Console<'_>, failure: Failure) -> Result<(), Failure> {
        // What refuses the first refuses them all, and the same words ten thousand times help nobody.
        let concerns_all = failure.concerns_all() || failure.exit == Exit::Denied && !self.any;
        if self.fail_fast || concerns_all {
            return Err(failure);
        }
        console.report(&failure);
        self.worst = self.worst.max(failure.exit);
        Ok(())
    }
}

/// The next identities, as many as go into one request.
fn chunk(
    lines: &mut Lines,
    delivery: &mut Delivery<'_, '_>,
    tally: &mut Tally,
) -> Result<Vec<Line>, Failure> {
    let mut chunk = Vec::new();
    while chunk.len() < LARGEST_BATCH {
        match lines.next(&mut delivery.console().world.stdin) {
            None => break,
            Some(Ok(line)) => chunk.push(line),
            Some(Err(failure)) => tally.refuse(delivery.console(), failure)?,
        }
    }
    Ok(chunk)
}

/// A failure of a whole request ends the command. It says where to go on.
fn stopped(failure: Failure, chunk: &[Line], writes: bool) -> Failure {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { return failure };
    let lines = format!("lines {} to {} of standard input", first.number, last.number);
    if writes && failure.exit == Exit::Unavailable {
        failure.because(format!("of {lines} nobody knows, and what follows them was not begun"))
    } else {
        failure.because(format!("{lines} and what follows them have no result"))
    }
}

async fn what_if(
    prepared: &Prepared,
    fail_fast: bool,
    session: &mut Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut tally = Tally { fail_fast, worst: Exit::Done, any: false, missing: false };
    let mut lines = Lines::default();
    while let Some(line) = lines.next(&mut console.world.stdin) {
        let line = match line {
            Ok(line) => line,
            Err(failure) => {
                tally.refuse(console, failure)?;
                continue;
            }
        };
        let call = prepared.resolved.for_identity(&line.text)?;
        let outcome = confirmed(&call, Confirmation::WhatIf, session, console).await;
        tally.add(console, &line, outcome.map(|_| Exit::Done))?;
    }
    Ok(tally.worst)
}
