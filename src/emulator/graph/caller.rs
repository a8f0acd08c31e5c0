//! Who calls, and what they may: a person by scopes and a role, an application by app roles.

use http::StatusCode;

use super::refusal::{refuse, unauthorized};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::issuer::is_graph;
use crate::emulator::state::State;
use crate::emulator::token::{Claims, Flaw, Holder};

/// Roles that let a person grant any app role and any directory role.
const GRANTORS: [&str; 2] = ["62e90394-69f5-4237-9190-012177145e10", "e8611ab8-c189-46e8-94e1-60213ab1f814"];

/// The scope that lets a program do whatever its user may.
const ALL: &str = "Directory.AccessAsUser.All";

/// Something that a caller may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    ReadPrincipals,
    ReadRoles,
    GrantAppRoles,
    AssignRoles,
}

pub(super) struct Caller {
    claims: Claims,
}

impl Act {
    /// Any of these permissions will do.
    fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::ReadPrincipals => {
                &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"]
            }
            Self::ReadRoles => {
                &["RoleManagement.ReadWrite.Directory", "RoleManagement.Read.Directory", "Directory.Read.All"]
            }
            Self::GrantAppRoles => &["AppRoleAssignment.ReadWrite.All"],
            Self::AssignRoles => &["RoleManagement.ReadWrite.Directory"],
        }
    }

    fn changes(self) -> bool {
        matches!(self, Self::GrantAppRoles | Self::AssignRoles)
    }
}

impl Caller {
    /// Checks that the token is one for Graph, signed here, in force, and of this tenant.
    pub(super) fn authenticate(state: &State, call: &Call) -> Checked<Self> {
        let refused =
            |message: &str, why: &str| -> Box<Answer> { Box::new(unauthorized(message).refused(why)) };
        let header = call.header("authorization").unwrap_or_default();
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => token,
            _ => return Err(refused("Access token is empty.", "Authorization is not `Bearer` and a token")),
        };
        let claims = state.issuer.signer().verify(token, state.seconds()).map_err(|flaw| match flaw {
            Flaw::Malformed => refused("JWT is not well formed.", "the token is no JWT"),
            Flaw::Signature => refused("Signature is invalid.", "the token was not issued by this emulator"),
            Flaw::Premature | Flaw::Expired => {
                refused("Lifetime validation failed, the token is expired.", "the token is not in force")
            }
        })?;
        if !is_graph(&claims.audience) {
            return Err(refused(
                "Access token validation failure. Invalid audience.",
                "the token is for another audience",
            ));
        }
        Ok(Self { claims })
    }

    /// Refuses what the caller may not do.
    pub(super) fn check(&self, act: Act) -> Checked {
        let among =
            |held: &[String], wanted: &[&str]| held.iter().any(|held| wanted.contains(&held.as_str()));
        let why = match &self.claims.holder {
            Holder::Person { scopes, .. } => {
                let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
                if !among(&scopes, act.permissions()) && !among(&scopes, &[ALL]) {
                    "the token has no scope for that"
                } else if act.changes() && !among(&self.claims.directory_roles, &GRANTORS) {
                    "the person holds no role that may grant"
                } else {
                    return Ok(());
                }
            }
            _ if among(&self.claims.roles, act.permissions()) => return Ok(()),
            _ => "the application has no permission for that",
        };
        let message = "Insufficient privileges to complete the operation.";
        refuse(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message, why)
    }
}
