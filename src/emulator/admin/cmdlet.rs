//! The cmdlets that the emulator knows, read from two tables when the first is asked for.

use std::sync::LazyLock;

use super::authenticate::Reach;
use super::kind::Kind;
use crate::emulator::tenant::Set;

#[derive(Debug)]
pub(crate) struct Cmdlet {
    pub(crate) name: &'static str,
    pub(crate) action: Action,
    pub(crate) set: Set,
    /// Whose objects these are, and which parameter names the owner.
    pub(crate) owner: Option<Owner>,
    /// The property that `-StartDate` and `-EndDate` speak of.
    pub(crate) dated: Option<&'static str>,
    pub(crate) parameters: Vec<Parameter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Get,
    Set,
    New,
    Remove,
    Enable,
    Disable,
    /// Puts a member into a group, or takes one out of it.
    Join,
    Leave,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) set: Set,
    pub(crate) parameter: &'static str,
    /// Each owner has objects of his own; otherwise those of all are in one set, and tell whose they are.
    pub(crate) each: bool,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) mandatory: bool,
}

const TABLE: &str = include_str!("../../../fixtures/tenant/cmdlets.tsv");
const PARAMETERS: &str = include_str!("../../../fixtures/tenant/parameters.tsv");

/// Every cmdlet, in the order of the alphabet. That no row is lost in reading is what a test shows.
pub(crate) static CMDLETS: LazyLock<Vec<Cmdlet>> = LazyLock::new(|| rows(TABLE).filter_map(cmdlet).collect());

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn cmdlet(row: Vec<&'static str>) -> Option<Cmdlet> {
    let [name, action, set, owner, dated] = row.try_into().ok()?;
    Some(Cmdlet {
        name,
        action: self::action(action)?,
        set: Set::named(set)?,
        owner: if owner.is_empty() { None } else { Some(self::owner(owner)?) },
        dated: Some(dated).filter(|dated| !dated.is_empty()),
        parameters: parameters(name),
    })
}

/// `distribution_groups:Identity`, or `each mailbox:Identity`.
fn owner(text: &'static str) -> Option<Owner> {
    let (set, parameter) = text.split_once(':')?;
    let own = set.strip_prefix("each ");
    Some(Owner { set: Set::named(own.unwrap_or(set))?, parameter, each: own.is_some() })
}

fn action(name: &str) -> Option<Action> {
    Some(match name {
        "get" => Action::Get,
        "set" => Action::Set,
        "new" => Action::New,
        "remove" => Action::Remove,
        "enable" => Action::Enable,
        "disable" => Action::Disable,
        "join" => Action::Join,
        "leave" => Action::Leave,
        _ => return None,
    })
}

/// The first row of a cmdlet begins with its name, the others with a tab.
fn parameters(cmdlet: &str) -> Vec<Parameter> {
    let Some(start) = PARAMETERS.find(&format!("\n{cmdlet}\t")) else { return Vec::new() };
    let mut rows = PARAMETERS[start + 1..].lines();
    let first = rows.next();
    let rows = first.into_iter().chain(rows.take_while(|row| row.starts_with('\t')));
    rows.filter_map(|row| {
        let (_, row) = row.split_once('\t')?;
        let (kind, names) = row.split_once('\t')?;
        Some(read_parameters(&Kind::named(kind)?, names))
    })
    .flatten()
    .collect()
}

fn read_parameters(kind: &Kind, names: &'static str) -> Vec<Parameter> {
    let parameter = |name: &'static str| {
        let bare = name.strip_suffix('!');
        Parameter { name: bare.unwrap_or(name), kind: kind.clone(), mandatory: bare.is_some() }
    };
    names.split(' ').map(parameter).collect()
}

/// What PowerShell lets every cmdlet be given. They arrive as text and change nothing here.
const COMMON: &[&str] = &[
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "Verbose",
    "WarningAction",
    "WarningVariable",
];

impl Cmdlet {
    /// The cmdlet of this name, if the caller's roles hold it.
    pub(crate) fn find(name: &str, reach: Reach) -> Option<&'static Self> {
        CMDLETS.iter().find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name) && cmdlet.is_within(reach))
    }

    pub(crate) fn is_within(&self, reach: Reach) -> bool {
        match reach {
            Reach::Nothing => false,
            Reach::Reading => self.action == Action::Get,
            Reach::Everything => true,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }
}

pub(crate) fn is_common(name: &str) -> bool {
    COMMON.iter().any(|common| common.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_read_and_has_parameters() {
        assert_eq!(CMDLETS.len(), rows(TABLE).count());
        let names: Vec<_> = CMDLETS.iter().map(|cmdlet| cmdlet.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "the cmdlets are in the order of the alphabet");
        for row in rows(PARAMETERS) {
            let [name, kind, names] = row.clone().try_into().unwrap_or_else(|_| panic!("{row:?}"));
            assert!(Kind::named(kind).is_some(), "{name}: {kind}");
            assert!(!names.is_empty() && !names.contains("  "), "{name} {kind}");
        }
        let described: BTreeSet<_> =
            rows(PARAMETERS).map(|row| row[0]).filter(|name| !name.is_empty()).collect();
        let known: BTreeSet<_> =
            CMDLETS.iter().filter(|c| !c.parameters.is_empty()).map(|c| c.name).collect();
        assert_eq!(described, known);
    }

    #[test]
    fn no_parameter_stands_twice_and_owners_are_named_by_one() {
        for cmdlet in CMDLETS.iter() {
            let names: BTreeSet<_> = cmdlet.parameters.iter().map(|p| p.name.to_lowercase()).collect();
            assert_eq!(names.len(), cmdlet.parameters.len(), "{}", cmdlet.name);
            assert!(
                cmdlet.owner.is_none_or(|owner| cmdlet.parameter(owner.parameter).is_some()),
                "{}",
                cmdlet.name
            );
        }
    }
}
