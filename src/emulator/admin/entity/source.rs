//! What each path of the table leads to.

use super::endpoint::{Addressed, RECIPIENT_PERMISSION, Target};
use super::path::Literal;
use super::query::{self, EXPANSION, identity, refused, switch};
use super::restriction::Restriction;
use crate::emulator::admin::refusal;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::tenant::detail::Detail;
use crate::emulator::tenant::folder::{FOLDERS, Folder, SCOPES};
use crate::emulator::tenant::record::Columns;
use crate::emulator::tenant::row::Row;
use crate::emulator::tenant::{Set, Tenant};

/// Objects that are made when a page wants them.
pub(crate) struct Source<'a> {
    /// How many places there are; not every place has an object that is wanted.
    pub(crate) places: usize,
    pub(crate) at: Box<dyn Fn(usize) -> Option<Row<'a>> + 'a>,
}

pub(crate) enum Found<'a> {
    One(Box<Row<'a>>),
    Many(Source<'a>),
}

/// What a request leads to, and which of its properties are wanted.
pub(crate) struct Lookup<'a> {
    pub(crate) found: Found<'a>,
    pub(crate) columns: Columns,
    /// What `$expand` adds to the object.
    pub(crate) expanded: Option<Vec<Row<'a>>>,
}

/// A request for entities, with the data that it is about.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) call: &'a Call,
    pub(crate) tenant: &'a Tenant,
    pub(crate) addressed: &'a Addressed,
}

impl<'a> Request<'a> {
    pub(crate) fn look_up(self) -> Checked<Lookup<'a>> {
        let target = self.addressed.endpoint.target;
        let found = self.find(target)?;
        let sample = match (&found, target) {
            (Found::One(row), _) => Some(row.as_ref().clone()),
            (Found::Many(_), Target::List(set)) => self.tenant.sample(set),
            (Found::Many(_), _) => None,
        };
        let columns = match (target.family(), sample) {
            (Some(family), Some(sample)) => query::columns(self.call, family, &sample)?,
            _ => target.columns().map(columns),
        };
        Ok(Lookup { found, columns, expanded: self.expanded()? })
    }

    fn find(self, target: Target) -> Checked<Found<'a>> {
        Ok(match target {
            Target::List(set) => Found::Many(self.list(set)?),
            Target::One(set) => Found::One(Box::new(self.one(set)?)),
            Target::Statistics => Found::One(Box::new(self.statistics()?)),
            Target::StatisticsByGuid => Found::One(Box::new(self.statistics_by_guid()?)),
            Target::Folders => many(self.folders()?),
            Target::MailboxPermissions => many(self.mailbox_permissions()?),
            Target::MailboxPermission => self.of_user(self.mailbox_permissions()?, 1)?,
            Target::RecipientPermissions => Found::Many(self.recipient_permissions()?),
            Target::FolderPermissions => many(self.folder_permissions()?),
            Target::FolderPermission => self.of_user(self.folder_permissions()?, 2)?,
            Target::Devices => {
                many(self.devices(self.tenant.details(Detail::Devices, self.place(Set::Mailbox)?))?)
            }
            Target::Device => Found::One(Box::new(self.device()?)),
        })
    }

    /// The key with a number, as it is meant.
    fn key(self, number: usize) -> Checked<String> {
        identity(self.call, self.addressed.keys.get(number).map_or("", String::as_str))
    }

    fn place(self, set: Set) -> Checked<usize> {
        let key = self.key(0)?;
        self.tenant.find(set, &key).ok_or_else(|| missing(&key))
    }

    fn list(self, set: Set) -> Checked<Source<'a>> {
        let sample = self.tenant.sample(set);
        let filter = sample.as_ref().map(|sample| query::filter(self.call, sample)).transpose()?.flatten();
        let restriction = self.restriction()?;
        let wanted = move |row: &Row<'_>| {
            restriction.admits(row) && filter.as_ref().is_none_or(|filter| filter.holds(row))
        };
        let tenant = self.tenant;
        let at = move |place| tenant.row(set, place).filter(&wanted);
        Ok(Source { places: tenant.count(set), at: Box::new(at) })
    }

    fn restriction(self) -> Checked<Restriction> {
        Restriction::read(self.call, self.tenant.organization.name)
    }

    fn one(self, set: Set) -> Checked<Row<'a>> {
        let restriction = self.restriction()?;
        let row = self.tenant.row(set, self.place(set)?).filter(|row| restriction.admits(row));
        row.map_or_else(|| Err(missing(&self.key(0)?)), Ok)
    }

    fn expanded(self) -> Checked<Option<Vec<Row<'a>>>> {
        if self.call.parameter("$expand").is_none() {
            return Ok(None);
        }
        Ok(Some(self.tenant.details(Detail::RecipientPermissions, self.place(Set::Recipient)?)))
    }

    fn statistics(self) -> Checked<Row<'a>> {
        let row = self.tenant.statistics(self.place(Set::Mailbox)?, switch(self.call, "Archive")?);
        row.map_or_else(|| Err(without_archive(&self.key(0)?)), Ok)
    }

    fn statistics_by_guid(self) -> Checked<Row<'a>> {
        let [Literal::Bare(mailbox), Literal::Bare(database)] = self.addressed.arguments.as_slice() else {
            return Err(refused("a GUID stands in a path without quotes"));
        };
        if [mailbox, database].iter().any(|guid| guid.parse::<uuid::Uuid>().is_err()) {
            return Err(refused("mailboxGuid or databaseGuid is no GUID"));
        }
        let place = self.tenant.find(Set::Mailbox, mailbox).ok_or_else(|| missing(mailbox))?;
        let is = |property: &str, guid: &str| {
            let row = self.tenant.row(Set::Mailbox, place);
            row.and_then(|row| row.text(property)).is_some_and(|text| text.eq_ignore_ascii_case(guid))
        };
        if !is("ExchangeGuid", mailbox) || !is("DatabaseGuid", database) {
            return Err(missing(&format!("{database}\\{mailbox}")));
        }
        let row = self.tenant.statistics(place, switch(self.call, "Archive")?);
        row.ok_or_else(|| without_archive(mailbox))
    }

    fn folders(self) -> Checked<Vec<Row<'a>>> {
        let [Literal::Member(kind, scope)] = self.addressed.arguments.as_slice() else {
            return Err(refused("folderscope is not Exchange.ElcFolderType'…'"));
        };
        if kind != "Exchange.ElcFolderType" || !SCOPES.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
            return Err(refused(format!("`{kind}'{scope}'` is no Exchange.ElcFolderType")));
        }
        let (archive, dated) =
            (switch(self.call, "Archive")?, switch(self.call, "IncludeOldestAndNewestItems")?);
        let folders = self.tenant.folders(self.place(Set::Mailbox)?, archive, dated);
        let mut folders = folders.map_or_else(|| Err(without_archive(&self.key(0)?)), Ok)?;
        folders.retain(|row| row.has("$FolderScope", scope));
        Ok(folders)
    }

    /// Without a filter the owner is not among them.
    fn mailbox_permissions(self) -> Checked<Vec<Row<'a>>> {
        let mut rows = self.tenant.details(Detail::MailboxPermissionEntities, self.place(Set::Mailbox)?);
        if switch(self.call, "SoftDeletedMailbox")? {
            return Err(missing(&self.key(0)?));
        }
        let filter = rows.first().map(|row| query::filter(self.call, row)).transpose()?.flatten();
        rows.retain(|row| match &filter {
            Some(filter) => filter.holds(row),
            None => row.json("IsOwner").as_deref() == Some("false"),
        });
        Ok(rows)
    }

    /// The one permission of the user whom a key names.
    fn of_user(self, rows: Vec<Row<'a>>, key: usize) -> Checked<Found<'a>> {
        let user = self.key(key)?;
        let names = self.tenant.trustee_names(&user);
        let row = rows.into_iter().find(|row| row.is_any("User", &names));
        row.map(|row| Found::One(Box::new(row))).ok_or_else(|| missing(&user))
    }

    fn recipient_permissions(self) -> Checked<Source<'a>> {
        let [Literal::Text(recipient), Literal::Text(trustee), Literal::List(rights)] =
            self.addressed.arguments.as_slice()
        else {
            return Err(refused("identity and trustee are texts, and accessRights is a list"));
        };
        if rights.iter().any(|right| !right.eq_ignore_ascii_case("SendAs")) {
            return Err(refused("the only access right on a recipient is SendAs"));
        }
        let (recipient, trustee) = (identity(self.call, recipient)?, identity(self.call, trustee)?);
        let only = match recipient.as_str() {
            "" => None,
            name => Some(self.tenant.find(Set::Recipient, name).ok_or_else(|| missing(name))?),
        };
        let names = (!trustee.is_empty()).then(|| self.tenant.trustee_names(&trustee));
        let tenant = self.tenant;
        let set = Set::Detail { detail: Detail::RecipientPermissions, owner: only };
        let at = move |place: usize| {
            let row = tenant.row(set, place);
            row.filter(|row| names.as_ref().is_none_or(|names| row.is_any("Trustee", names)))
        };
        Ok(Source { places: tenant.count(set), at: Box::new(at) })
    }

    fn folder_permissions(self) -> Checked<Vec<Row<'a>>> {
        let (place, folder) = (self.place(Set::Mailbox)?, self.key(1)?);
        if switch(self.call, "GroupMailbox")? {
            return Err(missing(&self.key(0)?));
        }
        let found = if switch(self.call, "IsUsingMailboxFolderId")? {
            self.tenant.folder_with_id(place, &folder)
        } else {
            Folder::at(&folder)
        };
        let folder = found.ok_or_else(|| missing(&folder))?;
        Ok(self.tenant.details(Detail::FolderPermissions, place * FOLDERS.len() + folder))
    }

    /// The devices of the kinds that are asked for; of every kind, where none is.
    fn devices(self, mut rows: Vec<Row<'a>>) -> Checked<Vec<Row<'a>>> {
        let mut wanted = Vec::new();
        for (name, kind) in CLIENTS {
            if switch(self.call, name)? {
                wanted.push(kind.to_owned());
            }
        }
        rows.retain(|row| wanted.is_empty() || row.is_any("ClientType", &wanted));
        Ok(rows)
    }

    /// The identity of a device has slashes and more in it, so it stands in a header.
    fn device(self) -> Checked<Row<'a>> {
        if self.addressed.arguments != [Literal::Text("XParameter-Identity".to_owned())] {
            return Err(refused(
                "the Identity of a device is 'XParameter-Identity' and stands in that header",
            ));
        }
        let header = self.call.header("xparameter-identity").and_then(query::decode);
        let identity =
            header.ok_or_else(|| refused("the header XParameter-Identity is missing or no base64"))?;
        let set = Set::Detail { detail: Detail::Devices, owner: None };
        let device = self.tenant.find(set, &identity).and_then(|place| self.tenant.row(set, place));
        let device = self.devices(device.into_iter().collect())?.pop();
        device.ok_or_else(|| missing(&identity))
    }
}

const CLIENTS: [(&str, &str); 4] =
    [("ActiveSync", "EAS"), ("OWAforDevices", "MOWA"), ("RestApi", "REST"), ("UniversalOutlook", "Outlook")];

fn many(rows: Vec<Row<'_>>) -> Found<'_> {
    Found::Many(Source { places: rows.len(), at: Box::new(move |place| rows.get(place).cloned()) })
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn missing(identity: &str) -> Box<Answer> {
    refusal::no_such_entity(identity, "the object does not exist")
}

fn without_archive(identity: &str) -> Box<Answer> {
    refusal::no_such_entity(identity, "the mailbox has no archive")
}

impl Lookup<'_> {
    /// One object as JSON, with what is expanded in it.
    pub(crate) fn write(&self, row: &Row<'_>) -> String {
        let mut text = String::new();
        row.write(&self.columns, false, &mut text);
        let Some(expanded) = &self.expanded else { return text };
        let columns = Some(columns(RECIPIENT_PERMISSION));
        let rows = expanded.iter().map(|row| {
            let mut text = String::new();
            row.write(&columns, false, &mut text);
            text
        });
        let rows = rows.collect::<Vec<_>>().join(",");
        let comma = if text.len() > "{}".len() { "," } else { "" };
        text.truncate(text.len() - 1);
        format!("{text}{comma}\"{EXPANSION}\":[{rows}]}}")
    }
}
