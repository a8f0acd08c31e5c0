//! The `Get-EXO` family: what is read by GET, and what becomes of the answers.

use std::time::Duration;

use crate::harness::{Command, TENANT, connect, grants, page_and_link, token};
use crate::server::{Request, Server, Step, reply};

fn mailboxes() -> Command {
    connect("Get-EXOMailbox -ResultSize Unlimited")
}

fn page(rows: &str) -> Step {
    reply(200).json(format!(r#"{{"@odata.context":"x","value":{rows}}}"#)).into()
}

fn rows(names: &[&str]) -> String {
    names.iter().flat_map(|name| ["{\"Name\":\"", name, "\"}\n"]).collect()
}

#[test]
fn what_fails_beside_others_is_tried_as_often_as_what_fails_alone() {
    let mut lines = vec!["good".to_owned(), "bad".to_owned()];
    lines.extend((0..20).map(|number| format!("other-{number}")));
    let command = connect("Get-EXOMailbox -Identity -").option("--parallel 3").input(&lines.join("\n"));
    // `bad` in base64, as the address has it.
    let is_bad = |request: &Request| request.line().contains("Mailbox('YmFk')");
    let exchange = Server::answering(Vec::new(), move |request| {
        if is_bad(request) {
            return reply(500).json(r#"{"error":{"message":"broken"}}"#).into();
        }
        Step::default().then_pause(Duration::from_millis(30)).then_send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"value\":[]}",
        )
    });
    let outcome = command.against(&Server::start(vec![grants("first")]), &exchange, &[]);
    let tried = outcome.exchange.iter().filter(|request| is_bad(request)).count();
    assert_eq!((outcome.exit, tried), (5, 6), "{}", outcome.stderr);
}

#[test]
fn a_read_is_exactly_the_modules_request() {
    let words = "Get-EXOMailbox -ResultSize 20 -PropertySets Quota,Hold -Properties Office -Anr a+b";
    let outcome = connect(words).exchange([page("[]")]).run();
    assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
    let request = &outcome.exchange[0];
    assert_eq!(
        request.line(),
        format!(
            "GET /adminapi/beta/{TENANT}/Mailbox?PropertySet=Quota%2CHold&$select=Office&Anr=a%2Bb HTTP/1.1"
        )
    );
    assert_eq!(request.body, b"");
    let anchor = format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}");
    let headers = request.headers();
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let bearer = format!("Bearer {}", token("first"));
    let host = request.one("host").expect("a host");
    let agent = concat!("exo-mi/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        headers,
        [
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("accept-language", "en-US"),
            ("authorization", bearer.as_str()),
            ("client-request-id", "00000000-0000-0000-0000-000000000002"),
            ("connection-id", "00000000-0000-0000-0000-000000000001"),
            ("content-type", "application/json;odata.metadata=minimal"),
            ("exomodule-version", "3.9.0"),
            ("host", host.as_str()),
            ("prefer", "odata.maxpagesize=20;"),
            ("user-agent", agent),
            ("x-anchormailbox", anchor.as_str()),
            ("x-clientapplication", "exo-mi"),
        ]
    );
}

#[test]
fn every_sign_of_a_key_and_of_a_filter_is_escaped_once() {
    let words = "Get-EXOMailbox -Identity w~o?>-û~ -Properties Office";
    let single = reply(200).json(r#"{"@odata.context":"x","@odata.id":"y","Name":"a"}"#);
    let outcome = connect(words).exchange([single]).run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 1, 0), rows(&["a"])), "{}", outcome.stderr);
    assert_eq!(
        outcome.exchange[0].target(),
        format!(
            "/adminapi/beta/{TENANT}/Mailbox('d35vPz4tw7t%2B')?isEncoded=true&PropertySet=Minimum&$select=Office"
        )
    );
    let outcome =
        connect("Get-EXOMailbox -Filter Alias-like'a*'-and(Office-eq'50%+1/ü')").exchange([page("[]")]).run();
    assert_eq!(
        outcome.exchange[0].target().split_once("$filter=").map(|(_, filter)| filter),
        Some("startswith%28Alias%2C%27a%27%29%20and%20%28Office%20eq%20%2750%25%2B1%2F%C3%BC%27%29"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_device_is_named_in_a_header_and_on_every_page() {
    let outcome = connect("Get-EXOMobileDeviceStatistics -Identity contoso/meg/§1")
        .exchange([page_and_link("a", "{origin}/next"), page("[]")])
        .run();
    assert_eq!(outcome.counts(), (1, 2, 0), "{}", outcome.stderr);
    for request in &outcome.exchange {
        assert_eq!(request.all("xparameter-identity"), ["Y29udG9zby9tZWcvwqcx"]);
    }
}

#[test]
fn the_next_page_is_read_by_get_with_the_same_headers() {
    let first = reply(200).header("Set-Cookie", "affinity=b4ckend; path=/").json(
        r#"{"value":[{"Name":"a"}],"@odata.nextLink":"{origin}/adminapi/beta/t/Mailbox?$skiptoken=x%20y"}"#,
    );
    let outcome = mailboxes().exchange([Step::from(first), page(r#"[{"Name":"b"}]"#)]).run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 2, 0), rows(&["a", "b"])));
    let [one, two] = &outcome.exchange[..] else { panic!("two requests") };
    assert_eq!(two.line(), "GET /adminapi/beta/t/Mailbox?$skiptoken=x%20y HTTP/1.1");
    assert_eq!((one.one("cookie"), two.one("cookie").as_deref()), (None, Some("affinity=b4ckend")));
    let headers = two.headers().into_iter().filter(|(name, _)| name != "cookie");
    assert_eq!(one.headers(), headers.collect::<Vec<_>>());
    assert_eq!(two.body, b"");
}

#[test]
fn no_more_is_asked_for_than_is_wanted() {
    let outcome = connect("Get-EXOMailbox -ResultSize 3")
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
    assert_eq!(sizes, ["odata.maxpagesize=2;", "odata.maxpagesize=1;"]);
    outcome.says(&["There are more results available"]);
}

#[test]
fn warnings_stand_in_a_header_with_a_mark_after_each() {
    let more = "There are more results available than are currently displayed.";
    let warned = |link: &str| {
        let body = format!(r#"{{"value":[{{"Name":"a"}}]{link}}}"#);
        reply(200).header("X-Warnings", &format!("The first.<eow> {more} <eow>The last<eow><eow>")).json(body)
    };
    let outcome = mailboxes().exchange([warned("")]).run();
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(
        lines,
        ["warning: The first.", &format!("warning: {more}"), "warning: The last"],
        "{}",
        outcome.stderr
    );
    // Where the next page follows, there is nothing to be warned of.
    let first = warned(r#","@odata.nextLink":"{origin}/next""#);
    let outcome = mailboxes().exchange([Step::from(first), page("[]")]).run();
    assert_eq!(outcome.stderr, "warning: The first.\nwarning: The last\n");
}

#[test]
fn a_plain_500_is_tried_again_as_in_the_module() {
    for answers in [
        vec![reply(500).into(), reply(503).into()],
        vec![reply(429).into(), Step::silence().then_reset()],
        vec![reply(502).into(), reply(504).into()],
    ] {
        let mut steps: Vec<Step> = answers.clone();
        steps.push(page(r#"[{"Name":"a"}]"#));
        let outcome = mailboxes().exchange(steps).run();
        assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 3, 0), rows(&["a"])), "{answers:?}");
        assert!(outcome.waited() >= Duration::from_secs(4), "{:?}", outcome.sleeps);
        assert_eq!(outcome.exchange[0].headers(), outcome.exchange[2].headers());
    }
    let outcome = mailboxes().exchange(vec![Step::from(reply(500)); 6]).run();
    assert_eq!((outcome.counts(), outcome.stdout.as_str()), ((1, 6, 5), ""), "{}", outcome.stderr);
}

#[test]
fn no_other_refusal_is_tried_again() {
    for (status, exit) in [(400, 5), (403, 4), (404, 5)] {
        let outcome = mailboxes().exchange([reply(status)]).run();
        assert_eq!(outcome.counts(), (1, 1, exit), "{status}: {}", outcome.stderr);
    }
    let outcome = mailboxes()
        .identity([grants("first"), grants("fresh")])
        .exchange([Step::from(reply(401)), page(r#"[{"Name":"a"}]"#)])
        .run();
    assert_eq!((outcome.counts(), outcome.stdout.clone()), ((2, 2, 0), rows(&["a"])));
}

#[test]
fn links_that_lead_elsewhere_are_not_followed_and_the_rows_are_kept() {
    let other = crate::server::Server::start(Vec::new());
    for link in [format!("{}/next", other.origin()), "/next".to_owned(), "Mailbox?$skiptoken=x".to_owned()] {
        let outcome = mailboxes().exchange([page_and_link("a", &link)]).run();
        assert_eq!((outcome.counts(), outcome.stdout.clone()), ((1, 1, 7), rows(&["a"])), "{link}");
        outcome.says(&["result-incomplete", "1 row was printed"]);
    }
}

#[test]
fn a_list_within_an_object_that_goes_on_elsewhere_is_incomplete() {
    let cut = r#"{"ExternalDirectoryObjectId":"g","RecipientPermission":[{"Trustee":"a"}],"RecipientPermission@odata.nextLink":"{origin}/more"}"#;
    let outcome = connect("Get-EXORecipientPermission meg").exchange([reply(200).json(cut)]).run();
    assert_eq!(outcome.counts(), (1, 1, 7), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "{\"Identity\":\"g\",\"Trustee\":\"a\"}\n");
    outcome.says(&["result-incomplete", "a part of a list", "such as Get-RecipientPermission"]);
    // One row was wanted, and came.
    let outcome =
        connect("Get-EXORecipientPermission meg -ResultSize 1").exchange([reply(200).json(cut)]).run();
    assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
}

#[test]
fn pages_of_objects_without_a_row_are_no_sign_of_a_service_that_never_ends() {
    let empty = |at: u32| {
        let body = format!(
            r#"{{"value":[{{"User":"a","PermissionList":[]}}],"@odata.nextLink":"{{origin}}/{at}"}}"#
        );
        Step::from(reply(200).json(body))
    };
    let last = r#"[{"User":"b","PermissionList":[{"Deny":false}]}]"#;
    let steps = (0..8).map(empty).chain([page(last)]);
    let outcome = connect("Get-EXOMailboxPermission -Identity meg").exchange(steps).run();
    assert_eq!(outcome.counts(), (1, 9, 0), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "{\"User\":\"b\",\"Deny\":false}\n");
}

#[test]
fn what_is_no_answer_of_this_api_is_no_empty_result() {
    for body in ["<html>", "[]", r#"{"login":"required"}"#, r#"{"value":["x"]}"#, "null"] {
        let outcome = mailboxes().exchange([reply(200).body(body)]).run();
        assert_eq!(outcome.counts(), (1, 1, 6), "{body}: {}", outcome.stderr);
    }
}
