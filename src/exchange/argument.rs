//! Values of parameters, and how the official module writes each kind of them in a request.

use serde_json::{Map, Number, Value, json};

use super::{CmdletInput, date};
use crate::catalog::Kind;

const TYPE: &str = "@odata.type";
const HASHTABLE: &str = "#Exchange.GenericHashTable";
const BYTES: &str = "#Exchange.ByteArrayType";

/// A value as it was meant, before the parameter's kind gives it its form on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// `$null`.
    Null,
    /// `$true` or `$false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// `@('a', 'b')`.
    List(Vec<Argument>),
    /// `@{Add = 'a'; Remove = 'b'}`, in the order of writing.
    Table(Vec<(String, Argument)>),
    /// The content of a file.
    Bytes(Vec<u8>),
    /// Sent as it stands.
    Json(Value),
}

/// A value that its parameter does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadArgument {
    /// Something else than `$true` and `$false`.
    #[error("`{0}` is neither $true nor $false")]
    Bool(String),
    /// Something else than a number.
    #[error("`{0}` is no number")]
    Number(String),
    /// Something else than a moment.
    #[error("`{0}` is no date")]
    Date(String),
    /// Something else than hashtables.
    #[error("`{0}` is no hashtable")]
    Table(String),
    /// Something else than the content of a file.
    #[error("`{0}` is no file")]
    Bytes(String),
    /// A value that would have to be encrypted. It is not shown.
    #[error("a secret cannot be sent")]
    Secret,
}

impl CmdletInput {
    /// Adds a parameter in the form that its kind has on the wire; of an unknown kind, the form that the value has by
    /// itself.
    pub fn set(&mut self, name: &str, kind: Option<Kind>, argument: Argument) -> Result<(), BadArgument> {
        let value = encode(name, kind, argument)?;
        insert(&mut self.parameters, name, value);
        Ok(())
    }
}

/// An encoded value, with the type that has to stand beside it where it is a collection of typed objects.
struct Encoded {
    value: Value,
    collection: Option<&'static str>,
}

impl From<Value> for Encoded {
    fn from(value: Value) -> Self {
        Self { value, collection: None }
    }
}

fn insert(into: &mut Map<String, Value>, name: &str, encoded: Encoded) {
    if let Some(collection) = encoded.collection {
        into.insert(format!("{name}{TYPE}"), collection.into());
    }
    into.insert(name.to_owned(), encoded.value);
}

fn encode(name: &str, kind: Option<Kind>, argument: Argument) -> Result<Encoded, BadArgument> {
    let Some(kind) = kind else { return Ok(by_itself(argument)) };
    let value = match (kind, argument) {
        (Kind::Secret, _) => return Err(BadArgument::Secret),
        (_, Argument::Json(value)) => value,
        (Kind::Switch, argument) => boolean(argument)?,
        (Kind::MultiValued, argument) => return Ok(multi_valued(argument)),
        (_, Argument::Null) => Value::Null,
        (Kind::Bool, argument) => boolean(argument)?,
        (Kind::Number, argument) => number(argument)?,
        (Kind::Size, argument) => size(argument),
        (Kind::Date, argument) => moment(name, &argument)?,
        (Kind::Array, argument) => return Ok(array(argument)),
        (Kind::Hashtable, Argument::Table(fields)) => table(fields),
        (Kind::Hashtables, argument) => return hashtables(argument),
        (Kind::Bytes, Argument::Bytes(bytes)) => byte_array(&bytes),
        (Kind::Hashtable, other) => return Err(BadArgument::Table(shown(&other))),
        (Kind::Bytes, other) => return Err(BadArgument::Bytes(shown(&other))),
        (Kind::Filter, Argument::Text(text)) => filter(&text).into(),
        (_, argument) => return Ok(by_itself(as_text(argument))),
    };
    Ok(value.into())
}

/// A value of which nothing is known but its look.
fn by_itself(argument: Argument) -> Encoded {
    let value = match argument {
        Argument::Null => Value::Null,
        Argument::Bool(value) => value.into(),
        Argument::Number(number) => number.into(),
        Argument::Text(text) => text.into(),
        Argument::List(items) => return list(items),
        Argument::Table(fields) => table(fields),
        Argument::Bytes(bytes) => byte_array(&bytes),
        Argument::Json(value) => value,
    };
    value.into()
}

fn list(items: Vec<Argument>) -> Encoded {
    let all = |is: fn(&Argument) -> bool| !items.is_empty() && items.iter().all(is);
    let collection = if all(|item| matches!(item, Argument::Table(_))) {
        Some("#Collection(Exchange.GenericHashTable)")
    } else if all(|item| matches!(item, Argument::Bytes(_))) {
        Some("#Collection(Exchange.ByteArrayType)")
    } else {
        None
    };
    Encoded { value: items.into_iter().map(|item| by_itself(item).value).collect(), collection }
}

fn table(fields: Vec<(String, Argument)>) -> Value {
    let mut object = Map::from_iter([(TYPE.to_owned(), HASHTABLE.into())]);
    for (name, argument) in fields {
        insert(&mut object, &name, by_itself(argument));
    }
    Value::Object(object)
}

/// Several texts. A single one is a list of one.
fn array(argument: Argument) -> Encoded {
    match argument {
        Argument::Table(fields) => table(fields).into(),
        Argument::List(items) => list(items.into_iter().map(as_text).collect()),
        single => list(vec![as_text(single)]),
    }
}

/// Like [`array`], and what is added and removed is a list as well. An empty list would leave the property as it is; a
/// hashtable without anything empties it.
fn multi_valued(argument: Argument) -> Encoded {
    match argument {
        Argument::Null => table(Vec::new()).into(),
        Argument::List(items) if items.is_empty() => table(Vec::new()).into(),
        Argument::Table(fields) => {
            let lists = fields.into_iter().map(|(name, argument)| {
                let known = ["Add", "Remove"].into_iter().find(|known| known.eq_ignore_ascii_case(&name));
                match (known, argument) {
                    (Some(known), Argument::List(items)) => {
                        (known.to_owned(), Argument::List(items.into_iter().map(as_text).collect()))
                    }
                    (Some(known), single) => (known.to_owned(), Argument::List(vec![as_text(single)])),
                    (None, other) => (name, other),
                }
            });
            table(lists.collect()).into()
        }
        other => array(other),
    }
}

fn hashtables(argument: Argument) -> Result<Encoded, BadArgument> {
    let items = match argument {
        Argument::List(items) => items,
        single => vec![single],
    };
    match items.iter().find(|item| !matches!(item, Argument::Table(_))) {
        Some(other) => Err(BadArgument::Table(shown(other))),
        None => Ok(list(items)),
    }
}

/// The element type of a list and the fields of a name are text, whatever they look like.
fn as_text(argument: Argument) -> Argument {
    match argument {
        Argument::Bool(true) => Argument::Text("True".to_owned()),
        Argument::Bool(false) => Argument::Text("False".to_owned()),
        Argument::Number(number) => Argument::Text(number.to_string()),
        Argument::List(items) => Argument::List(items.into_iter().map(as_text).collect()),
        other => other,
    }
}

fn boolean(argument: Argument) -> Result<Value, BadArgument> {
    match argument {
        Argument::Bool(value) => Ok(value.into()),
        Argument::Text(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true.into()),
        Argument::Text(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false.into()),
        Argument::Number(number) if number.as_u64() == Some(1) => Ok(true.into()),
        Argument::Number(number) if number.as_u64() == Some(0) => Ok(false.into()),
        other => Err(BadArgument::Bool(shown(&other))),
    }
}

fn number(argument: Argument) -> Result<Value, BadArgument> {
    match argument {
        Argument::Number(number) => Ok(number.into()),
        Argument::Text(text) => Number::read(&text).map(Value::from).ok_or(BadArgument::Number(text)),
        other => Err(BadArgument::Number(shown(&other))),
    }
}

/// Reading a number as PowerShell does.
trait Read: Sized {
    fn read(text: &str) -> Option<Self>;
}

impl Read for Number {
    /// A whole number, one with PowerShell's suffixes (`10MB`), or a fraction.
    fn read(text: &str) -> Option<Self> {
        let whole = text.parse::<i64>().map(Self::from).or_else(|_| text.parse::<u64>().map(Self::from));
        if let Ok(number) = whole {
            return Some(number);
        }
        let lower = text.to_ascii_lowercase();
        let power =
            ["kb", "mb", "gb", "tb", "pb"].iter().zip(1..).find(|(suffix, _)| lower.ends_with(**suffix));
        if let Some((suffix, power)) = power {
            let count = lower.strip_suffix(suffix)?.parse::<i64>().ok()?;
            return count.checked_mul(1024_i64.checked_pow(power)?).map(Self::from);
        }
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        Self::from_f64(text.parse().ok().filter(|_| digits)?)
    }
}

/// A whole number is a number, everything else a text: `Unlimited`, `50 GB`.
fn size(argument: Argument) -> Value {
    match as_text(argument) {
        Argument::Text(text) if text.eq_ignore_ascii_case("unlimited") => "Unlimited".into(),
        Argument::Text(text) => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => text.into(),
        },
        other => by_itself(other).value,
    }
}

fn moment(name: &str, argument: &Argument) -> Result<Value, BadArgument> {
    let text = shown(argument);
    let moment = date::read(&text).ok_or(BadArgument::Date(text))?;
    if !moment.zoned {
        tracing::info!(parameter = name, utc = moment.utc, "a date without a zone is taken as UTC");
    }
    Ok(moment.utc.into())
}

/// `$true` and `$false` mean nothing to the service's filter language; the module writes them as texts.
fn filter(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        written.push_str(before);
        let constant = [("$true", "True"), ("$false", "False")].into_iter().find(|(constant, _)| {
            after.get(..constant.len()).is_some_and(|start| start.eq_ignore_ascii_case(constant))
                && !after[constant.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        });
        let taken = match constant {
            Some((constant, word)) if before.ends_with(['\'', '"']) => {
                written.push_str(word);
                constant.len()
            }
            Some((constant, word)) => {
                written.extend(["'", word, "'"]);
                constant.len()
            }
            None => {
                written.push('$');
                1
            }
        };
        rest = &after[taken..];
    }
    written + rest
}

fn byte_array(bytes: &[u8]) -> Value {
    json!({ TYPE: BYTES, "Data": bytes })
}

/// A value in a message.
fn shown(argument: &Argument) -> String {
    match argument {
        Argument::Null => "$null".to_owned(),
        Argument::Bool(value) => format!("${value}"),
        Argument::Number(number) => number.to_string(),
        Argument::Text(text) => text.clone(),
        Argument::List(_) => "@(…)".to_owned(),
        Argument::Table(_) => "@{…}".to_owned(),
        Argument::Bytes(_) => "@file".to_owned(),
        Argument::Json(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
