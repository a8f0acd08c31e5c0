//! From words to a condition. `not` binds closest, then `and`, then `or`.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::token::{Token, tokens};
use super::{Comparison, Filter, Literal, Operand, Part};

/// How deep parentheses may be nested.
const DEEPEST: usize = 24;

/// Reads a filter whole, or says why it cannot.
pub(crate) fn parse(text: &str) -> Result<Filter, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, member: None, depth: 0 };
    let filter = parser.either()?;
    match parser.tokens.first() {
        None => Ok(filter),
        Some(token) => Err(format!("{} is not expected", shown(Some(token)))),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    /// The name of the list's member inside `any`.
    member: Option<String>,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Filter, String> {
        let mut terms = vec![self.both()?];
        while self.keyword("or") {
            terms.push(self.both()?);
        }
        Ok(single(terms, Filter::Any))
    }

    fn both(&mut self) -> Result<Filter, String> {
        let mut terms = vec![self.term()?];
        while self.keyword("and") {
            terms.push(self.term()?);
        }
        Ok(single(terms, Filter::All))
    }

    fn term(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the filter is nested too deeply".to_owned());
        }
        let negated = self.keyword("not");
        let term = match self.next() {
            Some(Token::Mark('(')) => self.closed(Self::either)?,
            Some(Token::Word(word)) if self.peek(&Token::Mark('(')) => self.function(&word)?,
            Some(Token::Word(word)) if self.peek(&Token::Mark('/')) => self.any(word)?,
            // `not` takes no comparison without parentheses: in OData it would belong to the property alone.
            Some(Token::Word(word)) if !negated => self.comparison(&word)?,
            token => return Err(format!("{} is not expected", shown(token.as_ref()))),
        };
        self.depth -= 1;
        Ok(if negated { Filter::Not(Box::new(term)) } else { term })
    }

    fn comparison(&mut self, word: &str) -> Result<Filter, String> {
        let operand = self.operand(word)?;
        let comparison = match self.word()?.as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::AtMost,
            "gt" => Comparison::Greater,
            "ge" => Comparison::AtLeast,
            other => return Err(format!("`{other}` is no operator")),
        };
        let literal = match self.next() {
            Some(Token::Text(text)) => Literal::Text(text),
            Some(Token::Word(word)) => literal(&word).ok_or_else(|| format!("`{word}` is no value"))?,
            token => return Err(format!("{} is no value", shown(token.as_ref()))),
        };
        Ok(Filter::Compare(operand, comparison, literal))
    }

    fn function(&mut self, name: &str) -> Result<Filter, String> {
        let part = match name {
            "startswith" => Part::Start,
            "endswith" => Part::End,
            "contains" => Part::Anywhere,
            _ => return Err(format!("`{name}` is no function")),
        };
        self.expect('(')?;
        self.closed(|parser| {
            let word = parser.word()?;
            let operand = parser.operand(&word)?;
            parser.expect(',')?;
            match parser.next() {
                Some(Token::Text(text)) => Ok(Filter::Match(part, operand, text)),
                token => Err(format!("{} is no text", shown(token.as_ref()))),
            }
        })
    }

    fn any(&mut self, list: String) -> Result<Filter, String> {
        self.expect('/')?;
        if self.word()? != "any" || self.member.is_some() {
            return Err("of a list only `any` is known, once".to_owned());
        }
        self.expect('(')?;
        self.member = Some(self.word()?);
        self.expect(':')?;
        let inner = self.closed(Self::either)?;
        self.member = None;
        Ok(Filter::AnyMember(list, Box::new(inner)))
    }

    /// Inside `any` only the member can be meant.
    fn operand(&self, word: &str) -> Result<Operand, String> {
        match &self.member {
            Some(member) if member == word => Ok(Operand::Member),
            Some(member) => Err(format!("`{word}` is not `{member}`")),
            None if word.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Ok(Operand::Property(word.to_owned()))
            }
            None => Err(format!("`{word}` is no property")),
        }
    }

    fn closed<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        let inner = read(self)?;
        self.expect(')')?;
        Ok(inner)
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn peek(&self, token: &Token) -> bool {
        self.tokens.first() == Some(token)
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = self.peek(&Token::Word(word.to_owned()));
        if found {
            self.next();
        }
        found
    }

    fn word(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            token => Err(format!("{} is no name", shown(token.as_ref()))),
        }
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        match self.next() {
            Some(Token::Mark(found)) if found == mark => Ok(()),
            token => Err(format!("{} stands where `{mark}` must", shown(token.as_ref()))),
        }
    }
}

fn single(mut terms: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        last => several(terms.into_iter().chain(last).collect()),
    }
}

fn literal(word: &str) -> Option<Literal> {
    match word {
        "true" => Some(Literal::Truth(true)),
        "false" => Some(Literal::Truth(false)),
        "null" => Some(Literal::Null),
        _ if word.contains('T') => OffsetDateTime::parse(word, &Rfc3339).ok().map(Literal::Date),
        _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            word.parse().ok().map(Literal::Number)
        }
        _ => None,
    }
}

fn shown(token: Option<&Token>) -> String {
    match token {
        None => "the end".to_owned(),
        Some(Token::Word(word)) => format!("`{word}`"),
        Some(Token::Text(text)) => format!("'{text}'"),
        Some(Token::Mark(mark)) => format!("`{mark}`"),
    }
}
