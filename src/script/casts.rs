//! Types by name, and casts to them.

use std::rc::Rc;

use super::convert;
use super::date::Zone;
use super::error::{Flow, raise};
use super::object::Object;
use super::value::{List, Value};

/// A type.
#[derive(Debug)]
pub(crate) struct Type {
    /// Its names, without `System.`, in lower case; the first is the usual one.
    pub(crate) names: &'static [&'static str],
    pub(crate) full: &'static str,
    pub(crate) of: Of,
}

/// What a value of a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Text,
    Char,
    Bool,
    Switch,
    Int,
    Long,
    Double,
    Date,
    Span,
    Guid,
    Table,
    Ordered,
    Custom,
    Object,
    Block,
    /// A list whose items are cast.
    List(&'static str),
    /// One that grows.
    Growing,
    Regex,
    Void,
    Exception,
    /// What `$Error` keeps.
    Error,
    /// A type that has members of its own and no values here.
    Tool,
}

/// All types that a script may name.
pub(crate) const TYPES: &[Type] = &[
    Type { names: &["string"], full: "System.String", of: Of::Text },
    Type { names: &["char"], full: "System.Char", of: Of::Char },
    Type { names: &["bool", "boolean"], full: "System.Boolean", of: Of::Bool },
    Type {
        names: &["switch", "management.automation.switchparameter"],
        full: "System.Management.Automation.SwitchParameter",
        of: Of::Switch,
    },
    Type { names: &["int", "int32", "int16", "short", "byte", "uint16"], full: "System.Int32", of: Of::Int },
    Type { names: &["long", "int64", "uint32"], full: "System.Int64", of: Of::Long },
    Type { names: &["double", "float", "single"], full: "System.Double", of: Of::Double },
    Type { names: &["datetime"], full: "System.DateTime", of: Of::Date },
    Type { names: &["timespan"], full: "System.TimeSpan", of: Of::Span },
    Type { names: &["guid"], full: "System.Guid", of: Of::Guid },
    Type {
        names: &["hashtable", "collections.hashtable", "collections.idictionary"],
        full: "System.Collections.Hashtable",
        of: Of::Table,
    },
    Type {
        names: &["ordered", "collections.specialized.ordereddictionary"],
        full: "System.Collections.Specialized.OrderedDictionary",
        of: Of::Ordered,
    },
    Type {
        names: &["pscustomobject", "management.automation.pscustomobject"],
        full: "System.Management.Automation.PSCustomObject",
        of: Of::Custom,
    },
    Type {
        names: &["object", "psobject", "management.automation.psobject"],
        full: "System.Object",
        of: Of::Object,
    },
    Type {
        names: &["scriptblock", "management.automation.scriptblock"],
        full: "System.Management.Automation.ScriptBlock",
        of: Of::Block,
    },
    Type {
        names: &["array", "object[]", "psobject[]", "pscustomobject[]"],
        full: "System.Object[]",
        of: Of::List("object"),
    },
    Type { names: &["string[]"], full: "System.String[]", of: Of::List("string") },
    Type { names: &["char[]"], full: "System.Char[]", of: Of::List("char") },
    Type { names: &["int[]", "int32[]"], full: "System.Int32[]", of: Of::List("int") },
    Type { names: &["long[]", "int64[]"], full: "System.Int64[]", of: Of::List("long") },
    Type { names: &["double[]"], full: "System.Double[]", of: Of::List("double") },
    Type { names: &["bool[]"], full: "System.Boolean[]", of: Of::List("bool") },
    Type { names: &["datetime[]"], full: "System.DateTime[]", of: Of::List("datetime") },
    Type { names: &["hashtable[]"], full: "System.Collections.Hashtable[]", of: Of::List("hashtable") },
    Type { names: &["collections.arraylist"], full: "System.Collections.ArrayList", of: Of::Growing },
    Type {
        names: &[
            "collections.generic.list[object]",
            "collections.generic.list[string]",
            "collections.generic.list[psobject]",
            "collections.generic.list[pscustomobject]",
            "collections.generic.list[int]",
            "collections.generic.list[hashtable]",
        ],
        full: "System.Collections.Generic.List`1[System.Object]",
        of: Of::Growing,
    },
    Type {
        names: &["regex", "text.regularexpressions.regex"],
        full: "System.Text.RegularExpressions.Regex",
        of: Of::Regex,
    },
    Type { names: &["void"], full: "System.Void", of: Of::Void },
    Type { names: &["exception"], full: "System.Exception", of: Of::Exception },
    Type {
        names: &["management.automation.runtimeexception"],
        full: "System.Management.Automation.RuntimeException",
        of: Of::Exception,
    },
    Type {
        names: &["management.automation.errorrecord"],
        full: "System.Management.Automation.ErrorRecord",
        of: Of::Error,
    },
    Type {
        names: &["cultureinfo", "globalization.cultureinfo"],
        full: "System.Globalization.CultureInfo",
        of: Of::Tool,
    },
    Type { names: &["math"], full: "System.Math", of: Of::Tool },
    Type { names: &["convert"], full: "System.Convert", of: Of::Tool },
    Type { names: &["environment"], full: "System.Environment", of: Of::Tool },
    Type { names: &["io.path"], full: "System.IO.Path", of: Of::Tool },
    Type { names: &["io.file"], full: "System.IO.File", of: Of::Tool },
];

/// The type of this name, without its brackets.
pub(crate) fn find(name: &str) -> Option<&'static Type> {
    let lower = name.to_ascii_lowercase().replace("[system.", "[");
    let lower = lower.strip_prefix("system.").unwrap_or(&lower);
    TYPES.iter().find(|known| known.names.contains(&lower))
}

impl Type {
    /// Whether `-is` says that a value is of this type.
    pub(crate) fn is_of(&self, value: &Value) -> bool {
        match self.of {
            Of::Text => matches!(value, Value::Text(_)),
            Of::Char => matches!(value, Value::Char(_)),
            Of::Bool | Of::Switch => matches!(value, Value::Bool(_)),
            Of::Int => matches!(value, Value::Int(_)),
            Of::Long => matches!(value, Value::Long(_)),
            Of::Double => matches!(value, Value::Double(_)),
            Of::Date => matches!(value, Value::Date(_)),
            Of::Span => matches!(value, Value::Span(_)),
            Of::Table => matches!(value, Value::Table(table) if !table.ordered),
            Of::Ordered => matches!(value, Value::Table(table) if table.ordered),
            Of::Custom => matches!(value, Value::Object(_)),
            Of::Object => !value.is_null(),
            Of::Block => matches!(value, Value::Block(_)),
            Of::List(_) => matches!(value, Value::List(list) if !list.grows),
            Of::Growing => matches!(value, Value::List(list) if list.grows),
            Of::Exception => {
                matches!(value, Value::Object(object) if matches!(object.kind, super::object::Kind::Exception(_)))
            }
            Of::Error => {
                matches!(value, Value::Object(object) if matches!(object.kind, super::object::Kind::Error(_)))
            }
            Of::Guid | Of::Regex | Of::Void | Of::Tool => false,
        }
    }

    /// A value as one of this type.
    pub(crate) fn cast(&self, value: Value) -> Flow<Value> {
        let cast = match self.of {
            Of::Text if value.is_null() => Some(Value::text("")),
            Of::Text | Of::Regex => Some(Value::Text(convert::text(&value).into())),
            Of::Char => letter(&value),
            // A text that is not empty is true, whatever it says.
            Of::Bool | Of::Switch => Some(Value::Bool(value.is_true())),
            Of::Int => convert::int(&value).map(Value::Int),
            Of::Long => convert::long(&value).map(Value::Long),
            Of::Double => convert::double(&value).map(Value::Double),
            Of::Date if matches!(value, Value::Text(_)) => convert::moment(&value).map(Value::Date),
            Of::Date => convert::moment(&value).map(|date| {
                Value::Date(super::date::Date {
                    zone: if matches!(value, Value::Date(_)) { date.zone } else { Zone::Unspecified },
                    ..date
                })
            }),
            Of::Span => convert::length(&value).map(Value::Span),
            Of::Guid => guid(&value),
            Of::Table | Of::Ordered => self.table(&value),
            Of::Custom => Some(custom(value)),
            Of::Object => Some(value),
            Of::Block => matches!(value, Value::Block(_)).then_some(value),
            Of::List(of) => return list(of, value),
            Of::Growing => Some(growing(value.items(), self.full.ends_with("ArrayList"))),
            Of::Void => Some(Value::Nothing),
            Of::Error => Some(value).filter(|value| self.is_of(value)),
            Of::Exception | Of::Tool => None,
        };
        match cast {
            Some(value) => Ok(value),
            None => self.refused(&Value::Null),
        }
    }

    /// The same, with a message that names the value.
    pub(crate) fn cast_named(&self, value: Value) -> Flow<Value> {
        let shown = value.clone();
        match self.cast(value) {
            Err(super::error::Stop::Error(raised)) if raised.id == "ConvertToFinalInvalidCastException" => {
                self.refused(&shown)
            }
            other => other,
        }
    }

    fn refused<T>(&self, value: &Value) -> Flow<T> {
        let message = format!("Cannot convert value \"{}\" to type \"{}\".", convert::text(value), self.full);
        raise("ConvertToFinalInvalidCastException", message)
    }

    fn table(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Table(table) => {
                let mut copy = table.copied();
                copy.ordered = self.of == Of::Ordered;
                Some(if table.ordered == copy.ordered { value.clone() } else { Value::Table(Rc::new(copy)) })
            }
            _ => None,
        }
    }
}

fn letter(value: &Value) -> Option<Value> {
    match value {
        Value::Char(_) => Some(value.clone()),
        Value::Text(text) => {
            let mut letters = text.chars();
            letters.next().filter(|_| letters.next().is_none()).map(Value::Char)
        }
        value => u32::try_from(convert::long(value)?).ok().and_then(char::from_u32).map(Value::Char),
    }
}

fn guid(value: &Value) -> Option<Value> {
    let text = convert::text(value);
    let plain = text.trim_matches(['{', '}']).to_ascii_lowercase();
    let hyphens = [8, 13, 18, 23];
    let shaped = plain.len() == 36
        && plain.char_indices().all(|(at, letter)| {
            if hyphens.contains(&at) { letter == '-' } else { letter.is_ascii_hexdigit() }
        });
    shaped.then(|| Value::text(plain))
}

/// `[PSCustomObject]@{ … }`.
fn custom(value: Value) -> Value {
    match value {
        Value::Table(table) => {
            let fields = table.pairs().into_iter().map(|(key, value)| (Rc::from(convert::text(&key)), value));
            Value::object(Object::custom(fields.collect()))
        }
        other => other,
    }
}

fn list(of: &str, value: Value) -> Flow<Value> {
    if of == "object" && matches!(value, Value::List(_)) {
        return Ok(value);
    }
    if value.is_null() {
        return Ok(value);
    }
    if of == "char"
        && let Value::Text(text) = &value
    {
        return Ok(Value::list(text.chars().map(Value::Char).collect()));
    }
    let items = value.enumerated();
    let Some(of) = find(of) else { return Ok(Value::list(items)) };
    items.into_iter().map(|item| of.cast_named(item)).collect::<Flow<Vec<_>>>().map(Value::list)
}

/// A list that grows in place.
pub(crate) fn growing(items: Vec<Value>, counts: bool) -> Value {
    Value::List(Rc::new(List { items: items.into(), grows: true, counts }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `about_Type_Conversion` and `about_Casting`.
    #[test]
    fn values_are_cast_as_documented() {
        for (value, to, expected) in [
            (Value::text("5"), "int", "5"),
            (Value::Double(2.5), "int", "2"),
            (Value::Double(3.5), "int", "4"),
            (Value::text("5.7"), "int", "6"),
            (Value::Null, "int", "0"),
            (Value::Null, "string", ""),
            (Value::text("False"), "bool", "True"),
            (Value::Int(0), "bool", "False"),
            (Value::Int(65), "char", "A"),
            (Value::text("2026-11-24"), "datetime", "11/24/2026 00:00:00"),
            (Value::Int(5), "string[]", "5"),
            (Value::text("1.00:00:00"), "System.TimeSpan", "1.00:00:00"),
            (
                Value::text("{ABCDEFAB-1111-2222-3333-444444444444}"),
                "guid",
                "abcdefab-1111-2222-3333-444444444444",
            ),
        ] {
            let cast = find(to).expect(to).cast_named(value.clone());
            assert_eq!(
                cast.map(|value| convert::text(&value)).ok().as_deref(),
                Some(expected),
                "{value:?} to {to}"
            );
        }
        for (value, to) in [
            (Value::text("x"), "int"),
            (Value::Double(1e10), "int"),
            (Value::text("soon"), "datetime"),
            (Value::text("ab"), "char"),
        ] {
            assert!(find(to).expect(to).cast_named(value).is_err(), "{to}");
        }
    }
}
