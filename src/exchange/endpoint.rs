//! Which Exchange is called: host, token audience and authority belong together.

use clap::ValueEnum as _;
use url::{Host, Url};

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

/// An address that must not be called.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// It is no absolute URL with a host.
    #[error("it is no absolute https address such as https://outlook.office365.com")]
    NotAnAddress,
    /// It would carry the bearer token in the clear.
    #[error("the token is sent over https alone; plain http is allowed to loopback only")]
    Insecure,
}

impl Endpoint {
    /// The endpoint of an environment.
    pub fn new(environment: Environment) -> Self {
        let parse = |text: &str| Url::parse(text).expect("the constants above are URLs");
        let host = environment.host();
        Self { base: parse(host), resource: format!("{host}/"), authority: parse(environment.authority()) }
    }

    /// Calls another host than the environment's own.
    pub fn set_base(&mut self, text: &str) -> Result<(), BadEndpoint> {
        self.base = address(text)?;
        Ok(())
    }

    /// Asks another authority than the environment's own.
    pub fn set_authority(&mut self, text: &str) -> Result<(), BadEndpoint> {
        self.authority = address(text)?;
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

/// Reads an address given by the user. As in the module, only scheme, host and port of it count.
fn address(text: &str) -> Result<Url, BadEndpoint> {
    let mut url = Url::parse(text).ok().filter(Url::has_host).ok_or(BadEndpoint::NotAnAddress)?;
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(BadEndpoint::Insecure),
        _ => return Err(BadEndpoint::NotAnAddress),
    }
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
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

    #[test]
    fn addresses_are_reduced_to_their_origin_and_insecure_ones_refused() {
        for (text, expected) in [
            (
                "https://outlook.office365.com/powershell-liveid?email=a@b",
                Ok("https://outlook.office365.com/"),
            ),
            ("https://user:password@host:444/x#y", Ok("https://host:444/")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080/")),
            ("http://localhost:1", Ok("http://localhost:1/")),
            ("http://[::1]:1", Ok("http://[::1]:1/")),
            ("http://outlook.office365.com", Err(BadEndpoint::Insecure)),
            ("http://10.0.0.4", Err(BadEndpoint::Insecure)),
            ("outlook.office365.com", Err(BadEndpoint::NotAnAddress)),
            ("ftp://host", Err(BadEndpoint::NotAnAddress)),
            ("https://", Err(BadEndpoint::NotAnAddress)),
            ("", Err(BadEndpoint::NotAnAddress)),
        ] {
            assert_eq!(address(text).map(String::from), expected.map(str::to_owned), "{text}");
        }
    }
}
