//! The endpoint that `IDENTITY_ENDPOINT` names: Azure Automation, hybrid workers, App Service, Functions, Container
//! Apps.
//!
//! One form serves them all. Automation documents the request without an api-version and with `Metadata: True`; the
//! official Exchange module and MSAL send it api-version 2019-08-01, which App Service demands, and MSAL for Python the
//! metadata header besides.

use url::Url;

use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::{Proxying, Request};
use crate::secret::Secret;

const ENDPOINT_VARIABLE: &str = "IDENTITY_ENDPOINT";
const HEADER_VARIABLE: &str = "IDENTITY_HEADER";
const API_VERSION: &str = "2019-08-01";

/// The token request.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<Request, Error> {
    let bad = |variable, why| Error::BadEndpoint { token_source: detection.source, variable, why };
    let mut url = endpoint(env).map_err(|why| bad(ENDPOINT_VARIABLE, why))?;
    let mut parameters = vec![("resource", resource.to_owned()), ("api-version", API_VERSION.to_owned())];
    parameters.extend(parameter(selector).zip(selector.id()));
    let own = |name: &str| parameters.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    // The address may hold a query of its own, and endpoints refuse a name that stands there twice.
    let kept: Vec<_> = url.query_pairs().filter(|(name, _)| !own(name)).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .extend_pairs(&parameters)
        .finish();
    url.set_query(Some(&query));
    let secret = Secret::from(env.var(HEADER_VARIABLE).unwrap_or_default());
    Request::get(url)
        .header("metadata", "true")
        .secret_header("x-identity-header", "", &secret)
        .ok_or_else(|| bad(HEADER_VARIABLE, "it holds characters that no header can carry"))
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

/// Plain http carries the identity header, so it is allowed to this machine and its own network alone; a hybrid
/// worker's endpoint is a remote https address.
fn endpoint(env: &Env) -> Result<Url, &'static str> {
    let text = env.var(ENDPOINT_VARIABLE).unwrap_or_default();
    let url = Url::parse(&text).ok().filter(Url::has_host).ok_or("it is no address")?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if Proxying::for_url(&url) == Proxying::Direct => Ok(url),
        "http" => Err("plain http is allowed to loopback, link-local and private addresses alone"),
        _ => Err("it is neither http nor https"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderValue;
    use crate::identity::TokenSource;

    const DETECTION: Detection = Detection { source: TokenSource::Automation, because: "" };

    fn made(endpoint: &str, selector: &IdentitySelector) -> Result<Request, Error> {
        let env = Env::fixed([(ENDPOINT_VARIABLE, endpoint), (HEADER_VARIABLE, "s3cret")]);
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
        let env = Env::fixed([(ENDPOINT_VARIABLE, "http://localhost/"), (HEADER_VARIABLE, "a\nb")]);
        let error = request(&env, DETECTION, &IdentitySelector::SystemAssigned, "x").expect_err("an error");
        assert!(
            error.to_string().contains(HEADER_VARIABLE) && !error.to_string().contains("a\nb"),
            "{error}"
        );
    }
}
