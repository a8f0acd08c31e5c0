//! `exo-mi completions`: a script by which a shell completes commands, options, cmdlets and their parameters.
//!
//! The scripts hold no names. They ask the program, by the hidden `exo-mi complete`, which knows the catalogue and takes
//! two or three milliseconds; so a script stays right when the program is replaced. clap's own scripts know the options alone, and
//! its engine that asks the program tells a completer of a value only the word under the cursor, and not the cmdlet before it.

mod candidate;
mod cmdlet;
mod known;
mod line;

use std::io::Write;

use clap::{Args, CommandFactory, ValueEnum};

use super::cmdlets::ended;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;
use candidate::Completion;

/// A shell that can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Shell {
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("scripts/exo-mi.bash"),
            Self::Zsh => include_str!("scripts/exo-mi.zsh"),
            Self::Fish => include_str!("scripts/exo-mi.fish"),
            Self::Powershell => include_str!("scripts/exo-mi.ps1"),
            Self::Elvish => include_str!("scripts/exo-mi.elv"),
        }
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "The script asks the installed program each time, so that it need not be made again\nafter an update.\n\n\
    Examples:\n  eval \"$(exo-mi completions bash)\"\n  \
    exo-mi completions zsh > \"${fpath[1]}/_exo-mi\"\n  \
    exo-mi completions fish > ~/.config/fish/completions/exo-mi.fish\n  \
    exo-mi completions powershell | Out-String | Invoke-Expression\n  \
    eval (exo-mi completions elvish | slurp)"
)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let written = world.stdout.write_all(arguments.shell.script().as_bytes());
    ended(written.map_err(Into::into), &mut world.stdout)
}

/// What a script asks. The word under the cursor is attached to its option, since Windows PowerShell drops empty words.
#[derive(Args, Debug)]
pub(super) struct Question {
    #[arg(long, value_enum)]
    shell: Shell,
    /// The word under the cursor
    #[arg(long, default_value = "", value_name = "WORD")]
    current: String,
    /// The words before it
    #[arg(last = true)]
    words: Vec<String>,
}

/// Prints what may stand under the cursor, one a line, with a tab before what is said of it. There is nobody to tell of a
/// mistake, so that a line that cannot be understood is completed by nothing.
pub(super) fn answer(question: &Question, world: &mut World) -> Exit {
    let mut root = super::Arguments::command();
    root.build();
    let (words, current, cut) = match question.shell {
        Shell::Bash => glued(&question.words, &question.current),
        _ => (question.words.clone(), question.current.clone(), 0),
    };
    let completion = line::complete(&root, &words, current.trim_start_matches(['"', '\'']));
    // A reader that has gone away got what it wanted.
    let _ = world.stdout.write_all(lines(completion, cut).as_bytes());
    Exit::Done
}

/// An answer, of which the scripts read each line by itself. Of every value the beginning is left out that the shell has
/// parted off.
fn lines(completion: Completion, cut: usize) -> String {
    let Completion::Values(candidates) = completion else {
        // No candidate looks like this.
        return "<files>\n".to_owned();
    };
    let line = |candidate: candidate::Candidate| {
        format!("{}\t{}\n", candidate.value.get(cut..).unwrap_or_default(), candidate.about)
    };
    candidates.into_iter().map(line).collect()
}

/// Puts together what bash parts at `=` and `:`, and says how long the beginning of the last word is that bash has parted
/// off, and leaves as it is.
fn glued(words: &[String], current: &str) -> (Vec<String>, String, usize) {
    let is_sign = |word: &str| word == "=" || word == ":";
    let mut whole: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words.iter().map(String::as_str).chain([current]) {
        let joins = is_open || is_sign(word);
        match whole.last_mut().filter(|last| joins && last.starts_with('-')) {
            Some(last) => last.push_str(word),
            None => whole.push(word.to_owned()),
        }
        is_open = is_sign(word);
    }
    let last = whole.pop().unwrap_or_default();
    let typed = if is_sign(current) { 0 } else { current.len() };
    let cut = last.len() - typed.min(last.len());
    (whole, last, cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glue(line: &str) -> (String, String, usize) {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let current = words.pop().expect("a word");
        let (words, current, cut) = glued(&words, &current);
        (words.join(" "), current, cut)
    }

    #[test]
    fn what_bash_parts_is_put_together() {
        for (line, words, current, cut) in [
            ("connect --output = js", "connect", "--output=js", 9),
            ("connect --output =", "connect", "--output=", 9),
            ("connect --output = json get-", "connect --output=json", "get-", 0),
            ("get-mailbox -ResultSize : Un", "get-mailbox", "-ResultSize:Un", 12),
            ("connect --out C : x", "connect --out C :", "x", 0),
            ("", "", "", 0),
        ] {
            assert_eq!(glue(line), (words.to_owned(), current.to_owned(), cut), "{line}");
        }
    }
}
