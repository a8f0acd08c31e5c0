//! Lists.

use super::Method;
use crate::script::casts;
use crate::script::compare;
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::Run;
use crate::script::room;
use crate::script::value::{Closure, Value};

/// Changes a list that grows; others have a size that is fixed.
fn change<T>(value: &Value, change: impl FnOnce(&mut Vec<Value>) -> T) -> Flow<T> {
    match value {
        Value::List(list) if list.grows => {
            let mut items = list.items.borrow_mut();
            let changed = change(&mut items);
            room::for_items(items.len()).map(|()| changed)
        }
        _ => raise("NotSupportedException", "Collection was of a fixed size."),
    }
}

fn items(value: &Value) -> Vec<Value> {
    value.clone().items()
}

fn place(items: &[Value], wanted: &Value) -> Option<usize> {
    items.iter().position(|item| compare::equal(item, wanted, true))
}

fn block(argument: &Value) -> Flow<std::rc::Rc<Closure>> {
    match argument {
        Value::Block(block) => Ok(block.clone()),
        other => {
            raise("MethodException", format!("A script block is needed here, and not {}.", other.type_name()))
        }
    }
}

/// The items for which a block yields something that is true.
fn matching(
    run: &mut Run<'_>,
    of: Vec<Value>,
    block: &std::rc::Rc<Closure>,
    most: usize,
) -> Flow<Vec<Value>> {
    let mut kept = Vec::new();
    for item in of {
        if kept.len() >= most {
            break;
        }
        if run.with_item(block, &item)?.is_true() {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn wherever(run: &mut Run<'_>, value: &Value, a: &[Value]) -> Flow<Value> {
    let mode = a.get(1).map(|mode| convert::text(mode).to_ascii_lowercase()).unwrap_or_default();
    let most = a.get(2).map_or(Ok(usize::MAX), |most| convert::needed_count(most, "numberToReturn"))?;
    let block = block(&a[0])?;
    let kept = match mode.as_str() {
        "" | "default" => matching(run, items(value), &block, most)?,
        "first" => matching(run, items(value), &block, most.min(if a.len() > 2 { usize::MAX } else { 1 }))?,
        "last" => {
            let kept = matching(run, items(value), &block, usize::MAX)?;
            let most = if a.len() > 2 { most } else { 1 };
            kept[kept.len().saturating_sub(most)..].to_vec()
        }
        other => return raise("MethodException", format!(".Where has no mode {other} here.")),
    };
    Ok(casts::growing(kept, false))
}

fn for_each(run: &mut Run<'_>, value: &Value, a: &[Value]) -> Flow<Value> {
    let mut results = Vec::new();
    for item in items(value) {
        match &a[0] {
            Value::Block(block) => results.extend(run.with_item(block, &item)?.enumerated()),
            name => results.push(super::property(&item, &convert::text(name))),
        }
    }
    Ok(casts::growing(results, false))
}

pub(super) const METHODS: &[Method] = &[
    Method {
        name: "Add",
        takes: (1, 1),
        call: |_, value, a| {
            let at = change(value, |items| {
                items.push(a[0].clone().settled());
                items.len() - 1
            })?;
            let counts = matches!(value, Value::List(list) if list.counts);
            Ok(if counts { Value::count(at) } else { Value::Nothing })
        },
    },
    Method {
        name: "AddRange",
        takes: (1, 1),
        call: |_, value, a| {
            let more = items(&a[0]);
            change(value, |items| items.extend(more))?;
            Ok(Value::Nothing)
        },
    },
    Method {
        name: "Insert",
        takes: (2, 2),
        call: |_, value, a| {
            let at = convert::needed_count(&a[0], "index")?;
            let fits = change(value, |items| {
                let fits = at <= items.len();
                if fits {
                    items.insert(at, a[1].clone());
                }
                fits
            })?;
            if fits {
                Ok(Value::Nothing)
            } else {
                raise("ArgumentOutOfRangeException", "Index must be within the bounds of the List.")
            }
        },
    },
    Method {
        name: "Remove",
        takes: (1, 1),
        call: |_, value, a| {
            // It is looked for first: the list may lie in itself, and is looked into then.
            let at = place(&items(value), &a[0]);
            change(value, |items| at.map(|at| items.remove(at)).is_some()).map(Value::from)
        },
    },
    Method {
        name: "RemoveAt",
        takes: (1, 1),
        call: |_, value, a| {
            let at = convert::needed_count(&a[0], "index")?;
            let fits = change(value, |items| {
                at < items.len() && {
                    items.remove(at);
                    true
                }
            })?;
            if fits {
                Ok(Value::Nothing)
            } else {
                raise("ArgumentOutOfRangeException", "Index was out of range.")
            }
        },
    },
    Method {
        name: "Clear",
        takes: (0, 0),
        call: |_, value, _| change(value, Vec::clear).map(|()| Value::Nothing),
    },
    Method {
        name: "Sort",
        takes: (0, 0),
        call: |_, value, _| {
            let sorted = compare::in_order(items(value));
            change(value, |items| *items = sorted).map(|()| Value::Nothing)
        },
    },
    Method {
        name: "Reverse",
        takes: (0, 0),
        call: |_, value, _| change(value, |items| items.reverse()).map(|()| Value::Nothing),
    },
    Method {
        name: "Contains",
        takes: (1, 1),
        call: |_, value, a| Ok(place(&items(value), &a[0]).is_some().into()),
    },
    Method {
        name: "IndexOf",
        takes: (1, 1),
        call: |_, value, a| Ok(place(&items(value), &a[0]).map_or(Value::Int(-1), Value::count)),
    },
    Method { name: "ToArray", takes: (0, 0), call: |_, value, _| Ok(Value::list(items(value))) },
    Method { name: "GetEnumerator", takes: (0, 0), call: |_, value, _| Ok(Value::list(items(value))) },
    Method { name: "Clone", takes: (0, 0), call: |_, value, _| Ok(Value::list(items(value))) },
    Method { name: "Where", takes: (1, 3), call: wherever },
    Method { name: "ForEach", takes: (1, 1), call: for_each },
];
