//! The assertion that an application signs with the key of a certificate.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

use super::assertion::{Assertion, malformed};
use super::token_endpoint::Demand;
use crate::emulator::aadsts::Aadsts;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::certificate_files::{CERTIFICATE, PUBLIC_KEY};
use crate::emulator::issuer::hexadecimal;
use crate::emulator::state::State;
use crate::emulator::tls::thumbprint;

const UNTRUSTED: Aadsts = Aadsts::invalid_client(700_027);
const AUDIENCE: Aadsts = Aadsts::invalid_client(700_023);
const APPLICATION: Aadsts = Aadsts::invalid_client(700_021);

pub(super) fn check(state: &State, demand: &Demand<'_>) -> Checked {
    let assertion = Assertion::read(state, demand.assertion)?;
    let algorithm = algorithm(state, &assertion)?;
    check_thumbprints(state, &assertion)?;
    let key = UnparsedPublicKey::new(algorithm, PUBLIC_KEY);
    if key.verify(assertion.signed.as_bytes(), &assertion.signature).is_err() {
        let reason = "The provided signature value did not match the expected signature value.";
        return Err(untrusted(state, reason, &thumbprint(CERTIFICATE), "the signature is wrong"));
    }
    check_claims(state, &assertion, demand)?;
    assertion.check_time(state)?;
    check_id(state, &assertion)
}

fn algorithm(state: &State, assertion: &Assertion<'_>) -> Checked<&'static dyn VerificationAlgorithm> {
    match assertion.header["alg"].as_str() {
        Some("RS256") => Ok(&RSA_PKCS1_2048_8192_SHA256),
        // Padding of today goes with the digest of today.
        Some("PS256") if assertion.header.get("x5t#S256").is_some() => Ok(&RSA_PSS_2048_8192_SHA256),
        Some("PS256") => Err(malformed(state, "PS256 goes with x5t#S256, which is missing")),
        _ => Err(malformed(state, "the assertion is signed neither with RS256 nor with PS256")),
    }
}

/// The header must name the certificate, by either digest; where it has both, both must be right.
fn check_thumbprints(state: &State, assertion: &Assertion<'_>) -> Checked {
    let digests = [("x5t", &digest::SHA1_FOR_LEGACY_USE_ONLY), ("x5t#S256", &digest::SHA256)];
    let named: Vec<_> =
        digests.into_iter().filter(|(name, _)| assertion.header.get(name).is_some()).collect();
    if named.is_empty() {
        return Err(malformed(state, "the header names no certificate: neither x5t nor x5t#S256"));
    }
    for (name, algorithm) in named {
        let sent = decode(&assertion.header[name]);
        if sent != digest::digest(algorithm, CERTIFICATE).as_ref() {
            let why = format!("`{name}` is no certificate of the application");
            return Err(untrusted(state, "The key was not found.", &hexadecimal(&sent), why));
        }
    }
    Ok(())
}

fn decode(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap_or_default()).unwrap_or_default()
}

fn check_claims(state: &State, assertion: &Assertion<'_>, demand: &Demand<'_>) -> Checked {
    let audience = assertion.claim("aud");
    if !demand.audiences.iter().any(|known| known == audience) {
        let text = "Client assertion audience claim does not match Realm issuer.";
        return Err(AUDIENCE.refuse(state, text, "aud is not this token endpoint"));
    }
    let id = demand.application.client_id;
    if ["iss", "sub"].iter().any(|name| !assertion.claim(name).eq_ignore_ascii_case(id)) {
        let text = "Client assertion application identifier doesn't match 'client_id' parameter.";
        return Err(APPLICATION.refuse(state, text, "iss and sub are not both the client_id"));
    }
    Ok(())
}

fn check_id(state: &State, assertion: &Assertion<'_>) -> Checked {
    match assertion.claim("jti") {
        "" => Err(malformed(state, "jti is missing")),
        id if !state.used_assertions.note(id) => Err(malformed(state, "this jti was used before")),
        _ => Ok(()),
    }
}

fn untrusted(state: &State, reason: &str, thumbprint: &str, why: impl Into<String>) -> Box<Answer> {
    let text = format!(
        "Client assertion contains an invalid signature. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for the application.]"
    );
    UNTRUSTED.refuse(state, &text, why)
}

/// The certificate is none of the application's.
pub(super) fn unregistered(state: &State) -> Answer {
    *untrusted(state, "The key was not found.", &thumbprint(CERTIFICATE), "")
}
