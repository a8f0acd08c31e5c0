//! Where a command speaks: data in one place, everything else on standard error.

use std::io::{self, Write};

use tracing_subscriber::filter::LevelFilter;

use super::Diagnostics;
use super::confirm;
use super::lines::Lines;
use super::output::{self, Output};
use super::patience::Patience;
use super::shell::Prompt;
use super::sink::Sink;
use crate::exit::Exit;
use crate::failure::{ErrorFormat, Failure, print};
use crate::http::Limits;
use crate::render::{self, Rendered, Renderer};
use crate::world::{Priority, Stream, World};

/// The streams of one command.
pub(super) struct Console<'w> {
    pub world: &'w mut World,
    pub sink: Sink,
    /// Whether warnings and notes are left out.
    pub quiet: bool,
    pub errors: ErrorFormat,
    /// What has come so far.
    pub kept: Kept,
    /// How long permissions are waited for.
    pub patience: Patience,
    /// What somebody at a terminal answers to questions, once one was asked.
    pub answers: Option<Lines>,
    /// The shell's line, where there is a shell.
    pub prompt: Option<Prompt>,
    /// Whether a log is written on standard error too.
    pub is_logged: bool,
    /// Whether a line of progress stands where the next one is to be written.
    pub has_progress: bool,
}

/// One line about what happens. Where standard error is closed, there is nobody to tell.
pub(super) fn line(stderr: &mut Stream, kind: &str, text: &str) {
    let priority = if kind == "warning" { Priority::Warning } else { Priority::Info };
    let text = format!("{kind}: {}", render::on_one_line(text));
    let _ = stderr.tell(priority, &render::paragraph(&text, stderr.columns, kind.len() + 2));
}

/// What an output holds when a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    /// No result.
    Nothing,
    /// Whole results.
    Whole,
    /// A result of which a part is missing.
    Part,
}

impl<'w> Console<'w> {
    /// The streams of a command that waits for nothing, of which nothing has come yet.
    pub(super) fn new(world: &'w mut World, diagnostics: &Diagnostics, sink: Sink) -> Self {
        let Diagnostics { quiet, error_format: errors, .. } = *diagnostics;
        let patience = Patience::none(&Limits::none(world.clock.clone()));
        let is_logged = diagnostics.level(&world.env).is_ok_and(|level| level > LevelFilter::OFF);
        Self {
            world,
            sink,
            quiet,
            errors,
            kept: Kept::Nothing,
            patience,
            answers: None,
            prompt: None,
            is_logged,
            has_progress: false,
        }
    }

    /// One line on standard error, unless the command is quiet.
    pub(super) fn say(&mut self, kind: &str, text: &str) {
        if !self.quiet {
            self.clear();
            line(&mut self.world.stderr, kind, text);
        }
    }

    /// Writes a line of progress in the place of the one before, until anything else is to be written. Where lines of a log
    /// come between, which nobody takes a line away for, they say themselves how far the command is.
    pub(super) fn progress(&mut self, text: &str) {
        let Some(columns) = self.world.stderr.columns.filter(|_| !self.is_logged) else {
            return;
        };
        let text: String = text.chars().take(columns.saturating_sub(1)).collect();
        self.clear();
        let _ = write!(self.world.stderr, "{text}").and_then(|()| self.world.stderr.flush());
        self.has_progress = true;
    }

    /// Takes the line of progress away, where there is one.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.has_progress) {
            let _ = write!(self.world.stderr, "\r\u{1b}[K").and_then(|()| self.world.stderr.flush());
        }
    }

    /// Asks whether something may be done.
    pub(super) async fn is_wanted(&mut self, limits: &Limits, question: &str) -> Result<bool, Failure> {
        self.clear();
        if let Some(prompt) = &mut self.prompt {
            return confirm::is_wanted_at(prompt, &mut self.world.stderr, limits, question).await;
        }
        confirm::is_wanted(self.world, &mut self.answers, limits, question).await
    }

    /// A failure that does not end the command.
    pub(super) fn report(&mut self, failure: &Failure) {
        self.clear();
        let _ = print(failure, self.errors, &mut self.world.stderr);
    }

    /// Writes what a renderer still holds, and says what it could not show.
    pub(super) fn finish(&mut self, renderer: Renderer, output: &Output) -> Result<(), Failure> {
        match renderer.finish(&mut self.sink) {
            Ok(rendered) => {
                self.note(&rendered, output);
                Ok(())
            }
            Err(error) => output::unwritten(error).map_or(Ok(()), Err),
        }
    }

    /// Writes something that needs no renderer.
    pub(super) fn print(&mut self, write: impl FnOnce(&mut Sink) -> io::Result<()>) -> Result<(), Failure> {
        match write(&mut self.sink) {
            Ok(()) => {
                self.kept = self.kept.max(Kept::Whole);
                Ok(())
            }
            Err(error) => output::unwritten(render::Error::Output(error)).map_or(Ok(()), Err),
        }
    }

    /// Ends the output of a command that has ended like this. A file gets its name; what came before something was
    /// missing is kept under another.
    pub(super) fn end(mut self, outcome: Result<Exit, Failure>) -> Result<Exit, Failure> {
        self.clear();
        if self.kept == Kept::Nothing && !matches!(outcome, Ok(Exit::Done)) {
            // Nothing came, so that no file appears, not even an empty one.
            return outcome;
        }
        let whole = self.kept != Kept::Part;
        let partial = self.sink.partial().filter(|_| !whole);
        let partial = partial.map(|path| format!("what came is in {}", path.display()));
        if let (Ok(_), Some(note)) = (&outcome, &partial) {
            self.say("note", note);
        }
        let unwritten = self.sink.close(whole).err().map(render::Error::Output).and_then(output::unwritten);
        match (outcome, unwritten, partial) {
            (Ok(_), Some(unwritten), _) => Err(unwritten),
            // What happened first is what counts; that its result could not be kept is told beside.
            (Err(failure), Some(unwritten), _) => Err(failure.because(unwritten.message)),
            (Err(failure), None, Some(note)) => Err(failure.hint(note)),
            (outcome, None, _) => outcome,
        }
    }

    fn note(&mut self, rendered: &Rendered, output: &Output) {
        // Where no console is known, PowerShell's layout takes one for granted and says nothing of it.
        if !rendered.hidden_columns.is_empty() && output.has_console() {
            let names = rendered.hidden_columns.join(", ");
            let narrow = match output.width {
                Some(width) => format!("a width of {width}"),
                None => "the terminal".to_owned(),
            };
            self.say("note", &format!("{narrow} is too narrow for {names}; -o list shows everything"));
        }
        if !rendered.late_columns.is_empty() {
            let names = rendered.late_columns.join(", ");
            let warning = if output.is_narrowed() {
                format!("--columns fits {names} too, which the first page does not have; it was left out")
            } else {
                format!(
                    "no column for {names}, which came after the columns were decided; -o json shows everything"
                )
            };
            self.say("warning", &warning);
        }
    }
}
