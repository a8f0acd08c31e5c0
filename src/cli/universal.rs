//! The parameters that PowerShell gives to every cmdlet.

use crate::catalog::{self, Kind};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Universal {
    pub name: &'static str,
    alias: &'static str,
    /// Whether it stands without a value.
    pub switch: bool,
    /// How it is sent; `None` where it is not.
    pub sent: Option<Kind>,
}

const fn universal(name: &'static str, alias: &'static str, switch: bool, sent: Option<Kind>) -> Universal {
    Universal { name, alias, switch, sent }
}

/// The module sends them as texts, switches included. `WhatIf` and `Confirm` are of the cmdlets that have them and stand
/// here for those that the catalogue does not know.
const ALL: [Universal; 15] = [
    universal("Verbose", "vb", true, Some(Kind::Text)),
    universal("Debug", "db", true, Some(Kind::Text)),
    universal("ErrorAction", "ea", false, Some(Kind::Text)),
    universal("WarningAction", "wa", false, Some(Kind::Text)),
    universal("InformationAction", "infa", false, Some(Kind::Text)),
    universal("ProgressAction", "proga", false, Some(Kind::Text)),
    universal("ErrorVariable", "ev", false, Some(Kind::Text)),
    universal("WarningVariable", "wv", false, Some(Kind::Text)),
    universal("InformationVariable", "iv", false, Some(Kind::Text)),
    universal("OutVariable", "ov", false, Some(Kind::Text)),
    universal("OutBuffer", "ob", false, Some(Kind::Text)),
    universal("PipelineVariable", "pv", false, Some(Kind::Text)),
    universal("WhatIf", "wi", true, Some(Kind::Switch)),
    universal("Confirm", "cf", true, Some(Kind::Switch)),
    // It tells the module where to send a request and is no part of one.
    universal("UseCustomRouting", "", true, None),
];

/// Their names.
pub(super) fn names() -> [&'static str; ALL.len()] {
    ALL.map(|universal| universal.name)
}

/// The one of this name or alias.
pub(super) fn find(name: &str) -> Option<Universal> {
    let plain = name.replace('-', "");
    let is = |own: &str| !own.is_empty() && own.eq_ignore_ascii_case(&plain);
    ALL.into_iter().find(|universal| is(universal.name) || is(universal.alias))
}

/// Those whose name begins like this.
pub(super) fn beginning(name: &str) -> Vec<Universal> {
    let plain = name.replace('-', "");
    let begins = |own: &str| !plain.is_empty() && catalog::begins(own, &plain);
    ALL.into_iter().filter(|universal| begins(universal.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_by_name_alias_and_beginning() {
        let name = |found: Option<Universal>| found.map(|universal| universal.name);
        assert_eq!(name(find("error-action")), Some("ErrorAction"));
        assert_eq!(name(find("EA")), Some("ErrorAction"));
        assert_eq!(name(find("")), None);
        assert_eq!(beginning("warning").len(), 2);
        assert_eq!(beginning("whati").len(), 1);
        assert!(beginning("").is_empty() && beginning("é").is_empty());
    }
}
