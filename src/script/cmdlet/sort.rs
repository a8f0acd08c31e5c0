//! Sort-Object.

use std::cmp::Ordering;

use super::property::Property;
use super::{Arguments, Gather, Spec, Takes, parameter, with_aliases};
use crate::script::compare::Way;
use crate::script::error::Flow;
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::value::Value;

pub(super) const SORT: Spec = Spec {
    name: "Sort-Object",
    aliases: &["sort"],
    parameters: &[
        parameter("Property", Takes::Place(0)),
        with_aliases("Descending", &["desc"], Takes::Switch),
        parameter("Unique", Takes::Switch),
        parameter("CaseSensitive", Takes::Switch),
        parameter("Stable", Takes::IgnoredSwitch),
        parameter("Top", Takes::Value),
        parameter("Bottom", Takes::Value),
        parameter("InputObject", Takes::Input),
    ],
    make: sort,
};

/// A value with what it is sorted by.
pub(super) struct Keyed {
    pub(super) keys: Vec<Value>,
    pub(super) item: Value,
    /// Whether it has none of the properties.
    lacks: bool,
}

/// What values are sorted by: themselves where no property is named.
pub(super) fn keyed(run: &mut Run<'_>, items: Vec<Value>, properties: &[Property]) -> Flow<Vec<Keyed>> {
    let keyed = |item: Value| {
        if properties.is_empty() {
            return Ok(Keyed { keys: vec![item.clone()], item, lacks: false });
        }
        let (mut keys, mut lacks) = (Vec::with_capacity(properties.len()), true);
        for property in properties {
            let (key, is_of) = property.key(run, &item)?;
            lacks &= !is_of;
            keys.push(key);
        }
        Ok(Keyed { keys, item, lacks })
    };
    items.into_iter().map(keyed).collect()
}

/// The way in which each of the keys is compared.
pub(super) fn ways(keyed: &[Keyed]) -> Vec<Way> {
    let count = keyed.first().map_or(0, |first| first.keys.len());
    (0..count).map(|at| Way::of(keyed.iter().map(|keyed| &keyed.keys[at]))).collect()
}

fn sort(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let (descending, case) = (arguments.is_on("Descending"), arguments.is_on("CaseSensitive"));
    let unique = arguments.is_on("Unique");
    let (top, bottom) = (arguments.count("Top")?, arguments.count("Bottom")?);
    Gather::stage(Vec::new(), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let backwards =
            |at: usize| properties.get(at).and_then(|property| property.descending).unwrap_or(descending);
        let mut keyed = keyed(run, items, &properties)?;
        let ways = ways(&keyed);
        let order = |a: &Keyed, b: &Keyed| {
            let by_key = |at: usize| {
                let order = ways[at].order(&a.keys[at], &b.keys[at], case);
                if backwards(at) { order.reverse() } else { order }
            };
            let keys = (0..a.keys.len()).map(by_key).find(|order| *order != Ordering::Equal);
            // Objects without any of the properties come last, whatever the direction.
            a.lacks.cmp(&b.lacks).then(keys.unwrap_or(Ordering::Equal))
        };
        keyed.sort_by(order);
        if unique {
            keyed.dedup_by(|a, b| order(a, b) == Ordering::Equal);
        }
        let length = keyed.len();
        let (from, to) = match (top, bottom) {
            (Some(top), _) => (0, top.min(length)),
            (None, Some(bottom)) => (length.saturating_sub(bottom), length),
            (None, None) => (0, length),
        };
        keyed.drain(..).take(to).skip(from).try_for_each(|keyed| out.push(run, keyed.item))
    })
}
