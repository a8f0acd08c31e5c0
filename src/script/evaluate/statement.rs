//! Statements: those without a body of their own.

use std::rc::Rc;

use super::{Action, Function, Output, Run};
use crate::exit::Exit;
use crate::language::{Expression, ExpressionKind, Pipeline, Stage, Statement, StatementKind};
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop};
use crate::script::evaluate::Collect;
use crate::script::object::Kind;
use crate::script::value::Value;

impl Run<'_> {
    /// One after the other. An error ends its statement alone, unless somebody catches it or wants it to end the script.
    pub(crate) fn statements(&mut self, statements: &[Statement], out: &mut dyn Output) -> Flow<()> {
        for statement in statements {
            match self.statement(statement, out) {
                Err(Stop::Error(raised)) if self.tries == 0 && self.outlives(&raised) => self.tell(&raised),
                other => other?,
            }
        }
        Ok(())
    }

    /// Whether a script goes on after an error that nothing caught. What is wrong with a command's parameters would be
    /// wrong again, and PowerShell would have asked for it.
    fn outlives(&self, raised: &Raised) -> bool {
        !raised.ends_script && raised.exit != Exit::Usage && self.action() != Action::Stop
    }

    pub(crate) fn statement(&mut self, statement: &Statement, out: &mut dyn Output) -> Flow<()> {
        self.step()?;
        self.taller(|run| run.statement_kind(statement, out)).map_err(|stop| stop.at(statement.span))
    }

    fn statement_kind(&mut self, statement: &Statement, out: &mut dyn Output) -> Flow<()> {
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => self.pipeline_statement(pipeline, out),
            StatementKind::Assign { target, operator, value } => {
                self.assign(target, *operator, value).map(drop)
            }
            StatementKind::Function { name, body } => {
                self.scope.define(name, Rc::new(Function { name: name.clone(), body: body.clone() }));
                Ok(())
            }
            StatementKind::Return(value) => {
                if let Some(value) = value {
                    self.statement(value, out)?;
                }
                Err(Stop::Return)
            }
            StatementKind::Throw(value) => self.throw(value.as_deref()),
            StatementKind::Exit(value) => {
                let code = value.as_ref().map_or(Ok(Value::Int(0)), |value| self.value_of(value))?;
                Err(Stop::Exit(convert::int(&code).unwrap_or(0)))
            }
            StatementKind::Break(label) => Err(Stop::Break(label.clone())),
            StatementKind::Continue(label) => Err(Stop::Continue(label.clone())),
            _ => self.control(statement, out),
        }
    }

    fn pipeline_statement(&mut self, pipeline: &Pipeline, out: &mut dyn Output) -> Flow<()> {
        if let Some(expression) = only_expression(pipeline) {
            // A step yields nothing where nobody asks for its value.
            if let ExpressionKind::Step { .. } = expression.kind {
                return self.expression(expression).map(drop);
            }
            let value = self.expression(expression)?;
            self.succeeded = true;
            for item in value.enumerated() {
                out.push(self, item)?;
            }
            return Ok(());
        }
        self.pipeline(pipeline, out)
    }

    /// What a statement yields as one value. A list stays the list that it is where nothing was piped.
    pub(crate) fn value_of(&mut self, statement: &Statement) -> Flow<Value> {
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => {
                if let Some(expression) = only_expression(pipeline) {
                    return self.expression(expression);
                }
            }
            StatementKind::Assign { target, operator, value } => {
                self.step()?;
                return self.assign(target, *operator, value);
            }
            _ => {}
        }
        let mut collected = Collect::default();
        self.statement(statement, &mut collected)?;
        Ok(Value::collected(collected.items))
    }

    /// The value of a condition.
    pub(crate) fn condition(&mut self, pipeline: &Pipeline) -> Flow<bool> {
        self.pipeline_value(pipeline).map(|value| value.is_true())
    }

    pub(crate) fn pipeline_value(&mut self, pipeline: &Pipeline) -> Flow<Value> {
        if let Some(expression) = only_expression(pipeline) {
            return self.expression(expression);
        }
        let mut collected = Collect::default();
        self.pipeline(pipeline, &mut collected)?;
        Ok(Value::collected(collected.items))
    }

    /// `throw`: an error as it was caught, a text, or any other value. Without one it throws again what was caught.
    fn throw(&mut self, value: Option<&Statement>) -> Flow<()> {
        let value = match value {
            Some(value) => self.value_of(value)?,
            None => self.scope.find("_").unwrap_or_default(),
        };
        if let Some(object) = value.as_object() {
            match &object.kind {
                Kind::Error(raised) => {
                    let raised =
                        Raised { ends_script: true, record: Some(object.clone()), ..(**raised).clone() };
                    return Err(raised.into());
                }
                Kind::Exception(name) => {
                    let message =
                        object.find("Message").map(|message| convert::text(&message)).unwrap_or_default();
                    let raised = Raised {
                        ends_script: true,
                        exception: name,
                        ..Raised::new(&message, message.clone())
                    };
                    return Err(raised.into());
                }
                _ => {}
            }
        }
        let message = if value.is_null() { "ScriptHalted".to_owned() } else { convert::text(&value) };
        Err(Raised { ends_script: true, target: value, ..Raised::new(&message, message.clone()) }.into())
    }
}

/// The expression of a pipeline that is nothing else.
pub(super) fn only_expression(pipeline: &Pipeline) -> Option<&Expression> {
    match pipeline.stages.as_slice() {
        [Stage::Expression(expression, redirections)] if redirections.is_empty() => Some(expression),
        _ => None,
    }
}
