//! `EXOModuleFile`: the generated module, which tells an application what it may run, or why it may not run anything.

use http::StatusCode;
use serde_json::json;

use super::about::{check_get, check_version, json_answer};
use super::authenticate::{Caller, Reach};
use super::cmdlet::CMDLETS;
use super::refusal;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::state::State;
use crate::emulator::tenant::record::matches;

pub(crate) fn answer(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    check_get(call)?;
    check_version(call)?;
    let caller = Caller::authenticate(state, call, tenant)?;
    if caller.reach() == Reach::Nothing {
        return Err(no_role(&caller.claims.client_id));
    }
    let cmdlets = exported(caller.reach(), call.header("commandname").unwrap_or("*"));
    let body =
        cmdlets.iter().map(|name| format!("function {name} {{ Execute-Command -CmdletName '{name}' }}\n"));
    Ok(json_answer(&json!({"value": [
        {"fileName": "tmpEXO.psm1", "fileContent": body.collect::<String>(), "exportedCmdlets": cmdlets.join(",")},
        {"fileName": "tmpEXO.format.ps1xml", "fileContent": "<Configuration/>"},
    ]})))
}

/// The cmdlets within reach whose names the header lists; `*` stands for any text.
fn exported(reach: Reach, wanted: &str) -> Vec<&'static str> {
    let wanted = wanted.to_lowercase();
    let patterns: Vec<&str> = wanted.split(',').map(str::trim).collect();
    let cmdlets = CMDLETS.iter().filter(|cmdlet| cmdlet.is_within(reach)).map(|cmdlet| cmdlet.name);
    cmdlets.filter(|name| patterns.iter().any(|pattern| matches(pattern, &name.to_lowercase()))).collect()
}

fn no_role(client_id: &str) -> Box<Answer> {
    let text = format!(
        "The role assigned to application {client_id} isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication."
    );
    let answer = refusal::body(StatusCode::FORBIDDEN, &json!({"code": "Forbidden", "message": text}));
    Box::new(answer.refused("the identity has no directory role and no role group"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_narrows_the_list_and_the_roles_do_too() {
        assert_eq!(exported(Reach::Everything, "get-accepteddomain, Get-Missing"), ["Get-AcceptedDomain"]);
        assert_eq!(exported(Reach::Reading, "Set-*"), Vec::<&str>::new());
        assert!(exported(Reach::Reading, "*").len() >= 45 && exported(Reach::Everything, "*").len() >= 90);
        assert_eq!(
            exported(Reach::Everything, "Set-Mailbox*"),
            ["Set-Mailbox", "Set-MailboxRegionalConfiguration"]
        );
        assert!(exported(Reach::Nothing, "*").is_empty());
    }
}
