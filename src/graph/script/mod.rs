//! The same grants as a script, for those who want to see every step or may not run this program.
//!
//! What the user typed is written into a language of its own with that language's quotes; nothing of it reaches a place
//! where a shell would take it for a command. A name holds no line break, which is checked before.

mod powershell;
mod quote;
mod shell;

use std::fmt;

use super::address::Address;
use super::odata::equals;
use super::principal::Wanted;
use crate::knowledge::{APP_ROLE, DIRECTORY_ROLES, DirectoryRole};

/// What the script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// bash, with the Azure CLI
    Az,
    /// bash, with curl and plain requests to Microsoft Graph
    Graph,
    /// PowerShell, with the Microsoft.Graph modules
    Powershell,
}

/// The names that one cloud has in the tools of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Where its Microsoft Graph is.
    pub graph: Address,
    /// What `az cloud set` calls it, where it is not the public one.
    pub az: Option<&'static str>,
    /// What `Connect-MgGraph -Environment` calls it, where it is not the public one.
    pub powershell: Option<&'static str>,
    /// What this program's `--environment` calls it, where it is not the public one.
    pub environment: Option<&'static str>,
}

/// A script that grants, or takes the grants away. Its `Display` is its text.
#[derive(Clone, Debug)]
pub struct Script {
    /// What it is written in.
    pub language: Language,
    /// To whom.
    pub wanted: Wanted,
    /// The directory role; where there is none, the script says which there are and demands one.
    pub role: Option<&'static DirectoryRole>,
    /// Whether the grants are taken away.
    pub removes: bool,
    /// Where.
    pub cloud: Cloud,
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self.language {
            Language::Az | Language::Graph => shell::text(self),
            Language::Powershell => powershell::text(self),
        })
    }
}

impl Script {
    /// The first lines, which say what it does.
    fn purpose(&self, with: &str) -> String {
        let role = self.role.map_or("a directory role", |role| role.name);
        let (does, again) = if self.removes {
            ("Takes away", "what is not there is no error")
        } else {
            ("Grants", "what is there already is left alone")
        };
        format!(
            "# {does} what an identity needs to use Exchange Online, with {with}:\n\
             # the app role {APP_ROLE}, and {role}. It may be run again: {again}.\n\
             # Whoever runs it needs the role Privileged Role Administrator or Global Administrator.\n"
        )
    }

    /// The filters that find the identity, the one to prefer first; none where its object id is known.
    fn filters(&self) -> Vec<String> {
        match &self.wanted {
            Wanted::Name(name) => {
                let named = equals("displayName", name);
                vec![format!("{named} and {}", equals("servicePrincipalType", "ManagedIdentity")), named]
            }
            Wanted::ClientId(id) => vec![equals("appId", &id.to_string())],
            Wanted::ObjectId(_) => Vec::new(),
        }
    }

    /// The last step: the trial, on the host that has the identity.
    fn trial(&self) -> String {
        let environment =
            self.cloud.environment.map(|name| format!(" --environment {name}")).unwrap_or_default();
        let trial = format!("exo-mi connect --org contoso.onmicrosoft.com{environment} get-accepted-domain");
        format!(
            "# 5. Try it on the host that has the identity; a user-assigned one is named with --client-id. Exchange may\n\
             # take two hours to know a new role, and Azure keeps a token that it has handed out for up to 24 hours.\n\
             #   {trial}\n"
        )
    }
}

/// The roles to choose from, as comments.
fn choice() -> String {
    let row = |role: &DirectoryRole| format!("#   {} {}\n", role.id, role.name);
    DIRECTORY_ROLES.iter().map(row).collect()
}
