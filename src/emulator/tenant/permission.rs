//! Who may do what with a mailbox, made up from the mailbox's number.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::folder::FOLDERS;
use super::person::Person;
use super::row::Filling;

pub(crate) const SELF: &str = "NT AUTHORITY\\SELF";
const SELF_SID: &str = "S-1-5-10";

/// The numbers of the mailboxes whose owners are delegates of another: one, and for every third mailbox a second.
pub(crate) fn delegates(number: usize, count: usize) -> Vec<usize> {
    let all = [Some(number + 1), number.is_multiple_of(3).then_some(number + 2)];
    let mut delegates: Vec<usize> = all.into_iter().flatten().map(|other| other % count).collect();
    delegates.retain(|&other| other != number);
    delegates.dedup();
    delegates
}

/// Somebody who may do something.
pub(crate) struct Trustee<'a> {
    delegate: Option<&'a Person>,
}

impl<'a> Trustee<'a> {
    pub(crate) const OWNER: Self = Self { delegate: None };

    pub(crate) fn delegate(person: &'a Person) -> Self {
        Self { delegate: Some(person) }
    }

    fn name(&self) -> &str {
        self.delegate.map_or(SELF, |person| &person.address)
    }

    /// What stands for the trustee in a permission on a mailbox or on a recipient.
    pub(crate) fn filling(&self, owner: bool) -> Filling {
        let rights: &[&str] =
            if self.delegate.is_none() { &["FullAccess", "ReadPermission"] } else { &["FullAccess"] };
        let list = json!([{
            "ChangedProperties": [], "AccessRights": rights, "IsInherited": false, "Deny": false,
            "InheritanceType": "All",
        }]);
        let address = self.delegate.map(|person| person.address.as_str());
        Filling::default()
            .text("trustee", self.name())
            .text("rights", &rights.join(", "))
            .json("trustee_address", json!(address).to_string())
            .text("sid", &self.delegate.map_or_else(|| SELF_SID.to_owned(), Person::sid))
            .text("permission_id", &STANDARD.encode(self.name()))
            .json("is_owner", owner.to_string())
            .json("permissions", list.to_string())
    }
}

/// The entries of a folder: what everybody may, what strangers may, and what a delegate may where there is one.
pub(crate) fn on_folder(place: usize, delegate: Option<&Person>) -> Vec<Filling> {
    let calendar = FOLDERS[place].kind == "Calendar";
    let shared = calendar || FOLDERS[place].kind == "Inbox";
    let delegate = delegate.filter(|_| shared).map(|person| (person.display_name.as_str(), "Editor"));
    let everybody = if calendar { "AvailabilityOnly" } else { "None" };
    let entries = [Some(("Default", everybody)), Some(("Anonymous", "None")), delegate];
    let entry = |(user, rights)| {
        let name = if place == 0 { "" } else { FOLDERS[place].name };
        let identity = if place == 0 { "\\".to_owned() } else { FOLDERS[place].identity() };
        let filling = Filling::default().text("folder", name).text("folder_identity", &identity);
        filling.text("trustee", user).text("rights", rights)
    };
    entries.into_iter().flatten().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_a_delegate_of_oneself() {
        for count in 1..5 {
            for number in 0..count {
                let delegates = delegates(number, count);
                assert!(!delegates.contains(&number) && delegates.len() < count, "{number} of {count}");
            }
        }
        assert_eq!((delegates(0, 12), delegates(1, 12)), (vec![1, 2], vec![2]));
    }
}
