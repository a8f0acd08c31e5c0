//! Each form in which a value of PowerShell travels, written by hand, and what differs from it. The first is taken and
//! read back; the second is refused as the service refuses it.

use base64::Engine as _;
use exo_mi::emulator::Scenario;
use serde_json::{Value, json};

use crate::world::{Sent, World};

/// A call whose parameters are this text, byte for byte.
async fn raw(world: &World, cmdlet: &str, parameters: &str) -> Sent {
    let sent = world.invoke(cmdlet, json!({})).await;
    sent.carrying(&format!(r#"{{"CmdletInput":{{"CmdletName":"{cmdlet}","Parameters":{parameters}}}}}"#))
}

/// The property of the one object that a cmdlet gives.
async fn property(world: &World, cmdlet: &str, parameters: Value, property: &str) -> Value {
    let got = world.send(&world.invoke(cmdlet, parameters).await).await;
    assert_eq!(got.status, 200, "{cmdlet}: {}", world.last());
    got.rows().first().and_then(|row| row.get(property)).cloned().unwrap_or_default()
}

const ADELE: &str = r#""Identity":"adele.vance@contoso.com""#;

fn mailbox(rest: &str) -> String {
    format!("{{{ADELE},{rest}}}")
}

/// A cmdlet that writes, its parameters, and a property with the value that it then has.
type Row<'a> = (&'a str, String, &'a str, Value);

/// Sends each row and reads the property back.
async fn check(world: &World, rows: impl IntoIterator<Item = Row<'_>>) {
    for (cmdlet, parameters, name, value) in rows {
        let got = world.send(&raw(world, cmdlet, &parameters).await).await;
        assert_eq!(got.status, 200, "{parameters}: {}", world.last());
        assert!(got.rows().is_empty(), "{cmdlet}");
        let read = cmdlet.to_lowercase().replace("set-", "Get-");
        let identity = serde_json::from_str::<Value>(&parameters).unwrap()["Identity"].clone();
        let back = property(world, &read, json!({"Identity": identity}), name).await;
        assert_eq!(back, value, "{cmdlet} {parameters}");
    }
}

fn rule(rest: &str) -> String {
    format!(r#"{{"Identity":"Block executable attachments",{rest}}}"#)
}

fn policy(rest: &str) -> String {
    format!(r#"{{"Identity":"Default",{rest}}}"#)
}

#[tokio::test]
async fn each_form_of_a_single_value_is_taken_and_read_back() {
    let world = World::start(Scenario::Healthy);
    let rows = [
        // Switches and booleans.
        (
            "Set-Mailbox",
            mailbox(r#""HiddenFromAddressListsEnabled":true"#),
            "HiddenFromAddressListsEnabled",
            json!(true),
        ),
        (
            "Set-Mailbox",
            mailbox(r#""HiddenFromAddressListsEnabled":false,"Force":true"#),
            "HiddenFromAddressListsEnabled",
            json!(false),
        ),
        // Numbers.
        ("Set-TransportRule", rule(r#""Priority":2"#), "Priority", json!(2)),
        // Null unsets.
        (
            "Set-Mailbox",
            mailbox(r#""ForwardingSmtpAddress":"a@adatum.com""#),
            "ForwardingSmtpAddress",
            json!("smtp:a@adatum.com"),
        ),
        ("Set-Mailbox", mailbox(r#""ForwardingSmtpAddress":null"#), "ForwardingSmtpAddress", Value::Null),
        // Enumerations, by name or by what they begin with.
        ("Set-TransportRule", rule(r#""Mode":"auditandnotify""#), "Mode", json!("AuditAndNotify")),
        ("Set-TransportRule", rule(r#""Mode":"Audit""#), "Mode", json!("Audit")),
        ("Set-TransportRule", rule(r#""Mode":"enf""#), "Mode", json!("Enforce")),
        // Sizes, time spans, `Unlimited`.
        (
            "Set-Mailbox",
            mailbox(r#""ProhibitSendQuota":"49.5 GB""#),
            "ProhibitSendQuota",
            json!("49.5 GB (53,150,220,288 bytes)"),
        ),
        ("Set-Mailbox", mailbox(r#""MaxSendSize":"35MB""#), "MaxSendSize", json!("35 MB (36,700,160 bytes)")),
        (
            "Set-Mailbox",
            mailbox(r#""RetainDeletedItemsFor":"30.00:00:00""#),
            "RetainDeletedItemsFor",
            json!("30.00:00:00"),
        ),
        (
            "Set-Mailbox",
            mailbox(r#""LitigationHoldDuration":"365""#),
            "LitigationHoldDuration",
            json!("365.00:00:00"),
        ),
        (
            "Set-Mailbox",
            mailbox(r#""LitigationHoldDuration":"Unlimited""#),
            "LitigationHoldDuration",
            json!("Unlimited"),
        ),
        ("Set-Mailbox", mailbox(r#""RecipientLimits":"100""#), "RecipientLimits", json!("100")),
        // Dates.
        (
            "Set-Mailbox",
            mailbox(r#""EndDateForRetentionHold":"2027-01-31T00:00:00.0000000Z""#),
            "EndDateForRetentionHold",
            json!("2027-01-31T00:00:00.0000000+00:00"),
        ),
        // What PowerShell itself is given, and the names of cmdlets in any case.
        (
            "set-mailbox",
            mailbox(r#""office":"X","ErrorAction":"Stop","Verbose":"True","Confirm":false"#),
            "Office",
            json!("X"),
        ),
    ];
    check(&world, rows).await;
    let text = world.send(&world.invoke("Get-Mailbox", json!({"Identity": "adele.vance"})).await).await.body;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains(
            r#""EndDateForRetentionHold@data.type":"System.DateTime","EndDateForRetentionHold":"2027"#
        ),
        "a date that took the place of nothing has its type before it"
    );
}

#[tokio::test]
async fn each_form_of_several_values_is_taken_and_read_back() {
    let world = World::start(Scenario::Healthy);
    let table = r##""@odata.type":"#Exchange.GenericHashTable""##;
    let rows = [
        // Lists.
        (
            "Set-TransportRule",
            rule(r#""SubjectContainsWords":["a","b"]"#),
            "SubjectContainsWords",
            json!(["a", "b"]),
        ),
        (
            "Set-TransportRule",
            rule(r#""SubjectContainsWords":"a,b""#),
            "SubjectContainsWords",
            json!(["a,b"]),
        ),
        // Multi-valued properties: replaced, changed, left alone by an empty list, cleared by a bare hash table.
        (
            "Set-HostedContentFilterPolicy",
            policy(r#""AllowedSenders":["a@adatum.com"]"#),
            "AllowedSenders",
            json!(["a@adatum.com"]),
        ),
        (
            "Set-HostedContentFilterPolicy",
            policy(&format!(r#""AllowedSenders":{{{table},"Add":["b@adatum.com","A@ADATUM.COM"]}}"#)),
            "AllowedSenders",
            json!(["a@adatum.com", "b@adatum.com"]),
        ),
        (
            "Set-HostedContentFilterPolicy",
            policy(&format!(
                r#""AllowedSenders":{{"Remove":"A@adatum.com","Add":["c@adatum.com"],{table}}}"#
            )),
            "AllowedSenders",
            json!(["b@adatum.com", "c@adatum.com"]),
        ),
        (
            "Set-HostedContentFilterPolicy",
            policy(r#""AllowedSenders":[]"#),
            "AllowedSenders",
            json!(["b@adatum.com", "c@adatum.com"]),
        ),
        (
            "Set-HostedContentFilterPolicy",
            policy(&format!(r#""AllowedSenders":{{{table}}}"#)),
            "AllowedSenders",
            json!([]),
        ),
        // Hash tables.
        (
            "Set-SafeLinksPolicy",
            format!(
                r#"{{"Identity":"Contoso Safe Links","LocalizedNotificationTextList":{{{table},"de":"Halt","more":{{{table},"fr":"Arrêt"}}}}}}"#
            ),
            "LocalizedNotificationTextList",
            json!([r#"{"de":"Halt","more":{"fr":"Arrêt"}}"#]),
        ),
        (
            "Set-TransportRule",
            rule(&format!(
                r##""MessageContainsDataClassifications":[{{{table},"name":"Credit Card Number"}}],"MessageContainsDataClassifications@odata.type":"#Collection(Exchange.GenericHashTable)""##
            )),
            "MessageContainsDataClassifications",
            json!([r#"{"name":"Credit Card Number"}"#]),
        ),
    ];
    check(&world, rows).await;
}

#[tokio::test]
async fn what_differs_from_a_form_is_refused() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, parameters) in [
        ("Set-Mailbox", mailbox(r#""HiddenFromAddressListsEnabled":"true""#)),
        ("Set-Mailbox", mailbox(r#""HiddenFromAddressListsEnabled":null"#)),
        ("Set-Mailbox", mailbox(r#""Force":"true""#)),
        ("Set-Mailbox", mailbox(r#""Confirm":"false""#)),
        ("Set-TransportRule", r#"{"Identity":"Block executable attachments","Priority":"2"}"#.to_owned()),
        ("Set-TransportRule", r#"{"Identity":"Block executable attachments","Mode":"A"}"#.to_owned()),
        ("Set-Mailbox", mailbox(r#""Type":"Shard""#)),
        ("Set-Mailbox", mailbox(r#""ProhibitSendQuota":"many""#)),
        ("Set-Mailbox", mailbox(r#""RetainDeletedItemsFor":"P30D""#)),
        ("Set-Mailbox", mailbox(r#""LitigationHoldDuration":"for ever""#)),
        ("Set-Mailbox", mailbox(r#""EndDateForRetentionHold":"1/31/2027""#)),
        ("Set-Mailbox", mailbox(r#""EndDateForRetentionHold":"2027-01-31T00:00:00+01:00""#)),
        ("Set-Mailbox", mailbox(r#""EmailAddresses":{"Add":["smtp:a@contoso.com"]}"#)),
        ("Set-Mailbox", mailbox(r##""EmailAddresses":{"@odata.type":"#Exchange.Other","Add":["smtp:a@contoso.com"]}"##)),
        (
            "Set-Mailbox",
            mailbox(r##""EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable","Set":["smtp:a@contoso.com"]}"##),
        ),
        ("Set-Mailbox", mailbox(r#""EmailAddresses":[1]"#)),
        (
            "Set-Mailbox",
            mailbox(r##""EmailAddresses":["a"],"EmailAddresses@odata.type":"#Collection(Exchange.GenericHashTable)""##),
        ),
        ("Set-Mailbox", mailbox(r#""DisplayName":["a"]"#)),
        ("Set-Mailbox", mailbox(r#""Password":"Sesame, open!""#)),
        ("Set-Mailbox", mailbox(r#""ErrorAction":1"#)),
        (
            "Set-SafeLinksPolicy",
            r#"{"Identity":"Contoso Safe Links","LocalizedNotificationTextList":{"de":"Halt"}}"#.to_owned(),
        ),
        (
            "Set-SafeLinksPolicy",
            r##"{"Identity":"Contoso Safe Links","LocalizedNotificationTextList":{"@odata.type":"#Exchange.GenericHashTable","de":{"text":"Halt"}}}"##
                .to_owned(),
        ),
        (
            "Set-TransportRule",
            r##"{"Identity":"Block executable attachments","MessageContainsDataClassifications":[{"@odata.type":"#Exchange.GenericHashTable","name":"x"}]}"##
                .to_owned(),
        ),
        ("New-MigrationBatch", r#"{"Name":"W","CSVData":"RW1haWw="}"#.to_owned()),
        ("New-MigrationBatch", r#"{"Name":"W","CSVData":{"Data":[1]}}"#.to_owned()),
        ("New-MigrationBatch", r##"{"Name":"W","CSVData":{"@odata.type":"#Exchange.ByteArrayType","Data":[256]}}"##.to_owned()),
        ("Get-Mailbox", r#"{"Filter":"IsDirSynced -eq $true"}"#.to_owned()),
        ("Get-Mailbox", r#"{"Filter":"Office -is 'x'"}"#.to_owned()),
        ("Get-Mailbox", r#"{"RecipientTypeDetails":["UserMailbox","Nothing"]}"#.to_owned()),
    ] {
        let sent = raw(&world, cmdlet, &parameters).await;
        let error = world.refuses(&sent, 400, "does not fit").await.json()["error"].clone();
        assert!(error.get("details").is_none(), "{error}");
        let inner = &error["innererror"]["internalexception"];
        assert!(inner["type"].as_str().unwrap().ends_with(".ParameterTransformationException"), "{inner}");
        assert!(inner["message"].as_str().unwrap().contains("parameter '"), "{inner}");
    }
    let untouched =
        property(&world, "Get-Mailbox", json!({"Identity": "adele.vance"}), "HiddenFromAddressListsEnabled")
            .await;
    assert_eq!(untouched, json!(false));
}

#[tokio::test]
async fn a_refused_member_is_answered_with_all_that_there_are() {
    let world = World::start(Scenario::Healthy);
    let sent = raw(&world, "Set-RemoteDomain", r#"{"Identity":"Default","AllowedOOFType":"Exter"}"#).await;
    let error = world.refuses(&sent, 400, "does not fit").await.json()["error"].clone();
    let message = error["innererror"]["internalexception"]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("External, ExternalLegacy, InternalLegacy, None"), "{message}");
    let sent = raw(&world, "Set-RemoteDomain", r#"{"Identity":"Default","AllowedOOFType":"external"}"#).await;
    assert_eq!(world.send(&sent).await.status, 200, "a whole name is no beginning of another");
}

#[tokio::test]
async fn unknown_and_missing_parameters_are_refused() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, parameters, reason) in [
        ("Set-Mailbox", mailbox(r#""Bogus":1"#), "has no parameter `Bogus`"),
        ("Set-Mailbox", mailbox(r#""WhatIf":true"#), "has no parameter `WhatIf`"),
        (
            "Get-MailboxRegionalConfiguration",
            mailbox(r#""UseCustomRouting":true"#),
            "has no parameter `UseCustomRouting`",
        ),
        ("Get-Mailbox", r#"{"DomainController":"x"}"#.to_owned(), "has no parameter `DomainController`"),
        (
            "Get-Mailbox",
            r##"{"Anr@odata.type":"#Collection(String)"}"##.to_owned(),
            "has no parameter `Anr@odata.type`",
        ),
        ("Set-Mailbox", r#"{"Office":"x"}"#.to_owned(), "needs the parameter `Identity`"),
        (
            "Search-UnifiedAuditLog",
            r#"{"StartDate":"2026-11-01T00:00:00Z"}"#.to_owned(),
            "needs the parameter `EndDate`",
        ),
        ("New-MailContact", r#"{"Name":"x"}"#.to_owned(), "needs the parameter `ExternalEmailAddress`"),
        ("Get-InboxRule", "{}".to_owned(), "needs the parameter `Mailbox`"),
    ] {
        world.refuses(&raw(&world, cmdlet, &parameters).await, 400, reason).await;
    }
    for parameters in ["null", "[]", r#""""#] {
        world.refuses(&raw(&world, "Get-Mailbox", parameters).await, 400, "no CmdletInput").await;
    }
}

#[tokio::test]
async fn bytes_and_secrets_arrive() {
    let world = World::start(Scenario::Healthy);
    let csv: Vec<u8> = b"EmailAddress\r\na@contoso.com\r\nb@contoso.com\r\n".to_vec();
    let data = serde_json::to_string(&csv).unwrap();
    let parameters = format!(
        r##"{{"Name":"Wave 3","CSVData":{{"@odata.type":"#Exchange.ByteArrayType","Data":{data}}},"CompleteAfter":"2027-01-01T22:00:00Z"}}"##
    );
    let got = world.send(&raw(&world, "New-MigrationBatch", &parameters).await).await;
    assert_eq!(
        (got.rows()[0]["TotalCount"].clone(), got.rows()[0]["Identity"].clone()),
        (json!(2), json!("Wave 3"))
    );

    let secret = base64::engine::general_purpose::STANDARD.encode([0x5a; 256]);
    let parameters = format!(
        r#"{{"Name":"Nestor Wilke","Password":"{secret}","MicrosoftOnlineServicesID":"nestor.wilke@contoso.com","ResetPasswordOnNextLogon":true}}"#
    );
    let got = world.send(&raw(&world, "New-Mailbox", &parameters).await).await;
    assert_eq!(got.status, 200, "{}", world.last());
    assert_eq!(got.rows()[0]["PrimarySmtpAddress"], "nestor.wilke@contoso.com");
    assert_eq!(
        property(&world, "Get-Mailbox", json!({"Identity": "nestor.wilke"}), "DisplayName").await,
        "Nestor Wilke"
    );
    assert_eq!(world.send(&world.invoke("Get-Mailbox", json!({})).await).await.rows().len(), 6);
}
