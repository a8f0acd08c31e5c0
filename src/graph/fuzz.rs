//! The part of a target of `crate::fuzz` in this room: what Microsoft Graph says when it refuses.

use super::error::{Error, Refusal, ServiceError};
use crate::fuzz::assert_printable;
use crate::http::header::HeaderMap;
use crate::http::{Reply, StatusCode};

/// The body of a failure.
pub(crate) fn service_error(bytes: &[u8]) {
    for status in [302, 400, 401, 403, 404, 409, 429, 500] {
        let code = StatusCode::from_u16(status).expect("a status");
        let reply = Reply { status: code, headers: HeaderMap::new(), body: bytes.to_vec() };
        let refusal = Refusal {
            what: "read".to_owned(),
            status,
            said: ServiceError::of(&reply),
            retry_after: None,
            redirect: None,
            request_id: None,
            client_request_id: uuid::Uuid::nil(),
            attempts: 1,
            elapsed: std::time::Duration::ZERO,
            caller: None,
        };
        let _ = refusal.said.is_duplicate(status);
        assert_printable(&Error::Refused { refusal: Box::new(refusal) }.into());
    }
}
