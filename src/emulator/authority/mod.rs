//! The authority: which tenant a domain belongs to, and tokens for applications that prove themselves.

mod assertion;
mod certificate;
mod discovery;
mod federation;
mod token_endpoint;

pub(crate) use federation::Federation;

use http::StatusCode;

use super::answer::{Answer, either};
use super::call::Call;
use super::credential;
use super::state::State;

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if let Some(header) = credential::stray(call, "") {
        let why = format!("SECRET LEAKED: the header `{header}` was sent to the authority");
        return Answer::empty(StatusCode::BAD_REQUEST).refused(why);
    }
    match call.segments().as_slice() {
        [name, "v2.0", ".well-known", "openid-configuration"] => discovery::answer(state, call, name),
        // A host that ends in a slash and a path that begins with one make two.
        [name, "oauth2", "v2.0", "token"] if !call.path.contains("//") => {
            either(token_endpoint::answer(state, call, name))
        }
        _ => Answer::empty(StatusCode::NOT_FOUND).refused("the authority has no such path"),
    }
}
