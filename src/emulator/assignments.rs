//! Who holds which roles: what Microsoft Graph changes and tokens repeat.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::directory::{Identity, PERSON, PRINCIPALS};
use super::script::{Grants, Script};

/// An app role of Exchange Online.
pub(crate) struct AppRole {
    pub(crate) id: &'static str,
    pub(crate) value: &'static str,
}

/// The role that opens the admin API, among others that look like it. The id of the third is made up: no source has it.
pub(crate) static APP_ROLES: [AppRole; 4] = [
    AppRole { id: "dc890d15-9560-4a4c-9b7f-a736ec74ec40", value: "full_access_as_app" },
    AppRole { id: "ea3d980d-ebc7-4be4-8298-a167e5b8797c", value: "Exchange.ManageAsAppV2" },
    AppRole { id: "f1a5ae3c-0b0e-4f5c-8d8e-3a2b1c0d9e8f", value: "Exchange.AdminAPI.ManageAsApp" },
    AppRole { id: "dc50a0fb-09a3-484d-be87-e023b12c6440", value: "Exchange.ManageAsApp" },
];

/// A role that a principal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) id: String,
    /// The object id of whoever holds it.
    pub(crate) principal: String,
    pub(crate) role: Role,
    made: u64,
    removed: Option<u64>,
}

/// What is held, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// An app role of Exchange Online.
    App(String),
    /// A directory role, in the whole tenant.
    Directory(String),
}

pub(crate) struct Assignments {
    /// How long a change takes to show, in seconds.
    delay: u64,
    all: Mutex<Vec<Assignment>>,
}

impl Assignments {
    /// What is assigned when the world begins.
    pub(crate) fn new(script: &Script) -> Self {
        let mut all = Vec::new();
        let (app, directory) = match script.grants {
            Grants::Both => (true, true),
            Grants::NoAppRole => (false, true),
            Grants::NoDirectoryRole | Grants::RoleGroup => (true, false),
            Grants::Neither => (false, false),
        };
        for identity in PRINCIPALS.into_iter().chain([&PERSON.through]) {
            all.extend(app.then(|| Assignment::new(identity, Role::App(APP_ROLES[3].id.to_owned()))));
            let role = Role::Directory(identity.role.template_id().to_owned());
            all.extend(directory.then(|| Assignment::new(identity, role)));
        }
        Self { delay: script.replication.as_secs(), all: Mutex::new(all) }
    }

    /// Those that show by now.
    pub(crate) fn seen(&self, now: u64) -> Vec<Assignment> {
        let shows = |assignment: &&Assignment| {
            let is_made = assignment.made == 0 || assignment.made + self.delay <= now;
            is_made && assignment.removed.is_none_or(|removed| now < removed + self.delay)
        };
        self.all().iter().filter(shows).cloned().collect()
    }

    /// The values of the app roles that a token of this principal repeats.
    pub(crate) fn app_roles(&self, principal: &str, now: u64) -> Vec<String> {
        let held = self.seen(now).into_iter().filter(|assignment| assignment.principal == principal);
        let value = |assignment: Assignment| match assignment.role {
            Role::App(id) => APP_ROLES.iter().find(|role| role.id == id).map(|role| role.value.to_owned()),
            Role::Directory(_) => None,
        };
        held.filter_map(value).collect()
    }

    /// The ids of the directory roles that a token of this principal repeats.
    pub(crate) fn directory_roles(&self, principal: &str, now: u64) -> Vec<String> {
        let held = self.seen(now).into_iter().filter(|assignment| assignment.principal == principal);
        let id = |assignment: Assignment| match assignment.role {
            Role::Directory(id) => Some(id),
            Role::App(_) => None,
        };
        held.filter_map(id).collect()
    }

    /// Adds one; `None` where the principal holds the role already, whether that shows or not.
    pub(crate) fn add(&self, principal: &str, role: Role, now: u64) -> Option<Assignment> {
        let mut all = self.all();
        let is_same = |other: &Assignment| {
            other.removed.is_none() && other.principal == principal && other.role == role
        };
        if all.iter().any(is_same) {
            return None;
        }
        let id = uuid::Uuid::new_v4().simple().to_string();
        let made = Assignment { id, principal: principal.to_owned(), role, made: now, removed: None };
        all.push(made.clone());
        Some(made)
    }

    /// Takes one away; `false` where there is none that fits.
    pub(crate) fn remove(&self, fits: impl Fn(&Assignment) -> bool, now: u64) -> bool {
        let mut all = self.all();
        let found = all.iter_mut().find(|assignment| assignment.removed.is_none() && fits(assignment));
        found.is_some_and(|found| found.removed.replace(now).is_none())
    }

    fn all(&self) -> MutexGuard<'_, Vec<Assignment>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Assignment {
    /// One that was there from the beginning. Its id has the form of an id of this kind.
    fn new(identity: &Identity, role: Role) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string();
        Self { id, principal: identity.object_id.to_owned(), role, made: 0, removed: None }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::emulator::directory::MACHINE;
    use crate::emulator::script::HEALTHY;

    #[test]
    fn a_change_shows_after_its_time_and_is_a_duplicate_before() {
        let delay = Duration::from_secs(10);
        let script = Script { grants: Grants::Neither, replication: delay, ..HEALTHY };
        let assignments = Assignments::new(&script);
        let role = Role::Directory("r".to_owned());
        let made = assignments.add(MACHINE.object_id, role.clone(), 100).unwrap();
        assert_eq!(assignments.add(MACHINE.object_id, role, 101), None);
        let shown = |now| assignments.directory_roles(MACHINE.object_id, now).len();
        assert_eq!([shown(100), shown(109), shown(110)], [0, 0, 1]);
        assert!(assignments.remove(|assignment| assignment.id == made.id, 200));
        assert!(!assignments.remove(|assignment| assignment.id == made.id, 200));
        assert_eq!([shown(209), shown(210)], [1, 0]);
    }
}
