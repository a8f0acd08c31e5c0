//! Moments and lengths of time.

use super::Method;
use crate::script::convert;
use crate::script::date::{Date, Span, TICKS_A_DAY, TICKS_A_SECOND, Zone};
use crate::script::error::{Flow, raise};
use crate::script::format::dates;
use crate::script::value::Value;

pub(super) fn property(date: Date, name: &str) -> Option<Value> {
    let calendar = date.calendar();
    let small = |value: u8| Some(Value::Int(value.into()));
    match name.to_ascii_lowercase().as_str() {
        "year" => Some(Value::Int(calendar.year())),
        "month" => small(calendar.month().into()),
        "day" => small(calendar.day()),
        "hour" => small(calendar.hour()),
        "minute" => small(calendar.minute()),
        "second" => small(calendar.second()),
        "millisecond" => Some(Value::Int(calendar.millisecond().into())),
        "dayofweek" => Some(Value::text(calendar.weekday().to_string())),
        "dayofyear" => Some(Value::Int(calendar.ordinal().into())),
        "date" => Some(Value::Date(date.day())),
        "timeofday" => Some(Value::Span(Span(date.ticks % TICKS_A_DAY))),
        "ticks" => Some(Value::Long(date.ticks)),
        "kind" => Some(match date.zone {
            Zone::Unspecified => "Unspecified".into(),
            Zone::Utc => "Utc".into(),
            Zone::Local => "Local".into(),
        }),
        "datetime" => dates::standard(date, 'F').map(Value::from),
        _ => None,
    }
}

pub(super) fn span_property(span: Span, name: &str) -> Option<Value> {
    let (seconds, ticks) = (span.0 / TICKS_A_SECOND, span.0);
    let whole = |value: i64| Some(convert::narrowed(value));
    let total = |unit: i64| Some(Value::Double(span.in_units(unit)));
    match name.to_ascii_lowercase().as_str() {
        "days" => whole(ticks / TICKS_A_DAY),
        "hours" => whole(seconds / 3600 % 24),
        "minutes" => whole(seconds / 60 % 60),
        "seconds" => whole(seconds % 60),
        "milliseconds" => whole(ticks / 10_000 % 1000),
        "ticks" => Some(Value::Long(ticks)),
        "totaldays" => total(TICKS_A_DAY),
        "totalhours" => total(3600 * TICKS_A_SECOND),
        "totalminutes" => total(60 * TICKS_A_SECOND),
        "totalseconds" => total(TICKS_A_SECOND),
        "totalmilliseconds" => total(10_000),
        _ => None,
    }
}

fn of(value: &Value) -> Date {
    if let Value::Date(date) = value { *date } else { Date::first_of_all() }
}

fn length_of(value: &Value) -> Span {
    if let Value::Span(span) = value { *span } else { Span(0) }
}

fn out_of_range<T>() -> Flow<T> {
    raise(
        "ArgumentOutOfRangeException",
        "The added or subtracted value results in an un-representable DateTime.",
    )
}

fn add(value: &Value, count: &Value, unit: i64) -> Flow<Value> {
    let span = convert::double(count).and_then(|count| Span::of(count, unit));
    span.and_then(|span| of(value).plus(span)).map_or_else(out_of_range, |date| Ok(Value::Date(date)))
}

fn months(value: &Value, count: &Value, unit: i32) -> Flow<Value> {
    let count = convert::needed_int(count, "months")?.checked_mul(unit);
    count
        .and_then(|count| of(value).plus_months(count))
        .map_or_else(out_of_range, |date| Ok(Value::Date(date)))
}

fn standard(value: &Value, form: char) -> Flow<Value> {
    Ok(dates::standard(of(value), form).unwrap_or_default().into())
}

pub(super) const METHODS: &[Method] = &[
    Method { name: "AddDays", takes: (1, 1), call: |_, value, a| add(value, &a[0], TICKS_A_DAY) },
    Method { name: "AddHours", takes: (1, 1), call: |_, value, a| add(value, &a[0], 3600 * TICKS_A_SECOND) },
    Method { name: "AddMinutes", takes: (1, 1), call: |_, value, a| add(value, &a[0], 60 * TICKS_A_SECOND) },
    Method { name: "AddSeconds", takes: (1, 1), call: |_, value, a| add(value, &a[0], TICKS_A_SECOND) },
    Method { name: "AddMilliseconds", takes: (1, 1), call: |_, value, a| add(value, &a[0], 10_000) },
    Method { name: "AddTicks", takes: (1, 1), call: |_, value, a| add(value, &a[0], 1) },
    Method { name: "AddMonths", takes: (1, 1), call: |_, value, a| months(value, &a[0], 1) },
    Method { name: "AddYears", takes: (1, 1), call: |_, value, a| months(value, &a[0], 12) },
    Method {
        name: "Add",
        takes: (1, 1),
        call: |_, value, a| {
            convert::length(&a[0])
                .and_then(|span| of(value).plus(span))
                .map_or_else(out_of_range, |date| Ok(Value::Date(date)))
        },
    },
    Method {
        name: "Subtract",
        takes: (1, 1),
        call: |_, value, a| {
            crate::script::arithmetic::calculate(crate::language::Binary::Subtract, value, &a[0])
        },
    },
    Method {
        name: "ToUniversalTime",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::Date(Date { zone: Zone::Utc, ..of(value) })),
    },
    Method {
        name: "ToLocalTime",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::Date(Date { zone: Zone::Local, ..of(value) })),
    },
    Method { name: "ToShortDateString", takes: (0, 0), call: |_, value, _| standard(value, 'd') },
    Method { name: "ToLongDateString", takes: (0, 0), call: |_, value, _| standard(value, 'D') },
    Method { name: "ToShortTimeString", takes: (0, 0), call: |_, value, _| standard(value, 't') },
    Method { name: "ToLongTimeString", takes: (0, 0), call: |_, value, _| standard(value, 'T') },
];

pub(super) const SPAN_METHODS: &[Method] = &[
    Method { name: "Negate", takes: (0, 0), call: |_, value, _| Ok(Value::Span(Span(-length_of(value).0))) },
    Method {
        name: "Duration",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::Span(Span(length_of(value).0.abs()))),
    },
    Method {
        name: "Add",
        takes: (1, 1),
        call: |_, value, a| crate::script::arithmetic::calculate(crate::language::Binary::Add, value, &a[0]),
    },
    Method {
        name: "Subtract",
        takes: (1, 1),
        call: |_, value, a| {
            crate::script::arithmetic::calculate(crate::language::Binary::Subtract, value, &a[0])
        },
    },
];
