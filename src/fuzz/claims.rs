//! Tokens: what they say of themselves, read a second time by other means.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::now;
use crate::clock::at;
use crate::secret::{ExposeSecret, Secret};
use crate::token::{AccessToken, UnverifiedClaims};

/// The bytes are a token, and they are the claims of another.
pub fn claims(bytes: &[u8]) {
    one(&String::from_utf8_lossy(bytes));
    one(&format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(bytes)));
}

fn one(text: &str) {
    if let Ok(given) = AccessToken::given(&Secret::from(text), "r", now()) {
        let token = given.secret.expose_secret();
        assert_eq!(token, text.trim(), "a token is taken as it stands");
        assert!(!token.contains(char::is_whitespace) && given.expires_on > now());
        assert_eq!(given.claims().and_then(|claims| at(claims.exp?)), Some(given.expires_on));
    }
    let token = Secret::from(text);
    let Some(read) = UnverifiedClaims::read(&token) else { return };
    let said = payload(text).expect("what was read is there");
    let own = |name: &str| said.get(name).and_then(Value::as_str);
    assert_eq!(read.appid.as_deref(), own("appid").or(own("azp")));
    assert_eq!(
        [&read.aud, &read.oid, &read.tid, &read.xms_mirid].map(Option::as_deref),
        ["aud", "oid", "tid", "xms_mirid"].map(own)
    );
    assert_eq!(read.exp, said.get("exp").and_then(Value::as_u64));
    let roles = said.get("roles").and_then(Value::as_array).map_or(0, Vec::len);
    assert_eq!(read.roles.len(), roles);
}

/// The part before the last, which is the signature.
fn payload(token: &str) -> Option<Value> {
    let claims = token.rsplit('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}
