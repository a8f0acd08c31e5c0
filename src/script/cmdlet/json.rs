//! JSON.

use std::rc::Rc;

use super::{Arguments, Gather, Spec, Takes, parameter};
use crate::script::convert;
use crate::script::date;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::format::dates;
use crate::script::object::Kind;
use crate::script::read;
use crate::script::room;
use crate::script::table::Table;
use crate::script::value::Value;
use crate::value::{Value as Wire, decode, write_string};

pub(super) const CONVERT_TO: Spec = Spec {
    name: "ConvertTo-Json",
    aliases: &[],
    parameters: &[
        parameter("InputObject", Takes::Place(0)),
        parameter("Depth", Takes::Value),
        parameter("Compress", Takes::Switch),
        parameter("AsArray", Takes::Switch),
        parameter("EnumsAsStrings", Takes::IgnoredSwitch),
    ],
    make: convert_to,
};

pub(super) const CONVERT_FROM: Spec = Spec {
    name: "ConvertFrom-Json",
    aliases: &[],
    parameters: &[
        parameter("InputObject", Takes::Place(0)),
        parameter("AsHashtable", Takes::Switch),
        parameter("Depth", Takes::Ignored),
        parameter("NoEnumerate", Takes::Switch),
    ],
    make: convert_from,
};

/// How deep PowerShell goes by itself.
const DEPTH: usize = 2;

/// How deep it goes at most.
const DEEPEST: usize = 100;

fn convert_to(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let depth = arguments.count("Depth")?;
    if depth.is_some_and(|depth| depth > DEEPEST) {
        return raise("ParameterArgumentValidationError", "-Depth is 100 at most.");
    }
    let (compact, as_array) = (arguments.is_on("Compress"), arguments.is_on("AsArray"));
    let given = arguments.is_given("InputObject").then(|| arguments.value("InputObject"));
    Gather::stage(Vec::new(), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let whole = match given {
            Some(given) if as_array && !matches!(given, Value::List(_)) => Value::list(vec![given]),
            Some(given) => given,
            None if items.is_empty() => return Ok(()),
            None if items.len() == 1 && !as_array => items[0].clone(),
            None => Value::list(items),
        };
        let mut writer = Writer { text: String::new(), compact, cut: false };
        writer.value(&whole, depth.unwrap_or(DEPTH), 0);
        room::for_text(writer.text.len())?;
        if writer.cut {
            let depth = depth.unwrap_or(DEPTH);
            run.warn(&format!(
                "Resulting JSON is truncated as serialization has exceeded the set depth of {depth}."
            ))?;
        }
        out.push(run, writer.text.into())
    })
}

struct Writer {
    text: String,
    compact: bool,
    /// Whether something lay too deep.
    cut: bool,
}

impl Writer {
    fn string(&mut self, text: &str) {
        let mut bytes = Vec::new();
        write_string(text, &mut bytes);
        self.text.push_str(&String::from_utf8_lossy(&bytes));
    }

    fn value(&mut self, value: &Value, depth: usize, level: usize) {
        // What lies in itself twice would be written without end, and is refused by whoever asked for it.
        if self.text.len() > room::TEXT {
            return;
        }
        match value {
            Value::Nothing | Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Int(_) | Value::Long(_) => self.text.push_str(&convert::text(value)),
            Value::Double(number) if number.is_finite() => {
                let text = convert::text(value);
                self.text.push_str(&text);
                if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                    self.text.push_str(".0");
                }
            }
            Value::Date(moment) => {
                let whole = moment.ticks % date::TICKS_A_SECOND == 0;
                let form = if whole { "yyyy-MM-ddTHH:mm:ssK" } else { "yyyy-MM-ddTHH:mm:ss.FFFFFFFK" };
                self.string(&dates::custom(*moment, form));
            }
            Value::List(list) => {
                let items = list.items.borrow().clone();
                if level > depth {
                    self.cut |= !items.is_empty();
                    return self.string(&convert::text(value));
                }
                self.items(&items, depth, level);
            }
            Value::Table(table) => {
                let fields: Vec<(String, Value)> =
                    table.pairs().into_iter().map(|(key, value)| (convert::text(&key), value)).collect();
                self.object(value, &fields, depth, level);
            }
            Value::Object(object) if !matches!(object.kind, Kind::Formatted(_)) => {
                let fields: Vec<(String, Value)> =
                    object.fields().into_iter().map(|(name, value)| (name.to_string(), value)).collect();
                self.object(value, &fields, depth, level);
            }
            other => self.string(&convert::text(other)),
        }
    }

    fn line(&mut self, level: usize) {
        if !self.compact {
            self.text.push('\n');
            self.text.push_str(&"  ".repeat(level));
        }
    }

    fn items(&mut self, items: &[Value], depth: usize, level: usize) {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line(level + 1);
            self.value(item, depth, level + 1);
        }
        if !items.is_empty() {
            self.line(level);
        }
        self.text.push(']');
    }

    fn object(&mut self, value: &Value, fields: &[(String, Value)], depth: usize, level: usize) {
        if level > depth {
            self.cut = true;
            return self.string(&convert::text(value));
        }
        self.text.push('{');
        for (at, (name, value)) in fields.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line(level + 1);
            self.string(name);
            self.text.push_str(if self.compact { ":" } else { ": " });
            self.value(value, depth, level + 1);
        }
        if !fields.is_empty() {
            self.line(level);
        }
        self.text.push('}');
    }
}

fn convert_from(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let (tables, whole) = (arguments.is_on("AsHashtable"), arguments.is_on("NoEnumerate"));
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let text: Vec<String> = items.iter().map(convert::text).collect();
        let text = text.join("\n");
        if text.trim().is_empty() {
            return Ok(());
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() {
            return raise("System.ArgumentException", "Conversion from JSON failed: the text is no JSON.");
        }
        let value = if tables { as_tables(decode(&text)) } else { dated(read::value(decode(&text))) };
        if whole {
            return out.push(run, value);
        }
        value.enumerated().into_iter().try_for_each(|item| out.push(run, item))
    })
}

/// Texts in the form of ISO 8601 with a time are dates, as ConvertFrom-Json has it.
fn dated(value: Value) -> Value {
    match value {
        Value::Text(text) if is_moment(&text) => date::parse(&text).map_or(Value::Text(text), Value::Date),
        Value::List(list) => Value::list(list.items.borrow().iter().cloned().map(dated).collect()),
        Value::Object(object) => {
            object.with(|fields| {
                for (_, value) in fields.iter_mut() {
                    *value = dated(std::mem::take(value));
                }
            });
            Value::Object(object)
        }
        other => other,
    }
}

fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 19 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T' && bytes[13] == b':'
}

fn as_tables(wire: Wire<'_>) -> Value {
    match wire {
        Wire::Object(fields) => {
            let table = Table::new(true);
            for (name, value) in fields {
                table.set(Value::text(name), as_tables(value));
            }
            Value::Table(Rc::new(table))
        }
        Wire::List(items) => Value::list(items.into_iter().map(as_tables).collect()),
        other => read::value(other),
    }
}
