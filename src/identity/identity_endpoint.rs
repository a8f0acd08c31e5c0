//! The endpoint that `IDENTITY_ENDPOINT` names: Azure Automation, hybrid workers, App Service, Functions, Container
//! Apps.
//!
//! One form serves them all. Automation documents the request without an api-version and with `Metadata: True`; the
//! official Exchange module and MSAL send it api-version 2019-08-01, which App Service demands, and MSAL for Python the
//! metadata header besides.

use super::Error;
use super::ask::{Ask, Names, with_query};
use crate::http::Request;

const API_VERSION: &str = "2019-08-01";

/// `mi_res_id` here, where IMDS says `msi_res_id`.
const NAMES: Names =
    Names { client: Some("client_id"), object: Some("object_id"), resource: Some("mi_res_id") };

/// The token request.
pub(super) fn request(ask: Ask<'_>) -> Result<Request, Error> {
    let own = [("resource", ask.resource), ("api-version", API_VERSION)];
    let url = with_query(ask.address("IDENTITY_ENDPOINT")?, &own, ask.parameter(&NAMES)?);
    let request = Request::get(url).header("metadata", "true");
    ask.with_secret(request, "x-identity-header", "IDENTITY_HEADER")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderValue;
    use crate::identity::ask::tests::{asked, names, selectors};
    use crate::identity::{IdentitySelector, TokenSource};

    fn made(endpoint: &str, selector: &IdentitySelector) -> Request {
        let variables = [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", "s3cret")];
        asked(&variables, selector, TokenSource::Automation, request).expect("a request")
    }

    #[test]
    fn the_request_serves_automation_and_app_service() {
        let request = made("http://127.0.0.1:20072/oauth2/token", &IdentitySelector::SystemAssigned);
        assert_eq!(
            request.url.as_str(),
            "http://127.0.0.1:20072/oauth2/token?resource=https%3A%2F%2Fx%2F&api-version=2019-08-01"
        );
        assert_eq!(request.headers.get("metadata").map(HeaderValue::as_bytes), Some(b"true".as_slice()));
        let header = request.headers.get("x-identity-header").expect("the header");
        assert!(header.is_sensitive() && header.as_bytes() == b"s3cret");
    }

    #[test]
    fn each_selector_has_its_own_parameter() {
        for (selector, name) in selectors().iter().zip(["client_id", "object_id", "mi_res_id"]) {
            let request = made("http://localhost:42356/msi/token", selector);
            assert_eq!(names(&request), ["resource", "api-version", name]);
        }
    }
}
