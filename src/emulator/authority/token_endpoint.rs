//! `POST /{tenant}/oauth2/v2.0/token`: a token for an application that proves itself with an assertion.

use http::{Method, StatusCode};
use serde_json::json;

use super::{certificate, federation};
use crate::emulator::aadsts::{self, Aadsts};
use crate::emulator::answer::{Answer, Checked, check_method};
use crate::emulator::call::{Call, find, misnamed, pairs};
use crate::emulator::directory::{CERTIFIED, Identity, Organization, WORKLOAD, organization};
use crate::emulator::issuer::is_known;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::State;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const PARAMETERS: &[&str] =
    &["grant_type", "client_id", "client_assertion_type", "client_assertion", "scope"];

const INVALID_REQUEST: Aadsts = Aadsts::bad_request(900_144, "invalid_request");
const RESOURCE: Aadsts = Aadsts::bad_request(901_002, "invalid_request");
const GRANT_TYPE: Aadsts = Aadsts::bad_request(70_003, "unsupported_grant_type");
const SCOPE: Aadsts = Aadsts::bad_request(70_011, "invalid_scope");
const NO_PROOF: Aadsts = Aadsts::bad_request(7_000_216, "invalid_request");
const UNKNOWN_APPLICATION: Aadsts = Aadsts::bad_request(700_016, "unauthorized_client");

/// What the request is about, as far as its assertion has to do with it.
pub(super) struct Demand<'a> {
    pub(super) application: &'static Identity,
    pub(super) assertion: &'a str,
    /// The values of `aud` by which this endpoint may be meant.
    pub(super) audiences: Vec<String>,
}

pub(super) fn answer(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    let form = form(state, call)?;
    let home = organization(tenant);
    let home = home.ok_or_else(|| aadsts::unknown_tenant(state, "invalid_request", tenant))?;
    let resource = resource(state, &form)?;
    let application = application(state, &form, home)?;
    let assertion = assertion(state, &form)?;
    let demand = Demand { application, assertion, audiences: audiences(call, tenant, home) };
    if application == &CERTIFIED {
        certificate::check(state, &demand)?;
    } else {
        federation::check(state, &demand)?;
    }
    if let Some(fault) = state.faults.strike(Place::Assertion) {
        return Ok(struck(state, fault, application, home));
    }
    let now = state.seconds();
    let issued = state.issuer.issue_to_application(&state.script, application, resource, now);
    let left = issued.expires.saturating_sub(now).saturating_sub(1);
    let body = json!({
        "token_type": "Bearer", "expires_in": left, "ext_expires_in": left, "access_token": issued.token,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn form(state: &State, call: &Call) -> Checked<Vec<(String, String)>> {
    check_method(&call.method, &Method::POST, "the token endpoint takes POST alone")?;
    if !call.query.is_empty() {
        return Err(missing(state, "grant_type", "the parameters of a token request belong into its body"));
    }
    if call.content_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(missing(state, "grant_type", "the body must be a form"));
    }
    let form = pairs(&call.body);
    if find(&form, "resource").is_some() {
        let text = "The 'resource' request parameter is not supported.";
        return Err(RESOURCE.refuse(state, text, "version 2 takes a scope, not a resource"));
    }
    if let Some(why) = misnamed(&form, PARAMETERS) {
        return Err(INVALID_REQUEST.refuse(state, "The request body is not valid.", why));
    }
    for name in ["grant_type", "client_id", "scope"] {
        if find(&form, name).is_none_or(str::is_empty) {
            return Err(missing(state, name, format!("`{name}` is missing")));
        }
    }
    Ok(form)
}

fn missing(state: &State, name: &str, why: impl Into<String>) -> Box<Answer> {
    let text = format!("The request body must contain the following parameter: '{name}'.");
    INVALID_REQUEST.refuse(state, &text, why)
}

/// The resource of the one scope: version 2 takes a resource with `/.default` behind it.
fn resource<'a>(state: &State, form: &'a [(String, String)]) -> Checked<&'a str> {
    let scope = find(form, "scope").unwrap_or_default();
    let resource = scope.strip_suffix("/.default").filter(|resource| !resource.contains(' '));
    let resource = resource.ok_or_else(|| {
        let text = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
        );
        SCOPE.refuse(state, &text, "the scope is not one resource with /.default behind it")
    })?;
    if is_known(resource) { Ok(resource) } else { Err(aadsts::unknown_resource(state, resource)) }
}

fn application(state: &State, form: &[(String, String)], home: &Organization) -> Checked<&'static Identity> {
    let grant = find(form, "grant_type").unwrap_or_default();
    if grant != "client_credentials" {
        let text = format!("The app requested an unsupported grant type '{grant}'.");
        return Err(GRANT_TYPE.refuse(state, &text, "the grant type is not client_credentials"));
    }
    let id = find(form, "client_id").unwrap_or_default();
    let mut known = [&WORKLOAD, &CERTIFIED].into_iter().filter(|_| home == state.script.home);
    let named = known.find(|application| application.client_id.eq_ignore_ascii_case(id));
    named.ok_or_else(|| unknown_application(state, id, home))
}

fn assertion<'a>(state: &State, form: &'a [(String, String)]) -> Checked<&'a str> {
    let kind = find(form, "client_assertion_type");
    let assertion = find(form, "client_assertion").filter(|assertion| !assertion.is_empty());
    match (kind, assertion) {
        (Some(ASSERTION_TYPE), Some(assertion)) => {
            state.presented.note(assertion);
            Ok(assertion)
        }
        (kind, _) => {
            let text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
            let why = match kind {
                Some(ASSERTION_TYPE) => "the assertion is missing",
                _ => "the type of the assertion is not jwt-bearer",
            };
            Err(NO_PROOF.refuse(state, text, why))
        }
    }
}

/// The endpoints of the tenant, by its name in the URL and by its id, and its issuer: version 1 and 2 alike.
fn audiences(call: &Call, named: &str, home: &Organization) -> Vec<String> {
    let origin = call.origin();
    let of = |tenant: &str| {
        ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""].map(|path| format!("{origin}/{tenant}/{path}"))
    };
    [of(named), of(home.tenant)].concat()
}

fn unknown_application(state: &State, id: &str, home: &Organization) -> Box<Answer> {
    let text = format!(
        "Application with identifier '{id}' was not found in the directory '{}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
        home.tenant
    );
    UNKNOWN_APPLICATION.refuse(state, &text, "the tenant has no such application")
}

/// The refusal that the scenario wants for a proof that is right.
fn struck(state: &State, fault: Fault, application: &Identity, home: &Organization) -> Answer {
    match fault {
        Fault::UnknownApplication => unknown_application(state, application.client_id, home)
            .scripted("the tenant has no such application"),
        Fault::UnknownCertificate => {
            certificate::unregistered(state).scripted("the certificate is not registered")
        }
        _ => federation::untrusted(state).scripted("the application does not trust the service account"),
    }
}
