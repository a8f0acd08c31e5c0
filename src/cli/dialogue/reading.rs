//! Whether a text is one cmdlet with its parameters, or statements of the language that scripts are written in.

use super::super::split;
use crate::{language, script};

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum Reading {
    /// A comment, or blank.
    Nothing,
    /// A cmdlet of the service, or what was meant to be one, in words as on a command line.
    Cmdlet(Vec<String>),
    /// Anything that PowerShell would evaluate.
    Statements,
}

/// Reads a line. A cmdlet with values that mean themselves is what it is on the command line: it may be written in any
/// spelling, with the options of exo-mi after it. Everything else is statements, which are written as PowerShell is.
pub(in crate::cli) fn read(line: &str, is_function: impl Fn(&str) -> bool) -> Reading {
    let Some(words) = split::words(line) else { return Reading::Statements };
    let Some(name) = words.first() else { return Reading::Nothing };
    let begins_like_one = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-');
    let is_one = begins_like_one
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        && !language::is_keyword(name)
        && !script::carries_out(name)
        && !is_function(name);
    if is_one { Reading::Cmdlet(words) } else { Reading::Statements }
}

/// Whether one argument of the command line is statements and no name of a cmdlet: it has blanks in it, or a sign that
/// parts or begins something in PowerShell.
pub(in crate::cli) fn is_pipeline(argument: &str) -> bool {
    let argument = argument.trim();
    let is_sign = |letter: char| letter.is_whitespace() || "|;&$@(){}[]'\"`,<>#".contains(letter);
    !argument.is_empty() && !argument.starts_with('-') && argument.contains(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_cmdlet_unless_powershell_would_evaluate_something_in_it() {
        for line in [
            "get-accepted-domain -o csv --columns 'Name,Default'",
            "Get-Mailbox -Identity 'a|b' -ResultSize 5",
            "Get-Mailbox -Filter {Name -like 'a*'} -Switch:$false",
            "set-mailbox x -EmailAddresses @{Add='a','b'}",
            "get-mailbo",
            "rm -rf /",
            "-Identity x",
            "Get-Mailbox # all | of them",
        ] {
            assert!(matches!(read(line, |_| false), Reading::Cmdlet(_)), "{line}");
        }
        for line in [
            "Get-Mailbox | Format-Table",
            "Get-Mailbox -Identity $user",
            "Get-Mailbox; Get-User",
            "Get-Mailbox > file",
            "Get-Mailbox -Identity (Get-Thing)",
            "Get-Mailbox -Identity \"$x\"",
            "Get-Mailbox -Filter {",
            "Get-Mailbox `",
            "$x = 1",
            "1 + 1",
            "'text'",
            "[int]'5'",
            "if ($x) { 1 }",
            "function f { 1 }",
            "try { 1 }",
            "exit 3",
            "Write-Host hello",
            "sleep 3",
            "% { 1 }",
            "Connect-ExchangeOnline -ManagedIdentity",
            "Get-ConnectionInformation",
        ] {
            assert_eq!(read(line, |_| false), Reading::Statements, "{line}");
        }
        assert_eq!(read("Report -Days 5", |name| name == "Report"), Reading::Statements);
        assert_eq!(read("# a comment", |_| false), Reading::Nothing);
        assert_eq!(read("", |_| false), Reading::Nothing);
    }

    #[test]
    fn an_argument_is_a_pipeline_where_a_name_could_not_be_it() {
        for argument in [
            "Get-AcceptedDomain | Format-Table -AutoSize",
            "Get-AcceptedDomain|ft",
            "Get-Mailbox -ResultSize 5",
            "(Get-Mailbox).Count",
            "$x",
            "'text'",
            "Get-Mailbox;Get-User",
            "@(1,2)",
            "foreach ($i in 1..3) { $i }",
        ] {
            assert!(is_pipeline(argument), "{argument}");
        }
        for argument in [
            "Get-AcceptedDomain",
            "get-accepted-domain",
            "GETMAILBOX",
            "",
            " ",
            "-o",
            "--org=x y",
            "a.ps1",
            "get_x",
        ] {
            assert!(!is_pipeline(argument), "{argument}");
        }
    }
}
