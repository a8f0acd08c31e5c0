use exo_mi::emulator::Scenario;

use crate::world::{Sent, TENANT, World};

fn discovery(world: &World, name: &str) -> Sent {
    let origin = &world.emulator.addresses().authority;
    Sent::new("GET", format!("{origin}/{name}/v2.0/.well-known/openid-configuration"))
}

#[tokio::test]
async fn a_domain_and_an_id_lead_to_the_tenant() {
    let world = World::start(Scenario::Healthy);
    for name in ["contoso.onmicrosoft.com", "CONTOSO.com", TENANT] {
        let got = world.send(&discovery(&world, name)).await;
        let issuer = got.json()["issuer"].as_str().unwrap().to_owned();
        assert!(got.status == 200 && issuer.contains(TENANT), "{name}: {issuer}");
    }
    let other = world.send(&discovery(&world, "fabrikam.onmicrosoft.com")).await.json();
    assert!(!other["issuer"].as_str().unwrap().contains(TENANT));
}

#[tokio::test]
async fn an_unknown_domain_is_refused_as_the_directory_does() {
    let world = World::start(Scenario::Healthy);
    let got = world.refuses(&discovery(&world, "contosso.onmicrosoft.com"), 400, "no such tenant").await;
    let body = got.json();
    assert_eq!((&body["error"], &body["error_codes"][0]), (&"invalid_tenant".into(), &90_002.into()));
    assert!(body["error_description"].as_str().unwrap().starts_with("AADSTS90002"));
}

#[tokio::test]
async fn a_token_sent_to_the_authority_is_a_leak() {
    let world = World::start(Scenario::Healthy);
    let sent = discovery(&world, TENANT).with("Authorization", "Bearer x");
    world.refuses(&sent, 400, "SECRET LEAKED").await;
}
