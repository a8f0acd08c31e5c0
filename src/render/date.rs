//! Dates of the wire, shown as PowerShell shows them.

use std::borrow::Cow;

use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const WIRE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]");
const SHOWN: &[BorrowedFormatItem<'_>] = format_description!(
    "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
);

/// The length of a date without its zone: `2026-07-23T22:01:22.0000000`.
const LENGTH: usize = 27;

/// A date of the wire as `7/23/2026 10:01:22 PM`; any other text as it is.
///
/// Only the three exact forms that the service writes are dates. What merely looks like one is a text that somebody wrote.
/// The time is shown as it was sent, in UTC, on every machine: PowerShell turns some properties into local time, and the
/// same runbook would log another time from another host.
pub(super) fn shown(text: Cow<'_, str>) -> Cow<'_, str> {
    match parse(&text).and_then(|date| date.format(SHOWN).ok()) {
        Some(date) => Cow::Owned(date),
        None => text,
    }
}

fn parse(text: &str) -> Option<PrimitiveDateTime> {
    let (date, zone) = text.split_at_checked(LENGTH)?;
    if !matches!(zone, "" | "Z" | "+00:00") || date.as_bytes()[10] != b'T' {
        return None;
    }
    PrimitiveDateTime::parse(date, WIRE).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_the_wire_are_dates() {
        for (sent, date) in [
            ("2026-07-23T22:01:22.0000000Z", "7/23/2026 10:01:22 PM"),
            ("2026-07-23T22:01:22.0000000+00:00", "7/23/2026 10:01:22 PM"),
            ("2026-11-03T00:05:09.1234567", "11/3/2026 12:05:09 AM"),
            ("0001-01-01T12:00:00.0000000Z", "1/1/0001 12:00:00 PM"),
        ] {
            assert_eq!(shown(Cow::Borrowed(sent)), date);
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "",
            "2026-07-23",
            "2026-07-23T22:01:22Z",
            "2026-07-23T22:01:22.0000000+02:00",
            "2026-02-30T22:01:22.0000000Z",
            "2026-07-23 22:01:22.0000000Z",
            "2026-07-23T22:01:22.0000000Zebra",
            "éééééééééééééééééééé",
            "ééééééééééééé日本語日本語",
        ] {
            assert_eq!(shown(Cow::Borrowed(text)), text);
        }
    }
}
