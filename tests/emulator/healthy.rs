//! The way from an identity to a table.

use exo_mi::emulator::{Scenario, Source};
use exo_mi::secret::ExposeSecret;
use serde_json::json;

use crate::world::{RESOURCE, Sent, World, claims, form};

const ARC: &str = "/metadata/identity/oauth2/token?api-version=2020-06-01&resource=";

#[tokio::test]
async fn a_token_from_imds_opens_the_accepted_domains() {
    let world = World::start(Scenario::Healthy);
    let got = world.send(&world.invoke("Get-AcceptedDomain", json!({})).await).await;
    assert_eq!(got.status, 200);
    let shown: Vec<_> = got
        .rows()
        .iter()
        .map(|row| [&row["Name"], &row["DomainType"], &row["Default"]].map(ToString::to_string))
        .collect();
    assert_eq!(
        shown,
        [
            ["\"contoso.onmicrosoft.com\"", "\"Authoritative\"", "false"],
            ["\"contoso.com\"", "\"Authoritative\"", "true"],
            ["\"relay.contoso.com\"", "\"InternalRelay\"", "false"],
        ]
    );
    assert!(world.last().invocation.unwrap().executed);
}

#[tokio::test]
async fn a_token_from_the_identity_endpoint_opens_them_too() {
    let world = World::start(Scenario::Healthy);
    let token = world.token(&world.identity_endpoint()).await;
    let tenant = claims(&token)["tid"].as_str().unwrap().to_owned();
    let got = world.send(&world.invoke_with(&token, &tenant, "get-accepteddomain", json!({}))).await;
    assert_eq!((got.status, got.rows().len()), (200, 3));
}

#[tokio::test]
async fn the_hybrid_workers_endpoint_answers_over_tls() {
    let world = World::start(Scenario::Healthy);
    let worker = &world.emulator.addresses().hybrid_worker;
    assert!(worker.starts_with("https://"), "{worker}");
    let sent = world.identity_endpoint().at(format!("{worker}?resource={RESOURCE}"));
    world.token(&sent).await;
}

#[tokio::test]
async fn both_versions_of_http_and_both_schemes_are_spoken() {
    let world = World::start(Scenario::Healthy);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    world.send(&sent).await;
    assert_eq!((world.last().version.as_str(), world.last().scheme), ("HTTP/2.0", "https"));
    let (tls, plain) = (&world.emulator.addresses().exchange, &world.emulator.addresses().exchange_http);
    assert_eq!(world.send(&sent.replacing(tls, plain)).await.status, 200);
    assert_eq!((world.last().version.as_str(), world.last().scheme), ("HTTP/1.1", "http"));
}

#[tokio::test]
async fn the_variables_lead_to_the_services() {
    let world = World::start(Scenario::Healthy);
    let names =
        |source| world.emulator.variables(source).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let shared = ["EXO_MI_CONNECTION_URI", "EXO_MI_ORG", "AZURE_AUTHORITY_HOST", "EXO_MI_GRAPH_URI"];
    assert_eq!(names(Source::Imds), [&shared[..], &["AZURE_POD_IDENTITY_AUTHORITY_HOST"]].concat());
    assert_eq!(
        names(Source::IdentityEndpoint),
        [&shared[..], &["IDENTITY_ENDPOINT", "IDENTITY_HEADER"]].concat()
    );
    assert!(names(Source::HybridWorker).contains(&"MSI_SECRET"));
}

#[tokio::test]
async fn nothing_secret_is_in_the_journal() {
    let world = World::start(Scenario::Healthy);
    let token = world.token(&world.identity_endpoint()).await;
    world.send(&world.invoke_with(&token, crate::world::TENANT, "Get-AcceptedDomain", json!({}))).await;
    send_every_secret(&world).await;
    let mut secrets = world.emulator.secrets();
    assert!(secrets.len() > 4, "each kind of them must have been used");
    secrets.push(("the beginning of a token", token[..40].into()));
    for entry in world.emulator.journal() {
        let shown = format!("{entry:?} {entry}");
        for (kind, secret) in &secrets {
            assert!(!shown.contains(secret.expose_secret()), "{kind}: {shown}");
        }
    }
}

/// Sends everything that an endpoint takes as a secret, to it and, as nobody should, in a query.
async fn send_every_secret(world: &World) {
    let addresses = world.emulator.addresses();
    let challenged = Sent::new("GET", format!("{}{ARC}{RESOURCE}", addresses.arc)).with("Metadata", "true");
    assert_eq!(world.send(&challenged).await.status, 401);
    world.emulator.certificate().unwrap();
    for (_, secret) in world.emulator.secrets() {
        let secret = secret.expose_secret();
        let basic = format!("Basic {secret}");
        world.send(&Sent::new("GET", &addresses.azure_ml).with("secret", secret)).await;
        world.send(&Sent::new("GET", &addresses.arc).with("Authorization", &basic)).await;
        world.send(&Sent::new("GET", format!("{}?client_assertion={secret}", addresses.authority))).await;
        let form = form(
            format!("{}/x/oauth2/v2.0/token", addresses.authority),
            &[("client_assertion", secret.to_owned())],
        );
        world.send(&form).await;
    }
}

#[tokio::test]
async fn a_watcher_sees_each_request_and_the_end() {
    let world = World::start(Scenario::Healthy);
    let watch = world.emulator.watch();
    world.send(&world.imds()).await;
    assert_eq!(watch.recv().unwrap().status, 200);
    world.emulator.stop();
    assert!(watch.recv().is_err());
}

#[tokio::test]
async fn a_stopped_emulator_refuses_connections() {
    let world = World::start(Scenario::Healthy);
    let sent = world.imds();
    let http = world.http.clone();
    world.emulator.stop();
    assert!(http.get(&sent.url).send().await.unwrap_err().is_connect());
}
