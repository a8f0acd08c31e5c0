//! What the Arc agent takes, and what it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use exo_mi::emulator::{Options, Scenario, Source};

use crate::world::{Got, READER, RESOURCE, Sent, World, claims};

const TOKENS: &str = "/var/opt/azcmagent/tokens/";

fn ask(world: &World) -> Sent {
    let origin = &world.emulator.addresses().arc;
    let url = format!("{origin}/metadata/identity/oauth2/token?api-version=2020-06-01&resource={RESOURCE}");
    Sent::new("GET", url).with("Metadata", "true")
}

/// The path in a challenge.
fn named(got: &Got) -> &str {
    assert_eq!(got.status, 401);
    got.header("www-authenticate").strip_prefix("Basic realm=").unwrap()
}

fn on_disk(world: &World, path: &str) -> PathBuf {
    world.emulator.root().join(path.trim_start_matches('/'))
}

/// The request with the key that its challenge leads to, read without any check.
async fn answered(world: &World, sent: Sent) -> Sent {
    let got = world.send(&sent).await;
    let key = fs::read_to_string(on_disk(world, named(&got))).unwrap();
    sent.with("Authorization", &format!("Basic {key}"))
}

#[tokio::test]
async fn a_key_from_the_file_opens_the_door_once() {
    let world = World::start(Scenario::Healthy);
    let sent = answered(&world, ask(&world)).await;
    let body = world.send(&sent).await.json();
    assert!(body.as_object().unwrap().values().all(serde_json::Value::is_string), "{body}");
    assert!(body.get("client_id").is_none());
    let claims = claims(body["access_token"].as_str().unwrap());
    assert!(claims["xms_mirid"].as_str().unwrap().contains("Microsoft.HybridCompute"), "{claims}");
    world.refuses(&sent, 401, "used before").await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_lies_where_an_agent_puts_it() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::start(Scenario::Healthy);
    let got = world.send(&ask(&world)).await;
    let path = named(&got);
    let extension = Path::new(path).extension().unwrap();
    assert!(path.starts_with(TOKENS) && extension == "key", "{path}");
    let file = on_disk(&world, path);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(on_disk(&world, "/opt/azcmagent/bin/himds").exists());
    assert_eq!(got.json()["error"], "unauthorized_client");
    let root = world.emulator.root().to_owned();
    world.emulator.stop();
    assert!(!root.exists());
}

#[tokio::test]
async fn a_root_of_ones_own_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("var")).unwrap();
    let options = Options { arc_root: Some(folder.path().to_owned()), ..Options::default() };
    let world = World::with_options(options);
    assert_eq!(world.emulator.root(), folder.path());
    let got = world.send(&ask(&world)).await;
    assert!(on_disk(&world, named(&got)).exists());
    world.emulator.stop();
    assert!(folder.path().join("var").exists());
    assert!(!folder.path().join("var/opt").exists() && !folder.path().join("opt").exists());
}

#[tokio::test]
async fn the_forms_that_real_clients_send_are_taken() {
    let world = World::start(Scenario::Healthy);
    for sent in [
        ask(&world),
        ask(&world).replacing("2020-06-01", "2019-11-01"),
        ask(&world).replacing("2020-06-01", "2021-02-01"),
        ask(&world).replacing("localhost", "127.0.0.1"),
        ask(&world).replacing("&resource", &format!("&object_id=a{}&resource", &READER[1..])),
    ] {
        let sent = answered(&world, sent).await;
        assert_eq!(world.send(&sent).await.status, 200, "{}", world.last());
    }
}

#[tokio::test]
async fn an_identity_that_was_asked_for_is_echoed_and_app_services_name_for_it_is_ignored() {
    let world = World::start(Scenario::Healthy);
    let selected = |name: &str, value: &str| ask(&world).replacing("&res", &format!("&{name}={value}&res"));
    let sent = answered(&world, selected("client_id", READER)).await;
    let body = world.send(&sent).await.json();
    assert_eq!(body["client_id"], READER);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["appid"], READER);
    let sent = answered(&world, selected("mi_res_id", "/subscriptions/x")).await;
    let body = world.send(&sent).await.json();
    assert!(body.get("mi_res_id").is_none() && body.get("client_id").is_none(), "{body}");
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = || ask(&world);
    for (spoilt, status, reason) in [
        (sent().by("POST"), 405, "GET alone"),
        (sent().without("Metadata"), 400, "`Metadata: true` is missing"),
        (sent().but("Metadata", "True"), 400, "`Metadata: true` is missing"),
        (sent().with("X-Forwarded-For", "10.0.0.4"), 400, "proxied"),
        (sent().with("X-IDENTITY-HEADER", "x"), 400, "SECRET LEAKED"),
        (sent().with("Secret", "x"), 400, "SECRET LEAKED"),
        (sent().replacing("api-version=2020-06-01&", ""), 400, "the api-version is missing"),
        (sent().replacing("2020-06-01", "2018-02-01"), 400, "no such api-version"),
        (sent().replacing(&format!("&resource={RESOURCE}"), ""), 400, "the resource is missing"),
        (sent().replacing("&resource", "&resource=x&resource"), 400, "`resource` was sent twice"),
        (sent().replacing("&resource", "&principal_id=x&resource"), 400, "no parameter `principal_id`"),
        (sent().replacing("/oauth2/token", "/oauth2"), 404, "no such path"),
        (sent().with("Authorization", "Basic guess"), 401, "no such key"),
        (sent().with("Authorization", "Bearer guess"), 401, "is not `Basic`"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
}

#[tokio::test]
async fn what_is_wrong_after_the_key_is_refused_too() {
    let world = World::start(Scenario::Healthy);
    for (sent, reason) in [
        (ask(&world).replacing(RESOURCE, "https://contoso.example"), "no such resource"),
        (ask(&world).replacing("&resource", "&client_id=x&resource"), "not assigned to the server"),
        (ask(&world).replacing("&resource", "&client_id=x&object_id=y&resource"), "more than one"),
    ] {
        let sent = answered(&world, sent).await;
        world.refuses(&sent, 400, reason).await;
    }
}

#[tokio::test]
async fn a_key_is_good_for_a_minute_and_goes_as_it_is() {
    use base64::Engine as _;
    let world = World::start(Scenario::Healthy);
    let sent = answered(&world, ask(&world)).await;
    let key = sent.headers.last().unwrap().1.strip_prefix("Basic ").unwrap().to_owned();
    let encoded = base64::engine::general_purpose::STANDARD.encode(&key);
    world
        .refuses(&sent.clone().but("Authorization", &format!("Basic {encoded}")), 401, "encoded again")
        .await;
    world.clock.sleep(Duration::from_secs(61)).await;
    world.refuses(&sent, 401, "older than a minute").await;
}

#[tokio::test]
async fn a_host_without_identity_says_so_after_the_key() {
    for (scenario, reason) in
        [(Scenario::NoIdentity, "no identity"), (Scenario::AmbiguousIdentity, "no system-assigned identity")]
    {
        let world = World::start(scenario);
        let sent = answered(&world, ask(&world)).await;
        world.refuses(&sent, 400, reason).await;
    }
}

#[tokio::test]
async fn a_careless_client_is_told_what_it_should_have_checked() {
    for (scenario, reason) in [
        (Scenario::ArcForeignPath, "outside of the folder"),
        (Scenario::ArcTraversal, "by way of it"),
        (Scenario::ArcWrongExtension, "no .key"),
        (Scenario::ArcLargeKey, "4097 bytes"),
        (Scenario::ArcSymlink, "a link"),
    ] {
        let world = World::start(scenario);
        let sent = answered(&world, ask(&world)).await;
        let got = world.refuses(&sent, 401, reason).await;
        assert_eq!(got.status, 401);
        assert!(world.last().to_string().contains("UNCHECKED"));
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_read_by_nobody() {
    let world = World::start(Scenario::ArcNoAccess);
    let got = world.send(&ask(&world)).await;
    assert!(fs::read(on_disk(&world, named(&got))).is_err());
}

#[tokio::test]
async fn a_challenge_may_be_missing_or_empty() {
    for (scenario, header) in [(Scenario::ArcNoChallenge, ""), (Scenario::ArcBadChallenge, "Basic realm")] {
        let world = World::start(scenario);
        let got = world.send(&ask(&world)).await;
        assert_eq!((got.status, got.header("www-authenticate")), (401, header));
    }
}

#[tokio::test]
async fn an_old_agent_answers_for_itself() {
    let world = World::start(Scenario::ArcOldAgent);
    let variables = world.emulator.variables(Source::Arc);
    let (_, asked) = variables.iter().find(|(name, _)| *name == "EXO_MI_CLIENT_ID").unwrap();
    let sent = ask(&world).replacing("&resource", &format!("&client_id={asked}&resource"));
    let sent = answered(&world, sent).await;
    let body = world.send(&sent).await.json();
    assert!(body.get("client_id").is_none(), "{body}");
    assert_ne!(claims(body["access_token"].as_str().unwrap())["appid"], asked.as_str());
}
