use std::fmt;

/// What a port of the emulator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// The instance metadata service of a virtual machine.
    Imds,
    /// The endpoint that `IDENTITY_ENDPOINT` names: Automation, App Service, a hybrid worker.
    IdentityEndpoint,
    /// The admin API of Exchange Online.
    Exchange,
    /// The authority, login.microsoftonline.com.
    Authority,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Imds => "imds",
            Self::IdentityEndpoint => "identity-endpoint",
            Self::Exchange => "exchange",
            Self::Authority => "authority",
        })
    }
}

/// Whether a port speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}
