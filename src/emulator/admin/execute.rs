//! Binding parameters, and what the cmdlets do with them.

use serde_json::Value;

use super::cmdlet::{Action, Cmdlet, Kind, is_common};
use super::input::Input;
use super::refusal::{self, Detail};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::tenant::{Set, Tenant};

/// What a reading cmdlet gives without `ResultSize`.
const DEFAULT_RESULT_SIZE: usize = 1000;

/// Parameters that fit their cmdlet.
pub(crate) struct Bound {
    pub(crate) cmdlet: &'static Cmdlet,
    pub(crate) identity: Option<String>,
    pub(crate) result_size: usize,
    /// Properties to set, each with its JSON text.
    changes: Vec<(&'static str, String)>,
    pub(crate) confirm: Option<bool>,
}

impl Bound {
    pub(crate) fn new(cmdlet: &'static Cmdlet, input: &Input) -> Checked<Self> {
        let mut bound = Self {
            cmdlet,
            identity: None,
            result_size: DEFAULT_RESULT_SIZE,
            changes: Vec::new(),
            confirm: None,
        };
        for (name, value) in &input.parameters {
            bound.bind(name, value)?;
        }
        if cmdlet.action != Action::Get && bound.identity.is_none() {
            return Err(refusal::unknown_parameter(cmdlet.name, "Identity"));
        }
        Ok(bound)
    }

    fn bind(&mut self, name: &str, value: &Value) -> Checked {
        if is_common(name) {
            return Ok(());
        }
        if self.cmdlet.action != Action::Get && name.eq_ignore_ascii_case("Confirm") {
            self.confirm = Some(boolean(self.cmdlet, name, value)?);
            return Ok(());
        }
        let parameter = self.cmdlet.parameter(name);
        let parameter = parameter.ok_or_else(|| refusal::unknown_parameter(self.cmdlet.name, name))?;
        match (parameter.name, parameter.kind) {
            // A null identity is no identity: a reading cmdlet then gives everything.
            ("Identity", _) => self.identity = text(self.cmdlet, name, value)?,
            (_, Kind::Count) => self.result_size = count(self.cmdlet, name, value)?,
            (property, Kind::Boolean) => self.set(property, &boolean(self.cmdlet, name, value)?.into()),
            (property, Kind::Text) => self.set(property, &text(self.cmdlet, name, value)?.into()),
            (property, Kind::Choice(members)) => {
                self.set(property, &choice(self.cmdlet, name, value, members)?.into());
            }
        }
        Ok(())
    }

    fn set(&mut self, property: &'static str, value: &Value) {
        self.changes.push((property, value.to_string()));
    }

    /// What the service asks before it goes ahead.
    pub(crate) fn question(&self) -> String {
        let identity = self.identity.as_deref().unwrap_or_default();
        let doing = match self.cmdlet.action {
            Action::Remove => format!("Removing the object \"{identity}\"."),
            Action::Get | Action::Set => format!("Modifying the object \"{identity}\"."),
        };
        format!("Are you sure you want to perform this action?\n{doing}")
    }

    /// Carries out a writing cmdlet and gives its warnings.
    pub(crate) fn write(&self, tenant: &Tenant) -> Checked<Vec<String>> {
        let Cmdlet { action, set, .. } = *self.cmdlet;
        let identity = self.identity.as_deref().unwrap_or_default();
        let place = tenant.find(set, identity).ok_or_else(|| self.missing(identity))?;
        if action == Action::Remove {
            tenant.remove(set, place);
            return Ok(Vec::new());
        }
        self.check_relay(identity, tenant.organization.name)?;
        let changed: Vec<bool> =
            self.changes.iter().map(|(p, json)| tenant.change(set, place, p, json)).collect();
        if changed.contains(&true) {
            return Ok(Vec::new());
        }
        Ok(vec![format!(
            "The command completed successfully but no settings of '{identity}' have been modified."
        )])
    }

    /// Writers word the missing object differently, as the service does from one family of cmdlets to the next.
    fn missing(&self, identity: &str) -> Box<Answer> {
        let text = refusal::not_found_text(identity);
        let answer = match self.cmdlet.set {
            Set::Mailbox => {
                let detail = Detail::Object { kind: refusal::NOT_FOUND, text: &text };
                refusal::failure("Error executing cmdlet", self.cmdlet.name, &detail)
            }
            _ => refusal::not_found(self.cmdlet.name, identity),
        };
        Box::new(answer.refused("the object does not exist"))
    }

    /// The first domain of an organization cannot be a relay.
    fn check_relay(&self, identity: &str, initial: &str) -> Checked {
        let relay =
            self.changes.iter().any(|(name, json)| *name == "DomainType" && json != "\"Authoritative\"");
        if !relay || !identity.eq_ignore_ascii_case(initial) {
            return Ok(());
        }
        let detail = Detail::Localized {
            code: "Ex94914C",
            kind: "Microsoft.Exchange.Management.SystemConfigurationTasks.InitialDomainTypeException",
            text: "The initial domain of the organization must be authoritative.",
        };
        let answer = refusal::failure("Error executing cmdlet", self.cmdlet.name, &detail);
        Err(Box::new(answer.refused("the initial domain must be authoritative")))
    }
}

fn text(cmdlet: &Cmdlet, name: &str, value: &Value) -> Checked<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(refusal::transformation(
            cmdlet.name,
            name,
            "Cannot convert the value to type \"System.String\".",
        )),
    }
}

fn boolean(cmdlet: &Cmdlet, name: &str, value: &Value) -> Checked<bool> {
    let text = "Cannot convert the value to type \"System.Boolean\".";
    value.as_bool().ok_or_else(|| refusal::transformation(cmdlet.name, name, text))
}

fn count(cmdlet: &Cmdlet, name: &str, value: &Value) -> Checked<usize> {
    let text = value.as_str();
    if text.is_some_and(|text| text.eq_ignore_ascii_case("unlimited")) {
        return Ok(usize::MAX);
    }
    let number = text.map_or_else(|| value.as_u64(), |text| text.parse().ok());
    let number = number.filter(|&number| number > 0).and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| {
        refusal::transformation(cmdlet.name, name, "Cannot convert the value to type \"Unlimited\".")
    })
}

/// A member by its name or by what it begins with, as PowerShell reads an enumeration.
fn choice(cmdlet: &Cmdlet, name: &str, value: &Value, members: &[&str]) -> Checked<String> {
    let wanted = value.as_str().unwrap_or_default().to_lowercase();
    let mut fitting =
        members.iter().filter(|member| !wanted.is_empty() && member.to_lowercase().starts_with(&wanted));
    if let (Some(member), None) = (fitting.next(), fitting.next()) {
        return Ok((*member).to_owned());
    }
    let text = format!(
        "Unable to match the identifier name {wanted} to a valid enumerator name. Specify one of the following enumerator names and try again: {}",
        members.join(", ")
    );
    Err(refusal::transformation(cmdlet.name, name, &text))
}
