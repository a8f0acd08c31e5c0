//! JUnit XML: one suite, one case for each check.
//!
//! The order of elements and attributes is the one that Jenkins's schema demands. JUnit knows no warning: such a check
//! has passed, and says in its output what should be changed.

use std::io::{self, Write};

use super::markup::Escaped;
use super::{Report, milliseconds, seconds};
use crate::doctor::{Check, Status};
use crate::knowledge::Code;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tests = report.checks.len();
    let (failures, skipped) = (report.count(Status::Failed), report.count(Status::Skipped));
    let time = seconds(milliseconds(report.elapsed));
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"exo-mi doctor\" {counts} time=\"{time}\">")?;
    writeln!(
        out,
        "  <testsuite name=\"exo-mi doctor\" {counts} skipped=\"{skipped}\" time=\"{time}\" timestamp=\"{}\">",
        report.began()
    )?;
    writeln!(out, "    <properties>")?;
    for (name, value) in
        [("organization", report.organization.as_str()), ("version", env!("CARGO_PKG_VERSION"))]
    {
        writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", Escaped(value))?;
    }
    writeln!(out, "    </properties>")?;
    for check in &report.checks {
        case(check, out)?;
    }
    if !report.unproved.is_empty() {
        let lines: Vec<String> =
            report.unproved.iter().map(|clause| format!("not proved: {clause}")).collect();
        element("    ", "system-out", "", &lines, out)?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "    <testcase name=\"{}\" classname=\"exo-mi.doctor.{}\" time=\"{}\">",
        Escaped(check.title),
        Escaped(check.id),
        seconds(milliseconds(check.duration))
    )?;
    let (finding, code) = (check.finding(), check.code.map(Code::text));
    let mut lines = lines(check);
    match check.status {
        Status::Failed => {
            let kind = code.unwrap_or("failed");
            let attributes = format!(" type=\"{kind}\" message=\"{}\"", Escaped(&finding));
            element("      ", "failure", &attributes, &lines, out)?;
        }
        Status::Skipped => writeln!(out, "      <skipped message=\"{}\"/>", Escaped(&finding))?,
        Status::Warning => {
            lines.insert(0, format!("warning: {}", code.unwrap_or(check.id)));
            element("      ", "system-out", "", &lines, out)?;
        }
        Status::Ok | Status::Info if lines.is_empty() => {}
        Status::Ok | Status::Info => element("      ", "system-out", "", &lines, out)?,
    }
    writeln!(out, "    </testcase>")
}

/// What was seen, and what mends it. A command has a line of its own.
fn lines(check: &Check) -> Vec<String> {
    let mut lines = check.evidence.clone();
    for hint in &check.remedies {
        lines.push(format!("hint: {}", hint.text));
        lines.extend(hint.command.clone());
    }
    lines.extend(check.hint_url());
    lines
}

fn element(
    indent: &str,
    name: &str,
    attributes: &str,
    lines: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{indent}<{name}{attributes}>{}</{name}>", Escaped(&lines.join("\n")))
}
