//! One object: borrowed from a page, or made here.

use std::fmt;
use std::ops::ControlFlow;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{Name, decode, write_value};
use super::{Value, is_annotation};

/// One object of a result. Properties come in the order of the wire, annotations left out.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// The text of one JSON object, as it stands in the page.
    Json(&'a str),
    /// Properties that exo-mi made itself, such as the connection's information.
    Fields(&'a [(&'a str, Value<'a>)]),
    /// Some properties of another row.
    Picked(&'a [(&'a str, Field<'a>)]),
}

/// One property's value, decoded when asked.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    /// The JSON text of the value.
    Json(&'a str),
    /// A value made here.
    Made(&'a Value<'a>),
}

impl<'a> Field<'a> {
    /// The value, borrowing from the page where no escape stands in the way.
    pub fn value(self) -> Value<'a> {
        match self {
            Self::Json(text) => decode(text),
            Self::Made(value) => value.clone(),
        }
    }

    /// Appends the value as compact JSON: numbers and texts as they were sent, annotations of nested objects left out.
    pub fn write_json(self, out: &mut Vec<u8>) {
        match self {
            Self::Json(text) if !(text.starts_with(['{', '[']) && text.contains('@')) => {
                out.extend_from_slice(text.as_bytes());
            }
            Self::Json(text) => write_value(&decode(text), out),
            Self::Made(value) => write_value(value, out),
        }
    }
}

impl<'a> Row<'a> {
    /// Calls `visit` with each property until it breaks. Fails only where the text is no JSON object, which the
    /// decoder of a page has excluded.
    pub fn each<B>(self, mut visit: impl FnMut(&str, Field<'a>) -> ControlFlow<B>) -> Option<B> {
        match self {
            Self::Fields(fields) => {
                for (name, value) in fields {
                    if let ControlFlow::Break(found) = visit(name, Field::Made(value)) {
                        return Some(found);
                    }
                }
                None
            }
            Self::Picked(fields) => fields.iter().find_map(|(name, field)| visit(name, *field).break_value()),
            Self::Json(text) => {
                let mut found = None;
                let mut reader = serde_json::Deserializer::from_str(text);
                // The error is the visitor's own way out once something was found.
                let _ = reader.deserialize_map(Each { visit: &mut visit, found: &mut found });
                found
            }
        }
    }

    /// The values of the named properties, in that order; `None` where the object has no such property. Names are
    /// compared without regard to case, as PowerShell does. What is not asked for is skipped without allocation.
    pub fn project(self, names: &[&str]) -> Vec<Option<Value<'a>>> {
        self.select(names).into_iter().map(|field| field.map(Field::value)).collect()
    }

    /// The same, with the values as they stand there, not decoded.
    pub fn select(self, names: &[&str]) -> Vec<Option<Field<'a>>> {
        let mut values = vec![None; names.len()];
        match self {
            Self::Fields(fields) => {
                for (slot, name) in values.iter_mut().zip(names) {
                    let field = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
                    *slot = field.map(|(_, value)| Field::Made(value));
                }
            }
            Self::Picked(fields) => {
                for (slot, name) in values.iter_mut().zip(names) {
                    let field = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
                    *slot = field.map(|(_, field)| *field);
                }
            }
            Self::Json(text) => {
                let mut reader = serde_json::Deserializer::from_str(text);
                let _ = reader.deserialize_map(Select { names, values: &mut values });
            }
        }
        values
    }

    /// The names of all properties.
    pub fn names(self) -> Vec<String> {
        let mut names = Vec::new();
        self.each(|name, _| {
            names.push(name.to_owned());
            ControlFlow::<()>::Continue(())
        });
        names
    }
}

struct Each<'v, V, B> {
    visit: &'v mut V,
    found: &'v mut Option<B>,
}

impl<'de, V, B> Visitor<'de> for Each<'_, V, B>
where
    V: FnMut(&str, Field<'de>) -> ControlFlow<B>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            if is_annotation(&name) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let raw: &'de RawValue = map.next_value()?;
            if let ControlFlow::Break(found) = (self.visit)(&name, Field::Json(raw.get())) {
                *self.found = Some(found);
                return Err(serde::de::Error::custom("found"));
            }
        }
        Ok(())
    }
}

struct Select<'p, 'de> {
    names: &'p [&'p str],
    values: &'p mut [Option<Field<'de>>],
}

impl<'de> Visitor<'de> for Select<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // What is asked for most often stands in the order of the object.
        let mut next = 0;
        while let Some(name) = map.next_key_seed(Name)? {
            let is = |wanted: &&str| wanted.eq_ignore_ascii_case(&name);
            let expected = self.names.get(next).is_some_and(is).then_some(next);
            if let Some(at) = expected.or_else(|| self.names.iter().position(is)) {
                let raw: &'de RawValue = map.next_value()?;
                self.values[at] = Some(Field::Json(raw.get()));
                next = at + 1;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r##"{"@odata.context":"x","Name":"a\"b","Id@odata.type":"#Guid","Id":"1","N":15394007230974001153,
        "L":["x",null],"O":{"@odata.type":"y","k":1.50},"user@contoso.com":true}"##;

    #[test]
    fn annotations_are_left_out_and_the_order_is_kept() {
        assert_eq!(Row::Json(ROW).names(), ["Name", "Id", "N", "L", "O", "user@contoso.com"]);
    }

    #[test]
    fn a_projection_finds_names_without_regard_to_case() {
        let values = Row::Json(ROW).project(&["n", "missing", "name"]);
        assert_eq!(values[0], Some(Value::Number("15394007230974001153".into())));
        assert_eq!(values[1], None);
        assert_eq!(values[2], Some(Value::from("a\"b")));
    }

    #[test]
    fn nested_annotations_vanish_from_json_and_numbers_stay_exact() {
        let mut out = Vec::new();
        Row::Json(ROW).each(|name, field| {
            if name == "O" || name == "L" || name == "N" {
                field.write_json(&mut out);
            }
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(String::from_utf8(out).as_deref(), Ok(r#"15394007230974001153["x",null]{"k":1.50}"#));
    }

    #[test]
    fn made_fields_are_read_like_json() {
        let fields = [("State", Value::from("Connected")), ("PageSize", Value::from(1000))];
        let row = Row::Fields(&fields);
        assert_eq!(row.names(), ["State", "PageSize"]);
        assert_eq!(row.project(&["pagesize"]), [Some(Value::from(1000))]);
    }

    #[test]
    fn picked_fields_are_read_like_the_row_they_come_from() {
        let picked: Vec<_> =
            ["o", "N"].into_iter().zip(Row::Json(ROW).select(&["o", "N"]).into_iter().flatten()).collect();
        let row = Row::Picked(&picked);
        assert_eq!(row.names(), ["o", "N"]);
        assert_eq!(row.project(&["n", "Id"]), [Some(Value::Number("15394007230974001153".into())), None]);
    }

    #[test]
    fn a_search_stops_at_what_it_found() {
        let mut seen = 0;
        let found = Row::Json(ROW).each(|name, _| {
            seen += 1;
            if name == "Id" { ControlFlow::Break(7) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((found, seen), (Some(7), 2));
    }
}
