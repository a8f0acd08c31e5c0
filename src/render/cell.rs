//! One value as the text that PowerShell shows for it.

use std::borrow::Cow;

use super::date;
use crate::value::Value;

/// How many items of a list are shown; PowerShell's `$FormatEnumerationLimit`.
const ITEMS: usize = 4;

/// The text of a value, line ends and all.
pub(super) fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("True"),
        Value::Bool(false) => Cow::Borrowed("False"),
        Value::Number(text) => text,
        Value::Text(text) => date::shown(text),
        Value::List(items) => Cow::Owned(list(items)),
        Value::Object(fields) => Cow::Owned(object(fields)),
    }
}

/// The text of a value in a column of no view, where PowerShell shows fractions with two decimals.
pub(super) fn rounded(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Number(text) if text.contains(['.', 'e', 'E']) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Cow::Owned(format!("{number:.2}")),
            _ => text,
        },
        value => self::text(value),
    }
}

/// Whether PowerShell sets the value at the right of a column that nobody aligned.
pub(super) fn stands_right(value: &Value<'_>) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_))
}

fn list(items: Vec<Value<'_>>) -> String {
    let more = if items.len() > ITEMS { "…" } else { "" };
    let shown: Vec<_> = items.into_iter().take(ITEMS).map(item).collect();
    format!("{{{}{more}}}", shown.join(", "))
}

/// An absent item is named, because an empty place between two commas could be an empty text.
fn item(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed("$null"),
        value => text(value),
    }
}

fn object(fields: Vec<(Cow<'_, str>, Value<'_>)>) -> String {
    let pairs: Vec<_> = fields.into_iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
    format!("@{{{}}}", pairs.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decode;

    #[test]
    fn every_kind_of_value_reads_as_in_powershell() {
        for (sent, shown) in [
            ("null", ""),
            ("true", "True"),
            ("false", "False"),
            ("15394007230974001153", "15394007230974001153"),
            ("0.10", "0.10"),
            (r#""99 GB (106,300,440,576 bytes)""#, "99 GB (106,300,440,576 bytes)"),
            ("[]", "{}"),
            (r#"["a"]"#, "{a}"),
            (r#"["a","b","c","d"]"#, "{a, b, c, d}"),
            (r#"["a","b","c","d","e"]"#, "{a, b, c, d…}"),
            (r#"[null,true,"2026-07-23T22:01:22.0000000Z"]"#, "{$null, True, 7/23/2026 10:01:22 PM}"),
            (r#"{"Major":14,"Minor":0,"Note":null}"#, "@{Major=14; Minor=0; Note=}"),
            ("{}", "@{}"),
            (r#"[{"a":["x"]}]"#, "{@{a={x}}}"),
            (r#""2026-07-23T21:51:45.0000000+00:00""#, "7/23/2026 9:51:45 PM"),
        ] {
            assert_eq!(text(decode(sent)), shown, "{sent}");
        }
    }

    #[test]
    fn fractions_without_a_view_have_two_decimals_and_whole_numbers_none() {
        for (sent, shown) in [
            ("1.5", "1.50"),
            ("2e1", "20.00"),
            ("15394007230974001153", "15394007230974001153"),
            ("1e999", "1e999"),
        ] {
            assert_eq!(rounded(decode(sent)), shown);
        }
    }
}
