//! Properties and methods of values, and members of types. The tables here are all that there is: the checker refuses
//! every other name before a script begins, and the manual is made of them.

// Methods are functions of one signature, of which some cannot fail.
#![allow(clippy::unnecessary_wraps)]

mod date;
mod list;
mod object;
mod statics;
mod table;
mod text;

use super::casts::Type;
use super::convert;
use super::error::{Flow, raise};
use super::evaluate::Run;
use super::format;
use super::object::Object;
use super::room;
use super::value::Value;

pub(crate) use statics::STATICS;

/// A method, by the kind of value that has it.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// How many arguments it takes, at least and at most.
    pub(crate) takes: (usize, usize),
    pub(crate) call: fn(&mut Run<'_>, &Value, &[Value]) -> Flow<Value>,
}

/// The methods of each kind of value.
pub(crate) const METHODS: [(&str, &[Method]); 7] = [
    ("every value", COMMON),
    ("texts", text::METHODS),
    ("lists", list::METHODS),
    ("hashtables", table::METHODS),
    ("dates", date::METHODS),
    ("lengths of time", date::SPAN_METHODS),
    ("objects", object::METHODS),
];

/// Methods that every value has.
const COMMON: &[Method] = &[
    Method {
        name: "ToString",
        takes: (0, 1),
        call: |_, value, arguments| {
            let format = arguments.first().map(convert::text);
            format::value_text(value, format.as_deref()).map(Value::from)
        },
    },
    Method {
        name: "Equals",
        takes: (1, 2),
        call: |_, value, arguments| Ok(Value::Bool(super::compare::equal(value, &arguments[0], true))),
    },
    Method {
        name: "CompareTo",
        takes: (1, 1),
        call: |_, value, arguments| match super::compare::order(value, &arguments[0], true) {
            Some(order) => Ok(Value::Int(order as i32)),
            None => raise("MethodException", "The two values cannot be compared."),
        },
    },
    Method { name: "GetType", takes: (0, 0), call: |_, value, _| Ok(type_of(value)) },
    Method {
        name: "GetHashCode",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::count(convert::text(value).len())),
    },
];

/// What `.GetType()` says: the name alone.
fn type_of(value: &Value) -> Value {
    let full = value.type_name();
    let name = full.rsplit('.').next().unwrap_or(full);
    let base = if full.ends_with("[]") { "System.Array" } else { "System.Object" };
    Value::object(Object::of(
        super::object::Kind::Other("System.RuntimeType"),
        [
            ("Name", name.into()),
            ("FullName", full.into()),
            ("BaseType", base.into()),
            ("IsArray", full.ends_with("[]").into()),
        ],
    ))
}

/// Names of methods that a script may call, on whatever value.
pub(crate) fn is_method(name: &str) -> bool {
    METHODS
        .iter()
        .flat_map(|(_, methods)| methods.iter())
        .any(|method| method.name.eq_ignore_ascii_case(name))
        || name.eq_ignore_ascii_case("invoke")
}

/// A property of a value: of a list without that property, those of its items.
pub(crate) fn property(value: &Value, name: &str) -> Value {
    property_at(value, name, room::LEVELS)
}

fn property_at(value: &Value, name: &str, levels: usize) -> Value {
    if let Some(own) = own_property(value, name) {
        return own;
    }
    match value {
        Value::List(_) if levels == 0 => Value::Null,
        Value::List(list) => {
            let items = list.items.borrow().clone();
            let found: Vec<Value> = items
                .iter()
                .filter(|item| own_property(item, name).is_some() || matches!(item, Value::List(_)))
                .flat_map(|item| property_at(item, name, levels - 1).enumerated())
                .collect();
            if found.is_empty() { Value::Null } else { Value::collected(found) }
        }
        // Whatever is no list counts as one of one item.
        Value::Nothing | Value::Null if is_count(name) => Value::Int(0),
        _ if is_count(name) => Value::Int(1),
        _ => Value::Null,
    }
}

fn is_count(name: &str) -> bool {
    name.eq_ignore_ascii_case("count") || name.eq_ignore_ascii_case("length")
}

/// The same, not looking at the items of a list; `None` where it has no such property.
pub(crate) fn own_property(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Text(text) => text::property(text, name),
        Value::List(list) => is_count(name).then(|| Value::count(list.items.borrow().len())),
        Value::Table(table) => table::property(table, name),
        Value::Object(object) => object.find(name).or_else(|| object::property(object, name)),
        Value::Date(date) => date::property(*date, name),
        Value::Span(span) => date::span_property(*span, name),
        Value::Type(of) => match name.to_ascii_lowercase().as_str() {
            "name" => of.full.rsplit('.').next().map(Value::from),
            "fullname" => Some(of.full.into()),
            _ => None,
        },
        _ => None,
    }
}

/// Calls a method: on a list without that method, on each of its items.
pub(crate) fn call(run: &mut Run<'_>, value: &Value, name: &str, arguments: &[Value]) -> Flow<Value> {
    call_at(run, value, name, arguments, room::LEVELS)
}

fn call_at(run: &mut Run<'_>, value: &Value, name: &str, arguments: &[Value], levels: usize) -> Flow<Value> {
    if value.is_null() {
        return raise("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.");
    }
    if let Value::Block(block) = value
        && name.eq_ignore_ascii_case("invoke")
    {
        return run.invoke(&block.clone(), arguments);
    }
    if let Some(method) = own_method(value, name) {
        let (least, most) = method.takes;
        if !(least..=most).contains(&arguments.len()) {
            let message = format!(
                "Cannot find an overload for \"{}\" and the argument count: \"{}\".",
                method.name,
                arguments.len()
            );
            return raise("MethodCountCouldNotFindBest", message);
        }
        return (method.call)(run, value, arguments);
    }
    if let (Value::List(list), Some(levels)) = (value, levels.checked_sub(1)) {
        let items = list.items.borrow().clone();
        let mut results = Vec::new();
        for item in &items {
            results.extend(call_at(run, item, name, arguments, levels)?.enumerated());
        }
        return Ok(Value::collected(results));
    }
    let message = format!(
        "Method invocation failed because [{}] does not contain a method named '{name}'.",
        value.type_name()
    );
    raise("MethodNotFound", message)
}

fn own_method(value: &Value, name: &str) -> Option<&'static Method> {
    let of_kind: &'static [Method] = match value {
        Value::Text(_) | Value::Char(_) => text::METHODS,
        Value::List(_) => list::METHODS,
        Value::Table(_) => table::METHODS,
        Value::Date(_) => date::METHODS,
        Value::Span(_) => date::SPAN_METHODS,
        Value::Object(_) => object::METHODS,
        _ => &[],
    };
    let of_lists_alone = !matches!(value, Value::List(_))
        && ["where", "foreach"].contains(&name.to_ascii_lowercase().as_str());
    // `.Where` and `.ForEach` take any value for a list of one.
    let of_kind = if of_lists_alone { list::METHODS } else { of_kind };
    let common = if matches!(value, Value::List(_)) { &COMMON[3..4] } else { COMMON };
    of_kind.iter().chain(common).find(|method| method.name.eq_ignore_ascii_case(name))
}

/// Calls a method of a type, or reads a property of it.
pub(crate) fn of_type(
    run: &mut Run<'_>,
    of: &'static Type,
    name: &str,
    arguments: Option<&[Value]>,
) -> Flow<Value> {
    let Some(found) = statics::find(of, name) else {
        return raise("MethodNotFound", format!("[{}] has no member {name}.", of.full));
    };
    match (found.takes, arguments) {
        (None, None) => (found.call)(run, &[]),
        (Some((least, most)), Some(arguments)) if (least..=most).contains(&arguments.len()) => {
            (found.call)(run, arguments)
        }
        _ => raise(
            "MethodCountCouldNotFindBest",
            format!("[{}]::{} does not take these arguments.", of.full, found.name),
        ),
    }
}

/// Whether a type has such a member.
pub(crate) fn has_static(of: &Type, name: &str) -> bool {
    statics::find(of, name).is_some()
}
