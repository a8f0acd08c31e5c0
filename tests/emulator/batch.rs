//! Several cmdlets in one request.

use std::time::Duration;

use exo_mi::emulator::{Options, Scenario};
use serde_json::{Value, json};

use crate::world::{READER, Sent, TENANT, World};

/// A batch of the bodies of these requests, sent with the credentials of the first.
fn batch(requests: &[Sent]) -> Sent {
    let items = requests.iter().enumerate().map(|(index, sent)| {
        let body: Value = serde_json::from_str(&sent.body).unwrap();
        let header = |name: &str| sent.headers.iter().find(|(key, _)| *key == name).unwrap().1.clone();
        json!({
            "id": index.to_string(), "method": "POST", "url": sent.url, "body": body,
            "headers": {"X-AnchorMailbox": header("X-AnchorMailbox"), "Accept": "application/json"},
        })
    });
    let items: Vec<Value> = items.collect();
    let first = requests[0].clone();
    first.replacing("InvokeCommand", "$batch").carrying(&json!({"requests": items}).to_string())
}

#[tokio::test]
async fn each_item_is_answered_under_its_id_and_in_no_promised_order() {
    let world = World::start(Scenario::Healthy);
    let token =
        world.token(&world.imds().replacing("&resource", &format!("&client_id={READER}&resource"))).await;
    let cmdlets = [
        ("Get-AcceptedDomain", json!({})),
        ("Get-Mailbox", json!({"Identity": "nobody"})),
        ("Set-Mailbox", json!({"Identity": "adele.vance", "Office": "1"})),
    ];
    let requests = cmdlets.map(|(cmdlet, parameters)| world.invoke_with(&token, TENANT, cmdlet, parameters));
    let got = world.send(&batch(&requests)).await.json();
    let statuses: Vec<_> = got["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["id"].as_str().unwrap(), r["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(statuses, [("2", 403), ("1", 400), ("0", 200)]);
    assert_eq!(got["responses"][2]["body"]["value"].as_array().unwrap().len(), 3);
    assert!(got["responses"][0]["body"].is_null() && got["responses"][1]["body"]["error"].is_object());
    assert_eq!((world.executions("Get-AcceptedDomain"), world.executions("Set-Mailbox")), (1, 0));
}

#[tokio::test]
async fn an_items_next_link_leads_on_alone() {
    let world = World::start(Scenario::Paging);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    let got = world.send(&batch(std::slice::from_ref(&sent))).await.json();
    let link = got["responses"][0]["body"]["@odata.nextLink"].as_str().unwrap();
    assert_eq!(world.send(&sent.at(link)).await.rows().len(), 1);
}

#[tokio::test]
async fn each_defect_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    let good = batch(std::slice::from_ref(&sent));
    let elsewhere = good.body.replace(&world.emulator.addresses().exchange, "https://evil.example");
    let twice = batch(&[sent.clone(), sent.clone()]);
    let twice = twice.clone().carrying(&twice.body.replace("\"id\":\"1\"", "\"id\":\"0\""));
    for (spoilt, status, reason) in [
        (batch(&vec![sent.clone(); 11]), 400, "1 to 10 requests, not 11"),
        (twice, 400, "the same id"),
        (good.clone().carrying(&elsewhere), 400, "another origin"),
        (good.clone().carrying(&good.body.replace("InvokeCommand", "Mailbox")), 400, "no InvokeCommand"),
        (good.clone().carrying("{}"), 400, "no batch"),
        (good.clone().without("Authorization"), 401, "Authorization is missing"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
    let half = batch(&[sent.clone(), sent.replacing("https://127.0.0.1", "https://localhost")]);
    world.refuses(&half, 400, "another origin").await;
    assert_eq!(world.executions("Get-AcceptedDomain"), 0, "a refused batch must have done nothing");
}

#[tokio::test]
async fn faults_strike_item_by_item() {
    let world = World::start(Scenario::Throttled);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    let got = world.send(&batch(&vec![sent; 3])).await.json();
    let statuses: Vec<_> =
        got["responses"].as_array().unwrap().iter().map(|r| r["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 429, 429]);
    assert_eq!(got["responses"][1]["headers"]["retry-after"], "1");
}

/// A world in which a cmdlet takes a while, and a batch of two writes for it.
async fn taking_time(at_once: usize) -> (World, Sent) {
    let latency = Duration::from_millis(60);
    let world = World::in_real_time(Options { latency, at_once, ..Options::default() });
    let write = |office: u32| json!({"Identity": "adele.vance", "Office": office.to_string()});
    let first = world.invoke("Set-Mailbox", write(1)).await;
    let token = first.headers[0].1.trim_start_matches("Bearer ").to_owned();
    let second = world.invoke_with(&token, TENANT, "Set-Mailbox", write(2));
    let sent = batch(&[first, second]);
    (world, sent)
}

#[tokio::test]
async fn a_tenant_runs_so_many_batches_at_once_and_their_cmdlets_one_after_another() {
    let (world, sent) = taking_time(2).await;
    let begun = world.clock.elapsed();
    let (one, two, three) = tokio::join!(world.send(&sent), world.send(&sent), world.send(&sent));
    let took = world.clock.elapsed().saturating_sub(begun);
    assert!(took >= Duration::from_millis(120), "{took:?} for two cmdlets");
    for got in [&one, &two, &three] {
        if got.status == 429 {
            let words = String::from_utf8_lossy(&got.body);
            assert!(words.contains("maximum number of concurrent requests per tenant"), "{words}");
        }
    }
    let statuses = [one.status, two.status, three.status];
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2, "{statuses:?}");
    assert_eq!(world.executions("Set-Mailbox"), 4, "nothing of the third was run");
    assert_eq!(world.send(&sent).await.status, 200, "there is room again");
}

#[tokio::test]
async fn what_has_arrived_is_carried_out_though_nobody_waits_for_it() {
    let (world, sent) = taking_time(1).await;
    let impatient = tokio::time::timeout(Duration::from_millis(30), world.send(&sent)).await;
    assert!(impatient.is_err(), "the client has gone before the first cmdlet was run");
    world.clock.sleep(Duration::from_millis(400)).await;
    assert_eq!(world.executions("Set-Mailbox"), 2);
}
