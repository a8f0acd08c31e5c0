//! A target of `crate::fuzz` in this room: the bodies of replies.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::body::{Collector, Refused};
use super::echo::without_echo;
use super::header::{HeaderMap, HeaderValue};
use super::{Reply, Request, StatusCode};
use crate::fuzz::{PLANTED, planted};

const LIMIT: usize = 1 << 16;

/// A body as it comes: packed or not, whatever its header says of that, and with secrets of the request in it.
pub fn reply_body(bytes: &[u8]) {
    for status in [StatusCode::OK, StatusCode::FORBIDDEN] {
        for encoding in [None, Some("gzip")] {
            let whole = collected(status, encoding, bytes.chunks(usize::MAX), LIMIT);
            let pieces = collected(status, encoding, bytes.chunks(7), LIMIT);
            assert_eq!(whole.as_ref().ok(), pieces.as_ref().ok(), "how it is cut up says nothing");
            assert!(whole.as_ref().is_ok_and(|body| body.len() <= LIMIT) || whole.is_err());
            let is_lost = whole.is_err() && status != StatusCode::OK && bytes.len() <= LIMIT;
            assert!(!is_lost, "what a failure says is shown, and if it is rubbish");
        }
    }
    let packed = packed(bytes);
    if bytes.len() <= LIMIT {
        let read = collected(StatusCode::OK, Some("gzip"), packed.chunks(100), LIMIT).expect("gzip");
        assert_eq!(read, bytes);
    }
    echoed(bytes);
}

pub(super) fn collected<'b>(
    status: StatusCode,
    encoding: Option<&str>,
    mut pieces: impl Iterator<Item = &'b [u8]>,
    limit: usize,
) -> Result<Vec<u8>, Refused> {
    let is_success = status.is_success();
    let mut collector = if is_success {
        Collector::of_success(Vec::new(), encoding, limit)
    } else {
        Collector::of_failure(limit)
    };
    pieces.try_for_each(|piece| collector.push(piece))?;
    if is_success { collector.finish() } else { collector.finish_failure() }
}

pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// A failure that repeats a secret of its request, in a header or in its body, does not make it known.
fn echoed(bytes: &[u8]) {
    let url = url::Url::parse("https://outlook.office365.com/").expect("a URL");
    let request =
        Request::get(url).secret_header("authorization", "Bearer ", &PLANTED.into()).expect("a header");
    let body = planted(bytes);
    let mut headers = HeaderMap::new();
    headers.extend(HeaderValue::from_bytes(&body).ok().map(|value| (super::header::SERVER, value)));
    let reply = without_echo(&request, Reply { status: StatusCode::FORBIDDEN, headers, body });
    let holds = |bytes: &[u8]| {
        bytes.to_ascii_lowercase().windows(PLANTED.len()).any(|part| part == PLANTED.as_bytes())
    };
    assert!(!holds(&reply.body) && !reply.headers.values().any(|value| holds(value.as_bytes())));
}
