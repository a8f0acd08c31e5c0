//! The federated token of a pod, and what the authority makes of it.

use std::fs;
use std::time::Duration;

use exo_mi::emulator::{Scenario, Source};
use serde_json::json;

use crate::world::{Sent, TENANT, World, claims, form, variable};

const APPLICATION: &str = "dddddddd-1111-4111-8111-dddddddddddd";

fn parameters(assertion: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", APPLICATION.to_owned()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", assertion.to_owned()),
        ("scope", "https://outlook.office365.com/.default".to_owned()),
    ]
}

fn token_file(world: &World) -> String {
    fs::read_to_string(variable(world, Source::WorkloadIdentity, "AZURE_FEDERATED_TOKEN_FILE").unwrap())
        .unwrap()
}

fn ask_with(world: &World, parameters: &[(&'static str, String)]) -> Sent {
    let value = |name| variable(world, Source::WorkloadIdentity, name).unwrap();
    let url = format!("{}{}/oauth2/v2.0/token", value("AZURE_AUTHORITY_HOST"), value("AZURE_TENANT_ID"));
    form(url, parameters)
}

fn ask(world: &World) -> Sent {
    ask_with(world, &parameters(&token_file(world)))
}

/// The request with one parameter changed, or left out where the new value is empty.
fn spoilt(world: &World, name: &str, value: &str) -> Sent {
    let mut parameters = parameters(&token_file(world));
    parameters.retain_mut(|(key, old)| {
        if *key == name {
            value.clone_into(old);
        }
        !old.is_empty()
    });
    ask_with(world, &parameters)
}

#[tokio::test]
async fn the_answer_is_the_authoritys_and_opens_exchange() {
    let world = World::start(Scenario::Healthy);
    let body = world.send(&ask(&world)).await.json();
    let shown = ["token_type", "expires_in", "ext_expires_in"].map(|name| body[name].clone());
    assert_eq!(shown, [json!("Bearer"), json!(3599), json!(3599)]);
    let token = body["access_token"].as_str().unwrap();
    let claims = claims(token);
    assert_eq!((&claims["appid"], &claims["idtyp"]), (&json!(APPLICATION), &json!("app")));
    assert!(claims.get("xms_mirid").is_none(), "{claims}");
    let got = world.send(&world.invoke_with(token, TENANT, "Get-AcceptedDomain", json!({}))).await;
    assert_eq!((got.status, got.rows().len()), (200, 3));
    assert_ne!(world.token(&ask(&world)).await, token, "the authority keeps no tokens");
}

#[tokio::test]
async fn a_domain_names_the_tenant_too_and_so_does_plain_http() {
    let world = World::start(Scenario::Healthy);
    world.token(&ask(&world).replacing(TENANT, "contoso.onmicrosoft.com")).await;
    let (tls, plain) = (&world.emulator.addresses().authority, &world.emulator.addresses().authority_http);
    world.token(&ask(&world).replacing(tls, plain)).await;
    world.token(&spoilt(&world, "scope", "https://outlook.office365.com//.default")).await;
}

#[tokio::test]
async fn each_defect_is_refused_with_its_number() {
    let world = World::start(Scenario::Healthy);
    let change = |name, value| spoilt(&world, name, value);
    let (elsewhere, other) = ("https://contoso.example/.default", "https://graph.microsoft.com/.default");
    let two = format!("https://outlook.office365.com/.default {other}");
    let tampered = token_file(&world).replacen('.', ".e", 1);
    let foreign = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL290aGVyLmV4YW1wbGUvIn0.AAAA";
    for (sent, status, code, reason) in [
        (change("grant_type", "password"), 400, 70_003, "not client_credentials"),
        (change("grant_type", ""), 400, 900_144, "`grant_type` is missing"),
        (change("client_id", ""), 400, 900_144, "`client_id` is missing"),
        (change("client_id", "99999999-9999-4999-8999-999999999999"), 400, 700_016, "no such application"),
        (change("client_assertion_type", "jwt"), 400, 7_000_216, "not jwt-bearer"),
        (change("client_assertion", ""), 400, 7_000_216, "the assertion is missing"),
        (change("client_assertion", "x.y.z"), 401, 50_027, "no signed JWT"),
        (change("client_assertion", &tampered), 401, 50_027, "no signed JWT"),
        (change("client_assertion", foreign), 401, 700_211, "not of this cluster"),
        (change("scope", ""), 400, 900_144, "`scope` is missing"),
        (change("scope", "https://outlook.office365.com"), 400, 70_011, "/.default"),
        (change("scope", &two), 400, 70_011, "not one resource"),
        (change("scope", elsewhere), 400, 500_011, "no such resource"),
        (ask(&world).replacing(TENANT, "contosso.com"), 400, 90_002, "no such tenant"),
        (ask(&world).replacing(TENANT, "fabrikam.com"), 400, 700_016, "no such application"),
        (ask(&world).but("Content-Type", "application/json"), 400, 900_144, "must be a form"),
        (ask(&world).replacing("/token", "/token?scope=x"), 400, 900_144, "belong into its body"),
        (change("scope", "x&resource=y"), 400, 70_011, "/.default"),
    ] {
        let body = world.refuses(&sent, status, reason).await.json();
        assert_eq!(body["error_codes"], json!([code]), "{body}");
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")));
        assert!(["timestamp", "trace_id", "correlation_id"].iter().all(|name| body[name].is_string()));
    }
    let with = |name, value: &str| {
        let mut parameters = parameters(&token_file(&world));
        parameters.push((name, value.to_owned()));
        ask_with(&world, &parameters)
    };
    world.refuses(&with("resource", "x"), 400, "takes a scope").await;
    world.refuses(&with("client_secret", "x"), 400, "no parameter `client_secret`").await;
    world.refuses(&with("scope", "x"), 400, "sent twice").await;
    world.refuses(&ask(&world).by("GET"), 405, "POST alone").await;
    world.refuses(&ask(&world).with("Authorization", "Basic x"), 400, "SECRET LEAKED").await;
    world.refuses(&ask(&world).with("secret", "x"), 400, "SECRET LEAKED").await;
    world.refuses(&ask(&world).replacing(TENANT, &format!("/{TENANT}")), 404, "no such path").await;
}

#[tokio::test]
async fn a_changed_signature_is_refused() {
    let world = World::start(Scenario::Healthy);
    let token = token_file(&world);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other: String = signature.chars().rev().collect();
    let sent = spoilt(&world, "client_assertion", &format!("{signed}.{other}"));
    let body = world.send(&sent).await.json();
    assert!([json!([700_027]), json!([50_027])].contains(&body["error_codes"]), "{body}");
}

#[tokio::test]
async fn a_client_that_keeps_the_token_for_ever_is_refused_and_one_that_reads_again_is_not() {
    let world = World::start(Scenario::Healthy);
    let kept = ask(&world);
    world.token(&kept).await;
    world.clock.sleep(Duration::from_secs(3_000)).await;
    world.token(&kept).await;
    assert_ne!(ask(&world).body, kept.body, "the kubelet has written another one");
    world.clock.sleep(Duration::from_secs(600)).await;
    let body = world.refuses(&kept, 401, "the assertion has expired").await.json();
    assert_eq!((&body["error"], &body["error_codes"][0]), (&json!("invalid_client"), &json!(700_024)));
    world.token(&ask(&world)).await;
}

#[tokio::test]
async fn a_stale_file_is_written_anew_after_the_first_refusal() {
    let world = World::start(Scenario::FederatedStaleFile);
    let stale = ask(&world);
    world.refuses(&stale, 401, "the assertion has expired").await;
    world.token(&ask(&world)).await;
    world.refuses(&stale, 401, "the assertion has expired").await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_a_link_as_in_a_pod() {
    let world = World::start(Scenario::Healthy);
    let file = world.emulator.federated_token_file();
    let folder = file.parent().unwrap();
    let before = fs::read_link(folder.join("..data")).unwrap();
    assert_eq!(fs::read_link(file).unwrap(), std::path::Path::new("..data/azure-identity-token"));
    world.clock.sleep(Duration::from_secs(3_000)).await;
    world.send(&world.imds()).await;
    assert_ne!(fs::read_link(folder.join("..data")).unwrap(), before);
    assert!(!folder.join(before).exists());
    world.token(&ask(&world)).await;
}

#[tokio::test]
async fn trust_may_be_missing_in_several_ways() {
    for (scenario, status, code) in [
        (Scenario::FederatedNoTrust, 400, 70_021),
        (Scenario::FederatedWrongSubject, 401, 700_213),
        (Scenario::FederatedUnknownApp, 400, 700_016),
        (Scenario::WrongTenant, 200, 0),
    ] {
        let world = World::start(scenario);
        let got = world.send(&ask(&world)).await;
        assert_eq!(got.status, status, "{}", world.last());
        assert_eq!(got.json()["error_codes"][0].as_u64().unwrap_or_default(), code);
    }
}

#[tokio::test]
async fn grants_are_those_of_the_scenario() {
    let world = World::start(Scenario::NoAppRole);
    assert!(claims(&world.token(&ask(&world)).await).get("roles").is_none());
    let world = World::start(Scenario::NoDirectoryRole);
    assert!(claims(&world.token(&ask(&world)).await).get("wids").is_none());
}
