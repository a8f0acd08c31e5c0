//! What a service answers, and what the journal is to say about it.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::journal::{Invocation, Verdict};
use super::script::Fault;

/// A check that the request passes, or the answer that refuses it.
pub(crate) type Checked<T = ()> = Result<T, Box<Answer>>;

/// Refuses every other method, without a body and before anything else is looked at.
pub(crate) fn check_method(method: &Method, taken: &Method, why: &str) -> Checked {
    if method == taken {
        return Ok(());
    }
    Err(Box::new(Answer::empty(StatusCode::METHOD_NOT_ALLOWED).refused(why)))
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) verdict: Verdict,
    pub(crate) invocation: Option<Invocation>,
    pub(crate) delivery: Delivery,
}

/// How much of the answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// Half of the body, and then the connection is reset.
    CutShort,
    /// Nothing: the connection is reset in its place.
    Lost,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
            verdict: Verdict::Accepted,
            invocation: None,
            delivery: Delivery::Whole,
        }
    }

    pub(crate) fn text(status: StatusCode, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let mut answer = Self::empty(status).with("content-type", kind);
        answer.body = body.into();
        answer
    }

    pub(crate) fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", value.to_string())
    }

    pub(crate) fn html(status: StatusCode, title: &str) -> Self {
        let page =
            format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\r\n");
        Self::text(status, "text/html; charset=us-ascii", page)
    }

    /// Adds a header, or leaves it out where the value cannot stand in one.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(HeaderName::from_static(name), value);
        }
        self
    }

    #[must_use]
    pub(crate) fn because(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    #[must_use]
    pub(crate) fn refused(self, why: impl Into<String>) -> Self {
        self.because(Verdict::Refused(why.into()))
    }

    #[must_use]
    pub(crate) fn scripted(self, fault: impl Into<String>) -> Self {
        self.because(Verdict::Fault(fault.into()))
    }

    #[must_use]
    pub(crate) fn cut_short(mut self) -> Self {
        self.delivery = Delivery::CutShort;
        self.scripted("the connection is reset in the middle of the reply")
    }
}

impl Answer {
    /// The answer got lost on its way; what the request did is done.
    #[must_use]
    pub(crate) fn lost(mut self) -> Self {
        self.delivery = Delivery::Lost;
        self.scripted("the connection is reset in place of a reply")
    }

    /// Errors of whatever stands before a service, which knows neither its forms nor whether it did anything.
    pub(crate) fn in_its_way(fault: Fault) -> Option<Self> {
        let (status, title) = match fault {
            Fault::Silent => {
                return Some(Self::empty(StatusCode::INTERNAL_SERVER_ERROR).scripted("a 500 without a word"));
            }
            Fault::BadGateway => (StatusCode::BAD_GATEWAY, "Bad Gateway"),
            Fault::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            Fault::GatewayTimeout => (StatusCode::GATEWAY_TIMEOUT, "Gateway Timeout"),
            Fault::Lost => return Some(Self::empty(StatusCode::BAD_GATEWAY).lost()),
            _ => return None,
        };
        let answer = Self::html(status, title).with("retry-after", "1");
        Some(answer.scripted(format!("the service is not reached: {title}")))
    }
}

/// The answer either way: a service answers with its refusals too.
pub(crate) fn either(outcome: Checked<Answer>) -> Answer {
    outcome.unwrap_or_else(|refusal| *refusal)
}
