//! One object of the tenant as it is asked for: a template, what fills its placeholders, and what was changed since.

use std::borrow::Cow;

use super::record::{Columns, Record, Writer};

/// Names of placeholders with the JSON text that takes their place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filling(Vec<(&'static str, String)>);

impl Filling {
    #[must_use]
    pub(crate) fn text(self, name: &'static str, text: &str) -> Self {
        self.json(name, serde_json::Value::from(text).to_string())
    }

    /// A number, a truth or null; an empty text leaves a list empty.
    #[must_use]
    pub(crate) fn json(mut self, name: &'static str, json: impl Into<String>) -> Self {
        self.0.push((name, json.into()));
        self
    }

    /// What comes later wins.
    #[must_use]
    pub(crate) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| *key == name).map(|(_, json)| json.as_str())
    }

    /// A placeholder that is a whole text gives way to any JSON; one inside a text, to the inside of a text. One that
    /// nothing fills stays.
    pub(crate) fn fill(&self, json: &str) -> String {
        let (mut filled, mut rest) = (String::with_capacity(json.len()), json);
        while let Some((before, name, after)) = placeholder(rest) {
            rest = after;
            let Some(value) = self.value(name) else {
                filled.extend([before, "{{", name, "}}"]);
                continue;
            };
            let Some((before, after)) = before.strip_suffix('"').zip(after.strip_prefix('"')) else {
                let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                filled.extend([before, inside.unwrap_or(value)]);
                continue;
            };
            filled.extend([before, value]);
            rest = after;
        }
        filled + rest
    }
}

fn placeholder(json: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = json.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name, after))
}

/// What the value of a property is, as far as its JSON and its annotations tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Text,
    Number,
    Truth,
    Date,
    List,
    /// Null, which may become anything.
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    template: Cow<'a, Record>,
    filling: Filling,
    changes: Vec<(String, String)>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(template: Cow<'a, Record>, filling: Filling) -> Self {
        Self { template, filling, changes: Vec::new() }
    }

    /// The same with the values of another object, where it has them.
    #[must_use]
    pub(crate) fn changed(self, other: &Record) -> Self {
        let changes = other.entries().map(|(key, json)| (key.to_owned(), json.to_owned())).collect();
        Self { changes, ..self }
    }

    /// The object as it stands, with nothing left to fill in.
    pub(crate) fn record(&self) -> Record {
        self.template
            .entries()
            .map(|(key, json)| (key.to_owned(), self.filled(key, json).into_owned()))
            .collect()
    }

    /// The properties of a template, with this object's values where it has them.
    #[must_use]
    pub(crate) fn seen_as(&self, template: &Record) -> Self {
        Self { template: Cow::Owned(template.overlaid(&self.template)), ..self.clone() }
    }

    /// The JSON text of a property, whatever the case of its name.
    pub(crate) fn json(&self, property: &str) -> Option<Cow<'_, str>> {
        let (key, json) = self.template.entries().find(|(key, _)| key.eq_ignore_ascii_case(property))?;
        Some(self.filled(key, json))
    }

    /// The text of a property that is a text.
    pub(crate) fn text(&self, property: &str) -> Option<String> {
        serde_json::from_str(&self.json(property)?).ok()
    }

    /// Whether a property is one of several texts, whatever their case.
    pub(crate) fn is_any(&self, property: &str, texts: &[String]) -> bool {
        let value = self.text(property).unwrap_or_default().to_lowercase();
        texts.iter().any(|text| text.to_lowercase() == value)
    }

    /// Whether a list has a text, whatever its case.
    pub(crate) fn has(&self, property: &str, text: &str) -> bool {
        let list = self.json(property).and_then(|json| serde_json::from_str::<Vec<String>>(&json).ok());
        list.is_some_and(|list| list.iter().any(|member| member.eq_ignore_ascii_case(text)))
    }

    /// What a property holds; `None` where there is no such property.
    pub(crate) fn nature(&self, property: &str) -> Option<Nature> {
        let json = self.json(property)?;
        Some(match json.as_bytes().first() {
            _ if self.template.is_date(property) => Nature::Date,
            Some(b'"') => Nature::Text,
            Some(b'[') => Nature::List,
            Some(b't' | b'f') => Nature::Truth,
            Some(b'n') | None => Nature::Nothing,
            Some(_) => Nature::Number,
        })
    }

    /// Appends the object as JSON. Entity sets carry no annotations; cmdlets do.
    pub(crate) fn write(&self, columns: &Columns, annotated: bool, out: &mut String) {
        let mut writer = Writer::new(out, columns);
        for (key, json) in self.template.visible(annotated) {
            writer.entry(key, &self.filled(key, json));
        }
        writer.end();
    }

    fn filled<'s>(&'s self, key: &str, json: &'s str) -> Cow<'s, str> {
        match self.changes.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
            Some((_, new)) => Cow::Borrowed(new),
            None if json.contains("{{") => Cow::Owned(self.filling.fill(json)),
            None => Cow::Borrowed(json),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row<'static> {
        let text = r#"{"A":"{{a}}","B":"x-{{a}}-{{b}}","C@data.type":"System.DateTime","C":"{{c}}","D":["{{d}}"],"E":"{{e}}"}"#;
        let filling = Filling::default().text("a", "q\"").json("b", "7").json("c", "null").json("d", "");
        Row::new(Cow::Owned(serde_json::from_str(text).unwrap()), filling.json("e", "true"))
    }

    #[test]
    fn placeholders_take_json_or_the_inside_of_a_text() {
        let mut out = String::new();
        row().write(&None, false, &mut out);
        assert_eq!(out, r#"{"A":"q\"","B":"x-q\"-7","C":null,"D":[],"E":true}"#);
    }

    #[test]
    fn what_a_property_holds_is_told_by_its_value_and_its_annotation() {
        let row = row();
        let natures = ["a", "C", "D", "E", "F"].map(|property| row.nature(property));
        let [text, date, list, truth] = [Nature::Text, Nature::Date, Nature::List, Nature::Truth];
        assert_eq!(natures, [Some(text), Some(date), Some(list), Some(truth), None]);
    }

    #[test]
    fn a_change_wins() {
        let row = row().changed(&serde_json::from_str(r#"{"a":1}"#).unwrap());
        assert_eq!(row.json("A").as_deref(), Some("1"));
    }
}
