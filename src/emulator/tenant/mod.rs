//! The data of the emulated organization.

pub(crate) mod date;
mod mailbox;
mod person;
pub(crate) mod record;
mod set;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::directory::Organization;
use super::error::Error;
use super::script::Text;
use mailbox::Mailboxes;
use record::{Columns, Record, Writer};
use set::{FILES, SetFile, in_names_of};

/// A kind of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    Mailbox,
    /// What a file describes: once for the organization, or for each mailbox that it is asked of.
    Kept {
        file: usize,
        owner: Option<usize>,
    },
}

impl Set {
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == "mailbox" {
            return Some(Self::Mailbox);
        }
        let file = FILES.iter().position(|(file, _)| *file == name)?;
        Some(Self::Kept { file, owner: None })
    }

    /// The part of the set that belongs to a mailbox.
    pub(crate) fn of(self, mailbox: usize) -> Self {
        match self {
            Self::Kept { file, .. } => Self::Kept { file, owner: Some(mailbox) },
            Self::Mailbox => self,
        }
    }
}

pub(crate) struct Tenant {
    pub(crate) organization: &'static Organization,
    mailboxes: Mailboxes,
    /// The sets that were asked for. None is read before.
    kept: Mutex<HashMap<Set, Vec<Record>>>,
}

const MAILBOX: (&str, &str) = ("mailbox.json", include_str!("../../../fixtures/tenant/mailbox.json"));

impl Tenant {
    pub(crate) fn new(
        organization: &'static Organization,
        mailboxes: usize,
        text: Text,
    ) -> Result<Self, Error> {
        let (file, template) = MAILBOX;
        let template = serde_json::from_str(&in_names_of(organization, template))
            .map_err(|source| Error::Fixture { file, source })?;
        let mailboxes = Mailboxes::new(mailboxes, template, organization, text);
        Ok(Self { organization, mailboxes, kept: Mutex::default() })
    }

    pub(crate) fn count(&self, set: Set) -> usize {
        self.with(set, |kept| kept.len()).unwrap_or_else(|| self.mailboxes.count())
    }

    /// The place of the object that an identity names.
    pub(crate) fn find(&self, set: Set, identity: &str) -> Option<usize> {
        let kept = self.with(set, |kept| kept.iter().position(|record| record.is_named(identity)));
        kept.unwrap_or_else(|| self.mailboxes.find(identity))
    }

    /// All by which an object is found, in lower case.
    pub(crate) fn names(&self, set: Set, place: usize) -> Vec<String> {
        let kept = self.with(set, |kept| kept.get(place).map(Record::names).unwrap_or_default());
        kept.unwrap_or_else(|| self.mailboxes.names(place))
    }

    /// The names of the properties of an object that is kept, without annotations.
    pub(crate) fn properties(&self, set: Set, place: usize) -> Vec<String> {
        let names = |record: &Record| record.visible(false).map(|(key, _)| key.to_owned()).collect();
        self.with(set, |kept| kept.get(place).map(names)).flatten().unwrap_or_default()
    }

    /// The JSON text of a property.
    pub(crate) fn property(&self, set: Set, place: usize, name: &str) -> Option<String> {
        let kept = self.with(set, |kept| kept.get(place)?.json(name).map(str::to_owned));
        kept.unwrap_or_else(|| self.mailboxes.property(place, name))
    }

    /// Appends an object as JSON. Entity sets carry no annotations; cmdlets do.
    pub(crate) fn write(&self, set: Set, place: usize, columns: &Columns, annotated: bool, out: &mut String) {
        let mut write = |record: &Record| {
            let mut writer = Writer::new(out, columns);
            record.visible(annotated).for_each(|(key, json)| writer.entry(key, json));
            writer.end();
        };
        if self.with(set, |kept| kept.get(place).map(&mut write)).is_none() {
            self.mailboxes.write(place, columns, annotated, out);
        }
    }

    /// Objects as JSON, with commas between them.
    pub(crate) fn rows(
        &self,
        set: Set,
        places: impl IntoIterator<Item = usize>,
        columns: &Columns,
        annotated: bool,
    ) -> String {
        let mut rows = String::new();
        for place in places {
            if !rows.is_empty() {
                rows.push(',');
            }
            self.write(set, place, columns, annotated, &mut rows);
        }
        rows
    }

    /// Sets a property of an object; tells whether that changed it.
    pub(crate) fn change(
        &self,
        set: Set,
        place: usize,
        property: &str,
        json: &str,
        annotation: Option<(&str, &str)>,
    ) -> bool {
        let kept = self.with(set, |kept| {
            kept.get_mut(place).is_some_and(|record| record.set(property, json, annotation))
        });
        kept.unwrap_or_else(|| self.mailboxes.change(place, property, json, annotation))
    }

    /// Adds a new object and tells its place.
    pub(crate) fn create(&self, set: Set, name: &str) -> usize {
        let created = match set {
            Set::Mailbox => return self.mailboxes.create(name),
            Set::Kept { file, .. } => {
                self.file(file).map(|file| file.created(self.organization, name)).unwrap_or_default()
            }
        };
        let place = self.with(set, |kept| {
            kept.push(created);
            kept.len() - 1
        });
        place.unwrap_or_default()
    }

    /// Takes an object away. Mailboxes cannot be: their places are their names.
    pub(crate) fn remove(&self, set: Set, place: usize) {
        self.with(set, |kept| (place < kept.len()).then(|| kept.remove(place)));
    }

    /// Works on a set that is kept; the mailboxes are not.
    fn with<T>(&self, set: Set, work: impl FnOnce(&mut Vec<Record>) -> T) -> Option<T> {
        let Set::Kept { file, owner } = set else { return None };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let records = kept.entry(set).or_insert_with(|| {
            let owner = owner.map(|place| self.mailboxes.person(place));
            let file = self.file(file);
            file.map(|file| file.records(self.organization, owner.as_ref())).unwrap_or_default()
        });
        Some(work(records))
    }

    /// A file of the data. That each can be read is what a test of `set` shows.
    fn file(&self, file: usize) -> Option<SetFile> {
        SetFile::read(self.organization, FILES.get(file)?.1).ok()
    }
}
