//! What of a request may be shown: by allow-list, so that a secret in an unforeseen place stays hidden.

use http::HeaderMap;

use super::call::Call;

const HIDDEN: &str = "(hidden)";

/// Headers whose values are neither secret nor personal.
const SHOWN_HEADERS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "client-request-id",
    "commandname",
    "connection-id",
    "content-length",
    "content-type",
    "metadata",
    "prefer",
    "traceparent",
    "user-agent",
    "warningaction",
    "x-anchormailbox",
    "x-clientapplication",
    "x-cmdletname",
    "x-responseformat",
];

/// Query names whose values are neither.
const SHOWN_PARAMETERS: &[&str] = &[
    "api-version",
    "bypass_cache",
    "client_id",
    "clientid",
    "mi_res_id",
    "msi_res_id",
    "object_id",
    "principal_id",
    "principalid",
    "resource",
    "version",
    "$select",
    "$top",
    "propertyset",
    "isencoded",
];

/// Every header name, with the value of those that may be shown.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), header(name.as_str(), value.as_bytes()))).collect()
}

fn header(name: &str, value: &[u8]) -> String {
    if SHOWN_HEADERS.contains(&name) { printable(&String::from_utf8_lossy(value)) } else { HIDDEN.to_owned() }
}

/// The path, and the query with the values of known names.
pub(crate) fn target(call: &Call) -> String {
    let mut target = printable(&call.path);
    for (index, (name, value)) in call.query.iter().enumerate() {
        let shown = SHOWN_PARAMETERS.contains(&name.to_ascii_lowercase().as_str());
        let value = if shown { value } else { HIDDEN };
        let mark = if index == 0 { '?' } else { '&' };
        target.push_str(&printable(&format!("{mark}{name}={value}")));
    }
    target
}

/// The text without control characters and without those that turn the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|&c| !c.is_control() && !turns(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_header_that_nobody_thought_of_is_hidden() {
        let mut sent = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer s3cret"),
            ("x-identity-header", "s3cret"),
            ("secret", "s3cret"),
            ("cookie", "a=s3cret"),
            ("x-new", "s3cret"),
        ] {
            sent.insert(name, HeaderValue::from_static(value));
        }
        sent.insert("prefer", HeaderValue::from_static("odata.maxpagesize=2"));
        let shown = headers(&sent);
        assert!(shown.iter().all(|(_, value)| !value.contains("s3cret")), "{shown:?}");
        assert!(shown.contains(&("prefer".into(), "odata.maxpagesize=2".into())), "{shown:?}");
    }
}
