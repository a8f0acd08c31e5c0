//! OPATH to OData: the filters that administrators write, as the addresses of the `Get-EXO` family take them.
//!
//! `Alias -like 'a*' -and IsShared -eq $true` becomes `startswith(Alias,'a') and IsShared eq true`. Properties with
//! several values are asked whether any of them fits.

use super::super::date;
use super::BadEntity;

/// How deep brackets may stand in each other.
const DEEPEST: u32 = 100;

/// Properties that hold several values: of mailboxes, recipients and protocol settings, as they come from the service. Some
/// have a twin with display names.
#[rustfmt::skip]
const COLLECTIONS: [&str; 46] = [
    "AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers",
    "ActiveSyncAllowedDeviceIDs", "ActiveSyncBlockedDeviceIDs", "AddressListMembership",
    "AdministrativeUnits", "AggregatedMailboxGuids", "ArchiveName", "AuditAdmin", "AuditDelegate",
    "AuditOwner", "BypassModerationFromSendersOrMembers", "Capabilities", "DefaultAuditSet",
    "EmailAddressDisplayNames", "EmailAddresses", "ExtensionCustomAttribute1", "ExtensionCustomAttribute2",
    "ExtensionCustomAttribute3", "ExtensionCustomAttribute4", "ExtensionCustomAttribute5", "Extensions",
    "GeneratedOfflineAddressBooks", "GrantSendOnBehalfTo", "InPlaceHolds", "Languages", "MailTipTranslations",
    "MailboxLocations", "MailboxProvisioningPreferences", "ManagedBy", "ModeratedBy", "NonCompliantDevices",
    "ObjectClass", "PersistedCapabilities", "PoliciesExcluded", "PoliciesIncluded", "ProtocolSettings",
    "RejectMessagesFrom", "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers",
    "ResourceCustom", "ResourceProvisioningOptions", "UMDtmfMap", "UserCertificate", "UserSMimeCertificate",
];
const TWIN: &str = "WithDisplayNames";

/// Translates a filter.
pub(super) fn translate(filter: &str) -> Result<String, BadEntity> {
    let mut reader = Reader { rest: filter.trim(), depth: 0 };
    let text = reader.alternatives().map_err(BadEntity::Filter)?;
    if reader.rest.is_empty() {
        Ok(text)
    } else {
        Err(BadEntity::Filter(format!("`{}` does not belong there", reader.rest)))
    }
}

/// A value to compare with.
enum Operand {
    Text(String),
    /// A number, a constant or a date, as OData writes it.
    Literal(String),
}

impl Operand {
    fn odata(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Literal(literal) => literal.clone(),
        }
    }
}

struct Reader<'f> {
    rest: &'f str,
    depth: u32,
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Result<String, String> {
        let mut all = vec![self.conditions()?];
        while self.operator("or") {
            all.push(self.conditions()?);
        }
        Ok(all.join(" or "))
    }

    fn conditions(&mut self) -> Result<String, String> {
        let mut all = vec![self.condition()?];
        while self.operator("and") {
            all.push(self.condition()?);
        }
        Ok(all.join(" and "))
    }

    fn condition(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} brackets"));
        }
        let negated = self.operator("not");
        let condition = if negated {
            // OData has `not` bind more tightly than a comparison.
            format!("not ({})", self.condition()?)
        } else if self.sign('(') {
            let inner = self.alternatives()?;
            if !self.sign(')') {
                return Err("a closing bracket is missing".to_owned());
            }
            format!("({inner})")
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<String, String> {
        let property = self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        if !property.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(format!("a property is missing before `{}`", self.rest));
        }
        let property = property.to_owned();
        // OData's own words: a property of that name would be read as something else.
        if ["not", "and", "or"].iter().any(|word| word.eq_ignore_ascii_case(&property)) {
            return Err(format!("`{property}` is no property, and as an operator it is -{property}"));
        }
        self.rest = self.rest.trim_start();
        let sign = self.rest.strip_prefix('-');
        self.rest = sign.ok_or_else(|| format!("an operator is missing after `{property}`"))?;
        let operator = self.word(|c| c.is_ascii_alphabetic()).to_ascii_lowercase();
        let value = self.operand(&property)?;
        let collection = is_collection(&property);
        let subject = if collection { "d" } else { property.as_str() };
        let (negated, test) = match operator.as_str() {
            // What holds of none holds not of any.
            "ne" if collection => (true, format!("{subject} eq {}", value.odata())),
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                (false, format!("{subject} {operator} {}", value.odata()))
            }
            "like" => (false, like(subject, &value)?),
            "notlike" => (true, like(subject, &value)?),
            other => return Err(format!("there is no operator -{other}")),
        };
        let test = if collection { format!("{property}/any(d: {test})") } else { test };
        Ok(if negated { format!("not ({test})") } else { test })
    }

    fn operand(&mut self, property: &str) -> Result<Operand, String> {
        self.rest = self.rest.trim_start();
        if let Some(text) = self.quoted()? {
            let moment = is_date(property).then(|| date::read(&text)).flatten();
            return Ok(moment.map_or(Operand::Text(text), |moment| Operand::Literal(moment.utc)));
        }
        let word = self.word(|c| !c.is_whitespace() && c != ')');
        match word.to_ascii_lowercase().as_str() {
            "" => Err(format!("a value for {property} is missing")),
            "$true" | "true" => Ok(Operand::Literal("true".to_owned())),
            "$false" | "false" => Ok(Operand::Literal("false".to_owned())),
            "$null" | "null" => Ok(Operand::Literal("null".to_owned())),
            variable if variable.starts_with('$') => Err(format!("`{word}` is a variable")),
            // Written anew: OData knows no plus sign before a number.
            lower => Ok(match lower.parse::<i64>() {
                Ok(number) => Operand::Literal(number.to_string()),
                Err(_) => Operand::Text(word.to_owned()),
            }),
        }
    }

    /// A text in quotes of either kind, of which two stand for one.
    fn quoted(&mut self) -> Result<Option<String>, String> {
        let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let (part, after) = rest.split_once(quote).ok_or("a closing quote is missing")?;
            text.push_str(part);
            let Some(more) = after.strip_prefix(quote) else {
                self.rest = after;
                return Ok(Some(text));
            };
            text.push(quote);
            rest = more;
        }
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Takes `-name` away where it stands here as a whole word.
    fn operator(&mut self, name: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(after) = rest.strip_prefix('-') else { return false };
        let whole = after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
        if !whole || after[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return false;
        }
        self.rest = &after[name.len()..];
        true
    }

    fn sign(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest).trim_start();
        after.is_some()
    }
}

/// A comparison with `*` at the ends, or once in the middle.
fn like(subject: &str, value: &Operand) -> Result<String, String> {
    let Operand::Text(pattern) = value else { return Err("-like compares with a text".to_owned()) };
    let call = |function: &str, text: &str| {
        format!("{function}({subject},{})", Operand::Text(text.to_owned()).odata())
    };
    let inner = pattern.trim_matches('*');
    if inner.is_empty() {
        return Ok(format!("{subject} ne null"));
    }
    match (pattern.starts_with('*'), pattern.ends_with('*'), inner.split_once('*')) {
        (false, false, None) => Ok(format!("{subject} eq {}", value.odata())),
        (false, true, None) => Ok(call("startswith", inner)),
        (true, false, None) => Ok(call("endswith", inner)),
        (true, true, None) => Ok(call("contains", inner)),
        (false, false, Some((start, end))) if !end.contains('*') => {
            Ok(format!("({} and {})", call("startswith", start), call("endswith", end)))
        }
        _ => Err(format!("`{pattern}` has a * in a place that OData has no function for")),
    }
}

fn is_collection(property: &str) -> bool {
    let (start, end) = property.split_at(property.len().saturating_sub(TWIN.len()));
    let single = if end.eq_ignore_ascii_case(TWIN) { start } else { property };
    COLLECTIONS.iter().any(|known| known.eq_ignore_ascii_case(single))
}

/// Whether a property is a moment, by the names that the service gives those.
fn is_date(property: &str) -> bool {
    let name = property.to_ascii_lowercase();
    name.starts_with("when")
        || name.ends_with("date")
        || name.ends_with("time")
        || name.ends_with("validfrom")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn filters_are_translated() {
        for (filter, expected) in [
            ("Alias -eq 'meg'", "Alias eq 'meg'"),
            ("Alias -EQ \"meg\"", "Alias eq 'meg'"),
            ("DisplayName -eq 'Sean O''Brien'", "DisplayName eq 'Sean O''Brien'"),
            ("Alias -ne 'a' -and Office -ne $null", "Alias ne 'a' and Office ne null"),
            ("IsDirSynced -eq $true -or IsShared -eq $False", "IsDirSynced eq true or IsShared eq false"),
            ("(A -eq 1 -or B -lt 2) -and -not (C -ge 3)", "(A eq 1 or B lt 2) and not ((C ge 3))"),
            ("-not Alias -like 'a*'", "not (startswith(Alias,'a'))"),
            ("Alias -like 'a*'", "startswith(Alias,'a')"),
            ("Alias -like '*a'", "endswith(Alias,'a')"),
            ("Alias -like '*it''s*'", "contains(Alias,'it''s')"),
            ("Alias -like 'a'", "Alias eq 'a'"),
            ("Alias -like 'a*z'", "(startswith(Alias,'a') and endswith(Alias,'z'))"),
            ("Alias -like '*'", "Alias ne null"),
            ("Alias -notlike 'a*'", "not (startswith(Alias,'a'))"),
            ("EmailAddresses -eq 'smtp:a@b.c'", "EmailAddresses/any(d: d eq 'smtp:a@b.c')"),
            ("EmailAddresses -like '*@b.c'", "EmailAddresses/any(d: endswith(d,'@b.c'))"),
            ("ExtensionCustomAttribute1 -eq 'a'", "ExtensionCustomAttribute1/any(d: d eq 'a')"),
            (
                "RejectMessagesFromWithDisplayNames -eq 'a'",
                "RejectMessagesFromWithDisplayNames/any(d: d eq 'a')",
            ),
            ("EmailAddresses -ne 'a'", "not (EmailAddresses/any(d: d eq 'a'))"),
            ("EmailAddresses -notlike 'a*'", "not (EmailAddresses/any(d: startswith(d,'a')))"),
            ("WhenCreated -gt '2026-01-02'", "WhenCreated gt 2026-01-02T00:00:00.0000000Z"),
            ("WhenCreated -gt '1/2/2026 3:04 PM'", "WhenCreated gt 2026-01-02T15:04:00.0000000Z"),
            ("RecipientTypeDetails -eq UserMailbox", "RecipientTypeDetails eq 'UserMailbox'"),
            ("Alias -eq 'a-and-b'", "Alias eq 'a-and-b'"),
            ("A -eq +16 -or B -eq -07", "A eq 16 or B eq -7"),
        ] {
            assert_eq!(translate(filter).as_deref(), Ok(expected), "{filter}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for filter in [
            "",
            "Alias",
            "Alias -eq",
            "Alias -eq 'a",
            "Alias -match 'a'",
            "(Alias -eq 'a'",
            "Alias -eq 'a')",
            "Alias -eq 'a' -and",
            "-and Alias -eq 'a'",
            "Alias eq 'a'",
            "Alias -like 'a*b*c'",
            "Alias -like '*a*b'",
            "Alias -like $null",
            "Alias -eq $user",
            "'a' -eq Alias",
            "not -eq 'a'",
            "Alias -eq 'a' -xor B -eq 'b'",
        ] {
            assert!(translate(filter).is_err(), "{filter}: {:?}", translate(filter));
        }
        assert!(translate(&"(".repeat(100_000)).is_err());
        assert!(translate(&"-not ".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn rubbish_is_translated_or_refused(filter in r#"[-A-Za-z '"()*$0-9é]{0,60}"#) {
            let _ = translate(&filter);
        }

        #[test]
        fn a_text_cannot_break_out_of_its_quotes(text in "[^'\\p{C}]{0,20}'?[^'\\p{C}]{0,20}") {
            let filter = format!("Alias -eq '{}'", text.replace('\'', "''"));
            prop_assert_eq!(translate(&filter), Ok(format!("Alias eq '{}'", text.replace('\'', "''"))));
        }
    }
}
