//! Parameters of functions, of blocks and of the script: their values, and what these must be.

use std::rc::Rc;

use super::{Common, Run, Scope};
use crate::language::{Block, Name, Parameter};
use crate::script::casts;
use crate::script::cmdlet::Given;
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop, raise};
use crate::script::member;
use crate::script::names::{self, Found, Parameter as _};
use crate::script::table::Table;
use crate::script::value::Value;

/// Gives the parameters their values, in the scope of the function.
/// Gives back what was said of errors and warnings; as in PowerShell, that is in force for all that the function calls.
pub(crate) fn bind(
    run: &mut Run<'_>,
    scope: &Rc<Scope>,
    name: &str,
    body: &Block,
    given: &Given,
) -> Flow<Common> {
    let parameters = &body.parameters;
    let mut common = run.common.lists();
    let bound = Table::new(false);
    let mut taken: Vec<Option<Value>> = vec![None; parameters.len()];
    for (written, value) in &given.named {
        let value = value.clone().unwrap_or(Value::Bool(true));
        match names::of_function(body, written).map_err(|misnamed| misnamed.raised(name, written))? {
            Found::Own(known) => {
                let at = parameters.iter().position(|other| std::ptr::eq(other, known));
                if let Some(at) = at {
                    taken[at] = Some(value);
                }
            }
            Found::Common(known) => {
                common.set(run, known.name, &value);
                prefer(scope, known.name, value);
            }
        }
    }
    let mut rest = given.positional.iter();
    for (at, parameter) in parameters.iter().enumerate() {
        if taken[at].is_none() && !parameter.is_switch() {
            taken[at] = rest.next().cloned();
        }
    }
    let left: Vec<Value> = rest.cloned().collect();
    if !left.is_empty() && body.is_advanced() {
        let message = format!(
            "A positional parameter cannot be found that accepts argument '{}'.",
            convert::text(&left[0])
        );
        return raise("PositionalParameterNotFound", message);
    }
    let caller = std::mem::replace(&mut run.scope, scope.clone());
    let done = parameters.iter().zip(taken).try_for_each(|(parameter, value)| {
        if let Some(value) = &value {
            bound.set(Value::text(&parameter.name), value.clone());
        }
        fill(run, parameter, value)
    });
    run.scope = caller;
    done?;
    scope.set("args", Value::list(left));
    scope.set("psboundparameters", Value::Table(Rc::new(bound)));
    Ok(common)
}

/// What a parameter that every cmdlet takes is for a function: a variable that says what is preferred.
fn prefer(scope: &Scope, name: &str, value: Value) {
    match name {
        "ErrorAction" => scope.set("erroractionpreference", value),
        "WarningAction" => scope.set("warningpreference", value),
        "Verbose" => {
            let action = if value.is_true() { "Continue" } else { "SilentlyContinue" };
            scope.set("verbosepreference", action.into());
        }
        _ => {}
    }
}

/// Whether `[Parameter(…)]` says this of it.
pub(crate) fn says(parameter: &Parameter, what: &str) -> bool {
    use crate::language::ExpressionKind;
    let is_false = |value: &crate::language::Expression| matches!(&value.kind, ExpressionKind::Variable(name) if name.name.eq_ignore_ascii_case("false"));
    parameter.attributes.iter().filter(|attribute| attribute.name.name.eq_ignore_ascii_case("Parameter")).any(
        |attribute| {
            attribute
                .named
                .iter()
                .any(|(name, value)| name.eq_ignore_ascii_case(what) && !value.as_ref().is_some_and(is_false))
        },
    )
}

/// Sets the variable of a parameter, with its type.
fn fill(run: &mut Run<'_>, parameter: &Parameter, value: Option<Value>) -> Flow<()> {
    let given = value.is_some();
    let value = match (value, &parameter.default) {
        (Some(value), _) => value,
        (None, Some(default)) => run.expression(default)?,
        (None, None) if says(parameter, "Mandatory") && !from_pipeline(parameter) => {
            let message = format!("a value of the mandatory parameter {} is missing", parameter.name);
            return Err(Raised {
                exit: crate::exit::Exit::Usage,
                ..Raised::new("MissingMandatoryParameter", message)
            }
            .into());
        }
        (None, None) if parameter.is_switch() => Value::Bool(false),
        (None, None) => Value::Null,
    };
    if given {
        validate(run, parameter, &value)?;
    }
    let name = Name { scope: None, name: parameter.name.clone(), span: parameter.span };
    if let Some(of) = parameter.of.as_ref().and_then(|of| casts::find(&of.name)) {
        run.declare(&name, of, value).map_err(|stop| match stop {
            Stop::Error(raised) => {
                let message = format!(
                    "Cannot process argument transformation on parameter '{}'. {}",
                    parameter.name, raised.message
                );
                Raised { message, exit: crate::exit::Exit::Machine, ..*raised }.into()
            }
            other => other,
        })
    } else {
        run.scope.set(&parameter.name.to_lowercase(), value);
        Ok(())
    }
}

fn from_pipeline(parameter: &Parameter) -> bool {
    says(parameter, "ValueFromPipeline") || says(parameter, "ValueFromPipelineByPropertyName")
}

/// Holds a value to the `[Validate…]` attributes of its parameter.
fn validate(run: &mut Run<'_>, parameter: &Parameter, value: &Value) -> Flow<()> {
    let refused = |why: String| {
        raise(
            "ParameterArgumentValidationError",
            format!("Cannot validate argument on parameter '{}'. {why}", parameter.name),
        )
    };
    for attribute in &parameter.attributes {
        let name = attribute.name.name.to_ascii_lowercase();
        if !name.starts_with("validate") {
            continue;
        }
        let limits: Vec<Value> =
            attribute.values.iter().map(|limit| run.expression(limit)).collect::<Flow<_>>()?;
        let items = value.clone().items();
        match name.as_str() {
            "validateset" => {
                let is_of = |item: &Value| {
                    limits.iter().any(|limit| crate::script::compare::equal(limit, item, false))
                };
                if let Some(item) = items.iter().find(|item| !is_of(item)) {
                    let all = limits.iter().map(convert::text).collect::<Vec<_>>().join(",");
                    return refused(format!(
                        "The argument \"{}\" does not belong to the set \"{all}\".",
                        convert::text(item)
                    ));
                }
            }
            "validaterange" if limits.len() == 2 => {
                let is_in = |item: &Value| {
                    let number = convert::double(item);
                    number.is_some_and(|number| {
                        convert::double(&limits[0]).is_some_and(|least| number >= least)
                            && convert::double(&limits[1]).is_some_and(|most| number <= most)
                    })
                };
                if !items.iter().all(is_in) {
                    return refused(format!(
                        "The {} argument is outside of the allowed range.",
                        convert::text(value)
                    ));
                }
            }
            "validatepattern" => {
                let regex =
                    run.patterns.regex(&limits.first().map(convert::text).unwrap_or_default(), false)?;
                for item in &items {
                    if crate::script::pattern::captured(&regex, &convert::text(item))?.is_none() {
                        return refused(format!(
                            "The argument \"{}\" does not match the pattern.",
                            convert::text(item)
                        ));
                    }
                }
            }
            "validatenotnullorempty" | "validatenotnull"
                if (value.is_null()
                    || convert::text(value).is_empty() && name == "validatenotnullorempty") =>
            {
                return refused("The argument is null or empty.".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Gives the parameters that take something from the pipeline their values for one item.
pub(super) fn bind_item(scope: &Rc<Scope>, body: &Block, item: &Value) -> Flow<()> {
    for parameter in &body.parameters {
        let by_name = says(parameter, "ValueFromPipelineByPropertyName");
        let found = if by_name { member::own_property(item, &parameter.name) } else { None };
        let value = found.or_else(|| says(parameter, "ValueFromPipeline").then(|| item.clone()));
        let Some(value) = value else { continue };
        let value = match parameter.of.as_ref().and_then(|of| casts::find(&of.name)) {
            Some(of) => of.cast_named(value)?,
            None => value,
        };
        scope.set(&parameter.name.to_lowercase(), value);
    }
    Ok(())
}
