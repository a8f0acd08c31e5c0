//! Moments as the service reads them: UTC, with seven digits after the second, as the module writes them.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// What a spelling of a moment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// As it is sent.
    pub utc: String,
    /// Whether the spelling named a zone. Without one it is taken as UTC.
    pub zoned: bool,
}

/// Reads ISO 8601 and the American order that PowerShell reads everywhere, each with or without a time of day.
pub(super) fn read(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Some(moment) = zoned(text) {
        return Some(Moment { utc: write(moment)?, zoned: true });
    }
    let (day, time) = match text.split_once([' ', 'T', 't']) {
        Some((day, time)) => (day, time_of_day(time.trim())?),
        None => (text, Time::MIDNIGHT),
    };
    let moment = PrimitiveDateTime::new(date(day)?, time).assume_utc();
    Some(Moment { utc: write(moment)?, zoned: false })
}

fn zoned(text: &str) -> Option<OffsetDateTime> {
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment);
    }
    // Without seconds, or with a blank before the time or the zone, RFC 3339 does not read it.
    let (rest, offset) = if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        (rest, UtcOffset::UTC)
    } else {
        let (rest, offset) = text.split_at(text.rfind(['+', '-']).filter(|at| text[..*at].contains(':'))?);
        let form = format_description!("[offset_hour sign:mandatory]:[offset_minute]");
        (rest, UtcOffset::parse(offset, form).ok()?)
    };
    let (day, time) = rest.trim().split_once([' ', 'T', 't'])?;
    Some(PrimitiveDateTime::new(date(day)?, time_of_day(time.trim())?).assume_offset(offset))
}

fn date(text: &str) -> Option<Date> {
    let iso = Date::parse(text, format_description!("[year]-[month]-[day]"));
    let american =
        || Date::parse(text, format_description!("[month padding:none]/[day padding:none]/[year]"));
    iso.or_else(|_| american()).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let upper = text.to_ascii_uppercase();
    Time::parse(&upper, format_description!("[hour padding:none]:[minute]"))
        .or_else(|_| Time::parse(&upper, format_description!("[hour padding:none]:[minute]:[second]")))
        .or_else(|_| {
            Time::parse(&upper, format_description!("[hour padding:none]:[minute]:[second].[subsecond]"))
        })
        .or_else(|_| {
            Time::parse(&upper, format_description!("[hour repr:12 padding:none]:[minute] [period]"))
        })
        .or_else(|_| {
            Time::parse(&upper, format_description!("[hour repr:12 padding:none]:[minute]:[second] [period]"))
        })
        .ok()
}

/// Nothing outside of the years 1 to 9999, which is all that a date of the service's can be, in UTC.
fn write(moment: OffsetDateTime) -> Option<String> {
    moment
        .checked_to_offset(UtcOffset::UTC)
        .filter(|moment| moment.year() > 0)?
        .format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_spellings_are_sent_as_utc() {
        for (text, utc, zoned) in [
            ("2026-11-24", "2026-11-24T00:00:00.0000000Z", false),
            ("2026-11-24T09:05", "2026-11-24T09:05:00.0000000Z", false),
            ("2026-11-24 9:05:07", "2026-11-24T09:05:07.0000000Z", false),
            ("2026-11-24T09:05:07.5", "2026-11-24T09:05:07.5000000Z", false),
            ("11/24/2026", "2026-11-24T00:00:00.0000000Z", false),
            ("1/2/2026 9:00 pm", "2026-01-02T21:00:00.0000000Z", false),
            ("01/02/2026 09:00:01 AM", "2026-01-02T09:00:01.0000000Z", false),
            ("2026-11-24T09:05:07Z", "2026-11-24T09:05:07.0000000Z", true),
            ("2026-11-24T09:05Z", "2026-11-24T09:05:00.0000000Z", true),
            ("2026-11-24 09:05:07 +02:00", "2026-11-24T07:05:07.0000000Z", true),
            ("2026-11-24T00:05-08:00", "2026-11-24T08:05:00.0000000Z", true),
            ("2026-11-24T09:05:07.1234567+00:00", "2026-11-24T09:05:07.1234567Z", true),
        ] {
            let expected = Moment { utc: utc.to_owned(), zoned };
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for text in [
            "",
            "today",
            "24.11.2026",
            "24/11/2026",
            "2026-13-01",
            "2026-11-24T25:00",
            "T",
            "Z",
            "+",
            ":+",
            "11/24/-2026",
            "0000-11-24",
            "9999-12-31T23:59:59-01:00",
            "0001-01-01T00:00:00+01:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
