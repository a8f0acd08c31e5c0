//! Cmdlets, their parameters, and the values of those, by the catalogue.

use clap::ValueEnum;

use super::candidate::{Candidate, Completion, begins};
use crate::catalog::{self, Class, Cmdlet, Kind, Parameter, Required};
use crate::cli::parameter::Target;
use crate::cli::reserved::Reserved;
use crate::cli::universal;
use crate::render::Format;

/// The options of exo-mi that may stand after the cmdlet.
const RESERVED: [(&str, &str); 6] = [
    ("--output", "How the result is written"),
    ("--columns", "Which properties are printed"),
    ("--query", "A JMESPath expression over the result"),
    ("--wide", "More columns in a table"),
    ("--no-headers", "No header in a table, in CSV and in TSV"),
    ("--help", "Print help"),
];

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
        Candidate::new(if is_small && begins(&small, typed) { &small } else { cmdlet.name }, about)
    };
    found.map(spelled).collect()
}

/// Completes a word after a cmdlet.
pub(super) fn complete(name: &str, before: &[String], current: &str) -> Completion {
    let cmdlet = catalog::find(name);
    let last = before.last().map(String::as_str).unwrap_or_default();
    if Reserved::takes_value(last) {
        return reserved_value(last, cmdlet, current);
    }
    if let Some((name, typed)) = current.split_once([':', '=']).filter(|_| current.starts_with('-')) {
        let is_own = Reserved::takes_value(name);
        let values = if is_own { reserved_value(name, cmdlet, typed) } else { value_of(cmdlet, name, typed) };
        return values.behind(&current[..current.len() - typed.len()]);
    }
    let is_value = !current.starts_with('-') && last.starts_with('-') && !last.contains([':', '=']);
    if is_value && takes_value(cmdlet, last) {
        return value_of(cmdlet, last, current);
    }
    if current.is_empty() || current.starts_with('-') {
        return Completion::Values(parameters(cmdlet, before, current));
    }
    // The Identity, for most.
    Completion::nothing()
}

fn reserved_value(option: &str, cmdlet: Option<Cmdlet>, typed: &str) -> Completion {
    match option.to_ascii_lowercase().as_str() {
        "-o" | "--output" => {
            let formats = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            Completion::beginning(typed, formats.map(|format| Candidate::new(format.get_name(), "")))
        }
        "--columns" => {
            let columns =
                cmdlet.and_then(|cmdlet| cmdlet.view()).map(|view| view.columns).unwrap_or_default();
            item(typed, columns.into_iter().map(|column| Candidate::new(column.property, "")))
        }
        _ => Completion::nothing(),
    }
}

/// The last item of a list that commas part.
fn item(typed: &str, candidates: impl IntoIterator<Item = Candidate>) -> Completion {
    let start = typed.rfind(',').map_or(0, |comma| comma + 1);
    Completion::beginning(&typed[start..], candidates).behind(&typed[..start])
}

fn named(cmdlet: Option<Cmdlet>, word: &str) -> Option<Parameter> {
    match Target::find(cmdlet.as_ref(), word.trim_start_matches('-')) {
        Ok(Target::Known(known)) => Some(known),
        _ => None,
    }
}

fn takes_value(cmdlet: Option<Cmdlet>, word: &str) -> bool {
    Target::find(cmdlet.as_ref(), word.trim_start_matches('-')).is_ok_and(|target| !target.is_switch())
}

fn value_of(cmdlet: Option<Cmdlet>, name: &str, typed: &str) -> Completion {
    let Some(known) = named(cmdlet, name) else { return Completion::nothing() };
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
    let is_given = |known: &Parameter| {
        let words = before.iter().filter(|word| word.starts_with('-'));
        words
            .filter_map(|word| named(cmdlet, word.split([':', '=']).next()?))
            .any(|given| given.name == known.name)
    };
    let all = cmdlet.into_iter().flat_map(|cmdlet| cmdlet.parameters().iter());
    let left: Vec<Parameter> = all.filter(|known| !is_given(known)).collect();
    let universal = universal::names()
        .into_iter()
        .filter(|name| !wanted.is_empty() && !left.iter().any(|known| known.name == *name));
    let names = left.iter().map(|known| (known.name, about(known)));
    let names = names.chain(universal.map(|name| (name, "of every cmdlet".to_owned())));
    let names = names.filter(|(name, _)| catalog::key_text(name).starts_with(&wanted));
    let styled = |name| if is_long { format!("--{}", catalog::hyphenated(name)) } else { format!("-{name}") };
    let spelled = names.map(|(name, about)| Candidate::new(styled(name), about));
    let reserved = RESERVED.iter().filter(|(name, _)| is_long && begins(name, current));
    spelled.chain(reserved.map(|(name, about)| Candidate::new(*name, *about))).collect()
}

fn about(known: &Parameter) -> String {
    let required = if known.required == Required::Always { ", required" } else { "" };
    format!("{}{required}", known.kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (name, rest) = words.split_first().expect("a cmdlet");
        let (current, before) = rest.split_last().expect("a word");
        match complete(name, before, current) {
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
            ("get-mailbox -o=js", "-o=json -o=jsonl"),
            ("get-accepted-domain --columns Name,Dom", "Name,DomainName Name,DomainType"),
            ("get-accepted-domain --query ", ""),
            ("get-accepted-domain -ErrorA", "-ErrorAction"),
            ("get-nothing -Ver", "-Verbose"),
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
        for (option, _) in RESERVED {
            let words = [option, "json"].map(str::to_owned);
            let taken = Reserved::default().take(&words[0], &mut ["json"].into_iter());
            assert!(option == "--help" || taken.is_ok_and(|taken| taken), "{option}");
        }
    }
}
