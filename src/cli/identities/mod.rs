//! One cmdlet for many identities, which come on standard input, one a line.
//!
//! As the module does with a pipeline, they go ten to a request, and with `--parallel` several requests are under way at
//! once. The result is one, in the order of the lines. An identity that fails is told of and does not stop the rest. What
//! ends the command ends it after the requests that are under way: of everything that was sent it is said what became of it.

mod chunks;
mod complaints;
mod flight;
mod journal;
mod options;
mod progress;
mod shard;
mod tally;
mod work;

use self::chunks::Chunks;
use self::journal::{Journal, Output};
use self::tally::Tally;
use self::work::{End, Work};
use super::confirm::Confirmation;
use super::console::{Console, Kept};
use super::delivery::Delivery;
use super::execution::{Prepared, advise, confirmed};
use super::lines::Lines;
use super::output::uncommitted;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) use options::{Many, ManyOptions, Subject};

/// Runs the cmdlet for each line of standard input. The exit code is the worst of all.
pub(super) async fn run(
    prepared: Prepared,
    mut many: Many,
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
    // All others wait for the first one, which is therefore as short as can be.
    let first = if many.parallel > 1 { 1 } else { work.most() };
    let chunks = Chunks::new(lines, many.shard, first, work.most());
    let mut journal = many.journal.take();
    let mut tally = Tally::new(many);
    let mut delivery = Delivery::new(console, &prepared.output, prepared.view());
    if let Some(Output { length, columns }) = journal.as_ref().map(Journal::output) {
        delivery = delivery.go_on(columns.clone(), *length > 0);
    }
    let outcome = Box::pin(work.all(chunks, &mut journal, &mut delivery, &mut tally)).await;
    let summed_up = tally.sum_up(delivery.console());
    let columns = delivery.columns();
    match outcome {
        Ok(End::OfInput) => delivery.finish(tally.missing)?,
        Ok(End::Early) => delivery.cut()?,
        Err(failure) if journal.is_some() => {
            return delivery.abandon(failure.hint("the same command goes on where this one stopped"));
        }
        Err(failure) => return delivery.abandon(failure),
    }
    if let Some(journal) = &mut journal {
        let length = console.sink.commit().map_err(|error| uncommitted(&error))?;
        journal.commit(std::iter::empty(), false, Output { length, columns })?;
    }
    summed_up.map(|()| tally.worst)
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
