//! What reads bytes from outside, one function a target. Each holds what it reads to what must be true whatever the bytes
//! are, and panics where it is not.
//!
//! Compiled for cargo-fuzz and for tests alone. A target that needs what a room hides stands in the `fuzz` module of that
//! room; the ones here need several rooms, or only what is public.

mod claims;
mod explain;
mod moment;
mod page;
mod printed;
mod service_error;

#[cfg(test)]
mod tests;

pub use crate::cli::fuzz::{command, line, literal};
pub use crate::exchange::fuzz::{batch_reply, module_file, opath_filter};
pub use crate::http::fuzz::reply_body;
pub use crate::identity::fuzz::{arc_challenge, certificate_file, token_reply};
pub use crate::script::fuzz::script;
pub use claims::claims;
pub use explain::explain;
pub use moment::moment;
pub use page::page;
pub use service_error::service_error;

pub(crate) use printed::{assert_harmless, assert_printable};

/// A secret that is planted in what is read, and must not come out of it.
pub(crate) const PLANTED: &str = "pl4nted-s3cret";

/// What stands for the planted secret in an input, so that it can be moved and doubled.
pub(crate) const PLACE: u8 = b'$';

/// The input with the secret in all its places.
pub(crate) fn planted(bytes: &[u8]) -> Vec<u8> {
    let pieces = bytes.split(|byte| *byte == PLACE).collect::<Vec<_>>();
    pieces.join(PLANTED.as_bytes())
}

/// A moment at which everything here happens.
pub(crate) fn now() -> std::time::SystemTime {
    std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000)
}
