//! Why Exchange said 401 or 403: from the status and from what the token says about itself.
//!
//! Two keys are needed. The app role lets an application in: without it Exchange answers 401. A directory role, or a
//! role group of Exchange, lets it do something: without it Exchange answers 403, mostly without a word.

use time::OffsetDateTime;
use time::macros::format_description;

use super::{Failure, remedy};
use crate::exchange::Refusal;
use crate::exit::Exit;
use crate::knowledge::{APP_ROLE, Code, LOOK_ALIKES, directory_roles, excessive_roles, smallest_role};
use crate::token::UnverifiedClaims;

const SCRIPT: &str = "or print a script for somebody who may grant: az, graph or powershell";

/// The failure of a refused cmdlet, explained.
pub(super) fn denied(message: &str, refusal: &Refusal, claims: Option<&UnverifiedClaims>) -> Failure {
    let fail = |code| Failure::new(Exit::Denied, code, message);
    let Some(claims) = claims else {
        let code = if refusal.status == 401 { Code::TokenRefused } else { Code::PermissionRefused };
        return fail(code).because("the token is opaque, so that its roles cannot be read");
    };
    if claims.is_a_persons() {
        return fail(Code::PersonsToken)
            .because("the token is a person's, and this API takes an application's")
            .hint("use the identity of the host, or an application with a certificate: --app-id with --certificate-file");
    }
    // It becomes part of commands that are pasted into a shell, so that nothing but a GUID will do.
    let object = claims.oid.as_deref().filter(|id| uuid::Uuid::try_parse(id).is_ok()).unwrap_or("OBJECT_ID");
    let has_app_role = claims.roles.iter().any(|role| role == APP_ROLE);
    let directory = directory_roles(&claims.wids);
    if !has_app_role {
        // A role that is there already stays what it is, but nobody who reads is told to hold a large one.
        let excessive = excessive_roles(&claims.wids, refusal.writes);
        let kept = directory.iter().find(|role| !excessive.contains(role));
        let role = kept.copied().unwrap_or(smallest_role(refusal.writes).name);
        return fail(Code::AppRoleMissing)
            .because(app_role_cause(claims))
            .remedy(format!("grant {APP_ROLE} to {}", whose(claims)), remedy::grant(claims, object, role))
            .remedy("or with az alone", remedy::grant_app_role(remedy::graph(claims), object))
            .remedy(SCRIPT, remedy::script(object, role))
            .hint(stale(claims));
    }
    if refusal.status == 401 {
        return fail(Code::TokenRefused)
            .because(format!("the token carries {APP_ROLE}, and Exchange does not accept it all the same"))
            .hint("compare this machine's clock with the true time, and the environment (--environment) with the tenant's cloud");
    }
    if directory.is_empty() {
        let role = smallest_role(refusal.writes);
        return fail(Code::DirectoryRoleMissing)
            .because("the token carries no directory role that Exchange accepts")
            .remedy(
                format!("assign `{}` to {}", role.name, whose(claims)),
                remedy::grant(claims, object, role.name),
            )
            .remedy("or with az alone", remedy::assign_directory_role(remedy::graph(claims), object, role))
            .remedy(SCRIPT, remedy::script(object, role.name))
            .hint("or add the identity to a role group of Exchange: New-ServicePrincipal, then Add-RoleGroupMember")
            .hint(stale(claims));
    }
    fail(Code::PermissionRefused)
        .because(format!(
            "the token carries {APP_ROLE} and {}, which does not suffice for this cmdlet or is not in force yet",
            directory.join(", ")
        ))
        .hint(format!(
            "check that the cmdlet's name is right and that one of the roles of {} may run it",
            whose(claims)
        ))
        .hint("a role assigned within the last two hours may not have reached Exchange yet: --wait-for-permissions 2h tries again until it has")
}

fn app_role_cause(claims: &UnverifiedClaims) -> String {
    let similar: Vec<&str> =
        LOOK_ALIKES.into_iter().filter(|name| claims.roles.iter().any(|role| role == name)).collect();
    if similar.is_empty() {
        format!("the token does not carry the app role {APP_ROLE}")
    } else {
        format!("the token carries {} and not {APP_ROLE}, which alone opens this API", similar.join(", "))
    }
}

fn whose(claims: &UnverifiedClaims) -> String {
    claims.appid.as_ref().map_or_else(|| "the identity".to_owned(), |id| format!("application {id}"))
}

/// The platform hands out a managed identity's token for about a day, and nothing can make it fetch another. Other tokens
/// do not name an Azure resource.
fn stale(claims: &UnverifiedClaims) -> String {
    let life = match (claims.iat, claims.exp) {
        (Some(issued), Some(ends)) => {
            format!("; this one was issued at {} and ends at {}", clock(issued), clock(ends))
        }
        _ => String::new(),
    };
    format!(
        "a grant that is newer than the token is not in it, and Azure keeps a token for about 24 hours{life}"
    )
}

fn clock(seconds: u64) -> String {
    let moment =
        i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    moment.and_then(|moment| moment.format(form).ok()).unwrap_or_else(|| "an impossible time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use crate::exchange::ServiceError;
    use crate::knowledge::{ADMINISTRATOR, READER};

    fn refusal(status: u16, writes: bool) -> Refusal {
        Refusal {
            cmdlet: "Get-Mailbox".to_owned(),
            writes,
            later_page: false,
            status,
            said: ServiceError::default(),
            diagnostics: None,
            redirect: None,
            retry_after: None,
            request_id: None,
            client_request_id: uuid::Uuid::nil(),
            attempts: 1,
            elapsed: Duration::ZERO,
        }
    }

    fn claims(roles: &[&str], wids: &[&str]) -> UnverifiedClaims {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        UnverifiedClaims {
            oid: Some("a1111111-1111-4111-8111-111111111111".to_owned()),
            iat: Some(1_600_000_000),
            exp: Some(1_600_086_400),
            roles: owned(roles),
            wids: owned(wids),
            ..UnverifiedClaims::default()
        }
    }

    #[test]
    fn the_verdict_comes_from_status_app_role_and_directory_role_together() {
        let reader = READER.id;
        for (status, roles, wids, code) in [
            (401, vec![], vec![], Code::AppRoleMissing),
            (401, vec![], vec![reader], Code::AppRoleMissing),
            (403, vec!["Exchange.ManageAsAppV2"], vec![reader], Code::AppRoleMissing),
            (401, vec![APP_ROLE], vec![reader], Code::TokenRefused),
            (403, vec![APP_ROLE], vec![], Code::DirectoryRoleMissing),
            (403, vec![APP_ROLE], vec!["49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31"], Code::DirectoryRoleMissing),
            (403, vec![APP_ROLE], vec![reader], Code::PermissionRefused),
        ] {
            let failure = denied("", &refusal(status, false), Some(&claims(&roles, &wids)));
            assert_eq!((failure.code, failure.exit), (code, Exit::Denied), "{status} {roles:?} {wids:?}");
        }
        assert_eq!(denied("", &refusal(403, false), None).code, Code::PermissionRefused);
    }

    #[test]
    fn the_smallest_role_that_suffices_is_named() {
        let claims = claims(&[APP_ROLE], &[]);
        let hint = |writes| format!("{:?}", denied("", &refusal(403, writes), Some(&claims)).hints);
        assert!(hint(false).contains(READER.id) && !hint(false).contains(ADMINISTRATOR.id));
        assert!(hint(true).contains(ADMINISTRATOR.id));
        assert!(
            hint(false).contains("a1111111-1111-4111-8111-111111111111")
                && hint(false).contains("2020-09-13 12:26 UTC")
        );
    }

    #[test]
    fn look_alikes_of_the_app_role_are_named() {
        for name in LOOK_ALIKES {
            let failure = denied("", &refusal(401, false), Some(&claims(&[name], &[])));
            assert!(failure.causes[0].contains(name), "{failure:?}");
        }
    }
}
