//! Rows that lie within the objects of a reply: the service gathers in a list what PowerShell shows one by one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::de::IgnoredAny;

use super::super::envelope::{Unreadable, list};
use super::super::page::Page;
use crate::value::{Field, Row};

const IDENTITY: &str = "Identity";

/// Where the rows are, and what they take over from the object around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exchange) struct Nested {
    /// The property whose items are the rows.
    list: &'static str,
    /// The property of the object around them that is the Identity of an item without one.
    identity: &'static str,
    /// What PowerShell shows, in its order. All else that the service sent stands behind.
    first: [&'static str; 6],
}

/// Names and the JSON texts of their values, in the order of the wire.
type Members<'p> = Vec<(String, &'p str)>;

impl Nested {
    /// What one user may do with a mailbox, gathered in an object that says who that is.
    pub(in crate::exchange) const MAILBOX_PERMISSION: Self = Self {
        list: "PermissionList",
        identity: "MailboxIdentity",
        first: [IDENTITY, "User", "AccessRights", "IsInherited", "Deny", "InheritanceType"],
    };

    /// Who may send as a recipient, within the recipient.
    pub(in crate::exchange) const RECIPIENT_PERMISSION: Self = Self {
        list: "RecipientPermission",
        identity: "ExternalDirectoryObjectId",
        first: [IDENTITY, "Trustee", "AccessControlType", "AccessRights", "IsInherited", "InheritanceType"],
    };

    /// Makes the rows of a page, in a text of their own: that of the reply stays as it was sent. An object without the
    /// list stays a row, for a row that looks odd is better than one that vanishes.
    pub(in crate::exchange) fn unfold(&self, page: &mut Page) -> Result<(), Unreadable> {
        let mut made = String::new();
        let mut rows = Vec::new();
        let mut add = |row: &str| {
            rows.push(made.len()..made.len() + row.len());
            made.push_str(row);
        };
        for object in page.rows.iter().map(|span| &page.text[span.clone()]) {
            page.continues |= self.continues(object);
            let around = members(object);
            let Some((_, items)) = around.iter().find(|(name, _)| name.eq_ignore_ascii_case(self.list))
            else {
                add(object);
                continue;
            };
            for item in list(Some(items)).into_iter().filter(|item| *item != "null") {
                if !item.starts_with('{') {
                    return Err(Unreadable::NotAnObject);
                }
                add(&self.row(&around, &members(item)));
            }
        }
        (page.made, page.rows) = (Some(made), rows);
        Ok(())
    }

    /// Whether the service sent a part of the list, and the rest has an address of its own.
    fn continues(&self, object: &str) -> bool {
        const LINK: &str = "@odata.nextLink";
        if !object.contains(LINK) {
            return false;
        }
        #[allow(clippy::zero_sized_map_values)] // A set cannot be read from an object.
        let names: BTreeMap<String, IgnoredAny> = serde_json::from_str(object).unwrap_or_default();
        names.contains_key(&format!("{}{LINK}", self.list))
    }

    /// One item with what the object around it has besides.
    fn row(&self, around: &Members<'_>, item: &Members<'_>) -> String {
        let named = has(item, IDENTITY) || has(around, IDENTITY);
        let renamed = |name: &str| name.eq_ignore_ascii_case(self.identity) && !named;
        let own = item.iter().map(|(name, json)| (name.as_str(), *json));
        let others =
            around.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(self.list) && !has(item, name));
        let others = others.map(|(name, json)| (if renamed(name) { IDENTITY } else { name.as_str() }, *json));
        let mut all: Vec<(&str, &str)> = own.chain(others).collect();
        let place = |name: &str| self.first.iter().position(|first| first.eq_ignore_ascii_case(name));
        all.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        let all = all.iter().map(|(name, json)| format!("{}:{json}", serde_json::Value::from(*name)));
        format!("{{{}}}", all.collect::<Vec<_>>().join(","))
    }
}

fn has(members: &Members<'_>, name: &str) -> bool {
    members.iter().any(|(member, _)| member.eq_ignore_ascii_case(name))
}

fn members(object: &str) -> Members<'_> {
    let mut members = Vec::new();
    Row::Json(object).each(|name, field| {
        if let Field::Json(json) = field {
            members.push((name.to_owned(), json));
        }
        ControlFlow::<()>::Continue(())
    });
    members
}

#[cfg(test)]
mod tests {
    use super::super::super::envelope::read;
    use super::*;

    fn unfolded(body: &str, nested: Nested) -> Result<Page, Unreadable> {
        let mut page = read(body.as_bytes().to_vec(), true)?;
        nested.unfold(&mut page)?;
        Ok(page)
    }

    fn rows(body: &str, nested: Nested) -> Vec<String> {
        let page = unfolded(body, nested).unwrap();
        assert_eq!(page.text(), body, "the reply's own text is kept");
        page.texts().map(str::to_owned).collect()
    }

    #[test]
    fn a_row_is_a_permission_with_what_is_said_of_all_of_them() {
        let body = r##"{"value":[{"PermissionId":"p","MailboxIdentity":"meg","User":"a\"b","IsOwner":false,
            "PermissionList@odata.type":"#Collection(x)","PermissionList":[
            {"AccessRights@odata.type":"#C","AccessRights":["FullAccess"],"Deny":false,"IsInherited":true,"InheritanceType":"All","N":1.50},
            null,{"InheritanceType":"None","Deny":true}]},{"User":"c","PermissionList":null}]}"##;
        assert_eq!(
            rows(body, Nested::MAILBOX_PERMISSION),
            [
                r#"{"Identity":"meg","User":"a\"b","AccessRights":["FullAccess"],"IsInherited":true,"Deny":false,"InheritanceType":"All","N":1.50,"PermissionId":"p","IsOwner":false}"#,
                r#"{"Identity":"meg","User":"a\"b","Deny":true,"InheritanceType":"None","PermissionId":"p","IsOwner":false}"#,
            ]
        );
    }

    #[test]
    fn an_identity_of_its_own_stays_beside_that_of_the_recipient() {
        let body = r#"{"@odata.context":"x","ExternalDirectoryObjectId":"g","RecipientPermission":[{"Trustee":"a","Identity":"meg"},{"Trustee":"b"}]}"#;
        assert_eq!(
            rows(body, Nested::RECIPIENT_PERMISSION),
            [
                r#"{"Identity":"meg","Trustee":"a","ExternalDirectoryObjectId":"g"}"#,
                r#"{"Identity":"g","Trustee":"b"}"#
            ]
        );
    }

    #[test]
    fn no_name_comes_twice() {
        let body = r#"{"value":[{"Identity":"a","MailboxIdentity":"b","User":"c","PermissionList":[{"User":"d"}]}]}"#;
        assert_eq!(
            rows(body, Nested::MAILBOX_PERMISSION),
            [r#"{"Identity":"a","User":"d","MailboxIdentity":"b"}"#]
        );
    }

    #[test]
    fn an_object_without_the_list_is_a_row_itself() {
        let body = r#"{"value":[{"Identity":"meg","Trustee":"a"}]}"#;
        assert_eq!(rows(body, Nested::RECIPIENT_PERMISSION), [r#"{"Identity":"meg","Trustee":"a"}"#]);
    }

    #[test]
    fn an_item_that_is_no_object_is_not_read() {
        let body = r#"{"value":[{"PermissionList":["x"]}]}"#;
        assert!(unfolded(body, Nested::MAILBOX_PERMISSION).is_err());
    }

    #[test]
    fn a_list_of_which_a_part_was_sent_is_noticed() {
        for (name, expected) in [("RecipientPermission", true), ("Members", false)] {
            let body = format!(r#"{{"value":[{{"RecipientPermission":[],"{name}@odata.nextLink":"x"}}]}}"#);
            let page = unfolded(&body, Nested::RECIPIENT_PERMISSION).unwrap();
            assert_eq!(page.continues, expected, "{name}");
        }
    }
}
