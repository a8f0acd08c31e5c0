//! Azure Service Fabric: an https endpoint on the node, known by the thumbprint of its certificate alone.
//!
//! The certificate is compared before the secret leaves, inside the TLS handshake. A 404 is permanent here: it means
//! that the application has no such identity.

use super::Error;
use super::ask::{Ask, Names, with_query};
use crate::http::{Request, Thumbprint};

/// The api-version of the official libraries but one; a node that wants another says so in `IDENTITY_API_VERSION`.
const API_VERSION: &str = "2019-07-01-preview";
const NAMES: Names = Names { client: None, object: Some("principalId"), resource: None };

/// The token request, and the certificate that the other side must show.
pub(super) fn request(ask: Ask<'_>) -> Result<(Request, Thumbprint), Error> {
    let address = ask.address("IDENTITY_ENDPOINT")?;
    if address.scheme() != "https" {
        return Err(ask.bad("IDENTITY_ENDPOINT", "Service Fabric is asked over https alone"));
    }
    let thumbprint = Thumbprint::parse(&ask.env.var("IDENTITY_SERVER_THUMBPRINT").unwrap_or_default())
        .ok_or_else(|| ask.bad("IDENTITY_SERVER_THUMBPRINT", "it is no SHA-1 thumbprint of 40 digits"))?;
    let version = ask.env.var("IDENTITY_API_VERSION").unwrap_or_else(|| API_VERSION.to_owned());
    let own = [("api-version", version.as_str()), ("resource", ask.resource)];
    let url = with_query(address, &own, ask.parameter(&NAMES)?);
    Ok((ask.with_secret(Request::get(url), "secret", "IDENTITY_HEADER")?, thumbprint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ask::tests::{asked, selectors};
    use crate::identity::{IdentitySelector, TokenSource};

    const NODE: &str = "https://localhost:2377/metadata/identity/oauth2/token";
    const THUMBPRINT: &str = "00112233445566778899AABBCCDDEEFF00112233";

    fn made(endpoint: &str, thumbprint: &str, version: &str, selector: &IdentitySelector) -> Option<String> {
        let variables = [
            ("IDENTITY_ENDPOINT", endpoint),
            ("IDENTITY_HEADER", "s3cret"),
            ("IDENTITY_SERVER_THUMBPRINT", thumbprint),
            ("IDENTITY_API_VERSION", version),
        ];
        let made = asked(&variables, selector, TokenSource::ServiceFabric, request);
        made.ok().map(|(request, _)| request.url.to_string())
    }

    #[test]
    fn the_request_has_the_documented_form() {
        let system = IdentitySelector::SystemAssigned;
        let query = |version: &str| format!("{NODE}?api-version={version}&resource=https%3A%2F%2Fx%2F");
        assert_eq!(made(NODE, THUMBPRINT, "", &system), Some(query("2019-07-01-preview")));
        assert_eq!(made(NODE, THUMBPRINT, "2020-05-01", &system), Some(query("2020-05-01")));
        let [client, object, resource] = selectors();
        assert!(made(NODE, THUMBPRINT, "", &object).is_some_and(|url| url.contains("&principalId=")));
        assert_eq!(made(NODE, THUMBPRINT, "", &client), None);
        assert_eq!(made(NODE, THUMBPRINT, "", &resource), None);
    }

    #[test]
    fn plain_http_and_a_malformed_thumbprint_are_refused() {
        let system = IdentitySelector::SystemAssigned;
        assert_eq!(made("http://localhost:2377/t", THUMBPRINT, "", &system), None);
        for thumbprint in ["", "0011", "zz112233445566778899AABBCCDDEEFF00112233"] {
            assert_eq!(made(NODE, thumbprint, "", &system), None, "{thumbprint}");
        }
    }
}
