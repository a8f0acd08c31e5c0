//! A federated token, exchanged at the authority: the service account of an AKS pod, a GitHub Actions job, anything
//! that writes a token into a file.
//!
//! The webhook of Azure Workload Identity sets `AZURE_CLIENT_ID`, `AZURE_TENANT_ID`, `AZURE_FEDERATED_TOKEN_FILE` and
//! `AZURE_AUTHORITY_HOST`. The file is rewritten while a pod lives, so it is read for every request.

use std::path::PathBuf;

use url::Url;
use uuid::Uuid;

use super::ask::Ask;
use super::authority::{token_request, token_url};
use super::{Error, IdentitySelector};
use crate::http::Request;
use crate::secret::Secret;

/// A federated identity.
#[derive(Clone, Debug)]
pub(super) struct Federated {
    url: Url,
    pub client_id: String,
    file: PathBuf,
}

impl Federated {
    /// Takes the variables; a selector on the command line replaces the client id.
    pub(super) fn new(ask: Ask<'_>, authority: &Url) -> Result<Self, Error> {
        refuse_binding(ask)?;
        let client_id = match ask.selector {
            IdentitySelector::ClientId(id) => id.to_string(),
            IdentitySelector::SystemAssigned => ask.env.var("AZURE_CLIENT_ID").unwrap_or_default(),
            IdentitySelector::ObjectId(_) | IdentitySelector::ResourceId(_) => {
                return Err(ask.unsupported("--client-id"));
            }
        };
        let guid = |text: &str| Uuid::try_parse(text).is_ok();
        if !guid(&client_id) {
            return Err(ask.bad("AZURE_CLIENT_ID", "it is no GUID"));
        }
        let tenant = ask.env.var("AZURE_TENANT_ID").unwrap_or_default();
        let domain = |text: &str| {
            text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
        };
        if !guid(&tenant) && !domain(&tenant) {
            return Err(ask.bad("AZURE_TENANT_ID", "it is neither a GUID nor a domain"));
        }
        let file = PathBuf::from(ask.env.var("AZURE_FEDERATED_TOKEN_FILE").unwrap_or_default());
        Ok(Self { url: token_url(authority, &tenant), client_id, file })
    }

    /// The federated token, as it stands in the file now.
    pub(super) fn assertion(&self) -> Result<Secret, Error> {
        let text = std::fs::read_to_string(&self.file)
            .map_err(|error| Error::TokenFile { path: self.file.clone(), error })?;
        Ok(Secret::from(text.trim()))
    }

    /// The request that exchanges it.
    pub(super) fn request(&self, resource: &str, assertion: &Secret) -> Request {
        token_request(self.url.clone(), &self.client_id, resource, assertion)
    }
}

/// Identity binding sends the exchange to a proxy of the cluster with a certificate authority of its own. It is
/// recognised, so that it is not mistaken for an authority that is out of reach.
fn refuse_binding(ask: Ask<'_>) -> Result<(), Error> {
    if ask.env.has("AZURE_KUBERNETES_CA_FILE") && ask.env.has("AZURE_KUBERNETES_CA_DATA") {
        return Err(ask.bad("AZURE_KUBERNETES_CA_DATA", "AZURE_KUBERNETES_CA_FILE is set as well"));
    }
    if ask.env.has("AZURE_KUBERNETES_TOKEN_PROXY") {
        return Err(ask.bad("AZURE_KUBERNETES_TOKEN_PROXY", "identity binding is not spoken by this version"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenSource;
    use crate::identity::ask::tests::asked;

    const ID: &str = "11111111-2222-3333-4444-555555555555";
    const OTHER: &str = "aaaaaaaa-2222-3333-4444-555555555555";

    fn federated(changes: &[(&str, &str)], selector: &IdentitySelector) -> Result<Federated, Error> {
        let usual = [
            ("AZURE_CLIENT_ID", ID),
            ("AZURE_TENANT_ID", ID),
            ("AZURE_FEDERATED_TOKEN_FILE", "/nonexistent/token"),
        ];
        let authority = Url::parse("https://login.microsoftonline.com/").expect("a URL");
        let variables = [usual.as_slice(), changes].concat();
        asked(&variables, selector, TokenSource::WorkloadIdentity, |ask| Federated::new(ask, &authority))
    }

    #[test]
    fn the_client_id_of_the_command_line_replaces_that_of_the_variable() {
        let made = federated(&[], &IdentitySelector::SystemAssigned).expect("an identity");
        assert_eq!(made.client_id, ID);
        let id = IdentitySelector::guid(OTHER).expect("a GUID");
        assert_eq!(federated(&[], &IdentitySelector::ClientId(id)).expect("an identity").client_id, OTHER);
        assert!(federated(&[], &IdentitySelector::ObjectId(id)).is_err());
    }

    #[test]
    fn variables_that_cannot_be_used_are_named() {
        for (name, value) in [
            ("AZURE_CLIENT_ID", "x"),
            ("AZURE_TENANT_ID", "x"),
            ("AZURE_TENANT_ID", "a/b.c"),
            ("AZURE_KUBERNETES_TOKEN_PROXY", "https://proxy"),
        ] {
            let error = federated(&[(name, value)], &IdentitySelector::SystemAssigned).expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
        let both = [("AZURE_KUBERNETES_CA_FILE", "/x"), ("AZURE_KUBERNETES_CA_DATA", "y")];
        assert!(federated(&both, &IdentitySelector::SystemAssigned).is_err());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_of_the_machine() {
        let made = federated(&[], &IdentitySelector::SystemAssigned).expect("an identity");
        assert!(matches!(made.assertion(), Err(Error::TokenFile { .. })));
    }
}
