//! Mailboxes, made from one template when they are asked for: a hundred thousand take no memory and no time to start.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, OnceLock, PoisonError};

use ring::digest;

use super::record::{Columns, Record, Writer};
use crate::emulator::directory::Organization;
use crate::emulator::script::Text;

const FIRST: &[&str] = &[
    "Adele",
    "Alex",
    "Allan",
    "Bianca",
    "Cameron",
    "Christie",
    "Debra",
    "Diego",
    "Emily",
    "Grady",
    "Henrietta",
    "Isaiah",
    "Irvin",
    "Johanna",
    "Joni",
    "Jordan",
    "Lee",
    "Lidia",
    "Lynne",
    "Megan",
    "Miriam",
    "Nestor",
    "Patti",
    "Pradeep",
    "Raul",
];
const LAST: &[&str] = &[
    "Vance",
    "Wilber",
    "Deyoung",
    "Pisani",
    "White",
    "Cline",
    "Berger",
    "Siciliani",
    "Braun",
    "Archie",
    "Mueller",
    "Langer",
    "Sayers",
    "Lorenz",
    "Sherman",
    "Miller",
    "Gu",
    "Holloway",
    "Robbins",
    "Bowen",
    "Graham",
    "Wilke",
    "Fernandez",
    "Gupta",
    "Razo",
];
const OFFICES: &[&str] = &["18/2111", "20/1101", "23/2102", "London 4", "Zürich", "Hauptstraße 7"];

/// What hostile people write into their display names: terminal escapes, turned text, formulas, line ends.
const HOSTILE: &[&str] = &[
    "\u{1b}[31mRed\u{1b}[0m \u{1b}]0;owned\u{7}Alert",
    "invoice\u{202e}fdp.exe \u{2066}isolated\u{2069}",
    "=HYPERLINK(\"https://evil.example\",\"Click\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "two\r\nlines\tand | a pipe",
    "zero\u{200b}width \u{9b}2J \u{0}nul",
];

pub(crate) struct Mailboxes {
    count: usize,
    template: Record,
    organization: &'static Organization,
    text: Text,
    changes: Mutex<HashMap<usize, Vec<(String, String)>>>,
    /// Numbers by the hash of each name, made when the first name is looked up.
    index: OnceLock<HashMap<u64, usize>>,
    hasher: RandomState,
}

/// What differs between mailboxes.
struct Person {
    alias: String,
    display_name: String,
    address: String,
    id: String,
    exchange_id: String,
    office: &'static str,
    number: usize,
}

impl Mailboxes {
    pub(crate) fn new(
        count: usize,
        template: Record,
        organization: &'static Organization,
        text: Text,
    ) -> Self {
        Self {
            count,
            template,
            organization,
            text,
            changes: Mutex::default(),
            index: OnceLock::new(),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The first mailbox that an identity names.
    pub(crate) fn find(&self, identity: &str) -> Option<usize> {
        let identity = identity.to_lowercase();
        let number = *self.index.get_or_init(|| self.index()).get(&self.hasher.hash_one(&identity))?;
        self.person(number).names().contains(&identity).then_some(number)
    }

    fn index(&self) -> HashMap<u64, usize> {
        let mut index = HashMap::with_capacity(self.count * 5);
        for number in 0..self.count {
            for name in self.person(number).names() {
                index.entry(self.hasher.hash_one(&name)).or_insert(number);
            }
        }
        index
    }

    pub(crate) fn change(&self, number: usize, property: &str, json: &str) -> bool {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = changes.entry(number).or_default();
        match changes.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(property)) {
            Some((_, value)) if value == json => false,
            Some((_, value)) => {
                json.clone_into(value);
                true
            }
            None => {
                changes.push((property.to_owned(), json.to_owned()));
                true
            }
        }
    }

    pub(crate) fn write(&self, number: usize, columns: &Columns, annotated: bool, out: &mut String) {
        let person = self.person(number);
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = changes.get(&number).map(Vec::as_slice).unwrap_or_default();
        let mut writer = Writer::new(out, columns);
        for (key, json) in self.template.entries().filter(|(key, _)| annotated || !key.contains('@')) {
            match changes.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
                Some((_, new)) => writer.entry(key, new),
                None if json.contains("{{") => writer.entry(key, &person.fill(json)),
                None => writer.entry(key, json),
            }
        }
        writer.end();
    }

    fn person(&self, number: usize) -> Person {
        let (first, last) = (FIRST[number % FIRST.len()], LAST[(number / FIRST.len() + number) % LAST.len()]);
        let round = number / (FIRST.len() * LAST.len());
        let suffix = if round == 0 { String::new() } else { (round + 1).to_string() };
        let alias = format!("{first}.{last}{suffix}").to_lowercase();
        let hostile = HOSTILE.get(number).filter(|_| self.text == Text::Hostile);
        let plain = || format!("{first} {last}{}{suffix}", if round == 0 { "" } else { " " });
        Person {
            address: format!("{alias}@{}", self.organization.domains[1]),
            display_name: hostile.map_or_else(plain, |&name| name.to_owned()),
            id: guid(&alias, "directory"),
            exchange_id: guid(&alias, "exchange"),
            office: OFFICES[number % OFFICES.len()],
            number,
            alias,
        }
    }
}

impl Person {
    /// In lower case, all by which the mailbox is found.
    fn names(&self) -> [String; 5] {
        [&self.alias, &self.address, &self.id, &self.exchange_id, &self.display_name]
            .map(|name| name.to_lowercase())
    }

    /// The JSON text of a value with its placeholders filled in.
    fn fill(&self, json: &str) -> String {
        let quoted = serde_json::Value::from(self.display_name.as_str()).to_string();
        let display_name = quoted.trim_start_matches('"').trim_end_matches('"');
        let minute = format!("{:02}", self.number % 60);
        [
            ("{{alias}}", self.alias.as_str()),
            ("{{display_name}}", display_name),
            ("{{address}}", &self.address),
            ("{{id}}", &self.id),
            ("{{exchange_id}}", &self.exchange_id),
            ("{{office}}", self.office),
            ("{{minute}}", &minute),
        ]
        .into_iter()
        .fold(json.to_owned(), |json, (name, value)| json.replace(name, value))
    }
}

/// A GUID that is always the same for the same name, and looks random.
fn guid(name: &str, kind: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{kind}/{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::CONTOSO;

    fn mailboxes(count: usize, text: Text) -> Mailboxes {
        let template =
            serde_json::from_str(r#"{"Alias":"{{alias}}","DisplayName":"{{display_name}}"}"#).unwrap();
        Mailboxes::new(count, template, &CONTOSO, text)
    }

    fn row(mailboxes: &Mailboxes, number: usize) -> serde_json::Value {
        let mut out = String::new();
        mailboxes.write(number, &None, true, &mut out);
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn the_names_of_a_large_tenant_are_distinct() {
        let mailboxes = mailboxes(5_000, Text::Plain);
        let aliases: std::collections::BTreeSet<_> = (0..5_000).map(|n| mailboxes.person(n).alias).collect();
        assert_eq!(aliases.len(), 5_000);
    }

    #[test]
    fn a_mailbox_is_found_by_any_of_its_names() {
        let mailboxes = mailboxes(700, Text::Plain);
        let person = mailboxes.person(650);
        for name in [person.alias, person.display_name, person.address.to_uppercase(), person.id] {
            assert_eq!(mailboxes.find(&name), Some(650), "{name}");
        }
        assert_eq!(mailboxes.find("nobody"), None);
    }

    #[test]
    fn hostile_names_survive_as_json() {
        let mailboxes = mailboxes(HOSTILE.len() + 1, Text::Hostile);
        for (number, name) in HOSTILE.iter().enumerate() {
            assert_eq!(row(&mailboxes, number)["DisplayName"], *name);
        }
        assert_eq!(row(&mailboxes, HOSTILE.len())["DisplayName"], "Debra Berger");
    }

    #[test]
    fn a_change_is_read_back() {
        let mailboxes = mailboxes(2, Text::Plain);
        assert!(
            mailboxes.change(1, "displayname", r#""X""#) && !mailboxes.change(1, "DisplayName", r#""X""#)
        );
        assert_eq!(row(&mailboxes, 1)["DisplayName"], "X");
        assert_ne!(row(&mailboxes, 0)["DisplayName"], "X");
    }
}
