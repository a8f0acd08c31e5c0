//! A container instance on Windows, which has no metadata service.
//!
//! It sets the variables of App Service and wants another header, `secret`; Microsoft's page on container instances
//! shows `principalId` as the only selector. Nothing that is documented tells the two hosts apart, so this source is
//! taken where the user names it.

use super::endpoint::{address, set_query, with_secret};
use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::Request;

/// The token request.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<Request, Error> {
    let mut url = address(env, detection, "IDENTITY_ENDPOINT")?;
    let own = [("resource", resource.to_owned())];
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
    with_secret(Request::get(url), "secret", env, detection, "IDENTITY_HEADER")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenSource;

    #[test]
    fn the_secret_has_its_own_header_and_the_object_id_its_own_name() {
        let env =
            Env::fixed([("IDENTITY_ENDPOINT", "http://127.0.0.1:2377/t"), ("IDENTITY_HEADER", "s3cret")]);
        let detection = Detection { source: TokenSource::ContainerInstance, because: "" };
        let id = uuid::Uuid::from_u128(7);
        let made = request(&env, detection, &IdentitySelector::ObjectId(id), "r").expect("a request");
        assert_eq!(made.url.query(), Some(format!("resource=r&principalId={id}").as_str()));
        assert!(made.headers.contains_key("secret") && !made.headers.contains_key("x-identity-header"));
        let client = request(&env, detection, &IdentitySelector::ClientId(id), "r");
        assert!(matches!(client, Err(Error::SelectorUnsupported { .. })));
    }
}
