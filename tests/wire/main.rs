//! Whole commands against servers that answer byte for byte what a test says, break off, stall and lie: what is sent,
//! how often, and what becomes of every kind of reply.
//!
//! The emulator refuses what is wrong; these servers take anything and record it, so that what is sent can be read here
//! as it went over the wire.

// What serves the matrix alone is not used where that is left out.
#![cfg_attr(not(all(feature = "emulator", target_os = "linux")), allow(dead_code))]

mod ahead;
mod arc;
mod batch;
mod entities;
mod exchange_reply;
mod exchange_request;
mod exchange_retry;
mod fail_closed;
mod grant;
mod harness;
mod hostile;
mod identity_reply;
mod identity_request;
mod identity_retry;
mod log;
// Its servers speak TLS as the emulator does, and one of them holds connections off in a way that only Linux has.
#[cfg(all(feature = "emulator", target_os = "linux"))]
mod matrix;
#[path = "../support/memory.rs"]
mod memory;
mod once;
mod paging;
mod proxy;
mod secrecy;
#[path = "../support/secrets.rs"]
mod secrets;
mod server;
// Signals exist on Unix alone.
#[cfg(unix)]
mod stop;
