//! One token: request, retries, reply, verification.

use std::time::{Duration, SystemTime};

use super::answer::{complaint, granted};
use super::authority::{self, discover, token_request, token_url};
use super::certificate::Certificate;
use super::flow::{Flow, Wanted};
use super::verify::verify;
use super::workload_identity::Federated;
use super::{ArcFault, Detection, Error, IdentitySelector, Refusal, TokenSource, arc};
use crate::env::Env;
use crate::http::{
    self, Answer, Client, Kind, Limits, Proxying, Reply, Request, Retrying, Series, StatusCode, Thumbprint,
    Verdict,
};
use crate::token::AccessToken;

/// An identity on this host, ready to be asked for tokens.
#[derive(Clone, Debug)]
pub struct Identity {
    env: Env,
    detection: Detection,
    wanted: Wanted,
    flow: Flow,
}

/// Which client reaches an identity's endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The one for this machine and its link.
    LinkLocal,
    /// One that knows the other side by its thumbprint.
    Pinned(Thumbprint),
    /// One for services: an endpoint that speaks TLS, or the authority.
    Service(Proxying),
}

impl Identity {
    /// Prepares. Whatever is wrong with the environment is found here, before anything is sent.
    pub fn new(env: &Env, detection: Detection, wanted: Wanted) -> Result<Self, Error> {
        let flow = Flow::prepare(env, detection, &wanted)?;
        Ok(Self { env: env.clone(), detection, wanted, flow })
    }

    /// Which client reaches the endpoint.
    pub fn transport(&self) -> Transport {
        match &self.flow {
            Flow::Endpoint(request) if request.url.scheme() == "https" => {
                Transport::Service(Proxying::for_url(&request.url))
            }
            Flow::Endpoint(_) | Flow::Challenged(_) => Transport::LinkLocal,
            Flow::Pinned(_, thumbprint) => Transport::Pinned(*thumbprint),
            Flow::Federated(_) | Flow::Certificate(_) | Flow::Given(_) => {
                Transport::Service(Proxying::for_url(&self.wanted.authority))
            }
        }
    }

    /// Where from, and why there.
    pub fn detection(&self) -> Detection {
        self.detection
    }

    /// What tells this identity's tokens from others: source, resource and selector.
    pub(super) fn key(&self) -> String {
        format!("{} {} {}", self.detection.source.name(), self.wanted.resource, self.wanted.selector)
    }

    /// Takes a token.
    pub async fn acquire(&self, client: &Client, limits: &Limits) -> Result<AccessToken, Error> {
        let (source, because) = (self.detection.source.name(), self.detection.because);
        tracing::info!(source, because, "asking for a token");
        let answer = match &self.flow {
            Flow::Given(token) => {
                let token = AccessToken::given(token, &self.wanted.resource, limits.clock.now());
                return token.map_err(|why| Error::Given { why });
            }
            Flow::Endpoint(request) => self.send(client, limits, request, classify).await?,
            Flow::Pinned(request, _) => self.send(client, limits, request, classify_permanent).await?,
            Flow::Challenged(request) => self.challenged(client, limits, request).await?,
            Flow::Federated(federated) => self.federated(client, limits, federated).await?,
            Flow::Certificate(certificate) => self.signed(client, limits, certificate).await?,
        };
        if !answer.reply.is_success() {
            return Err(self.refused(&answer));
        }
        let token = self.read(&answer.reply, limits.clock.now())?;
        tracing::info!(attempts = answer.attempts, lives = ?token.remaining(limits.clock.now()), "got a token");
        Ok(token)
    }

    async fn send(
        &self,
        client: &Client,
        limits: &Limits,
        request: &Request,
        classify: fn(&Result<Reply, http::Error>) -> Verdict,
    ) -> Result<Answer, Error> {
        let answer = Retrying { client, limits, window: None }.send(request, classify).await;
        answer.map_err(|error| Error::NoReply { detection: self.detection, error })
    }

    /// The agent's challenge, then the same request with its answer. A key serves once, so the second request is not
    /// tried again.
    async fn challenged(&self, client: &Client, limits: &Limits, request: &Request) -> Result<Answer, Error> {
        let fault = |why| Error::Challenge { detection: self.detection, why };
        let first = self.send(client, limits, request, classify).await?;
        if first.reply.is_success() {
            return Err(fault(ArcFault::NotChallenged));
        }
        if !arc::is_challenge(&first.reply) {
            return Ok(first);
        }
        let second = arc::answered(&self.env, request, &first.reply).map_err(fault)?;
        self.send(client, limits, &second, |_| Verdict::Final).await
    }

    /// The federated token is read anew for every request, and once more where the authority calls it expired and the
    /// file has changed since.
    async fn federated(
        &self,
        client: &Client,
        limits: &Limits,
        federated: &Federated,
    ) -> Result<Answer, Error> {
        use crate::secret::ExposeSecret;
        let resource = &self.wanted.resource;
        let assertion = federated.assertion()?;
        let request = federated.request(resource, &assertion);
        let answer = self.send(client, limits, &request, authority::classify).await?;
        let expired =
            !answer.reply.is_success() && complaint(&answer.reply.body).message.contains("AADSTS700024");
        let fresh = if expired { federated.assertion()? } else { return Ok(answer) };
        if fresh.expose_secret() == assertion.expose_secret() {
            return Ok(answer);
        }
        self.send(client, limits, &federated.request(resource, &fresh), authority::classify).await
    }

    /// An assertion for the organization's tenant.
    async fn signed(
        &self,
        client: &Client,
        limits: &Limits,
        certificate: &Certificate,
    ) -> Result<Answer, Error> {
        let Wanted { authority, organization, resource, .. } = &self.wanted;
        let tenant = discover(client, authority, organization, limits).await?;
        let url = token_url(authority, &tenant.to_string());
        let assertion = certificate.assertion(&url, limits.clock.now()).ok_or(Error::Signature)?;
        let request = token_request(url, &certificate.app_id.to_string(), resource, &assertion);
        self.send(client, limits, &request, authority::classify).await
    }

    fn read(&self, reply: &Reply, now: SystemTime) -> Result<AccessToken, Error> {
        let granted = granted(&reply.body, &self.wanted.resource, now)
            .map_err(|why| Error::Unreadable { detection: self.detection, why })?;
        verify(&granted, &self.expected(), self.detection.source == TokenSource::Arc)?;
        Ok(granted.token)
    }

    /// Whose token it must be: where the authority was asked, that of the client named there.
    fn expected(&self) -> IdentitySelector {
        let client_id = match &self.flow {
            Flow::Federated(federated) => IdentitySelector::guid(&federated.client_id).ok(),
            Flow::Certificate(certificate) => Some(certificate.app_id),
            _ => None,
        };
        client_id.map_or_else(|| self.wanted.selector.clone(), IdentitySelector::ClientId)
    }

    fn refused(&self, answer: &Answer) -> Error {
        let said = complaint(&answer.reply.body);
        let refusal = Box::new(Refusal {
            detection: self.detection,
            selector: self.wanted.selector.clone(),
            status: answer.reply.status.as_u16(),
            code: said.code,
            message: said.message,
            correlation_id: said.correlation_id,
            attempts: answer.attempts,
            elapsed: answer.elapsed,
        });
        Error::Refused { refusal }
    }
}

/// What Microsoft's page on IMDS errors asks of clients: 404, 410, 429 and 5xx are tried again, 5xx after a second at
/// least, 410 for seventy seconds; no other 4xx ever is. Where nothing listens, one more attempt tells a service that
/// is starting from none at all.
fn classify(outcome: &Result<Reply, http::Error>) -> Verdict {
    let growing = Verdict::Again(Series::Growing(Duration::from_secs(1)));
    match outcome {
        Ok(reply) => match reply.status {
            StatusCode::GONE => Verdict::Again(Series::Updating),
            StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS => growing,
            status if status.is_server_error() => growing,
            _ => Verdict::Final,
        },
        Err(error) => match error.kind {
            Kind::Refused | Kind::ConnectTimeout | Kind::NameLookup => Verdict::Again(Series::Absent),
            Kind::Lost | Kind::Timeout => growing,
            Kind::Proxy | Kind::Tls | Kind::Ended(_) | Kind::NotBegun(_) | Kind::TooLarge | Kind::NotGzip => {
                Verdict::Final
            }
        },
    }
}

/// The same but for 404, which on Service Fabric means that there is no such identity and will be none.
fn classify_permanent(outcome: &Result<Reply, http::Error>) -> Verdict {
    match outcome {
        Ok(reply) if reply.status == StatusCode::NOT_FOUND => Verdict::Final,
        other => classify(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::header::HeaderMap;

    fn verdict(status: u16) -> Verdict {
        let status = StatusCode::from_u16(status).expect("a status");
        classify(&Ok(Reply { status, headers: HeaderMap::new(), body: Vec::new() }))
    }

    #[test]
    fn statuses_are_classified_as_documented() {
        let growing = Verdict::Again(Series::Growing(Duration::from_secs(1)));
        for status in [404, 429, 500, 501, 502, 503, 504, 511] {
            assert_eq!(verdict(status), growing, "{status}");
        }
        for status in [200, 202, 302, 400, 401, 403, 405, 408, 409, 418] {
            assert_eq!(verdict(status), Verdict::Final, "{status}");
        }
        assert_eq!(verdict(410), Verdict::Again(Series::Updating));
        let reply = Reply { status: StatusCode::NOT_FOUND, headers: HeaderMap::new(), body: Vec::new() };
        assert_eq!(classify_permanent(&Ok(reply)), Verdict::Final);
    }
}
