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

impl AccessToken {
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
        let mut claims: Self = jsonwebtoken::dangerous::insecure_decode_claims(token.expose_secret()).ok()?;
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
        for token in ["", "opaque", "a.b.c", "..", "é.é.é"] {
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
}
