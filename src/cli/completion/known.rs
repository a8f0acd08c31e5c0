//! The values that an option or an argument is known to take.

use clap::{Arg, ValueHint};

use super::candidate::{Candidate, Completion};
use super::cmdlet;
#[cfg(feature = "emulator")]
use crate::emulator::{Scenario, shell::Shell};
use crate::identity::TokenSource;
use crate::knowledge::{Code, DIRECTORY_ROLES};

/// The values that begin with what was typed.
pub(super) fn values(argument: &Arg, typed: &str) -> Completion {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|value| !value.is_hide_set());
        let candidates = shown.map(|value| {
            Candidate::new(value.get_name(), value.get_help().map(ToString::to_string).unwrap_or_default())
        });
        return Completion::beginning(typed, candidates);
    }
    by_name(argument, typed)
}

/// Those that clap does not know, by what the value or the option is called.
fn by_name(argument: &Arg, typed: &str) -> Completion {
    let named =
        |names: &[&str]| Completion::beginning(typed, names.iter().map(|name| Candidate::new(*name, "")));
    let name = argument.get_value_names().and_then(<[_]>::first).map_or("", |name| name.as_str());
    match (argument.get_long().unwrap_or_default(), name) {
        ("cmdlet", _) | (_, "CMDLET" | "PATTERN") => Completion::Values(cmdlet::names(typed)),
        ("role", _) => named(&DIRECTORY_ROLES.map(|role| role.name)),
        (_, "SOURCE") => {
            let sources = TokenSource::NAMED.iter().map(|source| Candidate::new(source.name(), ""));
            Completion::beginning(
                typed,
                sources.chain([Candidate::new("auto", "decided from the environment")]),
            )
        }
        (_, "TEXT") => {
            Completion::beginning(typed, Code::ALL.iter().map(|code| Candidate::new(code.text(), "")))
        }
        #[cfg(feature = "emulator")]
        (_, "SCENARIO") => {
            let all = Scenario::ALL.iter();
            Completion::beginning(typed, all.map(|it| Candidate::new(it.name(), it.description())))
        }
        #[cfg(feature = "emulator")]
        ("shell", _) => named(&Shell::ALL.map(Shell::name)),
        (_, "COMMAND") => Completion::beginning(
            typed,
            crate::cli::command_names().into_iter().map(|name| Candidate::new(name, "")),
        ),
        (_, "FILE" | "PEM" | "DIR") => Completion::Files,
        _ if argument.get_value_hint() == ValueHint::AnyPath => Completion::Files,
        _ => Completion::nothing(),
    }
}
