//! The older endpoint that `MSI_ENDPOINT` and `MSI_SECRET` name: Azure Machine Learning, and App Service before it set
//! `IDENTITY_ENDPOINT`.
//!
//! Both speak api-version 2017-09-01, with the secret in a header of that name and the client id in `clientid`, without
//! an underscore. No other selector is known there. Machine Learning names its default identity in a variable, which
//! MSAL for Go and .NET send along; App Service has no such variable.

use super::Error;
use super::ask::{Ask, Names, with_query};
use crate::http::Request;

const API_VERSION: &str = "2017-09-01";
const NAMES: Names = Names { client: Some("clientid"), object: None, resource: None };

/// The token request.
pub(super) fn request(ask: Ask<'_>) -> Result<Request, Error> {
    let default = || ask.env.var("DEFAULT_IDENTITY_CLIENT_ID").map(|id| ("clientid", id));
    let own = [("api-version", API_VERSION), ("resource", ask.resource)];
    let url = with_query(ask.address("MSI_ENDPOINT")?, &own, ask.parameter(&NAMES)?.or_else(default));
    ask.with_secret(Request::get(url), "secret", "MSI_SECRET")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderValue;
    use crate::identity::ask::tests::{asked, selectors};
    use crate::identity::{IdentitySelector, TokenSource};

    fn query(extra: &[(&str, &str)], selector: &IdentitySelector) -> Result<String, Error> {
        let usual = [("MSI_ENDPOINT", "http://127.0.0.1:46808/MSI/auth"), ("MSI_SECRET", "s3cret")];
        let request = asked(&[usual.as_slice(), extra].concat(), selector, TokenSource::AzureMl, request)?;
        assert!(request.headers.get("secret").is_some_and(HeaderValue::is_sensitive));
        Ok(request.url.query().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_identity_is_named_by_client_id_alone() {
        let form = "api-version=2017-09-01&resource=https%3A%2F%2Fx%2F";
        let [client, object, resource] = selectors();
        assert_eq!(query(&[], &IdentitySelector::SystemAssigned).ok().as_deref(), Some(form));
        let default = [("DEFAULT_IDENTITY_CLIENT_ID", "d")];
        assert_eq!(
            query(&default, &IdentitySelector::SystemAssigned).ok(),
            Some(format!("{form}&clientid=d"))
        );
        let id = client.id().expect("an id");
        assert_eq!(query(&default, &client).ok(), Some(format!("{form}&clientid={id}")));
        for selector in [object, resource] {
            assert!(matches!(
                query(&[], &selector),
                Err(Error::SelectorUnsupported { instead: "--client-id", .. })
            ));
        }
    }
}
