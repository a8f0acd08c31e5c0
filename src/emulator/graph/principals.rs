//! Service principals, and the app roles that are assigned to them.

use http::StatusCode;
use serde_json::{Value, json};

use super::caller::{Act, Caller};
use super::query::{Kind, Query};
use super::refusal::{missing, refuse};
use super::{before_change, body, changed, page, page_of_assignments};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::assignments::{APP_ROLES, Assignment, Role};
use crate::emulator::call::Call;
use crate::emulator::directory::{Identity, PRINCIPALS};
use crate::emulator::state::State;

const EXCHANGE_ID: &str = "e0000002-1111-4111-8111-000000000002";
const EXCHANGE_APP_ID: &str = "00000002-0000-0ff1-ce00-000000000000";
const EXCHANGE_NAME: &str = "Office 365 Exchange Online";

pub(super) fn list(state: &State, call: &Call, caller: &Caller) -> Checked<Answer> {
    caller.check(Act::ReadPrincipals)?;
    let query = Query::read(call, Kind::ServicePrincipal)?;
    page(state, call, Kind::ServicePrincipal, &query, all(state))
}

pub(super) fn one(state: &State, call: &Call, caller: &Caller, id: &str) -> Checked<Answer> {
    caller.check(Act::ReadPrincipals)?;
    let query = Query::read(call, Kind::ServicePrincipal)?;
    Ok(Answer::json(StatusCode::OK, &query.narrow(&find(state, id)?)))
}

pub(super) fn assignments(state: &State, call: &Call, caller: &Caller, id: &str) -> Checked<Answer> {
    caller.check(Act::ReadPrincipals)?;
    let principal = find(state, id)?;
    let seen = state.assignments.seen(state.seconds());
    let rows = seen.iter().filter(|held| held.principal == principal["id"]);
    let rows = rows.filter_map(|held| row(held, &principal)).collect();
    page_of_assignments(state, call, Kind::AppRoleAssignment, rows)
}

pub(super) fn assign(state: &State, call: &Call, caller: &Caller, id: &str) -> Checked<Answer> {
    caller.check(Act::GrantAppRoles)?;
    let [principal_id, resource_id, role_id] =
        body(call, Kind::AppRoleAssignment, ["principalId", "resourceId", "appRoleId"])?;
    before_change(state, id)?;
    let principal = find(state, id)?;
    let bad = |message: &str, why: &str| refuse(StatusCode::BAD_REQUEST, "Request_BadRequest", message, why);
    if !principal_id.eq_ignore_ascii_case(id) {
        return bad("The principal ID in the request does not match.", "principalId is not that of the path");
    }
    if find(state, &resource_id)?["id"] != EXCHANGE_ID {
        let message = format!("Permission being assigned was not found on application '{resource_id}'");
        return bad(&message, "the resource offers no app roles");
    }
    let Some(offered) = APP_ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(&role_id)) else {
        let message = format!("Permission being assigned was not found on application '{EXCHANGE_APP_ID}'");
        return bad(&message, "Exchange Online offers no such app role");
    };
    let object_id = principal["id"].as_str().unwrap_or_default();
    let Some(made) = state.assignments.add(object_id, Role::App(offered.id.to_owned()), state.seconds())
    else {
        return bad(
            "Permission being assigned already exists on the object",
            "the principal holds the app role already",
        );
    };
    let body = row(&made, &principal).unwrap_or_default();
    Ok(changed(state, Answer::json(StatusCode::CREATED, &body)))
}

pub(super) fn remove(
    state: &State,
    call: &Call,
    caller: &Caller,
    id: &str,
    assignment: &str,
) -> Checked<Answer> {
    caller.check(Act::GrantAppRoles)?;
    Query::read(call, Kind::AppRoleAssignment)?;
    before_change(state, id)?;
    let fits = |held: &Assignment| {
        matches!(held.role, Role::App(_)) && held.principal.eq_ignore_ascii_case(id) && held.id == assignment
    };
    if state.assignments.remove(fits, state.seconds()) {
        Ok(changed(state, Answer::empty(StatusCode::NO_CONTENT)))
    } else {
        Err(Box::new(missing(assignment).refused("the principal has no such assignment")))
    }
}

/// Whether an object is known that may hold a role.
pub(super) fn find(state: &State, id: &str) -> Checked<Value> {
    let found =
        all(state).into_iter().find(|row| row["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)));
    found.ok_or_else(|| {
        Box::new(missing(id).refused("the tenant has no service principal with this object id"))
    })
}

fn all(state: &State) -> Vec<Value> {
    let exchange = state.script.has_exchange.then(exchange);
    PRINCIPALS.into_iter().map(principal).chain(exchange).collect()
}

fn principal(identity: &Identity) -> Value {
    let user_assigned = identity.resource_id.contains("/userAssignedIdentities/");
    let (kind, names) = if identity.resource_id.is_empty() {
        ("Application", json!([]))
    } else {
        let explicit = if user_assigned { "isExplicit=True" } else { "isExplicit=False" };
        ("ManagedIdentity", json!([explicit, identity.resource_id]))
    };
    json!({
        "id": identity.object_id, "accountEnabled": true, "alternativeNames": names,
        "appDisplayName": if kind == "Application" { json!(identity.name) } else { Value::Null },
        "appId": identity.client_id, "appRoles": [], "displayName": identity.name,
        "servicePrincipalNames": [identity.client_id], "servicePrincipalType": kind,
    })
}

fn exchange() -> Value {
    let offered = APP_ROLES.iter().map(|role| {
        json!({
            "allowedMemberTypes": ["Application"], "description": role.value, "displayName": role.value,
            "id": role.id, "isEnabled": true, "origin": "Application", "value": role.value,
        })
    });
    json!({
        "id": EXCHANGE_ID, "accountEnabled": true, "alternativeNames": [], "appDisplayName": EXCHANGE_NAME,
        "appId": EXCHANGE_APP_ID, "appRoles": offered.collect::<Vec<_>>(), "displayName": EXCHANGE_NAME,
        "servicePrincipalNames": [EXCHANGE_APP_ID, "https://outlook.office365.com/"],
        "servicePrincipalType": "Application",
    })
}

fn row(held: &Assignment, principal: &Value) -> Option<Value> {
    let Role::App(id) = &held.role else { return None };
    Some(json!({
        "id": held.id, "appRoleId": id, "createdDateTime": "2026-01-01T00:00:00Z",
        "principalDisplayName": principal["displayName"], "principalId": principal["id"],
        "principalType": "ServicePrincipal", "resourceDisplayName": EXCHANGE_NAME, "resourceId": EXCHANGE_ID,
    }))
}
