//! Who calls, and whether they are let in.

use http::StatusCode;

use super::refusal;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::directory::DirectoryRole;
use crate::emulator::issuer::is_exchange;
use crate::emulator::script::{Fault, Grants, Place};
use crate::emulator::state::State;
use crate::emulator::token::{Claims, Flaw, Holder};

/// An application whose token is good and that may use the admin API at all.
pub(crate) struct Caller {
    pub(crate) claims: Claims,
    /// A role group counts though the token knows nothing of it.
    role_group: bool,
}

/// What the caller's roles open in Exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Nothing,
    Reading,
    Everything,
}

impl Caller {
    /// Checks token, app role and the tenant that the URL names.
    pub(crate) fn authenticate(state: &State, call: &Call, tenant: &str) -> Checked<Self> {
        let token = bearer(call)?;
        let claims = state.issuer.signer().verify(token, state.seconds()).map_err(flawed)?;
        if !is_exchange(&claims.audience) {
            let reason = "2000003;reason=\"The audience claim value is invalid 'aud'.\";error_category=\"invalid_resource\"";
            return Err(unauthorized(reason, "the token is for another audience"));
        }
        if state.issuer.is_revoked(token) {
            return Err(revoked());
        }
        if let Some(fault) = state.faults.strike(Place::Token) {
            if fault != Fault::PassingRefusal {
                state.issuer.revoke(token);
            }
            return Err(Box::new(revoked().scripted("this token is refused, a fresh one will do")));
        }
        if !claims.roles.iter().any(|role| role == "Exchange.ManageAsApp") {
            let why = match claims.holder {
                Holder::Person { .. } => "the token is a person's, which has no app role",
                _ => "the token lacks the app role Exchange.ManageAsApp",
            };
            return Err(Box::new(Answer::empty(StatusCode::UNAUTHORIZED).refused(why)));
        }
        check_tenant(&claims, tenant)?;
        Ok(Self { claims, role_group: state.script.grants == Grants::RoleGroup })
    }

    pub(crate) fn reach(&self) -> Reach {
        let holds =
            |role: DirectoryRole| self.claims.directory_roles.iter().any(|id| id == role.template_id());
        if self.role_group || holds(DirectoryRole::ExchangeAdministrator) {
            Reach::Everything
        } else if holds(DirectoryRole::GlobalReader) {
            Reach::Reading
        } else {
            Reach::Nothing
        }
    }
}

fn bearer(call: &Call) -> Checked<&str> {
    let reason = "2000001;reason=\"No bearer token was presented.\";error_category=\"invalid_token\"";
    let header =
        call.header("authorization").ok_or_else(|| unauthorized(reason, "Authorization is missing"))?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(unauthorized(reason, "Authorization is not `Bearer` and a token")),
    }
}

/// Only the code for a wrong audience is on record; the others are made in its likeness.
fn flawed(flaw: Flaw) -> Box<Answer> {
    let (text, why) = match flaw {
        Flaw::Malformed => ("The token is malformed.", "the token is no JWT of a managed identity"),
        Flaw::Signature => {
            ("The signature of the token is invalid.", "the token was not issued by this emulator")
        }
        Flaw::Premature => ("The token is not valid yet.", "the token is not valid yet"),
        Flaw::Expired => ("The token has expired.", "the token has expired"),
    };
    let reason = format!("2000001;reason=\"{text}\";error_category=\"invalid_token\"");
    unauthorized(&reason, why)
}

/// A domain in the URL may name the token's tenant in life. Here it must be the id: a client that asks for what the
/// user typed instead of for what the token says would work until the two differ.
fn check_tenant(claims: &Claims, tenant: &str) -> Checked {
    if claims.tenant.eq_ignore_ascii_case(tenant) {
        return Ok(());
    }
    let reason = "2000001;reason=\"The tenant of the token does not match the request.\";error_category=\"invalid_tenant\"";
    Err(unauthorized(reason, "the tenant in the URL is not the tid of the token"))
}

fn revoked() -> Box<Answer> {
    let reason = "2000001;reason=\"The token has been revoked.\";error_category=\"invalid_token\"";
    unauthorized(reason, "the token has been revoked")
}

fn unauthorized(diagnostics: &str, why: &str) -> Box<Answer> {
    let challenge = concat!(
        "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", ",
        "trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", ",
        "token_types=\"app_asserted_user_v1 service_asserted_app_v1\", ",
        "authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", ",
        "error=\"invalid_token\"",
    );
    let answer = Answer::empty(StatusCode::UNAUTHORIZED).with("www-authenticate", challenge);
    Box::new(answer.with("x-ms-diagnostics", diagnostics).refused(why))
}

/// Refuses a caller without any role, as mutely as the service does.
pub(crate) fn check_reach(caller: &Caller) -> Checked {
    match caller.reach() {
        Reach::Nothing => Err(refusal::mute("the identity has no directory role and no role group")),
        Reach::Reading | Reach::Everything => Ok(()),
    }
}
