//! The `Get-EXO` family, which is read by GET: each cmdlet with and without an identity, what narrows and widens its
//! result, its pages, and its errors.

use std::fmt::Write as _;

use exo_mi::emulator::Scenario;

use crate::harness::{Command, Outcome, assert_outcome, connect};

fn with(words: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com {words}"))
}

/// The first column that is asked for, of all rows; the command must succeed.
fn column(words: &str, last: &str) -> Vec<String> {
    let command = with(&format!("-o csv --no-headers {words}"));
    let command = if last.is_empty() { command } else { command.argument(last) };
    let outcome = command.mailboxes(12).run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
    outcome.stdout.lines().map(str::to_owned).collect()
}

/// Requests to the paths of the family.
fn reads(outcome: &Outcome) -> usize {
    outcome.calls("GET /adminapi/beta/")
}

/// Each cmdlet as a user writes it, with a result of a few rows.
const CMDLETS: [&str; 10] = [
    "get-exo-mailbox -ResultSize 2",
    "get-exo-recipient -ResultSize 2",
    "get-exo-cas-mailbox -ResultSize 2",
    "get-exo-mailbox-statistics -Identity adele.vance@contoso.com",
    "get-exo-mailbox-folder-statistics -Identity adele.vance@contoso.com -Folderscope Inbox",
    "get-exo-mailbox-permission -Identity adele.vance@contoso.com",
    "get-exo-recipient-permission -Identity adele.vance@contoso.com",
    "get-exo-recipient-permission -Trustee alex.wilber@contoso.com",
    "get-exo-mailbox-folder-permission adele.vance@contoso.com:\\Calendar",
    "get-exo-mobile-device-statistics -Mailbox adele.vance@contoso.com",
];

#[test]
fn every_cmdlet_of_the_family_is_shown_as_recorded() {
    for line in CMDLETS {
        let mut shown = String::new();
        for format in ["table", "csv", "json"] {
            let words = format!("-o {format} {line}");
            let outcome = with(&words).run();
            assert_eq!((outcome.exit, reads(&outcome)), (0, 1), "{outcome}");
            write!(shown, "$ exo-mi connect {words}\n--- stdout\n{}", outcome.stdout)
                .expect("a text takes everything");
            writeln!(shown, "--- stderr\n{}--- exit {}", outcome.stderr, outcome.exit)
                .expect("a text takes everything");
        }
        let name = line.split(' ').next().unwrap_or_default();
        let search = if line.contains("-Trustee") { "-search" } else { "" };
        assert_outcome!(format!("entity-{name}{search}"), shown);
    }
}

#[test]
fn an_identity_in_any_of_its_forms_gives_one_object() {
    for identity in [
        "adele.vance@contoso.com",
        "-Identity adele.vance",
        "-UserPrincipalName adele.vance@contoso.com",
        "-PrimarySmtpAddress adele.vance@contoso.com",
        "-ExternalDirectoryObjectId fe7bcfee-8e1b-47f3-9d1f-597faae0ffdd",
    ] {
        for cmdlet in ["get-exo-mailbox", "get-exo-recipient", "get-exo-cas-mailbox"] {
            let rows = column(&format!("--columns PrimarySmtpAddress {cmdlet} {identity}"), "");
            assert_eq!(rows, ["adele.vance@contoso.com"], "{cmdlet} {identity}");
        }
    }
}

#[test]
fn without_an_identity_everybody_comes() {
    for (cmdlet, rows) in [
        ("get-exo-mailbox", 12),
        ("get-exo-cas-mailbox", 12),
        ("get-exo-recipient", 21),
        ("get-exo-recipient-permission", 33),
    ] {
        assert_eq!(column(&format!("--columns Identity {cmdlet}"), "").len(), rows, "{cmdlet}");
    }
}

#[test]
fn a_cmdlet_that_needs_an_identity_says_so_before_anything_is_sent() {
    for cmdlet in [
        "get-exo-mailbox-statistics",
        "get-exo-mailbox-folder-statistics",
        "get-exo-mailbox-permission",
        "get-exo-mailbox-folder-permission",
        "get-exo-mobile-device-statistics",
    ] {
        let outcome = with(cmdlet).run();
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
        assert!(outcome.stderr.contains("-Identity"), "{outcome}");
    }
}

#[test]
fn statistics_are_found_by_the_numbers_of_the_mailbox_and_its_database() {
    let ids = column("--columns ExchangeGuid,DatabaseGuid get-exo-mailbox adele.vance -PropertySets All", "");
    let (mailbox, database) = ids[0].split_once(',').expect("two columns");
    let words = "--columns DisplayName get-exo-mailbox-statistics";
    let rows = column(&format!("{words} -ExchangeGuid {mailbox} -DatabaseGuid {database}"), "");
    assert_eq!(rows, ["Adele Vance"]);
}

#[test]
fn a_device_is_found_by_its_identity() {
    let words = "--columns Identity get-exo-mobile-device-statistics";
    let all = column(&format!("{words} -Mailbox adele.vance"), "");
    assert!(!all.is_empty());
    for identity in all {
        assert_eq!(column(&format!("{words} -Identity"), &identity), [identity]);
    }
}

#[test]
fn a_folder_is_found_by_its_path_and_by_its_id() {
    let words = "--columns FolderName,User get-exo-mailbox-folder-permission";
    let expected = ["Calendar,Default", "Calendar,Anonymous", "Calendar,Alex Wilber"];
    assert_eq!(column(words, "adele.vance:\\Calendar"), expected);
    let ids = "--columns FolderId get-exo-mailbox-folder-statistics -Identity adele.vance -Folderscope";
    let id = &column(&format!("{ids} Calendar"), "")[0];
    assert_eq!(column(words, &format!("adele.vance:{id}")), expected);
    let one = column(&format!("{words} -User alex.wilber@contoso.com"), "adele.vance:\\Calendar");
    assert_eq!(one, ["Calendar,Alex Wilber"]);
    assert_eq!(column(words, "adele.vance"), [",Default", ",Anonymous"]);
}

#[test]
fn the_permission_of_one_user_and_of_the_owner_can_be_asked_for() {
    let words = "--columns User,AccessRights get-exo-mailbox-permission -Identity adele.vance";
    assert_eq!(
        column(&format!("{words} -User alex.wilber@contoso.com"), ""),
        ["alex.wilber@contoso.com,FullAccess"]
    );
    assert_eq!(column(&format!("{words} -Owner"), ""), ["NT AUTHORITY\\SELF,FullAccess;ReadPermission"]);
}

#[test]
fn permissions_on_recipients_are_searched_by_trustee_right_and_recipient() {
    let words = "--columns Identity,Trustee get-exo-recipient-permission";
    let both = [
        "fe7bcfee-8e1b-47f3-9d1f-597faae0ffdd,NT AUTHORITY\\SELF",
        "fe7bcfee-8e1b-47f3-9d1f-597faae0ffdd,alex.wilber@contoso.com",
    ];
    assert_eq!(column(&format!("{words} adele.vance"), ""), both);
    assert_eq!(column(&format!("{words} adele.vance -AccessRights SendAs"), ""), both);
    assert_eq!(column(&format!("{words} -Trustee alex.wilber@contoso.com"), ""), both[1..]);
    assert_eq!(column(&format!("{words} adele.vance -Trustee alex.wilber@contoso.com"), ""), both[1..]);
}

#[test]
fn properties_and_property_sets_are_added_to_each_other() {
    let header = |words: &str| {
        let outcome = with(&format!("-o csv get-exo-mailbox adele.vance {words}")).run();
        assert_eq!(outcome.exit, 0, "{outcome}");
        let header = outcome.stdout.lines().next().unwrap_or_default().to_owned();
        header.split(',').map(str::to_owned).collect::<Vec<_>>()
    };
    let has = |header: &[String], name: &str| header.iter().any(|known| known == name);
    let smallest = header("");
    assert!(smallest.len() == 15 && !has(&smallest, "Office"), "{smallest:?}");
    let with_office = header("-Properties Office");
    assert_eq!(with_office.len(), 16, "{with_office:?}");
    let several = header("-PropertySets Quota,Retention -Properties Office,Alias");
    for name in ["ProhibitSendQuota", "RetentionPolicy", "Office", "Alias"] {
        assert!(has(&several, name), "{name}: {several:?}");
    }
    assert!(!has(&several, "EmailAddresses"), "{several:?}");
    assert!(header("-PropertySets All").len() > 100);
}

#[test]
fn filters_of_powershell_find_whom_they_mean() {
    for (filter, expected) in [
        ("Alias -eq 'adele.vance'", &["adele.vance"][..]),
        ("DisplayName -like 'Al*'", &["alex.wilber", "allan.deyoung"]),
        ("DisplayName -like '*Vance'", &["adele.vance"]),
        ("DisplayName -like '*le*' -and Alias -ne 'henrietta.mueller'", &["adele.vance", "alex.wilber"]),
        ("EmailAddresses -like '*adele.vance*'", &["adele.vance"]),
        ("EmailAddresses -eq 'smtp:adele.vance@contoso.onmicrosoft.com'", &["adele.vance"]),
        ("EmailAddresses -like 'SMTP:adele*' -or Alias -eq 'alex.wilber'", &["adele.vance", "alex.wilber"]),
        ("Alias -like 'a*' -and -not (Alias -eq 'adele.vance')", &["alex.wilber", "allan.deyoung"]),
        ("Alias -like 'ad*' -and HiddenFromAddressListsEnabled -eq $false", &["adele.vance"]),
        ("Alias -like 'ad*' -and HiddenFromAddressListsEnabled -eq $true", &[]),
        ("Alias -like 'ad*' -and ForwardingAddress -eq $null", &["adele.vance"]),
        ("Alias -like 'ad*' -and WhenCreated -gt '2024-01-02'", &["adele.vance"]),
        ("Alias -like 'ad*' -and WhenCreatedUTC -lt '1/2/2024 3:04 PM'", &[]),
        ("DisplayName -eq 'O''Neill'", &[]),
    ] {
        let rows = column("--columns Alias get-exo-mailbox -Filter", filter);
        assert_eq!(rows, expected, "{filter}");
    }
}

#[test]
fn a_filter_asks_every_list_whether_it_has_the_value() {
    for cmdlet in ["get-exo-mailbox", "get-exo-recipient", "get-exo-cas-mailbox"] {
        let all = with(&format!("-o json {cmdlet} adele.vance -PropertySets All")).run();
        let all: serde_json::Value = serde_json::from_str(&all.stdout).expect("JSON");
        let properties = all[0].as_object().expect("an object").iter();
        let lists: Vec<_> =
            properties.filter(|(_, value)| value.is_array()).map(|(name, _)| name.as_str()).collect();
        assert!(!lists.is_empty(), "{all}");
        let filter = |name: &&str| format!("{cmdlet} -Filter \"{name} -eq 'x' -or {name} -notlike 'y*'\"\n");
        let outcome = with("-o none").input(&lists.iter().map(filter).collect::<String>()).run();
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
    }
}

#[test]
fn names_and_types_narrow_the_result() {
    let alias = "--columns Alias";
    assert_eq!(column(&format!("{alias} get-exo-mailbox -Anr adele"), ""), ["adele.vance"]);
    let recipients = format!("{alias} get-exo-recipient");
    assert_eq!(
        column(&format!("{recipients} -RecipientTypeDetails MailContact,RoomMailbox"), ""),
        ["robin.counts", "hotline"]
    );
    assert_eq!(column(&format!("{recipients} -RecipientType MailContact -Anr robin"), ""), ["robin.counts"]);
    assert_eq!(column(&format!("{alias} get-exo-mailbox -RecipientTypeDetails RoomMailbox"), "").len(), 0);
    assert_eq!(column(&format!("{alias} get-exo-mailbox -RecipientTypeDetails UserMailbox"), "").len(), 12);
}

const MORE: &str = "warning: There are more results available";

#[test]
fn pages_are_asked_for_as_far_as_the_limit_and_no_further() {
    for (size, pages, rows, warned) in [
        ("3", 2, 3, true),
        ("4", 2, 4, true),
        ("5", 3, 5, false),
        ("7", 3, 5, false),
        ("Unlimited", 3, 5, false),
    ] {
        let words =
            format!("--page-size 2 -o csv --no-headers --columns Alias get-exo-mailbox -ResultSize {size}");
        let outcome = with(&words).run();
        assert_eq!((outcome.exit, reads(&outcome)), (0, pages), "{outcome}");
        assert_eq!(outcome.stdout.lines().count(), rows, "{outcome}");
        assert_eq!(outcome.stderr.contains(MORE), warned, "{outcome}");
        assert!(warned || outcome.stderr.is_empty(), "{outcome}");
    }
}

#[test]
fn pages_of_permissions_are_cut_where_the_limit_is() {
    let words = "--page-size 2 -o csv --no-headers --columns User get-exo-mailbox-permission";
    let outcome = with(&format!("{words} -Identity adele.vance -ResultSize 1")).run();
    assert_eq!((outcome.exit, reads(&outcome)), (0, 1), "{outcome}");
    assert_eq!(outcome.stdout, "NT AUTHORITY\\SELF\n");
    assert!(outcome.stderr.contains(MORE), "{outcome}");
    let outcome = with(&format!("{words} -Identity adele.vance")).run();
    assert_eq!((reads(&outcome), outcome.stdout.lines().count(), outcome.stderr.as_str()), (2, 3, ""));
}

#[test]
fn identities_are_read_one_after_the_other_and_keep_their_order() {
    let names = "alex.wilber@contoso.com\n\nnobody@contoso.com\nadele.vance@contoso.com\n";
    for cmdlet in
        ["get-exo-mailbox", "get-exo-recipient", "get-exo-cas-mailbox", "get-exo-mailbox-statistics"]
    {
        let words = format!("-o csv --no-headers --columns DisplayName {cmdlet} -Identity -");
        let outcome = with(&words).input(names).run();
        assert_eq!((outcome.exit, reads(&outcome), outcome.calls("$batch")), (5, 3, 0), "{outcome}");
        assert_eq!(outcome.stdout, "Alex Wilber\nAdele Vance\n", "{outcome}");
        assert!(
            outcome.stderr.contains("for `nobody@contoso.com`, in line 3 of standard input"),
            "{outcome}"
        );
    }
}

#[test]
fn what_does_not_exist_is_an_error_of_the_cmdlet() {
    for words in [
        "get-exo-mailbox nobody@contoso.com",
        "get-exo-recipient nobody@contoso.com",
        "get-exo-cas-mailbox nobody@contoso.com",
        "get-exo-mailbox-statistics -Identity nobody@contoso.com",
        "get-exo-mailbox-folder-statistics -Identity nobody@contoso.com",
        "get-exo-mailbox-permission -Identity nobody@contoso.com",
        "get-exo-mailbox-permission -Identity adele.vance -User nobody@contoso.com",
        "get-exo-recipient-permission nobody@contoso.com",
        "get-exo-recipient-permission nobody@contoso.com -AccessRights SendAs",
        "get-exo-mailbox-folder-permission nobody@contoso.com:\\Calendar",
        "get-exo-mailbox-folder-permission adele.vance:\\Nowhere",
        "get-exo-mobile-device-statistics -Mailbox nobody@contoso.com",
        "get-exo-mobile-device-statistics -Identity nobody@contoso.com",
    ] {
        let outcome = with(words).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, ""), "{outcome}");
        let name = if words.contains("Nowhere") { "\\Nowhere" } else { "nobody@contoso.com" };
        assert!(outcome.stderr.contains(name), "the name arrives as it was written: {outcome}");
    }
    assert_outcome!("entity-missing", with("get-exo-mailbox nobody@contoso.com").run());
}

#[test]
fn who_has_no_role_is_denied() {
    for (scenario, exit) in
        [(Scenario::NoDirectoryRole, 4), (Scenario::NoAppRole, 4), (Scenario::WrongTenant, 0)]
    {
        for words in ["get-exo-mailbox", "get-exo-mailbox-permission -Identity adele.vance"] {
            let outcome = with(words).scenario(scenario).run();
            assert_eq!(outcome.exit, exit, "{outcome}");
        }
    }
}

#[test]
fn what_passes_is_tried_again() {
    for scenario in
        [Scenario::Throttled, Scenario::OverloadException, Scenario::FlakyNetwork, Scenario::StaleToken]
    {
        let outcome =
            with("-o csv --no-headers --columns Alias get-exo-mailbox adele.vance").scenario(scenario).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "adele.vance\n"), "{scenario}: {outcome}");
    }
}

#[test]
fn a_result_of_which_a_page_is_refused_is_incomplete() {
    let words = "-o csv --no-headers --columns Alias get-exo-mailbox -ResultSize Unlimited";
    let outcome = with(words).scenario(Scenario::TruncatedPaging).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (7, "adele.vance\nalex.wilber\n"), "{outcome}");
}

#[test]
fn quotes_signs_and_slashes_in_names_arrive_as_they_are() {
    // In base64 the first has a plus and a slash, the second ends in two equals signs.
    for name in ["Zoë O'Neill+a/b %41 ?>~", "û~O'Neill+a/b>>%41"] {
        let alias = "n.n@contoso.com";
        let lines = [
            format!(
                "new-mailbox -Name \"{name}\" -Alias n.n -PrimarySmtpAddress {alias} -DisplayName \"{name}\" -o none"
            ),
            format!("get-exo-mailbox \"{name}\""),
            format!("get-exo-recipient \"{name}\""),
            format!("get-exo-cas-mailbox \"{name}\""),
            format!("get-exo-mailbox-statistics -Identity \"{name}\""),
            format!("get-exo-recipient-permission \"{name}\" -AccessRights SendAs --columns Trustee"),
            format!("get-exo-recipient-permission \"{name}\" --columns Trustee"),
            format!("get-exo-mailbox-folder-permission \"{name}:\\Calendar\" -User Default --columns User"),
            format!("get-exo-mailbox -Filter \"DisplayName -eq '{}'\"", name.replace('\'', "''")),
        ];
        let outcome = with("-o csv --no-headers --columns DisplayName").input(&lines.join("\n")).run();
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
        let named = outcome.stdout.lines().filter(|line| *line == name);
        assert_eq!(named.count(), 5, "{outcome}");
        let trustees = outcome.stdout.lines().filter(|line| *line == "NT AUTHORITY\\SELF");
        assert_eq!(trustees.count(), 2, "{outcome}");
    }
}

#[test]
fn the_rows_are_permissions_and_raw_output_is_what_the_service_sent() {
    let words = "get-exo-mailbox-permission -Identity adele.vance";
    let raw = with(&format!("-o raw {words}")).run().stdout;
    assert_eq!(raw.matches("\"PermissionList\":[{").count(), 3, "{raw}");
    let query = with(&format!("-o json {words}"))
        .argument("--query")
        .argument("[?User=='alex.wilber@contoso.com'].[AccessRights[0],Deny,IsOwner,PermissionId]")
        .run();
    assert!(query.stdout.contains("\"FullAccess\"") && query.stdout.contains("false"), "{query}");
}

#[test]
fn what_no_address_has_a_place_for_is_refused_before_anything_is_sent() {
    for words in
        ["get-exo-mailbox -Migration", "get-exo-mailbox -Async", "get-exo-cas-mailbox -ProtocolSettings"]
    {
        let outcome = with(words).run();
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    }
}
