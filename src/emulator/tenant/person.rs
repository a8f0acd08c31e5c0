//! The people behind the mailboxes, made up from a number.

use ring::digest;

use crate::emulator::directory::Organization;
use crate::emulator::script::Text;

#[rustfmt::skip]
const FIRST: &[&str] = &[
    "Adele", "Alex", "Allan", "Bianca", "Cameron", "Christie", "Debra", "Diego", "Emily", "Grady",
    "Henrietta", "Isaiah", "Irvin", "Johanna", "Joni", "Jordan", "Lee", "Lidia", "Lynne", "Megan",
    "Miriam", "Nestor", "Patti", "Pradeep", "Raul",
];
#[rustfmt::skip]
const LAST: &[&str] = &[
    "Vance", "Wilber", "Deyoung", "Pisani", "White", "Cline", "Berger", "Siciliani", "Braun", "Archie",
    "Mueller", "Langer", "Sayers", "Lorenz", "Sherman", "Miller", "Gu", "Holloway", "Robbins", "Bowen",
    "Graham", "Wilke", "Fernandez", "Gupta", "Razo",
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

/// What differs between mailboxes, all derived from their numbers.
pub(crate) struct Person {
    alias: String,
    display_name: String,
    address: String,
    id: String,
    exchange_id: String,
    office: &'static str,
    minute: String,
}

impl Person {
    pub(crate) fn new(number: usize, organization: &Organization, text: Text) -> Self {
        let (first, last) = (pick(FIRST, number), pick(LAST, number / FIRST.len() + number));
        // Every name serves once before any serves again with a number.
        let (space, suffix) = match number / (FIRST.len() * LAST.len()) {
            0 => ("", String::new()),
            round => (" ", (round + 1).to_string()),
        };
        let alias = format!("{first}.{last}{suffix}").to_lowercase();
        let hostile = HOSTILE.get(number).filter(|_| text == Text::Hostile);
        let plain = || format!("{first} {last}{space}{suffix}");
        let display_name = hostile.map_or_else(plain, |&name| name.to_owned());
        Self {
            office: pick(OFFICES, number),
            minute: format!("{:02}", number % 60),
            ..Self::made(alias, display_name, organization)
        }
    }

    /// Somebody whose mailbox is made while the emulator runs.
    pub(crate) fn named(name: &str, organization: &Organization) -> Self {
        let alias = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', ".");
        Self::made(alias, name.to_owned(), organization)
    }

    fn made(alias: String, display_name: String, organization: &Organization) -> Self {
        Self {
            address: format!("{alias}@{}", organization.domains[1]),
            display_name,
            id: guid(&alias, "directory"),
            exchange_id: guid(&alias, "exchange"),
            office: "",
            minute: "00".to_owned(),
            alias,
        }
    }

    /// In lower case, all by which the mailbox is found.
    pub(crate) fn names(&self) -> [String; 5] {
        [&self.alias, &self.address, &self.id, &self.exchange_id, &self.display_name]
            .map(|name| name.to_lowercase())
    }

    /// The JSON text of a value with its placeholders filled in.
    pub(crate) fn fill(&self, json: &str) -> String {
        if !json.contains("{{") {
            return json.to_owned();
        }
        let quoted = serde_json::Value::from(self.display_name.as_str()).to_string();
        [
            ("{{alias}}", self.alias.as_str()),
            ("{{display_name}}", &quoted[1..quoted.len() - 1]),
            ("{{address}}", &self.address),
            ("{{id}}", &self.id),
            ("{{exchange_id}}", &self.exchange_id),
            ("{{office}}", self.office),
            ("{{minute}}", &self.minute),
        ]
        .into_iter()
        .fold(json.to_owned(), |json, (name, value)| json.replace(name, value))
    }
}

fn pick(list: &'static [&'static str], number: usize) -> &'static str {
    list[number % list.len()]
}

/// A GUID that is always the same for the same name, and looks random.
pub(crate) fn guid(name: &str, kind: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{kind}/{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::CONTOSO;

    #[test]
    fn the_names_of_a_large_tenant_are_distinct() {
        let aliases = (0..5_000).map(|number| Person::new(number, &CONTOSO, Text::Plain).alias);
        assert_eq!(aliases.collect::<std::collections::BTreeSet<_>>().len(), 5_000);
    }

    #[test]
    fn hostile_names_survive_as_json() {
        for (number, name) in HOSTILE.iter().enumerate() {
            let json = Person::new(number, &CONTOSO, Text::Hostile).fill(r#""{{display_name}}""#);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), *name);
        }
        assert_eq!(Person::new(HOSTILE.len(), &CONTOSO, Text::Hostile).display_name, "Debra Berger");
    }
}
