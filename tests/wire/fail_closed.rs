//! What must rather fail than go wrong: addresses to which no secret may be sent, redirects, and replies that do not end.
//! The matrix beside this has the same for all that befalls a token request and a cmdlet.

use crate::harness::{CLIENT_ID, Command, Outcome, Source, TENANT, grants, page, reading, token};
use crate::server::{Reply, Step, reply};

/// Addresses that are far, or only look near.
const FAR: [&str; 9] = [
    "http://exchange.example.com",
    "http://8.8.8.8",
    "http://0.0.0.0",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@example.com",
    "http://[::ffff:127.0.0.1]",
    "http://[2001:db8::1]",
    "http://128.0.0.1",
];

/// A command whose endpoints must see nothing at all.
fn unheard(command: Command) -> Outcome {
    let outcome = command.identity(Vec::<Step>::new()).run();
    assert_eq!((outcome.identity.len(), outcome.exchange.len()), (0, 0), "{}", outcome.stderr);
    outcome
}

#[test]
fn a_bearer_token_goes_over_https_or_to_loopback_and_else_nothing_is_asked() {
    // A private network is not this machine, so that a token is not sent there in the clear either.
    for address in FAR.into_iter().chain(["http://10.0.0.4", "http://169.254.1.1", "http://[fe80::1]"]) {
        for outcome in [
            unheard(reading().option(&format!("--connection-uri {address}"))),
            unheard(reading().variable("EXO_MI_CONNECTION_URI", address)),
            unheard(reading().option(&format!("--authority-host {address} --verify-org"))),
            unheard(reading().variable("AZURE_AUTHORITY_HOST", address).option("--verify-org")),
        ] {
            assert_eq!(outcome.exit, 2, "{address}: {}", outcome.stderr);
            outcome.says(&["plain http is allowed to loopback only"]);
        }
    }
}

#[test]
fn an_identity_endpoint_far_away_is_not_asked_in_plain_http() {
    for address in FAR {
        for (source, variable) in [
            (Source::Imds, "AZURE_POD_IDENTITY_AUTHORITY_HOST"),
            (Source::Endpoint, "IDENTITY_ENDPOINT"),
            (Source::Arc, "IDENTITY_ENDPOINT"),
        ] {
            let outcome = unheard(reading().source(source).variable(variable, address));
            assert_eq!(outcome.exit, 3, "{address}: {}", outcome.stderr);
            outcome.says(&["plain http is allowed to loopback, link-local and private addresses alone"]);
        }
        let older = reading().variable("MSI_ENDPOINT", address).variable("MSI_SECRET", "an-0lder-s3cret");
        let outcome = unheard(older.option("--identity-source app-service"));
        assert_eq!(outcome.exit, 3, "{address}: {}", outcome.stderr);
    }
}

/// A pod whose token file holds this.
fn federated(file: &tempfile::NamedTempFile) -> Command {
    std::fs::write(file.path(), token("federated")).expect("a file");
    reading()
        .option("--identity-source workload-identity --max-retries 0")
        .variable("AZURE_FEDERATED_TOKEN_FILE", &file.path().display().to_string())
        .variable("AZURE_CLIENT_ID", CLIENT_ID)
        .variable("AZURE_TENANT_ID", TENANT)
        .identity(Vec::<Step>::new())
}

fn redirects() -> impl Iterator<Item = Reply> {
    // The Location leads to the very server that sent it, which would see the request.
    [301, 302, 303, 307, 308].into_iter().map(|status| reply(status).header("Location", "{origin}/elsewhere"))
}

/// Identity endpoints and Exchange: `identity_reply.rs` and `exchange_reply.rs`; Graph: `grant.rs`.
#[test]
fn an_authority_is_not_followed_to_another_place() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    for redirect in redirects() {
        let outcome = federated(&file).authority([redirect.clone()]).run();
        assert_eq!((outcome.authority.len(), outcome.exit), (1, 3), "{}", outcome.stderr);
        let asked = reading().option("--verify-org --max-retries 0").authority([redirect]);
        let outcome = asked.run();
        assert_eq!((outcome.authority.len(), outcome.exchange.len()), (1, 0), "{}", outcome.stderr);
        assert_ne!(outcome.exit, 0, "{}", outcome.stderr);
    }
}

#[test]
fn a_reply_of_an_authority_has_a_largest_size() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let endless = || Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n{").then_flood(3_000_000);
    let outcome = federated(&file).authority([endless()]).run();
    outcome.says(&["larger than"]);
    assert_eq!((outcome.authority.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
    let outcome = reading().option("--verify-org --max-retries 0").authority([endless()]).run();
    outcome.says(&["larger than"]);
    assert_eq!((outcome.authority.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
}

#[test]
fn an_authority_that_repeats_an_assertion_does_not_make_it_known() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    for body in
        [r#"{"error":"invalid_client","error_description":"AADSTS700027: SECRET is not valid"}"#, "SECRET"]
    {
        let answer = reply(400).json(body.replace("SECRET", &token("federated")));
        let outcome = federated(&file).authority([answer]).run();
        assert_eq!(outcome.authority.len(), 1, "{}", outcome.stderr);
        assert_ne!(outcome.exit, 0, "{}", outcome.stderr);
    }
}

#[test]
fn a_federated_token_is_exchanged_where_nothing_is_wrong() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let answer = reply(200).json(format!(r#"{{"access_token":"{}","expires_in":3600}}"#, token("first")));
    let outcome = federated(&file).authority([answer]).exchange([page("[]")]).run();
    assert_eq!((outcome.authority.len(), outcome.exit), (1, 0), "{}", outcome.stderr);
    let outcome = reading().identity([grants("first")]).exchange([page("[]")]).run();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
}
