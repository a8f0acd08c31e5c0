//! Values as texts by a format: `-f`, `.ToString('N2')`, `Get-Date -Format`.

pub(crate) mod dates;
pub(crate) mod exact;
pub(crate) mod numbers;

use super::convert;
use super::error::{Flow, raise};
use super::room;
use super::value::Value;

/// `'{0,10:N2}' -f …`.
pub(crate) fn composite(template: &str, values: &[Value]) -> Flow<String> {
    let bad = |what: &str| raise("FormatError", format!("Error formatting a string: {what}."));
    let mut out = String::new();
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' if letters.next_if_eq(&'{').is_some() => out.push('{'),
            '}' if letters.next_if_eq(&'}').is_some() => out.push('}'),
            '}' => return bad("Input string was not in a correct format"),
            '{' => {
                let mut hole = String::new();
                loop {
                    match letters.next() {
                        Some('}') => break,
                        Some(letter) => hole.push(letter),
                        None => return bad("Input string was not in a correct format"),
                    }
                }
                let (place, format) = hole
                    .split_once(':')
                    .map_or((hole.as_str(), None), |(place, format)| (place, Some(format)));
                let (index, width) = place.split_once(',').unwrap_or((place, "0"));
                let (Ok(index), Ok(width)) = (index.trim().parse::<usize>(), width.trim().parse::<i16>())
                else {
                    return bad("Input string was not in a correct format");
                };
                let Some(value) = values.get(index) else {
                    return bad(
                        "Index (zero based) must be greater than or equal to zero and less than the size of the argument list",
                    );
                };
                pad(&value_text(value, format)?, width, &mut out);
                room::for_text(out.len())?;
            }
            letter => out.push(letter),
        }
    }
    Ok(out)
}

/// The digits of a number with zeros before them. The formatting of Rust ends the program above 65,535 places.
fn padded(digits: &str, places: usize) -> String {
    "0".repeat(places.saturating_sub(digits.len())) + digits
}

fn pad(text: &str, width: i16, out: &mut String) {
    let room = usize::from(width.unsigned_abs()).saturating_sub(text.chars().count());
    let blanks = " ".repeat(room);
    if width > 0 { out.extend([&blanks, text]) } else { out.extend([text, &blanks]) }
}

/// A value by a format, in the culture en-US. What has no formats is written as it is.
pub(crate) fn value_text(value: &Value, format: Option<&str>) -> Flow<String> {
    let Some(format) = format.filter(|format| !format.is_empty()) else {
        return Ok(convert::culture_text(value));
    };
    let formatted = match value {
        Value::Int(_) | Value::Long(_) | Value::Double(_) => numbers::formatted(value, format),
        Value::Date(date) => Some(dates::formatted(*date, format)),
        Value::Span(span) => Some(dates::span_formatted(*span, format)),
        other => Some(convert::culture_text(other)),
    };
    match formatted {
        Some(text) => Ok(text),
        None => raise(
            "FormatError",
            format!("Error formatting a string: `{format}` is no format of {}.", value.type_name()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `about_Operators`, the format operator; the composite formatting of .NET.
    #[test]
    fn values_are_filled_in() {
        let values =
            [Value::text("Meg"), Value::Int(1234), Value::Double(0.256), Value::Null, Value::Bool(true)];
        for (template, expected) in [
            ("{0} has {1}", "Meg has 1234"),
            ("[{0,6}] [{0,-6}]", "[   Meg] [Meg   ]"),
            ("{1:N0} {1:D6} {1:X} {2:P1} {2:F2} {2:0.0}", "1,234 001234 4D2 25.6% 0.26 0.3"),
            ("{{0}} {3}.", "{0} ."),
            ("{4}", "True"),
        ] {
            assert_eq!(composite(template, &values).ok().as_deref(), Some(expected), "{template}");
        }
        for template in ["{5}", "{", "}", "{x}", "{0"] {
            assert!(composite(template, &values).is_err(), "{template}");
        }
    }
}
