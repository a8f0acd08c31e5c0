//! Commands: what their names mean, and what they are given.

use super::function::Called;
use super::{Run, Stage};
use crate::language::{Argument, Command, CommandName, Span};
use crate::script::cmdlet::{self, Given, Place};
use crate::script::convert;
use crate::script::error::{Flow, Raised};
use crate::script::names::{self, Meaning};
use crate::script::service;
use crate::script::value::Value;

impl Run<'_> {
    /// Prepares a command as a stage.
    pub(super) fn command(
        &mut self,
        command: &Command,
        pipeline: usize,
        stage: usize,
        alone: bool,
    ) -> Flow<Box<dyn Stage>> {
        let place = Place { pipeline, stage, span: command.span, alone };
        self.prepared(command, place).map_err(|stop| stop.at(command.span))
    }

    fn prepared(&mut self, command: &Command, place: Place) -> Flow<Box<dyn Stage>> {
        let (name, span) = match &command.name {
            CommandName::Named(name, span) => (name.clone(), *span),
            CommandName::Invoked { what, dotted } => {
                let value = self.expression(what)?;
                if let Value::Block(block) = value {
                    let given = self.given(command, &|written| {
                        names::of_function(&block.block, written).is_ok_and(|known| known.is_switch())
                    })?;
                    return Ok(Box::new(Called::new("", &block.block, given, *dotted)));
                }
                (convert::text(&value), what.span)
            }
        };
        if let Some(function) = self.scope.function(&name) {
            let given = self.given(command, &|written| {
                names::of_function(&function.body, written).is_ok_and(|known| known.is_switch())
            })?;
            return Ok(Box::new(Called::new(&function.name, &function.body, given, false)));
        }
        match names::meaning(&name, &self.prefix) {
            Meaning::Own(spec) => {
                let given = self.given(command, &|written| {
                    spec.named(written).is_ok_and(|known| known.takes.is_switch())
                })?;
                cmdlet::stage(self, spec, given, place)
            }
            Meaning::Service(found) => {
                let given = self.given(command, &|written| {
                    names::of_service(&found, written).is_ok_and(|known| known.is_switch())
                })?;
                service::stage(self, found, given, place)
            }
            Meaning::Unknown => unknown(&name, span),
        }
    }

    /// The arguments, evaluated: those with names, and the others in their order. `is_switch` says of a name whether the
    /// word after it is not its value.
    fn given(&mut self, command: &Command, is_switch: &dyn Fn(&str) -> bool) -> Flow<Given> {
        let mut given = Given::default();
        let mut arguments = command.arguments.iter().peekable();
        while let Some(argument) = arguments.next() {
            match argument {
                Argument::Parameter { name, value: Some(value), .. } => {
                    let value = self.expression(value)?;
                    given.named.push((name.clone(), Some(value.settled())));
                }
                Argument::Parameter { name, value: None, .. } => {
                    let next =
                        arguments.next_if(|next| !is_switch(name) && matches!(next, Argument::Value(_)));
                    let value = match next {
                        Some(Argument::Value(value)) => Some(self.expression(value)?.settled()),
                        _ => None,
                    };
                    given.named.push((name.clone(), value));
                }
                Argument::Value(value) => given.positional.push(self.expression(value)?.settled()),
                Argument::Splat(name) => match self.variable(name) {
                    Value::Table(table) => {
                        given.named.extend(
                            table.pairs().into_iter().map(|(key, value)| (convert::text(&key), Some(value))),
                        );
                    }
                    other => given.positional.extend(other.items()),
                },
            }
        }
        Ok(given)
    }
}

fn unknown<T>(name: &str, span: Span) -> Flow<T> {
    let message = format!(
        "The term '{name}' is not recognized as a name of a cmdlet or function that a script can run here."
    );
    let raised =
        Raised { exit: crate::exit::Exit::Usage, ..Raised::new("CommandNotFoundException", message) };
    Err(raised.at(span).into())
}
