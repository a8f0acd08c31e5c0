//! `exo-mi grant` byte for byte: what is sent to Microsoft Graph, and what becomes of replies that are lost, cut or odd.

use std::ffi::OsString;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use exo_mi::clock::Clock;
use exo_mi::env::Env;
use exo_mi::stop::{Signal, Stop};
use exo_mi::world::{Chance, Ids, Stream, World};
use serde_json::{Value, json};

use crate::harness::{BEGINNING, json as body_of, secrets_of};
use crate::memory::Memory;
use crate::secrets::minted;
use crate::server::{Request, Server, Step, reply};

const PRINCIPAL: &str = "22222222-2222-4222-8222-222222222222";
const EXCHANGE: &str = "e0000002-1111-4111-8111-000000000002";
const APP_ROLE: &str = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

struct Outcome {
    exit: u8,
    stdout: String,
    stderr: String,
    waited: Vec<u64>,
    requests: Vec<Request>,
}

/// A token that claims this, signed by nobody.
fn token(claims: &Value) -> String {
    static SIGNATURE: LazyLock<String> = LazyLock::new(minted);
    let [head, claims] = ["{}".to_owned(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{head}.{claims}.{}", *SIGNATURE)
}

fn good_claims() -> Value {
    json!({"aud": "https://graph.microsoft.com", "exp": BEGINNING + 3600, "scp": "x", "wids": []})
}

/// The command with a token on standard input, against a Graph that answers with these steps.
fn run_with(input: &str, words: &str, steps: impl IntoIterator<Item = impl Into<Step>>) -> Outcome {
    let mut outcomes = Vec::new();
    let steps: Vec<Step> = steps.into_iter().map(Into::into).collect();
    for extra in [&["-vvv"][..], &["-vvv", "--log-format", "json", "--error-format", "json"], &[]] {
        let server = Server::start(steps.clone());
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH + Duration::from_secs(BEGINNING));
        let (stdout, stderr) = (Memory::default(), Memory::default());
        let (order, stop) = Stop::by_hand();
        server.orders_by(&Arc::new(order));
        let world = World {
            env: Env::fixed([
                ("EXO_MI_GRAPH_URI".to_owned(), server.origin()),
                ("EXO_MI_CA_FILE".to_owned(), crate::harness::CA_FILE.to_owned()),
            ]),
            clock: clock.clone(),
            ids: Ids::sequence(),
            stop,
            chance: Chance::Fixed(0.5),
            stdin: Box::new(std::io::Cursor::new(input.to_owned())),
            stdin_length: None,
            stdin_is_terminal: false,
            interactive: false,
            stdout_id: None,
            stdout: Stream::new(stdout.clone(), None),
            stderr: Stream::new(stderr.clone(), None),
        };
        let own = ["--graph-token-file", "-", "--role", "Global Reader", "-o", "csv"];
        let line = ["exo-mi"].into_iter().chain(extra.iter().copied()).chain(["grant"]).chain(own);
        let line = line.chain(words.split_whitespace()).map(OsString::from);
        let exit = exo_mi::run(line, world).code();
        let mut secrets = secrets_of(server.requests().iter());
        secrets.add("what was given", input);
        secrets.assert_not_in("standard output", stdout.text());
        secrets.assert_not_in("standard error", stderr.text());
        outcomes.push(Outcome {
            exit,
            stdout: stdout.text(),
            stderr: stderr.text(),
            waited: clock.sleeps().iter().map(Duration::as_secs).collect(),
            requests: server.requests(),
        });
    }
    outcomes.pop().expect("it was run")
}

fn run(words: &str, steps: impl IntoIterator<Item = impl Into<Step>>) -> Outcome {
    run_with(&token(&good_claims()), words, steps)
}

/// A list of these rows.
fn list(rows: &Value) -> Step {
    reply(200).json(json!({"@odata.context": "x", "value": rows}).to_string()).into()
}

fn nothing() -> Step {
    list(&json!([]))
}

fn principal() -> Step {
    list(&json!([{
        "id": PRINCIPAL, "appId": "11111111-1111-4111-8111-111111111111", "displayName": "vm",
        "servicePrincipalType": "ManagedIdentity", "alternativeNames": [],
    }]))
}

fn exchange() -> Step {
    let role = |id: &str, value: &str| json!({"id": id, "value": value, "isEnabled": true});
    let roles = [
        role("ea3d980d-ebc7-4be4-8298-a167e5b8797c", "Exchange.ManageAsAppV2"),
        role(APP_ROLE, "Exchange.ManageAsApp"),
    ];
    list(&json!([{"id": EXCHANGE, "appRoles": roles}]))
}

fn app_role() -> Step {
    list(&json!([{"id": "app-1", "principalId": PRINCIPAL, "appRoleId": APP_ROLE, "resourceId": EXCHANGE}]))
}

fn directory_role() -> Step {
    list(
        &json!([{"id": "role-1", "principalId": PRINCIPAL, "roleDefinitionId": READER, "directoryScopeId": "/"}]),
    )
}

fn made(id: &str) -> Step {
    reply(201).json(json!({"id": id}).to_string()).into()
}

fn error(status: u16, code: &str, message: &str) -> Step {
    reply(status).json(json!({"error": {"code": code, "message": message}}).to_string()).into()
}

fn lost() -> Step {
    Step::silence().then_reset()
}

/// Both grants are there; what differs is put in the place of these.
fn there() -> Vec<Step> {
    vec![principal(), exchange(), app_role(), directory_role()]
}

#[test]
fn a_grant_is_exactly_these_requests() {
    let steps = [
        principal(),
        exchange(),
        nothing(),
        made("app-1"),
        app_role(),
        nothing(),
        made("role-1"),
        directory_role(),
    ];
    let outcome = run("--name o'brien+1", steps);
    assert_eq!((outcome.exit, outcome.waited.len()), (0, 0), "{}", outcome.stderr);
    let lines: Vec<&str> = outcome.requests.iter().map(Request::line).collect();
    let assignments = format!("/v1.0/servicePrincipals/{PRINCIPAL}/appRoleAssignments HTTP/1.1");
    let roles = "/v1.0/roleManagement/directory/roleAssignments";
    let filtered = format!("GET {roles}?%24filter=principalId+eq+%27{PRINCIPAL}%27 HTTP/1.1");
    assert_eq!(
        lines,
        [
            "GET /v1.0/servicePrincipals?%24filter=displayName+eq+%27o%27%27brien%2B1%27&%24select=id%2CappId%2CdisplayName%2CservicePrincipalType%2CalternativeNames HTTP/1.1",
            "GET /v1.0/servicePrincipals?%24filter=appId+eq+%2700000002-0000-0ff1-ce00-000000000000%27&%24select=id%2CappRoles HTTP/1.1",
            &format!("GET {assignments}"),
            &format!("POST {assignments}"),
            &format!("GET {assignments}"),
            &filtered,
            &format!("POST {roles} HTTP/1.1"),
            &filtered,
        ]
    );
    assert_eq!(
        body_of(&outcome.requests[3]),
        json!({"principalId": PRINCIPAL, "resourceId": EXCHANGE, "appRoleId": APP_ROLE})
    );
    assert_eq!(
        body_of(&outcome.requests[6]),
        json!({
            "@odata.type": "#microsoft.graph.unifiedRoleAssignment", "principalId": PRINCIPAL,
            "roleDefinitionId": READER, "directoryScopeId": "/",
        })
    );
    for request in &outcome.requests {
        let bearer = format!("Bearer {}", token(&good_claims()));
        assert_eq!(request.one("authorization"), Some(bearer));
        assert_eq!(request.one("client-request-id"), Some("00000000-0000-0000-0000-000000000001".to_owned()));
        let posts = request.line().starts_with("POST");
        assert_eq!(request.one("content-type").is_some(), posts, "{}", request.line());
    }
}

#[test]
fn a_token_is_looked_at_before_it_is_sent() {
    let claims = |name: &str, value: Value| {
        let mut claims = good_claims();
        claims[name] = value;
        token(&claims)
    };
    for (input, reason) in [
        (String::new(), "it is empty"),
        (format!("{{\"accessToken\":\"{}\"}}", token(&good_claims())), "give the token alone"),
        (format!("Bearer {}", token(&good_claims())), "give the token alone"),
        ("opaque".to_owned(), "no JSON web token"),
        (claims("exp", json!(BEGINNING)), "it has ended already"),
        (claims("aud", json!("https://outlook.office365.com/")), "not for Microsoft Graph"),
        (claims("aud", Value::Null), "not for Microsoft Graph"),
    ] {
        let outcome = run_with(&input, "--name vm", [] as [Step; 0]);
        assert_eq!(outcome.exit, 2, "{reason}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(reason), "{reason}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("docs/errors.md#graph-token-unusable"), "{}", outcome.stderr);
    }
    let spelled = token(&{
        let mut claims = good_claims();
        claims["aud"] = json!("00000003-0000-0000-c000-000000000000");
        claims
    });
    assert_eq!(run_with(&format!("{spelled}\n"), "--name vm", there()).exit, 0);
}

/// What is answered from the first change on, and what becomes of it.
#[test]
fn a_change_of_which_nothing_is_known_is_settled_by_looking() {
    let gateway = || error(504, "", "");
    for (name, steps, exit, state) in [
        ("arrived", vec![lost(), app_role()], 0, "assigned"),
        ("arrived and shows late", vec![lost(), nothing(), nothing(), app_role()], 0, "assigned"),
        ("arrived, said 500", vec![error(500, "", ""), app_role()], 0, "assigned"),
        (
            "did not arrive",
            vec![gateway(), nothing(), nothing(), nothing(), made("app-1"), app_role()],
            0,
            "assigned",
        ),
        (
            "arrived and shows after it was repeated",
            vec![
                lost(),
                nothing(),
                nothing(),
                nothing(),
                error(400, "Request_BadRequest", "Permission being assigned already exists on the object"),
                app_role(),
            ],
            0,
            "assigned",
        ),
        (
            "never arrives",
            [gateway(), nothing(), nothing(), nothing()].into_iter().cycle().take(12).collect(),
            6,
            "",
        ),
        ("cannot be looked for", vec![lost(), error(403, "x", "y")], 6, ""),
    ] {
        let before = [principal(), exchange(), nothing()];
        let after = if exit == 0 { vec![directory_role()] } else { Vec::new() };
        let outcome = run("--name vm", before.into_iter().chain(steps).chain(after));
        assert_eq!(outcome.exit, exit, "{name}: {}", outcome.stderr);
        if exit == 0 {
            assert!(
                outcome.stdout.contains(&format!("Exchange.ManageAsApp,{state},")),
                "{name}: {}",
                outcome.stdout
            );
        } else {
            assert!(outcome.stderr.contains("docs/errors.md#write-in-doubt"), "{name}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("--what-if"), "{name}: {}", outcome.stderr);
            assert_eq!(outcome.stdout, "", "{name}");
        }
    }
}

#[test]
fn a_removal_of_which_nothing_is_known_is_settled_too() {
    let gone = || {
        error(
            404,
            "Request_ResourceNotFound",
            "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
        )
    };
    for (name, steps) in [
        ("arrived", vec![lost(), nothing()]),
        (
            "did not arrive",
            vec![error(502, "", ""), app_role(), app_role(), app_role(), reply(204).into(), nothing()],
        ),
        ("somebody was faster", vec![gone(), nothing()]),
    ] {
        let before = [principal(), exchange(), app_role()];
        let outcome = run("--name vm --revoke", before.into_iter().chain(steps).chain([nothing()]));
        assert_eq!(outcome.exit, 0, "{name}: {}", outcome.stderr);
        assert!(outcome.stdout.contains("Exchange.ManageAsApp,removed,"), "{name}: {}", outcome.stdout);
    }
}

#[test]
fn what_was_done_before_a_failure_is_reported() {
    let steps = [
        principal(),
        exchange(),
        nothing(),
        made("app-1"),
        app_role(),
        nothing(),
        error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    ];
    let outcome = run("--name vm", steps);
    assert_eq!(outcome.exit, 4, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Exchange.ManageAsApp,assigned,"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.contains("refused to assign the directory role `Global Reader` (403)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_signal_ends_a_change_in_doubt_without_another_look_and_a_look_without_a_doubt() {
    let order = || Step::silence().then_order(Signal::Terminate);
    let outcome = run("--name vm", [principal(), exchange(), nothing(), order()]);
    assert_eq!(outcome.exit, 143, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("docs/errors.md#write-in-doubt"), "{}", outcome.stderr);
    let outcome = run("--name vm", [principal(), order()]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (143, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("docs/errors.md#stopped"), "{}", outcome.stderr);
}

#[test]
fn the_deadline_ends_a_change_in_doubt_without_another_look() {
    let steps = [principal(), exchange(), nothing(), Step::silence().then_stall()];
    let outcome = run("--name vm --timeout 1s", steps);
    assert_eq!((outcome.exit, outcome.waited.len()), (6, 0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("docs/errors.md#write-in-doubt"), "{}", outcome.stderr);
}

#[test]
fn what_reads_is_tried_again_and_a_wait_is_the_services() {
    let throttled = || reply(429).header("Retry-After", "7").into();
    for (name, first, waited) in [
        ("throttled", vec![throttled(), throttled()], 14..15),
        ("lost", vec![lost()], 1..2),
        ("overloaded", vec![error(503, "", ""), error(500, "", "")], 3..5),
    ] {
        let outcome = run("--name vm", first.into_iter().chain(there()));
        assert_eq!(outcome.exit, 0, "{name}: {}", outcome.stderr);
        assert!(waited.contains(&outcome.waited.iter().sum::<u64>()), "{name}: {:?}", outcome.waited);
    }
    let outcome = run("--name vm", [Step::from(reply(429).header("Retry-After", "301"))]);
    assert_eq!(outcome.exit, 6);
    assert!(outcome.stderr.contains("asks to wait 301 s"), "{}", outcome.stderr);
    let outcome = run("--name vm --max-retries 0", [error(503, "", "")]);
    assert_eq!((outcome.exit, outcome.requests.len()), (6, 1));
}

#[test]
fn a_throttled_change_is_sent_again_and_nothing_else_is() {
    let throttled: Step = reply(429).header("Retry-After", "2").into();
    let steps = [principal(), exchange(), nothing(), throttled, made("app-1"), app_role(), directory_role()];
    let outcome = run("--name vm", steps);
    assert_eq!((outcome.exit, outcome.waited), (0, vec![2]), "{}", outcome.stderr);
}

#[test]
fn pages_are_followed_on_the_same_origin_alone() {
    let page = |link: &str| {
        let body = json!({"value": [], "@odata.nextLink": link}).to_string();
        Step::from(reply(200).json(body))
    };
    let next = page("{origin}/v1.0/servicePrincipals?$skiptoken=x");
    let outcome = run("--name vm", [next.clone()].into_iter().chain(there()));
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    assert_eq!(outcome.requests[1].target(), "/v1.0/servicePrincipals?$skiptoken=x");
    for (name, steps, reason) in [
        ("elsewhere", vec![page("https://graph.example.com/v1.0/x")], "leads to graph.example.com"),
        ("other scheme", vec![page("https://127.0.0.1:{port}/v1.0/x")], "leads to 127.0.0.1"),
        ("circle", vec![next.clone(), next], "goes in circles"),
        ("nonsense", vec![page("x")], "no address"),
    ] {
        let outcome = run("--name vm", steps);
        assert_eq!(outcome.exit, 6, "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(reason), "{name}: {}", outcome.stderr);
    }
}

#[test]
fn a_redirect_of_graph_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let redirect = reply(status).header("Location", "{origin}/elsewhere");
        let outcome = run("--name vm", [redirect]);
        assert_eq!((outcome.requests.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
    }
}

#[test]
fn a_reply_of_graph_has_a_largest_size() {
    let large = 9 << 20;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {large}\r\n\r\n{{");
    let outcome = run("--name vm --max-retries 0", [Step::raw(head).then_flood(large)]);
    assert_eq!((outcome.requests.len(), outcome.exit), (1, 6), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("larger than"), "{}", outcome.stderr);
}

#[test]
fn a_graph_in_plain_http_is_not_asked() {
    for address in ["http://graph.example.com", "http://10.0.0.4", "http://127.0.0.1.example.com"] {
        let outcome = run(&format!("--name vm --graph-uri {address}"), Vec::<Step>::new());
        assert_eq!((outcome.requests.len(), outcome.exit), (0, 2), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("plain http is allowed to loopback only"), "{}", outcome.stderr);
    }
}

#[test]
fn a_graph_that_repeats_the_token_does_not_make_it_known() {
    let token = token(&good_claims());
    for body in [
        r#"{"error":{"code":"InvalidAuthenticationToken","message":"SECRET is not valid"}}"#,
        r#"{"error":{"code":"SECRET","message":"x","innerError":{"request-id":"SECRET"}}}"#,
        "SECRET",
    ] {
        let outcome = run("--name vm --max-retries 0", [reply(401).json(body.replace("SECRET", &token))]);
        assert_ne!(outcome.exit, 0, "{}", outcome.stderr);
    }
}

#[test]
fn odd_replies_are_named() {
    for (name, step, exit, code) in [
        ("html", reply(200).body("<html>").into(), 6, "reply-unreadable"),
        ("no list", reply(200).json("{}").into(), 6, "reply-unreadable"),
        (
            "redirect",
            reply(302).header("Location", "https://login.example.com/").into(),
            6,
            "graph-unreachable",
        ),
        ("bad request", error(400, "BadRequest", "no"), 5, "graph-refused"),
        ("unauthorized", error(401, "InvalidAuthenticationToken", "expired"), 4, "graph-token-refused"),
        ("forbidden", error(403, "Authorization_RequestDenied", "no"), 4, "graph-denied"),
        ("mute", reply(403).body([0; 40]).into(), 4, "graph-denied"),
    ] {
        let outcome = run("--name vm", [step as Step]);
        assert_eq!(outcome.exit, exit, "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(&format!("docs/errors.md#{code}\n")), "{name}: {}", outcome.stderr);
    }
}

#[test]
fn an_identity_that_is_not_known_everywhere_is_waited_for_and_then_told() {
    let unknown = || {
        let message =
            "Resource 'x' does not exist or one of its queried reference-property objects are not present.";
        error(404, "Request_ResourceNotFound", message)
    };
    let before = [principal(), exchange(), nothing()];
    let outcome = run("--name vm", before.into_iter().chain((0..6).map(|_| unknown())));
    assert_eq!((outcome.exit, outcome.waited.len()), (5, 5), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("not known everywhere yet"), "{}", outcome.stderr);
}

#[test]
fn exchange_without_the_very_app_role_is_no_exchange() {
    let role = json!({"id": "ea3d980d-ebc7-4be4-8298-a167e5b8797c", "value": "Exchange.ManageAsAppV2", "isEnabled": true});
    let disabled = json!({"id": APP_ROLE, "value": "Exchange.ManageAsApp", "isEnabled": false});
    for rows in
        [json!([]), json!([{"id": EXCHANGE, "appRoles": [role, disabled]}]), json!([{"id": EXCHANGE}])]
    {
        let outcome = run("--name vm", [principal(), list(&rows)]);
        assert_eq!(outcome.exit, 5, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("docs/errors.md#exchange-principal-missing"), "{}", outcome.stderr);
    }
}

#[test]
fn a_name_of_the_service_shows_no_control_character() {
    let hostile = list(&json!([{
        "id": PRINCIPAL, "appId": "a", "displayName": "vm\u{1b}[2J\u{202e}x", "servicePrincipalType": "Application",
    }, {"id": "b", "appId": "b", "displayName": "\u{1b}]0;x\u{7}", "servicePrincipalType": "Application\u{1b}[1m"}]));
    let outcome = run("--name vm", [hostile]);
    assert_eq!(outcome.exit, 5, "{}", outcome.stderr);
    assert!(!outcome.stderr.chars().any(|c| c.is_control() && c != '\n'), "{:?}", outcome.stderr);
}
