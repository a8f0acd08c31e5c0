//! Wildcards and regular expressions.

use std::collections::HashMap;
use std::rc::Rc;

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::error::{Flow, raise};
use super::room;
use super::table::Table;
use super::value::Value;
use crate::render::glob;

/// How much a single match may try. A pattern that needs more would run for hours.
const TRIES: usize = 1_000_000;

/// How many patterns are kept. A script that makes one for each row would keep them all.
const KEPT: usize = 64;

/// The patterns that were used last.
#[derive(Default)]
pub(crate) struct Patterns {
    compiled: HashMap<(String, bool), Rc<Regex>>,
    wildcards: HashMap<(String, bool), Rc<Wildcard>>,
}

impl Patterns {
    /// The pattern, compiled once.
    pub(crate) fn regex(&mut self, pattern: &str, case: bool) -> Flow<Rc<Regex>> {
        let key = (pattern.to_owned(), case);
        if let Some(known) = self.compiled.get(&key) {
            return Ok(known.clone());
        }
        let mut builder = RegexBuilder::new(&translated(pattern));
        let built = builder.case_insensitive(!case).backtrack_limit(TRIES).build();
        let Ok(regex) = built else {
            return raise(
                "InvalidRegularExpression",
                format!("The regular expression pattern {pattern} is not valid."),
            );
        };
        if self.compiled.len() >= KEPT {
            self.compiled.clear();
        }
        let regex = Rc::new(regex);
        self.compiled.insert(key, regex.clone());
        Ok(regex)
    }

    /// The wildcard, read once.
    pub(crate) fn wildcard(&mut self, pattern: &str, case: bool) -> Rc<Wildcard> {
        let key = (pattern.to_owned(), case);
        if self.wildcards.len() >= KEPT && !self.wildcards.contains_key(&key) {
            self.wildcards.clear();
        }
        self.wildcards.entry(key).or_insert_with(|| Rc::new(Wildcard::new(pattern, case))).clone()
    }
}

/// What .NET takes literally within a class, and this engine does not.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                out.push(letter);
                out.extend(letters.next());
            }
            '[' if !in_class => {
                in_class = true;
                out.push(letter);
                out.extend(letters.next_if_eq(&'^'));
                // A bracket that closes nothing stands for itself.
                if letters.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(letter);
            }
            '[' | '&' | '~' if in_class => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
    out
}

fn tried_too_much<T>(_: fancy_regex::Error) -> Flow<T> {
    raise("RegexMatchTimeout", "The regular expression tries too much on this text and was given up.")
}

/// The first match, as `$Matches` has it; `None` where there is none.
pub(crate) fn captured(regex: &Regex, text: &str) -> Flow<Option<Table>> {
    let captures = regex.captures(text).or_else(tried_too_much)?;
    Ok(captures.map(|captures| groups(regex, &captures)))
}

/// The groups by which numbers mean them: in .NET those with names come after all others.
fn numbered(names: &[Option<&str>]) -> Vec<usize> {
    let (named, plain): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(|at| names[*at].is_some());
    plain.into_iter().chain(named).collect()
}

fn groups(regex: &Regex, captures: &Captures<'_, str>) -> Table {
    let table = Table::new(false);
    let names: Vec<Option<&str>> = regex.capture_names().collect();
    for (number, at) in numbered(&names).into_iter().enumerate() {
        if let Some(found) = captures.get(at) {
            let key = names[at].map_or_else(|| Value::count(number), Value::text);
            table.set(key, Value::text(found.as_str()));
        }
    }
    table
}

/// Whether the pattern is found at all.
pub(crate) fn fits(regex: &Regex, text: &str) -> Flow<bool> {
    regex.is_match(text).or_else(tried_too_much)
}

/// Where the pattern is found, one after the other, with what it captures there: the first so many. What stands before a
/// place is seen by a pattern that looks back.
pub(crate) fn found(regex: &Regex, text: &str, most: usize) -> Flow<Vec<((usize, usize), Table)>> {
    let mut all = Vec::new();
    for captures in regex.captures_iter(text).take(most) {
        let captures = captures.or_else(tried_too_much)?;
        if let Some(whole) = captures.get(0) {
            all.push(((whole.start(), whole.end()), groups(regex, &captures)));
        }
    }
    Ok(all)
}

/// Where the pattern is found, one after the other.
pub(crate) fn places(regex: &Regex, text: &str) -> Flow<Vec<(usize, usize)>> {
    let place = |found: fancy_regex::Result<fancy_regex::Match<'_>>| {
        found.map(|found| (found.start(), found.end())).or_else(tried_too_much)
    };
    regex.find_iter(text).map(place).collect()
}

/// `-replace`: `$1`, `${name}`, `$&` and `$$` mean in the replacement what they mean in .NET.
pub(crate) fn replaced(regex: &Regex, text: &str, with: &str) -> Flow<String> {
    let names: Vec<Option<&str>> = regex.capture_names().collect();
    let order = numbered(&names);
    let mut out = String::new();
    let mut end = 0;
    for captures in regex.captures_iter(text) {
        let captures = match captures {
            Ok(captures) => captures,
            Err(error) => return tried_too_much(error),
        };
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(&text[end..whole.start()]);
        expand(with, &captures, &order, &mut out)?;
        end = whole.end();
    }
    out.push_str(&text[end..]);
    Ok(out)
}

fn expand(with: &str, captures: &Captures<'_, str>, order: &[usize], out: &mut String) -> Flow<()> {
    let mut rest = with;
    while let Some(at) = rest.find('$') {
        room::for_text(out.len())?;
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let group = |name: &str| match name.parse::<usize>() {
            Ok(number) => order.get(number).and_then(|at| captures.get(*at)).map(|found| found.as_str()),
            Err(_) => captures.name(name).map(|found| found.as_str()),
        };
        let known = |name: &str| {
            name.parse::<usize>()
                .map_or_else(|_| captures.name(name).is_some(), |number| number < captures.len())
        };
        if let Some(name) = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .filter(|name| known(name))
        {
            out.push_str(group(name).unwrap_or_default());
            rest = &rest[name.len() + 2..];
        } else if digits > 0 && known(&rest[..digits]) {
            out.push_str(group(&rest[..digits]).unwrap_or_default());
            rest = &rest[digits..];
        } else if let Some(after) = rest.strip_prefix('&') {
            out.push_str(group("0").unwrap_or_default());
            rest = after;
        } else {
            out.push('$');
            rest = rest.strip_prefix('$').unwrap_or(rest);
        }
    }
    out.push_str(rest);
    room::for_text(out.len())
}

/// `-split`: at most so many parts, all of them for 0; what the pattern captures is a part as well.
pub(crate) fn split(regex: &Regex, text: &str, most: usize) -> Flow<Vec<String>> {
    let mut parts = Vec::new();
    let mut end = 0;
    let mut cuts = 0;
    for captures in regex.captures_iter(text) {
        if most > 0 && cuts + 1 >= most {
            break;
        }
        let captures = match captures {
            Ok(captures) => captures,
            Err(error) => return tried_too_much(error),
        };
        let Some(whole) = captures.get(0) else { continue };
        parts.push(text[end..whole.start()].to_owned());
        parts.extend(captures.iter().skip(1).flatten().map(|group| group.as_str().to_owned()));
        end = whole.end();
        cuts += 1;
    }
    parts.push(text[end..].to_owned());
    Ok(parts)
}

/// One element of a wildcard.
enum Element {
    Any,
    One,
    Letter(char),
    Class(Vec<(char, char)>),
}

/// A wildcard, read once: `*`, `?`, `[abc]`, `[a-z]`, and a backtick before what is meant as it stands.
pub(crate) struct Wildcard {
    elements: Vec<Element>,
    case: bool,
}

fn folded(letter: char, case: bool) -> char {
    if case { letter } else { letter.to_lowercase().next().unwrap_or(letter) }
}

impl Wildcard {
    pub(crate) fn new(pattern: &str, case: bool) -> Self {
        Self { elements: elements(pattern, |letter| folded(letter, case)), case }
    }

    /// Whether a whole text is like it.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().map(|letter| folded(letter, self.case)).collect();
        let fits = |element: &Element, letter: char| match element {
            Element::Any => false,
            Element::One => true,
            Element::Letter(wanted) => *wanted == letter,
            Element::Class(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&letter)),
        };
        glob::fit(&self.elements, &letters, |element| matches!(element, Element::Any), fits)
    }
}

fn elements(pattern: &str, fold: impl Fn(char) -> char) -> Vec<Element> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut elements = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        at += 1;
        let element = match letter {
            '*' => Element::Any,
            '?' => Element::One,
            '`' if at < letters.len() => {
                at += 1;
                Element::Letter(fold(letters[at - 1]))
            }
            '[' => match letters[at..].iter().position(|next| *next == ']') {
                Some(length) if length > 0 => {
                    let class = ranges(&letters[at..at + length], &fold);
                    at += length + 1;
                    class
                }
                _ => Element::Letter('['),
            },
            letter => Element::Letter(fold(letter)),
        };
        elements.push(element);
    }
    elements
}

fn ranges(letters: &[char], fold: &impl Fn(char) -> char) -> Element {
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if letters.get(at + 1) == Some(&'-') && at + 2 < letters.len() {
            ranges.push((fold(letters[at]), fold(letters[at + 2])));
            at += 3;
        } else {
            ranges.push((fold(letters[at]), fold(letters[at])));
            at += 1;
        }
    }
    Element::Class(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `about_Wildcards`.
    #[test]
    fn wildcards_fit_as_documented() {
        for (text, pattern, fits) in [
            ("Power", "p*R", true),
            ("Power", "P?wer", true),
            ("Power", "P[aeo]wer", true),
            ("Power", "[a-q]ower", true),
            ("Power", "[a-o]ower", false),
            ("a*b", "a`*b", true),
            ("axb", "a`*b", false),
            ("", "*", true),
            ("", "?", false),
            ("x[", "x[", true),
            ("meg@contoso.com", "*@contoso.com", true),
        ] {
            assert_eq!(Wildcard::new(pattern, false).fits(text), fits, "{text} {pattern}");
        }
        assert!(!Wildcard::new("power", true).fits("Power"));
    }

    #[test]
    fn patterns_are_those_of_dotnet() {
        let mut patterns = Patterns::default();
        let mut replace = |text: &str, pattern: &str, with: &str| {
            replaced(&patterns.regex(pattern, false).expect(pattern), text, with).expect(pattern)
        };
        for (text, pattern, with, result) in [
            ("John Smith", r"(\w+) (\w+)", "$2, $1", "Smith, John"),
            ("a.b", r"\.", "-", "a-b"),
            ("x1", r"(?<n>\d)", "[${n}]$$$&", "x[1]$1"),
            ("a[b]", "[[]|]", "", "ab"),
            ("ABC", "b", "$9", "A$9C"),
            ("foobar", "foo(?=bar)", "x", "xbar"),
        ] {
            assert_eq!(replace(text, pattern, with), result, "{pattern}");
        }
        assert!(patterns.regex("(", false).is_err());
    }

    #[test]
    fn a_pattern_that_tries_everything_is_given_up() {
        let regex = Patterns::default().regex(r"(a|a)*\1b(?=c)", false).expect("a pattern");
        assert!(captured(&regex, &"a".repeat(5000)).is_err());
    }

    #[test]
    fn texts_are_split_with_what_the_pattern_captures() {
        let mut patterns = Patterns::default();
        let mut parts = |text: &str, pattern: &str, most| {
            split(&patterns.regex(pattern, false).expect(pattern), text, most).expect(pattern)
        };
        assert_eq!(parts("a,b,c", ",", 0), ["a", "b", "c"]);
        assert_eq!(parts("a,b,c", ",", 2), ["a", "b,c"]);
        assert_eq!(parts("a1b", r"(\d)", 0), ["a", "1", "b"]);
        assert_eq!(parts("", ",", 0), [""]);
    }
}
