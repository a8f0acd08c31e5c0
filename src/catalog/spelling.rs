//! Names that the catalogue does not hold: how they are spelled, what they probably do, what was probably meant.

use super::{Class, all, table};

const READING: [&str; 7] = ["get", "test", "export", "search", "validate", "compare", "preview"];

/// The likely spelling of a name that the catalogue does not hold: the first hyphen ends the verb, the parts after it are
/// one word. The service compares names without case, so a wrong guess costs looks alone.
pub fn spell(name: &str) -> String {
    let Some((verb, noun)) = name.split_once('-') else { return name.to_owned() };
    format!("{}-{}", capitalise(verb), spell_parameter(noun))
}

/// `result-size` as PowerShell spells it, `ResultSize`.
pub fn spell_parameter(name: &str) -> String {
    name.split('-').map(capitalise).collect()
}

/// `Get-CASMailbox` in small letters, `get-cas-mailbox`: what `--` is followed by, and what is easily typed.
pub fn hyphenated(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map_or('-', |at| letters[at]);
        let after = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let begins = letter.is_ascii_uppercase() && before != '-';
        if begins && (!before.is_ascii_uppercase() || after) {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn capitalise(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What a cmdlet of this name does by its verb. What is not known to read is taken to write, because a write that is taken
/// for a read would be repeated after a lost answer.
pub fn verb_class(name: &str) -> Class {
    let verb = name.split_once('-').map_or("", |(verb, _)| verb);
    if READING.iter().any(|reading| reading.eq_ignore_ascii_case(verb)) { Class::Read } else { Class::Mutate }
}

/// Known names that an unknown one is probably a slip of, at most three, the closest first.
///
/// A near miss is refused before anything is sent, and the service has cmdlets that the catalogue lacks. So only what
/// looks like a slip counts: `New-HostedConnectionFilterPolicy` is two letters from the known `Set-` and still not a slip
/// of it, since its verb is a real one; and `…V3` is the next version, not a mistyped `…V2`.
pub fn suggest(name: &str) -> Vec<&'static str> {
    let given = Spelled::given(name);
    let limit = (given.key.len() / 6).clamp(1, 3);
    let mut near: Vec<(usize, &'static str)> = all()
        .map(|cmdlet| (cmdlet.name, Spelled::known(cmdlet.name)))
        .filter(|(_, known)| known.may_be(&given, limit))
        .map(|(name, known)| (strsim::osa_distance(&known.key, &given.key), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// A name taken apart for comparison.
struct Spelled<'n> {
    key: String,
    /// The verb, where it is one that cmdlets have.
    verb: Option<&'n str>,
}

impl<'n> Spelled<'n> {
    /// A name as the user wrote it.
    fn given(name: &str) -> Self {
        let key = table::key_text(name);
        let verb = match name.split_once('-') {
            Some((verb, _)) => verbs().find(|known| known.eq_ignore_ascii_case(verb)),
            None => verbs().find(|known| key.starts_with(&known.to_ascii_lowercase())),
        };
        Self { key, verb }
    }

    fn known(name: &'n str) -> Self {
        let key = table::key_text(name);
        Self { key, verb: name.split_once('-').map(|(verb, _)| verb) }
    }

    fn may_be(&self, given: &Spelled<'_>, limit: usize) -> bool {
        self.key.len().abs_diff(given.key.len()) <= limit
            && (given.verb.is_none() || given.verb == self.verb)
            && digits(&self.key).eq(digits(&given.key))
    }
}

pub(super) fn digits(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars().filter(char::is_ascii_digit)
}

/// The verb of every cmdlet.
fn verbs() -> impl Iterator<Item = &'static str> {
    all().filter_map(|cmdlet| cmdlet.name.split_once('-')).map(|(verb, _)| verb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_spelled_as_cmdlets_are() {
        for (given, spelled) in [
            ("get-foo-bar", "Get-FooBar"),
            ("Get-FooBar", "Get-FooBar"),
            ("get-foo", "Get-Foo"),
            ("foobar", "foobar"),
            ("", ""),
            ("get-", "Get-"),
            ("get--foo", "Get-Foo"),
            ("get-éa", "Get-éa"),
        ] {
            assert_eq!(spell(given), spelled);
        }
    }

    #[test]
    fn words_are_parted_where_a_capital_begins_one() {
        for (name, parted) in [
            ("Get-AcceptedDomain", "get-accepted-domain"),
            ("Get-CASMailbox", "get-cas-mailbox"),
            ("Connect-IPPSSession", "connect-ipps-session"),
            ("ResultSize", "result-size"),
            ("WhenChangedUTC", "when-changed-utc"),
            ("", ""),
        ] {
            assert_eq!(hyphenated(name), parted);
        }
        assert!(all().all(|cmdlet| table::key(&hyphenated(cmdlet.name)).eq(table::key(cmdlet.name))));
    }

    #[test]
    fn only_reading_verbs_read() {
        for name in ["Get-X", "TEST-X", "export-x", "Search-X", "Validate-X", "Compare-X", "Preview-X"] {
            assert_eq!(verb_class(name), Class::Read, "{name}");
        }
        for name in ["Set-X", "Remove-X", "Getter-X", "getx", "", "Frobnicate-X"] {
            assert_eq!(verb_class(name), Class::Mutate, "{name}");
        }
    }

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        for (slip, meant) in [
            ("get-accepted-domian", "Get-AcceptedDomain"),
            ("getaccepteddomian", "Get-AcceptedDomain"),
            ("gte-accepteddomain", "Get-AcceptedDomain"),
            ("Get-Mailboxes", "Get-Mailbox"),
            ("Get-MailBx", "Get-Mailbox"),
            ("Get-TransportRules", "Get-TransportRule"),
            ("get-organisation-config", "Get-OrganizationConfig"),
            ("set-malbox", "Set-Mailbox"),
        ] {
            assert_eq!(suggest(slip).first(), Some(&meant), "{slip}: {:?}", suggest(slip));
        }
    }

    #[test]
    fn a_real_name_that_the_catalogue_lacks_is_no_slip() {
        for name in [
            "Get-AuditConfigurationPolicy",
            "Remove-AuditConfigurationPolicy",
            "New-HostedConnectionFilterPolicy",
            "newhostedconnectionfilterpolicy",
            "Remove-HostedConnectionFilterPolicy",
            "Set-Organization",
            "Get-MessageTraceV3",
            "Get-MailboxWidgetReport",
            "Get-ComplianceCase",
            "",
        ] {
            assert!(suggest(name).is_empty(), "{name}: {:?}", suggest(name));
        }
    }

    #[test]
    fn at_most_three_are_suggested_and_the_closest_comes_first() {
        let near = suggest("Get-MailUsr");
        assert_eq!(near.first(), Some(&"Get-MailUser"));
        assert!(near.len() <= 3);
    }
}
