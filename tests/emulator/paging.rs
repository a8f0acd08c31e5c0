//! Pages: what leads to the next one, and what does not.

use std::time::Duration;

use exo_mi::emulator::{Options, Scenario};
use serde_json::{Value, json};

use crate::world::{Got, Sent, World};

const PAGE_ERROR: &str = "Expired or Invalid pagination request. Default Expiry time is 00:30:00";

fn next(got: &Got) -> Option<String> {
    got.json()["@odata.nextLink"].as_str().map(str::to_owned)
}

fn first_warning(got: &Got) -> String {
    got.json()["@adminapi.warnings"][0].as_str().unwrap_or_default().to_owned()
}

/// The first page of two rows and the request for the second.
async fn first_page(world: &World) -> (Sent, Sent) {
    let sent = world
        .invoke("Get-Mailbox", json!({"ResultSize": "Unlimited"}))
        .await
        .with("Prefer", "odata.maxpagesize=2");
    let got = world.send(&sent).await;
    assert_eq!(got.rows().len(), 2);
    let link = next(&got).unwrap();
    assert!(link.starts_with(&world.emulator.addresses().exchange), "{link}");
    (sent.clone(), sent.at(link))
}

#[tokio::test]
async fn pages_hold_what_was_asked_for_and_each_row_comes_once() {
    let world = World::start(Scenario::Healthy);
    let mut sent = world
        .invoke("Get-Mailbox", json!({"ResultSize": "Unlimited"}))
        .await
        .with("Prefer", "odata.maxpagesize=2");
    let (mut sizes, mut aliases, mut servers) = (Vec::new(), Vec::<Value>::new(), Vec::new());
    loop {
        let got = world.send(&sent).await;
        sizes.push(got.rows().len());
        servers.push(got.header("x-beserver").to_owned());
        aliases.extend(got.rows().iter().map(|row| row["Alias"].clone()));
        let Some(link) = next(&got) else { break };
        assert!(first_warning(&got).starts_with("There are more results"));
        sent = sent.at(link);
    }
    assert_eq!(sizes, [2, 2, 1]);
    servers.dedup();
    assert_eq!(servers.len(), 1, "the cookies must lead to one server");
    aliases.dedup();
    assert_eq!(aliases.len(), 5);
}

#[tokio::test]
async fn each_difference_from_the_first_page_is_refused() {
    let world = World::start(Scenario::Healthy);
    let (_, second) = first_page(&world).await;
    let body = second.body.replace("\"Unlimited\"", "5");
    for (spoilt, status, reason) in [
        (second.clone().by("GET"), 405, "POST alone"),
        (
            second.clone().but("client-request-id", "1f8fad5b-d9cb-469f-a165-70867728950e"),
            400,
            "client-request-id differs",
        ),
        (second.clone().carrying(&body), 400, "the request differs"),
        (second.clone().with("Cookie", "exchangecookie=x; X-BackEndCookie2=y"), 400, "cookies"),
        (second.clone().replacing("skiptoken=", "skiptoken=0"), 400, "unknown"),
    ] {
        let got = world.refuses(&spoilt, status, reason).await;
        assert!(status != 400 || got.json()["error"]["message"] == PAGE_ERROR);
    }
    assert_eq!(world.send(&second).await.status, 200, "a refused attempt must not use the token up");
}

#[tokio::test]
async fn the_cookies_of_the_first_page_must_come_back() {
    let world = World::start(Scenario::Healthy);
    let (_, second) = first_page(&world).await;
    let forgetful = World { http: crate::world::client(&world.emulator), ..world };
    forgetful.refuses(&second, 400, "affinity cookies").await;
}

#[tokio::test]
async fn a_page_token_works_once_and_for_half_an_hour() {
    let world = World::start(Scenario::Healthy);
    let (_, second) = first_page(&world).await;
    assert_eq!(world.send(&second).await.status, 200);
    world.refuses(&second, 400, "used before").await;
    let (_, late) = first_page(&world).await;
    world.clock.sleep(Duration::from_secs(1_801)).await;
    world.refuses(&late, 400, "older than 30 minutes").await;
}

#[tokio::test]
async fn the_result_size_cuts_and_warns() {
    let world = World::start(Scenario::Healthy);
    let list =
        async |size: Value| world.send(&world.invoke("Get-Mailbox", json!({"ResultSize": size})).await).await;
    let cut = list(json!(3)).await;
    assert_eq!((cut.rows().len(), next(&cut)), (3, None));
    assert!(first_warning(&cut).starts_with("There are more results available"));
    let whole = list(json!("5")).await;
    assert_eq!((whole.rows().len(), first_warning(&whole).as_str()), (5, ""));
}

#[tokio::test]
async fn without_a_result_size_a_thousand_come() {
    let world = World::with_mailboxes(Scenario::Healthy, 1_001);
    let sent = world
        .invoke("Get-Mailbox", json!({}))
        .await
        .replacing("InvokeCommand", "InvokeCommand?$select=Alias");
    let got = world.send(&sent).await;
    assert_eq!((got.rows().len(), next(&got)), (1_000, None));
    assert!(!first_warning(&got).is_empty());
}

#[tokio::test]
async fn a_selection_goes_on_over_the_pages() {
    let world = World::start(Scenario::Paging);
    let sent = world
        .invoke("Get-Mailbox", json!({}))
        .await
        .replacing("InvokeCommand", "InvokeCommand?$select=Alias");
    let link = next(&world.send(&sent).await).unwrap();
    let second = world.send(&sent.at(link)).await;
    assert_eq!(second.rows()[0].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_large_tenant_starts_at_once_and_pages_to_its_end() {
    let world = World::with_mailboxes(Scenario::Healthy, 100_000);
    let sent = world
        .invoke("Get-Mailbox", json!({"ResultSize": "Unlimited"}))
        .await
        .replacing("InvokeCommand", "InvokeCommand?$select=Alias");
    let got = world.send(&sent).await;
    assert_eq!((got.rows().len(), next(&got).is_some()), (1_000, true));
}

#[tokio::test]
async fn what_is_remembered_is_said_again_in_the_same_bytes_until_something_is_written() {
    let world = World::with_options(Options { mailboxes: 5, remembers: true, ..Options::default() });
    let (first, second) = first_page(&world).await;
    let [page, again] = [world.send(&second).await, world.send(&second).await];
    assert_eq!((page.status, again.status), (200, 200));
    assert!(page.rows().len() == 2 && page.body == again.body);
    assert_eq!(world.executions("Get-Mailbox"), 3, "the journal has it");
    world.refuses(&second.clone().with("Authorization", "Bearer x"), 401, "").await;
    let alias = page.rows()[0]["Alias"].as_str().unwrap().to_owned();
    let change = json!({"Identity": alias, "Office": "Elsewhere"});
    assert_eq!(world.send(&world.invoke("Set-Mailbox", change).await).await.status, 200);
    world.refuses(&second, 400, "used before").await;
    assert_eq!(world.send(&first).await.status, 200);
}
