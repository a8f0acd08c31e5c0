//! Assignments.

use super::Run;
use crate::language::{Assign, Binary, Expression, ExpressionKind, MemberName, Statement};
use crate::script::arithmetic;
use crate::script::casts;
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::member;
use crate::script::room;
use crate::script::value::Value;

impl Run<'_> {
    /// Assigns, and yields what was assigned.
    pub(super) fn assign(&mut self, target: &Expression, operator: Assign, value: &Statement) -> Flow<Value> {
        let calculation = match operator {
            Assign::Set => {
                let value = self.value_of(value)?;
                self.store(target, value.clone())?;
                return Ok(value);
            }
            Assign::IfNull => {
                let old = self.expression(target)?;
                if !old.is_null() {
                    return Ok(old);
                }
                let value = self.value_of(value)?;
                self.store(target, value.clone())?;
                return Ok(value);
            }
            Assign::Add => Binary::Add,
            Assign::Subtract => Binary::Subtract,
            Assign::Multiply => Binary::Multiply,
            Assign::Divide => Binary::Divide,
            Assign::Remainder => Binary::Remainder,
        };
        let more = self.value_of(value)?;
        if let (Assign::Add, ExpressionKind::Variable(name)) = (operator, &target.kind)
            && let Some(grown) = self.scope_of(name).grow(&name.name.to_lowercase(), &more)?
        {
            return Ok(grown);
        }
        let old = self.expression(target)?;
        let value = arithmetic::calculate(calculation, &old, &more)?;
        self.store(target, value.clone())?;
        Ok(value)
    }

    /// Puts a value where the target is.
    pub(super) fn store(&mut self, target: &Expression, value: Value) -> Flow<()> {
        match &target.kind {
            ExpressionKind::Variable(name) => self.set_variable(name, value),
            ExpressionKind::Cast(of, inner) => {
                let Some(of) = casts::find(&of.name) else {
                    return raise("TypeNotFound", format!("Unable to find type [{}].", of.name));
                };
                if let ExpressionKind::Variable(name) = &inner.kind {
                    self.declare(name, of, value)
                } else {
                    let value = of.cast_named(value)?;
                    self.store(inner, value)
                }
            }
            ExpressionKind::List(targets) => self.store_many(targets, value),
            ExpressionKind::Member { object, member } => {
                let object = self.expression(object)?;
                let name = self.member_name(&member.name)?;
                store_property(&object, &name, value, room::LEVELS)
            }
            ExpressionKind::Index { object, index, .. } => {
                let object = self.expression(object)?;
                let index = self.expression(index)?;
                store_item(&object, &index, value)
            }
            _ => raise("InvalidLeftHandSide", "This cannot be assigned to."),
        }
    }

    /// Each of several targets gets one item, and the last of them all that are left.
    fn store_many(&mut self, targets: &[Expression], value: Value) -> Flow<()> {
        let mut items = value.items().into_iter();
        for (at, target) in targets.iter().enumerate() {
            let value = if at + 1 < targets.len() {
                items.next().unwrap_or_default()
            } else {
                Value::collected(items.by_ref().collect()).settled()
            };
            self.store(target, value)?;
        }
        Ok(())
    }

    pub(super) fn member_name(&mut self, name: &MemberName) -> Flow<String> {
        match name {
            MemberName::Plain(name) => Ok(name.clone()),
            MemberName::Computed(name) => Ok(convert::text(&self.expression(name)?)),
        }
    }
}

/// In a list, the property of each item is meant.
fn store_property(object: &Value, name: &str, value: Value, levels: usize) -> Flow<()> {
    match object {
        Value::Table(table) => {
            table.set(Value::text(name), value);
            Ok(())
        }
        Value::Object(object) if object.change(name, value.clone()) => Ok(()),
        Value::List(list) if levels > 0 => {
            let items = list.items.borrow().clone();
            items.iter().try_for_each(|item| store_property(item, name, value.clone(), levels - 1))
        }
        Value::Nothing | Value::Null => raise(
            "PropertyNotFound",
            format!(
                "The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
            ),
        ),
        other if member::own_property(other, name).is_some() => {
            raise("PropertyAssignmentException", format!("'{name}' is a ReadOnly property."))
        }
        _ => raise(
            "PropertyNotFound",
            format!(
                "The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
            ),
        ),
    }
}

fn store_item(object: &Value, index: &Value, value: Value) -> Flow<()> {
    match object {
        Value::Table(table) => {
            if index.is_null() {
                return raise("NullArrayIndex", "Index operation failed; the array index evaluated to null.");
            }
            table.set(index.clone(), value);
            room::for_items(table.len())
        }
        Value::List(list) => {
            let mut items = list.items.borrow_mut();
            let at = convert::long(index).and_then(|at| {
                let length = i64::try_from(items.len()).ok()?;
                usize::try_from(if at < 0 { at + length } else { at }).ok()
            });
            match at.and_then(|at| items.get_mut(at)) {
                Some(item) => {
                    *item = value.settled();
                    Ok(())
                }
                None => raise("IndexOutOfRangeException", "Index was outside the bounds of the array."),
            }
        }
        Value::Nothing | Value::Null => raise("NullArray", "Cannot index into a null array."),
        other => {
            raise("CannotIndex", format!("Unable to index into an object of type {}.", other.type_name()))
        }
    }
}
