//! Cmdlets, their parameters, and the values of those, by the catalogue.

use clap::{Arg, Command};

use super::candidate::{Candidate, Completion};
use super::known;
use super::line;
use crate::catalog::{self, Class, Cmdlet, Kind, Parameter, Required};
use crate::cli::cmdlet::name_of;
use crate::cli::parameter::Target;
use crate::cli::reserved::Reserved;
use crate::cli::universal;

/// The options of exo-mi that may stand after the cmdlet.
const RESERVED: [&str; 6] = ["output", "columns", "query", "wide", "no-headers", "help"];

/// The cmdlets that begin like this, whatever hyphens and case. Who types small letters is answered in small letters, as
/// this documentation writes them.
pub(super) fn names(typed: &str) -> Vec<Candidate> {
    let is_small = typed.starts_with(|letter: char| letter.is_ascii_lowercase());
    let wanted = catalog::key_text(typed);
    let found = catalog::all().filter(|cmdlet| catalog::key_text(cmdlet.name).starts_with(&wanted));
    let spelled = |cmdlet: Cmdlet| {
        let about = match cmdlet.class {
            Class::Read => "reads",
            Class::Mutate => "writes",
            Class::Session => "concerns the session",
        };
        let small = catalog::hyphenated(cmdlet.name);
        Candidate::new(if is_small && catalog::begins(&small, typed) { &small } else { cmdlet.name }, about)
    };
    found.map(spelled).collect()
}

/// Completes a word after a cmdlet, given the words between them. `connect` is the command before it.
pub(super) fn complete(connect: &Command, name: &str, before: &[String], current: &str) -> Completion {
    let cmdlet = catalog::find(name);
    let last = before.last().map(String::as_str).unwrap_or_default();
    if Reserved::takes_value(last) {
        return reserved_value(connect, last, cmdlet, current);
    }
    if let (option, Some(typed)) = Reserved::parted(current)
        && Reserved::takes_value(option)
    {
        let values = reserved_value(connect, option, cmdlet, typed);
        return values.behind(&current[..current.len() - typed.len()]);
    }
    if let Some((name, Some(_))) = name_of(current)
        && let Some((_, typed)) = current.split_once([':', '='])
    {
        return value_of(cmdlet, name, typed).behind(&current[..current.len() - typed.len()]);
    }
    if let Some((name, None)) = name_of(last)
        && !current.starts_with('-')
        && takes_value(cmdlet, name)
    {
        return value_of(cmdlet, name, current);
    }
    if current.is_empty() || current.starts_with('-') {
        let own = parameters(cmdlet, before, current).into_iter();
        return Completion::Values(own.chain(options(connect, current)).collect());
    }
    // The Identity, for most.
    Completion::nothing()
}

/// The options that may stand after the cmdlet, of those that may stand before it.
fn reserved(connect: &Command) -> impl Iterator<Item = &Arg> {
    let is_reserved = |option: &&Arg| option.get_long().is_some_and(|name| RESERVED.contains(&name));
    connect.get_arguments().filter(is_reserved)
}

/// Those of them that begin like this.
fn options(connect: &Command, typed: &str) -> impl Iterator<Item = Candidate> {
    let is_wanted = |option: &Candidate| typed.starts_with("--") && catalog::begins(&option.value, typed);
    reserved(connect).filter_map(line::option).filter(is_wanted)
}

fn reserved_value(connect: &Command, name: &str, cmdlet: Option<Cmdlet>, typed: &str) -> Completion {
    let is_it = |option: &&Arg| {
        let long = option.get_long().map(|long| format!("--{long}"));
        let short = option.get_short().map(|letter| format!("-{letter}"));
        long.into_iter().chain(short).any(|own| own.eq_ignore_ascii_case(name))
    };
    let Some(option) = reserved(connect).find(is_it) else { return Completion::nothing() };
    if option.get_long() != Some("columns") {
        return known::values(option, typed);
    }
    let view = cmdlet.and_then(|cmdlet| cmdlet.view());
    let columns = view.into_iter().flat_map(|view| view.columns);
    item(typed, columns.map(|column| Candidate::new(column.property, "")))
}

/// The last item of a list that commas part.
fn item(typed: &str, candidates: impl IntoIterator<Item = Candidate>) -> Completion {
    let start = typed.rfind(',').map_or(0, |comma| comma + 1);
    Completion::beginning(&typed[start..], candidates).behind(&typed[..start])
}

fn takes_value(cmdlet: Option<Cmdlet>, name: &str) -> bool {
    Target::find(cmdlet.as_ref(), name).is_ok_and(|target| !target.is_switch())
}

fn value_of(cmdlet: Option<Cmdlet>, name: &str, typed: &str) -> Completion {
    let Ok(Target::Known(known)) = Target::find(cmdlet.as_ref(), name) else { return Completion::nothing() };
    let constant: &[&str] = match known.kind {
        Kind::Bool | Kind::Switch => &["$true", "$false"],
        Kind::Size => &["Unlimited"],
        _ => &[],
    };
    item(typed, known.accepted().chain(constant.iter().copied()).map(|value| Candidate::new(value, "")))
}

/// The parameters that are not given yet and begin like this: in PowerShell's style after one hyphen, in that of other
/// programs after two. Those that every cmdlet has are offered to who begins to type one.
fn parameters(cmdlet: Option<Cmdlet>, before: &[String], current: &str) -> Vec<Candidate> {
    let is_long = current.starts_with("--");
    let wanted = catalog::key_text(current);
    let given = given(cmdlet, before);
    let known = cmdlet.into_iter().flat_map(|cmdlet| cmdlet.parameters().iter());
    let known = known.map(|known| (known.name, about(&known)));
    let is_own = |name: &str| cmdlet.is_some_and(|cmdlet| cmdlet.find_parameter(name).is_some());
    let universal = universal::beginning(&wanted).into_iter().map(|universal| universal.name);
    let universal = universal.filter(|name| !is_own(name)).map(|name| (name, "of every cmdlet".to_owned()));
    let is_wanted = |name: &str| catalog::key_text(name).starts_with(&wanted) && !given.contains(&name);
    let styled = |name| if is_long { format!("--{}", catalog::hyphenated(name)) } else { format!("-{name}") };
    let left = known.chain(universal).filter(|(name, _)| is_wanted(name));
    left.map(|(name, about)| Candidate::new(styled(name), about)).collect()
}

/// The parameters that words name.
fn given(cmdlet: Option<Cmdlet>, words: &[String]) -> Vec<&'static str> {
    let targets = words.iter().filter_map(|word| Target::find(cmdlet.as_ref(), name_of(word)?.0).ok());
    let names = targets.filter_map(|target| match target {
        Target::Known(known) => Some(known.name),
        Target::Universal(universal) => Some(universal.name),
        Target::Unknown => None,
    });
    names.collect()
}

fn about(known: &Parameter) -> String {
    let required = if known.required == Required::Always { ", required" } else { "" };
    format!("{}{required}", known.kind.name())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The command before a cmdlet.
    fn connect() -> Command {
        let mut root = crate::cli::Arguments::command();
        root.build();
        root.find_subcommand("connect").expect("a command").clone()
    }

    fn completed(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (name, rest) = words.split_first().expect("a cmdlet");
        let (current, before) = rest.split_last().expect("a word");
        match complete(&connect(), name, before, current) {
            Completion::Values(candidates) => {
                candidates.into_iter().map(|candidate| candidate.value).collect()
            }
            Completion::Files => vec!["<files>".to_owned()],
        }
    }

    #[test]
    fn a_word_after_a_cmdlet_is_a_parameter_or_its_value() {
        for (line, expected) in [
            ("get-mailbox -Res", "-ResultSize"),
            ("get-mailbox -res", "-ResultSize"),
            ("get-mailbox --result", "--result-size"),
            ("Get-Mailbox -ResultSize Un", "Unlimited"),
            ("get-mailbox -ResultSize:un", "-ResultSize:Unlimited"),
            ("get-mailbox --result-size=Un", "--result-size=Unlimited"),
            ("get-mailbox -RecipientTypeDetails UserMailbox,Shared", "UserMailbox,SharedMailbox"),
            ("get-mailbox -ResultSize 5 -Resul", ""),
            ("get-mailbox -Archive -Res", "-ResultSize"),
            ("get-mailbox meg", ""),
            ("get-mailbox -Identity m", ""),
            ("set-mailbox meg -HiddenFromAddressListsEnabled ", "$true $false"),
            ("get-mailbox --outp", "--output"),
            ("get-mailbox --output js", "json jsonl"),
            ("get-mailbox --output=js", "--output=json --output=jsonl"),
            ("get-mailbox --output:js", "--output:json --output:jsonl"),
            ("get-mailbox -o=js", ""),
            ("get-accepted-domain --columns Name,Dom", "Name,DomainName Name,DomainType"),
            ("get-accepted-domain --query ", ""),
            ("get-accepted-domain -ErrorA", "-ErrorAction"),
            ("get-nothing -Ver", "-Verbose"),
            ("get-nothing -Verbose -Ver", ""),
            ("set-mailbox meg -WhatIf -What", ""),
            ("set-mailbox meg --what-if:$true -What", ""),
            ("set-mailbox meg -ErrorAction Stop -ErrorA", ""),
            ("set-mailbox meg -ea Stop -ErrorA", ""),
            ("set-mailbox meg -What", "-WhatIf"),
        ] {
            assert_eq!(completed(line).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn a_cmdlet_is_found_by_its_beginning_in_any_spelling() {
        let first = |typed: &str| names(typed).first().map(|candidate| candidate.value.clone());
        assert_eq!(first("get-acc").as_deref(), Some("get-accepted-domain"));
        assert_eq!(first("Get-Acc").as_deref(), Some("Get-AcceptedDomain"));
        assert_eq!(first("getaccepteddomain").as_deref(), Some("Get-AcceptedDomain"));
        assert_eq!(names("").len(), catalog::all().count());
        assert_eq!(first("nonsense"), None);
    }

    #[test]
    fn the_options_after_a_cmdlet_are_those_that_are_read_there() {
        let connect = connect();
        for option in connect.get_arguments().filter_map(Arg::get_long) {
            let taken = Reserved::default().take(&format!("--{option}"), &mut ["json"].into_iter());
            let is_read = option == "help" || taken.is_ok_and(|taken| taken);
            assert_eq!(RESERVED.contains(&option), is_read, "{option}");
        }
        assert_eq!(reserved(&connect).count(), RESERVED.len());
    }
}
