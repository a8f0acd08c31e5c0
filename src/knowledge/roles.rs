//! What opens Exchange to an application: the app role, and the directory roles that it accepts.

/// The application id of Office 365 Exchange Online, the same in every tenant.
pub const EXCHANGE_APP_ID: &str = "00000002-0000-0ff1-ce00-000000000000";

/// The app role that opens the PowerShell back end.
pub const APP_ROLE: &str = "Exchange.ManageAsApp";

/// The id of [`APP_ROLE`].
pub const APP_ROLE_ID: &str = "dc50a0fb-09a3-484d-be87-e023b12c6440";

/// App roles of Exchange that look like [`APP_ROLE`] and do not open its back end: of the v2.0 API, of a preview, of
/// Exchange Web Services.
pub const LOOK_ALIKES: [&str; 3] =
    ["Exchange.ManageAsAppV2", "Exchange.AdminAPI.ManageAsApp", "full_access_as_app"];

/// A directory role of Microsoft Entra that Exchange accepts from an application.
#[derive(Debug, PartialEq, Eq)]
pub struct DirectoryRole {
    /// Its name.
    pub name: &'static str,
    /// Its template id, which tokens carry in `wids`.
    pub id: &'static str,
}

/// The smallest role that suffices to read everything.
pub const READER: DirectoryRole =
    DirectoryRole { name: "Global Reader", id: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" };

/// The role that suffices to change everything in Exchange.
pub const ADMINISTRATOR: DirectoryRole =
    DirectoryRole { name: "Exchange Administrator", id: "29232cdf-9323-42fd-ade2-1d097af3e4de" };

/// All that Microsoft's page on app-only authentication lists.
pub const DIRECTORY_ROLES: [DirectoryRole; 8] = [
    DirectoryRole { name: "Global Administrator", id: "62e90394-69f5-4237-9190-012177145e10" },
    ADMINISTRATOR,
    DirectoryRole { name: "Exchange Recipient Administrator", id: "31392ffb-586c-42d1-9346-e59415a2cc4e" },
    DirectoryRole { name: "Compliance Administrator", id: "17315797-102d-40b4-93e0-432062caca18" },
    DirectoryRole { name: "Security Administrator", id: "194ae4cb-b126-40b2-bd5b-6091b380977d" },
    DirectoryRole { name: "Security Reader", id: "5d6b6bb7-de71-4623-b4af-96380a352509" },
    READER,
    DirectoryRole { name: "Helpdesk Administrator", id: "729827e3-9c14-49f7-bb1b-9608f156bbb8" },
];

/// The smallest role that is known to suffice: to read everything, or to change everything in Exchange.
pub fn smallest_role(writes: bool) -> &'static DirectoryRole {
    if writes { &ADMINISTRATOR } else { &READER }
}

/// The accepted roles among the ids of a token that may change far more than is needed. Whoever takes over the host of the
/// identity takes over what the identity may do.
pub fn excessive_roles(wids: &[String], writes: bool) -> Vec<&'static str> {
    const LARGE: [&str; 2] = ["Global Administrator", "Exchange Administrator"];
    let mut held = directory_roles(wids);
    held.retain(|role| LARGE.contains(role) && *role != smallest_role(writes).name);
    held
}

/// The names of the accepted roles among the ids of a token.
pub fn directory_roles(wids: &[String]) -> Vec<&'static str> {
    let held = |role: &&DirectoryRole| wids.iter().any(|id| id.eq_ignore_ascii_case(role.id));
    DIRECTORY_ROLES.iter().filter(held).map(|role| role.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_by_id_without_regard_to_case() {
        let wids = [
            "F2EF992C-3AFB-46B9-B7CF-A126EE74C451".to_owned(),
            "49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31".to_owned(),
        ];
        assert_eq!(directory_roles(&wids), ["Global Reader"]);
    }
}
