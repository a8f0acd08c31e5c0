//! Compare-Object.

use std::rc::Rc;

use super::property::Property;
use super::{Arguments, Gather, Spec, Takes, parameter, sort};
use crate::script::compare;
use crate::script::error::Flow;
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::Object;
use crate::script::value::Value;

pub(super) const COMPARE: Spec = Spec {
    name: "Compare-Object",
    aliases: &["compare", "diff"],
    parameters: &[
        parameter("ReferenceObject", Takes::Place(0)),
        parameter("DifferenceObject", Takes::Place(1)),
        parameter("Property", Takes::Value),
        parameter("IncludeEqual", Takes::Switch),
        parameter("ExcludeDifferent", Takes::Switch),
        parameter("PassThru", Takes::Switch),
        parameter("CaseSensitive", Takes::Switch),
        parameter("SyncWindow", Takes::Ignored),
    ],
    make: compare,
};

fn compare(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let reference = arguments.list("ReferenceObject");
    let (equal, different) = (
        arguments.is_on("IncludeEqual") || arguments.is_on("ExcludeDifferent"),
        !arguments.is_on("ExcludeDifferent"),
    );
    let (through, case) = (arguments.is_on("PassThru"), arguments.is_on("CaseSensitive"));
    Gather::stage(
        arguments.list("DifferenceObject"),
        move |run: &mut Run<'_>, items, out: &mut dyn Output| {
            let mut left: Vec<Option<sort::Keyed>> =
                sort::keyed(run, reference, &properties)?.into_iter().map(Some).collect();
            let (mut same, mut added) = (Vec::new(), Vec::new());
            for right in sort::keyed(run, items, &properties)? {
                let is_same = |known: &Option<sort::Keyed>| {
                    known.as_ref().is_some_and(|known| {
                        known.keys.iter().zip(&right.keys).all(|(a, b)| compare::sorted(a, b, case).is_eq())
                    })
                };
                match left.iter().position(is_same) {
                    Some(at) => same.extend(left[at].take()),
                    None => added.push(right),
                }
            }
            let removed: Vec<sort::Keyed> = left.into_iter().flatten().collect();
            let mut tell = |run: &mut Run<'_>, found: Vec<sort::Keyed>, side: &str| {
                found.into_iter().try_for_each(|sort::Keyed { keys, item, .. }| {
                    let told = if through { item } else { told(&properties, keys, item, side) };
                    out.push(run, told)
                })
            };
            if equal {
                tell(run, same, "==")?;
            }
            if different {
                tell(run, added, "=>")?;
                tell(run, removed, "<=")?;
            }
            Ok(())
        },
    )
}

fn told(properties: &[Property], keys: Vec<Value>, item: Value, side: &str) -> Value {
    let mut fields: Vec<(Rc<str>, Value)> = if properties.is_empty() {
        vec![("InputObject".into(), item)]
    } else {
        properties.iter().map(|property| Rc::from(property.label.as_str())).zip(keys).collect()
    };
    fields.push(("SideIndicator".into(), side.into()));
    Value::object(Object::custom(fields))
}
