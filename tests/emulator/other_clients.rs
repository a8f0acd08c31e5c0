//! The paths of the official module: its generated file, its banner, its ping.

use exo_mi::emulator::Scenario;
use serde_json::json;

use crate::world::{Sent, TENANT, World};

async fn get(world: &World, path: &str) -> Sent {
    let invoke = world.invoke("Get-AcceptedDomain", json!({})).await;
    let origin = &world.emulator.addresses().exchange;
    invoke.by("GET").at(format!("{origin}/adminapi/{path}")).carrying("").without("X-CmdletName")
}

#[tokio::test]
async fn the_module_file_lists_what_the_roles_hold() {
    let world = World::start(Scenario::Healthy);
    let sent = get(&world, &format!("v1.0/{TENANT}/EXOModuleFile?Version=3.9.0")).await;
    let body = world.send(&sent).await.json();
    let all = body["value"][0]["exportedCmdlets"].as_str().unwrap().to_owned();
    assert!(
        all.contains("Get-AcceptedDomain,")
            && body["value"][1]["fileName"].as_str().unwrap().ends_with(".ps1xml")
    );
    let narrow = world.send(&sent.clone().with("CommandName", "Get-AcceptedDomain")).await.json();
    assert_eq!(narrow["value"][0]["exportedCmdlets"], "Get-AcceptedDomain");
    world.refuses(&sent.replacing("?Version=3.9.0", ""), 400, "lacks Version").await;
}

#[tokio::test]
async fn the_module_file_explains_the_mute_refusal() {
    let world = World::start(Scenario::NoDirectoryRole);
    let sent = get(&world, &format!("v1.0/{TENANT}/EXOModuleFile?Version=3.9.0")).await;
    let body = world.refuses(&sent, 403, "no directory role").await.json();
    let text = body["error"]["message"].as_str().unwrap();
    assert!(
        text.starts_with("The role assigned to application 1111")
            && text.contains("isn't supported in this scenario")
    );
    let world = World::start(Scenario::NoAppRole);
    let sent = get(&world, &format!("v1.0/{TENANT}/EXOModuleFile?Version=3.9.0")).await;
    assert!(world.refuses(&sent, 401, "Exchange.ManageAsApp").await.body.is_empty());
}

#[tokio::test]
async fn banner_and_ping_need_a_token_alone() {
    let world = World::start(Scenario::Healthy);
    let bare = |sent: Sent| sent.without("X-AnchorMailbox").without("client-request-id").without("Accept");
    let banner = get(&world, &format!("v1.0/{TENANT}/EXOBanner('AutogenSession')?Version=3.9.0")).await;
    assert!(world.send(&bare(banner)).await.json()["moduleBannerContent"].is_string());
    let ping = bare(get(&world, &format!("beta/{TENANT}/basicinfo('AdminApiState')")).await);
    assert_eq!(world.send(&ping).await.json()["PropertyValue"], "Running");
    world.refuses(&ping.without("Authorization"), 401, "Authorization is missing").await;
}
