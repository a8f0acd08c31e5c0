//! `$batch`: what one request for many identities looks like, and what becomes of answers that are missing or wrong.

use serde_json::{Value, json};

use crate::harness::{Command, TENANT, connect, grants, json, page};
use crate::server::{Step, reply};

fn reading() -> Command {
    connect("Get-Mailbox -Identity - -ResultSize 5").input("a\nb\n")
}

fn writing() -> Command {
    connect("Set-Mailbox -Identity - -Office x").input("a\nb\nc\n")
}

/// An answer to a batch.
fn answers(responses: &Value) -> Step {
    reply(200).json(json!({ "responses": responses }).to_string()).into()
}

fn row(id: &str, name: &str) -> Value {
    json!({"id": id, "status": 200, "headers": {}, "body": {"value": [{"Name": name}]}})
}

fn done(id: &str) -> Value {
    json!({"id": id, "status": 200, "headers": {}, "body": {"value": []}})
}

#[test]
fn a_batch_holds_each_request_as_it_would_go_by_itself() {
    let outcome = reading().exchange([answers(&json!([row("1", "b"), row("0", "a")]))]).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "{\"Name\":\"a\"}\n{\"Name\":\"b\"}\n"));
    let request = &outcome.exchange[0];
    assert!(request.line().starts_with(&format!("POST /adminapi/beta/{TENANT}/$batch HTTP")));
    assert_eq!(request.one("prefer").as_deref(), Some("odata.maxpagesize=1000;odata.continue-on-error"));
    assert!(request.one("authorization").is_some_and(|value| value.starts_with("Bearer ")));
    let body = json(request);
    let items = body["requests"].as_array().expect("requests");
    for (at, (item, identity)) in items.iter().zip(["a", "b"]).enumerate() {
        assert_eq!(item["id"], at.to_string());
        assert_eq!(item["method"], "POST");
        let url = item["url"].as_str().expect("a URL");
        assert!(
            url.starts_with("http://127.0.0.1:") && url.ends_with(&format!("/{TENANT}/InvokeCommand")),
            "{url}"
        );
        assert_eq!(
            item["body"],
            json!({"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": {"Identity": identity, "ResultSize": 5}}})
        );
        let headers = &item["headers"];
        assert_eq!(headers["x-cmdletname"], "Get-Mailbox");
        assert_eq!(headers["prefer"], "odata.maxpagesize=5");
        for name in ["client-request-id", "x-anchormailbox", "connection-id"] {
            assert_eq!(headers[name].as_str(), request.one(name).as_deref(), "{name}");
        }
        assert_eq!(headers["authorization"], Value::Null, "the token goes once");
    }
}

#[test]
fn a_next_page_is_fetched_by_itself_and_in_its_place() {
    let link = format!("{{origin}}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=1");
    let first =
        json!({"id": "0", "status": 200, "body": {"value": [{"Name": "a1"}], "@odata.nextLink": link}});
    let steps = [answers(&json!([first, row("1", "b")])), page(r#"[{"Name":"a2"}]"#)];
    let outcome = reading().exchange(steps).run();
    assert_eq!(
        outcome.stdout, "{\"Name\":\"a1\"}\n{\"Name\":\"a2\"}\n{\"Name\":\"b\"}\n",
        "{}",
        outcome.stderr
    );
    assert_eq!(json(&outcome.exchange[1])["CmdletInput"]["Parameters"]["Identity"], "a");
}

#[test]
fn what_came_of_an_identity_before_a_page_failed_is_kept_and_the_others_are_whole() {
    let link = format!("{{origin}}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=1");
    let first =
        json!({"id": "0", "status": 200, "body": {"value": [{"Name": "a1"}], "@odata.nextLink": link}});
    let expired =
        r#"{"error":{"message":"Expired or Invalid pagination request. Default Expiry time is 00:30:00"}}"#;
    for (answer, times) in [
        (reply(400).json(expired), 1),
        (reply(429), 6),
        (reply(429).header("Retry-After", "301"), 1),
        (reply(503), 6),
        (reply(200), 1),
    ] {
        let mut steps = vec![answers(&json!([first, row("1", "b")]))];
        steps.extend(vec![Step::from(answer.clone()); times]);
        let outcome = reading().exchange(steps).run();
        assert_eq!(outcome.counts(), (1, 1 + times, 7), "{answer:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "{\"Name\":\"a1\"}\n{\"Name\":\"b\"}\n", "{answer:?}");
        outcome.says(&["1 row was printed, and more exist", "for `a`, in line 1", "hint: "]);
    }
}

#[test]
fn what_a_reading_batch_leaves_out_is_asked_for_by_itself() {
    for answer in [
        json!([row("0", "a")]),
        json!([row("0", "a"), {"id": "1", "status": 429, "headers": {"Retry-After": "3"}, "body": null}]),
        json!([row("0", "a"), {"id": "1", "status": 503}]),
        json!([row("0", "a"), {"id": "1", "status": 401}]),
    ] {
        let outcome = reading().exchange([answers(&answer), page(r#"[{"Name":"b"}]"#)]).run();
        assert_eq!((outcome.exit, outcome.exchange.len()), (0, 2), "{answer}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "{\"Name\":\"a\"}\n{\"Name\":\"b\"}\n", "{answer}");
        assert_eq!(outcome.waited().as_secs(), if answer.to_string().contains("429") { 3 } else { 0 });
    }
}

#[test]
fn a_write_within_a_batch_is_sent_again_only_where_it_certainly_did_not_run() {
    for (status, requests, exit) in [(429, 2, 0), (401, 2, 0), (503, 1, 6), (500, 1, 6), (400, 1, 5)] {
        let answer = answers(&json!([done("0"), {"id": "1", "status": status}, done("2")]));
        let steps = if requests == 2 { vec![answer, page("[]")] } else { vec![answer] };
        let outcome = writing().exchange(steps).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (requests, exit), "{status}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.contains("for `b`, in line 2"), exit != 0, "{status}: {}", outcome.stderr);
    }
}

#[test]
fn a_write_that_a_batch_passes_over_is_in_doubt_and_the_others_are_not() {
    let outcome = writing().exchange([answers(&json!([done("2"), done("0")]))]).run();
    assert_eq!((outcome.exchange.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
    outcome.says(&["may or may not have been applied", "for `b`, in line 2 of standard input"]);
    assert!(!outcome.stderr.contains("line 3"), "{}", outcome.stderr);
}

#[test]
fn a_batch_of_writes_that_is_lost_is_in_doubt_as_a_whole_and_nothing_follows_it() {
    for answer in [
        Step::silence().then_close(),
        Step::silence().then_reset(),
        reply(200).body("<html>Sign in</html>").into(),
        reply(200).json("{}").into(),
        reply(503).into(),
    ] {
        let outcome = writing().exchange([answer.clone()]).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (1, 6), "{answer:?}: {}", outcome.stderr);
        outcome.says(&[
            "may or may not have been applied",
            "what became of lines 1 to 3 of standard input is not known",
        ]);
    }
}

#[test]
fn what_was_sent_beside_a_refusal_is_told_of_as_well() {
    let mixed = json!([{"id": "0", "status": 403}, done("1"), {"id": "2", "status": 400}]);
    let outcome = writing().exchange([answers(&mixed)]).run();
    assert_eq!((outcome.exchange.len(), outcome.exit), (1, 5), "{}", outcome.stderr);
    outcome.says(&[
        "for `a`, in line 1",
        "for `c`, in line 3",
        "nothing after line 3 of standard input was sent",
    ]);
}

#[test]
fn one_odd_answer_says_nothing_against_the_others() {
    let odd = json!([{"id": 0, "status": 200, "headers": null}, done("1"), {"id": "2", "status": "?"}]);
    let outcome = writing().exchange([answers(&odd)]).run();
    assert_eq!((outcome.exchange.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
    assert!(
        !outcome.stderr.contains("line 1 ") && outcome.stderr.contains("for `c`, in line 3"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_write_that_was_certainly_not_sent_is_not_in_doubt() {
    let outcome = writing().option("--max-retries 0").exchange([reply(429)]).run();
    assert_eq!(outcome.exit, 6, "{}", outcome.stderr);
    outcome.says(&["there is no result of lines 1 to 3 of standard input"]);
    assert!(!outcome.stderr.contains("may or may not"), "{}", outcome.stderr);
}

#[test]
fn waits_that_were_asked_for_together_pass_together() {
    let busy = |id: &str| json!({"id": id, "status": 429, "headers": {"Retry-After": "60"}});
    let steps =
        [answers(&json!([busy("0"), busy("1")])), page(r#"[{"Name":"a"}]"#), page(r#"[{"Name":"b"}]"#)];
    let outcome = reading().exchange(steps).run();
    assert_eq!((outcome.exit, outcome.waited().as_secs()), (0, 60), "{}", outcome.stderr);
}

#[test]
fn what_travelled_with_a_write_that_ends_the_command_is_told_too() {
    let denied = || json!({"id": "0", "status": 403});
    for (answer, exit, says) in [
        (json!([denied(), done("1"), done("2")]), 4, None),
        (
            json!([denied(), done("1"), {"id": "2", "status": 503}]),
            6,
            Some("may or may not have been applied"),
        ),
        (json!([denied(), done("1")]), 6, Some("may or may not have been applied")),
        (
            json!([denied(), done("1"), {"id": "2", "status": 429}]),
            6,
            Some("`Set-Mailbox` was not carried out"),
        ),
        (json!([denied(), done("1"), {"id": "2", "status": 404}]), 5, Some("refused `Set-Mailbox` (404)")),
    ] {
        let outcome = writing().exchange([answers(&answer)]).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (1, exit), "{answer}: {}", outcome.stderr);
        outcome.says(&["for `a`, in line 1", "nothing after line 3 of standard input was sent"]);
        assert!(!outcome.stderr.contains("in line 2"), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.contains("in line 3"), says.is_some(), "{answer}: {}", outcome.stderr);
        outcome.says(says.as_slice());
    }
}

#[test]
fn a_batch_of_writes_that_was_certainly_not_carried_out_leaves_no_doubt() {
    for (answer, times, exit) in [
        (reply(429).header("Retry-After", "301"), 1, 6),
        (reply(429), 6, 6),
        (reply(302).header("Location", "https://example.test/"), 1, 6),
        (reply(403), 1, 4),
    ] {
        let outcome = writing().exchange(vec![answer.clone(); times]).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (times, exit), "{}", outcome.stderr);
        outcome.says(&["there is no result of lines 1 to 3 of standard input, and nothing after was sent"]);
        assert!(!outcome.stderr.contains("is not known"), "{}", outcome.stderr);
    }
}

#[test]
fn a_batch_of_reads_is_asked_for_again() {
    let good = || answers(&json!([row("0", "a"), row("1", "b")]));
    for answer in [Step::silence().then_reset(), reply(503).into(), reply(429).into()] {
        let outcome = reading().exchange([answer, good()]).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (2, 0), "{}", outcome.stderr);
    }
    let renewed = reading().identity([grants("first"), grants("second")]);
    let outcome = renewed.exchange([reply(401).into(), good()]).run();
    assert_eq!(outcome.counts(), (2, 2, 0), "{}", outcome.stderr);
}

#[test]
fn a_foreign_link_within_a_batch_is_not_followed() {
    let item =
        json!({"id": "0", "status": 200, "body": {"value": [], "@odata.nextLink": "https://evil.example/"}});
    let outcome = reading().exchange([answers(&json!([item, row("1", "b")]))]).run();
    assert_eq!(
        (outcome.exchange.len(), outcome.stdout.as_str()),
        (1, "{\"Name\":\"b\"}\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.exit, 6, "{}", outcome.stderr);
}

/// Writes of which one goes first, and the others together.
fn writing_at_once() -> Command {
    let lines: Vec<String> = (0..21).map(|number| format!("user{number}")).collect();
    connect("Set-Mailbox -Identity - -Office x").option("--parallel 2").input(&lines.join("\n"))
}

fn first_done() -> Step {
    answers(&json!([done("0")]))
}

fn all_done() -> Step {
    let ids: Vec<Value> = (0..10).map(|number| done(&number.to_string())).collect();
    answers(&json!(ids))
}

#[test]
fn of_writes_that_are_under_way_together_each_is_told_of() {
    for (steps, exit, says) in [
        ([first_done(), Step::silence().then_close(), Step::silence().then_close()], 6, "is not known"),
        ([first_done(), reply(403).into(), reply(403).into()], 4, "there is no result of"),
    ] {
        let outcome = writing_at_once().exchange(steps).run();
        assert_eq!((outcome.exchange.len(), outcome.exit), (3, exit), "{}", outcome.stderr);
        outcome.says(&[says, "lines 2 to 11 of standard input", "lines 12 to 21 of standard input"]);
    }
}

#[test]
fn what_is_under_way_beside_a_write_that_ends_the_command_is_awaited() {
    let steps = [first_done(), Step::silence().then_close(), all_done()];
    let outcome = writing_at_once().exchange(steps).run();
    assert_eq!((outcome.exchange.len(), outcome.exit), (3, 6), "{}", outcome.stderr);
    outcome.says(&["what became of lines ", " is not known, and nothing after"]);
    // Which of the two requests came first at the server is not decided, and one of them is good.
    let both = outcome.stderr.contains("2 to 11") && outcome.stderr.contains("12 to 21");
    assert!(!both, "{}", outcome.stderr);
}
