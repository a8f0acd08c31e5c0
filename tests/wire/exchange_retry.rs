//! What is sent again, and what never: a write must not happen twice.

use std::time::Duration;

use crate::harness::{Command, Outcome, closed_port, page, reading, writing};
use crate::server::{Reply, Step, reply};

fn overloaded() -> Reply {
    reply(500).json(r#"{"error":{"code":"InternalServerError","message":"Error executing cmdlet","details":[{"message":"|Microsoft.Exchange.Data.Directory.DCOverloadedException|busy"}]}}"#)
}

fn crowded() -> Reply {
    reply(400).body(
        "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.",
    )
}

/// The same reply to each of so many requests.
fn always(command: &Command, answer: &Step, times: usize) -> Outcome {
    command.clone().exchange(vec![answer.clone(); times]).run()
}

#[test]
fn each_status_is_answered_by_so_many_requests_and_this_exit_code() {
    for (answer, (reads, read_exit), (writes, write_exit)) in [
        (reply(400), (1, 5), (1, 5)),
        (reply(403), (1, 4), (1, 4)),
        (reply(404), (1, 5), (1, 5)),
        (reply(405), (1, 5), (1, 5)),
        (reply(408), (1, 6), (1, 6)),
        (reply(409), (1, 5), (1, 5)),
        (reply(412), (1, 5), (1, 5)),
        (reply(429), (6, 6), (6, 6)),
        (reply(500), (1, 5), (1, 6)),
        (reply(500).json(r#"{"error":{"details":[{"message":"|A.B.C|broken"}]}}"#), (1, 5), (1, 5)),
        (reply(501), (1, 5), (1, 6)),
        (reply(502), (6, 6), (1, 6)),
        (reply(503), (6, 6), (1, 6)),
        (reply(504), (6, 6), (1, 6)),
        (overloaded(), (6, 6), (1, 6)),
        (crowded(), (6, 6), (1, 6)),
        (reply(503).body("<html>busy</html>"), (6, 6), (1, 6)),
    ] {
        let answer = Step::from(answer);
        let read = always(&reading(), &answer, reads);
        assert_eq!(read.counts(), (1, reads, read_exit), "reading, {answer:?}: {}", read.stderr);
        let write = always(&writing(), &answer, writes);
        assert_eq!(write.counts(), (1, writes, write_exit), "writing, {answer:?}: {}", write.stderr);
    }
}

#[test]
fn a_write_that_may_have_been_applied_says_so_and_any_other_does_not() {
    let lost = Step::silence().then_close();
    for (answer, in_doubt) in [
        (Step::from(reply(400)), false),
        (reply(403).into(), false),
        (reply(404).into(), false),
        (reply(302).header("Location", "/x").into(), false),
        (reply(408).into(), true),
        (reply(502).into(), true),
        (reply(503).into(), true),
        (reply(504).into(), true),
        (overloaded().into(), true),
        (lost, true),
        (Step::silence().then_reset(), true),
        (Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{").then_close(), true),
        (Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{").then_reset(), true),
        (reply(200).body("<html>Sign in</html>").into(), true),
        (reply(200).header("Content-Encoding", "gzip").body("no gzip").into(), true),
        (reply(200).json(b"{\"value\":[\"\xff\"]}").into(), true),
    ] {
        let outcome = always(&writing(), &answer, 1);
        assert_eq!(outcome.exchange.len(), 1);
        let says = outcome.stderr.contains("may or may not have been applied");
        assert_eq!(says, in_doubt, "{answer:?}: {}", outcome.stderr);
        assert!(!in_doubt || outcome.exit == 6, "{answer:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.contains("write-in-doubt"), in_doubt, "{answer:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_read_survives_connections_that_break() {
    for broken in [
        Step::silence().then_close(),
        Step::silence().then_reset(),
        Step::raw("HTTP/1.1 200 O").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"value\":[").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"value\":[").then_reset(),
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"value\":[\r\n").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"val").then_reset(),
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}").then_close(),
        Step::raw("nonsense\r\n\r\n").then_close(),
    ] {
        let outcome = reading().exchange([broken.clone(), page(r#"[{"Name":"a"}]"#)]).run();
        assert_eq!(outcome.counts(), (1, 2, 0), "{broken:?}: {}", outcome.stderr);
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("{\"Name\":\"a\"}\n", ""));
        let for_ever = always(&reading(), &broken, 6);
        assert_eq!(for_ever.counts(), (1, 6, 6), "{broken:?}: {}", for_ever.stderr);
        for_ever.says(&["the connection was lost before the reply was complete", "attempt 6"]);
        let write = always(&writing(), &broken, 1);
        assert_eq!(write.counts(), (1, 1, 6), "{broken:?}: {}", write.stderr);
    }
}

#[test]
fn a_write_is_sent_again_after_a_throttled_one_and_only_then() {
    let throttled = || reply(429).header("Retry-After", "7").into();
    let outcome = writing().exchange([throttled(), throttled(), page("[]")]).run();
    assert_eq!(outcome.counts(), (1, 3, 0), "{}", outcome.stderr);
    assert_eq!(outcome.sleeps, [Duration::from_secs(7); 2]);
    // On the same connection, which now breaks: nobody knows whether the cmdlet ran.
    let outcome = writing().exchange([throttled(), Step::silence().then_close()]).run();
    assert_eq!(outcome.counts(), (1, 2, 6), "{}", outcome.stderr);
    outcome.says(&["write-in-doubt", "attempt 2"]);
}

#[test]
fn a_connection_that_the_server_closed_after_a_reply_is_not_used_again() {
    let closing = Step::raw("HTTP/1.1 429 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").then_close();
    let outcome = writing().exchange([closing, page("[]")]).run();
    assert_eq!(outcome.counts(), (1, 2, 0), "{}", outcome.stderr);
    assert_ne!(outcome.exchange[0].connection, outcome.exchange[1].connection);
}

#[test]
fn a_connection_that_was_never_made_is_tried_again_by_readers_and_writers_and_leaves_no_doubt() {
    let uri = format!("http://127.0.0.1:{}", closed_port());
    for command in [reading(), writing()] {
        let outcome = command.variable("EXO_MI_CONNECTION_URI", &uri).run();
        assert_eq!((outcome.exit, outcome.sleeps.len()), (6, 5), "{}", outcome.stderr);
        outcome.says(&["exchange-unreachable", "nothing listens there", "attempt 6"]);
        assert!(!outcome.stderr.contains("may or may not"), "{}", outcome.stderr);
    }
}

#[test]
fn waits_are_those_of_the_module_or_those_that_the_service_asks_for() {
    let outcome = always(&reading(), &reply(503).into(), 6);
    for (wait, minimum) in outcome.sleeps.iter().zip([2.0, 4.0, 8.0, 16.0, 32.0]) {
        assert!((minimum..=minimum * 1.5 + 0.01).contains(&wait.as_secs_f64()), "{:?}", outcome.sleeps);
    }
    for (wait, expected) in [("11", 11_000), ("1.5", 1_500), ("Fri, 15 Jan 2027 08:01:00 GMT", 60_000)] {
        let busy = reply(503).header("Retry-After", wait);
        let outcome = reading().exchange([busy.into(), page("[]")]).run();
        assert_eq!(outcome.sleeps, [Duration::from_millis(expected)], "{wait}");
    }
    for wait in ["301", "1e300"] {
        let outcome = always(&reading(), &reply(429).header("Retry-After", wait).into(), 1);
        assert_eq!(outcome.counts(), (1, 1, 6), "{}", outcome.stderr);
        outcome.says(&["exchange-busy"]);
    }
}

#[test]
fn every_attempt_is_the_same_request() {
    let outcome = reading().exchange([reply(503).into(), reply(429).into(), page("[]")]).run();
    let seen: Vec<_> = outcome
        .exchange
        .iter()
        .map(|request| (request.line().to_owned(), request.headers(), request.body.clone()))
        .collect();
    assert!(seen.len() == 3 && seen[0] == seen[1] && seen[1] == seen[2], "{seen:#?}");
}

#[test]
fn the_deadline_cuts_a_reply_that_does_not_come() {
    for stalled in [
        Step::silence().then_stall(),
        Step::raw("HTTP/1.1 200 OK\r\n").then_stall(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"value\":[").then_stall(),
    ] {
        let read = always(&reading().option("--timeout 300ms"), &stalled, 1);
        assert_eq!(read.counts(), (1, 1, 6), "{}", read.stderr);
        read.says(&["deadline-passed", "--timeout"]);
        let write = always(&writing().option("--timeout 300ms"), &stalled, 1);
        assert_eq!(write.counts(), (1, 1, 6), "{}", write.stderr);
        write.says(&["write-in-doubt", "the deadline of the whole command passed"]);
    }
}

#[test]
fn a_write_that_was_only_ever_throttled_when_the_deadline_came_is_not_in_doubt() {
    let throttled = reply(429).header("Retry-After", "60").into();
    let outcome = always(&writing().option("--timeout 30s"), &throttled, 1);
    assert_eq!(outcome.counts(), (1, 1, 6), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("may or may not"), "{}", outcome.stderr);
    outcome.says(&["deadline-passed"]);
}

#[test]
fn the_user_may_want_fewer_retries() {
    for (most, requests) in [(0, 1), (1, 2), (8, 9)] {
        let command = reading().option(&format!("--max-retries {most}"));
        let outcome = always(&command, &reply(503).into(), requests);
        assert_eq!(outcome.counts(), (1, requests, 6), "{}", outcome.stderr);
    }
}
