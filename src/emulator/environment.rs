//! What each platform puts into the environment of its programs.

use super::arc;
use super::directory::{COMPUTE, WORKLOAD};
use super::script::{Fault, Identities};
use super::server::Emulator;
use super::source::Source;
use crate::secret::{ExposeSecret, Secret};

/// Names and values of variables.
pub(super) type Variables = Vec<(&'static str, String)>;

impl Emulator {
    /// What the environment of a client must hold to use this emulator, but for the certificate authority, which
    /// clients read from a file.
    pub fn variables(&self, source: Source) -> Variables {
        let own = self.own_variables(source);
        let mut variables = self.shared_variables();
        variables.retain(|(name, _)| own.iter().all(|(other, _)| other != name));
        variables.extend(own);
        variables
    }

    /// What does not depend on the source.
    pub(super) fn shared_variables(&self) -> Variables {
        let mut variables = vec![
            ("EXO_MI_CONNECTION_URI", self.addresses.exchange.clone()),
            ("EXO_MI_ORG", self.organization().to_owned()),
            ("AZURE_AUTHORITY_HOST", self.addresses.authority.clone()),
            ("EXO_MI_GRAPH_URI", self.addresses.graph.clone()),
        ];
        variables.extend(self.state.script.client_id.map(|id| ("EXO_MI_CLIENT_ID", id.to_owned())));
        variables
    }

    /// What the platform itself sets.
    pub(super) fn own_variables(&self, source: Source) -> Variables {
        let addresses = &self.addresses;
        let identity = |endpoint: &str| endpoint_and_header(endpoint, &self.state.identity_header);
        let older = |endpoint: &str| endpoint_and_secret(endpoint, &self.state.msi_secret);
        match source {
            Source::Imds => vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", addresses.imds.clone())],
            Source::IdentityEndpoint => identity(&addresses.identity_endpoint),
            Source::HybridWorker => self.of_hybrid_worker(),
            Source::Arc => vec![
                ("IDENTITY_ENDPOINT", addresses.arc.clone() + arc::PATH),
                ("IMDS_ENDPOINT", addresses.arc.clone()),
            ],
            Source::ServiceFabric => self.of_service_fabric(),
            Source::AzureMl => [older(&addresses.azure_ml), self.of_compute()].concat(),
            Source::CloudShell => of_cloud_shell(&addresses.cloud_shell),
            Source::AppService2017 => [older(&addresses.app_service_2017), of_web_site()].concat(),
            Source::ContainerInstanceWindows => identity(&addresses.container_instance),
            Source::WorkloadIdentity => self.of_pod(),
            Source::Certificate => Vec::new(),
        }
    }

    /// The worker sets the older names too, and to the same secret.
    fn of_hybrid_worker(&self) -> Variables {
        let (endpoint, secret) = (&self.addresses.hybrid_worker, &self.state.identity_header);
        [endpoint_and_header(endpoint, secret), endpoint_and_secret(endpoint, secret)].concat()
    }

    fn of_service_fabric(&self) -> Variables {
        let mut variables = endpoint_and_header(&self.addresses.service_fabric, &self.state.identity_header);
        let mut thumbprint = self.thumbprint.clone();
        if self.state.script.plans(Fault::OtherCertificate) {
            thumbprint = thumbprint.chars().rev().collect();
        }
        variables.push(("IDENTITY_SERVER_THUMBPRINT", thumbprint));
        variables.push(("IDENTITY_API_VERSION", "2020-05-01".to_owned()));
        variables
    }

    /// What the webhook injects, with the slash that it puts behind the host.
    fn of_pod(&self) -> Variables {
        let file = self.federated_token_file().to_string_lossy().into_owned();
        vec![
            ("AZURE_CLIENT_ID", WORKLOAD.client_id.to_owned()),
            ("AZURE_TENANT_ID", self.state.script.home.tenant.to_owned()),
            ("AZURE_FEDERATED_TOKEN_FILE", file),
            ("AZURE_AUTHORITY_HOST", format!("{}/", self.addresses.authority)),
        ]
    }

    /// The compute names its own identity, where it has one.
    fn of_compute(&self) -> Variables {
        match self.state.script.identities {
            Identities::SystemAndUser => vec![("DEFAULT_IDENTITY_CLIENT_ID", COMPUTE.client_id.to_owned())],
            Identities::None | Identities::UserOnly => Vec::new(),
        }
    }
}

fn endpoint_and_header(endpoint: &str, secret: &Secret) -> Variables {
    vec![("IDENTITY_ENDPOINT", endpoint.to_owned()), ("IDENTITY_HEADER", secret.expose_secret().to_owned())]
}

fn endpoint_and_secret(endpoint: &str, secret: &Secret) -> Variables {
    vec![("MSI_ENDPOINT", endpoint.to_owned()), ("MSI_SECRET", secret.expose_secret().to_owned())]
}

fn of_cloud_shell(endpoint: &str) -> Variables {
    vec![
        ("MSI_ENDPOINT", endpoint.to_owned()),
        ("ACC_CLOUD", "PROD".to_owned()),
        ("AZUREPS_HOST_ENVIRONMENT", "cloud-shell/1.0".to_owned()),
    ]
}

/// What tells a web site from a compute of Azure Machine Learning.
fn of_web_site() -> Variables {
    vec![
        ("WEBSITE_SITE_NAME", "exchange-tools".to_owned()),
        ("WEBSITE_HOSTNAME", "exchange-tools.azurewebsites.net".to_owned()),
        ("WEBSITE_INSTANCE_ID", "b4c4e9a0d1f24c6f9e0c1a7d3b5f8e62".to_owned()),
    ]
}
