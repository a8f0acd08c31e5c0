//! What the cmdlets give, and what they do.

use exo_mi::emulator::Scenario;
use serde_json::{Value, json};

use crate::world::{Got, READER, TENANT, World};

async fn run(world: &World, cmdlet: &str, parameters: Value) -> Got {
    let got = world.send(&world.invoke(cmdlet, parameters).await).await;
    assert_eq!(got.status, 200, "{cmdlet}: {}", world.last());
    got
}

/// One property of every object that comes.
async fn column(world: &World, cmdlet: &str, parameters: Value, property: &str) -> Vec<String> {
    let rows = run(world, cmdlet, parameters).await.rows();
    rows.iter().map(|row| row[property].as_str().unwrap_or_default().to_owned()).collect()
}

async fn exported(world: &World) -> Vec<String> {
    let origin = &world.emulator.addresses().exchange;
    let sent = world.invoke("Get-Mailbox", json!({})).await.by("GET").carrying("").without("X-CmdletName");
    let sent = sent.at(format!("{origin}/adminapi/v1.0/{TENANT}/EXOModuleFile?Version=3.9.0"));
    let body = world.send(&sent).await.json();
    body["value"][0]["exportedCmdlets"].as_str().unwrap().split(',').map(str::to_owned).collect()
}

/// What the reading cmdlets cannot do without.
fn needed(cmdlet: &str) -> Value {
    match cmdlet {
        "Get-CalendarProcessing"
        | "Get-MailboxFolderPermission"
        | "Get-MailboxFolderStatistics"
        | "Get-MailboxPermission"
        | "Get-MailboxRegionalConfiguration"
        | "Get-MailboxStatistics" => json!({"Identity": "adele.vance"}),
        "Get-InboxRule" | "Get-MobileDeviceStatistics" => json!({"Mailbox": "adele.vance"}),
        "Get-DistributionGroupMember" => json!({"Identity": "All Employees"}),
        "Get-DynamicDistributionGroupMember" => json!({"Identity": "Everybody in Zürich"}),
        "Get-UnifiedGroupLinks" => json!({"Identity": "falcon", "LinkType": "Members"}),
        "Get-RoleGroupMember" => json!({"Identity": "Organization Management"}),
        "Get-ManagementRoleEntry" => json!({"Identity": "Mail Recipients\\*"}),
        "Get-TenantAllowBlockListItems" => json!({"ListType": "Url"}),
        "Search-UnifiedAuditLog" => {
            json!({"StartDate": "2026-11-01T00:00:00Z", "EndDate": "2026-11-30T00:00:00Z"})
        }
        _ => json!({}),
    }
}

#[tokio::test]
async fn every_reading_cmdlet_gives_typed_objects_to_a_reader() {
    let world = World::start(Scenario::Healthy);
    let reader =
        world.token(&world.imds().replacing("&resource", &format!("&client_id={READER}&resource"))).await;
    let cmdlets = exported(&world).await;
    let reading = cmdlets.iter().filter(|name| name.starts_with("Get-") || name.starts_with("Search-"));
    let mut count = 0;
    for cmdlet in reading {
        let got = world.send(&world.invoke_with(&reader, TENANT, cmdlet, needed(cmdlet))).await;
        assert_eq!(got.status, 200, "{cmdlet}: {}", world.last());
        assert!(!got.rows().is_empty(), "{cmdlet}");
        let body = got.json();
        assert_eq!(body["@adminapi.warnings"], json!([]), "{cmdlet}");
        for row in got.rows() {
            check_annotations(cmdlet, row.as_object().unwrap());
        }
        count += 1;
    }
    assert!(count >= 64, "{count}");
}

/// Lists, GUIDs and dates have their type before them; nothing else of the emulator shows.
fn check_annotations(cmdlet: &str, row: &serde_json::Map<String, Value>) {
    for (key, value) in row.iter().filter(|(key, _)| !key.contains('@')) {
        assert!(!key.starts_with('$') && !key.contains('#'), "{cmdlet}: {key}");
        let of = |kind: &str| row.get(&format!("{key}@{kind}")).and_then(Value::as_str).unwrap_or_default();
        match value {
            Value::Array(_) => assert_eq!(of("odata.type"), "#Collection(String)", "{cmdlet}: {key}"),
            Value::Null => assert_eq!((of("odata.type"), of("data.type")), ("", ""), "{cmdlet}: {key}"),
            Value::Number(_) if key != "RuleIdentity" => {
                assert!(
                    of("data.type").starts_with("System.Int") || of("odata.type") == "#Decimal",
                    "{cmdlet}: {key}"
                );
            }
            Value::String(text) => {
                assert!(!text.contains("{{"), "{cmdlet}: {key} is {text}");
                let when = key.starts_with("When") && text.starts_with("20");
                assert_eq!(
                    of("data.type") == "System.DateTime",
                    when || of("data.type") == "System.DateTime",
                    "{cmdlet}: {key}"
                );
                if of("data.type") == "System.DateTime" {
                    assert_eq!(
                        text.split(['.', '+', 'Z']).nth(1).map(str::len),
                        Some(7),
                        "{cmdlet}: {key} is {text}"
                    );
                }
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_reader_runs_no_writing_cmdlet() {
    let world = World::start(Scenario::Healthy);
    let reader =
        world.token(&world.imds().replacing("&resource", &format!("&client_id={READER}&resource"))).await;
    let cmdlets = exported(&world).await;
    assert!(cmdlets.len() >= 90, "{}", cmdlets.len());
    for cmdlet in cmdlets.iter().filter(|name| !name.starts_with("Get-") && !name.starts_with("Search-")) {
        let sent = world.invoke_with(&reader, TENANT, cmdlet, json!({"Identity": "x"}));
        world.refuses(&sent, 403, cmdlet).await;
    }
}

#[tokio::test]
async fn shapes_that_break_careless_readers_are_there() {
    let world = World::start(Scenario::Healthy);
    let rules = run(&world, "Get-InboxRule", needed("Get-InboxRule")).await;
    let text = String::from_utf8(rules.body.clone()).unwrap();
    assert!(
        text.contains(r#""RuleIdentity":15394007230974001153,"#)
            && text.contains(r#""RuleIdentity":18446744073709551615,"#)
    );
    assert!(text.contains(r#""From":null"#) && text.contains(r"\r\n\t"), "{text}");
    let items = run(&world, "Get-TenantAllowBlockListItems", json!({"ListType": "Sender"})).await.rows();
    assert!(items[0]["LastUsedDate(DateTime])"].is_string());
    let audit = column(&world, "Search-UnifiedAuditLog", needed("Search-UnifiedAuditLog"), "AuditData").await;
    let audit: Vec<Value> = audit.iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    assert_eq!(audit[0]["Parameters"][0]["Name"], "Identity");
    let dates = run(&world, "Get-DkimSigningConfig", json!({"Identity": "contoso.com"})).await.rows();
    assert_eq!(dates[0]["RotateOnDate"], "2026-07-24T18:59:12.0000000");
    assert_eq!(dates[0]["Selector1KeySize@odata.type"], "#Decimal");
}

#[tokio::test]
async fn what_a_reading_cmdlet_is_given_narrows_its_answer() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, parameters, property, wanted) in [
        ("Get-Mailbox", json!({"Filter": "Office -eq '18/2111'"}), "Alias", vec!["adele.vance"]),
        (
            "Get-Mailbox",
            json!({"Filter": "(Alias -like 'a*') -and (HiddenFromAddressListsEnabled -eq 'False')"}),
            "Alias",
            vec!["adele.vance", "alex.wilber", "allan.deyoung"],
        ),
        ("Get-Mailbox", json!({"Filter": "ProhibitSendQuota -lt '1 GB'"}), "Alias", vec![]),
        ("Get-Mailbox", json!({"RecipientTypeDetails": ["SharedMailbox"]}), "Alias", vec![]),
        ("Get-Mailbox", json!({"Anr": "wilb"}), "Alias", vec!["alex.wilber"]),
        ("Get-Mailbox", json!({"Identity": "al*"}), "Alias", vec!["alex.wilber", "allan.deyoung"]),
        (
            "Get-User",
            json!({"Sortby": "Title", "ResultSize": 3}),
            "Name",
            vec!["Sync Service", "Megan Bowen", "Adele Vance"],
        ),
        ("Get-MailContact", json!({"ANR": "hot"}), "Alias", vec!["hotline"]),
        ("Get-User", json!({"RecipientTypeDetails": "User"}), "Name", vec!["Sync Service"]),
        ("Get-User", json!({"Filter": "Manager -ne $null"}), "Name", vec!["Adele Vance"]),
        (
            "Get-DistributionGroupMember",
            json!({"Identity": "finance.approvers@contoso.com"}),
            "Name",
            vec!["Lidia Holloway", "Robin Counts"],
        ),
        (
            "Get-UnifiedGroupLinks",
            json!({"Identity": "Project Falcon", "LinkType": "owner"}),
            "Name",
            vec!["Megan Bowen"],
        ),
        (
            "Get-ManagementRoleEntry",
            json!({"Identity": "*\\Get-Mailbox"}),
            "Role",
            vec!["Mail Recipients", "View-Only Recipients"],
        ),
        (
            "Get-ManagementRole",
            json!({"RoleType": "MailRecipients"}),
            "Name",
            vec!["Mail Recipients", "Help Desk Mail Recipients"],
        ),
        (
            "Get-MobileDevice",
            json!({"Mailbox": "alex.wilber@contoso.com"}),
            "DeviceId",
            vec!["androidc1529283"],
        ),
        (
            "Get-QuarantineMessage",
            json!({"StartReceivedDate": "2026-11-21T00:00:00Z"}),
            "SenderAddress",
            vec!["billing@phish.example"],
        ),
        (
            "Get-QuarantineMessage",
            json!({"PageSize": 1, "Page": 2}),
            "SenderAddress",
            vec!["news@bulk.example"],
        ),
        ("Get-QuarantineMessage", json!({"PageSize": 0}), "SenderAddress", vec![]),
        (
            "Get-MessageTraceV2",
            json!({"SenderAddress": ["robin@adatum.com"], "Status": "Del"}),
            "Status",
            vec!["Delivered"],
        ),
        (
            "Get-MessageTraceV2",
            json!({"StartDate": "2026-11-23T00:00:00Z", "EndDate": "2026-11-23T16:00:00Z"}),
            "Status",
            vec!["Expanded"],
        ),
        (
            "Search-UnifiedAuditLog",
            json!({"StartDate": "2026-11-19T00:00:00Z", "EndDate": "2026-11-30T00:00:00Z", "Operations": ["set-mailbox"]}),
            "UserIds",
            vec!["megan.bowen@contoso.com"],
        ),
        ("Get-TransportRule", json!({"State": "Disabled"}), "State", vec!["Disabled"]),
    ] {
        assert_eq!(
            column(&world, cmdlet, parameters.clone(), property).await,
            wanted,
            "{cmdlet} {parameters}"
        );
    }
}

#[tokio::test]
async fn a_filter_for_a_property_that_is_not_there_is_refused() {
    let world = World::start(Scenario::Healthy);
    let sent = world.invoke("Get-Mailbox", json!({"Filter": "Nmae -eq 'x'"})).await;
    let error = world.refuses(&sent, 400, "Nmae").await.json();
    assert!(
        error["error"]["details"][0]["message"]
            .as_str()
            .unwrap()
            .contains("isn't a recognized filterable property")
    );
}

#[tokio::test]
async fn what_is_not_evaluated_is_told() {
    let world = World::start(Scenario::Healthy);
    let got = run(&world, "Get-Mailbox", json!({"Archive": true, "Migration": true})).await.json();
    let warnings = got["@adminapi.warnings"].as_array().unwrap();
    assert!(
        warnings[0].as_str().unwrap().contains("'Archive'")
            && warnings[1].as_str().unwrap().contains("'Migration'")
    );
    let got = run(
        &world,
        "Set-Mailbox",
        json!({"Identity": "adele.vance", "Office": "9", "UpdateEnforcedTimestamp": true}),
    )
    .await;
    assert!(got.json()["@adminapi.warnings"][0].as_str().unwrap().contains("'UpdateEnforcedTimestamp'"));
}

#[tokio::test]
async fn a_rule_lives_and_dies() {
    let world = World::start(Scenario::Healthy);
    let off = run(&world, "New-TransportRule", json!({"Name": "Later", "Enabled": false})).await.rows();
    assert_eq!(off[0]["State"], "Disabled");
    let new =
        json!({"Name": "Stamp", "FromScope": "NotIn", "PrependSubject": "[X]", "Comments": "two\r\nlines"});
    let made = run(&world, "New-TransportRule", new.clone()).await.rows();
    assert_eq!(
        (made.len(), &made[0]["FromScope"], &made[0]["State"]),
        (1, &json!("NotInOrganization"), &json!("Enabled"))
    );
    let again = world.invoke("New-TransportRule", new).await;
    let error = world.refuses(&again, 400, "already exists").await.json();
    assert!(
        error["error"]["details"][0]["message"].as_str().unwrap().contains("ADObjectAlreadyExistsException")
    );
    let ask = |cmdlet: &'static str, confirm: bool| {
        let world = &world;
        async move { run(world, cmdlet, json!({"Identity": "Stamp", "Confirm": confirm})).await.json() }
    };
    assert!(ask("Disable-TransportRule", true).await["@adminapi.confirmationmessage"].is_string());
    let state = async || column(&world, "Get-TransportRule", json!({"Identity": "Stamp"}), "State").await;
    assert_eq!(state().await, ["Enabled"]);
    ask("Disable-TransportRule", false).await;
    assert_eq!(state().await, ["Disabled"]);
    ask("Enable-TransportRule", false).await;
    assert_eq!(state().await, ["Enabled"]);
    assert!(
        ask("Remove-TransportRule", true).await["@adminapi.confirmationmessage"]
            .as_str()
            .unwrap()
            .contains("Stamp")
    );
    ask("Remove-TransportRule", false).await;
    let gone = world.invoke("Get-TransportRule", json!({"Identity": "Stamp"})).await;
    world.refuses(&gone, 400, "does not exist").await;
}

#[tokio::test]
async fn groups_get_members_and_lose_them() {
    let world = World::start(Scenario::Healthy);
    let made = run(
        &world,
        "New-DistributionGroup",
        json!({"Name": "Readers", "PrimarySmtpAddress": "readers@contoso.com"}),
    )
    .await;
    assert_eq!(made.rows()[0]["EmailAddresses"], json!(["SMTP:readers@contoso.com"]));
    let secure =
        run(&world, "New-DistributionGroup", json!({"Name": "Keepers", "Type": "Security"})).await.rows();
    assert_eq!(secure[0]["GroupType"], "Universal, SecurityEnabled");
    let member = |name: &str| json!({"Identity": "readers@contoso.com", "Member": name});
    let members = async || {
        column(&world, "Get-DistributionGroupMember", json!({"Identity": "Readers"}), "RecipientType").await
    };
    run(&world, "Add-DistributionGroupMember", member("adele.vance")).await;
    run(&world, "Add-DistributionGroupMember", member("hotline")).await;
    assert_eq!(members().await, ["UserMailbox", "MailContact"]);
    let twice = world.invoke("Add-DistributionGroupMember", member("adele.vance@contoso.com")).await;
    world.refuses(&twice, 400, "already a member").await;
    let nobody = world.invoke("Add-DistributionGroupMember", member("nobody")).await;
    world.refuses(&nobody, 400, "does not exist").await;
    let ask = json!({"Identity": "Readers", "Member": "hotline", "Confirm": true});
    assert!(
        run(&world, "Remove-DistributionGroupMember", ask).await.json()["@adminapi.confirmationmessage"]
            .is_string()
    );
    run(&world, "Remove-DistributionGroupMember", member("hotline")).await;
    assert_eq!(members().await, ["UserMailbox"]);
    let absent = world.invoke("Remove-DistributionGroupMember", member("hotline")).await;
    world.refuses(&absent, 400, "isn't a member").await;
}

#[tokio::test]
async fn a_group_remembers_whom_its_filter_means() {
    let world = World::start(Scenario::Healthy);
    let filter = "(RecipientTypeDetails -eq 'UserMailbox') -and (HiddenFromAddressListsEnabled -eq 'False')";
    let new = json!({"Name": "Visible", "RecipientFilter": filter});
    let made = run(&world, "New-DynamicDistributionGroup", new).await.json();
    assert_eq!(
        (&made["value"][0]["RecipientFilter"], &made["@adminapi.warnings"]),
        (&json!(filter), &json!([]))
    );
}

#[tokio::test]
async fn what_belongs_to_a_mailbox_is_its_own() {
    let world = World::start(Scenario::Healthy);
    run(
        &world,
        "Set-CalendarProcessing",
        json!({"Identity": "adele.vance", "AutomateProcessing": "AutoAccept", "BookingWindowInDays": 30}),
    )
    .await;
    let read = async |identity: &str| {
        run(&world, "Get-CalendarProcessing", json!({"Identity": identity})).await.rows()[0].clone()
    };
    let (adele, alex) = (read("adele.vance").await, read("alex.wilber").await);
    assert_eq!(
        (&adele["AutomateProcessing"], &adele["BookingWindowInDays"]),
        (&json!("AutoAccept"), &json!(30))
    );
    assert_eq!(
        (&alex["AutomateProcessing"], &alex["Identity"]),
        (&json!("AutoUpdate"), &json!("alex.wilber"))
    );
}

#[tokio::test]
async fn settings_of_the_organization_need_no_identity() {
    let world = World::start(Scenario::Healthy);
    run(
        &world,
        "Set-OrganizationConfig",
        json!({"FocusedInboxOn": true, "ActivityBasedAuthenticationTimeoutInterval": "03:00:00"}),
    )
    .await;
    let row = run(&world, "Get-OrganizationConfig", json!({})).await.rows()[0].clone();
    assert_eq!(
        (&row["FocusedInboxOn"], &row["ActivityBasedAuthenticationTimeoutInterval"]),
        (&json!(true), &json!("03:00:00"))
    );
}

#[tokio::test]
async fn addresses_agree_with_each_other() {
    let world = World::start(Scenario::Healthy);
    let table = "#Exchange.GenericHashTable";
    let add = json!({"Identity": "adele.vance", "EmailAddresses": {"@odata.type": table, "Add": ["smtp:av@contoso.com"]}});
    run(&world, "Set-Mailbox", add).await;
    run(&world, "Set-Mailbox", json!({"Identity": "adele.vance", "Type": "Shared"})).await;
    let shared = json!({"RecipientTypeDetails": "SharedMailbox"});
    assert_eq!(column(&world, "Get-Mailbox", shared, "Alias").await, ["adele.vance"]);
    let replace = json!({"Identity": "adele.vance", "EmailAddresses": ["SMTP:av@contoso.com", "smtp:adele.vance@contoso.com"]});
    run(&world, "Set-Mailbox", replace).await;
    assert_eq!(
        column(&world, "Get-Mailbox", json!({"Identity": "adele.vance"}), "PrimarySmtpAddress").await,
        ["av@contoso.com"]
    );
}
