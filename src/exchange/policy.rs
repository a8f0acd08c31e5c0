//! What is tried again, and what never: a write must not happen twice.

use std::time::Duration;

use super::{Call, ServiceError};
use crate::http::{Error, Kind, Reply, Series, StatusCode, Verdict};

/// The module waits 2, 4, 8, 16 and 32 seconds.
const PACE: Series = Series::Growing(Duration::from_secs(2));

/// What an outcome is answered with.
pub(super) type Policy = fn(&Result<Reply, Error>) -> Verdict;

/// The policy that a cmdlet calls for.
pub(super) fn of(call: &Call) -> Policy {
    match (&call.entity, call.repeatable) {
        (Some(_), _) => entities,
        (None, true) => reading,
        (None, false) => writing,
    }
}

/// For the `Get-EXO` family, with which the module tries again after a plain 500 too.
fn entities(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if is_full(reply) => Verdict::Busy(PACE),
        Ok(reply) if reply.status == StatusCode::INTERNAL_SERVER_ERROR => Verdict::Again(PACE),
        _ => reading(outcome),
    }
}

/// For cmdlets that read: what the module tries again, and a gateway's 502 and a lost connection besides. A plain 500
/// is an answer. A reply that did not come in sixteen minutes will not come in thirty-two.
pub(super) fn reading(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if is_full(reply) => Verdict::Busy(PACE),
        Ok(reply) if matches!(reply.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) => {
            Verdict::Again(PACE)
        }
        Err(error) if never_left(error) || error.kind == Kind::Lost => Verdict::Again(PACE),
        _ => Verdict::Final,
    }
}

/// For cmdlets that write, the unknown ones among them: only what certainly was not executed. 429 is answered before
/// the cmdlet runs; a connection that was never made carried nothing.
pub(super) fn writing(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => Verdict::Busy(PACE),
        Err(error) if never_left(error) => Verdict::Again(PACE),
        _ => Verdict::Final,
    }
}

/// Whether a write that ended like this may have been executed. An error that the cmdlet itself reported is certain.
pub(super) fn is_in_doubt(error: &Error) -> bool {
    !error.kind.is_before_sending()
}

/// A connection that was never made. A certificate that is not trusted will not be trusted in two seconds.
fn never_left(error: &Error) -> bool {
    error.kind.is_before_sending() && error.kind != Kind::Tls
}

/// Whether the service has no room for a request, by its status or its words. A gateway that got no answer says nothing of
/// that.
fn is_full(reply: &Reply) -> bool {
    if matches!(reply.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return true;
    }
    if reply.is_success() {
        return false;
    }
    let said = ServiceError::from_body(&reply.body);
    said.is_overload() || said.is_concurrency_limit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderMap;

    #[allow(clippy::unnecessary_wraps)] // The form that the policies judge.
    fn reply(status: u16, body: &str) -> Result<Reply, Error> {
        let status = StatusCode::from_u16(status).expect("a status");
        Ok(Reply { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() })
    }

    const OVERLOADED: &str = r#"{"error":{"details":[{"message":"|A.DCOverloadedException|busy"}]}}"#;
    const CONCURRENT: &str =
        "You have reached the maximum number of concurrent requests per tenant. Please wait";

    #[test]
    fn what_is_tried_again_depends_on_whether_it_writes() {
        for (status, body, read_again, write_again) in [
            (200, "", false, false),
            (200, CONCURRENT, false, false),
            (302, "", false, false),
            (400, "", false, false),
            (400, OVERLOADED, true, false),
            (401, "", false, false),
            (403, "", false, false),
            (404, "", false, false),
            (408, "", false, false),
            (409, "", false, false),
            (429, "", true, true),
            (500, "", false, false),
            (500, OVERLOADED, true, false),
            (500, CONCURRENT, true, false),
            (502, "", true, false),
            (503, "", true, false),
            (504, "", true, false),
        ] {
            let (again, busy) = (Verdict::Again(PACE), Verdict::Busy(PACE));
            let expected = |is_again| match is_again {
                true if matches!(status, 429 | 503) || !body.is_empty() => busy,
                true => again,
                false => Verdict::Final,
            };
            assert_eq!(reading(&reply(status, body)), expected(read_again), "reading {status} {body}");
            assert_eq!(writing(&reply(status, body)), expected(write_again), "writing {status} {body}");
            let entities_again = expected(read_again || status == 500);
            assert_eq!(entities(&reply(status, body)), entities_again, "entities {status} {body}");
        }
    }
}
