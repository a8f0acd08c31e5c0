//! Functions and blocks: carrying them out.

use std::rc::Rc;
use std::sync::Arc;

use super::bind::{bind, bind_item};
use super::{Collect, Common, Output, Run, Scope, Stage};
use crate::language::Block;
use crate::script::cmdlet::Given;
use crate::script::error::{Flow, Stop};
use crate::script::room;
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
    common: Common,
}

impl Called {
    pub(crate) fn new(name: &str, body: &Arc<Block>, given: Given, dotted: bool) -> Self {
        Self {
            body: body.clone(),
            name: name.to_owned(),
            given,
            scope: None,
            dotted,
            input: Vec::new(),
            common: Common::default(),
        }
    }

    /// Carries a part of it out in its scope.
    fn within(&mut self, run: &mut Run<'_>, act: impl FnOnce(&mut Run<'_>) -> Flow<()>) -> Flow<()> {
        let Some(scope) = &self.scope else { return Ok(()) };
        let caller = std::mem::replace(&mut run.scope, scope.clone());
        let common = std::mem::replace(&mut run.common, self.common.clone());
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
        self.common = bind(run, &scope, &self.name, &self.body, &self.given)?.lists();
        self.scope = Some(scope);
        let body = self.body.clone();
        self.within(run, |run| run.statements(&body.begin, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        let body = self.body.clone();
        let Some(process) = &body.process else {
            self.input.push(item);
            return room::for_items(self.input.len());
        };
        if let Some(scope) = &self.scope {
            bind_item(scope, &body, &item)?;
            scope.set("_", item);
        }
        self.within(run, |run| run.statements(process, out))
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
        self.with_current(item.clone(), |run| run.deeper(|run| run.block(block, out)))
    }

    /// Does something with this as `$_`, and puts back what that was before.
    pub(super) fn with_current<T>(&mut self, item: Value, act: impl FnOnce(&mut Self) -> Flow<T>) -> Flow<T> {
        let scope = self.scope.clone();
        let before = scope.take("_");
        scope.set("_", item);
        let done = act(self);
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
