//! The commands that mend what is missing, ready to be pasted.

use clap::ValueEnum;

use super::graph::TOKEN_COMMAND;
use crate::exchange::Environment;
use crate::knowledge::{APP_ROLE_ID, DirectoryRole, EXCHANGE_APP_ID};
use crate::token::UnverifiedClaims;

const PUBLIC: &str = "https://graph.microsoft.com";

/// Microsoft Graph in the cloud of a token, by the token's audience; the public cloud's where that says nothing.
pub(super) fn graph(claims: &UnverifiedClaims) -> &'static str {
    let cloud = claims.aud.as_deref().and_then(Environment::of_audience);
    cloud.and_then(Environment::graph).unwrap_or(PUBLIC)
}

/// The option by which az learns whose token to send: of Microsoft Graph in the public cloud it knows that itself.
fn audience(graph: &str) -> String {
    if graph == PUBLIC { String::new() } else { format!(" --resource {graph}") }
}

/// Grants both, as far as they are missing, by the object id of the service principal.
pub(super) fn grant(claims: &UnverifiedClaims, object_id: &str, role: &str) -> String {
    let cloud = claims.aud.as_deref().and_then(Environment::of_audience).unwrap_or_default();
    let cloud = match cloud.to_possible_value() {
        Some(name) if cloud != Environment::default() => format!(" --environment {}", name.get_name()),
        _ => String::new(),
    };
    format!(
        "{TOKEN_COMMAND} | exo-mi grant{cloud} --object-id {object_id} --role \"{role}\" --graph-token-file -"
    )
}

/// The same as a script for somebody who may grant and has no exo-mi.
pub(super) fn script(object_id: &str, role: &str) -> String {
    format!("exo-mi grant --object-id {object_id} --role \"{role}\" --print powershell")
}

/// Grants the app role to a service principal, by its object id.
pub(super) fn grant_app_role(graph: &str, object_id: &str) -> String {
    let audience = audience(graph);
    format!(
        "az rest --method POST{audience} --url {graph}/v1.0/servicePrincipals/{object_id}/appRoleAssignments \
         --body \"{{\\\"principalId\\\":\\\"{object_id}\\\",\\\"resourceId\\\":\\\"$(az ad sp show --id \
         {EXCHANGE_APP_ID} --query id -o tsv)\\\",\\\"appRoleId\\\":\\\"{APP_ROLE_ID}\\\"}}\""
    )
}

/// Assigns a directory role to a service principal, by its object id.
pub(super) fn assign_directory_role(graph: &str, object_id: &str, role: &DirectoryRole) -> String {
    let audience = audience(graph);
    format!(
        "az rest --method POST{audience} --url {graph}/v1.0/roleManagement/directory/roleAssignments \
         --body '{{\"principalId\":\"{object_id}\",\"roleDefinitionId\":\"{}\",\"directoryScopeId\":\"/\"}}'",
        role.id
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_go_to_the_cloud_of_the_token() {
        for (audience, host) in [
            (Some("https://outlook.office365.com/"), "https://graph.microsoft.com"),
            (Some("https://outlook.office365.us"), "https://graph.microsoft.us"),
            (Some("https://outlook-dod.office365.us/"), "https://dod-graph.microsoft.us"),
            (Some("https://partner.outlook.cn/"), "https://microsoftgraph.chinacloudapi.cn"),
            (None, "https://graph.microsoft.com"),
        ] {
            let claims = UnverifiedClaims { aud: audience.map(str::to_owned), ..UnverifiedClaims::default() };
            assert_eq!(graph(&claims), host);
            let public = audience.is_none_or(|audience| audience.contains(".com"));
            assert_eq!(grant(&claims, "o", "Global Reader").contains("--environment"), !public);
        }
    }
}
