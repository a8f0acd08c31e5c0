//! Cmdlets of the service in a pipeline: their pages are pushed on as they come.

use std::borrow::Cow;

use super::cmdlet::{Commanded, Given, Place};
use super::convert;
use super::error::{Flow, Raised, Stop};
use super::evaluate::{Output, Run, Stage};
use super::host::{Fault, Invocation};
use super::member;
use super::names::{self, Found};
use super::object::{Kind, Object};
use super::read;
use super::room;
use super::value::Value;
use crate::catalog::{self, Class, Cmdlet, Parameter};
use crate::exit::Exit;
use crate::language::Span;
use crate::value::Value as Wire;

const IDENTITY: &str = "Identity";

fn usage<T>(message: String) -> Flow<T> {
    Err(Raised { exit: Exit::Usage, ..Raised::new("ParameterBindingException", message) }.into())
}

/// The stage of a cmdlet of the service.
pub(crate) fn stage(run: &mut Run<'_>, cmdlet: Cmdlet, given: Given, place: Place) -> Flow<Box<dyn Stage>> {
    let piped = !place.alone;
    let mut calls = Calls { cmdlet, parameters: Vec::new(), piped, span: place.span, waiting: Vec::new() };
    let mut common = run.common.inherited();
    for (written, value) in given.named {
        match names::of_service(&cmdlet, &written)
            .map_err(|misnamed| misnamed.raised(cmdlet.name, &written))?
        {
            Found::Own(known) => calls.set(known, value)?,
            Found::Common(known) => common.set(run, known.name, &value.unwrap_or(Value::Bool(true))),
        }
    }
    for value in given.positional {
        let free = cmdlet.parameters().positional().filter(|known| !calls.has(known.name));
        let Some(known) = free else {
            return usage(format!(
                "{}: A positional parameter cannot be found that accepts argument '{}'.",
                cmdlet.name,
                convert::text(&value)
            ));
        };
        calls.set(known, Some(value))?;
    }
    Ok(Box::new(Commanded {
        inner: Box::new(calls),
        common,
        span: place.span,
        name: cmdlet.name,
        input: None,
    }))
}

/// A cmdlet with its parameters, called once, or once for each value that comes down the pipeline.
///
/// As in the module, what comes down the pipeline waits until there is enough of it for one request. Results and errors
/// come in the order of the values all the same.
struct Calls {
    cmdlet: Cmdlet,
    parameters: Vec<(String, Wire<'static>)>,
    piped: bool,
    span: Span,
    /// The numbers of those that have begun and wait for their request.
    waiting: Vec<usize>,
}

impl Calls {
    fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    fn set(&mut self, known: Parameter, value: Option<Value>) -> Flow<()> {
        let value = match value {
            Some(value) if known.kind == catalog::Kind::Switch => Wire::Bool(value.is_true()),
            Some(value) => argument(&value)?,
            None if known.kind == catalog::Kind::Switch => Wire::Bool(true),
            None => {
                return usage(format!(
                    "{}: Missing an argument for parameter '{}'.",
                    self.cmdlet.name, known.name
                ));
            }
        };
        if self.has(known.name) {
            return usage(format!(
                "{}: the parameter '{}' is given more than once.",
                self.cmdlet.name, known.name
            ));
        }
        self.parameters.push((known.name.to_owned(), value));
        Ok(())
    }

    fn call(
        &mut self,
        run: &mut Run<'_>,
        parameters: Vec<(String, Wire<'static>)>,
        out: &mut dyn Output,
    ) -> Flow<()> {
        let number = run.numbers.next();
        if parameters.iter().any(|(name, _)| name == "WhatIf") {
            // What would happen is written by the host, behind what was shown before.
            run.flush()?;
        }
        let invocation = Invocation { cmdlet: self.cmdlet.name, parameters };
        run.detail(&format!("{} is sent", self.cmdlet.name))?;
        if let Err(fault) = run.host.begin(number, &invocation) {
            return self.failed(run, fault);
        }
        self.waiting.push(number);
        let most = if self.piped { run.host.at_once(number) } else { 1 };
        if self.waiting.len() < most { Ok(()) } else { self.send(run, out) }
    }

    /// Sends what waits, and puts out what comes of it.
    fn send(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let numbers = std::mem::take(&mut self.waiting);
        if numbers.len() > 1 {
            run.host.together(&numbers);
        }
        let done = numbers.iter().try_for_each(|number| self.pages(run, *number, out));
        for number in numbers {
            run.host.forget(number);
        }
        done
    }

    fn pages(&self, run: &mut Run<'_>, number: usize, out: &mut dyn Output) -> Flow<()> {
        loop {
            let page = match run.host.next(number) {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(()),
                Err(fault) => return self.failed(run, fault),
            };
            for warning in &page.warnings {
                run.warn(warning)?;
            }
            for row in page.rows {
                out.push(run, Value::object(Object::row(self.cmdlet.name, row)))?;
            }
            for fault in page.errors {
                self.failed(run, fault)?;
            }
        }
    }

    fn failed(&self, run: &mut Run<'_>, fault: Fault) -> Flow<()> {
        if fault.fatal {
            return Err(Stop::Abort(fault));
        }
        let raised = Raised::of_fault(fault, self.cmdlet.name).at(self.span);
        if raised.exit == Exit::Usage {
            // It was not sent, and would not be if the script went on.
            return Err(Raised { ends_script: true, ..raised }.into());
        }
        run.fail(raised)
    }

    /// The identity that a value from the pipeline names.
    fn identity(item: &Value) -> Flow<Option<Wire<'static>>> {
        let identity = match item {
            Value::Object(object) if !matches!(object.kind, Kind::Row(_)) => {
                member::own_property(item, IDENTITY)
            }
            Value::Nothing | Value::Null | Value::List(_) | Value::Table(_) | Value::Block(_) => None,
            other => Some(other.clone()),
        };
        identity.as_ref().map(argument).transpose()
    }
}

impl Stage for Calls {
    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        let takes = self.cmdlet.find_parameter(IDENTITY).is_some() && !self.has(IDENTITY);
        if takes && item.is_null() {
            // What was meant by it is missing, and without an identity all objects would be meant.
            let message = format!("{}: an identity that comes down the pipeline is empty.", self.cmdlet.name);
            return Err(Raised {
                ends_script: true,
                exit: Exit::Usage,
                ..Raised::new("ParameterArgumentValidationErrorNullNotAllowed", message)
            }
            .into());
        }
        let identity = if takes { Self::identity(&item)? } else { None };
        let Some(identity) = identity else {
            let message = format!(
                "{}: The input object cannot be bound to any parameters for the command.",
                self.cmdlet.name
            );
            let exit = if self.cmdlet.class == Class::Read { Exit::Machine } else { Exit::Usage };
            return run.fail(Raised { exit, ..Raised::new("InputObjectNotBound", message) });
        };
        let mut parameters = self.parameters.clone();
        parameters.insert(0, (IDENTITY.to_owned(), identity));
        self.call(run, parameters, out)
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        if self.piped {
            return Ok(());
        }
        let parameters = std::mem::take(&mut self.parameters);
        self.call(run, parameters, out)
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.send(run, out)
    }
}

/// A value as that of a parameter: an object stands for its identity. What lies too deep is refused: for the service, the
/// name of a type would be data like any other.
fn argument(value: &Value) -> Flow<Wire<'static>> {
    argument_at(value, room::LEVELS)
}

fn argument_at(value: &Value, levels: usize) -> Flow<Wire<'static>> {
    let inner = |value: &Value| match levels.checked_sub(1) {
        Some(levels) => argument_at(value, levels),
        None => usage("Values lie too deep in each other for a parameter, or one in itself.".to_owned()),
    };
    match value {
        Value::Object(_) => Ok(Wire::Text(Cow::Owned(convert::text(value)))),
        Value::List(list) => list.items.borrow().iter().map(inner).collect::<Flow<_>>().map(Wire::List),
        Value::Table(table) => {
            let field = |(key, value): &(Value, Value)| Ok((Cow::Owned(convert::text(key)), inner(value)?));
            table.pairs().iter().map(field).collect::<Flow<_>>().map(Wire::Object)
        }
        other => Ok(read::wire(other)),
    }
}
