//! Replies that repeat what they answer: a service that quotes a header in its error must not make a secret known.

use reqwest::header::HeaderValue;

use super::{Reply, Request};
use crate::secret::{ExposeSecret, blank};

/// The reply without the request's secrets, in all of its headers and, where it is a failure, in its body. The body of
/// a success is data and stays as it is: whoever shows another part of it than the data looks there.
pub(super) fn without_echo(request: &Request, mut reply: Reply) -> Reply {
    let in_headers = request.headers.values().filter(|value| value.is_sensitive()).map(|value| {
        // The scheme before a token is none of the secret.
        value.as_bytes().rsplit(|byte| *byte == b' ').next().unwrap_or_default()
    });
    let in_body = request.secrets.iter().map(|secret| secret.expose_secret().as_bytes());
    for secret in in_headers.chain(in_body) {
        for value in reply.headers.values_mut() {
            if let Some(value_without) = blank(value.as_bytes(), secret) {
                *value = HeaderValue::from_bytes(&value_without).unwrap_or(HeaderValue::from_static(""));
            }
        }
        if !reply.is_success()
            && let Some(body) = blank(&reply.body, secret)
        {
            reply.body = body;
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::StatusCode;
    use crate::http::header::HeaderMap;
    use crate::secret::Secret;

    fn answered(status: StatusCode) -> Reply {
        let url = url::Url::parse("http://localhost/").expect("a URL");
        let request =
            Request::get(url).secret_header("authorization", "Bearer ", &Secret::from("l0ng-t0ken"));
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-diagnostics", HeaderValue::from_static("no l0ng-t0ken"));
        let reply = Reply { status, headers, body: b"Bearer l0ng-t0ken!".to_vec() };
        without_echo(&request.expect("a header"), reply)
    }

    #[test]
    fn a_failure_repeats_no_secret_and_the_data_of_a_success_is_not_touched() {
        for (status, body) in [
            (StatusCode::BAD_REQUEST, b"Bearer REDACTED!".as_slice()),
            (StatusCode::FOUND, b"Bearer REDACTED!"),
            (StatusCode::OK, b"Bearer l0ng-t0ken!"),
        ] {
            let reply = answered(status);
            assert_eq!(reply.body, body);
            assert_eq!(reply.header("x-ms-diagnostics"), Some("no REDACTED"));
        }
    }
}
