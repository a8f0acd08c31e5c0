//! What a cmdlet was given, by the names of its parameters.

use std::rc::Rc;

use super::{Given, Place, Spec, Takes};
use crate::exit::Exit;
use crate::script::convert;
use crate::script::error::{Flow, Raised};
use crate::script::evaluate::{Common, Run};
use crate::script::value::{Closure, Value};

/// What a cmdlet was given.
pub(crate) struct Arguments {
    values: Vec<(&'static str, Value)>,
    pub(crate) common: Common,
    pub(crate) place: Place,
}

fn usage<T>(id: &str, message: String) -> Flow<T> {
    Err(Raised { exit: Exit::Usage, ..Raised::new(id, message) }.into())
}

impl Arguments {
    pub(crate) fn bind(run: &mut Run<'_>, spec: &'static Spec, given: Given, place: Place) -> Flow<Self> {
        let mut bound = Self { values: Vec::new(), common: run.common.inherited(), place };
        for (written, value) in given.named {
            let known = spec.named(&written).map_err(|misnamed| misnamed.raised(spec.name, &written))?;
            let value = match value {
                Some(value) => value,
                None if known.takes.is_switch() => Value::Bool(true),
                None => {
                    return usage(
                        "MissingArgument",
                        format!("{}: Missing an argument for parameter '{}'.", spec.name, known.name),
                    );
                }
            };
            if bound.values.iter().any(|(name, _)| *name == known.name) {
                return usage(
                    "ParameterAlreadyBound",
                    format!("{}: the parameter '{}' is given more than once.", spec.name, known.name),
                );
            }
            bound.common.set(run, known.name, &value);
            bound.values.push((known.name, value));
        }
        bound.place_values(spec, given.positional)?;
        Ok(bound)
    }

    fn place_values(&mut self, spec: &'static Spec, positional: Vec<Value>) -> Flow<()> {
        let mut values = positional.into_iter();
        let free = |bound: &Self, name: &str| !bound.values.iter().any(|(known, _)| *known == name);
        let mut places: Vec<(u8, &'static str, bool)> = spec
            .parameters
            .iter()
            .filter_map(|known| match known.takes {
                Takes::Place(at) => Some((at, known.name, false)),
                Takes::Rest(at) => Some((at, known.name, true)),
                _ => None,
            })
            .filter(|(_, name, _)| free(self, name))
            .collect();
        places.sort_unstable();
        for (_, name, rest) in places {
            if rest {
                let all: Vec<Value> = values.by_ref().collect();
                match all.len() {
                    0 => {}
                    1 => self.values.extend(all.into_iter().map(|only| (name, only))),
                    _ => self.values.push((name, Value::list(all))),
                }
            } else if let Some(value) = values.next() {
                self.values.push((name, value));
            }
        }
        match values.next() {
            None => Ok(()),
            Some(value) => usage(
                "PositionalParameterNotFound",
                format!(
                    "{}: A positional parameter cannot be found that accepts argument '{}'.",
                    spec.name,
                    convert::text(&value)
                ),
            ),
        }
    }

    /// What was given by name in the place of what comes down the pipeline.
    pub(super) fn input(&self, spec: &Spec) -> Flow<Option<Value>> {
        let input = spec.parameters.iter().find(|known| known.takes == Takes::Input);
        let input = input.and_then(|known| self.find(known.name)).cloned();
        if input.is_some() && !self.place.alone {
            let message = format!("{}: -InputObject is given, and objects are piped besides.", spec.name);
            return usage("InputObjectNotBound", message);
        }
        Ok(input)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(crate) fn value(&self, name: &str) -> Value {
        self.find(name).cloned().unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.find(name).map(convert::text)
    }

    /// A text that must be given.
    pub(crate) fn needed(&self, name: &'static str) -> Flow<String> {
        match self.text(name) {
            Some(text) => Ok(text),
            None => usage(
                "MissingMandatoryParameter",
                format!("a value of the mandatory parameter {name} is missing"),
            ),
        }
    }

    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.find(name).is_some_and(Value::is_true)
    }

    pub(crate) fn list(&self, name: &str) -> Vec<Value> {
        self.value(name).items()
    }

    pub(crate) fn count(&self, name: &'static str) -> Flow<Option<usize>> {
        self.find(name).map(|value| convert::needed_count(value, name)).transpose()
    }

    pub(crate) fn block(&self, name: &str) -> Option<Rc<Closure>> {
        match self.find(name) {
            Some(Value::Block(block)) => Some(block.clone()),
            _ => None,
        }
    }

    pub(crate) fn blocks(&self, name: &str) -> Vec<Rc<Closure>> {
        self.list(name)
            .into_iter()
            .filter_map(|value| if let Value::Block(block) = value { Some(block) } else { None })
            .collect()
    }
}
