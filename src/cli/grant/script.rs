//! `--print`: the script that does the same, without a token and without a request.

use std::io::Write as _;

use super::{Arguments, role, say};
use crate::cli::{Diagnostics, output};
use crate::env::Env;
use crate::exchange::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::graph::{Cloud, Language, Script};
use crate::render;
use crate::world::World;

/// Prints the script, where one is asked for.
pub(in crate::cli) fn print(
    arguments: &Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Option<Result<Exit, Failure>> {
    let language = arguments.print?;
    Some(script(arguments, language, &world.env).and_then(|script| {
        if !script.removes
            && let Some(warning) = script.role.and_then(role::warning)
        {
            say(diagnostics, world, "warning", warning);
        }
        let written = write!(world.stdout, "{script}").and_then(|()| world.stdout.flush());
        match written {
            Ok(()) => Ok(Exit::Done),
            Err(error) => output::unwritten(render::Error::Output(error)).map_or(Ok(Exit::Done), Err),
        }
    }))
}

fn script(arguments: &Arguments, language: Language, env: &Env) -> Result<Script, Failure> {
    if language == Language::Powershell && arguments.graph_uri.is_some() {
        return Err(Failure::usage("--graph-uri: the modules for PowerShell know clouds and no addresses")
            .hint("name the cloud with --environment"));
    }
    Ok(Script {
        language,
        wanted: arguments.wanted()?,
        role: match &arguments.role {
            Some(name) => Some(role::named(Some(name))?),
            None => None,
        },
        removes: arguments.revoke,
        cloud: cloud(arguments, env)?,
    })
}

fn cloud(arguments: &Arguments, env: &Env) -> Result<Cloud, Failure> {
    let (az, powershell, environment) = match arguments.environment {
        Environment::O365Default | Environment::O365GermanyCloud => (None, None, None),
        Environment::O365UsGovGccHigh => (Some("AzureUSGovernment"), Some("USGov"), Some("O365USGovGCCHigh")),
        Environment::O365UsGovDod => (Some("AzureUSGovernment"), Some("USGovDoD"), Some("O365USGovDoD")),
        Environment::O365China => (Some("AzureChinaCloud"), Some("China"), Some("O365China")),
    };
    Ok(Cloud { graph: arguments.address(env)?, az, powershell, environment })
}
