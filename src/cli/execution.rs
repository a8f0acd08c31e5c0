//! One cmdlet with its parameters: decided, confirmed, run.

use std::io::Write;

use uuid::Uuid;

use super::Color;
use super::cmdlet::{Resolved, Words};
use super::confirm::{self, Confirmation};
use super::console::Console;
use super::delivery::{Delivery, Outcome};
use super::output::{Output, OutputOptions};
use super::reserved::Reserved;
use crate::catalog::View;
use crate::exchange::Call;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge;
use crate::session::{Begun, Error, Session};
use crate::world::World;

/// What holds for every cmdlet of a command.
pub(super) struct Manner {
    pub output: OutputOptions,
    pub color: Color,
    /// Names and values are sent as they are written.
    pub raw: bool,
    /// Every question is answered with yes.
    pub yes: bool,
    pub page_size: u64,
}

/// A cmdlet about which everything is decided.
pub(super) struct Prepared {
    pub resolved: Resolved,
    pub output: Output,
}

impl Manner {
    /// Decides how a result is written, with what stands after the cmdlet.
    pub(super) fn output(&self, after: Reserved, world: &World) -> Result<Output, Failure> {
        self.output.resolve(after, self.color, &world.env, &world.stdout)
    }

    /// Decides everything about one cmdlet. Nothing is sent.
    pub(super) fn prepare(&self, mut words: Words, world: &World) -> Result<Prepared, Failure> {
        let output = self.output(std::mem::take(&mut words.reserved), world)?;
        let mut resolved = words.resolve(self.raw, self.yes, &|path| std::fs::read(path))?;
        resolved.call.page_size = self.page_size;
        resolved.call.keep = output.keep();
        Ok(Prepared { resolved, output })
    }
}

impl Prepared {
    /// Refuses to ask where there is nobody to answer.
    pub(super) fn check(&self, interactive: bool) -> Result<(), Failure> {
        let Resolved { call, confirmation, .. } = &self.resolved;
        confirmation.check(&call.input.cmdlet_name, interactive)
    }

    /// What is shown of its result.
    pub(super) fn view(&self) -> Option<View> {
        self.resolved.cmdlet.and_then(|cmdlet| cmdlet.view())
    }

    /// Runs it, and delivers its result.
    pub(super) async fn run(self, session: &Session, console: &mut Console<'_>) -> Result<Exit, Failure> {
        self.check(console.world.interactive)?;
        let Resolved { ref call, confirmation, .. } = self.resolved;
        let Some(call) = confirmed(call, confirmation, session, console).await? else {
            return Ok(Exit::Done);
        };
        let name = call.input.cmdlet_name.clone();
        advise(session, &call);
        let mut delivery = Delivery::new(console, &self.output, self.view()).watched();
        let begun = session.begin(call.clone());
        let outcome = insisted(begun, &call, session, &mut delivery).await?;
        delivery.conclude(&name, outcome)
    }
}

/// Says for `-v` where the identity may do far more than the cmdlet needs. Without it a command that ends well is silent.
pub(super) fn advise(session: &Session, call: &Call) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let wids = session.token().claims().map(|claims| claims.wids).unwrap_or_default();
    let large = knowledge::excessive_roles(&wids, call.writes);
    if !large.is_empty() {
        let smaller = knowledge::smallest_role(call.writes).name;
        tracing::info!("the identity holds {}, where `{smaller}` suffices", large.join(" and "));
    }
}

/// Delivers what has begun, and where it is denied tries again as long as permissions are waited for.
pub(super) async fn insisted(
    begun: Begun,
    call: &Call,
    session: &Session,
    delivery: &mut Delivery<'_, '_>,
) -> Result<Outcome, Failure> {
    let mut outcome = delivery.take(session.go_on(begun)).await?;
    while let Outcome::Failed { failure, rows: 0 } = &outcome {
        if !delivery.console().waits_out(failure, || session.token().claims()).await {
            break;
        }
        session.renew().await?;
        outcome = delivery.take(session.invoke(call.clone())).await?;
    }
    Ok(outcome)
}

/// What came of a request for several, which is sent again as long as permissions are waited for.
pub(super) async fn insisted_together(
    begun: Result<Vec<Begun>, Error>,
    calls: &[Call],
    run: Uuid,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Vec<Begun>, Failure> {
    let again = async || session.invoke_together(calls.to_vec(), run).await.map_err(Failure::from);
    insisted_on(begun.map_err(Failure::from), again, session, console).await
}

/// What came of something, which is done again with a fresh token as long as permissions are waited for.
async fn insisted_on<T>(
    mut came: Result<T, Failure>,
    again: impl AsyncFn() -> Result<T, Failure>,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<T, Failure> {
    loop {
        let failure = match came {
            Ok(came) => return Ok(came),
            Err(failure) => failure,
        };
        if !console.waits_out(&failure, || session.token().claims()).await {
            return Err(failure);
        }
        session.renew().await?;
        came = again().await;
    }
}

/// What is to be sent once the questions are asked; `None` where that is nothing.
pub(super) async fn confirmed(
    call: &Call,
    confirmation: Confirmation,
    session: &Session,
    console: &mut Console<'_>,
) -> Result<Option<Call>, Failure> {
    if confirmation == Confirmation::None {
        return Ok(Some(call.clone()));
    }
    let asked = async || confirm::question(session, call).await;
    let question = insisted_on(asked().await, asked, session, console).await?;
    if confirmation == Confirmation::WhatIf {
        // What would happen is the result of the command, so that it stands where data stands.
        console.print(|out| writeln!(out, "What if: {question}").and_then(|()| out.flush()))?;
        return Ok(None);
    }
    if console.is_wanted(session.limits(), &question).await? {
        return Ok(Some(call.with_confirm(false)));
    }
    console.say("note", "nothing was done");
    Ok(None)
}
