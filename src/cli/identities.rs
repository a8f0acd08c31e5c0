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
use crate::knowledge::Code;
use crate::session::{Begun, Session};

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
        let begun = begun.map_err(|error| stopped(Failure::from(error), &chunk))?;
        let mut rest = chunk.iter().zip(&calls).zip(begun);
        while let Some(((line, call), begun)) = rest.next() {
            let came = insisted(begun, call, session, delivery).await;
            let outcome = came.map(|outcome| judged(outcome, &input.cmdlet_name, tally));
            let outcome = outcome.and_then(|outcome| tally.add(delivery.console(), line, outcome));
            match outcome {
                Ok(()) => {}
                Err(failure) if writes => {
                    let rest = rest.map(|((line, _), begun)| (line, begun));
                    let last = chunk.last().map_or(line.number, |line| line.number);
                    let failure =
                        failure.because(format!("the command ends here: no line after {last} was sent"));
                    return told(failure, rest, &input.cmdlet_name, session, delivery, tally).await;
                }
                Err(failure) => return Err(failure),
            }
        }
    }
    Ok(())
}

fn judged(outcome: Outcome, cmdlet: &str, tally: &mut Tally) -> Result<Exit, Failure> {
    match outcome {
        Outcome::Ended(reported) => reported.verdict(cmdlet),
        Outcome::Failed { failure, rows: 0 } => Err(failure),
        Outcome::Failed { failure, rows } => {
            tally.missing = true;
            Err(failure.after_rows(rows))
        }
    }
}

/// Ends the command with a failure. Writes that travelled in the same request were carried out all the same, so that
/// whatever went wrong with them is told as well; what would have to be sent by itself is sent no more.
async fn told<'l>(
    failure: Failure,
    rest: impl Iterator<Item = (&'l Line, Begun)>,
    cmdlet: &str,
    session: &mut Session,
    delivery: &mut Delivery<'_, '_>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let unsent = format!("`{cmdlet}` was not carried out");
    let unsent = Failure::new(Exit::Unavailable, Code::ExchangeBusy, unsent)
        .because("the service did not run it together with others, and it was not sent again");
    tally.report(delivery.console(), &failure);
    for (line, begun) in rest {
        let outcome = if begun.has_come() {
            let came = delivery.take(session.go_on(begun)).await;
            came.and_then(|outcome| judged(outcome, cmdlet, tally))
        } else {
            Err(unsent.clone())
        };
        if let Err(failure) = outcome {
            tally.report(delivery.console(), &failure.because(at(line)));
        }
    }
    tally.missing = true;
    Ok(())
}

fn at(line: &Line) -> String {
    format!("for `{}`, {}", line.text, line.place())
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
        self.refuse(console, failure.because(at(line)))
    }

    fn refuse(&mut self, console: &mut Console<'_>, failure: Failure) -> Result<(), Failure> {
        // What refuses the first refuses them all, and the same words ten thousand times help nobody.
        let concerns_all = failure.concerns_all() || failure.exit == Exit::Denied && !self.any;
        if self.fail_fast || concerns_all {
            return Err(failure);
        }
        self.report(console, &failure);
        Ok(())
    }

    fn report(&mut self, console: &mut Console<'_>, failure: &Failure) {
        console.report(failure);
        self.worst = self.worst.max(failure.exit);
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
fn stopped(failure: Failure, chunk: &[Line]) -> Failure {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { return failure };
    let lines = format!("lines {} to {} of standard input", first.number, last.number);
    if failure.code == Code::WriteInDoubt {
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
