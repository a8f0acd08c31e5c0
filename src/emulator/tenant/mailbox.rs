//! Mailboxes, made from one template when they are asked for: a hundred thousand take no memory and no time to start.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::person::Person;
use super::record::Record;
use super::row::{Filling, Row};
use crate::emulator::directory::Organization;
use crate::emulator::script::Text;

pub(crate) struct Mailboxes {
    count: usize,
    template: Record,
    organization: &'static Organization,
    text: Text,
    /// The names of those that were added since the start. Their numbers follow those of the others.
    added: Mutex<Vec<String>>,
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
            added: Mutex::default(),
            differing: Mutex::default(),
            index: OnceLock::new(),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count + self.added().len()
    }

    /// The first mailbox that an identity names.
    pub(crate) fn find(&self, identity: &str) -> Option<usize> {
        let identity = identity.to_lowercase();
        let number = self.index.get_or_init(|| self.index()).get(&self.hasher.hash_one(&identity));
        let number = number.copied().filter(|&number| self.person(number).names().contains(&identity));
        number.or_else(|| {
            let differing = self.differing();
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
        let differing = self.differing().get(&number).map(Record::names);
        differing.unwrap_or_else(|| self.person(number).names().to_vec())
    }

    /// The mailbox with a number, whether it was changed or not.
    pub(crate) fn row(&self, number: usize) -> Row<'_> {
        match self.differing().get(&number) {
            Some(record) => Row::new(Cow::Owned(record.clone()), Filling::default()),
            None => Row::new(Cow::Borrowed(&self.template), self.person(number).filling()),
        }
    }

    /// Another side of a mailbox, in which its changes show.
    pub(crate) fn side<'a>(&self, number: usize, template: &'a Record) -> Row<'a> {
        let row = Row::new(Cow::Borrowed(template), self.person(number).filling());
        match self.differing().get(&number) {
            Some(record) => row.changed(record),
            None => row,
        }
    }

    pub(crate) fn change(
        &self,
        number: usize,
        property: &str,
        json: &str,
        annotation: Option<(&str, &str)>,
    ) -> bool {
        let row = self.row(number);
        self.differing().entry(number).or_insert_with(|| row.record()).set(property, json, annotation)
    }

    /// Adds the mailbox of somebody of this name.
    pub(crate) fn create(&self, name: &str) -> usize {
        let mut added = self.added();
        let number = self.count + added.len();
        added.push(name.to_owned());
        drop(added);
        let record = self.row(number).record();
        self.differing().insert(number, record);
        number
    }

    fn differing(&self) -> MutexGuard<'_, HashMap<usize, Record>> {
        self.differing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn added(&self) -> MutexGuard<'_, Vec<String>> {
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn person(&self, number: usize) -> Person {
        match number.checked_sub(self.count).and_then(|added| self.added().get(added).cloned()) {
            Some(name) => Person::named(number, &name, self.organization),
            None => Person::new(number, self.organization, self.text),
        }
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
        mailboxes.row(number).write(&None, true, &mut out);
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
