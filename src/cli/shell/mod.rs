//! The shell: `exo-mi connect --org ORG` at a terminal.

mod complete;
mod help;
mod history;
mod prompt;
mod terminal;

use std::io::Write;

use super::cmdlets;
use super::console::Console;
use super::dialogue::{Came, Command, Dialogue, join};
use super::patience::Patience;
use super::plan::PlanOptions;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::knowledge::Code;
use crate::language;
use crate::stop::Stop;

use history::{History, may_be_kept};
pub(super) use prompt::{Prompt, Typed};

/// The prompt where a statement goes on.
const MORE: &str = ">> ";

/// What holds for every command of a shell.
pub(super) struct Shell {
    pub dialogue: Dialogue,
    /// What says how long each command has.
    pub plan: PlanOptions,
    /// `--wait-for-permissions`.
    pub wait: Option<String>,
    /// What stands before each line.
    pub prompt: String,
}

/// What comes after a command.
enum Next {
    GoOn,
    Leave(Exit),
}

impl Shell {
    /// Runs commands until somebody leaves.
    pub(super) async fn run(mut self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let history = History::of(&console.world.env);
        let remembered = history.as_ref().map(|history| remembered(history, console)).unwrap_or_default();
        let is_dumb = console.world.env.var("TERM").is_some_and(|term| term == "dumb");
        console.prompt = Some(Prompt::begin(remembered, is_dumb, console.world.stderr.clone())?);
        console.say("note", "`help` says what can be typed, `exit` leaves");
        let stop = console.world.stop.clone();
        loop {
            stop.between_turns();
            let text = match self.typed(console).await? {
                Typed::Line(text) if !text.trim().is_empty() => text,
                Typed::Line(_) | Typed::Cleared => continue,
                Typed::Ended => return Ok(Exit::Done),
            };
            if may_be_kept(&text) {
                keep(&text, history.as_ref(), console);
            }
            console.world.measure();
            let next = self.turn(&text, stop.begin_turn(), console).await?;
            if let Next::Leave(exit) = next {
                return Ok(exit);
            }
        }
    }

    /// A whole command, over as many lines as it takes. Whether it is statements, which alone go on, its first line says.
    async fn typed(&mut self, console: &mut Console<'_>) -> Result<Typed, Failure> {
        let limits = Limits { stop: console.world.stop.clone(), ..Limits::none(console.world.clock.clone()) };
        let Some(prompt) = &mut console.prompt else { return Ok(Typed::Ended) };
        let left = &self.dialogue.left;
        let mut text = match prompt.line(&self.prompt, left, &limits).await? {
            Typed::Line(text) => text,
            other => return Ok(other),
        };
        let first = Command::read(&text, |name| self.dialogue.has_function(name));
        let goes_on = matches!(first, Ok(Some(Command::Statements(_))));
        while goes_on && language::is_unfinished(&text) {
            match prompt.line(MORE, left, &limits).await? {
                Typed::Line(line) => {
                    if let Err(failure) = join(&mut text, &line) {
                        console.report(&failure);
                        return Ok(Typed::Cleared);
                    }
                }
                Typed::Cleared => return Ok(Typed::Cleared),
                Typed::Ended => break,
            }
        }
        Ok(Typed::Line(text))
    }

    /// One command. What fails is told of, and the shell goes on, unless nothing can be written any more or the whole
    /// process is to end.
    async fn turn(&mut self, text: &str, stop: Stop, console: &mut Console<'_>) -> Result<Next, Failure> {
        let limits = Limits { stop, ..self.plan.limits(console.world)? };
        console.patience = Patience::new(self.wait.as_deref(), &limits)?;
        self.dialogue.bind(limits);
        let outcome = self.carry_out(text, console).await;
        // The next line is typed below the whole result.
        let outcome = outcome.and_then(|next| console.print(Write::flush).map(|()| next));
        if let Some(signal) = console.world.stop.order() {
            return Err(outcome.err().unwrap_or_else(|| Failure::stopped(signal)));
        }
        match outcome {
            Ok(_) if console.sink.is_abandoned() => Ok(Next::Leave(Exit::Done)),
            Ok(next) => Ok(next),
            Err(failure) if failure.code == Code::OutputFailed => Err(failure),
            Err(failure) => {
                console.report(&failure);
                Ok(Next::GoOn)
            }
        }
    }

    async fn carry_out(&mut self, text: &str, console: &mut Console<'_>) -> Result<Next, Failure> {
        if help::leaves(text) {
            return Ok(Next::Leave(Exit::Done));
        }
        if let Some(name) = help::asked(text) {
            return explain(name, console).map(|()| Next::GoOn);
        }
        let command = Command::read(text, |name| self.dialogue.has_function(name))?;
        let Some(command) = command else { return Ok(Next::GoOn) };
        match self.dialogue.run(command, 1, console).await? {
            Came::Out(exit) => Ok(Next::Leave(exit)),
            Came::To(_) => Ok(Next::GoOn),
        }
    }
}

/// What was typed in earlier shells, the oldest first.
fn remembered(history: &History, console: &mut Console<'_>) -> Vec<String> {
    history.load().unwrap_or_else(|why| {
        console.say("note", &format!("{} cannot be used as a history: {why}", history.path()));
        Vec::new()
    })
}

/// Keeps what was typed, for this shell and for those to come.
fn keep(text: &str, history: Option<&History>, console: &Console<'_>) {
    if let Some(prompt) = &console.prompt {
        prompt.remember(text);
    }
    if let Some(Err(why)) = history.map(|history| history.keep(text)) {
        tracing::info!("the line was not kept: {why}");
    }
}

/// Says what can be typed, or what a cmdlet takes.
fn explain(name: &str, console: &mut Console<'_>) -> Result<(), Failure> {
    let columns = console.world.stdout.columns;
    let mut text = Vec::new();
    // A vector takes everything.
    let is_told = if name.is_empty() {
        help::general(&mut text).is_ok()
    } else {
        help::own(name, &mut text).unwrap_or_default()
    };
    if !is_told {
        cmdlets::explain(name, columns, &mut text)?;
    }
    console.print(|out| out.write_all(&text))
}
