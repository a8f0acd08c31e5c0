//! A service that repeats what it was sent must not make this program show it. The harness looks for every secret in
//! both streams, with and without logging.

use crate::harness::{IDENTITY_HEADER, Outcome, Source, page_and_link, reading, token};
use crate::server::{Reply, Step, reply};

/// Every place of an answer from which a text reaches standard error.
fn answers(secret: &str) -> Vec<Reply> {
    let json = |text: &str| reply(400).json(text.replace("SECRET", secret));
    vec![
        reply(400).body(secret),
        reply(400).body(format!("x: {secret}")),
        reply(500).body(format!("{}{secret}", "x".repeat(300))),
        json(r#"{"error":"SECRET","error_description":"invalid header SECRET"}"#),
        json(r#"{"error":{"code":"SECRET","message":"invalid SECRET","correlationId":"SECRET"}}"#),
        json(r#"{"Message":"SECRET","CorrelationId":"SECRET"}"#),
        json(r#"{"error":{"message":"x","details":[{"message":"SECRET|A.SECRET|bad token SECRET"}]}}"#),
        json(r#"{"error":{"innererror":{"internalexception":{"message":"SECRET","type":"A.SECRET"}}}}"#),
        reply(403).header("x-ms-diagnostics", &format!("2000003;reason=\"SECRET {secret}\"")),
        reply(403).header("request-id", secret).header("x-exceptiontype", secret),
        reply(302).header("Location", &format!("https://{secret}.example.test/")),
    ]
}

#[test]
fn an_identity_endpoint_that_repeats_its_header_does_not_make_it_known() {
    for answer in answers(&IDENTITY_HEADER) {
        let options = reading().option("--max-retries 0").source(Source::Endpoint);
        let outcome: Outcome = options.identity([answer]).run();
        assert_ne!(outcome.exit, 0);
    }
}

#[test]
fn an_exchange_that_repeats_the_token_does_not_make_it_known() {
    for secret in [token("first"), format!("Bearer {}", token("first"))] {
        for answer in answers(&secret) {
            let outcome = reading().option("--max-retries 0").exchange([answer]).run();
            assert_ne!(outcome.exit, 0);
        }
    }
}

#[test]
fn a_success_that_repeats_the_token_outside_of_its_rows_does_not_make_it_known() {
    let token = token("first");
    for body in [
        r#"{"value":[],"@adminapi.warnings":["seen SECRET"]}"#,
        r#"{"value":[],"@adminapi.errors":["Ex1|A.B|seen SECRET"]}"#,
        r#"{"value":"SECRET"}"#,
        r#"{"value":["SECRET"]}"#,
        "SECRET",
    ] {
        reading().exchange([reply(200).json(body.replace("SECRET", &token))]).run();
    }
}

#[test]
fn a_link_that_holds_the_token_is_not_shown() {
    let link = format!("https://{}.example.test/next", token("first"));
    crate::harness::connect("Get-Mailbox -ResultSize Unlimited").exchange([page_and_link("a", &link)]).run();
}

#[test]
fn a_grant_that_cannot_be_used_does_not_show_its_token() {
    let token = token("first");
    for body in [
        format!(r#"{{"access_token":"{token}","expires_in":"0"}}"#),
        format!(r#"{{"access_token":"{token}","expires_in":"3600","client_id":"{token}"}}"#),
        format!(r#"{{"access_token":"{token}""#),
        token.clone(),
    ] {
        let outcome = reading()
            .option("--client-id 99999999-9999-4999-8999-999999999999")
            .identity([Step::from(reply(200).json(body))])
            .run();
        assert_eq!(outcome.counts(), (1, 0, 3), "{}", outcome.stderr);
    }
}
