//! Binding: what was sent, as arguments of the cmdlet, or the service's refusal.

use serde_json::Value;

use super::cmdlet::{Action, Cmdlet, Parameter, is_common};
use super::input::Input;
use super::kind::{Argument, Kind};
use super::refusal;
use crate::emulator::answer::Checked;

const ANNOTATION: &str = "@odata.type";

/// A cmdlet with arguments that fit it.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) cmdlet: &'static Cmdlet,
    pub(crate) arguments: Vec<(&'static Parameter, Argument)>,
    pub(crate) confirm: Option<bool>,
}

impl Bound {
    pub(crate) fn new(cmdlet: &'static Cmdlet, input: &Input) -> Checked<Self> {
        let mut bound = Self { cmdlet, arguments: Vec::new(), confirm: None };
        for (name, value) in &input.parameters {
            match name.strip_suffix(ANNOTATION) {
                Some(annotated) if input.parameter(annotated).is_some() => {}
                _ if is_common(name) => check_common(cmdlet, name, value)?,
                _ => bound.bind(name, value, input.parameter(&format!("{name}{ANNOTATION}")))?,
            }
        }
        let missing = |parameter: &&Parameter| parameter.mandatory && !input.has(parameter.name);
        match cmdlet.parameters.iter().find(missing) {
            Some(parameter) => Err(refusal::missing_parameter(cmdlet.name, parameter.name)),
            None => Ok(bound),
        }
    }

    fn bind(&mut self, name: &str, value: &Value, annotation: Option<&Value>) -> Checked {
        let parameter = self.cmdlet.parameter(name);
        let parameter = parameter.ok_or_else(|| refusal::unknown_parameter(self.cmdlet.name, name))?;
        let fit = parameter.kind.fit(value, annotation);
        let argument = fit.map_err(|why| refusal::transformation(self.cmdlet.name, parameter.name, &why))?;
        if parameter.name == "Confirm" {
            self.confirm = value.as_bool();
        } else {
            self.arguments.push((parameter, argument));
        }
        Ok(())
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|(parameter, _)| parameter.name == name).map(|(_, argument)| argument)
    }

    /// The text of an argument. Null is none, as where a reading cmdlet then gives everything.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.argument(name)? {
            Argument::Plain(value) => value.as_str(),
            _ => None,
        }
    }

    pub(crate) fn identity(&self) -> Option<&str> {
        self.text("Identity")
    }

    /// What the service asks before it goes ahead.
    pub(crate) fn question(&self) -> String {
        let identity = self.identity().or_else(|| self.text("Name")).unwrap_or_default();
        let doing = match self.cmdlet.action {
            Action::Remove => format!("Removing the object \"{identity}\"."),
            Action::Leave => {
                let member = self.text("Member").unwrap_or_default();
                format!(
                    "Removing distribution group member \"{member}\" from distribution group \"{identity}\"."
                )
            }
            Action::New => format!("Creating the object \"{identity}\"."),
            _ => format!("Modifying the object \"{identity}\"."),
        };
        format!("Are you sure you want to perform this action?\n{doing}")
    }
}

/// PowerShell's own parameters travel as text, whatever they are there.
fn check_common(cmdlet: &Cmdlet, name: &str, value: &Value) -> Checked {
    Kind::Text.fit(value, None).map(drop).map_err(|why| refusal::transformation(cmdlet.name, name, &why))
}
