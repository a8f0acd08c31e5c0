//! One result in several pages.

use crate::harness::{Command, connect, grants, page, page_and_link, page_body, token};
use crate::server::{Request, Step, reply};

fn everything() -> Command {
    connect("Get-Mailbox -ResultSize Unlimited")
}

fn rows(names: &[&str]) -> String {
    names.iter().flat_map(|name| ["{\"Name\":\"", name, "\"}\n"]).collect()
}

/// A request without what may differ between pages.
fn essence(request: &Request) -> (Vec<(String, String)>, Vec<u8>) {
    let mut headers = request.headers();
    headers.retain(|(name, _)| name != "prefer" && name != "cookie");
    (headers, request.body.clone())
}

#[test]
fn a_later_page_is_the_same_request_at_another_address_on_the_same_connection() {
    let first = reply(200)
        .header("Set-Cookie", "affinity=b4ckend; path=/; HttpOnly")
        .header("Set-Cookie", "other=1; path=/elsewhere")
        .json(page_body("a", "{origin}/adminapi/beta/t/InvokeCommand?$skiptoken=x%20y&z=1"));
    let outcome = connect("Get-Mailbox -ResultSize 1500")
        .exchange([first.into(), page_and_link("b", "{origin}/third"), page(r#"[{"Name":"c"}]"#)])
        .run();
    assert_eq!(outcome.counts(), (1, 3, 0), "{}", outcome.stderr);
    assert_eq!((outcome.stdout, outcome.stderr), (rows(&["a", "b", "c"]), String::new()));
    let [one, two, three] = &outcome.exchange[..] else { panic!("three requests") };
    assert_eq!(two.line(), "POST /adminapi/beta/t/InvokeCommand?$skiptoken=x%20y&z=1 HTTP/1.1");
    assert_eq!(three.line(), "POST /third HTTP/1.1");
    assert_eq!(essence(one), essence(two));
    assert_eq!(essence(two), essence(three));
    let cookies: Vec<_> = outcome.exchange.iter().map(|request| request.one("cookie")).collect();
    let affinity = Some("affinity=b4ckend".to_owned());
    assert_eq!(cookies, [None, affinity.clone(), affinity]);
    let sizes: Vec<_> = outcome.exchange.iter().filter_map(|request| request.one("prefer")).collect();
    assert_eq!(sizes, ["odata.maxpagesize=1000"; 3]);
    assert_eq!((one.connection, one.connection), (two.connection, three.connection), "one connection");
}

#[test]
fn a_terminal_is_shown_how_far_a_result_has_come_once_it_takes_longer_than_a_second() {
    let pages = || [page_and_link("a", "{origin}/2"), page_and_link("b", "{origin}/3"), page("[]")];
    let slow = || {
        everything().exchange([Step::from(reply(429).header("Retry-After", "3"))].into_iter().chain(pages()))
    };
    let cleared = "\r\u{1b}[K";
    let outcome = slow().terminal(80).once();
    assert_eq!((outcome.exit, &outcome.stdout), (0, &rows(&["a", "b"])));
    // On this clock nothing passes but the wait before the first page, so that each count stands there once.
    let lines: Vec<_> = outcome.stderr.split(cleared).filter(|line| !line.starts_with("waiting")).collect();
    assert!(matches!(lines[..], [line, ""] if line.starts_with("1 row in 1 page, ")), "{:?}", outcome.stderr);
    for silent in [slow(), slow().terminal(80).option("-q"), everything().terminal(80).exchange(pages())] {
        assert_eq!(silent.once().stderr, "");
    }
    let logged = slow().terminal(80).option("-v").once();
    assert!(!logged.stderr.contains("1 row"), "{}", logged.stderr);
}

#[test]
fn no_more_is_asked_for_than_is_wanted() {
    let outcome = connect("Get-Mailbox -ResultSize 3")
        .option("--page-size 2")
        .exchange([
            Step::from(
                reply(200).json(r#"{"value":[{"Name":"a"},{"Name":"b"}],"@odata.nextLink":"{origin}/2"}"#),
            ),
            reply(200).json(r#"{"value":[{"Name":"c"},{"Name":"d"}],"@odata.nextLink":"{origin}/3"}"#).into(),
        ])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 0), rows(&["a", "b", "c"])));
    let sizes: Vec<_> = outcome.exchange.iter().filter_map(|request| request.one("prefer")).collect();
    assert_eq!(sizes, ["odata.maxpagesize=2", "odata.maxpagesize=1"]);
    outcome.says(&["There are more results available"]);
}

#[test]
fn links_that_lead_elsewhere_are_not_followed_and_the_rows_are_kept() {
    // A second server on loopback: another port is another origin, and it must not see the token.
    let other = crate::server::Server::start(Vec::new());
    let elsewhere = other.origin();
    let authority = elsewhere.trim_start_matches("http://");
    for link in [
        format!("{elsewhere}/next"),
        format!("http://127.0.0.1:{{port}}@{authority}/next"),
        format!("http://127.0.0.1:{{port}}\\\\@{authority}/next"),
        "https://127.0.0.1:{port}/next".to_owned(),
        "http://localhost:{port}/next".to_owned(),
        "http://127.0.0.2:{port}/next".to_owned(),
        "//127.0.0.1:{port}/next".to_owned(),
        "/next".to_owned(),
        "next".to_owned(),
        "?$skiptoken=x".to_owned(),
        "javascript:alert(1)".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://[::1]:{port}/next".to_owned(),
        " ".to_owned(),
    ] {
        if link.contains("\\\\@") {
            // A backslash ends the authority, so that this link leads to the host that was called.
            let outcome = everything().exchange([page_and_link("a", &link), page("[]")]).run();
            assert_eq!(outcome.counts(), (1, 2, 0), "{link}: {}", outcome.stderr);
            continue;
        }
        let outcome = everything().exchange([page_and_link("a", &link)]).run();
        assert_eq!(outcome.counts(), (1, 1, 7), "{link}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, rows(&["a"]), "{link}");
        outcome.says(&["result-incomplete", "1 row was printed"]);
    }
}

#[test]
fn odd_spellings_of_the_same_origin_are_followed_with_the_token_and_nothing_else() {
    for link in [
        "http://user:word@127.0.0.1:{port}/next",
        "HTTP://127.0.0.1:{port}/next",
        "http://127.1:{port}/next",
        "http://0x7f000001:{port}/next",
        "http://127.0.0.1:{port}/next#fragment",
        "http://127.0.0.1:{port}/a/../next",
    ] {
        let outcome = everything().exchange([page_and_link("a", link), page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 2, 0), "{link}: {}", outcome.stderr);
        let request = &outcome.exchange[1];
        assert_eq!(request.target(), "/next", "{link}");
        assert_eq!(request.one("authorization"), Some(format!("Bearer {}", token("first"))));
    }
}

#[test]
fn a_link_that_was_followed_before_is_not_followed_again() {
    let outcome = everything()
        .exchange([page_and_link("a", "{origin}/next"), page_and_link("b", "{origin}/next")])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 7), rows(&["a", "b"])));
    outcome.says(&["the service goes in circles"]);
}

#[test]
fn an_error_on_a_later_page_leaves_the_rows_so_far() {
    let expired = reply(400).json(
        r#"{"error":{"message":"Expired or Invalid pagination request. Default Expiry time is 00:30:00"}}"#,
    );
    for (answers, requests) in [
        (vec![Step::from(expired)], 2),
        (vec![reply(400).into()], 2),
        (vec![reply(403).into()], 2),
        (vec![reply(500).into()], 2),
        (vec![reply(302).header("Location", "{origin}/x").into()], 2),
        (vec![reply(503).into(); 6], 7),
        (vec![reply(200).body("<html>").into()], 2),
        (vec![reply(200).json(r#"{"value":[{"Name":"b"},1]}"#).into()], 2),
        (vec![Step::silence().then_close(); 6], 7),
        (vec![reply(429).header("Retry-After", "9999").into()], 2),
    ] {
        let mut steps = vec![page_and_link("a", "{origin}/next")];
        steps.extend(answers.clone());
        let outcome = everything().exchange(steps).run();
        assert_eq!(outcome.counts(), (1, requests, 7), "{answers:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, rows(&["a"]), "{answers:?}");
        outcome.says(&["the result is incomplete: 1 row was printed", "result-incomplete"]);
    }
}

#[test]
fn a_later_page_is_tried_again_like_a_first_one() {
    let outcome = everything()
        .exchange([
            page_and_link("a", "{origin}/next"),
            reply(503).into(),
            Step::silence().then_reset(),
            page(r#"[{"Name":"b"}]"#),
        ])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 4, 0), rows(&["a", "b"])));
}

#[test]
fn a_token_that_ends_between_two_pages_is_replaced() {
    let outcome = everything()
        .identity([grants("first"), grants("fresh")])
        .exchange([page_and_link("a", "{origin}/next"), reply(401).into(), page(r#"[{"Name":"b"}]"#)])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((2, 3, 0), rows(&["a", "b"])));
    assert_eq!(outcome.exchange[2].target(), "/next");
    assert_eq!(outcome.exchange[2].one("authorization"), Some(format!("Bearer {}", token("fresh"))));
}

#[test]
fn errors_of_an_earlier_page_are_told_though_a_later_one_fails() {
    let first = reply(200).json(
        r#"{"value":[{"Name":"a"}],"@adminapi.errors":["Ex1|A.B|one mailbox is broken"],"@odata.nextLink":"{origin}/next"}"#,
    );
    let outcome = everything().exchange([Step::from(first), reply(400).into()]).run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 7), rows(&["a"])));
    outcome.says(&["one mailbox is broken"]);
}

#[test]
fn an_empty_page_with_a_link_is_not_the_end() {
    let empty = reply(200).json(r#"{"value":[],"@odata.nextLink":"{origin}/next"}"#);
    let outcome = everything().exchange([empty.into(), page(r#"[{"Name":"a"}]"#)]).run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 0), rows(&["a"])));
}

#[test]
fn the_deadline_between_pages_leaves_the_rows_so_far() {
    let outcome = everything()
        .option("--timeout 400ms")
        .exchange([page_and_link("a", "{origin}/next"), Step::silence().then_stall()])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 7), rows(&["a"])));
    outcome.says(&["the deadline of the whole command passed"]);
}
