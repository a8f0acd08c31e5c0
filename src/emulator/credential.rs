//! The secrets that token requests carry: the right one, a wrong one, or one that belongs elsewhere.

use ring::hmac;

use super::call::Call;
use crate::secret::{ExposeSecret, Secret};

/// Every header that carries a secret of some endpoint.
const HEADERS: &[&str] = &["authorization", "secret", "x-identity-header"];

/// What is wrong with the secret in a header, in words for the journal.
pub(crate) fn objection(call: &Call, header: &str, secret: &Secret) -> Option<&'static str> {
    match call.header(header) {
        Some(sent) if are_equal(sent, secret.expose_secret()) => None,
        Some(_) => Some("the secret is not the one that the environment names"),
        None if call.has_header(header) => Some("the secret was sent twice"),
        None => Some("the secret is missing"),
    }
}

/// A header with a secret that this endpoint must never see; `own` is the one that it takes.
pub(crate) fn stray(call: &Call, own: &str) -> Option<&'static str> {
    HEADERS.iter().copied().find(|&header| header != own && call.has_header(header))
}

/// Compares without telling by the time it takes how much was right.
pub(crate) fn are_equal(sent: &str, secret: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"comparison");
    hmac::verify(&key, sent.as_bytes(), hmac::sign(&key, secret.as_bytes()).as_ref()).is_ok()
}
