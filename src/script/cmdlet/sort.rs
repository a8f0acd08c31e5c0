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

/// Each value with what it is sorted by.
pub(super) type Keyed = (Vec<Value>, Value);

/// What values are sorted by: themselves where no property is named.
pub(super) fn keyed(run: &mut Run<'_>, items: Vec<Value>, properties: &[Property]) -> Flow<Vec<Keyed>> {
    items
        .into_iter()
        .map(|item| {
            let keys = if properties.is_empty() {
                vec![item.clone()]
            } else {
                properties.iter().map(|property| property.value(run, &item)).collect::<Flow<Vec<_>>>()?
            };
            Ok((keys, item))
        })
        .collect()
}

/// The way in which each of the keys is compared.
pub(super) fn ways<'k>(keyed: impl Iterator<Item = &'k Keyed> + Clone) -> Vec<Way> {
    let count = keyed.clone().next().map_or(0, |(keys, _)| keys.len());
    (0..count).map(|at| Way::of(keyed.clone().map(|(keys, _)| &keys[at]))).collect()
}

fn sort(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let (descending, case) = (arguments.is_on("Descending"), arguments.is_on("CaseSensitive"));
    let unique = arguments.is_on("Unique");
    let (top, bottom) = (arguments.count("Top")?, arguments.count("Bottom")?);
    Gather::stage(Vec::new(), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let backwards =
            |at: usize| properties.get(at).and_then(|property| property.descending).unwrap_or(descending);
        // Objects without any of the properties come last, whatever the direction.
        let lacks =
            |item: &Value| !properties.is_empty() && !properties.iter().any(|property| property.is_of(item));
        let keyed = keyed(run, items, &properties)?;
        let mut keyed: Vec<(bool, Keyed)> = keyed.into_iter().map(|keyed| (lacks(&keyed.1), keyed)).collect();
        let ways = ways(keyed.iter().map(|(_, keyed)| keyed));
        let order = |(lacks, a): &(bool, Keyed), (others, b): &(bool, Keyed)| {
            let by_key = |at: usize| {
                let order = ways[at].order(&a.0[at], &b.0[at], case);
                if backwards(at) { order.reverse() } else { order }
            };
            let keys = (0..a.0.len()).map(by_key).find(|order| *order != Ordering::Equal);
            lacks.cmp(others).then(keys.unwrap_or(Ordering::Equal))
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
        keyed.drain(..).take(to).skip(from).try_for_each(|(_, (_, item))| out.push(run, item))
    })
}
