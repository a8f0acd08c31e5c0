//! One cmdlet to be run: its name, its parameters and how much of the result is wanted.

use serde::Serialize;
use serde_json::{Map, Value};

use super::entity::{BadEntity, Entity};
use super::reader::Keep;

/// The page size of the module, and the most that the service gives.
const LARGEST_PAGE: u64 = 1000;

/// The body's inner object. `Parameters` is an object even when empty: the service refuses `null`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CmdletInput {
    /// The cmdlet, as the catalogue spells it.
    pub cmdlet_name: String,
    /// The parameters, encoded.
    pub parameters: Map<String, Value>,
}

/// How many objects are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultSize {
    /// So many at most. Without the parameter it is a thousand.
    Limit(u64),
    /// Everything, page after page.
    Unlimited,
}

/// Parameters that cannot be sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCall {
    /// A `ResultSize` that PowerShell would refuse too.
    #[error("ResultSize must be a number above 0, or Unlimited")]
    ResultSize,
    /// One of the `Get-EXO` family from which no address can be made.
    #[error(transparent)]
    Entity(#[from] BadEntity),
}

/// A cmdlet with what the client has to know about it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is sent.
    pub input: CmdletInput,
    /// Whether it may change something: then it is never sent twice unless the first certainly was not executed.
    pub writes: bool,
    /// Whether it may be sent again where the first may have been executed: only what reads, and not all of that.
    pub repeatable: bool,
    /// How many objects are wanted in all.
    pub result_size: ResultSize,
    /// How many objects a page may hold, 1 to 1000.
    pub page_size: u64,
    /// What is kept of its result.
    pub keep: Keep,
    /// The address that is read in its place, for the cmdlets that the service does not know.
    pub(super) entity: Option<Entity>,
}

impl Call {
    /// A call with the page size of the module.
    pub fn new(input: CmdletInput, writes: bool) -> Result<Self, BadCall> {
        let result_size = ResultSize::of(&input.parameters)?;
        let repeatable = !writes && !has_side_effects(&input);
        let entity = Entity::of(&input)?;
        Ok(Self {
            input,
            writes,
            repeatable,
            result_size,
            page_size: LARGEST_PAGE,
            keep: Keep::default(),
            entity,
        })
    }

    /// The same call with other parameters. The address of an entity is made from them, and so is made anew.
    pub fn with_input(&self, input: CmdletInput) -> Result<Self, BadCall> {
        let call = Self::new(input, self.writes)?;
        Ok(Self { page_size: self.page_size, keep: self.keep.clone(), ..call })
    }

    /// Whether it may be sent again when nobody knows whether it has arrived.
    pub fn is_repeatable(&self) -> bool {
        self.entity.is_some() || self.repeatable
    }

    /// Whether it may stand in a batch with others. The module batches what it invokes, but nothing with a `Confirm`.
    pub fn is_batchable(&self) -> bool {
        let confirms = self.input.parameters.keys().any(|name| name.eq_ignore_ascii_case("Confirm"));
        self.entity.is_none() && !confirms
    }

    /// The same call with this value of `Confirm`: `true` has the service say what would happen and do nothing, `false`
    /// has it done without a question.
    #[must_use]
    pub fn with_confirm(&self, confirm: bool) -> Self {
        let mut call = self.clone();
        call.input.parameters.retain(|name, _| !name.eq_ignore_ascii_case("Confirm"));
        call.input.parameters.insert("Confirm".to_owned(), Value::Bool(confirm));
        call
    }

    /// How many objects the first page may hold: no more than are wanted.
    pub(super) fn first_page(&self) -> u64 {
        match self.result_size {
            ResultSize::Limit(limit) => limit.min(self.page_size),
            ResultSize::Unlimited => self.page_size,
        }
    }

    /// The request's body.
    pub(super) fn body(&self) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'c> {
            cmdlet_input: &'c CmdletInput,
        }
        serde_json::to_vec(&Body { cmdlet_input: &self.input }).unwrap_or_default()
    }
}

/// Cmdlets that read by their verb and do something all the same: they send mail, call other servers, hand out what is
/// recorded as handed out, or, with a session of the audit log, move on to the next block.
fn has_side_effects(input: &CmdletInput) -> bool {
    const ACTIVE: [&str; 7] = [
        "Validate-OutboundConnector",
        "Test-MigrationServerAvailability",
        "Test-Message",
        "Test-MAPIConnectivity",
        "Test-OAuthConnectivity",
        "Export-QuarantineMessage",
        "Preview-QuarantineMessage",
    ];
    let named = |name: &str| input.cmdlet_name.eq_ignore_ascii_case(name);
    let in_session = || input.parameters.keys().any(|name| name.eq_ignore_ascii_case("SessionId"));
    ACTIVE.into_iter().any(named) || (named("Search-UnifiedAuditLog") && in_session())
}

impl ResultSize {
    /// Reads the parameter as the module does: it stays among the parameters and bounds the paging besides.
    fn of(parameters: &Map<String, Value>) -> Result<Self, BadCall> {
        let named = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("ResultSize"));
        let text = match named.map(|(_, value)| value) {
            None => return Ok(Self::Limit(LARGEST_PAGE)),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        if text.eq_ignore_ascii_case("unlimited") {
            return Ok(Self::Unlimited);
        }
        text.parse().ok().filter(|limit| *limit > 0).map(Self::Limit).ok_or(BadCall::ResultSize)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(parameters: Value) -> Result<Call, BadCall> {
        let Value::Object(parameters) = parameters else { panic!("an object") };
        Call::new(CmdletInput { cmdlet_name: "Get-AcceptedDomain".to_owned(), parameters }, false)
    }

    #[test]
    fn the_body_holds_an_object_of_parameters_even_when_empty() {
        let body = call(json!({})).expect("a call").body();
        assert_eq!(body, br#"{"CmdletInput":{"CmdletName":"Get-AcceptedDomain","Parameters":{}}}"#);
    }

    #[test]
    fn what_reads_with_side_effects_is_not_repeated() {
        let repeatable = |name: &str, parameters: Value| {
            let Value::Object(parameters) = parameters else { panic!("an object") };
            let call = Call::new(CmdletInput { cmdlet_name: name.to_owned(), parameters }, false);
            call.expect("a call").repeatable
        };
        assert!(repeatable("Get-Mailbox", json!({})) && repeatable("Search-UnifiedAuditLog", json!({})));
        assert!(!repeatable("Search-UnifiedAuditLog", json!({"sessionid": "s"})));
        assert!(!repeatable("validate-outboundconnector", json!({})));
        assert!(
            !Call::new(CmdletInput { cmdlet_name: "Set-X".to_owned(), parameters: Map::new() }, true)
                .expect("a call")
                .repeatable
        );
    }

    #[test]
    fn a_confirmation_replaces_the_one_that_was_there() {
        let call = call(json!({"confirm": true, "Identity": "x"})).expect("a call").with_confirm(false);
        assert_eq!(Value::Object(call.input.parameters), json!({"Confirm": false, "Identity": "x"}));
    }

    #[test]
    fn the_result_size_is_read_as_in_powershell() {
        for (parameters, expected) in [
            (json!({}), Ok(ResultSize::Limit(1000))),
            (json!({"ResultSize": 5}), Ok(ResultSize::Limit(5))),
            (json!({"resultsize": "5000"}), Ok(ResultSize::Limit(5000))),
            (json!({"ResultSize": "unlimited"}), Ok(ResultSize::Unlimited)),
            (json!({"ResultSize": 0}), Err(BadCall::ResultSize)),
            (json!({"ResultSize": -1}), Err(BadCall::ResultSize)),
            (json!({"ResultSize": "many"}), Err(BadCall::ResultSize)),
            (json!({"ResultSize": null}), Err(BadCall::ResultSize)),
        ] {
            assert_eq!(call(parameters.clone()).map(|call| call.result_size), expected, "{parameters}");
        }
    }
}
