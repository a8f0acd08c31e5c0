use std::io;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn file(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("rules.xml") { Ok(b"<a".to_vec()) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// Words parted by blanks; what stands between pipes is one word.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('|').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

fn resolve_with(line: &str, raw: bool, yes: bool) -> Result<CmdletInput, Failure> {
    let read = Words::parse(&words(line))?.expect("a cmdlet");
    read.resolve(raw, yes, &file).map(|resolved| resolved.call.input)
}

fn resolve(line: &str, yes: bool) -> Result<CmdletInput, Failure> {
    resolve_with(line, false, yes)
}

fn parameters(line: &str) -> Value {
    Value::Object(resolve(line, false).unwrap_or_else(|failure| panic!("{line}: {failure:?}")).parameters)
}

#[test]
fn every_spelling_of_a_parameter_is_read() {
    for (line, expected) in [
        ("get-mailbox", json!({})),
        ("get-mailbox meg", json!({"Identity": "meg"})),
        ("get-mailbox -Identity meg", json!({"Identity": "meg"})),
        ("get-mailbox -Identity:meg", json!({"Identity": "meg"})),
        ("get-mailbox --identity meg", json!({"Identity": "meg"})),
        ("get-mailbox --identity=a:b=c", json!({"Identity": "a:b=c"})),
        ("get-mailbox -Ident meg", json!({"Identity": "meg"})),
        ("get-mailbox 007", json!({"Identity": "007"})),
        ("get-mailbox 5", json!({"Identity": "5"})),
        ("get-mailbox --result-size 5", json!({"ResultSize": 5})),
        ("get-mailbox -Archive meg", json!({"Archive": true, "Identity": "meg"})),
        ("get-mailbox -ResultSize unlimited -Archive", json!({"ResultSize": "Unlimited", "Archive": true})),
        ("get-mailbox -Archive:$false -SortBy $null", json!({"Archive": false, "SortBy": null})),
        ("get-mailbox --archive=false", json!({"Archive": false})),
        ("get-x -Offset -5 -Code 007", json!({"Offset": -5, "Code": "007"})),
        ("set-x -Tags:=[\"a\",1]", json!({"Tags": ["a", 1]})),
        ("get-x meg -Filter |A -eq $true|", json!({"Identity": "meg", "Filter": "A -eq 'True'"})),
        ("get-mailbox -- --output", json!({"Output": true})),
        ("new-transport-rule Block -Priority 0", json!({"Name": "Block", "Priority": 0})),
        ("get-messagetrace --page-size 50", json!({"PageSize": 50})),
    ] {
        assert_eq!(parameters(line), expected, "{line}");
    }
}

#[test]
fn values_are_sent_as_their_kind_asks() {
    let table = "#Exchange.GenericHashTable";
    for (line, expected) in [
        (
            "get-mailbox -Filter |IsMailboxEnabled -eq $true -and Name -like 'a,b*'|",
            json!({"Filter": "IsMailboxEnabled -eq 'True' -and Name -like 'a,b*'"}),
        ),
        (
            "get-mailbox -RecipientTypeDetails UserMailbox,sharedmailbox",
            json!({"RecipientTypeDetails": ["UserMailbox", "sharedmailbox"]}),
        ),
        (
            "get-mailbox -RecipientTypeDetails UserMailbox, SharedMailbox",
            json!({"RecipientTypeDetails": ["UserMailbox", "SharedMailbox"]}),
        ),
        (
            "set-mailbox meg -EmailAddresses |@{Add='x','y'; Remove='z'}|",
            json!({"Identity": "meg",
                   "EmailAddresses": {"@odata.type": table, "Add": ["x", "y"], "Remove": ["z"]}}),
        ),
        (
            "set-mailbox meg -EmailAddresses @() -DisplayName |Smith, Meg|",
            json!({"Identity": "meg", "EmailAddresses": {"@odata.type": table}, "DisplayName": "Smith, Meg"}),
        ),
        (
            "set-mailbox meg -ProhibitSendQuota |50 GB| -HiddenFromAddressListsEnabled $true",
            json!({"Identity": "meg", "ProhibitSendQuota": "50 GB", "HiddenFromAddressListsEnabled": true}),
        ),
        (
            "import-recipient-data-property meg -FileData @rules.xml -Picture",
            json!({"Identity": "meg", "Picture": true,
                   "FileData": {"@odata.type": "#Exchange.ByteArrayType", "Data": [60, 97]}}),
        ),
        (
            "get-mailbox -ErrorAction Stop -Verbose -UseCustomRouting",
            json!({"ErrorAction": "Stop", "Verbose": "True"}),
        ),
        ("get-mailbox -Frobnicate a,b", json!({"Frobnicate": "a,b"})),
        ("get-mailbox -Frobnicate", json!({"Frobnicate": true})),
        (
            "get-mailbox -RecipientTypeDetails NewMailboxKind",
            json!({"RecipientTypeDetails": ["NewMailboxKind"]}),
        ),
    ] {
        assert_eq!(parameters(line), expected, "{line}");
    }
}

#[test]
fn mistakes_among_the_words_are_usage_errors_and_nothing_is_sent() {
    for line in [
        "get-mailbox a b",
        "get-mailbox -Identity a -identity b",
        "get-mailbox -Identity a b",
        "get-mailbox -Ident a -Identity b",
        "get-mailbox -Identity=",
        "get-mailbox -Identity $null",
        "get-mailbox -Identity ||",
        "get-mailbox -Identity | |",
        "get-mailbox -Identity:=null",
        "get-x $null",
        "get-x @()",
        "get-mailbox -Idnetity meg",
        "get-mailbox -Include",
        "get-mailbox -ErrorA",
        "get-mailbox -W",
        "get-mailbox -Archive $true",
        "get-mailbox -Archive:",
        "get-mailbox -Filter",
        "get-mailbox -RecipientTypeDetails User",
        "get-mailbox -RecipientTypeDetails UserMialbox",
        "set-accepted-domain contoso.com -DomainType Internal",
        "set-accepted-domain -DomainType InternalRelay",
        "set-accepted-domain contoso.com -MatchSubDomains",
        "set-accepted-domain contoso.com -MatchSubDomains yes",
        "get-messagetrace -StartDate tomorrow",
        "set-mailbox meg -Password secret",
        "set-mailbox meg -EmailAddresses a b",
        "set-mailbox meg -EmailAddresses a,",
        "set-mailbox meg -EmailAddresses System.Collections.Hashtable",
        "import-recipient-data-property meg -FileData rules.xml",
        "set-organization-config x",
        "new-unified-group x",
        "get-compliance-case",
        "get-mailbox --org contoso",
        "get-mailbox --timeout 5s",
        "get-mailbox -o nonsense",
        "get-mailbox -o",
        "get-mailbox -ResultSize 0",
        "get-mailbox -X:={",
        "get-accepted-domian",
        "get-exo-mailbox -Migration",
        "get-exo-mailbox -Filter Alias",
        "get-exo-mailbox-statistics",
        "Connect-ExchangeOnline",
        "Get-Mailbox;Format-Table",
        "set-x meg -wi",
        "set-x meg -cf",
        "remove-quarantine-policy meg -WhatIf",
    ] {
        let failure = resolve(line, false).expect_err(line);
        assert_eq!(failure.exit, Exit::Usage, "{line}");
    }
}

#[test]
fn every_spelling_of_a_question_is_one() {
    for (line, expected) in [
        ("remove-mailbox meg", Confirmation::Asked),
        ("remove-mailbox meg -WhatIf", Confirmation::WhatIf),
        ("remove-mailbox meg -wi", Confirmation::WhatIf),
        ("remove-mailbox meg -What", Confirmation::WhatIf),
        ("set-mailbox meg -Confirm", Confirmation::Asked),
        ("set-mailbox meg -cf", Confirmation::Asked),
        ("set-mailbox meg", Confirmation::None),
    ] {
        let read = Words::parse(&words(line)).expect(line).expect("a cmdlet");
        let resolved = read.resolve(false, false, &file).expect(line);
        assert_eq!(resolved.confirmation, expected, "{line}");
        assert_eq!(Value::Object(resolved.call.input.parameters), json!({"Identity": "meg"}), "{line}");
    }
}

#[test]
fn an_identity_that_names_nothing_is_refused_whoever_takes_it() {
    for line in [
        "get-mailbox -identity |  |",
        "get-frob -IDENTITY $null",
        "get-frob -Identity",
        "get-frob -identity:=[]",
    ] {
        let failure = resolve(line, false).expect_err(line);
        assert_eq!(failure.exit, Exit::Usage, "{line}");
    }
}

#[test]
fn a_mistake_comes_with_what_was_probably_meant() {
    for (line, hint) in [
        ("get-mailbox -Idnetity meg", "did you mean -Identity?"),
        (
            "set-accepted-domain contoso.com -DomainType Internal",
            "one of Authoritative, InternalRelay, ExternalRelay",
        ),
        ("get-mailbox -Error x", "write one of them in full: -ErrorAction, -ErrorVariable"),
        (
            "set-mailbox meg -EmailAddresses a b",
            "the values of -EmailAddresses are one quoted word: \"'a','b'\"",
        ),
    ] {
        let failure = resolve(line, false).expect_err(line);
        assert_eq!(failure.hints[0].text, hint, "{line}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_failure_of_the_machine() {
    let failure =
        resolve("import-recipient-data-property meg -FileData @no.xml", false).expect_err("no file");
    assert_eq!(failure.exit, Exit::Machine);
}

#[test]
fn words_are_sent_as_they_stand_where_that_is_wanted() {
    for line in [
        "get-mailbox -Idnetity meg",
        "set-accepted-domain contoso.com -DomainType Internal",
        "set-accepted-domain -DomainType InternalRelay",
        "get-compliance-case",
    ] {
        assert!(resolve_with(line, true, false).is_ok(), "{line}");
    }
    assert!(resolve_with("get-mailbox -Identity=", true, false).is_err());
    assert!(resolve_with("new-mailbox a -Password b", true, false).is_err());
}

#[test]
fn a_confirmed_write_says_so_to_the_service() {
    assert_eq!(resolve("remove-mailbox meg", true).expect("a call").parameters["Confirm"], json!(false));
    for line in [
        "remove-mailbox meg -Confirm:$false",
        "remove-mailbox meg -cf:$false",
        "remove-mailbox meg --confirm=false",
    ] {
        assert_eq!(resolve(line, false).expect("a call").parameters["Confirm"], json!(false));
    }
    assert!(!resolve("get-mailbox meg", true).expect("a call").parameters.contains_key("Confirm"));
}

#[test]
fn names_are_spelled_as_the_service_spells_them() {
    for (name, expected) in [
        ("get-accepted-domain", "Get-AcceptedDomain"),
        ("GET-CASMAILBOX meg", "Get-CASMailbox"),
        ("get-zzz-yyy", "Get-ZzzYyy"),
    ] {
        assert_eq!(resolve(name, false).expect(name).cmdlet_name, expected);
    }
}

proptest! {
    #[test]
    fn no_words_panic(words in prop::collection::vec("-{0,2}[a-zA-Z]{0,8}[:=@$,'{(]{0,3}[^\\x00]{0,8}", 0..6)) {
        for cmdlet in ["get-mailbox", "set-mailbox", "new-transport-rule", "set-nothing"] {
            let all: Vec<String> = std::iter::once(cmdlet.to_owned()).chain(words.iter().cloned()).collect();
            if let Ok(Some(read)) = Words::parse(&all) {
                let _ = read.resolve(false, true, &file);
            }
        }
    }

    #[test]
    fn texts_lists_and_numbers_read_back(name in "[a-z][^'\"$@]{0,12}x", items in prop::collection::vec("[a-z@. ]{1,9}x", 2..5), number: u16) {
        let quoted: Vec<String> = items.iter().map(|item| format!("'{item}'")).collect();
        let line = [
            "set-mailbox".to_owned(),
            "meg".to_owned(),
            format!("-DisplayName:{name}"),
            format!("-EmailAddresses:{}", quoted.join(",")),
            format!("-RecoverableItemsQuota:{number}"),
        ];
        let read = Words::parse(&line).expect("words").expect("a cmdlet");
        let sent = read.resolve(false, false, &file).expect("sent").call.input.parameters;
        prop_assert_eq!(&sent["DisplayName"], &json!(name));
        prop_assert_eq!(&sent["EmailAddresses"], &json!(items));
        prop_assert_eq!(&sent["RecoverableItemsQuota"], &json!(number));
    }
}

#[test]
fn every_option_of_the_program_is_missed_after_the_cmdlet_and_not_sent() {
    for option in super::super::options_of("connect") {
        if Reserved::default().take(&format!("--{option}"), &mut ["A"].into_iter()).ok() == Some(false) {
            let failure = resolve(&format!("get-mailbox --{option} x"), false).expect_err(&option);
            assert!(format!("{failure:?}").contains("is an option of exo-mi"), "--{option}: {failure:?}");
        }
    }
}
