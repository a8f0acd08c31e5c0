//! Operators.

use super::Run;
use crate::language::{Binary, Compare, Expression, Unary};
use crate::script::arithmetic;
use crate::script::casts::{self, Type};
use crate::script::compare;
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::format;
use crate::script::pattern;
use crate::script::room;
use crate::script::value::Value;

pub(super) fn unary(run: &mut Run<'_>, operator: Unary, operand: &Expression) -> Flow<Value> {
    let value = run.expression(operand)?;
    match operator {
        Unary::Not => Ok(Value::Bool(!value.is_true())),
        Unary::Minus => arithmetic::negated(&value),
        Unary::Plus => arithmetic::calculate(Binary::Add, &Value::Int(0), &value),
        Unary::BitNot => match convert::long(&value) {
            Some(number) => Ok(convert::narrowed(!number)),
            None => raise("InvalidCast", "-bnot needs a whole number."),
        },
        Unary::Wrap => Ok(Value::list(vec![value.settled()])),
        Unary::Join => room::joined(convert::texts(&value), "").map(Value::from),
        Unary::Split => {
            let parts = convert::texts(&value)
                .iter()
                .flat_map(|text| text.split_whitespace().map(Value::from).collect::<Vec<_>>())
                .collect();
            Ok(Value::list(parts))
        }
    }
}

pub(super) fn binary(
    run: &mut Run<'_>,
    operator: Binary,
    left: &Expression,
    right: &Expression,
) -> Flow<Value> {
    let left = run.expression(left)?;
    match operator {
        Binary::And if !left.is_true() => return Ok(Value::Bool(false)),
        Binary::Or if left.is_true() => return Ok(Value::Bool(true)),
        Binary::IfNull if !left.is_null() => return Ok(left),
        _ => {}
    }
    let right = run.expression(right)?;
    match operator {
        Binary::And | Binary::Or => Ok(Value::Bool(right.is_true())),
        Binary::Xor => Ok(Value::Bool(left.is_true() != right.is_true())),
        Binary::IfNull => Ok(right),
        Binary::Compare(how, case) => compared(run, how, case, &left, &right),
        Binary::Is => Ok(Value::Bool(type_of(&right)?.is_of(&left))),
        Binary::IsNot => Ok(Value::Bool(!type_of(&right)?.is_of(&left))),
        Binary::As => Ok(type_of(&right)?.cast(left).unwrap_or_default()),
        Binary::Join => room::joined(convert::texts(&left), &convert::text(&right)).map(Value::from),
        Binary::Split(case) => split(run, &left, &right, case),
        Binary::Replace(case) => replace(run, &left, &right, case),
        Binary::Format => {
            let values = if matches!(right, Value::List(_)) { right.enumerated() } else { vec![right] };
            format::composite(&convert::text(&left), &values).map(Value::from)
        }
        Binary::Range => arithmetic::range(&left, &right),
        _ => arithmetic::calculate(operator, &left, &right),
    }
}

fn type_of(value: &Value) -> Flow<&'static Type> {
    match value {
        Value::Type(of) => Ok(of),
        other => match casts::find(&convert::text(other)) {
            Some(of) => Ok(of),
            None => raise("IsOperatorRequiresType", "A type is needed here, such as [string]."),
        },
    }
}

/// A comparison. With a list before the operator it yields the items that it holds for.
pub(crate) fn compared(
    run: &mut Run<'_>,
    how: Compare,
    case: bool,
    left: &Value,
    right: &Value,
) -> Flow<Value> {
    match how {
        Compare::Contains => return Ok(Value::Bool(contains(left, right, case))),
        Compare::NotContains => return Ok(Value::Bool(!contains(left, right, case))),
        Compare::In => return Ok(Value::Bool(contains(right, left, case))),
        Compare::NotIn => return Ok(Value::Bool(!contains(right, left, case))),
        _ => {}
    }
    let Value::List(list) = left else { return holds(run, how, case, left, right).map(Value::Bool) };
    let items = list.items.borrow().clone();
    // A list leaves what one text has left in `$Matches`.
    let matches = run.scope.find("matches");
    let mut kept = Vec::new();
    for item in items {
        if holds(run, how, case, &item, right)? {
            kept.push(item);
        }
    }
    if matches!(how, Compare::Match | Compare::NotMatch) {
        run.scope.put_back("matches", matches);
    }
    Ok(Value::list(kept))
}

fn contains(list: &Value, wanted: &Value, case: bool) -> bool {
    let items = if list.is_null() { vec![Value::Null] } else { list.clone().enumerated() };
    items.iter().any(|item| compare::equal(wanted, item, case))
}

fn holds(run: &mut Run<'_>, how: Compare, case: bool, left: &Value, right: &Value) -> Flow<bool> {
    use std::cmp::Ordering::{Greater, Less};
    let order = |wanted: &[std::cmp::Ordering]| match compare::order(left, right, case) {
        Some(order) => Ok(wanted.contains(&order)),
        None => raise(
            "ComparisonFailure",
            format!("Could not compare \"{}\" to \"{}\".", convert::text(left), convert::text(right)),
        ),
    };
    match how {
        Compare::Equal => Ok(compare::equal(left, right, case)),
        Compare::NotEqual => Ok(!compare::equal(left, right, case)),
        Compare::Greater => order(&[Greater]),
        Compare::GreaterOrEqual => order(&[Greater, std::cmp::Ordering::Equal]),
        Compare::Less => order(&[Less]),
        Compare::LessOrEqual => order(&[Less, std::cmp::Ordering::Equal]),
        Compare::Like | Compare::NotLike => {
            let fits = run.patterns.wildcard(&convert::text(right), case).fits(&convert::text(left));
            Ok(fits == (how == Compare::Like))
        }
        Compare::Match => matched(run, left, right, case),
        Compare::NotMatch => matched(run, left, right, case).map(|fits| !fits),
        _ => Ok(contains(left, right, case)),
    }
}

/// `-match`, which leaves what it found in `$Matches`.
pub(super) fn matched(run: &mut Run<'_>, text: &Value, pattern: &Value, case: bool) -> Flow<bool> {
    let regex = run.patterns.regex(&convert::text(pattern), case)?;
    let found = pattern::captured(&regex, &convert::text(text))?;
    let fits = found.is_some();
    if let Some(groups) = found {
        run.scope.set("matches", Value::Table(std::rc::Rc::new(groups)));
    }
    Ok(fits)
}

fn split(run: &mut Run<'_>, left: &Value, right: &Value, case: bool) -> Flow<Value> {
    let options = right.clone().enumerated();
    if let [Value::Block(block)] = options.as_slice() {
        return split_by_block(run, left, &block.clone());
    }
    let pattern = options.first().map(convert::text).unwrap_or_default();
    let most = options.get(1).and_then(convert::int).unwrap_or(0);
    let simple = options
        .get(2)
        .map(convert::text)
        .is_some_and(|option| option.to_ascii_lowercase().contains("simplematch"));
    let pattern = if simple { fancy_regex::escape(&pattern).into_owned() } else { pattern };
    let regex = run.patterns.regex(&pattern, case)?;
    let mut parts = Vec::new();
    for text in convert::texts(left) {
        parts.extend(
            pattern::split(&regex, &text, usize::try_from(most).unwrap_or(0))?.into_iter().map(Value::from),
        );
    }
    Ok(Value::list(parts))
}

fn split_by_block(
    run: &mut Run<'_>,
    left: &Value,
    block: &std::rc::Rc<crate::script::value::Closure>,
) -> Flow<Value> {
    let mut parts = Vec::new();
    for text in convert::texts(left) {
        let mut part = String::new();
        for letter in text.chars() {
            if run.with_item(block, &Value::text(letter.to_string()))?.is_true() {
                parts.push(Value::from(std::mem::take(&mut part)));
            } else {
                part.push(letter);
            }
        }
        parts.push(part.into());
    }
    Ok(Value::list(parts))
}

/// `-replace pattern, with`; a block is asked for each match.
fn replace(run: &mut Run<'_>, left: &Value, right: &Value, case: bool) -> Flow<Value> {
    let options = right.clone().enumerated();
    let pattern = options.first().map(convert::text).unwrap_or_default();
    let with = options.get(1).cloned().unwrap_or_default();
    let regex = run.patterns.regex(&pattern, case)?;
    let one = |run: &mut Run<'_>, text: &str| -> Flow<Value> {
        let Value::Block(block) = &with else {
            return pattern::replaced(&regex, text, &convert::text(&with)).map(Value::from);
        };
        let (mut out, mut end) = (String::new(), 0);
        for (start, stop) in pattern::places(&regex, text)? {
            out.push_str(&text[end..start]);
            let found = Value::object(crate::script::object::Object::custom(vec![(
                "Value".into(),
                Value::text(&text[start..stop]),
            )]));
            out.push_str(&convert::text(&run.with_item(block, &found)?));
            room::for_text(out.len())?;
            end = stop;
        }
        Ok((out + &text[end..]).into())
    };
    match left {
        Value::List(list) => {
            let items = list.items.borrow().clone();
            items.iter().map(|item| one(run, &convert::text(item))).collect::<Flow<Vec<_>>>().map(Value::list)
        }
        single => one(run, &convert::text(single)),
    }
}
