//! Which identity a token request asks for, and which one the host answers with.

use super::call::find;
use super::directory::{Identity, OPERATOR, READER};
use super::script::Identities;

/// The id by which an identity is named in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selector<'a> {
    Client(&'a str),
    Object(&'a str),
    Resource(&'a str),
}

/// Which id that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Client,
    Object,
    Resource,
}

/// Why no identity can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unchosen {
    Unknown,
    NoneAssigned,
    Ambiguous,
}

/// More than one selector was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

impl<'a> Selector<'a> {
    /// Reads the selector out of a query or a form, under the names that the endpoint knows.
    pub(crate) fn read(
        pairs: &'a [(String, String)],
        names: &[(&str, Kind)],
    ) -> Result<Option<Self>, Conflict> {
        let mut found = names.iter().filter_map(|(name, kind)| find(pairs, name).map(|value| (*kind, value)));
        let Some((kind, value)) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(Conflict);
        }
        Ok(Some(match kind {
            Kind::Client => Self::Client(value),
            Kind::Object => Self::Object(value),
            Kind::Resource => Self::Resource(value),
        }))
    }

    fn names(self, identity: &Identity) -> bool {
        match self {
            Self::Client(value) => identity.client_id.eq_ignore_ascii_case(value),
            Self::Object(value) => identity.object_id.eq_ignore_ascii_case(value),
            Self::Resource(value) => identity.resource_id.eq_ignore_ascii_case(value),
        }
    }
}

/// The identities of one host.
pub(crate) struct Assigned {
    pub(crate) system: Option<&'static Identity>,
    pub(crate) user: Vec<&'static Identity>,
}

impl Assigned {
    pub(crate) fn new(identities: Identities, system: &'static Identity) -> Self {
        let user = || vec![&OPERATOR, &READER];
        match identities {
            Identities::None => Self { system: None, user: Vec::new() },
            Identities::SystemAndUser => Self { system: Some(system), user: user() },
            Identities::UserOnly => Self { system: None, user: user() },
        }
    }

    /// The identity that IMDS answers with. Without a selector a single user-assigned identity serves silently.
    pub(crate) fn choose(&self, selector: Option<Selector<'_>>) -> Result<&'static Identity, Unchosen> {
        match (selector, self.system, self.user.as_slice()) {
            (Some(selector), ..) => self.all().find(|i| selector.names(i)).ok_or(Unchosen::Unknown),
            (None, Some(system), _) => Ok(system),
            (None, None, []) => Err(Unchosen::NoneAssigned),
            (None, None, [only]) => Ok(only),
            (None, None, _) => Err(Unchosen::Ambiguous),
        }
    }

    /// The identity of the endpoints where nothing but the system-assigned one serves unasked.
    pub(crate) fn choose_named(&self, selector: Option<Selector<'_>>) -> Result<&'static Identity, Unchosen> {
        match selector {
            Some(_) => self.choose(selector),
            None => self.system.ok_or(Unchosen::NoneAssigned),
        }
    }

    fn all(&self) -> impl Iterator<Item = &'static Identity> {
        self.system.into_iter().chain(self.user.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::directory::{MACHINE, UNASSIGNED};

    #[test]
    fn two_selectors_are_a_conflict() {
        let pairs = [("client_id".to_owned(), "a".to_owned()), ("object_id".to_owned(), "b".to_owned())];
        let names = [("client_id", Kind::Client), ("object_id", Kind::Object)];
        assert_eq!(Selector::read(&pairs, &names), Err(Conflict));
        assert_eq!(Selector::read(&pairs[..1], &names), Ok(Some(Selector::Client("a"))));
        assert_eq!(Selector::read(&[], &names), Ok(None));
    }

    #[test]
    fn the_only_user_assigned_identity_serves_silently() {
        let assigned = Assigned { system: None, user: vec![&READER] };
        assert_eq!(assigned.choose(None), Ok(&READER));
    }

    #[test]
    fn the_choice_follows_the_platform() {
        let choose = |identities, selector| Assigned::new(identities, &MACHINE).choose(selector);
        let reader = Some(Selector::Object(READER.object_id));
        assert_eq!(choose(Identities::SystemAndUser, None), Ok(&MACHINE));
        assert_eq!(choose(Identities::SystemAndUser, reader), Ok(&READER));
        assert_eq!(choose(Identities::UserOnly, None), Err(Unchosen::Ambiguous));
        assert_eq!(choose(Identities::None, None), Err(Unchosen::NoneAssigned));
        assert_eq!(choose(Identities::UserOnly, Some(Selector::Client(UNASSIGNED))), Err(Unchosen::Unknown));
    }
}
