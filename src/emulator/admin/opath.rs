//! The language of `-Filter`, as far as the emulator speaks it: comparisons of properties, `-and`, `-or`, `-not` and
//! parentheses. What it does not understand is refused, and so is what a client must have rewritten: `$true` and `$false`
//! are nothing to the service.

use serde_json::Value;

use super::quantity::{bytes, stored_moment};
use crate::emulator::tenant::record::matches;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare { property: String, operator: Operator, operand: Option<String> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Different,
    Like,
    NotLike,
    Greater,
    AtLeast,
    Less,
    AtMost,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("-eq", Operator::Equal),
    ("-ne", Operator::Different),
    ("-like", Operator::Like),
    ("-notlike", Operator::NotLike),
    ("-gt", Operator::Greater),
    ("-ge", Operator::AtLeast),
    ("-lt", Operator::Less),
    ("-le", Operator::AtMost),
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Word(String),
    Quoted(String),
}

impl Filter {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: tokens.into_iter().peekable() };
        let filter = parser.any()?;
        match parser.tokens.next() {
            None => Ok(filter),
            Some(token) => Err(format!("{token:?} was not expected")),
        }
    }

    /// Whether an object passes, whose properties are looked up as JSON; says which property it does not have.
    pub(crate) fn holds(&self, look_up: &dyn Fn(&str) -> Option<Value>) -> Result<bool, String> {
        match self {
            Self::All(filters) => {
                filters.iter().try_fold(true, |holds, filter| Ok(filter.holds(look_up)? && holds))
            }
            Self::Any(filters) => {
                filters.iter().try_fold(false, |holds, filter| Ok(filter.holds(look_up)? || holds))
            }
            Self::Not(filter) => Ok(!filter.holds(look_up)?),
            Self::Compare { property, operator, operand } => {
                let value = look_up(property)
                    .ok_or_else(|| format!("\"{property}\" isn't a recognized filterable property."))?;
                Ok(compare(&value, *operator, operand.as_deref()))
            }
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            '\'' | '"' => quoted(first, &rest[1..])?,
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()'\"".contains(c)).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), &rest[end..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// A text in quotation marks, of which two stand for one.
fn quoted(mark: char, mut rest: &str) -> Result<(Token, &str), String> {
    let mut text = String::new();
    loop {
        let (before, after) = rest.split_once(mark).ok_or("a quotation mark has no partner")?;
        text.push_str(before);
        match after.strip_prefix(mark) {
            Some(after) => {
                text.push(mark);
                rest = after;
            }
            None => return Ok((Token::Quoted(text), after)),
        }
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

impl Parser {
    fn any(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.all()?];
        while self.takes("-or") {
            filters.push(self.all()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) })
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.one()?];
        while self.takes("-and") {
            filters.push(self.one()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) })
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.takes("-not") || self.takes("!") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        match self.tokens.next() {
            Some(Token::Open) => {
                let filter = self.any()?;
                match self.tokens.next() {
                    Some(Token::Close) => Ok(filter),
                    _ => Err("a parenthesis is not closed".to_owned()),
                }
            }
            Some(Token::Word(property))
                if property.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
            {
                let operator = self.operator()?;
                Ok(Filter::Compare { property, operator, operand: self.operand()? })
            }
            Some(token) => Err(format!("{token:?} is no property")),
            None => Err("the filter ends too early".to_owned()),
        }
    }

    fn operator(&mut self) -> Result<Operator, String> {
        let Some(Token::Word(word)) = self.tokens.next() else {
            return Err("an operator is missing".to_owned());
        };
        let known = OPERATORS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
        known.map(|(_, operator)| *operator).ok_or_else(|| format!("\"{word}\" is no operator"))
    }

    fn operand(&mut self) -> Result<Option<String>, String> {
        match self.tokens.next() {
            Some(Token::Quoted(text)) => Ok(Some(text)),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("$null") => Ok(None),
            Some(Token::Word(word)) if word.parse::<f64>().is_ok() => Ok(Some(word)),
            Some(token) => Err(format!("{token:?} is no value: a text stands in quotation marks")),
            None => Err("a value is missing".to_owned()),
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        self.tokens.next_if(|token| matches!(token, Token::Word(w) if w.eq_ignore_ascii_case(word))).is_some()
    }
}

/// Of a list, one element that fits is enough, and all must differ.
fn compare(value: &Value, operator: Operator, operand: Option<&str>) -> bool {
    let any = |operator| match value {
        Value::Array(elements) => elements.iter().any(|element| compare_one(element, operator, operand)),
        _ => compare_one(value, operator, operand),
    };
    match (operator, operand, value) {
        (Operator::Equal, None, _) => is_unset(value),
        (Operator::Different, None, _) => !is_unset(value),
        (Operator::Different, ..) => !any(Operator::Equal),
        (Operator::NotLike, ..) => !any(Operator::Like),
        _ => any(operator),
    }
}

fn is_unset(value: &Value) -> bool {
    value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
}

fn compare_one(value: &Value, operator: Operator, operand: Option<&str>) -> bool {
    let (Some(text), Some(operand)) = (text_of(value), operand) else { return false };
    let (text, operand) = (text.to_lowercase(), operand.to_lowercase());
    match operator {
        Operator::Like => return matches(&operand, &text),
        Operator::Equal if text == operand => return true,
        _ => {}
    }
    let Some(order) = order(&text, &operand) else { return false };
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::Greater => order.is_gt(),
        Operator::AtLeast => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::Different | Operator::Like | Operator::NotLike => false,
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Sizes, numbers and dates have an order of their own; other texts that of the alphabet.
fn order(text: &str, operand: &str) -> Option<std::cmp::Ordering> {
    if let Some(have) = bytes(text) {
        let wanted = super::quantity::size(operand).and_then(|size| bytes(&size))?;
        return Some(have.cmp(&wanted));
    }
    if let (Ok(have), Ok(wanted)) = (text.parse::<f64>(), operand.parse::<f64>()) {
        return have.partial_cmp(&wanted);
    }
    let upper = |text: &str| stored_moment(&text.to_uppercase());
    match (upper(text), upper(operand).or_else(|| upper(&format!("{operand}t00:00:00")))) {
        (Some(have), Some(wanted)) => Some(have.cmp(&wanted)),
        _ => Some(text.cmp(operand)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(filter: &str) -> Result<bool, String> {
        let object = json!({
            "Name": "Adele O'Neil", "Priority": 7, "IsDirSynced": false, "Office": "", "Manager": null,
            "Mails": ["SMTP:adele@contoso.com", "smtp:a@contoso.com"], "Quota": "99 GB (106,300,440,576 bytes)",
            "WhenChanged": "2026-07-23T21:51:45.0000000+00:00",
        });
        Filter::read(filter)?.holds(&|name| object.get(name).cloned())
    }

    #[test]
    fn what_is_understood() {
        for (filter, wanted) in [
            ("Name -eq 'adele o''neil'", true),
            ("Name -ne \"Adele O'Neil\"", false),
            ("Name -like 'Adele*'", true),
            ("Name -notlike '*x*'", true),
            ("(Name -like 'A*') -and (Priority -gt 6)", true),
            ("Name -like 'B*' -or Priority -le 7 -and IsDirSynced -eq 'False'", true),
            ("-not (IsDirSynced -eq 'True')", true),
            ("!(IsDirSynced -eq 'False')", false),
            ("Mails -like '*a@contoso.com'", true),
            ("Mails -ne 'smtp:a@contoso.com'", false),
            ("Manager -eq $null", true),
            ("Office -eq $null -and Name -ne $null", true),
            ("Quota -lt '100 GB'", true),
            ("WhenChanged -gt '2026-07-23'", true),
            ("WhenChanged -lt '2026-07-23T21:51:45Z'", false),
            ("Priority -eq 7", true),
        ] {
            assert_eq!(holds(filter), Ok(wanted), "{filter}");
        }
    }

    #[test]
    fn what_is_refused() {
        for filter in [
            "x",
            "",
            "Name -eq",
            "Name -eq Adele",
            "IsDirSynced -eq $true",
            "IsDirSynced -eq $False",
            "Name -eq 'a",
            "(Name -eq 'a'",
            "Name -eq 'a')",
            "Name -is 'a'",
            "'Name' -eq 'a'",
            "Name -eq 'a' 'b'",
            "Nmae -eq 'a'",
        ] {
            assert!(holds(filter).is_err(), "{filter}");
        }
    }
}
