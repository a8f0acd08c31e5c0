//! Every form of two reports as a file to be read, and what no text can bring any of them to.

mod arbitrary;
mod document;
mod readers;
mod sample;

use clap::ValueEnum;
use serde_json::Value;

use super::*;
use crate::knowledge::Code;
use crate::render;

fn in_style(report: &Report, format: Format, style: TextStyle) -> String {
    let mut out = Vec::new();
    write(report, format, style, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("every form is UTF-8")
}

fn written(report: &Report, format: Format) -> String {
    in_style(report, format, TextStyle::default())
}

fn json(report: &Report) -> Value {
    serde_json::from_str(&written(report, Format::Json)).expect("JSON")
}

/// What differs between versions and machines, and the style sheet, which says nothing about a report.
fn steady(text: &str) -> String {
    let platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION").replace(&platform, "PLATFORM");
    let text = match (text.find("<style>"), text.find("</style>")) {
        (Some(start), Some(end)) => format!("{}STYLE{}", &text[..start + 7], &text[end..]),
        _ => text,
    };
    match text.split_once("sha256-") {
        Some((before, after)) => format!("{before}sha256-HASH{}", &after[after.find('\'').unwrap_or(0)..]),
        None => text,
    }
}

fn assert_reads_as_before(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, steady(text));
    });
}

#[test]
fn a_run_with_a_failure_reads_well_in_every_form() {
    for format in Format::value_variants() {
        let name = format!("realistic-{format:?}").to_lowercase();
        assert_reads_as_before(&name, &written(&sample::realistic(), *format));
    }
}

#[test]
fn hostile_texts_stay_where_they_stand_in_every_form() {
    for format in Format::value_variants() {
        let name = format!("hostile-{format:?}").to_lowercase();
        assert_reads_as_before(&name, &written(&sample::hostile(), *format));
    }
}

#[test]
fn lines_for_people_tell_more_on_demand_and_have_colour_on_a_terminal() {
    let style = TextStyle { colour: true, width: Some(100), verbose: true };
    assert_reads_as_before("verbose-text", &in_style(&sample::realistic(), Format::Text, style));
}

#[test]
fn where_nothing_is_wrong_the_last_line_says_so() {
    let text = written(&sample::healthy(), Format::Text);
    assert!(text.ends_with("\neverything that could be checked is in order\n"), "{text}");
    let mut report = sample::healthy();
    report.checks[0].status = Status::Warning;
    assert!(
        written(&report, Format::Text)
            .ends_with("\neverything that could be checked works, with 1 warning\n")
    );
    report.exit = Exit::Interrupted;
    assert!(
        written(&report, Format::Text).ends_with("\nthe checks did not come to their end, exit code 130\n")
    );
}

#[test]
fn lines_keep_to_the_width_but_for_what_is_to_be_pasted() {
    for width in [None, Some(0), Some(60), Some(100)] {
        let style = TextStyle { width, ..TextStyle::default() };
        let terminal = width.filter(|width| *width > 0);
        for line in in_style(&sample::realistic(), Format::Text, style).lines() {
            let pasted = line.trim_start().starts_with("az ");
            let is_of_a_check = !line.starts_with(' ');
            let is_title = is_of_a_check && !line.contains(": ");
            let limit = terminal.unwrap_or(if is_of_a_check { 120 } else { 80 });
            assert!(pasted || is_title || line.chars().count() <= limit, "{width:?}: {line}");
        }
    }
}

#[test]
fn what_mends_two_checks_is_told_once() {
    let report = sample::realistic();
    let text = written(&report, Format::Text);
    assert_eq!(text.matches("az rest").count(), 1, "{text}");
    assert_eq!(text.matches("hint: as above, `the token carries a directory role").count(), 1, "{text}");
    let page = written(&report, Format::Html);
    assert_eq!(page.matches("az rest").count(), 1);
    // A program reads one check by itself.
    assert_eq!(json(&report)["checks"][10]["remedy"], json(&report)["checks"][9]["remedy"]);
}

#[test]
fn a_failure_is_one_in_every_form() {
    let report = sample::realistic();
    assert_eq!(json(&report)["verdict"], "failed");
    assert_eq!(json(&report)["checks"][9]["hint_url"], "docs/errors.md#directory-role-missing");

    let junit = written(&report, Format::Junit);
    let junit = readers::xml(&junit);
    let failures: Vec<_> = junit.descendants().filter(|it| it.has_tag_name("failure")).collect();
    assert_eq!(failures.len(), 2);
    assert_eq!(failures[0].attribute("type"), Some("directory-role-missing"));
    assert_eq!(junit.root_element().attribute("failures"), Some("2"));

    let tap = readers::tap(&written(&report, Format::Tap));
    assert!(!tap[9].passed && tap.iter().filter(|test| !test.passed).count() == 2);
    assert_eq!(tap[9].block["code"], "directory-role-missing");
    assert_eq!(tap[11].skipped.as_deref(), Some("not looked at"));
    assert_eq!(tap[6].block["severity"], "warning");

    let text = written(&report, Format::Nagios);
    let (state, message, numbers) = readers::nagios(&text);
    let expected = [("total_ms", 11_840), ("token_ms", 212), ("token_ttl_s", 86_220), ("cmdlet_ms", 404)];
    assert_eq!((state, numbers.as_slice()), ("CRITICAL", &expected[..]));
    assert!(message.contains("docs/errors.md#directory-role-missing"), "{message}");
}

#[test]
fn what_is_written_can_be_read_back_as_it_was() {
    let report = sample::hostile();
    let shown = shown::report(&report);
    let tap = readers::tap(&written(&report, Format::Tap));
    assert_eq!(tap[0].description, shown.checks[0].title);
    assert_eq!(tap[0].block["evidence"], serde_json::json!(shown.checks[0].evidence));
    assert_eq!(json(&report)["checks"][0]["evidence"], tap[0].block["evidence"]);
    let junit = written(&report, Format::Junit);
    let junit = readers::xml(&junit);
    let failure = junit.descendants().find(|it| it.has_tag_name("failure")).expect("a failure");
    assert_eq!(failure.attribute("message"), Some(shown.checks[0].evidence[0].as_str()));
    assert!(failure.text().is_some_and(|text| text.starts_with(&shown.checks[0].evidence.join("\n"))));
    let numbers = readers::prometheus(&written(&report, Format::Prometheus));
    assert_eq!(numbers[0].1["organization"], shown.organization);
}

#[test]
fn metrics_are_in_seconds_and_every_check_is_there_once() {
    let numbers = readers::prometheus(&written(&sample::hostile(), Format::Prometheus));
    let value = |name: &str| {
        let found: Vec<f64> =
            numbers.iter().filter(|sample| sample.0 == name).map(|sample| sample.2).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].to_string()
    };
    for (name, expected) in [
        ("exo_mi_check", "0"),
        ("exo_mi_check_warning", "1"),
        ("exo_mi_doctor_exit_code", "5"),
        ("exo_mi_doctor_timestamp_seconds", "0"),
        ("exo_mi_doctor_duration_seconds", "3600"),
        ("exo_mi_token_ttl_seconds", "0"),
        ("exo_mi_identity_seconds", "12.345"),
    ] {
        assert_eq!(value(name), expected, "{name}");
    }
    let numbers = readers::prometheus(&written(&sample::realistic(), Format::Prometheus));
    let checks: Vec<(&str, f64)> = numbers
        .iter()
        .filter(|sample| sample.0 == "exo_mi_check")
        .map(|(_, labels, value)| (labels["id"].as_str(), *value))
        .collect();
    assert_eq!(checks.len(), 11, "a skipped check is left out: {checks:?}");
    assert_eq!(checks[9], ("directory-role", 0.0));
}

#[test]
fn a_plugin_knows_four_ends() {
    let with = |status, exit| {
        let mut report = sample::healthy();
        report.checks[0].status = status;
        report.exit = exit;
        plugin_code(&report)
    };
    for (status, exit, code) in [
        (Status::Ok, Exit::Done, 0),
        (Status::Skipped, Exit::Done, 0),
        (Status::Warning, Exit::Done, 1),
        (Status::Failed, Exit::Identity, 2),
        (Status::Failed, Exit::Denied, 2),
        (Status::Failed, Exit::Unavailable, 2),
        (Status::Ok, Exit::Unavailable, 2),
        (Status::Failed, Exit::Usage, 3),
        (Status::Ok, Exit::Machine, 3),
        (Status::Failed, Exit::Bug, 3),
        (Status::Ok, Exit::Interrupted, 3),
    ] {
        assert_eq!(with(status, exit), code, "{status:?} {exit:?}");
    }
}

#[test]
fn the_page_fetches_nothing_and_runs_nothing() {
    for report in [sample::realistic(), sample::hostile()] {
        let page = written(&report, Format::Html);
        let page = readers::xml(&page);
        let fetching = ["script", "link", "img", "iframe", "object", "embed", "base", "form", "svg"];
        for element in page.descendants().filter(roxmltree::Node::is_element) {
            assert!(!fetching.contains(&element.tag_name().name()), "{element:?}");
            for attribute in element.attributes() {
                let harmless =
                    ["lang", "charset", "http-equiv", "content", "name", "class", "id", "aria-hidden"];
                let stays = attribute.name() == "href" && attribute.value().starts_with("#check-");
                assert!(stays || harmless.contains(&attribute.name()), "{attribute:?}");
            }
        }
        let style =
            page.descendants().find(|it| it.has_tag_name("style")).and_then(|it| it.text()).unwrap_or("");
        assert!(!style.contains("url(") && !style.contains("@import"), "the style sheet fetches something");
    }
}
