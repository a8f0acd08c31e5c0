//! What each scenario does.

use std::time::Duration;

use exo_mi::emulator::{Scenario, Source, Verdict};
use serde_json::json;

use crate::world::{Got, READER, Sent, TENANT, World, claims};

async fn accepted_domains(world: &World) -> Sent {
    world.invoke("Get-AcceptedDomain", json!({})).await
}

/// The statuses of the same request, sent several times.
async fn statuses(world: &World, sent: &Sent, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(world.send(sent).await.status);
    }
    statuses
}

fn variable(world: &World, name: &str) -> Option<String> {
    world.emulator.variables(Source::Imds).into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[tokio::test]
async fn no_identity_and_ambiguous_identity() {
    let world = World::start(Scenario::NoIdentity);
    let got = world.refuses(&world.imds(), 400, "the host has no identity").await;
    assert_eq!(got.json()["error_description"], "Identity not found");
    let world = World::start(Scenario::AmbiguousIdentity);
    let got = world.refuses(&world.imds(), 400, "several user-assigned").await;
    assert!(
        got.json()["error_description"]
            .as_str()
            .unwrap()
            .starts_with("Multiple user assigned identities exist")
    );
    world.token(&world.imds().replacing("&resource", &format!("&client_id={READER}&resource"))).await;
}

#[tokio::test]
async fn the_unassigned_identity_is_in_the_environment() {
    let world = World::start(Scenario::IdentityNotAssigned);
    let client_id = variable(&world, "EXO_MI_CLIENT_ID").unwrap();
    let sent = world.imds().replacing("&resource", &format!("&client_id={client_id}&resource"));
    world.refuses(&sent, 400, "not assigned").await;
    world.token(&world.imds()).await;
}

#[tokio::test]
async fn the_wrong_identity_shows_in_the_token() {
    let world = World::start(Scenario::WrongIdentity);
    let asked = variable(&world, "EXO_MI_CLIENT_ID").unwrap();
    let token =
        world.token(&world.imds().replacing("&resource", &format!("&client_id={asked}&resource"))).await;
    assert_ne!(claims(&token)["appid"], asked.as_str());
}

#[tokio::test]
async fn the_wrong_tenant_answers_with_its_own_data_and_never_for_contoso() {
    let world = World::start(Scenario::WrongTenant);
    let token = world.token(&world.imds()).await;
    let tenant = claims(&token)["tid"].as_str().unwrap().to_owned();
    assert_ne!(tenant, TENANT);
    assert_eq!(world.emulator.organization(), "contoso.onmicrosoft.com");
    world
        .refuses(&world.invoke_with(&token, TENANT, "Get-AcceptedDomain", json!({})), 401, "not the tid")
        .await;
    let rows = world.send(&world.invoke_with(&token, &tenant, "Get-AcceptedDomain", json!({}))).await.rows();
    assert_eq!(rows[1]["DomainName"], "fabrikam.com");
}

#[tokio::test]
async fn missing_grants_fail_each_in_its_way() {
    let world = World::start(Scenario::NoAppRole);
    let sent = accepted_domains(&world).await;
    assert!(world.refuses(&sent, 401, "Exchange.ManageAsApp").await.body.is_empty());
    let world = World::start(Scenario::NoDirectoryRole);
    let sent = accepted_domains(&world).await;
    assert!(world.refuses(&sent, 403, "no directory role").await.body.starts_with(&[0, 0]));
    let world = World::start(Scenario::RoleGroupOnly);
    let token = world.token(&world.imds()).await;
    assert!(claims(&token).get("wids").is_none());
    assert_eq!(
        world.send(&world.invoke_with(&token, TENANT, "Get-AcceptedDomain", json!({}))).await.status,
        200
    );
}

#[tokio::test]
async fn throttling_and_overload_pass() {
    let world = World::start(Scenario::Throttled);
    let sent = accepted_domains(&world).await;
    let first = world.send(&sent).await;
    assert_eq!((first.status, first.header("retry-after")), (429, "1"));
    assert!(!first.header("rate-limit-reason").is_empty());
    assert_eq!(statuses(&world, &sent, 2).await, [429, 200]);
    assert_eq!(world.executions("Get-AcceptedDomain"), 1);
    let world = World::start(Scenario::OverloadException);
    let sent = accepted_domains(&world).await;
    let first: Got = world.send(&sent).await;
    assert!(
        first.json()["error"]["details"][0]["message"].as_str().unwrap().contains("DCOverloadedException")
    );
    assert_eq!(statuses(&world, &sent, 2).await, [400, 200]);
}

#[tokio::test]
async fn overload_does_not_end() {
    let world = World::start(Scenario::Overloaded);
    let sent = accepted_domains(&world).await;
    assert_eq!(statuses(&world, &sent, 3).await, [503, 503, 503]);
    assert!(world.send(&sent).await.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn the_network_breaks_off_once_on_either_side() {
    let world = World::start(Scenario::FlakyNetwork);
    let error = world.try_send(&world.imds()).await.unwrap_err();
    assert!(!error.is_connect(), "{error:?}");
    let sent = accepted_domains(&world).await;
    world.try_send(&sent).await.unwrap_err();
    assert_eq!(world.executions("Get-AcceptedDomain"), 1, "the reply got lost, not the command");
    assert_eq!(world.send(&sent).await.status, 200);
}

#[tokio::test]
async fn a_reset_over_http_1_comes_in_the_middle_of_the_reply() {
    let world = World::start(Scenario::FlakyNetwork);
    world.try_send(&world.imds()).await.unwrap_err();
    let (tls, plain) = (&world.emulator.addresses().exchange, &world.emulator.addresses().exchange_http);
    let sent = accepted_domains(&world).await.replacing(tls, plain);
    let error = world.try_send(&sent).await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "the head must have arrived: {error:?}");
}

#[tokio::test]
async fn slowness_is_by_the_clock() {
    let world = World::start(Scenario::Slow);
    let sent = accepted_domains(&world).await;
    let begun = world.clock.elapsed();
    assert_eq!(world.send(&sent).await.status, 200);
    assert_eq!(world.clock.elapsed(), begun + Duration::from_secs(2));
}

#[tokio::test]
async fn small_pages_lead_on_or_to_nothing() {
    for (scenario, status) in [(Scenario::Paging, 200), (Scenario::TruncatedPaging, 400)] {
        let world = World::start(scenario);
        let sent = accepted_domains(&world).await.with("Prefer", "odata.maxpagesize=1000");
        let first = world.send(&sent).await;
        assert_eq!(first.rows().len(), 2);
        let link = first.json()["@odata.nextLink"].as_str().unwrap().to_owned();
        assert_eq!(world.send(&sent.at(link)).await.status, status, "{scenario}");
    }
}

#[tokio::test]
async fn errors_come_inside_a_200_or_instead_of_it() {
    let world = World::start(Scenario::ErrorsIn200);
    let got = world.send(&accepted_domains(&world).await).await;
    assert_eq!((got.status, got.rows().len()), (200, 3));
    assert!(
        got.json()["@adminapi.errors"][0].as_str().unwrap().contains("ManagementObjectNotFoundException")
    );
    let world = World::start(Scenario::CmdletError);
    let got = world.send(&accepted_domains(&world).await).await;
    assert_eq!(got.status, 400);
    assert!(matches!(world.last().verdict, Verdict::Fault(_)));
    assert_eq!(world.executions("Get-AcceptedDomain"), 0);
}

#[tokio::test]
async fn a_redirect_names_a_regional_host() {
    let world = World::start(Scenario::Redirected);
    let got = world.send(&accepted_domains(&world).await).await;
    assert_eq!(got.status, 302);
    assert!(got.header("location").starts_with("https://eurprd01.outlook.office365.com/adminapi/beta/"));
}

#[tokio::test]
async fn imds_is_updated_or_busy_and_recovers() {
    let world = World::start(Scenario::ImdsUpdating);
    assert_eq!(statuses(&world, &world.imds(), 3).await, [410, 410, 200]);
    let world = World::start(Scenario::ImdsBusy);
    let first = world.send(&world.imds()).await;
    assert_eq!((first.status, first.header("retry-after")), (429, "2"));
    assert_eq!(world.send(&world.imds()).await.status, 200);
}

#[tokio::test]
async fn a_stale_token_is_replaced() {
    let world = World::start(Scenario::StaleToken);
    for source in [World::imds, World::identity_endpoint] {
        world.token(&source(&world)).await;
    }
    let stale = world.token(&world.imds()).await;
    let sent = world.invoke_with(&stale, TENANT, "Get-AcceptedDomain", json!({}));
    assert_eq!(world.send(&sent).await.status, 401);
    let fresh = world.token(&world.imds()).await;
    assert_ne!(fresh, stale);
    let sent = world.invoke_with(&fresh, TENANT, "Get-AcceptedDomain", json!({}));
    assert_eq!(world.send(&sent).await.status, 200);
    world.refuses(&world.invoke_with(&stale, TENANT, "Get-AcceptedDomain", json!({})), 401, "revoked").await;
}

#[tokio::test]
async fn html_comes_where_a_token_should() {
    let world = World::start(Scenario::Html200);
    let got = world.send(&world.imds()).await;
    assert!(got.status == 200 && got.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn hostile_text_arrives_as_it_is() {
    let world = World::start(Scenario::HostileText);
    let rows = world.send(&world.invoke("Get-Mailbox", json!({})).await).await.rows();
    let names: Vec<_> = rows.iter().map(|row| row["DisplayName"].as_str().unwrap()).collect();
    for sign in ["\u{1b}[31m", "\u{202e}", "=HYPERLINK", "@SUM", "\r\n"] {
        assert!(names.iter().any(|name| name.contains(sign)), "{sign:?}");
    }
}

/// What became of a hundred cmdlets that read, as the journal has it.
async fn hundred(seed: u64) -> Vec<String> {
    let options = exo_mi::emulator::Options { scenario: Scenario::Flaky, seed, ..Default::default() };
    let world = World::with_options(options);
    let healthy = World::start(Scenario::Healthy);
    let mut sent = accepted_domains(&healthy).await;
    for _ in 0..100 {
        world.clock.sleep(Duration::from_secs(1)).await;
        if let Ok(got) = world.try_send(&world.imds()).await
            && got.status == 200
        {
            let token = got.json()["access_token"].as_str().unwrap().to_owned();
            sent =
                world.invoke_with(&token, crate::world::TENANT, "Get-AcceptedDomain", serde_json::json!({}));
        }
        let _ = world.try_send(&sent).await;
    }
    let lines = world.emulator.journal();
    lines.iter().map(|entry| entry.to_string().split_once(" -> ").unwrap().1.to_owned()).collect()
}

#[tokio::test]
async fn chance_strikes_the_same_way_with_the_same_seed() {
    let (first, again, other) = (hundred(7).await, hundred(7).await, hundred(8).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert_eq!(first.len(), 200);
    let struck = first.iter().filter(|line| line.contains("scenario: ")).count();
    assert!((3..25).contains(&struck), "{first:#?}");
    for line in first.iter().filter(|line| line.contains("Get-AcceptedDomain")) {
        // What was carried out and what was not is said of every cmdlet, whatever its caller gets to know.
        assert!(line.contains("Domain executed, ") != line.contains("Domain not executed, "), "{line}");
    }
}
