//! Requests to Graph: lists with all their pages, and single writes.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::address::Address;
use super::error::{Error, PagingFault, Refusal, ServiceError};
use super::policy;
use crate::env::Env;
use crate::http::{Answer, Client, Limits, Proxying, Request, Retrying, Roots, TlsClients, retry_after};
use crate::secret::{Secret, blank_text};
use crate::token::UnverifiedClaims;

/// More pages than any list here has.
const MOST_PAGES: usize = 1000;

/// Everything that a client of Graph is made from, decided and checked.
pub struct Plan {
    /// Where it is.
    pub address: Address,
    /// The operator's token.
    pub token: Secret,
    /// What is trusted.
    pub roots: Roots,
    /// Retries and deadline.
    pub limits: Limits,
    /// The environment, for the machine's proxy.
    pub env: Env,
    /// The number by which the requests of this command are found.
    pub client_request_id: Uuid,
}

/// Microsoft Graph, with the token of somebody who may grant.
pub struct Graph {
    client: Client,
    base: Url,
    token: Secret,
    pub(super) limits: Limits,
    client_request_id: Uuid,
}

/// What became of a write.
#[derive(Debug)]
pub(super) enum Written {
    /// It was carried out; what the service says of it.
    Done(Vec<u8>),
    /// What was to be made is there.
    Duplicate,
    /// What was to be removed is not there.
    Missing,
    /// It may have been carried out.
    Unknown(Error),
}

#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Graph {
    /// Prepares the client; nothing is sent.
    pub fn connect(plan: Plan) -> Result<Self, Error> {
        let Plan { address, token, roots, limits, env, client_request_id } = plan;
        let base = address.0;
        let client = TlsClients::begin(&roots, &env, &limits.clock)?.client(Proxying::for_url(&base))?;
        Ok(Self { client, base, token, limits, client_request_id })
    }

    /// All items of a list.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        what: &str,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Vec<T>, Error> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut visited = Vec::new();
        let mut items = Vec::new();
        loop {
            let page: Page<T> = self.page(what, url.clone()).await?;
            items.extend(page.value);
            let Some(link) = page.next else { return Ok(items) };
            visited.push(url);
            url = self
                .following(&link, &visited)
                .map_err(|why| Error::Paging { what: what.to_owned(), why })?;
        }
    }

    async fn page<T: DeserializeOwned>(&self, what: &str, url: Url) -> Result<T, Error> {
        let request = self.request(Request::get(url))?;
        let answer = Retrying { client: &self.client, limits: &self.limits, window: None };
        let answer =
            answer.send(&request, policy::reading).await.map_err(|error| self.no_reply(what, error))?;
        if !answer.reply.is_success() {
            return Err(self.refused(what, &answer));
        }
        serde_json::from_slice(&answer.reply.body).map_err(|error| Error::Unreadable {
            what: what.to_owned(),
            client_request_id: self.client_request_id,
            error,
        })
    }

    /// Where a next link leads. The token goes with it, so that it must stay on the origin that was called.
    fn following(&self, link: &str, visited: &[Url]) -> Result<Url, PagingFault> {
        let url = Url::parse(link).map_err(|_| PagingFault::NotAnAddress)?;
        if url.origin() != self.base.origin() {
            let host = blank_text(url.host_str().unwrap_or_default(), &self.token);
            return Err(PagingFault::ForeignHost(host));
        }
        if visited.contains(&url) || visited.len() >= MOST_PAGES {
            return Err(PagingFault::Circle);
        }
        Ok(url)
    }

    /// Adds to a list.
    pub(super) async fn create(&self, what: &str, path: &[&str], body: &Value) -> Result<Written, Error> {
        let request = Request::post(self.url(path), body.to_string().into_bytes());
        self.write(what, request.header("content-type", "application/json")).await
    }

    /// Takes one item away.
    pub(super) async fn delete(&self, what: &str, path: &[&str]) -> Result<Written, Error> {
        self.write(what, Request::delete(self.url(path))).await
    }

    /// Sends a write once, or again where it certainly was not carried out.
    async fn write(&self, what: &str, request: Request) -> Result<Written, Error> {
        let removes = request.body.is_none();
        let request = self.request(request)?;
        let sending = Retrying { client: &self.client, limits: &self.limits, window: None };
        let policy = if removes { policy::removing } else { policy::creating };
        let answer = match sending.send(&request, policy).await {
            Ok(answer) => answer,
            Err(error) if error.kind.is_before_sending() => return Err(self.no_reply(what, error)),
            Err(error) => return Ok(Written::Unknown(self.no_reply(what, error))),
        };
        let status = answer.reply.status.as_u16();
        if answer.reply.is_success() {
            return Ok(Written::Done(answer.reply.body));
        }
        if !removes && ServiceError::of(&answer.reply).is_duplicate(status) {
            return Ok(Written::Duplicate);
        }
        let refused = self.refused(what, &answer);
        match status {
            404 if removes => Ok(Written::Missing),
            500.. => Ok(Written::Unknown(refused)),
            _ => Err(refused),
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().push("v1.0").extend(path);
        }
        url
    }

    fn request(&self, request: Request) -> Result<Request, Error> {
        let mut request = request
            .header("accept", "application/json")
            .header("accept-encoding", "gzip")
            .header("client-request-id", &self.client_request_id.to_string())
            .secret_header("authorization", "Bearer ", &self.token)
            .ok_or(Error::BadToken)?;
        // As long as Microsoft's own clients of Graph wait. Exchange's principal with all its app roles is the largest
        // reply, and far from this.
        (request.timeout, request.limit) = (Duration::from_secs(100), 8 << 20);
        Ok(request)
    }

    fn no_reply(&self, what: &str, error: crate::http::Error) -> Error {
        Error::NoReply { what: what.to_owned(), client_request_id: self.client_request_id, error }
    }

    fn refused(&self, what: &str, answer: &Answer) -> Error {
        let reply = &answer.reply;
        let location = reply.header("location").filter(|_| reply.status.is_redirection());
        let refusal = Refusal {
            what: what.to_owned(),
            status: reply.status.as_u16(),
            said: ServiceError::of(reply),
            retry_after: retry_after(reply, &self.limits.clock),
            redirect: location.and_then(|text| Some(Url::parse(text).ok()?.host_str()?.to_owned())),
            request_id: reply.header("request-id").map(str::to_owned),
            client_request_id: self.client_request_id,
            attempts: answer.attempts,
            elapsed: answer.elapsed,
            caller: UnverifiedClaims::read(&self.token).map(Box::new),
        };
        Error::Refused { refusal: Box::new(refusal) }
    }
}
