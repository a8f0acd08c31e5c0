//! The instance metadata service of an Azure VM, a scale set, an AKS node or a Linux container instance.
//!
//! Microsoft Learn, "How to use managed identities on a virtual machine to acquire an access token": GET, `Metadata:
//! true`, api-version 2018-02-01, which every region and the legacy pod-identity proxies know.

use url::Url;

use super::{Error, IdentitySelector, TokenSource};
use crate::env::Env;
use crate::http::Request;

/// The variable that puts another host in the place of the link-local address, as in the official libraries.
pub(super) const HOST_VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

const HOST: &str = "http://169.254.169.254";
const PATH: &str = "/metadata/identity/oauth2/token";
const API_VERSION: &str = "2018-02-01";

/// The token request. The identity header of other sources is never part of it: it is a secret of another endpoint.
pub(super) fn request(env: &Env, selector: &IdentitySelector, resource: &str) -> Result<Request, Error> {
    let mut url = endpoint(env)?;
    url.query_pairs_mut().append_pair("api-version", API_VERSION).append_pair("resource", resource);
    if let (Some(name), Some(id)) = (parameter(selector), selector.id()) {
        url.query_pairs_mut().append_pair(name, &id);
    }
    Ok(Request::get(url).header("metadata", "true"))
}

/// `msi_res_id` and not `mi_res_id`: Azure Arc, which shares this form, silently ignores the latter and answers with
/// the system-assigned identity.
fn parameter(selector: &IdentitySelector) -> Option<&'static str> {
    match selector {
        IdentitySelector::SystemAssigned => None,
        IdentitySelector::ClientId(_) => Some("client_id"),
        IdentitySelector::ObjectId(_) => Some("object_id"),
        IdentitySelector::ResourceId(_) => Some("msi_res_id"),
    }
}

fn endpoint(env: &Env) -> Result<Url, Error> {
    let host = env.var(HOST_VARIABLE).unwrap_or_else(|| HOST.to_owned());
    let base = Url::parse(&host).ok().filter(|url| url.scheme() == "http" && url.has_host());
    let mut url = base.ok_or(Error::BadEndpoint {
        token_source: TokenSource::Imds,
        variable: HOST_VARIABLE,
        why: "it is no http address such as http://169.254.169.254",
    })?;
    url.set_path(&format!("{}{PATH}", url.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(selector: &IdentitySelector) -> Vec<(String, String)> {
        let request = request(&Env::fixed([("A", "b")]), selector, "https://outlook.office365.com/");
        request.expect("a request").url.query_pairs().into_owned().collect()
    }

    #[test]
    fn the_request_has_the_documented_form() {
        let request = request(
            &Env::fixed([("IDENTITY_HEADER", "s3cret")]),
            &IdentitySelector::SystemAssigned,
            "https://x/",
        );
        let request = request.expect("a request");
        assert_eq!(
            request.url.as_str(),
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fx%2F"
        );
        assert_eq!(request.method, crate::http::Method::GET);
        let headers: Vec<_> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        assert_eq!(headers, [("metadata", b"true".as_slice())]);
    }

    #[test]
    fn each_selector_has_its_own_parameter_and_only_that() {
        let guid = uuid::Uuid::from_u128(7);
        for (selector, name) in [
            (IdentitySelector::ClientId(guid), "client_id"),
            (IdentitySelector::ObjectId(guid), "object_id"),
            (IdentitySelector::ResourceId("/subscriptions/s".to_owned()), "msi_res_id"),
        ] {
            let names: Vec<String> = query(&selector).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["api-version", "resource", name]);
        }
        assert_eq!(query(&IdentitySelector::SystemAssigned).len(), 2);
    }

    #[test]
    fn another_host_replaces_the_address_and_its_slashes_are_trimmed() {
        for (host, expected) in [
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/metadata/identity/oauth2/token")),
            ("http://127.0.0.1:8080//", Some("http://127.0.0.1:8080/metadata/identity/oauth2/token")),
            (
                "http://127.0.0.1:8080/x/?a=b#c",
                Some("http://127.0.0.1:8080/x/metadata/identity/oauth2/token"),
            ),
            ("https://127.0.0.1", None),
            ("127.0.0.1:80", None),
            ("http://", None),
            ("nonsense", None),
        ] {
            let url = endpoint(&Env::fixed([(HOST_VARIABLE, host)]));
            assert_eq!(url.ok().as_ref().map(Url::as_str), expected, "{host}");
        }
    }
}
