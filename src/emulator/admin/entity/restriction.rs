//! The options by which a request narrows mailboxes and recipients down, besides `$filter`.

use super::query::{refused, switch};
use crate::emulator::admin::refusal;
use crate::emulator::answer::Checked;
use crate::emulator::call::Call;
use crate::emulator::tenant::row::Row;

/// The members of two enumerations, as far as one of the cmdlets takes them.
#[rustfmt::skip]
const TYPE_DETAILS: &[&str] = &[
    "DiscoveryMailbox", "DynamicDistributionGroup", "EquipmentMailbox", "GroupMailbox", "GuestMailUser",
    "LegacyMailbox", "LinkedMailbox", "LinkedRoomMailbox", "MailContact", "MailForestContact",
    "MailNonUniversalGroup", "MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "MailUser",
    "PublicFolder", "PublicFolderMailbox", "RemoteEquipmentMailbox", "RemoteRoomMailbox", "RemoteSharedMailbox",
    "RemoteTeamMailbox", "RemoteUserMailbox", "RoomList", "RoomMailbox", "SchedulingMailbox", "SharedMailbox",
    "SharedWithMailUser", "TeamMailbox", "UserMailbox",
];
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "DynamicDistributionGroup", "MailContact", "MailNonUniversalGroup", "MailUniversalDistributionGroup",
    "MailUniversalSecurityGroup", "MailUser", "PublicFolder", "UserMailbox",
];

/// Which objects are wanted.
pub(crate) struct Restriction {
    types: Vec<(&'static str, Vec<String>)>,
    anr: Option<String>,
    plan: Option<String>,
    archive: bool,
    /// Soft-deleted or inactive mailboxes alone, of which there are none.
    nothing: bool,
}

impl Restriction {
    pub(crate) fn read(call: &Call, organization: &str) -> Checked<Self> {
        check_unit(call, organization)?;
        Ok(Self {
            types: [types(call, "RecipientTypeDetails", TYPE_DETAILS)?, types(call, "RecipientType", TYPES)?]
                .into_iter()
                .flatten()
                .collect(),
            anr: call.parameter("Anr").map(str::to_lowercase),
            plan: call.parameter("MailboxPlan").map(str::to_lowercase),
            archive: switch(call, "Archive")?,
            nothing: switch(call, "SoftDeletedMailbox")? || switch(call, "InactiveMailboxOnly")?,
        })
    }

    pub(crate) fn admits(&self, row: &Row<'_>) -> bool {
        let text = |property: &str| row.text(property).unwrap_or_default().to_lowercase();
        let typed = |(property, wanted): &(&str, Vec<String>)| wanted.contains(&text(property));
        !self.nothing
            && self.types.iter().all(typed)
            && self.plan.as_ref().is_none_or(|plan| text("MailboxPlan") == *plan)
            && (!self.archive || text("ArchiveStatus") == "active")
            && self.anr.as_ref().is_none_or(|anr| is_ambiguous(anr, text))
    }
}

/// Whether one of the names begins with the text: the parts of the display name, the alias, the addresses.
fn is_ambiguous(anr: &str, text: impl Fn(&str) -> String) -> bool {
    let display_name = text("DisplayName");
    let words = display_name.split(' ').map(str::to_owned);
    let names = ["DisplayName", "Alias", "Name", "PrimarySmtpAddress"].map(text);
    !anr.is_empty() && names.into_iter().chain(words).any(|name| name.starts_with(anr))
}

fn types(
    call: &Call,
    property: &'static str,
    members: &[&str],
) -> Checked<Option<(&'static str, Vec<String>)>> {
    let Some(list) = call.parameter(property) else { return Ok(None) };
    let wanted: Vec<&str> = list.split(',').map(str::trim).collect();
    let known = |name: &&str| members.iter().any(|member| member.eq_ignore_ascii_case(name));
    match wanted.iter().find(|name| !known(name)) {
        Some(name) => Err(refused(format!("`{name}` is no {property}"))),
        None => Ok(Some((property, wanted.into_iter().map(str::to_lowercase).collect()))),
    }
}

/// There is one organizational unit, the organization's own.
fn check_unit(call: &Call, organization: &str) -> Checked {
    match call.parameter("OrganizationalUnit") {
        Some(unit) if unit.rsplit('/').next().is_none_or(|last| !last.eq_ignore_ascii_case(organization)) => {
            Err(refusal::no_such_entity(unit, "the organizational unit does not exist"))
        }
        _ => Ok(()),
    }
}
