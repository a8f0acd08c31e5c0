//! Times as the services write them.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// `2026-11-24 08:00:00Z`, as in the errors of the directory.
pub(crate) fn spaced(time: SystemTime) -> String {
    write(time, format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z"))
}

/// `2026-11-24T08:00:00.0000000+00:00`, as in the headers and objects of Exchange.
pub(crate) fn exact(time: SystemTime) -> String {
    write(
        time,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]+00:00"),
    )
}

/// `06/20/2019 02:57:58 +00:00`, as App Service on Linux wrote it before 2019.
pub(crate) fn slashed(time: SystemTime) -> String {
    write(time, format_description!("[month]/[day]/[year] [hour]:[minute]:[second] +00:00"))
}

/// `1/16/2020 5:24:12 AM +00:00`, as App Service on Windows did.
pub(crate) fn american(time: SystemTime) -> String {
    write(
        time,
        format_description!(
            "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period] +00:00"
        ),
    )
}

fn write(time: SystemTime, format: &[BorrowedFormatItem<'_>]) -> String {
    // Only a year beyond 9999 cannot be written.
    OffsetDateTime::from(time).format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn every_form() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
        assert_eq!(spaced(time), "1970-01-01 00:00:01Z");
        assert_eq!(exact(time), "1970-01-01T00:00:01.5000000+00:00");
        assert_eq!(slashed(time), "01/01/1970 00:00:01 +00:00");
        assert_eq!(american(time + Duration::from_secs(46_800)), "1/1/1970 1:00:01 PM +00:00");
    }
}
