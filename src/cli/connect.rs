//! `exo-mi connect`: one cmdlet, the same for many identities, many commands, or the connection's own information.

use clap::Args;

use super::cmdlet::Words;
use super::commands::Commands;
use super::console::{Console, Kept};
use super::dialogue::{Dialogue, Pipeline};
use super::execution::{Manner, Prepared};
use super::identities::{self, ManyOptions, Subject};
use super::lock::LockOptions;
use super::output::{self, Output, OutputOptions};
use super::patience::Patience;
use super::plan::{PlanOptions, Planned};
use super::reserved::Reserved;
use super::run::Speech;
use super::shell::Shell;
use super::{Diagnostics, connection_information};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::render::Format;
use crate::session::Session;
use crate::value::Row;
use crate::world::World;

#[derive(Args, Debug)]
#[command(
    after_help = "Options of exo-mi stand before the cmdlet; what follows it belongs to the cmdlet, but for -o, \
    --output, --columns, --query, --wide, --no-headers and --help.\n\nExamples:\n  exo-mi connect --org contoso.onmicrosoft.com get-accepted-domain\n  \
    exo-mi connect --org contoso.onmicrosoft.com Get-Mailbox -ResultSize Unlimited\n  \
    exo-mi connect --org contoso.onmicrosoft.com --emulate get-accepted-domain"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    plan: PlanOptions,
    #[command(flatten)]
    lock: LockOptions,
    #[command(flatten)]
    output: OutputOptions,
    /// How many objects a page may hold
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1000))]
    page_size: u64,
    /// Answer every confirmation with yes
    #[arg(long)]
    yes: bool,
    /// Send the cmdlet and its parameters as they are written, even what looks like a slip
    #[arg(long)]
    raw_cmdlet: bool,
    /// Of several commands or identities, stop at the first that fails
    #[arg(long)]
    fail_fast: bool,
    #[command(flatten)]
    many: ManyOptions,
    /// Try again for so long where Exchange answers 401 or 403, until grants have arrived, such as 30m
    #[arg(long, value_name = "DURATION")]
    wait_for_permissions: Option<String>,
    /// The cmdlet and its parameters, or a pipeline in quotes; without one, commands are read from standard input, which a
    /// shell does at a terminal, and where there are none the connection's information is shown
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "CMDLET")]
    words: Vec<String>,
}

/// What there is to do.
enum Job {
    Cmdlet(Box<Prepared>),
    /// Statements in one argument.
    Pipeline(Box<Pipeline>),
    /// One cmdlet for each line of standard input.
    Identities(Box<Prepared>),
    Commands(Box<Commands>),
    /// Commands that somebody types.
    Shell(Box<PlanOptions>),
    Information(Box<Output>),
}

impl Job {
    /// Whether the first request to Exchange may be sent again.
    fn reads_first(&self) -> bool {
        match self {
            Self::Cmdlet(prepared) | Self::Identities(prepared) => prepared.resolved.call.is_repeatable(),
            // Nobody knows yet what comes first.
            Self::Commands(_) | Self::Pipeline(_) | Self::Shell(_) => false,
            Self::Information(_) => true,
        }
    }
}

impl Arguments {
    /// Whether help was asked for after the cmdlet, where clap does not look.
    pub(super) fn asks_for_help(&self) -> bool {
        self.words.iter().skip(1).take_while(|word| *word != "--").any(|word| word == "--help")
    }
}

pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let Arguments {
        plan,
        lock,
        output,
        page_size,
        yes,
        raw_cmdlet,
        fail_fast,
        many,
        wait_for_permissions,
        words,
    } = arguments;
    let manner = Manner { output, color: diagnostics.color, raw: raw_cmdlet, yes, page_size };
    let prepared = prepared(&words, &manner, plan.reads_stdin(), world)?;
    let out = manner.output.destination.out.clone();
    match &prepared {
        Some(Job::Identities(prepared)) => many.check(prepared, out.is_some())?,
        _ => many.check_unused()?,
    }
    // A shell reads the process's own terminal, which another process within this one may have.
    let is_shell = prepared.is_none() && world.stdin_is_terminal && world.env.is_process();
    let shell = is_shell.then(|| Box::new(plan.clone()));
    let planned = plan.plan(world)?;
    let patience = Patience::new(wait_for_permissions.as_deref(), &planned.plan.limits)?;
    let stdin_is_free = !planned.stdin_is_taken && !world.stdin_is_terminal;
    let job = match (prepared, shell.filter(|_| !planned.stdin_is_taken)) {
        (Some(job), _) => job,
        (None, Some(plan)) => Job::Shell(plan),
        (None, None) => Job::without_a_cmdlet(&manner, stdin_is_free, &planned.plan.limits, world).await?,
    };
    // A run that waits for its turn is under way already, and nothing is opened that another one may be writing.
    let _lock = lock.take(&world.clock)?;
    let many = {
        let prepared = if let Job::Identities(prepared) = &job { Some(&**prepared) } else { None };
        let organization = planned.plan.organization.as_str();
        let quiet = diagnostics.quiet;
        many.open(&Subject { prepared, organization, out: out.as_deref(), fail_fast, quiet }, world)?
    };
    let destination = manner.output.destination.clone();
    let sink = match many.length() {
        Some(length) => destination.reopen(length, &world.stdout)?,
        None => destination.open(&world.stdout)?,
    };
    let mut console = Console { patience, ..Console::new(world, diagnostics, sink) };
    if let Some(note) = &planned.note {
        console.say("warning", note);
    }
    planned.begin().await?;
    console.patience.put_off(planned.wait);
    // The emulator, where there is one, lives as long as what is planned.
    let Planned { mut plan, .. } = planned;
    plan.reads_first = job.reads_first();
    let session = Session::connect(plan).await?;
    let session = if many.parallel() > 1 { session.widened(many.parallel()) } else { session };
    let outcome = match job {
        Job::Cmdlet(prepared) => prepared.run(&session, &mut console).await,
        Job::Identities(prepared) => Box::pin(identities::run(*prepared, many, &session, &mut console)).await,
        Job::Pipeline(pipeline) => Box::pin(pipeline.run(session, manner, &mut console)).await,
        Job::Shell(plan) => {
            let prompt = format!("[{}] exo> ", session.organization());
            let output = manner.output.or_powershell(&console.world.env);
            let manner = Manner { output, ..manner };
            let dialogue = Dialogue::over(session, manner, Speech::Typed);
            let shell = Shell { dialogue, plan: *plan, wait: wait_for_permissions, prompt };
            Box::pin(shell.run(&mut console)).await
        }
        Job::Commands(commands) => {
            let dialogue = Dialogue::over(session, manner, Speech::Input);
            Box::pin(commands.run(dialogue, fail_fast, &mut console)).await
        }
        Job::Information(output) => information(&session, page_size, &output, &mut console).await,
    };
    console.end(outcome)
}

/// The job of a cmdlet, where there is one. Nothing is sent.
fn prepared(
    words: &[String],
    manner: &Manner,
    stdin_is_taken: bool,
    world: &World,
) -> Result<Option<Job>, Failure> {
    if let Some(pipeline) = Pipeline::read(words, manner, world)? {
        return Ok(Some(Job::Pipeline(Box::new(pipeline))));
    }
    let Some(words) = Words::parse(words)? else { return Ok(None) };
    let identities = words.takes_identities();
    if identities && stdin_is_taken {
        return Err(Failure::usage("standard input cannot hold both a credential and identities"));
    }
    let prepared = Box::new(manner.prepare(words, world)?);
    prepared.check(world.interactive && !identities)?;
    Ok(Some(if identities { Job::Identities(prepared) } else { Job::Cmdlet(prepared) }))
}

impl Job {
    /// Commands from standard input, or the connection's information where there are none.
    async fn without_a_cmdlet(
        manner: &Manner,
        stdin_is_free: bool,
        limits: &Limits,
        world: &mut World,
    ) -> Result<Self, Failure> {
        let output = manner.output(Reserved::default(), world)?;
        let commands = if stdin_is_free { Commands::begin(world, limits).await? } else { None };
        if let Some(commands) = commands {
            return Ok(Self::Commands(Box::new(commands)));
        }
        if output.format == Format::Raw {
            return Err(Failure::usage(
                "-o raw needs a cmdlet: the connection's information is not what a server sent",
            ));
        }
        Ok(Self::Information(Box::new(output)))
    }
}

async fn information(
    session: &Session,
    page_size: u64,
    output: &Output,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut answered = session.ping().await.map_err(Failure::from);
    while let Err(failure) = &answered {
        if !console.waits_out(failure, || session.token().claims()).await {
            break;
        }
        session.renew().await?;
        answered = session.ping().await.map_err(Failure::from);
    }
    let clock = &console.world.clock;
    let properties = connection_information::properties(session, answered.is_ok(), page_size, clock);
    let mut renderer = output.renderer(None);
    if let Err(error) = renderer.page(std::iter::once(Row::Fields(&properties)), &mut console.sink) {
        return output::unwritten(error).map_or(Ok(Exit::Done), Err);
    }
    console.kept = Kept::Whole;
    console.finish(renderer, output)?;
    // The information is printed all the same; a connection that does not work is no success.
    answered.map(|()| Exit::Done)
}
