//! What `-v` writes: each line by itself says to which request it belongs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Command, connect, grants, page, page_and_link};
use crate::server::{Step, reply};

/// A command that meets a full window, a token that is refused, and a second page.
fn eventful() -> Command {
    connect("Get-Mailbox -ResultSize Unlimited").identity([grants("first"), grants("second")]).exchange([
        Step::from(reply(429)),
        reply(401).into(),
        page_and_link("a", "{origin}/adminapi/beta/t/InvokeCommand?$skiptoken=x"),
        page(r#"[{"Name":"b"}]"#),
    ])
}

#[test]
fn every_line_of_a_run_names_the_run_and_from_the_first_request_to_exchange_on_that_request() {
    let outcome = eventful().option("-vvv").once();
    assert_eq!(outcome.counts(), (2, 4, 0), "{}", outcome.stderr);
    let sent: BTreeSet<_> =
        outcome.exchange.iter().filter_map(|request| request.one("client-request-id")).collect();
    let [id] = &Vec::from_iter(sent)[..] else { panic!("one number for all pages") };
    let lines: Vec<_> = outcome.stderr.lines().collect();
    let run = lines[0].split_once("run{id=").and_then(|(_, rest)| rest.split_once('}')).expect("a run").0;
    assert_ne!(run, id);
    assert!(lines.iter().all(|line| line.contains(&format!("run{{id={run}}}"))), "{}", outcome.stderr);
    let first = lines.iter().position(|line| line.contains("InvokeCommand")).expect("a request");
    let (before, after) = lines.split_at(first);
    assert!(before.len() >= 3 && after.len() >= 12, "{}", outcome.stderr);
    assert!(before.iter().all(|line| !line.contains("client_request_id")), "{}", outcome.stderr);
    let named = format!("request{{client_request_id={id}}}");
    // The token that is asked for anew among them.
    assert!(after.iter().all(|line| line.matches(&named).count() == 1), "{}", outcome.stderr);
    assert!(after.iter().any(|line| line.contains("asking for a token")), "{}", outcome.stderr);
}

#[test]
fn every_object_of_a_log_in_json_says_the_same_in_the_same_place() {
    let outcome = eventful().option("-vvv --log-format json").once();
    let lines = outcome.stderr.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let lines: Vec<_> = lines.collect();
    assert!(lines.iter().all(|line| line["spans"][0]["name"] == "run" && line["spans"][0]["id"].is_string()));
    let first = lines.iter().position(|line| line.to_string().contains("InvokeCommand")).expect("a request");
    let id = outcome.exchange[0].one("client-request-id").map(Value::from);
    for line in &lines[first..] {
        assert_eq!(Some(&line["span"]["client_request_id"]), id.as_ref(), "{line}");
    }
}

/// What stands behind the priority of each line, or `None` where one has none.
fn prioritised(text: &str) -> Option<Vec<(u8, &str)>> {
    let parts = text.lines().map(|line| {
        let (priority, rest) = line.strip_prefix('<')?.split_once('>')?;
        Some((priority.parse().ok()?, rest))
    });
    parts.collect()
}

#[test]
fn the_journal_is_told_how_much_each_line_matters_and_nothing_that_it_knows() {
    let page =
        r#"{"@adminapi.warnings":["over\nthere"],"value":[{"Name":"a"}],"@odata.nextLink":"{origin}/2"}"#;
    let command = eventful().exchange([reply(429), reply(401), reply(200).json(page), reply(403)]);
    let outcome = command.option("-vvv --log-format journald").once();
    assert_eq!(outcome.exit, 7, "{}", outcome.stderr);
    let lines = prioritised(&outcome.stderr).expect("a priority for each line");
    let says = |priority, text: &str| lines.iter().any(|(had, line)| *had == priority && line.contains(text));
    assert!(says(7, "sending") && says(6, "got a page") && says(4, "warning: over"), "{}", outcome.stderr);
    for text in ["error: the result is incomplete", "  caused by: ", "hint: ", "docs/errors.md#"] {
        assert!(says(3, text), "{text}: {}", outcome.stderr);
    }
    // 2027, the year of this clock, and the names of levels.
    let known = ["2027-", "DEBUG", "INFO", "\u{1b}"];
    assert!(known.iter().all(|known| !outcome.stderr.contains(known)), "{}", outcome.stderr);
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn every_attempt_at_exchange_is_a_part_of_its_own_of_the_trace_that_the_environment_names() {
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let outcome = eventful().variable("TRACEPARENT", &parent).option("-vvv").once();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let parts: Vec<_> = outcome.exchange.iter().filter_map(|request| request.one("traceparent")).collect();
    assert_eq!(parts.len(), 4);
    assert_eq!(BTreeSet::from_iter(&parts).len(), 4, "{parts:?}");
    for part in &parts {
        let fields: Vec<_> = part.split('-').collect();
        let [version, trace, number, flags] = fields[..] else { panic!("{part}") };
        assert_eq!((version, trace, flags, number.len()), ("00", TRACE, "01", 16), "{part}");
        assert_ne!(*part, parent);
        assert!(outcome.stderr.contains(&format!("traceparent=\"{part}\"")), "{part}: {}", outcome.stderr);
    }
    // Whoever else is asked has nothing to do with it.
    assert!(outcome.identity.iter().all(|request| request.one("traceparent").is_none()));
    let named = format!("trace_id=\"{TRACE}\"");
    assert!(outcome.stderr.lines().all(|line| line.contains(&named)), "{}", outcome.stderr);
}

#[test]
fn what_is_no_trace_is_left_out_with_a_word_for_those_who_ask() {
    let command = eventful().variable("TRACEPARENT", &format!("00-{TRACE}-0000000000000000-01"));
    for (option, said) in [("-v", 1), ("--max-retries 9", 0)] {
        let outcome = command.clone().option(option).once();
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
        assert!(outcome.exchange.iter().all(|request| request.one("traceparent").is_none()));
        assert_eq!(outcome.stderr.matches("TRACEPARENT is left out").count(), said, "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("trace_id"), "{}", outcome.stderr);
    }
}
