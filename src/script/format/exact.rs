//! Dates that must have one form to the letter, as `ParseExact` of .NET reads them in the culture en-US.

use time::{Month, Time, Weekday};

use super::dates;
use crate::script::date::{Date, Span, Zone};

/// What has been read.
#[derive(Default)]
struct Read {
    year: Option<i32>,
    month: Option<u8>,
    day: Option<u8>,
    weekday: Option<Weekday>,
    hour: u8,
    minute: u8,
    second: u8,
    /// In ticks.
    fraction: u32,
    afternoon: Option<bool>,
    /// Minutes east of Greenwich.
    offset: Option<i64>,
}

/// The date, where the text has this form; what the form leaves out is taken from today.
pub(crate) fn exactly(text: &str, format: &str, today: Date) -> Option<Date> {
    let mut letters = format.chars();
    let form = match (letters.next(), letters.next()) {
        (Some(only), None) => dates::form_of(only)?,
        _ => format.strip_prefix('%').unwrap_or(format),
    };
    let mut read = Read::default();
    let rest = dates::parts(form).into_iter().try_fold(text, |rest, part| match part {
        dates::Part::Text(text) => rest.strip_prefix(text.as_str()),
        dates::Part::Field(letter, run) => read.field(letter, run, rest),
    })?;
    if rest.is_empty() { read.date(today) } else { None }
}

/// A number of so many digits at least and at most, and what is behind it.
fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits).filter(|(digits, _)| digits.len() >= least)?;
    Some((digits.parse().ok()?, rest))
}

fn small(text: &str, run: usize) -> Option<(u8, &str)> {
    let (number, rest) = number(text, run.min(2), 2)?;
    Some((u8::try_from(number).ok()?, rest))
}

/// One of these by its name, or by the first three letters where these are asked for.
fn named<T: Copy + ToString>(all: impl IntoIterator<Item = T>, text: &str, run: usize) -> Option<(T, &str)> {
    all.into_iter().find_map(|one| {
        let whole = one.to_string();
        let name = if run == 3 { &whole[..3] } else { &whole };
        let (start, rest) = text.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some((one, rest))
    })
}

impl Read {
    /// Reads a field, and gives back what is behind it.
    fn field<'t>(&mut self, letter: char, run: usize, text: &'t str) -> Option<&'t str> {
        let rest;
        match letter {
            'y' => {
                let (year, behind) = number(text, if run == 1 { 1 } else { run }, run.max(2))?;
                let year = i32::try_from(year).ok()?;
                // Up to 2049, as .NET has it.
                let century = if year < 50 { 2000 } else { 1900 };
                (self.year, rest) = (Some(if run > 2 { year } else { century + year }), behind);
            }
            'M' if run > 2 => {
                let months = (1..=12).filter_map(|number| Month::try_from(number).ok());
                let (month, behind) = named(months, text, run)?;
                (self.month, rest) = (Some(u8::from(month)), behind);
            }
            'd' if run > 2 => {
                let days = (0..7).map(|days| Weekday::Monday.nth_next(days));
                let (day, behind) = named(days, text, run)?;
                (self.weekday, rest) = (Some(day), behind);
            }
            'M' | 'd' | 'H' | 'h' | 'm' | 's' => {
                let (value, behind) = small(text, run)?;
                match letter {
                    'M' => self.month = Some(value),
                    'd' => self.day = Some(value),
                    'm' => self.minute = value,
                    's' => self.second = value,
                    'h' if value > 12 => return None,
                    _ => self.hour = value,
                }
                rest = behind;
            }
            'f' | 'F' if run <= 7 => {
                let (value, behind) =
                    number(text, if letter == 'f' { run } else { 0 }, run).unwrap_or((0, text));
                let digits = text.len() - behind.len();
                if letter == 'f' && digits < run {
                    return None;
                }
                self.fraction = value * 10_u32.pow(7 - u32::try_from(digits).ok()?);
                rest = behind;
            }
            't' => {
                let (half, behind) = text.split_at_checked(run.min(2))?;
                let is = |name: &str| half.eq_ignore_ascii_case(&name[..half.len()]);
                self.afternoon = Some(is("PM")).filter(|afternoon| *afternoon || is("AM"));
                rest = self.afternoon.map(|_| behind)?;
            }
            'K' | 'z' => rest = self.zone(letter, run, text)?,
            _ => return None,
        }
        Some(rest)
    }

    fn zone<'t>(&mut self, letter: char, run: usize, text: &'t str) -> Option<&'t str> {
        if letter == 'K' && !text.starts_with(['+', '-']) {
            let rest = text.strip_prefix('Z');
            self.offset = rest.map(|_| 0);
            return Some(rest.unwrap_or(text));
        }
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (hours, mut rest) = small(text.strip_prefix(['+', '-'])?, run)?;
        let mut minutes = 0;
        if letter == 'K' || run > 2 {
            (minutes, rest) = small(rest.strip_prefix(':')?, 2)?;
        }
        self.offset = Some(sign * (i64::from(hours) * 60 + i64::from(minutes)));
        Some(rest)
    }

    fn date(self, today: Date) -> Option<Date> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if self.hour > 12 => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let time = Time::from_hms_nano(hour, self.minute, self.second, self.fraction * 100).ok()?;
        let now = today.calendar();
        let is_time = self.year.is_none() && self.month.is_none() && self.day.is_none();
        let (month, day) = if is_time { (u8::from(now.month()), now.day()) } else { (1, 1) };
        let (month, day) = (self.month.unwrap_or(month), self.day.unwrap_or(day));
        let date = Date::of_parts(self.year.unwrap_or_else(|| now.year()), month, day, time)?;
        if self.weekday.is_some_and(|day| day != date.calendar().weekday()) {
            return None;
        }
        match self.offset {
            None => Some(date),
            // Local time is UTC here.
            Some(minutes) => {
                date.plus(Span(-minutes * 60 * 10_000_000)).map(|date| Date { zone: Zone::Local, ..date })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::date::parse;

    /// "Custom date and time format strings" of .NET, and `DateTime.ParseExact`.
    #[test]
    fn the_form_has_to_fit_to_the_letter() {
        let today = parse("2026-11-24").expect("a date");
        for (text, format, expected) in [
            ("2026-03-05 21:07", "yyyy-MM-dd HH:mm", Some("2026-03-05T21:07:00.0000000")),
            ("5/3/26", "d/M/yy", Some("2026-03-05T00:00:00.0000000")),
            ("5/3/70", "d/M/yy", Some("1970-03-05T00:00:00.0000000")),
            ("March 2026", "MMMM yyyy", Some("2026-03-01T00:00:00.0000000")),
            ("5 mar", "d MMM", Some("2026-03-05T00:00:00.0000000")),
            ("9:07", "H:mm", Some("2026-11-24T09:07:00.0000000")),
            ("12:30 AM", "h:mm tt", Some("2026-11-24T00:30:00.0000000")),
            ("2026-03-05T21:07:03", "s", Some("2026-03-05T21:07:03.0000000")),
            (
                "2026-03-05T21:07:03.25Z",
                "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
                Some("2026-03-05T21:07:03.2500000+00:00"),
            ),
            ("2026-03-05 21:07 +02:00", "yyyy-MM-dd HH:mm zzz", Some("2026-03-05T19:07:00.0000000+00:00")),
            ("2026-3-05", "yyyy-MM-dd", None),
            ("2026-03-05 ", "yyyy-MM-dd", None),
            ("2026-03-05", "yyyy-MM", None),
            ("2026-13-05", "yyyy-MM-dd", None),
            ("Friday 2026-03-05", "dddd yyyy-MM-dd", None),
            ("13:00 PM", "h:mm tt", None),
            ("2026-03-05é", "yyyy-MM-dd", None),
            ("", "yyyy", None),
        ] {
            let read = exactly(text, format, today).map(|date| dates::formatted(date, "o"));
            assert_eq!(read.as_deref(), expected, "{text} as {format}");
        }
    }
}
