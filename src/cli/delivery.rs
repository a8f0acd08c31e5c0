//! A running cmdlet's result on its way out: rows to the data, warnings to standard error, errors to the exit code.

use super::console::{Console, Kept};
use super::output::{self, Output};
use super::pages::Pages;
use crate::catalog::View;
use crate::exchange::{Page, ServiceError};
use crate::exit::Exit;
use crate::failure::{CallFacts, Failure};
use crate::knowledge::Code;
use crate::render::{self, Renderer};
use crate::session::Invocation;

/// One result, of one invocation or of several that belong together.
pub(super) struct Delivery<'c, 'w> {
    console: &'c mut Console<'w>,
    output: &'c Output,
    renderer: Renderer,
    rows: usize,
    /// Whether somebody still reads.
    open: bool,
    /// Whether the output took something not: then nothing more is written.
    broken: bool,
    /// How far it has come, where that is shown.
    pages: Option<Pages>,
    /// Whether the rows of an invocation are written when all of them have come, so that none are there if it fails.
    whole: bool,
}

/// What one invocation came to.
pub(super) enum Outcome {
    /// Its last page came. These are the errors that the service reported beside the rows.
    Ended(Reported),
    /// It failed, after so many rows.
    Failed { failure: Failure, rows: usize },
}

/// Errors inside a success, and how its request is found.
#[derive(Default)]
pub(super) struct Reported {
    errors: Vec<ServiceError>,
    facts: CallFacts,
}

impl<'c, 'w> Delivery<'c, 'w> {
    /// A result of this view.
    pub(super) fn new(console: &'c mut Console<'w>, output: &'c Output, view: Option<View>) -> Self {
        Self {
            console,
            output,
            renderer: output.renderer(view),
            rows: 0,
            open: true,
            broken: false,
            pages: None,
            whole: false,
        }
    }

    /// The same result, which shows on a terminal how far it has come.
    pub(super) fn watched(self) -> Self {
        Self { pages: Pages::watched(self.console), ..self }
    }

    /// The same result, of which an earlier run has written so much. What comes of an invocation is written whole or not
    /// at all.
    pub(super) fn go_on(self, columns: Option<Vec<String>>, is_begun: bool) -> Self {
        Self { renderer: self.renderer.go_on(columns, is_begun), whole: true, ..self }
    }

    /// Waits until all that was delivered is on the disk. Gives how long the output is, and its columns.
    pub(super) fn commit(&mut self) -> Result<(u64, Option<Vec<String>>), Failure> {
        let length = self.console.sink.commit().map_err(|error| output::uncommitted(&error))?;
        Ok((length, self.renderer.columns_so_far(false)))
    }

    /// The columns that a result has at its end, with rows or without.
    pub(super) fn columns(&self) -> Option<Vec<String>> {
        self.renderer.columns_so_far(true)
    }

    /// The streams, for what is said between two invocations.
    pub(super) fn console(&mut self) -> &mut Console<'w> {
        self.console
    }

    /// Whether somebody still reads the data.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Delivers what an invocation yields, page by page. A failure of the output is an error; one of the cmdlet is an
    /// outcome. Where nobody reads on, no further page is asked for.
    pub(super) async fn take(&mut self, mut invocation: Invocation<'_>) -> Result<Outcome, Failure> {
        let mut reported = Reported::default();
        let before = self.rows;
        let mut kept = Vec::new();
        loop {
            let next = invocation.next();
            let next = match &mut self.pages {
                Some(pages) => pages.during(next, self.console).await,
                None => next.await,
            };
            match next {
                Ok(Some(mut page)) => {
                    self.pages.iter_mut().for_each(|pages| pages.came(page.len()));
                    reported.add(&mut page);
                    if self.whole {
                        kept.push(page);
                    } else {
                        self.write(&page, &reported)?;
                    }
                    if !self.open {
                        // An error that the service reported is one all the same.
                        return Ok(Outcome::Ended(reported));
                    }
                }
                Ok(None) => {
                    kept.iter().try_for_each(|page| self.write(page, &reported))?;
                    return Ok(Outcome::Ended(reported));
                }
                Err(error) => {
                    let failure = reported.before(Failure::from(error));
                    return Ok(Outcome::Failed { failure, rows: self.rows - before });
                }
            }
        }
    }

    fn write(&mut self, page: &Page, reported: &Reported) -> Result<(), Failure> {
        let Err(error) = self.page(page) else { return Ok(()) };
        self.open = false;
        output::unwritten(error).map_or(Ok(()), |failure| {
            self.broken = true;
            Err(reported.before(failure))
        })
    }

    fn page(&mut self, page: &Page) -> Result<(), render::Error> {
        self.rows += page.len();
        if self.open && !self.broken {
            let written = self.renderer.page(page.rows(), &mut self.console.sink);
            written.map_err(|error| match error {
                render::Error::NoSuchColumn(missing) => missing.beside(&page.left_out).into(),
                other => other,
            })?;
            self.renderer.raw(page.text(), &mut self.console.sink)?;
            // A reader of a pipe sees each page when it is there and not when the last one is.
            std::io::Write::flush(&mut self.console.sink).map_err(render::Error::Output)?;
        }
        for warning in &page.warnings {
            self.console.say("warning", warning);
        }
        Ok(())
    }

    /// Ends the result. `missing` says whether rows exist that did not come: then an expression is not evaluated, since
    /// over a part of the rows it would give a wrong sum, or count, or last one.
    pub(super) fn finish(self, missing: bool) -> Result<(), Failure> {
        if missing && self.output.is_query() {
            return Ok(());
        }
        let kept = if missing { Kept::Part } else { Kept::Whole };
        self.console.kept = self.console.kept.max(kept);
        if self.open { self.console.finish(self.renderer, self.output) } else { Ok(()) }
    }

    /// Ends a result after which more was wanted, and of which everything else is told. Where no row came nothing is
    /// written.
    pub(super) fn cut(self) -> Result<(), Failure> {
        if self.broken || self.rows == 0 { Ok(()) } else { self.finish(true) }
    }

    /// Ends the result of one invocation.
    pub(super) fn conclude(self, cmdlet: &str, outcome: Outcome) -> Result<Exit, Failure> {
        match outcome {
            Outcome::Ended(reported) => {
                self.finish(false)?;
                reported.verdict(cmdlet)
            }
            Outcome::Failed { failure, rows: 0 } => self.abandon(failure),
            Outcome::Failed { failure, rows } => {
                if self.output.is_query() {
                    return Err(failure);
                }
                self.finish(true)?;
                Err(failure.after_rows(rows))
            }
        }
    }

    /// Ends a result that cannot be whole. Where no row came nothing is written, not even the brackets of an empty list.
    pub(super) fn abandon(self, failure: Failure) -> Result<Exit, Failure> {
        let rows = self.rows;
        if self.broken || rows == 0 || self.output.is_query() {
            return Err(failure);
        }
        self.finish(true)?;
        // A cmdlet that failed has said all; where the way to it failed, rows are missing.
        Err(if failure.exit == Exit::Unavailable { failure.after_rows(rows) } else { failure })
    }
}

impl Reported {
    fn add(&mut self, page: &mut Page) {
        if !page.errors.is_empty() {
            self.errors.append(&mut page.errors);
            self.facts.request_id = page.request_id.take();
            self.facts.client_request_id = Some(page.client_request_id);
        }
    }

    /// A failure that came after the service had reported errors of its own, which would be lost.
    fn before(&self, failure: Failure) -> Failure {
        let reported = |error: &ServiceError| format!("an earlier page reported: {}", error.message);
        self.errors.iter().fold(failure, |failure, error| failure.because(reported(error)))
    }

    /// The rows are printed, and where errors came with them the command has failed all the same.
    pub(super) fn verdict(self, cmdlet: &str) -> Result<Exit, Failure> {
        let many = match self.errors.len() {
            0 => return Ok(Exit::Done),
            1 => "an error".to_owned(),
            count => format!("{count} errors"),
        };
        let failure = Failure::new(Exit::Cmdlet, Code::CmdletFailed, format!("`{cmdlet}` reported {many}"));
        let failure = self.errors.into_iter().fold(failure, |failure, error| failure.because(error.message));
        Err(Failure { call: self.facts, ..failure })
    }
}
