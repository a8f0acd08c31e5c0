//! The endpoint that `IDENTITY_ENDPOINT` names: Azure Automation, hybrid workers, App Service, Functions, Container
//! Apps.
//!
//! One form serves them all. Automation documents the request without an api-version and with `Metadata: True`; the
//! official Exchange module and MSAL send it api-version 2019-08-01, which App Service demands, and MSAL for Python the
//! metadata header besides.

use super::endpoint::{address, set_query, with_secret};
use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::Request;

const API_VERSION: &str = "2019-08-01";

/// The token request.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<Request, Error> {
    let mut url = address(env, detection, "IDENTITY_ENDPOINT")?;
    let own = [("resource", resource.to_owned()), ("api-version", API_VERSION.to_owned())];
    set_query(&mut url, own.into_iter().chain(parameter(selector).zip(selector.id())));
    let request = Request::get(url).header("metadata", "true");
    with_secret(request, "x-identity-header", env, detection, "IDENTITY_HEADER")
}

/// `mi_res_id` here, where IMDS says `msi_res_id`.
fn parameter(selector: &IdentitySelector) -> Option<&'static str> {
    match selector {
        IdentitySelector::SystemAssigned => None,
        IdentitySelector::ClientId(_) => Some("client_id"),
        IdentitySelector::ObjectId(_) => Some("object_id"),
        IdentitySelector::ResourceId(_) => Some("mi_res_id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderValue;
    use crate::identity::TokenSource;

    const DETECTION: Detection = Detection { source: TokenSource::Automation, because: "" };

    fn made(endpoint: &str, selector: &IdentitySelector) -> Result<Request, Error> {
        let env = Env::fixed([("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", "s3cret")]);
        request(&env, DETECTION, selector, "https://x/")
    }

    #[test]
    fn the_request_serves_automation_and_app_service() {
        let request = made("http://127.0.0.1:20072/oauth2/token", &IdentitySelector::SystemAssigned)
            .expect("a request");
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
        let guid = uuid::Uuid::from_u128(7);
        for (selector, name) in [
            (IdentitySelector::ClientId(guid), "client_id"),
            (IdentitySelector::ObjectId(guid), "object_id"),
            (IdentitySelector::ResourceId("/subscriptions/s".to_owned()), "mi_res_id"),
        ] {
            let request = made("http://localhost:42356/msi/token", &selector).expect("a request");
            let names: Vec<String> = request.url.query_pairs().map(|(name, _)| name.into_owned()).collect();
            assert_eq!(names, ["resource", "api-version", name]);
        }
    }

    #[test]
    fn no_name_of_the_query_is_repeated() {
        for (query, expected) in [
            ("", "resource=https%3A%2F%2Fx%2F&api-version=2019-08-01"),
            ("?", "resource=https%3A%2F%2Fx%2F&api-version=2019-08-01"),
            ("?Api-Version=1&resource=y", "resource=https%3A%2F%2Fx%2F&api-version=2019-08-01"),
            ("?a=b%20c", "a=b+c&resource=https%3A%2F%2Fx%2F&api-version=2019-08-01"),
        ] {
            let request =
                made(&format!("http://localhost/msi/token{query}"), &IdentitySelector::SystemAssigned);
            assert_eq!(request.expect("a request").url.query(), Some(expected), "{query}");
        }
    }

    #[test]
    fn addresses_are_judged_before_the_secret_leaves() {
        for (endpoint, allowed) in [
            ("http://localhost/metadata/identity/oauth2/token", true),
            ("http://127.0.0.1:41564/msi/token/", true),
            ("http://169.254.129.2:8081/msi/token", true),
            ("http://172.16.0.5/msi/token", true),
            ("https://we-jobruntimedata-prod-su1.azure-automation.net/automationAccounts/a", true),
            ("http://example.com/msi/token", false),
            ("http://8.8.8.8/msi/token", false),
            ("ftp://127.0.0.1/", false),
            ("not an address", false),
            ("http://", false),
        ] {
            assert_eq!(made(endpoint, &IdentitySelector::SystemAssigned).is_ok(), allowed, "{endpoint}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_an_error_that_names_the_variable() {
        let env = Env::fixed([("IDENTITY_ENDPOINT", "http://localhost/"), ("IDENTITY_HEADER", "a\nb")]);
        let error = request(&env, DETECTION, &IdentitySelector::SystemAssigned, "x").expect_err("an error");
        assert!(
            error.to_string().contains("IDENTITY_HEADER") && !error.to_string().contains("a\nb"),
            "{error}"
        );
    }
}
