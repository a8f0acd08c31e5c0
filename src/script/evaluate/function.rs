//! Functions and blocks: binding of parameters, and carrying them out.

use std::rc::Rc;
use std::sync::Arc;

use super::{Collect, Output, Run, Scope, Stage};
use crate::language::{Block, Name, Parameter};
use crate::script::casts::{self, Of};
use crate::script::cmdlet::Given;
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop, raise};
use crate::script::member;
use crate::script::table::Table;
use crate::script::value::{Closure, Value};

/// A function of the script.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) body: Arc<Block>,
}

/// A function or a block in a pipeline.
pub(crate) struct Called {
    body: Arc<Block>,
    name: String,
    given: Given,
    /// Its own scope, once it has begun; the caller's where it was called with a dot.
    scope: Option<Rc<Scope>>,
    dotted: bool,
    /// What comes down the pipeline, for `$input`.
    input: Vec<Value>,
}

impl Called {
    pub(crate) fn new(name: &str, body: &Arc<Block>, given: Given, dotted: bool) -> Self {
        Self { body: body.clone(), name: name.to_owned(), given, scope: None, dotted, input: Vec::new() }
    }

    /// Carries a part of it out in its scope.
    fn within(&mut self, run: &mut Run<'_>, act: impl FnOnce(&mut Run<'_>) -> Flow<()>) -> Flow<()> {
        let Some(scope) = &self.scope else { return Ok(()) };
        let caller = std::mem::replace(&mut run.scope, scope.clone());
        let common = std::mem::take(&mut run.common);
        let done = run.deeper(act);
        run.common = common;
        run.scope = caller;
        match done {
            Err(Stop::Return) => Ok(()),
            other => other,
        }
    }
}

impl Stage for Called {
    fn begin(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let scope = if self.dotted { run.scope.clone() } else { Scope::below(&run.scope) };
        bind(run, &scope, &self.name, &self.body, &self.given)?;
        self.scope = Some(scope);
        let body = self.body.clone();
        self.within(run, |run| run.statements(&body.begin, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        let Some(process) = self.body.clone().process.is_some().then(|| self.body.clone()) else {
            self.input.push(item);
            return Ok(());
        };
        if let Some(scope) = self.scope.clone() {
            bind_item(&scope, &process, &item)?;
            scope.set("_", item);
        }
        self.within(run, |run| run.statements(process.process.as_deref().unwrap_or_default(), out))
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let body = self.body.clone();
        self.within(run, |run| run.statements(body.process.as_deref().unwrap_or_default(), out))
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        if let Some(scope) = &self.scope
            && !self.dotted
        {
            scope.set("input", Value::list(std::mem::take(&mut self.input)));
        }
        let body = self.body.clone();
        self.within(run, |run| run.statements(&body.end, out))
    }
}

/// Gives the parameters their values, in the scope of the function.
pub(crate) fn bind(
    run: &mut Run<'_>,
    scope: &Rc<Scope>,
    name: &str,
    body: &Block,
    given: &Given,
) -> Flow<()> {
    let parameters = &body.parameters;
    let bound = Table::new(false);
    let mut taken: Vec<Option<Value>> = vec![None; parameters.len()];
    for (written, value) in &given.named {
        let at = find(parameters, written)
            .map_err(|message| Raised::new("NamedParameterNotFound", format!("{name}: {message}")))?;
        taken[at] = Some(value.clone().unwrap_or(Value::Bool(true)));
    }
    let mut rest = given.positional.iter();
    for (at, parameter) in parameters.iter().enumerate() {
        if taken[at].is_none() && !is_switch(parameter) {
            taken[at] = rest.next().cloned();
        }
    }
    let left: Vec<Value> = rest.cloned().collect();
    if !left.is_empty() && parameters.iter().any(|parameter| !parameter.attributes.is_empty()) {
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
    Ok(())
}

/// The parameter that a name means: the whole of it, an alias, or a beginning that only one has.
fn find(parameters: &[Parameter], written: &str) -> Result<usize, String> {
    let is_named = |parameter: &Parameter| {
        parameter.name.eq_ignore_ascii_case(written)
            || aliases(parameter).iter().any(|alias| alias.eq_ignore_ascii_case(written))
    };
    if let Some(at) = parameters.iter().position(is_named) {
        return Ok(at);
    }
    let begins = |parameter: &Parameter| parameter.name.to_lowercase().starts_with(&written.to_lowercase());
    let found: Vec<usize> = (0..parameters.len()).filter(|at| begins(&parameters[*at])).collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(format!("A parameter cannot be found that matches parameter name '{written}'.")),
        _ => {
            Err(format!("Parameter cannot be processed because the parameter name '{written}' is ambiguous."))
        }
    }
}

pub(crate) fn aliases(parameter: &Parameter) -> Vec<String> {
    use crate::language::ExpressionKind;
    let named = |attribute: &&crate::language::Attribute| attribute.name.name.eq_ignore_ascii_case("Alias");
    let values = parameter.attributes.iter().filter(named).flat_map(|attribute| &attribute.values);
    values
        .filter_map(
            |value| if let ExpressionKind::Text(text) = &value.kind { Some(text.to_string()) } else { None },
        )
        .collect()
}

pub(crate) fn is_switch(parameter: &Parameter) -> bool {
    parameter.of.as_ref().and_then(|of| casts::find(&of.name)).is_some_and(|of| of.of == Of::Switch)
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
        (None, None) if is_switch(parameter) => Value::Bool(false),
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
        let limits: Vec<Value> =
            attribute.values.iter().map(|limit| run.expression(limit)).collect::<Flow<_>>()?;
        let items = value.clone().items();
        match attribute.name.name.to_ascii_lowercase().as_str() {
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
                if (value.is_null() || convert::text(value).is_empty() && attribute.name.name.len() > 15) =>
            {
                return refused("The argument is null or empty.".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Gives the parameters that take something from the pipeline their values for one item.
fn bind_item(scope: &Rc<Scope>, body: &Block, item: &Value) -> Flow<()> {
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

impl Run<'_> {
    /// Carries a block out where it stands, with this as `$_`, and yields what it puts out.
    pub(crate) fn with_item(&mut self, block: &Rc<Closure>, item: &Value) -> Flow<Value> {
        let mut collected = Collect::default();
        self.with_item_to(block, item, &mut collected)?;
        Ok(Value::collected(collected.items))
    }

    /// The same, into an output.
    pub(crate) fn with_item_to(
        &mut self,
        block: &Rc<Closure>,
        item: &Value,
        out: &mut dyn Output,
    ) -> Flow<()> {
        let scope = self.scope.clone();
        let before = scope.take("_");
        scope.set("_", item.clone());
        let done = self.deeper(|run| run.block(block, out));
        scope.put_back("_", before);
        self.scope = scope;
        done
    }

    /// Carries a block out where it stands.
    pub(crate) fn block(&mut self, block: &Rc<Closure>, out: &mut dyn Output) -> Flow<()> {
        let statements = block.block.process.as_deref().unwrap_or(&block.block.end);
        match self.statements(statements, out) {
            Err(Stop::Return) => Ok(()),
            other => other,
        }
    }

    /// Calls a block with arguments, in a scope of its own.
    pub(crate) fn invoke(&mut self, block: &Rc<Closure>, arguments: &[Value]) -> Flow<Value> {
        let given = Given { positional: arguments.to_vec(), ..Given::default() };
        let mut called = Called::new("", &block.block, given, false);
        let mut collected = Collect::default();
        called.begin(self, &mut collected)?;
        called.alone(self, &mut collected)?;
        called.end(self, &mut collected)?;
        Ok(Value::collected(collected.items))
    }
}
