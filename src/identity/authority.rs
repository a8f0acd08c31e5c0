//! The authority, which exchanges an assertion for a token and knows whose an organization is.

use std::time::Duration;

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::Error;
use crate::http::{self, Client, Kind, Limits, Reply, Request, Retrying, Series, StatusCode, Verdict};
use crate::secret::{ExposeSecret, Secret};

/// The URL of a tenant's token endpoint.
pub(super) fn token_url(authority: &Url, tenant: &str) -> Url {
    below(authority, &[tenant, "oauth2", "v2.0", "token"])
}

/// The request that exchanges an assertion for a token. A v2 endpoint takes a scope, which is the resource with
/// `.default` after it.
pub(super) fn token_request(url: Url, client_id: &str, resource: &str, assertion: &Secret) -> Request {
    let scope = format!("{}/.default", resource.trim_end_matches('/'));
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("scope", &scope)
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .append_pair("client_assertion", assertion.expose_secret())
        .finish();
    let request = Request::post(url, form.into_bytes())
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    Request { secrets: vec![assertion.clone()], ..request }
}

/// The tenant of an organization, by OpenID discovery, which needs no token. An organization that the authority does
/// not know is an error of its own.
pub async fn discover(
    client: &Client,
    authority: &Url,
    organization: &str,
    limits: &Limits,
) -> Result<Uuid, Error> {
    let failed = |status, error| Error::Discovery { organization: organization.to_owned(), status, error };
    let url = below(authority, &[organization, "v2.0", ".well-known", "openid-configuration"]);
    let request = Request::get(url).header("accept", "application/json");
    let answer = Retrying { client, limits, window: None }
        .send(&request, classify)
        .await
        .map_err(|error| failed(None, Some(error)))?;
    let status = answer.reply.status;
    match status {
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            Err(Error::UnknownOrganization { organization: organization.to_owned() })
        }
        StatusCode::OK => tenant(&answer.reply.body).ok_or_else(|| failed(Some(status.as_u16()), None)),
        _ => Err(failed(Some(status.as_u16()), None)),
    }
}

/// What is tried again at an authority: it is a large public service, where a 404 is an answer.
pub(super) fn classify(outcome: &Result<Reply, http::Error>) -> Verdict {
    let again = Verdict::Again(Series::Growing(Duration::from_secs(1)));
    match outcome {
        Ok(reply) if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS => again,
        Err(error) if error.kind == Kind::Lost => again,
        Err(error) if error.kind.is_before_sending() && error.kind != Kind::Tls => {
            Verdict::Again(Series::Absent)
        }
        _ => Verdict::Final,
    }
}

fn below(authority: &Url, segments: &[&str]) -> Url {
    let mut url = authority.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend(segments);
    }
    url
}

/// The GUID in `https://login.microsoftonline.com/{tenant}/v2.0`.
fn tenant(body: &[u8]) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Configuration {
        issuer: String,
    }
    let configuration: Configuration = serde_json::from_slice(body).ok()?;
    let issuer = Url::parse(&configuration.issuer).ok()?;
    issuer.path_segments()?.find_map(|segment| Uuid::try_parse(segment).ok())
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

    #[test]
    fn the_form_has_the_documented_fields_and_one_scope() {
        let authority = Url::parse("https://login.microsoftonline.com/").expect("a URL");
        let url = token_url(&authority, "t");
        assert_eq!(url.as_str(), "https://login.microsoftonline.com/t/oauth2/v2.0/token");
        let request = token_request(url, "c", "https://outlook.office365.com/", &Secret::from("a.b.c"));
        let body = request.body.expect("a body");
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
        let field =
            |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        assert_eq!(fields.len(), 5);
        assert_eq!(field("client_id"), Some("c"));
        assert_eq!(field("scope"), Some("https://outlook.office365.com/.default"));
        assert_eq!(field("grant_type"), Some("client_credentials"));
        assert_eq!(field("client_assertion"), Some("a.b.c"));
        assert_eq!(
            field("client_assertion_type"),
            Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        );
    }
}
