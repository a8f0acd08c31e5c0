//! The authority: which tenant a domain belongs to, by `OpenID` discovery.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::directory::{Organization, organization};
use super::state::State;
use super::tenant::date;

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.has_header("authorization") {
        let why = "SECRET LEAKED: discovery takes no token, and was sent one";
        return Answer::empty(StatusCode::BAD_REQUEST).refused(why);
    }
    match call.segments().as_slice() {
        [name, "v2.0", ".well-known", "openid-configuration"] => discovery(state, call, name),
        _ => Answer::empty(StatusCode::NOT_FOUND).refused("the authority has no such path"),
    }
}

fn discovery(state: &State, call: &Call, name: &str) -> Answer {
    if call.method != Method::GET {
        return Answer::empty(StatusCode::METHOD_NOT_ALLOWED).refused("discovery takes GET alone");
    }
    match organization(name) {
        Some(organization) => configuration(call, organization),
        None => unknown(state, name),
    }
}

fn configuration(call: &Call, Organization { tenant, .. }: &Organization) -> Answer {
    let origin = call.origin();
    Answer::json(
        StatusCode::OK,
        &json!({
            "issuer": format!("https://login.microsoftonline.com/{tenant}/v2.0"),
            "token_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/token"),
            "authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/authorize"),
            "jwks_uri": format!("{origin}/{tenant}/discovery/v2.0/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }),
    )
}

fn unknown(state: &State, name: &str) -> Answer {
    let trace = uuid::Uuid::new_v4().to_string();
    let correlation = uuid::Uuid::new_v4().to_string();
    let time = date::spaced(state.now());
    let text = format!(
        "AADSTS90002: Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}"
    );
    let body = json!({
        "error": "invalid_tenant", "error_description": text, "error_codes": [90_002], "timestamp": time,
        "trace_id": trace, "correlation_id": correlation,
        "error_uri": "https://login.microsoftonline.com/error?code=90002",
    });
    Answer::json(StatusCode::BAD_REQUEST, &body).refused("the authority knows no such tenant")
}
