//! How the objects of each reading cmdlet are shown: as a table, as a list, as CSV. One snapshot for each cmdlet.

use std::fmt::Write as _;

use crate::harness::{assert_outcome, connect};

/// Each cmdlet as a user writes it, with what it cannot do without. After `|` stands one more argument.
const CMDLETS: [&str; 64] = [
    "get-accepted-domain",
    "get-address-list",
    "get-admin-audit-log-config",
    "get-anti-phish-policy",
    "get-authentication-policy",
    "get-calendar-processing adele.vance",
    "get-cas-mailbox -ResultSize 2",
    "get-contact",
    "get-distribution-group",
    "get-distribution-group-member all@contoso.com",
    "get-dkim-signing-config",
    "get-dynamic-distribution-group",
    "get-dynamic-distribution-group-member zuerich",
    "get-email-address-policy",
    "get-group",
    "get-hosted-connection-filter-policy",
    "get-hosted-content-filter-policy",
    "get-hosted-outbound-spam-filter-policy Default",
    "get-inbound-connector",
    "get-inbox-rule -Mailbox adele.vance",
    "get-irm-configuration",
    "get-journal-rule",
    "get-mail-contact",
    "get-mail-user",
    "get-mailbox -ResultSize 2",
    "get-mailbox-folder-permission|adele.vance:\\Calendar",
    "get-mailbox-folder-statistics adele.vance",
    "get-mailbox-permission adele.vance",
    "get-mailbox-plan",
    "get-mailbox-regional-configuration adele.vance",
    "get-mailbox-statistics adele.vance",
    "get-malware-filter-policy",
    "get-management-role",
    "get-management-role-assignment",
    "get-management-role-entry *\\Get-Mailbox",
    "get-management-scope",
    "get-message-trace-v2",
    "get-migration-batch",
    "get-mobile-device",
    "get-mobile-device-statistics -Mailbox adele.vance",
    "get-organization-config",
    "get-organization-relationship",
    "get-outbound-connector",
    "get-owa-mailbox-policy",
    "get-quarantine-message",
    "get-quarantine-policy",
    "get-recipient -ResultSize 3",
    "get-recipient-permission adele.vance",
    "get-remote-domain",
    "get-retention-policy",
    "get-retention-policy-tag",
    "get-role-group",
    "get-role-group-member|Organization Management",
    "get-safe-attachment-policy",
    "get-safe-links-policy",
    "get-service-principal",
    "get-sharing-policy",
    "get-tenant-allow-block-list-items -ListType Url",
    "get-transport-config",
    "get-transport-rule",
    "get-unified-group",
    "get-unified-group-links falcon -LinkType Members",
    "get-user",
    "search-unified-audit-log -StartDate 2026-11-01 -EndDate 2026-11-30",
];

// Two halves, so that two processors share them.
#[test]
fn every_reading_cmdlet_of_the_first_half_is_shown_as_recorded() {
    show(&CMDLETS[..CMDLETS.len() / 2]);
}

#[test]
fn every_reading_cmdlet_of_the_second_half_is_shown_as_recorded() {
    show(&CMDLETS[CMDLETS.len() / 2..]);
}

fn show(lines: &[&str]) {
    for line in lines {
        let mut shown = String::new();
        for format in ["table", "list", "csv"] {
            let words = format!("--org contoso.onmicrosoft.com -o {format} {line}");
            let (words, last) = words.split_once('|').unwrap_or((&words, ""));
            let command = connect(words);
            let command = if last.is_empty() { command } else { command.argument(last) };
            let outcome = command.run();
            assert_eq!(outcome.exit, 0, "{outcome}");
            write!(
                shown,
                "$ exo-mi connect {}\n--- stdout\n{}--- stderr\n{}--- exit {}\n",
                [words, last].join(" ").trim_end(),
                outcome.stdout,
                outcome.stderr,
                outcome.exit
            )
            .expect("a text takes everything");
        }
        let name = line.split([' ', '|']).next().unwrap_or_default();
        assert_outcome!(format!("view-{name}"), shown);
    }
}
