//! From arguments to an exit code: the one place that knows all layers.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use crate::cli::{self, Arguments, LogFormat};
use crate::clock::Clock;
use crate::exit::Exit;
use crate::failure::{ErrorFormat, Failure, print};
use crate::knowledge::Code;
use crate::stop::{Signal, Stop};
use crate::world::World;

/// Runs the program. May be called again and again in one process: nothing is kept between two runs.
pub fn run(arguments: impl IntoIterator<Item = OsString>, mut world: World) -> Exit {
    if world.env.is_process() {
        remember_panics();
    }
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut format = error_format(&arguments);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let arguments = match Arguments::try_parse_from(&arguments) {
            Ok(arguments) => arguments,
            Err(error) => return not_parsed(&error, &arguments, &mut world),
        };
        format = arguments.diagnostics.error_format;
        if arguments.diagnostics.log_format == LogFormat::Journald {
            world.stderr = world.stderr.clone().into_journal();
        }
        execute(arguments, &mut world)
    }));
    let failure = match outcome {
        Ok(Ok(exit)) => return exit,
        Ok(Err(failure)) => failure,
        Err(_) => bug(),
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if cli::is_plugin(&words) {
        return cli::unknown(&failure, &mut world);
    }
    // Where standard error is closed there is nobody to tell; the exit code still says it.
    let _ = print(&failure, format, &mut world.stderr);
    failure.exit
}

/// Help and version are no mistakes and go to standard output.
fn not_parsed(error: &clap::Error, arguments: &[OsString], world: &mut World) -> Result<Exit, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let styled = world.stdout.columns.is_some() && !world.env.has("NO_COLOR");
            let text = if styled { text.ansi().to_string() } else { text.to_string() };
            let _ = world.stdout.write_all(text.as_bytes());
            Ok(Exit::Done)
        }
        _ => Err(cli::misuse(error, &command_of(arguments))),
    }
}

/// The command whose help is worth reading.
fn command_of(arguments: &[OsString]) -> String {
    let command = <Arguments as clap::CommandFactory>::command();
    let mut named = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let named = named.find(|word| command.get_subcommands().any(|known| known.get_name() == *word));
    named.unwrap_or("connect").to_owned()
}

/// The format of an error about arguments that could not be parsed.
fn error_format(arguments: &[OsString]) -> ErrorFormat {
    let words: Vec<_> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let json = words.windows(2).any(|pair| pair == ["--error-format", "json"])
        || words.contains(&"--error-format=json");
    if json { ErrorFormat::Json } else { ErrorFormat::Human }
}

fn execute(arguments: Arguments, world: &mut World) -> Result<Exit, Failure> {
    if let Some(outcome) = arguments.immediate(world) {
        return outcome;
    }
    // A run within another process leaves that process's signals alone.
    let listening = world.env.is_process().then(|| {
        let (stop, listening) = Stop::watch();
        world.stop = stop;
        listening
    });
    let _logging = arguments.diagnostics.logging(world, None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::new(Exit::Machine, Code::MachineFailed, "the runtime could not be started").caused_by(&error)
    })?;
    if let Some(listening) = listening {
        listening.begun();
    }
    let stop = world.stop.clone();
    let outcome = runtime.block_on(async {
        tokio::select! {
            biased;
            outcome = arguments.run(world) => outcome,
            signal = deaf(&stop) => Err(Failure::stopped(signal)),
        }
    });
    // Dropping the runtime would wait for a name look-up that hangs.
    runtime.shutdown_background();
    outcome
}

/// How long a command that waits for something else than the order to stop may go on after it.
const DEAF: Duration = Duration::from_millis(50);

/// Ends a command that has not ended by itself after the order to stop. Nothing is on its way then: whatever is sent, and
/// whatever is waited for between two requests, ends at the order.
async fn deaf(stop: &Stop) -> Signal {
    stop.given().await;
    Clock::real().sleep(DEAF).await;
    stop.ordered().await
}

/// Keeps the place of a panic and drops its message, which may hold what must not be printed.
fn remember_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        PANICKED_AT.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone_from(&place);
    }));
}

static PANICKED_AT: std::sync::Mutex<Option<String>> = std::sync::Mutex::new(None);

fn bug() -> Failure {
    let place = PANICKED_AT.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    Failure::new(Exit::Bug, Code::Bug, "exo-mi has a bug and stopped")
        .because(place.unwrap_or_default())
        .hint("please report it with this place and the command, without secrets")
}
