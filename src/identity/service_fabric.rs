//! Azure Service Fabric: an https endpoint on the node, known by the thumbprint of its certificate alone.
//!
//! The certificate is compared before the secret leaves, inside the TLS handshake. A 404 is permanent here: it means
//! that the application has no such identity.

use super::endpoint::{address, bad, set_query, with_secret};
use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::{Request, Thumbprint};

/// The api-version of the official libraries but one; a node that wants another says so in `IDENTITY_API_VERSION`.
const API_VERSION: &str = "2019-07-01-preview";

/// The token request, and the certificate that the other side must show.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<(Request, Thumbprint), Error> {
    let mut url = address(env, detection, "IDENTITY_ENDPOINT")?;
    if url.scheme() != "https" {
        return Err(bad(detection, "IDENTITY_ENDPOINT", "Service Fabric is asked over https alone"));
    }
    let thumbprint = Thumbprint::parse(&env.var("IDENTITY_SERVER_THUMBPRINT").unwrap_or_default())
        .ok_or_else(|| {
            bad(detection, "IDENTITY_SERVER_THUMBPRINT", "it is no SHA-1 thumbprint of 40 digits")
        })?;
    let version = env.var("IDENTITY_API_VERSION").unwrap_or_else(|| API_VERSION.to_owned());
    let own = [("api-version", version), ("resource", resource.to_owned())];
    let principal = match selector {
        IdentitySelector::SystemAssigned => None,
        IdentitySelector::ObjectId(id) => Some(("principalId", id.to_string())),
        IdentitySelector::ClientId(_) | IdentitySelector::ResourceId(_) => {
            return Err(Error::SelectorUnsupported {
                detection,
                selector: selector.clone(),
                instead: "--object-id",
            });
        }
    };
    set_query(&mut url, own.into_iter().chain(principal));
    let request = with_secret(Request::get(url), "secret", env, detection, "IDENTITY_HEADER")?;
    Ok((request, thumbprint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenSource;

    const THUMBPRINT: &str = "00112233445566778899AABBCCDDEEFF00112233";

    fn made(
        endpoint: &str,
        thumbprint: &str,
        extra: &[(&str, &str)],
        selector: &IdentitySelector,
    ) -> Option<String> {
        let own = [
            ("IDENTITY_ENDPOINT", endpoint),
            ("IDENTITY_HEADER", "s3cret"),
            ("IDENTITY_SERVER_THUMBPRINT", thumbprint),
        ];
        let env = Env::fixed(own.iter().chain(extra).copied());
        let detection = Detection { source: TokenSource::ServiceFabric, because: "" };
        let (request, _) = request(&env, detection, selector, "r").ok()?;
        Some(request.url.to_string())
    }

    #[test]
    fn the_request_has_the_documented_form() {
        let node = "https://localhost:2377/metadata/identity/oauth2/token";
        let system = IdentitySelector::SystemAssigned;
        let expected = format!("{node}?api-version=2019-07-01-preview&resource=r");
        assert_eq!(made(node, THUMBPRINT, &[], &system), Some(expected));
        let newer = made(node, THUMBPRINT, &[("IDENTITY_API_VERSION", "2020-05-01")], &system);
        assert_eq!(newer, Some(format!("{node}?api-version=2020-05-01&resource=r")));
        let id = uuid::Uuid::from_u128(7);
        let object = made(node, THUMBPRINT, &[], &IdentitySelector::ObjectId(id));
        assert!(object.is_some_and(|url| url.ends_with(&format!("&principalId={id}"))));
        assert_eq!(made(node, THUMBPRINT, &[], &IdentitySelector::ClientId(id)), None);
    }

    #[test]
    fn plain_http_and_a_malformed_thumbprint_are_refused() {
        let system = IdentitySelector::SystemAssigned;
        assert_eq!(made("http://localhost:2377/t", THUMBPRINT, &[], &system), None);
        for thumbprint in ["", "0011", "zz112233445566778899AABBCCDDEEFF00112233"] {
            assert_eq!(made("https://localhost:2377/t", thumbprint, &[], &system), None, "{thumbprint}");
        }
    }
}
