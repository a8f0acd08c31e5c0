//! What Service Fabric takes, and what it refuses. These clients look at no certificate: what its thumbprint is good
//! for is the product's affair.

use exo_mi::emulator::{Scenario, Source};

use crate::world::{READER, RESOURCE, Sent, World, careless, claims, variable};

fn ask(world: &World) -> Sent {
    let value = |name| variable(world, Source::ServiceFabric, name).unwrap();
    let url = format!("{}?api-version=2019-07-01-preview&resource={RESOURCE}", value("IDENTITY_ENDPOINT"));
    Sent::new("GET", url).with("Secret", &value("IDENTITY_HEADER"))
}

fn start(scenario: Scenario) -> World {
    let world = World::start(scenario);
    World { http: careless(), ..world }
}

#[tokio::test]
async fn the_time_of_expiry_is_a_number() {
    let world = start(Scenario::Healthy);
    let body = world.send(&ask(&world)).await.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "expires_on", "resource", "token_type"]);
    assert!(body["expires_on"].is_u64());
    let token = claims(body["access_token"].as_str().unwrap());
    assert!(token["xms_mirid"].as_str().unwrap().contains("Microsoft.ServiceFabric"));
}

#[tokio::test]
async fn nobody_vouches_for_the_certificate() {
    let world = World::start(Scenario::Healthy);
    assert!(world.try_send(&ask(&world)).await.unwrap_err().is_connect());
    let thumbprint = variable(&world, Source::ServiceFabric, "IDENTITY_SERVER_THUMBPRINT").unwrap();
    assert!(thumbprint.len() == 40 && thumbprint.chars().all(|digit| digit.is_ascii_hexdigit()));
    let other = World::start(Scenario::FabricWrongCertificate);
    let named = variable(&other, Source::ServiceFabric, "IDENTITY_SERVER_THUMBPRINT").unwrap();
    assert!(named.len() == 40 && named != thumbprint);
}

#[tokio::test]
async fn the_forms_that_real_clients_send_are_taken() {
    let world = start(Scenario::Healthy);
    world.token(&ask(&world).replacing("2019-07-01-preview", "2020-05-01")).await;
    let principal = format!("&principalId=a{}&resource", &READER[1..]);
    let token = world.token(&ask(&world).replacing("&resource", &principal)).await;
    assert_eq!(claims(&token)["appid"], READER);
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = start(Scenario::Healthy);
    let sent = || ask(&world);
    for (spoilt, status, code, reason) in [
        (sent().without("Secret"), 400, "SecretHeaderNotFound", "the secret is missing"),
        (sent().but("Secret", "guess"), 404, "ManagedIdentityNotFound", "not the one"),
        (sent().with("X-IDENTITY-HEADER", "x"), 400, "ArgumentNullOrEmpty", "SECRET LEAKED"),
        (
            sent().replacing("2019-07-01-preview", "2019-08-01"),
            400,
            "InvalidApiVersion",
            "no such api-version",
        ),
        (sent().replacing("api-version=2019-07-01-preview&", ""), 400, "InvalidApiVersion", "no such"),
        (sent().replacing(RESOURCE, ""), 400, "ArgumentNullOrEmpty", "the resource is missing"),
        (sent().replacing("&resource", "&client_id=x&resource"), 400, "ArgumentNullOrEmpty", "`client_id`"),
        (sent().replacing("&resource", "&resource=x&resource"), 400, "ArgumentNullOrEmpty", "sent twice"),
        (
            sent().replacing("&resource", "&principalId=x&resource"),
            404,
            "ManagedIdentityNotFound",
            "assigned",
        ),
        (
            sent().replacing(RESOURCE, "https://contoso.example"),
            500,
            "InternalServerError",
            "no such resource",
        ),
    ] {
        let got = world.refuses(&spoilt, status, reason).await;
        assert_eq!(got.json()["error"]["code"], code);
    }
    world.refuses(&sent().by("POST"), 405, "GET alone").await;
    world.refuses(&sent().replacing("/oauth2/token", "/token"), 404, "no such path").await;
}

#[tokio::test]
async fn a_token_that_was_refused_is_replaced_when_its_digest_is_told() {
    let world = start(Scenario::Healthy);
    let first = world.token(&ask(&world)).await;
    assert_eq!(world.token(&ask(&world)).await, first);
    let digest = ring::digest::digest(&ring::digest::SHA256, first.as_bytes());
    let digest: Vec<_> = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let query = format!("&token_sha256_to_refresh={}&resource", digest.concat());
    assert_ne!(world.token(&ask(&world).replacing("&resource", &query)).await, first);
}

#[tokio::test]
async fn a_missing_identity_is_final() {
    let world = start(Scenario::FabricNotFound);
    let got = world.refuses(&ask(&world), 404, "no system-assigned identity").await;
    assert_eq!(got.json()["error"]["code"], "ManagedIdentityNotFound");
}

#[tokio::test]
async fn a_redirect_is_not_to_be_followed_and_a_wrong_certificate_not_to_be_trusted() {
    let world = start(Scenario::FabricRedirect);
    let got = world.send(&ask(&world)).await;
    assert_eq!(got.status, 302);
    let followed = ask(&world).at(got.header("location"));
    world.refuses(&followed, 404, "the redirect was followed").await;
    let world = start(Scenario::FabricWrongCertificate);
    world.refuses(&ask(&world), 400, "SECRET LEAKED").await;
}
