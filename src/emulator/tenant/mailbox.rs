//! Mailboxes, made from one template when they are asked for: a hundred thousand take no memory and no time to start.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::person::Person;
use super::record::{Columns, Record, Writer};
use crate::emulator::directory::Organization;
use crate::emulator::script::Text;

pub(crate) struct Mailboxes {
    count: usize,
    template: Record,
    organization: &'static Organization,
    text: Text,
    changes: Mutex<HashMap<usize, Vec<(String, String)>>>,
    /// Numbers by the hash of each name, made when the first name is looked up.
    index: OnceLock<HashMap<u64, usize>>,
    hasher: RandomState,
}

impl Mailboxes {
    pub(crate) fn new(
        count: usize,
        template: Record,
        organization: &'static Organization,
        text: Text,
    ) -> Self {
        Self {
            count,
            template,
            organization,
            text,
            changes: Mutex::default(),
            index: OnceLock::new(),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The first mailbox that an identity names.
    pub(crate) fn find(&self, identity: &str) -> Option<usize> {
        let identity = identity.to_lowercase();
        let number = *self.index.get_or_init(|| self.index()).get(&self.hasher.hash_one(&identity))?;
        self.person(number).names().contains(&identity).then_some(number)
    }

    fn index(&self) -> HashMap<u64, usize> {
        let mut index = HashMap::with_capacity(self.count * 5);
        for number in 0..self.count {
            for name in self.person(number).names() {
                index.entry(self.hasher.hash_one(&name)).or_insert(number);
            }
        }
        index
    }

    pub(crate) fn change(&self, number: usize, property: &str, json: &str) -> bool {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = changes.entry(number).or_default();
        match changes.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(property)) {
            Some((_, value)) if value == json => false,
            Some((_, value)) => {
                json.clone_into(value);
                true
            }
            None => {
                changes.push((property.to_owned(), json.to_owned()));
                true
            }
        }
    }

    pub(crate) fn write(&self, number: usize, columns: &Columns, annotated: bool, out: &mut String) {
        let person = self.person(number);
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = changes.get(&number).map(Vec::as_slice).unwrap_or_default();
        let mut writer = Writer::new(out, columns);
        for (key, json) in self.template.entries().filter(|(key, _)| annotated || !key.contains('@')) {
            match changes.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
                Some((_, new)) => writer.entry(key, new),
                None if json.contains("{{") => writer.entry(key, &person.fill(json)),
                None => writer.entry(key, json),
            }
        }
        writer.end();
    }

    fn person(&self, number: usize) -> Person {
        Person::new(number, self.organization, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::CONTOSO;

    fn mailboxes(count: usize) -> Mailboxes {
        let template =
            serde_json::from_str(r#"{"Alias":"{{alias}}","DisplayName":"{{display_name}}"}"#).unwrap();
        Mailboxes::new(count, template, &CONTOSO, Text::Plain)
    }

    fn row(mailboxes: &Mailboxes, number: usize) -> serde_json::Value {
        let mut out = String::new();
        mailboxes.write(number, &None, true, &mut out);
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn a_mailbox_is_found_by_any_of_its_names() {
        let mailboxes = mailboxes(700);
        for name in mailboxes.person(650).names() {
            assert_eq!(mailboxes.find(&name.to_uppercase()), Some(650), "{name}");
        }
        assert_eq!(mailboxes.find("nobody"), None);
    }

    #[test]
    fn a_change_is_read_back() {
        let mailboxes = mailboxes(2);
        assert!(
            mailboxes.change(1, "displayname", r#""X""#) && !mailboxes.change(1, "DisplayName", r#""X""#)
        );
        assert_eq!(row(&mailboxes, 1)["DisplayName"], "X");
        assert_ne!(row(&mailboxes, 0)["DisplayName"], "X");
    }
}
