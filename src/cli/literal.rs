//! Values as PowerShell writes them: constants, quotes, lists, hashtables, files.
//!
//! The shell has taken its own quotes away before, so that a word without any is common where PowerShell would want
//! some. How far a word is taken apart depends on the parameter's kind: commas part a list and belong to a text.

use std::io;
use std::path::Path;

use serde_json::Number;

use crate::catalog::Kind;
use crate::exchange::Argument;

/// How files are read.
pub(super) type ReadFile<'f> = &'f dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// How deep lists and hashtables may stand in each other.
const DEEPEST: usize = 16;

/// Why a word is no value.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadLiteral {
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("`{0}` does not belong there")]
    Left(String),
    #[error("lists and hashtables stand in each other too deeply")]
    TooDeep,
    #[error("{path} cannot be read")]
    Unreadable { path: String, source: io::Error },
    #[error("PowerShell has put `{0}` in its place")]
    Replaced(String),
}

/// Reads a word as a value of this kind; without a kind, by its look.
pub(super) fn read(word: &str, kind: Option<Kind>, file: ReadFile<'_>) -> Result<Argument, BadLiteral> {
    if word.starts_with("System.Collections.") || word == "System.Object[]" {
        return Err(BadLiteral::Replaced(word.to_owned()));
    }
    if let Some(constant) = constant(word) {
        return Ok(constant);
    }
    let composed =
        matches!(kind, None | Some(Kind::Array | Kind::MultiValued | Kind::Hashtable | Kind::Hashtables));
    match (kind, word.strip_prefix('@')) {
        (Some(Kind::Bytes), Some(path)) => match file(Path::new(path)) {
            Ok(bytes) => Ok(Argument::Bytes(bytes)),
            Err(source) => Err(BadLiteral::Unreadable { path: path.to_owned(), source }),
        },
        (_, Some(rest)) if composed && rest.starts_with(['(', '{']) => whole(word),
        (Some(kind), _) if kind.is_list() && word.contains([',', '\'', '"']) => whole(word),
        (None, _) => Ok(by_look(&unquoted(word))),
        (Some(Kind::Filter), _) => {
            Ok(Argument::Text(block(word).map_or_else(|| unquoted(word), str::to_owned)))
        }
        _ => Ok(Argument::Text(unquoted(word))),
    }
}

fn constant(word: &str) -> Option<Argument> {
    match word.to_ascii_lowercase().as_str() {
        "$true" => Some(Argument::Bool(true)),
        "$false" => Some(Argument::Bool(false)),
        "$null" => Some(Argument::Null),
        _ => None,
    }
}

/// A whole number where it is written as numbers are, `5` and not `007`, else a text.
fn by_look(word: &str) -> Argument {
    match word.parse::<i64>() {
        Ok(number) if number.to_string() == word => Argument::Number(Number::from(number)),
        _ => Argument::Text(word.to_owned()),
    }
}

/// A word without the quotes around the whole of it, as `cmd.exe` hands them on.
pub(super) fn unquoted(word: &str) -> String {
    let mut reader = Reader { rest: word };
    match reader.quoted() {
        Ok(Some(text)) if reader.rest.is_empty() => text,
        _ => word.to_owned(),
    }
}

/// What stands in a script block, in which PowerShell users write filters.
fn block(word: &str) -> Option<&str> {
    word.trim().strip_prefix('{')?.strip_suffix('}').map(str::trim)
}

fn whole(word: &str) -> Result<Argument, BadLiteral> {
    let mut reader = Reader { rest: word.trim() };
    let value = reader.list(&[], 0)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(BadLiteral::Left(reader.rest.to_owned())) }
}

struct Reader<'w> {
    rest: &'w str,
}

impl Reader<'_> {
    /// Values parted by commas, up to one of the ends. A single one is no list.
    fn list(&mut self, ends: &[char], depth: usize) -> Result<Argument, BadLiteral> {
        let first = self.item(ends, depth)?;
        let mut items = vec![first];
        while self.skip(",") {
            items.push(self.item(ends, depth)?);
        }
        Ok(if items.len() == 1 { items.remove(0) } else { Argument::List(items) })
    }

    fn item(&mut self, ends: &[char], depth: usize) -> Result<Argument, BadLiteral> {
        if depth > DEEPEST {
            return Err(BadLiteral::TooDeep);
        }
        self.blanks();
        if self.skip("@(") {
            return self.array(depth);
        }
        if self.skip("@{") {
            return self.table(depth);
        }
        let value = match self.quoted()? {
            Some(text) => Argument::Text(text),
            None => self.bare(ends)?,
        };
        self.blanks();
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Argument, BadLiteral> {
        let mut items = Vec::new();
        loop {
            while self.skip(";") {}
            if self.skip(")") {
                return Ok(Argument::List(items));
            }
            match self.list(&[')', ';'], depth + 1)? {
                Argument::List(more) => items.extend(more),
                single => items.push(single),
            }
            if !self.rest.starts_with([')', ';']) {
                return Err(self.expected("the `)` of a list"));
            }
        }
    }

    fn table(&mut self, depth: usize) -> Result<Argument, BadLiteral> {
        let mut fields = Vec::new();
        loop {
            while self.skip(";") {}
            if self.skip("}") {
                return Ok(Argument::Table(fields));
            }
            let name = match self.quoted()? {
                Some(name) => name,
                None => self.up_to(&['=', ';', '}']).trim().to_owned(),
            };
            if name.is_empty() || !self.skip("=") {
                return Err(self.expected("the name or the `=` of an entry of a hashtable"));
            }
            fields.push((name, self.list(&['}', ';'], depth + 1)?));
            if !self.rest.starts_with(['}', ';']) {
                return Err(self.expected("the `}` of a hashtable"));
            }
        }
    }

    /// A word without quotes, up to a comma or one of the ends.
    fn bare(&mut self, ends: &[char]) -> Result<Argument, BadLiteral> {
        let stops: Vec<char> = ends.iter().copied().chain([',']).collect();
        let word = self.up_to(&stops).trim();
        if word.is_empty() {
            return Err(BadLiteral::Missing("a value"));
        }
        Ok(constant(word).unwrap_or_else(|| by_look(word)))
    }

    fn up_to(&mut self, stops: &[char]) -> &str {
        let (before, after) = self.rest.split_at(self.rest.find(stops).unwrap_or(self.rest.len()));
        self.rest = after;
        before
    }

    /// A text in quotes, where one begins here. Two quotes are one; a backtick escapes between double quotes alone.
    fn quoted(&mut self) -> Result<Option<String>, BadLiteral> {
        let Some(quote) = self.rest.chars().next().filter(|first| matches!(first, '\'' | '"')) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut letters = self.rest[1..].chars();
        while let Some(letter) = letters.next() {
            match letter {
                '`' if quote == '"' => text.extend(letters.next().map(escaped)),
                letter if letter == quote => {
                    let after = letters.as_str();
                    if !after.starts_with(quote) {
                        self.rest = after;
                        return Ok(Some(text));
                    }
                    text.push(quote);
                    letters.next();
                }
                letter => text.push(letter),
            }
        }
        Err(BadLiteral::Missing("the closing quote"))
    }

    /// Takes a sign away where it stands here, and the blanks on both sides of it.
    fn skip(&mut self, sign: &str) -> bool {
        self.blanks();
        let Some(after) = self.rest.strip_prefix(sign) else { return false };
        self.rest = after;
        self.blanks();
        true
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn expected(&self, what: &'static str) -> BadLiteral {
        if self.rest.is_empty() { BadLiteral::Missing(what) } else { BadLiteral::Left(self.rest.to_owned()) }
    }
}

fn escaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Argument {
        Argument::Text(text.to_owned())
    }

    fn list(items: &[&str]) -> Argument {
        Argument::List(items.iter().map(|item| text(item)).collect())
    }

    fn table(fields: &[(&str, Argument)]) -> Argument {
        Argument::Table(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn photo(path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new("photo.jpg") { Ok(vec![1, 2]) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    #[test]
    fn a_word_is_taken_apart_as_far_as_its_kind_asks() {
        let values = Some(Kind::MultiValued);
        for (word, kind, expected) in [
            ("$True", Some(Kind::Bool), Argument::Bool(true)),
            ("$null", Some(Kind::Text), Argument::Null),
            ("a,b", Some(Kind::Text), text("a,b")),
            ("a,b", None, text("a,b")),
            ("@contoso", Some(Kind::Text), text("@contoso")),
            ("@{a=1}", Some(Kind::Text), text("@{a=1}")),
            ("'it''s'", Some(Kind::Text), text("it's")),
            ("\"a`tb\"\"\"", Some(Kind::Text), text("a\tb\"")),
            ("'a' -eq 'b'", Some(Kind::Filter), text("'a' -eq 'b'")),
            ("5", None, Argument::Number(5.into())),
            ("007", None, text("007")),
            ("a", values, text("a")),
            ("a,b", values, list(&["a", "b"])),
            ("'Smith, John', O'Brien", values, list(&["Smith, John", "O'Brien"])),
            ("@('a','b')", values, list(&["a", "b"])),
            ("@()", values, list(&[])),
            ("@( a ; \"b\" )", None, list(&["a", "b"])),
            ("@{}", values, table(&[])),
            (
                "@{Add='x','y'; Remove='z'}",
                values,
                table(&[("Add", list(&["x", "y"])), ("Remove", text("z"))]),
            ),
            ("@{Add=x,y;Remove=z}", values, table(&[("Add", list(&["x", "y"])), ("Remove", text("z"))])),
            (
                "@{'a b'=@{c=$true; d=5}}",
                Some(Kind::Hashtable),
                table(&[("a b", table(&[("c", Argument::Bool(true)), ("d", Argument::Number(5.into()))]))]),
            ),
            (
                "@{Name='a'}, @{Name='b'}",
                Some(Kind::Hashtables),
                Argument::List(vec![table(&[("Name", text("a"))]), table(&[("Name", text("b"))])]),
            ),
            ("@photo.jpg", Some(Kind::Bytes), Argument::Bytes(vec![1, 2])),
        ] {
            assert_eq!(read(word, kind, &photo).expect(word), expected, "{word}");
        }
    }

    #[test]
    fn half_a_value_is_refused() {
        for (word, kind) in [
            ("a,,b", Kind::Array),
            ("a,", Kind::Array),
            ("'a", Kind::Array),
            ("'a'b", Kind::Array),
            ("@('a'", Kind::Array),
            ("@(a) b", Kind::Array),
            ("@{Add", Kind::MultiValued),
            ("@{Add=}", Kind::MultiValued),
            ("@{=a}", Kind::MultiValued),
            ("@{Add='a'", Kind::MultiValued),
            ("@{Add='a' Remove='b'}", Kind::MultiValued),
            ("@no.jpg", Kind::Bytes),
            ("System.Collections.Hashtable", Kind::MultiValued),
        ] {
            assert!(read(word, Some(kind), &photo).is_err(), "{word}");
        }
        assert!(matches!(read(&"@(".repeat(100_000), Some(Kind::Array), &photo), Err(BadLiteral::TooDeep)));
    }

    fn quoted(item: &str) -> String {
        format!("'{}'", item.replace('\'', "''"))
    }

    proptest! {
        #[test]
        fn quoted_values_read_back(items in prop::collection::vec(".{0,12}", 2..5)) {
            let words: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            let expected = Argument::List(items.iter().cloned().map(Argument::Text).collect());
            for word in [words.join(","), format!("@({})", words.join(" , "))] {
                prop_assert_eq!(read(&word, Some(Kind::Array), &photo).expect("a list"), expected.clone());
            }
            prop_assert_eq!(read(&words[0], Some(Kind::Text), &photo).expect("a text"), text(&items[0]));
        }

        #[test]
        fn no_word_panics(word in "[@(){}'\",;=$ab`\\s]{0,30}") {
            for kind in [None, Some(Kind::Text), Some(Kind::MultiValued), Some(Kind::Hashtables)] {
                let _ = read(&word, kind, &photo);
            }
        }
    }
}
