//! From one kind of value to another.

use super::date::{self, Date, Span, Zone};
use super::error::{Flow, raise};
use super::format::{dates, numbers};
use super::object::Kind;
use super::room;
use super::value::Value;

/// A value as a text, as it is filled into `"$value"`: in no culture, lists with blanks between their items.
///
/// It goes no further than one text may become, whatever lies in the value; who makes a value of it refuses what is longer.
pub(crate) fn text(value: &Value) -> String {
    text_at(value, room::LEVELS)
}

fn text_at(value: &Value, levels: usize) -> String {
    match value {
        Value::Nothing | Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Long(number) => number.to_string(),
        Value::Double(number) => numbers::shortest(*number),
        Value::Char(letter) => letter.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => dates::custom(*date, "MM/dd/yyyy HH:mm:ss"),
        Value::Span(span) => dates::span(*span),
        Value::List(_) if levels < room::LEVELS => value.type_name().to_owned(),
        Value::List(list) => {
            let items = list.items.borrow();
            let mut whole = String::new();
            for (at, item) in items.iter().enumerate() {
                if whole.len() > room::TEXT {
                    break;
                }
                whole.push_str(if at > 0 { " " } else { "" });
                whole.push_str(&text_at(item, levels - 1));
            }
            whole
        }
        Value::Table(_) => value.type_name().to_owned(),
        Value::Object(object) => object_text(object, levels),
        Value::Block(block) => block.text.to_string(),
        Value::Type(of) => of.full.to_owned(),
    }
}

/// A row of the service is named by its identity, an error by its message, any other object by its properties.
fn object_text(object: &super::object::Object, levels: usize) -> String {
    match &object.kind {
        Kind::Error(raised) => return raised.message.clone(),
        Kind::Exception(name) => {
            return match (object.find("Message"), levels.checked_sub(1)) {
                (Some(message), Some(levels)) => format!("{name}: {}", text_at(&message, levels)),
                _ => format!("{name}: "),
            };
        }
        Kind::Formatted(_) | Kind::Other(_) => return object.kind.type_name().to_owned(),
        Kind::Row(_) => {
            let named = ["Identity", "Name"].iter().find_map(|name| object.find(name));
            if let (Some(named), Some(levels)) =
                (named.filter(|named| !named.is_null()), levels.checked_sub(1))
            {
                return text_at(&named, levels);
            }
        }
        Kind::Custom => {}
    }
    let Some(levels) = levels.checked_sub(1) else { return object.kind.type_name().to_owned() };
    let mut whole = String::from("@{");
    for (at, (name, value)) in object.fields().iter().enumerate() {
        if whole.len() > room::TEXT {
            break;
        }
        let shown = match value {
            Value::List(_) => value.type_name().to_owned(),
            value => text_at(value, levels),
        };
        whole.push_str(if at > 0 { "; " } else { "" });
        whole.extend([&**name, "=", &*shown]);
    }
    whole + "}"
}

/// A value as a text in the culture en-US, as `.ToString()` and `-f` write it.
pub(crate) fn culture_text(value: &Value) -> String {
    match value {
        Value::Date(date) => dates::standard(*date, 'G').unwrap_or_default(),
        Value::List(_) => value.type_name().to_owned(),
        value => text(value),
    }
}

/// A number that a text stands for, as PowerShell reads one in a calculation.
pub(crate) fn number_of_text(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Some(Value::Int(0));
    }
    let Some((count, power)) = scaled(trimmed) else { return plain_number(trimmed) };
    match plain_number(count)? {
        Value::Int(count) => i64::from(count).checked_mul(1 << power).map(narrowed),
        Value::Long(count) => count.checked_mul(1 << power).map(narrowed),
        Value::Double(count) => Some(Value::Double(count * f64::from(power).exp2())),
        _ => None,
    }
}

/// The suffixes of a number, and how many bits each stands for.
const SUFFIXES: [(&str, u8); 5] = [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)];

/// What stands before a suffix, and how many bits that stands for.
fn scaled(text: &str) -> Option<(&str, u8)> {
    let (count, suffix) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let (_, power) = SUFFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(suffix))?;
    Some((count.trim_end(), *power))
}

/// A number without a suffix.
fn plain_number(trimmed: &str) -> Option<Value> {
    let plain = trimmed.replace(',', "");
    if let Ok(number) = plain.parse() {
        return Some(Value::Int(number));
    }
    if let Ok(number) = plain.parse() {
        return Some(Value::Long(number));
    }
    if let Some(digits) = trimmed.strip_prefix("0x").or_else(|| trimmed.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(narrowed);
    }
    let lower = plain.to_ascii_lowercase();
    let is_number =
        lower.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e'));
    plain.parse().ok().filter(|_| is_number).map(Value::Double)
}

/// A whole number in as few bits as it needs.
pub(crate) fn narrowed(number: i64) -> Value {
    i32::try_from(number).map_or(Value::Long(number), Value::Int)
}

/// The number that a value stands for in a calculation.
pub(crate) fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Nothing | Value::Null => Some(Value::Int(0)),
        Value::Bool(value) => Some(Value::Int((*value).into())),
        Value::Int(_) | Value::Long(_) | Value::Double(_) => Some(value.clone()),
        Value::Char(letter) => i32::try_from(u32::from(*letter)).ok().map(Value::Int),
        Value::Text(text) => number_of_text(text),
        _ => None,
    }
}

pub(crate) fn double(value: &Value) -> Option<f64> {
    match number(value)? {
        Value::Int(number) => Some(number.into()),
        #[allow(clippy::cast_precision_loss)] // .NET rounds here too.
        Value::Long(number) => Some(number as f64),
        Value::Double(number) => Some(number),
        _ => None,
    }
}

/// A whole number, rounded to the even one where it lies between two, as .NET converts.
pub(crate) fn long(value: &Value) -> Option<i64> {
    match number(value)? {
        Value::Int(number) => Some(number.into()),
        Value::Long(number) => Some(number),
        Value::Double(number) => {
            let rounded = number.round_ties_even();
            #[allow(clippy::cast_possible_truncation)] // It was compared before.
            (rounded.abs() < 9.2e18).then_some(rounded as i64)
        }
        _ => None,
    }
}

pub(crate) fn int(value: &Value) -> Option<i32> {
    long(value).and_then(|number| i32::try_from(number).ok())
}

/// A moment. A whole number counts ticks.
pub(crate) fn moment(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Text(text) => date::parse(text).or_else(|| Date::of_wire(text)),
        Value::Int(_) | Value::Long(_) => Date::of_ticks(long(value)?, Zone::Unspecified),
        _ => None,
    }
}

pub(crate) fn length(value: &Value) -> Option<Span> {
    match value {
        Value::Span(span) => Some(*span),
        Value::Text(text) => Span::parse(text),
        Value::Int(_) | Value::Long(_) => long(value).map(Span),
        _ => None,
    }
}

/// A whole number that a cmdlet or a method needs.
pub(crate) fn needed_int(value: &Value, what: &str) -> Flow<i32> {
    match int(value) {
        Some(number) => Ok(number),
        None => raise(
            "InvalidCastFromStringToInteger",
            format!("{what}: cannot convert value \"{}\" to type \"System.Int32\"", text(value)),
        ),
    }
}

/// A count that a cmdlet needs.
pub(crate) fn needed_count(value: &Value, what: &str) -> Flow<usize> {
    let number = needed_int(value, what)?;
    usize::try_from(number)
        .or_else(|_| raise("ParameterArgumentValidationError", format!("{what} must not be below 0")))
}

/// The texts of a value and of the items of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.clone().items().iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_number_with_one_suffix_at_most() {
        let number = |text: &str| number_of_text(text).map(|number| super::text(&number));
        for (written, value) in [
            ("", Some("0")),
            (" 5 ", Some("5")),
            ("1,000", Some("1000")),
            ("0x1F", Some("31")),
            ("1kb", Some("1024")),
            ("1.5MB", Some("1572864")),
            ("2 kb", Some("2048")),
            ("1e3", Some("1000")),
            ("kb", None),
            ("1kbkb", None),
            ("1kbmb", None),
            ("x", None),
        ] {
            assert_eq!(number(written).as_deref(), value, "{written}");
        }
        assert_eq!(number(&"kb".repeat(100_000)), None);
    }
}
