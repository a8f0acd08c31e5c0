//! Mailboxes, made from one template when they are asked for: a hundred thousand take no memory and no time to start.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
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
    /// How many were added since the start. Their numbers follow those of the others.
    added: AtomicUsize,
    /// The mailboxes that are no more as their numbers make them.
    differing: Mutex<HashMap<usize, Record>>,
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
            added: AtomicUsize::new(0),
            differing: Mutex::default(),
            index: OnceLock::new(),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count + self.added.load(Ordering::Relaxed)
    }

    /// The first mailbox that an identity names.
    pub(crate) fn find(&self, identity: &str) -> Option<usize> {
        let identity = identity.to_lowercase();
        let number = self.index.get_or_init(|| self.index()).get(&self.hasher.hash_one(&identity));
        let number = number.copied().filter(|&number| self.person(number).names().contains(&identity));
        number.or_else(|| {
            let differing = self.differing.lock().unwrap_or_else(PoisonError::into_inner);
            differing.iter().find(|(_, record)| record.names().contains(&identity)).map(|(number, _)| *number)
        })
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

    pub(crate) fn names(&self, number: usize) -> Vec<String> {
        match self.differing(number) {
            Some(record) => record.names(),
            None => self.person(number).names().to_vec(),
        }
    }

    pub(crate) fn property(&self, number: usize, name: &str) -> Option<String> {
        match self.differing(number) {
            Some(record) => record.json(name).map(str::to_owned),
            None => self.template.json(name).map(|json| self.person(number).fill(json)),
        }
    }

    pub(crate) fn change(
        &self,
        number: usize,
        property: &str,
        json: &str,
        annotation: Option<(&str, &str)>,
    ) -> bool {
        let record = || self.template.clone().mapped(|json| self.person(number).fill(json));
        self.differing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(number)
            .or_insert_with(record)
            .set(property, json, annotation)
    }

    /// Adds the mailbox of somebody of this name.
    pub(crate) fn create(&self, name: &str) -> usize {
        let person = Person::named(name, self.organization);
        let record = self.template.clone().mapped(|json| person.fill(json));
        let mut differing = self.differing.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.count + self.added.load(Ordering::Relaxed);
        differing.insert(number, record);
        // Nobody counts it before it is there.
        self.added.store(number + 1 - self.count, Ordering::Relaxed);
        number
    }

    pub(crate) fn write(&self, number: usize, columns: &Columns, annotated: bool, out: &mut String) {
        let mut writer = Writer::new(out, columns);
        if let Some(record) = self.differing(number) {
            record.visible(annotated).for_each(|(key, json)| writer.entry(key, json));
        } else {
            let person = self.person(number);
            for (key, json) in self.template.visible(annotated) {
                writer.entry(key, &person.fill(json));
            }
        }
        writer.end();
    }

    /// The mailbox that was changed or added.
    fn differing(&self, number: usize) -> Option<Record> {
        self.differing.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    pub(crate) fn person(&self, number: usize) -> Person {
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
            mailboxes.change(1, "displayname", r#""X""#, None)
                && !mailboxes.change(1, "DisplayName", r#""X""#, None)
        );
        assert_eq!(row(&mailboxes, 1)["DisplayName"], "X");
        assert_ne!(row(&mailboxes, 0)["DisplayName"], "X");
    }

    #[test]
    fn a_new_mailbox_comes_after_the_others_and_is_found() {
        let mailboxes = mailboxes(2);
        assert_eq!((mailboxes.create("New Person"), mailboxes.count()), (2, 3));
        assert_eq!(mailboxes.find("new.person"), Some(2));
        assert_eq!(row(&mailboxes, 2)["DisplayName"], "New Person");
    }
}
