//! The older endpoint that `MSI_ENDPOINT` and `MSI_SECRET` name: Azure Machine Learning, and App Service before it set
//! `IDENTITY_ENDPOINT`.
//!
//! Both speak api-version 2017-09-01, with the secret in a header of that name and the client id in `clientid`, without
//! an underscore. No other selector is known there. Machine Learning names its default identity in a variable, which
//! MSAL for Go and .NET send along; App Service has no such variable.

use super::endpoint::{address, set_query, with_secret};
use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::Request;

const API_VERSION: &str = "2017-09-01";

/// The token request.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<Request, Error> {
    let client_id = match selector {
        IdentitySelector::SystemAssigned => env.var("DEFAULT_IDENTITY_CLIENT_ID"),
        IdentitySelector::ClientId(id) => Some(id.to_string()),
        IdentitySelector::ObjectId(_) | IdentitySelector::ResourceId(_) => {
            return Err(Error::SelectorUnsupported {
                detection,
                selector: selector.clone(),
                instead: "--client-id",
            });
        }
    };
    let mut url = address(env, detection, "MSI_ENDPOINT")?;
    let own = [("api-version", API_VERSION.to_owned()), ("resource", resource.to_owned())];
    set_query(&mut url, own.into_iter().chain(client_id.map(|id| ("clientid", id))));
    with_secret(Request::get(url), "secret", env, detection, "MSI_SECRET")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderValue;
    use crate::identity::TokenSource;

    const DETECTION: Detection = Detection { source: TokenSource::AzureMl, because: "" };

    fn query(extra: &[(&str, &str)], selector: &IdentitySelector) -> Result<String, Error> {
        let pair = [("MSI_ENDPOINT", "http://127.0.0.1:46808/MSI/auth"), ("MSI_SECRET", "s3cret")];
        let env = Env::fixed(pair.iter().chain(extra).copied());
        let request = request(&env, DETECTION, selector, "https://x/")?;
        assert!(request.headers.get("secret").is_some_and(HeaderValue::is_sensitive));
        Ok(request.url.query().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_identity_is_named_by_client_id_alone() {
        let form = "api-version=2017-09-01&resource=https%3A%2F%2Fx%2F";
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(query(&[], &IdentitySelector::SystemAssigned).ok().as_deref(), Some(form));
        let default = [("DEFAULT_IDENTITY_CLIENT_ID", "d")];
        assert_eq!(
            query(&default, &IdentitySelector::SystemAssigned).ok(),
            Some(format!("{form}&clientid=d"))
        );
        let client = IdentitySelector::ClientId(id);
        assert_eq!(query(&default, &client).ok(), Some(format!("{form}&clientid={id}")));
        for selector in [IdentitySelector::ObjectId(id), IdentitySelector::ResourceId("/s".to_owned())] {
            assert!(matches!(query(&[], &selector), Err(Error::SelectorUnsupported { .. })));
        }
    }
}
