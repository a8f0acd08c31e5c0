//! What works of a connection and what does not, check by check: from the host to the cmdlet.

mod access;
mod check;
mod examination;
mod findings;
mod host;
pub mod report;
mod service;

pub use check::{Check, Status};
pub use examination::{Denied, examine, without_a_host};
pub use report::Report;

#[cfg(test)]
mod tests;
