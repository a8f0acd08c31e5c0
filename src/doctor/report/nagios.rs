//! The line of a Nagios plugin, which Icinga, Naemon and Checkmk read too, and the plugin's own exit codes.

use std::io::{self, Write};

use super::{Report, milliseconds};
use crate::doctor::Status;
use crate::exit::Exit;

/// How many bytes of a text are shown. Some transports cut a line after 1024 bytes, and the numbers at its end must not
/// be what goes.
const LONGEST: usize = 300;

/// What a plugin exits with: 0 ok, 1 warning, 2 critical, 3 unknown. It is unknown what a run has to say that was called
/// wrongly, broke or was stopped.
pub fn plugin_code(report: &Report) -> u8 {
    match report.exit {
        Exit::Usage | Exit::Machine | Exit::Bug | Exit::Interrupted | Exit::Terminated | Exit::Script(_) => 3,
        _ if report.verdict() == Status::Failed || report.is_cut_short() => 2,
        _ if report.verdict() == Status::Warning => 1,
        _ => 0,
    }
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let state = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][usize::from(plugin_code(report))];
    write!(out, "EXO-MI {state} - {} | total_ms={}", message(report), milliseconds(report.elapsed))?;
    for (name, value) in &report.metrics {
        write!(out, " {name}={value}")?;
    }
    writeln!(out)
}

fn message(report: &Report) -> String {
    let mut message = format!("{}: {}", plain(&report.organization), report.conclusion());
    if let Some(first) = report.culprit() {
        message = format!("{message}; {}: {}", first.id, plain(&first.finding()));
        if let Some(url) = first.hint_url() {
            message = format!("{message} ({url})");
        }
    }
    message
}

/// A text without the bar that begins the numbers, and short. Some of those who show it take it for HTML, so that nothing
/// may look like a tag either.
fn plain(text: &str) -> String {
    let text = text.replace('|', "¦").replace('<', "‹").replace('>', "›");
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", &text[..end])
}
