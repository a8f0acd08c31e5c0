//! Hashtables.

use super::Method;
use crate::script::compare;
use crate::script::convert;
use crate::script::error::raise;
use crate::script::object::{Kind, Object};
use crate::script::table::Table;
use crate::script::value::Value;

/// A key wins over a property of the table itself, as in PowerShell.
pub(super) fn property(table: &Table, name: &str) -> Option<Value> {
    table.named(name).or_else(|| match name.to_ascii_lowercase().as_str() {
        "keys" => Some(Value::list(table.keys())),
        "values" => Some(Value::list(table.values())),
        "count" => Some(Value::count(table.len())),
        _ => None,
    })
}

/// The entries as objects with a name and a value.
pub(super) fn entries(table: &Table) -> Vec<Value> {
    let entry = |(key, value): (Value, Value)| {
        let fields = [("Name", key.clone()), ("Key", key), ("Value", value)];
        Value::object(Object::of(Kind::Other("System.Collections.DictionaryEntry"), fields))
    };
    table.pairs().into_iter().map(entry).collect()
}

/// The table that a method belongs to; methods are chosen by the kind of the value.
fn of(value: &Value) -> std::rc::Rc<Table> {
    if let Value::Table(table) = value { table.clone() } else { std::rc::Rc::default() }
}

pub(super) const METHODS: &[Method] = &[
    Method {
        name: "Add",
        takes: (2, 2),
        call: |_, value, a| {
            if of(value).has(&a[0]) {
                let key = convert::text(&a[0]);
                return raise(
                    "MethodInvocationException",
                    format!(
                        "Item has already been added. Key in dictionary: '{key}'  Key being added: '{key}'"
                    ),
                );
            }
            of(value).set(a[0].clone(), a[1].clone());
            Ok(Value::Nothing)
        },
    },
    Method {
        name: "Remove",
        takes: (1, 1),
        call: |_, value, a| {
            of(value).remove(&a[0]);
            Ok(Value::Nothing)
        },
    },
    Method {
        name: "Clear",
        takes: (0, 0),
        call: |_, value, _| {
            of(value).entries.borrow_mut().clear();
            Ok(Value::Nothing)
        },
    },
    Method { name: "Contains", takes: (1, 1), call: |_, value, a| Ok(of(value).has(&a[0]).into()) },
    Method { name: "ContainsKey", takes: (1, 1), call: |_, value, a| Ok(of(value).has(&a[0]).into()) },
    Method {
        name: "ContainsValue",
        takes: (1, 1),
        call: |_, value, a| {
            Ok(of(value).values().iter().any(|known| compare::equal(known, &a[0], true)).into())
        },
    },
    Method { name: "GetEnumerator", takes: (0, 0), call: |_, value, _| Ok(Value::list(entries(&of(value)))) },
    Method {
        name: "Clone",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::Table(std::rc::Rc::new(of(value).copied()))),
    },
];
