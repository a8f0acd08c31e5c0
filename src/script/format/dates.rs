//! Moments and lengths of time as .NET writes them in the culture en-US.

use std::fmt::Write as _;

use super::padded;
use crate::script::date::{Date, Span, TICKS_A_DAY, TICKS_A_SECOND, Zone};

/// A date by a format, a standard one of one letter or one that is put together.
pub(crate) fn formatted(date: Date, format: &str) -> String {
    let mut letters = format.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) => standard(date, only).unwrap_or_else(|| custom(date, format)),
        _ => custom(date, format.strip_prefix('%').unwrap_or(format)),
    }
}

/// A date by a format of one letter.
pub(crate) fn standard(date: Date, letter: char) -> Option<String> {
    form_of(letter).map(|form| custom(date, form))
}

/// What a format of one letter stands for.
pub(super) fn form_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "M/d/yyyy",
        'D' => "dddd, MMMM d, yyyy",
        'f' => "dddd, MMMM d, yyyy h:mm tt",
        'F' | 'U' => "dddd, MMMM d, yyyy h:mm:ss tt",
        'g' => "M/d/yyyy h:mm tt",
        'G' => "M/d/yyyy h:mm:ss tt",
        'm' | 'M' => "MMMM d",
        'o' | 'O' => "yyyy-MM-ddTHH:mm:ss.fffffffK",
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        's' => "yyyy-MM-ddTHH:mm:ss",
        't' => "h:mm tt",
        'T' => "h:mm:ss tt",
        'u' => "yyyy-MM-dd HH:mm:ss'Z'",
        'y' | 'Y' => "MMMM yyyy",
        _ => return None,
    })
}

/// A piece of a format.
pub(super) enum Part {
    /// What stands there as it is.
    Text(String),
    /// The same letter so many times.
    Field(char, usize),
}

/// The pieces of a format that is put together of letters.
pub(super) fn parts(format: &str) -> Vec<Part> {
    let letters: Vec<char> = format.chars().collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        match letter {
            '\'' | '"' => {
                let end = letters[at + 1..]
                    .iter()
                    .position(|next| *next == letter)
                    .map_or(letters.len(), |length| at + 1 + length);
                parts.push(Part::Text(letters[at + 1..end].iter().collect()));
                at = end + 1;
            }
            '\\' => {
                parts.push(Part::Text(letters.get(at + 1).into_iter().collect()));
                at += 2;
            }
            _ => {
                let run = letters[at..].iter().take_while(|next| **next == letter).count();
                parts.push(if FIELDS.contains(letter) {
                    Part::Field(letter, run)
                } else {
                    Part::Text(std::iter::repeat_n(letter, run).collect())
                });
                at += run;
            }
        }
    }
    parts
}

/// The letters that stand for something of a date.
const FIELDS: &str = "yMdHhmsfFtKzg";

/// A format that is put together of letters.
pub(crate) fn custom(date: Date, format: &str) -> String {
    let mut out = String::new();
    for part in parts(format) {
        match part {
            Part::Text(text) => out.push_str(&text),
            Part::Field(letter, run) => field(date, letter, run, &mut out),
        }
    }
    out
}

fn field(date: Date, letter: char, run: usize, out: &mut String) {
    let calendar = date.calendar();
    let number = |value: u32| format!("{value:0>width$}", width = run.min(2));
    let hour = u32::from(calendar.hour());
    let text = match letter {
        'y' if run <= 2 => format!("{:0>width$}", calendar.year() % 100, width = run),
        'y' => padded(&calendar.year().to_string(), run),
        'M' if run == 3 => calendar.month().to_string()[..3].to_owned(),
        'M' if run > 3 => calendar.month().to_string(),
        'M' => number(u8::from(calendar.month()).into()),
        'd' if run == 3 => calendar.weekday().to_string()[..3].to_owned(),
        'd' if run > 3 => calendar.weekday().to_string(),
        'd' => number(calendar.day().into()),
        'H' => number(hour),
        'h' => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
        'm' => number(calendar.minute().into()),
        's' => number(calendar.second().into()),
        'f' | 'F' => {
            let digits = format!("{:07}", calendar.nanosecond() / 100);
            let digits = &digits[..run.min(7)];
            if letter == 'F' { digits.trim_end_matches('0').to_owned() } else { digits.to_owned() }
        }
        't' => {
            let half = if hour < 12 { "AM" } else { "PM" };
            half[..run.min(2)].to_owned()
        }
        'K' => match date.zone {
            Zone::Utc => "Z".to_owned(),
            Zone::Local => "+00:00".to_owned(),
            Zone::Unspecified => String::new(),
        },
        'z' => match run {
            1 => "+0",
            2 => "+00",
            _ => "+00:00",
        }
        .to_owned(),
        _ => "A.D.".to_owned(),
    };
    out.push_str(&text);
}

/// `[-][d.]hh:mm:ss[.fffffff]`.
pub(crate) fn span(span: Span) -> String {
    let ticks = span.0.unsigned_abs();
    let (day, second) = (TICKS_A_DAY.unsigned_abs(), TICKS_A_SECOND.unsigned_abs());
    let (days, rest) = (ticks / day, ticks % day);
    let seconds = rest / second;
    let mut text = String::new();
    if span.0 < 0 {
        text.push('-');
    }
    if days > 0 {
        let _ = write!(text, "{days}.");
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest % second > 0 {
        let _ = write!(text, ".{:07}", rest % second);
    }
    text
}

/// A length by a format that is put together, such as `hh\:mm`.
pub(crate) fn span_formatted(of: Span, format: &str) -> String {
    if matches!(format, "c" | "g" | "G" | "t" | "T") {
        return span(of);
    }
    let ticks = of.0.unsigned_abs();
    let seconds = ticks / TICKS_A_SECOND.unsigned_abs();
    let letters: Vec<char> = format.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let letter = letters[at];
        let run = letters[at..].iter().take_while(|next| **next == letter).count();
        let mut number = |value: u64| out.push_str(&padded(&value.to_string(), run));
        match letter {
            '\\' => {
                out.extend(letters.get(at + 1));
                at += 2;
                continue;
            }
            'd' => number(seconds / 86_400),
            'h' => number(seconds / 3600 % 24),
            'm' => number(seconds / 60 % 60),
            's' => number(seconds % 60),
            'f' => out.push_str(&format!("{:07}", ticks % TICKS_A_SECOND.unsigned_abs())[..run.min(7)]),
            '\'' | '"' => {}
            other => out.extend(std::iter::repeat_n(other, run)),
        }
        at += run;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::date::parse;

    /// The standard and custom date format strings of .NET.
    #[test]
    fn dates_have_the_formats_of_dotnet() {
        let date = parse("2026-03-05 09:07:03 PM").expect("a date");
        for (format, text) in [
            ("yyyy-MM-dd", "2026-03-05"),
            ("yyyyMMdd_HHmmss", "20260305_210703"),
            ("d", "3/5/2026"),
            ("D", "Thursday, March 5, 2026"),
            ("G", "3/5/2026 9:07:03 PM"),
            ("o", "2026-03-05T21:07:03.0000000"),
            ("s", "2026-03-05T21:07:03"),
            ("u", "2026-03-05 21:07:03Z"),
            ("dd MMM yy h:mm tt", "05 Mar 26 9:07 PM"),
            ("ddd d.M.", "Thu 5.3."),
            ("'on' dddd\\!", "on Thursday!"),
            ("HH'h'mm", "21h07"),
            ("fff", "000"),
        ] {
            assert_eq!(formatted(date, format), text, "{format}");
        }
        assert_eq!(formatted(Date { zone: Zone::Utc, ..date }, "o"), "2026-03-05T21:07:03.0000000Z");
    }

    #[test]
    fn lengths_are_written_as_dotnet_writes_them() {
        for (text, form, expected) in [
            ("7.00:00:00", "c", "7.00:00:00"),
            ("-01:30:00", "c", "-01:30:00"),
            ("00:00:00.5", "c", "00:00:00.5000000"),
            ("1.02:03:04", "dd\\.hh\\:mm", "01.02:03"),
        ] {
            assert_eq!(span_formatted(Span::parse(text).expect(text), form), expected);
        }
    }
}
