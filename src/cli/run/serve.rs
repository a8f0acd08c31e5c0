//! The side that has the connection and the streams: does what the script orders.

mod over;

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use tokio::sync::mpsc::UnboundedReceiver;

use super::super::cmdlet::{Resolved, Words};
use super::super::connection_information;
use super::super::console::Console;
use super::super::dialogue::Objects;
use super::super::execution::{advise, confirmed, insisted_together};
use super::super::plan::{PlanOptions, Planned};
use super::remote::{Information, Order, ended};
use super::running::{Running, page};
use super::speech::Speech;
use crate::exchange::{Argument, Call, Page, ServiceError};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::knowledge::Code;
use crate::script::{Connection, Ended, Fault, Invocation, Rows, Said};
use crate::session::Session;
use crate::value::Value;

use over::connected_already;
pub(in crate::cli) use over::disconnected;

/// A connection of the script.
struct Connected {
    session: Session,
    /// Keeps the emulator alive, where the script has one of its own.
    _planned: Option<Planned>,
    page_size: u64,
}

/// What holds for all cmdlets of the script.
pub(super) struct Manner {
    /// Every question is answered with yes.
    pub yes: bool,
    /// How many objects a page may hold, unless the script says so.
    pub page_size: u64,
}

/// What the script's orders are carried out with.
pub(in crate::cli) struct Service {
    /// With what a script connects; `None` where whoever began it has connected.
    plan: Option<PlanOptions>,
    manner: Manner,
    limits: Limits,
    speech: Speech,
    /// Where objects go that nothing has formatted, where they are wanted.
    objects: Option<Objects>,
    connected: Option<Connected>,
    running: HashMap<usize, Running>,
    /// The whole of each failure, of which the script sees the message.
    accounts: Vec<Failure>,
}

impl Service {
    pub(super) fn new(plan: PlanOptions, manner: Manner, limits: Limits) -> Self {
        Self { plan: Some(plan), ..Self::unconnected(manner, limits, Speech::Script) }
    }

    /// One that has neither a connection nor anything to make it with.
    fn unconnected(manner: Manner, limits: Limits, speech: Speech) -> Self {
        Self {
            plan: None,
            manner,
            limits,
            speech,
            objects: None,
            connected: None,
            running: HashMap::new(),
            accounts: Vec::new(),
        }
    }

    /// Carries orders out until the script has ended.
    pub(in crate::cli) async fn serve(
        &mut self,
        mut orders: UnboundedReceiver<Order>,
        console: &mut Console<'_>,
    ) {
        while let Some(order) = orders.recv().await {
            self.carry_out(order, console).await;
        }
    }

    async fn carry_out(&mut self, order: Order, console: &mut Console<'_>) {
        // A script that waits no more for an answer has ended.
        match order {
            Order::Connect(wanted, reply) => {
                let done = self.connect(&wanted, console).await;
                let _ = reply.send(done.map_err(|failure| self.fault(failure)));
            }
            Order::Disconnect(reply) => {
                self.connected = None;
                let _ = reply.send(());
            }
            Order::Connection(reply) => {
                let _ = reply.send(self.information(console).await);
            }
            Order::Begin(number, invocation, reply) => {
                let done = self.begin(number, &invocation, console);
                let _ = reply.send(done.map_err(|failure| self.fault(failure)));
            }
            Order::AtOnce(number, reply) => {
                let _ = reply.send(self.running.get(&number).map_or(1, Running::at_once));
            }
            Order::Together(numbers, reply) => {
                self.together(&numbers, console).await;
                let _ = reply.send(());
            }
            Order::Next(number, reply) => {
                let done = self.next(number, console).await;
                let _ = reply.send(done.map_err(|failure| self.fault(failure)));
            }
            Order::Forget(number) => {
                self.running.remove(&number);
            }
            Order::Write(text, reply) => {
                let written = write(&text, console);
                let _ = reply.send(written.map_err(|failure| self.unwritten(failure)));
            }
            Order::Take(cmdlet, objects, reply) => {
                let taken = match &mut self.objects {
                    Some(taking) => taking.write(cmdlet, &objects, console),
                    None => Ok(()),
                };
                let _ = reply.send(taken.map_err(|failure| self.unwritten(failure)));
            }
            Order::Say(kind, text) => console.say(word(kind), &text),
            Order::Report(fault, excerpt) => {
                let failure = self.account(&fault);
                console.report(&self.placed(failure, excerpt));
            }
            Order::Sleep(length, reply) => {
                let _ = reply.send(
                    self.limits
                        .pause(length)
                        .await
                        .map_err(ended)
                        .and_then(|()| self.limits.over().map_or(Ok(()), |end| Err(ended(end)))),
                );
            }
        }
    }

    async fn connect(&mut self, wanted: &Connection, console: &mut Console<'_>) -> Result<(), Failure> {
        let Some(plan) = &self.plan else { return Err(connected_already()) };
        self.connected = None;
        if !wanted.managed_identity && wanted.token.is_none() && wanted.app_id.is_none() {
            return Err(Failure::usage("Connect-ExchangeOnline without -ManagedIdentity asks a person to sign in, and nothing was sent")
                .hint("connect with -ManagedIdentity, -AccessToken, or -AppId and -CertificateFilePath"));
        }
        let planned = plan.clone().of_script(wanted)?.plan(console.world)?;
        if let Some(note) = &planned.note {
            console.say("warning", note);
        }
        planned.begin().await?;
        let mut plan = planned.plan.clone();
        // The deadline is that of the whole script.
        plan.limits = self.limits.clone();
        let session = Session::connect(plan).await?;
        let page_size = wanted.page_size.unwrap_or(self.manner.page_size).clamp(1, 1000);
        self.connected = Some(Connected { session, _planned: Some(planned), page_size });
        Ok(())
    }

    async fn information(&mut self, console: &Console<'_>) -> Option<Information> {
        let Connected { session, page_size, .. } = self.connected.as_mut()?;
        let alive = session.ping().await.is_ok();
        let properties = connection_information::properties(session, alive, *page_size, &console.world.clock);
        Some(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Decides everything about a cmdlet. Nothing is sent.
    fn begin(
        &mut self,
        number: usize,
        invocation: &Invocation,
        console: &Console<'_>,
    ) -> Result<(), Failure> {
        let cmdlet = invocation.cmdlet;
        let Some(connected) = &self.connected else {
            if self.plan.is_none() {
                return Err(disconnected());
            }
            return Err(Failure::usage(format!(
                "{cmdlet} stands before Connect-ExchangeOnline, and nothing was sent"
            ))
            .hint(
                "the script has to connect first: Connect-ExchangeOnline -ManagedIdentity -Organization …",
            ));
        };
        let parameters = invocation.parameters.iter().map(|(name, value)| (name.clone(), argument(value)));
        let words = Words::of_script(cmdlet, parameters)?;
        let Resolved { mut call, confirmation, .. } =
            words.resolve(false, self.manner.yes, &|path| std::fs::read(path))?;
        confirmation.check(cmdlet, console.world.interactive)?;
        call.page_size = connected.page_size;
        let of = connected.session.connection().id();
        self.running
            .insert(number, Running { call, of, confirmation, begun: None, failed: None, came: false });
        Ok(())
    }

    /// Sends several in one request. What of them has to go by itself is sent in its turn.
    async fn together(&mut self, numbers: &[usize], console: &mut Console<'_>) {
        let Some(Connected { session, .. }) = &self.connected else { return };
        let calls = numbers.iter().filter_map(|number| self.running.get(number));
        let calls: Vec<Call> = calls
            .filter(|running| running.of == session.connection().id())
            .map(|running| running.call.clone())
            .collect();
        if calls.len() < numbers.len() {
            // What is said of each is said in its turn.
            return;
        }
        if let Some(first) = calls.first() {
            advise(session, first);
        }
        let run = session.next_run();
        let begun = session.invoke_together(calls.clone(), run).await;
        let (mut begun, failed) = match insisted_together(begun, &calls, run, session, console).await {
            Ok(begun) => (begun.into_iter().map(Some).collect(), None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        begun.resize_with(numbers.len(), || None);
        for (number, begun) in numbers.iter().zip(begun) {
            if let Some(running) = self.running.get_mut(number) {
                (running.begun, running.failed) = (begun, failed.clone());
            }
        }
    }

    async fn next(&mut self, number: usize, console: &mut Console<'_>) -> Result<Option<Rows>, Failure> {
        let Some(mut running) = self.running.remove(&number) else { return Ok(None) };
        // What is left of it would be asked of another organization.
        let own =
            self.connected.as_mut().filter(|connected| connected.session.connection().id() == running.of);
        let Some(Connected { session, .. }) = own else {
            return running.cut().map_or(Ok(None), Err);
        };
        if let Some(failure) = running.failed {
            return Err(failure);
        }
        let begun = match running.begun.take() {
            Some(begun) => begun,
            None if running.came => return Ok(None),
            None => {
                let Some(call) = confirmed(&running.call, running.confirmation, session, console).await?
                else {
                    return Ok(None);
                };
                advise(session, &call);
                running.call = call;
                session.begin(running.call.clone())
            }
        };
        let (begun, page) = page(begun, &running, session, console).await;
        let page = page?;
        (running.begun, running.came) = (Some(begun), true);
        self.running.insert(number, running);
        Ok(page.map(|page| self.rows(page)))
    }

    fn rows(&mut self, page: Page) -> Rows {
        let rows = page.texts().map(str::to_owned).collect();
        let errors = page.errors.iter().map(|error| self.fault(reported(error))).collect();
        Rows { rows, warnings: page.warnings, errors }
    }

    /// What the script sees of a failure.
    fn fault(&mut self, failure: Failure) -> Fault {
        let own = failure.causes.first().filter(|_| failure.exit == Exit::Cmdlet);
        let fault = Fault {
            message: own.unwrap_or(&failure.message).clone(),
            exit: failure.exit,
            id: failure.code.text().to_owned(),
            fatal: failure.concerns_all(),
            account: Some(self.accounts.len()),
        };
        self.accounts.push(failure);
        fault
    }

    /// The whole of a failure of which a script has seen a part, or what the script itself says.
    fn account(&self, fault: &Fault) -> Failure {
        let known = fault.account.and_then(|account| self.accounts.get(account)).cloned();
        known.unwrap_or_else(|| Failure::new(fault.exit, Code::ScriptFailed, fault.message.clone()))
    }

    /// What writing came to: where nobody reads any more, that is no failure.
    fn unwritten(&mut self, failure: Option<Failure>) -> Fault {
        match failure {
            Some(failure) => self.fault(failure),
            None => Fault {
                message: String::new(),
                exit: Exit::Done,
                id: String::new(),
                fatal: true,
                account: None,
            },
        }
    }

    /// A failure with its place.
    fn placed(&self, failure: Failure, excerpt: Vec<String>) -> Failure {
        let line = excerpt.first().and_then(|line| line.split_once(' ')).map(|(line, _)| line.to_owned());
        match line {
            Some(line) => failure.at(self.speech.line(line), self.speech.excerpt(excerpt)),
            None => failure,
        }
    }

    /// What the whole command came to.
    pub(super) fn verdict(&self, ended: Ended, path: &Path) -> Result<Exit, Failure> {
        let is_own = ended.fault.as_ref().is_some_and(|(fault, _)| fault.account.is_none());
        self.outcome(ended).map_err(|failure| {
            if is_own { failure } else { failure.because(format!("it ended {}", path.display())) }
        })
    }
}

/// An error that the service reported beside rows.
fn reported(error: &ServiceError) -> Failure {
    Failure::new(Exit::Cmdlet, Code::CmdletFailed, error.message.clone()).because(error.message.clone())
}

fn word(kind: Said) -> &'static str {
    match kind {
        Said::Warning => "warning",
        Said::Verbose => "verbose",
        Said::Note => "note",
    }
}

/// Writes data; the failure is `None` where nobody reads any more.
fn write(text: &str, console: &mut Console<'_>) -> Result<(), Option<Failure>> {
    let mut gone = false;
    let written = console.print(|out| {
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        gone = written.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
        written
    });
    match written {
        Err(failure) => Err(Some(failure)),
        Ok(()) if gone => Err(None),
        Ok(()) => Ok(()),
    }
}

/// A value of the script as that of a parameter.
fn argument(value: &Value<'static>) -> Argument {
    match value {
        Value::Null => Argument::Null,
        Value::Bool(value) => Argument::Bool(*value),
        Value::Number(digits) => {
            digits.parse().map_or_else(|_| Argument::Text(digits.to_string()), Argument::Number)
        }
        Value::Text(text) => Argument::Text(text.to_string()),
        Value::List(items) => Argument::List(items.iter().map(argument).collect()),
        Value::Object(fields) => {
            Argument::Table(fields.iter().map(|(name, value)| (name.to_string(), argument(value))).collect())
        }
    }
}
