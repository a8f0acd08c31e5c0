//! An access token, and what it says about itself.

use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::secret::{ExposeSecret, Secret};

/// A bearer token with the resource that it was asked for and the end of its life.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token itself.
    pub secret: Secret,
    /// When it ends, as the identity endpoint said. The `exp` claim is for diagnosis only: a token may be opaque.
    pub expires_on: SystemTime,
    /// The v1 audience that was asked for, such as `https://outlook.office365.com/`.
    pub resource: String,
}

/// Why a token that was given is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is no token; a JSON reply around one is what `az account get-access-token` prints without a query.
    #[error("it is no access token but something around one: give the token alone")]
    NotAlone,
    /// Its claims cannot be read, so that its end is not known.
    #[error("it is no JSON web token")]
    NotAToken,
    /// It has ended.
    #[error("it has ended already")]
    Expired,
}

impl AccessToken {
    /// Takes a token as it stands in a file that the user brings.
    pub fn given(text: &Secret, resource: &str, now: SystemTime) -> Result<Self, TokenFault> {
        let text = text.expose_secret().trim();
        if text.is_empty() {
            return Err(TokenFault::Empty);
        }
        if text.starts_with(['{', '"']) || text.contains(char::is_whitespace) {
            return Err(TokenFault::NotAlone);
        }
        let secret = Secret::from(text);
        let end =
            UnverifiedClaims::read(&secret).and_then(|claims| claims.exp).ok_or(TokenFault::NotAToken)?;
        let expires_on =
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(end)).ok_or(TokenFault::NotAToken)?;
        if expires_on <= now {
            return Err(TokenFault::Expired);
        }
        Ok(Self { secret, expires_on, resource: resource.to_owned() })
    }

    /// What the token says about itself; `None` where it is opaque.
    pub fn claims(&self) -> Option<UnverifiedClaims> {
        UnverifiedClaims::read(&self.secret)
    }

    /// Everything that the token says about itself, for people to read.
    pub fn all_claims(&self) -> Option<serde_json::Value> {
        jsonwebtoken::dangerous::insecure_decode_claims(self.secret.expose_secret()).ok()
    }

    /// How long the token still lives.
    pub fn remaining(&self, now: SystemTime) -> Duration {
        self.expires_on.duration_since(now).unwrap_or_default()
    }
}

/// The claims of a token that nobody has verified: good for choosing a URL and for explaining a refusal, and for
/// nothing that grants anything. Exchange is the one to verify them.
///
/// Names and meaning follow Microsoft's access-token claims reference; v2 tokens say `azp` for `appid`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct UnverifiedClaims {
    /// The audience, as a URI with or without slash, or as an application's GUID.
    pub aud: Option<String>,
    /// The application (client) id of the identity.
    pub appid: Option<String>,
    /// The same in a v2 token; some tokens carry both.
    pub azp: Option<String>,
    /// The object id of the identity's service principal.
    pub oid: Option<String>,
    /// The tenant that issued the token.
    pub tid: Option<String>,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<u64>,
    /// When it ends, in seconds since 1970.
    pub exp: Option<u64>,
    /// App roles, such as `Exchange.ManageAsApp`.
    pub roles: Vec<String>,
    /// Template ids of the directory roles that the identity holds.
    pub wids: Vec<String>,
    /// What a person has let an application do for them; an application's own token has none.
    pub scp: Option<String>,
    /// `app` for an application; a person's token has another value or none.
    pub idtyp: Option<String>,
    /// The ARM id of the managed identity, or of the resource whose system-assigned identity it is.
    pub xms_mirid: Option<String>,
}

impl UnverifiedClaims {
    /// Whether the token is a person's and no application's.
    pub fn is_a_persons(&self) -> bool {
        self.scp.is_some() || self.idtyp.as_deref() == Some("user")
    }

    /// Reads the claims, without looking at the signature.
    pub fn read(token: &Secret) -> Option<Self> {
        // An object and no list, which a derived reader would take for the fields in their order.
        let said: serde_json::Map<String, serde_json::Value> =
            jsonwebtoken::dangerous::insecure_decode_claims(token.expose_secret()).ok()?;
        let mut claims = Self::deserialize(serde_json::Value::Object(said)).ok()?;
        claims.appid = claims.appid.or(claims.azp.take());
        Some(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{"alg":"none"}` and a payload, as base64url, with a signature that nobody checks.
    const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJhcHBpZCI6ImEiLCJ0aWQiOiJ0Iiwicm9sZXMiOlsiRXhjaGFuZ2UuTWFuYWdlQXNBcHAiXSwiaWF0IjoxLCJ4IjpbMV19.c2ln";

    #[test]
    fn claims_are_read_and_unknown_ones_ignored() {
        let claims = UnverifiedClaims::read(&Secret::from(TOKEN)).expect("claims");
        assert_eq!(claims.appid.as_deref(), Some("a"));
        assert_eq!(claims.tid.as_deref(), Some("t"));
        assert_eq!(claims.roles, ["Exchange.ManageAsApp"]);
        assert_eq!((claims.iat, claims.exp, claims.wids.len()), (Some(1), None, 0));
    }

    #[test]
    fn an_opaque_token_has_no_claims() {
        for token in ["", "opaque", "a.b.c", "..", "é.é.é", "e30.WyJhIl0.x"] {
            assert_eq!(UnverifiedClaims::read(&Secret::from(token)), None, "{token}");
        }
    }

    #[test]
    fn an_ended_token_has_nothing_left() {
        let token = AccessToken {
            secret: Secret::from(TOKEN),
            expires_on: SystemTime::UNIX_EPOCH,
            resource: String::new(),
        };
        assert_eq!(token.remaining(SystemTime::UNIX_EPOCH + Duration::from_secs(1)), Duration::ZERO);
    }

    /// A token whose payload is `{"exp":1600000100}`.
    const ENDING: &str = "e30.eyJleHAiOjE2MDAwMDAxMDB9.x";

    #[test]
    fn a_token_is_taken_alone_and_alive() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let verdict = |text: &str, now| {
            AccessToken::given(&Secret::from(text), "r", at(now)).map(|token| token.expires_on)
        };
        assert_eq!(verdict(&format!("{ENDING}\r\n"), 1_600_000_000), Ok(at(1_600_000_100)));
        for (text, now, fault) in [
            ("", 0, TokenFault::Empty),
            (" \n", 0, TokenFault::Empty),
            ("{\"accessToken\": \"x\"}", 0, TokenFault::NotAlone),
            ("Bearer e30.x.y", 0, TokenFault::NotAlone),
            ("nonsense", 0, TokenFault::NotAToken),
            ("e30.e30.x", 0, TokenFault::NotAToken),
            (ENDING, 1_600_000_100, TokenFault::Expired),
        ] {
            assert_eq!(verdict(text, now), Err(fault), "{text}");
        }
    }
}
