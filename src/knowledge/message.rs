//! What a text says once the frame is gone that consoles and logs put around it.
//!
//! A word such as `UnAuthorized` means something where it is the whole message, and nothing within a sentence about
//! something else. So the messages of a text are set apart: its lines and its paragraphs, without what stands in front.

use std::collections::HashSet;

use super::reading::{Folded, IsCmdlet};

/// Longer than any message that counts as a whole.
const LONGEST: usize = 200;

/// A line without the frame of PowerShell's errors, or nothing where it is all frame: the place of the fault, the line of
/// the script, the marks beneath it.
pub(super) fn unframed(line: &str) -> Option<&str> {
    let line = line.trim();
    if line == "Line |" || is_place(line) {
        return None;
    }
    if let Some(detail) = line.strip_prefix('+') {
        let detail = detail.trim_start();
        let names = ["CategoryInfo", "FullyQualifiedErrorId"];
        return names.iter().any(|name| detail.starts_with(name)).then_some(detail);
    }
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match unnumbered.trim_start().strip_prefix('|') {
        // With a number it is the line of the script.
        Some(_) if unnumbered.len() < line.len() => None,
        Some(rest) if rest.chars().all(|c| c == '~' || c.is_whitespace()) => None,
        Some(rest) => Some(rest.trim_start()),
        None => Some(line.trim_start_matches("> ")),
    }
}

/// `At line:1 char:1`, or a script's path in the place of `line`.
fn is_place(line: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    line.starts_with("At ") && line.rsplit_once("char:").is_some_and(|(_, column)| number(column))
}

/// Every line and every paragraph, without labels and folded. What frames took away ends a paragraph, as an empty line
/// does.
pub(super) fn messages(lines: &[Option<&str>], is_cmdlet: IsCmdlet<'_>) -> HashSet<String> {
    let mut messages = HashSet::new();
    let mut take = |text: &str| {
        if text.len() <= LONGEST {
            messages.insert(Folded::of(unlabelled(text, is_cmdlet)).letters);
        }
    };
    for paragraph in lines.split(|line| line.is_none_or(|line| line.trim().is_empty())) {
        paragraph.iter().flatten().for_each(|line| take(line));
        if paragraph.len() > 1 && paragraph.len() <= LONGEST {
            take(&paragraph.iter().flatten().copied().collect::<Vec<_>>().join(" "));
        }
    }
    messages
}

/// A message without dates, levels and the names of whoever raised it, and without the quotes and the period around it.
fn unlabelled<'t>(text: &'t str, is_cmdlet: IsCmdlet<'_>) -> &'t str {
    let mut rest = text;
    loop {
        rest = rest.trim_matches(|c: char| {
            c.is_whitespace() || "'\"`*,.\u{201c}\u{201d}\u{2018}\u{2019}".contains(c)
        });
        match bracketed(rest)
            .or_else(|| moment(rest))
            .or_else(|| level(rest))
            .or_else(|| label(rest, is_cmdlet))
        {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

/// What follows `[…]`.
fn bracketed(text: &str) -> Option<&str> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    (!inside.contains('[')).then_some(after)
}

/// What follows a date or a time of day.
fn moment(text: &str) -> Option<&str> {
    let (word, after) = text.split_once(char::is_whitespace)?;
    let separated = word.contains([':', '-', '/', '.']);
    let digits = word.starts_with(|c: char| c.is_ascii_digit());
    let only = word.chars().all(|c| c.is_ascii_digit() || "-:/.,+TZ".contains(c));
    (separated && digits && only).then_some(after)
}

/// What follows a level in capitals.
fn level(text: &str) -> Option<&str> {
    let (word, after) = text.split_once(char::is_whitespace)?;
    ["ERROR", "ERR", "FATAL", "SEVERE", "##[error]"].contains(&word).then_some(after)
}

/// What follows the name of an exception, of a cmdlet or of a kind of message, and a colon.
fn label<'t>(text: &'t str, is_cmdlet: IsCmdlet<'_>) -> Option<&'t str> {
    const LABELS: [&str; 16] = [
        "err",
        "fatal",
        "failure",
        "failed",
        "message",
        "error message",
        "error details",
        "details",
        "caused by",
        "reason",
        "status",
        "fullyqualifiederrorid",
        "operationstopped",
        "connect-exchangeonline",
        "new-exomodule",
        "write-error",
    ];
    let (name, after) = text.split_once(':')?;
    let name = name.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let raised = name.ends_with("exception") || name.ends_with("error");
    let is_label = raised && !name.contains(' ') || LABELS.contains(&name.as_str()) || is_cmdlet(&name);
    is_label.then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_cmdlet(name: &str) -> bool {
        name == "get-mailbox"
    }

    #[test]
    fn frames_of_both_powershells_are_taken_away() {
        for (line, left) in [
            ("     | UnAuthorized", Some("UnAuthorized")),
            ("Line |", None),
            ("   2 |  Connect-ExchangeOnline -ManagedIdentity", None),
            ("     |  ~~~~~~~", None),
            ("At line:1 char:1", None),
            (r"At C:\Program Files\x.psm1:733 char:21", None),
            ("At home we char: nothing", Some("At home we char: nothing")),
            ("+                     throw $_.Exception;", None),
            ("    + FullyQualifiedErrorId : UnAuthorized", Some("FullyQualifiedErrorId : UnAuthorized")),
            ("> quoted", Some("quoted")),
            ("plain text", Some("plain text")),
        ] {
            assert_eq!(unframed(line), left, "{line}");
        }
    }

    #[test]
    fn labels_are_taken_away_and_sentences_stay_whole() {
        for (text, left) in [
            ("UnAuthorized", "UnAuthorized"),
            ("ERROR: \"UnAuthorized.\"", "UnAuthorized"),
            ("2026-11-24T08:00:00.1Z ERROR [job 7] UnAuthorized", "UnAuthorized"),
            ("11/24/2026 08:15:02 Connect-ExchangeOnline : UnAuthorized", "UnAuthorized"),
            ("System.UnauthorizedAccessException: UnAuthorized", "UnAuthorized"),
            ("Get-Mailbox : UnAuthorized", "UnAuthorized"),
            ("Get-Item : UnAuthorized", "Get-Item : UnAuthorized"),
            ("docker: unauthorized", "docker: unauthorized"),
            (
                "curl: (22) The requested URL returned error: unauthorized",
                "curl: (22) The requested URL returned error: unauthorized",
            ),
            ("401 UnAuthorized", "401 UnAuthorized"),
            ("[never closed", "[never closed"),
        ] {
            assert_eq!(unlabelled(text, &is_cmdlet), left, "{text}");
        }
    }

    #[test]
    fn lines_and_paragraphs_are_messages() {
        let lines = [Some("ERROR: Invalid"), Some("Operation"), None, Some("UnAuthorized")];
        let found = messages(&lines, &is_cmdlet);
        for message in ["invalidoperation", "unauthorized", "invalid", "operation"] {
            assert!(found.contains(message), "{message} in {found:?}");
        }
        assert_eq!(found.len(), 4);
    }
}
