//! What the endpoints that a variable names have in common: where a secret may be sent, and how it is put in.

use url::Url;

use super::{Detection, Error};
use crate::env::Env;
use crate::http::{Proxying, Request};
use crate::secret::Secret;

/// The address in a variable. Plain http carries a secret, so it is allowed to this machine and its own network alone;
/// a hybrid worker's endpoint is a remote https address.
pub(super) fn address(env: &Env, detection: Detection, variable: &'static str) -> Result<Url, Error> {
    let text = env.var(variable).unwrap_or_default();
    let judged = match Url::parse(&text).ok().filter(Url::has_host) {
        None => Err("it is no address"),
        Some(url) if url.scheme() == "https" => Ok(url),
        Some(url) if url.scheme() != "http" => Err("it is neither http nor https"),
        Some(url) if Proxying::for_url(&url) == Proxying::Direct => Ok(url),
        Some(_) => Err("plain http is allowed to loopback, link-local and private addresses alone"),
    };
    judged.map_err(|why| bad(detection, variable, why))
}

/// Puts the parameters into the query. An address may hold a query of its own, and endpoints refuse a name that stands
/// there twice, so that a parameter replaces its like.
pub(super) fn set_query(url: &mut Url, parameters: impl IntoIterator<Item = (&'static str, String)>) {
    let parameters: Vec<_> = parameters.into_iter().collect();
    let own = |name: &str| parameters.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let kept: Vec<_> = url.query_pairs().filter(|(name, _)| !own(name)).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .extend_pairs(&parameters)
        .finish();
    url.set_query(Some(&query));
}

/// The request with the secret of a variable in a header.
pub(super) fn with_secret(
    request: Request,
    header: &'static str,
    env: &Env,
    detection: Detection,
    variable: &'static str,
) -> Result<Request, Error> {
    let secret = Secret::from(env.var(variable).unwrap_or_default());
    request
        .secret_header(header, "", &secret)
        .ok_or_else(|| bad(detection, variable, "it holds characters that no header can carry"))
}

/// A variable that cannot be used.
pub(super) fn bad(detection: Detection, variable: &'static str, why: &'static str) -> Error {
    Error::BadEndpoint { token_source: detection.source, variable, why }
}
