//! A strict stand-in, on loopback, of what exo-mi talks to: the identity endpoints of Azure, the authority and the
//! Exchange Online admin API.
//!
//! It is written from the protocol and shares no wire type with the client: a client that is wrong fails against it.
//! What it accepts is the documented form and no more; every refusal says in the [`Journal`](Entry) what was wrong.
//!
//! A further token source is one file that answers its requests, one variant of [`Service`] and one line in the
//! router; a further fault is one line of a scenario.

mod admin;
mod answer;
mod authority;
mod body;
mod call;
mod directory;
mod error;
mod identity_endpoint;
mod imds;
mod issuer;
mod journal;
mod listener;
mod redact;
mod router;
mod scenario;
mod script;
mod selector;
mod server;
mod service;
pub mod shell;
mod state;
mod tenant;
mod tls;
mod token;

pub use error::Error;
pub use journal::{Entry, Invocation, Verdict};
pub use scenario::{Scenario, UnknownScenario};
pub use server::{Addresses, Emulator, Options, Source};
pub use service::Service;
