//! The entities behind the Get-EXO* cmdlets, as the official module asks for them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use exo_mi::emulator::Scenario;
use serde_json::{Value, json};

use crate::world::{Got, READER, Sent, TENANT, World};

const ADELE: &str = "adele.vance@contoso.com";
/// The fourth mailbox, which has an archive.
const BIANCA: &str = "bianca.pisani@contoso.com";

/// A GET as the module sends it.
async fn get(world: &World, path: &str) -> Sent {
    let invoke = world.invoke("Get-AcceptedDomain", json!({})).await;
    let origin = &world.emulator.addresses().exchange;
    invoke
        .by("GET")
        .at(format!("{origin}/adminapi/beta/{TENANT}/{path}"))
        .carrying("")
        .without("X-CmdletName")
        .but("Content-Type", "application/json;odata.metadata=minimal")
        .with("connection-id", "6f9619ff-8b86-4011-b42d-00cf4fc964ff")
        .with("Prefer", "odata.maxpagesize=1000;")
}

/// A key as the module writes it, with what is special in a path escaped.
fn key(text: &str) -> String {
    STANDARD.encode(text).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

async fn read(world: &World, path: &str) -> Value {
    let got = world.send(&get(world, path).await).await;
    assert_eq!(got.status, 200, "{path}: {}", world.last());
    got.json()
}

async fn names(world: &World, path: &str, property: &str) -> Vec<String> {
    let rows = read(world, path).await["value"].as_array().unwrap().clone();
    rows.iter().map(|row| row[property].as_str().unwrap().to_owned()).collect()
}

fn properties(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).filter(|key| !key.starts_with('@')).collect()
}

fn next(got: &Got) -> Option<String> {
    got.json()["@odata.nextLink"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn every_set_lists_its_smallest_properties_without_annotations() {
    let world = World::start(Scenario::Healthy);
    for (set, properties_of_one) in [("Mailbox", 15), ("Recipient", 12), ("CasMailbox", 17)] {
        let page = read(&world, set).await;
        assert!(page["@odata.context"].as_str().unwrap().ends_with(&format!("/$metadata#{set}")));
        let value = page["value"].as_array().unwrap();
        assert_eq!(properties(&value[0]).len(), properties_of_one, "{set}");
        assert!(value.iter().all(|row| row.as_object().unwrap().keys().all(|name| !name.contains('@'))));
    }
    let recipients = names(&world, "Recipient", "RecipientType").await;
    assert_eq!(recipients.iter().filter(|kind| *kind == "UserMailbox").count(), 5);
    assert!(recipients.len() > 5, "groups are recipients too");
}

#[tokio::test]
async fn one_object_is_no_list() {
    let world = World::start(Scenario::Healthy);
    for (set, name) in [
        ("Mailbox", ADELE),
        ("CasMailbox", "Adele Vance"),
        ("Recipient", ADELE),
        ("Recipient", "all@contoso.com"),
    ] {
        let object = read(&world, &format!("{set}('{}')?isEncoded=true", key(name))).await;
        assert!(object["@odata.context"].as_str().unwrap().ends_with(&format!("#{set}/$entity")), "{object}");
        assert!(object["DisplayName"].is_string() && object.get("value").is_none());
    }
    let plain = read(&world, "Mailbox('adele.vance')?$select=Alias").await;
    assert_eq!((properties(&plain), &plain["Alias"]), (vec!["Alias"], &json!("adele.vance")));
}

#[tokio::test]
async fn keys_are_base64_exactly_when_is_encoded_says_so() {
    let world = World::start(Scenario::Healthy);
    // One key has a plus and a slash, the other is padded.
    let (encoded, mailbox) = (key("\\Inbox\\Q&A > Done?"), key(ADELE));
    assert!(encoded.contains("%2B") && encoded.contains("%2F") && mailbox.contains("%3D"));
    let path = |folder: &str, encoded: &str| {
        format!("Mailbox('{mailbox}')/MailboxFolder('{folder}')/MailboxFolderPermission{encoded}")
    };
    let rows = names(&world, &path(&encoded, "?isEncoded=true"), "FolderName").await;
    assert_eq!(rows, ["Q&A > Done?", "Q&A > Done?"]);
    let raw = get(&world, &path("%5CInbox", "?isEncoded=true")).await;
    world.refuses(&raw, 400, "not base64").await;
    let unencoded = get(&world, &format!("Mailbox('{}')", key(ADELE))).await;
    world.refuses(&unencoded, 404, "does not exist").await;
    let slashed = get(&world, "Mailbox('YS9i/Yg==')?isEncoded=true").await;
    world.refuses(&slashed, 404, "no such path").await;
}

#[tokio::test]
async fn a_folder_is_found_by_the_id_that_the_statistics_give() {
    let world = World::start(Scenario::Healthy);
    let folders = "Mailbox('adele.vance')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')";
    for id in names(&world, folders, "FolderId").await {
        let path = format!(
            "Mailbox('{}')/MailboxFolder('{}')/MailboxFolderPermission?IsUsingMailboxFolderId=true&isEncoded=true",
            key(ADELE),
            key(&id)
        );
        assert!(!names(&world, &path, "User").await.is_empty());
    }
}

#[tokio::test]
async fn a_plus_in_a_path_is_a_plus() {
    let world = World::start(Scenario::Healthy);
    for name in ["Mailbox('%3E%3E%3E')", "Mailbox('Pj4+')?isEncoded=true", "Mailbox('Pj4%2B')?isEncoded=true"]
    {
        let error = world.refuses(&get(&world, name).await, 404, "does not exist").await.json();
        assert!(error["error"]["message"].as_str().unwrap().contains("'>>>'"), "{name}: {error}");
    }
}

#[tokio::test]
async fn property_sets_add_to_the_selection() {
    let world = World::start(Scenario::Healthy);
    let one = async |query: &str| {
        let object = read(&world, &format!("Mailbox('adele.vance')?{query}")).await;
        properties(&object).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(one("PropertySet=Minimum&$select=Office").await.len(), 16);
    assert_eq!(one("$select=office,%20alias").await, ["Alias", "Office"]);
    assert_eq!(one("PropertySet=StatisticsSeed").await.len(), 4);
    assert_eq!(one("PropertySet=statisticsseed,%20Minimum").await.len(), 18);
    assert!(one("PropertySet=All&$select=Office").await.len() > 200);
    let cas = read(&world, "CasMailbox('adele.vance')?PropertySet=Pop,Imap&$select=OWAEnabled").await;
    assert!(cas["PopUseProtocolDefaults"].is_boolean() && cas["OWAEnabled"] == true);
    let statistics = "Mailbox('adele.vance')/Exchange.GetMailboxStatistics()";
    assert_eq!(properties(&read(&world, statistics).await).len(), 6);
    assert!(properties(&read(&world, &format!("{statistics}?PropertySet=All")).await).len() >= 60);
    for (path, why) in [
        ("Mailbox?PropertySet=Pop", "no property set"),
        ("Mailbox?PropertySet=", "no property set"),
        ("CasMailbox?PropertySet=Quota", "no property set"),
        ("Mailbox?$select=Bogus", "no property of this entity"),
        ("Mailbox?$select=Guid@data.type", "no property of this entity"),
        (
            "Mailbox('adele.vance')/Exchange.GetMailboxStatistics()?$select=Alias",
            "no property of this entity",
        ),
    ] {
        world.refuses(&get(&world, path).await, 400, why).await;
    }
}

#[tokio::test]
async fn filters_choose_and_wrong_ones_are_refused() {
    let world = World::start(Scenario::Healthy);
    for (set, filter, wanted) in [
        ("Mailbox", "startswith(DisplayName,'a')", 3),
        ("Mailbox", "EmailAddresses/any(d: d eq 'smtp:adele.vance@contoso.com')", 1),
        ("Mailbox", "WhenCreated lt 2024-01-01T00:00:00Z", 0),
        ("Mailbox", "ArchiveStatus eq 'Active' and not (Alias eq 'x')", 1),
        ("Recipient", "RecipientType ne 'UserMailbox' and startswith(DisplayName,'finance a')", 1),
        ("CasMailbox", "PopEnabled eq false or ImapEnabled eq false", 3),
    ] {
        let query: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        assert_eq!(
            names(&world, &format!("{set}?$filter={query}"), "DisplayName").await.len(),
            wanted,
            "{filter}"
        );
    }
    for filter in
        ["x", "Alias -eq 'a'", "Bogus eq 'a'", "Alias eq 1", "EmailAddresses eq 'a'", "PopEnabled eq false"]
    {
        let query: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let sent = get(&world, &format!("Mailbox?$filter={query}")).await;
        let error = world.refuses(&sent, 400, "$filter cannot be read").await.json()["error"].clone();
        assert_eq!(error["code"], "BadRequest");
    }
}

#[tokio::test]
async fn the_other_options_choose_too() {
    let world = World::start(Scenario::Healthy);
    for (path, wanted) in [
        ("Mailbox?Anr=van", vec!["Adele Vance"]),
        ("Mailbox?Anr=adele", vec!["Adele Vance"]),
        ("Mailbox?Archive=true", vec!["Bianca Pisani"]),
        ("Mailbox?SoftDeletedMailbox=true", vec![]),
        ("Mailbox?InactiveMailboxOnly=true", vec![]),
        ("Mailbox?RecipientTypeDetails=SharedMailbox,RoomMailbox", vec![]),
        ("Mailbox?MailboxPlan=Other", vec![]),
        ("Recipient?RecipientTypeDetails=mailuniversalsecuritygroup&Anr=fin", vec!["Finance Approvers"]),
        ("Recipient?RecipientType=UserMailbox&$top=1", vec!["Adele Vance"]),
        (
            "Mailbox?OrganizationalUnit=contoso.onmicrosoft.com&Anr=adele&IncludeInactiveMailbox=True",
            vec!["Adele Vance"],
        ),
    ] {
        assert_eq!(names(&world, path, "DisplayName").await, wanted, "{path}");
    }
    for (path, status, why) in [
        ("Mailbox?OrganizationalUnit=Elsewhere", 404, "organizational unit"),
        ("Mailbox?RecipientTypeDetails=Bogus", 400, "no RecipientTypeDetails"),
        ("Mailbox?Archive=yes", 400, "neither true nor false"),
        ("Mailbox?Bogus=1", 400, "no query option `Bogus`"),
        ("Mailbox?$filter=x&$Filter=x", 400, "twice"),
        ("Mailbox('adele.vance')?$filter=x", 400, "no query option `$filter`"),
        ("Mailbox('adele.vance')?RecipientTypeDetails=SharedMailbox", 404, "does not exist"),
        ("CasMailbox?RecipientTypeDetails=UserMailbox", 400, "no query option"),
        ("Recipient?Archive=true", 400, "no query option"),
        ("Mailbox?$top=0", 400, "$top"),
        ("Mailbox('adele.vance')/MailboxPermission?$select=User", 400, "no query option"),
        ("Recipient('adele.vance')?$expand=Members", 400, "only RecipientPermission"),
        ("Recipient('adele.vance')?$select=RecipientPermission", 400, "no property of this entity"),
    ] {
        world.refuses(&get(&world, path).await, status, why).await;
    }
}

#[tokio::test]
async fn statistics_come_for_the_mailbox_and_for_its_archive() {
    let world = World::start(Scenario::Healthy);
    let at = |name: &str, query: &str| {
        format!("Mailbox('{}')/Exchange.GetMailboxStatistics()?isEncoded=true{query}", key(name))
    };
    let own = read(&world, &at(BIANCA, "")).await;
    let archive = read(&world, &at(BIANCA, "&Archive=true")).await;
    assert_eq!(archive["DisplayName"], "In-Place Archive -Bianca Pisani");
    assert_ne!(own["MailboxGuid"], archive["MailboxGuid"]);
    assert!(own["TotalItemSize"].as_str().unwrap().ends_with(" bytes)") && own["ItemCount"].is_u64());
    world.refuses(&get(&world, &at(ADELE, "&Archive=true")).await, 404, "no archive").await;

    let seed = read(&world, "Mailbox('adele.vance')?PropertySet=StatisticsSeed").await;
    let guid = |property: &str| seed[property].as_str().unwrap().to_owned();
    let by_guid = |mailbox: &str, database: &str| {
        format!("Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid={mailbox},databaseGuid={database})")
    };
    let found = read(&world, &by_guid(&guid("ExchangeGuid"), &guid("DatabaseGuid"))).await;
    assert_eq!(found["DisplayName"], "Adele Vance");
    let directory_id = guid("ExternalDirectoryObjectId");
    for (path, status, why) in [
        (by_guid(&directory_id, &guid("DatabaseGuid")), 404, "does not exist"),
        (by_guid(&guid("ExchangeGuid"), &directory_id), 404, "does not exist"),
        (by_guid("adele.vance", "x"), 400, "no GUID"),
        (by_guid("'a'", "'b'"), 400, "without quotes"),
    ] {
        world.refuses(&get(&world, &path).await, status, why).await;
    }
}

#[tokio::test]
async fn folders_add_up_to_the_mailbox() {
    let world = World::start(Scenario::Healthy);
    let at = |scope: &str, query: &str| {
        format!(
            "Mailbox('adele.vance')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope={scope}){query}"
        )
    };
    let folders = read(&world, &at("Exchange.ElcFolderType'All'", "")).await["value"].clone();
    let folders = folders.as_array().unwrap();
    let sum = |recoverable: bool| -> u64 {
        let wanted = folders.iter().filter(|folder| folder["RecoverableItemsFolder"] == recoverable);
        wanted.map(|folder| folder["ItemsInFolder"].as_u64().unwrap()).sum()
    };
    let statistics = read(&world, "Mailbox('adele.vance')/Exchange.GetMailboxStatistics()").await;
    assert_eq!(statistics["ItemCount"].as_u64(), Some(sum(false)));
    assert_eq!(statistics["DeletedItemCount"].as_u64(), Some(sum(true)));
    assert_eq!(folders[0]["ItemsInFolderAndSubfolders"], sum(false));
    let inbox = "Exchange.ElcFolderType'Inbox'";
    assert_eq!(names(&world, &at(inbox, ""), "FolderPath").await, ["/Inbox"]);
    let dated = read(&world, &at(inbox, "?IncludeOldestAndNewestItems=true")).await;
    let plain = read(&world, &at(inbox, "")).await;
    assert!(dated["value"][0]["OldestItemReceivedDate"].is_string());
    assert!(plain["value"][0]["OldestItemReceivedDate"].is_null());
    for scope in ["'All'", "Exchange.ElcFolderType'Bogus'", "ElcFolderType'All'", "All"] {
        world.refuses(&get(&world, &at(scope, "")).await, 400, "ElcFolderType").await;
    }
}

#[tokio::test]
async fn mailbox_permissions_gather_what_a_user_may() {
    let world = World::start(Scenario::Healthy);
    let at = |rest: &str| format!("Mailbox('{}')/MailboxPermission{rest}", key(ADELE));
    let page = read(&world, &at("?isEncoded=true")).await;
    let rows = page["value"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["User"], "NT AUTHORITY\\SELF");
    assert_eq!(rows[0]["PermissionList"][0]["AccessRights"], json!(["FullAccess", "ReadPermission"]));
    assert!(rows.iter().all(|row| row["IsOwner"] == false));
    let owner = names(&world, &at("?isEncoded=true&$filter=IsOwner%20eq%20true"), "User").await;
    assert_eq!(owner, ["NT AUTHORITY\\SELF"]);
    let delegate = rows[1]["User"].as_str().unwrap();
    let one = read(&world, &at(&format!("('{}')?isEncoded=true", key(delegate)))).await;
    assert_eq!(one["User"], delegate);
    let stranger = get(&world, &at(&format!("('{}')?isEncoded=true", key(BIANCA)))).await;
    world.refuses(&stranger, 404, "does not exist").await;
}

#[tokio::test]
async fn recipient_permissions_are_expanded_or_searched() {
    let world = World::start(Scenario::Healthy);
    let path = format!(
        "Recipient('{}')?isEncoded=true&$expand=RecipientPermission&$select=RecipientPermission,%20ExternalDirectoryObjectId",
        key(ADELE)
    );
    let object = read(&world, &path).await;
    assert_eq!(properties(&object), ["ExternalDirectoryObjectId", "RecipientPermission"]);
    let permissions = object["RecipientPermission"].as_array().unwrap();
    assert_eq!((permissions.len(), properties(&permissions[1]).len()), (2, 6));
    let search = |identity: &str, trustee: &str, rights: &str| {
        format!(
            "Recipient/Exchange.GetRecipientPermissionByFilters(identity='{identity}',trustee='{trustee}',accessRights=[{rights}])"
        )
    };
    let all = names(&world, &search("", "", "%22SendAs%22"), "Trustee").await;
    let recipients = names(&world, "Recipient", "DisplayName").await;
    assert_eq!((all.len(), all[1].as_str()), (recipients.len() + 5, "alex.wilber@contoso.com"));
    let alex = format!("{}?isEncoded=true", search("", &key("alex.wilber@contoso.com"), "%22SendAs%22"));
    assert_eq!(names(&world, &alex, "Trustee").await, ["alex.wilber@contoso.com"]);
    assert_eq!(
        names(&world, &search("all@contoso.com", "", "%22SendAs%22"), "Identity").await,
        ["All Employees"]
    );
    world.refuses(&get(&world, &search("nobody", "", "%22SendAs%22")).await, 404, "does not exist").await;
    world.refuses(&get(&world, &search("", "", "%22FullAccess%22")).await, 400, "SendAs").await;
    world.refuses(&get(&world, &search("", "", "SendAs")).await, 404, "no such path").await;
}

#[tokio::test]
async fn folder_permissions_are_found_by_path_and_by_user() {
    let world = World::start(Scenario::Healthy);
    let at = |folder: &str, rest: &str| {
        format!("Mailbox('{}')/MailboxFolder('{}')/MailboxFolderPermission{rest}", key(ADELE), key(folder))
    };
    let users = names(&world, &at("\\Calendar", "?isEncoded=true"), "User").await;
    assert_eq!(users, ["Default", "Anonymous", "Alex Wilber"]);
    assert_eq!(names(&world, &at("\\", "?isEncoded=true"), "User").await.len(), 2);
    let one = format!("('{}')?isEncoded=true", key("alex.wilber@contoso.com"));
    assert_eq!(read(&world, &at("\\Calendar", &one)).await["AccessRights"], json!(["Editor"]));
    for (folder, rest) in [
        ("\\Bogus", "?isEncoded=true".to_owned()),
        ("\\Calendar", "?isEncoded=true&IsUsingMailboxFolderId=true".to_owned()),
        ("\\Calendar", "?isEncoded=true&GroupMailbox=true".to_owned()),
        ("\\Notes", one),
    ] {
        world.refuses(&get(&world, &at(folder, &rest)).await, 404, "does not exist").await;
    }
}

#[tokio::test]
async fn devices_are_listed_for_a_mailbox_and_found_by_a_header() {
    let world = World::start(Scenario::Healthy);
    let at = |rest: &str| {
        format!("Mailbox('{}')/MobileDevice/Exchange.GetMobileDeviceStatistics(){rest}", key(ADELE))
    };
    let identities = names(&world, &at("?isEncoded=true"), "Identity").await;
    assert_eq!(identities.len(), 2);
    assert_eq!(names(&world, &at("?isEncoded=true&ActiveSync=true"), "ClientType").await, ["EAS"]);
    assert_eq!(names(&world, &at("/?isEncoded=true&RestApi=true"), "ClientType").await, Vec::<String>::new());
    let none = "Mailbox('alex.wilber')/MobileDevice/Exchange.GetMobileDeviceStatistics()";
    assert_eq!(names(&world, none, "Identity").await, Vec::<String>::new());

    let path = "MobileDevice/Exchange.GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')";
    let sent = get(&world, path).await;
    let named = |name: &str| sent.clone().with("XParameter-Identity", &STANDARD.encode(name));
    let got = world.send(&named(&identities[1])).await.json();
    assert_eq!(got["Identity"], identities[1].as_str());
    world.refuses(&named("nothing"), 404, "does not exist").await;
    world.refuses(&sent.clone(), 400, "XParameter-Identity").await;
    world.refuses(&sent.clone().with("XParameter-Identity", "nothing!"), 400, "no base64").await;
    let other = get(&world, &path.replace("XParameter-Identity", "a")).await;
    world.refuses(&other, 400, "stands in that header").await;
}

#[tokio::test]
async fn pages_lead_to_the_end_by_get() {
    let world = World::start(Scenario::Healthy);
    let filter = "startswith(DisplayName,'a')%20or%20RecipientType%20eq%20'MailUniversalDistributionGroup'";
    let path = format!(
        "Recipient?$select=DisplayName&$filter={filter}&RecipientTypeDetails=UserMailbox,MailUniversalDistributionGroup"
    );
    let mut sent = get(&world, &path).await;
    sent = sent.but("Prefer", "odata.maxpagesize=2");
    let (mut sizes, mut seen, mut warned) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let got = world.send(&sent).await;
        sizes.push(got.rows().len());
        warned.push(got.header("x-warnings").ends_with("<eow>"));
        seen.extend(got.rows().iter().map(|row| row["DisplayName"].to_string()));
        let Some(link) = next(&got) else { break };
        world.refuses(&sent.clone().at(&link).by("POST"), 405, "GET alone").await;
        sent = sent.at(link);
    }
    assert_eq!((sizes, warned), (vec![2, 2, 2], vec![true, true, false]));
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn a_page_token_opens_the_path_and_query_that_it_was_given_for() {
    let world = World::start(Scenario::Healthy);
    let sent = get(&world, "Mailbox?$select=Alias").await.but("Prefer", "odata.maxpagesize=2;");
    let link = next(&world.send(&sent).await).unwrap();
    let second = sent.at(link);
    let other = "1f8fad5b-d9cb-469f-a165-70867728950e";
    for (spoilt, reason) in [
        (second.clone().replacing("/Mailbox?", "/Recipient?"), "the request differs"),
        (second.clone().replacing("=Alias", "=Office"), "the request differs"),
        (second.clone().but("client-request-id", other), "client-request-id differs"),
        (second.clone().replacing("skiptoken=", "skiptoken=0"), "unknown"),
    ] {
        world.refuses(&spoilt, 400, reason).await;
    }
    assert_eq!(world.send(&second).await.rows().len(), 2);
    world.refuses(&second, 400, "used before").await;
}

#[tokio::test]
async fn top_cuts_and_warns() {
    let world = World::start(Scenario::Healthy);
    let sent =
        get(&world, "Mailbox?$top=3&$filter=startswith(DisplayName,'a')%20or%20Alias%20gt%20'b'").await;
    let sent = sent.but("Prefer", "odata.maxpagesize=2;");
    let first = world.send(&sent).await;
    let second = world.send(&sent.at(next(&first).unwrap())).await;
    assert_eq!((first.rows().len(), second.rows().len(), next(&second)), (2, 1, None));
    assert!(second.header("x-warnings").starts_with("There are more results available"));
    let world = World::with_mailboxes(Scenario::Healthy, 1_001);
    let got = world.send(&get(&world, "Mailbox?$select=Alias").await.without("Prefer")).await;
    assert_eq!((got.rows().len(), next(&got).is_some()), (1_000, true));
}

#[tokio::test]
async fn each_defect_of_the_headers_is_refused_and_named() {
    let world = World::start(Scenario::Healthy);
    let good = get(&world, "Mailbox").await;
    let sent = || good.clone();
    for (spoilt, status, reason) in [
        (sent().by("POST"), 405, "GET alone"),
        (sent().without("Authorization"), 401, "Authorization is missing"),
        (sent().replacing(TENANT, "contoso.onmicrosoft.com"), 401, "not the tid"),
        (sent().without("Content-Type"), 415, "Content-Type"),
        (sent().without("X-AnchorMailbox"), 400, "anchor mailbox is missing"),
        (sent().but("X-AnchorMailbox", "UPN:adele.vance@contoso.com"), 400, "anchor mailbox is not"),
        (sent().without("client-request-id"), 400, "client-request-id is missing"),
        (sent().but("connection-id", "1"), 400, "connection-id is no GUID"),
        (sent().but("Prefer", "odata.maxpagesize=1001;"), 400, "odata.maxpagesize"),
        (sent().but("Accept", "text/html"), 406, "Accept"),
        (sent().replacing("Mailbox", "Mailboxes"), 404, "no such path"),
        (sent().replacing("Mailbox", "Mailbox('a')/Exchange.GetMailboxStatistics"), 404, "no such path"),
    ] {
        world.refuses(&spoilt, status, reason).await;
    }
    assert_eq!(world.send(&sent().without("connection-id").without("Prefer")).await.status, 200);
}

#[tokio::test]
async fn roles_decide_as_they_do_for_cmdlets() {
    let world = World::start(Scenario::Healthy);
    let reader = world.imds().replacing("&resource", &format!("&client_id={READER}&resource"));
    let reader = world.token(&reader).await;
    let sent = get(&world, "CasMailbox").await.but("Authorization", &format!("Bearer {reader}"));
    assert_eq!(world.send(&sent).await.status, 200);
    for (scenario, status, why) in [
        (Scenario::NoDirectoryRole, 403, "no directory role"),
        (Scenario::NoAppRole, 401, "Exchange.ManageAsApp"),
    ] {
        let world = World::start(scenario);
        world.refuses(&get(&world, "Recipient").await, status, why).await;
    }
}

#[tokio::test]
async fn the_scenarios_of_cmdlets_strike_here_too() {
    let world = World::start(Scenario::Throttled);
    let sent = get(&world, "Mailbox").await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(world.send(&sent).await.status);
    }
    assert_eq!(statuses, [429, 429, 200]);
    let world = World::start(Scenario::CmdletError);
    let got = world.send(&get(&world, "Mailbox").await).await;
    assert_eq!((got.status, &got.json()["error"]["code"]), (404, &json!("NotFound")));
    let world = World::start(Scenario::FlakyNetwork);
    let token = loop {
        if let Ok(got) = world.try_send(&world.imds()).await {
            break got.json()["access_token"].as_str().unwrap().to_owned();
        }
    };
    let sent = world.invoke_with(&token, TENANT, "x", json!({}));
    let origin = &world.emulator.addresses().exchange;
    let sent = sent.by("GET").at(format!("{origin}/adminapi/beta/{TENANT}/Mailbox")).carrying("");
    assert!(world.try_send(&sent).await.is_err());
    assert_eq!(world.send(&sent).await.status, 200);
}

#[tokio::test]
async fn a_change_shows_from_every_side() {
    let world = World::start(Scenario::Healthy);
    let change = json!({"Identity": ADELE, "DisplayName": "Adele Renamed", "Confirm": false});
    assert_eq!(world.send(&world.invoke("Set-Mailbox", change).await).await.status, 200);
    for path in [
        "Mailbox('adele.vance')",
        "Recipient('adele.vance')",
        "CasMailbox('adele.vance')",
        "Mailbox('adele.vance')/Exchange.GetMailboxStatistics()",
    ] {
        assert_eq!(read(&world, path).await["DisplayName"], "Adele Renamed", "{path}");
    }
}

#[tokio::test]
async fn a_large_tenant_is_searched_whole() {
    let world = World::with_mailboxes(Scenario::Healthy, 20_000);
    let aliases = names(&world, "Mailbox?$select=Alias&$filter=endswith(Alias,'vance32')", "Alias").await;
    assert_eq!(aliases.len(), 25);
}
