//! Reading one object out of a longer text, whole or in part.

use std::fmt;

use serde::de::{Deserialize as _, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::is_annotation;
use super::json::{Name, write_string};

/// Takes some properties out of objects that come one after another.
///
/// Objects of one result are alike: a name stands most often where it stood in the object before, so that what becomes of
/// it is decided once and found again by one comparison.
#[derive(Default)]
pub struct Picker {
    names: Vec<(String, Fate)>,
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
        reader.deserialize_map(Picked { names: &mut self.names, keep, out })?;
        Ok(reader.into_iter::<IgnoredAny>().byte_offset())
    }

    /// The properties that were seen and left out.
    pub fn left_out(self) -> impl Iterator<Item = String> {
        self.names.into_iter().filter(|(_, fate)| *fate == Fate::LeftOut).map(|(name, _)| name)
    }
}

/// The length of the object at the beginning of the text.
pub fn length(text: &str) -> Result<usize, serde_json::Error> {
    // As it stands: `IgnoredAny` in its place would take the escapes of names apart.
    let raw = <&RawValue>::deserialize(&mut Deserializer::from_str(text))?;
    Ok(raw.get().len())
}

struct Picked<'p> {
    names: &'p mut Vec<(String, Fate)>,
    keep: &'p dyn Fn(&str) -> bool,
    out: &'p mut Vec<u8>,
}

impl Picked<'_> {
    /// Where the name stands among all names, looked for from `next` on.
    fn place(&mut self, name: &str, next: usize) -> usize {
        let is = |(known, _): &(String, Fate)| known == name;
        let (before, behind) = self.names.split_at(next.min(self.names.len()));
        let found = behind.iter().position(is).map(|at| before.len() + at);
        found.or_else(|| before.iter().position(is)).unwrap_or_else(|| {
            self.names.push((name.to_owned(), self.fate(name)));
            self.names.len() - 1
        })
    }

    fn fate(&self, name: &str) -> Fate {
        match name {
            _ if is_annotation(name) => Fate::Annotation,
            _ if (self.keep)(name) => Fate::Kept,
            _ => Fate::LeftOut,
        }
    }
}

impl<'de> Visitor<'de> for Picked<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.out.push(b'{');
        let mut next = 0;
        let mut filled = false;
        while let Some(name) = map.next_key_seed(Name)? {
            let place = self.place(&name, next);
            next = place + 1;
            if self.names[place].1 != Fate::Kept {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: &RawValue = map.next_value()?;
            if std::mem::replace(&mut filled, true) {
                self.out.push(b',');
            }
            write_string(&name, self.out);
            self.out.push(b':');
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
            assert_eq!(length(text).map_err(|error| error.is_eof()), Err(eof), "{text}");
            let error = Picker::default().pick(text, &short, &mut Vec::new()).expect_err("no object");
            assert_eq!(error.is_eof(), eof, "{text}");
        }
        assert_eq!(
            length(&format!("{{\"a\":{}{}}} x", "[".repeat(9000), "]".repeat(9000))).ok(),
            Some(18_006)
        );
    }
}
