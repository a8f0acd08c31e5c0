//! One JSON object, whose fields `docs/doctor.md` promises.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Report, milliseconds};
use crate::doctor::Check;
use crate::failure::Hint;

/// Counted up when a field changes its meaning or goes; a new field leaves it as it is.
const SCHEMA: u32 = 1;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Object::from(report))?;
    writeln!(out)
}

/// Structs and no map, so that the fields keep this order.
#[derive(Serialize)]
struct Object<'r> {
    schema: u32,
    verdict: &'static str,
    exit_code: u8,
    organization: &'r str,
    started: String,
    elapsed_ms: u64,
    version: &'static str,
    checks: Vec<CheckObject<'r>>,
    metrics: BTreeMap<&'static str, u64>,
    unproved: &'r [String],
}

#[derive(Serialize)]
struct CheckObject<'r> {
    id: &'static str,
    title: &'static str,
    status: &'static str,
    code: Option<&'static str>,
    evidence: &'r [String],
    remedy: Vec<Remedy<'r>>,
    hint_url: Option<String>,
    duration_ms: u64,
}

/// A sentence that helps, and the command that does it.
#[derive(Serialize)]
pub(super) struct Remedy<'r> {
    text: &'r str,
    command: Option<&'r str>,
}

impl<'r> From<&'r Report> for Object<'r> {
    fn from(report: &'r Report) -> Self {
        Self {
            schema: SCHEMA,
            verdict: report.verdict().text(),
            exit_code: report.exit.code(),
            organization: &report.organization,
            started: report.began(),
            elapsed_ms: milliseconds(report.elapsed),
            version: env!("CARGO_PKG_VERSION"),
            checks: report.checks.iter().map(CheckObject::from).collect(),
            metrics: report.metrics.iter().copied().collect(),
            unproved: &report.unproved,
        }
    }
}

impl<'r> From<&'r Check> for CheckObject<'r> {
    fn from(check: &'r Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            status: check.status.text(),
            code: check.code.map(crate::knowledge::Code::text),
            evidence: &check.evidence,
            remedy: check.remedies.iter().map(Remedy::from).collect(),
            hint_url: check.hint_url(),
            duration_ms: milliseconds(check.duration),
        }
    }
}

impl<'r> From<&'r Hint> for Remedy<'r> {
    fn from(hint: &'r Hint) -> Self {
        Self { text: &hint.text, command: hint.command.as_deref() }
    }
}
