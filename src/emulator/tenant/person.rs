//! The people behind the mailboxes, made up from a number.

use ring::digest;

use super::row::Filling;
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
    pub(crate) number: usize,
    pub(crate) alias: String,
    pub(crate) display_name: String,
    pub(crate) address: String,
    pub(crate) id: String,
    pub(crate) exchange_id: String,
    first: String,
    last: String,
    office: &'static str,
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
            first: first.to_owned(),
            last: last.to_owned(),
            ..Self::made(number, alias, display_name, organization)
        }
    }

    /// Somebody whose mailbox is made while the emulator runs.
    pub(crate) fn named(number: usize, name: &str, organization: &Organization) -> Self {
        let alias = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', ".");
        Self::made(number, alias, name.to_owned(), organization)
    }

    fn made(number: usize, alias: String, display_name: String, organization: &Organization) -> Self {
        Self {
            address: format!("{alias}@{}", organization.domains[1]),
            display_name,
            id: guid(&alias, "directory"),
            exchange_id: guid(&alias, "exchange"),
            first: String::new(),
            last: String::new(),
            office: "",
            number,
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
        if json.contains("{{") { self.filling().fill(json) } else { json.to_owned() }
    }

    /// What stands for the mailbox in a template.
    pub(crate) fn filling(&self) -> Filling {
        let filling = Filling::default()
            .text("alias", &self.alias)
            .text("display_name", &self.display_name)
            .text("first_name", &self.first)
            .text("last_name", &self.last)
            .text("address", &self.address)
            .text("id", &self.id)
            .text("exchange_id", &self.exchange_id)
            .text("office", self.office)
            .text("minute", &format!("{:02}", self.number % 60))
            .json("has_device", (self.devices() > 0).to_string())
            .json("pop_enabled", (self.number % 7 != 2).to_string())
            .json("imap_enabled", (self.number % 3 != 1).to_string());
        filling.and(self.archive_filling())
    }

    fn archive_filling(&self) -> Filling {
        let Some(id) = self.archive_id() else {
            return Filling::default()
                .text("archive_id", NO_ID)
                .text("archive_database_id", NO_ID)
                .json("archive_database", "null")
                .json("archive_name", "")
                .text("archive_status", "None")
                .text("archive_state", "None");
        };
        Filling::default()
            .text("archive_id", &id)
            .text("archive_database_id", DATABASE)
            .text("archive_database", "EURPR01DG117-db042")
            .text("archive_name", &self.archive_name())
            .text("archive_status", "Active")
            .text("archive_state", "Local")
    }

    /// Every fourth mailbox has an archive.
    pub(crate) fn archive_id(&self) -> Option<String> {
        (self.number % 4 == 3).then(|| guid(&self.alias, "archive"))
    }

    pub(crate) fn archive_name(&self) -> String {
        format!("In-Place Archive -{}", self.display_name)
    }

    /// How many mobile devices there are: one of five people has one or two.
    pub(crate) fn devices(&self) -> usize {
        match self.number % 10 {
            0 => 2,
            5 => 1,
            _ => 0,
        }
    }

    /// The security identifier, as permissions name it.
    pub(crate) fn sid(&self) -> String {
        format!("S-1-5-21-3623811015-3361044348-30300820-{}", 1_000_000 + self.number)
    }
}

const NO_ID: &str = "00000000-0000-0000-0000-000000000000";
/// The database of all mailboxes, as the template of mailboxes names it.
const DATABASE: &str = "d06c8fc9-2010-5fe2-a597-576d27646f48";

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
