//! Whom to grant to: one service principal of the tenant, found by whatever the user knows of it.

use std::fmt;

use serde::Deserialize;
use uuid::Uuid;

use super::client::Graph;
use super::error::Error;
use super::odata::equals;

const PROPERTIES: &str = "id,appId,displayName,servicePrincipalType,alternativeNames";
const WHAT: &str = "find the identity";

/// What the user knows of the identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Its display name, which need not be its alone.
    Name(String),
    /// Its client (application) id.
    ClientId(Uuid),
    /// The object (principal) id of its service principal.
    ObjectId(Uuid),
}

/// A service principal, as far as it matters here.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Principal {
    /// The object id, to which everything is granted.
    pub id: String,
    /// The client id.
    pub app_id: String,
    /// The name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// `ManagedIdentity`, `Application` or another kind.
    #[serde(default, rename = "servicePrincipalType")]
    pub kind: Option<String>,
    /// Of a managed identity, its id in Azure among others.
    #[serde(default)]
    alternative_names: Vec<String>,
}

/// The one that was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// It.
    pub principal: Principal,
    /// Others of the same name, which are no managed identities.
    pub namesakes: Vec<Principal>,
}

impl Principal {
    fn is_managed_identity(&self) -> bool {
        self.kind.as_deref() == Some("ManagedIdentity")
    }

    /// The Azure resource that a managed identity is, or belongs to.
    pub fn resource_id(&self) -> Option<&str> {
        self.alternative_names.iter().map(String::as_str).find(|name| name.starts_with("/subscriptions/"))
    }

    /// The name; an unnamed one goes by its client id.
    pub fn name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.app_id)
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.as_deref().unwrap_or("unknown kind");
        write!(f, "object id {}, client id {}, {kind}", self.id, self.app_id)?;
        self.resource_id().map_or(Ok(()), |resource| write!(f, ", {resource}"))
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "name `{name}`"),
            Self::ClientId(id) => write!(f, "client id {id}"),
            Self::ObjectId(id) => write!(f, "object id {id}"),
        }
    }
}

impl Wanted {
    fn filter(&self) -> String {
        match self {
            Self::Name(name) => equals("displayName", name),
            Self::ClientId(id) => equals("appId", &id.to_string()),
            Self::ObjectId(id) => equals("id", &id.to_string()),
        }
    }

    /// The same GUID taken for the other of the two ids: mixing them up is the commonest mistake.
    fn mistaken(&self) -> Option<Self> {
        match self {
            Self::Name(_) => None,
            Self::ClientId(id) => Some(Self::ObjectId(*id)),
            Self::ObjectId(id) => Some(Self::ClientId(*id)),
        }
    }
}

impl Graph {
    /// Finds the one that is meant. Of several with one name the only managed identity is: an application of the same
    /// name is as common as confusing.
    pub async fn find(&self, wanted: &Wanted) -> Result<Found, Error> {
        let candidates = self.candidates(wanted).await?;
        if candidates.is_empty() {
            let mistaken = match wanted.mistaken() {
                Some(other) => self.candidates(&other).await?.pop().map(Box::new),
                None => None,
            };
            return Err(Error::NoPrincipal { wanted: wanted.clone(), mistaken });
        }
        choose(candidates).map_err(|candidates| Error::Ambiguous { wanted: wanted.clone(), candidates })
    }

    async fn candidates(&self, wanted: &Wanted) -> Result<Vec<Principal>, Error> {
        let query = [("$filter", wanted.filter()), ("$select", PROPERTIES.to_owned())];
        self.list(WHAT, &["servicePrincipals"], &query).await
    }
}

fn choose(mut candidates: Vec<Principal>) -> Result<Found, Vec<Principal>> {
    let managed: Vec<usize> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.is_managed_identity())
        .map(|(at, _)| at)
        .collect();
    match (candidates.len(), managed.as_slice()) {
        (1, _) => Ok(Found { principal: candidates.remove(0), namesakes: Vec::new() }),
        (_, &[only]) => Ok(Found { principal: candidates.remove(only), namesakes: candidates }),
        _ => Err(candidates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(kind: &str) -> Principal {
        let text = format!(r#"{{"id":"{kind}","appId":"a","servicePrincipalType":"{kind}"}}"#);
        serde_json::from_str(&text).expect("a principal")
    }

    #[test]
    fn the_only_managed_identity_is_meant_and_else_nobody_guesses() {
        for (kinds, expected) in [
            (vec!["ManagedIdentity"], Some("ManagedIdentity")),
            (vec!["Application"], Some("Application")),
            (vec!["Application", "ManagedIdentity"], Some("ManagedIdentity")),
            (vec!["ManagedIdentity", "ManagedIdentity"], None),
            (vec!["Application", "Application"], None),
            (vec!["Application", "ManagedIdentity", "ManagedIdentity"], None),
        ] {
            let found = choose(kinds.iter().map(|kind| principal(kind)).collect());
            let others = kinds.len() - 1;
            assert_eq!(found.as_ref().ok().map(|found| found.principal.id.as_str()), expected, "{kinds:?}");
            assert!(found.is_err() || found.is_ok_and(|found| found.namesakes.len() == others));
        }
    }

    #[test]
    fn each_selector_has_its_filter() {
        let id = Uuid::nil();
        for (wanted, filter) in [
            (Wanted::Name("o'x".to_owned()), "displayName eq 'o''x'".to_owned()),
            (Wanted::ClientId(id), format!("appId eq '{id}'")),
            (Wanted::ObjectId(id), format!("id eq '{id}'")),
        ] {
            assert_eq!(wanted.filter(), filter);
        }
    }
}
