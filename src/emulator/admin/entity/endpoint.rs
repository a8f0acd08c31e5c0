//! The table of the paths that the nine Get-EXO* cmdlets read, with the query options that each takes.

use super::path::{Arguments, Literal, Segment};
use super::property_set::Family;
use crate::emulator::tenant::Set;

pub(crate) struct Endpoint {
    path: &'static [Part],
    pub(crate) target: Target,
    pub(crate) options: &'static [&'static str],
    /// What follows `$metadata#` in the context.
    pub(crate) context: &'static str,
}

/// A pattern for one part of a path.
enum Part {
    Set(&'static str),
    /// One member of a set, by its key.
    Member(&'static str),
    Call(&'static str, &'static [&'static str]),
}

use Part::{Call, Member, Set as All};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    List(Set),
    One(Set),
    Statistics,
    StatisticsByGuid,
    Folders,
    MailboxPermissions,
    MailboxPermission,
    RecipientPermissions,
    FolderPermissions,
    FolderPermission,
    Devices,
    Device,
}

impl Target {
    /// Whose property sets it takes.
    pub(crate) fn family(self) -> Option<Family> {
        match self {
            Self::List(Set::Mailbox) | Self::One(Set::Mailbox) => Some(Family::Mailbox),
            Self::List(Set::CasMailbox) | Self::One(Set::CasMailbox) => Some(Family::CasMailbox),
            Self::List(Set::Recipient) | Self::One(Set::Recipient) => Some(Family::Recipient),
            Self::Statistics | Self::StatisticsByGuid => Some(Family::Statistics),
            _ => None,
        }
    }

    /// The properties of an entity that has no property sets, where they are not all that the cmdlet gives.
    pub(crate) fn columns(self) -> Option<&'static [&'static str]> {
        match self {
            Self::RecipientPermissions => Some(RECIPIENT_PERMISSION),
            Self::FolderPermissions | Self::FolderPermission => Some(FOLDER_PERMISSION),
            _ => None,
        }
    }
}

pub(crate) const RECIPIENT_PERMISSION: &[&str] =
    &["Identity", "Trustee", "AccessControlType", "AccessRights", "IsInherited", "InheritanceType"];
const FOLDER_PERMISSION: &[&str] =
    &["Identity", "FolderName", "User", "AccessRights", "SharingPermissionFlags"];

/// Options that are true or false.
pub(crate) const SWITCHES: &[&str] = &[
    "isEncoded",
    "SoftDeletedMailbox",
    "InactiveMailboxOnly",
    "IncludeInactiveMailbox",
    "Archive",
    "IncludeSoftDeletedRecipients",
    "UseCopyOnLocalServer",
    "IncludeOldestAndNewestItems",
    "IsUsingMailboxFolderId",
    "GroupMailbox",
    "ActiveSync",
    "OWAforDevices",
    "RestApi",
    "UniversalOutlook",
];

#[rustfmt::skip]
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: &[All("Mailbox")],
        target: Target::List(Set::Mailbox),
        options: &["$select", "PropertySet", "$filter", "Anr", "OrganizationalUnit", "SoftDeletedMailbox",
            "InactiveMailboxOnly", "IncludeInactiveMailbox", "Archive", "MailboxPlan", "RecipientTypeDetails",
            "isEncoded", "$top", "$skiptoken"],
        context: "Mailbox",
    },
    Endpoint {
        path: &[Member("Mailbox")],
        target: Target::One(Set::Mailbox),
        options: &["$select", "PropertySet", "OrganizationalUnit", "SoftDeletedMailbox", "InactiveMailboxOnly",
            "IncludeInactiveMailbox", "Archive", "MailboxPlan", "RecipientTypeDetails", "isEncoded"],
        context: "Mailbox/$entity",
    },
    Endpoint {
        path: &[All("Recipient")],
        target: Target::List(Set::Recipient),
        options: &["$select", "PropertySet", "$filter", "Anr", "OrganizationalUnit", "RecipientType",
            "RecipientTypeDetails", "IncludeSoftDeletedRecipients", "isEncoded", "$top", "$skiptoken"],
        context: "Recipient",
    },
    Endpoint {
        path: &[Member("Recipient")],
        target: Target::One(Set::Recipient),
        options: &["$select", "PropertySet", "$expand", "OrganizationalUnit", "RecipientType", "RecipientTypeDetails",
            "IncludeSoftDeletedRecipients", "isEncoded"],
        context: "Recipient/$entity",
    },
    Endpoint {
        path: &[All("CasMailbox")],
        target: Target::List(Set::CasMailbox),
        options: &["$select", "PropertySet", "$filter", "Anr", "OrganizationalUnit", "isEncoded", "$top",
            "$skiptoken"],
        context: "CasMailbox",
    },
    Endpoint {
        path: &[Member("CasMailbox")],
        target: Target::One(Set::CasMailbox),
        options: &["$select", "PropertySet", "OrganizationalUnit", "isEncoded"],
        context: "CasMailbox/$entity",
    },
    Endpoint {
        path: &[Member("Mailbox"), Call("Exchange.GetMailboxStatistics", &[])],
        target: Target::Statistics,
        options: &["$select", "PropertySet", "Archive", "IncludeSoftDeletedRecipients", "UseCopyOnLocalServer",
            "isEncoded"],
        context: "Exchange.MailboxStatistics",
    },
    Endpoint {
        path: &[All("Mailbox"), Call("Exchange.GetMailboxStatisticsV2", &["mailboxGuid", "databaseGuid"])],
        target: Target::StatisticsByGuid,
        options: &["$select", "PropertySet", "Archive", "IncludeSoftDeletedRecipients", "UseCopyOnLocalServer",
            "isEncoded"],
        context: "Exchange.MailboxStatistics",
    },
    Endpoint {
        path: &[Member("Mailbox"), All("MailboxFolder"), Call("Exchange.GetMailboxFolderStatistics", &["folderscope"])],
        target: Target::Folders,
        options: &["Archive", "IncludeSoftDeletedRecipients", "IncludeOldestAndNewestItems", "isEncoded",
            "$skiptoken"],
        context: "Collection(Exchange.MailboxFolderStatistics)",
    },
    Endpoint {
        path: &[Member("Mailbox"), All("MailboxPermission")],
        target: Target::MailboxPermissions,
        options: &["$filter", "SoftDeletedMailbox", "isEncoded", "$top", "$skiptoken"],
        context: "Collection(Exchange.MailboxPermission)",
    },
    Endpoint {
        path: &[Member("Mailbox"), Member("MailboxPermission")],
        target: Target::MailboxPermission,
        options: &["SoftDeletedMailbox", "isEncoded"],
        context: "Exchange.MailboxPermission",
    },
    Endpoint {
        path: &[All("Recipient"),
            Call("Exchange.GetRecipientPermissionByFilters", &["identity", "trustee", "accessRights"])],
        target: Target::RecipientPermissions,
        options: &["isEncoded", "$top", "$skiptoken"],
        context: "Collection(Exchange.RecipientPermission)",
    },
    Endpoint {
        path: &[Member("Mailbox"), Member("MailboxFolder"), All("MailboxFolderPermission")],
        target: Target::FolderPermissions,
        options: &["IsUsingMailboxFolderId", "GroupMailbox", "isEncoded", "$skiptoken"],
        context: "Collection(Exchange.MailboxFolderPermission)",
    },
    Endpoint {
        path: &[Member("Mailbox"), Member("MailboxFolder"), Member("MailboxFolderPermission")],
        target: Target::FolderPermission,
        options: &["IsUsingMailboxFolderId", "GroupMailbox", "isEncoded"],
        context: "Exchange.MailboxFolderPermission",
    },
    Endpoint {
        path: &[Member("Mailbox"), All("MobileDevice"), Call("Exchange.GetMobileDeviceStatistics", &[])],
        target: Target::Devices,
        options: &["ActiveSync", "OWAforDevices", "RestApi", "UniversalOutlook", "isEncoded", "$skiptoken"],
        context: "Collection(Exchange.MobileDeviceStatistics)",
    },
    Endpoint {
        path: &[All("MobileDevice"), Call("Exchange.GetMobileDeviceStatisticsByIdentity", &["Identity"])],
        target: Target::Device,
        options: &["ActiveSync", "OWAforDevices", "RestApi", "UniversalOutlook", "isEncoded"],
        context: "Exchange.MobileDeviceStatistics",
    },
];

/// A path that stands in the table, with what it says beyond its pattern.
pub(crate) struct Addressed {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) keys: Vec<String>,
    /// The arguments of the function, in the order of the pattern.
    pub(crate) arguments: Vec<Literal>,
}

impl Addressed {
    /// Finds what the parts of a path after the tenant mean.
    pub(crate) fn find(parts: &[&str]) -> Option<Self> {
        ENDPOINTS.iter().filter(|endpoint| endpoint.path.len() == parts.len()).find_map(|endpoint| {
            let mut addressed = Self { endpoint, keys: Vec::new(), arguments: Vec::new() };
            let parts = endpoint.path.iter().zip(parts);
            parts.map(|(pattern, raw)| addressed.take(pattern, raw)).collect::<Option<()>>()?;
            Some(addressed)
        })
    }

    /// Takes the key or the arguments of one part, if it fits its pattern.
    fn take(&mut self, pattern: &Part, raw: &str) -> Option<()> {
        let Segment { name, arguments } = Segment::parse(raw)?;
        let (All(wanted) | Member(wanted) | Call(wanted, _)) = pattern;
        if !name.eq_ignore_ascii_case(wanted) {
            return None;
        }
        match (pattern, arguments) {
            (All(_), Arguments::None) => Some(()),
            (Member(_), Arguments::Key(key)) => {
                self.keys.push(key);
                Some(())
            }
            (Call(_, names), Arguments::Named(mut named)) if named.len() == names.len() => {
                for name in *names {
                    let place = named.iter().position(|(sent, _)| sent.eq_ignore_ascii_case(name))?;
                    self.arguments.push(named.swap_remove(place).1);
                }
                Some(())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str) -> Option<(Target, usize, usize)> {
        let parts: Vec<&str> = path.split('/').collect();
        let found = Addressed::find(&parts)?;
        Some((found.endpoint.target, found.keys.len(), found.arguments.len()))
    }

    #[test]
    fn every_path_of_the_table_is_found() {
        for (path, wanted, keys, arguments) in [
            ("Mailbox", Target::List(Set::Mailbox), 0, 0),
            ("mailbox('YQ%3D%3D')", Target::One(Set::Mailbox), 1, 0),
            ("Recipient", Target::List(Set::Recipient), 0, 0),
            ("Recipient('a')", Target::One(Set::Recipient), 1, 0),
            ("CasMailbox", Target::List(Set::CasMailbox), 0, 0),
            ("CasMailbox('a')", Target::One(Set::CasMailbox), 1, 0),
            ("Mailbox('a')/Exchange.GetMailboxStatistics()", Target::Statistics, 1, 0),
            (
                "Mailbox/Exchange.GetMailboxStatisticsV2(databaseGuid=b,mailboxGuid=a)",
                Target::StatisticsByGuid,
                0,
                2,
            ),
            (
                "Mailbox('a')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')",
                Target::Folders,
                1,
                1,
            ),
            ("Mailbox('a')/MailboxPermission", Target::MailboxPermissions, 1, 0),
            ("Mailbox('a')/MailboxPermission('b')", Target::MailboxPermission, 2, 0),
            (
                "Recipient/Exchange.GetRecipientPermissionByFilters(identity='',trustee='',accessRights=[\"SendAs\"])",
                Target::RecipientPermissions,
                0,
                3,
            ),
            ("Mailbox('a')/MailboxFolder('b')/MailboxFolderPermission", Target::FolderPermissions, 2, 0),
            ("Mailbox('a')/MailboxFolder('b')/MailboxFolderPermission('c')", Target::FolderPermission, 3, 0),
            ("Mailbox('a')/MobileDevice/Exchange.GetMobileDeviceStatistics()", Target::Devices, 1, 0),
            (
                "MobileDevice/Exchange.GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')",
                Target::Device,
                0,
                1,
            ),
        ] {
            assert_eq!(target(path), Some((wanted, keys, arguments)), "{path}");
        }
    }

    #[test]
    fn other_paths_are_not() {
        for path in [
            "Mailboxes",
            "Mailbox()",
            "Mailbox('a')/Exchange.GetMailboxStatistics",
            "Mailbox/Exchange.GetMailboxStatistics()",
            "Mailbox('a')/GetMailboxStatistics()",
            "Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid=a)",
            "Mailbox('a')/MailboxFolder",
            "Mailbox('a')/MailboxFolder('b')",
            "Recipient('a')/RecipientPermission",
            "Mailbox('a')/MailboxFolder/MailboxFolderPermission",
        ] {
            assert_eq!(target(path), None, "{path}");
        }
    }
}
