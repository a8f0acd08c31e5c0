//! `exo-mi emulate`, and the emulator behind `--emulate`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tempfile::NamedTempFile;

use crate::emulator::shell::{Shell, setup};
use crate::emulator::{Emulator, Options, Scenario, Source};
use crate::env::Env;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::world::{Stream, World};

#[derive(Args, Debug)]
#[command(after_help = after_help())]
pub(super) struct Arguments {
    /// What goes wrong
    #[arg(long, default_value_t = Scenario::Healthy, value_name = "SCENARIO")]
    scenario: Scenario,
    /// How many mailboxes the tenant has
    #[arg(long, default_value_t = Options::default().mailboxes, value_name = "N")]
    mailboxes: usize,
    /// What chance begins with, in the scenario that has some
    #[arg(long, default_value_t = Options::default().seed, value_name = "N")]
    seed: u64,
    /// Answer what was read once again at once and in the same bytes, for a benchmark
    #[arg(long)]
    remember: bool,
    /// How long Exchange takes over each cmdlet, such as 50ms; 800ms where no time is named [default: no time]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, default_missing_value = "800ms",
          value_parser = humantime::parse_duration)]
    latency: Option<Duration>,
    /// How many requests Exchange runs at once for the tenant
    #[arg(long, default_value_t = Options::default().at_once, value_name = "N")]
    at_once: usize,
    /// Write the certificate to trust to this file [default: a temporary file, removed at the end]
    #[arg(long, value_name = "PEM")]
    ca_file: Option<PathBuf>,
    /// Put the files of the Arc agent under this folder, / for where an agent has them [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    arc_root: Option<PathBuf>,
    /// Whose syntax the lines on standard output have: posix or powershell
    #[arg(long, default_value = "posix", value_name = "SHELL")]
    shell: Shell,
}

/// What stands below the options in the help text.
fn after_help() -> String {
    let lines =
        Scenario::ALL.iter().map(|scenario| format!("  {:<26}{}\n", scenario.name(), scenario.description()));
    format!(
        "Scenarios:\n{}\n\nExamples:\n  exo-mi emulate --mailboxes 10000\n  \
         exo-mi emulate --scenario no-directory-role\n  exo-mi emulate --shell powershell",
        lines.collect::<String>().trim_end()
    )
}

/// Serves until a signal comes, which ends this command well.
pub(super) async fn run(arguments: Arguments, world: &mut World) -> Result<Exit, Failure> {
    let options = Options {
        scenario: arguments.scenario,
        mailboxes: arguments.mailboxes,
        clock: world.clock.clone(),
        arc_root: arguments.arc_root,
        seed: arguments.seed,
        latency: arguments.latency.unwrap_or_default(),
        at_once: arguments.at_once,
        // The lines on standard error are the journal, and it may serve for weeks.
        keeps_journal: false,
        remembers: arguments.remember,
    };
    let emulator = start(options)?;
    print_journal(&emulator, world.stderr.clone());
    let certificate = Certificate::write(emulator.ca_pem(), arguments.ca_file).map_err(|error| {
        Failure::new(Exit::Machine, Code::FileUnusable, "the certificate could not be written")
            .caused_by(&error)
    })?;
    let lines = setup(&emulator, arguments.shell, certificate.path());
    let written = world.stdout.write_all(lines.as_bytes()).and_then(|()| world.stdout.flush());
    written.map_err(|error| {
        Failure::new(Exit::Machine, Code::OutputFailed, "the output could not be written").caused_by(&error)
    })?;
    world.stop.ordered().await;
    Ok(Exit::Done)
}

/// The journal on standard error, from a thread that ends with the emulator.
fn print_journal(emulator: &Emulator, mut stderr: Stream) {
    let entries = emulator.watch();
    std::thread::spawn(move || {
        for entry in entries {
            if writeln!(stderr, "{entry}").is_err() {
                break;
            }
        }
    });
}

fn start(options: Options) -> Result<Emulator, Failure> {
    Emulator::start(options).map_err(|error| {
        Failure::new(Exit::Machine, Code::MachineFailed, "the emulator could not be started")
            .caused_by(&error)
    })
}

/// The file that holds the certificate.
enum Certificate {
    Temporary(NamedTempFile),
    Kept(PathBuf),
}

impl Certificate {
    fn write(pem: &str, path: Option<PathBuf>) -> io::Result<Self> {
        let Some(path) = path else {
            let mut file = tempfile::Builder::new().prefix("exo-mi-").suffix(".pem").tempfile()?;
            file.write_all(pem.as_bytes())?;
            return Ok(Self::Temporary(file));
        };
        std::fs::write(&path, pem)?;
        Ok(Self::Kept(path))
    }

    fn path(&self) -> &std::path::Path {
        match self {
            Self::Temporary(file) => file.path(),
            Self::Kept(path) => path,
        }
    }
}

/// Variables of the user that count on the emulated host as well.
const KEPT: [&str; 5] = ["EXO_MI_ORG", "EXO_MI_OUTPUT", "EXO_MI_TIMEOUT", "NO_COLOR", "TRACEPARENT"];

/// An emulator, and the environment of a host that has its identity source. Nothing of the real host shows through: no
/// identity, no Arc agent on its disk, no proxy.
pub(super) fn host(
    scenario: Scenario,
    identity_source: Option<&str>,
    world: &World,
) -> Result<(Env, Emulator), Failure> {
    let emulator = start(Options { scenario, clock: world.clock.clone(), ..Options::default() })?;
    let named = |name: &&str| Source::ALL.iter().find(|source| source.name().starts_with(*name)).copied();
    let source = match identity_source {
        Some("automation" | "app-service") => Some(Source::IdentityEndpoint),
        other => other.as_ref().and_then(named),
    };
    let source = source.or(scenario.source()).unwrap_or(Source::Imds);
    let kept = KEPT.iter().filter_map(|name| Some((*name, world.env.var(name)?)));
    // A scenario of a certificate without one falls back to IMDS, and must not reach the real one.
    let imds = emulator.variables(Source::Imds);
    let env = Env::fixed(imds.into_iter().chain(emulator.variables(source)).chain(kept));
    let env = if source == Source::Arc { env.rooted(emulator.root()) } else { env };
    Ok((env, emulator))
}
