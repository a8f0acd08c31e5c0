//! Runbooks: a script is checked as a whole, and then carried out.
//!
//! What a script means is what PowerShell 7 documents; where this differs, `docs/runbook.md` says so. The room knows the
//! language, values and how they are shown, and reaches everything else through a [`Host`].

mod arithmetic;
mod casts;
mod check;
mod cmdlet;
mod compare;
mod conversation;
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
pub use conversation::{Answer, Conversation, Left, Statements};
pub use host::{Connection, Fault, Host, Invocation, Rows, Said};
pub use manual::manual;
pub use program::{Ended, Program, Word};

/// Whether a name or an alias is that of a cmdlet which belongs to PowerShell itself, or to the connection.
pub fn carries_out(name: &str) -> bool {
    cmdlet::find(name).is_some()
}

/// The cmdlets that belong to PowerShell itself, and to the connection.
pub fn cmdlets() -> impl Iterator<Item = &'static str> {
    cmdlet::all().map(|spec| spec.name)
}

/// The full name of such a cmdlet, and its parameters.
pub fn parameters(name: &str) -> Option<(&'static str, Vec<&'static str>)> {
    cmdlet::find(name).map(|spec| (spec.name, spec.parameters.iter().map(|known| known.name).collect()))
}

/// Whether such a cmdlet takes names of properties without the name of their parameter.
pub fn takes_properties(name: &str) -> bool {
    let is_property = |known: &cmdlet::Parameter| {
        let names = known.aliases.iter().chain([&known.name]);
        matches!(known.takes, cmdlet::Takes::Place(_)) && names.into_iter().any(|name| *name == "Property")
    };
    cmdlet::find(name).is_some_and(|spec| spec.parameters.iter().any(is_property))
}

/// The parameters that every cmdlet takes besides.
pub fn common_parameters() -> Vec<&'static str> {
    cmdlet::COMMON.iter().map(|known| known.name).collect()
}

#[cfg(test)]
mod tests;
