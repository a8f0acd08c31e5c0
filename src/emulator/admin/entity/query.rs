//! The query of a request for entities: what is asked of which objects.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::endpoint::{Endpoint, SWITCHES};
use super::filter::{self, Filter};
use super::property_set::{Family, MINIMUM, PropertySet};
use crate::emulator::admin::refusal::bad_request;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::{Call, duplicate, unknown};
use crate::emulator::tenant::record::Columns;
use crate::emulator::tenant::row::Row;

pub(crate) const EXPANSION: &str = "RecipientPermission";

/// Refuses options that the path does not take, and switches that are neither true nor false.
pub(crate) fn check(call: &Call, endpoint: &Endpoint) -> Checked {
    if let Some(name) = duplicate(&call.query) {
        return Err(refused(format!("the query names `{name}` twice")));
    }
    if let Some(name) = unknown(&call.query, endpoint.options) {
        return Err(refused(format!("this path takes no query option `{name}`")));
    }
    SWITCHES.iter().try_for_each(|name| switch(call, name).map(|_| ()))?;
    match call.parameter("$expand") {
        Some(expanded) if expanded != EXPANSION => Err(refused("only RecipientPermission can be expanded")),
        _ => Ok(()),
    }
}

pub(crate) fn refused(why: impl Into<String>) -> Box<Answer> {
    let why = why.into();
    bad_request("BadRequest", &format!("The query specified in the URI is not valid: {why}."), why)
}

/// Whether an option is set, which it is not where it is missing.
pub(crate) fn switch(call: &Call, name: &str) -> Checked<bool> {
    match call.parameter(name).map(str::to_ascii_lowercase).as_deref() {
        Some("true") => Ok(true),
        Some("false") | None => Ok(false),
        Some(_) => Err(refused(format!("`{name}` is neither true nor false"))),
    }
}

/// What a key or an argument means: `isEncoded` says that it is base64.
pub(crate) fn identity(call: &Call, text: &str) -> Checked<String> {
    if !switch(call, "isEncoded")? {
        return Ok(text.to_owned());
    }
    decode(text).ok_or_else(|| {
        bad_request("BadRequest", "The key is not valid.", "the key is not base64, though isEncoded says so")
    })
}

/// Base64 of UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

pub(crate) fn top(call: &Call) -> Checked<usize> {
    let Some(top) = call.parameter("$top") else { return Ok(usize::MAX) };
    top.parse().ok().filter(|&top| top > 0).ok_or_else(|| refused("$top is no number above zero"))
}

/// The condition of `$filter`, if it fits the properties of the objects.
pub(crate) fn filter(call: &Call, sample: &Row<'_>) -> Checked<Option<Filter>> {
    let Some(text) = call.parameter("$filter") else { return Ok(None) };
    let filter = filter::parse(text).and_then(|filter| filter.check(sample).map(|()| filter));
    filter.map(Some).map_err(|why| refused(format!("$filter cannot be read: {why}")))
}

/// The union of the property sets and of the selection; without either, the smallest set.
pub(crate) fn columns(call: &Call, family: Family, sample: &Row<'_>) -> Checked<Columns> {
    let selected = selection(call, sample)?;
    let sets = call.parameter("PropertySet");
    let sets = sets.or_else(|| selected.is_empty().then_some(MINIMUM));
    let mut columns = selected;
    for name in sets.iter().flat_map(|sets| sets.split(',')) {
        match family.property_set(name.trim()) {
            Some(PropertySet::All) => return Ok(None),
            Some(PropertySet::Of(members)) => columns.extend(members.iter().map(|&name| name.to_owned())),
            None => return Err(refused(format!("`{name}` is no property set of this entity"))),
        }
    }
    Ok(Some(columns))
}

/// The properties that `$select` names. What is expanded is one of them.
fn selection(call: &Call, sample: &Row<'_>) -> Checked<Vec<String>> {
    let Some(select) = call.parameter("$select") else { return Ok(Vec::new()) };
    let known = |name: &&str| {
        let expanded = call.parameter("$expand").is_some() && *name == EXPANSION;
        expanded || (!name.contains('@') && sample.json(name).is_some())
    };
    let names: Vec<&str> = select.split(',').map(str::trim).collect();
    match names.iter().find(|name| !known(name)) {
        Some(name) => Err(refused(format!("$select names `{name}`, which is no property of this entity"))),
        None => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}
