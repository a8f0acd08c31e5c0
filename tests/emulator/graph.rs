//! Microsoft Graph under a plain client: what is right passes, and every single defect is refused.

use std::time::Duration;

use exo_mi::emulator::Scenario;
use exo_mi::secret::ExposeSecret;
use serde_json::{Value, json};

use crate::world::{Got, Sent, World, claims};

const MACHINE: &str = "a1111111-1111-4111-8111-111111111111";
const APP_ROLE: &str = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const LOOK_ALIKE: &str = "ea3d980d-ebc7-4be4-8298-a167e5b8797c";
const READER_ROLE: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const SET: &str = "roleManagement/directory/roleAssignments";

fn get(world: &World, path: &str) -> Sent {
    let token = world.emulator.graph_token();
    Sent::new("GET", format!("{}/v1.0/{path}", world.emulator.addresses().graph))
        .with("Authorization", &format!("Bearer {}", token.expose_secret()))
}

fn post(world: &World, path: &str, body: &Value) -> Sent {
    get(world, path).by("POST").with("Content-Type", "application/json").carrying(&body.to_string())
}

async fn exchange(world: &World) -> Value {
    let found = get(world, "servicePrincipals?$filter=appId eq '00000002-0000-0ff1-ce00-000000000000'");
    world.send(&found).await.rows().remove(0)
}

async fn app_role(world: &World, id: &str) -> Sent {
    let body = json!({"principalId": MACHINE, "resourceId": exchange(world).await["id"], "appRoleId": id});
    post(world, &format!("servicePrincipals/{MACHINE}/appRoleAssignments"), &body)
}

fn directory_role(world: &World) -> Sent {
    let body = json!({"principalId": MACHINE, "roleDefinitionId": READER_ROLE, "directoryScopeId": "/"});
    post(world, SET, &body)
}

fn error(got: &Got) -> (String, String) {
    let error = &got.json()["error"];
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    (text("code"), text("message"))
}

#[tokio::test]
async fn service_principals_are_found_by_filter_and_narrowed_by_selection() {
    let world = World::start(Scenario::Healthy);
    let path = "servicePrincipals?$filter=displayName eq 'ci-exchange'&$select=id,servicePrincipalType";
    let rows = world.send(&get(&world, path)).await.rows();
    assert_eq!(rows.len(), 2, "two have the name");
    assert_eq!(rows[0].as_object().unwrap().len(), 2);
    let both = "displayName eq 'exchange-tools' and servicePrincipalType eq 'ManagedIdentity'";
    let rows = world.send(&get(&world, &format!("servicePrincipals?$filter={both}"))).await.rows();
    assert_eq!(rows.len(), 1);
    assert!(rows[0]["alternativeNames"][1].as_str().unwrap().ends_with("/sites/exchange-tools"));
    let one = world.send(&get(&world, &format!("servicePrincipals/{MACHINE}"))).await.json();
    assert_eq!(one["displayName"], "vm-exchange");
}

#[tokio::test]
async fn exchange_offers_the_app_role_among_others_that_look_like_it() {
    let world = World::start(Scenario::Healthy);
    let roles = exchange(&world).await["appRoles"].as_array().unwrap().clone();
    let named = |value: &str| roles.iter().find(|role| role["value"] == value).map(|role| role["id"].clone());
    assert_eq!(named("Exchange.ManageAsApp"), Some(json!(APP_ROLE)));
    assert_eq!(named("Exchange.ManageAsAppV2"), Some(json!(LOOK_ALIKE)));
    assert_eq!(roles.len(), 4);
    let world = World::start(Scenario::GraphNoExchange);
    let path = "servicePrincipals?$filter=appId eq '00000002-0000-0ff1-ce00-000000000000'";
    assert_eq!(world.send(&get(&world, path)).await.rows().len(), 0);
}

#[tokio::test]
async fn every_defect_of_a_query_is_refused() {
    let world = World::start(Scenario::Healthy);
    for (path, reason) in [
        ("servicePrincipals?$filter=startswith(displayName,'vm')", "not comparisons by `eq`"),
        ("servicePrincipals?$filter=displayName eq 'o'brien'", "not comparisons by `eq`"),
        ("servicePrincipals?$filter=displayName eq vm", "not comparisons by `eq`"),
        ("servicePrincipals?$filter=accountEnabled eq 'true'", "$filter compares `accountEnabled`"),
        ("servicePrincipals?$select=id,colour", "$select names `colour`"),
        ("servicePrincipals?$top=0", "$top is not 1 to 999"),
        ("servicePrincipals?$top=1000", "$top is not 1 to 999"),
        ("servicePrincipals?$count=true", "no query option `$count`"),
        ("servicePrincipals?filter=x", "no query option `filter`"),
        ("servicePrincipals?$top=1&$top=2", "names `$top` twice"),
        ("servicePrincipals?$skiptoken=x", "belongs to no such list"),
        (
            &format!("servicePrincipals/{MACHINE}/appRoleAssignments?$filter=id eq 'x'"),
            "$filter compares `id`",
        ),
        ("users", "has no such path"),
    ] {
        world.refuses(&get(&world, path), 400, reason).await;
    }
    world
        .refuses(&get(&world, &format!("servicePrincipals/{READER_ROLE}")), 404, "no service principal")
        .await;
    world.refuses(&get(&world, "servicePrincipals").by("PUT"), 405, "none that the emulator knows").await;
    world.refuses(&get(&world, "servicePrincipals").by("DELETE"), 400, "not by this method").await;
}

#[tokio::test]
async fn every_defect_of_a_token_is_refused() {
    let world = World::start(Scenario::Healthy);
    let sent = get(&world, "servicePrincipals");
    let exchange = world.token(&world.imds()).await;
    let own = world.imds().replacing("https://outlook.office365.com/", "https://graph.microsoft.com");
    let own = world.token(&own).await;
    for (header, status, reason) in [
        ("Basic x".to_owned(), 401, "not `Bearer`"),
        ("Bearer x".to_owned(), 401, "no JWT"),
        (format!("Bearer {exchange}"), 401, "another audience"),
        (format!("Bearer {own}"), 403, "the application has no permission"),
    ] {
        world.refuses(&sent.clone().but("Authorization", &header), status, reason).await;
    }
    world.refuses(&sent.clone().without("Authorization"), 401, "not `Bearer`").await;
    world.refuses(&sent.clone().with("X-IDENTITY-HEADER", "x"), 400, "SECRET LEAKED").await;
    world.clock.sleep(Duration::from_secs(90_000)).await;
    let got = world.refuses(&sent, 401, "not in force").await;
    assert_eq!(error(&got).0, "InvalidAuthenticationToken");
    let other = World::start(Scenario::Healthy).emulator.graph_token();
    let foreign = sent.but("Authorization", &format!("Bearer {}", other.expose_secret()));
    world.refuses(&foreign, 401, "not issued by this emulator").await;
}

#[tokio::test]
async fn a_grant_is_made_once_and_is_in_the_next_token() {
    let world = World::start(Scenario::GraphPaging);
    let before = world.token(&world.imds()).await;
    assert_eq!((claims(&before).get("roles"), claims(&before).get("wids")), (None, None));
    let (app_role, directory_role) = (app_role(&world, APP_ROLE).await, directory_role(&world));
    let made = world.send(&app_role).await;
    assert_eq!((made.status, &made.json()["principalDisplayName"]), (201, &json!("vm-exchange")));
    assert_eq!(world.send(&directory_role).await.status, 201);
    let got = world.refuses(&app_role, 400, "holds the app role already").await;
    assert_eq!(error(&got).1, "Permission being assigned already exists on the object");
    let got = world.refuses(&directory_role, 400, "holds the role already").await;
    assert!(error(&got).1.starts_with("A conflicting object"));
    assert_eq!(world.token(&world.imds()).await, before, "Azure keeps the token for a day");
    world.clock.sleep(Duration::from_secs(86_400)).await;
    let after = claims(&world.token(&world.imds()).await);
    assert_eq!((&after["roles"], &after["wids"]), (&json!(["Exchange.ManageAsApp"]), &json!([READER_ROLE])));
}

#[tokio::test]
async fn what_was_assigned_is_listed_and_taken_away_by_its_id() {
    let world = World::start(Scenario::GraphPaging);
    world.send(&app_role(&world, APP_ROLE).await).await;
    world.send(&directory_role(&world)).await;
    let lists = [
        format!("servicePrincipals/{MACHINE}/appRoleAssignments"),
        format!("{SET}?$filter=principalId eq '{MACHINE}'"),
    ];
    for path in &lists {
        let rows = world.send(&get(&world, path)).await.rows();
        assert_eq!((rows.len(), &rows[0]["principalId"]), (1, &json!(MACHINE)), "{path}");
        let item = format!("{}/{}", path.split('?').next().unwrap(), rows[0]["id"].as_str().unwrap());
        assert_eq!(world.send(&get(&world, &item).by("DELETE")).await.status, 204);
        assert_eq!(world.send(&get(&world, path)).await.rows().len(), 0, "{path}");
        let got = world.refuses(&get(&world, &item).by("DELETE"), 404, "no such assignment").await;
        assert_eq!(error(&got).0, "Request_ResourceNotFound");
    }
}

#[tokio::test]
async fn a_look_alike_may_be_granted_and_opens_nothing() {
    let world = World::start(Scenario::GraphPaging);
    assert_eq!(world.send(&app_role(&world, LOOK_ALIKE).await).await.status, 201);
    let sent = world.invoke("Get-AcceptedDomain", json!({})).await;
    world.refuses(&sent, 401, "lacks the app role Exchange.ManageAsApp").await;
}

#[tokio::test]
async fn every_defect_of_a_change_is_refused() {
    let world = World::start(Scenario::GraphPaging);
    let right = app_role(&world, APP_ROLE).await;
    let body: Value = serde_json::from_str(&right.body).unwrap();
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        right.clone().carrying(&body.to_string())
    };
    let nobody = "99999999-9999-4999-8999-999999999999";
    for (sent, status, reason) in [
        (right.clone().without("Content-Type"), 400, "Content-Type"),
        (right.clone().carrying("[]"), 400, "no JSON object"),
        (right.clone().carrying("{}"), 400, "`principalId` is missing"),
        (with("colour", json!("red")), 400, "a property `colour`"),
        (with("@odata.type", json!("#microsoft.graph.unifiedRoleAssignment")), 400, "@odata.type"),
        (with("principalId", json!(nobody)), 400, "principalId is not that of the path"),
        (with("resourceId", json!(MACHINE)), 400, "offers no app roles"),
        (with("resourceId", json!(nobody)), 404, "no service principal"),
        (with("appRoleId", json!(nobody)), 400, "no such app role"),
        (right.clone().replacing(MACHINE, nobody), 404, "no service principal"),
    ] {
        world.refuses(&sent, status, reason).await;
    }
    let role = |name: &str, value: &str| {
        let mut body: Value = serde_json::from_str(&directory_role(&world).body).unwrap();
        body[name] = json!(value);
        directory_role(&world).carrying(&body.to_string())
    };
    for (sent, status, reason) in [
        (role("@odata.type", "#microsoft.graph.roleAssignment"), 400, "@odata.type"),
        (role("directoryScopeId", "/administrativeUnits/x"), 400, "directoryScopeId"),
        (role("roleDefinitionId", nobody), 404, "no such role definition"),
        (role("principalId", nobody), 404, "no service principal"),
    ] {
        world.refuses(&sent, status, reason).await;
    }
    assert_eq!(world.send(&role("@odata.type", "#microsoft.graph.unifiedRoleAssignment")).await.status, 201);
}

#[tokio::test]
async fn pages_are_linked_and_a_link_belongs_to_its_list() {
    let world = World::start(Scenario::GraphPaging);
    let path = "roleManagement/directory/roleDefinitions?$select=displayName";
    let (mut next, mut names) = (Some(get(&world, path).url), Vec::new());
    let mut last = String::new();
    while let Some(url) = next {
        let page = world.send(&get(&world, path).at(&url)).await.json();
        assert_eq!(page["value"].as_array().unwrap().len(), 1);
        names.push(page["value"][0]["displayName"].as_str().unwrap().to_owned());
        last = url;
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert!(names.len() > 8 && names.contains(&"Global Reader".to_owned()), "{names:?}");
    let elsewhere = last.replace("roleDefinitions", "roleAssignments").replace("displayName", "id");
    world.refuses(&get(&world, path).at(elsewhere), 400, "belongs to no such list").await;
}

#[tokio::test]
async fn who_may_not_grant_may_look() {
    let world = World::start(Scenario::GraphDenied);
    assert_eq!(world.send(&get(&world, "servicePrincipals")).await.status, 200);
    for sent in [app_role(&world, APP_ROLE).await, directory_role(&world)] {
        let got = world.refuses(&sent, 403, "no role that may grant").await;
        assert_eq!(error(&got).0, "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn changes_show_when_the_scenario_lets_them() {
    let world = World::start(Scenario::GraphReplication);
    world.send(&directory_role(&world)).await;
    let list = get(&world, &format!("{SET}?$filter=principalId eq '{MACHINE}'"));
    assert_eq!(world.send(&list).await.rows().len(), 0);
    world.refuses(&directory_role(&world), 400, "already").await;
    world.clock.sleep(Duration::from_secs(10)).await;
    assert_eq!(world.send(&list).await.rows().len(), 1);
}

#[tokio::test]
async fn scenarios_strike_as_they_are_described() {
    let statuses = |scenario| async move {
        let world = World::start(scenario);
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(world.send(&get(&world, "servicePrincipals")).await.status);
        }
        statuses
    };
    assert_eq!(statuses(Scenario::GraphThrottled).await, [429, 429, 200]);
    assert_eq!(statuses(Scenario::GraphOverloaded).await, [503, 503, 503]);
    assert_eq!(statuses(Scenario::GraphTokenRefused).await, [401, 401, 401]);
    for (scenario, first) in [(Scenario::GraphNewIdentity, 404), (Scenario::GraphLostWrite, 504)] {
        let world = World::start(scenario);
        let answers = [
            world.send(&directory_role(&world)).await.status,
            world.send(&directory_role(&world)).await.status,
        ];
        assert_eq!(answers, [first, 201], "{scenario}");
    }
    let world = World::start(Scenario::GraphLostReply);
    assert!(world.try_send(&directory_role(&world)).await.is_err());
    world.refuses(&directory_role(&world), 400, "already").await;
    let world = World::start(Scenario::GraphStaleServer);
    let list = get(&world, &format!("{SET}?$filter=principalId eq '{MACHINE}'"));
    assert_eq!(world.send(&list).await.rows().len(), 0);
    assert_eq!(world.send(&list).await.rows().len(), 1);
    world.send(&directory_role(&world)).await;
    let got = world.refuses(&directory_role(&world), 409, "already").await;
    assert_eq!(error(&got).0, "Request_MultipleObjectsWithSameKeyValue");
}
