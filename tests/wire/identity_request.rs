//! What is sent to an identity endpoint.

use crate::harness::{
    CLIENT_ID, IDENTITY_HEADER, OBJECT_ID, Outcome, RESOURCE_ID, SOURCES, Source, connect, page, reading,
};

const RESOURCE: &str = "https%3A%2F%2Foutlook.office365.com%2F";

/// The target of the one token request.
fn target(outcome: &Outcome) -> &str {
    assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
    outcome.identity[0].target()
}

#[test]
fn imds_gets_exactly_the_documented_request() {
    let outcome = reading().exchange([page("[]")]).run();
    let request = &outcome.identity[0];
    assert_eq!(
        request.line(),
        format!("GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource={RESOURCE} HTTP/1.1")
    );
    let headers = request.headers();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["accept", "host", "metadata", "user-agent"]);
    assert_eq!(request.one("metadata").as_deref(), Some("true"));
    assert!(request.body.is_empty());
}

#[test]
fn the_identity_endpoint_gets_exactly_the_request_that_serves_automation_and_app_service() {
    let outcome = reading().source(Source::Endpoint).exchange([page("[]")]).run();
    let request = &outcome.identity[0];
    assert_eq!(request.line(), format!("GET /msi/token?resource={RESOURCE}&api-version=2019-08-01 HTTP/1.1"));
    let headers = request.headers();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["accept", "host", "metadata", "user-agent", "x-identity-header"]);
    assert_eq!(request.one("metadata").as_deref(), Some("true"));
    assert_eq!(request.one("x-identity-header").as_deref(), Some(IDENTITY_HEADER.as_str()));
}

#[test]
fn each_selector_is_one_parameter_of_its_source() {
    let resource_id = RESOURCE_ID.replace('/', "%2F");
    for (source, option, id, expected) in [
        (Source::Imds, "--client-id", CLIENT_ID, format!("client_id={CLIENT_ID}")),
        (Source::Imds, "--object-id", OBJECT_ID, format!("object_id={OBJECT_ID}")),
        (Source::Imds, "--resource-id", RESOURCE_ID, format!("msi_res_id={resource_id}")),
        (Source::Endpoint, "--client-id", CLIENT_ID, format!("client_id={CLIENT_ID}")),
        (Source::Endpoint, "--object-id", OBJECT_ID, format!("object_id={OBJECT_ID}")),
        (Source::Endpoint, "--resource-id", RESOURCE_ID, format!("mi_res_id={resource_id}")),
    ] {
        let plain = reading().source(source).exchange([page("[]")]).run();
        let command = reading().option(&format!("{option} {id}")).source(source).exchange([page("[]")]);
        assert_eq!(target(&command.run()), format!("{}&{expected}", target(&plain)), "{source:?} {option}");
    }
}

#[test]
fn the_audience_is_that_of_the_environment() {
    for (environment, host) in [
        ("O365Default", "outlook.office365.com"),
        ("O365USGovGCCHigh", "outlook.office365.us"),
        ("O365USGovDoD", "outlook-dod.office365.us"),
        ("O365China", "partner.outlook.cn"),
    ] {
        let command = reading().option(&format!("--environment {environment}")).exchange([page("[]")]);
        let outcome = command.run();
        assert!(
            target(&outcome).ends_with(&format!("&resource=https%3A%2F%2F{host}%2F")),
            "{}",
            target(&outcome)
        );
    }
}

#[test]
fn no_query_name_is_repeated_whatever_the_variable_holds() {
    for (query, expected) in [
        ("", ["resource", "api-version"].as_slice()),
        ("?api-version=2017-09-01", &["resource", "api-version"]),
        ("?Resource=x&API-version=y&resource=z", &["resource", "api-version"]),
        ("?sandbox=7", &["sandbox", "resource", "api-version"]),
    ] {
        let outcome = reading()
            .source(Source::Endpoint)
            .variable("IDENTITY_ENDPOINT", &format!("http://{{identity}}/msi/token{query}"))
            .exchange([page("[]")])
            .run();
        let target = target(&outcome);
        let (_, query) = target.split_once('?').expect("a query");
        let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
        assert_eq!(names, expected, "{target}");
        assert!(target.contains("api-version=2019-08-01"), "{target}");
    }
}

#[test]
fn the_host_of_imds_may_be_replaced_and_its_slashes_are_trimmed() {
    for host in ["http://{identity}", "http://{identity}/", "http://{identity}///"] {
        let outcome =
            reading().variable("AZURE_POD_IDENTITY_AUTHORITY_HOST", host).exchange([page("[]")]).run();
        assert!(target(&outcome).starts_with("/metadata/identity/oauth2/token?api-version="), "{host}");
    }
}

#[test]
fn an_identity_header_alone_selects_nothing_and_never_reaches_imds() {
    let outcome = reading().variable("IDENTITY_HEADER", &IDENTITY_HEADER).exchange([page("[]")]).run();
    assert!(target(&outcome).starts_with("/metadata/"), "{}", outcome.stderr);
    let head = format!("{:?}", outcome.identity[0]);
    assert!(!head.contains(IDENTITY_HEADER.as_str()), "{head}");
}

#[test]
fn credentials_in_an_address_are_not_sent() {
    for (source, variable, value) in [
        (Source::Imds, "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://user:word@{identity}"),
        (Source::Endpoint, "IDENTITY_ENDPOINT", "http://user:word@{identity}/msi/token"),
    ] {
        let outcome = reading().source(source).variable(variable, value).exchange([page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
        assert_eq!(outcome.identity[0].one("authorization"), None, "{variable}");
    }
}

#[test]
fn the_token_and_nothing_of_the_identity_endpoint_goes_on_to_exchange() {
    for source in SOURCES {
        let outcome = reading().source(source).exchange([page("[]")]).run();
        let request = &outcome.exchange[0];
        assert!(!format!("{request:?}").contains(IDENTITY_HEADER.as_str()));
        for absent in ["x-identity-header", "metadata", "secret", "cookie"] {
            assert_eq!(request.one(absent), None);
        }
    }
}

#[test]
fn one_token_serves_all_pages_of_a_command() {
    let outcome = connect("Get-Mailbox -ResultSize Unlimited")
        .exchange([
            crate::harness::page_and_link("a", "{origin}/next?page=2"),
            crate::harness::page_and_link("b", "{origin}/next?page=3"),
            page(r#"[{"Name":"c"}]"#),
        ])
        .run();
    assert_eq!(outcome.counts(), (1, 3, 0), "{}", outcome.stderr);
}
