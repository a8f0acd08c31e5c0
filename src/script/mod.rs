//! Runbooks: a script is checked as a whole, and then carried out.
//!
//! What a script means is what PowerShell 7 documents; where this differs, `docs/runbook.md` says so. The room knows the
//! language, values and how they are shown, and reaches everything else through a [`Host`].

mod arithmetic;
mod casts;
mod check;
mod cmdlet;
mod compare;
mod convert;
mod date;
mod display;
mod error;
mod evaluate;
mod format;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod host;
mod manual;
mod member;
#[cfg(any(test, fuzzing))]
mod memory;
mod names;
mod object;
mod pattern;
mod program;
mod read;
mod room;
mod service;
mod table;
mod value;

pub use check::Objection;
pub use host::{Connection, Fault, Host, Invocation, Rows, Said};
pub use manual::manual;
pub use program::{Ended, Program, Word};

#[cfg(test)]
mod tests;
