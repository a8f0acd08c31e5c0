//! One page to attach to a ticket: no script, no picture, nothing that is fetched from anywhere.
//!
//! Every text is escaped, and beneath that the page's own policy forbids whatever a text could smuggle in: it allows the
//! one style sheet by its hash and nothing else. The page is well-formed XML too, so that a test can read it strictly.

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

use super::markup::Escaped;
use super::{Report, span};
use crate::doctor::{Check, Status};
use crate::failure::Hint;

const STYLE: &str = include_str!("html.css");
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    writeln!(out, "<body>\n<main>")?;
    verdict(report, out)?;
    writeln!(out, "<h2>Checks</h2>\n<ol class=\"checks\">")?;
    for check in &report.checks {
        self::check(check, report.mended_with(check), out)?;
    }
    writeln!(out, "</ol>")?;
    unproved(&report.unproved, out)?;
    facts(report, out)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let hash = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>")?;
    for (name, content) in [
        ("viewport", "width=device-width, initial-scale=1"),
        ("color-scheme", "light dark"),
        ("referrer", "no-referrer"),
        ("robots", "noindex"),
    ] {
        writeln!(out, "<meta name=\"{name}\" content=\"{content}\"/>")?;
    }
    let (organization, conclusion) = (Escaped(&report.organization), report.conclusion());
    writeln!(out, "<title>exo-mi doctor, {organization}: {conclusion}</title>")?;
    writeln!(out, "<style>{STYLE}</style>\n</head>")
}

/// What a reader wants to know first: whether it works, and if not, what is wrong and where to read on.
fn verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let status = if report.is_cut_short() { Status::Failed } else { report.verdict() };
    writeln!(out, "<header class=\"{}\">", status.text())?;
    writeln!(out, "<p class=\"subject\">exo-mi doctor, {}</p>", Escaped(&report.organization))?;
    writeln!(out, "<h1>{} {}</h1>", mark(status), capitalized(&report.conclusion()))?;
    if let Some(first) = report.culprit() {
        let (id, finding) = (Escaped(first.id), first.finding());
        writeln!(out, "<p><a href=\"#{}\">{id}</a>: {}</p>", anchor(first), Escaped(&finding))?;
    }
    writeln!(out, "<p class=\"subject\">Exit code {}</p>", report.exit.code())?;
    writeln!(out, "<ul class=\"tally\">")?;
    for status in [Status::Failed, Status::Warning, Status::Ok, Status::Info, Status::Skipped] {
        let count = report.count(status);
        if count > 0 {
            writeln!(out, "<li class=\"{0}\">{count} {0}</li>", status.text())?;
        }
    }
    writeln!(out, "</ul>\n</header>")
}

fn check(check: &Check, earlier: Option<&Check>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<li class=\"{}\" id=\"{}\">", check.status.text(), anchor(check))?;
    writeln!(out, "{}<h3>{}</h3>", mark(check.status), Escaped(check.title))?;
    let took = if check.duration.is_zero() { String::new() } else { format!("{}, ", span(check.duration)) };
    let (id, status) = (Escaped(check.id), check.status.text());
    writeln!(out, "<p class=\"state\"><code>{id}</code> {took}<b>{status}</b></p>")?;
    writeln!(out, "<div class=\"detail\">")?;
    if !check.evidence.is_empty() {
        writeln!(out, "<ul class=\"seen\">")?;
        for seen in &check.evidence {
            writeln!(out, "<li>{}</li>", Escaped(seen))?;
        }
        writeln!(out, "</ul>")?;
    }
    match earlier {
        Some(earlier) => {
            let (anchor, title) = (anchor(earlier), Escaped(earlier.title));
            writeln!(out, "<p class=\"mends\">As above: <a href=\"#{anchor}\">{title}</a></p>")?;
        }
        None => check.remedies.iter().try_for_each(|hint| remedy(hint, out))?,
    }
    if let Some(url) = check.hint_url() {
        writeln!(out, "<p class=\"more\">See <code>{}</code></p>", Escaped(&url))?;
    }
    writeln!(out, "</div>\n</li>")
}

/// The style sheet lets one click select a whole command.
fn remedy(hint: &Hint, out: &mut dyn Write) -> io::Result<()> {
    let text = capitalized(&hint.text);
    match &hint.command {
        Some(command) => {
            writeln!(out, "<p class=\"mends\">{}:</p>\n<pre>{}</pre>", Escaped(&text), Escaped(command))
        }
        None => writeln!(out, "<p class=\"mends\">{}.</p>", Escaped(&text)),
    }
}

fn unproved(clauses: &[String], out: &mut dyn Write) -> io::Result<()> {
    if clauses.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Not proved by this</h2>\n<ul class=\"unproved\">")?;
    for clause in clauses {
        writeln!(out, "<li>{}</li>", Escaped(clause))?;
    }
    writeln!(out, "</ul>")
}

fn facts(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    writeln!(out, "<h2>This run</h2>\n<dl class=\"facts\">")?;
    for (name, value) in [
        ("Organization", report.organization.clone()),
        ("Began", report.began()),
        ("Took", span(report.elapsed)),
        ("Exit code", report.exit.code().to_string()),
        ("Program", format!("exo-mi {VERSION}, {platform}")),
    ] {
        writeln!(out, "<dt>{name}</dt><dd>{}</dd>", Escaped(&value))?;
    }
    for (name, value) in &report.metrics {
        writeln!(out, "<dt><code>{}</code></dt><dd>{value}</dd>", Escaped(name))?;
    }
    writeln!(out, "</dl>")
}

/// The state is told in words beside it, and so the sign is for eyes alone.
fn mark(status: Status) -> String {
    format!("<span class=\"mark\" aria-hidden=\"true\">{}</span>", status.mark())
}

fn anchor(check: &Check) -> String {
    format!("check-{}", check.id)
}

/// The text with its first letter large, where that is a plain one.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
