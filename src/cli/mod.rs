//! The command line: declared here, given meaning in [`settings`], carried out by one short file for each command.

// Comments on options are the help text, where backticks would be printed.
#![allow(clippy::doc_markdown)]

mod bundle;
mod cmdlet;
mod cmdlets;
mod commands;
mod completion;
mod confirm;
mod connect;
mod connection_information;
mod console;
mod credential;
mod delivery;
mod dialogue;
mod doctor;
#[cfg(feature = "emulator")]
mod emulate;
mod execution;
mod explain;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod grant;
mod identities;
mod lines;
mod literal;
mod lock;
mod log;
mod man;
mod output;
mod pages;
mod parameter;
mod patience;
mod place;
mod plan;
mod pulse;
mod reach;
mod reserved;
mod run;
mod settings;
mod shell;
mod sink;
mod split;
mod token;
mod universal;
mod whoami;

use std::io::Write;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::filter::LevelFilter;

use crate::env::Env;
use crate::exit::Exit;
use crate::failure::{ErrorFormat, Failure};
use crate::world::World;

/// The arguments of the program.
#[derive(Debug, Parser)]
#[command(
    name = "exo-mi",
    version,
    about = "Runs Exchange Online cmdlets under an Azure managed identity, without PowerShell",
    after_help = "With --emulate a command needs neither Azure nor a tenant.\n\nExamples:\n  \
        exo-mi connect --org contoso.onmicrosoft.com --emulate get-accepted-domain\n  \
        exo-mi doctor --org contoso.onmicrosoft.com\n  \
        exo-mi connect --org contoso.onmicrosoft.com -o csv Get-Mailbox",
    disable_help_subcommand = true,
    max_term_width = 80
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) diagnostics: Diagnostics,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Connect, run one cmdlet, print its result, disconnect
    Connect(Box<connect::Arguments>),
    /// Run a script of the PowerShell that Exchange runbooks are written in, without PowerShell
    Run(Box<run::Arguments>),
    /// Check everything between this host and a cmdlet, and say what mends it
    Doctor(Box<doctor::Arguments>),
    /// Show who the identity is, from its token alone
    Whoami(Box<whoami::Arguments>),
    /// Print an access token for another program, or what it says
    Token(Box<token::Arguments>),
    /// Search the known cmdlets, or show what one of them takes
    Cmdlets(Box<cmdlets::Arguments>),
    /// Explain the text of an error: of exo-mi, of the PowerShell module, of Exchange, Entra or an identity endpoint
    Explain(explain::Arguments),
    /// Grant an identity what it needs to use Exchange Online, through Microsoft Graph
    Grant(Box<grant::Arguments>),
    /// Serve a strict emulator of the identity endpoints and of the admin API on loopback
    #[cfg(feature = "emulator")]
    Emulate(emulate::Arguments),
    /// Print the script by which a shell completes commands, cmdlets and their parameters
    Completions(completion::Arguments),
    /// Print the manual, or write all of its pages
    Man(man::Arguments),
    /// Answer such a script
    #[command(hide = true)]
    Complete(completion::Question),
}

/// What is said on standard error, and how.
#[derive(Args, Debug)]
pub(crate) struct Diagnostics {
    /// Say what is done, on standard error; twice for every request and reply
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing but errors: no warnings of the service, no notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// How diagnostics are written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,
    /// How a failure is written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) error_format: ErrorFormat,
    /// Colour in tables
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people; where systemd's journal reads them, those of `journald`
    #[default]
    Text,
    /// One object a line
    Json,
    /// Lines without a time, each with its priority in front, for systemd's journal; messages too
    Journald,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether colour is used there.
    fn is_wanted(self, terminal: bool, env: &Env) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && !env.has("NO_COLOR"),
        }
    }
}

impl Diagnostics {
    /// Whether more was asked for than usual.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// How much is said: `-v` and `-vv`, else what `EXO_MI_LOG` says, else nothing.
    pub(crate) fn level(&self, env: &Env) -> Result<LevelFilter, Failure> {
        match (self.verbose, env.var("EXO_MI_LOG")) {
            (0, Some(text)) => text.parse().map_err(|_| {
                Failure::usage(format!(
                    "EXO_MI_LOG: `{text}` is no level; it is off, error, warn, info, debug or trace"
                ))
            }),
            (0, None) => Ok(LevelFilter::OFF),
            (1, _) => Ok(LevelFilter::INFO),
            (2, _) => Ok(LevelFilter::DEBUG),
            _ => Ok(LevelFilter::TRACE),
        }
    }
}

impl Arguments {
    /// What can be answered without a connection, so that neither a runtime nor TLS is built for it.
    pub(crate) fn immediate(&self, world: &mut World) -> Option<Result<Exit, Failure>> {
        match &self.command {
            Command::Connect(arguments) if arguments.asks_for_help() => {
                let mut command = <Self as clap::CommandFactory>::command();
                let text = command.find_subcommand_mut("connect").map(clap::Command::render_help);
                // A reader that has gone away got what it wanted.
                let _ = write!(world.stdout, "{}", text.unwrap_or_default());
                Some(Ok(Exit::Done))
            }
            Command::Cmdlets(arguments) if !arguments.available => {
                Some(cmdlets::run(arguments, &self.diagnostics, world))
            }
            Command::Explain(arguments) => Some(explain::run(arguments, &self.diagnostics, world)),
            Command::Grant(arguments) => grant::print(arguments, &self.diagnostics, world),
            Command::Completions(arguments) => Some(completion::run(arguments, world)),
            Command::Complete(question) => Some(Ok(completion::answer(question, world))),
            Command::Man(arguments) => Some(man::run(arguments, world)),
            _ => None,
        }
    }

    /// Carries out the command.
    pub(crate) async fn run(self, world: &mut World) -> Result<Exit, Failure> {
        match self.command {
            Command::Connect(arguments) => Box::pin(connect::run(*arguments, &self.diagnostics, world)).await,
            Command::Run(arguments) => Box::pin(run::run(*arguments, &self.diagnostics, world)).await,
            Command::Doctor(arguments) => doctor::run(*arguments, &self.diagnostics, world).await,
            Command::Whoami(arguments) => whoami::run(*arguments, &self.diagnostics, world).await,
            Command::Token(arguments) => token::run(*arguments, &self.diagnostics, world).await,
            Command::Cmdlets(arguments) => cmdlets::available(*arguments, &self.diagnostics, world).await,
            Command::Explain(arguments) => explain::run(&arguments, &self.diagnostics, world),
            Command::Grant(arguments) => grant::run(*arguments, &self.diagnostics, world).await,
            #[cfg(feature = "emulator")]
            Command::Emulate(arguments) => emulate::run(arguments, world).await,
            // What `immediate` answers does not come here; the compiler wants to hear of it all the same.
            Command::Completions(arguments) => completion::run(&arguments, world),
            Command::Complete(question) => Ok(completion::answer(&question, world)),
            Command::Man(arguments) => man::run(&arguments, world),
        }
    }
}

pub(crate) use doctor::{is_plugin, unknown};

/// The commands that `--help` lists.
fn shown(root: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    root.get_subcommands().filter(|command| !command.is_hide_set())
}

/// Their names.
fn command_names() -> Vec<String> {
    let all = <Arguments as clap::CommandFactory>::command();
    shown(&all).map(|command| command.get_name().to_owned()).collect()
}

/// The long options of a command, with those that every command has.
fn options_of(command: &str) -> impl Iterator<Item = String> {
    let all = <Arguments as clap::CommandFactory>::command();
    let own = all.find_subcommand(command).into_iter().flat_map(clap::Command::get_arguments);
    let names = own.chain(all.get_arguments()).filter_map(clap::Arg::get_long).map(str::to_owned);
    names.collect::<Vec<_>>().into_iter()
}

/// An option that does not exist, where a cmdlet was expected: clap hands it on, since what follows a cmdlet may look
/// like that.
fn no_such_option(word: &str, command: &str) -> Failure {
    let failure = Failure::usage(format!("there is no option `{word}`"));
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    let near = options_of(command).map(|known| (strsim::damerau_levenshtein(&known, name), known)).min();
    let failure = match near {
        Some((1..=2, known)) => failure.hint(format!("did you mean --{known}?")),
        _ => failure,
    };
    failure.remedy("every option is listed by", format!("exo-mi {command} --help"))
}

/// A mistake that clap found, in the shape of every other failure.
pub(crate) fn misuse(error: &clap::Error, command: &str) -> Failure {
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("a command is missing").remedy("every command is listed by", "exo-mi --help");
    }
    let text = error.render().to_string();
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ");
    let mut failure = Failure::usage(first.trim_end_matches(':'));
    let ends = |line: &&str| line.starts_with("Usage:") || line.starts_with("For more information");
    for line in lines.map(str::trim).take_while(|line| !ends(line)) {
        match line.strip_prefix("tip: ") {
            Some(tip) => failure = failure.hint(tip),
            None => failure = failure.because(line),
        }
    }
    failure.remedy("every option is listed by", format!("exo-mi {command} --help"))
}

#[cfg(test)]
mod tests;
