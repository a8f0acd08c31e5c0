//! When a token ends: every form in which the endpoints say so.
//!
//! Seen in the wild: seconds since 1970 as a number or as a text, seconds from now, ISO 8601, `2021-07-02 08:00:34Z`
//! on hybrid workers, and the two date forms of App Service's old protocol, `06/20/2019 02:57:58 +00:00` on Linux and
//! `1/16/2020 5:24:12 AM +00:00` on Windows.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// A number below this is a length of time and not a moment: it would be a moment before 2001. The same line is drawn
/// by MSAL for .NET.
const FIRST_MOMENT: f64 = 978_307_200.0;

const FORMS: [&[BorrowedFormatItem<'_>]; 4] = [
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z"),
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"),
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour padding:none]:[minute]:[second]"
    ),
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
    ),
];

/// The moment that a text stands for; `None` where it is none of the known forms.
pub(super) fn moment(text: &str, now: SystemTime) -> Option<SystemTime> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let length = Duration::try_from_secs_f64(number).ok()?;
        let base = if number < FIRST_MOMENT { now } else { SystemTime::UNIX_EPOCH };
        return base.checked_add(length);
    }
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment.into());
    }
    // The offset of these forms is always zero; a form of another zone would be one that nobody has seen.
    let local = text.strip_suffix("+00:00").unwrap_or(text).trim_end();
    FORMS.iter().find_map(|form| {
        let moment = time::PrimitiveDateTime::parse(local, form).ok()?;
        Some(moment.assume_utc().into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_was_seen_is_read() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
        for (text, seconds) in [
            ("1560999478", 1_560_999_478),
            (" 1560999478 ", 1_560_999_478),
            ("1560999478.0", 1_560_999_478),
            ("86399", 1_600_086_399),
            ("0", 1_600_000_000),
            ("2021-07-02T08:00:34Z", 1_625_212_834),
            ("2021-07-02T10:00:34+02:00", 1_625_212_834),
            ("2021-07-02T08:00:34.0000000+00:00", 1_625_212_834),
            ("2021-07-02 08:00:34Z", 1_625_212_834),
            ("2021-07-02 08:00:34", 1_625_212_834),
            ("06/20/2019 02:57:58 +00:00", 1_560_999_478),
            ("1/16/2020 5:24:12 AM +00:00", 1_579_152_252),
            ("1/16/2020 5:24:12 PM +00:00", 1_579_195_452),
            ("12/16/2020 12:24:12 AM +00:00", 1_608_078_252),
        ] {
            let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(moment(text, now), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in
            ["", "soon", "-5", "NaN", "inf", "1e300", "2021-13-02 08:00:34Z", "16/1/2020 5:24:12 AM", "null"]
        {
            assert_eq!(moment(text, SystemTime::UNIX_EPOCH), None, "{text}");
        }
    }
}
