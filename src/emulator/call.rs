//! A request as plain data, so that no service depends on the HTTP library.

use http::{HeaderMap, Method, request::Parts};
use hyper::body::Bytes;

use super::quota::Excess;
use super::service::{Scheme, Service};

pub(crate) struct Call {
    pub(crate) service: Service,
    pub(crate) scheme: Scheme,
    /// Host and port as the client named them.
    pub(crate) authority: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Decoded names and values, in the order in which they were sent.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it came when its service would answer no more.
    pub(crate) excess: Option<Excess>,
}

impl Call {
    pub(crate) fn new(service: Service, scheme: Scheme, parts: &Parts, body: Bytes) -> Self {
        let host = parts.headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
        let authority = parts.uri.authority().map(http::uri::Authority::as_str).or(host);
        Self {
            service,
            scheme,
            authority: authority.unwrap_or_default().to_ascii_lowercase(),
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
            headers: parts.headers.clone(),
            body,
            excess: None,
        }
    }

    /// The only value of a header; `None` where it is absent, sent twice or no text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        if values.next().is_some() {
            return None;
        }
        value.to_str().ok()
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", self.scheme.name(), self.authority)
    }

    /// The parts of the path; only what stands outside `('…')` is free of case, so the parts keep theirs.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// The media type of the body, without its parameters.
    pub(crate) fn content_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        value.split(';').next().map(|kind| kind.trim().to_ascii_lowercase())
    }
}

/// Names and values of a query or of a form.
pub(crate) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

pub(crate) fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The same, where it is more than nothing.
pub(crate) fn given<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    find(pairs, name).filter(|value| !value.is_empty())
}

/// The first name that stands there twice.
pub(crate) fn duplicate(pairs: &[(String, String)]) -> Option<&str> {
    pairs.iter().enumerate().find_map(|(index, (name, _))| {
        let twice = pairs[..index].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name));
        twice.then_some(name.as_str())
    })
}

/// The first name that is none of those known.
pub(crate) fn unknown<'a>(pairs: &'a [(String, String)], known: &[&str]) -> Option<&'a str> {
    let known = |name: &str| known.iter().any(|other| other.eq_ignore_ascii_case(name));
    pairs.iter().map(|(name, _)| name.as_str()).find(|name| !known(name))
}

/// What is wrong with the names of a request as a whole, in words for the journal.
pub(crate) fn misnamed(pairs: &[(String, String)], known: &[&str]) -> Option<String> {
    let twice = duplicate(pairs).map(|name| format!("`{name}` was sent twice"));
    twice.or_else(|| unknown(pairs, known).map(|name| format!("the endpoint knows no parameter `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_sent_twice_is_found_whatever_its_case() {
        assert_eq!(duplicate(&pairs(b"resource=a&api-version=1&Resource=b")), Some("Resource"));
        assert_eq!(duplicate(&pairs(b"resource=a&api-version=1")), None);
    }

    #[test]
    fn values_are_decoded() {
        let pairs = pairs(b"resource=https%3A%2F%2Foutlook.office365.com%2F");
        assert_eq!(find(&pairs, "RESOURCE"), Some("https://outlook.office365.com/"));
        assert_eq!(unknown(&pairs, &["api-version"]), Some("resource"));
    }
}
