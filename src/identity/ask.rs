//! What every source makes its request from, and what the endpoints have in common.

use url::Url;

use super::{Detection, Error, IdentitySelector};
use crate::env::Env;
use crate::http::{Proxying, Request};
use crate::secret::Secret;

/// A token that is to be asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub env: &'a Env,
    pub detection: Detection,
    pub selector: &'a IdentitySelector,
    /// The v1 audience.
    pub resource: &'a str,
}

/// What is wrong with an address to which plain http would travel over networks of others.
pub(super) const FAR: &str = "plain http is allowed to loopback, link-local and private addresses alone";

/// Whether an address is on this machine or its own network.
pub(super) fn is_near(url: &Url) -> bool {
    Proxying::for_url(url) == Proxying::Direct
}

/// What a source calls each kind of selector; `None` where it does not know it.
pub(super) struct Names {
    pub client: Option<&'static str>,
    pub object: Option<&'static str>,
    pub resource: Option<&'static str>,
}

impl Ask<'_> {
    /// The address in a variable. Plain http carries a secret, so it is allowed to this machine and its own network
    /// alone; a hybrid worker's endpoint is a remote https address.
    pub(super) fn address(&self, variable: &'static str) -> Result<Url, Error> {
        let text = self.env.var(variable).unwrap_or_default();
        let judged = match Url::parse(&text).ok().filter(Url::has_host) {
            None => Err("it is no address"),
            Some(url) if url.scheme() == "https" => Ok(url),
            Some(url) if url.scheme() != "http" => Err("it is neither http nor https"),
            Some(url) if is_near(&url) => Ok(url),
            Some(_) => Err(FAR),
        };
        judged.map_err(|why| self.bad(variable, why))
    }

    /// The selector by the source's own name for it. One that the source does not know is refused, since endpoints
    /// ignore what they do not know and answer with another identity.
    pub(super) fn parameter(&self, names: &Names) -> Result<Option<(&'static str, String)>, Error> {
        let name = match self.selector {
            IdentitySelector::SystemAssigned => return Ok(None),
            IdentitySelector::ClientId(_) => names.client,
            IdentitySelector::ObjectId(_) => names.object,
            IdentitySelector::ResourceId(_) => names.resource,
        };
        match name {
            Some(name) => Ok(self.selector.id().map(|id| (name, id))),
            None => Err(self.unsupported(if names.client.is_some() { "--client-id" } else { "--object-id" })),
        }
    }

    /// The request with the secret of a variable in a header.
    pub(super) fn with_secret(
        &self,
        request: Request,
        header: &'static str,
        variable: &'static str,
    ) -> Result<Request, Error> {
        let secret = Secret::from(self.env.var(variable).unwrap_or_default());
        request
            .secret_header(header, "", &secret)
            .ok_or_else(|| self.bad(variable, "it holds characters that no header can carry"))
    }

    /// A variable that cannot be used.
    pub(super) fn bad(&self, variable: &'static str, why: &'static str) -> Error {
        Error::BadEndpoint { token_source: self.detection.source, variable, why }
    }

    /// A selector that the source does not know, and the option that it does.
    pub(super) fn unsupported(&self, instead: &'static str) -> Error {
        Error::SelectorUnsupported { detection: self.detection, selector: self.selector.clone(), instead }
    }
}

/// The address with these parameters in its query. An address may hold a query of its own, and endpoints refuse a name
/// that stands there twice, so that a parameter replaces its like.
pub(super) fn with_query(
    mut url: Url,
    own: &[(&'static str, &str)],
    selector: Option<(&'static str, String)>,
) -> Url {
    let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let parameters: Vec<(&str, String)> = own.chain(selector).collect();
    let replaced = |name: &str| parameters.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let kept: Vec<_> = url.query_pairs().filter(|(name, _)| !replaced(name)).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .extend_pairs(&parameters)
        .finish();
    url.set_query(Some(&query));
    url
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::identity::TokenSource;

    /// What a source makes of these variables and this selector: the request's URL, and how its headers read.
    pub(crate) fn asked<T>(
        variables: &[(&str, &str)],
        selector: &IdentitySelector,
        source: TokenSource,
        make: impl FnOnce(Ask<'_>) -> T,
    ) -> T {
        let env = Env::fixed(variables.iter().copied());
        let detection = Detection { source, because: "" };
        make(Ask { env: &env, detection, selector, resource: "https://x/" })
    }

    /// One selector of each kind.
    pub(crate) fn selectors() -> [IdentitySelector; 3] {
        let id = uuid::Uuid::from_u128(7);
        [
            IdentitySelector::ClientId(id),
            IdentitySelector::ObjectId(id),
            IdentitySelector::ResourceId("/subscriptions/s".to_owned()),
        ]
    }

    /// The names in a request's query, in order.
    pub(crate) fn names(request: &Request) -> Vec<String> {
        request.url.query_pairs().map(|(name, _)| name.into_owned()).collect()
    }

    #[test]
    fn addresses_are_judged_before_the_secret_leaves() {
        for (address, allowed) in [
            ("http://localhost/metadata/identity/oauth2/token", true),
            ("http://127.0.0.1:41564/msi/token/", true),
            ("http://169.254.129.2:8081/msi/token", true),
            ("http://172.16.0.5/msi/token", true),
            ("https://we-jobruntimedata-prod-su1.azure-automation.net/automationAccounts/a", true),
            ("http://example.com/msi/token", false),
            ("http://8.8.8.8/msi/token", false),
            ("ftp://127.0.0.1/", false),
            ("not an address", false),
            ("http://", false),
        ] {
            let variables = [("IDENTITY_ENDPOINT", address)];
            let judged =
                asked(&variables, &IdentitySelector::SystemAssigned, TokenSource::AppService, |ask| {
                    ask.address("IDENTITY_ENDPOINT").is_ok()
                });
            assert_eq!(judged, allowed, "{address}");
        }
    }

    #[test]
    fn a_parameter_replaces_its_like_in_the_address() {
        let url = Url::parse("http://localhost/t?Resource=old&keep=1").expect("a URL");
        let made = with_query(url, &[("resource", "a b")], Some(("client_id", "7".to_owned())));
        assert_eq!(made.query(), Some("keep=1&resource=a+b&client_id=7"));
    }

    #[test]
    fn a_secret_that_cannot_be_sent_is_an_error_that_names_the_variable() {
        let variables = [("IDENTITY_HEADER", "a\nb")];
        let error = asked(&variables, &IdentitySelector::SystemAssigned, TokenSource::AppService, |ask| {
            let url = Url::parse("http://localhost/").expect("a URL");
            ask.with_secret(Request::get(url), "x-identity-header", "IDENTITY_HEADER").expect_err("an error")
        });
        assert!(
            error.to_string().contains("IDENTITY_HEADER") && !error.to_string().contains("a\nb"),
            "{error}"
        );
    }
}
