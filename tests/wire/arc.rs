//! What becomes of an Azure Arc agent's first answer where it is no challenge.

#![cfg(any(target_os = "linux", windows))] // There is no agent for another system.

use crate::harness::{Source, grants, reading};
use crate::server::reply;

#[test]
fn a_refusal_before_the_challenge_is_told_in_the_agents_words() {
    let body = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let outcome = reading().source(Source::Arc).identity([reply(400).json(body)]).run();
    assert_eq!(outcome.counts(), (1, 0, 3));
    outcome.says(&["Azure Arc refused to give a token (400)", "Identity not found", "identity-not-found"]);
}

#[test]
fn what_may_pass_before_the_challenge_is_asked_again() {
    let outcome = reading().source(Source::Arc).identity([reply(404), reply(503), reply(403)]).run();
    assert_eq!(outcome.counts(), (3, 0, 3));
}

#[test]
fn a_token_without_a_challenge_is_not_taken() {
    let outcome = reading().source(Source::Arc).identity([grants("first")]).run();
    assert_eq!(outcome.counts(), (1, 0, 3));
    outcome.says(&["without asking for its key file", "arc-challenge-refused"]);
}
