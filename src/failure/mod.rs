//! A failure as the user meets it: what happened, why, what mends it, and the exit code.
//!
//! Each room has its own error; this is the edge where they become one shape. Nothing is decided from texts here but
//! what the services themselves say in texts alone.

mod access;
mod exchange;
mod graph;
mod identity;
mod print;
mod remedy;
mod session;

use std::time::Duration;

use uuid::Uuid;

use crate::exit::Exit;
use crate::knowledge::Code;
use crate::stop::Signal;

#[cfg(any(test, fuzzing))]
pub(crate) use print::text_of;
pub use print::{ErrorFormat, print, print_for};

/// A failure.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What the process ends with.
    pub exit: Exit,
    /// The kind of failure, and the section of `docs/errors.md`.
    pub code: Code,
    /// What happened: one clause, no period.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// What mends it.
    pub hints: Vec<Hint>,
    /// Where in a script, in its order.
    pub places: Vec<Place>,
    /// The request that failed, where there was one.
    pub call: CallFacts,
}

/// A place in a script, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// One clause, with line and column.
    pub text: String,
    /// The line of the script, with carets under what is meant.
    pub excerpt: Vec<String>,
}

/// A sentence that helps, and the command that does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// One clause, no period.
    pub text: String,
    /// A command to be pasted into a shell.
    pub command: Option<String>,
}

/// The numbers by which a request is found, and what it took.
#[derive(Clone, Debug, Default)]
pub struct CallFacts {
    /// The HTTP status.
    pub status: Option<u16>,
    /// The service's number.
    pub request_id: Option<String>,
    /// This program's number.
    pub client_request_id: Option<Uuid>,
    /// How many requests were made.
    pub attempts: Option<u32>,
    /// How long it took, waits included.
    pub elapsed: Option<Duration>,
}

/// How to come by a result that is not whole.
const GO_ON: &str = "run the cmdlet again, or ask for less with -ResultSize";

impl Failure {
    /// A failure with nothing but its message.
    pub fn new(exit: Exit, code: Code, message: impl Into<String>) -> Self {
        Self {
            exit,
            code,
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
            places: Vec::new(),
            call: CallFacts::default(),
        }
    }

    /// A mistake on the command line or in a variable.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Code::Usage, message)
    }

    /// A command that was ordered to stop while nothing was on its way that anybody could lose.
    pub fn stopped(signal: Signal) -> Self {
        Self::new(signal.into(), Code::Stopped, signal.to_string())
    }

    /// Whether whatever is tried next would fail like this: there is no token, no time, no place for the result, or the
    /// order to stop.
    pub fn concerns_all(&self) -> bool {
        matches!(self.exit, Exit::Identity | Exit::Interrupted | Exit::Terminated)
            || matches!(self.code, Code::DeadlinePassed | Code::OutputFailed)
    }

    /// The same failure with one more cause; an empty one is left out.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        let cause = cause.into();
        if !cause.is_empty() {
            self.causes.push(cause);
        }
        self
    }

    /// The same failure with all causes of an error.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            self.causes.push(error.to_string());
            next = error.source();
        }
        self
    }

    /// The same failure with one more place in a script.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>, excerpt: Vec<String>) -> Self {
        self.places.push(Place { text: text.into(), excerpt });
        self
    }

    /// The same failure with one more hint.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(Hint { text: text.into(), command: None });
        self
    }

    /// The same failure with one more hint and the command that does it.
    #[must_use]
    pub fn remedy(mut self, text: impl Into<String>, command: impl Into<String>) -> Self {
        self.hints.push(Hint { text: text.into(), command: Some(command.into()) });
        self
    }

    /// The failure of a result of which some rows were printed already.
    #[must_use]
    pub fn after_rows(self, rows: usize) -> Self {
        let printed =
            if rows == 1 { "1 row was printed".to_owned() } else { format!("{rows} rows were printed") };
        if self.code == Code::Stopped {
            return Self { message: format!("{}: {printed}, and more may exist", self.message), ..self };
        }
        // Whoever has half of a result wants to know how to come by the whole.
        if self.hints.is_empty() {
            return self.hint(GO_ON).after_rows(rows);
        }
        Self {
            exit: Exit::Incomplete,
            code: Code::ResultIncomplete,
            message: format!("the result is incomplete: {printed}, and more exist that could not be fetched"),
            causes: std::iter::once(self.message).chain(self.causes).collect(),
            hints: self.hints,
            places: self.places,
            call: self.call,
        }
    }
}
