//! From a text to what is known of it.

use super::Code;
use super::pattern::Pattern;
use super::plain;
use super::reading::{Folded, Reading, Span};
use super::section;
use super::symptom::{Symptom, symptoms};

/// What is known of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The stable name of the symptom, or the code of the error.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// Why it happens.
    pub cause: String,
    /// What mends it.
    pub remedy: String,
    /// The commands that do, or that show what is wrong.
    pub commands: Vec<String>,
    /// What is easily mistaken.
    pub caution: Option<String>,
    /// The place in the documentation that says more.
    pub docs: String,
}

/// What is known of a text, the most specific first; nothing where nothing is. `is_cmdlet` tells the cmdlets of Exchange,
/// those about the session left out, from other words.
///
/// Nothing of the text comes back: it may hold a token.
pub fn explain(text: &[u8], is_cmdlet: &dyn Fn(&str) -> bool) -> Vec<Explanation> {
    let text = plain::decoded(text);
    let reading = Reading::of(&text, is_cmdlet);
    let table = symptoms();
    let mut known = own(&reading);
    known.extend(recognized(&reading, &table).into_iter().map(Explanation::from));
    known
}

/// The codes of this program's errors that the text names.
fn own(reading: &Reading) -> Vec<Explanation> {
    let named = |code: &&Code| {
        let text = code.text();
        let place = Pattern::parse(&format!("docs/errors.md#{text}"));
        let field = Pattern::parse(&format!("'code':'{text}'"));
        reading.is_only(text)
            || place.find(reading).is_some()
            || (is_error_object(reading) && field.find(reading).is_some())
    };
    Code::ALL.iter().filter(named).map(|code| (*code).into()).collect()
}

/// Whether the text is what `--error-format json` writes, and no object of another program that has a code as well.
fn is_error_object(reading: &Reading) -> bool {
    ["'kind':", "'causes':", "'client_request_id':"].iter().all(|name| reading.folded.letters.contains(name))
}

/// A row of the table, and the words by which it was found.
struct Found<'t> {
    symptom: &'t Symptom,
    weight: usize,
    words: Vec<Span>,
}

/// The rows that fit, those that only frame another message last. One whose words all belong to a row that demands more
/// says nothing new.
fn recognized<'t>(reading: &Reading, table: &'t [Symptom]) -> Vec<&'t Symptom> {
    let mut found: Vec<Found<'t>> = table.iter().filter_map(|symptom| find(reading, symptom)).collect();
    found.sort_by_key(|found| (found.symptom.frame, std::cmp::Reverse(found.weight)));
    let mut told: Vec<Found<'t>> = Vec::new();
    for next in found {
        if !told.iter().any(|other| next.words.iter().all(|word| other.covers(*word))) {
            told.push(next);
        }
    }
    told.into_iter().map(|found| found.symptom).collect()
}

impl Found<'_> {
    fn covers(&self, word: Span) -> bool {
        self.words.iter().any(|own| own.start <= word.start && word.end <= own.end)
    }
}

/// The longest pattern of a row that fits. Its name is one where nothing else is said.
fn find<'t>(reading: &Reading, symptom: &'t Symptom) -> Option<Found<'t>> {
    let named = std::iter::once(&symptom.id).filter(|id| reading.is_only(id));
    let messages = symptom.is.iter().filter(|text| reading.is_message(&Folded::of(text).letters));
    let patterns = named.chain(messages).chain(&symptom.has).map(|text| Pattern::parse(text));
    let found = patterns.filter_map(|pattern| Some((pattern.weight(), pattern.find(reading)?)));
    let (weight, words) = found.max_by_key(|(weight, _)| *weight)?;
    Some(Found { symptom, weight, words })
}

impl From<&Symptom> for Explanation {
    fn from(symptom: &Symptom) -> Self {
        Self {
            id: symptom.id.clone(),
            title: symptom.title.clone(),
            cause: symptom.cause.clone(),
            remedy: symptom.remedy.clone(),
            commands: symptom.run.clone(),
            caution: symptom.note.clone(),
            docs: symptom.see.clone(),
        }
    }
}

impl From<Code> for Explanation {
    fn from(code: Code) -> Self {
        let section = section::of(code);
        Self {
            id: code.text().to_owned(),
            title: "an error of exo-mi".to_owned(),
            cause: section.cause,
            remedy: section.remedy,
            commands: section.commands,
            caution: None,
            docs: format!("docs/errors.md#{}", code.text()),
        }
    }
}
