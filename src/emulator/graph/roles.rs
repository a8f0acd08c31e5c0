//! Directory roles, and who holds them.

use http::StatusCode;
use serde_json::{Value, json};

use super::caller::{Act, Caller};
use super::principals::find;
use super::query::{Kind, Query};
use super::refusal::{error, missing, refuse};
use super::{before_change, body, changed, page, page_of_assignments};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::assignments::{Assignment, Role};
use crate::emulator::call::Call;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::State;

/// Roles by template id, which for those that every tenant has is their id as well.
static DEFINITIONS: [(&str, &str); 11] = [
    ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
    ("29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"),
    ("31392ffb-586c-42d1-9346-e59415a2cc4e", "Exchange Recipient Administrator"),
    ("49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31", "Exchange Backup Administrator"),
    ("17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator"),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"),
    ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"),
    ("729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator"),
    ("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"),
    ("fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"),
];

pub(super) fn definitions(state: &State, call: &Call, caller: &Caller) -> Checked<Answer> {
    caller.check(Act::ReadRoles)?;
    let query = Query::read(call, Kind::RoleDefinition)?;
    let row = |(id, name): &(&str, &str)| json!({"id": id, "displayName": name, "isBuiltIn": true, "isEnabled": true, "templateId": id});
    page(state, call, Kind::RoleDefinition, &query, DEFINITIONS.iter().map(row).collect())
}

pub(super) fn assignments(state: &State, call: &Call, caller: &Caller) -> Checked<Answer> {
    caller.check(Act::ReadRoles)?;
    let rows = state.assignments.seen(state.seconds()).iter().filter_map(row).collect();
    page_of_assignments(state, call, Kind::RoleAssignment, rows)
}

pub(super) fn assign(state: &State, call: &Call, caller: &Caller) -> Checked<Answer> {
    caller.check(Act::AssignRoles)?;
    let names = ["roleDefinitionId", "principalId", "directoryScopeId"];
    let [definition, principal, scope] = body(call, Kind::RoleAssignment, names)?;
    before_change(state, &principal)?;
    let bad = |message: &str, why: &str| refuse(StatusCode::BAD_REQUEST, "Request_BadRequest", message, why);
    if scope != "/" {
        return bad("The directory scope is not supported.", "directoryScopeId is not /");
    }
    let Some((id, _)) = DEFINITIONS.iter().find(|(id, _)| id.eq_ignore_ascii_case(&definition)) else {
        return Err(Box::new(missing(&definition).refused("there is no such role definition")));
    };
    let found = find(state, &principal)?;
    let object_id = found["id"].as_str().unwrap_or_default();
    let made = state.assignments.add(object_id, Role::Directory((*id).to_owned()), state.seconds());
    let made = made.ok_or_else(|| conflict(state))?;
    Ok(changed(state, Answer::json(StatusCode::CREATED, &row(&made).unwrap_or_default())))
}

pub(super) fn remove(state: &State, call: &Call, caller: &Caller, assignment: &str) -> Checked<Answer> {
    caller.check(Act::AssignRoles)?;
    Query::read(call, Kind::RoleAssignment)?;
    before_change(state, assignment)?;
    let fits = |held: &Assignment| matches!(held.role, Role::Directory(_)) && held.id == assignment;
    if state.assignments.remove(fits, state.seconds()) {
        Ok(changed(state, Answer::empty(StatusCode::NO_CONTENT)))
    } else {
        Err(Box::new(missing(assignment).refused("there is no such assignment")))
    }
}

/// The refusal of a directory role that is there already: on record as 400 and, for other objects, as 409.
fn conflict(state: &State) -> Box<Answer> {
    let message =
        "A conflicting object with one or more of the specified property values is present in the directory.";
    let answer = match state.faults.strike(Place::Duplicate) {
        Some(Fault::Conflict) => {
            error(StatusCode::CONFLICT, "Request_MultipleObjectsWithSameKeyValue", message)
        }
        _ => error(StatusCode::BAD_REQUEST, "Request_BadRequest", message),
    };
    Box::new(answer.refused("the principal holds the role already"))
}

fn row(held: &Assignment) -> Option<Value> {
    let Role::Directory(id) = &held.role else { return None };
    Some(json!({
        "id": held.id, "principalId": held.principal, "directoryScopeId": "/", "roleDefinitionId": id,
    }))
}
