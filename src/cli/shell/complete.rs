//! What can stand where somebody has pressed Tab.

use crate::catalog::{self, Class};
use crate::script::{self, Left};

/// Parameters whose values are names of properties.
const PROPERTIES: [&str; 3] = ["-Property", "-ExpandProperty", "-ExcludeProperty"];

/// Words that the shell itself understands at the beginning of a line.
const OWN: [&str; 3] = ["exit", "help", "quit"];

/// Variables that are always there.
const AUTOMATIC: [&str; 5] = ["_", "Error", "false", "null", "true"];

/// Where the word before the cursor begins, and what it could become.
pub(super) fn complete(line: &str, left: &Left) -> (usize, Vec<String>) {
    let word = last_word(line);
    let start = line.len() - word.len();
    if let Some(dot) = word.rfind('.') {
        let at = start + dot + 1;
        return (at, beginning(&line[at..], properties_of(&line[..start + dot], left)));
    }
    if let Some(name) = word.strip_prefix('$') {
        let names = left.variables.iter().map(|(name, _)| name.as_str()).chain(AUTOMATIC);
        return (start + 1, beginning(name, names.map(str::to_owned).collect()));
    }
    let command = command_start(&line[..start]);
    let words: Vec<&str> = line[command..start].split_whitespace().collect();
    let found = match words.as_slice() {
        [] => commands(command == 0, left),
        [help] if help.eq_ignore_ascii_case("help") => commands(false, left),
        [name, ..] if word.starts_with('-') => {
            parameters(name).into_iter().map(|known| format!("-{known}")).collect()
        }
        [name, rest @ ..] if takes_property(name, rest) => properties_of(&line[..start], left),
        _ => Vec::new(),
    };
    (start, beginning(word, found))
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || "|;(){}[],=&'\"".contains(letter)
}

fn last_word(text: &str) -> &str {
    text.rsplit(ends_word).next().unwrap_or_default()
}

/// Where the command begins in which a text ends.
fn command_start(text: &str) -> usize {
    text.rfind(|letter| "|;({}=&\n".contains(letter)).map_or(0, |at| at + 1)
}

/// Where the pipeline begins in which a text ends. A block within it looks at what comes down the pipeline around it.
fn pipeline_start(text: &str) -> usize {
    text.rfind([';', '=', '\n']).map_or(0, |at| at + 1)
}

/// Those that begin like this, in order and each once. Names of properties come from the service, and one with anything
/// else in it than a name has never reaches the terminal.
fn beginning(start: &str, mut names: Vec<String>) -> Vec<String> {
    let is_name = |name: &str| name.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
    names.retain(|name| catalog::begins(name, start) && is_name(name));
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    names
}

fn commands(first: bool, left: &Left) -> Vec<String> {
    let known = catalog::all().filter(|cmdlet| cmdlet.class != Class::Session).map(|cmdlet| cmdlet.name);
    let own = OWN.into_iter().filter(|_| first);
    let names = known.chain(script::cmdlets()).chain(own).map(str::to_owned);
    names.chain(left.functions.iter().cloned()).collect()
}

fn parameters(name: &str) -> Vec<&'static str> {
    let known =
        || catalog::find(name).map(|cmdlet| cmdlet.parameters().iter().map(|known| known.name).collect());
    let own = script::parameters(name).map(|(_, names)| names);
    let mut names: Vec<&'static str> = own.or_else(known).unwrap_or_default();
    names.extend(script::common_parameters());
    names
}

/// Whether the next word after these is the name of a property.
fn takes_property(name: &str, words: &[&str]) -> bool {
    let last = words.iter().rev().find(|word| !word.starts_with(','));
    script::takes_properties(name)
        && match last {
            Some(last) if last.starts_with('-') => {
                PROPERTIES.iter().any(|known| known.eq_ignore_ascii_case(last))
            }
            Some(last) => last.ends_with(',') || words.last().is_some_and(|word| word.starts_with(',')),
            None => true,
        }
}

/// The names of the properties of what a text ends with: of a variable, or of what its pipeline begins with.
fn properties_of(text: &str, left: &Left) -> Vec<String> {
    let variable = |text: &str| {
        let name = text.strip_prefix('$')?.to_lowercase();
        left.variables.iter().find(|(known, _)| *known == name).map(|(_, names)| names.clone())
    };
    if let Some(names) = variable(last_word(text)) {
        return names;
    }
    let pipeline = &text[pipeline_start(text)..];
    let first = pipeline.trim_start_matches(|letter: char| ends_word(letter)).split(ends_word).next();
    let first = first.unwrap_or_default();
    if let Some(names) = variable(first) {
        return names;
    }
    let view = catalog::find(first).and_then(|cmdlet| cmdlet.view());
    let columns = view.into_iter().flat_map(|view| view.columns).map(|column| column.property.into_owned());
    columns.chain(left.shown.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left() -> Left {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Left {
            variables: vec![("all".to_owned(), names(&["Alias", "Name"])), ("count".to_owned(), Vec::new())],
            functions: names(&["Show-Report"]),
            shown: names(&["Identity", "IssueWarningQuota", "Odd\u{1b}[2J", "Odd name"]),
        }
    }

    #[test]
    fn each_place_has_its_own_names() {
        for (line, start, expected) in [
            ("Get-AcceptedDo", 0, "Get-AcceptedDomain"),
            ("get-accepteddo", 0, "Get-AcceptedDomain"),
            ("exi", 0, "exit"),
            ("$x = Get-AcceptedDo", 5, "Get-AcceptedDomain"),
            ("Get-Mailbox | Where-O", 14, "Where-Object"),
            ("Get-Mailbox |Where-O", 13, "Where-Object"),
            ("foreach ($i in Get-AcceptedDo", 15, ""),
            ("Show-R", 0, "Show-Report"),
            ("help Get-AcceptedDo", 5, "Get-AcceptedDomain"),
            ("Get-Mailbox -ResultS", 12, "-ResultSize"),
            ("Get-Mailbox -Identity x -erroract", 24, "-ErrorAction"),
            ("Get-Mailbox | Select-Object -Exp", 28, "-ExpandProperty"),
            ("Get-Mailbox | select -Exp", 21, "-ExpandProperty"),
            ("$al", 1, "all"),
            ("$all.Na", 5, "Name"),
            ("$all[0].Na", 8, "Name"),
            ("1 + $coun", 5, "count"),
            ("Get-Mailbox | Select-Object Ali", 28, "Alias"),
            ("Get-Mailbox | Select-Object Name,Ali", 33, "Alias"),
            ("Get-Mailbox | Select-Object Name, Ali", 34, "Alias"),
            ("Get-Mailbox | ConvertTo-Html Ali", 29, "Alias"),
            ("Get-Mailbox | ft -Property Issue", 27, "IssueWarningQuota"),
            ("Get-Mailbox | Where-Object { $_.Ali", 32, "Alias"),
            ("$all | Sort-Object Ali", 19, "Alias"),
            ("(Get-Mailbox).Ali", 14, "Alias"),
            ("Get-Mailbox -Identity mb", 22, ""),
            ("Get-Mailbox | Select-Object -First Ali", 35, ""),
            ("Get-Mailbox | ft Odd", 17, ""),
            ("Nonsense -", 9, "-Debug"),
            ("", 0, "Add-AvailabilityAddressSpace"),
        ] {
            let (at, found) = complete(line, &left());
            let first = found.first().map(String::as_str).unwrap_or_default();
            assert_eq!((at, first), (start, expected), "{line}: {found:?}");
        }
    }

    #[test]
    fn no_line_is_too_odd_to_be_completed() {
        for line in ["ä", "Get-Mailbox -Ä", "$ä.ö", "'", "|", "..", "$.", "Get-Mailbox | ä", "\u{1f600}|"]
        {
            let (at, _) = complete(line, &left());
            assert!(line.is_char_boundary(at), "{line}");
        }
    }
}
