//! What is sent and what comes back.

use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use tracing::Span;
use url::Url;

use super::Trace;
use crate::secret::{ExposeSecret, Secret};

/// One request, ready to be sent as often as it takes.
#[derive(Clone)]
pub struct Request {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// All headers; secret ones are marked as such.
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// Secrets that the body holds, so that a reply that repeats them does not make them known.
    pub secrets: Vec<Secret>,
    /// How long the complete reply may take.
    pub timeout: Duration,
    /// How many bytes of reply are accepted, counted after decompression.
    pub limit: usize,
    /// The trace that it is a part of. Each attempt tells its own number in it.
    pub trace: Option<Trace>,
}

/// A complete reply.
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed where it could be.
    pub body: Vec<u8>,
}

impl Request {
    /// A GET with nothing in it. A reply may take twenty seconds and hold one mebibyte unless changed.
    ///
    /// A user name and a password in the address are left out: the HTTP library would make a header of them.
    pub fn get(mut url: Url) -> Self {
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
            secrets: Vec::new(),
            timeout: Duration::from_secs(20),
            limit: 1 << 20,
            trace: None,
        }
    }

    /// A POST with this body.
    pub fn post(url: Url, body: Vec<u8>) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(url) }
    }

    /// A DELETE with nothing in it.
    pub fn delete(url: Url) -> Self {
        Self { method: Method::DELETE, ..Self::get(url) }
    }

    /// The same request with one more header. A value that no header can carry is left out; callers pass constants,
    /// GUIDs and numbers.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The same request with a header that must never be shown. Returns `None` where the secret has bytes that no
    /// header can carry: sending the request without it would only hide what is wrong.
    pub fn secret_header(mut self, name: &'static str, prefix: &str, secret: &Secret) -> Option<Self> {
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())).ok()?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Some(self)
    }

    /// What its lines in a log stand in: its number, where it has one, else whatever it is a part of.
    pub fn span(&self) -> Span {
        let id = self.headers.get("client-request-id").and_then(|value| value.to_str().ok());
        id.map_or_else(Span::none, span_of)
    }

    /// Scheme, host and port: what may be shown of the address.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// What the lines of a log stand in that belong to a request, so that each has the number by which the service finds it.
///
/// It is of the highest level, so that no line is without it where less than all is said.
pub fn span_of(client_request_id: impl fmt::Display) -> Span {
    tracing::error_span!("request", %client_request_id)
}

impl Reply {
    /// A header as text; `None` where it is absent or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }
}

/// Response headers that may be shown. Everything else, cookies above all, stays hidden: an allow-list fails safe
/// when the service grows a new header.
const SHOWN: [&str; 14] = [
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "retry-after",
    "request-id",
    "server",
    "x-calculatedbetarget",
    "x-feserver",
    "x-beserver",
    "x-ms-diagnostics",
    "x-exceptiontype",
    "rate-limit-remaining",
    "rate-limit-reset",
];

impl fmt::Debug for Request {
    /// Method and address without the query, whose values may be identifiers, and the names of the headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        write!(f, "{} {}{} headers {names:?}", self.method, self.origin(), self.url.path())?;
        write!(f, " body {} bytes", self.body.as_ref().map_or(0, Vec::len))
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} body {} bytes", self.status.as_u16(), self.body.len())?;
        for name in SHOWN {
            if let Some(value) = self.header(name) {
                write!(f, " {name}={value:?}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_request_hides_secrets_and_query_and_shows_the_rest() {
        let url = Url::parse("http://169.254.169.254/metadata/identity/oauth2/token?client_id=1111")
            .expect("a URL");
        let request = Request::get(url)
            .header("metadata", "true")
            .secret_header("authorization", "Bearer ", &Secret::from("t0ken"))
            .expect("a header");
        let shown = format!("{request:?}");
        assert!(shown.contains("GET http://169.254.169.254/metadata/identity/oauth2/token"), "{shown}");
        assert!(
            shown.contains("authorization") && !shown.contains("t0ken") && !shown.contains("1111"),
            "{shown}"
        );
    }

    #[test]
    fn debug_of_a_reply_shows_an_allow_list_of_headers() {
        let mut headers = HeaderMap::new();
        headers.insert("set-cookie", HeaderValue::from_static("affinity=s3cret"));
        headers.insert("request-id", HeaderValue::from_static("6f0c"));
        let reply = Reply { status: StatusCode::OK, headers, body: b"s3cret".to_vec() };
        let shown = format!("{reply:?}");
        assert!(shown.contains("200") && shown.contains("6f0c") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn credentials_in_an_address_are_not_part_of_a_request() {
        let url = Url::parse("http://user:word@localhost:8080/x?y=z").expect("a URL");
        assert_eq!(Request::post(url, Vec::new()).url.as_str(), "http://localhost:8080/x?y=z");
    }

    #[test]
    fn a_secret_that_no_header_can_carry_is_refused() {
        let url = Url::parse("http://localhost/").expect("a URL");
        assert!(Request::get(url).secret_header("x-identity-header", "", &Secret::from("a\r\nb")).is_none());
    }
}
