//! Group-Object, Measure-Object and Compare-Object.

use std::cmp::Ordering;
use std::rc::Rc;

use super::property::Property;
use super::{Arguments, Gather, Spec, Takes, compare_objects, measure, parameter, sort};
use crate::script::convert;
use crate::script::error::Flow;
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::{Kind, Object};
use crate::script::table::Table;
use crate::script::value::Value;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Group-Object",
        aliases: &["group"],
        parameters: &[
            parameter("Property", Takes::Place(0)),
            parameter("NoElement", Takes::Switch),
            parameter("AsHashTable", Takes::Switch),
            parameter("AsString", Takes::Switch),
            parameter("CaseSensitive", Takes::Switch),
            parameter("InputObject", Takes::Input),
        ],
        make: group,
    },
    measure::MEASURE,
    compare_objects::COMPARE,
];

/// The type of a group.
pub(crate) const GROUP: &str = "Microsoft.PowerShell.Commands.GroupInfo";
pub(crate) const GROUP_NO_ELEMENT: &str = "Microsoft.PowerShell.Commands.GroupInfoNoElement";

fn group(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let (bare, table) = (arguments.is_on("NoElement"), arguments.is_on("AsHashTable"));
    let case = arguments.is_on("CaseSensitive");
    Gather::stage(Vec::new(), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let groups = grouped(sort::keyed(run, items, &properties)?, case);
        if table {
            let table = Table::new(false);
            for (keys, items) in groups {
                let key = if keys.len() == 1 { keys[0].clone() } else { name(&keys).into() };
                table.set(key, Value::list(items));
            }
            return out.push(run, Value::Table(Rc::new(table)));
        }
        groups.into_iter().try_for_each(|(keys, items)| {
            let group = info(&keys, items, bare);
            out.push(run, group)
        })
    })
}

/// The values with the same keys. PowerShell 7 sorts them by their keys first.
fn grouped(mut keyed: Vec<sort::Keyed>, case: bool) -> Vec<(Vec<Value>, Vec<Value>)> {
    let ways = sort::ways(&keyed);
    let order = |a: &[Value], b: &[Value]| {
        let mut by_key = ways.iter().zip(a.iter().zip(b)).map(|(way, (a, b))| way.order(a, b, case));
        by_key.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
    };
    keyed.sort_by(|a, b| order(&a.keys, &b.keys));
    let mut groups: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
    for sort::Keyed { keys, item, .. } in keyed {
        match groups.last_mut() {
            Some((known, items)) if order(known, &keys) == Ordering::Equal => items.push(item),
            _ => groups.push((keys, vec![item])),
        }
    }
    groups
}

fn name(keys: &[Value]) -> String {
    keys.iter().map(convert::text).collect::<Vec<_>>().join(", ")
}

fn info(keys: &[Value], items: Vec<Value>, bare: bool) -> Value {
    let mut fields = vec![("Count", Value::count(items.len())), ("Name", name(keys).into())];
    if !bare {
        fields.push(("Group", Value::list(items)));
    }
    fields.push(("Values", Value::list(keys.to_vec())));
    Value::object(Object::of(Kind::Other(if bare { GROUP_NO_ELEMENT } else { GROUP }), fields))
}
