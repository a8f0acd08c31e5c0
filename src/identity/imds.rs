//! The instance metadata service of an Azure VM, a scale set, an AKS node or a Linux container instance.
//!
//! Microsoft Learn, "How to use managed identities on a virtual machine to acquire an access token": GET, `Metadata:
//! true`, api-version 2018-02-01, which every region and the legacy pod-identity proxies know.

use url::Url;

use super::Error;
use super::ask::{Ask, FAR, Names, is_near, with_query};
use crate::http::Request;

/// The variable that puts another host in the place of the link-local address, as in the official libraries.
const HOST_VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

const HOST: &str = "http://169.254.169.254";
const PATH: &str = "/metadata/identity/oauth2/token";
const API_VERSION: &str = "2018-02-01";

/// `msi_res_id` and not `mi_res_id`: Azure Arc, which shares this form, silently ignores the latter and answers with the
/// system-assigned identity.
pub(super) const NAMES: Names =
    Names { client: Some("client_id"), object: Some("object_id"), resource: Some("msi_res_id") };

/// The token request. The identity header of other sources is never part of it: it is a secret of another endpoint.
pub(super) fn request(ask: Ask<'_>) -> Result<Request, Error> {
    let own = [("api-version", API_VERSION), ("resource", ask.resource)];
    let url = with_query(endpoint(ask)?, &own, ask.parameter(&NAMES)?);
    Ok(Request::get(url).header("metadata", "true"))
}

fn endpoint(ask: Ask<'_>) -> Result<Url, Error> {
    let host = ask.env.var(HOST_VARIABLE).unwrap_or_else(|| HOST.to_owned());
    let base = Url::parse(&host).ok().filter(|url| url.scheme() == "http" && url.has_host());
    let mut url = match base {
        None => return Err(ask.bad(HOST_VARIABLE, "it is no http address such as http://169.254.169.254")),
        // What comes back is a token, which nobody on the way may see or exchange for another.
        Some(url) if !is_near(&url) => return Err(ask.bad(HOST_VARIABLE, FAR)),
        Some(url) => url,
    };
    url.set_path(&format!("{}{PATH}", url.path().trim_end_matches('/')));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ask::tests::{asked, names, selectors};
    use crate::identity::{IdentitySelector, TokenSource};

    const BARE: [(&str, &str); 1] = [("IDENTITY_HEADER", "s3cret")];

    #[test]
    fn the_request_has_the_documented_form() {
        let request = asked(&BARE, &IdentitySelector::SystemAssigned, TokenSource::Imds, request);
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
        for (selector, name) in selectors().iter().zip(["client_id", "object_id", "msi_res_id"]) {
            let request = asked(&BARE, selector, TokenSource::Imds, request).expect("a request");
            assert_eq!(names(&request), ["api-version", "resource", name]);
        }
    }

    #[test]
    fn another_host_replaces_the_address_and_its_slashes_are_trimmed() {
        for (host, expected) in [
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/metadata/identity/oauth2/token")),
            ("http://127.0.0.1:8080//", Some("http://127.0.0.1:8080/metadata/identity/oauth2/token")),
            ("http://10.0.0.4", Some("http://10.0.0.4/metadata/identity/oauth2/token")),
            ("http://169.254.169.254.example.com", None),
            ("http://example.com", None),
            ("http://8.8.8.8", None),
            ("https://127.0.0.1", None),
            ("127.0.0.1:80", None),
            ("http://", None),
            ("nonsense", None),
        ] {
            let variables = [(HOST_VARIABLE, host)];
            let url = asked(&variables, &IdentitySelector::SystemAssigned, TokenSource::Imds, endpoint);
            assert_eq!(url.ok().as_ref().map(Url::as_str), expected, "{host}");
        }
    }
}
