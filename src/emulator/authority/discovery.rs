//! Which tenant a domain belongs to, by `OpenID` discovery.

use http::{Method, StatusCode};
use serde_json::json;

use crate::emulator::aadsts;
use crate::emulator::answer::Answer;
use crate::emulator::call::Call;
use crate::emulator::directory::{Organization, organization};
use crate::emulator::state::State;

pub(super) fn answer(state: &State, call: &Call, name: &str) -> Answer {
    if call.method != Method::GET {
        return Answer::empty(StatusCode::METHOD_NOT_ALLOWED).refused("discovery takes GET alone");
    }
    match organization(name) {
        Some(organization) => configuration(call, organization),
        None => *aadsts::unknown_tenant(state, "invalid_tenant", name),
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
