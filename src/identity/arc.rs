//! A server connected through Azure Arc: the agent answers once the caller has shown that it may read a file.
//!
//! The first request is answered with 401 and the path of a fresh key file; the same request with the file's content in
//! `Authorization: Basic` is answered with the token. The path comes from whatever listens on the port, so it is judged
//! before anything is opened.

use url::Url;

use super::arc_key::{ArcFault, Key, challenged_path};
use super::ask::{Ask, is_near, with_query};
use super::{Error, imds};
use crate::env::Env;
use crate::http::{Reply, Request, StatusCode};

/// The address of the agent where no variable names it. A number and not `localhost`: the name may mean IPv6, where the
/// agent does not listen.
const DEFAULT: &str = "http://127.0.0.1:40342/metadata/identity/oauth2/token";
const API_VERSION: &str = "2020-06-01";

/// The token request, without the key. Selectors have the names that IMDS knows.
pub(super) fn request(ask: Ask<'_>) -> Result<Request, Error> {
    if cfg!(not(any(target_os = "linux", windows))) {
        return Err(Error::Challenge { detection: ask.detection, why: ArcFault::NoAgent });
    }
    let address = if ask.env.has("IDENTITY_ENDPOINT") {
        // Whoever is asked names a file and gets what stands in it, so that nobody far away may be, not even by https.
        let address = ask.address("IDENTITY_ENDPOINT")?;
        let near = Some(address).filter(is_near);
        near.ok_or_else(|| ask.bad("IDENTITY_ENDPOINT", "the agent of Azure Arc is on this machine"))?
    } else {
        Url::parse(DEFAULT).expect("the constant above is a URL")
    };
    let own = [("api-version", API_VERSION), ("resource", ask.resource)];
    let url = with_query(address, &own, ask.parameter(&imds::NAMES)?);
    Ok(Request::get(url).header("metadata", "true"))
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
    use crate::identity::ask::tests::{asked, names, selectors};
    use crate::identity::{IdentitySelector, TokenSource};

    #[test]
    fn the_agent_is_asked_where_the_variable_says_or_where_it_always_is() {
        let made = |variables: &[(&str, &str)]| {
            let made = asked(variables, &IdentitySelector::SystemAssigned, TokenSource::Arc, request);
            made.ok().map(|request| request.url.to_string())
        };
        let query = "?api-version=2020-06-01&resource=https%3A%2F%2Fx%2F";
        let named = "http://localhost:40342/metadata/identity/oauth2/token";
        assert_eq!(made(&[("IDENTITY_ENDPOINT", named)]), Some(format!("{named}{query}")));
        assert_eq!(made(&[]), Some(format!("{DEFAULT}{query}")));
        for far in ["http://example.com/", "https://example.com/", "https://8.8.8.8/"] {
            assert_eq!(made(&[("IDENTITY_ENDPOINT", far)]), None, "{far}");
        }
    }

    #[test]
    fn selectors_are_sent_by_the_names_that_the_agent_knows() {
        for (selector, name) in selectors().iter().zip(["client_id", "object_id", "msi_res_id"]) {
            let made = asked(&[], selector, TokenSource::Arc, request).expect("a request");
            assert_eq!(names(&made), ["api-version", "resource", name]);
        }
    }
}
