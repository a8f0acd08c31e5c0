//! The commands that mend what is missing, ready to be pasted.

use crate::knowledge::{APP_ROLE_ID, DirectoryRole, EXCHANGE_APP_ID};

const GRAPH: &str = "https://graph.microsoft.com/v1.0";

/// Grants the app role to a service principal, by its object id.
pub(super) fn grant_app_role(object_id: &str) -> String {
    format!(
        "az rest --method POST --url {GRAPH}/servicePrincipals/{object_id}/appRoleAssignments \
         --body \"{{\\\"principalId\\\":\\\"{object_id}\\\",\\\"resourceId\\\":\\\"$(az ad sp show --id \
         {EXCHANGE_APP_ID} --query id -o tsv)\\\",\\\"appRoleId\\\":\\\"{APP_ROLE_ID}\\\"}}\""
    )
}

/// Assigns a directory role to a service principal, by its object id.
pub(super) fn assign_directory_role(object_id: &str, role: &DirectoryRole) -> String {
    format!(
        "az rest --method POST --url {GRAPH}/roleManagement/directory/roleAssignments \
         --body '{{\"principalId\":\"{object_id}\",\"roleDefinitionId\":\"{}\",\"directoryScopeId\":\"/\"}}'",
        role.id
    )
}
