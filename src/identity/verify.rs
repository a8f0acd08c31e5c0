//! Whether the token belongs to the identity that was asked for.
//!
//! Endpoints may ignore a selector that they do not know and answer with another identity: an old Arc agent does, and
//! a metadata service that knows one identity alone. What the token says about itself decides; where it says nothing,
//! what the endpoint repeats beside it. Where neither confirms the selector, the token is refused: running under the
//! wrong identity is worse than not running.

use super::answer::Granted;
use super::{Error, IdentitySelector};

/// Compares, without regard to case. An Azure Arc agent that knows nothing of selectors answers as if none had been
/// sent, and only one that honours them repeats them: there the echo is demanded besides.
pub(super) fn verify(
    granted: &Granted,
    selector: &IdentitySelector,
    echo_demanded: bool,
) -> Result<(), Error> {
    let Some(asked) = selector.id() else { return Ok(()) };
    let claims = granted.token.claims().unwrap_or_default();
    let (claimed, echoed) = match selector {
        IdentitySelector::SystemAssigned | IdentitySelector::ClientId(_) => {
            (claims.appid, &granted.echo.client_id)
        }
        IdentitySelector::ObjectId(_) => (claims.oid, &granted.echo.object_id),
        IdentitySelector::ResourceId(_) => (claims.xms_mirid, &granted.echo.msi_res_id),
    };
    if echo_demanded && !echoed.as_ref().is_some_and(|echo| same(echo, &asked)) {
        return Err(Error::OtherIdentity { asked: selector.clone(), got: echoed.clone().or(claimed) });
    }
    match claimed.or_else(|| echoed.clone()) {
        Some(got) if same(&got, &asked) => Ok(()),
        got => Err(Error::OtherIdentity { asked: selector.clone(), got }),
    }
}

/// ARM ids differ in case and in the leading slash between the services that print them.
fn same(one: &str, other: &str) -> bool {
    let trimmed = |text: &str| text.trim_matches('/').to_ascii_lowercase();
    trimmed(one) == trimmed(other)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::identity::answer::granted;

    const ID: &str = "11111111-2222-3333-4444-55555555555a";

    /// A token whose payload is `{"appid":"11111111-2222-3333-4444-55555555555A","xms_mirid":"/subscriptions/S/x"}`.
    const TOKEN: &str = "e30.eyJhcHBpZCI6IjExMTExMTExLTIyMjItMzMzMy00NDQ0LTU1NTU1NTU1NTU1QSIsInhtc19taXJpZCI6Ii9zdWJzY3JpcHRpb25zL1MveCJ9.x";

    fn verdict(token: &str, echo: &str, selector: &IdentitySelector) -> bool {
        let body = format!(r#"{{"access_token":"{token}","expires_in":"60"{echo}}}"#);
        let granted = granted(body.as_bytes(), "r", SystemTime::UNIX_EPOCH).expect("a token");
        verify(&granted, selector, false).is_ok()
    }

    #[test]
    fn where_the_echo_is_demanded_a_token_alone_does_not_do() {
        let id = IdentitySelector::ClientId(IdentitySelector::guid(ID).expect("a GUID"));
        for (echo, expected) in
            [("", false), (r#","client_id":"11111111-2222-3333-4444-55555555555A""#, true)]
        {
            let body = format!(r#"{{"access_token":"{TOKEN}","expires_in":"60"{echo}}}"#);
            let granted = granted(body.as_bytes(), "r", SystemTime::UNIX_EPOCH).expect("a token");
            assert_eq!(verify(&granted, &id, true).is_ok(), expected, "{echo}");
            assert!(verify(&granted, &IdentitySelector::SystemAssigned, true).is_ok());
        }
    }

    #[test]
    fn the_token_decides_then_the_echo_and_silence_is_refused() {
        let id = IdentitySelector::guid(ID).expect("a GUID");
        let other = IdentitySelector::ClientId(uuid::Uuid::from_u128(9));
        let resource = |text: &str| IdentitySelector::ResourceId(text.to_owned());
        for (token, echo, selector, expected) in [
            (TOKEN, "", &IdentitySelector::SystemAssigned, true),
            ("opaque", "", &IdentitySelector::SystemAssigned, true),
            (TOKEN, "", &IdentitySelector::ClientId(id), true),
            (TOKEN, "", &other, false),
            (TOKEN, r#","client_id":"00000000-0000-0000-0000-000000000009""#, &other, false),
            ("opaque", r#","client_id":"00000000-0000-0000-0000-000000000009""#, &other, true),
            ("opaque", "", &other, false),
            (TOKEN, "", &IdentitySelector::ObjectId(id), false),
            (
                TOKEN,
                r#","object_id":"11111111-2222-3333-4444-55555555555A""#,
                &IdentitySelector::ObjectId(id),
                true,
            ),
            (TOKEN, "", &resource("subscriptions/s/X"), true),
            (TOKEN, "", &resource("/subscriptions/s/y"), false),
        ] {
            assert_eq!(verdict(token, echo, selector), expected, "{echo} {selector}");
        }
    }
}
