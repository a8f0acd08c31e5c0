//! Values of the service and of JSON as values of a script, and back.

use std::borrow::Cow;
use std::rc::Rc;

use super::convert;
use super::date::{self, Date};
use super::object::Object;
use super::room;
use super::value::Value;
use crate::value::Value as Wire;

/// A value of the service. What has exactly the form in which it writes dates is a date, as the official module has it.
pub(crate) fn value(wire: Wire<'_>) -> Value {
    match wire {
        Wire::Null => Value::Null,
        Wire::Bool(value) => Value::Bool(value),
        Wire::Number(digits) => number(&digits),
        Wire::Text(text) => match Date::of_wire(&text) {
            Some(date) => Value::Date(date),
            None => Value::text(text),
        },
        Wire::List(items) => Value::list(items.into_iter().map(value).collect()),
        Wire::Object(fields) => {
            let fields = fields.into_iter().map(|(name, field)| (Rc::from(&*name), value(field)));
            Value::object(Object::custom(fields.collect()))
        }
    }
}

/// A number as JSON writes it. One that fits no whole number of 64 bits stays the text of its digits, which is closer to
/// it than a fraction.
pub(crate) fn number(digits: &str) -> Value {
    if let Ok(number) = digits.parse() {
        return Value::Int(number);
    }
    if let Ok(number) = digits.parse() {
        return Value::Long(number);
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Value::text(digits);
    }
    digits.parse().map_or(Value::Null, Value::Double)
}

/// A value of a script for the service, and for the formats. What lies too deep is named by its type.
pub(crate) fn wire(value: &Value) -> Wire<'static> {
    wire_at(value, room::LEVELS)
}

fn wire_at(value: &Value, levels: usize) -> Wire<'static> {
    let text = |value: &Value| Wire::Text(Cow::Owned(convert::text(value)));
    let number = |value: &Value| Wire::Number(Cow::Owned(convert::text(value)));
    if levels == 0 && value.holds() {
        return Wire::Text(Cow::Borrowed(value.type_name()));
    }
    match value {
        Value::Nothing | Value::Null => Wire::Null,
        Value::Bool(value) => Wire::Bool(*value),
        Value::Int(_) | Value::Long(_) => number(value),
        Value::Double(fraction) if fraction.is_finite() => number(value),
        Value::Date(date) => Wire::Text(Cow::Owned(date::wire(*date))),
        Value::List(list) => {
            Wire::List(list.items.borrow().iter().map(|item| wire_at(item, levels - 1)).collect())
        }
        Value::Table(table) => Wire::Object(
            table
                .pairs()
                .iter()
                .map(|(key, value)| (Cow::Owned(convert::text(key)), wire_at(value, levels - 1)))
                .collect(),
        ),
        Value::Object(object) => Wire::Object(
            object
                .fields()
                .iter()
                .map(|(name, value)| (Cow::Owned(name.to_string()), wire_at(value, levels - 1)))
                .collect(),
        ),
        Value::Double(_)
        | Value::Char(_)
        | Value::Text(_)
        | Value::Span(_)
        | Value::Block(_)
        | Value::Type(_) => text(value),
    }
}
