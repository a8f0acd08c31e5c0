//! The folders of a mailbox and what is in them, made up from the mailbox's number.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest;
use serde_json::json;

use super::person::Person;
use super::row::Filling;
use super::size::size;

/// A folder that every mailbox has.
pub(crate) struct Folder {
    pub(crate) name: &'static str,
    /// With `/` between the parts, as the statistics show it.
    pub(crate) path: &'static str,
    pub(crate) kind: &'static str,
    /// The most items that it can have.
    most: usize,
    pub(crate) recoverable: bool,
}

const fn folder(name: &'static str, path: &'static str, kind: &'static str, most: usize) -> Folder {
    Folder { name, path, kind, most, recoverable: false }
}

const fn recoverable(name: &'static str, path: &'static str, kind: &'static str, most: usize) -> Folder {
    Folder { name, path, kind, most, recoverable: true }
}

pub(crate) const FOLDERS: [Folder; 14] = [
    folder("Top of Information Store", "/Top of Information Store", "Root", 1),
    folder("Calendar", "/Calendar", "Calendar", 900),
    folder("Contacts", "/Contacts", "Contacts", 200),
    folder("Deleted Items", "/Deleted Items", "DeletedItems", 700),
    folder("Drafts", "/Drafts", "Drafts", 20),
    folder("Inbox", "/Inbox", "Inbox", 4_000),
    // Its path in base64 has a plus and a slash, which a client must escape.
    folder("Q&A > Done?", "/Inbox/Q&A > Done?", "User Created", 300),
    folder("Junk Email", "/Junk Email", "JunkEmail", 60),
    folder("Notes", "/Notes", "Notes", 15),
    folder("Sent Items", "/Sent Items", "SentItems", 2_500),
    folder("Tasks", "/Tasks", "Tasks", 40),
    recoverable("Recoverable Items", "/Recoverable Items", "RecoverableItemsRoot", 1),
    recoverable("Deletions", "/Deletions", "RecoverableItemsDeletions", 500),
    recoverable("Purges", "/Purges", "RecoverableItemsPurges", 30),
];

/// The members of the enumeration by which a request narrows the folders, and the folder type that each means.
pub(crate) const SCOPES: &[&str] = &[
    "All",
    "Archive",
    "Calendar",
    "Contacts",
    "ConversationHistory",
    "DeletedItems",
    "Drafts",
    "Inbox",
    "JunkEmail",
    "Journal",
    "LegacyArchiveJournals",
    "ManagedCustomFolder",
    "NonIpmRoot",
    "Notes",
    "Outbox",
    "Personal",
    "RecoverableItems",
    "RssSubscriptions",
    "SentItems",
    "SyncIssues",
    "Tasks",
];

impl Folder {
    /// The folder that a path with backslashes names; a single backslash is the top.
    pub(crate) fn at(path: &str) -> Option<usize> {
        let path = path.replace('\\', "/").to_lowercase();
        let wanted = |folder: &Folder| folder.path.to_lowercase() == path;
        if path == "/" { Some(0) } else { FOLDERS.iter().position(wanted) }
    }

    fn is_in(&self, scope: &str) -> bool {
        match scope.to_ascii_lowercase().as_str() {
            "all" => true,
            "recoverableitems" | "nonipmroot" => self.recoverable,
            "personal" => self.kind == "User Created",
            scope => self.kind.eq_ignore_ascii_case(scope),
        }
    }

    fn scopes(&self) -> Vec<&'static str> {
        SCOPES.iter().copied().filter(|scope| self.is_in(scope)).collect()
    }

    /// With backslashes, as identities have it.
    pub(crate) fn identity(&self) -> String {
        self.path.replace('/', "\\")
    }

    fn holds(&self, other: &Self) -> bool {
        let below = |path: &str| path.strip_prefix(self.path).is_some_and(|rest| rest.starts_with('/'));
        let top = self.kind == "Root" && !other.recoverable;
        let bin = self.kind == "RecoverableItemsRoot" && other.recoverable;
        self.path == other.path || below(other.path) || top || bin
    }

    /// The folder that this one is in, by its place.
    fn parent(&self) -> usize {
        let (above, _) = self.path.rsplit_once('/').unwrap_or_default();
        let root = if self.recoverable { 11 } else { 0 };
        FOLDERS.iter().position(|other| other.path == above).unwrap_or(root)
    }
}

/// One of the two stores of a mailbox.
pub(crate) struct Store<'a> {
    pub(crate) person: &'a Person,
    pub(crate) guid: String,
    pub(crate) archive: bool,
}

/// How many items, and how many bytes.
type Content = (u64, u64);

impl<'a> Store<'a> {
    /// The mailbox itself or its archive, which most have none of.
    pub(crate) fn of(person: &'a Person, archive: bool) -> Option<Self> {
        let guid = if archive { person.archive_id()? } else { person.exchange_id.clone() };
        Some(Self { person, guid, archive })
    }

    fn content(&self, place: usize) -> Content {
        let seed = self.person.number * 31 + place * 7 + usize::from(self.archive) * 131;
        let scattered = (seed.wrapping_mul(2_654_435_761) >> 7) % 10_007;
        let items = (scattered % FOLDERS[place].most) as u64;
        (items, items * 61_440 + (items * scattered as u64) % 977)
    }

    fn sum(&self, wanted: impl Fn(&Folder) -> bool) -> Content {
        let wanted = (0..FOLDERS.len()).filter(|&place| wanted(&FOLDERS[place]));
        wanted.map(|place| self.content(place)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// An id of the shape that Exchange uses: base64 of bytes that mean nothing.
    pub(crate) fn folder_id(&self, place: usize) -> String {
        let hash = digest::digest(&digest::SHA256, format!("{}/{place}", self.guid).as_bytes());
        STANDARD.encode([&[0x2e, 0, 0, 0, 0, 0][..], hash.as_ref(), &[1, 0, 0, 0, 0, 1, 12, 0][..]].concat())
    }

    /// What the statistics say of one folder.
    pub(crate) fn folder(&self, place: usize, dated: bool) -> Filling {
        let folder = &FOLDERS[place];
        let (own, below) = (self.content(place), self.sum(|other| folder.holds(other)));
        let date = |text: &str| if dated && own.0 > 0 { format!("\"{text}\"") } else { "null".to_owned() };
        Filling::default()
            .text("folder", folder.name)
            .text("folder_path", folder.path)
            .text("folder_identity", &folder.identity())
            .text("folder_type", folder.kind)
            .json("scopes", json!(folder.scopes()).to_string())
            .text("folder_id", &self.folder_id(place))
            .text("parent_folder_id", &self.folder_id(folder.parent()))
            .text("mailbox_guid", &self.guid)
            .json("recoverable", folder.recoverable.to_string())
            .json("items", own.0.to_string())
            .text("size", &size(own.1))
            .json("items_below", below.0.to_string())
            .text("size_below", &size(below.1))
            .json("oldest", date("2024-02-12T09:14:08.0000000+00:00"))
            .json("newest", date("2026-11-23T16:42:55.0000000+00:00"))
    }

    /// What the statistics say of the whole store: its folders add up to it.
    pub(crate) fn whole(&self, organization_id: &str) -> Filling {
        let (kept, deleted) = (self.sum(|folder| !folder.recoverable), self.sum(|folder| folder.recoverable));
        let never = self.person.number % 6 == 5;
        let day = 10 + self.person.number % 14;
        let date = |hour: &str| format!("\"2026-11-{day}T{hour}:{:02}:27.0000000+00:00\"", day * 2);
        let log = |hour: &str| if never { "null".to_owned() } else { date(hour) };
        let name = if self.archive { self.person.archive_name() } else { self.person.display_name.clone() };
        Filling::default()
            .text("display_name", &name)
            .text("organization_id", organization_id)
            .text("mailbox_guid", &self.guid)
            .json("is_archive", self.archive.to_string())
            .json("items", kept.0.to_string())
            .text("size", &size(kept.1))
            .json("deleted_items", deleted.0.to_string())
            .text("deleted_size", &size(deleted.1))
            .json("associated_items", (kept.0 / 9 + 40).to_string())
            .text("message_size", &size(kept.1 / 3))
            .text("attachment_size", &size(kept.1 / 2))
            .json("system_messages", (kept.0 % 50).to_string())
            .text("system_size", &size(kept.0 % 50 * 2_048))
            .json("last_logon", log("07"))
            .json("last_logoff", log("16"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_is_in_the_top_or_in_the_bin() {
        let [top, bin] = ["Root", "RecoverableItemsRoot"]
            .map(|kind| FOLDERS.iter().find(|folder| folder.kind == kind).unwrap());
        for folder in &FOLDERS {
            assert!(top.holds(folder) != bin.holds(folder), "{}", folder.path);
            assert!(FOLDERS[folder.parent()].holds(folder), "{}", folder.path);
            assert_eq!(FOLDERS[Folder::at(&folder.identity()).unwrap()].path, folder.path);
        }
    }

    #[test]
    fn a_scope_narrows_to_its_folders() {
        let names = |scope: &str| {
            let folders = FOLDERS.iter().filter(|folder| folder.is_in(scope));
            folders.map(|folder| folder.name).collect::<Vec<_>>()
        };
        assert_eq!(names("inbox"), ["Inbox"]);
        assert_eq!(names("RecoverableItems"), ["Recoverable Items", "Deletions", "Purges"]);
        assert_eq!((names("All").len(), names("Outbox").len()), (FOLDERS.len(), 0));
    }
}
