//! A token that the user brings, as `Connect-ExchangeOnline -AccessToken`.

use std::time::{Duration, SystemTime};

use crate::secret::{ExposeSecret, Secret};
use crate::token::{AccessToken, UnverifiedClaims};

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

/// Takes a token as it stands in a file.
pub(super) fn given(text: &Secret, resource: &str, now: SystemTime) -> Result<AccessToken, TokenFault> {
    let text = text.expose_secret().trim();
    if text.is_empty() {
        return Err(TokenFault::Empty);
    }
    if text.starts_with(['{', '"']) || text.contains(char::is_whitespace) {
        return Err(TokenFault::NotAlone);
    }
    let secret = Secret::from(text);
    let end = UnverifiedClaims::read(&secret).and_then(|claims| claims.exp).ok_or(TokenFault::NotAToken)?;
    let expires_on =
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(end)).ok_or(TokenFault::NotAToken)?;
    if expires_on <= now {
        return Err(TokenFault::Expired);
    }
    Ok(AccessToken { secret, expires_on, resource: resource.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token whose payload is `{"exp":1600000100}`.
    const TOKEN: &str = "e30.eyJleHAiOjE2MDAwMDAxMDB9.x";

    #[test]
    fn a_token_is_taken_alone_and_alive() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let verdict =
            |text: &str, now| given(&Secret::from(text), "r", at(now)).map(|token| token.expires_on);
        assert_eq!(verdict(&format!("{TOKEN}\r\n"), 1_600_000_000), Ok(at(1_600_000_100)));
        for (text, now, fault) in [
            ("", 0, TokenFault::Empty),
            (" \n", 0, TokenFault::Empty),
            ("{\"accessToken\": \"x\"}", 0, TokenFault::NotAlone),
            ("Bearer e30.x.y", 0, TokenFault::NotAlone),
            ("nonsense", 0, TokenFault::NotAToken),
            ("e30.e30.x", 0, TokenFault::NotAToken),
            (TOKEN, 1_600_000_100, TokenFault::Expired),
        ] {
            assert_eq!(verdict(text, now), Err(fault), "{text}");
        }
    }
}
