//! A tenant's admin API: one page of one cmdlet at a time.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::aside::Aside;
use super::call::Call;
use super::endpoint::Endpoint;
use super::entity::Entity;
use super::envelope::Unreadable;
use super::error::{Error, Refusal};
use super::page::Page;
use super::patience::patience;
use super::policy::{self, Policy};
use super::reader::Reader;
use super::service_error::ServiceError;
use crate::http::{
    Answer, Client, Intake, Limits, Reply, Request, Retrying, Trace, Window, retry_after, span_of,
};
use crate::token::AccessToken;

/// The mailbox that an app-only connection is anchored to; the same in every tenant.
const ANCHOR_MAILBOX: &str = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/// The version of the official module whose requests these are.
pub(super) const MODULE_VERSION: &str = "3.9.0";

/// The largest page: a thousand mailboxes with all their properties are a tenth of it.
const LARGEST_REPLY: usize = 256 << 20;

/// By which the module asks whether a connection lives.
const PING: &str = "basicinfo('AdminApiState')";

/// What a request is for, and when it may be sent again.
struct Errand<'e> {
    what: &'e str,
    writes: bool,
    policy: Policy,
}

impl<'e> Errand<'e> {
    fn of(call: &'e Call) -> Self {
        Self { what: &call.input.cmdlet_name, writes: call.writes, policy: policy::of(call) }
    }
}

/// Who answered a ping, and what time it was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The backend that the front door chose.
    pub server: Option<String>,
    /// The service's clock.
    pub date: Option<SystemTime>,
}

/// Everything that stays the same from cmdlet to cmdlet.
#[derive(Debug)]
pub struct Connection {
    client: Client,
    endpoint: Endpoint,
    tenant: String,
    anchor: String,
    id: Uuid,
    /// How many requests may be under way, where they are many.
    pub(super) window: Option<Window>,
    /// The trace that all requests are a part of.
    trace: Option<Trace>,
}

impl Connection {
    /// A connection to the tenant of the token. As in the module, the organization that the user named is a label: it
    /// stands in for the tenant only where the token does not name one.
    pub fn new(
        client: Client,
        endpoint: Endpoint,
        token: &AccessToken,
        organization: &str,
        id: Uuid,
    ) -> Self {
        let tenant = token.claims().and_then(|claims| claims.tid).filter(|tid| Uuid::try_parse(tid).is_ok());
        let anchor = match &tenant {
            Some(tenant) => format!("APP:{ANCHOR_MAILBOX}@{tenant}"),
            None => format!("UPN:{ANCHOR_MAILBOX}@{organization}"),
        };
        let tenant = tenant.unwrap_or_else(|| organization.to_owned());
        Self { client, endpoint, tenant, anchor, id, window: None, trace: None }
    }

    /// The same connection, on which so many requests may be under way at once.
    #[must_use]
    pub fn widened(self, most: usize) -> Self {
        Self { window: Some(Window::new(most)), ..self }
    }

    /// The same connection, whose requests are a part of this trace.
    #[must_use]
    pub fn traced(self, trace: Option<Trace>) -> Self {
        Self { trace, ..self }
    }

    /// The tenant: a GUID, or the organization's name where the token names no tenant.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// This connection's own number.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Where cmdlets go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Fetches one page: the first, or the one that `next` leads to. Later pages are the same request at another
    /// address: same body, same headers, same anchor, same number.
    pub async fn page(
        &self,
        token: &AccessToken,
        call: &Call,
        run: Uuid,
        page_size: u64,
        next: Option<&Url>,
        limits: &Limits,
    ) -> Result<Page, Error> {
        let url = next.cloned().unwrap_or_else(|| self.first_page(call));
        let request = match &call.entity {
            Some(entity) => self.reading_request(url, entity, run, page_size),
            None => self.request(url, call, run, page_size),
        };
        let reader = || Reader::of(call, next.is_some());
        let aside = || Aside::new(reader());
        // What waits for this is as large as what takes the page, unless that lies elsewhere.
        let asked = Box::pin(self.dispatch(request, token, Errand::of(call), aside, run, limits));
        let (answer, taken) = asked.await?;
        let reader = taken.map_or_else(reader, Aside::into_reader);
        self.read(&answer, reader, token, call, run, limits)
    }

    /// Where the first page of a cmdlet comes from.
    pub fn first_page(&self, call: &Call) -> Url {
        match &call.entity {
            Some(entity) => entity.url(self.endpoint.url(&self.tenant, "")),
            None => self.endpoint.url(&self.tenant, "InvokeCommand"),
        }
    }

    /// Sends a request that runs a cmdlet, or several like it, again and again as far as that is safe.
    pub(super) async fn send(
        &self,
        request: Request,
        token: &AccessToken,
        call: &Call,
        run: Uuid,
        limits: &Limits,
    ) -> Result<Answer, Error> {
        self.dispatch(request, token, Errand::of(call), Vec::new, run, limits).await.map(with_body)
    }

    /// Sends a request, and gives its answer with what has taken the body where that is a success.
    async fn dispatch<I: Intake>(
        &self,
        request: Request,
        token: &AccessToken,
        errand: Errand<'_>,
        intake: impl Fn() -> I,
        run: Uuid,
        limits: &Limits,
    ) -> Result<(Answer, Option<I>), Error> {
        let request =
            request.secret_header("authorization", "Bearer ", &token.secret).ok_or(Error::BadToken)?;
        let request = Request { trace: self.trace.clone(), ..request };
        let retrying = Retrying { client: &self.client, limits, window: self.window.as_ref() };
        retrying.send_into(&request, intake, errand.policy).await.map_err(|error| Error::NoReply {
            cmdlet: errand.what.to_owned(),
            in_doubt: errand.writes && policy::is_in_doubt(&error),
            client_request_id: run,
            error,
        })
    }

    /// Asks whether the tenant's admin API answers: the module's own ping, with a number by which it is
    /// found besides.
    pub async fn ping(&self, token: &AccessToken, run: Uuid, limits: &Limits) -> Result<(), Error> {
        let answer = self.asked(self.ping_request(run), PING, token, run, limits).await?;
        succeeded(answer, PING, run, limits).map(drop)
    }

    /// Sends the same ping to learn who answers, whatever the answer is.
    pub async fn reach(&self, token: &AccessToken, run: Uuid, limits: &Limits) -> Result<Reached, Error> {
        let answer = self.asked(self.ping_request(run), PING, token, run, limits).await?;
        let reply = &answer.reply;
        Ok(Reached {
            server: reply.header("x-calculatedbetarget").map(str::to_owned),
            date: reply.header("date").and_then(|date| httpdate::parse_http_date(date).ok()),
        })
    }

    fn ping_request(&self, run: Uuid) -> Request {
        let url = self.endpoint.url(&self.tenant, PING);
        Request::get(url).header("client-request-id", &run.to_string())
    }

    async fn asked(
        &self,
        request: Request,
        what: &str,
        token: &AccessToken,
        run: Uuid,
        limits: &Limits,
    ) -> Result<Answer, Error> {
        let errand = Errand { what, writes: false, policy: policy::reading };
        self.dispatch(request, token, errand, Vec::new, run, limits).await.map(with_body)
    }

    /// Asks the service about itself, and gives the reply where it is a success.
    pub(super) async fn ask(
        &self,
        request: Request,
        what: &str,
        token: &AccessToken,
        run: Uuid,
        limits: &Limits,
    ) -> Result<Reply, Error> {
        succeeded(self.asked(request, what, token, run, limits).await?, what, run, limits)
    }

    /// The headers of the module's requests, with JSON asked for in the place of CLIXML.
    pub(super) fn request(&self, url: Url, call: &Call, run: Uuid, page_size: u64) -> Request {
        let cmdlet = &call.input.cmdlet_name;
        let mut request = self
            .common(Request::post(url, call.body()), run)
            .header("accept-charset", "UTF-8")
            .header("content-type", "application/json")
            .header("x-cmdletname", cmdlet)
            .header("warningaction", warning_action(call))
            .header("prefer", &format!("odata.maxpagesize={page_size}"))
            .header("x-responseformat", "json")
            .header("x-clientmoduleversion", MODULE_VERSION);
        request.timeout = patience(cmdlet);
        request
    }

    /// The request of the `Get-EXO` family: a plain GET, for the next page as well.
    fn reading_request(&self, url: Url, entity: &Entity, run: Uuid, page_size: u64) -> Request {
        let mut request = self
            .common(Request::get(url), run)
            .header("content-type", "application/json;odata.metadata=minimal")
            .header("prefer", &format!("odata.maxpagesize={page_size};"))
            .header("exomodule-version", MODULE_VERSION);
        if let Some(identity) = &entity.identity {
            request = request.header("xparameter-identity", identity);
        }
        // As long as the module waits for these.
        request.timeout = Duration::from_secs(300);
        request
    }

    /// What both kinds of requests carry: this program's own name, and English, so that errors can be recognised.
    pub(super) fn common(&self, request: Request, run: Uuid) -> Request {
        let mut request = request
            .header("accept", "application/json")
            .header("accept-encoding", "gzip")
            .header("accept-language", "en-US")
            .header("client-request-id", &run.to_string())
            .header("connection-id", &self.id.to_string())
            .header("x-anchormailbox", &self.anchor)
            .header("x-clientapplication", "exo-mi");
        request.limit = LARGEST_REPLY;
        request
    }

    /// Reads a reply as one page of a cmdlet. What people are shown of it holds no token.
    pub(super) fn read(
        &self,
        answer: &Answer,
        reader: Reader,
        token: &AccessToken,
        call: &Call,
        run: Uuid,
        limits: &Limits,
    ) -> Result<Page, Error> {
        if !answer.reply.is_success() {
            return Err(Error::Refused {
                refusal: Box::new(refusal(
                    answer,
                    &call.input.cmdlet_name,
                    call.writes,
                    run,
                    reader.later,
                    limits,
                )),
            });
        }
        let request_id = answer.reply.header("request-id").map(str::to_owned);
        let _lines = span_of(run).entered();
        tracing::info!(
            cmdlet = call.input.cmdlet_name,
            connection = %self.id,
            request_id,
            attempts = answer.attempts,
            bytes = reader.taken,
            "got a page"
        );
        let warnings = answer.reply.header("x-warnings").map(warnings).unwrap_or_default();
        let later = reader.later;
        let page = reader.finish(call.entity.is_some()).and_then(|mut page| {
            // A result of nothing may have no body. A page that was promised has one, or the rest would be lost unseen.
            if later && page.text().trim_ascii().is_empty() {
                return Err(Unreadable::Nothing);
            }
            if let Some(nested) = call.entity.as_ref().and_then(|entity| entity.nested) {
                nested.unfold(&mut page)?;
            }
            Ok(page)
        });
        let page = page.map_err(|why| Error::Unreadable {
            cmdlet: call.input.cmdlet_name.clone(),
            in_doubt: call.writes,
            client_request_id: run,
            why,
        })?;
        let mut page = Page { request_id, client_request_id: run, ..page };
        page.warnings.extend(warnings);
        page.blank(&token.secret);
        Ok(page)
    }
}

/// An answer with the body that came for it.
fn with_body((mut answer, body): (Answer, Option<Vec<u8>>)) -> Answer {
    answer.reply.body = body.unwrap_or(answer.reply.body);
    answer
}

/// The `Get-EXO` family is warned in a header, with a mark after each warning.
fn warnings(header: &str) -> Vec<String> {
    header.split("<eow>").map(str::trim).filter(|warning| !warning.is_empty()).map(str::to_owned).collect()
}

fn succeeded(answer: Answer, what: &str, run: Uuid, limits: &Limits) -> Result<Reply, Error> {
    if answer.reply.is_success() {
        return Ok(answer.reply);
    }
    Err(Error::Refused { refusal: Box::new(refusal(&answer, what, false, run, false, limits)) })
}

fn refusal(
    answer: &Answer,
    cmdlet: &str,
    writes: bool,
    run: Uuid,
    later_page: bool,
    limits: &Limits,
) -> Refusal {
    let reply = &answer.reply;
    let location = reply.header("location").filter(|_| reply.status.is_redirection());
    Refusal {
        cmdlet: cmdlet.to_owned(),
        writes,
        later_page,
        status: reply.status.as_u16(),
        said: ServiceError::from_body(&reply.body),
        diagnostics: reply.header("x-ms-diagnostics").map(reason),
        redirect: location.and_then(|text| Some(Url::parse(text).ok()?.host_str()?.to_owned())),
        retry_after: retry_after(reply, &limits.clock),
        request_id: reply.header("request-id").map(str::to_owned),
        client_request_id: run,
        attempts: answer.attempts,
        elapsed: answer.elapsed,
    }
}

/// `2000003;reason="The audience …";error_category="…"` reduced to the reason.
fn reason(diagnostics: &str) -> String {
    let quoted = diagnostics.split_once("reason=\"").and_then(|(_, rest)| rest.split_once('"'));
    quoted.map_or(diagnostics, |(reason, _)| reason).to_owned()
}

/// The module repeats `-WarningAction` in a header, where `Ignore` has another name. What is no word of PowerShell's stays
/// out of it.
fn warning_action(call: &Call) -> &str {
    let value = call.input.parameters.get("WarningAction").and_then(Value::as_str).unwrap_or_default();
    match value {
        ignore if ignore.eq_ignore_ascii_case("Ignore") => "SilentlyContinue",
        word if word.bytes().all(|byte| byte.is_ascii_alphabetic()) => word,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_taken_out_of_the_diagnostics() {
        assert_eq!(
            reason(r#"2000003;reason="The audience claim value is invalid 'aud'.";error_category="x""#),
            "The audience claim value is invalid 'aud'."
        );
        assert_eq!(reason("plain"), "plain");
    }
}
