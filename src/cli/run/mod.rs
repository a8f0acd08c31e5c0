//! `exo-mi run`: a script, without PowerShell.

mod remote;
mod running;
mod serve;
mod speech;

use std::path::{Path, PathBuf};

use clap::Args;

use super::Diagnostics;
use super::console::{Console, Kept};
use super::credential;
use super::lock::LockOptions;
use super::output;
use super::patience::Patience;
use super::plan::PlanOptions;
use super::sink::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::script::{Ended, Objection, Program, Word};
use crate::world::World;

pub(super) use remote::Remote;
use serve::Manner;
pub(super) use serve::{Service, disconnected};
pub(super) use speech::Speech;

#[derive(Args, Debug)]
#[command(
    after_help = "Options of exo-mi stand before the script; what follows it are the script's own parameters.\n\nExamples:\n  \
    exo-mi run report.ps1\n  exo-mi run --check report.ps1\n  exo-mi run report.ps1 -Days 30 -IncludeShared\n  \
    exo-mi run --emulate report.ps1"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    plan: PlanOptions,
    #[command(flatten)]
    lock: LockOptions,
    /// Lay out what the script shows for a console of this many columns [default: the terminal's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    width: Option<u16>,
    #[command(flatten)]
    destination: Destination,
    /// Check the script and do nothing else
    #[arg(long)]
    check: bool,
    /// Answer every confirmation with yes
    #[arg(long)]
    yes: bool,
    /// How many objects a page may hold, unless the script says so
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1000))]
    page_size: u64,
    /// A variable of the automation account, for Get-AutomationVariable; without it, the environment is asked
    #[arg(long = "automation-variable", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    /// Try again for so long where Exchange answers 401 or 403, until grants have arrived, such as 30m
    #[arg(long, value_name = "DURATION")]
    wait_for_permissions: Option<String>,
    /// The script, `-` for standard input, and its parameters
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true, value_name = "FILE")]
    words: Vec<String>,
}

/// `NAME=VALUE`.
fn variable(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').filter(|(name, _)| !name.is_empty());
    split
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "it is no NAME=VALUE".to_owned())
}

pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let Arguments {
        plan,
        lock,
        width,
        destination,
        check,
        yes,
        page_size,
        variables,
        wait_for_permissions,
        words,
    } = arguments;
    let (path, words) = script_and_words(&words)?;
    if path.as_os_str() == "-" && plan.reads_stdin() {
        return Err(Failure::usage("standard input cannot hold both a credential and the script"));
    }
    let program = read(&path, world)?;
    if check {
        return Ok(Exit::Done);
    }
    let limits = plan.limits(world)?;
    let sink = destination.open(&world.stdout)?;
    let columns = output::console(width, &destination, &world.stdout);
    // A run that waits for its turn is under way already.
    let _lock = lock.take(&world.clock)?;
    let (remote, orders) = Remote::new(world, &limits, variables, columns);
    let patience = Patience::new(wait_for_permissions.as_deref(), &limits)?;
    let mut console = Console { patience, ..Console::new(world, diagnostics, sink) };
    let running = program.run(&words, Box::new(remote));
    let mut service = Service::new(plan, Manner { yes, page_size }, limits);
    service.serve(orders, &mut console).await;
    let outcome = match running.join() {
        Ok(ended) => service.verdict(ended, &path),
        // What panicked there has panicked here.
        Err(panic) => std::panic::resume_unwind(panic),
    };
    console.kept = if outcome.is_ok() { console.kept.max(Kept::Whole) } else { console.kept };
    console.end(outcome)
}

/// The script, and the words that follow it.
fn script_and_words(words: &[String]) -> Result<(PathBuf, Vec<Word>), Failure> {
    let Some((path, rest)) = words.split_first() else {
        return Err(Failure::usage("the script is missing"));
    };
    if path.len() > 1 && path.starts_with('-') {
        return Err(super::no_such_option(path, "run"));
    }
    Ok((path.into(), rest.iter().map(|word| self::word(word)).collect()))
}

/// One word of the script's own parameters: a dash before a letter begins a name.
fn word(text: &str) -> Word {
    let named = text
        .strip_prefix('-')
        .filter(|name| name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_'));
    match named.map(|name| name.split_once(':').map_or((name, None), |(name, value)| (name, Some(value)))) {
        Some((name, value)) => Word::Name(name.to_owned(), value.map(str::to_owned)),
        None => Word::Value(text.to_owned()),
    }
}

/// Reads and checks the script.
fn read(path: &Path, world: &mut World) -> Result<Program, Failure> {
    let bytes = credential::read(path, world)?;
    let text =
        String::from_utf8(bytes).map_err(|_| credential::unusable(path).because("it is no text of UTF-8"))?;
    let name = path.to_string_lossy();
    Program::read(&text, &name).map_err(|objections| refused(&name, objections))
}

/// The failure of a script in which something is not carried out.
fn refused(name: &str, objections: Vec<Objection>) -> Failure {
    let whole = if name == "-" { "the script" } else { name };
    let message = match objections.len() {
        1 => format!("{whole} is not run: something in it is not carried out here"),
        count => format!("{whole} is not run: {count} things in it are not carried out here"),
    };
    let failure = Failure::new(Exit::Usage, Code::ScriptRefused, message);
    let failure = objections.into_iter().fold(failure, |failure, found| {
        let text = format!("{name}:{}:{}: {}", found.line, found.column, found.what);
        let mut excerpt = found.excerpt;
        excerpt.extend(found.instead);
        failure.at(text, excerpt)
    });
    failure.hint("nothing was sent; docs/runbook.md lists what is carried out")
}

/// What a script came to.
fn exit(ended: &Ended) -> Exit {
    // As a shell does, only the last eight bits count.
    let code = u8::try_from(ended.exit.rem_euclid(256)).unwrap_or(1);
    Exit::ALL.into_iter().find(|known| known.code() == code).unwrap_or(Exit::Script(code))
}
