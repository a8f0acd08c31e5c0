//! Which Exchange is called: host, token audience and authority belong together.

use clap::ValueEnum as _;
use url::Url;

use crate::http::{BadAddress, origin};

/// A cloud, by the name that `Connect-ExchangeOnline -ExchangeEnvironmentName` uses. Hosts, audiences and authorities
/// are the official module's constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "verbatim")]
pub enum Environment {
    /// The public cloud, GCC included.
    #[default]
    O365Default,
    /// The old German cloud.
    O365GermanyCloud,
    /// GCC High.
    #[value(name = "O365USGovGCCHigh")]
    O365UsGovGccHigh,
    /// The US Department of Defense.
    #[value(name = "O365USGovDoD")]
    O365UsGovDod,
    /// China, operated by 21Vianet.
    O365China,
}

impl Environment {
    fn host(self) -> &'static str {
        match self {
            Self::O365Default => "https://outlook.office365.com",
            Self::O365GermanyCloud => "https://outlook.office.de",
            Self::O365UsGovGccHigh => "https://outlook.office365.us",
            Self::O365UsGovDod => "https://outlook-dod.office365.us",
            Self::O365China => "https://partner.outlook.cn",
        }
    }

    /// The Microsoft Graph of the same cloud; `None` where Microsoft has closed it.
    pub fn graph(self) -> Option<&'static str> {
        match self {
            Self::O365Default => Some("https://graph.microsoft.com"),
            Self::O365GermanyCloud => None,
            Self::O365UsGovGccHigh => Some("https://graph.microsoft.us"),
            Self::O365UsGovDod => Some("https://dod-graph.microsoft.us"),
            Self::O365China => Some("https://microsoftgraph.chinacloudapi.cn"),
        }
    }

    /// The cloud whose Exchange a token is for, by the token's audience.
    pub fn of_audience(audience: &str) -> Option<Self> {
        let named = |cloud: &&Self| audience.trim_end_matches('/') == cloud.host();
        Self::value_variants().iter().find(named).copied()
    }

    /// Whether a host lies below that of one of the clouds.
    pub fn is_home_of(host: &str) -> bool {
        Self::value_variants().iter().any(|cloud| {
            let home = cloud.host().trim_start_matches("https://");
            host.strip_suffix(home).is_some_and(|below| below.ends_with('.'))
        })
    }

    /// The authority. The module still names `login.chinacloudapi.cn` for China, where Microsoft's newer scripts use
    /// the host below; both are said to answer.
    fn authority(self) -> &'static str {
        match self {
            Self::O365Default => "https://login.microsoftonline.com",
            Self::O365GermanyCloud => "https://login.microsoftonline.de",
            Self::O365UsGovGccHigh | Self::O365UsGovDod => "https://login.microsoftonline.us",
            Self::O365China => "https://login.partner.microsoftonline.cn",
        }
    }
}

/// Where cmdlets go, and what a token for there is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host and port of Exchange.
    pub base: Url,
    /// The audience: the environment's host with a trailing slash, as the module asks for it, also when another host
    /// is called.
    pub resource: String,
    /// Scheme, host and port of the authority.
    pub authority: Url,
}

impl Endpoint {
    /// The endpoint of an environment.
    pub fn new(environment: Environment) -> Self {
        let parse = |text: &str| Url::parse(text).expect("the constants above are URLs");
        let host = environment.host();
        Self { base: parse(host), resource: format!("{host}/"), authority: parse(environment.authority()) }
    }

    /// Calls another host than the environment's own.
    pub fn set_base(&mut self, text: &str) -> Result<(), BadAddress> {
        self.base = origin(text)?;
        Ok(())
    }

    /// Asks another authority than the environment's own.
    pub fn set_authority(&mut self, text: &str) -> Result<(), BadAddress> {
        self.authority = origin(text)?;
        Ok(())
    }

    /// The URL of something in a tenant. `beta` is the one version that runs cmdlets: `v1.0` answers 405, and `v2.0`
    /// is another API with another app role.
    pub(super) fn url(&self, tenant: &str, what: &str) -> Url {
        self.versioned("beta", tenant, what)
    }

    /// The URL of something in another version of the API.
    pub(super) fn versioned(&self, version: &str, tenant: &str, what: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["adminapi", version, tenant, what]);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn environments_set_host_audience_and_authority_together() {
        for (name, host, authority) in [
            ("O365Default", "outlook.office365.com", "login.microsoftonline.com"),
            ("O365GermanyCloud", "outlook.office.de", "login.microsoftonline.de"),
            ("O365USGovGCCHigh", "outlook.office365.us", "login.microsoftonline.us"),
            ("O365USGovDoD", "outlook-dod.office365.us", "login.microsoftonline.us"),
            ("O365China", "partner.outlook.cn", "login.partner.microsoftonline.cn"),
        ] {
            let endpoint = Endpoint::new(Environment::from_str(name, true).expect("a name"));
            assert_eq!(endpoint.base.host_str(), Some(host));
            assert_eq!(endpoint.resource, format!("https://{host}/"));
            assert_eq!(endpoint.authority.host_str(), Some(authority));
        }
    }

    #[test]
    fn the_url_holds_the_tenant_as_one_segment() {
        let endpoint = Endpoint::new(Environment::O365Default);
        assert_eq!(
            endpoint.url("a/b c", "InvokeCommand").as_str(),
            "https://outlook.office365.com/adminapi/beta/a%2Fb%20c/InvokeCommand"
        );
    }
}
