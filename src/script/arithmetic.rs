//! `+ - * / %`, `..` and the operators on bits.

use std::rc::Rc;

use super::convert;
use super::date::{Date, Span, TICKS_A_DAY};
use super::error::{Flow, raise};
use super::room;
use super::table::Table;
use super::value::Value;
use crate::language::Binary;

/// `left operator right`.
pub(crate) fn calculate(operator: Binary, left: &Value, right: &Value) -> Flow<Value> {
    match operator {
        Binary::Add => add(left, right),
        Binary::Subtract => subtract(left, right),
        Binary::Multiply => multiply(left, right),
        Binary::Divide => divide(left, right),
        Binary::Remainder => remainder(left, right),
        _ => bits(operator, left, right),
    }
}

fn add(left: &Value, right: &Value) -> Flow<Value> {
    match (left, right) {
        (Value::Text(text), _) => room::joined([text, &*convert::text(right)], "").map(Value::from),
        (Value::Char(letter), _) => Ok(Value::text(format!("{letter}{}", convert::text(right)))),
        (Value::List(list), _) => {
            let more = added(right);
            room::for_items(list.items.borrow().len() + more.len())?;
            let mut items = list.items.borrow().clone();
            items.extend(more);
            Ok(Value::list(items))
        }
        (Value::Table(a), Value::Table(b)) => {
            let sum = a.copied();
            for (key, value) in b.pairs() {
                if sum.has(&key) {
                    return raise(
                        "AddFailed",
                        format!(
                            "Item has already been added. Key in dictionary: '{0}'  Key being added: '{0}'",
                            convert::text(&key)
                        ),
                    );
                }
                sum.set(key, value);
            }
            Ok(Value::Table(Rc::new(sum)))
        }
        (Value::Nothing | Value::Null, _) => Ok(right.clone().settled()),
        (Value::Date(date), _) => moved(*date, convert::length(right), 1),
        (Value::Span(span), _) => {
            match convert::length(right).and_then(|other| span.0.checked_add(other.0)) {
                Some(ticks) => Ok(Value::Span(Span(ticks))),
                None => unfit("+", left, right),
            }
        }
        _ => numeric("+", left, right, i64::checked_add, |a, b| a + b),
    }
}

/// What a list gets with this value.
pub(crate) fn added(value: &Value) -> Vec<Value> {
    if value.is_null() { vec![Value::Null] } else { value.clone().enumerated() }
}

fn moved(date: Date, by: Option<Span>, sign: i64) -> Flow<Value> {
    match by.and_then(|by| date.plus(Span(by.0 * sign))) {
        Some(date) => Ok(Value::Date(date)),
        None => raise("MethodException", "The value cannot be added to a date."),
    }
}

fn subtract(left: &Value, right: &Value) -> Flow<Value> {
    match (left, right) {
        (Value::Date(a), Value::Date(b)) => Ok(Value::Span(Span(a.ticks - b.ticks))),
        (Value::Date(date), Value::Text(_)) => match convert::moment(right) {
            Some(other) => Ok(Value::Span(Span(date.ticks - other.ticks))),
            None => moved(*date, convert::length(right), -1),
        },
        (Value::Date(date), _) => moved(*date, convert::length(right), -1),
        (Value::Span(span), _) => {
            match convert::length(right).and_then(|other| span.0.checked_sub(other.0)) {
                Some(ticks) => Ok(Value::Span(Span(ticks))),
                None => unfit("-", left, right),
            }
        }
        _ => numeric("-", left, right, i64::checked_sub, |a, b| a - b),
    }
}

fn multiply(left: &Value, right: &Value) -> Flow<Value> {
    match left {
        Value::Text(text) => {
            let count = convert::needed_count(right, "*")?;
            room::for_text(count.saturating_mul(text.len()))?;
            Ok(Value::text(text.repeat(count)))
        }
        Value::List(list) => {
            let items = list.items.borrow();
            let count = convert::needed_count(right, "*")?;
            room::for_items(count.saturating_mul(items.len()))?;
            Ok(Value::list(std::iter::repeat_n(&*items, count).flatten().cloned().collect()))
        }
        _ => numeric("*", left, right, i64::checked_mul, |a, b| a * b),
    }
}

fn divide(left: &Value, right: &Value) -> Flow<Value> {
    let (Some(a), Some(b)) = (convert::number(left), convert::number(right)) else {
        return unfit("/", left, right);
    };
    if let (Value::Int(_) | Value::Long(_), Value::Int(_) | Value::Long(_)) = (&a, &b) {
        let (Some(a), Some(b)) = (convert::long(&a), convert::long(&b)) else {
            return unfit("/", left, right);
        };
        if b == 0 {
            return by_zero();
        }
        if let Some(quotient) = a.checked_div(b).filter(|_| a % b == 0) {
            return Ok(convert::narrowed(quotient));
        }
    }
    match (convert::double(left), convert::double(right)) {
        (Some(a), Some(b)) => Ok(Value::Double(a / b)),
        _ => unfit("/", left, right),
    }
}

fn remainder(left: &Value, right: &Value) -> Flow<Value> {
    if convert::long(right) == Some(0) && !matches!(convert::number(right), Some(Value::Double(_))) {
        return by_zero();
    }
    numeric("%", left, right, |a, b| Some(a.wrapping_rem(b)), |a, b| a % b)
}

fn by_zero<T>() -> Flow<T> {
    raise("RuntimeException", "Attempted to divide by zero.")
}

/// Whole numbers as long as the result is one, and else fractions, as PowerShell promotes them.
fn numeric(
    sign: &str,
    left: &Value,
    right: &Value,
    whole: fn(i64, i64) -> Option<i64>,
    fraction: fn(f64, f64) -> f64,
) -> Flow<Value> {
    let (Some(a), Some(b)) = (convert::number(left), convert::number(right)) else {
        return unfit(sign, left, right);
    };
    if let (Value::Int(_) | Value::Long(_), Value::Int(_) | Value::Long(_)) = (&a, &b) {
        let both_small = matches!((&a, &b), (Value::Int(_), Value::Int(_)));
        let result = convert::long(&a).zip(convert::long(&b)).and_then(|(a, b)| whole(a, b));
        match result.map(|number| (number, i32::try_from(number))) {
            Some((_, Ok(number))) if both_small => return Ok(Value::Int(number)),
            Some((number, _)) if !both_small => return Ok(Value::Long(number)),
            _ => {}
        }
    }
    match (convert::double(&a), convert::double(&b)) {
        (Some(a), Some(b)) => Ok(Value::Double(fraction(a, b))),
        _ => unfit(sign, left, right),
    }
}

fn unfit<T>(sign: &str, left: &Value, right: &Value) -> Flow<T> {
    for side in [left, right] {
        if let Value::Text(text) = side
            && convert::number_of_text(text).is_none()
        {
            let message = format!(
                "Cannot convert value \"{text}\" to type \"System.Int32\". Error: \"The input string '{text}' was not in a correct format.\""
            );
            return raise("InvalidCastFromStringToInteger", message);
        }
    }
    let message = format!("`{sign}` cannot be applied to {} and {}.", left.type_name(), right.type_name());
    raise("MethodNotFound", message)
}

fn bits(operator: Binary, left: &Value, right: &Value) -> Flow<Value> {
    let (Some(a), Some(b)) = (convert::long(left), convert::long(right)) else {
        let sign = match operator {
            Binary::BitAnd => "-band",
            Binary::BitOr => "-bor",
            Binary::BitXor => "-bxor",
            Binary::ShiftLeft => "-shl",
            _ => "-shr",
        };
        return unfit(sign, left, right);
    };
    let small = convert::int(left).is_some();
    let shift = u32::try_from(b & if small { 31 } else { 63 }).unwrap_or(0);
    let result = match operator {
        Binary::BitAnd => a & b,
        Binary::BitOr => a | b,
        Binary::BitXor => a ^ b,
        Binary::ShiftLeft => a.wrapping_shl(shift),
        _ => a.wrapping_shr(shift),
    };
    Ok(convert::narrowed(result))
}

/// `from..to`, of numbers or of letters.
pub(crate) fn range(from: &Value, to: &Value) -> Flow<Value> {
    if let (Some(a), Some(b)) = (single_letter(from), single_letter(to)) {
        let letters = |a: char, b: char| (a..=b).map(Value::Char).collect::<Vec<_>>();
        let items = if a <= b { letters(a, b) } else { letters(b, a).into_iter().rev().collect() };
        return Ok(Value::list(items));
    }
    let a = convert::needed_int(from, "..")?;
    let b = convert::needed_int(to, "..")?;
    room::for_items(usize::try_from(a.abs_diff(b)).unwrap_or(usize::MAX).saturating_add(1))?;
    let items =
        if a <= b { (a..=b).map(Value::Int).collect() } else { (b..=a).rev().map(Value::Int).collect() };
    Ok(Value::list(items))
}

fn single_letter(value: &Value) -> Option<char> {
    match value {
        Value::Char(letter) => Some(*letter),
        Value::Text(text) => {
            let mut letters = text.chars();
            let first = letters.next().filter(|letter| !letter.is_ascii_digit())?;
            letters.next().is_none().then_some(first)
        }
        _ => None,
    }
}

/// The opposite of a number.
pub(crate) fn negated(value: &Value) -> Flow<Value> {
    if let Value::Span(span) = value {
        return Ok(Value::Span(Span(-span.0)));
    }
    subtract(&Value::Int(0), value)
}

/// A length of whole days, as a number of days stands for.
pub(crate) fn days(count: f64) -> Option<Span> {
    Span::of(count, TICKS_A_DAY)
}

impl Table {
    /// A table of these entries.
    pub(crate) fn of(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        let table = Self::new(false);
        for (key, value) in entries {
            table.set(key, value);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `about_Arithmetic_Operators`: the first value decides, and whole numbers become fractions where they must.
    #[test]
    fn the_first_value_decides_what_is_calculated() {
        let text = |text: &str| Value::text(text);
        for (left, operator, right, expected) in [
            (Value::Int(1), Binary::Add, text("2"), "Int(3)"),
            (text("1"), Binary::Add, Value::Int(2), "Text(\"12\")"),
            (Value::Int(7), Binary::Divide, Value::Int(2), "Double(3.5)"),
            (Value::Int(6), Binary::Divide, Value::Int(2), "Int(3)"),
            (Value::Int(-7), Binary::Remainder, Value::Int(3), "Int(-1)"),
            (Value::Int(i32::MAX), Binary::Add, Value::Int(1), "Double(2147483648.0)"),
            (Value::Long(i64::MAX), Binary::Add, Value::Int(1), "Double(9.223372036854776e18)"),
            (Value::Long(1), Binary::Add, Value::Int(1), "Long(2)"),
            (text("ab"), Binary::Multiply, Value::Int(2), "Text(\"abab\")"),
            (Value::Null, Binary::Add, Value::Int(2), "Int(2)"),
            (Value::Int(2), Binary::Multiply, Value::Bool(true), "Int(2)"),
            (Value::Int(1024), Binary::Multiply, text("1kb"), "Int(1048576)"),
            (Value::Int(6), Binary::BitAnd, Value::Int(3), "Int(2)"),
        ] {
            let result = calculate(operator, &left, &right).map(|value| format!("{value:?}"));
            assert_eq!(result.ok().as_deref(), Some(expected), "{left:?} {operator:?} {right:?}");
        }
        assert!(calculate(Binary::Divide, &Value::Int(1), &Value::Int(0)).is_err());
        assert!(calculate(Binary::Subtract, &text("x"), &Value::Int(0)).is_err());
        assert!(calculate(Binary::Multiply, &text("x"), &Value::Int(i32::MAX)).is_err());
    }

    #[test]
    fn ranges_go_both_ways() {
        let shown = |from: Value, to: Value| convert::text(&range(&from, &to).expect("a range"));
        assert_eq!(shown(Value::Int(3), Value::Int(1)), "3 2 1");
        assert_eq!(shown(Value::text("a"), Value::text("c")), "a b c");
        assert_eq!(shown(Value::text("8"), Value::text("10")), "8 9 10");
        assert!(range(&Value::Int(i32::MIN), &Value::Int(i32::MAX)).is_err());
    }
}
