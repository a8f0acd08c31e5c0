//! What the name of a command means.

use super::cmdlet::{self, Spec};
use crate::catalog::{self, Cmdlet};

/// What a name means.
pub(crate) enum Meaning {
    /// A cmdlet that is carried out here.
    Own(&'static Spec),
    /// A cmdlet of the service.
    Service(Cmdlet),
    Unknown,
}

/// What a name means, where the nouns of the service's cmdlets have this prefix. Hyphens count here, as in PowerShell.
pub(crate) fn meaning(name: &str, prefix: &str) -> Meaning {
    if let Some(spec) = cmdlet::find(name) {
        return Meaning::Own(spec);
    }
    let Some((verb, noun)) = name.split_once('-') else { return Meaning::Unknown };
    let bare = if prefix.is_empty() {
        name.to_owned()
    } else {
        match noun.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)) {
            Some(start) => format!("{verb}-{}", &noun[start.len()..]),
            None => return Meaning::Unknown,
        }
    };
    match catalog::find(&bare).filter(|found| found.name.eq_ignore_ascii_case(&bare)) {
        Some(found) => Meaning::Service(found),
        None => Meaning::Unknown,
    }
}
