//! Commands on standard input, over one connection: a cmdlet a line, or statements that may go on over several.

use super::console::{Console, Kept};
use super::dialogue::{Came, Command, Dialogue, join};
use super::lines::{Line, Lines};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::language::{self, Extent};
use crate::world::World;

/// Commands as they come.
pub(super) struct Commands {
    lines: Lines,
    /// The first one, which was read to see whether there is any.
    first: Option<Result<(Line, Command), Failure>>,
    /// Whether nobody knows where a statement ends. What follows may stand within it, and by itself would do what was never
    /// meant: nothing more is run.
    lost: bool,
}

impl Commands {
    /// Waits for the first command; `None` where there is none.
    pub(super) async fn begin(world: &mut World, limits: &Limits) -> Result<Option<Self>, Failure> {
        let mut commands = Self { lines: Lines::begin(world, limits)?, first: None, lost: false };
        commands.first = commands.next(|_| false).await;
        Ok(commands.first.is_some().then_some(commands))
    }

    /// The next command that is more than a comment.
    async fn next(&mut self, is_function: impl Fn(&str) -> bool) -> Option<Result<(Line, Command), Failure>> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let line = match self.lines.next().await? {
                Ok(line) => line,
                Err(failure) => {
                    self.lost = true;
                    return Some(Err(failure));
                }
            };
            let command = match Command::read(&line.text, &is_function) {
                Ok(None) => continue,
                Ok(Some(Command::Statements(text))) => self.whole(&line, text).await.map(Command::Statements),
                Ok(Some(command)) => Ok(command),
                Err(failure) => Err(failure.because(line.place())),
            };
            return Some(command.map(|command| (line, command)));
        }
    }

    /// Statements with the lines over which they go on.
    async fn whole(&mut self, begun: &Line, mut text: String) -> Result<String, Failure> {
        self.lost = true;
        loop {
            match language::extent(&text) {
                Extent::GoesOn => {
                    if let Some(more) = self.lines.read_whole().await? {
                        join(&mut text, &more).map_err(|failure| failure.because(begun.place()))?;
                        continue;
                    }
                }
                Extent::Unknown => return Ok(text),
                Extent::Whole => {}
            }
            // Nothing follows that could be a part of it.
            self.lost = false;
            return Ok(text);
        }
    }

    /// Runs them one after another. One that fails is told of and does not stop the rest, unless that is wanted; the
    /// exit code is the worst of all, or that of the first `exit`.
    pub(super) async fn run(
        mut self,
        mut dialogue: Dialogue,
        fail_fast: bool,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let mut worst = Exit::Done;
        while let Some(command) = self.next(|name| dialogue.has_function(name)).await {
            let outcome = match command {
                Ok((line, command)) => {
                    let run = dialogue.run(command, line.number, console).await;
                    run.map_err(|failure| placed(failure, &line))
                }
                Err(failure) => Err(failure),
            };
            match outcome {
                Ok(Came::Out(exit)) => return Ok(exit),
                Ok(Came::To(exit)) if exit != Exit::Done && fail_fast => {
                    cut(console);
                    return Ok(exit);
                }
                Ok(Came::To(exit)) => worst = worst.max(exit),
                Err(failure) if self.lost => {
                    cut(console);
                    worst = worst.max(failure.exit);
                    console.report(&failure.hint(LOST));
                    return Ok(worst);
                }
                Err(failure) if fail_fast || failure.concerns_all() => {
                    cut(console);
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

const LOST: &str = "nothing after it was run: it may have been a part of the same statement";

/// What follows was never begun, so that what is there is not all.
fn cut(console: &mut Console<'_>) {
    if console.kept != Kept::Nothing {
        console.kept = Kept::Part;
    }
}

/// A failure with the line of its command, unless it has a place within that.
fn placed(failure: Failure, line: &Line) -> Failure {
    if failure.places.is_empty() { failure.because(line.place()) } else { failure }
}
