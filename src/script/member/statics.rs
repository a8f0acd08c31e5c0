//! Members of types, `[type]::Name`.

use crate::script::casts::{self, Type};
use crate::script::convert;
use crate::script::date::{Date, Span, TICKS_A_DAY, TICKS_A_SECOND, Zone};
use crate::script::error::{Flow, raise};
use crate::script::evaluate::Run;
use crate::script::value::Value;
use crate::script::{compare, format, pattern, room, table};

/// A member of a type.
pub(crate) struct Static {
    /// The usual name of the type.
    pub(crate) of: &'static str,
    pub(crate) name: &'static str,
    /// How many arguments it takes, at least and at most; `None` for what is no method.
    pub(crate) takes: Option<(usize, usize)>,
    pub(crate) call: fn(&mut Run<'_>, &[Value]) -> Flow<Value>,
}

pub(super) fn find(of: &Type, name: &str) -> Option<&'static Static> {
    STATICS.iter().find(|known| of.names.contains(&known.of) && known.name.eq_ignore_ascii_case(name))
}

const fn constant(
    of: &'static str,
    name: &'static str,
    call: fn(&mut Run<'_>, &[Value]) -> Flow<Value>,
) -> Static {
    Static { of, name, takes: None, call }
}

const fn method(
    of: &'static str,
    name: &'static str,
    takes: (usize, usize),
    call: fn(&mut Run<'_>, &[Value]) -> Flow<Value>,
) -> Static {
    Static { of, name, takes: Some(takes), call }
}

fn cast(to: &str, value: &Value) -> Flow<Value> {
    match casts::find(to) {
        Some(of) => of.cast_named(value.clone()),
        None => raise("TypeNotFound", format!("there is no type {to}")),
    }
}

fn text(value: &Value) -> String {
    convert::text(value)
}

fn double(value: &Value) -> Flow<f64> {
    match convert::double(value) {
        Some(number) => Ok(number),
        None => raise(
            "InvalidCastFromStringToDouble",
            format!("Cannot convert value \"{}\" to type \"System.Double\".", text(value)),
        ),
    }
}

fn keeps_whole(value: &Value, change: fn(f64) -> f64) -> Flow<Value> {
    match value {
        Value::Int(_) | Value::Long(_) => Ok(value.clone()),
        other => Ok(Value::Double(change(double(other)?))),
    }
}

/// Rounds as .NET does: to the even neighbour in the middle, unless it is asked to go away from zero.
fn round(a: &[Value]) -> Flow<Value> {
    let number = double(&a[0])?;
    let away = a.iter().skip(1).any(|option| text(option).eq_ignore_ascii_case("AwayFromZero"));
    let digits = a.get(1).and_then(convert::int).filter(|_| !(a.len() == 2 && away)).unwrap_or(0);
    if !(0..=15).contains(&digits) {
        return raise("ArgumentOutOfRangeException", "Rounding digits must be between 0 and 15, inclusive.");
    }
    let scale = 10_f64.powi(digits);
    let scaled = number * scale;
    let rounded = if away { scaled.round() } else { scaled.round_ties_even() };
    Ok(Value::Double(if scaled.is_finite() { rounded / scale } else { number }))
}

/// The larger or the smaller of two.
fn one_of(a: &[Value], wanted: std::cmp::Ordering) -> Flow<Value> {
    double(&a[0]).and(double(&a[1]))?;
    let fraction = a.iter().any(|value| matches!(convert::number(value), Some(Value::Double(_))));
    let chosen = if compare::sorted(&a[0], &a[1], true) == wanted { &a[0] } else { &a[1] };
    if fraction { double(chosen).map(Value::Double) } else { Ok(convert::number(chosen).unwrap_or_default()) }
}

fn span(count: &Value, unit: i64) -> Flow<Value> {
    match Span::of(double(count)?, unit) {
        Some(span) => Ok(Value::Span(span)),
        None => raise("OverflowException", "TimeSpan overflowed because the duration is too long."),
    }
}

fn new_date(a: &[Value]) -> Flow<Value> {
    let part = |at: usize, default: i32| {
        a.get(at).map_or(Ok(default), |value| convert::needed_int(value, "DateTime"))
    };
    let small = |value: i32| u8::try_from(value).unwrap_or(u8::MAX);
    if a.len() == 1 {
        return cast("datetime", &a[0]);
    }
    let time = time::Time::from_hms(small(part(3, 0)?), small(part(4, 0)?), small(part(5, 0)?));
    let date = time.ok().and_then(|time| Some((part(0, 1).ok()?, part(1, 1).ok()?, part(2, 1).ok()?, time)));
    match date.and_then(|(year, month, day, time)| Date::of_parts(year, small(month), small(day), time)) {
        Some(date) => Ok(Value::Date(date)),
        None => raise(
            "ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        ),
    }
}

fn new_span(a: &[Value]) -> Flow<Value> {
    let part =
        |at: usize| a.get(at).map_or(Ok(0), |value| convert::needed_int(value, "TimeSpan").map(i64::from));
    let ticks = match a.len() {
        0 => 0,
        1 => convert::long(&a[0]).unwrap_or(0),
        3 => (part(0)? * 3600 + part(1)? * 60 + part(2)?) * TICKS_A_SECOND,
        _ => part(0)? * TICKS_A_DAY + (part(1)? * 3600 + part(2)? * 60 + part(3)?) * TICKS_A_SECOND,
    };
    Ok(Value::Span(Span(ticks)))
}

fn join(a: &[Value]) -> Flow<Value> {
    let parts = a[1..].iter().flat_map(|value| value.clone().items()).map(|item| text(&item));
    room::joined(parts, &text(&a[0])).map(Value::from)
}

fn combined(a: &[Value]) -> Flow<Value> {
    let mut path = std::path::PathBuf::new();
    path.extend(a.iter().map(text));
    Ok(path.to_string_lossy().into_owned().into())
}

/// A part of a path, in which both slashes part.
fn of_path(path: &Value, part: fn(&std::path::Path) -> Option<std::borrow::Cow<'_, str>>) -> Flow<Value> {
    let path = text(path).replace('\\', "/");
    Ok(part(std::path::Path::new(&path)).unwrap_or_default().into_owned().into())
}

fn regex(run: &mut Run<'_>, pattern: &Value) -> Flow<std::rc::Rc<fancy_regex::Regex>> {
    // The class itself regards case, where the operators do not.
    run.patterns.regex(&text(pattern), true)
}

/// What is found of a pattern, the first so many.
fn matches(run: &mut Run<'_>, a: &[Value], most: usize) -> Flow<Vec<Value>> {
    let (whole, regex) = (text(&a[0]), regex(run, &a[1])?);
    let found = pattern::found(&regex, &whole, most)?;
    Ok(found.into_iter().map(|(place, groups)| matched(&whole, place, &groups)).collect())
}

fn matched(whole: &str, (start, end): (usize, usize), groups: &table::Table) -> Value {
    use crate::script::object::{Kind, Object};
    let group = |value: Value| {
        Value::object(Object::of(
            Kind::Other("System.Text.RegularExpressions.Group"),
            [("Value", value), ("Success", true.into())],
        ))
    };
    let groups = table::Table::of(groups.pairs().into_iter().map(|(key, value)| (key, group(value))));
    let fields = [
        ("Success", true.into()),
        ("Value", Value::text(&whole[start..end])),
        ("Index", Value::count(whole[..start].chars().count())),
        ("Length", Value::count(whole[start..end].chars().count())),
        ("Groups", Value::Table(std::rc::Rc::new(groups))),
    ];
    Value::object(Object::of(Kind::Other("System.Text.RegularExpressions.Match"), fields))
}

fn no_match() -> Value {
    use crate::script::object::{Kind, Object};
    let fields = [
        ("Success", false.into()),
        ("Value", "".into()),
        ("Index", Value::Int(0)),
        ("Length", Value::Int(0)),
    ];
    Value::object(Object::of(Kind::Other("System.Text.RegularExpressions.Match"), fields))
}

/// All members of types that a script may name.
pub(crate) const STATICS: &[Static] = &[
    method("math", "Round", (1, 3), |_, a| round(a)),
    method("math", "Abs", (1, 1), |_, a| match &a[0] {
        Value::Int(number) => Ok(convert::narrowed(i64::from(*number).abs())),
        Value::Long(number) => Ok(Value::Long(number.wrapping_abs())),
        other => Ok(Value::Double(double(other)?.abs())),
    }),
    method("math", "Ceiling", (1, 1), |_, a| keeps_whole(&a[0], f64::ceil)),
    method("math", "Floor", (1, 1), |_, a| keeps_whole(&a[0], f64::floor)),
    method("math", "Truncate", (1, 1), |_, a| keeps_whole(&a[0], f64::trunc)),
    method("math", "Max", (2, 2), |_, a| one_of(a, std::cmp::Ordering::Greater)),
    method("math", "Min", (2, 2), |_, a| one_of(a, std::cmp::Ordering::Less)),
    method("math", "Pow", (2, 2), |_, a| Ok(Value::Double(double(&a[0])?.powf(double(&a[1])?)))),
    method("math", "Sqrt", (1, 1), |_, a| Ok(Value::Double(double(&a[0])?.sqrt()))),
    method("math", "Sign", (1, 1), |_, a| {
        Ok(Value::Int(compare::sorted(&a[0], &Value::Int(0), true) as i32))
    }),
    constant("math", "PI", |_, _| Ok(Value::Double(std::f64::consts::PI))),
    constant("datetime", "Now", |run, _| Ok(Value::Date(run.now(Zone::Local)))),
    constant("datetime", "UtcNow", |run, _| Ok(Value::Date(run.now(Zone::Utc)))),
    constant("datetime", "Today", |run, _| Ok(Value::Date(run.now(Zone::Local).day()))),
    constant("datetime", "MinValue", |_, _| Ok(Value::Date(Date::first_of_all()))),
    constant("datetime", "MaxValue", |_, _| Ok(Value::Date(Date::last_of_all()))),
    method("datetime", "Parse", (1, 2), |_, a| cast("datetime", &Value::text(text(&a[0])))),
    method("datetime", "ParseExact", (3, 4), |run, a| {
        let (whole, form) = (text(&a[0]), text(&a[1]));
        match format::exact::exactly(&whole, &form, run.now(Zone::Local)) {
            Some(date) => Ok(Value::Date(date)),
            None => raise(
                "FormatException",
                format!("String '{whole}' was not recognized as a valid DateTime of the form '{form}'."),
            ),
        }
    }),
    // The one culture that there is here.
    constant("cultureinfo", "InvariantCulture", |_, _| Ok("".into())),
    method("datetime", "DaysInMonth", (2, 2), |_, a| {
        let month = u8::try_from(convert::needed_int(&a[1], "month")?)
            .ok()
            .and_then(|month| time::Month::try_from(month).ok());
        let year = convert::needed_int(&a[0], "year")?;
        month.map_or_else(
            || raise("ArgumentOutOfRangeException", "Month must be between one and twelve."),
            |month| Ok(Value::Int(month.length(year).into())),
        )
    }),
    method("datetime", "new", (1, 6), |_, a| new_date(a)),
    method("timespan", "FromDays", (1, 1), |_, a| span(&a[0], TICKS_A_DAY)),
    method("timespan", "FromHours", (1, 1), |_, a| span(&a[0], 3600 * TICKS_A_SECOND)),
    method("timespan", "FromMinutes", (1, 1), |_, a| span(&a[0], 60 * TICKS_A_SECOND)),
    method("timespan", "FromSeconds", (1, 1), |_, a| span(&a[0], TICKS_A_SECOND)),
    constant("timespan", "Zero", |_, _| Ok(Value::Span(Span(0)))),
    method("timespan", "Parse", (1, 1), |_, a| cast("timespan", &Value::text(text(&a[0])))),
    method("timespan", "new", (0, 4), |_, a| new_span(a)),
    method("string", "IsNullOrEmpty", (1, 1), |_, a| Ok(text(&a[0]).is_empty().into())),
    method("string", "IsNullOrWhiteSpace", (1, 1), |_, a| Ok(text(&a[0]).trim().is_empty().into())),
    method("string", "Join", (2, 16), |_, a| join(a)),
    method("string", "Concat", (1, 16), |_, a| {
        room::joined(a.iter().flat_map(convert::texts), "").map(Value::from)
    }),
    method("string", "Format", (1, 16), |_, a| {
        let values: Vec<Value> = a[1..]
            .iter()
            .flat_map(|value| if a.len() == 2 { value.clone().enumerated() } else { vec![value.clone()] })
            .collect();
        format::composite(&text(&a[0]), &values).map(Value::from)
    }),
    method("string", "Equals", (2, 3), |_, a| {
        let fold = a.get(2).is_some_and(|option| text(option).to_ascii_lowercase().ends_with("ignorecase"));
        Ok(compare::equal(&a[0], &a[1], !fold).into())
    }),
    method("string", "Compare", (2, 3), |_, a| {
        Ok(Value::Int(
            compare::texts(&text(&a[0]), &text(&a[1]), !a.get(2).is_some_and(Value::is_true)) as i32
        ))
    }),
    constant("string", "Empty", |_, _| Ok("".into())),
    constant("int", "MaxValue", |_, _| Ok(Value::Int(i32::MAX))),
    constant("int", "MinValue", |_, _| Ok(Value::Int(i32::MIN))),
    method("int", "Parse", (1, 1), |_, a| cast("int", &a[0])),
    constant("long", "MaxValue", |_, _| Ok(Value::Long(i64::MAX))),
    constant("long", "MinValue", |_, _| Ok(Value::Long(i64::MIN))),
    method("long", "Parse", (1, 1), |_, a| cast("long", &a[0])),
    constant("double", "MaxValue", |_, _| Ok(Value::Double(f64::MAX))),
    method("double", "Parse", (1, 2), |_, a| cast("double", &a[0])),
    method("bool", "Parse", (1, 1), |_, a| match text(&a[0]).trim().to_ascii_lowercase().as_str() {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        other => raise("FormatException", format!("String '{other}' was not recognized as a valid Boolean.")),
    }),
    method("char", "IsDigit", (1, 1), |_, a| Ok(text(&a[0]).chars().all(char::is_numeric).into())),
    method("char", "IsLetter", (1, 1), |_, a| Ok(text(&a[0]).chars().all(char::is_alphabetic).into())),
    method("char", "IsUpper", (1, 1), |_, a| Ok(text(&a[0]).chars().all(char::is_uppercase).into())),
    method("guid", "NewGuid", (0, 0), |run, _| Ok(run.host.guid().into())),
    method("guid", "Parse", (1, 1), |_, a| cast("guid", &a[0])),
    constant("guid", "Empty", |_, _| Ok("00000000-0000-0000-0000-000000000000".into())),
    method("convert", "ToInt32", (1, 1), |_, a| cast("int", &a[0])),
    method("convert", "ToInt64", (1, 1), |_, a| cast("long", &a[0])),
    method("convert", "ToDouble", (1, 1), |_, a| cast("double", &a[0])),
    method("convert", "ToDateTime", (1, 1), |_, a| cast("datetime", &a[0])),
    method("convert", "ToString", (1, 1), |_, a| Ok(convert::culture_text(&a[0]).into())),
    method("convert", "ToBoolean", (1, 1), |_, a| match text(&a[0]).to_ascii_lowercase().as_str() {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        _ => Ok(convert::double(&a[0]).is_some_and(|number| number != 0.0).into()),
    }),
    constant("environment", "NewLine", |_, _| Ok("\n".into())),
    constant("environment", "MachineName", |run, _| {
        Ok(run.host.variable("HOSTNAME").unwrap_or_default().into())
    }),
    method("environment", "GetEnvironmentVariable", (1, 2), |run, a| {
        Ok(run.host.variable(&text(&a[0])).map_or(Value::Null, Value::from))
    }),
    method("io.path", "Combine", (2, 8), |_, a| combined(a)),
    method("io.path", "GetFileName", (1, 1), |_, a| {
        of_path(&a[0], |path| path.file_name().map(|name| name.to_string_lossy()))
    }),
    method("io.path", "GetFileNameWithoutExtension", (1, 1), |_, a| {
        of_path(&a[0], |path| path.file_stem().map(|name| name.to_string_lossy()))
    }),
    method("io.path", "GetExtension", (1, 1), |_, a| {
        of_path(&a[0], |path| path.extension().map(|name| format!(".{}", name.to_string_lossy()).into()))
    }),
    method("io.path", "GetDirectoryName", (1, 1), |_, a| {
        of_path(&a[0], |path| path.parent().map(|name| name.to_string_lossy()))
    }),
    method("io.file", "Exists", (1, 1), |run, a| Ok(run.host.exists(&text(&a[0])).into())),
    method("regex", "IsMatch", (2, 2), |run, a| {
        pattern::fits(&*regex(run, &a[1])?, &text(&a[0])).map(Value::Bool)
    }),
    method("regex", "Match", (2, 2), |run, a| {
        Ok(matches(run, a, 1)?.into_iter().next().unwrap_or_else(no_match))
    }),
    method("regex", "Matches", (2, 2), |run, a| Ok(Value::list(matches(run, a, usize::MAX)?))),
    method("regex", "Replace", (3, 3), |run, a| {
        Ok(pattern::replaced(&*regex(run, &a[1])?, &text(&a[0]), &text(&a[2]))?.into())
    }),
    method("regex", "Split", (2, 2), |run, a| {
        let parts = pattern::split(&*regex(run, &a[1])?, &text(&a[0]), 0)?;
        Ok(Value::list(parts.into_iter().map(Value::from).collect()))
    }),
    method("regex", "Escape", (1, 1), |_, a| Ok(fancy_regex::escape(&text(&a[0])).into_owned().into())),
    method("array", "Reverse", (1, 1), |_, a| {
        if let Value::List(list) = &a[0] {
            list.items.borrow_mut().reverse();
        }
        Ok(Value::Nothing)
    }),
    method("array", "Sort", (1, 1), |_, a| {
        if let Value::List(list) = &a[0] {
            // The list may lie in itself, and is looked into then.
            let sorted = compare::in_order(a[0].clone().items());
            list.items.replace(sorted);
        }
        Ok(Value::Nothing)
    }),
    method("array", "IndexOf", (2, 2), |_, a| {
        let at = a[0].clone().items().iter().position(|item| compare::equal(item, &a[1], true));
        Ok(at.map_or(Value::Int(-1), Value::count))
    }),
    method("collections.arraylist", "new", (0, 1), |_, a| Ok(casts::growing(first_items(a), true))),
    method("collections.generic.list[object]", "new", (0, 1), |_, a| {
        Ok(casts::growing(first_items(a), false))
    }),
    method("hashtable", "new", (0, 1), |_, _| Ok(Value::Table(std::rc::Rc::default()))),
    method("ordered", "new", (0, 0), |_, _| Ok(Value::Table(std::rc::Rc::new(table::Table::new(true))))),
    method("pscustomobject", "new", (0, 0), |_, _| {
        Ok(Value::object(crate::script::object::Object::custom(Vec::new())))
    }),
    method("exception", "new", (0, 1), |_, a| Ok(exception(a.first().map(text).unwrap_or_default()))),
];

fn exception(message: String) -> Value {
    use crate::script::object::{Kind, Object};
    Value::object(Object::of(
        Kind::Exception("System.Exception"),
        [("Message", message.into()), ("InnerException", Value::Null)],
    ))
}

/// What a new list begins with. A number says how much room it is to have, which is of no account.
fn first_items(a: &[Value]) -> Vec<Value> {
    a.first().filter(|first| matches!(first, Value::List(_))).cloned().unwrap_or_default().items()
}
