//! `docs/doctor.md` tells of the forms as they are.

use std::collections::BTreeMap;

use super::*;

const DOCUMENT: &str = include_str!("../../../../docs/doctor.md");

/// The rows of the table under a heading, without its head.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, section) = DOCUMENT.split_once(heading).unwrap_or_else(|| panic!("there is no `{heading}`"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Every field below a value with its type. `null` says nothing of a type but that it may be missing.
fn fields(path: &str, value: &Value, found: &mut BTreeMap<String, Vec<&'static str>>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "truth",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(all) if all.iter().all(Value::is_string) && !all.is_empty() => "list of texts",
        Value::Array(_) => "list",
        Value::Object(_) => "object of numbers",
    };
    if !path.is_empty() && !path.ends_with("[]") {
        found.entry(path.to_owned()).or_default().push(kind);
    }
    match value {
        Value::Object(_) if path == "metrics" => {}
        Value::Object(object) => {
            for (name, value) in object {
                let dot = if path.is_empty() { "" } else { "." };
                fields(&format!("{path}{dot}{name}"), value, found);
            }
        }
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for value in all {
                fields(&format!("{path}[]"), value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_table_of_json_has_every_field_with_its_type_and_no_other() {
    let mut found = BTreeMap::new();
    fields("", &json(&sample::realistic()), &mut found);
    let documented: BTreeMap<String, &str> =
        rows("\n## JSON\n").iter().map(|row| (row[0].trim_matches('`').to_owned(), row[1])).collect();
    assert_eq!(documented.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (field, kinds) in found {
        let stated = documented[&field];
        let fits = |kind: &&str| match *kind {
            "null" => stated.ends_with(" or null"),
            // An empty list has no type of its own.
            "list" => stated.starts_with("list"),
            kind => stated.trim_end_matches(" or null") == kind,
        };
        assert!(kinds.iter().all(fits), "{field}: the table says {stated}, and there are {kinds:?}");
        assert_eq!(stated.ends_with(" or null"), kinds.contains(&"null"), "{field}: {stated}");
    }
}

#[test]
fn every_state_and_every_form_is_in_its_table() {
    let states = [Status::Ok, Status::Info, Status::Warning, Status::Failed, Status::Skipped];
    let states: Vec<(String, String)> =
        states.iter().map(|it| (format!("`{}`", it.text()), it.mark().to_string())).collect();
    let documented: Vec<(String, String)> =
        rows("# The doctor's report\n").iter().map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    assert_eq!(documented, states);
    let forms = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let forms: Vec<String> = forms.map(|form| format!("`{}`", form.get_name())).collect();
    let documented = rows("\n## Forms\n").into_iter().map(|row| match row[0].strip_prefix('[') {
        Some(link) => link.split(']').next().unwrap_or_default(),
        None => row[0],
    });
    assert_eq!(documented.collect::<Vec<_>>(), forms);
}

#[test]
fn every_metric_is_in_its_table_with_its_labels() {
    let documented: BTreeMap<String, String> = rows("\n## Prometheus\n")
        .iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), row[1].replace('`', "")))
        .collect();
    let written: BTreeMap<String, String> =
        readers::prometheus(&written(&sample::realistic(), Format::Prometheus))
            .into_iter()
            .map(|(name, labels, _)| (name, labels.into_keys().collect::<Vec<_>>().join(", ")))
            .collect();
    assert_eq!(documented, written);
}

#[test]
fn the_examples_are_what_is_written() {
    for format in [Format::Text, Format::Nagios] {
        let example = written(&sample::realistic(), format);
        assert!(
            DOCUMENT.contains(&format!("```text\n{example}```\n")),
            "docs/doctor.md does not show\n{example}"
        );
    }
}
