//! An object of the tenant as it goes over the wire: properties in the server's order, each value as JSON text, and
//! before a value the annotations on its type.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Keys and JSON texts in order. A key with `@` annotates the property before the `@`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(Vec<(String, String)>);

/// The properties that a request wants; `None` means all.
pub(crate) type Columns = Option<Vec<String>>;

impl Record {
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, json)| (key.as_str(), json.as_str()))
    }

    /// The JSON text of a property, by its exact or differently cased name.
    pub(crate) fn json(&self, property: &str) -> Option<&str> {
        self.entries().find(|(key, _)| key.eq_ignore_ascii_case(property)).map(|(_, json)| json)
    }

    /// The text of a property that is a string.
    pub(crate) fn text(&self, property: &str) -> Option<String> {
        self.json(property).and_then(|json| serde_json::from_str(json).ok())
    }

    /// Whether an annotation says that a property is a date, even where it is null.
    pub(crate) fn is_date(&self, property: &str) -> bool {
        let annotation = format!("{property}@data.type");
        self.json(&annotation) == Some("\"System.DateTime\"")
    }

    /// The same properties with the values of another object, where it has them.
    #[must_use]
    pub(crate) fn overlaid(&self, other: &Self) -> Self {
        let overlay =
            |(key, json): (&str, &str)| (key.to_owned(), other.json(key).unwrap_or(json).to_owned());
        Self(self.entries().map(overlay).collect())
    }

    /// Sets a property that exists; tells whether that changed it. The annotation is put before the value if there was
    /// none, as where a list or a date takes the place of nothing.
    pub(crate) fn set(&mut self, property: &str, json: &str, annotation: Option<(&str, &str)>) -> bool {
        let Some(place) = self.0.iter().position(|(key, _)| key.eq_ignore_ascii_case(property)) else {
            return false;
        };
        if self.0[place].1 == json {
            return false;
        }
        json.clone_into(&mut self.0[place].1);
        if let Some((kind, name)) = annotation {
            let key = format!("{}@{kind}", self.0[place].0);
            if self.json(&key).is_none() {
                self.0.insert(place, (key, Value::from(name).to_string()));
            }
        }
        true
    }

    /// Puts a value in the place of the key, whose type is not part of its name, or at the end.
    pub(crate) fn put(&mut self, key: &str, json: &str) {
        let name = |key: &str| key.split('#').next().unwrap_or_default().to_owned();
        match self.0.iter_mut().find(|(other, _)| name(other) == name(key)) {
            Some((_, value)) => json.clone_into(value),
            None => self.0.push((key.to_owned(), json.to_owned())),
        }
    }

    /// The same keys with other values.
    pub(crate) fn mapped(self, map: impl Fn(&str) -> String) -> Self {
        Self(self.0.into_iter().map(|(key, json)| (key, map(&json))).collect())
    }

    /// The record with annotations in place of the types in its keys. Nothing is said about null.
    pub(crate) fn annotated(self) -> Self {
        let mut entries = Vec::with_capacity(self.0.len() * 2);
        for (key, json) in self.0 {
            let (name, kind) = key.split_once('#').unwrap_or((&key, ""));
            let annotations = match (kind, json.as_str()) {
                (_, "null") => &[][..],
                (_, list) if list.starts_with('[') => &[LIST],
                ("Guid", _) => &[("data.type", "System.Guid"), ("odata.type", "#Guid")],
                ("DateTime", _) => &[DATE],
                ("Int16", _) => &[("data.type", "System.Int16"), ("odata.type", "#Int16")],
                ("Int32", _) => &[NUMBER],
                ("UInt16", _) => &[("odata.type", "#Decimal")],
                _ => &[],
            };
            for (kind, text) in annotations {
                entries.push((format!("{name}@{kind}"), Value::from(*text).to_string()));
            }
            entries.push((name.to_owned(), json));
        }
        Self(entries)
    }

    /// The members of an object of objects; a text that is none has no members.
    pub(crate) fn read_all(text: &str) -> Vec<(String, Self)> {
        let outer: Self = serde_json::from_str(text).unwrap_or_default();
        outer.0.into_iter().filter_map(|(key, json)| Some((key, serde_json::from_str(&json).ok()?))).collect()
    }

    /// What the organization's admin sees: keys that begin with `$` serve the emulator alone.
    pub(crate) fn visible(&self, annotated: bool) -> impl Iterator<Item = (&str, &str)> {
        self.entries().filter(move |(key, _)| !key.starts_with('$') && (annotated || !key.contains('@')))
    }

    /// All by which the object is found, in lower case.
    pub(crate) fn names(&self) -> Vec<String> {
        NAMES.iter().filter_map(|name| self.text(name)).map(|name| name.to_lowercase()).collect()
    }

    /// Whether an identity of any of the usual kinds names this object; `*` stands for any text.
    pub(crate) fn is_named(&self, identity: &str) -> bool {
        let identity = identity.to_lowercase();
        self.names().iter().any(|name| matches(&identity, name))
    }
}

/// The annotations that a changed value may need.
pub(crate) const LIST: (&str, &str) = ("odata.type", "#Collection(String)");
pub(crate) const DATE: (&str, &str) = ("data.type", "System.DateTime");
pub(crate) const NUMBER: (&str, &str) = ("data.type", "System.Int32");

/// Whether a pattern, in which `*` stands for any text, fits the whole text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    let mut ends = (0..=text.len()).filter(|end| text.is_char_boundary(*end));
    ends.any(|end| matches(rest, &text[end..]))
}

/// The properties by which an object is found.
const NAMES: &[&str] = &[
    "Name",
    "Identity",
    "Guid",
    "ExchangeObjectId",
    "DistinguishedName",
    "DomainName",
    "DisplayName",
    "Alias",
    "PrimarySmtpAddress",
    "ExternalDirectoryObjectId",
    "UserPrincipalName",
    "WindowsEmailAddress",
    "DeviceId",
    "AppId",
    "ObjectId",
    "Domain",
];

impl FromIterator<(String, String)> for Record {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(entries: T) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// Writes a JSON object, entry by entry, of the properties that are wanted.
pub(crate) struct Writer<'a> {
    out: &'a mut String,
    columns: &'a Columns,
    empty: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut String, columns: &'a Columns) -> Self {
        out.push('{');
        Self { out, columns, empty: true }
    }

    pub(crate) fn entry(&mut self, key: &str, json: &str) {
        if !self.wants(key) {
            return;
        }
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out.push_str(json);
    }

    pub(crate) fn end(self) {
        self.out.push('}');
    }

    fn wants(&self, key: &str) -> bool {
        let property = key.split('@').next().unwrap_or_default();
        self.columns.as_ref().is_none_or(|columns| columns.iter().any(|c| c.eq_ignore_ascii_case(property)))
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ordered;
        impl<'de> Visitor<'de> for Ordered {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    entries.push((key, value.get().to_owned()));
                }
                Ok(Record(entries))
            }
        }
        deserializer.deserialize_map(Ordered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"B":"b","A@data.type":"System.Int32","A":1}"#;

    fn written(record: &Record, columns: &Columns) -> String {
        let mut out = String::new();
        let mut writer = Writer::new(&mut out, columns);
        record.entries().for_each(|(key, json)| writer.entry(key, json));
        writer.end();
        out
    }

    #[test]
    fn the_order_is_kept_and_a_selection_keeps_the_annotations() {
        let record: Record = serde_json::from_str(TEXT).unwrap();
        assert_eq!(written(&record, &None), TEXT);
        assert_eq!(written(&record, &Some(vec!["a".into()])), r#"{"A@data.type":"System.Int32","A":1}"#);
    }

    #[test]
    fn setting_a_property_tells_whether_it_changed() {
        let mut record: Record = serde_json::from_str(TEXT).unwrap();
        assert!(record.set("a", "2", None) && !record.set("A", "2", None) && !record.set("C", "3", None));
        assert_eq!(record.json("A"), Some("2"));
        assert!(record.set("B", "[]", Some(LIST)));
        assert_eq!(
            written(&record, &None),
            r##"{"B@odata.type":"#Collection(String)","B":[],"A@data.type":"System.Int32","A":2}"##
        );
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "axxbyc", true),
            ("*", "", true),
            ("a", "ab", false),
            ("a*d", "abc", false),
            ("*ü*", "müde", true),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
