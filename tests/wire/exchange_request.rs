//! What is sent to Exchange.

use serde_json::json;

use crate::harness::{TENANT, connect, grants, json, page, reading, token};
use crate::server::reply;

#[test]
fn a_cmdlet_is_exactly_the_documented_request() {
    let outcome = connect("Get-Mailbox meg -ResultSize 20").exchange([page("[]")]).run();
    assert_eq!(outcome.counts(), (1, 1, 0), "{}", outcome.stderr);
    let request = &outcome.exchange[0];
    assert_eq!(request.line(), format!("POST /adminapi/beta/{TENANT}/InvokeCommand HTTP/1.1"));
    assert_eq!(
        request.body,
        br#"{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{"Identity":"meg","ResultSize":20}}}"#
    );
    let anchor = format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}");
    let headers = request.headers();
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let bearer = format!("Bearer {}", token("first"));
    let length = request.body.len().to_string();
    let host = request.one("host").expect("a host");
    let agent = concat!("exo-mi/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        headers,
        [
            ("accept", "application/json"),
            ("accept-charset", "UTF-8"),
            ("accept-encoding", "gzip"),
            ("accept-language", "en-US"),
            ("authorization", bearer.as_str()),
            // Numbers of the run in a world where they are counted.
            ("client-request-id", "00000000-0000-0000-0000-000000000002"),
            ("connection-id", "00000000-0000-0000-0000-000000000001"),
            ("content-length", length.as_str()),
            ("content-type", "application/json"),
            ("host", host.as_str()),
            ("prefer", "odata.maxpagesize=20"),
            ("user-agent", agent),
            ("warningaction", ""),
            ("x-anchormailbox", anchor.as_str()),
            ("x-clientapplication", "exo-mi"),
            ("x-clientmoduleversion", "3.9.0"),
            ("x-cmdletname", "Get-Mailbox"),
            ("x-responseformat", "json"),
        ]
    );
}

#[test]
fn parameters_are_an_object_even_when_there_are_none() {
    let outcome = reading().exchange([page("[]")]).run();
    assert_eq!(
        json(&outcome.exchange[0]),
        json!({"CmdletInput": {"CmdletName": "Get-AcceptedDomain", "Parameters": {}}})
    );
    assert_eq!(outcome.exchange[0].one("prefer").as_deref(), Some("odata.maxpagesize=1000"));
}

#[test]
fn values_go_out_in_their_own_types() {
    let words =
        "Get-Mailbox -Archive -SoftDeletedMailbox:$false -ResultSize unlimited -SortBy $null -Filter Größe";
    let outcome = connect(words).exchange([page("[]")]).run();
    assert_eq!(
        json(&outcome.exchange[0])["CmdletInput"]["Parameters"],
        json!({"Archive": true, "SoftDeletedMailbox": false, "ResultSize": "Unlimited", "SortBy": null, "Filter": "Größe"})
    );
}

#[test]
fn the_warning_action_stands_in_a_header_too() {
    for (given, header) in [
        ("stop", "stop"),
        ("SilentlyContinue", "SilentlyContinue"),
        ("ignore", "SilentlyContinue"),
        ("Größe", ""),
        ("a:b", ""),
    ] {
        let outcome =
            connect(&format!("Get-AcceptedDomain -WarningAction {given}")).exchange([page("[]")]).run();
        assert_eq!(outcome.exchange[0].one("warningaction").as_deref(), Some(header), "{given}");
        assert_eq!(json(&outcome.exchange[0])["CmdletInput"]["Parameters"]["WarningAction"], given);
    }
}

#[test]
fn a_token_without_a_tenant_leaves_the_organization_as_tenant_and_anchor() {
    let opaque = reply(200).json(r#"{"access_token":"opaque","expires_in":"3600"}"#);
    let outcome = reading().identity([opaque]).exchange([page("[]")]).run();
    let request = &outcome.exchange[0];
    assert_eq!(request.target(), "/adminapi/beta/contoso.onmicrosoft.com/InvokeCommand");
    assert_eq!(
        request.one("x-anchormailbox").as_deref(),
        Some("UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@contoso.onmicrosoft.com")
    );
}

#[test]
fn the_path_of_the_connection_uri_does_not_count() {
    let server = crate::server::Server::start(vec![page("[]"); 3]);
    let uri = format!("{}/powershell-liveid?email=a@b", server.origin());
    let outcome = reading().variable("EXO_MI_CONNECTION_URI", &uri).run();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    for request in server.requests() {
        assert_eq!(request.target(), format!("/adminapi/beta/{TENANT}/InvokeCommand"));
    }
}

#[test]
fn without_a_cmdlet_the_admin_api_is_asked_whether_it_lives_and_nothing_else() {
    for (answer, state, exit) in [
        (reply(200).json(r#"{"PropertyName":"AdminApiState","PropertyValue":"Running"}"#), "Connected", 0),
        (reply(403), "Broken", 4),
    ] {
        let outcome = connect("").exchange([answer]).run();
        assert_eq!(outcome.counts(), (1, 1, exit), "{}", outcome.stderr);
        let request = &outcome.exchange[0];
        assert_eq!(
            request.line(),
            format!("GET /adminapi/beta/{TENANT}/basicinfo('AdminApiState') HTTP/1.1")
        );
        let headers = request.headers();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["accept", "authorization", "client-request-id", "host", "user-agent"]);
        assert!(outcome.stdout.contains(&format!(r#""State":"{state}""#)), "{}", outcome.stdout);
    }
}

#[test]
fn a_refused_token_is_replaced_once_by_a_fresh_one() {
    for command in [reading(), crate::harness::writing()] {
        let outcome = command
            .identity([grants("first"), grants("fresh")])
            .exchange([reply(401).into(), page("[]")])
            .run();
        assert_eq!(outcome.counts(), (2, 2, 0), "{}", outcome.stderr);
        let [first, second] = &outcome.exchange[..] else { panic!("two requests") };
        assert_eq!(first.one("authorization"), Some(format!("Bearer {}", token("first"))));
        assert_eq!(second.one("authorization"), Some(format!("Bearer {}", token("fresh"))));
        let others = |request: &crate::server::Request| {
            let mut headers = request.headers();
            headers.retain(|(name, _)| name != "authorization");
            (request.line().to_owned(), headers, request.body.clone())
        };
        assert_eq!(others(first), others(second), "nothing else differs");
    }
}

#[test]
fn a_token_refused_twice_is_refused() {
    for command in [reading(), crate::harness::writing()] {
        let outcome = command
            .identity([grants("first"), grants("fresh")])
            .exchange([reply(401), reply(401).json(r#"{"error":{"message":"still not"}}"#)])
            .run();
        assert_eq!(outcome.counts(), (2, 2, 4), "{}", outcome.stderr);
        outcome.says(&["token-refused", "(401)", "still not"]);
    }
}

#[test]
fn where_no_fresh_token_comes_the_identity_endpoint_is_at_fault() {
    let gone = reply(400).json(r#"{"error":"invalid_request","error_description":"Identity not found"}"#);
    let outcome = reading().identity([grants("first"), gone.into()]).exchange([reply(401)]).run();
    assert_eq!(outcome.counts(), (2, 1, 3), "{}", outcome.stderr);
    outcome.says(&["identity-not-found"]);
}
