//! Reading one object out of a longer text, whole or in part.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::is_annotation;
use super::json::{Name, write_string};

/// Takes some properties out of objects that come one after another.
///
/// Objects of one result are alike: after a name most often comes the one that came after it in the object before, so that
/// what becomes of it is decided once and found again by one comparison.
#[derive(Default)]
pub struct Picker {
    names: Vec<Known>,
    places: HashMap<String, usize>,
}

/// A name that was seen.
struct Known {
    name: String,
    fate: Fate,
    /// The name as JSON, with its colon.
    written: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    LeftOut,
    /// It is no property.
    Annotation,
}

impl Picker {
    /// Reads the object at the beginning of the text, and appends one with the properties that are to be kept, their values
    /// as they stand there. Returns how long the object is. Where the text ends within it, the error says so.
    pub fn pick(
        &mut self,
        text: &str,
        keep: &dyn Fn(&str) -> bool,
        out: &mut Vec<u8>,
    ) -> Result<usize, serde_json::Error> {
        let mut reader = Deserializer::from_str(text);
        reader.deserialize_map(Picked { picker: self, keep, out })?;
        Ok(reader.into_iter::<IgnoredAny>().byte_offset())
    }

    /// The properties that were seen and left out.
    pub fn left_out(self) -> impl Iterator<Item = String> {
        self.names.into_iter().filter(|known| known.fate == Fate::LeftOut).map(|known| known.name)
    }

    /// The place of a name among all, which most often is the one after the last.
    fn place(&mut self, name: &str, next: usize, keep: &dyn Fn(&str) -> bool) -> usize {
        if self.names.get(next).is_some_and(|known| known.name == name) {
            return next;
        }
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let mut written = Vec::with_capacity(name.len() + 3);
        write_string(name, &mut written);
        written.push(b':');
        self.names.push(Known { name: name.to_owned(), fate: fate(name, keep), written });
        self.places.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }
}

fn fate(name: &str, keep: &dyn Fn(&str) -> bool) -> Fate {
    match name {
        _ if is_annotation(name) => Fate::Annotation,
        _ if keep(name) => Fate::Kept,
        _ => Fate::LeftOut,
    }
}

struct Picked<'p> {
    picker: &'p mut Picker,
    keep: &'p dyn Fn(&str) -> bool,
    out: &'p mut Vec<u8>,
}

impl<'de> Visitor<'de> for Picked<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.out.push(b'{');
        let mut next = 0;
        let mut filled = false;
        while let Some(name) = map.next_key_seed(Name)? {
            let place = self.picker.place(&name, next, self.keep);
            next = place + 1;
            let known = &self.picker.names[place];
            if known.fate != Fate::Kept {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: &RawValue = map.next_value()?;
            if std::mem::replace(&mut filled, true) {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&known.written);
            self.out.extend_from_slice(value.get().as_bytes());
        }
        self.out.push(b'}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(name: &str) -> bool {
        name.len() == 1
    }

    #[test]
    fn what_is_kept_stands_in_the_order_of_the_wire_as_it_was_sent() {
        let mut picker = Picker::default();
        let mut picked = |text: &str| {
            let mut out = Vec::new();
            let length = picker.pick(text, &short, &mut out).expect("an object");
            (length, String::from_utf8(out).expect("text"))
        };
        let first = r##"{"b": 1.50,"Long":{"x":[]},"a@odata.type":"#T","a":"é\n"}"##;
        assert_eq!(picked(&format!("{first},{{")), (first.len(), r#"{"b":1.50,"a":"é\n"}"#.to_owned()));
        // Another order, a new name, a name that comes twice.
        let second = r#"{"a":null,"c":true,"b":2,"a":3,"Other":4}"#;
        assert_eq!(picked(second), (second.len(), r#"{"a":null,"c":true,"b":2,"a":3}"#.to_owned()));
        assert_eq!(picked("{} "), (2, "{}".to_owned()));
        assert_eq!(picker.left_out().collect::<Vec<_>>(), ["Long", "Other"]);
    }

    #[test]
    fn a_text_that_ends_too_early_is_told_from_one_that_is_wrong() {
        for (text, eof) in [("{\"a\":[1,", true), ("{\"a", true), ("{\"a\":]", false), ("{,}", false)] {
            let error = Picker::default().pick(text, &short, &mut Vec::new()).expect_err("no object");
            assert_eq!(error.is_eof(), eof, "{text}");
        }
        let deep = format!("{{\"a\":{}{}}} x", "[".repeat(9000), "]".repeat(9000));
        let length = Picker::default().pick(&deep, &short, &mut Vec::new());
        assert_eq!(length.ok(), Some(18_006));
    }
}
