//! Whole commands against the emulator: what stands on standard output, what on standard error, the exit code, and what
//! was asked of whom.

#![cfg(feature = "emulator")]

mod catalogue;
#[path = "../support/commands.rs"]
mod commands;
mod confirm;
mod doctor;
mod entities;
mod explain;
mod grant;
mod grant_script;
mod harness;
mod help;
mod identity;
mod many;
#[path = "../support/memory.rs"]
mod memory;
mod output;
mod parallel;
mod parameters;
mod patience;
mod resume;
mod run;
mod scenario;
mod secrecy;
#[path = "../support/secrets.rs"]
mod secrets;
mod source;
mod statements;
mod turns;
mod usage;
mod views;
