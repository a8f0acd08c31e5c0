//! A JWT as it was sent, taken apart and not yet believed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::emulator::aadsts::Aadsts;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::state::State;
use crate::emulator::tenant::date;

/// Clocks may disagree by this much.
const SKEW: u64 = 300;
/// Nobody needs a proof for longer than this.
const LONGEST: u64 = 86_400;

const MALFORMED: Aadsts = Aadsts::invalid_client(50_027);
const NOT_NOW: Aadsts = Aadsts::invalid_client(700_024);

pub(super) struct Assertion<'a> {
    pub(super) header: Value,
    pub(super) claims: Value,
    /// What the signature is of.
    pub(super) signed: &'a str,
    pub(super) signature: Vec<u8>,
}

impl<'a> Assertion<'a> {
    pub(super) fn read(state: &State, text: &'a str) -> Checked<Self> {
        Self::parse(text).ok_or_else(|| malformed(state, "the assertion is no signed JWT"))
    }

    fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self { header: json(header)?, claims: json(claims)?, signed, signature: decode(signature)? })
    }

    pub(super) fn claim(&self, name: &str) -> &str {
        self.claims[name].as_str().unwrap_or_default()
    }

    /// Checks `nbf` and `exp` by the clock.
    pub(super) fn check_time(&self, state: &State) -> Checked {
        let now = state.seconds();
        let (Some(from), Some(until)) = (self.claims["nbf"].as_u64(), self.claims["exp"].as_u64()) else {
            return Err(malformed(state, "nbf or exp is missing, or no number"));
        };
        let why = match () {
            () if now >= until => "the assertion has expired",
            () if from > now + SKEW => "the assertion is not valid yet",
            () if until > now + LONGEST => "the assertion is valid for more than a day",
            () => return Ok(()),
        };
        Err(not_now(state, from, until, why))
    }
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&decode(part)?).ok()
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

pub(super) fn malformed(state: &State, why: &str) -> Box<Answer> {
    MALFORMED.refuse(state, "JWT token is invalid or malformed.", why)
}

fn not_now(state: &State, from: u64, until: u64, why: &str) -> Box<Answer> {
    let time = |seconds| date::exact(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    let text = format!(
        "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, expiry time of assertion {}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        time(state.seconds()),
        time(from),
        time(until)
    );
    NOT_NOW.refuse(state, &text, why)
}
