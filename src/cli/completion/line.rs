//! Where in a command line the cursor stands: after an option that wants a value, among options, at an argument.

use clap::{Arg, Command};

use super::super::shown;
use super::candidate::{Candidate, Completion};
use super::{cmdlet, known};

/// What was read of the words before the cursor.
struct Line<'c> {
    command: &'c Command,
    /// The option whose value comes next.
    open: Option<&'c Arg>,
    /// How many words were arguments without a name.
    given: usize,
    /// Whether options have ended, by `--`.
    ended: bool,
}

/// Completes the word under the cursor, given those before it.
pub(super) fn complete(root: &Command, words: &[String], current: &str) -> Completion {
    let mut line = Line { command: root, open: None, given: 0, ended: false };
    for (at, word) in words.iter().enumerate() {
        line.read(word);
        if line.is_at_trailing() {
            let rest = &words[at + 1..];
            let connects = line.command.get_name() == "connect";
            return if connects {
                cmdlet::complete(line.command, word, rest, current)
            } else {
                Completion::nothing()
            };
        }
    }
    line.complete(current)
}

impl<'c> Line<'c> {
    fn read(&mut self, word: &str) {
        if self.open.take().is_some() {
            return;
        }
        match word {
            "--" if !self.ended => self.ended = true,
            _ if self.ended || word == "-" || !word.starts_with('-') => self.read_argument(word),
            _ => self.open = self.open_after(word),
        }
    }

    fn read_argument(&mut self, word: &str) {
        match self.command.find_subcommand(word) {
            Some(named) => self.command = named,
            None => self.given += 1,
        }
    }

    /// The option that a word leaves open: one that takes a value, and takes it from the next word.
    fn open_after(&self, word: &str) -> Option<&'c Arg> {
        let is_open = |option: &&Arg| option.get_action().takes_values() && !option.is_require_equals_set();
        if let Some(name) = word.strip_prefix("--") {
            return if name.contains('=') { None } else { self.long(name).filter(is_open) };
        }
        // Of several letters, the first that takes a value takes the rest of the word, where there is one.
        let letters = word.char_indices().skip(1);
        let mut options =
            letters.filter_map(|(at, letter)| Some((at + letter.len_utf8(), self.short(letter)?)));
        let (end, option) = options.find(|(_, option)| is_open(option))?;
        (end == word.len()).then_some(option)
    }

    fn options(&self) -> impl Iterator<Item = &'c Arg> + use<'c> {
        self.command.get_arguments().filter(|option| !option.is_positional())
    }

    fn long(&self, name: &str) -> Option<&'c Arg> {
        let is_it = |option: &&Arg| {
            let aliases = option.get_all_aliases().unwrap_or_default();
            option.get_long() == Some(name) || aliases.contains(&name)
        };
        self.options().find(is_it)
    }

    fn short(&self, letter: char) -> Option<&'c Arg> {
        self.options().find(|option| option.get_short() == Some(letter))
    }

    /// The argument without a name that comes next.
    fn next_argument(&self) -> Option<&'c Arg> {
        let mut arguments = self.command.get_positionals();
        arguments.nth(self.given).or_else(|| {
            let last = self.command.get_positionals().last();
            last.filter(|last| last.get_num_args().is_some_and(|count| count.max_values() > 1))
        })
    }

    /// Whether all that follows belongs to a cmdlet or a script.
    fn is_at_trailing(&self) -> bool {
        self.given > 0 && self.command.get_positionals().any(Arg::is_trailing_var_arg_set)
    }

    fn complete(&self, current: &str) -> Completion {
        if let Some(option) = self.open {
            return known::values(option, current);
        }
        if current.starts_with('-') && !self.ended {
            return match current.split_once('=') {
                Some((name, typed)) => {
                    let option = name.strip_prefix("--").and_then(|name| self.long(name));
                    let values = option.map(|option| known::values(option, typed));
                    values.unwrap_or_else(Completion::nothing).behind(&format!("{name}="))
                }
                None => Completion::beginning(current, self.options().filter_map(option)),
            };
        }
        if self.command.has_subcommands() {
            let named = shown(self.command);
            return Completion::beginning(current, named.map(command));
        }
        self.next_argument().map_or_else(Completion::nothing, |argument| known::values(argument, current))
    }
}

/// An option, as it is offered.
pub(super) fn option(option: &Arg) -> Option<Candidate> {
    let about = option.get_help().map(ToString::to_string).unwrap_or_default();
    let name = option.get_long().filter(|_| !option.is_hide_set())?;
    Some(Candidate::new(format!("--{name}"), about))
}

fn command(command: &Command) -> Candidate {
    Candidate::new(command.get_name(), command.get_about().map(ToString::to_string).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The values that a line is completed to; the cursor stands at its end.
    fn completed(line: &str) -> Vec<String> {
        let mut root = crate::cli::Arguments::command();
        root.build();
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let current = words.pop().unwrap_or_default();
        match complete(&root, &words, &current) {
            Completion::Values(candidates) => {
                candidates.into_iter().map(|candidate| candidate.value).collect()
            }
            Completion::Files => vec!["<files>".to_owned()],
        }
    }

    #[test]
    fn every_place_of_a_line_has_what_may_stand_there() {
        for (line, expected) in [
            ("conn", "connect"),
            ("-v conn", "connect"),
            ("--log-format json wh", "whoami"),
            ("connect --verify", "--verify-org"),
            ("connect -o js", "json jsonl"),
            ("connect -vo js", "json jsonl"),
            ("connect --output=CS", "--output=csv"),
            ("connect -output=js", ""),
            ("connect --environment o365us", "O365USGovGCCHigh O365USGovDoD"),
            ("connect --identity-source work", "workload-identity"),
            ("connect --emulate=no-app", "--emulate=no-app-role"),
            ("connect --emulate get-accepted-d", "get-accepted-domain"),
            ("connect --org x --out ", "<files>"),
            ("connect --ca-file=c", "<files>"),
            ("connect --org x Get-AcceptedD", "Get-AcceptedDomain"),
            ("connect --org x -- get-accepted-d", "get-accepted-domain"),
            ("connect --org ", ""),
            ("connect --organization ", ""),
            ("connect --org x get-mailbox -ResultS", "-ResultSize"),
            ("connect -ojson get-mailbox -ResultS", "-ResultSize"),
            ("run ", "<files>"),
            ("run report.ps1 -", ""),
            ("cmdlets Get-AcceptedD", "Get-AcceptedDomain"),
            ("doctor --cmdlet Get-AcceptedD", "Get-AcceptedDomain"),
            ("doctor --format j", "json junit"),
            ("grant --role 'x' --print p", "powershell"),
            ("completions z", "zsh"),
            ("man who", "whoami"),
            ("explain app-role-m", "app-role-missing"),
            ("emulate --shell p", "posix powershell"),
            ("emulate --scenario no-app", "no-app-role"),
            ("nonsense --a", ""),
        ] {
            assert_eq!(completed(line).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn what_is_hidden_is_not_offered() {
        assert!(completed("comple").iter().all(|name| name == "completions"));
        assert!(!completed("connect --manag").contains(&"--managed-identity-account-id".to_owned()));
    }
}
