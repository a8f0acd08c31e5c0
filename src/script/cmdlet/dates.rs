//! Get-Date, New-TimeSpan and Start-Sleep.

use std::time::Duration;

use super::{Arguments, Source, Spec, Takes, parameter, with_aliases};
use crate::script::arithmetic;
use crate::script::convert;
use crate::script::date::{Date, Span, TICKS_A_SECOND, Zone};
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::format::dates;
use crate::script::value::Value;

pub(super) const GET_DATE: Spec = Spec {
    name: "Get-Date",
    aliases: &[],
    parameters: &[
        with_aliases("Date", &["LastWriteTime"], Takes::Place(0)),
        parameter("Format", Takes::Value),
        parameter("UFormat", Takes::Value),
        parameter("Year", Takes::Value),
        parameter("Month", Takes::Value),
        parameter("Day", Takes::Value),
        parameter("Hour", Takes::Value),
        parameter("Minute", Takes::Value),
        parameter("Second", Takes::Value),
        parameter("Millisecond", Takes::Value),
        parameter("AsUTC", Takes::Switch),
    ],
    make: get_date,
};

pub(super) const NEW_TIMESPAN: Spec = Spec {
    name: "New-TimeSpan",
    aliases: &[],
    parameters: &[
        parameter("Start", Takes::Place(0)),
        parameter("End", Takes::Place(1)),
        parameter("Days", Takes::Value),
        parameter("Hours", Takes::Value),
        parameter("Minutes", Takes::Value),
        parameter("Seconds", Takes::Value),
    ],
    make: new_timespan,
};

pub(super) const START_SLEEP: Spec = Spec {
    name: "Start-Sleep",
    aliases: &["sleep"],
    parameters: &[
        parameter("Seconds", Takes::Place(0)),
        with_aliases("Milliseconds", &["ms"], Takes::Value),
        parameter("Duration", Takes::Value),
    ],
    make: start_sleep,
};

fn moment(run: &mut Run<'_>, value: Option<&Value>) -> Flow<Date> {
    match value.filter(|value| !value.is_null()) {
        None => Ok(run.now(Zone::Local)),
        Some(value) => match convert::moment(value) {
            Some(date) => Ok(date),
            None => raise(
                "ParameterArgumentTransformationError",
                format!("String '{}' was not recognized as a valid DateTime.", convert::text(value)),
            ),
        },
    }
}

fn get_date(run: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let mut date = moment(run, arguments.find("Date"))?;
    let calendar = date.calendar();
    let part = |name: &'static str, now: i32| {
        arguments.find(name).map_or(Ok(now), |value| convert::needed_int(value, name))
    };
    let small = |value: i32| u8::try_from(value).unwrap_or(u8::MAX);
    if ["Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond"]
        .iter()
        .any(|name| arguments.is_given(name))
    {
        let time = time::Time::from_hms_milli(
            small(part("Hour", calendar.hour().into())?),
            small(part("Minute", calendar.minute().into())?),
            small(part("Second", calendar.second().into())?),
            u16::try_from(part("Millisecond", calendar.millisecond().into())?).unwrap_or(u16::MAX),
        );
        let month = small(part("Month", u8::from(calendar.month()).into())?);
        let made = time.ok().and_then(|time| {
            Date::of_parts(
                part("Year", calendar.year()).ok()?,
                month,
                small(part("Day", calendar.day().into()).ok()?),
                time,
            )
        });
        match made {
            Some(made) => date = Date { zone: date.zone, ..made },
            None => return raise("ArgumentOutOfRangeException", "There is no such date."),
        }
    }
    if arguments.is_on("AsUTC") {
        date.zone = Zone::Utc;
    }
    let value = match (arguments.text("Format"), arguments.text("UFormat")) {
        (Some(form), _) => format_named(date, &form).into(),
        (None, Some(form)) => unix_form(date, &form).into(),
        (None, None) => Value::Date(date),
    };
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| out.push(run, value))
}

/// `-Format` knows names for files besides the formats of .NET.
fn format_named(date: Date, form: &str) -> String {
    let form = match form.to_ascii_lowercase().as_str() {
        "filedate" => "yyyyMMdd",
        "filedatetime" => "yyyyMMddTHHmmssffff",
        "filedateuniversal" => "yyyyMMddZ",
        "filedatetimeuniversal" => "yyyyMMddTHHmmssffffZ",
        _ => form,
    };
    dates::formatted(date, form)
}

/// The formats of `date` on Unix, those that scripts use.
fn unix_form(date: Date, form: &str) -> String {
    let mut out = String::new();
    let mut letters = form.trim_start_matches('+').chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let custom = |form: &str| dates::custom(date, form);
        match letters.next() {
            Some('Y') => out.push_str(&custom("yyyy")),
            Some('y') => out.push_str(&custom("yy")),
            Some('m') => out.push_str(&custom("MM")),
            Some('d') => out.push_str(&custom("dd")),
            Some('H') => out.push_str(&custom("HH")),
            Some('I') => out.push_str(&custom("hh")),
            Some('M') => out.push_str(&custom("mm")),
            Some('S') => out.push_str(&custom("ss")),
            Some('p') => out.push_str(&custom("tt")),
            Some('A') => out.push_str(&custom("dddd")),
            Some('a') => out.push_str(&custom("ddd")),
            Some('B') => out.push_str(&custom("MMMM")),
            Some('b') => out.push_str(&custom("MMM")),
            Some('F') => out.push_str(&custom("yyyy-MM-dd")),
            Some('T') => out.push_str(&custom("HH:mm:ss")),
            Some('R') => out.push_str(&custom("HH:mm")),
            Some('s') => out.push_str(&date.unix().to_string()),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn new_timespan(run: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let span = if arguments.is_given("Start") || arguments.is_given("End") {
        let (start, end) = (moment(run, arguments.find("Start"))?, moment(run, arguments.find("End"))?);
        Some(Span(end.ticks - start.ticks))
    } else {
        let part = |name: &str, seconds: f64| {
            arguments.find(name).and_then(convert::double).unwrap_or(0.0) * seconds
        };
        let seconds = part("Hours", 3600.0) + part("Minutes", 60.0) + part("Seconds", 1.0);
        let days = arithmetic::days(part("Days", 1.0));
        days.zip(Span::of(seconds, TICKS_A_SECOND))
            .and_then(|(days, rest)| days.0.checked_add(rest.0).map(Span))
    };
    let Some(span) = span else { return raise("OverflowException", "The length of time is too long.") };
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| out.push(run, Value::Span(span)))
}

fn start_sleep(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let number = |name: &str| arguments.find(name).and_then(convert::double);
    let length =
        arguments.find("Duration").and_then(convert::length).map(|span| span.in_units(TICKS_A_SECOND));
    let seconds =
        number("Milliseconds").map(|number| number / 1000.0).or(length).or_else(|| number("Seconds"));
    let length = seconds
        .filter(|seconds| *seconds >= 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let Some(length) = length else {
        return raise(
            "ParameterArgumentValidationError",
            "Start-Sleep needs a number of seconds that is not below 0.",
        );
    };
    Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| run.outside(|host| host.sleep(length)))
}
