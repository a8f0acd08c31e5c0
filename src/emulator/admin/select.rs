//! Which objects a reading cmdlet gives.

use std::time::SystemTime;

use serde_json::Value;

use super::bind::Bound;
use super::cmdlet::Owner;
use super::kind::{Argument, Kind};
use super::opath::Filter;
use super::quantity::stored_moment;
use super::refusal;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::tenant::detail::Detail;
use crate::emulator::tenant::record::matches;
use crate::emulator::tenant::{Set, Tenant};

/// What a reading cmdlet gives without `ResultSize`.
const DEFAULT_RESULT_SIZE: usize = 1000;

/// The objects that pass, in their order.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) set: Set,
    pub(crate) places: Vec<usize>,
    pub(crate) result_size: usize,
    /// Parameters that were taken and not evaluated.
    pub(crate) ignored: Vec<&'static str>,
}

/// One condition on an object.
enum Test<'a> {
    Filter(&'a Filter),
    /// Nothing that concerns one object.
    None,
    /// The property is one of these.
    Is(String, &'a Argument),
    /// The property is at this moment, before or after it.
    Dated {
        property: String,
        moment: SystemTime,
        after: bool,
    },
    Resolves(&'a str),
    OwnedBy(Vec<String>),
    Named(&'a str),
}

pub(crate) fn select(bound: &Bound, tenant: &Tenant) -> Checked<Selection> {
    let (set, owned) = owner(bound, tenant)?;
    let mut selection =
        Selection { set, places: Vec::new(), result_size: result_size(bound)?, ignored: Vec::new() };
    let mut tests = Vec::from_iter(owned.map(Test::OwnedBy));
    for (parameter, argument) in &bound.arguments {
        match test(bound, tenant, set, (parameter.name, &parameter.kind), argument) {
            Some(test) => tests.push(test),
            None => selection.ignored.push(parameter.name),
        }
    }
    selection.places = match exact(bound) {
        Some(identity) => {
            let place = tenant.find(set, identity).ok_or_else(|| missing(bound, identity))?;
            vec![place]
        }
        None => (0..tenant.count(set)).collect(),
    };
    let mut passed = Vec::with_capacity(selection.places.len());
    for place in selection.places {
        if passes(bound, tenant, set, place, &tests)? {
            passed.push(place);
        }
    }
    sort(bound, tenant, set, &mut passed);
    selection.places = page(bound, passed);
    Ok(selection)
}

/// The identity of one object, where none of the owner is meant and no text is open.
fn exact(bound: &Bound) -> Option<&str> {
    let names_owner = bound.cmdlet.owner.is_some_and(|owner| owner.parameter == "Identity");
    bound.identity().filter(|identity| !names_owner && !identity.contains('*'))
}

/// The set that the owner opens, or the names of the owner whose objects of a common set are meant.
fn owner(bound: &Bound, tenant: &Tenant) -> Checked<(Set, Option<Vec<String>>)> {
    let set = bound.cmdlet.set;
    let Some(owner) = bound.cmdlet.owner else { return Ok((set, None)) };
    let Some(identity) = bound.text(owner.parameter) else {
        // Whose inbox? The caller is an application and has none.
        let missing = || refusal::missing_parameter(bound.cmdlet.name, owner.parameter);
        return if needs_owner(bound, owner) { Err(missing()) } else { Ok((set, None)) };
    };
    let place = tenant.find(owner.set, identity).ok_or_else(|| missing(bound, identity))?;
    if !owner.each {
        return Ok((set, Some(tenant.names(owner.set, place))));
    }
    let on = |name| bound.argument(name) == Some(&Argument::Plain(Value::Bool(true)));
    let set = set.of(place).switched(on(ARCHIVE), on(DATES));
    // What is asked of an archive that does not exist.
    if on(ARCHIVE) && tenant.count(set) == 0 { Err(missing(bound, identity)) } else { Ok((set, None)) }
}

const ARCHIVE: &str = "Archive";
const DATES: &str = "IncludeOldestAndNewestItems";

/// Permissions on recipients may be asked for as a whole, and a device by its own identity.
fn needs_owner(bound: &Bound, owner: Owner) -> bool {
    match bound.cmdlet.set {
        Set::Detail { detail: Detail::RecipientPermissions, .. } => false,
        Set::Detail { detail: Detail::Devices, .. } => bound.identity().is_none(),
        _ => owner.each,
    }
}

/// The condition that an argument sets. `None`: it sets none that the emulator knows. Without an object there is nothing
/// to look a property up in, and every argument is understood.
fn test<'a>(
    bound: &Bound,
    tenant: &Tenant,
    set: Set,
    (name, kind): (&str, &Kind),
    argument: &'a Argument,
) -> Option<Test<'a>> {
    let has = |property: &str| tenant.count(set) == 0 || tenant.property(set, 0, property).is_some();
    let found = |properties: [String; 3]| properties.into_iter().find(|property| has(property));
    match (name, argument) {
        _ if bound.cmdlet.owner.is_some_and(|owner| owner.parameter == name) => Some(Test::None),
        ("ResultSize" | "Page" | "PageSize" | "SortBy" | "Sortby", _) | (_, Argument::Plain(Value::Null)) => {
            Some(Test::None)
        }
        (ARCHIVE | DATES, _) if matches!(set, Set::Detail { .. }) => Some(Test::None),
        ("Identity", Argument::Plain(Value::String(identity))) => {
            Some(if identity.contains('*') { Test::Named(identity) } else { Test::None })
        }
        ("Anr" | "ANR", Argument::Plain(Value::String(text))) => Some(Test::Resolves(text)),
        (_, Argument::Filter { filter, .. }) => Some(Test::Filter(filter)),
        (_, Argument::Moment(moment)) => {
            let after = name.starts_with("Start");
            let subject = name.trim_start_matches("Start").trim_start_matches("End").trim_end_matches("Date");
            let dated = if subject.is_empty() { bound.cmdlet.dated? } else { subject };
            let property = found([dated.to_owned(), format!("{dated}Time"), format!("{dated}UTC")])?;
            Some(Test::Dated { property, moment: *moment, after })
        }
        _ if *kind == Kind::Switch => None,
        _ => {
            let property =
                found([name.to_owned(), format!("${name}"), name.trim_end_matches('s').to_owned()])?;
            Some(Test::Is(property, argument))
        }
    }
}

fn passes(bound: &Bound, tenant: &Tenant, set: Set, place: usize, tests: &[Test<'_>]) -> Checked<bool> {
    let value = |property: &str| {
        let json = tenant.property(set, place, property)?;
        serde_json::from_str::<Value>(&json).ok()
    };
    for test in tests {
        let passed = match test {
            Test::Filter(filter) => filter.holds(&value).map_err(|why| {
                refusal::objection(bound.cmdlet.name, "Microsoft.Exchange.Data.ParsingException", &why)
            })?,
            Test::None => true,
            Test::Is(property, argument) => value(property).is_some_and(|value| is(&value, argument)),
            Test::Dated { property, moment, after } => {
                let dated = value(property).as_ref().and_then(Value::as_str).and_then(stored_moment);
                dated.is_some_and(|dated| if *after { dated >= *moment } else { dated <= *moment })
            }
            Test::Resolves(text) => resolves(&tenant.names(set, place), text),
            Test::OwnedBy(names) => {
                let owner = value("$of").and_then(|owner| owner.as_str().map(str::to_lowercase));
                owner.is_some_and(|owner| names.contains(&owner))
            }
            Test::Named(pattern) => {
                let pattern = pattern.to_lowercase();
                tenant.names(set, place).iter().any(|name| matches(&pattern, name))
            }
        };
        if !passed {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a property is what was asked for, or a list that has it. `*` stands for any text.
fn is(value: &Value, argument: &Argument) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| is(item, argument));
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned).to_lowercase();
    match argument {
        Argument::Plain(Value::String(wanted)) => matches(&wanted.to_lowercase(), &text),
        Argument::Plain(wanted) => wanted == value,
        Argument::Many(wanted) => wanted.iter().any(|wanted| matches(&wanted.to_lowercase(), &text)),
        _ => true,
    }
}

/// Ambiguous name resolution: a name, or a word of one, begins with the text.
fn resolves(names: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    names
        .iter()
        .any(|name| name.starts_with(&text) || name.split([' ', '.']).any(|word| word.starts_with(&text)))
}

fn sort(bound: &Bound, tenant: &Tenant, set: Set, places: &mut [usize]) {
    if let Some(property) = bound.text("SortBy").or_else(|| bound.text("Sortby")) {
        let key = |&place: &usize| tenant.property(set, place, property).unwrap_or_default().to_lowercase();
        places.sort_by_cached_key(key);
    }
}

/// Some cmdlets page by themselves, from page 1.
fn page(bound: &Bound, places: Vec<usize>) -> Vec<usize> {
    let number = |name: &str| match bound.argument(name) {
        Some(Argument::Plain(value)) => value.as_u64().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    };
    match number("PageSize") {
        Some(size) => {
            let skipped = size.saturating_mul(number("Page").unwrap_or(1).saturating_sub(1));
            places.into_iter().skip(skipped).take(size).collect()
        }
        None => places,
    }
}

fn result_size(bound: &Bound) -> Checked<usize> {
    let Some(text) = bound.text("ResultSize") else { return Ok(DEFAULT_RESULT_SIZE) };
    if text == super::quantity::UNLIMITED {
        return Ok(usize::MAX);
    }
    text.parse().ok().filter(|&size| size > 0).ok_or_else(|| {
        let why = "Cannot convert the value to type \"Unlimited\".";
        refusal::transformation(bound.cmdlet.name, "ResultSize", why)
    })
}

pub(crate) fn missing(bound: &Bound, identity: &str) -> Box<Answer> {
    Box::new(refusal::not_found(bound.cmdlet.name, identity).refused("the object does not exist"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::admin::cmdlet::{Action, CMDLETS};
    use crate::emulator::directory::CONTOSO;
    use crate::emulator::script::Text;

    /// A value of the kind, for which the answer to whether it is evaluated is the same as for any other.
    fn sample(kind: &Kind) -> Argument {
        match kind {
            Kind::Date => Argument::Moment(SystemTime::UNIX_EPOCH),
            Kind::Filter => Argument::Unchanged,
            _ => Argument::Plain("x".into()),
        }
    }

    #[test]
    fn the_document_lists_what_is_taken_and_not_evaluated() {
        let tenant = Tenant::new(&CONTOSO, 1, Text::Plain).unwrap();
        let document = include_str!("../../../docs/emulator.md");
        let mut rows = String::new();
        for cmdlet in CMDLETS.iter().filter(|cmdlet| cmdlet.action == Action::Get) {
            let bound = Bound { cmdlet, arguments: Vec::new(), confirm: None };
            let set = match cmdlet.owner {
                Some(owner) if owner.each => cmdlet.set.of(0),
                _ => cmdlet.set,
            };
            let listed = |name: &str| name != "Confirm" && !name.contains("WithDisplayName");
            let evaluated = |name: &str, kind: &Kind| {
                *kind == Kind::Filter || test(&bound, &tenant, set, (name, kind), &sample(kind)).is_some()
            };
            let ignored = cmdlet.parameters.iter().filter(|p| listed(p.name) && !evaluated(p.name, &p.kind));
            let ignored: Vec<_> = ignored.map(|parameter| format!("`{}`", parameter.name)).collect();
            if !ignored.is_empty() {
                rows.extend(["| `", cmdlet.name, "` | ", &ignored.join(", "), " |\n"]);
            }
        }
        assert!(document.contains(&rows), "docs/emulator.md should have:\n{rows}");
        for cmdlet in CMDLETS.iter() {
            assert!(
                document.contains(&format!("`{}`", cmdlet.name)),
                "docs/emulator.md lacks {}",
                cmdlet.name
            );
        }
    }
}
