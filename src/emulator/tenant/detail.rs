//! What there is besides the objects themselves: statistics, folders, permissions and devices of one mailbox.

use std::borrow::Cow;

use serde::Deserialize;

use super::folder::{FOLDERS, Folder, Store};
use super::permission::{self, Trustee};
use super::person::Person;
use super::record::Record;
use super::row::{Filling, Row};
use super::{Set, Tenant, device};

/// The templates.
#[derive(Deserialize)]
pub(crate) struct Details {
    statistics: Record,
    folder: Record,
    mailbox_permission: Record,
    /// The same as an entity has it, which gathers what one user may.
    mailbox_permission_entity: Record,
    recipient_permission: Record,
    folder_permission: Record,
    device: Record,
}

/// What a mailbox has; its folders, what a folder has; what a recipient has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Detail {
    Statistics {
        archive: bool,
    },
    Folders {
        archive: bool,
        /// Whether the dates of the oldest and newest items are told.
        dated: bool,
    },
    MailboxPermissions,
    /// The same as an entity has it, which gathers what one user may and knows the owner.
    MailboxPermissionEntities,
    /// Of one recipient, or of all.
    RecipientPermissions,
    /// The owner is a folder.
    FolderPermissions,
    /// Of one mailbox, or of all: at most two of each.
    Devices,
}

impl Detail {
    /// By the name that the table of cmdlets has for it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "mailbox_statistics" => Self::Statistics { archive: false },
            "mailbox_folders" => Self::Folders { archive: false, dated: false },
            "mailbox_permissions" => Self::MailboxPermissions,
            "recipient_permissions" => Self::RecipientPermissions,
            "folder_permissions" => Self::FolderPermissions,
            "device_statistics" => Self::Devices,
            _ => return None,
        })
    }

    /// The same of the archive, and with dates, where that makes a difference.
    pub(crate) fn switched(self, archive: bool, dated: bool) -> Self {
        match self {
            Self::Statistics { .. } => Self::Statistics { archive },
            Self::Folders { .. } => Self::Folders { archive, dated },
            other => other,
        }
    }
}

const DEVICES: usize = 2;

impl Tenant {
    pub(super) fn count_details(&self, detail: Detail, owner: Option<usize>) -> usize {
        let mailboxes = self.mailboxes.count();
        match (detail, owner) {
            (_, Some(owner)) => self.details(detail, owner).len(),
            // Every mailbox has its own permission and, where there is somebody else, one for a delegate.
            (Detail::RecipientPermissions, None) => self.count(Set::Recipient) + Self::delegated(mailboxes),
            (Detail::Devices, None) => mailboxes * DEVICES,
            (_, None) => 0,
        }
    }

    fn delegated(mailboxes: usize) -> usize {
        if mailboxes > 1 { mailboxes } else { 0 }
    }

    pub(super) fn detail(&self, detail: Detail, owner: Option<usize>, place: usize) -> Option<Row<'_>> {
        let (owner, place) = match (detail, owner) {
            (_, Some(owner)) => (owner, place),
            (Detail::Devices, None) => (place / DEVICES, place % DEVICES),
            (Detail::RecipientPermissions, None) => {
                let delegated = Self::delegated(self.mailboxes.count());
                if place < delegated * 2 { (place / 2, place % 2) } else { (place - delegated, 0) }
            }
            (_, None) => return None,
        };
        self.details(detail, owner).into_iter().nth(place)
    }

    /// All that one owner has.
    pub(crate) fn details(&self, detail: Detail, owner: usize) -> Vec<Row<'_>> {
        match detail {
            Detail::Statistics { archive } => self.statistics(owner, archive).into_iter().collect(),
            Detail::Folders { archive, dated } => self.folders(owner, archive, dated).unwrap_or_default(),
            Detail::MailboxPermissions | Detail::MailboxPermissionEntities => {
                self.mailbox_permissions(owner, detail)
            }
            Detail::RecipientPermissions => self.recipient_permissions(owner),
            Detail::FolderPermissions => {
                self.folder_permissions(owner / FOLDERS.len(), owner % FOLDERS.len())
            }
            Detail::Devices => self.devices(owner),
        }
    }

    pub(super) fn folder(&self, place: usize) -> Option<Row<'_>> {
        self.folders(place / FOLDERS.len(), false, false)?.into_iter().nth(place % FOLDERS.len())
    }

    /// `mailbox:\\folder`; without a folder, the top of the mailbox.
    pub(super) fn find_folder(&self, identity: &str) -> Option<usize> {
        let (mailbox, path) = identity.split_once(":\\").unwrap_or((identity, ""));
        let place = self.find(Set::Mailbox, mailbox)? * FOLDERS.len();
        Some(place + Folder::at(&format!("\\{path}"))?)
    }

    /// The statistics of a mailbox or of its archive, if it has one.
    pub(crate) fn statistics(&self, place: usize, archive: bool) -> Option<Row<'_>> {
        let person = self.mailboxes.person(place);
        let store = Store::of(&person, archive)?;
        let named = self.property(Set::Mailbox, place, "DisplayName").filter(|_| !archive);
        let filling = store.whole(self.organization.tenant);
        let filling = named.into_iter().fold(filling, |filling, name| filling.json("display_name", name));
        Some(filled(&self.templates.details.statistics, &person, filling))
    }

    /// The folders of a mailbox or of its archive, in the order of their table. The dates of items are told where they
    /// are asked for.
    pub(crate) fn folders(&self, place: usize, archive: bool, dated: bool) -> Option<Vec<Row<'_>>> {
        let person = self.mailboxes.person(place);
        let store = Store::of(&person, archive)?;
        let row = |folder| filled(&self.templates.details.folder, &person, store.folder(folder, dated));
        Some((0..FOLDERS.len()).map(row).collect())
    }

    /// The place of the folder that an id names.
    pub(crate) fn folder_with_id(&self, place: usize, id: &str) -> Option<usize> {
        let person = self.mailboxes.person(place);
        let store = Store::of(&person, false)?;
        (0..FOLDERS.len()).find(|&folder| store.folder_id(folder) == id)
    }

    fn mailbox_permissions(&self, place: usize, detail: Detail) -> Vec<Row<'_>> {
        let person = self.mailboxes.person(place);
        let delegates = self.delegates(place);
        let entity = detail == Detail::MailboxPermissionEntities;
        let details = &self.templates.details;
        let template = if entity { &details.mailbox_permission_entity } else { &details.mailbox_permission };
        let owner = entity.then(|| Trustee::OWNER.filling(true));
        let fillings = [Trustee::OWNER.filling(false)].into_iter();
        let fillings =
            fillings.chain(delegates.iter().map(|person| Trustee::delegate(person).filling(false)));
        fillings.chain(owner).map(|filling| filled(template, &person, filling)).collect()
    }

    /// Who may send as a recipient: nobody but its owner, and for mailboxes the first delegate.
    fn recipient_permissions(&self, place: usize) -> Vec<Row<'_>> {
        let Some(recipient) = self.row(Set::Recipient, place) else { return Vec::new() };
        let named = |property: &str| recipient.text(property).unwrap_or_default();
        let names =
            Filling::default().text("id", &named("Identity")).text("address", &named("PrimarySmtpAddress"));
        let delegates = if place < self.mailboxes.count() { self.delegates(place) } else { Vec::new() };
        let delegates = delegates.iter().take(1).map(|person| Trustee::delegate(person).filling(false));
        let fillings = [Trustee::OWNER.filling(false)].into_iter().chain(delegates);
        let template = &self.templates.details.recipient_permission;
        fillings.map(|filling| Row::new(Cow::Borrowed(template), names.clone().and(filling))).collect()
    }

    /// Who may do what in a folder.
    fn folder_permissions(&self, place: usize, folder: usize) -> Vec<Row<'_>> {
        let person = self.mailboxes.person(place);
        let entries = permission::on_folder(folder, self.delegates(place).first());
        let template = &self.templates.details.folder_permission;
        entries.into_iter().map(|filling| filled(template, &person, filling)).collect()
    }

    fn devices(&self, place: usize) -> Vec<Row<'_>> {
        let person = self.mailboxes.person(place);
        let fillings = device::fillings(&person).into_iter();
        fillings.map(|filling| filled(&self.templates.details.device, &person, filling)).collect()
    }

    /// The texts that name a trustee: the address that permissions show, and the display name that folders show.
    pub(crate) fn trustee_names(&self, user: &str) -> Vec<String> {
        let found = self.find(Set::Mailbox, user).map(|place| self.mailboxes.person(place));
        let names = found.map(|person| vec![person.address, person.display_name]);
        let own = if user.eq_ignore_ascii_case("self") { permission::SELF } else { user };
        names.unwrap_or_else(|| vec![own.to_owned()])
    }

    fn delegates(&self, place: usize) -> Vec<Person> {
        let numbers = permission::delegates(place, self.mailboxes.count());
        numbers.into_iter().map(|number| self.mailboxes.person(number)).collect()
    }
}

fn filled<'a>(template: &'a Record, person: &Person, filling: Filling) -> Row<'a> {
    Row::new(Cow::Borrowed(template), person.filling().and(filling))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::CONTOSO;
    use crate::emulator::script::Text;

    #[test]
    fn every_placeholder_is_filled_in_for_every_kind_of_mailbox() {
        let tenant = Tenant::new(&CONTOSO, 30, Text::Plain).unwrap();
        let details = [
            Detail::Statistics { archive: false },
            Detail::Statistics { archive: true },
            Detail::Folders { archive: false, dated: true },
            Detail::Folders { archive: true, dated: false },
            Detail::MailboxPermissions,
            Detail::MailboxPermissionEntities,
            Detail::RecipientPermissions,
            Detail::FolderPermissions,
            Detail::Devices,
        ];
        for place in 0..30 {
            let sides = [Set::Mailbox, Set::CasMailbox, Set::Recipient].map(|set| tenant.row(set, place));
            let details = details.iter().flat_map(|detail| tenant.details(*detail, place));
            for row in sides.into_iter().flatten().chain(details) {
                for (key, json) in row.record().entries() {
                    let value = serde_json::from_str::<serde_json::Value>(json);
                    assert!(value.is_ok() && !json.contains("{{"), "{key} of {place}: {json}");
                }
            }
        }
    }

    #[test]
    fn the_permissions_of_all_recipients_are_those_of_each() {
        let tenant = Tenant::new(&CONTOSO, 3, Text::Plain).unwrap();
        let all = Set::Detail { detail: Detail::RecipientPermissions, owner: None };
        let json = |row: Row<'_>| row.record().entries().map(|(_, json)| json.to_owned()).collect::<Vec<_>>();
        let whole: Vec<_> =
            (0..tenant.count(all)).map(|place| json(tenant.row(all, place).unwrap())).collect();
        let recipients = 0..tenant.count(Set::Recipient);
        let each = recipients.flat_map(|place| tenant.details(Detail::RecipientPermissions, place));
        assert_eq!(whole, each.map(json).collect::<Vec<_>>());
    }

    #[test]
    fn a_folder_is_named_by_its_mailbox_and_its_path() {
        let tenant = Tenant::new(&CONTOSO, 3, Text::Plain).unwrap();
        let found = |identity: &str| {
            let place = tenant.find(Set::Folder, identity)?;
            tenant.row(Set::Folder, place)?.text("Identity")
        };
        assert_eq!(found("alex.wilber@contoso.com:\\calendar").as_deref(), Some("alex.wilber\\Calendar"));
        assert_eq!(found("alex.wilber").as_deref(), Some("alex.wilber\\Top of Information Store"));
        assert_eq!((found("alex.wilber:\\bogus"), found("nobody:\\Calendar")), (None, None));
    }
}
