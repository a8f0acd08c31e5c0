//! Links to further pages. One leads on from where it was given, for the same list alone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::StatusCode;

use super::refusal::refuse;
use crate::emulator::answer::Checked;
use crate::emulator::call::Call;

const NAME: &str = "$skiptoken";

/// The links that were given: by token, the list that each belongs to and where in it the page begins.
#[derive(Default)]
pub(crate) struct Cursors(Mutex<HashMap<String, (String, usize)>>);

impl Cursors {
    /// Where the page begins that a call asks for.
    pub(super) fn offset(&self, call: &Call) -> Checked<usize> {
        let Some(token) = call.parameter(NAME) else { return Ok(0) };
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        match given {
            Some((list, offset)) if list == address(call) => Ok(offset),
            _ => {
                let message = "The specified page token value has expired and can no longer be included in your request.";
                let why = "the skip token belongs to no such list";
                refuse(StatusCode::BAD_REQUEST, "Directory_ExpiredPageToken", message, why)
            }
        }
    }

    /// The link to the page that begins there.
    pub(super) fn link(&self, call: &Call, offset: usize) -> String {
        let (token, list) = (uuid::Uuid::new_v4().simple().to_string(), address(call));
        let mark = if list.contains('?') { '&' } else { '?' };
        let link = format!("{}{list}{mark}{NAME}={token}", call.origin());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(token, (list, offset));
        link
    }
}

/// Path and query without the token.
fn address(call: &Call) -> String {
    let kept = call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(NAME));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if query.is_empty() { call.path.clone() } else { format!("{}?{query}", call.path) }
}
