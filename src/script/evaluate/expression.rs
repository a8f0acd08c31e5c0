//! Expressions.

use std::rc::Rc;

use super::{Collect, Run, operator};
use crate::language::{Block, Expression, ExpressionKind, Member, Number, Part, Statement, TypeName};
use crate::script::arithmetic;
use crate::script::casts::{self, Of, Type};
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::member;
use crate::script::object::Object;
use crate::script::room;
use crate::script::table::Table;
use crate::script::value::{Closure, Value};

impl Run<'_> {
    pub(crate) fn expression(&mut self, expression: &Expression) -> Flow<Value> {
        self.taller(|run| run.expression_kind(expression)).map_err(|stop| stop.at(expression.span))
    }

    fn expression_kind(&mut self, expression: &Expression) -> Flow<Value> {
        match &expression.kind {
            ExpressionKind::Number(Number::Int(number)) => Ok(Value::Int(*number)),
            ExpressionKind::Number(Number::Long(number)) => Ok(Value::Long(*number)),
            ExpressionKind::Number(Number::Double(number)) => Ok(Value::Double(*number)),
            ExpressionKind::Text(text) | ExpressionKind::Word(text) => Ok(Value::text(text)),
            ExpressionKind::Interpolated(parts) => self.interpolated(parts),
            ExpressionKind::Variable(name) => Ok(self.variable(name)),
            ExpressionKind::List(items) => {
                let items: Flow<Vec<_>> =
                    items.iter().map(|item| self.expression(item).map(Value::settled)).collect();
                items.map(Value::list)
            }
            ExpressionKind::Array(statements) => self.collect(statements).map(Value::list),
            ExpressionKind::Sub(statements) => self.collect(statements).map(Value::collected),
            ExpressionKind::Paren(statement) => self.value_of(statement),
            ExpressionKind::Table(entries) => {
                self.table(entries, false).map(|table| Value::Table(Rc::new(table)))
            }
            ExpressionKind::Block(block) => Ok(self.closure(block)),
            ExpressionKind::Type(of) => type_named(of).map(Value::Type),
            ExpressionKind::Cast(of, operand) => self.cast(of, operand).and_then(room::held),
            ExpressionKind::Unary(operator, operand) => operator::unary(self, *operator, operand),
            ExpressionKind::Binary { operator, left, right, .. } => {
                operator::binary(self, *operator, left, right).and_then(room::held)
            }
            ExpressionKind::Ternary(condition, this, that) => {
                let chosen = if self.expression(condition)?.is_true() { this } else { that };
                self.expression(chosen)
            }
            ExpressionKind::Member { object, member } => self.member(object, member),
            ExpressionKind::Call { object, member, arguments } => {
                self.method(object, member, arguments).and_then(room::held)
            }
            ExpressionKind::Index { object, index, optional } => {
                let object = self.expression(object)?;
                if *optional && object.is_null() {
                    return Ok(Value::Null);
                }
                let index = self.expression(index)?;
                item(&object, &index)
            }
            ExpressionKind::Step { target, by, before } => {
                let old = self.expression(target)?;
                let old = if old.is_null() { Value::Int(0) } else { old };
                let new =
                    arithmetic::calculate(crate::language::Binary::Add, &old, &Value::Int((*by).into()))?;
                self.store(target, new.clone())?;
                Ok(if *before { new } else { old })
            }
        }
    }

    fn interpolated(&mut self, parts: &[Part]) -> Flow<Value> {
        let mut whole = String::new();
        for part in parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Value(value) => whole.push_str(&convert::text(&self.expression(value)?)),
            }
            room::for_text(whole.len())?;
        }
        Ok(whole.into())
    }

    fn collect(&mut self, statements: &[Statement]) -> Flow<Vec<Value>> {
        let mut collected = Collect::default();
        self.statements(statements, &mut collected)?;
        Ok(collected.items)
    }

    pub(crate) fn table(&mut self, entries: &[(Expression, Statement)], ordered: bool) -> Flow<Table> {
        let table = Table::new(ordered);
        for (key, value) in entries {
            let key = self.expression(key)?;
            if table.has(&key) {
                let message =
                    format!("Duplicate keys '{}' are not allowed in hash literals.", convert::text(&key));
                return raise("DuplicateKeyInHashLiteral", message);
            }
            let value = self.value_of(value)?;
            table.set(key, value);
        }
        Ok(table)
    }

    pub(crate) fn closure(&self, block: &std::sync::Arc<Block>) -> Value {
        let text = self.text.get(block.span.start..block.span.end).unwrap_or_default();
        Value::Block(Rc::new(Closure { block: block.clone(), text: text.into() }))
    }

    /// `[ordered]@{ … }` and `[PSCustomObject]@{ … }` keep the order in which they are written.
    fn cast(&mut self, name: &TypeName, operand: &Expression) -> Flow<Value> {
        let of = type_named(name)?;
        if let (Of::Ordered | Of::Custom, ExpressionKind::Table(entries)) = (of.of, &operand.kind) {
            let table = self.table(entries, true)?;
            if of.of == Of::Ordered {
                return Ok(Value::Table(Rc::new(table)));
            }
            let fields = table.pairs().into_iter().map(|(key, value)| (Rc::from(convert::text(&key)), value));
            return Ok(Value::object(Object::custom(fields.collect())));
        }
        let value = self.expression(operand)?;
        of.cast_named(value)
    }

    fn member(&mut self, object: &Expression, member: &Member) -> Flow<Value> {
        if member.fixed {
            let of = self.type_of(object)?;
            let name = self.member_name(&member.name)?;
            return member::of_type(self, of, &name, None);
        }
        let object = self.expression(object)?;
        let name = self.member_name(&member.name)?;
        Ok(member::property(&object, &name))
    }

    fn type_of(&mut self, object: &Expression) -> Flow<&'static Type> {
        match self.expression(object)? {
            Value::Type(of) => Ok(of),
            other => raise("MethodNotFound", format!("{} has no members behind `::`.", other.type_name())),
        }
    }

    fn method(&mut self, object: &Expression, member: &Member, arguments: &[Expression]) -> Flow<Value> {
        if member.fixed {
            let of = self.type_of(object)?;
            let name = self.member_name(&member.name)?;
            let arguments = self.arguments(arguments)?;
            return member::of_type(self, of, &name, Some(&arguments));
        }
        let object = self.expression(object)?;
        if member.optional && object.is_null() {
            return Ok(Value::Null);
        }
        let name = self.member_name(&member.name)?;
        let arguments = self.arguments(arguments)?;
        self.deeper(|run| member::call(run, &object, &name, &arguments))
    }

    fn arguments(&mut self, arguments: &[Expression]) -> Flow<Vec<Value>> {
        arguments.iter().map(|argument| self.expression(argument).map(Value::settled)).collect()
    }
}

fn type_named(name: &TypeName) -> Flow<&'static Type> {
    match casts::find(&name.name) {
        Some(of) => Ok(of),
        None => raise("TypeNotFound", format!("Unable to find type [{}].", name.name)),
    }
}

/// An item of a list, the value of a key, a letter of a text.
pub(crate) fn item(object: &Value, index: &Value) -> Flow<Value> {
    item_at(object, index, room::LEVELS)
}

fn item_at(object: &Value, index: &Value, levels: usize) -> Flow<Value> {
    if let Value::List(indices) = index {
        let Some(levels) = levels.checked_sub(1) else {
            return raise(
                "InvalidArgument",
                "Lists lie too deep in each other for an index, or one in itself.",
            );
        };
        let indices = indices.items.borrow().clone();
        let found: Flow<Vec<_>> = indices.iter().map(|index| item_at(object, index, levels)).collect();
        return found.map(|found| Value::list(found.into_iter().filter(|value| !value.is_null()).collect()));
    }
    match object {
        Value::Nothing | Value::Null => raise("NullArray", "Cannot index into a null array."),
        Value::Table(table) => {
            let by_place = table.ordered && matches!(index, Value::Int(_)) && !table.has(index);
            let found = if by_place { at(&table.values(), index) } else { table.find(index) };
            Ok(found.unwrap_or_default())
        }
        Value::List(list) => {
            let items = list.items.borrow();
            if let Value::Text(name) = index
                && convert::number_of_text(name).is_none()
            {
                return Ok(named(&items, name).unwrap_or_default());
            }
            Ok(at(&items, index).unwrap_or_default())
        }
        Value::Text(text) => {
            let letters: Vec<Value> = text.chars().map(Value::Char).collect();
            Ok(at(&letters, index).unwrap_or_default())
        }
        Value::Object(object) if matches!(index, Value::Text(_)) => {
            Ok(object.find(&convert::text(index)).unwrap_or_default())
        }
        // Whatever is no list counts as one of one item.
        other => Ok(at(std::slice::from_ref(other), index).unwrap_or_default()),
    }
}

fn at(items: &[Value], index: &Value) -> Option<Value> {
    let index = convert::long(index)?;
    let length = i64::try_from(items.len()).ok()?;
    let at = usize::try_from(if index < 0 { index + length } else { index }).ok()?;
    items.get(at).cloned()
}

/// The object of this name, as in `.PSObject.Properties['Name']`.
fn named(items: &[Value], name: &str) -> Option<Value> {
    let is_named = |item: &&Value| {
        let own = item.as_object().and_then(|object| object.find("Name"));
        own.is_some_and(|own| convert::text(&own).eq_ignore_ascii_case(name))
    };
    items.iter().find(is_named).cloned()
}
