//! Commands on standard input, one a line, over one connection.

use super::cmdlet::Words;
use super::console::{Console, Kept};
use super::execution::{Manner, Prepared};
use super::lines::{Line, Lines};
use super::split;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::session::Session;
use crate::world::World;

/// Commands as they come.
pub(super) struct Commands {
    lines: Lines,
    /// The first one, which was read to see whether there is any.
    first: Option<Result<(Line, Words), Failure>>,
}

impl Commands {
    /// Waits for the first command; `None` where there is none.
    pub(super) async fn begin(world: &mut World, limits: &Limits) -> Result<Option<Self>, Failure> {
        let mut commands = Self { lines: Lines::begin(world, limits)?, first: None };
        commands.first = commands.next().await;
        Ok(commands.first.is_some().then_some(commands))
    }

    /// The next command that is more than a comment.
    async fn next(&mut self) -> Option<Result<(Line, Words), Failure>> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let line = match self.lines.next().await? {
                Ok(line) => line,
                Err(failure) => return Some(Err(failure)),
            };
            match read(&line) {
                Ok(None) => {}
                Ok(Some(words)) => return Some(Ok((line, words))),
                Err(failure) => return Some(Err(failure.because(line.place()))),
            }
        }
    }

    /// Runs them one after another. One that fails is told of and does not stop the rest, unless that is wanted; the
    /// exit code is the worst of all.
    pub(super) async fn run(
        mut self,
        manner: &Manner,
        fail_fast: bool,
        session: &Session,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let mut worst = Exit::Done;
        while let Some(command) = self.next().await {
            let outcome = match command {
                Ok((line, words)) => {
                    let run = run(words, manner, session, console).await;
                    run.map_err(|failure| failure.because(line.place()))
                }
                Err(failure) => Err(failure),
            };
            match outcome {
                Ok(exit) => worst = worst.max(exit),
                Err(failure) if fail_fast || failure.concerns_all() => {
                    // What follows was never begun, so that what is there is not all.
                    if console.kept != Kept::Nothing {
                        console.kept = Kept::Part;
                    }
                    return Err(failure);
                }
                Err(failure) => {
                    console.report(&failure);
                    worst = worst.max(failure.exit);
                }
            }
        }
        Ok(worst)
    }
}

/// The words of a line; `None` where it is a comment.
fn read(line: &Line) -> Result<Option<Words>, Failure> {
    let words = split::words(&line.text)?;
    if words.iter().any(|word| word == "--help") {
        return Err(Failure::usage("--help stands on the command line, and not among commands")
            .remedy("what a cmdlet takes is shown by", "exo-mi cmdlets NAME"));
    }
    let Some(words) = Words::parse(&words)? else { return Ok(None) };
    if words.takes_identities() {
        return Err(Failure::usage("`-Identity -` reads standard input, from which the commands come"));
    }
    Ok(Some(words))
}

async fn run(
    words: Words,
    manner: &Manner,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let prepared: Prepared = manner.prepare(words, console.world)?;
    console.sink.part(prepared.output.format);
    prepared.run(session, console).await
}
