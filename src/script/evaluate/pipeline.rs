//! Pipelines: what a stage puts out is pushed into the next one at once, so that no stage waits for the end of another
//! unless it must, and a result of any size is held one page at a time.

use std::rc::Rc;

use super::redirect::{self, Data, Errors, Redirected};
use super::{Run, Scope};
use crate::language::{self, Expression, Pipeline};
use crate::script::error::{Flow, Stop};
use crate::script::room;
use crate::script::value::Value;

/// Where values go.
pub(crate) trait Output {
    /// Takes one value.
    fn push(&mut self, run: &mut Run<'_>, value: Value) -> Flow<()>;
}

/// A command at work.
pub(crate) trait Stage {
    /// Before the first value.
    fn begin(&mut self, _run: &mut Run<'_>, _out: &mut dyn Output) -> Flow<()> {
        Ok(())
    }

    /// One value from the stage before.
    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()>;

    /// In the place of values, where there is no stage before.
    fn alone(&mut self, _run: &mut Run<'_>, _out: &mut dyn Output) -> Flow<()> {
        Ok(())
    }

    /// After the last value.
    fn end(&mut self, _run: &mut Run<'_>, _out: &mut dyn Output) -> Flow<()> {
        Ok(())
    }
}

/// Keeps values.
#[derive(Default)]
pub(crate) struct Collect {
    pub(crate) items: Vec<Value>,
}

impl Output for Collect {
    fn push(&mut self, _: &mut Run<'_>, value: Value) -> Flow<()> {
        self.items.push(value);
        room::for_items(self.items.len())
    }
}

/// Drops values.
pub(crate) struct Discard;

impl Output for Discard {
    fn push(&mut self, _: &mut Run<'_>, _: Value) -> Flow<()> {
        Ok(())
    }
}

/// The stages behind one, and what is behind the last.
struct Rest<'a> {
    stages: &'a mut [Box<dyn Stage>],
    /// The scope of the pipeline, in which its blocks are carried out, whatever runs before them.
    scope: &'a Rc<Scope>,
    out: &'a mut dyn Output,
}

impl Output for Rest<'_> {
    fn push(&mut self, run: &mut Run<'_>, value: Value) -> Flow<()> {
        let Some((first, stages)) = self.stages.split_first_mut() else { return self.out.push(run, value) };
        let scope = std::mem::replace(&mut run.scope, self.scope.clone());
        let mut rest = Rest { stages, scope: self.scope, out: &mut *self.out };
        let pushed = run.taller(|run| first.item(run, value, &mut rest));
        run.scope = scope;
        pushed
    }
}

impl Run<'_> {
    /// Carries a pipeline out.
    pub(crate) fn pipeline(&mut self, pipeline: &Pipeline, out: &mut dyn Output) -> Flow<()> {
        let number = self.numbers.next();
        let (mut source, mut stages) = (None, Vec::new());
        let mut data = Data::default();
        for (at, stage) in pipeline.stages.iter().enumerate() {
            match stage {
                language::Stage::Expression(expression, redirections) => {
                    source = Some((expression, data.add(self, redirections)?));
                }
                language::Stage::Command(command) => {
                    let errors = data.add(self, &command.redirections)?;
                    let prepared = self.command(command, number, stages.len(), at == 0)?;
                    stages.push(Redirected::stage(prepared, &errors));
                }
            }
        }
        stages.extend(data.file.take());
        let mut nowhere = Discard;
        let out: &mut dyn Output = if data.discards { &mut nowhere } else { out };
        self.succeeded = true;
        let scope = self.scope.clone();
        let done = self.deeper(|run| run.flow(source, &mut stages, number, &scope, out));
        self.scope = scope;
        done
    }

    fn flow(
        &mut self,
        source: Option<(&Expression, Errors)>,
        stages: &mut [Box<dyn Stage>],
        number: usize,
        scope: &Rc<Scope>,
        out: &mut dyn Output,
    ) -> Flow<()> {
        for at in 0..stages.len() {
            self.with_stage(stages, at, scope, out, |run, stage, rest| stage.begin(run, rest))?;
        }
        let first = match source {
            Some((expression, errors)) => {
                let mut rest = Rest { stages: &mut *stages, scope, out: &mut *out };
                redirect::with_errors(self, errors, &mut rest, |run, out| {
                    let value = run.expression(expression)?;
                    value.enumerated().into_iter().try_for_each(|item| out.push(run, item))
                })
            }
            None => self.with_stage(stages, 0, scope, out, |run, stage, rest| stage.alone(run, rest)),
        };
        let mut from = enough(first, number)?;
        for at in 0..stages.len() {
            if at < from {
                continue;
            }
            let ended = self.with_stage(stages, at, scope, out, |run, stage, rest| stage.end(run, rest));
            from = from.max(enough(ended, number)?);
        }
        Ok(())
    }

    fn with_stage(
        &mut self,
        stages: &mut [Box<dyn Stage>],
        at: usize,
        scope: &Rc<Scope>,
        out: &mut dyn Output,
        act: impl FnOnce(&mut Self, &mut dyn Stage, &mut dyn Output) -> Flow<()>,
    ) -> Flow<()> {
        let Some((stage, behind)) = stages[at..].split_first_mut() else { return Ok(()) };
        self.scope = scope.clone();
        let mut rest = Rest { stages: behind, scope, out };
        act(self, stage.as_mut(), &mut rest)
    }
}

/// The first stage that is still to be ended: all of them, or those behind the one that has enough.
fn enough(flow: Flow<()>, number: usize) -> Flow<usize> {
    match flow {
        Ok(()) => Ok(0),
        Err(Stop::Enough { pipeline, stage }) if pipeline == number => Ok(stage + 1),
        Err(other) => Err(other),
    }
}
