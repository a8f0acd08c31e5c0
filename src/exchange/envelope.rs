//! The envelope around a page: `value`, the next link, warnings, errors.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::page::Page;
use super::service_error::ServiceError;

/// Why a success could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The body is no text.
    #[error("the reply is no UTF-8 text")]
    NotText,
    /// The body is no JSON of the known shape.
    #[error("the reply is not the JSON that this API sends (after {at} bytes)")]
    NotJson {
        /// How many bytes of it could be read.
        at: usize,
    },
    /// The body is something else than an object; a proxy or a login page answers like that.
    #[error("the reply is not the JSON object that this API sends")]
    NotAnEnvelope,
    /// A row is something else than an object.
    #[error("the reply holds a row that is no object")]
    NotAnObject,
    /// A page that another one promised is no page at all.
    #[error("the reply to the link of a next page is empty")]
    Nothing,
    /// The reply to a batch leaves one of its requests out.
    #[error("the reply to the batch does not answer it")]
    NotAnswered,
}

#[derive(Deserialize)]
struct Wire<'p> {
    #[serde(borrow, default)]
    value: Option<Vec<&'p RawValue>>,
    #[serde(rename = "@odata.nextLink", default)]
    next_link: Option<String>,
    #[serde(borrow, rename = "@adminapi.warnings", default)]
    warnings: Option<&'p RawValue>,
    #[serde(borrow, rename = "@adminapi.errors", default)]
    errors: Option<&'p RawValue>,
    #[serde(borrow, default)]
    error: Option<&'p RawValue>,
    #[serde(rename = "@adminapi.confirmationmessage", default)]
    confirmation: Option<String>,
}

/// Reads the body of a success. An absent, a null and an empty `value` all mean that there is nothing, and so does an
/// empty body, which cmdlets that return nothing may have. At the addresses of the `Get-EXO` family, one object may stand
/// without an envelope.
pub(super) fn read(body: Vec<u8>, entity: bool) -> Result<Page, Unreadable> {
    let text = String::from_utf8(body).map_err(|_| Unreadable::NotText)?;
    let json = text.trim_start_matches('\u{feff}').trim();
    if json.is_empty() {
        return Ok(Page { text, ..Page::default() });
    }
    if !json.starts_with('{') {
        // A derived reader would take a list for the fields in their order.
        return Err(Unreadable::NotAnEnvelope);
    }
    let wire: Wire<'_> = serde_json::from_str(json)
        .map_err(|error| Unreadable::NotJson { at: offset(json.as_bytes(), &error) })?;
    if wire.value.is_none() && !is_of_this_api(json) {
        return Err(Unreadable::NotAnEnvelope);
    }
    let single = (entity && wire.value.is_none() && wire.error.is_none()).then_some(json);
    let rows = wire.value.into_iter().flatten().map(RawValue::get).chain(single).collect();
    let mut spans = Vec::new();
    collect(rows, &text, &mut spans)?;
    let warnings = list(wire.warnings.map(RawValue::get)).into_iter().map(plain).collect();
    // A stream of rows may break off with an error of its own after some of them.
    let broken = wire.error.map(|error| ServiceError::from_body(error.get().as_bytes()));
    let errors = list(wire.errors.map(RawValue::get))
        .into_iter()
        .map(|raw| ServiceError::from_text(&plain(raw)))
        .chain(broken)
        .collect();
    let next_link = wire.next_link.filter(|link| !link.is_empty());
    let confirmation = wire.confirmation;
    let objects = spans.len();
    Ok(Page { text, rows: spans, objects, next_link, warnings, errors, confirmation, ..Page::default() })
}

/// Where rows lie in the text that they are parts of. A null is no row.
fn collect(rows: Vec<&str>, text: &str, spans: &mut Vec<Range<usize>>) -> Result<(), Unreadable> {
    for row in rows.into_iter().filter(|row| *row != "null") {
        if !row.starts_with('{') {
            return Err(Unreadable::NotAnObject);
        }
        let from = row.as_ptr() as usize - text.as_ptr() as usize;
        spans.push(from..from + row.len());
    }
    Ok(())
}

/// Where in a text something was seen to be wrong. The error's own text quotes the reply, which may hold anything.
pub(super) fn offset(text: &[u8], error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    lines.map(<[u8]>::len).sum::<usize>() + error.column()
}

/// Whether a reply has any member by which this API is known, or none at all; a login page of a proxy has others.
fn is_of_this_api(json: &str) -> bool {
    #[allow(clippy::zero_sized_map_values)] // A set cannot be read from an object.
    let members: BTreeMap<Cow<'_, str>, IgnoredAny> = serde_json::from_str(json).unwrap_or_default();
    let known =
        |name: &str| matches!(name, "value" | "error") || name.starts_with('@') || name.contains("@odata");
    members.is_empty() || members.keys().any(|name| known(name))
}

/// The elements of a list; of anything else but null, that one thing. No source settles which of the two comes.
pub(super) fn list(text: Option<&str>) -> Vec<&str> {
    let Some(text) = text else { return Vec::new() };
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(items) => items.into_iter().map(RawValue::get).collect(),
        Err(_) => Some(text).filter(|text| *text != "null").into_iter().collect(),
    }
}

/// A JSON string's content, or the JSON text of anything else.
fn plain(raw: &str) -> String {
    serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::entity::Nested;
    use super::super::fuzz::arriving;
    use super::super::reader::Keep;
    use super::*;
    use crate::value::Value;

    fn decode(body: impl AsRef<[u8]>, entity: bool) -> Result<Page, Unreadable> {
        arriving(body.as_ref(), usize::MAX, Keep::Objects, entity)
    }

    fn page(body: &str) -> Page {
        decode(body, false).unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    #[test]
    fn a_page_as_the_service_sends_it_is_read() {
        let page = page(
            r##"{"@odata.context":"https://x/$metadata#Collection(Exchange.GenericHashTable)",
                "adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":["slow \"today\""],
                "@odata.nextLink":"https://x/next","value":[{"Name":"a"}, {"Name":"b"}]}"##,
        );
        let names: Vec<_> = page.rows().flat_map(|row| row.project(&["Name"])).collect();
        assert_eq!(names, [Some(Value::from("a")), Some(Value::from("b"))]);
        assert_eq!(page.next_link.as_deref(), Some("https://x/next"));
        assert_eq!(page.warnings, ["slow \"today\""]);
    }

    #[test]
    fn every_way_to_say_nothing_is_an_empty_page() {
        for body in [
            "",
            "  ",
            "{}",
            r#"{"value":null}"#,
            r#"{"value":[]}"#,
            r#"{"value":[null],"@adminapi.warnings":null}"#,
        ] {
            assert!(page(body).is_empty(), "{body}");
        }
    }

    #[test]
    fn an_error_that_ends_a_stream_of_rows_is_kept_beside_them() {
        let broken = page(r#"{"value":[{"Name":"a"}],"error":{"code":"x","message":"the stream broke"}}"#);
        assert_eq!((broken.len(), broken.errors[0].message.as_str()), (1, "the stream broke"));
        assert_eq!(page(r#"{"error":{"message":"m"}}"#).errors.len(), 1);
        let single = page(r#"{"value":[],"@adminapi.errors":"Ex1|A.B|one","@adminapi.warnings":"slow"}"#);
        assert_eq!((single.errors[0].message.as_str(), single.warnings[0].as_str()), ("one", "slow"));
    }

    #[test]
    fn the_question_of_a_validation_call_is_kept() {
        let page = page(r#"{"value":[],"@adminapi.confirmationmessage":"Removing x."}"#);
        assert_eq!(page.confirmation.as_deref(), Some("Removing x."));
    }

    #[test]
    fn errors_inside_a_success_are_kept_in_any_form() {
        let page = page(r#"{"value":[],"@adminapi.errors":["Ex1|A.B|one",{"message":"two"}]}"#);
        let texts: Vec<_> = page.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(texts, ["one", "two"]);
    }

    #[test]
    fn what_is_no_page_is_an_error_and_no_panic() {
        for body in [
            "<html>",
            "[]",
            r#"{"login":"required"}"#,
            "{",
            r#"{"value":{}}"#,
            r#"{"value":["x"]}"#,
            r#"{"value":[1]}"#,
            "\"x\"",
            "null",
        ] {
            assert!(decode(body, false).is_err(), "{body}");
        }
        assert!(decode([0xff, 0xfe], false).is_err());
        assert!(decode([0; 64], false).is_err());
    }

    /// A reply in the likeness of the service's, of which pieces are missing, doubled or of another kind.
    fn likeness() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            Just("null".to_owned()),
            Just("[]".to_owned()),
            Just("[null,{}]".to_owned()),
            Just(r#"[{"RuleIdentity":15394007230974001153,"LastUsedDate(DateTime])":"x"}]"#.to_owned()),
            Just(r#"[{"A":{"value":[1]}},2]"#.to_owned()),
            "[-0-9a-z\"{}\\[\\],:]{0,12}",
        ];
        let name = prop_oneof![
            Just("value"),
            Just("@odata.nextLink"),
            Just("@adminapi.warnings"),
            Just("@adminapi.errors"),
            Just("@adminapi.confirmationmessage"),
            Just("error"),
            Just("Name"),
        ];
        prop::collection::vec((name, value), 0..5).prop_map(|members| {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        })
    }

    proptest! {
        #[test]
        fn rubbish_is_a_page_or_an_error(body in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&body, false);
            for nested in [Nested::MAILBOX_PERMISSION, Nested::RECIPIENT_PERMISSION] {
                let _ = decode(&body, true).and_then(|mut page| nested.unfold(&mut page));
            }
        }

        #[test]
        fn the_rows_of_a_page_are_objects_within_its_text(body in likeness(), entity in any::<bool>()) {
            if let Ok(page) = decode(&body, entity) {
                for text in page.texts() {
                    let is_object = text.starts_with('{') && text.ends_with('}');
                    prop_assert!(is_object && body.contains(text));
                }
            }
        }
    }
}
