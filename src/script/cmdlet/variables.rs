//! Get-Variable, Set-Variable and Set-StrictMode.

use super::{Arguments, Source, Spec, Takes, parameter};
use crate::language::{Name, Span};
use crate::script::error::{Flow, Raised};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::Object;
use crate::script::value::Value;

pub(super) const GET_VARIABLE: Spec = Spec {
    name: "Get-Variable",
    aliases: &["gv"],
    parameters: &[parameter("Name", Takes::Place(0)), parameter("ValueOnly", Takes::Switch)],
    make: get,
};

pub(super) const SET_VARIABLE: Spec = Spec {
    name: "Set-Variable",
    aliases: &["sv"],
    parameters: &[parameter("Name", Takes::Place(0)), parameter("Value", Takes::Place(1))],
    make: set,
};

/// What strict mode refuses, scripts that run in PowerShell do not do.
pub(super) const STRICT_MODE: Spec = Spec {
    name: "Set-StrictMode",
    aliases: &[],
    parameters: &[parameter("Version", Takes::Ignored), parameter("Off", Takes::IgnoredSwitch)],
    make: |_, _| Source::stage(|_: &mut Run<'_>, _: &mut dyn Output| Ok(())),
};

fn name(arguments: &Arguments) -> Flow<Name> {
    Ok(Name { scope: None, name: arguments.needed("Name")?, span: Span::default() })
}

fn get(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let (name, bare) = (name(arguments)?, arguments.is_on("ValueOnly"));
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
        if run.scope.find(&name.name.to_lowercase()).is_none() {
            let message = format!("Cannot find a variable with the name '{}'.", name.name);
            return run.fail(Raised::new("VariableNotFound", message));
        }
        let value = run.variable(&name);
        if bare {
            return out.push(run, value);
        }
        out.push(
            run,
            Value::object(Object::custom(vec![
                ("Name".into(), Value::text(&name.name)),
                ("Value".into(), value),
            ])),
        )
    })
}

fn set(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let (name, value) = (name(arguments)?, arguments.value("Value"));
    Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| run.set_variable(&name, value))
}
