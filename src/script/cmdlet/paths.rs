//! Paths.

use std::path::Path;

use super::{Arguments, Source, Spec, Takes, content, parameter, with_aliases};
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::Object;
use crate::script::value::Value;

pub(super) const TEST_PATH: Spec = Spec {
    name: "Test-Path",
    aliases: &[],
    parameters: &[
        with_aliases("Path", &["LiteralPath", "PSPath"], Takes::Place(0)),
        parameter("PathType", Takes::Ignored),
    ],
    make: |_, arguments| {
        let paths = convert::texts(&arguments.value("Path"));
        Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
            paths.iter().try_for_each(|path| {
                let there = run.host.exists(path);
                out.push(run, there.into())
            })
        })
    },
};

pub(super) const JOIN_PATH: Spec = Spec {
    name: "Join-Path",
    aliases: &[],
    parameters: &[
        parameter("Path", Takes::Place(0)),
        parameter("ChildPath", Takes::Place(1)),
        parameter("AdditionalChildPath", Takes::Rest(2)),
    ],
    make: |_, arguments| {
        let mut parts = vec![arguments.needed("Path")?, arguments.needed("ChildPath")?];
        parts.extend(convert::texts(&arguments.value("AdditionalChildPath")));
        Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| out.push(run, joined(&parts).into()))
    },
};

pub(super) const SPLIT_PATH: Spec = Spec {
    name: "Split-Path",
    aliases: &[],
    parameters: &[
        with_aliases("Path", &["LiteralPath"], Takes::Place(0)),
        parameter("Parent", Takes::Switch),
        parameter("Leaf", Takes::Switch),
        parameter("LeafBase", Takes::Switch),
        parameter("Extension", Takes::Switch),
    ],
    make: split,
};

pub(super) const NEW_ITEM: Spec = Spec {
    name: "New-Item",
    aliases: &["ni"],
    parameters: &[
        parameter("Path", Takes::Place(0)),
        with_aliases("ItemType", &["Type"], Takes::Value),
        parameter("Value", Takes::Value),
        parameter("Force", Takes::Switch),
    ],
    make: new_item,
};

const SEPARATOR: char = if cfg!(windows) { '\\' } else { '/' };

/// The parts with one separator between them, whichever slash they were written with.
fn joined(parts: &[String]) -> String {
    let mut path = String::new();
    for part in parts {
        let part = part.replace(['\\', '/'], &SEPARATOR.to_string());
        if path.is_empty() {
            path = part;
        } else {
            path = format!(
                "{}{SEPARATOR}{}",
                path.trim_end_matches(SEPARATOR),
                part.trim_start_matches(SEPARATOR)
            );
        }
    }
    path
}

fn split(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let written = arguments.needed("Path")?.replace('\\', "/");
    let path = Path::new(&written);
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let part = if arguments.is_on("Leaf") {
        text(path.file_name())
    } else if arguments.is_on("LeafBase") {
        text(path.file_stem())
    } else if arguments.is_on("Extension") {
        path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default()
    } else {
        path.parent().map(|parent| parent.to_string_lossy().into_owned()).unwrap_or_default()
    };
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| out.push(run, part.into()))
}

fn new_item(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let path = arguments.needed("Path")?;
    let folder = arguments.text("ItemType").is_some_and(|kind| kind.eq_ignore_ascii_case("directory"));
    let (force, text) = (arguments.is_on("Force"), arguments.text("Value").unwrap_or_default());
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
        if run.host.exists(&path) && !force {
            return raise("IOException", format!("An item with the specified name {path} already exists."));
        }
        if folder {
            run.host.make_folder(&path).map_err(|error| content::unusable(&path, &error))?;
        } else {
            let mut writing = content::Writing::begin(run, path.clone(), false, false)?;
            writing.write(&text)?;
            writing.end()?;
        }
        let name =
            Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let fields = vec![("Name".into(), name.into()), ("FullName".into(), Value::text(&path))];
        out.push(run, Value::object(Object::custom(fields)))
    })
}
