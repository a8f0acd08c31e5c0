//! New-Object, Add-Member, and the list of what belongs to no family.

use super::property::fields;
use super::{Arguments, Each, Gather, Source, Spec, Takes, dates, parameter, paths, variables, with_aliases};
use crate::script::casts::{self, Of};
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::Object;
use crate::script::value::Value;

pub(super) const SPECS: &[Spec] = &[
    dates::GET_DATE,
    dates::NEW_TIMESPAN,
    dates::START_SLEEP,
    Spec {
        name: "New-Object",
        aliases: &[],
        parameters: &[
            parameter("TypeName", Takes::Place(0)),
            parameter("ArgumentList", Takes::Place(1)),
            parameter("Property", Takes::Value),
        ],
        make: new_object,
    },
    Spec {
        name: "Add-Member",
        aliases: &[],
        parameters: &[
            with_aliases("MemberType", &["Type"], Takes::Place(0)),
            parameter("Name", Takes::Place(1)),
            parameter("Value", Takes::Place(2)),
            parameter("NotePropertyName", Takes::Value),
            parameter("NotePropertyValue", Takes::Value),
            parameter("NotePropertyMembers", Takes::Value),
            parameter("InputObject", Takes::Value),
            parameter("PassThru", Takes::Switch),
            parameter("Force", Takes::Switch),
        ],
        make: add_member,
    },
    Spec {
        name: "Get-Unique",
        aliases: &["gu"],
        parameters: &[parameter("AsString", Takes::IgnoredSwitch), parameter("InputObject", Takes::Value)],
        make: unique,
    },
    paths::TEST_PATH,
    paths::JOIN_PATH,
    paths::SPLIT_PATH,
    paths::NEW_ITEM,
    variables::GET_VARIABLE,
    variables::SET_VARIABLE,
    variables::STRICT_MODE,
];

fn new_object(run: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let name = arguments.needed("TypeName")?;
    let properties = match arguments.find("Property") {
        Some(table @ Value::Table(_)) => fields(table),
        _ => Vec::new(),
    };
    let given = arguments.list("ArgumentList");
    let made = match casts::find(&name) {
        Some(of) if matches!(of.of, Of::Custom | Of::Object) => Value::object(Object::custom(properties)),
        Some(of) => crate::script::member::of_type(run, of, "new", Some(&given))?,
        None => return raise("TypeNotFound", format!("Cannot find type [{name}].")),
    };
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| out.push(run, made))
}

fn add_member(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let kind = arguments.text("MemberType").unwrap_or_else(|| "NoteProperty".to_owned());
    if !kind.eq_ignore_ascii_case("NoteProperty") {
        return raise(
            "MemberTypeNotSupported",
            format!("Add-Member adds a NoteProperty here, and no {kind}."),
        );
    }
    let mut added: Vec<(String, Value)> = Vec::new();
    for (name, value) in [("Name", "Value"), ("NotePropertyName", "NotePropertyValue")] {
        if let Some(name) = arguments.text(name) {
            added.push((name, arguments.value(value)));
        }
    }
    if let Some(Value::Table(table)) = arguments.find("NotePropertyMembers") {
        added.extend(table.pairs().into_iter().map(|(key, value)| (convert::text(&key), value)));
    }
    let (through, force) = (arguments.is_on("PassThru"), arguments.is_on("Force"));
    let add = move |run: &mut Run<'_>, item: Value, out: &mut dyn Output| -> Flow<()> {
        if let Value::Object(object) = &item {
            for (name, value) in &added {
                if object.find(name).is_some() && !force {
                    return raise(
                        "MemberAlreadyExists",
                        format!(
                            "Cannot add a member with the name \"{name}\" because a member with that name already exists."
                        ),
                    );
                }
                object.put(name, value.clone());
            }
        }
        if through { out.push(run, item) } else { Ok(()) }
    };
    match arguments.find("InputObject").cloned() {
        Some(item) => Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| add(run, item, out)),
        None => Each::stage(add),
    }
}

fn unique(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    Gather::stage(arguments.list("InputObject"), |run: &mut Run<'_>, mut items, out: &mut dyn Output| {
        items.dedup_by(|a, b| crate::script::compare::equal(a, b, true));
        items.into_iter().try_for_each(|item| out.push(run, item))
    })
}
