//! Values that travel as text: sizes, time spans, dates. Each is read strictly and written as the service gives it back.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const UNITS: [(&str, u64); 5] =
    [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];
pub(crate) const UNLIMITED: &str = "Unlimited";

/// `50 GB`, `10MB`, `1048576`, `99 GB (106,300,440,576 bytes)` or `Unlimited`.
pub(crate) fn size(text: &str) -> Option<String> {
    if text.eq_ignore_ascii_case(UNLIMITED) {
        return Some(UNLIMITED.to_owned());
    }
    if let Some(bytes) = bytes(text) {
        return Some(sized(bytes));
    }
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..split], text[split..].trim_start());
    if unit.is_empty() {
        return number.parse().ok().map(sized);
    }
    let (_, factor) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let part = part.get(..part.len().min(6))?;
    let whole = whole.parse::<u64>().ok()?.checked_mul(*factor)?;
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    let part = u128::from(part.parse::<u64>().ok()?) * u128::from(*factor) / u128::from(scale);
    whole.checked_add(u64::try_from(part).ok()?).map(sized)
}

/// Bytes in the largest unit of which there is one, with four digits, and in full.
pub(crate) fn sized(bytes: u64) -> String {
    let (unit, factor) = UNITS.into_iter().find(|(_, factor)| bytes >= *factor).unwrap_or(("B", 1));
    let whole = (bytes / factor).to_string();
    let part = format!("{:03}", u128::from(bytes % factor) * 1000 / u128::from(factor));
    let part = part[..4_usize.saturating_sub(whole.len()).min(3)].trim_end_matches('0').to_owned();
    let point = if part.is_empty() { "" } else { "." };
    format!("{whole}{point}{part} {unit} ({} bytes)", grouped(bytes))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|g| str::from_utf8(g).ok()).collect();
    groups.join(",")
}

/// Bytes of a size as it is written, to compare it.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let (_, bytes) = text.split_once('(')?;
    bytes.strip_suffix(" bytes)")?.replace(',', "").parse().ok()
}

/// `14.00:00:00`, `06:00:00`, `00:30:00.5` or a number of days.
pub(crate) fn span(text: &str) -> Option<String> {
    let number = |text: &str, least: usize, below: u32| {
        let number: u32 = text.parse().ok()?;
        (text.len() >= least && text.bytes().all(|b| b.is_ascii_digit()) && number < below).then_some(number)
    };
    let Some((first, clock)) = text.split_once(':') else {
        return number(text, 1, 10_675_200).map(|days| written_span(days, [0; 3], ""));
    };
    let (days, hours) = match first.split_once('.') {
        Some((days, hours)) => (number(days, 1, 10_675_200)?, number(hours, 1, 24)?),
        None => (0, number(first, 1, 24)?),
    };
    let (minutes, seconds) = clock.split_once(':').unwrap_or((clock, "00"));
    let (seconds, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    if part.len() > 7 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(written_span(days, [hours, number(minutes, 2, 60)?, number(seconds, 2, 60)?], part))
}

fn written_span(days: u32, [hours, minutes, seconds]: [u32; 3], part: &str) -> String {
    let days = if days == 0 { String::new() } else { format!("{days}.") };
    let part = if part.is_empty() { String::new() } else { format!(".{part:0<7}") };
    format!("{days}{hours:02}:{minutes:02}:{seconds:02}{part}")
}

/// A moment in ISO 8601 that says that it is UTC: a time of nobody's zone would be understood as another's.
pub(crate) fn moment(text: &str) -> Option<SystemTime> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    (moment.offset().is_utc() && text.contains('T')).then(|| moment.into())
}

/// A moment as objects hold it, with `Z`, an offset or nothing at its end.
pub(crate) fn stored_moment(text: &str) -> Option<SystemTime> {
    let zoned = text.ends_with('Z') || text.get(19..).is_some_and(|end| end.contains('+'));
    if zoned { moment(text) } else { moment(&format!("{text}Z")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written_as_the_service_does() {
        for (text, written) in [
            ("50 GB", Some("50 GB (53,687,091,200 bytes)")),
            ("49.5gb", Some("49.5 GB (53,150,220,288 bytes)")),
            ("35MB", Some("35 MB (36,700,160 bytes)")),
            ("10485760", Some("10 MB (10,485,760 bytes)")),
            ("2000000", Some("1.907 MB (2,000,000 bytes)")),
            ("0", Some("0 B (0 bytes)")),
            ("99 GB (106,300,440,576 bytes)", Some("99 GB (106,300,440,576 bytes)")),
            ("unlimited", Some("Unlimited")),
            ("much", None),
            ("GB", None),
            ("-1 GB", None),
            ("1.2.3 GB", None),
            ("50 GiB", None),
            ("", None),
        ] {
            assert_eq!(size(text).as_deref(), written, "{text}");
        }
        assert_eq!(bytes("50 GB (53,687,091,200 bytes)"), Some(53_687_091_200));
    }

    #[test]
    fn spans_are_read_and_written_as_the_service_does() {
        for (text, written) in [
            ("14", Some("14.00:00:00")),
            ("14.00:00:00", Some("14.00:00:00")),
            ("6:00:00", Some("06:00:00")),
            ("06:30", Some("06:30:00")),
            ("00:00:00.3", Some("00:00:00.3000000")),
            ("25:00:00", None),
            ("14 days", None),
            ("P14D", None),
            ("", None),
        ] {
            assert_eq!(span(text).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn a_moment_must_say_that_it_is_utc() {
        for (text, good) in [
            ("2026-12-31T23:59:59Z", true),
            ("2026-12-31T23:59:59.0000000Z", true),
            ("2026-12-31T23:59:59+00:00", true),
            ("2026-12-31T23:59:59+01:00", false),
            ("2026-12-31T23:59:59", false),
            ("2026-12-31", false),
            ("12/31/2026", false),
            ("12/31/2026 11:59:59 PM", false),
        ] {
            assert_eq!(moment(text).is_some(), good, "{text}");
        }
        for text in [
            "2026-07-24T18:59:12.0000000",
            "2026-07-24T18:59:12.0000000Z",
            "2026-07-24T18:59:12.0000000+00:00",
        ] {
            assert_eq!(stored_moment(text), moment("2026-07-24T18:59:12Z"), "{text}");
        }
    }
}
