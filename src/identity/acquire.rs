//! One token: request, retries, reply, verification.

use std::time::{Duration, SystemTime};

use super::answer::{complaint, granted};
use super::verify::verify;
use super::{Detection, Error, IdentitySelector, Refusal, TokenSource, identity_endpoint, imds};
use crate::env::Env;
use crate::http::{
    self, Answer, Client, Kind, Limits, Proxying, Reply, Request, Retrying, Series, StatusCode, Verdict,
};
use crate::token::AccessToken;

/// An identity on this host, ready to be asked for tokens.
#[derive(Clone, Debug)]
pub struct Identity {
    detection: Detection,
    selector: IdentitySelector,
    request: Request,
    resource: String,
}

impl Identity {
    /// Prepares the request. Whatever is wrong with the environment is found here, before anything is sent.
    pub fn new(
        env: &Env,
        detection: Detection,
        selector: IdentitySelector,
        resource: String,
    ) -> Result<Self, Error> {
        let request = match detection.source {
            TokenSource::Imds => imds::request(env, &selector, &resource)?,
            TokenSource::Automation | TokenSource::AppService => {
                identity_endpoint::request(env, detection, &selector, &resource)?
            }
            _ => return Err(Error::Unsupported { detection }),
        };
        Ok(Self { detection, selector, request, resource })
    }

    /// Whether the endpoint speaks TLS, as the remote one of a hybrid worker does.
    pub fn speaks_tls(&self) -> bool {
        self.request.url.scheme() == "https"
    }

    /// Whether the endpoint is reached through the machine's proxy, as a remote one is.
    pub fn proxying(&self) -> Proxying {
        Proxying::for_url(&self.request.url)
    }

    /// Who is asked for.
    pub fn selector(&self) -> &IdentitySelector {
        &self.selector
    }

    /// Where from, and why there.
    pub fn detection(&self) -> Detection {
        self.detection
    }

    /// Takes a token.
    pub async fn acquire(&self, client: &Client, limits: &Limits) -> Result<AccessToken, Error> {
        tracing::info!(
            source = self.detection.source.name(),
            because = self.detection.because,
            "asking for a token"
        );
        let answer = Retrying { client, limits }
            .send(&self.request, classify)
            .await
            .map_err(|error| Error::NoReply { detection: self.detection, error })?;
        if !answer.reply.is_success() {
            return Err(self.refused(&answer));
        }
        let token = self.read(&answer.reply, limits.clock.now())?;
        tracing::info!(attempts = answer.attempts, lives = ?token.remaining(limits.clock.now()), "got a token");
        Ok(token)
    }

    fn read(&self, reply: &Reply, now: SystemTime) -> Result<AccessToken, Error> {
        let granted = granted(&reply.body, &self.resource, now)
            .map_err(|why| Error::Unreadable { detection: self.detection, why })?;
        verify(&granted, &self.selector)?;
        Ok(granted.token)
    }

    fn refused(&self, answer: &Answer) -> Error {
        let said = complaint(&answer.reply.body);
        let refusal = Box::new(Refusal {
            detection: self.detection,
            selector: self.selector.clone(),
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
            Kind::Proxy | Kind::Tls | Kind::Deadline | Kind::NoTimeLeft | Kind::TooLarge | Kind::NotGzip => {
                Verdict::Final
            }
        },
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
    }
}
