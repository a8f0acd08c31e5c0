//! Commands: whether there is such a one, and whether it takes what it is given.

use super::walk::Walk;
use crate::catalog::{self, Class, Cmdlet, Kind};
use crate::language::{Argument, Block, Command, CommandName, ExpressionKind, Parameter, Span};
use crate::script::casts::{self, Of};
use crate::script::cmdlet::{self, Spec};
use crate::script::names::{self, Found, Meaning, Misnamed};

const CONNECT: &str = "Connect-ExchangeOnline";

/// A script keeps no secrets: what stands in it can be read by whoever reads it, and is part of every copy.
const PASSWORD: &str = "give the password in a file, before the script: --app-id GUID --certificate-file FILE --certificate-password-file FILE";

const OTHERS: &str = "other scripts and programs are not run from a script";

/// The prefix that a command connects with.
pub(super) fn prefix(command: &Command) -> Option<String> {
    let CommandName::Named(name, _) = &command.name else { return None };
    if !name.eq_ignore_ascii_case(CONNECT) {
        return None;
    }
    let at = command.arguments.iter().position(is_prefix)?;
    let value = match &command.arguments[at] {
        Argument::Parameter { value: Some(value), .. } => value,
        _ => match command.arguments.get(at + 1)? {
            Argument::Value(value) => value,
            _ => return None,
        },
    };
    match &value.kind {
        ExpressionKind::Text(text) | ExpressionKind::Word(text) => Some(text.to_string()),
        _ => None,
    }
}

fn is_prefix(argument: &Argument) -> bool {
    let Argument::Parameter { name, .. } = argument else { return false };
    let named = cmdlet::find(CONNECT).and_then(|spec| spec.named(name).ok());
    named.is_some_and(|known| known.name == "Prefix")
}

pub(super) fn check(walk: &mut Walk, command: &Command) {
    let (name, span) = match &command.name {
        CommandName::Named(name, span) => (name.clone(), *span),
        CommandName::Invoked { what, .. } => match &what.kind {
            ExpressionKind::Word(text) | ExpressionKind::Text(text) => (text.to_string(), command.span),
            ExpressionKind::Interpolated(_) => return walk.object(command.span, OTHERS, None),
            _ => return,
        },
    };
    let name = name.as_str();
    if let Some(function) = walk.functions.get(&name.to_lowercase()).cloned() {
        return function_arguments(walk, command, name, &function);
    }
    match meaning(walk, name) {
        Some(Meaning::Own(spec)) => {
            own_arguments(walk, command, spec);
            made_type(walk, command, spec, span);
        }
        Some(Meaning::Service(found)) => service_arguments(walk, command, &found, span),
        _ => unknown(walk, name, span),
    }
    if name.eq_ignore_ascii_case(CONNECT)
        && command.arguments.iter().any(is_prefix)
        && prefix(command).is_none()
    {
        walk.object(
            command.span,
            "the value of -Prefix must stand there as it is, since cmdlets are named after it",
            None,
        );
    }
}

/// What a name means with any of the prefixes that the script connects with.
fn meaning(walk: &Walk, name: &str) -> Option<Meaning> {
    let none = [String::new()];
    let known = |prefix: &String| {
        let meaning = names::meaning(name, prefix);
        (!matches!(meaning, Meaning::Unknown)).then_some(meaning)
    };
    if walk.prefixes.is_empty() { none.iter().find_map(known) } else { walk.prefixes.iter().find_map(known) }
}

/// Whether a command is a cmdlet of the service.
pub(super) fn is_of_service(walk: &Walk, command: &Command) -> bool {
    let CommandName::Named(name, _) = &command.name else { return false };
    !walk.functions.contains_key(&name.to_lowercase())
        && matches!(meaning(walk, name), Some(Meaning::Service(_)))
}

fn unknown(walk: &mut Walk, name: &str, span: Span) {
    let what = format!("there is no command `{name}` here");
    let is_near = |known: &str| strsim::osa_distance(&known.to_lowercase(), &name.to_lowercase()) <= 2;
    let own = cmdlet::all().map(|spec| spec.name).find(|known| is_near(known));
    let near = own.or_else(|| catalog::suggest(name).into_iter().next());
    let instead = match near {
        Some(near) => Some(format!("did you mean {near}?")),
        None if name.contains(['\\', '/', '.']) => Some(OTHERS.to_owned()),
        None => None,
    };
    walk.object(span, what, instead.as_deref());
}

/// The names of parameters that a command is given, with their places; those of hashtables that are passed on among them,
/// as far as they stand in the script.
fn named(walk: &Walk, command: &Command) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    for argument in &command.arguments {
        match argument {
            Argument::Parameter { name, span, .. } => names.push((name.clone(), *span)),
            Argument::Splat(name) => {
                names.extend(walk.tables.get(&name.name.to_lowercase()).into_iter().flatten().cloned());
            }
            Argument::Value(_) => {}
        }
    }
    names
}

fn own_arguments(walk: &mut Walk, command: &Command, spec: &Spec) {
    for (name, span) in named(walk, command) {
        match spec.named(&name) {
            Ok(_) => {}
            // PowerShell may have more of them than are carried out here.
            Err(Misnamed::Unknown) => {
                let secret = name.eq_ignore_ascii_case("CertificatePassword").then_some(PASSWORD);
                walk.object(
                    span,
                    format!("the parameter `-{name}` of {} is not supported", spec.name),
                    secret,
                );
            }
            Err(misnamed) => walk.object(span, misnamed.clause(spec.name, &name), None),
        }
    }
}

/// What `New-Object` is to make must be something that there is.
fn made_type(walk: &mut Walk, command: &Command, spec: &Spec, span: Span) {
    if spec.name != "New-Object" {
        return;
    }
    let named = command.arguments.iter().position(|argument| {
        matches!(argument, Argument::Parameter { name, .. } if spec.named(name).is_ok_and(|known| known.name == "TypeName"))
    });
    let value = match named {
        Some(at) => command.arguments.get(at + 1),
        None => command.arguments.first(),
    };
    let Some(Argument::Value(value)) = value else { return };
    if let ExpressionKind::Word(name) | ExpressionKind::Text(name) = &value.kind
        && casts::find(name).is_none_or(|of| matches!(of.of, Of::Tool | Of::Exception | Of::Error))
    {
        walk.object(span, format!("`New-Object {name}` is not supported"), None);
    }
}

fn service_arguments(walk: &mut Walk, command: &Command, found: &Cmdlet, span: Span) {
    if found.class == Class::Session {
        return walk.object(span, format!("{} is not supported", found.name), None);
    }
    for (name, span) in named(walk, command) {
        match names::of_service(found, &name) {
            Ok(Found::Own(known)) if known.kind == Kind::Secret => {
                let what = format!("`-{name}` of {} takes a secret, which cannot be sent", found.name);
                walk.object(
                    span,
                    what,
                    Some("do this step with Microsoft Graph, or with the ExchangeOnlineManagement module"),
                );
            }
            Ok(_) => {}
            Err(misnamed) => {
                let near = found.suggest_parameter(&name).filter(|_| matches!(misnamed, Misnamed::Unknown));
                let near = near.map(|near| format!("did you mean -{near}?"));
                walk.object(span, misnamed.clause(found.name, &name), near.as_deref());
            }
        }
    }
}

fn function_arguments(walk: &mut Walk, command: &Command, name: &str, function: &Block) {
    for (written, span) in named(walk, command) {
        if let Err(misnamed) = names::of_function(function, &written) {
            let is_common = names::parameter::<&Parameter>(&written, [], cmdlet::COMMON).is_ok();
            let instead = is_common.then_some("[CmdletBinding()] before its param() gives it that one");
            walk.object(span, misnamed.clause(&format!("the function {name}"), &written), instead);
        }
    }
}
