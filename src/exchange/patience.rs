//! How long a cmdlet may take.

use std::time::Duration;

/// The server ends a cmdlet after fifteen minutes, and six of them after half an hour or an hour; the module waits a
/// minute longer.
pub(super) fn patience(cmdlet: &str) -> Duration {
    const HOUR: [&str; 4] = [
        "Get-DistributionGroupMember",
        "Import-TransportRuleCollection",
        "Set-UnifiedGroup",
        "Update-DistributionGroupMember",
    ];
    const HALF: [&str; 2] = ["Set-OrganizationConfig", "Update-RoleGroupMember"];
    let listed = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(cmdlet));
    Duration::from_secs(match cmdlet {
        _ if listed(&HOUR) => 3660,
        _ if listed(&HALF) => 1860,
        _ => 960,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cmdlets_are_waited_for() {
        assert_eq!(patience("Get-AcceptedDomain"), Duration::from_secs(960));
        assert_eq!(patience("get-distributiongroupmember"), Duration::from_secs(3660));
        assert_eq!(patience("Set-OrganizationConfig"), Duration::from_secs(1860));
    }
}
