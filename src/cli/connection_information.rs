//! What `Get-ConnectionInformation` shows of a connection, in its order.

use std::time::Duration;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::clock::Clock;
use crate::session::Session;
use crate::value::Value;

/// The properties. What belongs to PowerShell's module alone is empty, as it is there for what does not apply.
pub(super) fn properties(
    session: &Session,
    alive: bool,
    page_size: u64,
    clock: &Clock,
) -> Vec<(&'static str, Value<'static>)> {
    let connection = session.connection();
    let token = session.token();
    // The module counts a token as ended ten minutes before its end.
    let active = token.remaining(clock.now()) > Duration::from_secs(600);
    let ends = OffsetDateTime::from(token.expires_on)
        .format(format_description!(
            "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period] +00:00"
        ))
        .unwrap_or_default();
    let organization = session.organization();
    vec![
        ("ConnectionId", connection.id().to_string().into()),
        ("State", if alive { "Connected" } else { "Broken" }.into()),
        ("Id", 1.into()),
        ("Name", "ExchangeOnline_1".into()),
        ("UserPrincipalName", format!("OAuthUser@{organization}").into()),
        ("ConnectionUri", origin(&connection.endpoint().base).into()),
        (
            "AzureAdAuthorizationEndpointUri",
            format!("{}/organizations", origin(&connection.endpoint().authority)).into(),
        ),
        ("TokenExpiryTimeUTC", ends.into()),
        ("CertificateAuthentication", false.into()),
        ("ModuleName", "".into()),
        ("ModulePrefix", "".into()),
        ("Organization", organization.to_owned().into()),
        ("DelegatedOrganization", "".into()),
        ("AppId", token.claims().and_then(|claims| claims.appid).unwrap_or_default().into()),
        ("PageSize", page_size.into()),
        ("TenantID", connection.tenant().to_owned().into()),
        ("TokenStatus", if active { "Active" } else { "Expired" }.into()),
        ("ConnectionUsedForInbuiltCmdlets", true.into()),
        ("IsEopSession", false.into()),
    ]
}

fn origin(url: &url::Url) -> String {
    url.origin().ascii_serialization()
}
