//! What `InvokeCommand` takes, and what it refuses.

use std::io::Read;

use exo_mi::emulator::Scenario;
use serde_json::{Value, json};

use crate::world::{READER, RESOURCE, TENANT, World};

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let good = world.invoke("Get-AcceptedDomain", json!({})).await;
    let sent = || good.clone();
    let anchor = |text: &str| sent().but("X-AnchorMailbox", text);
    let shape = "the body is no CmdletInput";
    for (spoilt, status, reason) in [
        (sent().by("GET"), 405, "POST alone"),
        (sent().without("Authorization"), 401, "Authorization is missing"),
        (sent().but("Authorization", "Basic x"), 401, "not `Bearer` and a token"),
        (sent().but("Authorization", "Bearer a.b.c"), 401, "no JWT of a managed identity"),
        (sent().replacing(TENANT, "c1d2e3f4-0a1b-4c2d-8e3f-4a5b6c7d8e9f"), 401, "not the tid"),
        (sent().replacing(TENANT, "contoso.onmicrosoft.com"), 401, "not the tid"),
        (sent().replacing("/beta/", "/v1.0/"), 405, "it is beta"),
        (sent().replacing("InvokeCommand", "InvokeCommands"), 404, "no such path"),
        (sent().replacing("InvokeCommand", "InvokeCommand?$filter=x"), 400, "no query option `$filter`"),
        (sent().without("Content-Type"), 415, "Content-Type"),
        (sent().but("Content-Type", "text/plain"), 415, "Content-Type"),
        (sent().but("Accept", "text/html"), 406, "Accept"),
        (sent().without("X-AnchorMailbox"), 400, "anchor mailbox is missing"),
        (
            anchor(&format!("UPN:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}")),
            400,
            "anchor mailbox is not",
        ),
        (
            anchor(&format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@@{TENANT}")),
            400,
            "anchor mailbox is not",
        ),
        (
            anchor("APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@contoso.onmicrosoft.com"),
            400,
            "anchor mailbox is not",
        ),
        (sent().without("client-request-id"), 400, "client-request-id is missing"),
        (sent().but("client-request-id", "1"), 400, "client-request-id is no GUID"),
        (sent().with("traceparent", ""), 400, "traceparent"),
        (
            sent().with("traceparent", &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))),
            400,
            "traceparent",
        ),
        (
            sent().with("traceparent", &format!("00-{}-00f067aa0ba902b7-01", "A".repeat(32))),
            400,
            "traceparent",
        ),
        (
            sent().with("traceparent", &format!("00-{}-00f067aa0ba902b7-1", "a".repeat(32))),
            400,
            "traceparent",
        ),
        (
            sent().with("traceparent", &format!("01-{}-00f067aa0ba902b7-01", "a".repeat(32))),
            400,
            "traceparent",
        ),
        (sent().with("X-ResponseFormat", "clixml"), 400, "X-ResponseFormat"),
        (sent().with("Prefer", "odata.maxpagesize=1001"), 400, "odata.maxpagesize"),
        (sent().with("Prefer", "odata.maxpagesize=0"), 400, "odata.maxpagesize"),
        (sent().but("X-CmdletName", "Get-Mailbox"), 400, "X-CmdletName"),
        (
            sent().carrying(r#"{"CmdletInput":{"CmdletName":"Get-AcceptedDomain","Parameters":null}}"#),
            400,
            shape,
        ),
        (sent().carrying(r#"{"CmdletInput":{"CmdletName":"Get-AcceptedDomain"}}"#), 400, shape),
        (sent().carrying(r#"{"CmdletName":"Get-AcceptedDomain","Parameters":{}}"#), 400, shape),
        (sent().carrying(""), 400, shape),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
    assert_eq!(world.executions("Get-AcceptedDomain"), 0);
    assert_eq!(world.send(&good).await.status, 200);
}

#[tokio::test]
async fn the_forms_that_real_clients_send_are_taken() {
    let world = World::start(Scenario::Healthy);
    let good = world.invoke("Get-AcceptedDomain", json!({"ErrorAction": "Stop"})).await;
    let sent = || good.clone();
    for sent in [
        sent(),
        sent().replacing("/adminapi/", "/AdminApi/"),
        sent().replacing(TENANT, &TENANT.to_uppercase()),
        sent().but("Content-Type", "application/json; charset=utf-8"),
        sent().with("X-ResponseFormat", "json"),
        sent().with("Prefer", "odata.maxpagesize=1000;odata.continue-on-error"),
        sent().without("X-CmdletName"),
    ] {
        assert_eq!(world.send(&sent).await.status, 200, "{}", world.last());
    }
}

#[tokio::test]
async fn a_token_for_another_audience_is_diagnosed() {
    let world = World::start(Scenario::Healthy);
    let graph = world.token(&world.imds().replacing(RESOURCE, "https://graph.microsoft.com")).await;
    let sent = world.invoke_with(&graph, TENANT, "Get-AcceptedDomain", json!({}));
    let got = world.refuses(&sent, 401, "another audience").await;
    assert!(got.header("x-ms-diagnostics").starts_with("2000003;"));
    assert!(got.header("www-authenticate").starts_with("Bearer client_id="));
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let world = World::start(Scenario::Healthy);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    world.clock.sleep(std::time::Duration::from_secs(86_700)).await;
    world.refuses(&sent, 401, "expired").await;
}

#[tokio::test]
async fn a_token_of_another_emulator_is_refused() {
    let (world, other) = (World::start(Scenario::Healthy), World::start(Scenario::Healthy));
    let token = other.token(&other.imds()).await;
    let sent = world.invoke_with(&token, TENANT, "Get-AcceptedDomain", json!({}));
    world.refuses(&sent, 401, "not issued by this emulator").await;
}

#[tokio::test]
async fn what_the_roles_lack_is_refused_without_a_word() {
    let world = World::start(Scenario::Healthy);
    let reader =
        world.token(&world.imds().replacing("&resource", &format!("&client_id={READER}&resource"))).await;
    let change = json!({"Identity": "contoso.com", "MatchSubDomains": true});
    for (cmdlet, parameters) in [("Get-Nothing", json!({})), ("Set-AcceptedDomain", change)] {
        let got = world.refuses(&world.invoke_with(&reader, TENANT, cmdlet, parameters), 403, cmdlet).await;
        assert!(got.body.len() > 1_000 && got.body.iter().all(|byte| *byte == 0));
        assert_eq!((got.header("content-encoding"), got.header("content-type")), ("gzip", ""));
    }
    assert_eq!(
        world.send(&world.invoke_with(&reader, TENANT, "Get-AcceptedDomain", json!({}))).await.status,
        200
    );
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_in_the_piped_form() {
    let world = World::start(Scenario::Healthy);
    for parameters in [json!({"Bogus": 1}), json!({"WhatIf": true}), json!({"UseCustomRouting": true})] {
        let sent = world.invoke("Get-Mailbox", parameters).await;
        let error = world.refuses(&sent, 400, "has no parameter").await.json()["error"].clone();
        let detail = error["details"][0]["message"].as_str().unwrap();
        let parts: Vec<_> = detail.splitn(3, '|').collect();
        assert!(parts[0].is_empty() && parts[1].ends_with("AmbiguousParameterSetException"), "{detail}");
        assert_eq!(error["message"], "Invalid Operation");
    }
}

#[tokio::test]
async fn a_missing_object_is_told_in_three_forms() {
    let world = World::start(Scenario::Healthy);
    let detail = async |cmdlet, parameters| {
        let sent = world.invoke(cmdlet, parameters).await;
        world.refuses(&sent, 400, "").await.json()["error"]["details"][0]["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let piped = detail("Get-Mailbox", json!({"Identity": "nobody"})).await;
    assert!(
        piped.starts_with("Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFound"),
        "{piped}"
    );
    let object = detail("Set-Mailbox", json!({"Identity": "nobody", "Office": "x"})).await;
    let object: Value = serde_json::from_str(&object).unwrap();
    assert!(
        object["TypeName"].as_str().unwrap().ends_with("NotFoundException") && object["Message"].is_string()
    );
    let relay = json!({"Identity": "contoso.onmicrosoft.com", "DomainType": "InternalRelay"});
    let localized: Value = serde_json::from_str(&detail("Set-AcceptedDomain", relay).await).unwrap();
    assert!(localized["localizedString"]["stringId"].is_string() && localized["ClassName"].is_string());
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_told_inside_alone() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, parameters) in [
        ("Set-AcceptedDomain", json!({"Identity": "contoso.com", "DomainType": "Relay"})),
        ("Set-AcceptedDomain", json!({"Identity": "contoso.com", "MatchSubDomains": "yes"})),
        ("Get-Mailbox", json!({"ResultSize": "many"})),
        ("Get-Mailbox", json!({"Identity": 5})),
    ] {
        let error = world.refuses(&world.invoke(cmdlet, parameters).await, 400, "does not fit").await.json();
        assert!(error["error"].get("details").is_none());
        assert!(error["error"]["innererror"]["internalexception"]["message"].is_string());
    }
}

#[tokio::test]
async fn the_answer_has_the_envelope_the_headers_and_the_annotations() {
    let world = World::start(Scenario::Healthy);
    let got = world.send(&world.invoke("Get-AcceptedDomain", json!({"Identity": "CONTOSO.com"})).await).await;
    let text = String::from_utf8(got.body.clone()).unwrap();
    assert!(text.contains(r##""adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":[],"value":[{"DomainName":"##));
    assert!(text.contains(r##""Guid@data.type":"System.Guid","Guid@odata.type":"#Guid","Guid":""##));
    let row = &got.rows()[0];
    assert_eq!(row.as_object().unwrap().keys().filter(|key| !key.contains('@')).count(), 48);
    let names = [
        "request-id",
        "x-calculatedbetarget",
        "x-feserver",
        "x-beserver",
        "rate-limit-limit",
        "rate-limit-reset",
        "date",
        "set-cookie",
    ];
    assert!(names.iter().all(|name| !got.header(name).is_empty()), "{:?}", got.headers);
    assert!(got.header("content-type").starts_with("application/json;odata.metadata=minimal;"));
}

#[tokio::test]
async fn a_selection_narrows_the_objects_and_keeps_their_annotations() {
    let world = World::start(Scenario::Healthy);
    let sent = world
        .invoke("Get-TransportRule", json!({}))
        .await
        .replacing("InvokeCommand", "InvokeCommand?$select=Name%2Cpriority");
    let rows = world.send(&sent).await.rows();
    assert_eq!(
        rows[1],
        json!({"Name": "Block executable attachments", "Priority": 1, "Priority@data.type": "System.Int32"})
    );
}

#[tokio::test]
async fn every_reading_cmdlet_answers() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, rows, properties) in [
        ("Get-Mailbox", 5, 240),
        ("Get-DistributionGroup", 4, 80),
        ("Get-TransportRule", 3, 190),
        ("Get-OrganizationConfig", 1, 300),
    ] {
        let got = world.send(&world.invoke(cmdlet, json!({})).await).await;
        assert_eq!(got.rows().len(), rows, "{cmdlet}");
        assert!(got.rows()[0].as_object().unwrap().len() > properties, "{cmdlet}");
    }
}

#[tokio::test]
async fn gzip_is_used_where_it_is_taken() {
    let world = World::start(Scenario::Healthy);
    let sent = world.invoke("Get-Mailbox", json!({})).await.with("Accept-Encoding", "gzip");
    let got = world.send(&sent).await;
    assert_eq!(got.header("content-encoding"), "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(got.body.as_slice()).read_to_string(&mut text).unwrap();
    assert!(text.ends_with("]}"));
}

#[tokio::test]
async fn a_null_identity_is_none_and_gives_everything() {
    let world = World::start(Scenario::Healthy);
    let got = world.send(&world.invoke("Get-Mailbox", json!({"Identity": null})).await).await;
    assert_eq!(got.rows().len(), 5);
}

#[tokio::test]
async fn a_change_is_recorded_and_read_back() {
    let world = World::start(Scenario::Healthy);
    let change = json!({"Identity": "relay.contoso.com", "DomainType": "Auth", "MatchSubDomains": true});
    let sent = world.invoke("Set-AcceptedDomain", change.clone()).await;
    let got = world.send(&sent).await;
    assert_eq!((got.status, got.rows().len()), (200, 0));
    let invocation = world.last().invocation.unwrap();
    assert_eq!(
        (invocation.executed, serde_json::from_str(&invocation.parameters).ok()),
        (true, Some(change))
    );
    let row = world
        .send(&world.invoke("Get-AcceptedDomain", json!({"Identity": "relay.contoso.com"})).await)
        .await
        .rows();
    assert_eq!((&row[0]["DomainType"], &row[0]["MatchSubDomains"]), (&"Authoritative".into(), &true.into()));
    let again = world.send(&sent).await.json();
    assert!(again["@adminapi.warnings"][0].as_str().unwrap().contains("no settings of"));
    assert_eq!(world.executions("Set-AcceptedDomain"), 2);
}

#[tokio::test]
async fn a_question_comes_first_and_changes_nothing() {
    let world = World::start(Scenario::Healthy);
    let remove = async |confirm: bool| {
        let parameters = json!({"Identity": "All Employees", "Confirm": confirm});
        world.send(&world.invoke("Remove-DistributionGroup", parameters).await).await.json()
    };
    assert!(remove(true).await["@adminapi.confirmationmessage"].as_str().unwrap().contains("All Employees"));
    assert_eq!(world.executions("Remove-DistributionGroup"), 0);
    assert!(remove(false).await.get("@adminapi.confirmationmessage").is_none());
    assert_eq!(world.executions("Remove-DistributionGroup"), 1);
    let rows = world.send(&world.invoke("Get-DistributionGroup", json!({})).await).await.rows();
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn the_hosts_own_name_is_demanded() {
    let world = World::start(Scenario::Healthy);
    let sent = world.imds().with("Host", "attacker.example");
    world.refuses(&sent, 421, "another host").await;
}
