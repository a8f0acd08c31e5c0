//! Whether a condition fits the properties of an object, and whether it holds.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Comparison, Filter, Literal, Operand, Part};
use crate::emulator::tenant::row::{Nature, Row};

impl Filter {
    /// Says which property is unknown, or what cannot be compared with what.
    pub(crate) fn check(&self, row: &Row<'_>) -> Result<(), String> {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().try_for_each(|term| term.check(row)),
            Self::Not(term) => term.check(row),
            Self::Compare(operand, comparison, literal) => {
                let nature = operand.nature(row)?;
                let fits = literal.fits(nature) && (literal.is_ordered() || comparison.is_equality());
                fits.then_some(()).ok_or_else(|| format!("{operand} is no {}", literal.kind()))
            }
            Self::Match(_, operand, _) => match operand.nature(row)? {
                Nature::Text | Nature::Nothing => Ok(()),
                _ => Err(format!("{operand} is no text")),
            },
            Self::AnyMember(list, inner) => match Operand::Property(list.clone()).nature(row)? {
                Nature::List => inner.check(row),
                _ => Err(format!("`{list}` is no list")),
            },
        }
    }

    /// Whether an object is wanted.
    pub(crate) fn holds(&self, row: &Row<'_>) -> bool {
        self.holds_of(row, &Value::Null)
    }

    fn holds_of(&self, row: &Row<'_>, member: &Value) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.holds_of(row, member)),
            Self::Any(terms) => terms.iter().any(|term| term.holds_of(row, member)),
            Self::Not(term) => !term.holds_of(row, member),
            Self::Compare(operand, comparison, literal) => {
                comparison.accepts(literal.order(&operand.value(row, member)))
            }
            Self::Match(part, operand, text) => part.is_in(&operand.value(row, member), text),
            Self::AnyMember(list, inner) => {
                let list = Operand::Property(list.clone()).value(row, member);
                list.as_array().is_some_and(|list| list.iter().any(|member| inner.holds_of(row, member)))
            }
        }
    }
}

impl Operand {
    fn nature(&self, row: &Row<'_>) -> Result<Nature, String> {
        match self {
            Self::Member => Ok(Nature::Text),
            Self::Property(name) => row.nature(name).ok_or_else(|| format!("`{name}` is no property")),
        }
    }

    fn value(&self, row: &Row<'_>, member: &Value) -> Value {
        match self {
            Self::Member => member.clone(),
            Self::Property(name) => {
                row.json(name).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
            }
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member => f.write_str("the member of the list"),
            Self::Property(name) => write!(f, "`{name}`"),
        }
    }
}

impl Literal {
    /// What something is that compares with this.
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "number",
            Self::Truth(_) => "truth that is equal or not",
            Self::Null => "thing that is null or not",
            Self::Date(_) => "date",
        }
    }

    fn fits(&self, nature: Nature) -> bool {
        match (self, nature) {
            (_, Nature::List) => false,
            (Self::Null, _) | (_, Nature::Nothing) => true,
            (Self::Text(_), nature) => nature == Nature::Text,
            (Self::Number(_), nature) => nature == Nature::Number,
            (Self::Truth(_), nature) => nature == Nature::Truth,
            (Self::Date(_), nature) => nature == Nature::Date,
        }
    }

    fn is_ordered(&self) -> bool {
        !matches!(self, Self::Null | Self::Truth(_))
    }

    /// How a value stands to this one; `None` where they do not compare, as nothing does with null but null.
    fn order(&self, value: &Value) -> Option<Ordering> {
        match (self, value) {
            (Self::Null, Value::Null) => Some(Ordering::Equal),
            (Self::Text(text), Value::String(value)) => Some(value.to_lowercase().cmp(&text.to_lowercase())),
            (Self::Number(number), Value::Number(value)) => value.as_f64()?.partial_cmp(number),
            (Self::Truth(truth), Value::Bool(value)) => Some(value.cmp(truth)),
            (Self::Date(date), Value::String(value)) => {
                OffsetDateTime::parse(value, &Rfc3339).ok().map(|value| value.cmp(date))
            }
            _ => None,
        }
    }
}

impl Comparison {
    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    fn accepts(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::AtMost => order.is_some_and(Ordering::is_le),
            Self::Greater => order == Some(Ordering::Greater),
            Self::AtLeast => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl Part {
    fn is_in(self, value: &Value, text: &str) -> bool {
        let (value, text) = (value.as_str().unwrap_or_default().to_lowercase(), text.to_lowercase());
        match self {
            Self::Start => value.starts_with(&text),
            Self::End => value.ends_with(&text),
            Self::Anywhere => value.contains(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::emulator::tenant::row::Filling;
    use std::borrow::Cow;

    fn row() -> Row<'static> {
        let text = r#"{"Name":"Adele O'Neill","Count":7,"Enabled":true,"Holder":null,"List":["SMTP:a@x","smtp:b@y"],
            "Created@data.type":"System.DateTime","Created":"2026-11-19T05:03:03.0000000+00:00"}"#;
        Row::new(Cow::Owned(serde_json::from_str(text).unwrap()), Filling::default())
    }

    fn evaluated(text: &str) -> Result<bool, String> {
        let (filter, row) = (parse(text)?, row());
        filter.check(&row)?;
        Ok(filter.holds(&row))
    }

    #[test]
    fn conditions_that_hold() {
        for text in [
            "Name eq 'adele o''neill'",
            "name ne 'x'",
            "Name gt 'ADEL' and Name lt 'adelf'",
            "Count ge 7 and Count le 7.0 and Count gt -1",
            "Enabled eq true",
            "Holder eq null and Name ne null",
            "Holder ne 'x' and not (Holder eq 'x')",
            "startswith(Name,'ADELE') and endswith(Name, 'neill') and contains(Name,'o''')",
            "not startswith(Name,'b')",
            "List/any(d: d eq 'SMTP:A@X')",
            "List/any(d:startswith(d,'smtp:b') and endswith(d,'@y'))",
            "Created gt 2026-11-01T00:00:00Z and Created lt 2026-11-19T06:03:03.001+00:30",
            "Count eq 1 and Count eq 2 or Count eq 7",
            "Count eq 7 or Count eq 1 and Count eq 2",
        ] {
            assert_eq!(evaluated(text), Ok(true), "{text}");
        }
    }

    #[test]
    fn conditions_that_do_not_hold() {
        for text in [
            "Name eq 'adele'",
            "Holder eq 'x'",
            "not (Count eq 7)",
            "(Count eq 7 or Count eq 1) and Count eq 2",
            "List/any(d: d eq 'a@x')",
            "List/any(d: startswith(d,'smtp:a') and endswith(d,'@y'))",
        ] {
            assert_eq!(evaluated(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in [
            "",
            "Name",
            "Name eq",
            "Name -eq 'x'",
            "Name = 'x'",
            "Name like 'x*'",
            "Name EQ 'x'",
            "Name eq \"x\"",
            "Name eq 'x",
            "Name eq x",
            "Nome eq 'x'",
            "Count eq '7'",
            "Enabled eq 'True'",
            "Enabled eq $true",
            "Enabled gt false",
            "Holder lt null",
            "Created gt '2026-11-01'",
            "Created gt 2026-11-01",
            "List eq 'x'",
            "Name/any(d: d eq 'x')",
            "List/all(d: d eq 'x')",
            "List/any(d: e eq 'x')",
            "List/any(d: Name eq 'x')",
            "List/any(d eq 'x')",
            "not Name eq 'x'",
            "startswith(Name)",
            "startswith(Count,'x')",
            "substringof('x',Name)",
            "(Count eq 7",
            "Count eq 7)",
            "Count eq 7 and",
            "Count eq 7 Count eq 7",
        ] {
            assert!(evaluated(text).is_err(), "{text}");
        }
        let deep = format!("{}Count eq 7{}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(evaluated(&deep).is_err());
    }
}
