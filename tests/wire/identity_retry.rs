//! How often an identity endpoint is asked, and how long is waited in between.

use std::time::Duration;

use crate::harness::{Outcome, SOURCES, Source, closed_port, grants, page, reading};
use crate::server::{Reply, Step, reply};

/// The end of a series of replies: the token, or the refusal.
fn run(source: Source, options: &str, replies: Vec<Step>, ends_well: bool) -> Outcome {
    let mut steps = replies;
    let mut command = reading().option(options).source(source);
    if ends_well {
        steps.push(grants("first"));
        command = command.exchange([page("[]")]);
    }
    command.identity(steps).run()
}

fn times(count: usize, step: impl Into<Step>) -> Vec<Step> {
    vec![step.into(); count]
}

fn seconds(outcome: &Outcome) -> Vec<f64> {
    outcome.sleeps.iter().map(Duration::as_secs_f64).collect()
}

#[test]
fn what_may_pass_is_asked_again_until_it_has_passed() {
    for source in SOURCES {
        for (status, count) in
            [(404, 2), (410, 4), (429, 1), (500, 5), (502, 1), (503, 1), (504, 3), (511, 1)]
        {
            let outcome = run(source, "", times(count, reply(status)), true);
            assert_eq!(outcome.counts(), (count + 1, 1, 0), "{source:?} {status}: {}", outcome.stderr);
            assert_eq!(outcome.stderr, "", "a success says nothing");
        }
    }
}

#[test]
fn an_endpoint_being_updated_is_waited_for_seventy_seconds() {
    let back = run(Source::Imds, "", times(4, reply(410)), true);
    assert_eq!(seconds(&back), [10.0; 4]);
    let gone = run(Source::Imds, "", times(8, reply(410)), false);
    assert_eq!(gone.counts(), (8, 0, 6), "{}", gone.stderr);
    assert!(gone.waited() >= Duration::from_secs(70), "{:?}", gone.sleeps);
    gone.says(&["identity-endpoint-unavailable", "(410)", "attempt 8"]);
}

#[test]
fn an_endpoint_being_updated_is_waited_for_whatever_it_says_about_waiting() {
    for wait in ["0", "1", "Fri, 15 Jan 2027 07:00:00 GMT"] {
        let gone = run(Source::Imds, "", times(8, reply(410).header("Retry-After", wait)), false);
        assert!(gone.waited() >= Duration::from_secs(70), "{wait}: {:?}", gone.sleeps);
    }
}

#[test]
fn patience_ends_after_five_retries() {
    for source in SOURCES {
        for (status, exit) in [(404, 3), (429, 6), (500, 6), (503, 6), (504, 6)] {
            let outcome = run(source, "", times(6, reply(status)), false);
            assert_eq!(outcome.counts(), (6, 0, exit), "{source:?} {status}: {}", outcome.stderr);
            outcome.says(&[&format!("({status})"), "attempt 6"]);
        }
    }
}

#[test]
fn waits_begin_with_a_second_and_grow() {
    let outcome = run(Source::Imds, "", times(6, reply(500)), false);
    let waits = seconds(&outcome);
    assert_eq!(waits.len(), 5);
    for (wait, minimum) in waits.iter().zip([1.0, 2.0, 4.0, 8.0, 16.0]) {
        assert!((minimum..=minimum * 1.5 + 0.01).contains(wait), "{waits:?}");
    }
}

#[test]
fn no_other_refusal_is_asked_again() {
    for source in SOURCES {
        for status in [400, 401, 403, 405, 408, 409, 415, 418, 422, 451] {
            let outcome = run(source, "", times(1, reply(status)), false);
            assert_eq!(outcome.counts(), (1, 0, 3), "{source:?} {status}: {}", outcome.stderr);
            assert!(outcome.sleeps.is_empty());
            outcome.says(&[&format!("({status})")]);
        }
    }
}

#[test]
fn the_endpoint_may_say_how_long_to_wait() {
    let after = |wait: &str| reply(429).header("Retry-After", wait);
    for (wait, expected) in [
        ("3", 3.0),
        ("0", 1.0),
        ("0.5", 1.0),
        ("2.25", 2.25),
        (" 7 ", 7.0),
        ("300", 300.0),
        ("Fri, 15 Jan 2027 08:00:20 GMT", 20.0),
        ("Friday, 15-Jan-27 08:00:20 GMT", 20.0),
    ] {
        let outcome = run(Source::Imds, "", times(1, after(wait)), true);
        assert_eq!((outcome.exit, seconds(&outcome)), (0, vec![expected]), "{wait}");
    }
}

#[test]
fn nobody_waits_longer_than_five_minutes() {
    for wait in [
        "301",
        "86400",
        "1e300",
        "99999999999999999999999999",
        "Fri, 15 Jan 2027 08:05:01 GMT",
        "Tue, 01 Jan 2999 00:00:00 GMT",
    ] {
        for status in [429, 503] {
            let outcome = run(Source::Imds, "", times(1, reply(status).header("Retry-After", wait)), false);
            assert_eq!(outcome.counts(), (1, 0, 6), "{wait}: {}", outcome.stderr);
            assert!(outcome.sleeps.is_empty());
        }
    }
}

#[test]
fn what_is_no_wait_leaves_the_wait_as_it_is() {
    for wait in ["", "soon", "-5", "NaN", "-inf", "Fri, 99 Jan 2027 08:00:20 GMT"] {
        let outcome = run(Source::Imds, "", times(1, reply(500).header("Retry-After", wait)), true);
        let waits = seconds(&outcome);
        assert!(waits.len() == 1 && (1.0..=1.51).contains(&waits[0]), "{wait}: {waits:?}");
    }
}

#[test]
fn the_user_may_want_fewer_retries() {
    for (options, status, requests, exit) in [
        ("--max-retries 0", 404, 1, 3),
        ("--max-retries 0", 410, 1, 6),
        ("--max-retries 0", 500, 1, 6),
        ("--max-retries 0", 504, 1, 6),
        ("--max-retries 1", 504, 2, 6),
        ("--max-retries 1", 410, 2, 6),
        ("--max-retries 7", 504, 8, 6),
    ] {
        let outcome = run(Source::Imds, options, times(requests, reply(status)), false);
        assert_eq!(outcome.counts(), (requests, 0, exit), "{options} {status}: {}", outcome.stderr);
    }
}

#[test]
fn every_token_request_has_its_own_patience() {
    // Five failures before each of the two tokens: neither counts against the other.
    let refused: Reply = reply(401);
    let mut steps = times(5, reply(503));
    steps.push(grants("first"));
    steps.extend(times(5, reply(503)));
    steps.push(grants("fresh"));
    let outcome = reading().identity(steps).exchange([refused.into(), page("[]")]).run();
    assert_eq!(outcome.counts(), (12, 2, 0), "{}", outcome.stderr);
}

#[test]
fn kinds_of_failure_do_not_use_up_each_others_patience() {
    let mut steps = times(3, reply(410));
    steps.extend(times(5, reply(500)));
    steps.extend(times(4, reply(410)));
    let outcome = run(Source::Imds, "", steps, true);
    assert_eq!(outcome.counts(), (13, 1, 0), "{}", outcome.stderr);
}

#[test]
fn connections_that_break_are_made_again() {
    for broken in [
        Step::silence().then_close(),
        Step::silence().then_reset(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Ty").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"acc").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"acc").then_reset(),
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"acc\r\n").then_close(),
        Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").then_close(),
        Step::raw("what is this\r\n\r\n").then_close(),
    ] {
        let back = run(Source::Imds, "", times(1, broken.clone()), true);
        assert_eq!(back.counts(), (2, 1, 0), "{broken:?}: {}", back.stderr);
        let broken_for_ever = run(Source::Imds, "", times(6, broken.clone()), false);
        assert_eq!(broken_for_ever.counts(), (6, 0, 6), "{broken:?}: {}", broken_for_ever.stderr);
        broken_for_ever.says(&["identity-endpoint-unavailable", "attempt 6"]);
    }
}

#[test]
fn nothing_listens_is_known_after_two_attempts() {
    for (variable, value) in [
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST", format!("http://127.0.0.1:{}", closed_port())),
        ("IDENTITY_ENDPOINT", format!("http://127.0.0.1:{}/msi/token", closed_port())),
    ] {
        let source = if variable == "IDENTITY_ENDPOINT" { Source::Endpoint } else { Source::Imds };
        for (options, attempts) in [("", 2), ("--max-retries 9", 2), ("--max-retries 0", 1)] {
            let outcome = reading().option(options).source(source).variable(variable, &value);
            let outcome = outcome.identity(Vec::<Step>::new()).run();
            assert_eq!((outcome.exit, outcome.sleeps.len()), (3, attempts - 1), "{}", outcome.stderr);
            assert!(outcome.waited() < Duration::from_secs(1));
            outcome.says(&["identity-endpoint-unreachable", &format!("attempt {attempts}")]);
        }
    }
}

#[test]
fn a_slow_body_is_read_to_its_end() {
    let whole = format!(r#"{{"access_token":"{}","expires_in":"3600"}}"#, crate::harness::token("slow"));
    let mut step = Step::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", whole.len()));
    let pieces: Vec<&[u8]> = whole.as_bytes().chunks(whole.len() / 7).collect();
    for piece in pieces {
        step = step.then_pause(Duration::from_millis(40)).then_send(piece);
    }
    for options in ["", "--max-retries 0"] {
        let outcome = reading().option(options).identity([step.clone()]).exchange([page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
        assert_eq!(
            outcome.exchange[0].one("authorization"),
            Some(format!("Bearer {}", crate::harness::token("slow")))
        );
    }
}

#[test]
fn the_deadline_ends_a_reply_that_never_comes_and_a_wait_that_is_too_long() {
    for stalled in [
        Step::silence().then_stall(),
        Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").then_stall(),
    ] {
        let outcome = run(Source::Imds, "--timeout 300ms", times(1, stalled), false);
        assert_eq!(outcome.counts(), (1, 0, 6), "{}", outcome.stderr);
        outcome.says(&["deadline-passed"]);
    }
    let outcome = run(Source::Imds, "--timeout 25s", times(3, reply(410)), false);
    assert_eq!(outcome.counts(), (3, 0, 6), "{}", outcome.stderr);
    outcome.says(&["deadline-passed"]);
}
