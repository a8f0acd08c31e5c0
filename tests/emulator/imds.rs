//! What IMDS takes, and what it refuses.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use exo_mi::emulator::Scenario;

use crate::world::{READER, RESOURCE, World, claims};

#[tokio::test]
async fn every_value_of_the_answer_is_a_string() {
    let world = World::start(Scenario::Healthy);
    let body = world.send(&world.imds()).await.json();
    assert!(body.as_object().unwrap().values().all(serde_json::Value::is_string), "{body}");
    assert_eq!((&body["expires_in"], &body["resource"]), (&"86700".into(), &RESOURCE.into()));
    let claims = claims(body["access_token"].as_str().unwrap());
    assert_eq!(claims["exp"].to_string(), body["expires_on"].as_str().unwrap());
    assert_eq!(
        (&claims["aud"], &claims["idtyp"], &claims["roles"][0]),
        (&RESOURCE.into(), &"app".into(), &"Exchange.ManageAsApp".into())
    );
}

#[tokio::test]
async fn the_forms_that_real_clients_send_are_taken() {
    let world = World::start(Scenario::Healthy);
    let sent = world.imds();
    for sent in [
        sent.clone(),
        sent.clone().replacing("/metadata/identity/oauth2/token", "/Metadata/Identity/OAuth2/Token/"),
        sent.clone().replacing("2018-02-01", "2019-08-01"),
        sent.clone().replacing(RESOURCE, "https%3A%2F%2Foutlook.office365.com"),
        sent.clone().replacing(RESOURCE, "00000002-0000-0ff1-ce00-000000000000"),
        sent.clone().replacing("&resource", "&bypass_cache=true&resource"),
    ] {
        assert_eq!(world.send(&sent).await.status, 200, "{}", world.last());
    }
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = || world.imds();
    for (spoilt, status, reason) in [
        (sent().by("POST"), 405, "GET alone"),
        (sent().without("Metadata"), 400, "`Metadata: true` is missing"),
        (sent().but("Metadata", "True"), 400, "`Metadata: true` is missing"),
        (sent().with("X-Forwarded-For", "10.0.0.4"), 400, "proxied"),
        (sent().with("X-IDENTITY-HEADER", "x"), 400, "SECRET LEAKED"),
        (sent().with("secret", "x"), 400, "SECRET LEAKED"),
        (sent().with("Authorization", "Basic x"), 400, "SECRET LEAKED"),
        (sent().replacing("api-version=2018-02-01&", ""), 400, "api-version is missing"),
        (sent().replacing("2018-02-01", "2017-09-01"), 400, "no such api-version"),
        (sent().replacing("&resource", "&api-version=2018-02-01&resource"), 400, "names `api-version` twice"),
        (sent().replacing(&format!("&resource={RESOURCE}"), ""), 400, "the resource is missing"),
        (sent().replacing(RESOURCE, &format!("{RESOURCE}.default")), 400, "no such resource"),
        (sent().replacing("&resource", "&principal_id=x&resource"), 400, "no query name `principal_id`"),
        (sent().replacing("&resource", "&client_id=x&object_id=y&resource"), 400, "more than one"),
        (sent().replacing("&resource", "&client_id=x&resource"), 400, "not assigned"),
        (sent().replacing("/oauth2/token", "/oauth2/tokens"), 404, "no such path"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
}

#[tokio::test]
async fn the_error_bodies_are_the_documented_ones() {
    let world = World::start(Scenario::Healthy);
    let error = async |sent| world.send(&sent).await.json();
    let missing = error(world.imds().without("Metadata")).await;
    assert_eq!(
        (&missing["error"], &missing["error_description"]),
        (&"bad_request_102".into(), &"Required metadata header not specified".into())
    );
    let version = error(world.imds().replacing("api-version=2018-02-01&", "")).await;
    assert!(version["newest-versions"].is_array());
    let unknown = error(world.imds().replacing("&resource", "&client_id=x&resource")).await;
    assert_eq!(
        (&unknown["error"], &unknown["error_description"]),
        (&"invalid_request".into(), &"Identity not found".into())
    );
    let resource = error(world.imds().replacing(RESOURCE, "https://contoso.example")).await;
    assert_eq!(
        (&resource["error"], &resource["error_codes"][0]),
        (&"invalid_resource".into(), &500_011.into())
    );
    assert!(resource["error_description"].as_str().unwrap().starts_with("AADSTS500011"));
}

#[tokio::test]
async fn each_selector_finds_the_identity_and_is_echoed() {
    let world = World::start(Scenario::Healthy);
    let reader = world.imds().replacing("&resource", &format!("&client_id={READER}&resource"));
    let body = world.send(&reader).await.json();
    assert_eq!(body["client_id"], READER);
    let claims = claims(body["access_token"].as_str().unwrap());
    let (object, resource) = (claims["oid"].as_str().unwrap(), claims["xms_mirid"].as_str().unwrap());
    for (name, value) in [("object_id", object), ("msi_res_id", resource), ("mi_res_id", resource)] {
        let sent = world.imds().replacing("&resource", &format!("&{name}={value}&resource"));
        let again = world.send(&sent).await.json();
        assert_eq!(
            (&again["access_token"], again[name].as_str()),
            (&body["access_token"], Some(value)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_same_token_comes_back_until_a_day_has_passed() {
    let world = World::start(Scenario::Healthy);
    let first = world.token(&world.imds()).await;
    world.clock.sleep(std::time::Duration::from_secs(86_399)).await;
    let later = world.send(&world.imds()).await.json();
    assert_eq!(
        (later["access_token"].as_str(), later["expires_in"].as_str()),
        (Some(first.as_str()), Some("301"))
    );
    world.clock.sleep(std::time::Duration::from_secs(1)).await;
    assert_ne!(world.token(&world.imds()).await, first);
}

#[tokio::test]
async fn info_tells_the_tenant() {
    let world = World::start(Scenario::Healthy);
    let sent = world.imds().replacing("/oauth2/token", "/info");
    assert_eq!(world.send(&sent).await.json()["tenantId"], crate::world::TENANT);
    world.refuses(&sent.without("Metadata"), 400, "`Metadata: true` is missing").await;
}

#[tokio::test]
async fn twenty_requests_are_answered_in_a_second_of_its_clock() {
    let world = World::start(Scenario::Healthy);
    for _ in 0..20 {
        assert_eq!(world.send(&world.imds()).await.status, 200);
    }
    // The clock stands still, so that all of this is one instant.
    for _ in 0..3 {
        let got = world.refuses(&world.imds(), 429, "20 requests a second").await;
        assert_eq!(
            (got.json()["error"].as_str(), got.header("retry-after")),
            (Some("Too many requests"), "")
        );
    }
    world.clock.sleep(Duration::from_millis(999)).await;
    world.refuses(&world.imds(), 429, "20 requests a second").await;
    // One that was refused uses up nothing.
    world.clock.sleep(Duration::from_millis(1)).await;
    for _ in 0..20 {
        assert_eq!(world.send(&world.imds()).await.status, 200);
    }
    world.refuses(&world.imds(), 429, "20 requests a second").await;
}

#[tokio::test]
async fn a_request_that_is_wrong_counts_as_well_and_other_services_have_no_such_limit() {
    let world = World::start(Scenario::Healthy);
    for _ in 0..20 {
        assert_eq!(world.send(&world.imds().without("Metadata")).await.status, 400);
    }
    world.refuses(&world.imds(), 429, "20 requests a second").await;
    world.refuses(&world.imds().replacing("/identity/oauth2/token", "/instance"), 404, "no such path").await;
    for _ in 0..25 {
        assert_eq!(world.send(&world.identity_endpoint()).await.status, 200);
    }
}

/// A request of which the last byte has not been sent yet.
fn unfinished(world: &World) -> TcpStream {
    let address = world.emulator.addresses().imds.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let sent = world.imds();
    let target = sent.url.split_once(&address).unwrap().1;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nMetadata: true\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream
}

fn status_of(mut stream: TcpStream) -> u16 {
    stream.write_all(b"x").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn five_requests_are_under_way_at_once_and_a_sixth_is_refused() {
    let world = World::start(Scenario::Healthy);
    let held: Vec<_> = (0..5).map(|_| unfinished(&world)).collect();
    // The emulator may not have read all of them yet; until it has, the sixth is one of the five.
    let mut refused = false;
    for _ in 0..200 {
        refused = world.send(&world.imds()).await.status == 429;
        if refused {
            break;
        }
        world.clock.sleep(Duration::from_secs(1)).await;
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(refused && world.last().to_string().contains("5 requests at once"), "{}", world.last());
    for stream in held {
        assert_eq!(status_of(stream), 200);
    }
    assert_eq!(world.send(&world.imds()).await.status, 200);
}
