//! What goes through the machine's proxy, and what never does.

use crate::harness::{Command, IDENTITY_HEADER, SOURCES, Source, page, reading};
use crate::server::{Server, Step, reply};

const VARIABLES: [&str; 8] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "REQUEST_METHOD",
    "CGI_HTTP_PROXY",
];

fn proxied(command: Command, proxy: &str) -> Command {
    VARIABLES.into_iter().fold(command, |command, name| command.variable(name, proxy))
}

/// A worker whose identity endpoint is a remote service.
fn worker() -> Command {
    reading()
        .source(Source::Endpoint)
        .variable("IDENTITY_ENDPOINT", "https://worker.example.test/automationAccounts/a/token")
        .identity(Vec::<Step>::new())
}

#[test]
fn what_is_near_is_reached_without_the_proxy() {
    for source in SOURCES {
        let proxy = Server::start(Vec::new());
        let outcome = proxied(reading(), &proxy.origin()).source(source).exchange([page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
    }
}

#[test]
fn a_remote_identity_endpoint_is_reached_through_the_proxy_which_does_not_see_the_secret() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let refusal = || reply(502).body("no way");
        // Three runs, the logged ones first.
        let proxy = Server::start(vec![refusal().into(); 3]);
        let outcome = worker().variable(variable, &proxy.origin()).run();
        assert_eq!(outcome.exit, 6, "{variable}: {}", outcome.stderr);
        outcome.says(&["the proxy did not make the connection", "https://worker.example.test"]);
        for request in proxy.requests() {
            assert_eq!(request.line(), "CONNECT worker.example.test:443 HTTP/1.1");
            let whole = format!("{request:?}");
            assert!(
                !whole.contains(IDENTITY_HEADER.as_str()) && !whole.contains("automationAccounts"),
                "{whole}"
            );
            assert_eq!(request.one("x-identity-header"), None);
        }
    }
}

#[test]
fn exceptions_from_the_proxy_are_honoured() {
    for variable in ["NO_PROXY", "no_proxy"] {
        let proxy = Server::start(Vec::new());
        let outcome = worker()
            .variable("HTTPS_PROXY", &proxy.origin())
            .variable(variable, "elsewhere.test,.example.test")
            .run();
        // The name has no address, so that nothing leaves this machine.
        assert_eq!(outcome.exit, 3, "{variable}: {}", outcome.stderr);
        outcome.says(&["identity-endpoint-unreachable"]);
    }
}

#[test]
fn a_near_identity_endpoint_with_tls_is_reached_without_the_proxy_though_exchange_is_not() {
    let proxy = Server::start(Vec::new());
    let outcome = reading()
        .source(Source::Endpoint)
        .variable("HTTPS_PROXY", &proxy.origin())
        .variable("EXO_MI_CONNECTION_URI", "https://exchange.example.test")
        .variable("IDENTITY_ENDPOINT", &format!("https://127.0.0.1:{}/x", crate::harness::closed_port()))
        .identity(Vec::<Step>::new())
        .run();
    assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
    outcome.says(&["identity-endpoint-unreachable"]);
}

#[test]
fn exchange_is_reached_through_the_proxy_after_a_near_identity_endpoint_without() {
    for (method, count) in [("Get-AcceptedDomain", 2), ("Set-AcceptedDomain contoso.com", 2)] {
        let proxy = Server::start(vec![reply(502).into(); 3 * count]);
        let outcome = crate::harness::connect(method)
            .option("--max-retries 1")
            .variable("HTTPS_PROXY", &proxy.origin())
            .variable("EXO_MI_CONNECTION_URI", "https://exchange.example.test")
            .run();
        assert_eq!(outcome.counts(), (1, 0, 6), "{}", outcome.stderr);
        outcome.says(&["the proxy did not make the connection", "exchange-unreachable"]);
        let lines: Vec<String> = proxy.requests().iter().map(|request| request.line().to_owned()).collect();
        assert!(lines.iter().all(|line| line == "CONNECT exchange.example.test:443 HTTP/1.1"), "{lines:?}");
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named_as_such() {
    let gone = format!("http://127.0.0.1:{}", crate::harness::closed_port());
    let outcome = reading()
        .option("--max-retries 1")
        .variable("HTTPS_PROXY", &gone)
        .variable("EXO_MI_CONNECTION_URI", "https://exchange.example.test")
        .run();
    assert_eq!(outcome.counts(), (1, 0, 6), "{}", outcome.stderr);
    outcome.says(&["exchange-unreachable"]);
}
