//! The faults, in the order of the table.

use std::io::Write;
use std::sync::LazyLock;

use exo_mi::stop::Signal;

use super::Place;
use super::address::{self, Address};
use crate::server::{Step, reply};

pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// There is no such address, or no connection to it.
    Address(fn() -> Address),
    /// What comes back.
    Answer(fn(Place) -> Step),
    /// What comes back and does not end, until time is up.
    Stalled(fn(Place) -> Step),
    /// What a next page is answered with.
    Page(fn() -> Step),
    /// Where the next page is said to be.
    Link(&'static str),
}

const fn answer(name: &'static str, step: fn(Place) -> Step) -> Fault {
    Fault { name, kind: Kind::Answer(step) }
}

const fn stalled(name: &'static str, step: fn(Place) -> Step) -> Fault {
    Fault { name, kind: Kind::Stalled(step) }
}

const fn address(name: &'static str, address: fn() -> Address) -> Fault {
    Fault { name, kind: Kind::Address(address) }
}

const fn link(name: &'static str, link: &'static str) -> Fault {
    Fault { name, kind: Kind::Link(link) }
}

pub(super) const FAULTS: &[Fault] = &[
    address("the name is not found", address::unknown_name),
    address("connection refused", address::refused),
    address("connection not made in time", address::silent),
    address("TLS: certificate expired", address::expired),
    address("TLS: certificate of another host", address::other_host),
    address("TLS: certificate of an unknown authority", address::unknown_authority),
    address("TLS: only an old protocol", address::old_protocol),
    answer("closed before the reply", |_| Step::silence().then_close()),
    answer("reset before the reply", |_| Step::silence().then_reset()),
    answer("reset within the headers", |_| Step::raw("HTTP/1.1 200 OK\r\nContent-Ty").then_reset()),
    answer("reset within the body", |_| begun(50).then_reset()),
    answer("closed within the body", |_| begun(50).then_close()),
    answer("closed within a chunked body", |_| {
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"value\":[\r\n").then_close()
    }),
    answer("closed before a body whose end only the close tells", |_| {
        Step::raw("HTTP/1.1 200 OK\r\n\r\n").then_close()
    }),
    stalled("stalled before the reply", |_| Step::silence().then_stall()),
    stalled("stalled within the body", |_| begun(50).then_stall()),
    stalled("a slow drip that does not end", |_| begun(1 << 20).then_drip()),
    answer("Ctrl-C before the reply", |_| Step::silence().then_order(Signal::Interrupt)),
    answer("SIGTERM within the body", |_| begun(50).then_order(Signal::Terminate)),
    answer("a body above the limit", |_| begun(LARGE).then_flood(LARGE)),
    answer("a gzip bomb", |_| reply(200).header("Content-Encoding", "gzip").body(bomb()).into()),
    answer("gzip that is none", |_| reply(200).header("Content-Encoding", "gzip").body("no gzip").into()),
    answer("gzip that is cut", |place| {
        let packed = gzip(place.body().as_bytes());
        reply(200).header("Content-Encoding", "gzip").body(&packed[..packed.len() - 9]).into()
    }),
    answer("NUL bytes", |_| reply(200).json([0; 512]).into()),
    answer("HTML", |_| reply(200).header("Content-Type", "text/html").body("<html>Sign in</html>").into()),
    answer("invalid UTF-8", |_| reply(200).json(b"{\"value\":[{\"Name\":\"\xff\"}]}").into()),
    answer("invalid JSON", |_| reply(200).json("{\"value\":[").into()),
    answer("the right body as text/html", |place| {
        reply(200).header("Content-Type", "text/html").body(place.body()).into()
    }),
    answer("200 without a body", |_| reply(200).into()),
    answer("200 with errors inside", |place| match place {
        Place::Identity => reply(200).json(r#"{"error":"server_error","error_description":"later"}"#).into(),
        _ => reply(200).json(r#"{"value":[],"@adminapi.errors":["Ex1|A.B.C|no"]}"#).into(),
    }),
    answer("302 to another host", |_| reply(302).header("Location", "https://example.test/").into()),
    answer("307 to the same host", |_| reply(307).header("Location", "{origin}/x").into()),
    answer("400", |_| said(400, "Ex1|A.B.BadException|no")),
    answer("401", |_| reply(401).into()),
    answer("403", |_| reply(403).into()),
    answer("403 of NUL bytes that claims gzip", |_| {
        reply(403).header("Content-Encoding", "gzip").body([0; 512]).into()
    }),
    answer("404", |_| said(404, "Ex1|A.B.ManagementObjectNotFoundException|no")),
    answer("408", |_| reply(408).into()),
    answer("409", |_| reply(409).into()),
    answer("410", |_| reply(410).into()),
    answer("429", |_| reply(429).into()),
    answer("429, Retry-After: 7", |_| later(429, "7")),
    answer("429, Retry-After: 1.5", |_| later(429, "1.5")),
    answer("429, Retry-After: 0", |_| later(429, "0")),
    answer("429, Retry-After: a date in 20 s", |_| later(429, "Fri, 15 Jan 2027 08:00:20 GMT")),
    answer("429, Retry-After: -5", |_| later(429, "-5")),
    answer("429, Retry-After: soon", |_| later(429, "soon")),
    answer("429, Retry-After: 301", |_| later(429, "301")),
    answer("429, Retry-After: 1e300", |_| later(429, "1e300")),
    answer("500 without a word", |_| reply(500).into()),
    answer("500 in plain words", |_| reply(500).body("Internal Server Error").into()),
    answer("500 with an exception of the cmdlet", |_| said(500, "Ex1|A.B.BrokenException|no")),
    answer("500 with an exception of overload", |_| said(500, "|A.B.DCOverloadedException|busy")),
    answer("502", |_| reply(502).into()),
    answer("503", |_| reply(503).into()),
    answer("503, Retry-After: 7", |_| later(503, "7")),
    answer("504", |_| reply(504).into()),
    Fault { name: "400, expired page token", kind: Kind::Page(expired) },
    link("next link to another host", "https://example.test/next"),
    link("next link to another port", "http://127.0.0.1:1/next"),
    link("next link that is no address", "/next"),
    link("next link to where it came from", "{origin}/next"),
    link(
        "next link to the first page",
        "{origin}/adminapi/beta/5f0f6c3a-7a53-4a0b-9d0e-2f4a5b6c7d8e/InvokeCommand",
    ),
];

/// More than any reply may have.
const LARGE: usize = (256 << 20) + 1;

/// The beginning of a reply with so many bytes.
fn begun(length: usize) -> Step {
    Step::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{\"value\":["))
}

fn later(status: u16, wait: &str) -> Step {
    reply(status).header("Retry-After", wait).into()
}

/// An error as Exchange and the identity endpoints write it, so that one body serves both.
fn said(status: u16, text: &str) -> Step {
    let details = serde_json::json!({"error": {"code": "BadRequest", "details": [{"message": text}]}});
    reply(status).json(details.to_string()).into()
}

fn expired() -> Step {
    said(400, "Expired or Invalid pagination request. Default Expiry time is 00:30:00")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("gzip")
}

/// Blanks, one more of them than any answer may have.
fn bomb() -> &'static [u8] {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&vec![b' '; LARGE]));
    &BOMB
}
