//! What is tried again. Waiting for a grant to show is no retry and stands with the grants.

use std::time::Duration;

use super::error::ServiceError;
use crate::http::{Error, Kind, Reply, Series, StatusCode, Verdict};

/// Graph names its own wait in most refusals for load; without one, these grow from a second.
const PACE: Verdict = Verdict::Again(Series::Growing(Duration::from_secs(1)));

/// For what only reads: throttling, overload, a lost connection. Graph's documentation calls a plain 500 an error inside
/// the service and has it tried again as well.
pub(super) fn reading(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS || reply.status.is_server_error() => PACE,
        Err(error) if never_left(error) || error.kind == Kind::Lost => PACE,
        _ => Verdict::Final,
    }
}

/// For what makes something: only what certainly did not happen. An identity that was made a moment ago is not known to
/// every server of the directory yet, and one that does not know it has done nothing.
pub(super) fn creating(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if ServiceError::of(reply).is_not_replicated() => PACE,
        _ => removing(outcome),
    }
}

/// For what takes something away, which may be gone already: then the same words are the answer.
pub(super) fn removing(outcome: &Result<Reply, Error>) -> Verdict {
    match outcome {
        Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => PACE,
        Err(error) if never_left(error) => PACE,
        _ => Verdict::Final,
    }
}

/// A connection that was never made. A certificate that is not trusted will not be trusted in a second.
fn never_left(error: &Error) -> bool {
    error.kind.is_before_sending() && error.kind != Kind::Tls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderMap;

    fn reply(status: u16, message: &str) -> Reply {
        let body = format!(r#"{{"error":{{"code":"x","message":"{message}"}}}}"#).into_bytes();
        Reply { status: StatusCode::from_u16(status).expect("a status"), headers: HeaderMap::new(), body }
    }

    #[test]
    fn what_reads_is_tried_again_where_the_service_failed_and_what_writes_where_nothing_happened() {
        let replica =
            "Resource 'x' does not exist or one of its queried reference-property objects are not present.";
        for (status, message, again) in [
            (200, "", [false, false, false]),
            (400, "", [false, false, false]),
            (403, "", [false, false, false]),
            (404, "", [false, false, false]),
            (404, replica, [false, true, false]),
            (400, replica, [false, true, false]),
            (429, "", [true, true, true]),
            (500, "", [true, false, false]),
            (503, "", [true, false, false]),
            (504, "", [true, false, false]),
        ] {
            let outcome = Ok(reply(status, message));
            let verdicts = [reading, creating, removing].map(|policy| policy(&outcome) == PACE);
            assert_eq!(verdicts, again, "{status} {message}");
        }
    }
}
