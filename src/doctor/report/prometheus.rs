//! Metrics for the textfile collector of Prometheus's `node_exporter`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::SystemTime;

use super::{Report, milliseconds, seconds};
use crate::doctor::Status;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let organization = quoted(&report.organization);
    let whole = format!("{{organization={organization}}}");
    let checks = by_id(report);
    family(
        "exo_mi_check",
        "Whether a check passed: 1, or 0 where it failed. A skipped one is left out.",
        checks.iter().map(|(id, failed, _)| (of_check(id, &organization), u8::from(!failed).to_string())),
        out,
    )?;
    family(
        "exo_mi_check_warning",
        "Whether a check that passed has something that should be changed.",
        checks.iter().map(|(id, _, warned)| (of_check(id, &organization), u8::from(*warned).to_string())),
        out,
    )?;
    let since_epoch = report.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let version = format!("{{organization={organization},version={}}}", quoted(env!("CARGO_PKG_VERSION")));
    for (name, help, labels, value) in [
        ("exit_code", "The exit code of exo-mi for what was found.", &whole, report.exit.code().to_string()),
        ("timestamp_seconds", "When the checks began.", &whole, since_epoch.to_string()),
        ("duration_seconds", "How long the checks took.", &whole, seconds(milliseconds(report.elapsed))),
        ("info", "The version of exo-mi that checked.", &version, "1".to_owned()),
    ] {
        family(&format!("exo_mi_doctor_{name}"), help, [(labels.clone(), value)], out)?;
    }
    for (name, value) in &report.metrics {
        let help = format!("{name} of the report.");
        let (name, value) = in_base_unit(name, *value);
        family(&format!("exo_mi_{name}"), &help, [(whole.clone(), value)], out)?;
    }
    Ok(())
}

/// Every id once with the worst that it came to, failed and warned, since a collector refuses a file with the same
/// sample twice.
fn by_id(report: &Report) -> Vec<(&'static str, bool, bool)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut checks: Vec<(&'static str, bool, bool)> = Vec::new();
    for check in report.checks.iter().filter(|check| check.status != Status::Skipped) {
        let place = *places.entry(check.id).or_insert(checks.len());
        if place == checks.len() {
            checks.push((check.id, false, false));
        }
        checks[place].1 |= check.status == Status::Failed;
        checks[place].2 |= check.status == Status::Warning;
    }
    checks
}

fn family(
    name: &str,
    help: &str,
    samples: impl IntoIterator<Item = (String, String)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")?;
    for (labels, value) in samples {
        writeln!(out, "{name}{labels} {value}")?;
    }
    Ok(())
}

fn of_check(id: &str, organization: &str) -> String {
    format!("{{id={},organization={organization}}}", quoted(id))
}

/// A label's value: three characters are escaped, and no others may be.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// Prometheus wants seconds, and the unit in the name.
fn in_base_unit(name: &str, value: u64) -> (String, String) {
    if let Some(name) = name.strip_suffix("_ms") {
        (format!("{name}_seconds"), seconds(value))
    } else if let Some(name) = name.strip_suffix("_s") {
        (format!("{name}_seconds"), value.to_string())
    } else {
        (name.to_owned(), value.to_string())
    }
}
