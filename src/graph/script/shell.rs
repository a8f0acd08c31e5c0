//! For bash: with the Azure CLI, or with curl. Both share everything but the way in which a request is made.

use super::quote::posix;
use super::{Language, Script, choice};
use crate::graph::principal::Wanted;
use crate::knowledge::{APP_ROLE, APP_ROLE_ID, EXCHANGE_APP_ID};

/// How to come by an identity. Graph has no part in that.
const IDENTITY: &str = r#"
# 1. The identity. Where there is none yet, take one of these; words in capitals are yours to replace.
#
#   az group create --name GROUP --location LOCATION
#
#   A virtual machine with its own identity, new or one that is there:
#   az vm create --resource-group GROUP --name VM --image Ubuntu2404 --assign-identity
#   az vm identity assign --resource-group GROUP --name VM
#
#   An Automation account with its own identity, whose runbooks run on a hybrid worker:
#   az rest --method PUT \
#     --url "$(az group show --name GROUP --query id --output tsv)/providers/Microsoft.Automation/automationAccounts/ACCOUNT?api-version=2023-11-01" \
#     --body '{"location":"LOCATION","identity":{"type":"SystemAssigned"},"properties":{"sku":{"name":"Basic"}}}'
#
#   A user-assigned identity, and a machine that has it:
#   az identity create --resource-group GROUP --name IDENTITY
#   az vm identity assign --resource-group GROUP --name VM --identities IDENTITY
"#;

const AZ: &str = r#"
# One request to Microsoft Graph: method, path, and options of az rest.
graph() {
  local method=$1 path=$2
  shift 2
  az rest --resource "$GRAPH" --method "$method" --url "$GRAPH/v1.0/$path" "$@"
}

# The object ids of the service principals that a filter finds.
principals() {
  graph GET servicePrincipals --uri-parameters "\$filter=$1" '$select=id' --query 'value[].id' --output tsv
}

# The id of the assignment, where there is one.
app_role() {
  graph GET "servicePrincipals/$IDENTITY/appRoleAssignments" \
    --query "value[?appRoleId=='$APP_ROLE_ID' && resourceId=='$EXCHANGE'].id" --output tsv
}
directory_role() {
  graph GET roleManagement/directory/roleAssignments --uri-parameters "\$filter=principalId eq '$IDENTITY'" \
    --query "value[?roleDefinitionId=='$ROLE_ID' && directoryScopeId=='/'].id" --output tsv
}

create() { graph POST "$1" --headers Content-Type=application/json --body "$2" --output none; }
delete() { graph DELETE "$1" --output none; }
"#;

const CURL: &str = r#"
# The token of whoever runs this. az prints it; any other way to get one will do.
if [ -z "${GRAPH_TOKEN:-}" ]; then
  GRAPH_TOKEN=$(az account get-access-token --resource-type ms-graph --query accessToken --output tsv)
fi

# One request to Microsoft Graph: method, path, and options of curl. The token does not stand among the arguments, where
# others on this machine could read it. A grant that is there already is no failure; of any other, the body says why.
graph() {
  local method=$1 path=$2 said
  shift 2
  if said=$(printf 'Authorization: Bearer %s\n' "$GRAPH_TOKEN" |
    curl --silent --show-error --fail-with-body --request "$method" --header @- \
      --header 'Accept: application/json' "$@" "$GRAPH/v1.0/$path"); then
    printf '%s\n' "$said"
    return
  fi
  case $said in *'already exists on the object'* | *'conflicting object with one or more'*) return ;; esac
  printf '%s\n' "$said" >&2
  return 1
}

# The object ids of the service principals that a filter finds.
principals() {
  graph GET servicePrincipals --get --data-urlencode "\$filter=$1" --data-urlencode '$select=id' | ids
}

# The ids in a list, and the objects of a list that hold two texts. None is no error.
ids() { { grep -o '"id": *"[^"]*"' || true; } | cut -d '"' -f 4; }
with() { tr '}' '\n' | { grep -iF "$1" || true; } | { grep -F "$2" || true; }; }

# The id of the assignment, where there is one.
app_role() {
  graph GET "servicePrincipals/$IDENTITY/appRoleAssignments" | with "\"$APP_ROLE_ID\"" "\"$EXCHANGE\"" | ids
}
directory_role() {
  graph GET roleManagement/directory/roleAssignments --get \
    --data-urlencode "\$filter=principalId eq '$IDENTITY'" | with "\"$ROLE_ID\"" '"/"' | ids
}

create() { graph POST "$1" --header 'Content-Type: application/json' --data "$2" > /dev/null; }
delete() { graph DELETE "$1" > /dev/null; }
"#;

const GRANT: &str = r#"
# 3. The app role lets the identity in.
HELD=$(app_role)
if [ -n "$HELD" ]; then
  echo "$APP_ROLE: already there"
else
  create "servicePrincipals/$IDENTITY/appRoleAssignments" \
    "{\"principalId\":\"$IDENTITY\",\"resourceId\":\"$EXCHANGE\",\"appRoleId\":\"$APP_ROLE_ID\"}"
  echo "$APP_ROLE: assigned"
fi

# 4. The directory role says what it may do.
HELD=$(directory_role)
if [ -n "$HELD" ]; then
  echo "$ROLE: already there"
else
  create roleManagement/directory/roleAssignments \
    "{\"principalId\":\"$IDENTITY\",\"roleDefinitionId\":\"$ROLE_ID\",\"directoryScopeId\":\"/\"}"
  echo "$ROLE: assigned"
fi

"#;

const REVOKE: &str = r#"
# 3. The app role.
HELD=$(app_role)
if [ -n "$HELD" ]; then
  delete "servicePrincipals/$IDENTITY/appRoleAssignments/$HELD"
  echo "$APP_ROLE: removed"
else
  echo "$APP_ROLE: was not there"
fi

# 4. The directory role.
HELD=$(directory_role)
if [ -n "$HELD" ]; then
  delete "roleManagement/directory/roleAssignments/$HELD"
  echo "$ROLE: removed"
else
  echo "$ROLE: was not there"
fi
"#;

pub(super) fn text(script: &Script) -> String {
    let (with, functions) = match script.language {
        Language::Graph => ("curl", CURL),
        Language::Az | Language::Powershell => ("the Azure CLI", AZ),
    };
    let head = format!("#!/usr/bin/env bash\n{}set -euo pipefail\n\n", script.purpose(with));
    let names =
        [cloud(script), format!("APP_ROLE={APP_ROLE}\nAPP_ROLE_ID={APP_ROLE_ID}\n"), role(script)].concat();
    let found = identity(script);
    if script.removes {
        [&head, &names, functions, &found, REVOKE].concat()
    } else {
        [&head, &names, IDENTITY, functions, &found, GRANT, &script.trial()].concat()
    }
}

fn cloud(script: &Script) -> String {
    let sign_in =
        |name| format!("# az must be signed in to this cloud: az cloud set --name {name} && az login\n");
    let note = script.cloud.az.map(sign_in).unwrap_or_default();
    format!("{note}GRAPH={}\n", posix(&script.cloud.graph.to_string()))
}

fn role(script: &Script) -> String {
    match script.role {
        Some(role) => format!("ROLE={}\nROLE_ID={}\n", posix(role.name), role.id),
        None => format!(
            "# One of these, by its id: ROLE_ID=ID bash SCRIPT\n{}\
             : \"${{ROLE_ID:?set it to one of the ids that this script lists}}\"\nROLE=$ROLE_ID\n",
            choice()
        ),
    }
}

/// Finds the identity and Exchange, or says why it cannot.
fn identity(script: &Script) -> String {
    let identity = match script.wanted {
        Wanted::ObjectId(id) => format!("IDENTITY={id}\n"),
        Wanted::Name(_) | Wanted::ClientId(_) => search(script),
    };
    let missing = posix("error: the tenant has no service principal of Office 365 Exchange Online");
    format!(
        "\n# 2. Who is meant, and who offers the app role.\n{identity}\
         EXCHANGE=$(principals \"appId eq '{EXCHANGE_APP_ID}'\")\n\
         [ -n \"$EXCHANGE\" ] || {{ echo {missing} >&2 && exit 1; }}\n"
    )
}

/// Looks for the identity by the filters, and goes no further without exactly one.
fn search(script: &Script) -> String {
    let filters = script.filters();
    let lines = filters.iter().enumerate().map(|(at, filter)| {
        let unless = if at == 0 { "" } else { "[ -n \"$IDENTITY\" ] || " };
        format!("{unless}IDENTITY=$(principals {})\n", posix(filter))
    });
    let none = posix(&format!("error: the tenant has no service principal with the {}", script.wanted));
    let several = posix(&format!("error: several have the {}; take the object id of one", script.wanted));
    format!(
        "{}case $IDENTITY in\n  '') echo {none} >&2 && exit 1 ;;\n  \
         *[[:space:]]*) echo {several} >&2 && exit 1 ;;\nesac\n",
        lines.collect::<String>()
    )
}
