//! The Test Anything Protocol, version 13: what version 14 added is not used, and older readers refuse it.

use std::io::{self, Write};

use serde::Serialize;

use super::json::Remedy;
use super::{Report, milliseconds};
use crate::doctor::{Check, Status};
use crate::knowledge::Code;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TAP version 13\n1..{}", report.checks.len())?;
    writeln!(out, "# exo-mi {}, {}, {}", env!("CARGO_PKG_VERSION"), report.organization, report.began())?;
    for (index, check) in report.checks.iter().enumerate() {
        line(index + 1, check, out)?;
        if matches!(check.status, Status::Failed | Status::Warning) {
            diagnostics(check, out)?;
        }
    }
    for clause in &report.unproved {
        writeln!(out, "# not proved: {clause}")?;
    }
    Ok(())
}

/// A skipped test is an ok one with a reason: so the protocol has it.
fn line(number: usize, check: &Check, out: &mut dyn Write) -> io::Result<()> {
    let result = if check.status == Status::Failed { "not ok" } else { "ok" };
    write!(out, "{result} {number} - {}", described(check.title))?;
    if check.status == Status::Skipped {
        write!(out, " # SKIP {}", described(&check.finding()))?;
    }
    writeln!(out)
}

/// `#` begins a directive unless it is escaped.
fn described(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

/// The block beneath a test. Its values are JSON, which YAML contains, so that nothing else has to be quoted.
fn diagnostics(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  ---")?;
    let mut field = |name: &str, value: String| writeln!(out, "  {name}: {value}");
    field("id", quoted(check.id)?)?;
    field("severity", quoted(if check.status == Status::Failed { "fail" } else { "warning" })?)?;
    field("code", quoted(&check.code.map(Code::text))?)?;
    field("message", quoted(&check.finding())?)?;
    field("evidence", quoted(&check.evidence)?)?;
    let remedies: Vec<_> = check.remedies.iter().map(Remedy::from).collect();
    field("remedy", quoted(&remedies)?)?;
    field("hint_url", quoted(&check.hint_url())?)?;
    field("duration_ms", milliseconds(check.duration).to_string())?;
    writeln!(out, "  ...")
}

fn quoted(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}
