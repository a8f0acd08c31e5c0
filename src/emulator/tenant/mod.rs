//! The data of the emulated organization.

pub(crate) mod date;
pub(crate) mod detail;
mod device;
pub(crate) mod folder;
mod mailbox;
mod permission;
mod person;
pub(crate) mod record;
pub(crate) mod row;
mod set;
mod size;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::directory::Organization;
use super::error::Error;
use super::script::Text;
use detail::{Detail, Details};
use folder::FOLDERS;
use mailbox::Mailboxes;
use record::{Columns, Record};
use row::{Filling, Row};
use set::{FILES, SetFile, in_names_of};

/// A kind of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    Mailbox,
    /// The protocol settings of every mailbox.
    CasMailbox,
    /// Every mailbox, and then all else that has an address.
    Recipient,
    /// Every folder of every mailbox.
    Folder,
    /// What a mailbox, a folder or a recipient has besides, made when it is asked for.
    Detail {
        detail: Detail,
        owner: Option<usize>,
    },
    /// What a file describes: once for the organization, or for each mailbox that it is asked of.
    Kept {
        file: usize,
        owner: Option<usize>,
    },
}

impl Set {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let made = match name {
            "mailbox" => Some(Self::Mailbox),
            "cas_mailbox" => Some(Self::CasMailbox),
            "recipient" => Some(Self::Recipient),
            "folder" => Some(Self::Folder),
            _ => Detail::named(name).map(|detail| Self::Detail { detail, owner: None }),
        };
        if made.is_some() {
            return made;
        }
        let file = FILES.iter().position(|(file, _)| *file == name)?;
        Some(Self::Kept { file, owner: None })
    }

    /// The part of the set that belongs to a mailbox, or to what else may own it.
    pub(crate) fn of(self, owner: usize) -> Self {
        match self {
            Self::Kept { file, .. } => Self::Kept { file, owner: Some(owner) },
            Self::Detail { detail, .. } => Self::Detail { detail, owner: Some(owner) },
            _ => self,
        }
    }

    /// The same of the archive, and with dates, where that makes a difference.
    pub(crate) fn switched(self, archive: bool, dated: bool) -> Self {
        match self {
            Self::Detail { detail, owner } => Self::Detail { detail: detail.switched(archive, dated), owner },
            other => other,
        }
    }
}

pub(crate) struct Tenant {
    pub(crate) organization: &'static Organization,
    mailboxes: Mailboxes,
    templates: Templates,
    /// The sets that were asked for. None is read before.
    kept: Mutex<HashMap<Set, Vec<Record>>>,
}

const MAILBOX: (&str, &str) = ("mailbox.json", include_str!("../../../fixtures/tenant/mailbox.json"));

/// What a mailbox is, from each side from which it can be looked at.
struct Templates {
    cas_mailbox: Record,
    recipients: Recipients,
    details: Details,
}

#[derive(serde::Deserialize)]
struct Recipients {
    mailbox: Record,
    group: Record,
}

impl Templates {
    fn new(organization: &Organization) -> Result<Self, Error> {
        Ok(Self {
            cas_mailbox: parse(
                organization,
                "cas_mailbox.json",
                include_str!("../../../fixtures/tenant/cas_mailbox.json"),
            )?,
            recipients: parse(
                organization,
                "recipients.json",
                include_str!("../../../fixtures/tenant/recipients.json"),
            )?,
            details: parse(
                organization,
                "details.json",
                include_str!("../../../fixtures/tenant/details.json"),
            )?,
        })
    }
}

/// The sets whose objects are recipients, besides mailboxes.
const RECIPIENTS: [&str; 4] = ["distribution_groups", "mail_contacts", "mail_users", "unified_groups"];

impl Tenant {
    pub(crate) fn new(
        organization: &'static Organization,
        mailboxes: usize,
        text: Text,
    ) -> Result<Self, Error> {
        let template = parse(organization, MAILBOX.0, MAILBOX.1)?;
        let mailboxes = Mailboxes::new(mailboxes, template, organization, text);
        let templates = Templates::new(organization)?;
        Ok(Self { organization, mailboxes, templates, kept: Mutex::default() })
    }

    pub(crate) fn count(&self, set: Set) -> usize {
        match set {
            Set::Mailbox | Set::CasMailbox => self.mailboxes.count(),
            Set::Folder => self.mailboxes.count() * FOLDERS.len(),
            Set::Recipient => {
                let others = recipients().map(|set| self.count(set));
                self.mailboxes.count() + others.sum::<usize>()
            }
            Set::Detail { detail, owner } => self.count_details(detail, owner),
            Set::Kept { .. } => self.with(set, |kept| kept.len()).unwrap_or_default(),
        }
    }

    /// The place of the object that an identity names.
    pub(crate) fn find(&self, set: Set, identity: &str) -> Option<usize> {
        match set {
            Set::Mailbox | Set::CasMailbox => self.mailboxes.find(identity),
            Set::Recipient => self.mailboxes.find(identity).or_else(|| self.find_recipient(identity)),
            Set::Folder => self.find_folder(identity),
            Set::Detail { .. } => {
                let named = |place: &usize| self.names(set, *place).contains(&identity.to_lowercase());
                (0..self.count(set)).find(named)
            }
            Set::Kept { .. } => {
                self.with(set, |kept| kept.iter().position(|record| record.is_named(identity)))?
            }
        }
    }

    fn find_recipient(&self, identity: &str) -> Option<usize> {
        let mut before = self.mailboxes.count();
        recipients().find_map(|set| {
            let place = self.find(set, identity).map(|place| before + place);
            before += self.count(set);
            place
        })
    }

    /// The set and the place in it of a recipient that is no mailbox.
    fn recipient(&self, place: usize) -> Option<(Set, usize)> {
        let mut place = place.checked_sub(self.mailboxes.count())?;
        recipients().find_map(|set| {
            let count = self.count(set);
            let found = (place < count).then_some((set, place));
            place = place.saturating_sub(count);
            found
        })
    }

    /// The object at a place; `None` where there is none.
    pub(crate) fn row(&self, set: Set, place: usize) -> Option<Row<'_>> {
        match set {
            Set::Mailbox => Some(self.mailboxes.row(place)),
            Set::CasMailbox => Some(self.mailboxes.side(place, &self.templates.cas_mailbox)),
            Set::Recipient if place < self.mailboxes.count() => {
                Some(self.mailboxes.side(place, &self.templates.recipients.mailbox))
            }
            Set::Recipient => {
                let (set, place) = self.recipient(place)?;
                Some(self.row(set, place)?.seen_as(&self.templates.recipients.group))
            }
            Set::Folder => self.folder(place),
            Set::Detail { detail, owner } => self.detail(detail, owner, place),
            Set::Kept { .. } => {
                let record = self.with(set, |kept| kept.get(place).cloned())??;
                Some(Row::new(Cow::Owned(record), Filling::default()))
            }
        }
    }

    /// An object that shows which properties a set has, even where the set is empty.
    pub(crate) fn sample(&self, set: Set) -> Option<Row<'_>> {
        match set {
            Set::Recipient => Some(self.mailboxes.side(0, &self.templates.recipients.mailbox)),
            _ => self.row(set, 0),
        }
    }

    /// All by which an object is found, in lower case.
    pub(crate) fn names(&self, set: Set, place: usize) -> Vec<String> {
        match set {
            Set::Mailbox => self.mailboxes.names(place),
            _ => self.row(set, place).map(|row| row.record().names()).unwrap_or_default(),
        }
    }

    /// The names of the properties of an object that is kept, without annotations.
    pub(crate) fn properties(&self, set: Set, place: usize) -> Vec<String> {
        let names = |record: &Record| record.visible(false).map(|(key, _)| key.to_owned()).collect();
        self.with(set, |kept| kept.get(place).map(names)).flatten().unwrap_or_default()
    }

    /// The JSON text of a property.
    pub(crate) fn property(&self, set: Set, place: usize, name: &str) -> Option<String> {
        self.row(set, place)?.json(name).map(Cow::into_owned)
    }

    /// Appends an object as JSON. Entity sets carry no annotations; cmdlets do.
    pub(crate) fn write(&self, set: Set, place: usize, columns: &Columns, annotated: bool, out: &mut String) {
        if let Some(row) = self.row(set, place) {
            row.write(columns, annotated, out);
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
        let Set::Kept { file, .. } = set else { return self.mailboxes.create(name) };
        let created = self.file(file).map(|file| file.created(self.organization, name)).unwrap_or_default();
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

fn recipients() -> impl Iterator<Item = Set> {
    RECIPIENTS.into_iter().filter_map(Set::named)
}

/// Reads a file of Contoso's data in the names of the organization.
fn parse<T: serde::de::DeserializeOwned>(
    organization: &Organization,
    file: &'static str,
    text: &str,
) -> Result<T, Error> {
    serde_json::from_str(&in_names_of(organization, text)).map_err(|source| Error::Fixture { file, source })
}
