//! exo-mi runs Exchange Online cmdlets under an Azure managed identity, without PowerShell.
//!
//! [`run`] is the whole program; the rooms beneath it can be used by themselves. `docs/architecture.md` shows how they
//! fit together.

pub mod catalog;
mod cli;
pub mod clock;
pub mod doctor;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod env;
pub mod exchange;
pub mod exit;
pub mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod graph;
pub mod http;
pub mod identity;
pub mod knowledge;
pub mod language;
pub mod render;
mod run;
pub mod script;
pub mod secret;
pub mod session;
pub mod stop;
pub mod token;
pub mod value;
pub mod world;

pub use run::run;
