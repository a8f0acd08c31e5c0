//! HTTP as plain data: a request, a reply, two clients, one retry loop.
//!
//! Nothing above this room sees the HTTP library: its errors are classified once, when they are made.

mod address;
mod ahead;
mod body;
mod client;
mod echo;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod limits;
mod message;
mod pin;
mod probe;
mod retry;
mod schedule;
mod tls;
mod trace;
mod window;

pub use address::{BadAddress, origin};
pub use body::Intake;
pub use client::{Client, Proxying, TlsClients};
pub use error::{Error, Kind};
pub use limits::{End, Limits};
pub use message::{Reply, Request, span_of};
pub use pin::Thumbprint;
pub use probe::{Agreed, ProbeError, Probed, probe, proxy_variable};
pub use reqwest::header;
pub use reqwest::{Method, StatusCode};
pub use retry::{Answer, LONGEST_WAIT, Retrying, Series, Verdict, retry_after};
use tls::TlsSetup;
pub use tls::{Roots, TlsError};
pub use trace::{NoTrace, Trace};
pub use window::Window;
