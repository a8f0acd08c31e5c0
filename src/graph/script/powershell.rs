//! For PowerShell, with Microsoft's modules for Graph.

use super::quote::powershell;
use super::{Script, choice};
use crate::graph::principal::Wanted;
use crate::knowledge::{APP_ROLE, APP_ROLE_ID, EXCHANGE_APP_ID};

const IDENTITY: &str = r"
# 1. The identity. Where there is none yet, take one of these; words in capitals are yours to replace.
#
#   New-AzResourceGroup -Name GROUP -Location LOCATION
#
#   A virtual machine with its own identity:
#   Update-AzVM -ResourceGroupName GROUP -VM (Get-AzVM -ResourceGroupName GROUP -Name VM) -IdentityType SystemAssigned
#
#   An Automation account with its own identity, whose runbooks run on a hybrid worker:
#   New-AzAutomationAccount -ResourceGroupName GROUP -Name ACCOUNT -Location LOCATION -AssignSystemIdentity
#
#   A user-assigned identity, and a machine that has it:
#   $assigned = New-AzUserAssignedIdentity -ResourceGroupName GROUP -Name IDENTITY -Location LOCATION
#   Update-AzVM -ResourceGroupName GROUP -VM (Get-AzVM -ResourceGroupName GROUP -Name VM) `
#     -IdentityType UserAssigned -IdentityId $assigned.Id
";

const FIND: &str = r"
function Find-Principal([string[]] $Filters) {
  foreach ($filter in $Filters) {
    $found = @(Get-MgServicePrincipal -All -Filter $filter)
    if ($found.Count) { return $found }
  }
}
";

const HELD: &str = r"
$appRole = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $identity -All |
  Where-Object { $_.AppRoleId -eq $appRoleId -and $_.ResourceId -eq $exchange.Id }
$directoryRole = Get-MgRoleManagementDirectoryRoleAssignment -Filter ('principalId eq ''{0}''' -f $identity) -All |
  Where-Object { $_.RoleDefinitionId -eq $roleId -and $_.DirectoryScopeId -eq '/' }
";

const GRANT: &str = r"
# 3. The app role lets the identity in.
if ($appRole) { $state = 'already there' } else {
  $null = New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $identity -PrincipalId $identity `
    -ResourceId $exchange.Id -AppRoleId $appRoleId
  $state = 'assigned'
}
'{0}: {1}' -f $appRoleName, $state

# 4. The directory role says what it may do.
if ($directoryRole) { $state = 'already there' } else {
  $null = New-MgRoleManagementDirectoryRoleAssignment -PrincipalId $identity -RoleDefinitionId $roleId `
    -DirectoryScopeId '/'
  $state = 'assigned'
}
'{0}: {1}' -f $roleName, $state

";

const REVOKE: &str = r"
# 3. The app role.
if ($appRole) {
  Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $identity -AppRoleAssignmentId $appRole.Id
  $state = 'removed'
} else { $state = 'was not there' }
'{0}: {1}' -f $appRoleName, $state

# 4. The directory role.
if ($directoryRole) {
  Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId $directoryRole.Id
  $state = 'removed'
} else { $state = 'was not there' }
'{0}: {1}' -f $roleName, $state
";

pub(super) fn text(script: &Script) -> String {
    let head = format!(
        "{}#Requires -Modules Microsoft.Graph.Applications, Microsoft.Graph.Identity.Governance\n\
         $ErrorActionPreference = 'Stop'\n\n",
        script.purpose("the Microsoft.Graph modules")
    );
    let names = format!("$appRoleName = '{APP_ROLE}'\n$appRoleId = '{APP_ROLE_ID}'\n{}", role(script));
    let (connect, found) = (connect(script), identity(script));
    if script.removes {
        [&head, &names, &connect, FIND, &found, HELD, REVOKE].concat()
    } else {
        [&head, &names, IDENTITY, &connect, FIND, &found, HELD, GRANT, &script.trial()].concat()
    }
}

fn connect(script: &Script) -> String {
    let cloud = script.cloud.powershell.map(|name| format!(" -Environment {name}")).unwrap_or_default();
    format!(
        "\nConnect-MgGraph{cloud} -NoWelcome `\n  \
         -Scopes Application.Read.All, AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory\n"
    )
}

fn role(script: &Script) -> String {
    match script.role {
        Some(role) => format!("$roleName = {}\n$roleId = '{}'\n", powershell(role.name), role.id),
        None => format!(
            "# One of these, by its id, in the variable ROLE_ID of the environment:\n{}\
             if (-not $env:ROLE_ID) {{ throw 'Set $env:ROLE_ID to one of the ids that this script lists.' }}\n\
             $roleName = $roleId = $env:ROLE_ID\n",
            choice()
        ),
    }
}

/// Finds the identity and Exchange, or says why it cannot.
fn identity(script: &Script) -> String {
    let identity = match script.wanted {
        Wanted::ObjectId(id) => format!("$identity = '{id}'\n"),
        Wanted::Name(_) | Wanted::ClientId(_) => search(script),
    };
    let exchange = powershell(&format!("appId eq '{EXCHANGE_APP_ID}'"));
    format!(
        "\n# 2. Who is meant, and who offers the app role.\n{identity}$exchange = Find-Principal {exchange}\n\
         if (-not $exchange) {{ throw 'The tenant has no service principal of Office 365 Exchange Online.' }}\n"
    )
}

/// Looks for the identity by the filters, and goes no further without exactly one.
fn search(script: &Script) -> String {
    let filters: Vec<String> = script.filters().iter().map(|filter| powershell(filter)).collect();
    let none = powershell(&format!("The tenant has no service principal with the {}.", script.wanted));
    let several = powershell(&format!("Several have the {}; take the object id of one.", script.wanted));
    format!(
        "$found = @(Find-Principal {})\nif ($found.Count -eq 0) {{ throw {none} }}\n\
         if ($found.Count -gt 1) {{ throw {several} }}\n$identity = $found[0].Id\n",
        filters.join(", ")
    )
}
