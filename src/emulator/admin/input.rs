//! The body of `InvokeCommand`, to the letter.

use serde::Deserialize;
use serde_json::Value;

use super::refusal::bad_request;
use crate::emulator::answer::Checked;
use crate::emulator::tenant::record::Record;

pub(crate) struct Input {
    pub(crate) cmdlet: String,
    /// Names as sent, in their order.
    pub(crate) parameters: Vec<(String, Value)>,
    /// The whole body, to compare pages of one run.
    pub(crate) body: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    #[serde(rename = "CmdletInput")]
    input: CmdletInput,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CmdletInput {
    #[serde(rename = "CmdletName")]
    name: String,
    /// An object: null is refused, and so is its absence.
    #[serde(rename = "Parameters")]
    parameters: Record,
}

impl Input {
    pub(crate) fn read(body: &[u8]) -> Checked<Self> {
        let refused = |error: serde_json::Error| {
            let text = "The request body is not a valid CmdletInput.";
            bad_request("BadRequest", text, format!("the body is no CmdletInput: {error}"))
        };
        let Envelope { input } = serde_json::from_slice(body).map_err(refused)?;
        let whole = serde_json::from_slice(body).map_err(refused)?;
        let mut parameters: Vec<(String, Value)> = Vec::new();
        for (name, json) in input.parameters.entries() {
            if parameters.iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
                let why = format!("the parameter `{name}` was sent twice");
                return Err(bad_request("BadRequest", "A parameter is specified more than once.", why));
            }
            parameters.push((name.to_owned(), serde_json::from_str(json).map_err(refused)?));
        }
        Ok(Self { cmdlet: input.name, parameters, body: whole })
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    /// The parameters as JSON, for the journal.
    pub(crate) fn parameters_json(&self) -> String {
        self.body["CmdletInput"]["Parameters"].to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_shape_is_read() {
        let good = br#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":{"Identity":"a"}}}"#;
        let input = Input::read(good).unwrap();
        assert_eq!(
            (input.cmdlet.as_str(), input.parameters_json().as_str()),
            ("Get-X", r#"{"Identity":"a"}"#)
        );
        for bad in [
            r#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":null}}"#,
            r#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":[]}}"#,
            r#"{"CmdletInput":{"CmdletName":"Get-X"}}"#,
            r#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":{}},"More":1}"#,
            r#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":{},"More":1}}"#,
            r#"{"CmdletInput":{"CmdletName":"Get-X","Parameters":{"A":1,"a":2}}}"#,
            r#"{"CmdletName":"Get-X","Parameters":{}}"#,
            "",
        ] {
            assert!(Input::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
