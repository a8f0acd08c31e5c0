//! Equality and order, as `-eq`, `-lt` and Sort-Object have them.

use std::cmp::Ordering;

use super::convert;
use super::value::Value;

/// Whether two values are equal, by the kind of the first: the second is converted to it, and where that fails they are
/// not equal.
pub(crate) fn equal(left: &Value, right: &Value, case: bool) -> bool {
    match (left, right) {
        (left, right) if left.is_null() || right.is_null() => left.is_null() && right.is_null(),
        (Value::List(a), Value::List(b)) => std::rc::Rc::ptr_eq(a, b),
        (Value::Table(a), Value::Table(b)) => std::rc::Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => {
            std::rc::Rc::ptr_eq(a, b)
                || is_row(left) && is_row(right) && convert::text(left) == convert::text(right)
        }
        (Value::Block(a), Value::Block(b)) => std::rc::Rc::ptr_eq(a, b),
        (Value::Type(a), Value::Type(b)) => a.full == b.full,
        (Value::Bool(a), other) => *a == other.is_true(),
        _ => order(left, right, case) == Some(Ordering::Equal),
    }
}

fn is_row(value: &Value) -> bool {
    value.as_object().is_some_and(|object| matches!(object.kind, super::object::Kind::Row(_)))
}

/// Which of two values comes first, by the kind of the first; `None` where they cannot be compared.
pub(crate) fn order(left: &Value, right: &Value, case: bool) -> Option<Ordering> {
    match (left, right) {
        (left, right) if left.is_null() && right.is_null() => Some(Ordering::Equal),
        (Value::Text(a), Value::Text(b)) => Some(texts(a, b, case)),
        (Value::Text(a), _) => Some(texts(a, &convert::text(right), case)),
        (Value::Char(a), _) => Some(texts(&a.to_string(), &convert::text(right), case)),
        (Value::Date(a), _) => Some(a.ticks.cmp(&convert::moment(right)?.ticks)),
        (Value::Span(a), _) => Some(a.cmp(&convert::length(right)?)),
        (Value::Bool(a), _) => Some(a.cmp(&right.is_true())),
        (Value::Null | Value::Nothing, _) => null_first(right),
        (Value::Int(_) | Value::Long(_) | Value::Double(_), _) => numbers(left, right),
        (Value::Object(_), Value::Text(b)) => Some(texts(&convert::text(left), b, case)),
        _ => None,
    }
}

/// `$null` is less than everything but a negative number.
fn null_first(right: &Value) -> Option<Ordering> {
    match right {
        Value::Int(_) | Value::Long(_) | Value::Double(_) => numbers(&Value::Int(0), right)
            .map(|order| if order == Ordering::Equal { Ordering::Less } else { order }),
        _ => Some(Ordering::Less),
    }
}

fn numbers(left: &Value, right: &Value) -> Option<Ordering> {
    if right.is_null() {
        return null_first(left).map(Ordering::reverse);
    }
    let right = convert::number(right)?;
    match (left, &right) {
        (Value::Double(_), _) | (_, Value::Double(_)) => {
            convert::double(left)?.partial_cmp(&convert::double(&right)?)
        }
        _ => Some(convert::long(left)?.cmp(&convert::long(&right)?)),
    }
}

/// The order of two texts as people sort them: signs before digits before letters, and case only where nothing else
/// differs.
pub(crate) fn texts(left: &str, right: &str, case: bool) -> Ordering {
    let rough = left.chars().map(weight).cmp(right.chars().map(weight));
    if rough != Ordering::Equal || !case {
        return rough;
    }
    // A small letter comes before its capital.
    let fine = |text: &str| text.chars().map(char::is_uppercase).collect::<Vec<_>>();
    fine(left).cmp(&fine(right))
}

/// The signs of ASCII in the order of the Unicode collation, which .NET follows on every system.
const SIGNS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

fn weight(letter: char) -> (u8, u32, u32) {
    // As most are: neither table has one of them.
    if letter.is_ascii_alphanumeric() {
        let kind = if letter.is_ascii_digit() { 2 } else { 3 };
        return (kind, letter.to_ascii_lowercase().into(), 0);
    }
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    if let Some(at) = SIGNS.find(letter) {
        return (1, u32::try_from(at).unwrap_or(0), 0);
    }
    if letter.is_whitespace() || letter.is_control() {
        return (0, letter.into(), 0);
    }
    let (base, mark) = base(lower);
    (3, base.into(), mark)
}

/// A Latin letter without its accent, and which accent it was: `é` comes after `e` and before `f`.
fn base(letter: char) -> (char, u32) {
    const LETTERS: [(&str, char); 10] = [
        ("àáâãäå", 'a'),
        ("ç", 'c'),
        ("èéêë", 'e'),
        ("ìíîï", 'i'),
        ("ñ", 'n'),
        ("òóôõöø", 'o'),
        ("ùúûü", 'u'),
        ("ýÿ", 'y'),
        ("š", 's'),
        ("ž", 'z'),
    ];
    let found = LETTERS.iter().find_map(|(accented, base)| {
        accented.chars().position(|known| known == letter).map(|at| (*base, at))
    });
    found.map_or((letter, 0), |(base, at)| (base, u32::try_from(at).unwrap_or(0) + 1))
}

/// By what values are compared where all of them are to be put into one order. One way must hold for all: as numbers 9
/// comes before 10, as texts 10 before `5x` and `5x` before 9, and where the pairs are compared each by its own kinds, no
/// order is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nothing but `$null` was seen yet.
    Any,
    Wholes,
    /// Numbers, of which at least one is a fraction.
    Numbers,
    Dates,
    Spans,
    Booleans,
    Texts,
}

impl Way {
    /// The way in which all of these can be compared.
    pub(crate) fn of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Self {
        values.into_iter().map(Self::alone).fold(Self::Any, Self::with)
    }

    fn alone(value: &Value) -> Self {
        match value {
            Value::Nothing | Value::Null => Self::Any,
            Value::Int(_) | Value::Long(_) => Self::Wholes,
            // What is no number is neither less nor more than one.
            Value::Double(number) if !number.is_nan() => Self::Numbers,
            Value::Date(_) => Self::Dates,
            Value::Span(_) => Self::Spans,
            Value::Bool(_) => Self::Booleans,
            _ => Self::Texts,
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, way) | (way, Self::Any) => way,
            (Self::Wholes, Self::Numbers) | (Self::Numbers, Self::Wholes) => Self::Numbers,
            (one, other) if one == other => one,
            _ => Self::Texts,
        }
    }

    /// Which of two of those values comes first.
    pub(crate) fn order(self, left: &Value, right: &Value, case: bool) -> Ordering {
        match (left.is_null(), right.is_null()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return null_before(self, right),
            (false, true) => return null_before(self, left).reverse(),
            (false, false) => {}
        }
        let own = match self {
            Self::Texts => None,
            // All of them as fractions: two whole numbers of 64 bits may be equal to the same one.
            Self::Numbers => {
                convert::double(left).zip(convert::double(right)).and_then(|(a, b)| a.partial_cmp(&b))
            }
            _ => order(left, right, case),
        };
        own.unwrap_or_else(|| texts(&convert::text(left), &convert::text(right), case))
    }
}

/// Where `$null` comes, before or behind a value.
fn null_before(way: Way, value: &Value) -> Ordering {
    let numeric = matches!(way, Way::Wholes | Way::Numbers);
    if numeric { null_first(value).unwrap_or(Ordering::Less) } else { Ordering::Less }
}

/// The order of two values of any kinds: those that cannot be compared, by their texts. Of more than two, [`Way`] says it.
pub(crate) fn sorted(left: &Value, right: &Value, case: bool) -> Ordering {
    Way::of([left, right]).order(left, right, case)
}

/// Values in their order.
pub(crate) fn in_order(mut values: Vec<Value>) -> Vec<Value> {
    let way = Way::of(&values);
    values.sort_by(|a, b| way.order(a, b, true));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::text(text)
    }

    /// `about_Comparison_Operators` and `about_Type_Conversion`: the right side is converted to the type of the left.
    #[test]
    fn the_first_value_decides_how_two_are_compared() {
        for (left, right, expected) in [
            (text("ABC"), text("abc"), true),
            (text("1"), Value::Int(1), true),
            (Value::Int(1), text("1"), true),
            (Value::Int(1), text("01"), true),
            (text("01"), Value::Int(1), false),
            (Value::Int(1), text("x"), false),
            (Value::Bool(true), text("False"), true),
            (text("True"), Value::Bool(true), true),
            (Value::Null, Value::Int(0), false),
            (Value::Null, text(""), false),
            (Value::Null, Value::Nothing, true),
            (Value::Int(2), Value::Double(2.0), true),
        ] {
            assert_eq!(equal(&left, &right, false), expected, "{left:?} {right:?}");
        }
        assert!(!equal(&text("ABC"), &text("abc"), true));
    }

    #[test]
    fn texts_are_sorted_as_people_sort_them() {
        let mut names =
            vec!["b", "B", "a-b", "a_b", "10", "9", "Zoe", "zebra", "émile", "f", "Emil", " x", "$x"];
        names.sort_by(|a, b| texts(a, b, true));
        assert_eq!(
            names,
            [" x", "$x", "10", "9", "a_b", "a-b", "b", "B", "Emil", "émile", "f", "zebra", "Zoe"]
        );
        assert_eq!(texts("A", "a", false), Ordering::Equal);
    }

    #[test]
    fn nothing_comes_before_everything_but_negative_numbers() {
        assert_eq!(order(&Value::Null, &Value::Int(0), false), Some(Ordering::Less));
        assert_eq!(order(&Value::Null, &Value::Int(-1), false), Some(Ordering::Greater));
        assert_eq!(order(&Value::Int(5), &Value::Null, false), Some(Ordering::Greater));
        assert_eq!(order(&Value::Null, &text("a"), false), Some(Ordering::Less));
    }
}
