//! From a source to the way in which its token is taken.

use std::sync::Arc;

use url::Url;

use super::ask::Ask;
use super::certificate::Certificate;
use super::workload_identity::Federated;
use super::{
    Detection, Error, IdentitySelector, TokenSource, arc, container_instance, identity_endpoint, imds,
    msi_endpoint, service_fabric,
};
use crate::env::Env;
use crate::http::{Request, Thumbprint};
use crate::secret::Secret;

/// What a token is wanted for, and by whom.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which of the host's identities.
    pub selector: IdentitySelector,
    /// The v1 audience, such as `https://outlook.office365.com/`.
    pub resource: String,
    /// Scheme, host and port of the authority, for the sources that ask there.
    pub authority: Url,
    /// The organization, whose tenant a certificate asks.
    pub organization: String,
    /// What the user brings.
    pub credential: Credential,
}

/// What the user brings besides the host's own identity.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Nothing: the identity is the host's.
    Host,
    /// A token.
    Token(Secret),
    /// A certificate.
    Certificate(Arc<Certificate>),
}

/// The ways of taking a token.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// One request to an endpoint of the host.
    Endpoint(Request),
    /// A request that is answered with a challenge first.
    Challenged(Request),
    /// One request to a server that is known by its thumbprint.
    Pinned(Request, Thumbprint),
    /// A federated token, exchanged at the authority.
    Federated(Federated),
    /// An assertion signed here, exchanged at the authority.
    Certificate(Arc<Certificate>),
    /// No request at all.
    Given(Secret),
}

impl Flow {
    /// Prepares. Whatever is wrong with the environment is found here, before anything is sent.
    pub(super) fn prepare(env: &Env, detection: Detection, wanted: &Wanted) -> Result<Self, Error> {
        let ask = Ask { env, detection, selector: &wanted.selector, resource: &wanted.resource };
        Ok(match detection.source {
            TokenSource::Imds => Self::Endpoint(imds::request(ask)?),
            TokenSource::Automation | TokenSource::AppService => {
                Self::Endpoint(identity_endpoint::request(ask)?)
            }
            TokenSource::AzureMl | TokenSource::AppService2017 => Self::Endpoint(msi_endpoint::request(ask)?),
            TokenSource::ContainerInstance => Self::Endpoint(container_instance::request(ask)?),
            TokenSource::Arc => Self::Challenged(arc::request(ask)?),
            TokenSource::ServiceFabric => {
                let (request, thumbprint) = service_fabric::request(ask)?;
                Self::Pinned(request, thumbprint)
            }
            TokenSource::WorkloadIdentity => Self::Federated(Federated::new(ask, &wanted.authority)?),
            TokenSource::Certificate | TokenSource::AccessToken => {
                Self::brought(detection, &wanted.credential)?
            }
            TokenSource::CloudShell => return Err(Error::PersonsToken { detection }),
        })
    }

    fn brought(detection: Detection, credential: &Credential) -> Result<Self, Error> {
        let missing = |missing| Error::NotConfigured { token_source: detection.source, missing };
        match (detection.source, credential) {
            (TokenSource::Certificate, Credential::Certificate(certificate)) => {
                Ok(Self::Certificate(Arc::clone(certificate)))
            }
            (TokenSource::AccessToken, Credential::Token(token)) => Ok(Self::Given(token.clone())),
            (TokenSource::Certificate, _) => Err(missing("--certificate-file")),
            _ => Err(missing("--access-token-file")),
        }
    }
}
