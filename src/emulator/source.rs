/// Where a client is to take its token from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The instance metadata service of a virtual machine.
    Imds,
    /// The identity endpoint of an Automation sandbox or of App Service.
    IdentityEndpoint,
    /// The identity endpoint of a hybrid worker, which is a remote service on https.
    HybridWorker,
    /// The agent of an Arc-enabled server.
    Arc,
    /// The token service of a Service Fabric node, on https with a certificate of its own.
    ServiceFabric,
    /// A compute of Azure Machine Learning.
    AzureMl,
    /// Cloud Shell, where the token is a person's.
    CloudShell,
    /// App Service as it was before 2019.
    AppService2017,
    /// A Windows container of Azure Container Instances.
    ContainerInstanceWindows,
    /// A pod whose service account is trusted by an application.
    WorkloadIdentity,
    /// An application that proves itself with a certificate.
    Certificate,
}

impl Source {
    /// Every source, in the order in which they are shown to users.
    pub const ALL: &'static [Self] = &[
        Self::Imds,
        Self::IdentityEndpoint,
        Self::HybridWorker,
        Self::Arc,
        Self::ServiceFabric,
        Self::AzureMl,
        Self::CloudShell,
        Self::AppService2017,
        Self::ContainerInstanceWindows,
        Self::WorkloadIdentity,
        Self::Certificate,
    ];

    /// A short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Imds => "imds",
            Self::IdentityEndpoint => "identity-endpoint",
            Self::HybridWorker => "hybrid-worker",
            Self::Arc => "arc",
            Self::ServiceFabric => "service-fabric",
            Self::AzureMl => "azure-ml",
            Self::CloudShell => "cloud-shell",
            Self::AppService2017 => "app-service-2017",
            Self::ContainerInstanceWindows => "container-instance-windows",
            Self::WorkloadIdentity => "workload-identity",
            Self::Certificate => "certificate",
        }
    }
}
