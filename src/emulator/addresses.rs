//! Where each service listens, and under which path its clients find it.

use super::error::Error;
use super::listener::Listener;
use super::service::{Scheme, Service};
use super::state::State;
use super::{app_service_2017, azure_ml, cloud_shell, container_instance, identity_endpoint, service_fabric};

/// Where the services listen. Origins have no slash at the end; endpoints have their path.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Addresses {
    /// The origin of IMDS, http.
    pub imds: String,
    /// The identity endpoint of an Automation sandbox, with its path, http.
    pub identity_endpoint: String,
    /// The identity endpoint of a hybrid worker, with its path, https.
    pub hybrid_worker: String,
    /// The origin of the Arc agent, http.
    pub arc: String,
    /// The token service of Service Fabric, with its path, https with a certificate of its own.
    pub service_fabric: String,
    /// The endpoint of Azure Machine Learning, with its path, http.
    pub azure_ml: String,
    /// The endpoint of Cloud Shell, with its path, http.
    pub cloud_shell: String,
    /// The endpoint of old App Service, with its path, http.
    pub app_service_2017: String,
    /// The endpoint in a Windows container of Azure Container Instances, with its path, http.
    pub container_instance: String,
    /// The origin of Exchange Online, https.
    pub exchange: String,
    /// The origin of Exchange Online, http.
    pub exchange_http: String,
    /// The origin of the authority, https.
    pub authority: String,
    /// The origin of the authority, http.
    pub authority_http: String,
    /// The origin of Microsoft Graph, https.
    pub graph: String,
    /// The origin of Microsoft Graph, http.
    pub graph_http: String,
}

/// Binds a port for every service, and one for each scheme where a service has two.
pub(super) fn bind(state: &State) -> Result<(Addresses, Vec<Listener>), Error> {
    let mut listeners = Vec::new();
    let mut bind = |service, scheme| -> Result<String, Error> {
        let listener = Listener::bind(service, scheme)?;
        let origin = listener.origin();
        listeners.push(listener);
        Ok(origin)
    };
    let addresses = Addresses {
        imds: bind(Service::Imds, Scheme::Http)?,
        identity_endpoint: bind(Service::IdentityEndpoint, Scheme::Http)? + identity_endpoint::SANDBOX_PATH,
        hybrid_worker: bind(Service::IdentityEndpoint, Scheme::Https)? + &state.worker_path,
        arc: by_name(&bind(Service::Arc, Scheme::Http)?),
        service_fabric: by_name(&bind(Service::ServiceFabric, Scheme::Https)?) + service_fabric::PATH,
        azure_ml: bind(Service::AzureMl, Scheme::Http)? + azure_ml::PATH,
        cloud_shell: by_name(&bind(Service::CloudShell, Scheme::Http)?) + cloud_shell::PATH,
        app_service_2017: bind(Service::AppService2017, Scheme::Http)? + app_service_2017::PATH,
        container_instance: bind(Service::ContainerInstance, Scheme::Http)? + container_instance::PATH,
        exchange: bind(Service::Exchange, Scheme::Https)?,
        exchange_http: bind(Service::Exchange, Scheme::Http)?,
        authority: bind(Service::Authority, Scheme::Https)?,
        authority_http: bind(Service::Authority, Scheme::Http)?,
        graph: bind(Service::Graph, Scheme::Https)?,
        graph_http: bind(Service::Graph, Scheme::Http)?,
    };
    Ok((addresses, listeners))
}

/// These platforms name the host instead of its address.
fn by_name(origin: &str) -> String {
    origin.replace("127.0.0.1", "localhost")
}
