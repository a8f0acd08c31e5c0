//! Commands on standard input, one a line, over one connection.

use super::cmdlet::Words;
use super::console::Console;
use super::execution::{Manner, Prepared};
use super::lines::{Line, Lines};
use super::split;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;
use crate::world::World;

/// Commands as they come.
#[derive(Default)]
pub(super) struct Commands {
    lines: Lines,
    /// The first one, which was read to see whether there is any.
    first: Option<Result<(Line, Words), Failure>>,
}

impl Commands {
    /// Waits for the first command; `None` where there is none.
    pub(super) fn begin(world: &mut World) -> Option<Self> {
        let mut commands = Self::default();
        commands.first = Some(commands.next(world)?);
        Some(commands)
    }

    /// The next command that is more than a comment.
    fn next(&mut self, world: &mut World) -> Option<Result<(Line, Words), Failure>> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let line = match self.lines.next(&mut world.stdin)? {
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
        session: &mut Session,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let mut worst = Exit::Done;
        while let Some(command) = self.next(console.world) {
            let outcome = match command {
                Ok((line, words)) => {
                    let run = run(words, manner, session, console).await;
                    run.map_err(|failure| failure.because(line.place()))
                }
                Err(failure) => Err(failure),
            };
            match outcome {
                Ok(exit) => worst = worst.max(exit),
                Err(failure) if fail_fast || failure.concerns_all() => return Err(failure),
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
    let Some(words) = Words::parse(&words)? else { return Ok(None) };
    if words.takes_identities() {
        return Err(Failure::usage("`-Identity -` reads standard input, from which the commands come"));
    }
    Ok(Some(words))
}

async fn run(
    words: Words,
    manner: &Manner,
    session: &mut Session,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let prepared: Prepared = manner.prepare(words, console.world)?;
    console.sink.part(prepared.output.format);
    prepared.run(session, console).await
}
