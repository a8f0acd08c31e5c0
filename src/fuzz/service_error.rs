//! What Exchange and Microsoft Graph say when they refuse, up to what is printed of it.

use super::assert_printable;
use crate::exchange::{self, Refusal, ServiceError};
use crate::failure::Failure;
use crate::session;

/// The body of a failure, and one of the texts in it.
pub fn service_error(bytes: &[u8]) {
    crate::graph::fuzz::service_error(bytes);
    let said = ServiceError::from_body(bytes);
    for status in [302, 400, 401, 403, 404, 429, 500, 503] {
        assert_printable(&refused(status, said.clone()));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let said = ServiceError::from_text(text);
        assert!(said.message.len() <= text.len(), "nothing is added");
        // Where nothing is inside, the words are what is said.
        let plain = !text.contains('|') && serde_json::from_str::<serde_json::Value>(text).is_err();
        assert!(!plain || said.message == text.trim());
    }
}

fn refused(status: u16, said: ServiceError) -> Failure {
    let refusal = Refusal {
        cmdlet: "Get-Mailbox".to_owned(),
        writes: status.is_multiple_of(2),
        later_page: false,
        status,
        said,
        diagnostics: None,
        redirect: None,
        retry_after: None,
        request_id: None,
        client_request_id: uuid::Uuid::nil(),
        attempts: 1,
        elapsed: std::time::Duration::ZERO,
    };
    let error = exchange::Error::Refused { refusal: Box::new(refusal) };
    session::Error::Exchange { error, claims: None }.into()
}
