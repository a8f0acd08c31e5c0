//! `help` in the shell.

use std::io::{self, Write};

use crate::script;

const TEXT: &str = "\
Cmdlets of Exchange Online, and the part of PowerShell that runbooks use:

  Get-AcceptedDomain                        one cmdlet
  get-mailbox meg@contoso.com -o json       in any spelling, with the options of exo-mi behind it
  Get-Mailbox | Select-Object Name, Alias   a pipeline
  $all = Get-Mailbox -ResultSize Unlimited  variables and functions stay until the end

  help Get-Mailbox    what a cmdlet takes      Tab      completes cmdlets, parameters, properties, variables
  help *Domain        cmdlets by their names   Ctrl-C   clears the line, or ends the command that runs
  exit, quit, Ctrl-D  leaves                   Ctrl-R   searches what was typed before

A line that begins with a blank, or that names a password, a token or the like, is not kept.
docs/shell.md and docs/runbook.md say the rest.
";

/// What a line asks for, where that is help.
pub(super) fn asked(line: &str) -> Option<&str> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let is_help = ["help", "get-help", "man"].iter().any(|known| known.eq_ignore_ascii_case(word));
    let rest = rest.trim();
    (is_help && !rest.contains(['|', ';', '$', '(', '{'])).then_some(rest)
}

/// Whether a line leaves the shell by a word that is none of PowerShell's.
pub(super) fn leaves(line: &str) -> bool {
    ["quit", "logout"].iter().any(|word| word.eq_ignore_ascii_case(line.trim()))
}

/// Writes the help of the shell.
pub(super) fn general(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(TEXT.as_bytes())
}

/// Writes what a cmdlet takes that belongs to PowerShell itself. Says whether it is one.
pub(super) fn own(name: &str, out: &mut dyn Write) -> io::Result<bool> {
    let Some((name, parameters)) = script::parameters(name) else { return Ok(false) };
    writeln!(out, "{name}, as PowerShell has it, with these parameters:\n")?;
    let names: Vec<String> = parameters.iter().map(|name| format!("-{name}")).collect();
    for line in names.chunks(6) {
        writeln!(out, "  {}", line.join(" "))?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_asked_for_by_a_word_and_a_name() {
        for (line, expected) in [
            ("help", Some("")),
            (" HELP  Get-Mailbox ", Some("Get-Mailbox")),
            ("Get-Help *Domain", Some("*Domain")),
            ("help | ft", None),
            ("helpful", None),
            ("Get-Mailbox help", None),
            ("", None),
        ] {
            assert_eq!(asked(line), expected, "{line}");
        }
        assert!(leaves(" Quit ") && !leaves("quit 3") && !leaves("exit"));
    }
}
