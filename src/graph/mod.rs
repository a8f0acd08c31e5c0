//! Microsoft Graph v1.0, as far as the two grants need it: the app role that lets an identity into Exchange Online, and
//! the directory role that says what it may do there.
//!
//! Calls and answers follow Microsoft's documentation of service principals, app role assignments and role management.
//! Everything here may be run again: what is there already is found and left alone, and a write whose outcome is not
//! known is settled by looking.

mod address;
mod assignment;
mod client;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod grant;
mod odata;
mod policy;
mod principal;
mod script;

pub use address::{Address, TokenFault};
pub use client::{Graph, Plan};
pub use error::{Error, PagingFault, Refusal, ServiceError};
pub use grant::{Grant, Outcome, State};
pub use principal::{Found, Principal, Wanted};
pub use script::{Cloud, Language, Script};
