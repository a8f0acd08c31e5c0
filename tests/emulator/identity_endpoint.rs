//! What the endpoint of Automation and App Service takes, and what it refuses.

use exo_mi::emulator::Scenario;

use crate::world::{READER, RESOURCE, World, claims};

#[tokio::test]
async fn the_answer_is_app_services() {
    let world = World::start(Scenario::Healthy);
    let sent = world.identity_endpoint().replacing("&resource", &format!("&client_id={READER}&resource"));
    let body = world.send(&sent).await.json();
    assert!(body["expires_on"].is_string() && body.get("expires_in").is_none(), "{body}");
    assert_eq!((&body["client_id"], &body["token_type"]), (&READER.into(), &"Bearer".into()));
    assert_eq!(claims(body["access_token"].as_str().unwrap())["appid"], READER);
}

#[tokio::test]
async fn the_forms_that_real_clients_send_are_taken() {
    let world = World::start(Scenario::Healthy);
    let sent = || world.identity_endpoint();
    let form = sent()
        .by("POST")
        .at(world.emulator.addresses().identity_endpoint.as_str())
        .with("Content-Type", "application/x-www-form-urlencoded")
        .carrying("resource=https%3A%2F%2Foutlook.office365.com%2F");
    for sent in [
        sent(),
        sent().replacing("api-version=2019-08-01&", ""),
        sent().with("Metadata", "True"),
        sent().replacing("&resource", &format!("&principal_id=a{}&resource", &READER[1..])),
        form,
    ] {
        assert_eq!(world.send(&sent).await.status, 200, "{}", world.last());
    }
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = || world.identity_endpoint();
    for (spoilt, status, reason) in [
        (sent().without("X-IDENTITY-HEADER"), 401, "X-IDENTITY-HEADER is missing"),
        (sent().but("X-IDENTITY-HEADER", "guess"), 401, "is not the value of IDENTITY_HEADER"),
        (sent().with("X-Forwarded-For", "10.0.0.4"), 400, "proxied"),
        (sent().with("Metadata", "yes"), 400, "Metadata is not `true`"),
        (sent().replacing("2019-08-01", "2017-09-01"), 400, "the api-version is not"),
        (sent().replacing(&format!("&resource={RESOURCE}"), ""), 400, "the resource is missing"),
        (sent().replacing(RESOURCE, "https://contoso.example"), 400, "no such resource"),
        (sent().replacing("&resource", "&resource=x&resource"), 400, "`resource` was sent twice"),
        (sent().replacing("&resource", "&msi_res_id=x&resource"), 400, "no parameter `msi_res_id`"),
        (sent().replacing("&resource", "&client_id=x&mi_res_id=y&resource"), 400, "more than one"),
        (sent().replacing("&resource", "&client_id=x&resource"), 400, "not assigned"),
        (sent().by("POST"), 400, "must be a form"),
        (sent().by("PUT"), 405, "GET and POST alone"),
        (sent().replacing("/oauth2/token", "/msi"), 404, "no such path"),
        (sent().replacing("/oauth2/token", "/metadata/identity/oauth2/token"), 404, "no such path"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
}

#[tokio::test]
async fn an_unknown_identity_is_told_with_capitals() {
    let world = World::start(Scenario::Healthy);
    let sent = world.identity_endpoint().replacing("&resource", "&client_id=x&resource");
    let body = world.send(&sent).await.json();
    assert_eq!(body["StatusCode"], 400);
    assert!(body["Message"].as_str().unwrap().contains("found for specified ClientId"), "{body}");
}

#[tokio::test]
async fn an_account_without_identity_says_so_in_automations_words() {
    let world = World::start(Scenario::NoIdentity);
    let got = world.refuses(&world.identity_endpoint(), 400, "the account has no identity").await;
    assert!(
        got.json()["Message"]
            .as_str()
            .unwrap()
            .starts_with("No managed identity was found for Automation account")
    );
}

#[tokio::test]
async fn a_user_assigned_identity_never_serves_unasked() {
    let world = World::start(Scenario::AmbiguousIdentity);
    let got = world.refuses(&world.identity_endpoint(), 500, "no system-assigned identity").await;
    assert!(got.json()["Message"].as_str().unwrap().starts_with("Failed to get MSI token"));
}
