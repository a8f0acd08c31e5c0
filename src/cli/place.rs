//! Cmdlets that cannot be sent, and what to use instead.

use crate::catalog::{self, Source};
use crate::failure::Failure;

/// Cmdlets that the service runs for people alone, each with what Microsoft Graph has in their place.
const FOR_PEOPLE: [(&str, &str); 4] = [
    ("Add-UnifiedGroupLinks", "POST /groups/{id}/members/$ref or /groups/{id}/owners/$ref"),
    ("New-UnifiedGroup", "POST /groups"),
    ("Remove-UnifiedGroup", "DELETE /groups/{id}"),
    ("Remove-UnifiedGroupLinks", "DELETE /groups/{id}/members/{id}/$ref or /groups/{id}/owners/{id}/$ref"),
];

/// Refuses a known cmdlet that the service does not have, or not for an application.
pub(super) fn check(cmdlet: &catalog::Cmdlet) -> Result<(), Failure> {
    let name = cmdlet.name;
    let elsewhere =
        |why: &str| Err(Failure::usage(format!("{name} is not a cmdlet of the service")).hint(why));
    match cmdlet.source {
        Source::Server => match FOR_PEOPLE.iter().find(|(people, _)| *people == name) {
            Some((_, graph)) => {
                Err(Failure::usage(format!("{name} does not run for an application, and nothing was sent"))
                    .because("the service runs it for people alone, and a managed identity is none")
                    .hint(format!("Microsoft Graph does it for an application: {graph}")))
            }
            None => Ok(()),
        },
        // What the module reads from addresses of its own, exo-mi reads there too.
        Source::ModuleRest => Ok(()),
        Source::Module if name == "Connect-IPPSSession" => {
            elsewhere("Security & Compliance is a service of its own, which exo-mi does not speak with")
        }
        Source::Module => elsewhere("exo-mi connects and disconnects by itself"),
    }
}

/// Refuses what has not the form of a cmdlet's name, and an unknown cmdlet whose noun is one of Security & Compliance: that is another service, on another host, with
/// tokens of its own.
pub(super) fn check_unknown(name: &str) -> Result<(), Failure> {
    let Some((_, noun)) = name.split_once('-') else {
        return Err(Failure::usage(format!("there is no cmdlet `{name}`, and nothing was sent"))
            .because("an unknown one needs its hyphen: a verb and a noun, as in Get-AcceptedDomain")
            .remedy("the known ones are listed by", "exo-mi cmdlets"));
    };
    if !catalog::begins(noun, "compliance") {
        return Ok(());
    }
    Err(Failure::usage(format!("`{name}` is no cmdlet of Exchange Online, and nothing was sent"))
        .because("cmdlets of Security & Compliance live on another host, where this token counts for nothing")
        .hint("run it with Connect-IPPSSession of the ExchangeOnlineManagement module")
        .hint("to send it to Exchange Online all the same: --raw-cmdlet before the cmdlet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmdlets_that_an_application_cannot_run_are_refused() {
        for (name, _) in FOR_PEOPLE {
            let cmdlet = catalog::find(name).expect(name);
            let failure = check(&cmdlet).expect_err(name);
            assert!(failure.hints[0].text.contains("Graph"), "{name}");
        }
        for name in ["Get-UnifiedGroup", "Set-UnifiedGroup", "Get-ComplianceTag"] {
            assert!(check(&catalog::find(name).expect(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn cmdlets_of_another_service_are_refused() {
        for name in ["Get-ComplianceCase", "new-compliancesearch", "compliance", "rm", ""] {
            assert!(check_unknown(name).is_err(), "{name}");
        }
        for name in ["Get-Foo", "Get-Complianc", "Get-é"] {
            assert!(check_unknown(name).is_ok(), "{name}");
        }
    }
}
