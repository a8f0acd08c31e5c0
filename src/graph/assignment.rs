//! The two kinds of grants as Graph keeps them: where each stands, and what is sent to make it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::odata::equals;
use crate::knowledge::{APP_ROLE, APP_ROLE_ID, DirectoryRole};

/// The scope of a role in the whole tenant. Exchange does not look at roles within an administrative unit.
const EVERYWHERE: &str = "/";

/// What is granted to a service principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The app role, which the service principal of Exchange Online with this object id offers.
    AppRole {
        /// The object id.
        resource: String,
    },
    /// A directory role, in the whole tenant.
    DirectoryRole(&'static DirectoryRole),
}

/// An assignment of either kind.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Assignment {
    pub(super) id: String,
    principal_id: String,
    #[serde(default)]
    app_role_id: Option<String>,
    #[serde(default)]
    resource_id: Option<String>,
    #[serde(default)]
    role_definition_id: Option<String>,
    #[serde(default)]
    directory_scope_id: Option<String>,
}

/// Where assignments of a kind stand.
pub(super) struct Place<'a> {
    pub(super) path: Vec<&'a str>,
    pub(super) query: Vec<(&'static str, String)>,
}

impl Grant {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AppRole { .. } => APP_ROLE,
            Self::DirectoryRole(role) => role.name,
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AppRole { .. } => "app role",
            Self::DirectoryRole(_) => "directory role",
        }
    }

    /// Where the assignments to a principal stand.
    pub(super) fn place<'a>(&self, principal: &'a str) -> Place<'a> {
        match self {
            Self::AppRole { .. } => {
                Place { path: vec!["servicePrincipals", principal, "appRoleAssignments"], query: Vec::new() }
            }
            Self::DirectoryRole(_) => Place {
                path: vec!["roleManagement", "directory", "roleAssignments"],
                query: vec![("$filter", equals("principalId", principal))],
            },
        }
    }

    /// What makes it.
    pub(super) fn body(&self, principal: &str) -> Value {
        match self {
            Self::AppRole { resource } => {
                json!({"principalId": principal, "resourceId": resource, "appRoleId": APP_ROLE_ID})
            }
            Self::DirectoryRole(role) => json!({
                "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
                "roleDefinitionId": role.id, "principalId": principal, "directoryScopeId": EVERYWHERE,
            }),
        }
    }

    /// Whether an assignment is this grant, to this principal.
    pub(super) fn is(&self, assignment: &Assignment, principal: &str) -> bool {
        let same = |known: &Option<String>, wanted: &str| {
            known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(wanted))
        };
        if !assignment.principal_id.eq_ignore_ascii_case(principal) {
            return false;
        }
        match self {
            Self::AppRole { resource } => {
                same(&assignment.app_role_id, APP_ROLE_ID) && same(&assignment.resource_id, resource)
            }
            Self::DirectoryRole(role) => {
                same(&assignment.role_definition_id, role.id)
                    && same(&assignment.directory_scope_id, EVERYWHERE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::READER;

    const ROLE: DirectoryRole = READER;

    fn assignment(fields: &Value) -> Assignment {
        serde_json::from_value(fields.clone()).expect("an assignment")
    }

    #[test]
    fn only_the_very_grant_counts_as_there() {
        let app = Grant::AppRole { resource: "exchange".to_owned() };
        let role = Grant::DirectoryRole(&ROLE);
        let look_alike = "ea3d980d-ebc7-4be4-8298-a167e5b8797c";
        for (grant, fields, expected) in [
            (
                &app,
                json!({"id": "1", "principalId": "P", "appRoleId": APP_ROLE_ID.to_uppercase(), "resourceId": "Exchange"}),
                true,
            ),
            (
                &app,
                json!({"id": "1", "principalId": "p", "appRoleId": look_alike, "resourceId": "exchange"}),
                false,
            ),
            (
                &app,
                json!({"id": "1", "principalId": "p", "appRoleId": APP_ROLE_ID, "resourceId": "graph"}),
                false,
            ),
            (
                &app,
                json!({"id": "1", "principalId": "q", "appRoleId": APP_ROLE_ID, "resourceId": "exchange"}),
                false,
            ),
            (
                &role,
                json!({"id": "1", "principalId": "p", "roleDefinitionId": ROLE.id, "directoryScopeId": "/"}),
                true,
            ),
            (
                &role,
                json!({"id": "1", "principalId": "p", "roleDefinitionId": ROLE.id, "directoryScopeId": "/administrativeUnits/x"}),
                false,
            ),
            (
                &role,
                json!({"id": "1", "principalId": "p", "roleDefinitionId": look_alike, "directoryScopeId": "/"}),
                false,
            ),
            (&role, json!({"id": "1", "principalId": "p", "roleDefinitionId": ROLE.id}), false),
        ] {
            assert_eq!(grant.is(&assignment(&fields), "p"), expected, "{fields}");
        }
    }
}
