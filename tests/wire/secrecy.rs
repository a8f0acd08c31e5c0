//! A service that repeats what it was sent must not make this program show it. The harness looks for every secret in
//! both streams, with and without logging.

use crate::harness::{IDENTITY_HEADER, Outcome, Source, page_and_link, reading, token};
use crate::secrets::minted;
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

/// The older endpoints of App Service and of Machine Learning take their secret in another header.
#[test]
fn an_older_endpoint_that_repeats_its_secret_does_not_make_it_known() {
    let secret = minted();
    for answer in answers(&secret) {
        let older = reading()
            .option("--max-retries 0 --identity-source app-service")
            .variable("MSI_ENDPOINT", "http://{identity}/msi/token")
            .variable("MSI_SECRET", &secret)
            .identity([answer]);
        let outcome = older.run();
        assert_eq!(outcome.identity[0].one("secret").as_deref(), Some(secret.as_str()));
        assert_ne!(outcome.exit, 0);
    }
}

/// An agent that repeats the key which it had the client read.
#[cfg(target_os = "linux")]
#[test]
fn an_arc_agent_that_repeats_its_key_does_not_make_it_known() {
    let key = minted();
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("var/opt/azcmagent/tokens");
    std::fs::create_dir_all(&folder).expect("the agent's folder");
    std::fs::write(folder.join("a.key"), &key).expect("the key");
    for answer in answers(&key) {
        let challenge = reply(401).header("WWW-Authenticate", "Basic realm=/var/opt/azcmagent/tokens/a.key");
        let agent = reading().option("--max-retries 0").source(Source::Arc).rooted(root.path());
        let outcome = agent.identity([challenge, answer]).run();
        assert_eq!(outcome.identity[1].one("authorization"), Some(format!("Basic {key}")));
        assert_ne!(outcome.exit, 0);
    }
}

#[test]
#[should_panic(expected = "token as it is was shown on standard output")]
fn the_harness_finds_what_a_command_shows() {
    let row = format!(r#"[{{"Name":"{}"}}]"#, token("first"));
    reading().exchange([crate::harness::page(&row)]).once();
}

#[test]
#[should_panic(expected = "as it is was shown on standard error")]
fn the_harness_finds_a_secret_that_no_test_named() {
    // Exchange cannot know it, so that its warning is not searched for it.
    let secret = minted();
    let body = format!(r#"{{"value":[],"@adminapi.warnings":["seen {secret}"]}}"#);
    let command = reading().source(Source::Endpoint).variable("IDENTITY_HEADER", &secret);
    command.exchange([reply(200).json(body)]).once();
}
