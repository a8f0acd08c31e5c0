//! Moments and lengths of time, in ticks of 100 nanoseconds as .NET counts them.
//!
//! Local time is UTC here, on every machine: so it is where runbooks of Azure Automation run, and a script that prints a
//! time prints the same one from any host.

use std::time::SystemTime;

use time::{Month, PrimitiveDateTime, Time, Weekday};

pub(crate) const TICKS_A_SECOND: i64 = 10_000_000;
pub(crate) const TICKS_A_DAY: i64 = 86_400 * TICKS_A_SECOND;

/// The ticks of 1970-01-01.
const EPOCH: i64 = 621_355_968_000_000_000;

/// The last tick of the year 9999.
const LAST: i64 = 3_155_378_975_999_999_999;

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    /// Since the beginning of the year 1.
    pub(crate) ticks: i64,
    pub(crate) zone: Zone,
}

/// What a moment knows of its zone. It is always one of UTC; what differs is how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    Unspecified,
    Utc,
    Local,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(pub(crate) i64);

impl Date {
    /// This many ticks after the beginning; `None` outside of the years 1 to 9999.
    pub(crate) fn of_ticks(ticks: i64, zone: Zone) -> Option<Self> {
        (0..=LAST).contains(&ticks).then_some(Self { ticks, zone })
    }

    pub(crate) fn now(moment: SystemTime, zone: Zone) -> Self {
        let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or(0);
        Self { ticks: EPOCH + ticks, zone }
    }

    pub(crate) fn of_parts(year: i32, month: u8, day: u8, time: Time) -> Option<Self> {
        let date = time::Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        if year < 1 {
            return None;
        }
        let days = i64::from(date.to_julian_day()) - 1_721_426;
        let (hour, minute, second, nano) = time.as_hms_nano();
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let ticks = days * TICKS_A_DAY + seconds * TICKS_A_SECOND + i64::from(nano / 100);
        Self::of_ticks(ticks, Zone::Unspecified)
    }

    /// A date in exactly the form in which the service writes them: seven digits of the second, and no other zone than
    /// UTC.
    pub(crate) fn of_wire(text: &str) -> Option<Self> {
        let (date, zone) = text.split_at_checked(27)?;
        let bytes = date.as_bytes();
        let zone = match zone {
            "" => Zone::Unspecified,
            "Z" => Zone::Utc,
            "+00:00" => Zone::Local,
            _ => return None,
        };
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.')];
        if !marks.iter().all(|(at, mark)| bytes[*at] == *mark) {
            return None;
        }
        let number = |from: usize, to: usize| {
            let digits = date.get(from..to)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
        };
        let small = |from: usize| u8::try_from(number(from, from + 2)?).ok();
        let time = Time::from_hms_nano(small(11)?, small(14)?, small(17)?, number(20, 27)? * 100).ok()?;
        let date = Self::of_parts(i32::try_from(number(0, 4)?).ok()?, small(5)?, small(8)?, time)?;
        Some(Self { zone, ..date })
    }

    pub(crate) fn calendar(self) -> PrimitiveDateTime {
        let (days, ticks) = (self.ticks / TICKS_A_DAY, self.ticks % TICKS_A_DAY);
        let julian = i32::try_from(days + 1_721_426).unwrap_or(i32::MAX);
        let date = time::Date::from_julian_day(julian).unwrap_or(time::Date::MAX);
        let seconds = ticks / TICKS_A_SECOND;
        let part = |value: i64| u8::try_from(value).unwrap_or(0);
        let nano = u32::try_from(ticks % TICKS_A_SECOND * 100).unwrap_or(0);
        let time =
            Time::from_hms_nano(part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), nano);
        PrimitiveDateTime::new(date, time.unwrap_or(Time::MIDNIGHT))
    }

    pub(crate) fn plus(self, span: Span) -> Option<Self> {
        Self::of_ticks(self.ticks.checked_add(span.0)?, self.zone)
    }

    pub(crate) fn plus_months(self, months: i32) -> Option<Self> {
        let calendar = self.calendar();
        let month = calendar.year().checked_mul(12)? + i32::from(u8::from(calendar.month())) - 1;
        let month = month.checked_add(months)?;
        let (year, month) = (month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?);
        let last = Month::try_from(month).ok()?.length(year);
        let date = Self::of_parts(year, month, calendar.day().min(last), calendar.time())?;
        Some(Self { zone: self.zone, ..date })
    }

    /// The same day at midnight.
    pub(crate) fn day(self) -> Self {
        Self { ticks: self.ticks - self.ticks % TICKS_A_DAY, ..self }
    }

    pub(crate) fn first_of_all() -> Self {
        Self { ticks: 0, zone: Zone::Unspecified }
    }

    pub(crate) fn last_of_all() -> Self {
        Self { ticks: LAST, zone: Zone::Unspecified }
    }

    pub(crate) fn unix(self) -> i64 {
        (self.ticks - EPOCH).div_euclid(TICKS_A_SECOND)
    }
}

impl Span {
    /// This many of a unit, to the tick; `None` where that is too long.
    pub(crate) fn of(count: f64, ticks: i64) -> Option<Self> {
        #[allow(clippy::cast_precision_loss)] // A unit has few digits.
        let exact = (count * ticks as f64).round();
        #[allow(clippy::cast_possible_truncation)] // It was compared before.
        (exact.abs() < 9.2e18).then_some(Self(exact as i64))
    }

    /// As a number of a unit.
    #[allow(clippy::cast_precision_loss)] // .NET has it as a fraction too.
    pub(crate) fn in_units(self, ticks: i64) -> f64 {
        self.0 as f64 / ticks as f64
    }

    /// `[-][d.]hh:mm:ss[.fffffff]`, as .NET writes and reads it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (head, rest) = text.split_once(':').unwrap_or((text, ""));
        if rest.is_empty() {
            return Some(Self(head.parse::<i64>().ok()?.checked_mul(TICKS_A_DAY)? * sign));
        }
        let (days, hours) = head.split_once('.').unwrap_or(("0", head));
        let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
        let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        let number = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten()
        };
        let bounded = |text: &str, most: i64| number(text).filter(|value| *value < most);
        let fraction = number(&format!("{fraction:0<7}")).filter(|_| fraction.len() <= 7)?;
        let seconds = bounded(hours, 24)? * 3600 + bounded(minutes, 60)? * 60 + bounded(seconds, 60)?;
        let ticks =
            number(days)?.checked_mul(TICKS_A_DAY)?.checked_add(seconds * TICKS_A_SECOND + fraction)?;
        Some(Self(ticks * sign))
    }
}

/// The form in which the service writes a date.
pub(crate) fn wire(date: Date) -> String {
    let suffix = match date.zone {
        Zone::Unspecified => "",
        Zone::Utc => "Z",
        Zone::Local => "+00:00",
    };
    let calendar = date.calendar();
    let (hour, minute, second, nano) = calendar.as_hms_nano();
    format!(
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{:07}{suffix}",
        calendar.year(),
        u8::from(calendar.month()),
        calendar.day(),
        nano / 100
    )
}

/// A date as people write it: ISO 8601, or month before day as in the culture en-US, or with the month's name.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .filter(|word| !word.is_empty())
        .flat_map(|word| match word.split_once(['T', 't']) {
            Some((day, time)) if is_day(day) && time.starts_with(|letter: char| letter.is_ascii_digit()) => {
                vec![day, time]
            }
            _ => vec![word],
        })
        .collect();
    let split = words.iter().position(|word| word.contains(':')).unwrap_or(words.len());
    let (day, time) = words.split_at(split);
    let (time, zone) = clock(&time.concat())?;
    let day: Vec<&str> = day.iter().filter(|word| weekday(word).is_none()).copied().collect();
    let (year, month, day) = calendar_day(&day)?;
    let date = Date::of_parts(year, month, day, time)?;
    match zone {
        None => Some(date),
        Some(offset) => {
            let moved = date.plus(Span(-offset))?;
            Some(Date { zone: Zone::Local, ..moved })
        }
    }
}

fn is_day(text: &str) -> bool {
    text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/'))
}

fn weekday(word: &str) -> Option<Weekday> {
    let days = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    days.into_iter().find(|day| is_name(word, &day.to_string()))
}

/// Whether a word is a name, or its first three letters.
fn is_name(word: &str, name: &str) -> bool {
    word.eq_ignore_ascii_case(name) || word.trim_end_matches('.').eq_ignore_ascii_case(&name[..3])
}

fn month(word: &str) -> Option<u8> {
    (1..=12).find(|number| Month::try_from(*number).is_ok_and(|month| is_name(word, &month.to_string())))
}

fn calendar_day(words: &[&str]) -> Option<(i32, u8, u8)> {
    match words {
        [word] => {
            let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
            let [first, second, third] = parts.as_slice() else { return None };
            if let Some(named) = month(second) {
                return Some((year(third)?, named, first.parse().ok()?));
            }
            if first.len() == 4 {
                return Some((first.parse().ok()?, second.parse().ok()?, third.parse().ok()?));
            }
            Some((year(third)?, first.parse().ok()?, second.parse().ok()?))
        }
        [first, second, third] => match (month(first), month(second)) {
            (Some(month), _) => Some((year(third)?, month, second.parse().ok()?)),
            (None, Some(month)) => Some((year(third)?, month, first.parse().ok()?)),
            _ => None,
        },
        _ => None,
    }
}

/// A year of two digits lies between 1950 and 2049, as in .NET's calendar.
fn year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        2 if year < 50 => Some(2000 + year),
        2 => Some(1900 + year),
        4 => Some(year),
        _ => None,
    }
}

/// The time of day, and the ticks by which its zone is ahead of UTC where it names one.
fn clock(text: &str) -> Option<(Time, Option<i64>)> {
    if text.is_empty() {
        return Some((Time::MIDNIGHT, None));
    }
    let upper = text.to_ascii_uppercase();
    let (upper, zone) = match (upper.strip_suffix('Z'), upper.rfind(['+', '-'])) {
        (Some(rest), _) => (rest.to_owned(), Some(0)),
        (None, Some(at)) => {
            let sign = if upper.as_bytes()[at] == b'-' { -1 } else { 1 };
            let (hours, minutes) = upper[at + 1..].split_once(':').unwrap_or((&upper[at + 1..], "0"));
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            (upper[..at].to_owned(), Some(sign * minutes * 60 * TICKS_A_SECOND))
        }
        (None, None) => (upper, None),
    };
    let (digits, half) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(digits), _) => (digits.to_owned(), Some(0)),
        (None, Some(digits)) => (digits.to_owned(), Some(12)),
        (None, None) => (upper, None),
    };
    let mut parts = digits.split(':');
    let hour: u8 = parts.next()?.parse().ok()?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    let minute: u8 = parts.next()?.parse().ok()?;
    let (second, fraction) = match parts.next() {
        None => ("0", "0"),
        Some(second) => second.split_once('.').unwrap_or((second, "0")),
    };
    let fraction: String = fraction.chars().take(9).collect();
    let nano = format!("{fraction:0<9}").parse().ok()?;
    Some((Time::from_hms_nano(hour, minute, second.parse().ok()?, nano).ok()?, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_in_the_culture_of_the_documentation() {
        for (text, expected) in [
            ("2026-11-24", "2026-11-24T00:00:00.0000000"),
            ("2026-11-24T08:30:00Z", "2026-11-24T08:30:00.0000000+00:00"),
            ("2026-11-24T08:30:00.5+02:00", "2026-11-24T06:30:00.5000000+00:00"),
            ("11/24/2026", "2026-11-24T00:00:00.0000000"),
            ("1/2/2026 3:04 PM", "2026-01-02T15:04:00.0000000"),
            ("12/31/2025 12:00:01 AM", "2025-12-31T00:00:01.0000000"),
            ("November 24, 2026", "2026-11-24T00:00:00.0000000"),
            ("Tuesday, 24 Nov 2026 10:00", "2026-11-24T10:00:00.0000000"),
            ("24-Nov-26", "2026-11-24T00:00:00.0000000"),
        ] {
            assert_eq!(parse(text).map(wire).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "x", "13/40/2026", "2026-02-30", "5", "1/2", "25:00", "é-é-é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_wire_and_the_calendar_agree() {
        for text in [
            "2026-07-23T22:01:22.0000000Z",
            "0001-01-01T00:00:00.0000000",
            "9999-12-31T23:59:59.9999999+00:00",
        ] {
            assert_eq!(Date::of_wire(text).map(wire).as_deref(), Some(text));
        }
        for text in
            ["2026-07-23", "2026-07-23T22:01:22Z", "éééééééééééééééééééé", "2026-02-30T00:00:00.0000000Z"]
        {
            assert_eq!(Date::of_wire(text), None, "{text}");
        }
    }

    #[test]
    fn months_end_where_they_end() {
        let of = |text: &str| parse(text).expect(text);
        assert_eq!(of("2026-01-31").plus_months(1), Some(of("2026-02-28")));
        assert_eq!(of("2026-03-15").plus_months(-15), Some(of("2024-12-15")));
        assert_eq!(of("9999-12-31").plus_months(1), None);
    }

    #[test]
    fn lengths_are_read_as_dotnet_writes_them() {
        for (text, ticks) in [
            ("7.00:00:00", 7 * TICKS_A_DAY),
            ("-00:00:01.5", -15_000_000),
            ("06:30", 234_000_000_000),
            ("3", 3 * TICKS_A_DAY),
        ] {
            assert_eq!(Span::parse(text), Some(Span(ticks)), "{text}");
        }
        for text in ["", "25:00", "1:60", "a:b", "1.2", "0:0:0.12345678"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
