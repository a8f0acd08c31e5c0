//! Statements over a connection that is there already: a pipeline on the command line, lines on standard input, the shell.

mod command;
mod objects;
mod pipeline;
mod reading;

use super::console::Console;
use super::execution::Manner;
use super::reserved::Reserved;
use super::run::{self, Remote, Service, Speech};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::knowledge::Code;
use crate::render::Format;
use crate::script::{Conversation, Left, Objection, Statements};
use crate::session::Session;

pub(super) use command::{Command, join};
pub(super) use objects::Objects;
pub(super) use pipeline::Pipeline;

/// Statements over one connection.
pub(super) struct Dialogue {
    service: Service,
    manner: Manner,
    conversation: Option<Conversation>,
    limits: Limits,
    /// What the last statements have left.
    pub left: Left,
}

/// What statements came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// To their end, or to that of `exit`, which is that of everything.
    To(Exit),
    Out(Exit),
}

impl Dialogue {
    /// One over this session. It takes no thread until there are statements.
    pub(super) fn over(session: Session, manner: Manner, speech: Speech) -> Self {
        let limits = session.limits().clone();
        let service = Service::over(session, &manner, limits.clone(), speech);
        Self { service, manner, conversation: None, limits, left: Left::default() }
    }

    /// The session, where `Disconnect-ExchangeOnline` has not ended it.
    pub(super) fn session(&self) -> Result<&Session, Failure> {
        self.service.session().ok_or_else(run::disconnected)
    }

    /// The limits of what comes next.
    pub(super) fn bind(&mut self, limits: Limits) {
        self.limits = limits.clone();
        self.service.bind(limits);
    }

    /// Whether a function of this name was defined.
    pub(super) fn has_function(&self, name: &str) -> bool {
        self.conversation.as_ref().is_some_and(|conversation| conversation.has_function(name))
    }

    /// Reads and checks statements that begin with this line. Nothing is sent.
    fn read(&mut self, text: &str, line: usize) -> Result<Statements, Failure> {
        let speech = self.service.speech();
        let conversation = begun(&mut self.conversation)?;
        conversation.read(text, line).map_err(|objections| refused(objections, speech))
    }

    /// Runs one command, of which this is the line.
    pub(super) async fn run(
        &mut self,
        command: Command,
        line: usize,
        console: &mut Console<'_>,
    ) -> Result<Came, Failure> {
        match command {
            Command::Cmdlet(words) => {
                let prepared = self.manner.prepare(words, console.world)?;
                console.sink.part(prepared.output.format);
                prepared.run(self.session()?, console).await.map(Came::To)
            }
            Command::Statements(text) => {
                let statements = self.read(&text, line)?;
                let after = Reserved::default();
                let objects = Objects::wanted(&statements, &self.manner, after, console.world)?;
                console.sink.part(objects.as_ref().map_or(Format::Powershell, Objects::format));
                self.carry_out(statements, objects, console).await
            }
        }
    }

    /// Carries statements out. An error after which they go on is told of, and is their exit code all the same: whoever
    /// writes one line wants to know whether it has done what it says.
    async fn carry_out(
        &mut self,
        statements: Statements,
        objects: Option<Objects>,
        console: &mut Console<'_>,
    ) -> Result<Came, Failure> {
        let columns = self.manner.output.console(&console.world.stdout);
        let (remote, orders) = Remote::new(console.world, &self.limits, Vec::new(), columns);
        let conversation = begun(&mut self.conversation)?;
        let answer = conversation.carry_out(statements, Box::new(remote), objects.is_some());
        self.service.begin_statements(objects);
        self.service.serve(orders, console).await;
        let (ended, left) = conversation.end(&answer);
        self.left = left;
        self.service.end_statements(ended.fault.is_none(), console)?;
        let (exits, told) = (ended.exits, ended.told);
        let exit = self.service.outcome(ended)?;
        Ok(if exits { Came::Out(exit) } else { Came::To(told.unwrap_or(exit)) })
    }
}

fn begin() -> Result<Conversation, Failure> {
    Conversation::begin().map_err(|error| {
        Failure::new(Exit::Machine, Code::MachineFailed, "no thread could be started").caused_by(&error)
    })
}

fn begun(conversation: &mut Option<Conversation>) -> Result<&mut Conversation, Failure> {
    let begun = match conversation.take() {
        Some(begun) => begun,
        None => begin()?,
    };
    Ok(conversation.insert(begun))
}

/// The failure of statements in which something is not carried out.
fn refused(objections: Vec<Objection>, speech: Speech) -> Failure {
    let failure = Failure::new(
        Exit::Usage,
        Code::ScriptRefused,
        "something is not carried out here, and nothing was sent",
    );
    let failure = objections.into_iter().fold(failure, |failure, found| {
        let excerpt = speech.excerpt(found.excerpt);
        let excerpt = excerpt.into_iter().chain(found.instead).collect();
        failure.at(speech.place(found.line, &found.what), excerpt)
    });
    failure.hint("docs/runbook.md lists what is carried out")
}
