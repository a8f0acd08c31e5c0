//! A server connected through Azure Arc: the agent answers once the caller has shown that it may read a file.
//!
//! The first request is answered with 401 and the path of a fresh key file; the same request with the file's content in
//! `Authorization: Basic` is answered with the token. The path comes from whatever listens on the port, so it is judged
//! before anything is opened.

use url::Url;

use super::arc_key::{ArcFault, Key, challenged_path};
use super::endpoint::{address, set_query};
use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::{Reply, Request, StatusCode};

/// The address of the agent where no variable names it. A number and not `localhost`: the name may mean IPv6, where the
/// agent does not listen.
const DEFAULT: &str = "http://127.0.0.1:40342/metadata/identity/oauth2/token";
const API_VERSION: &str = "2020-06-01";

/// The token request, without the key.
pub(super) fn request(
    env: &Env,
    detection: Detection,
    selector: &IdentitySelector,
    resource: &str,
) -> Result<Request, Error> {
    if cfg!(not(any(target_os = "linux", windows))) {
        return Err(Error::Challenge { detection, why: ArcFault::NoAgent });
    }
    let mut url = if env.has("IDENTITY_ENDPOINT") {
        address(env, detection, "IDENTITY_ENDPOINT")?
    } else {
        Url::parse(DEFAULT).expect("the constant above is a URL")
    };
    let own = [("api-version", API_VERSION.to_owned()), ("resource", resource.to_owned())];
    set_query(&mut url, own.into_iter().chain(parameter(selector).zip(selector.id())));
    Ok(Request::get(url).header("metadata", "true"))
}

/// `msi_res_id` as on IMDS: the agent ignores `mi_res_id` and answers with the system-assigned identity.
fn parameter(selector: &IdentitySelector) -> Option<&'static str> {
    match selector {
        IdentitySelector::SystemAssigned => None,
        IdentitySelector::ClientId(_) => Some("client_id"),
        IdentitySelector::ObjectId(_) => Some("object_id"),
        IdentitySelector::ResourceId(_) => Some("msi_res_id"),
    }
}

/// Whether a reply is the challenge and no answer.
pub(super) fn is_challenge(reply: &Reply) -> bool {
    reply.status == StatusCode::UNAUTHORIZED
}

/// The same request with the key that the challenge points to.
pub(super) fn answered(env: &Env, request: &Request, reply: &Reply) -> Result<Request, ArcFault> {
    let path = challenged_path(reply.header("www-authenticate"))?;
    let Key(key) = Key::read(env, &path)?;
    request.clone().secret_header("authorization", "Basic ", &key).ok_or(ArcFault::NotText)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::identity::TokenSource;

    const DETECTION: Detection = Detection { source: TokenSource::Arc, because: "" };

    #[test]
    fn the_agent_is_asked_where_the_variable_says_or_where_it_always_is() {
        let system = IdentitySelector::SystemAssigned;
        let query = "?api-version=2020-06-01&resource=r";
        let url = |env: &Env| request(env, DETECTION, &system, "r").expect("a request").url.to_string();
        let named = "http://localhost:40342/metadata/identity/oauth2/token";
        assert_eq!(url(&Env::fixed([("IDENTITY_ENDPOINT", named)])), format!("{named}{query}"));
        assert_eq!(url(&Env::fixed([("PATH", "/bin")])), format!("{DEFAULT}{query}"));
        let far = Env::fixed([("IDENTITY_ENDPOINT", "http://example.com/")]);
        assert!(request(&far, DETECTION, &system, "r").is_err());
    }

    #[test]
    fn selectors_are_sent_by_the_names_that_the_agent_knows() {
        let id = uuid::Uuid::from_u128(7);
        for (selector, name) in [
            (IdentitySelector::ClientId(id), "client_id"),
            (IdentitySelector::ObjectId(id), "object_id"),
            (IdentitySelector::ResourceId("/s".to_owned()), "msi_res_id"),
        ] {
            let made = request(&Env::fixed([("PATH", "")]), DETECTION, &selector, "r").expect("a request");
            assert!(made.url.query_pairs().any(|(found, _)| found == name), "{selector}");
        }
    }
}
