//! Which of a host's identities is meant.

use std::fmt;

use uuid::Uuid;

/// The identity that is asked for. The three ids of a user-assigned identity exclude each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentitySelector {
    /// No selector is sent: the system-assigned identity. A metadata service that knows a single user-assigned
    /// identity and no other answers with that one.
    SystemAssigned,
    /// The client (application) id.
    ClientId(Uuid),
    /// The object (principal) id of the service principal.
    ObjectId(Uuid),
    /// The ARM resource id, `/subscriptions/…/userAssignedIdentities/NAME`.
    ResourceId(String),
}

/// A text that should have been a GUID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no GUID (32 hexadecimal digits such as 11111111-2222-3333-4444-555555555555)")]
pub struct NotAGuid(String);

impl IdentitySelector {
    /// Reads a GUID as Azure prints it; other spellings that some libraries take (braces, a URN) are refused, since
    /// endpoints compare text.
    pub fn guid(text: &str) -> Result<Uuid, NotAGuid> {
        let hyphenated = text.len() == 36;
        Uuid::try_parse(text).ok().filter(|_| hyphenated).ok_or_else(|| NotAGuid(text.to_owned()))
    }

    /// The id as it is sent; `None` for the system-assigned identity.
    pub fn id(&self) -> Option<String> {
        match self {
            Self::SystemAssigned => None,
            Self::ClientId(id) | Self::ObjectId(id) => Some(id.to_string()),
            Self::ResourceId(id) => Some(id.clone()),
        }
    }
}

impl fmt::Display for IdentitySelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SystemAssigned => f.write_str("the system-assigned identity"),
            Self::ClientId(id) => write!(f, "client id {id}"),
            Self::ObjectId(id) => write!(f, "object id {id}"),
            Self::ResourceId(id) => write!(f, "resource id {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_usual_spelling_of_a_guid_is_taken() {
        assert!(IdentitySelector::guid("11111111-2222-3333-4444-555555555555").is_ok());
        assert!(IdentitySelector::guid("AAAAAAAA-2222-3333-4444-555555555555").is_ok());
        for text in ["", "x", "11111111222233334444555555555555", "{11111111-2222-3333-4444-555555555555}"] {
            assert_eq!(IdentitySelector::guid(text), Err(NotAGuid(text.to_owned())));
        }
    }
}
