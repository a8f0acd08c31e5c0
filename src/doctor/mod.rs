//! What works of a connection and what does not, check by check: from the host to the cmdlet.

mod check;
pub mod report;

pub use check::{Check, Status};
pub use report::Report;
