//! The cmdlets of the service that give what the Get-EXO* cmdlets read, with annotations.

use exo_mi::emulator::Scenario;
use serde_json::{Value, json};

use crate::world::World;

const ADELE: &str = "adele.vance@contoso.com";
const BIANCA: &str = "bianca.pisani@contoso.com";

async fn rows(world: &World, cmdlet: &str, parameters: Value) -> Vec<Value> {
    let got = world.send(&world.invoke(cmdlet, parameters.clone()).await).await;
    assert_eq!(got.status, 200, "{cmdlet} {parameters}: {}", world.last());
    assert_eq!(got.json()["@adminapi.warnings"], json!([]), "{cmdlet} {parameters}");
    got.rows()
}

fn texts(rows: &[Value], property: &str) -> Vec<String> {
    rows.iter().map(|row| row[property].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn recipients_and_protocol_settings_are_listed_and_found() {
    let world = World::start(Scenario::Healthy);
    let recipients = rows(&world, "Get-Recipient", json!({})).await;
    let mailboxes = texts(&recipients, "RecipientType").iter().filter(|kind| *kind == "UserMailbox").count();
    assert!(mailboxes == 5 && recipients.len() > 5);
    assert_eq!(recipients[0]["Guid@data.type"], "System.Guid");
    let group = rows(&world, "Get-Recipient", json!({"Identity": "all@contoso.com"})).await;
    assert_eq!(texts(&group, "RecipientTypeDetails"), ["MailUniversalDistributionGroup"]);
    let some = json!({"RecipientTypeDetails": ["UserMailbox"], "Anr": "adele"});
    assert_eq!(texts(&rows(&world, "Get-Recipient", some).await, "DisplayName"), ["Adele Vance"]);
    let settings = rows(&world, "Get-CASMailbox", json!({"Identity": ADELE})).await;
    assert_eq!(settings[0]["ActiveSyncAllowedDeviceIDs@odata.type"], "#Collection(String)");
    assert_eq!(
        (settings[0]["OWAEnabled"].clone(), settings[0]["HasActiveSyncDevicePartnership"].clone()),
        (json!(true), json!(true))
    );
}

#[tokio::test]
async fn statistics_are_those_of_one_mailbox_or_of_its_archive() {
    let world = World::start(Scenario::Healthy);
    let own = rows(&world, "Get-MailboxStatistics", json!({"Identity": BIANCA})).await;
    let archive = rows(&world, "Get-MailboxStatistics", json!({"Identity": BIANCA, "Archive": true})).await;
    assert_eq!(own[0]["ItemCount@data.type"], "System.Int32");
    assert_eq!((&own[0]["IsArchiveMailbox"], &archive[0]["IsArchiveMailbox"]), (&json!(false), &json!(true)));
    let folders = rows(&world, "Get-MailboxFolderStatistics", json!({"Identity": ADELE})).await;
    assert!(folders.len() > 10 && folders.iter().all(|row| row.get("$FolderScope").is_none()));
    let inbox = json!({"Identity": ADELE, "FolderScope": "Inbox", "IncludeOldestAndNewestItems": true});
    let inbox = rows(&world, "Get-MailboxFolderStatistics", inbox).await;
    assert_eq!(
        (texts(&inbox, "Name"), inbox[0]["NewestItemReceivedDate"].is_string()),
        (vec!["Inbox".to_owned()], true)
    );
    let without = world.invoke("Get-MailboxStatistics", json!({"Identity": ADELE, "Archive": true})).await;
    world.refuses(&without, 400, "does not exist").await;
}

#[tokio::test]
async fn permissions_are_told_by_mailbox_folder_recipient_and_user() {
    let world = World::start(Scenario::Healthy);
    let permissions = rows(&world, "Get-MailboxPermission", json!({"Identity": ADELE})).await;
    assert_eq!(permissions[0]["AccessRights"], json!(["FullAccess, ReadPermission"]));
    assert_eq!(texts(&permissions, "User")[1..], ["alex.wilber@contoso.com", "allan.deyoung@contoso.com"]);
    let one = json!({"Identity": ADELE, "User": "allan.deyoung@contoso.com"});
    assert_eq!(rows(&world, "Get-MailboxPermission", one).await.len(), 1);
    let calendar = json!({"Identity": format!("{ADELE}:\\Calendar")});
    let calendar = rows(&world, "Get-MailboxFolderPermission", calendar).await;
    assert_eq!(texts(&calendar, "User"), ["Default", "Anonymous", "Alex Wilber"]);
    let sending = rows(&world, "Get-RecipientPermission", json!({"Identity": ADELE})).await;
    assert_eq!(texts(&sending, "Trustee"), ["NT AUTHORITY\\SELF", "alex.wilber@contoso.com"]);
    let trustee = json!({"Trustee": "alex.wilber@contoso.com", "AccessRights": ["SendAs"]});
    assert_eq!(rows(&world, "Get-RecipientPermission", trustee).await.len(), 1);
    let all = rows(&world, "Get-RecipientPermission", json!({})).await;
    let recipients = rows(&world, "Get-Recipient", json!({})).await;
    assert_eq!(all.len(), recipients.len() + 5);
}

#[tokio::test]
async fn devices_are_found_by_their_mailbox_or_by_themselves() {
    let world = World::start(Scenario::Healthy);
    let devices = rows(&world, "Get-MobileDeviceStatistics", json!({"Mailbox": ADELE})).await;
    assert_eq!(devices.len(), 2);
    let identity = json!({"Identity": devices[1]["Identity"]});
    assert_eq!(rows(&world, "Get-MobileDeviceStatistics", identity).await, [devices[1].clone()]);
    let none = json!({"Mailbox": "alex.wilber"});
    assert_eq!(rows(&world, "Get-MobileDeviceStatistics", none).await, Vec::<Value>::new());
}

#[tokio::test]
async fn whose_they_are_must_be_said() {
    let world = World::start(Scenario::Healthy);
    for (cmdlet, parameters) in [
        ("Get-MailboxStatistics", json!({})),
        ("Get-MailboxFolderStatistics", json!({})),
        ("Get-MailboxPermission", json!({})),
        ("Get-MailboxFolderPermission", json!({})),
        ("Get-MobileDeviceStatistics", json!({})),
    ] {
        assert_eq!(world.send(&world.invoke(cmdlet, parameters).await).await.status, 400, "{cmdlet}");
        assert!(world.last().to_string().contains("refused: "), "{cmdlet}: {}", world.last());
    }
    for (cmdlet, parameters) in [
        ("Get-MailboxStatistics", json!({"Identity": "nobody"})),
        ("Get-MailboxFolderPermission", json!({"Identity": format!("{ADELE}:\\Bogus")})),
        ("Get-MobileDeviceStatistics", json!({"Identity": "nothing"})),
        ("Get-RecipientPermission", json!({"Identity": "nobody"})),
    ] {
        world.refuses(&world.invoke(cmdlet, parameters).await, 400, "does not exist").await;
    }
}

#[tokio::test]
async fn a_change_shows_in_each() {
    let world = World::start(Scenario::Healthy);
    let change = json!({"Identity": ADELE, "DisplayName": "Adele Renamed"});
    rows(&world, "Set-Mailbox", change).await;
    for cmdlet in ["Get-Mailbox", "Get-Recipient", "Get-CASMailbox", "Get-MailboxStatistics"] {
        let row = &rows(&world, cmdlet, json!({"Identity": ADELE})).await[0];
        assert_eq!(row["DisplayName"], "Adele Renamed", "{cmdlet}");
    }
}
