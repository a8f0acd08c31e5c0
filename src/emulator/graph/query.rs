//! `$filter`, `$select` and `$top`, as far as they are understood here; whatever else is asked is refused.

use http::StatusCode;
use serde_json::Value;

use super::refusal::refuse;
use crate::emulator::answer::Checked;
use crate::emulator::call::{Call, duplicate, unknown};

const OPTIONS: &[&str] = &["$filter", "$select", "$top", "$skiptoken"];

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ServicePrincipal,
    AppRoleAssignment,
    RoleDefinition,
    RoleAssignment,
}

impl Kind {
    pub(super) fn set(self) -> &'static str {
        match self {
            Self::ServicePrincipal => "servicePrincipals",
            Self::AppRoleAssignment => "appRoleAssignments",
            Self::RoleDefinition => "roleManagement/directory/roleDefinitions",
            Self::RoleAssignment => "roleManagement/directory/roleAssignments",
        }
    }

    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::ServicePrincipal => "servicePrincipal",
            Self::AppRoleAssignment => "appRoleAssignment",
            Self::RoleDefinition => "unifiedRoleDefinition",
            Self::RoleAssignment => "unifiedRoleAssignment",
        }
    }

    /// The properties by which a list may be filtered.
    fn filterable(self) -> &'static [&'static str] {
        match self {
            Self::ServicePrincipal => &["id", "appId", "displayName", "servicePrincipalType"],
            Self::AppRoleAssignment => &[],
            Self::RoleDefinition => &["id", "displayName", "templateId", "isBuiltIn"],
            Self::RoleAssignment => &["principalId", "roleDefinitionId", "directoryScopeId"],
        }
    }

    fn properties(self) -> &'static [&'static str] {
        match self {
            Self::ServicePrincipal => &[
                "id",
                "accountEnabled",
                "alternativeNames",
                "appDisplayName",
                "appId",
                "appRoles",
                "displayName",
                "servicePrincipalNames",
                "servicePrincipalType",
            ],
            Self::AppRoleAssignment => &[
                "id",
                "appRoleId",
                "createdDateTime",
                "principalDisplayName",
                "principalId",
                "principalType",
                "resourceDisplayName",
                "resourceId",
            ],
            Self::RoleDefinition => &["id", "displayName", "isBuiltIn", "isEnabled", "templateId"],
            Self::RoleAssignment => &["id", "principalId", "directoryScopeId", "roleDefinitionId"],
        }
    }
}

/// What is asked of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Properties and the texts that they must be, all of them.
    filter: Vec<(&'static str, String)>,
    select: Vec<&'static str>,
    pub(super) top: Option<usize>,
}

impl Query {
    pub(super) fn read(call: &Call, kind: Kind) -> Checked<Self> {
        let refused =
            |message: String, why: String| refuse(StatusCode::BAD_REQUEST, "BadRequest", &message, why);
        if let Some(name) = duplicate(&call.query) {
            let message = format!(
                "Query option '{name}' was specified more than once, but it must be specified at most once."
            );
            return refused(message, format!("the query names `{name}` twice"));
        }
        if let Some(name) = unknown(&call.query, OPTIONS) {
            let message = format!("The query parameter '{name}' is not supported.");
            return refused(message, format!("the emulator knows no query option `{name}`"));
        }
        let filter =
            call.parameter("$filter").map(|text| filter(text, kind)).transpose()?.unwrap_or_default();
        let select =
            call.parameter("$select").map(|text| select(text, kind)).transpose()?.unwrap_or_default();
        let top = match call.parameter("$top").map(str::parse) {
            None => None,
            Some(Ok(top @ 1..=999)) => Some(top),
            Some(_) => {
                return refused(
                    "Invalid page size specified. Must be between 1 and 999 inclusive.".into(),
                    "$top is not 1 to 999".into(),
                );
            }
        };
        Ok(Self { filter, select, top })
    }

    /// Whether a row passes the filter. Names are compared without regard to case, as the directory does.
    pub(super) fn fits(&self, row: &Value) -> bool {
        self.filter.iter().all(|(property, text)| match &row[*property] {
            Value::String(value) => value.eq_ignore_ascii_case(text),
            Value::Bool(value) => value.to_string() == *text,
            _ => false,
        })
    }

    /// A row with what was selected alone.
    pub(super) fn narrow(&self, row: &Value) -> Value {
        match row {
            Value::Object(object) if !self.select.is_empty() => {
                let kept = object.iter().filter(|(name, _)| self.select.contains(&name.as_str()));
                Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
            }
            _ => row.clone(),
        }
    }
}

fn select(text: &str, kind: Kind) -> Checked<Vec<&'static str>> {
    let known = |name: &str| kind.properties().iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let unknown = |name: &str| {
        let message = format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
            kind.type_name()
        );
        refuse(StatusCode::BAD_REQUEST, "BadRequest", &message, format!("$select names `{name}`"))
    };
    text.split(',').map(|name| known(name).map_or_else(|| unknown(name), |known| Ok(*known))).collect()
}

/// `a eq 'x' and b eq 'y'`, and nothing else.
fn filter(text: &str, kind: Kind) -> Checked<Vec<(&'static str, String)>> {
    let mut rest = text;
    let mut parts = Vec::new();
    loop {
        let Some((name, value, after)) = comparison(rest) else {
            let why =
                format!("`{text}` is not comparisons by `eq` with texts in single quotes, joined by `and`");
            return refuse(StatusCode::BAD_REQUEST, "BadRequest", "Invalid filter clause", why);
        };
        let Some(known) = kind.filterable().iter().find(|known| **known == name) else {
            let message = format!(
                "Unsupported or invalid query filter clause specified for property '{name}' of resource '{}'.",
                kind.type_name()
            );
            let why = format!("$filter compares `{name}`");
            return refuse(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", &message, why);
        };
        parts.push((*known, value));
        match after.strip_prefix(" and ") {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(parts),
            None => rest = after,
        }
    }
}

/// One comparison at the beginning of a text, and what follows it.
fn comparison(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = text.split_once(" eq ")?;
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some(rest) = rest.strip_prefix("true").filter(|_| name == "isBuiltIn") {
        return Some((name, "true".to_owned(), rest));
    }
    let mut rest = rest.strip_prefix('\'')?;
    let mut value = String::new();
    loop {
        let (before, after) = rest.split_once('\'')?;
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(next) => {
                value.push('\'');
                rest = next;
            }
            None => return Some((name, value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_with_quoted_texts_are_understood_and_nothing_else() {
        let parts = |text: &str| filter(text, Kind::ServicePrincipal).ok();
        let one = |name, value: &str| Some(vec![(name, value.to_owned())]);
        for (text, expected) in [
            ("displayName eq 'x'", one("displayName", "x")),
            ("displayName eq 'o''brien''s'", one("displayName", "o'brien's")),
            ("displayName eq ''", one("displayName", "")),
            ("displayName eq 'a and b'", one("displayName", "a and b")),
            ("displayName eq 'o'brien'", None),
            ("displayName eq x", None),
            ("displayName ne 'x'", None),
            ("displayname eq 'x'", None),
            ("startswith(displayName,'x')", None),
            ("displayName eq 'x' or appId eq 'y'", None),
            ("displayName eq 'x' and ", None),
            ("displayName eq 'x", None),
            ("accountEnabled eq 'x'", None),
            ("", None),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
        let two = parts("displayName eq 'x' and servicePrincipalType eq 'ManagedIdentity'").unwrap();
        assert_eq!(two[1], ("servicePrincipalType", "ManagedIdentity".to_owned()));
    }
}
