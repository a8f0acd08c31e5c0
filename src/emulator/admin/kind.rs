//! What the value of a parameter must be. Each kind reads the one form of JSON in which PowerShell's module sends it.

use std::time::SystemTime;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::opath::Filter;
use super::quantity::{self, UNLIMITED};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Switch,
    Boolean,
    Integer,
    /// A number, as such or as text, or `Unlimited`.
    Count,
    Text,
    Identity,
    /// A number of bytes, mostly as text such as `50 GB`, or `Unlimited`.
    Size,
    Span,
    /// A time span, a number of days, or `Unlimited`.
    Duration,
    Date,
    List,
    /// A multi-valued property: a list that replaces it, or what is added and removed.
    Collection,
    /// The same, of which every element is one of these.
    CollectionOf(Vec<&'static str>),
    Table,
    Tables,
    Bytes,
    Filter,
    Secret,
    /// One of these, or the beginning of one.
    OneOf(Vec<&'static str>),
    AnyOf(Vec<&'static str>),
}

/// A value that fits its parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Plain(Value),
    Moment(SystemTime),
    Many(Vec<String>),
    Delta {
        add: Vec<String>,
        remove: Vec<String>,
    },
    Clear,
    /// An empty list: the service takes it, and nothing comes of it.
    Unchanged,
    Filter {
        text: String,
        filter: Filter,
    },
    Bytes(Vec<u8>),
    Secret,
}

const TYPE: &str = "@odata.type";
const TABLE: &str = "#Exchange.GenericHashTable";
const TABLES: &str = "#Collection(Exchange.GenericHashTable)";
const BYTES: &str = "#Exchange.ByteArrayType";
/// How long a text is that an RSA key of a usual length has encrypted.
const ENCRYPTED: [usize; 4] = [128, 256, 384, 512];

/// A value, or why it does not fit.
type Fit = Result<Argument, String>;

impl Kind {
    /// The kind of a row of `parameters.tsv`.
    pub(crate) fn named(name: &'static str) -> Option<Self> {
        if let Some((how, members)) = name.split_once(" of ") {
            let members = members.split(',').collect();
            return match how {
                "one" => Some(Self::OneOf(members)),
                "any" => Some(Self::AnyOf(members)),
                "collection" => Some(Self::CollectionOf(members)),
                _ => None,
            };
        }
        Some(match name {
            "switch" => Self::Switch,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "count" => Self::Count,
            "text" => Self::Text,
            "identity" => Self::Identity,
            "size" => Self::Size,
            "span" => Self::Span,
            "duration" => Self::Duration,
            "date" => Self::Date,
            "list" => Self::List,
            "collection" => Self::Collection,
            "table" => Self::Table,
            "tables" => Self::Tables,
            "bytes" => Self::Bytes,
            "filter" => Self::Filter,
            "secret" => Self::Secret,
            _ => return None,
        })
    }

    /// Reads a value. The annotation is what stands in a key of its own, beside that of a list of tables.
    pub(crate) fn fit(&self, value: &Value, annotation: Option<&Value>) -> Fit {
        match (self, annotation) {
            (Self::Tables, _) => return tables(value, annotation),
            (_, Some(_)) => {
                return Err("A type beside the value is for lists of hash tables alone.".to_owned());
            }
            (_, None) => {}
        }
        match self {
            Self::Switch => value.as_bool().map(plain).ok_or_else(|| unlike("SwitchParameter")),
            Self::Boolean => value.as_bool().map(plain).ok_or_else(|| unlike("System.Boolean")),
            Self::Integer => value.as_i64().map(plain).ok_or_else(|| unlike("System.Int32")),
            Self::Count => count(value),
            Self::Text | Self::Identity => optional(value, "System.String", |text| Some(text.to_owned())),
            Self::Size => match value.as_u64() {
                Some(bytes) => Ok(plain(quantity::sized(bytes))),
                None => optional(value, "Microsoft.Exchange.Data.ByteQuantifiedSize", quantity::size),
            },
            Self::Span => optional(value, "Microsoft.Exchange.Data.EnhancedTimeSpan", quantity::span),
            Self::Duration => duration(value),
            Self::Date => date(value),
            Self::List => texts(value).map(Argument::Many).ok_or_else(|| unlike("System.String[]")),
            Self::Collection => collection(value),
            Self::CollectionOf(members) => collection_of(value, members),
            Self::Table => table(value).map(|table| plain(table.to_string())),
            Self::Tables => tables(value, annotation),
            Self::Bytes => bytes(value),
            Self::Filter => filter(value),
            Self::Secret => secret(value),
            Self::OneOf(members) => one_of(value, members).map(plain),
            Self::AnyOf(members) => any_of(value, members),
        }
    }
}

fn plain(value: impl Into<Value>) -> Argument {
    Argument::Plain(value.into())
}

fn unlike(kind: &str) -> String {
    format!("Cannot convert the value to type \"{kind}\".")
}

/// A text that is read, or null, which unsets.
fn optional(value: &Value, kind: &str, read: impl Fn(&str) -> Option<String>) -> Fit {
    match value {
        Value::Null => Ok(plain(Value::Null)),
        Value::String(text) => read(text).map(plain).ok_or_else(|| unlike(kind)),
        _ => Err(unlike(kind)),
    }
}

fn count(value: &Value) -> Fit {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(unlike("Unlimited")),
    };
    if text.eq_ignore_ascii_case(UNLIMITED) {
        return Ok(plain(UNLIMITED));
    }
    text.parse::<i64>().map(|number| plain(number.to_string())).map_err(|_| unlike("Unlimited"))
}

fn duration(value: &Value) -> Fit {
    let days = value.as_u64().map(|days| days.to_string());
    match days.as_deref().or(value.as_str()) {
        Some(text) if text.eq_ignore_ascii_case(UNLIMITED) => Ok(plain(UNLIMITED)),
        Some(text) => quantity::span(text).map(plain).ok_or_else(|| unlike("Unlimited")),
        None => Err(unlike("Unlimited")),
    }
}

fn date(value: &Value) -> Fit {
    match value {
        Value::Null => Ok(plain(Value::Null)),
        Value::String(text) => {
            quantity::moment(text).map(Argument::Moment).ok_or_else(|| unlike("System.DateTime"))
        }
        _ => Err(unlike("System.DateTime")),
    }
}

/// A list of texts. A single one is a list of one.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

fn collection(value: &Value) -> Fit {
    let unlike = || unlike("MultiValuedProperty");
    let Value::Object(object) = value else {
        return match value {
            Value::Null => Ok(Argument::Clear),
            _ => texts(value).ok_or_else(unlike).map(|items| match items.as_slice() {
                [] => Argument::Unchanged,
                _ => Argument::Many(items),
            }),
        };
    };
    check_type(object, TABLE)?;
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for (key, value) in object.iter().filter(|(key, _)| *key != TYPE) {
        let part = match key.to_ascii_lowercase().as_str() {
            "add" => &mut add,
            "remove" => &mut remove,
            _ => return Err(format!("The hash table may hold Add and Remove, and not \"{key}\".")),
        };
        part.extend(texts(value).ok_or_else(unlike)?);
    }
    Ok(if object.len() == 1 { Argument::Clear } else { Argument::Delta { add, remove } })
}

fn collection_of(value: &Value, members: &[&str]) -> Fit {
    Ok(match collection(value)? {
        Argument::Many(items) => Argument::Many(known(items, members)?),
        Argument::Delta { add, remove } => {
            Argument::Delta { add: known(add, members)?, remove: known(remove, members)? }
        }
        other => other,
    })
}

fn check_type(object: &Map<String, Value>, wanted: &str) -> Result<(), String> {
    match object.get(TYPE) {
        Some(kind) if kind == wanted => Ok(()),
        Some(kind) => Err(format!("The {TYPE} of the value is {kind} and not \"{wanted}\".")),
        None => Err(format!("The value has no {TYPE}: an untyped object cannot be converted.")),
    }
}

/// A hash table without the annotations, which it must have at every depth.
fn table(value: &Value) -> Result<Value, String> {
    let object = value.as_object().ok_or_else(|| unlike("System.Collections.Hashtable"))?;
    check_type(object, TABLE)?;
    let entries = object.iter().filter(|(key, _)| *key != TYPE);
    let entries = entries
        .map(|(key, value)| Ok((key.clone(), if value.is_object() { table(value)? } else { value.clone() })));
    entries.collect::<Result<Map<_, _>, String>>().map(Value::Object)
}

fn tables(value: &Value, annotation: Option<&Value>) -> Fit {
    if annotation.is_none_or(|kind| kind != TABLES) {
        return Err(format!("A list of hash tables needs \"{TABLES}\" as its {TYPE}, in a key of its own."));
    }
    let items = value.as_array().ok_or_else(|| unlike("System.Collections.Hashtable[]"))?;
    let items = items.iter().map(|item| Ok(table(item)?.to_string())).collect::<Result<_, String>>()?;
    Ok(Argument::Many(items))
}

fn bytes(value: &Value) -> Fit {
    let unlike = || unlike("System.Byte[]");
    let object = value.as_object().ok_or_else(unlike)?;
    check_type(object, BYTES)?;
    let data =
        object.get("Data").filter(|_| object.len() == 2).and_then(Value::as_array).ok_or_else(unlike)?;
    let byte = |number: &Value| number.as_u64().and_then(|number| u8::try_from(number).ok());
    data.iter().map(byte).collect::<Option<_>>().map(Argument::Bytes).ok_or_else(unlike)
}

fn filter(value: &Value) -> Fit {
    let text = value.as_str().ok_or_else(|| unlike("System.String"))?;
    let lower = text.to_ascii_lowercase();
    if lower.contains("$true") || lower.contains("$false") {
        return Err("A variable of PowerShell means nothing here: 'True' and 'False' do.".to_owned());
    }
    Filter::read(text).map(|filter| Argument::Filter { text: text.to_owned(), filter }).map_err(|why| {
        format!("Invalid filter syntax. For a description of the filter parameter syntax see the command help. \"{text}\": {why}.")
    })
}

/// What was encrypted for the service is as long as its key; anything else was sent in the open.
fn secret(value: &Value) -> Fit {
    let decoded = value.as_str().and_then(|text| STANDARD.decode(text).ok());
    match decoded {
        Some(bytes) if ENCRYPTED.contains(&bytes.len()) => Ok(Argument::Secret),
        _ => Err(unlike("System.Security.SecureString")),
    }
}

/// A member by its name or by what it alone begins with, as PowerShell reads an enumeration.
fn one_of(value: &Value, members: &[&str]) -> Result<String, String> {
    let wanted = value.as_str().unwrap_or_default();
    let starts = |member: &&&str| {
        member
            .get(..wanted.len())
            .is_some_and(|start| !wanted.is_empty() && start.eq_ignore_ascii_case(wanted))
    };
    let exact = members.iter().find(|member| member.eq_ignore_ascii_case(wanted));
    let mut fitting = members.iter().filter(starts);
    match (exact, fitting.next(), fitting.next()) {
        (Some(member), ..) | (None, Some(member), None) => Ok((*member).to_owned()),
        _ => Err(format!(
            "Unable to match the identifier name {wanted} to a valid enumerator name. Specify one of the following enumerator names and try again: {}",
            members.join(", ")
        )),
    }
}

fn any_of(value: &Value, members: &[&str]) -> Fit {
    let items = texts(value).ok_or_else(|| unlike("System.String[]"))?;
    known(items, members).map(Argument::Many)
}

fn known(items: Vec<String>, members: &[&str]) -> Result<Vec<String>, String> {
    items.into_iter().map(|item| one_of(&Value::from(item), members)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What a kind makes of a value without an annotation.
    fn fit(kind: &'static str, value: &Value) -> Option<Argument> {
        Kind::named(kind).unwrap_or_else(|| panic!("{kind}")).fit(value, None).ok()
    }

    fn many(items: &[&str]) -> Argument {
        Argument::Many(items.iter().map(|&item| item.to_owned()).collect())
    }

    #[test]
    fn every_kind_takes_its_form() {
        for (kind, value, taken) in [
            ("switch", json!(true), plain(true)),
            ("boolean", json!(false), plain(false)),
            ("integer", json!(-5), plain(-5)),
            ("count", json!(10), plain("10")),
            ("count", json!("10"), plain("10")),
            ("count", json!("unlimited"), plain("Unlimited")),
            ("text", json!("50% $true"), plain("50% $true")),
            ("text", json!(null), plain(Value::Null)),
            ("identity", json!(null), plain(Value::Null)),
            ("size", json!("50 GB"), plain("50 GB (53,687,091,200 bytes)")),
            ("size", json!(1_048_576), plain("1 MB (1,048,576 bytes)")),
            ("size", json!("Unlimited"), plain("Unlimited")),
            ("span", json!("14.00:00:00"), plain("14.00:00:00")),
            ("duration", json!(365), plain("365.00:00:00")),
            ("duration", json!("Unlimited"), plain("Unlimited")),
            ("date", json!("1970-01-01T00:00:00.0000000Z"), Argument::Moment(SystemTime::UNIX_EPOCH)),
            ("date", json!(null), plain(Value::Null)),
            ("list", json!(["a", "b"]), many(&["a", "b"])),
            ("list", json!("a,b"), many(&["a,b"])),
            ("collection", json!(["a"]), many(&["a"])),
            ("collection", json!("a"), many(&["a"])),
            ("collection", json!([]), Argument::Unchanged),
            ("collection", json!(null), Argument::Clear),
            ("collection", json!({TYPE: TABLE}), Argument::Clear),
            (
                "collection",
                json!({TYPE: TABLE, "Add": ["a"], "remove": "b"}),
                Argument::Delta { add: vec!["a".into()], remove: vec!["b".into()] },
            ),
            ("collection of Copy,Move", json!(["move"]), many(&["Move"])),
            (
                "collection of Copy,Move",
                json!({TYPE: TABLE, "Add": "C"}),
                Argument::Delta { add: vec!["Copy".into()], remove: vec![] },
            ),
            ("table", json!({TYPE: TABLE, "a": {TYPE: TABLE, "b": 1}}), plain(r#"{"a":{"b":1}}"#)),
            ("bytes", json!({TYPE: BYTES, "Data": [0, 255]}), Argument::Bytes(vec![0, 255])),
            ("secret", json!(STANDARD.encode([7; 256])), Argument::Secret),
            ("one of External,ExternalLegacy,None", json!("external"), plain("External")),
            ("one of External,ExternalLegacy,None", json!("n"), plain("None")),
            ("any of In,Out", json!(["in", "o"]), many(&["In", "Out"])),
        ] {
            assert_eq!(fit(kind, &value), Some(taken), "{kind} {value}");
        }
        assert!(matches!(fit("filter", &json!("IsDirSynced -eq 'True'")), Some(Argument::Filter { .. })));
    }

    #[test]
    fn every_kind_refuses_the_others() {
        for (kind, values) in [
            ("switch", vec![json!("true"), json!(1), json!(null), json!({"IsPresent": true})]),
            ("boolean", vec![json!("False"), json!(0), json!(null)]),
            ("integer", vec![json!("5"), json!(5.5), json!(null), json!(true)]),
            ("count", vec![json!("many"), json!(null), json!(true), json!([1])]),
            ("text", vec![json!(5), json!(true), json!(["a"]), json!({})]),
            ("identity", vec![json!(5), json!(["a"])]),
            ("size", vec![json!("much"), json!(-1), json!(true), json!(["1 GB"])]),
            ("span", vec![json!("14 days"), json!(14), json!(true)]),
            ("duration", vec![json!("ever"), json!(1.5), json!(null)]),
            ("date", vec![json!("12/31/2026"), json!("2026-12-31T00:00:00"), json!(1_795_000_000)]),
            ("list", vec![json!([1]), json!(1), json!(null), json!({"Add": ["a"]})]),
            (
                "collection",
                vec![
                    json!(1),
                    json!([1]),
                    json!({}),
                    json!({"Add": ["a"]}),
                    json!({TYPE: "#Exchange.Other", "Add": ["a"]}),
                    json!({TYPE: TABLE, "Replace": ["a"]}),
                    json!({TYPE: TABLE, "Add": [1]}),
                ],
            ),
            ("collection of Copy,Move", vec![json!(["x"]), json!({TYPE: TABLE, "Remove": ["x"]})]),
            ("table", vec![json!({"a": 1}), json!({TYPE: TABLE, "a": {"b": 1}}), json!("a"), json!([])]),
            ("tables", vec![json!([{TYPE: TABLE, "a": 1}]), json!([])]),
            (
                "bytes",
                vec![
                    json!({"Data": [1]}),
                    json!({TYPE: BYTES, "Data": "AQ=="}),
                    json!({TYPE: BYTES, "Data": [256]}),
                    json!({TYPE: BYTES, "Data": [-1]}),
                    json!({TYPE: BYTES}),
                    json!([1]),
                    json!("AQ=="),
                ],
            ),
            ("filter", vec![json!("IsDirSynced -eq $true"), json!("x"), json!(null), json!(true)]),
            ("secret", vec![json!("Passw0rd"), json!("cGFzc3dvcmQ="), json!(null), json!(5)]),
            (
                "one of External,ExternalLegacy",
                vec![json!("Ext"), json!("x"), json!(""), json!(null), json!(1)],
            ),
            ("any of In,Out", vec![json!(["in", "x"]), json!([1]), json!(null)]),
        ] {
            for value in values {
                assert_eq!(fit(kind, &value), None, "{kind} {value}");
            }
        }
    }

    #[test]
    fn a_list_of_tables_has_its_type_beside_it() {
        let items = json!([{TYPE: TABLE, "name": "Credit Card Number"}]);
        let fit = |kind: &Kind, annotation: &str| kind.fit(&items, Some(&json!(annotation)));
        assert_eq!(fit(&Kind::Tables, TABLES), Ok(many(&[r#"{"name":"Credit Card Number"}"#])));
        assert!(fit(&Kind::Tables, TABLE).is_err());
        assert!(fit(&Kind::List, TABLES).is_err());
        assert!(Kind::Tables.fit(&json!([{"name": "x"}]), Some(&json!(TABLES))).is_err());
    }
}
