//! Cloud Shell, whose token is a person's.

use exo_mi::emulator::{Scenario, Source};
use serde_json::json;

use crate::world::{Sent, TENANT, World, claims, variable};

fn ask(world: &World) -> Sent {
    Sent::new("POST", variable(world, Source::CloudShell, "MSI_ENDPOINT").unwrap())
        .with("Metadata", "true")
        .with("Content-Type", "application/x-www-form-urlencoded")
        .carrying("resource=https%3A%2F%2Foutlook.office365.com%2F")
}

#[tokio::test]
async fn the_token_is_a_persons_and_opens_nothing() {
    let world = World::start(Scenario::Healthy);
    let token = world.token(&ask(&world)).await;
    let claims = claims(&token);
    assert_eq!((&claims["idtyp"], claims.get("roles")), (&json!("user"), None));
    assert!(claims["scp"].is_string() && claims["upn"].as_str().unwrap().contains('@'));
    let sent = world.invoke_with(&token, TENANT, "Get-AcceptedDomain", json!({}));
    world.refuses(&sent, 401, "a person's").await;
}

#[tokio::test]
async fn the_environment_tells_what_it_is() {
    let world = World::start(Scenario::Healthy);
    let host = variable(&world, Source::CloudShell, "AZUREPS_HOST_ENVIRONMENT").unwrap();
    assert!(host.starts_with("cloud-shell"));
    assert!(variable(&world, Source::CloudShell, "ACC_CLOUD").is_some());
    assert!(variable(&world, Source::CloudShell, "MSI_SECRET").is_none());
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = || ask(&world);
    let query = format!("{}?api-version=2018-02-01", sent().url);
    for (spoilt, status, reason) in [
        (sent().by("GET"), 405, "POST alone"),
        (sent().without("Metadata"), 400, "`Metadata: true` is missing"),
        (sent().but("Content-Type", "application/json"), 400, "must be a form"),
        (sent().carrying(""), 400, "the resource is missing"),
        (sent().carrying("resource=x&client_id=y"), 400, "no parameter `client_id`"),
        (sent().carrying("resource=x&resource=y"), 400, "sent twice"),
        (sent().with("secret", "x"), 400, "SECRET LEAKED"),
        (sent().at(query), 400, "no query"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
    let got = world.refuses(&sent().carrying("resource=https://contoso.example"), 400, "no token").await;
    assert_eq!(got.json()["error"]["code"], "AudienceNotSupported");
}
