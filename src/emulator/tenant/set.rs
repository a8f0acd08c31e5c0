//! A kind of objects as its file describes it: what every object has, and in what each differs.
//!
//! A file is an object with `properties` (in the server's order, each with the value that most objects have), `objects`
//! (what differs), and where a tail of properties is shared, its name and what it is filled with. `Guid#Guid` says of
//! which .NET type a value is; lists need no such word. From it follow the annotations that stand before the value.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::person::{Person, guid};
use super::record::Record;
use crate::emulator::directory::{CONTOSO, Organization};

const TAILS: &str = include_str!("../../../fixtures/tenant/tails.json");

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../fixtures/tenant/", $name, ".json")))),*]
    };
}

/// Every file, with the name by which cmdlets know it.
#[rustfmt::skip]
pub(crate) const FILES: &[(&str, &str)] = files![
    "accepted_domains", "distribution_groups", "organization_config", "transport_rules",
];

/// One file, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetFile {
    /// What the tail is filled with.
    #[serde(default)]
    fill: Map<String, Value>,
    #[serde(default)]
    tail: Option<String>,
    properties: Record,
    objects: Vec<Record>,
}

impl SetFile {
    /// Reads Contoso's file. The other organization has the same objects under its own names.
    pub(crate) fn read(organization: &Organization, text: &str) -> Result<Self, serde_json::Error> {
        if organization == &CONTOSO {
            return serde_json::from_str(text);
        }
        serde_json::from_str(&renamed(text))
    }

    /// Every object that the file describes. In those of a mailbox the placeholders are filled in from its owner.
    pub(crate) fn records(&self, organization: &Organization, owner: Option<&Person>) -> Vec<Record> {
        let of = |differing: &Record| {
            let owned = |json: &str| owner.map_or_else(|| json.to_owned(), |person| person.fill(json));
            let name = differing.text("Name").or_else(|| self.properties.text("Name")).unwrap_or_default();
            let mut record = self.blank(organization, &name);
            for (key, json) in differing.entries() {
                record.put(key, &owned(json));
            }
            record.mapped(owned).annotated()
        };
        self.objects.iter().map(of).collect()
    }

    /// A new object of this name.
    pub(crate) fn created(&self, organization: &Organization, name: &str) -> Record {
        self.blank(organization, name).annotated()
    }

    /// What every object has, in the server's order, with types still in the keys.
    fn blank(&self, organization: &Organization, name: &str) -> Record {
        let mut all = self.properties.clone();
        for (key, json) in self.tail(organization).entries() {
            all.put(key, json);
        }
        let kind = self.fill.get("class").and_then(Value::as_str).unwrap_or_default();
        let quoted = Value::from(name).to_string();
        let (quoted, id) = (&quoted[1..quoted.len() - 1], guid(name, kind));
        all.mapped(|json| json.replace("{{name}}", quoted).replace("{{guid}}", &id))
    }

    fn tail(&self, organization: &Organization) -> Record {
        let Some(wanted) = &self.tail else { return Record::default() };
        let tails = if organization == &CONTOSO { TAILS.to_owned() } else { renamed(TAILS) };
        let tails: Vec<(String, Record)> = Record::read_all(&tails);
        let tail = tails.into_iter().find(|(name, _)| name == wanted).map(|(_, tail)| tail);
        tail.unwrap_or_default().mapped(|json| {
            self.fill.iter().fold(json.to_owned(), |json, (name, value)| {
                json.replace(&format!("{{{{{name}}}}}"), value.as_str().unwrap_or_default())
            })
        })
    }
}

fn renamed(text: &str) -> String {
    text.replace("contoso", "fabrikam").replace("Contoso", "Fabrikam")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_has_objects() {
        for (name, text) in FILES {
            let file = SetFile::read(&CONTOSO, text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let person = Person::new(0, &CONTOSO, crate::emulator::script::Text::Plain);
            let records = file.records(&CONTOSO, Some(&person));
            assert!(!records.is_empty(), "{name}");
            for (key, json) in records.iter().flat_map(Record::entries) {
                assert!(!json.contains("{{"), "{name}: {key} is not filled in: {json}");
                assert!(!key.contains('#'), "{name}: {key}");
            }
        }
    }

    #[test]
    fn what_differs_is_put_in_place_and_types_become_annotations() {
        let text = r#"{"tail":"config","fill":{"class":"c","category":"g","container":""},
            "properties":{"Priority#Int32":0,"List":[],"When#DateTime":null},
            "objects":[{"Name":"a b","Priority":7,"List":null}]}"#;
        let file = SetFile::read(&CONTOSO, text).unwrap();
        let record = &file.records(&CONTOSO, None)[0];
        let entries: Vec<_> = record.entries().take(4).collect();
        assert_eq!(
            entries,
            [
                ("Priority@data.type", "\"System.Int32\""),
                ("Priority", "7"),
                ("List", "null"),
                ("When", "null")
            ]
        );
        assert_eq!(record.text("Identity").as_deref(), Some("a b"));
        assert_eq!(record.json("Guid@odata.type"), Some("\"#Guid\""));
    }
}
