//! `exo-mi connect`: one cmdlet, or the connection's own information.

use std::io::Write;

use clap::Args;

use super::cmdlet::{Resolved, Words};
use super::confirm::{self, Confirmation};
use super::output::{Output, Sink};
use super::settings::{Settings, roots};
use super::{Diagnostics, connection_information, credential, output, settings};
use crate::env::Env;
use crate::exchange::{Page, ServiceError};
use crate::exit::Exit;
use crate::failure::{CallFacts, Failure};
use crate::http::{Limits, Roots};
use crate::identity::{Credential, Detection, Identity, Wanted};
use crate::knowledge::Code;
use crate::render::{self, Format, Rendered, Renderer};
use crate::session::{Plan, Session};
use crate::value::Row;
use crate::world::World;

#[derive(Args, Debug)]
#[command(
    after_help = "Options of exo-mi stand before the cmdlet; what follows it belongs to the cmdlet, but for -o, \
    --output, --columns, --query, --wide, --no-headers and --help.\n\nExamples:\n  exo-mi connect --org contoso.onmicrosoft.com get-accepted-domain\n  \
    exo-mi connect --org contoso.onmicrosoft.com -o csv Get-Mailbox -ResultSize Unlimited\n  \
    exo-mi connect --org contoso.onmicrosoft.com --emulate get-accepted-domain"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    options: settings::ConnectionOptions,
    #[command(flatten)]
    credential: credential::CredentialOptions,
    #[command(flatten)]
    output: output::OutputOptions,
    /// How many objects a page may hold
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1000))]
    page_size: u64,
    /// Answer every confirmation with yes
    #[arg(long)]
    yes: bool,
    /// Send the cmdlet and its parameters as they are written, even what looks like a slip
    #[arg(long)]
    raw_cmdlet: bool,
    /// Run against the emulator in this process: no tenant, no Azure
    #[cfg(feature = "emulator")]
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, require_equals = true, default_missing_value = "healthy",
          conflicts_with_all = ["connection_uri", "authority_host", "ca_file"])]
    emulate: Option<crate::emulator::Scenario>,
    /// The cmdlet and its parameters; without one the connection's information is shown
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "CMDLET")]
    words: Vec<String>,
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
    let mut words = Words::parse(&arguments.words)?;
    let after = words.as_mut().map(|words| std::mem::take(&mut words.reserved)).unwrap_or_default();
    let resolved = words
        .map(|words| words.resolve(arguments.raw_cmdlet, arguments.yes, &|path| std::fs::read(path)))
        .transpose()?;
    if let Some(resolved) = &resolved {
        resolved.confirmation.check(&resolved.call.input.cmdlet_name, world.interactive)?;
    }
    #[cfg(feature = "emulator")]
    let host = Host::of(arguments.emulate, &arguments.options, world)?;
    #[cfg(not(feature = "emulator"))]
    let host = Host { env: world.env.clone(), roots: None };
    let mut settings = arguments.options.resolve(&host.env)?;
    settings.choice = arguments.credential.choose(settings.choice)?;
    let output = arguments.output.resolve(after, diagnostics.color, &host.env, &world.stdout)?;
    if resolved.is_none() && output.format == Format::Raw {
        return Err(Failure::usage(
            "-o raw needs a cmdlet: the connection's information is not what a server sent",
        ));
    }
    let note = settings.organization.note;
    let organization = settings.organization.name.clone();
    let credential = arguments.credential.read(world)?;
    let plan = plan(settings, credential, &host, world)?;
    let sink = output.open(&world.stdout)?;
    if let Some(note) = note.filter(|_| !diagnostics.quiet) {
        say(world, "warning", &format!("`{organization}` {note}"));
    }
    let mut session = Session::connect(plan).await?;
    let run = Run { world, quiet: diagnostics.quiet, output, sink };
    match resolved {
        Some(resolved) => run.cmdlet(&mut session, resolved, arguments.page_size).await,
        None => run.information(&session, arguments.page_size).await,
    }
}

/// The machine that the command believes to run on.
struct Host {
    env: Env,
    roots: Option<Roots>,
    /// Kept alive as long as the command runs.
    #[cfg(feature = "emulator")]
    _emulator: Option<crate::emulator::Emulator>,
}

#[cfg(feature = "emulator")]
impl Host {
    fn of(
        scenario: Option<crate::emulator::Scenario>,
        options: &settings::ConnectionOptions,
        world: &World,
    ) -> Result<Self, Failure> {
        let Some(scenario) = scenario else {
            return Ok(Self { env: world.env.clone(), roots: None, _emulator: None });
        };
        let (env, emulator) = super::emulate::host(scenario, options.identity_source.as_deref(), world)?;
        let roots = Roots::pem(emulator.ca_pem().as_bytes().to_vec())?;
        Ok(Self { env, roots: Some(roots), _emulator: Some(emulator) })
    }
}

/// Everything decided and checked, before anything is sent.
fn plan(settings: Settings, credential: Credential, host: &Host, world: &World) -> Result<Plan, Failure> {
    let detection = Detection::decide(&host.env, settings.choice)?;
    let wanted = Wanted {
        selector: settings.selector,
        resource: settings.endpoint.resource.clone(),
        authority: settings.endpoint.authority.clone(),
        organization: settings.organization.name.clone(),
        credential,
    };
    let identity = Identity::new(&host.env, detection, wanted)?;
    let roots = match &host.roots {
        Some(roots) => roots.clone(),
        None => roots(settings.ca_file.as_deref())?,
    };
    let limits = Limits {
        clock: world.clock.clone(),
        max_retries: settings.max_retries,
        deadline: settings.timeout.map(|timeout| world.clock.elapsed() + timeout),
    };
    Ok(Plan {
        identity,
        endpoint: settings.endpoint,
        organization: settings.organization.name,
        verify_organization: settings.verify_organization,
        roots,
        limits,
        env: host.env.clone(),
        ids: world.ids.clone(),
    })
}

/// A connected command that writes its result.
struct Run<'w> {
    world: &'w mut World,
    quiet: bool,
    output: Output,
    sink: Sink,
}

impl Run<'_> {
    async fn cmdlet(
        mut self,
        session: &mut Session,
        resolved: Resolved,
        page_size: u64,
    ) -> Result<Exit, Failure> {
        let Resolved { mut call, cmdlet, confirmation } = resolved;
        call.page_size = page_size;
        let name = call.input.cmdlet_name.clone();
        if confirmation != Confirmation::None {
            let question = confirm::question(session, &call).await?;
            if confirmation == Confirmation::WhatIf {
                return self.what_if(&question);
            }
            if !confirm::is_wanted(self.world, &question) {
                if !self.quiet {
                    say(self.world, "note", "nothing was done");
                }
                return Ok(Exit::Done);
            }
            call = call.with_confirm(false);
        }
        let view = cmdlet.and_then(|cmdlet| cmdlet.view());
        // An expression over a part of the rows would give a wrong sum, or count, or last one.
        let is_whole_or_nothing = self.output.is_query();
        let mut renderer = self.output.renderer(view);
        let mut errors = Vec::new();
        let mut facts = CallFacts::default();
        let mut rows = 0;
        let mut invocation = session.invoke(call);
        let failure = loop {
            match invocation.next().await {
                Ok(Some(mut page)) => {
                    rows += page.len();
                    if !page.errors.is_empty() {
                        errors.append(&mut page.errors);
                        facts.request_id = page.request_id.take();
                        facts.client_request_id = Some(page.client_request_id);
                    }
                    if let Err(error) = self.page(&mut renderer, &page) {
                        match output::unwritten(error) {
                            Some(failure) => return Err(errors.iter().fold(failure, reported_before)),
                            // Nobody reads on, but an error that the service reported is still one.
                            None => break None,
                        }
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(Failure::from(error)),
            }
        };
        let failure = failure.map(|failure| errors.iter().fold(failure, reported_before));
        match failure {
            // Nothing came, so nothing is written: not even the brackets of an empty list.
            Some(failure) if rows == 0 || is_whole_or_nothing => Err(failure),
            Some(failure) => {
                let partial = self.sink.partial();
                self.finish(renderer, false)?;
                let kept = partial.map(|path| format!("what came is in {}", path.display()));
                let failure = failure.after_rows(rows);
                Err(match kept {
                    Some(kept) => failure.hint(kept),
                    None => failure,
                })
            }
            None => {
                self.finish(renderer, true)?;
                if errors.is_empty() {
                    Ok(Exit::Done)
                } else {
                    Err(Failure { call: facts, ..reported(&name, &errors) })
                }
            }
        }
    }

    /// What would happen is the result of the command, so that it stands where data stands.
    fn what_if(mut self, question: &str) -> Result<Exit, Failure> {
        let written = writeln!(self.sink, "What if: {question}");
        match written.and_then(|()| self.sink.close(true)) {
            Ok(()) => Ok(Exit::Done),
            Err(error) => output::unwritten(render::Error::Output(error)).map_or(Ok(Exit::Done), Err),
        }
    }

    fn page(&mut self, renderer: &mut Renderer, page: &Page) -> Result<(), render::Error> {
        renderer.page(page.rows(), &mut self.sink)?;
        renderer.raw(page.text(), &mut self.sink)?;
        // A reader of a pipe sees each page when it is there and not when the last one is.
        self.sink.flush()?;
        for warning in page.warnings.iter().filter(|_| !self.quiet) {
            say(self.world, "warning", warning);
        }
        Ok(())
    }

    async fn information(mut self, session: &Session, page_size: u64) -> Result<Exit, Failure> {
        let answered = session.ping().await;
        let properties =
            connection_information::properties(session, answered.is_ok(), page_size, &self.world.clock);
        let mut renderer = self.output.renderer(None);
        let row = std::iter::once(Row::Fields(&properties));
        if let Err(error) = renderer.page(row, &mut self.sink) {
            return output::unwritten(error).map_or(Ok(Exit::Done), Err);
        }
        self.finish(renderer, true)?;
        // The information is printed all the same; a connection that does not work is no success.
        answered.map(|()| Exit::Done).map_err(Failure::from)
    }

    fn finish(mut self, renderer: Renderer, complete: bool) -> Result<(), Failure> {
        let rendered = renderer.finish(&mut self.sink).and_then(|rendered| {
            self.sink.close(complete)?;
            Ok(rendered)
        });
        match rendered {
            Ok(rendered) if !self.quiet => {
                notes(self.world, &rendered, &self.output);
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(error) => output::unwritten(error).map_or(Ok(()), Err),
        }
    }
}

fn notes(world: &mut World, rendered: &Rendered, output: &Output) {
    if !rendered.hidden_columns.is_empty() {
        let names = rendered.hidden_columns.join(", ");
        let narrow = match output.width {
            Some(width) => format!("a width of {width}"),
            None => "the terminal".to_owned(),
        };
        say(world, "note", &format!("{narrow} is too narrow for {names}; -o list shows everything"));
    }
    if !rendered.late_columns.is_empty() {
        let names = rendered.late_columns.join(", ");
        let warning = if output.is_narrowed() {
            format!("--columns fits {names} too, which the first page does not have; it was left out")
        } else {
            format!("no column for {names}, which the first object does not have; -o json shows everything")
        };
        say(world, "warning", &warning);
    }
}

/// One line on standard error. Where that is closed, there is nobody to tell.
fn say(world: &mut World, kind: &str, text: &str) {
    let _ = writeln!(world.stderr, "{kind}: {}", render::on_one_line(text));
}

/// The errors that a success carried. The rows are printed, and the command has failed all the same.
fn reported(cmdlet: &str, errors: &[ServiceError]) -> Failure {
    let message = format!(
        "`{cmdlet}` reported {}",
        match errors.len() {
            1 => "an error".to_owned(),
            count => format!("{count} errors"),
        }
    );
    errors.iter().fold(Failure::new(Exit::Cmdlet, Code::CmdletFailed, message), |failure, error| {
        failure.because(error.message.clone())
    })
}

/// A failure that came after the service had reported an error of its own, which would be lost.
fn reported_before(failure: Failure, error: &ServiceError) -> Failure {
    failure.because(format!("an earlier page reported: {}", error.message))
}
