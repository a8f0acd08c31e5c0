//! Parameters: what a cmdlet takes, as the documentation has it for Exchange Online.

use super::spelling::digits;
use super::{Cmdlet, table};

const PARAMETERS: &str = include_str!("parameters.tsv");

/// What kind of value a parameter takes; it decides how the value is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text without a further shape.
    Text,
    /// The name, address or number of an object.
    Identity,
    /// A filter, in which PowerShell's constants are rewritten.
    Filter,
    /// One of a set of words.
    Enumeration,
    /// A span of time, such as `7.00:00:00`.
    Duration,
    /// On or off, without a value.
    Switch,
    /// `$true` or `$false`.
    Bool,
    /// A number.
    Number,
    /// A number, a size such as `50 GB`, or `Unlimited`.
    Size,
    /// A moment.
    Date,
    /// Several values, which replace those that are there.
    Array,
    /// Several values, which can also be added to and taken from those that are there.
    MultiValued,
    /// Names with values.
    Hashtable,
    /// Several hashtables.
    Hashtables,
    /// The content of a file.
    Bytes,
    /// A password or a credential.
    Secret,
}

impl Kind {
    fn of(letter: u8) -> Self {
        match letter {
            b'i' => Self::Identity,
            b'f' => Self::Filter,
            b'e' => Self::Enumeration,
            b't' => Self::Duration,
            b'w' => Self::Switch,
            b'b' => Self::Bool,
            b'n' => Self::Number,
            b'z' => Self::Size,
            b'd' => Self::Date,
            b'a' => Self::Array,
            b'm' => Self::MultiValued,
            b'h' => Self::Hashtable,
            b'H' => Self::Hashtables,
            b'y' => Self::Bytes,
            b'p' => Self::Secret,
            _ => Self::Text,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Identity => "identity",
            Self::Filter => "filter",
            Self::Enumeration => "enumeration",
            Self::Duration => "duration",
            Self::Switch => "switch",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::Size => "size",
            Self::Date => "date",
            Self::Array => "list",
            Self::MultiValued => "multi-valued",
            Self::Hashtable => "hashtable",
            Self::Hashtables => "list of hashtables",
            Self::Bytes => "file",
            Self::Secret => "secret",
        }
    }

    /// Whether commas part its values.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Array | Self::MultiValued)
    }
}

/// Whether a parameter must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// In every way to call the cmdlet.
    Always,
    /// In some of them.
    InSomeSets,
    /// Never.
    No,
}

/// A known parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name as documented.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: Required,
    position: Option<u8>,
    aliases: &'static str,
    accepted: &'static str,
}

impl Parameter {
    /// Reads `Name:kind`, then `!` or `+` where it is required, `@position`, `/alias` each, `=value|value`.
    fn parse(text: &'static str) -> Self {
        let (text, accepted) = text.split_once('=').unwrap_or((text, ""));
        let (text, aliases) = text.split_once('/').unwrap_or((text, ""));
        let (text, position) = match text.split_once('@') {
            Some((text, position)) => (text, position.parse().ok()),
            None => (text, None),
        };
        let (name, shape) = text.split_once(':').unwrap_or((text, ""));
        let required = match shape.as_bytes().get(1) {
            Some(b'!') => Required::Always,
            Some(b'+') => Required::InSomeSets,
            _ => Required::No,
        };
        let kind = Kind::of(shape.bytes().next().unwrap_or_default());
        Self { name, kind, required, position, aliases, accepted }
    }

    /// Its other names.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.aliases.split('/').filter(|alias| !alias.is_empty())
    }

    /// The values that are documented, where they are. The service may know more.
    pub fn accepted(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.accepted.split('|').filter(|value| !value.is_empty())
    }

    /// The documented values that this one is probably a slip of: none where it is one of them, or like none of them.
    ///
    /// The service takes the beginning of a value for the whole of it, also where it was meant as another one.
    pub fn slip_of(&self, value: &str) -> Vec<&'static str> {
        if value.is_empty() || self.accepted().any(|own| own.eq_ignore_ascii_case(value)) {
            return Vec::new();
        }
        let longer: Vec<_> = self.accepted().filter(|own| table::begins(own, value)).collect();
        if longer.is_empty() { nearest(value, self.accepted()).into_iter().collect() } else { longer }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.name).chain(self.aliases())
    }
}

/// The parameters of one cmdlet, in the order of their names.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    text: &'static str,
}

/// What a name, as it was written, stands for among the parameters of a cmdlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The name, an alias, or the only one that begins like this.
    Known(Parameter),
    /// Several begin like this.
    Ambiguous(Vec<&'static str>),
    /// None does.
    Unknown,
}

impl Cmdlet {
    /// What it takes in Exchange Online; parameters of Exchange Server are left out.
    pub fn parameters(&self) -> Parameters {
        Parameters { text: table::line(PARAMETERS, self.name).map_or("", |line| table::field(line, 1)) }
    }

    /// The parameter of this name or alias, whatever its hyphens and case.
    pub fn find_parameter(&self, name: &str) -> Option<Parameter> {
        self.parameters().iter().find(|known| known.names().any(|own| table::key(own).eq(table::key(name))))
    }

    /// The parameter that a name stands for: as PowerShell does, the beginning of a name will do where only one
    /// parameter begins like it. `others` are further names to be told apart from.
    pub fn parameter_named(&self, name: &str, others: &[&'static str]) -> Named {
        if let Some(known) = self.find_parameter(name) {
            return Named::Known(known);
        }
        let wanted: Vec<u8> = table::key(name).collect();
        let begins = |own: &&str| table::key(own).take(wanted.len()).eq(wanted.iter().copied());
        let found: Vec<Parameter> =
            self.parameters().iter().filter(|known| known.names().any(|own| begins(&own))).collect();
        let others = others.iter().copied().filter(begins);
        let others = others.filter(|other| !found.iter().any(|known| known.name == *other));
        let names = found.iter().map(|known| known.name).chain(others);
        match (names.collect::<Vec<_>>(), found.as_slice()) {
            (names, [only]) if names.len() == 1 => Named::Known(*only),
            (names, _) if names.len() > 1 && !wanted.is_empty() => Named::Ambiguous(names),
            _ => Named::Unknown,
        }
    }

    /// The parameter that an unknown name is probably a slip of.
    pub fn suggest_parameter(&self, name: &str) -> Option<&'static str> {
        nearest(name, self.parameters().iter().map(|known| known.name))
    }
}

/// The closest of some names, where it is close enough to be what was meant. Other digits are another name.
fn nearest(given: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let given = table::key_text(given);
    let limit = match given.len() {
        0..4 => return None,
        4..12 => 1,
        _ => 2,
    };
    let distance = |name: &'static str| {
        let known = table::key_text(name);
        let near = known.len().abs_diff(given.len()) <= limit && digits(&known).eq(digits(&given));
        near.then(|| strsim::osa_distance(&known, &given)).filter(|distance| *distance <= limit)
    };
    names.filter_map(|name| Some((distance(name)?, name))).min().map(|(_, name)| name)
}

impl Parameters {
    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Parameter> + use<> {
        self.text.split(';').filter(|text| !text.is_empty()).map(Parameter::parse)
    }

    /// The parameter that a value without a name belongs to. The documentation counts from 0 in some places and from 1
    /// in others, so it is the one with the lowest position. Where it names none, as for some of the `Get-EXO` family, it is
    /// the Identity, as PowerShell has it.
    pub fn positional(&self) -> Option<Parameter> {
        let placed = self.iter().filter(|known| known.position.is_some()).min_by_key(|known| known.position);
        placed.or_else(|| self.iter().find(|known| known.name == "Identity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{all, find};

    fn parameter(cmdlet: &str, name: &str) -> Parameter {
        find(cmdlet).expect(cmdlet).find_parameter(name).unwrap_or_else(|| panic!("{cmdlet} -{name}"))
    }

    #[test]
    fn the_table_is_whole() {
        assert!(PARAMETERS.is_ascii());
        for line in PARAMETERS.lines() {
            let name = table::field(line, 0);
            assert_eq!(find(name).map(|cmdlet| cmdlet.name), Some(name));
        }
        let every = || all().flat_map(|cmdlet| cmdlet.parameters().iter());
        assert_eq!(every().count(), 6863);
        assert_eq!(every().filter(|known| known.kind == Kind::Switch).count(), 1518);
        assert_eq!(every().filter(|known| known.required == Required::Always).count(), 579);
        assert_eq!(every().filter(|known| known.required == Required::InSomeSets).count(), 235);
        assert!(every().all(|known| known.name.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    }

    #[test]
    fn every_parameter_is_found_by_its_name_and_its_aliases() {
        for cmdlet in all() {
            for known in cmdlet.parameters().iter() {
                assert_eq!(cmdlet.find_parameter(known.name), Some(known));
                assert!(known.aliases().all(|alias| cmdlet.find_parameter(alias).is_some()));
            }
        }
    }

    #[test]
    fn kinds_follow_the_declared_types() {
        for (cmdlet, name, kind) in [
            ("Get-Mailbox", "result-size", Kind::Size),
            ("Get-Mailbox", "ARCHIVE", Kind::Switch),
            ("Get-Mailbox", "Filter", Kind::Filter),
            ("Get-Mailbox", "Identity", Kind::Identity),
            ("Set-AcceptedDomain", "DomainType", Kind::Enumeration),
            ("Set-AcceptedDomain", "MatchSubDomains", Kind::Bool),
            ("Set-Mailbox", "EmailAddresses", Kind::MultiValued),
            ("Set-Mailbox", "DisplayName", Kind::Text),
            ("Set-Mailbox", "ProhibitSendQuota", Kind::Size),
            ("New-TransportRule", "AttachmentExtensionMatchesWords", Kind::Array),
            ("New-TransportRule", "MessageContainsDataClassifications", Kind::Hashtables),
            ("Set-SafeLinksPolicy", "LocalizedNotificationTextList", Kind::Hashtable),
            ("New-TransportRule", "ActivationDate", Kind::Date),
            ("New-MigrationBatch", "CSVData", Kind::Bytes),
            ("New-Mailbox", "Password", Kind::Secret),
            ("Set-AcceptedDomain", "cf", Kind::Switch),
        ] {
            assert_eq!(parameter(cmdlet, name).kind, kind, "{cmdlet} -{name}");
        }
        let accepted: Vec<_> = parameter("Set-AcceptedDomain", "DomainType").accepted().collect();
        assert_eq!(accepted, ["Authoritative", "InternalRelay", "ExternalRelay"]);
    }

    #[test]
    fn parameters_of_exchange_server_alone_are_left_out() {
        assert_eq!(find("Get-Mailbox").expect("known").find_parameter("Database"), None);
    }

    #[test]
    fn the_lowest_position_is_the_positional_parameter() {
        let positional =
            |name: &str| find(name).expect(name).parameters().positional().map(|known| known.name);
        assert_eq!(positional("Get-Mailbox"), Some("Identity"));
        assert_eq!(positional("New-TransportRule"), Some("Name"));
        assert_eq!(positional("Set-OrganizationConfig"), None);
        assert_eq!(positional("Get-EXOMailboxStatistics"), Some("Identity"));
        let with_one = all().filter(|cmdlet| cmdlet.parameters().positional().is_some()).count();
        assert_eq!(with_one, 618);
    }

    #[test]
    fn a_slip_is_told_from_a_value_that_is_not_documented() {
        let kind = parameter("Set-AcceptedDomain", "DomainType");
        assert_eq!(kind.slip_of("Internal"), ["InternalRelay"]);
        assert_eq!(kind.slip_of("InternalRealy"), ["InternalRelay"]);
        for value in ["internalrelay", "NonAuthoritative", "", "é"] {
            assert!(kind.slip_of(value).is_empty(), "{value}");
        }
        let mailbox = find("Get-Mailbox").expect("known");
        assert_eq!(mailbox.suggest_parameter("Idnetity"), Some("Identity"));
        assert_eq!(mailbox.suggest_parameter("result-sizes"), Some("ResultSize"));
        assert_eq!(mailbox.suggest_parameter("Database"), None);
        assert_eq!(mailbox.suggest_parameter("X"), None);
    }

    #[test]
    fn the_beginning_of_a_name_will_do_where_it_is_the_only_one() {
        let mailbox = find("Get-Mailbox").expect("known");
        let named = |name: &str| match mailbox.parameter_named(name, &["Verbose", "ErrorAction"]) {
            Named::Known(known) => known.name.to_owned(),
            Named::Ambiguous(names) => names.join(" "),
            Named::Unknown => String::new(),
        };
        assert_eq!(named("Ident"), "Identity");
        assert_eq!(named("result"), "ResultSize");
        assert_eq!(named("Archive"), "Archive");
        assert_eq!(named("mailboxp"), "MailboxPlan");
        assert_eq!(named("i").split(' ').next(), Some("Identity"));
        assert_eq!(named("v"), "");
        assert_eq!(find("Set-Mailbox").expect("known").parameter_named("what", &["WhatIf"]), {
            Named::Known(parameter("Set-Mailbox", "WhatIf"))
        });
        assert_eq!(named("Nonsense"), "");
        assert_eq!(named(""), "");
    }
}
