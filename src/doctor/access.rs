//! Who may do what: the app role that lets an application in, and the directory role or role group by which it may do
//! something. The token says what it carries, and the status of the trial what that is worth; the verdict takes both.

use super::check::{Check, Status};
use super::examination::Denied;
use super::findings::Findings;
use crate::catalog;
use crate::failure::Failure;
use crate::knowledge::{self, APP_ROLE, Code, smallest_role};
use crate::token::{AccessToken, UnverifiedClaims};

/// What the trial came to, as far as the verdict goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trial {
    /// It was not made, or failed for another reason.
    Unknown,
    Ran,
    /// 401.
    NotLetIn,
    /// 403.
    Denied,
}

impl Trial {
    fn of(findings: &Findings) -> Self {
        let outcome = findings.domains.as_ref().map(|tried| &tried.outcome);
        match outcome {
            Some(Ok(_)) => Self::Ran,
            Some(Err(failure)) if failure.call.status == Some(401) => Self::NotLetIn,
            Some(Err(failure)) if failure.call.status == Some(403) => Self::Denied,
            _ => Self::Unknown,
        }
    }

    /// The failure, where it is one of access.
    fn failure(findings: &Findings) -> Option<&Failure> {
        let denied = matches!(Self::of(findings), Self::NotLetIn | Self::Denied);
        findings.domains.as_ref().filter(|_| denied)?.outcome.as_ref().err()
    }
}

/// The refusal of the trial that a grant might mend, with what the token says.
pub(super) fn denied(findings: &Findings) -> Option<Denied> {
    Trial::failure(findings).map(|failure| (failure.clone(), claims(findings)))
}

fn claims(findings: &Findings) -> Option<UnverifiedClaims> {
    findings.token.outcome.as_ref().ok().and_then(AccessToken::claims)
}

/// The app role.
pub(super) fn app_role(findings: &Findings) -> Check {
    const TITLE: &str = "the token carries the app role Exchange.ManageAsApp";
    let check = |status| Check::new("app-role", TITLE, status);
    let Some(claims) = claims(findings) else { return check(Status::Skipped) };
    let others = || format!("it carries {}", listed(&claims.roles, "no app role"));
    match (claims.roles.iter().any(|role| role == APP_ROLE), Trial::of(findings)) {
        (true, _) => check(Status::Ok),
        // That must not happen, and says that the verdict below is to be read with care.
        (false, Trial::Ran) => check(Status::Info)
            .seen(others())
            .seen("Exchange ran the cmdlet all the same, which nobody has documented"),
        (false, _) => {
            let check = Check { code: Some(Code::AppRoleMissing), ..check(Status::Failed).seen(others()) };
            Trial::failure(findings).into_iter().fold(check, Check::because_of)
        }
    }
}

/// The directory role.
pub(super) fn directory_role(findings: &Findings) -> Check {
    const TITLE: &str = "the token carries a directory role that Exchange accepts";
    let check = |status| Check::new("directory-role", TITLE, status);
    let Some(claims) = claims(findings) else { return check(Status::Skipped) };
    let roles = knowledge::directory_roles(&claims.wids);
    let others = || format!("it carries {}", listed(&claims.wids, "no directory role"));
    match (roles.is_empty(), Trial::of(findings)) {
        (false, _) => check(Status::Ok).seen(roles.join(", ")),
        (true, Trial::Ran) => check(Status::Info)
            .seen(others())
            .seen("Exchange ran the cmdlet all the same: the identity is in a role group of Exchange"),
        (true, Trial::Denied) if claims.roles.iter().any(|role| role == APP_ROLE) => {
            Trial::failure(findings).into_iter().fold(check(Status::Failed).seen(others()), Check::because_of)
        }
        // The app role comes first, and what a role group gives cannot be seen in a token.
        (true, _) => {
            let check = check(Status::Warning)
                .seen(others())
                .seen("a role group of Exchange would do as well, and is not in the token");
            Check { code: Some(Code::DirectoryRoleMissing), ..check }.remedy(
                format!(
                    "assign `{}`, or add the identity to a role group of Exchange",
                    smallest_role(false).name
                ),
                None,
            )
        }
    }
}

fn listed(items: &[String], none: &str) -> String {
    if items.is_empty() { none.to_owned() } else { items.join(", ") }
}

/// Whether the identity holds more than it needs. Who asks about a cmdlet that writes needs to write.
pub(super) fn privileges(findings: &Findings) -> Check {
    const TITLE: &str = "the identity holds no more than reading needs";
    let check = |status| Check::new("least-privilege", TITLE, status);
    let Some(claims) = claims(findings) else { return check(Status::Skipped) };
    let writes = findings.cmdlet.as_ref().is_some_and(|(name, _)| writes(name));
    let held = knowledge::directory_roles(&claims.wids);
    let large = knowledge::excessive_roles(&claims.wids, writes);
    if held.is_empty() {
        return check(Status::Skipped);
    }
    if large.is_empty() {
        return check(Status::Ok).seen(held.join(", "));
    }
    let check = check(Status::Warning)
        .seen(format!("{} may change far more than a cmdlet that reads needs", large.join(" and ")));
    Check { code: Some(Code::PrivilegeExcessive), ..check }
        .remedy(format!("where the identity only reads, `{}` suffices", smallest_role(writes).name), None)
}

fn writes(cmdlet: &str) -> bool {
    let known = catalog::find(cmdlet).map(|known| known.class);
    known.unwrap_or_else(|| catalog::verb_class(cmdlet)) != catalog::Class::Read
}

/// Whether the cmdlet that was asked about may be run.
pub(super) fn cmdlet(findings: &Findings) -> Option<Check> {
    const TITLE: &str = "the identity may run the cmdlet that was asked about";
    let (name, tried) = findings.cmdlet.as_ref()?;
    let check = |status| Check::new("cmdlet", TITLE, status).seen(name.clone());
    let Some(tried) = tried else { return Some(check(Status::Skipped)) };
    let check = |status| Check { duration: tried.took, ..check(status) };
    Some(match &tried.outcome {
        Ok(true) => check(Status::Ok),
        Ok(false) => {
            let role = smallest_role(writes(name));
            let failed = check(Status::Failed)
                .seen("no role of the identity holds it, or the service has no such cmdlet");
            Check { code: Some(Code::PermissionRefused), ..failed }
                .remedy(format!("the smallest directory role known to suffice is `{}`", role.name), None)
                .remedy(
                    "what it may run is listed by",
                    Some(format!("exo-mi cmdlets --available --org {}", findings.organization)),
                )
        }
        Err(failure) => check(Status::Failed).because_of(failure),
    })
}
