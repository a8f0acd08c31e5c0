//! The endpoints that take a `secret` header: Azure Machine Learning, old App Service, Windows containers.

use exo_mi::emulator::{Scenario, Source};

use crate::world::{OPERATOR, READER, RESOURCE, Sent, World, claims, variable};

const READER_PRINCIPAL: &str = "a4444444-4444-4444-8444-444444444444";

fn azure_ml(world: &World) -> Sent {
    of_2017(world, Source::AzureMl)
}

fn app_service(world: &World) -> Sent {
    of_2017(world, Source::AppService2017)
}

fn of_2017(world: &World, source: Source) -> Sent {
    let value = |name| variable(world, source, name).unwrap();
    let url = format!("{}?api-version=2017-09-01&resource={RESOURCE}", value("MSI_ENDPOINT"));
    Sent::new("GET", url).with("secret", &value("MSI_SECRET"))
}

fn container(world: &World) -> Sent {
    let value = |name| variable(world, Source::ContainerInstanceWindows, name).unwrap();
    let url = format!("{}?resource={RESOURCE}", value("IDENTITY_ENDPOINT"));
    Sent::new("GET", url).with("secret", &value("IDENTITY_HEADER"))
}

fn selecting(sent: Sent, name: &str, value: &str) -> Sent {
    sent.replacing("resource=", &format!("{name}={value}&resource="))
}

#[tokio::test]
async fn machine_learning_counts_seconds_and_names_its_own_identity() {
    let world = World::start(Scenario::Healthy);
    let body = world.send(&azure_ml(&world)).await.json();
    assert!(body["expires_on"].is_u64() && body.get("expires_in").is_none(), "{body}");
    let own = variable(&world, Source::AzureMl, "DEFAULT_IDENTITY_CLIENT_ID").unwrap();
    for id in [own.as_str(), READER] {
        let token = world.token(&selecting(azure_ml(&world), "clientid", id)).await;
        assert_eq!(claims(&token)["appid"], id);
    }
    world.token(&azure_ml(&world).with("Metadata", "true")).await;
}

#[tokio::test]
async fn old_app_service_writes_the_date_as_its_system_does() {
    for (scenario, date) in [
        (Scenario::Healthy, "11/19/2026 11:11:40 +00:00"),
        (Scenario::AppServiceWindows, "11/19/2026 11:11:40 AM +00:00"),
    ] {
        let world = World::start(scenario);
        let body = world.send(&app_service(&world)).await.json();
        assert_eq!(body["expires_on"], date);
        let token = world.token(&selecting(app_service(&world), "clientid", READER)).await;
        assert_eq!(claims(&token)["appid"], READER);
    }
}

#[tokio::test]
async fn a_container_goes_by_the_principal() {
    let world = World::start(Scenario::Healthy);
    let token = world.token(&container(&world)).await;
    assert!(claims(&token)["xms_mirid"].as_str().unwrap().contains("Microsoft.ContainerInstance"));
    let token = world.token(&selecting(container(&world), "principalId", READER_PRINCIPAL)).await;
    assert_eq!(claims(&token)["appid"], READER);
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    for sent in [azure_ml, app_service] {
        let sent = || sent(&world);
        for (spoilt, status, reason) in [
            (sent().by("POST"), 405, "GET alone"),
            (sent().without("secret"), 401, "the secret is missing"),
            (sent().but("secret", "guess"), 401, "not the one that the environment names"),
            (sent().with("X-IDENTITY-HEADER", "x"), 400, "SECRET LEAKED"),
            (sent().replacing("2017-09-01", "2019-08-01"), 400, "the api-version is not 2017-09-01"),
            (sent().replacing("api-version=2017-09-01&", ""), 400, "the api-version is not 2017-09-01"),
            (sent().replacing(&format!("&resource={RESOURCE}"), ""), 400, "the resource is missing"),
            (selecting(sent(), "resource", "x"), 400, "`resource` was sent twice"),
            (selecting(sent(), "client_id", READER), 400, "no parameter `client_id`"),
            (selecting(sent(), "object_id", READER), 400, "no parameter `object_id`"),
            (selecting(sent(), "clientid", "x"), 400, "not assigned"),
            (sent().replacing("/MSI", "/msi/other"), 404, "no such path"),
        ] {
            world.refuses(&spoilt, status, reason).await;
        }
    }
    let elsewhere = |sent: Sent| sent.replacing(RESOURCE, "https://contoso.example");
    world.refuses(&elsewhere(azure_ml(&world)), 400, "no such resource").await;
    let got = world.refuses(&elsewhere(app_service(&world)), 500, "no such resource").await;
    assert_eq!(got.json()["statusCode"], 500);
}

#[tokio::test]
async fn each_defect_in_a_container_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = || container(&world);
    let secret = sent().headers.pop().unwrap().1;
    for (spoilt, status, reason) in [
        (sent().by("POST"), 405, "GET alone"),
        (sent().without("secret").with("X-IDENTITY-HEADER", &secret), 401, "the secret is missing"),
        (sent().but("secret", "guess"), 401, "not the one that the environment names"),
        (selecting(sent(), "api-version", "2019-08-01"), 400, "no parameter `api-version`"),
        (selecting(sent(), "client_id", READER), 400, "no parameter `client_id`"),
        (selecting(sent(), "principalId", "x"), 404, "not assigned"),
        (sent().replacing(&format!("resource={RESOURCE}"), ""), 400, "the resource is missing"),
        (sent().replacing("/oauth2/token", "/token"), 404, "no such path"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
}

#[tokio::test]
async fn without_an_identity_each_says_so_in_its_own_words() {
    let world = World::start(Scenario::MlNoIdentity);
    assert_eq!(variable(&world, Source::AzureMl, "DEFAULT_IDENTITY_CLIENT_ID"), None);
    let got = world.refuses(&azure_ml(&world), 400, "no system-assigned identity").await;
    assert!(got.json()["message"].as_str().unwrap().contains("no managed identity"));
    world.token(&selecting(azure_ml(&world), "clientid", OPERATOR)).await;
    let world = World::start(Scenario::NoIdentity);
    let got = world.refuses(&app_service(&world), 400, "no system-assigned identity").await;
    assert!(got.json()["Message"].as_str().unwrap().starts_with("No Managed Identity found"));
    let got = world.refuses(&container(&world), 404, "no system-assigned identity").await;
    assert_eq!(got.json()["error"]["code"], "DefaultIdentityNotDefined");
}

#[tokio::test]
async fn faults_of_any_endpoint_strike_here_too() {
    for sent in [azure_ml, app_service, container] {
        let world = World::start(Scenario::FlakyNetwork);
        world.try_send(&sent(&world)).await.unwrap_err();
        world.token(&sent(&world)).await;
        let world = World::start(Scenario::Html200);
        assert!(world.send(&sent(&world)).await.body.starts_with(b"<html>"));
        let world = World::start(Scenario::WrongIdentity);
        let right = World::start(Scenario::Healthy);
        let (wrong, right) = (world.token(&sent(&world)).await, right.token(&sent(&right)).await);
        assert_ne!(claims(&wrong)["appid"], claims(&right)["appid"]);
    }
}

#[tokio::test]
async fn old_app_service_is_told_from_machine_learning() {
    let world = World::start(Scenario::Healthy);
    assert!(variable(&world, Source::AppService2017, "WEBSITE_SITE_NAME").is_some());
    assert!(variable(&world, Source::AzureMl, "WEBSITE_SITE_NAME").is_none());
}
