//! Numbers as .NET writes them in the culture en-US.

use super::padded;
use crate::script::convert;
use crate::script::value::Value;

/// A fraction with as few digits as tell it from its neighbours; very large and very small ones with an exponent.
pub(crate) fn shortest(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..15).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:02}", exponent.abs())
}

/// A number by a format; `None` where it has no such one.
pub(crate) fn formatted(value: &Value, format: &str) -> Option<String> {
    let mut letters = format.chars();
    let kind = letters.next()?;
    let digits = letters.as_str();
    let standard =
        kind.is_ascii_alphabetic() && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !standard {
        return custom(convert::double(value)?, format);
    }
    let digits: Option<usize> = digits.parse().ok();
    let number = convert::double(value)?;
    match kind.to_ascii_uppercase() {
        'N' => Some(grouped(&fixed(number, digits.unwrap_or(2)))),
        'F' => Some(fixed(number, digits.unwrap_or(2))),
        'P' => Some(format!("{}%", grouped(&fixed(number * 100.0, digits.unwrap_or(2))))),
        'C' => {
            let text = grouped(&fixed(number.abs(), digits.unwrap_or(2)));
            Some(if number < 0.0 { format!("-${text}") } else { format!("${text}") })
        }
        'D' => whole(value, |number| {
            let text = format!("{:0>width$}", number.unsigned_abs(), width = digits.unwrap_or(0));
            if number < 0 { format!("-{text}") } else { text }
        }),
        'X' => whole(value, |number| {
            let width = digits.unwrap_or(0);
            #[allow(clippy::cast_possible_truncation)] // The bits of a negative number are as many as it has.
            let text = if matches!(value, Value::Int(_)) {
                format!("{:0>width$X}", number as i32)
            } else {
                format!("{number:0>width$X}")
            };
            if kind == 'x' { text.to_ascii_lowercase() } else { text }
        }),
        'E' => {
            let text = format!("{number:.*e}", digits.unwrap_or(6));
            let (mantissa, exponent) = text.split_once('e')?;
            let exponent: i32 = exponent.parse().ok()?;
            Some(format!("{mantissa}{kind}{}{:03}", if exponent < 0 { '-' } else { '+' }, exponent.abs()))
        }
        'G' | 'R' => Some(convert::text(value)),
        _ => None,
    }
}

/// Formats of whole numbers alone.
fn whole(value: &Value, write: impl Fn(i64) -> String) -> Option<String> {
    match value {
        Value::Int(_) | Value::Long(_) => convert::long(value).map(write),
        _ => None,
    }
}

/// The most digits that a fraction has after its point.
const MOST: usize = 1074;

/// So many digits after the point, rounded away from zero where it lies in the middle.
pub(crate) fn fixed(number: f64, digits: usize) -> String {
    // No fraction has more digits than that, and the formatting of Rust takes no more than 65,535.
    if digits > MOST {
        let number = fixed(number, MOST);
        return number + &"0".repeat(digits - MOST);
    }
    let exact = format!("{:.*}", digits + 30, number.abs());
    let keep = exact.len() - 30;
    let up = exact.as_bytes().get(keep).is_some_and(|next| *next >= b'5');
    let mut kept: Vec<u8> = exact.as_bytes()[..keep].to_vec();
    if up {
        increment(&mut kept);
    }
    let text = String::from_utf8(kept).unwrap_or_default();
    let text = text.trim_end_matches('.');
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if number < 0.0 && !is_zero { format!("-{text}") } else { text.to_owned() }
}

/// One more in the last place.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        match digit {
            b'9' => *digit = b'0',
            b'0'..=b'8' => {
                *digit += 1;
                return;
            }
            _ => {}
        }
    }
    digits.insert(0, b'1');
}

/// With commas between thousands.
fn grouped(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

/// `0.00`, `#,##0.0`, `0%` and their like, with a text around them.
fn custom(number: f64, format: &str) -> Option<String> {
    let sections: Vec<&str> = format.split(';').collect();
    let (section, number) = match (sections.as_slice(), number) {
        ([_, negative, ..], number) if number < 0.0 && !negative.is_empty() => (*negative, number.abs()),
        ([_, _, zero], number) if number == 0.0 => (*zero, number),
        ([first, ..], number) => (*first, number),
        ([], _) => return None,
    };
    let is_place = |letter: char| matches!(letter, '0' | '#' | '.' | ',');
    let Some(start) = section.find(is_place) else { return Some(section.replace('\\', "")) };
    let end = section.rfind(is_place)? + 1;
    let (before, places, after) = (&section[..start], &section[start..end], &section[end..]);
    let percent = before.contains('%') || after.contains('%');
    let (whole, fraction) = places.split_once('.').unwrap_or((places, ""));
    let most = fraction.chars().filter(|letter| matches!(letter, '0' | '#')).count();
    let least = fraction.rfind('0').map_or(0, |at| at + 1);
    let text = fixed(if percent { number * 100.0 } else { number }, most);
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (digits, decimals) = text.split_once('.').unwrap_or((text, ""));
    let width = whole.chars().filter(|letter| *letter == '0').count();
    let digits = digits.trim_start_matches('0');
    let digits = padded(digits, width);
    let digits = if whole.contains(',') { grouped(&digits) } else { digits };
    let mut decimals = decimals.to_owned();
    while decimals.len() > least && decimals.ends_with('0') {
        decimals.pop();
    }
    let point = if decimals.is_empty() { "" } else { "." };
    let plain = |text: &str| text.replace(['\'', '"', '\\'], "");
    Some(format!("{sign}{}{digits}{point}{decimals}{}", plain(before), plain(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_as_short_as_they_can_be() {
        for (number, text) in [
            (1.5, "1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (2_147_483_648.0, "2147483648"),
            (1e15, "1E+15"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-5, "1E-05"),
            (0.0001, "0.0001"),
            (-0.0, "0"),
            (1.5e300, "1.5E+300"),
        ] {
            assert_eq!(shortest(number), text);
        }
    }

    /// The standard and custom numeric format strings of .NET.
    #[test]
    fn formats_are_those_of_dotnet() {
        for (value, format, text) in [
            (Value::Double(1234.5678), "N2", "1,234.57"),
            (Value::Double(2.5), "N0", "3"),
            (Value::Double(0.125), "F2", "0.13"),
            (Value::Double(-1234.5), "n1", "-1,234.5"),
            (Value::Int(5), "D3", "005"),
            (Value::Int(-5), "D3", "-005"),
            (Value::Int(255), "x4", "00ff"),
            (Value::Double(0.5), "P0", "50%"),
            (Value::Double(1234.5), "C", "$1,234.50"),
            (Value::Double(12345.678), "E2", "1.23E+004"),
            (Value::Double(1234.5), "#,##0.00", "1,234.50"),
            (Value::Double(0.5), "#.##", ".5"),
            (Value::Int(7), "00", "07"),
            (Value::Double(0.256), "0.#%", "25.6%"),
            (Value::Int(3), "0 GB", "3 GB"),
            (Value::Double(-0.001), "N2", "0.00"),
            (Value::Double(999.995), "F2", "1000.00"),
        ] {
            assert_eq!(formatted(&value, format).as_deref(), Some(text), "{value:?} {format}");
        }
        assert_eq!(formatted(&Value::Double(1.5), "D2"), None);
        assert_eq!(formatted(&Value::Int(1), "Q"), None);
    }
}
