//! Statements with bodies: branches, loops, `try`.

use super::{Output, Run};
use crate::language::{Catch, Comparison, Pipeline, Statement, StatementKind, Switch};
use crate::script::casts::{self, Of};
use crate::script::compare;
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop};
use crate::script::evaluate::operator;
use crate::script::value::Value;

/// Whether a loop goes on after one turn.
enum Turn {
    Next,
    Over,
}

impl Run<'_> {
    pub(super) fn control(&mut self, statement: &Statement, out: &mut dyn Output) -> Flow<()> {
        match &statement.kind {
            StatementKind::If { clauses, otherwise } => {
                for (condition, body) in clauses {
                    if self.condition(condition)? {
                        return self.statements(body, out);
                    }
                }
                otherwise.as_ref().map_or(Ok(()), |body| self.statements(body, out))
            }
            StatementKind::ForEach { label, variable, over, body } => {
                for item in self.value_of(over)?.items() {
                    self.step()?;
                    self.set_variable(variable, item)?;
                    if let Turn::Over = self.turn(label.as_deref(), body, out)? {
                        break;
                    }
                }
                Ok(())
            }
            StatementKind::For { label, first, condition, next, body } => {
                self.quietly(first.as_deref())?;
                while self.holds(condition.as_ref())? {
                    if let Turn::Over = self.turn(label.as_deref(), body, out)? {
                        break;
                    }
                    self.quietly(next.as_deref())?;
                }
                Ok(())
            }
            StatementKind::While { label, condition, until, body_first, body } => {
                let mut first = *body_first;
                loop {
                    self.step()?;
                    if !std::mem::take(&mut first) && self.condition(condition)? == *until {
                        return Ok(());
                    }
                    if let Turn::Over = self.turn(label.as_deref(), body, out)? {
                        return Ok(());
                    }
                }
            }
            StatementKind::Switch(switch) => self.switch(switch, out),
            StatementKind::Try { body, catches, finally } => self.attempt(body, catches, finally, out),
            // Every other kind was dealt with before.
            _ => Ok(()),
        }
    }

    fn holds(&mut self, condition: Option<&Pipeline>) -> Flow<bool> {
        self.step()?;
        condition.map_or(Ok(true), |condition| self.condition(condition))
    }

    /// A part of `for`, whose value nobody sees.
    fn quietly(&mut self, statement: Option<&Statement>) -> Flow<()> {
        statement.map_or(Ok(()), |statement| self.value_of(statement).map(drop))
    }

    /// One turn of a loop.
    fn turn(&mut self, label: Option<&str>, body: &[Statement], out: &mut dyn Output) -> Flow<Turn> {
        let is_meant = |wanted: &Option<String>| wanted.is_none() || wanted.as_deref() == label;
        match self.statements(body, out) {
            Ok(()) => Ok(Turn::Next),
            Err(Stop::Continue(wanted)) if is_meant(&wanted) => Ok(Turn::Next),
            Err(Stop::Break(wanted)) if is_meant(&wanted) => Ok(Turn::Over),
            Err(other) => Err(other),
        }
    }

    fn switch(&mut self, switch: &Switch, out: &mut dyn Output) -> Flow<()> {
        let subject = self.value_of(&switch.subject)?;
        let items = if subject.is_null() { vec![Value::Null] } else { subject.enumerated() };
        for item in items {
            if let Turn::Over = self.with_current(item.clone(), |run| run.cases(switch, &item, out))? {
                break;
            }
        }
        Ok(())
    }

    /// All clauses that fit, or the default where none does.
    fn cases(&mut self, switch: &Switch, item: &Value, out: &mut dyn Output) -> Flow<Turn> {
        let label = switch.label.as_deref();
        let mut fitted = false;
        for (wanted, body) in &switch.clauses {
            let wanted = self.expression(wanted)?;
            if !self.fits(switch, item, &wanted)? {
                continue;
            }
            fitted = true;
            match self.statements(body, out) {
                Err(Stop::Continue(None)) => return Ok(Turn::Next),
                Err(Stop::Break(wanted)) if wanted.is_none() || wanted.as_deref() == label => {
                    return Ok(Turn::Over);
                }
                other => other?,
            }
        }
        match &switch.otherwise {
            Some(body) if !fitted => self.turn(label, body, out),
            _ => Ok(Turn::Next),
        }
    }

    fn fits(&mut self, switch: &Switch, item: &Value, wanted: &Value) -> Flow<bool> {
        if let Value::Block(block) = wanted {
            return self.with_item(&block.clone(), item).map(|value| value.is_true());
        }
        match switch.comparison {
            Comparison::Equal => Ok(compare::equal(item, wanted, switch.case_sensitive)),
            Comparison::Wildcard => {
                let wildcard = self.patterns.wildcard(&convert::text(wanted), switch.case_sensitive);
                Ok(wildcard.fits(&convert::text(item)))
            }
            Comparison::Regex => operator::matched(self, item, wanted, switch.case_sensitive),
        }
    }

    fn attempt(
        &mut self,
        body: &[Statement],
        catches: &[Catch],
        finally: &[Statement],
        out: &mut dyn Output,
    ) -> Flow<()> {
        self.tries += usize::from(!catches.is_empty());
        let tried = self.statements(body, out);
        self.tries -= usize::from(!catches.is_empty());
        let done = match tried {
            Err(Stop::Error(raised)) => self.catch(*raised, catches, out),
            other => other,
        };
        if !matches!(done, Err(Stop::Abort(_))) {
            self.statements(finally, out)?;
        }
        done
    }

    fn catch(&mut self, raised: Raised, catches: &[Catch], out: &mut dyn Output) -> Flow<()> {
        let takes = |catch: &&Catch| {
            catch.types.is_empty() || catch.types.iter().any(|of| is_caught(&of.name, &raised))
        };
        let Some(catch) = catches.iter().find(takes) else { return Err(raised.into()) };
        let record = self.remember(&raised);
        self.succeeded = false;
        self.with_current(Value::Object(record), |run| run.statements(&catch.body, out))
    }
}

/// Whether `catch [name]` takes this error.
fn is_caught(name: &str, raised: &Raised) -> bool {
    let Some(of) = casts::find(name).filter(|of| of.of == Of::Exception) else { return false };
    of.full == "System.Exception" || of.full == raised.exception
}
