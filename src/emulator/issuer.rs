//! Issues tokens as the platform does: one per identity and resource, kept until it is about to expire.
//!
//! That is why a role granted later stays invisible for a day: the roles are in the kept token, and no client can ask
//! for another. `bypass_cache` is documented by one source and vouched for by none, so it changes nothing here.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::assignments::Assignments;
use super::directory::{GRANTOR, Identity, PERSON};
use super::script::Script;
use super::state::Secrets;
use super::token::{Claims, Holder, Signer};
use crate::secret::Secret;

/// Twenty-four hours, and five minutes for clocks that disagree.
const LIFETIME: u64 = 86_700;
const MARGIN: u64 = 300;
/// What the authority gives an application or a person.
const SHORT_LIFETIME: u64 = 3_600;

/// What lets a person grant app roles and directory roles, and what everybody has.
const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const PLAIN_USER: &str = "b79fbf4d-3ef9-4689-8143-76b194e85509";

/// The application id of Exchange Online, by which its audience may be spelled too.
const EXCHANGE_ID: &str = "00000002-0000-0ff1-ce00-000000000000";
const EXCHANGE_HOSTS: &[&str] = &["https://outlook.office365.com", "https://outlook.office.com"];
const GRAPH: &str = "https://graph.microsoft.com";
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
const OTHER_RESOURCES: &[&str] = &[
    GRAPH,
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://vault.azure.net",
];

pub(crate) struct Issuer {
    signer: Signer,
    assignments: Arc<Assignments>,
    books: Mutex<Books>,
    /// Every token that was ever given out.
    minted: Secrets,
}

#[derive(Default)]
struct Books {
    /// By identity and spelling of the resource.
    kept: HashMap<(&'static str, String), Issued>,
    revoked: HashSet<String>,
}

#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) not_before: u64,
    pub(crate) expires: u64,
}

impl Issuer {
    pub(crate) fn new(signer: Signer, assignments: Arc<Assignments>, minted: Secrets) -> Self {
        Self { signer, assignments, books: Mutex::default(), minted }
    }

    /// The token that the platform holds for this identity and this very spelling of the resource.
    pub(crate) fn issue(
        &self,
        script: &Script,
        identity: &'static Identity,
        resource: &str,
        now: u64,
    ) -> Issued {
        let mut books = self.books();
        let key = (identity.client_id, resource.to_owned());
        if let Some(issued) = books.kept.get(&key).filter(|issued| now + MARGIN < issued.expires) {
            return issued.clone();
        }
        let issued = self.mint(&self.claims(script, identity, resource, now));
        books.kept.insert(key, issued.clone());
        issued
    }

    /// A fresh token for an application that has proved itself: the authority keeps none.
    pub(crate) fn issue_to_application(
        &self,
        script: &Script,
        application: &Identity,
        resource: &str,
        now: u64,
    ) -> Issued {
        let claims = self.claims(script, application, resource, now);
        // The authority allows for clocks that run behind its own.
        let (issued, expires) = (now.saturating_sub(MARGIN), now + SHORT_LIFETIME);
        self.mint(&Claims { holder: Holder::Application, issued, not_before: issued, expires, ..claims })
    }

    /// A token for the person who is signed in.
    pub(crate) fn issue_to_person(&self, script: &Script, resource: &str, now: u64) -> Issued {
        let holder =
            Holder::Person { name: PERSON.name(script.home), scopes: "user_impersonation".to_owned() };
        let claims = self.claims(script, &PERSON.through, resource, now);
        self.mint(&Claims { holder, roles: Vec::new(), expires: now + SHORT_LIFETIME, ..claims })
    }

    /// A token for Microsoft Graph, of whoever grants. It lives for a day, as tokens do whose end the service can hasten.
    pub(crate) fn issue_to_grantor(&self, script: &Script, now: u64) -> Issued {
        const SCOPES: &str =
            "AppRoleAssignment.ReadWrite.All Application.Read.All RoleManagement.ReadWrite.Directory";
        let holder = Holder::Person { name: GRANTOR.name(script.home), scopes: SCOPES.to_owned() };
        let claims = self.claims(script, &GRANTOR.through, GRAPH, now);
        let role = if script.grantor_may { PRIVILEGED_ROLE_ADMINISTRATOR } else { PLAIN_USER };
        self.mint(&Claims { holder, directory_roles: vec![role.to_owned()], ..claims })
    }

    fn mint(&self, claims: &Claims) -> Issued {
        let token = self.signer.mint(claims);
        self.minted.note(&token);
        Issued { token, not_before: claims.not_before, expires: claims.expires }
    }

    /// Every token so far, for those who make sure that none is shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        self.minted.all()
    }

    /// Gives up a kept token of this digest, in hexadecimal SHA-256, so that the next request gets a fresh one.
    pub(crate) fn forget(&self, digest: &str) {
        let is_meant = |issued: &Issued| {
            let found = ring::digest::digest(&ring::digest::SHA256, issued.token.as_bytes());
            hexadecimal(found.as_ref()).eq_ignore_ascii_case(digest)
        };
        self.books().kept.retain(|_, issued| !is_meant(issued));
    }

    /// Makes a token worthless, so that the next request gets a fresh one.
    pub(crate) fn revoke(&self, token: &str) {
        let mut books = self.books();
        books.kept.retain(|_, issued| issued.token != token);
        books.revoked.insert(token.to_owned());
    }

    pub(crate) fn is_revoked(&self, token: &str) -> bool {
        self.books().revoked.contains(token)
    }

    /// What a token says, with the roles that are assigned by now.
    fn claims(&self, script: &Script, identity: &Identity, resource: &str, now: u64) -> Claims {
        let app_roles = self.assignments.app_roles(identity.object_id, now);
        Claims {
            audience: resource.to_owned(),
            tenant: script.home.tenant.to_owned(),
            client_id: identity.client_id.to_owned(),
            object_id: identity.object_id.to_owned(),
            holder: Holder::ManagedIdentity { resource_id: identity.resource_id.to_owned() },
            roles: if is_exchange(resource) { app_roles } else { Vec::new() },
            directory_roles: self.assignments.directory_roles(identity.object_id, now),
            issued: now,
            not_before: now,
            expires: now + LIFETIME,
            unique_id: uuid::Uuid::new_v4().simple().to_string(),
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }
}

/// Whether the directory knows this resource. A scope such as `…/.default` is none.
pub(crate) fn is_known(resource: &str) -> bool {
    is_exchange(resource) || OTHER_RESOURCES.contains(&without_slash(resource))
}

/// Whether a resource, or an audience, is Exchange Online.
pub(crate) fn is_exchange(resource: &str) -> bool {
    resource == EXCHANGE_ID || EXCHANGE_HOSTS.contains(&without_slash(resource))
}

/// Whether an audience is Microsoft Graph.
pub(crate) fn is_graph(audience: &str) -> bool {
    audience == GRAPH_ID || without_slash(audience) == GRAPH
}

fn without_slash(resource: &str) -> &str {
    resource.strip_suffix('/').unwrap_or(resource)
}

/// Bytes as capital hexadecimal digits, as thumbprints are written.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::MACHINE;
    use crate::emulator::script::HEALTHY;

    fn issuer() -> Issuer {
        Issuer::new(Signer::new().unwrap(), Arc::new(Assignments::new(&HEALTHY)), Secrets::new(true))
    }

    const RESOURCE: &str = "https://outlook.office365.com/";

    #[test]
    fn the_same_token_comes_back_for_a_day_and_another_one_after_it() {
        let issuer = issuer();
        let issue = |resource: &str, now| issuer.issue(&HEALTHY, &MACHINE, resource, now).token;
        let first = issue(RESOURCE, 0);
        assert_eq!(issue(RESOURCE, 86_399), first);
        assert_ne!(issue("https://outlook.office365.com", 0), first, "another spelling is another entry");
        assert_ne!(issue(RESOURCE, 86_400), first);
    }

    #[test]
    fn a_revoked_token_is_not_handed_out_again() {
        let issuer = issuer();
        let first = issuer.issue(&HEALTHY, &MACHINE, RESOURCE, 0).token;
        issuer.revoke(&first);
        assert!(issuer.is_revoked(&first));
        assert_ne!(issuer.issue(&HEALTHY, &MACHINE, RESOURCE, 0).token, first);
    }

    #[test]
    fn a_scope_is_no_resource() {
        assert!(is_known(RESOURCE) && is_known(EXCHANGE_ID) && is_known("https://graph.microsoft.com"));
        assert!(
            !is_known("https://outlook.office365.com/.default")
                && !is_known("https://outlook.office365.com//")
        );
    }
}
