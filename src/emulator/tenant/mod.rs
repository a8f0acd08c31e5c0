//! The data of the emulated organization.

pub(crate) mod date;
mod mailbox;
mod person;
pub(crate) mod record;

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::directory::{CONTOSO, Organization};
use super::error::Error;
use super::script::Text;
use mailbox::Mailboxes;
use record::{Columns, Record, Writer};

/// A kind of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    AcceptedDomain,
    DistributionGroup,
    TransportRule,
    OrganizationConfig,
    Mailbox,
}

pub(crate) struct Tenant {
    pub(crate) organization: &'static Organization,
    mailboxes: Mailboxes,
    /// The sets that are small enough to be kept, in the order of [`KEPT`].
    kept: Mutex<Vec<Vec<Record>>>,
}

const KEPT: [(Set, &str, &str); 4] = [
    (
        Set::AcceptedDomain,
        "accepted_domains.json",
        include_str!("../../../fixtures/tenant/accepted_domains.json"),
    ),
    (
        Set::DistributionGroup,
        "distribution_groups.json",
        include_str!("../../../fixtures/tenant/distribution_groups.json"),
    ),
    (
        Set::TransportRule,
        "transport_rules.json",
        include_str!("../../../fixtures/tenant/transport_rules.json"),
    ),
    (
        Set::OrganizationConfig,
        "organization_config.json",
        include_str!("../../../fixtures/tenant/organization_config.json"),
    ),
];
const MAILBOX: (&str, &str) = ("mailbox.json", include_str!("../../../fixtures/tenant/mailbox.json"));

impl Tenant {
    pub(crate) fn new(
        organization: &'static Organization,
        mailboxes: usize,
        text: Text,
    ) -> Result<Self, Error> {
        let kept =
            KEPT.iter().map(|(_, file, text)| parse(organization, file, text)).collect::<Result<_, _>>()?;
        let template = parse(organization, MAILBOX.0, MAILBOX.1)?;
        let mailboxes = Mailboxes::new(mailboxes, template, organization, text);
        Ok(Self { organization, mailboxes, kept: Mutex::new(kept) })
    }

    pub(crate) fn count(&self, set: Set) -> usize {
        index(set).map_or_else(|| self.mailboxes.count(), |set| self.kept()[set].len())
    }

    /// The place of the object that an identity names.
    pub(crate) fn find(&self, set: Set, identity: &str) -> Option<usize> {
        match index(set) {
            None => self.mailboxes.find(identity),
            Some(set) => self.kept()[set].iter().position(|record| record.is_named(identity)),
        }
    }

    /// Appends an object as JSON. Entity sets carry no annotations; cmdlets do.
    pub(crate) fn write(&self, set: Set, place: usize, columns: &Columns, annotated: bool, out: &mut String) {
        let Some(set) = index(set) else { return self.mailboxes.write(place, columns, annotated, out) };
        let kept = self.kept();
        let mut writer = Writer::new(out, columns);
        for (key, json) in kept[set][place].entries().filter(|(key, _)| annotated || !key.contains('@')) {
            writer.entry(key, json);
        }
        writer.end();
    }

    /// Objects as JSON, with commas between them.
    pub(crate) fn rows(&self, set: Set, places: Range<usize>, columns: &Columns, annotated: bool) -> String {
        let mut rows = String::new();
        for place in places.clone() {
            if place > places.start {
                rows.push(',');
            }
            self.write(set, place, columns, annotated, &mut rows);
        }
        rows
    }

    /// Sets a property of an object; tells whether that changed it.
    pub(crate) fn change(&self, set: Set, place: usize, property: &str, json: &str) -> bool {
        match index(set) {
            None => self.mailboxes.change(place, property, json),
            Some(set) => self.kept()[set][place].set(property, json),
        }
    }

    /// Takes an object away. Mailboxes cannot be: their places are their names.
    pub(crate) fn remove(&self, set: Set, place: usize) {
        if let Some(set) = index(set) {
            self.kept()[set].remove(place);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Vec<Record>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn index(set: Set) -> Option<usize> {
    KEPT.iter().position(|(kept, ..)| *kept == set)
}

/// Reads a file of Contoso's data. The other organization has the same under its own names.
fn parse<T: serde::de::DeserializeOwned>(
    organization: &Organization,
    file: &'static str,
    text: &str,
) -> Result<T, Error> {
    let parse = |text: &str| serde_json::from_str(text).map_err(|source| Error::Fixture { file, source });
    if organization == &CONTOSO {
        return parse(text);
    }
    parse(&text.replace("contoso", "fabrikam").replace("Contoso", "Fabrikam"))
}
