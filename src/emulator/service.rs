use std::fmt;

/// What a port of the emulator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// The instance metadata service of a virtual machine.
    Imds,
    /// The endpoint that `IDENTITY_ENDPOINT` names: Automation, App Service, a hybrid worker.
    IdentityEndpoint,
    /// The agent of an Arc-enabled server.
    Arc,
    /// The token service of a Service Fabric node.
    ServiceFabric,
    /// The endpoint of a compute of Azure Machine Learning.
    AzureMl,
    /// The endpoint of Cloud Shell.
    CloudShell,
    /// App Service's endpoint as it was before 2019.
    AppService2017,
    /// The endpoint inside a Windows container of Azure Container Instances.
    ContainerInstance,
    /// The admin API of Exchange Online.
    Exchange,
    /// The authority, login.microsoftonline.com.
    Authority,
    /// Microsoft Graph.
    Graph,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Imds => "imds",
            Self::IdentityEndpoint => "identity-endpoint",
            Self::Arc => "arc",
            Self::ServiceFabric => "service-fabric",
            Self::AzureMl => "azure-ml",
            Self::CloudShell => "cloud-shell",
            Self::AppService2017 => "app-service-2017",
            Self::ContainerInstance => "container-instance",
            Self::Exchange => "exchange",
            Self::Authority => "authority",
            Self::Graph => "graph",
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
