//! Where Graph is, and whether a token may be sent there.

use std::fmt;

use url::Url;

use crate::http::{BadAddress, origin};
use crate::token::UnverifiedClaims;

/// The application id of Microsoft Graph, by which its audience may be spelled too.
const APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// The Graphs of Microsoft's clouds.
const HOSTS: [&str; 4] = [
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
];

/// Why a token is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is for another service.
    #[error("it is for {0} and not for Microsoft Graph")]
    OtherAudience(String),
    /// It is for the Graph of another cloud.
    #[error("it is for {audience}, and {called} would be called")]
    OtherCloud {
        /// Whom it is for.
        audience: String,
        /// Who would be called.
        called: String,
    },
}

/// Scheme, host and port of a Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub(super) Url);

impl Address {
    /// Reads an address; only scheme, host and port of it count.
    pub fn read(text: &str) -> Result<Self, BadAddress> {
        origin(text).map(Self)
    }

    /// Checks that a token is for the Graph here. At an address that is none of Microsoft's, such as an emulator's, any
    /// Graph's token will do.
    pub fn takes(&self, claims: &UnverifiedClaims) -> Result<(), TokenFault> {
        let audience = claims.aud.as_deref().unwrap_or("nobody in particular");
        if audience.eq_ignore_ascii_case(APP_ID) {
            return Ok(());
        }
        let called = self.0.host_str().unwrap_or_default();
        let meant = Url::parse(audience).ok();
        let meant = meant.as_ref().and_then(Url::host_str).unwrap_or_default();
        match (HOSTS.contains(&meant), HOSTS.contains(&called)) {
            _ if meant == called && !meant.is_empty() => Ok(()),
            (true, false) => Ok(()),
            (true, true) => {
                Err(TokenFault::OtherCloud { audience: meant.to_owned(), called: called.to_owned() })
            }
            (false, _) => Err(TokenFault::OtherAudience(audience.to_owned())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_the_graph_that_it_is_for_and_to_no_other() {
        let public = "https://graph.microsoft.com";
        let other = |text: &str| Err(TokenFault::OtherAudience(text.to_owned()));
        let cloud = Err(TokenFault::OtherCloud {
            audience: "graph.microsoft.us".to_owned(),
            called: "graph.microsoft.com".to_owned(),
        });
        for (audience, base, expected) in [
            (Some("https://graph.microsoft.com"), public, Ok(())),
            (Some("https://graph.microsoft.com/"), public, Ok(())),
            (Some(APP_ID), public, Ok(())),
            (Some("https://graph.microsoft.com"), "http://127.0.0.1:8080", Ok(())),
            (Some("https://graph.example.com/"), "https://graph.example.com", Ok(())),
            (Some("https://graph.microsoft.us"), public, cloud),
            (Some("https://outlook.office365.com/"), public, other("https://outlook.office365.com/")),
            (
                Some("https://graph.microsoft.com.example.com"),
                public,
                other("https://graph.microsoft.com.example.com"),
            ),
            (
                Some("https://management.azure.com"),
                "http://127.0.0.1:1",
                other("https://management.azure.com"),
            ),
            (None, public, other("nobody in particular")),
        ] {
            let claims = UnverifiedClaims { aud: audience.map(str::to_owned), ..UnverifiedClaims::default() };
            let address = Address::read(base).expect("an address");
            assert_eq!(address.takes(&claims), expected, "{audience:?}");
        }
    }
}
