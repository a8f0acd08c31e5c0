//! Rows and values: what Exchange returned, without a tree of it.
//!
//! A [`Row`] borrows one object from the text of a page, or a list of properties that exo-mi made itself; both are
//! read through the same methods. Nothing here knows where rows come from or how they are shown.

mod json;
mod pick;
mod row;

pub use json::{decode, write_string};
pub use pick::Picker;
pub use row::{Field, Row};

use std::borrow::Cow;

/// A value of a property.
///
/// Numbers stay the text that was sent: `RuleIdentity` of an inbox rule exceeds an `i64`, and a detour through `f64`
/// would change it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digit for digit.
    Number(Cow<'a, str>),
    /// A text. Enumerations, sizes, time spans and dates are texts on this wire.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// A nested object, in the order of the wire.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl Value<'_> {
    /// The same value with nothing borrowed.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(text) => Value::Number(Cow::Owned(text.into_owned())),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(Cow::Owned(number.to_string()))
    }
}

/// Whether a property is one of the annotations that travel beside the real ones: `Guid@data.type`, `Guid@odata.type`,
/// `@odata.context`, `Members@odata.nextLink`. A name that merely contains `@` is a property like any other.
pub fn is_annotation(name: &str) -> bool {
    // What OData says of a property. A user's address may be a name, and its domain may be odata.
    const ODATA: [&str; 6] = ["type", "context", "count", "nextLink", "navigationLink", "associationLink"];
    // Most names hold no such sign, and this is asked of every property of every object.
    if !name.as_bytes().contains(&b'@') {
        return false;
    }
    let odata = |name: &str| name.split_once("@odata.").is_some_and(|(_, word)| ODATA.contains(&word));
    name.starts_with('@') || name.ends_with("@data.type") || odata(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_told_from_properties_whose_names_are_addresses() {
        for name in ["@odata.context", "@x", "Guid@data.type", "Guid@odata.type", "Members@odata.nextLink"] {
            assert!(is_annotation(name), "{name}");
        }
        for name in ["Guid", "meg@contoso.com", "meg@odata.com", "data.type", "odata.type"] {
            assert!(!is_annotation(name), "{name}");
        }
    }
}
