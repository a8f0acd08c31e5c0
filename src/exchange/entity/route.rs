//! One address for each cmdlet of the family.

use super::filter::translate;
use super::{BadEntity, Entity, Given, Nested, encoded, escaped, key};

type Build = fn(&mut Given) -> Result<Entity, BadEntity>;

const ROUTES: [(&str, Build); 9] = [
    ("Get-EXOMailbox", mailbox),
    ("Get-EXORecipient", recipient),
    ("Get-EXOCasMailbox", cas_mailbox),
    ("Get-EXOMailboxStatistics", mailbox_statistics),
    ("Get-EXOMailboxFolderStatistics", folder_statistics),
    ("Get-EXOMailboxPermission", mailbox_permission),
    ("Get-EXORecipientPermission", recipient_permission),
    ("Get-EXOMailboxFolderPermission", folder_permission),
    ("Get-EXOMobileDeviceStatistics", device_statistics),
];

pub(super) fn find(cmdlet: &str) -> Option<Build> {
    ROUTES.iter().find(|(name, _)| name.eq_ignore_ascii_case(cmdlet)).map(|(_, build)| *build)
}

/// A whole set, or the one of its members that is named.
fn set(name: &str, given: &mut Given) -> Result<Entity, BadEntity> {
    Ok(match given.identity()? {
        Some(identity) => Entity::at(format!("{name}{}", key(&identity))).option("isEncoded", "true"),
        None => Entity::at(name.to_owned()),
    })
}

/// A mailbox that must be named, and what is asked of it.
fn of_mailbox(given: &mut Given, what: &str) -> Result<Entity, BadEntity> {
    let identity = given.needed_identity()?;
    Ok(Entity::at(format!("Mailbox{}/{what}", key(&identity))).option("isEncoded", "true"))
}

/// Which properties come. The module asks for the smallest set unless another is named, and adds single ones to it.
fn properties(entity: Entity, given: &mut Given) -> Result<Entity, BadEntity> {
    let sets = given.list("PropertySets")?.unwrap_or_else(|| "Minimum".to_owned());
    Ok(entity.option("PropertySet", sets).maybe("$select", given.list("Properties")?))
}

/// Which members of a set come.
fn search(entity: Entity, given: &mut Given) -> Result<Entity, BadEntity> {
    // How many come is a matter of paging.
    given.take("ResultSize");
    let filter = given.text("Filter")?.map(|text| translate(&text)).transpose()?;
    let entity = properties(entity, given)?.maybe("$filter", filter);
    let entity = entity.maybe("Anr", given.text("Anr")?);
    Ok(entity.maybe("OrganizationalUnit", given.text("OrganizationalUnit")?))
}

fn mailbox(given: &mut Given) -> Result<Entity, BadEntity> {
    let mut entity = set("Mailbox", given)?;
    entity = search(entity, given)?;
    for name in ["SoftDeletedMailbox", "InactiveMailboxOnly", "IncludeInactiveMailbox", "Archive"] {
        entity = entity.switch(name, given)?;
    }
    let entity = entity.maybe("MailboxPlan", given.text("MailboxPlan")?);
    Ok(entity.maybe("RecipientTypeDetails", given.list("RecipientTypeDetails")?))
}

fn recipient(given: &mut Given) -> Result<Entity, BadEntity> {
    let entity = set("Recipient", given)?;
    let entity = search(entity, given)?
        .maybe("RecipientType", given.list("RecipientType")?)
        .maybe("RecipientTypeDetails", given.list("RecipientTypeDetails")?);
    entity.switch("IncludeSoftDeletedRecipients", given)
}

fn cas_mailbox(given: &mut Given) -> Result<Entity, BadEntity> {
    let entity = set("CasMailbox", given)?;
    search(entity, given)
}

fn mailbox_statistics(given: &mut Given) -> Result<Entity, BadEntity> {
    let by_database = (given.text("ExchangeGuid")?, given.text("DatabaseGuid")?);
    let entity = match by_database {
        (Some(mailbox), Some(database)) => {
            let (mailbox, database) = (escaped(&mailbox), escaped(&database));
            let function = "Exchange.GetMailboxStatisticsV2";
            Entity::at(format!("Mailbox/{function}(mailboxGuid={mailbox},databaseGuid={database})"))
        }
        (None, None) => of_mailbox(given, "Exchange.GetMailboxStatistics()")?,
        _ => return Err(BadEntity::Missing("both -ExchangeGuid and -DatabaseGuid, or neither")),
    };
    let entity = properties(entity, given)?;
    entity.switch("Archive", given)?.switch("IncludeSoftDeletedRecipients", given)
}

fn folder_statistics(given: &mut Given) -> Result<Entity, BadEntity> {
    let scope = given.text("Folderscope")?.unwrap_or_else(|| "All".to_owned());
    let function = "Exchange.GetMailboxFolderStatistics";
    let what = format!("MailboxFolder/{function}(folderscope=Exchange.ElcFolderType'{}')", escaped(&scope));
    let mut entity = of_mailbox(given, &what)?;
    for name in ["Archive", "IncludeSoftDeletedRecipients", "IncludeOldestAndNewestItems"] {
        entity = entity.switch(name, given)?;
    }
    Ok(entity)
}

fn mailbox_permission(given: &mut Given) -> Result<Entity, BadEntity> {
    given.take("ResultSize");
    let user = given.text("User")?.map(|user| key(&user)).unwrap_or_default();
    let entity = of_mailbox(given, &format!("MailboxPermission{user}"))?;
    let owner = given.switch("Owner")?.then(|| "IsOwner eq true".to_owned());
    let entity = Entity { nested: Some(Nested::MAILBOX_PERMISSION), ..entity.maybe("$filter", owner) };
    entity.switch("SoftDeletedMailbox", given)
}

/// The permissions of a recipient come within it; those of all recipients, of a trustee or of a kind by a search.
fn recipient_permission(given: &mut Given) -> Result<Entity, BadEntity> {
    given.take("ResultSize");
    let (trustee, rights) = (given.text("Trustee")?, given.items("AccessRights")?);
    let identity = given.identity()?;
    if let (Some(identity), None, []) = (&identity, &trustee, rights.as_slice()) {
        let entity = Entity::at(format!("Recipient{}", key(identity)))
            .option("isEncoded", "true")
            .option("$expand", "RecipientPermission")
            .option("$select", "RecipientPermission,ExternalDirectoryObjectId");
        return Ok(Entity { nested: Some(Nested::RECIPIENT_PERMISSION), ..entity });
    }
    let rights = if rights.is_empty() { vec!["SendAs".to_owned()] } else { rights };
    let rights: Vec<String> = rights.iter().map(|right| format!("%22{}%22", escaped(right))).collect();
    let identity = quoted(&identity.unwrap_or_default());
    let trustee = quoted(&trustee.unwrap_or_default());
    let function = "Recipient/Exchange.GetRecipientPermissionByFilters";
    let rights = rights.join(",");
    Ok(Entity::at(format!("{function}(identity={identity},trustee={trustee},accessRights=[{rights}])")))
}

/// A text as an argument within a path.
fn quoted(text: &str) -> String {
    format!("'{}'", escaped(&text.replace('\'', "''")))
}

fn folder_permission(given: &mut Given) -> Result<Entity, BadEntity> {
    let identity = given.needed_identity()?;
    // `meg@contoso.com:\Calendar`; without a folder it is the root.
    let (mailbox, folder) = identity.split_once(":\\").unwrap_or((&identity, ""));
    // A folder's id is no path: it follows the colon at once.
    let (mailbox, folder, by_id) = match mailbox.rsplit_once(':') {
        Some((mailbox, id)) if !id.is_empty() && folder.is_empty() => (mailbox, id.to_owned(), true),
        _ => (mailbox, format!("\\{folder}"), false),
    };
    let user = given.text("User")?.map(|user| key(&user)).unwrap_or_default();
    let path = format!("Mailbox{}/MailboxFolder{}/MailboxFolderPermission{user}", key(mailbox), key(&folder));
    let entity = Entity::at(path).option("isEncoded", "true");
    let entity = entity.maybe("IsUsingMailboxFolderId", by_id.then(|| "true".to_owned()));
    entity.switch("GroupMailbox", given)
}

fn device_statistics(given: &mut Given) -> Result<Entity, BadEntity> {
    // Here the identity is a device, and the mailbox has a parameter of its own.
    let device = given.text("Identity")?;
    let entity = match (device, given.text("Mailbox")?) {
        (None, None) => of_mailbox(given, "MobileDevice/Exchange.GetMobileDeviceStatistics()")?,
        (None, Some(mailbox)) => {
            let what = "MobileDevice/Exchange.GetMobileDeviceStatistics()";
            Entity::at(format!("Mailbox{}/{what}", key(&mailbox))).option("isEncoded", "true")
        }
        (Some(device), _) => {
            let what = "Exchange.GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')";
            Entity { identity: Some(encoded(&device)), ..Entity::at(format!("MobileDevice/{what}")) }
        }
    };
    let mut entity = entity;
    for name in ["ActiveSync", "OWAforDevices", "RestApi", "UniversalOutlook"] {
        entity = entity.switch(name, given)?;
    }
    Ok(entity)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use url::Url;

    use super::*;
    use crate::exchange::CmdletInput;

    fn entity(cmdlet: &str, parameters: Value) -> Result<Entity, BadEntity> {
        let Value::Object(parameters) = parameters else { panic!("an object") };
        let input = CmdletInput { cmdlet_name: cmdlet.to_owned(), parameters };
        Entity::of(&input).map(|entity| entity.expect("of the family"))
    }

    /// Path and query with everything decoded but what parts them.
    fn address(cmdlet: &str, parameters: Value) -> String {
        let entity = entity(cmdlet, parameters).expect("an address");
        let url = entity.url(Url::parse("https://host/t/").expect("a URL"));
        let options: Vec<_> = url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
        [url.path().trim_start_matches("/t/"), &options.join("&")].join("?")
    }

    const MEG: &str = "bWVnQGNvbnRvc28uY29t";

    #[test]
    fn every_cmdlet_has_its_address() {
        let meg = json!({"Identity": "meg@contoso.com"});
        let with = |more: Value| {
            let mut all = meg.clone();
            all.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            all
        };
        let mailbox = format!("Mailbox('{MEG}')").replace('\'', "%27").replace("%27", "'");
        for (cmdlet, parameters, expected) in [
            ("Get-EXOMailbox", json!({}), "Mailbox?PropertySet=Minimum".to_owned()),
            ("get-exomailbox", meg.clone(), format!("{mailbox}?isEncoded=true&PropertySet=Minimum")),
            (
                "Get-EXOMailbox",
                json!({"ResultSize": "Unlimited", "PropertySets": ["Quota", "Hold"], "Properties": ["Office"],
                       "Filter": "Alias -like 'm*'", "Archive": true, "SoftDeletedMailbox": false,
                       "RecipientTypeDetails": ["UserMailbox", "SharedMailbox"]}),
                "Mailbox?PropertySet=Quota,Hold&$select=Office&$filter=startswith(Alias,'m')&Archive=true\
                 &RecipientTypeDetails=UserMailbox,SharedMailbox"
                    .to_owned(),
            ),
            (
                "Get-EXORecipient",
                json!({"RecipientType": ["MailUser"], "Anr": "meg"}),
                "Recipient?PropertySet=Minimum&Anr=meg&RecipientType=MailUser".to_owned(),
            ),
            ("Get-EXOCasMailbox", json!({"PropertySets": "All"}), "CasMailbox?PropertySet=All".to_owned()),
            (
                "Get-EXOMailboxStatistics",
                json!({"UserPrincipalName": "meg@contoso.com", "Properties": ["LastLogonTime"]}),
                format!(
                    "{mailbox}/Exchange.GetMailboxStatistics()?isEncoded=true&PropertySet=Minimum&$select=LastLogonTime"
                ),
            ),
            (
                "Get-EXOMailboxStatistics",
                json!({"ExchangeGuid": "e", "DatabaseGuid": "d", "PropertySets": ["All"]}),
                "Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid=e,databaseGuid=d)?PropertySet=All"
                    .to_owned(),
            ),
            (
                "Get-EXOMailboxFolderStatistics",
                with(json!({"IncludeOldestAndNewestItems": true, "Folderscope": "Inbox"})),
                format!(
                    "{mailbox}/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'Inbox')\
                     ?isEncoded=true&IncludeOldestAndNewestItems=true"
                ),
            ),
            (
                "Get-EXOMailboxPermission",
                with(json!({"Owner": true, "ResultSize": 5})),
                format!("{mailbox}/MailboxPermission?isEncoded=true&$filter=IsOwner eq true"),
            ),
            (
                "Get-EXOMailboxPermission",
                with(json!({"User": "meg@contoso.com"})),
                format!("{mailbox}/MailboxPermission('{MEG}')?isEncoded=true"),
            ),
            (
                "Get-EXORecipientPermission",
                meg.clone(),
                format!(
                    "Recipient('{MEG}')?isEncoded=true&$expand=RecipientPermission\
                     &$select=RecipientPermission,ExternalDirectoryObjectId"
                ),
            ),
            (
                "Get-EXORecipientPermission",
                json!({"Trustee": "o'b c"}),
                "Recipient/Exchange.GetRecipientPermissionByFilters(identity='',trustee='o%27%27b%20c',\
                 accessRights=[%22SendAs%22])?"
                    .to_owned(),
            ),
            (
                "Get-EXOMailboxFolderPermission",
                json!({"Identity": "meg@contoso.com:\\Calendar"}),
                format!("{mailbox}/MailboxFolder('XENhbGVuZGFy')/MailboxFolderPermission?isEncoded=true"),
            ),
            (
                "Get-EXOMailboxFolderPermission",
                json!({"Identity": "meg@contoso.com:id", "User": "meg@contoso.com"}),
                format!(
                    "{mailbox}/MailboxFolder('aWQ%3D')/MailboxFolderPermission('{MEG}')\
                     ?isEncoded=true&IsUsingMailboxFolderId=true"
                ),
            ),
            (
                "Get-EXOMobileDeviceStatistics",
                json!({"Mailbox": "meg@contoso.com", "RestApi": true}),
                format!(
                    "{mailbox}/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true&RestApi=true"
                ),
            ),
        ] {
            assert_eq!(address(cmdlet, parameters.clone()), expected, "{cmdlet} {parameters}");
        }
    }

    #[test]
    fn permissions_of_everybody_are_searched_for() {
        let function = "Recipient/Exchange.GetRecipientPermissionByFilters";
        assert_eq!(
            address("Get-EXORecipientPermission", json!({"ResultSize": 5})),
            format!("{function}(identity='',trustee='',accessRights=[%22SendAs%22])?")
        );
    }

    #[test]
    fn a_key_is_escaped_as_a_whole() {
        // Bytes whose base64 has every sign that means something in an address.
        let entity = entity("Get-EXOMailbox", json!({"Identity": "ü?>~a"})).expect("an address");
        let url = entity.url(Url::parse("https://host/t/").expect("a URL"));
        assert_eq!(url.path(), "/t/Mailbox('w7w%2FPn5h')");
    }

    #[test]
    fn a_device_is_named_in_a_header() {
        let entity =
            entity("Get-EXOMobileDeviceStatistics", json!({"Identity": "meg\\d"})).expect("an address");
        assert_eq!(entity.identity.as_deref(), Some("bWVnXGQ="));
    }

    #[test]
    fn what_has_no_place_is_refused() {
        for (cmdlet, parameters) in [
            ("Get-EXOMailbox", json!({"Migration": true})),
            ("Get-EXOMailbox", json!({"Identity": true})),
            ("Get-EXOMailbox", json!({"PrimarySmtpAddress": null})),
            ("Get-EXOMailbox", json!({"UserPrincipalName": " "})),
            ("Get-EXOMailbox", json!({"Identity": "a", "UserPrincipalName": "b"})),
            ("Get-EXOMailbox", json!({"Properties": [1]})),
            ("Get-EXOMailbox", json!({"Archive": "yes"})),
            ("Get-EXOMailbox", json!({"Filter": "Alias"})),
            ("Get-EXOMailboxStatistics", json!({})),
            ("Get-EXOMailboxStatistics", json!({"ExchangeGuid": "e"})),
            ("Get-EXOMailboxPermission", json!({})),
            ("Get-EXOMailboxFolderPermission", json!({})),
            ("Get-EXOMobileDeviceStatistics", json!({})),
        ] {
            assert!(entity(cmdlet, parameters.clone()).is_err(), "{cmdlet} {parameters}");
        }
    }
}
