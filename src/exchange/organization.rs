//! Which tenant an organization's name belongs to, by OpenID discovery, which needs no token.

use std::time::Duration;

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::error::Error;
use crate::http::{self, Client, Kind, Limits, Reply, Request, Retrying, Series, StatusCode, Verdict};

/// An organization as the authority knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The tenant's GUID.
    pub tenant: Uuid,
}

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
}

/// Asks the authority. An organization that it does not know is an error of its own.
pub async fn discover(
    client: &Client,
    authority: &Url,
    name: &str,
    limits: &Limits,
) -> Result<Organization, Error> {
    let mut url = authority.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend([name, "v2.0", ".well-known", "openid-configuration"]);
    }
    let failed = |error| Error::Discovery { organization: name.to_owned(), error };
    let request = Request::get(url).header("accept", "application/json");
    let retrying = Retrying { client, limits };
    let answer = retrying.send(&request, classify).await.map_err(|error| failed(Some(error)))?;
    match answer.reply.status {
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            Err(Error::UnknownOrganization { organization: name.to_owned() })
        }
        StatusCode::OK => {
            tenant(&answer.reply.body).map(|tenant| Organization { tenant }).ok_or_else(|| failed(None))
        }
        _ => Err(failed(None)),
    }
}

/// The GUID in `https://login.microsoftonline.com/{tenant}/v2.0`.
fn tenant(body: &[u8]) -> Option<Uuid> {
    let configuration: Configuration = serde_json::from_slice(body).ok()?;
    let issuer = Url::parse(&configuration.issuer).ok()?;
    issuer.path_segments()?.find_map(|segment| Uuid::try_parse(segment).ok())
}

fn classify(outcome: &Result<Reply, http::Error>) -> Verdict {
    let again = Verdict::Again(Series::Growing(Duration::from_secs(1)));
    match outcome {
        Ok(reply) if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS => again,
        Err(error) if error.kind == Kind::Lost => again,
        Err(error) if error.kind.is_before_sending() => Verdict::Again(Series::Absent),
        _ => Verdict::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_is_read_from_the_issuer() {
        let body = |issuer: &str| format!(r#"{{"issuer":"{issuer}","token_endpoint":"x"}}"#).into_bytes();
        let guid = "11111111-2222-3333-4444-555555555555";
        for issuer in [
            format!("https://login.microsoftonline.com/{guid}/v2.0"),
            format!("https://sts.windows.net/{guid}/"),
        ] {
            assert_eq!(tenant(&body(&issuer)), Uuid::try_parse(guid).ok());
        }
        for issuer in ["https://login.microsoftonline.com/{tenantid}/v2.0", "nonsense", ""] {
            assert_eq!(tenant(&body(issuer)), None);
        }
    }
}
