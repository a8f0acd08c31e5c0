//! An object of the tenant as it goes over the wire: properties in the server's order, each value as JSON text, and
//! before a value the annotations on its type.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
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

    /// Sets a property that exists; tells whether that changed it.
    pub(crate) fn set(&mut self, property: &str, json: &str) -> bool {
        let entry = self.0.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(property));
        entry.is_some_and(|(_, value)| {
            value != json && {
                json.clone_into(value);
                true
            }
        })
    }

    /// Whether an identity of any of the usual kinds names this object.
    pub(crate) fn is_named(&self, identity: &str) -> bool {
        let named = |property: &&str| {
            self.text(property).is_some_and(|value| value.to_lowercase() == identity.to_lowercase())
        };
        NAMES.iter().any(named)
    }
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
];

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
        assert!(record.set("a", "2") && !record.set("A", "2") && !record.set("C", "3"));
        assert_eq!(record.json("A"), Some("2"));
    }
}
