//! What is known of the service's cmdlets: their names, what they take and do, and how their results are shown.
//!
//! The tables are text inside the program, made by `tools/catalog.py`. They are searched as they stand: a start costs
//! nothing, and a look-up reads about ten lines. The service has more cmdlets than any list of them, so a name that is
//! not found here is no error.

mod parameter;
mod spelling;
mod table;
mod view;

pub use parameter::{Kind, Named, Parameter, Parameters, Required};
pub use spelling::{hyphenated, spell, spell_parameter, suggest, verb_class};
pub use table::{begins, key_text};
pub use view::{Align, Column, Shape, View};

const CMDLETS: &str = include_str!("cmdlets.tsv");

/// Verbs whose cmdlets hand back the object that they made or changed, and show it as `Get-` of the same noun does.
const ECHOING: [&str; 5] = ["Add", "Enable", "New", "Remove", "Set"];

/// What a cmdlet does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It reads.
    Read,
    /// It may change the tenant.
    Mutate,
    /// It concerns the connection alone and is never sent.
    Session,
}

/// Where a cmdlet lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the service, under this name.
    Server,
    /// In the PowerShell module alone.
    Module,
    /// In the PowerShell module, over other addresses of the service: the `Get-EXO` family.
    ModuleRest,
}

/// A known cmdlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cmdlet {
    /// Its name as documented.
    pub name: &'static str,
    /// What it does.
    pub class: Class,
    /// Where it lives.
    pub source: Source,
    /// Whether it asks for confirmation unless told otherwise.
    pub asks: bool,
}

impl Cmdlet {
    fn parse(line: &'static str) -> Self {
        Self {
            name: table::field(line, 0),
            class: match table::field(line, 1) {
                "read" => Class::Read,
                "session" => Class::Session,
                _ => Class::Mutate,
            },
            source: match table::field(line, 2) {
                "module" => Source::Module,
                "module-rest" => Source::ModuleRest,
                _ => Source::Server,
            },
            asks: !table::field(line, 3).is_empty(),
        }
    }

    /// The view of its result, where one is known. `New-Mailbox` and its like return what `Get-Mailbox` returns.
    pub fn view(&self) -> Option<View> {
        View::known(self.name).or_else(|| {
            let (verb, noun) = self.name.split_once('-')?;
            if ECHOING.contains(&verb) { View::known(&format!("Get-{noun}")) } else { None }
        })
    }
}

/// The cmdlet of this name, whatever its hyphens and case.
pub fn find(name: &str) -> Option<Cmdlet> {
    table::line(CMDLETS, name).map(Cmdlet::parse)
}

/// All known cmdlets, in the order of their names.
pub fn all() -> impl Iterator<Item = Cmdlet> {
    CMDLETS.lines().map(Cmdlet::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_sorted_by_what_look_ups_compare() {
        let keys: Vec<Vec<u8>> = all().map(|cmdlet| table::key(cmdlet.name).collect()).collect();
        assert_eq!(keys.len(), 730);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_tables_are_ascii_and_whole() {
        for line in CMDLETS.lines() {
            assert!(line.is_ascii() && line.matches('\t').count() == 3, "{line}");
        }
        let count = |class| all().filter(|cmdlet| cmdlet.class == class).count();
        assert_eq!((count(Class::Read), count(Class::Mutate), count(Class::Session)), (298, 428, 4));
        assert_eq!(all().filter(|cmdlet| cmdlet.source == Source::ModuleRest).count(), 9);
        assert_eq!(all().filter(|cmdlet| cmdlet.asks).count(), 135);
    }

    #[test]
    fn every_cmdlet_is_found_by_its_own_name() {
        for cmdlet in all() {
            assert_eq!(find(cmdlet.name), Some(cmdlet));
        }
    }

    #[test]
    fn hyphens_and_case_do_not_matter() {
        for name in ["Get-AcceptedDomain", "get-accepted-domain", "GETACCEPTEDDOMAIN", "get-accepteddomain"] {
            assert_eq!(find(name).map(|cmdlet| cmdlet.name), Some("Get-AcceptedDomain"), "{name}");
        }
        for (name, known) in [
            ("get-cas-mailbox", "Get-CASMailbox"),
            ("get-exo-cas-mailbox", "Get-EXOCasMailbox"),
            ("connect-ipps-session", "Connect-IPPSSession"),
            ("get-atp-policy-for-o365", "Get-AtpPolicyForO365"),
        ] {
            assert_eq!(find(name).map(|cmdlet| cmdlet.name), Some(known));
        }
    }

    #[test]
    fn what_is_unknown_is_not_found() {
        for name in ["", "Get-", "Get-Nothing", "get-mailbo", "get_accepted_domain"] {
            assert_eq!(find(name), None, "{name}");
        }
    }

    #[test]
    fn a_view_is_shared_with_the_cmdlets_that_return_the_object() {
        let view = |name: &str| find(name).expect(name).view();
        assert!(view("Get-Mailbox").is_some());
        assert_eq!(view("New-Mailbox"), view("Get-Mailbox"));
        assert_eq!(view("Enable-Mailbox"), view("Get-Mailbox"));
        assert_eq!(view("Add-MailboxPermission"), view("Get-MailboxPermission"));
        assert_eq!(view("Remove-MailboxPermission"), view("Get-MailboxPermission"));
        assert!(view("Get-RecipientPermission").is_some());
        assert_eq!(view("Add-RecipientPermission"), view("Get-RecipientPermission"));
        assert!(view("Get-MailboxFolderPermission").is_some());
        assert_eq!(view("Add-MailboxFolderPermission"), view("Get-MailboxFolderPermission"));
        assert_eq!(view("Set-MailboxFolderPermission"), view("Get-MailboxFolderPermission"));
        assert_eq!(view("Get-OrganizationConfig"), None);
        assert_eq!(view("Test-MigrationServerAvailability"), None);
        assert_eq!(view("Start-HistoricalSearch"), None);
    }
}
