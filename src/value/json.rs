//! JSON text to values and back, one property at a time.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Value, is_annotation};

/// A property name, borrowed where it holds no escape.
pub(super) struct Name;

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// The value that a JSON text stands for; `Null` where it is no JSON, which the decoder of a page has excluded.
///
/// Numbers are read as text and not through serde's number types, which would round what they cannot hold.
pub fn decode(text: &str) -> Value<'_> {
    decode_at(text, DEEPEST)
}

/// How many lists and objects may lie in each other. What lies deeper stays JSON text, since a reader that calls itself
/// for every level would let a reply of brackets exhaust the stack.
const DEEPEST: usize = 64;

fn decode_at(text: &str, levels: usize) -> Value<'_> {
    match text.trim_start().as_bytes().first() {
        Some(b'"') => {
            let mut reader = serde_json::Deserializer::from_str(text);
            Name.deserialize(&mut reader).map_or_else(|_| torn(text), Value::Text)
        }
        Some(b'{' | b'[') if levels == 0 => Value::Text(Cow::Borrowed(text)),
        Some(b'{' | b'[') => {
            let mut reader = serde_json::Deserializer::from_str(text);
            reader.deserialize_any(Nested { levels: levels - 1 }).unwrap_or(Value::Null)
        }
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'-' | b'0'..=b'9') => Value::Number(Cow::Borrowed(text.trim())),
        _ => Value::Null,
    }
}

/// A string that holds half of a pair of surrogates, as of a name that was cut within an emoji. The half is replaced, and
/// the rest is kept.
fn torn(text: &str) -> Value<'_> {
    let Ok(bytes) = serde_json::Deserializer::from_str(text).deserialize_bytes(Bytes) else {
        return Value::Null;
    };
    let mut whole = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        whole.push_str(chunk.valid());
        // The first of the three bytes of a half; the others stand alone.
        if chunk.invalid().first() == Some(&0xed) {
            whole.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Value::Text(whole.into())
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(bytes.to_vec())
    }
}

struct Nested {
    levels: usize,
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(raw) = list.next_element::<&'de RawValue>()? {
            items.push(decode_at(raw.get(), self.levels));
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key_seed(Name)? {
            let raw: &'de RawValue = map.next_value()?;
            if !is_annotation(&name) {
                fields.push((name, decode_at(raw.get(), self.levels)));
            }
        }
        Ok(Value::Object(fields))
    }
}

/// Appends a value as compact JSON.
pub(super) fn write_value(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(text) => out.extend_from_slice(text.as_bytes()),
        Value::Text(text) => write_string(text, out),
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            out.push(b'{');
            for (at, (name, item)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_string(name, out);
                out.push(b':');
                write_value(item, out);
            }
            out.push(b'}');
        }
    }
}

/// Appends a JSON string with its quotes. Control characters are escaped, so none can reach a terminal this way.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    // Writing a string to a vector cannot fail.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_decoded() {
        assert_eq!(decode("null"), Value::Null);
        assert_eq!(decode("true"), Value::Bool(true));
        assert_eq!(decode("-1.50e3"), Value::Number("-1.50e3".into()));
        assert_eq!(decode(r#""aé\n""#), Value::Text("aé\n".into()));
        assert_eq!(decode("[]"), Value::List(vec![]));
        assert_eq!(
            decode(r##"{"a":[1,{"x@odata.type":"#Guid","b":null}]}"##),
            Value::Object(vec![(
                "a".into(),
                Value::List(vec![Value::Number("1".into()), Value::Object(vec![("b".into(), Value::Null)])])
            )])
        );
    }

    #[test]
    fn a_text_that_was_cut_within_a_letter_is_kept_up_to_there() {
        assert_eq!(decode(r#""Anna \ud83d""#), Value::Text("Anna \u{fffd}".into()));
        assert_eq!(decode(r#""\udc4d é\ud83d\ude00 \ud83d!""#), Value::Text("\u{fffd} é😀 \u{fffd}!".into()));
        assert_eq!(decode(r#""\ud83d"#), Value::Null, "no JSON");
    }

    #[test]
    fn a_reply_of_brackets_does_not_exhaust_the_stack() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        let mut value = decode(&text);
        let mut depth = 0;
        while let Value::List(mut items) = value {
            depth += 1;
            value = items.pop().expect("an item");
        }
        assert_eq!(depth, DEEPEST);
        assert!(matches!(value, Value::Text(rest) if rest.len() == 2 * (100_000 - DEEPEST)));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let value = Value::Object(vec![
            ("a\"".into(), Value::List(vec![Value::Null, Value::Bool(false), Value::Number("1.0".into())])),
            ("b".into(), Value::Text("tab\tand é".into())),
        ]);
        let mut out = Vec::new();
        write_value(&value, &mut out);
        assert_eq!(decode(std::str::from_utf8(&out).expect("UTF-8")), value);
    }
}
