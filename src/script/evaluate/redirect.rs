//! Redirections: where the data of a pipeline goes, and where the errors of a command go.

use std::mem;

use super::{Output, Run, Stage};
use crate::language::{Redirection, RedirectionTarget};
use crate::script::cmdlet;
use crate::script::convert;
use crate::script::error::{Flow, Stop};
use crate::script::value::Value;

/// Where the errors go of what runs.
#[derive(Debug, Default)]
pub(super) enum Errors {
    /// They are told of.
    #[default]
    Shown,
    /// `2>$null`.
    Nowhere,
    /// `2>&1`: they wait here for the data that is put out next, so that the order is kept.
    Joined(Vec<Value>),
}

impl Errors {
    fn waiting(&mut self) -> Vec<Value> {
        if let Self::Joined(waiting) = self { mem::take(waiting) } else { Vec::new() }
    }
}

/// What the redirections of a pipeline say of its data.
#[derive(Default)]
pub(super) struct Data {
    /// It goes nowhere.
    pub(super) discards: bool,
    /// It goes to a file.
    pub(super) file: Option<Box<dyn Stage>>,
}

impl Data {
    /// Takes the redirections of one command, and gives back where its errors go.
    pub(super) fn add(&mut self, run: &mut Run<'_>, redirections: &[Redirection]) -> Flow<Errors> {
        let mut errors = Errors::Shown;
        for redirection in redirections {
            match &redirection.to {
                // The check lets no other stream be joined.
                RedirectionTarget::Stream(_) => errors = Errors::Joined(Vec::new()),
                RedirectionTarget::File { name, append } => {
                    let name = run.expression(name)?;
                    if matches!(redirection.stream, Some(2) | None) {
                        errors = Errors::Nowhere;
                    }
                    match redirection.stream {
                        Some(1) | None if name.is_null() => self.discards = true,
                        Some(1) | None => self.file = Some(cmdlet::to_file(convert::text(&name), *append)),
                        _ => {}
                    }
                }
            }
        }
        Ok(errors)
    }
}

/// Does something while errors go there. What it puts out goes on to where errors go as before. Without a redirection of
/// its own that of whatever surrounds it stays in force.
pub(super) fn with_errors(
    run: &mut Run<'_>,
    errors: Errors,
    out: &mut dyn Output,
    act: impl FnOnce(&mut Run<'_>, &mut dyn Output) -> Flow<()>,
) -> Flow<()> {
    if matches!(errors, Errors::Shown) {
        return act(run, out);
    }
    let outer = mem::replace(&mut run.errors_go, errors);
    let mut through = Through { out, outer };
    let done = act(run, &mut through);
    let waiting = mem::replace(&mut run.errors_go, through.outer).waiting();
    if matches!(done, Ok(()) | Err(Stop::Error(_))) {
        waiting.into_iter().try_for_each(|error| out.push(run, error))?;
    }
    done
}

/// Leads on what a command with redirected errors puts out, behind the errors that came before it.
struct Through<'o> {
    out: &'o mut dyn Output,
    outer: Errors,
}

impl Output for Through<'_> {
    fn push(&mut self, run: &mut Run<'_>, value: Value) -> Flow<()> {
        let mut own = mem::replace(&mut run.errors_go, mem::take(&mut self.outer));
        let mut pushed = own.waiting().into_iter().try_for_each(|error| self.out.push(run, error));
        if pushed.is_ok() {
            pushed = self.out.push(run, value);
        }
        self.outer = mem::replace(&mut run.errors_go, own);
        pushed
    }
}

/// A command whose errors are redirected.
pub(super) struct Redirected {
    inner: Box<dyn Stage>,
    joins: bool,
}

impl Redirected {
    /// The command, with its errors where they go.
    pub(super) fn stage(inner: Box<dyn Stage>, errors: &Errors) -> Box<dyn Stage> {
        match errors {
            Errors::Shown => inner,
            errors => Box::new(Self { inner, joins: matches!(errors, Errors::Joined(_)) }),
        }
    }

    fn errors(&self) -> Errors {
        if self.joins { Errors::Joined(Vec::new()) } else { Errors::Nowhere }
    }
}

impl Stage for Redirected {
    fn begin(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        with_errors(run, self.errors(), out, |run, out| self.inner.begin(run, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        with_errors(run, self.errors(), out, |run, out| self.inner.item(run, item, out))
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        with_errors(run, self.errors(), out, |run, out| self.inner.alone(run, out))
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        with_errors(run, self.errors(), out, |run, out| self.inner.end(run, out))
    }
}
