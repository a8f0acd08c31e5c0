//! Texts.

use std::rc::Rc;

use super::Method;
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::room;
use crate::script::value::Value;

pub(super) fn property(text: &Rc<str>, name: &str) -> Option<Value> {
    match name.to_ascii_lowercase().as_str() {
        "length" => Some(Value::count(text.encode_utf16().count())),
        // Ids of the service are texts here, and .NET's own type in PowerShell.
        "guid" if text.len() == 36 => Some(Value::Text(text.clone())),
        // An unlimited size of the service holds its value, which is the same text here.
        "value" if text.ends_with("bytes)") => Some(Value::Text(text.clone())),
        "address" if text.contains('@') => Some(Value::Text(text.clone())),
        _ => None,
    }
}

fn text(value: &Value) -> String {
    convert::text(value)
}

/// Where letters of .NET begin, of which the text has so many.
fn letters(value: &Value) -> Vec<char> {
    text(value).chars().collect()
}

fn outside<T>() -> Flow<T> {
    raise("ArgumentOutOfRangeException", "Index and length must refer to a location within the string.")
}

/// The letters that an argument of `Trim` names.
fn trimmed(arguments: &[Value]) -> Vec<char> {
    arguments.iter().flat_map(convert::texts).flat_map(|text| text.chars().collect::<Vec<_>>()).collect()
}

fn is_trimmed(set: &[char]) -> impl Fn(char) -> bool + '_ {
    move |letter| if set.is_empty() { letter.is_whitespace() } else { set.contains(&letter) }
}

/// Whether an argument asks for a comparison without case.
fn ignores_case(argument: Option<&Value>) -> bool {
    argument
        .map(convert::text)
        .is_some_and(|text| text.to_ascii_lowercase().ends_with("ignorecase") || text == "True")
}

fn folded(value: &Value, fold: bool) -> String {
    if fold { text(value).to_lowercase() } else { text(value) }
}

fn position(found: Option<usize>, of: &str) -> Value {
    found.map_or(Value::Int(-1), |at| Value::count(of[..at].chars().count()))
}

/// `.Split`: by any of several separators, at most so many parts.
fn split(value: &Value, arguments: &[Value]) -> Value {
    let whole = text(value);
    let separators: Vec<String> = arguments.first().map(convert::texts).unwrap_or_default();
    let option = arguments
        .iter()
        .skip(1)
        .map(convert::text)
        .any(|text| text.to_ascii_lowercase().starts_with("removeempty"));
    let most = arguments
        .get(1)
        .and_then(convert::int)
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let mut parts: Vec<String> = vec![String::new()];
    let mut rest = whole.as_str();
    while let Some(next) = rest.chars().next() {
        let found = if separators.is_empty() {
            next.is_whitespace().then(|| next.len_utf8())
        } else {
            separators
                .iter()
                .find(|separator| !separator.is_empty() && rest.starts_with(separator.as_str()))
                .map(String::len)
        };
        match found {
            Some(length) if parts.len() < most => {
                parts.push(String::new());
                rest = &rest[length..];
            }
            _ => {
                if let Some(last) = parts.last_mut() {
                    last.push(next);
                }
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    if option {
        parts.retain(|part| !part.is_empty());
    }
    Value::list(parts.into_iter().map(Value::from).collect())
}

fn pad(value: &Value, arguments: &[Value], left: bool) -> Flow<Value> {
    let width = convert::needed_count(&arguments[0], "totalWidth")?;
    let fill = arguments.get(1).map_or_else(|| " ".to_owned(), text);
    let own = text(value);
    let missing = width.saturating_sub(own.chars().count());
    room::for_text(
        own.len().saturating_add(missing.saturating_mul(fill.chars().next().map_or(0, char::len_utf8))),
    )?;
    let filled =
        fill.chars().next().map_or(String::new(), |letter| std::iter::repeat_n(letter, missing).collect());
    Ok(Value::from(if left { filled + &own } else { own + &filled }))
}

pub(super) const METHODS: &[Method] = &[
    Method {
        name: "Contains",
        takes: (1, 2),
        call: |_, value, a| {
            let fold = ignores_case(a.get(1));
            Ok(folded(value, fold).contains(&folded(&a[0], fold)).into())
        },
    },
    Method {
        name: "StartsWith",
        takes: (1, 3),
        call: |_, value, a| {
            let fold = ignores_case(a.get(1));
            Ok(folded(value, fold).starts_with(&folded(&a[0], fold)).into())
        },
    },
    Method {
        name: "EndsWith",
        takes: (1, 3),
        call: |_, value, a| {
            let fold = ignores_case(a.get(1));
            Ok(folded(value, fold).ends_with(&folded(&a[0], fold)).into())
        },
    },
    Method {
        name: "IndexOf",
        takes: (1, 2),
        call: |_, value, a| {
            let own = text(value);
            let start =
                a.get(1).and_then(convert::int).and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
            let from = own.char_indices().nth(start).map_or(own.len(), |(at, _)| at);
            Ok(position(own[from..].find(&text(&a[0])).map(|at| at + from), &own))
        },
    },
    Method {
        name: "LastIndexOf",
        takes: (1, 1),
        call: |_, value, a| {
            let own = text(value);
            Ok(position(own.rfind(&text(&a[0])), &own))
        },
    },
    Method {
        name: "Substring",
        takes: (1, 2),
        call: |_, value, a| {
            let own = letters(value);
            let start = convert::needed_int(&a[0], "startIndex")?;
            let Ok(start) = usize::try_from(start) else { return outside() };
            let length = match a.get(1) {
                Some(length) => convert::needed_int(length, "length").map(usize::try_from)?,
                None => Ok(own.len().saturating_sub(start)),
            };
            let part = length.ok().and_then(|length| own.get(start..start.checked_add(length)?));
            part.map_or_else(outside, |part| Ok(part.iter().collect::<String>().into()))
        },
    },
    Method {
        name: "Replace",
        takes: (2, 3),
        call: |_, value, a| {
            let from = text(&a[0]);
            if from.is_empty() {
                return raise("ArgumentException", "String cannot be of zero length. (Parameter 'oldValue')");
            }
            let (own, with) = (text(value), text(&a[1]));
            room::for_text(own.len().saturating_add(own.matches(&from).count().saturating_mul(with.len())))?;
            Ok(own.replace(&from, &with).into())
        },
    },
    Method { name: "Split", takes: (0, 3), call: |_, value, a| Ok(split(value, a)) },
    Method {
        name: "Trim",
        takes: (0, 8),
        call: |_, value, a| Ok(text(value).trim_matches(is_trimmed(&trimmed(a))).into()),
    },
    Method {
        name: "TrimStart",
        takes: (0, 8),
        call: |_, value, a| Ok(text(value).trim_start_matches(is_trimmed(&trimmed(a))).into()),
    },
    Method {
        name: "TrimEnd",
        takes: (0, 8),
        call: |_, value, a| Ok(text(value).trim_end_matches(is_trimmed(&trimmed(a))).into()),
    },
    Method { name: "ToLower", takes: (0, 0), call: |_, value, _| Ok(text(value).to_lowercase().into()) },
    Method { name: "ToUpper", takes: (0, 0), call: |_, value, _| Ok(text(value).to_uppercase().into()) },
    Method {
        name: "ToLowerInvariant",
        takes: (0, 0),
        call: |_, value, _| Ok(text(value).to_lowercase().into()),
    },
    Method {
        name: "ToUpperInvariant",
        takes: (0, 0),
        call: |_, value, _| Ok(text(value).to_uppercase().into()),
    },
    Method { name: "PadLeft", takes: (1, 2), call: |_, value, a| pad(value, a, true) },
    Method { name: "PadRight", takes: (1, 2), call: |_, value, a| pad(value, a, false) },
    Method {
        name: "Insert",
        takes: (2, 2),
        call: |_, value, a| {
            let mut own = letters(value);
            let at = convert::needed_count(&a[0], "startIndex")?;
            if at > own.len() {
                return outside();
            }
            own.splice(at..at, letters(&a[1]));
            Ok(own.into_iter().collect::<String>().into())
        },
    },
    Method {
        name: "Remove",
        takes: (1, 2),
        call: |_, value, a| {
            let mut own = letters(value);
            let start = convert::needed_count(&a[0], "startIndex")?;
            let length = a.get(1).map_or(Ok(own.len().saturating_sub(start)), |length| {
                convert::needed_count(length, "count")
            })?;
            match start.checked_add(length).filter(|end| *end <= own.len()) {
                Some(end) => {
                    own.drain(start..end);
                    Ok(own.into_iter().collect::<String>().into())
                }
                None => outside(),
            }
        },
    },
    Method {
        name: "ToCharArray",
        takes: (0, 0),
        call: |_, value, _| Ok(Value::list(letters(value).into_iter().map(Value::Char).collect())),
    },
];
