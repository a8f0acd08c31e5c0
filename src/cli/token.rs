//! `exo-mi token`: an access token for another program, or what it says about itself.

use std::io::Write;

use clap::Args;
use url::Url;

use super::Diagnostics;
use super::console::Console;
use super::plan::PlanOptions;
use super::sink::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render;
use crate::secret::ExposeSecret;
use crate::session::Approach;
use crate::token::AccessToken;
use crate::world::World;

#[derive(Args, Debug)]
#[command(
    after_help = "A token is a password for about a day. Hand it on in a variable or a file, not on a command line.\n\n\
    Examples:\n  TOKEN=$(exo-mi token)\n  exo-mi token --resource https://graph.microsoft.com --out token.txt\n  exo-mi token --claims"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    plan: PlanOptions,
    /// The resource that the token is for, such as https://graph.microsoft.com [default: the Exchange host of the cloud]
    #[arg(long, value_name = "URI")]
    resource: Option<String>,
    /// Print the claims in place of the token, as JSON; they are not verified
    #[arg(long)]
    claims: bool,
    #[command(flatten)]
    destination: Destination,
}

pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let Arguments { plan, resource, claims, destination } = arguments;
    if !claims && !destination.is_file() {
        check_log(world)?;
    }
    let resource = resource.map(checked).transpose()?;
    let planned = plan.plan_for_token(resource, world)?;
    let sink = destination.open(&world.stdout)?;
    planned.begin().await?;
    let held = Approach::begin(planned.plan)?.checked_token().await?;
    let mut console = Console::new(world, diagnostics, sink);
    let written =
        if claims { say_claims(&held.token, &mut console) } else { hand_out(&held.token, &mut console) };
    console.end(written.map(|()| Exit::Done))
}

/// A log keeps what is printed, and a token is good for about a day.
fn check_log(world: &World) -> Result<(), Failure> {
    let env = &world.env;
    let automation = env.has("AUTOMATION_JOB_ID")
        || env.var("AZUREPS_HOST_ENVIRONMENT").is_some_and(|host| host.starts_with("AzureAutomation"));
    // systemd sets the variable for a whole service; what a shell in it captures does not go to the journal.
    let journal = env.var("JOURNAL_STREAM").is_some_and(|stream| Some(stream) == world.stdout_id);
    let log = match (automation, journal) {
        (true, _) => "the output of an Azure Automation job",
        (false, true) => "the journal of systemd",
        (false, false) => return Ok(()),
    };
    Err(Failure::usage("the token would be kept in a log, and is not printed")
        .because(format!("standard output goes to {log}"))
        .hint("write it to a file that its owner alone can read: --out FILE")
        .hint("what it says about itself can be printed: --claims"))
}

/// A resource is an address without anything that would belong to a request, or an application's id.
fn checked(resource: String) -> Result<String, Failure> {
    let is_id = uuid::Uuid::try_parse(&resource).is_ok();
    let is_address = Url::parse(&resource).is_ok_and(|url| url.query().is_none() && url.fragment().is_none());
    if is_id || is_address {
        return Ok(resource);
    }
    Err(Failure::usage(format!("--resource: `{resource}` is neither an address nor an application's id"))
        .hint("for example https://graph.microsoft.com"))
}

fn hand_out(token: &AccessToken, console: &mut Console<'_>) -> Result<(), Failure> {
    console.print(|out| writeln!(out, "{}", token.secret.expose_secret()))
}

fn say_claims(token: &AccessToken, console: &mut Console<'_>) -> Result<(), Failure> {
    let claims = token
        .all_claims()
        .ok_or_else(|| Failure::usage("the token is opaque, so that it has no claims to be read"))?;
    console.print(|out| writeln!(out, "{}", render::harmless_json(&claims)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_an_address_or_an_id() {
        for good in ["https://graph.microsoft.com", "api://x/y", "00000002-0000-0ff1-ce00-000000000000"] {
            assert!(checked(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "graph", "https://x?y=z", "https://x#y"] {
            assert!(checked(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
