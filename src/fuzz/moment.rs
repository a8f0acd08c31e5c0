//! Moments and lengths of time, in every form in which somebody tells them.

use std::time::Duration;

use super::now;
use crate::clock::Clock;
use crate::exchange::fuzz::date;
use crate::http::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use crate::http::{Reply, StatusCode, retry_after};
use crate::identity::fuzz::expiry;

/// The end of a token, a date among parameters, a wait that a server asks for.
pub fn moment(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    expiry(text);
    date(text);
    wait(text);
}

fn wait(text: &str) {
    let Ok(header) = HeaderValue::from_str(text) else { return };
    let read = asked(header);
    let digits = text.trim_matches([' ', '\t']);
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let seconds = Duration::from_secs(digits.parse().expect("nine digits"));
    assert_eq!(read, Some(seconds));
    let date = HeaderValue::from_str(&httpdate::fmt_http_date(now() + seconds)).expect("a header");
    assert_eq!(asked(date), Some(seconds), "the same wait as a date");
}

fn asked(header: HeaderValue) -> Option<Duration> {
    let headers = HeaderMap::from_iter([(RETRY_AFTER, header)]);
    let reply = Reply { status: StatusCode::SERVICE_UNAVAILABLE, headers, body: Vec::new() };
    retry_after(&reply, &Clock::simulated(now()))
}
