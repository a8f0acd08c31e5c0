//! Cmdlets that ask first, as PowerShell does with its default preference, and `-WhatIf`.
//!
//! The service knows the question: a call with `Confirm: true` is a validation call, which does nothing and carries back
//! what would happen. After a yes the same call goes out with `Confirm: false`. Whether the service really did nothing
//! is its word alone, so a validation call counts as a write, and an answer without a question leaves a doubt.

use std::io::Write;

use serde_json::Value;

use super::lines::Lines;
use super::shell::{Prompt, Typed};
use crate::catalog::Cmdlet;
use crate::exchange::{Call, CmdletInput};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::knowledge::Code;
use crate::render::on_one_line;
use crate::session::Session;
use crate::stop::Signal;
use crate::world::{Stream, World};

/// What comes before the cmdlet is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmation {
    /// Nothing: it is run at once.
    None,
    /// The service is asked what would happen, and the user whether it may.
    Asked,
    /// The service is asked what would happen, and that is all.
    WhatIf,
}

impl Confirmation {
    /// Decides, and puts the `Confirm` that is to be sent among the parameters. `-WhatIf` never travels: the module
    /// answers it by the validation call, and so does this program.
    pub(super) fn decide(
        input: &mut CmdletInput,
        cmdlet: Option<&Cmdlet>,
        yes: bool,
    ) -> Result<Self, Failure> {
        let what_if = take(input, "WhatIf");
        let confirm = take(input, "Confirm");
        let knows = |parameter| cmdlet.is_some_and(|cmdlet| cmdlet.find_parameter(parameter).is_some());
        for (parameter, wanted) in [("WhatIf", what_if), ("Confirm", confirm)] {
            if wanted == Some(true) && !knows(parameter) {
                let message = format!("{} knows no -{parameter}, and nothing was sent", input.cmdlet_name);
                return Err(Failure::usage(message).because("it would be carried out without a question"));
            }
        }
        if what_if == Some(true) {
            return Ok(Self::WhatIf);
        }
        let asks = cmdlet.is_some_and(|cmdlet| cmdlet.asks);
        match confirm {
            Some(true) if !yes => return Ok(Self::Asked),
            None if asks && !yes => return Ok(Self::Asked),
            None if !asks => return Ok(Self::None),
            _ => {}
        }
        input.parameters.insert("Confirm".to_owned(), Value::Bool(false));
        Ok(Self::None)
    }

    /// Refuses to ask where there is nobody to answer, before anything is sent.
    pub(super) fn check(self, cmdlet: &str, interactive: bool) -> Result<(), Failure> {
        if self == Self::Asked && !interactive {
            return Err(Failure::usage(format!("{cmdlet} asks for confirmation, and nothing was sent"))
                .hint("confirm it with --yes before the cmdlet, or with -Confirm:$false after it")
                .hint("-WhatIf shows what would happen"));
        }
        Ok(())
    }
}

/// The value of a switch, taken out of the parameters.
fn take(input: &mut CmdletInput, name: &str) -> Option<bool> {
    let known = input.parameters.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned()?;
    input.parameters.remove(&known).map(|value| value != Value::Bool(false))
}

/// What the service says would happen.
pub(super) async fn question(session: &Session, call: &Call) -> Result<String, Failure> {
    let mut validation = call.with_confirm(true);
    (validation.writes, validation.repeatable) = (true, false);
    let page = session.invoke(validation).next().await?;
    let (text, errors) = page.map(|page| (page.confirmation, page.errors)).unwrap_or_default();
    // The service breaks its lines; here they are one.
    let text = text.unwrap_or_default();
    let question = on_one_line(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if !question.is_empty() {
        return Ok(question);
    }
    let name = &call.input.cmdlet_name;
    let message = format!("the service answered the validation call of `{name}` without a question");
    let failure = Failure::new(Exit::Unavailable, Code::WriteInDoubt, message)
        .because("it may have carried the cmdlet out");
    let failure = errors.into_iter().fold(failure, |failure, error| failure.because(error.message));
    Err(failure.hint("look with the matching Get- cmdlet before repeating it"))
}

/// Asks the user on the terminal. Everything but a yes is a no; a failure is the end of the command before there was an
/// answer.
pub(super) async fn is_wanted(
    world: &mut World,
    answers: &mut Option<Lines>,
    limits: &Limits,
    question: &str,
) -> Result<bool, Failure> {
    if write!(world.stderr, "{question}\nContinue? [y/N] ").and_then(|()| world.stderr.flush()).is_err() {
        return Ok(false);
    }
    // A script may ask more than once, and what was typed ahead has been read.
    let lines = match answers.take() {
        Some(lines) => lines,
        None => Lines::begin(world, limits)?,
    };
    let answer = answers.insert(lines).read().await;
    match answer {
        Ok(answer) => Ok(answer.is_some_and(|answer| is_yes(&answer))),
        Err(failure) if failure.concerns_all() => {
            // What follows begins a line of its own.
            let _ = writeln!(world.stderr);
            Err(failure)
        }
        Err(_) => Ok(false),
    }
}

/// Asks at the prompt of a shell. Ctrl-C ends what has asked.
pub(super) async fn is_wanted_at(
    prompt: &mut Prompt,
    stderr: &mut Stream,
    limits: &Limits,
    question: &str,
) -> Result<bool, Failure> {
    if writeln!(stderr, "{question}").and_then(|()| stderr.flush()).is_err() {
        return Ok(false);
    }
    match prompt.answer("Continue? [y/N] ", limits).await? {
        Typed::Line(answer) => Ok(is_yes(&answer)),
        Typed::Ended => Ok(false),
        Typed::Cleared => Err(Failure::stopped(Signal::Interrupt)),
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Map, json};

    use super::*;
    use crate::catalog;
    use crate::clock::Clock;
    use crate::stop::Stop;

    fn decided(name: &str, parameters: &Value, yes: bool) -> (Option<Confirmation>, Map<String, Value>) {
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let mut input = CmdletInput { cmdlet_name: name.to_owned(), parameters };
        let decided = Confirmation::decide(&mut input, catalog::find(name).as_ref(), yes).ok();
        (decided, input.parameters)
    }

    #[test]
    fn who_is_asked_depends_on_the_cmdlet_and_on_what_was_said() {
        use Confirmation::{Asked, None as Once, WhatIf};
        for (name, parameters, yes, expected, sent) in [
            ("Get-Mailbox", json!({}), false, Some(Once), json!({})),
            ("Get-Mailbox", json!({}), true, Some(Once), json!({})),
            ("Set-Mailbox", json!({}), false, Some(Once), json!({})),
            ("Set-Mailbox", json!({"Confirm": true}), false, Some(Asked), json!({})),
            ("Set-Mailbox", json!({"Confirm": true}), true, Some(Once), json!({"Confirm": false})),
            ("Set-Mailbox", json!({"confirm": false}), false, Some(Once), json!({"Confirm": false})),
            ("Remove-Mailbox", json!({}), false, Some(Asked), json!({})),
            ("Remove-Mailbox", json!({}), true, Some(Once), json!({"Confirm": false})),
            ("Remove-Mailbox", json!({"Confirm": false}), false, Some(Once), json!({"Confirm": false})),
            ("Remove-Mailbox", json!({"WhatIf": true}), true, Some(WhatIf), json!({})),
            ("Remove-Mailbox", json!({"whatif": false}), true, Some(Once), json!({"Confirm": false})),
            ("Remove-QuarantinePolicy", json!({"WhatIf": true}), true, None, json!({})),
            ("Frob-Nicate", json!({"WhatIf": true}), false, None, json!({})),
            ("Frob-Nicate", json!({"Confirm": true}), false, None, json!({})),
        ] {
            let (decided, left) = decided(name, &parameters, yes);
            assert_eq!(decided, expected, "{name} {parameters} {yes}");
            assert_eq!(Value::Object(left), sent, "{name} {parameters} {yes}");
        }
    }

    /// A terminal at which nobody types.
    struct Silence;

    impl std::io::Read for Silence {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            loop {
                std::thread::park();
            }
        }
    }

    #[tokio::test]
    async fn a_question_that_nobody_answers_ends_with_the_command() {
        let limits = Limits::none(Clock::simulated(std::time::SystemTime::UNIX_EPOCH));
        let (order, stop) = Stop::by_hand();
        order.stop(Signal::Interrupt);
        for (limits, expected) in [
            (Limits { stop, ..limits.clone() }, Exit::Interrupted),
            (Limits { deadline: Some(Duration::ZERO), ..limits }, Exit::Unavailable),
        ] {
            let stderr = Stream::new(std::io::sink(), None);
            let mut world = World { stdin: Box::new(Silence), stderr, ..World::capture() };
            let wanted = is_wanted(&mut world, &mut None, &limits, "Are you sure?").await;
            assert_eq!(wanted.map_err(|failure| failure.exit), Err(expected));
        }
    }

    #[test]
    fn nobody_is_asked_where_nobody_can_answer() {
        assert!(Confirmation::Asked.check("Remove-Mailbox", false).is_err());
        assert!(Confirmation::Asked.check("Remove-Mailbox", true).is_ok());
        assert!(Confirmation::WhatIf.check("Remove-Mailbox", false).is_ok());
    }
}
