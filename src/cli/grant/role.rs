//! The directory role that the user names.

use crate::failure::Failure;
use crate::knowledge::{ADMINISTRATOR, DIRECTORY_ROLES, DirectoryRole, READER};

/// One of those that Exchange accepts from an application. None is assumed: what an identity may do is for its owner to
/// say.
pub(super) fn named(name: Option<&str>) -> Result<&'static DirectoryRole, Failure> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Err(listed(Failure::usage("no directory role was named: give --role")));
    };
    let known = DIRECTORY_ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name));
    known.ok_or_else(|| {
        let failure =
            Failure::usage(format!("--role: Exchange accepts no role `{name}` from an application"));
        let near = near(name);
        listed(if near.is_empty() {
            failure
        } else {
            failure.hint(format!("did you mean {}?", near.join(" or ")))
        })
    })
}

/// Those with nearly this name, or with all of its words.
fn near(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let is_near = |role: &&DirectoryRole| {
        let known = role.name.to_lowercase();
        strsim::damerau_levenshtein(&known, &name) <= 3
            || name.split_whitespace().all(|word| known.split(' ').any(|known| known == word))
    };
    let near: Vec<_> = DIRECTORY_ROLES.iter().filter(is_near).map(|role| role.name).collect();
    near
}

fn listed(failure: Failure) -> Failure {
    let names: Vec<_> = DIRECTORY_ROLES.iter().map(|role| role.name).collect();
    failure.hint(format!("it is one of {}", names.join(", "))).hint(format!(
        "{} suffices to read everything, {} to change anything in Exchange",
        READER.name, ADMINISTRATOR.name
    ))
}

/// What is to be said about a role that opens more than Exchange.
pub(super) fn warning(role: &DirectoryRole) -> Option<&'static str> {
    (role.name == "Global Administrator").then_some(
        "Global Administrator gives the whole tenant to whoever holds this identity; Exchange Administrator suffices to \
         change anything in Exchange, and Global Reader to read",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_without_regard_to_case_and_near_misses_are_told() {
        for (name, expected) in [
            ("Global Reader", Ok("Global Reader")),
            (" global READER ", Ok("Global Reader")),
            ("Global Raeder", Err("did you mean Global Reader?")),
            ("reader", Err("did you mean Security Reader or Global Reader?")),
            ("User Administrator", Err("it is one of Global Administrator, Exchange")),
            ("", Err("it is one of")),
        ] {
            match (named(Some(name)), expected) {
                (Ok(role), Ok(expected)) => assert_eq!(role.name, expected),
                (Err(failure), Err(hint)) => {
                    assert!(failure.hints[0].text.starts_with(hint), "{name}: {:?}", failure.hints);
                }
                (found, _) => panic!("{name}: {found:?}"),
            }
        }
    }

    #[test]
    fn only_the_role_that_opens_everything_is_warned_of() {
        let warned: Vec<_> = DIRECTORY_ROLES.iter().filter(|role| warning(role).is_some()).collect();
        assert_eq!(warned.len(), 1);
    }
}
