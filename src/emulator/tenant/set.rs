//! A kind of objects as its file describes it: what every object has, and in what each differs.
//!
//! A file is an object with `properties` (in the server's order, each with the value that most objects have), `objects`
//! (what differs), and where a tail of properties is shared, its name and what it is filled with. `Guid#Guid` says of
//! which .NET type a value is; lists need no such word. From it follow the annotations that stand before the value.

use std::borrow::Cow;

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
pub(crate) const FILES: &[(&str, &str)] = files![
    "accepted_domains",
    "address_lists",
    "admin_audit_log_config",
    "anti_phish_policies",
    "audit_records",
    "authentication_policies",
    "calendar_processing",
    "contacts",
    "distribution_group_members",
    "distribution_groups",
    "dkim_signing_configs",
    "dynamic_distribution_group_members",
    "dynamic_distribution_groups",
    "email_address_policies",
    "groups",
    "hosted_connection_filter_policies",
    "hosted_content_filter_policies",
    "hosted_outbound_spam_filter_policies",
    "inbound_connectors",
    "inbox_rules",
    "irm_configuration",
    "journal_rules",
    "mail_contacts",
    "mail_users",
    "mailbox_plans",
    "mailbox_regional_configuration",
    "malware_filter_policies",
    "management_role_assignments",
    "management_role_entries",
    "management_roles",
    "management_scopes",
    "message_traces",
    "migration_batches",
    "mobile_devices",
    "organization_config",
    "organization_relationships",
    "outbound_connectors",
    "owa_mailbox_policies",
    "quarantine_messages",
    "quarantine_policies",
    "remote_domains",
    "retention_policies",
    "retention_policy_tags",
    "role_group_members",
    "role_groups",
    "safe_attachment_policies",
    "safe_links_policies",
    "service_principals",
    "sharing_policies",
    "tenant_allow_block_list_items",
    "transport_config",
    "transport_rules",
    "unified_group_links",
    "unified_groups",
    "users",
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
    pub(crate) fn read(organization: &Organization, text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&in_names_of(organization, text))
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
        let tails = Record::read_all(&in_names_of(organization, TAILS));
        let tail = tails.into_iter().find(|(name, _)| name == wanted).map(|(_, tail)| tail);
        tail.unwrap_or_default().mapped(|json| {
            self.fill.iter().fold(json.to_owned(), |json, (name, value)| {
                json.replace(&format!("{{{{{name}}}}}"), value.as_str().unwrap_or_default())
            })
        })
    }
}

/// The data are Contoso's. The other organization has the same under its own names.
pub(crate) fn in_names_of<'a>(organization: &Organization, text: &'a str) -> Cow<'a, str> {
    if organization == &CONTOSO {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("contoso", "fabrikam").replace("Contoso", "Fabrikam"))
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
