//! `exo-mi doctor`: what works, what does not, why, and the command that mends it.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::Diagnostics;
use super::bundle::Bundle;
use super::console::Console;
use super::patience::Patience;
use super::plan::PlanOptions;
use super::sink::Destination;
use crate::catalog;
use crate::doctor::report::{self, Format, TextStyle};
use crate::doctor::{Report, examine, without_a_host};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::on_one_line;
use crate::session::Plan;
use crate::world::World;

#[derive(Args, Debug)]
#[command(
    after_help = "Nothing is changed: the only cmdlet that runs is Get-AcceptedDomain.\n\nExamples:\n  \
    exo-mi doctor --org contoso.onmicrosoft.com\n  \
    exo-mi doctor --org contoso.onmicrosoft.com --cmdlet Set-Mailbox\n  \
    exo-mi doctor --org contoso.onmicrosoft.com --format html --out doctor.html\n  \
    exo-mi doctor --org contoso.onmicrosoft.com --emulate=no-directory-role"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    plan: PlanOptions,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Check whether the identity may run this cmdlet as well
    #[arg(long, value_name = "NAME")]
    cmdlet: Option<String>,
    /// Look again for so long where Exchange answers 401 or 403, until grants have arrived, such as 30m
    #[arg(long, value_name = "DURATION")]
    wait_for_permissions: Option<String>,
    /// Write what a person who helps would ask for to this file, without secrets
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    #[command(flatten)]
    destination: Destination,
}

pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let Arguments { plan, format, cmdlet, wait_for_permissions, bundle, destination } = arguments;
    let cmdlet =
        cmdlet.map(|name| catalog::find(&name).map_or(catalog::spell(&name), |known| known.name.to_owned()));
    let sink = destination.open(&world.stdout)?;
    if bundle.is_some() && bundle == destination.out {
        return Err(Failure::usage("--out and --bundle name the same file"));
    }
    let bundle = bundle.map(|path| Bundle::begin(&path, diagnostics, world)).transpose()?;
    let style = style(diagnostics, destination.is_file(), world);
    let mut console = Console::new(world, diagnostics, sink);
    let report = looked(plan, cmdlet, wait_for_permissions.as_deref(), &mut console).await?;
    console.print(|out| report::write(&report, format, style, out))?;
    if let Some(bundle) = bundle {
        bundle.finish(&report)?;
    }
    let exit = if format == Format::Nagios { plugin_exit(&report) } else { report.exit };
    console.end(Ok(Exit::Done)).map(|_| exit)
}

fn style(diagnostics: &Diagnostics, to_a_file: bool, world: &World) -> TextStyle {
    let terminal = world.stdout.columns.filter(|_| !to_a_file);
    let colour = diagnostics.color.is_wanted(terminal.is_some(), &world.env);
    TextStyle { colour, width: terminal, verbose: diagnostics.is_verbose() }
}

/// Looks, and looks again while permissions are waited for.
async fn looked(
    plan: PlanOptions,
    cmdlet: Option<String>,
    wait: Option<&str>,
    console: &mut Console<'_>,
) -> Result<Report, Failure> {
    let (organization, started) = (plan.organization(&console.world.env), console.world.clock.now());
    let planned = match plan.plan(console.world) {
        Ok(planned) => planned,
        // What is wrong with the host is a finding; what is wrong with the command is not.
        Err(failure) if matches!(failure.exit, Exit::Usage | Exit::Machine) => return Err(failure),
        Err(failure) => return Ok(without_a_host(organization, &failure, started)),
    };
    planned.begin().await?;
    let plan: Plan = planned.plan.clone();
    console.patience = Patience::new(wait, &plan.limits)?;
    loop {
        let looking = Box::pin(examine(plan.clone(), planned.note.clone(), cmdlet.clone()));
        let (report, denied) = looking.await?;
        let Some((failure, claims)) = denied else { return Ok(report) };
        if !console.waits_out(&failure, || claims).await {
            return Ok(report);
        }
    }
}

/// The codes of a Nagios plugin, which have meanings of their own for the same numbers.
fn plugin_exit(report: &Report) -> Exit {
    match report::plugin_code(report) {
        0 => Exit::Done,
        1 => Exit::Machine,
        2 => Exit::Usage,
        _ => PLUGIN_UNKNOWN,
    }
}

/// A plugin's 3.
const PLUGIN_UNKNOWN: Exit = Exit::Identity;

/// Whether the arguments ask for a Nagios plugin, be they right or wrong.
pub(crate) fn is_plugin(words: &[&str]) -> bool {
    let nagios =
        words.windows(2).any(|pair| pair == ["--format", "nagios"]) || words.contains(&"--format=nagios");
    nagios && words.contains(&"doctor")
}

/// The line and the code of a plugin that could not look: monitoring reads both, whatever went wrong.
pub(crate) fn unknown(failure: &Failure, world: &mut World) -> Exit {
    let text = on_one_line(&failure.message).replace('|', "/").replace('<', "‹").replace('>', "›");
    // Where standard output is closed there is nobody to tell; the exit code still says it.
    let _ = writeln!(world.stdout, "EXO-MI UNKNOWN - {text}");
    PLUGIN_UNKNOWN
}
