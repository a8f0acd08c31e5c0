//! A container instance on Windows, which has no metadata service.
//!
//! It sets the variables of App Service and wants another header, `secret`; Microsoft's page on container instances
//! shows `principalId` as the only selector. Nothing that is documented tells the two hosts apart, so this source is
//! taken where the user names it.

use super::Error;
use super::ask::{Ask, Names, with_query};
use crate::http::Request;

const NAMES: Names = Names { client: None, object: Some("principalId"), resource: None };

/// The token request.
pub(super) fn request(ask: Ask<'_>) -> Result<Request, Error> {
    let own = [("resource", ask.resource)];
    let url = with_query(ask.address("IDENTITY_ENDPOINT")?, &own, ask.parameter(&NAMES)?);
    ask.with_secret(Request::get(url), "secret", "IDENTITY_HEADER")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenSource;
    use crate::identity::ask::tests::{asked, names, selectors};

    #[test]
    fn the_secret_has_its_own_header_and_the_object_id_its_own_name() {
        let variables = [("IDENTITY_ENDPOINT", "http://127.0.0.1:2377/t"), ("IDENTITY_HEADER", "s3cret")];
        let [client, object, _] = selectors();
        let made = asked(&variables, &object, TokenSource::ContainerInstance, request).expect("a request");
        assert_eq!(names(&made), ["resource", "principalId"]);
        assert!(made.headers.contains_key("secret") && !made.headers.contains_key("x-identity-header"));
        let refused = asked(&variables, &client, TokenSource::ContainerInstance, request);
        assert!(matches!(refused, Err(Error::SelectorUnsupported { instead: "--object-id", .. })));
    }
}
