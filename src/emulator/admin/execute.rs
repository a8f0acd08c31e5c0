//! What the writing cmdlets do.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::bind::Bound;
use super::cmdlet::{Action, Cmdlet};
use super::kind::Argument;
use super::refusal::{self, Detail};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::tenant::record::{DATE, LIST, NUMBER};
use crate::emulator::tenant::{Set, Tenant, date};

/// What became of a writing cmdlet.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) warnings: Vec<String>,
    /// The new object, which the answer shows.
    pub(crate) created: Option<(Set, usize)>,
    /// Parameters that were taken and changed nothing, since the emulator has no such property.
    pub(crate) ignored: Vec<&'static str>,
}

/// A place in a set, to be written to.
#[derive(Clone, Copy)]
struct Target<'a> {
    tenant: &'a Tenant,
    set: Set,
    place: usize,
}

/// Sets in which a member of a group is looked for.
const RECIPIENTS: [&str; 4] = ["mailbox", "distribution_groups", "mail_contacts", "mail_users"];

pub(crate) fn write(bound: &Bound, tenant: &Tenant, now: SystemTime) -> Checked<Written> {
    match bound.cmdlet.action {
        Action::New => create(bound, tenant, now),
        Action::Join | Action::Leave => change_members(bound, tenant),
        Action::Remove => {
            let target = Target::find(bound, tenant)?;
            tenant.remove(target.set, target.place);
            Ok(Written::default())
        }
        Action::Enable | Action::Disable => Ok(switch(bound, Target::find(bound, tenant)?)),
        Action::Set | Action::Get => change(bound, Target::find(bound, tenant)?),
    }
}

fn change(bound: &Bound, target: Target<'_>) -> Checked<Written> {
    check_relay(bound, target.tenant.organization.name)?;
    let mut written = Written::default();
    if !target.apply_all(bound, &mut written) {
        written.warnings.push(unmodified(bound));
    }
    Ok(written)
}

fn unmodified(bound: &Bound) -> String {
    let identity = bound.identity().unwrap_or(bound.cmdlet.name);
    format!("The command completed successfully but no settings of '{identity}' have been modified.")
}

fn switch(bound: &Bound, target: Target<'_>) -> Written {
    let enabled = bound.cmdlet.action == Action::Enable;
    let mut written = Written::default();
    target.apply_all(bound, &mut written);
    match target.property("State") {
        Some(_) => target.set("State", &json!(state(enabled)), None),
        None => target.set("Enabled", &json!(enabled), None),
    };
    written
}

fn create(bound: &Bound, tenant: &Tenant, now: SystemTime) -> Checked<Written> {
    let set = bound.cmdlet.set;
    let name = ["Name", "DisplayName", "AppId"].into_iter().find_map(|name| bound.text(name));
    let name = name.ok_or_else(|| refusal::missing_parameter(bound.cmdlet.name, "Name"))?;
    if tenant.find(set, name).is_some() {
        let text = format!("The proposed object '{name}' already exists. Please specify a different name.");
        let kind = "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException";
        return Err(refusal::objection(bound.cmdlet.name, kind, &text));
    }
    let target = Target { tenant, set, place: tenant.create(set, name) };
    let mut written = Written { created: Some((set, target.place)), ..Written::default() };
    target.apply_all(bound, &mut written);
    let now = date::exact(now);
    for property in ["WhenCreated", "WhenChanged"] {
        target.set(property, &json!(now), Some(DATE));
        target.set(&format!("{property}UTC"), &json!(now.replace("+00:00", "Z")), Some(DATE));
    }
    Ok(written)
}

fn change_members(bound: &Bound, tenant: &Tenant) -> Checked<Written> {
    let (cmdlet, set) = (bound.cmdlet, bound.cmdlet.set);
    let text = |name| bound.text(name).ok_or_else(|| refusal::missing_parameter(cmdlet.name, name));
    let owner = cmdlet.owner.ok_or_else(|| refusal::unknown_parameter(cmdlet.name, "Identity"))?;
    let (group, member) = (text(owner.parameter)?, text("Member")?);
    let place = tenant.find(owner.set, group).ok_or_else(|| missing(cmdlet, group))?;
    let names = tenant.names(owner.set, place);
    let refused = |is: &str, kind: &str| {
        let text = format!("The recipient \"{member}\" {is} a member of the group \"{group}\".");
        refusal::objection(cmdlet.name, &format!("Microsoft.Exchange.Management.Tasks.{kind}"), &text)
    };
    match (cmdlet.action, find_member(tenant, set, &names, member)) {
        (Action::Leave, Some(place)) => tenant.remove(set, place),
        (Action::Leave, None) => return Err(refused("isn't", "MemberNotFoundException")),
        (_, Some(_)) => return Err(refused("is already", "MemberAlreadyExistsException")),
        (_, None) => {
            let recipient = recipient(tenant, member).ok_or_else(|| missing(cmdlet, member))?;
            join(tenant, set, recipient, names.first().map_or(group, String::as_str));
        }
    }
    Ok(Written::default())
}

/// The place of a member of the group that has one of these names.
fn find_member(tenant: &Tenant, set: Set, group: &[String], member: &str) -> Option<usize> {
    (0..tenant.count(set)).find(|&place| {
        let of = Target { tenant, set, place }.property("$of");
        let of = of.as_ref().and_then(Value::as_str).unwrap_or_default().to_lowercase();
        group.contains(&of) && tenant.names(set, place).contains(&member.to_lowercase())
    })
}

fn recipient<'a>(tenant: &'a Tenant, identity: &str) -> Option<Target<'a>> {
    RECIPIENTS.into_iter().filter_map(Set::named).find_map(|set| {
        let place = tenant.find(set, identity)?;
        Some(Target { tenant, set, place })
    })
}

/// A member is a recipient with fewer properties.
fn join(tenant: &Tenant, set: Set, recipient: Target<'_>, group: &str) {
    let name =
        recipient.property("Name").and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    let member = Target { tenant, set, place: tenant.create(set, &name) };
    for property in tenant.properties(set, member.place) {
        if let Some(value) = recipient.property(&property) {
            member.set(&property, &value, None);
        }
    }
    member.set("$of", &json!(group), None);
}

impl<'a> Target<'a> {
    fn find(bound: &Bound, tenant: &'a Tenant) -> Checked<Self> {
        let (cmdlet, set) = (bound.cmdlet, bound.cmdlet.set);
        let named = cmdlet.owner.map_or("Identity", |owner| owner.parameter);
        let place = match bound.text(named) {
            Some(identity) => {
                let owner = cmdlet.owner.map_or(set, |owner| owner.set);
                tenant.find(owner, identity).ok_or_else(|| missing(cmdlet, identity))?
            }
            None if tenant.count(set) == 1 => 0,
            None => return Err(refusal::missing_parameter(cmdlet.name, named)),
        };
        match cmdlet.owner {
            Some(_) => Ok(Self { tenant, set: set.of(place), place: 0 }),
            None => Ok(Self { tenant, set, place }),
        }
    }

    fn property(&self, name: &str) -> Option<Value> {
        serde_json::from_str(&self.tenant.property(self.set, self.place, name)?).ok()
    }

    fn set(&self, name: &str, value: &Value, annotation: Option<(&str, &str)>) -> bool {
        self.tenant.change(self.set, self.place, name, &value.to_string(), annotation)
    }

    /// Applies every argument; tells whether one changed anything.
    fn apply_all(&self, bound: &Bound, written: &mut Written) -> bool {
        let mut changed = false;
        for (parameter, argument) in &bound.arguments {
            match self.apply(parameter.name, argument) {
                Some(applied) => changed |= applied,
                None if is_neutral(parameter.name) => {}
                None => written.ignored.push(parameter.name),
            }
        }
        changed
    }

    /// Applies one argument and what follows from it. `None`: there is nothing that it could change.
    fn apply(&self, name: &str, argument: &Argument) -> Option<bool> {
        if let Some(changed) = self.apply_renamed(name, argument) {
            return Some(changed);
        }
        let current = self.property(name)?;
        let (value, annotation) = stored(&current, argument)?;
        let changed = self.set(name, &value, annotation);
        self.follow(name, &value);
        Some(changed)
    }

    /// Parameters whose properties have other names or forms than they.
    fn apply_renamed(&self, name: &str, argument: &Argument) -> Option<bool> {
        let kind =
            |kind: &str| Some(self.set("RecipientTypeDetails", &json!(format!("{kind}Mailbox")), None));
        match (name, argument) {
            ("CSVData", Argument::Bytes(bytes)) => {
                let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
                Some(self.set("TotalCount", &json!(lines.count().saturating_sub(1)), Some(NUMBER)))
            }
            ("Type", Argument::Plain(Value::String(wanted))) if self.set == Set::Mailbox => {
                kind(if wanted == "Regular" { "User" } else { wanted })
            }
            ("Shared" | "Room" | "Equipment", Argument::Plain(Value::Bool(true)))
                if self.set == Set::Mailbox =>
            {
                kind(name)
            }
            ("Type", Argument::Plain(Value::String(wanted))) if self.property("GroupType").is_some() => {
                let secure = wanted == "Security";
                let details =
                    if secure { "MailUniversalSecurityGroup" } else { "MailUniversalDistributionGroup" };
                self.set("RecipientType", &json!(details), None);
                self.set("RecipientTypeDetails", &json!(details), None);
                Some(self.set(
                    "GroupType",
                    &json!(if secure { "Universal, SecurityEnabled" } else { "Universal" }),
                    None,
                ))
            }
            ("Enabled", Argument::Plain(Value::Bool(enabled))) if self.property("Enabled").is_none() => {
                self.property("State")?;
                Some(self.set("State", &json!(state(*enabled)), None))
            }
            ("ForwardingSmtpAddress", Argument::Plain(Value::String(address))) if !address.contains(':') => {
                Some(self.set(name, &json!(format!("smtp:{address}")), None))
            }
            _ => None,
        }
    }

    /// The primary address and the list of addresses say the same.
    fn follow(&self, name: &str, value: &Value) {
        match (name, value) {
            ("EmailAddresses", Value::Array(addresses)) => {
                let mut addresses = addresses.iter().filter_map(Value::as_str);
                if let Some(primary) = addresses.find_map(|address| address.strip_prefix("SMTP:")) {
                    self.set("PrimarySmtpAddress", &json!(primary), None);
                    self.set("WindowsEmailAddress", &json!(primary), None);
                }
            }
            ("PrimarySmtpAddress", Value::String(address)) => {
                self.set("EmailAddresses", &json!([format!("SMTP:{address}")]), Some(LIST));
                self.set("WindowsEmailAddress", value, None);
            }
            _ => {}
        }
    }
}

fn state(enabled: bool) -> &'static str {
    if enabled { "Enabled" } else { "Disabled" }
}

/// The new value of a property, with the annotation that it needs where there was none.
fn stored(current: &Value, argument: &Argument) -> Option<(Value, Option<(&'static str, &'static str)>)> {
    let texts = || current.as_array().cloned().unwrap_or_default();
    let value = match argument {
        Argument::Plain(Value::Null) | Argument::Clear if current.is_array() => json!([]),
        Argument::Plain(Value::String(text)) if current.is_array() => json!([text]),
        Argument::Plain(value) => value.clone(),
        Argument::Filter { text, .. } => json!(text),
        Argument::Clear => Value::Null,
        Argument::Unchanged => current.clone(),
        Argument::Moment(moment) => return Some((json!(date::exact(*moment)), Some(DATE))),
        Argument::Many(items) if current.is_string() => json!(items.join(",")),
        Argument::Many(items) => json!(items),
        Argument::Delta { add, remove } => {
            let is = |item: &Value, other: &String| {
                item.as_str().is_some_and(|text| text.eq_ignore_ascii_case(other))
            };
            let mut items = texts();
            items.retain(|item| !remove.iter().any(|gone| is(item, gone)));
            for new in add {
                if !items.iter().any(|item| is(item, new)) {
                    items.push(json!(new));
                }
            }
            json!(items)
        }
        Argument::Bytes(_) | Argument::Secret => return None,
    };
    let annotation = match &value {
        Value::Array(_) => Some(LIST),
        Value::Number(_) => Some(NUMBER),
        _ => None,
    };
    Some((value, annotation))
}

/// Parameters that change how the service goes about it and not what comes of it, and secrets, which are not read back.
fn is_neutral(name: &str) -> bool {
    [
        "BypassSecurityGroupManagerCheck",
        "Force",
        "Identity",
        "IgnoreDefaultScope",
        "Password",
        "ResetPasswordOnNextLogon",
        "RoomMailboxPassword",
    ]
    .contains(&name)
}

/// Writers word the missing object differently, as the service does from one family of cmdlets to the next.
fn missing(cmdlet: &Cmdlet, identity: &str) -> Box<Answer> {
    let text = refusal::not_found_text(identity);
    let answer = match cmdlet.set {
        Set::Mailbox => {
            let detail = Detail::Object { kind: refusal::NOT_FOUND, text: &text };
            refusal::failure("Error executing cmdlet", cmdlet.name, &detail)
        }
        _ => refusal::not_found(cmdlet.name, identity),
    };
    Box::new(answer.refused("the object does not exist"))
}

/// The first domain of an organization cannot be a relay.
fn check_relay(bound: &Bound, initial: &str) -> Checked {
    let relay = bound.text("DomainType").is_some_and(|kind| kind != "Authoritative");
    if !relay || !bound.identity().is_some_and(|identity| identity.eq_ignore_ascii_case(initial)) {
        return Ok(());
    }
    let detail = Detail::Localized {
        code: "Ex94914C",
        kind: "Microsoft.Exchange.Management.SystemConfigurationTasks.InitialDomainTypeException",
        text: "The initial domain of the organization must be authoritative.",
    };
    let answer = refusal::failure("Error executing cmdlet", bound.cmdlet.name, &detail);
    Err(Box::new(answer.refused("the initial domain must be authoritative")))
}
