//! The property sets of Microsoft's documentation, and what an object has without any.
//!
//! `Minimum` of mailboxes, recipients and protocol settings is what a live service was seen to send, which is a little
//! more than the documentation lists.

/// The objects that have property sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Mailbox,
    CasMailbox,
    Recipient,
    Statistics,
}

type Members = &'static [&'static str];

/// What a request gets of one property set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PropertySet {
    All,
    Of(Members),
}

pub(crate) const MINIMUM: &str = "Minimum";

impl Family {
    /// The property set of a name, whatever its case.
    pub(crate) fn property_set(self, name: &str) -> Option<PropertySet> {
        if name.eq_ignore_ascii_case("All") {
            return Some(PropertySet::All);
        }
        let set = self.sets().iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        set.map(|(_, members)| PropertySet::Of(members))
    }

    fn sets(self) -> &'static [(&'static str, Members)] {
        match self {
            Self::Mailbox => MAILBOX,
            Self::CasMailbox => CAS_MAILBOX,
            Self::Recipient => RECIPIENT,
            Self::Statistics => STATISTICS,
        }
    }
}

#[rustfmt::skip]
const MAILBOX: &[(&str, Members)] = &[
    (MINIMUM, &["ExternalDirectoryObjectId", "UserPrincipalName", "Alias", "DisplayName", "EmailAddresses",
        "PrimarySmtpAddress", "RecipientType", "RecipientTypeDetails", "Identity", "Id", "ExchangeVersion", "Name",
        "DistinguishedName", "OrganizationId", "Guid"]),
    ("AddressList", &["AddressBookPolicy", "AddressListMembership", "ExternalDirectoryObjectId",
        "GeneratedOfflineAddressBooks", "HiddenFromAddressListsEnabled", "OfflineAddressBook"]),
    ("Archive", &["ArchiveDatabase", "ArchiveDomain", "ArchiveGuid", "ArchiveName", "ArchiveQuota", "ArchiveRelease",
        "ArchiveState", "ArchiveStatus", "ArchiveWarningQuota", "AutoExpandingArchiveEnabled",
        "DisabledArchiveDatabase", "DisabledArchiveGuid", "ExternalDirectoryObjectId", "JournalArchiveAddress"]),
    ("Audit", &["AuditAdmin", "AuditDelegate", "AuditEnabled", "AuditLogAgeLimit", "AuditOwner", "DefaultAuditSet",
        "ExternalDirectoryObjectId"]),
    ("Custom", &["CustomAttribute1", "CustomAttribute2", "CustomAttribute3", "CustomAttribute4", "CustomAttribute5",
        "CustomAttribute6", "CustomAttribute7", "CustomAttribute8", "CustomAttribute9", "CustomAttribute10",
        "CustomAttribute11", "CustomAttribute12", "CustomAttribute13", "CustomAttribute14", "CustomAttribute15",
        "ExtensionCustomAttribute1", "ExtensionCustomAttribute2", "ExtensionCustomAttribute3",
        "ExtensionCustomAttribute4", "ExtensionCustomAttribute5", "ExternalDirectoryObjectId"]),
    ("Delivery", &["AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers",
        "AcceptMessagesOnlyFromSendersOrMembers", "DeliverToMailboxAndForward",
        "DowngradeHighPriorityMessagesEnabled", "ExternalDirectoryObjectId", "ForwardingAddress",
        "ForwardingSmtpAddress", "GrantSendOnBehalfTo", "MaxBlockedSenders", "MaxReceiveSize", "MaxSafeSenders",
        "MaxSendSize", "MessageCopyForSendOnBehalfEnabled", "MessageCopyForSentAsEnabled",
        "MessageRecallProcessingEnabled", "MessageTrackingReadStatusEnabled", "RecipientLimits",
        "RejectMessagesFrom", "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers", "RulesQuota"]),
    ("Hold", &["ComplianceTagHoldApplied", "DelayHoldApplied", "ExternalDirectoryObjectId", "InPlaceHolds",
        "InactiveMailboxRetireTime", "LitigationHoldDate", "LitigationHoldDuration", "LitigationHoldEnabled",
        "LitigationHoldOwner"]),
    ("Moderation", &["BypassModerationFromSendersOrMembers", "ExternalDirectoryObjectId", "ModeratedBy",
        "ModerationEnabled", "SendModerationNotifications"]),
    ("Move", &["ExternalDirectoryObjectId", "MailboxMoveBatchName", "MailboxMoveFlags", "MailboxMoveRemoteHostName",
        "MailboxMoveSourceMDB", "MailboxMoveStatus", "MailboxMoveTargetMDB"]),
    ("Policy", &["AddressBookPolicy", "DataEncryptionPolicy", "EmailAddressPolicyEnabled",
        "ExternalDirectoryObjectId", "ManagedFolderMailboxPolicy", "PoliciesExcluded", "PoliciesIncluded",
        "RemoteAccountPolicy", "RetentionPolicy", "RetentionUrl", "RoleAssignmentPolicy", "SharingPolicy",
        "ThrottlingPolicy"]),
    ("PublicFolder", &["DefaultPublicFolderMailbox", "EffectivePublicFolderMailbox", "ExternalDirectoryObjectId",
        "IsExcludedFromServingHierarchy", "IsHierarchyReady", "IsHierarchySyncEnabled",
        "IsRootPublicFolderMailbox"]),
    ("Quota", &["ArchiveQuota", "ArchiveWarningQuota", "CalendarLoggingQuota", "ExternalDirectoryObjectId",
        "IssueWarningQuota", "ProhibitSendQuota", "ProhibitSendReceiveQuota", "RecoverableItemsQuota",
        "RecoverableItemsWarningQuota", "RulesQuota", "UseDatabaseQuotaDefaults"]),
    ("Resource", &["ExternalDirectoryObjectId", "IsResource", "ResourceCapacity", "ResourceCustom", "ResourceType",
        "RoomMailboxAccountEnabled"]),
    ("Retention", &["EndDateForRetentionHold", "ExternalDirectoryObjectId", "OrphanSoftDeleteTrackingTime",
        "RetainDeletedItemsFor", "RetainDeletedItemsUntilBackup", "RetentionComment", "RetentionHoldEnabled",
        "RetentionPolicy", "RetentionUrl", "SingleItemRecoveryEnabled", "StartDateForRetentionHold",
        "UseDatabaseRetentionDefaults"]),
    ("SCL", &["AntispamBypassEnabled", "ExternalDirectoryObjectId", "SCLDeleteEnabled", "SCLDeleteThreshold",
        "SCLJunkEnabled", "SCLJunkThreshold", "SCLQuarantineEnabled", "SCLQuarantineThreshold", "SCLRejectEnabled",
        "SCLRejectThreshold"]),
    ("SoftDelete", &["ExternalDirectoryObjectId", "IncludeInGarbageCollection", "IsInactiveMailbox",
        "IsSoftDeletedByDisable", "IsSoftDeletedByRemove", "WhenSoftDeleted"]),
    ("StatisticsSeed", &["ArchiveDatabaseGuid", "DatabaseGuid", "ExchangeGuid", "ExternalDirectoryObjectId"]),
];

#[rustfmt::skip]
const CAS_MAILBOX: &[(&str, Members)] = &[
    (MINIMUM, &["ExternalDirectoryObjectId", "Identity", "PrimarySmtpAddress", "DisplayName", "Name", "Guid",
        "ServerLegacyDN", "ExchangeVersion", "ECPEnabled", "EmailAddresses", "OWAEnabled", "OrganizationId",
        "ImapEnabled", "PopEnabled", "MAPIEnabled", "EwsEnabled", "ActiveSyncEnabled"]),
    ("ActiveSync", &["ActiveSyncAllowedDeviceIDs", "ActiveSyncBlockedDeviceIDs", "ActiveSyncEnabled",
        "ActiveSyncMailboxPolicy", "ActiveSyncMailboxPolicyIsDefaulted", "ActiveSyncSuppressReadReceipt",
        "ExternalDirectoryObjectId", "Guid", "HasActiveSyncDevicePartnership", "Identity", "Name",
        "OrganizationId"]),
    ("Ews", &["EwsAllowMacOutlook", "EwsAllowOutlook", "EwsEnabled", "ExternalDirectoryObjectId", "Guid", "Identity",
        "Name", "OrganizationId"]),
    ("Imap", &["ExternalDirectoryObjectId", "Guid", "Identity", "ImapEnableExactRFC822Size", "ImapEnabled",
        "ImapForceICalForCalendarRetrievalOption", "ImapMessagesRetrievalMimeFormat", "ImapSuppressReadReceipt",
        "ImapUseProtocolDefaults", "Name", "OrganizationId"]),
    ("Mapi", &["ExternalDirectoryObjectId", "Guid", "Identity", "MAPIBlockOutlookExternalConnectivity",
        "MAPIBlockOutlookNonCachedMode", "MAPIBlockOutlookRpcHttp", "MAPIBlockOutlookVersions", "MAPIEnabled",
        "MapiHttpEnabled", "Name", "OrganizationId"]),
    ("Pop", &["ExternalDirectoryObjectId", "Guid", "Identity", "Name", "OrganizationId", "PopEnableExactRFC822Size",
        "PopEnabled", "PopMessagesRetrievalMimeFormat", "PopSuppressReadReceipt", "PopUseProtocolDefaults"]),
    ("ProtocolSettings", &["ExternalDirectoryObjectId", "ExternalImapSettings", "ExternalPopSettings",
        "ExternalSmtpSettings", "Guid", "Identity", "InternalImapSettings", "InternalPopSettings",
        "InternalSmtpSettings", "Name", "OrganizationId"]),
];

#[rustfmt::skip]
const RECIPIENT: &[(&str, Members)] = &[
    (MINIMUM, &["ExternalDirectoryObjectId", "Identity", "Alias", "EmailAddresses", "DisplayName", "Name",
        "PrimarySmtpAddress", "RecipientType", "RecipientTypeDetails", "ExchangeVersion", "DistinguishedName",
        "OrganizationId"]),
    ("Archive", &["ArchiveDatabase", "ArchiveGuid", "ArchiveRelease", "ArchiveState", "ArchiveStatus"]),
    ("Custom", &["CustomAttribute1", "CustomAttribute2", "CustomAttribute3", "CustomAttribute4", "CustomAttribute5",
        "CustomAttribute6", "CustomAttribute7", "CustomAttribute8", "CustomAttribute9", "CustomAttribute10",
        "CustomAttribute11", "CustomAttribute12", "CustomAttribute13", "CustomAttribute14", "CustomAttribute15",
        "ExtensionCustomAttribute1", "ExtensionCustomAttribute2", "ExtensionCustomAttribute3",
        "ExtensionCustomAttribute4", "ExtensionCustomAttribute5"]),
    ("MailboxMove", &["MailboxMoveBatchName", "MailboxMoveFlags", "MailboxMoveRemoteHostName",
        "MailboxMoveSourceMDB", "MailboxMoveStatus", "MailboxMoveTargetMDB"]),
    ("Policy", &["ActiveSyncMailboxPolicy", "ActiveSyncMailboxPolicyIsDefaulted", "AddressBookPolicy",
        "EmailAddressPolicyEnabled", "ManagedFolderMailboxPolicy", "OwaMailboxPolicy", "PoliciesExcluded",
        "PoliciesIncluded", "RetentionPolicy", "SharingPolicy", "ShouldUseDefaultRetentionPolicy",
        "UMMailboxPolicy"]),
];

#[rustfmt::skip]
const STATISTICS: &[(&str, Members)] = &[
    (MINIMUM, &["DeletedItemCount", "DisplayName", "ItemCount", "MailboxGuid", "TotalDeletedItemSize",
        "TotalItemSize"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::CONTOSO;
    use crate::emulator::script::Text;
    use crate::emulator::tenant::{Set, Tenant};

    #[test]
    fn every_member_of_a_set_is_a_property() {
        let tenant = Tenant::new(&CONTOSO, 1, Text::Plain).unwrap();
        let mailbox = tenant.sample(Set::Mailbox);
        let families = [
            (Family::Mailbox, mailbox),
            (Family::CasMailbox, tenant.sample(Set::CasMailbox)),
            (Family::Recipient, tenant.sample(Set::Recipient)),
            (Family::Statistics, tenant.statistics(0, false)),
        ];
        for (family, row) in families {
            let row = row.unwrap();
            for (name, members) in family.sets() {
                for member in *members {
                    assert!(row.json(member).is_some(), "{family:?} {name} {member}");
                }
            }
        }
    }

    #[test]
    fn a_set_is_found_whatever_its_case() {
        assert_eq!(Family::Recipient.property_set("ALL"), Some(PropertySet::All));
        assert!(
            matches!(Family::CasMailbox.property_set("imap"), Some(PropertySet::Of(set)) if set.len() == 11)
        );
        assert_eq!(Family::Statistics.property_set("Archive"), None);
    }
}
