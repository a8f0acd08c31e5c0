//! How answers are wrapped: the `OData` envelope, the headers, the compression.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, HeaderName};
use serde_json::{Value, json};

use super::affinity::Affinity;
use crate::emulator::answer::Answer;
use crate::emulator::call::Call;
use crate::emulator::state::State;
use crate::emulator::tenant::date;

pub(crate) const CONTENT_TYPE: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

pub(crate) const MORE_RESULTS: &str = "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";

/// What a cmdlet answers.
#[derive(Default)]
pub(crate) struct Envelope {
    pub(crate) context: String,
    pub(crate) warnings: Vec<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) confirmation: Option<String>,
    /// The objects as JSON, with commas between them.
    pub(crate) rows: String,
    pub(crate) next_link: Option<String>,
}

impl Envelope {
    pub(crate) fn into_answer(self) -> Answer {
        let context = Value::from(self.context);
        let warnings = json!(self.warnings);
        let errors =
            (!self.errors.is_empty()).then(|| format!(r#","@adminapi.errors":{}"#, json!(self.errors)));
        let question =
            self.confirmation.map(|text| format!(r#","@adminapi.confirmationmessage":{}"#, json!(text)));
        let link = self.next_link.map(|link| format!(r#","@odata.nextLink":{}"#, json!(link)));
        let text = [
            format!(r##"{{"@odata.context":{context},"adminapi.warnings@odata.type":"#Collection(String)""##),
            format!(r#","@adminapi.warnings":{warnings}"#),
            errors.unwrap_or_default(),
            question.unwrap_or_default(),
            format!(r#","value":[{}]"#, self.rows),
            link.unwrap_or_default(),
            "}".to_owned(),
        ]
        .concat();
        Answer::text(StatusCode::OK, CONTENT_TYPE, text)
    }
}

/// The headers that every answer of the service itself carries.
pub(crate) fn dress(state: &State, call: &Call, answer: Answer) -> Answer {
    let reset = date::exact(state.now() + std::time::Duration::from_secs(60));
    let named = answer.headers.contains_key("x-beserver");
    let mut answer = if named { answer } else { Affinity::read(call).name_server(answer) };
    for (name, value) in [
        ("request-id", uuid::Uuid::new_v4().to_string().as_str()),
        ("x-calculatedfetarget", "AM0PR05CU001.internal.outlook.com"),
        ("x-feserver", "AM0PR05CA0042"),
        ("odata-version", "4.0"),
        ("rate-limit-limit", "30000"),
        ("rate-limit-remaining", "29998"),
        ("rate-limit-reset", &reset),
    ] {
        if !answer.headers.contains_key(HeaderName::from_static(name)) {
            answer = answer.with(name, value);
        }
    }
    compressed(call, answer)
}

pub(super) fn takes_gzip(call: &Call) -> bool {
    call.header("accept-encoding").is_some_and(|header| header.to_ascii_lowercase().contains("gzip"))
}

fn compressed(call: &Call, mut answer: Answer) -> Answer {
    if !takes_gzip(call) || answer.body.is_empty() || answer.headers.contains_key(CONTENT_ENCODING) {
        return answer;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    if let Ok(body) = encoder.write_all(&answer.body).and_then(|()| encoder.finish()) {
        answer.body = body;
        answer = answer.with("content-encoding", "gzip").with("vary", "Accept-Encoding");
    }
    answer
}
