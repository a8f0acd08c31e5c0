use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::directory::CONTOSO;
use super::error::Error;
use super::identity_endpoint::SANDBOX_PATH;
use super::journal::Entry;
use super::listener::Listener;
use super::scenario::Scenario;
use super::service::{Scheme, Service};
use super::state::State;
use super::tls::Tls;
use crate::clock::Clock;
use crate::secret::{ExposeSecret, Secret};

/// What the emulated world is like.
#[derive(Clone, Debug)]
pub struct Options {
    /// What goes wrong in it.
    pub scenario: Scenario,
    /// How many mailboxes the tenant has. They are made when they are asked for.
    pub mailboxes: usize,
    /// Where the emulator reads the time and on what it waits.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { scenario: Scenario::Healthy, mailboxes: 12, clock: Clock::real() }
    }
}

/// Where the services listen. Origins have no slash at the end.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The origin of IMDS, http.
    pub imds: String,
    /// The identity endpoint of an Automation sandbox, with its path, http.
    pub identity_endpoint: String,
    /// The identity endpoint of a hybrid worker, with its path, https.
    pub hybrid_worker: String,
    /// The origin of Exchange Online, https.
    pub exchange: String,
    /// The origin of Exchange Online, http.
    pub exchange_http: String,
    /// The origin of the authority, https.
    pub authority: String,
    /// The origin of the authority, http.
    pub authority_http: String,
}

/// Where a client is to take its token from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The instance metadata service of a virtual machine.
    Imds,
    /// The identity endpoint of an Automation sandbox or of App Service.
    IdentityEndpoint,
    /// The identity endpoint of a hybrid worker, which is a remote service on https.
    HybridWorker,
}

/// A running emulator. It stops when it is dropped.
pub struct Emulator {
    state: Arc<State>,
    addresses: Addresses,
    ca_pem: String,
    scenario: Scenario,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts the services on ports of 127.0.0.1 that the system chooses. They answer when this returns.
    pub fn start(options: Options) -> Result<Self, Error> {
        let state = Arc::new(State::new(options.scenario, options.mailboxes, options.clock)?);
        let Tls { acceptor, ca_pem } = Tls::new()?;
        let (addresses, listeners) = bind(&state)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Listen)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = Arc::clone(&state);
        let serve = move || {
            for listener in listeners {
                runtime.spawn(listener.serve(Arc::clone(&shared), acceptor.clone()));
            }
            // Both ends mean the same: a word was sent, or the emulator is gone.
            runtime.block_on(stopped).ok();
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("exo-mi-emulator".into()).spawn(serve);
        let thread = Some(thread.map_err(Error::Listen)?);
        Ok(Self { state, addresses, ca_pem, scenario: options.scenario, stop: Some(stop), thread })
    }

    /// Where the services listen.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The secret that the identity endpoint demands, another one at every start.
    pub fn identity_header(&self) -> &Secret {
        &self.state.identity_header
    }

    /// The certificate of the authority that vouches for the https ports.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The organization that a user is meant to connect to, whatever tenant the identity lives in.
    pub fn organization(&self) -> &str {
        CONTOSO.name
    }

    /// What the emulated world is like.
    pub fn scenario(&self) -> Scenario {
        self.scenario
    }

    /// What the environment of a client must hold to use this emulator, but for the certificate authority, which
    /// clients read from a file.
    pub fn variables(&self, source: Source) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("EXO_MI_CONNECTION_URI", self.addresses.exchange.clone()),
            ("EXO_MI_ORG", self.organization().to_owned()),
            ("AZURE_AUTHORITY_HOST", self.addresses.authority.clone()),
        ];
        variables.extend(self.source_variables(source));
        variables.extend(self.state.script.client_id.map(|id| ("EXO_MI_CLIENT_ID", id.to_owned())));
        variables
    }

    fn source_variables(&self, source: Source) -> Vec<(&'static str, String)> {
        let secret = || self.identity_header().expose_secret().to_owned();
        let endpoint = match source {
            Source::Imds => return vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", self.addresses.imds.clone())],
            Source::IdentityEndpoint => self.addresses.identity_endpoint.clone(),
            Source::HybridWorker => self.addresses.hybrid_worker.clone(),
        };
        let mut variables = vec![("IDENTITY_ENDPOINT", endpoint.clone()), ("IDENTITY_HEADER", secret())];
        if source == Source::HybridWorker {
            // The worker sets the older names too.
            variables.extend([("MSI_ENDPOINT", endpoint), ("MSI_SECRET", secret())]);
        }
        variables
    }

    /// Every request so far, in the order of the answers.
    pub fn journal(&self) -> Vec<Entry> {
        self.state.journal.entries()
    }

    /// The requests from now on, as they are answered. The channel ends when the emulator stops.
    pub fn watch(&self) -> std::sync::mpsc::Receiver<Entry> {
        self.state.journal.watch()
    }

    /// Closes the ports and waits for the thread.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already, and a second one while dropping would abort.
            thread.join().ok();
        }
        self.state.journal.close();
    }
}

fn bind(state: &State) -> Result<(Addresses, Vec<Listener>), Error> {
    let mut listeners = Vec::new();
    let mut bind = |service, scheme| -> Result<String, Error> {
        let listener = Listener::bind(service, scheme)?;
        let origin = listener.origin();
        listeners.push(listener);
        Ok(origin)
    };
    let addresses = Addresses {
        imds: bind(Service::Imds, Scheme::Http)?,
        identity_endpoint: bind(Service::IdentityEndpoint, Scheme::Http)? + SANDBOX_PATH,
        hybrid_worker: bind(Service::IdentityEndpoint, Scheme::Https)? + &state.worker_path,
        exchange: bind(Service::Exchange, Scheme::Https)?,
        exchange_http: bind(Service::Exchange, Scheme::Http)?,
        authority: bind(Service::Authority, Scheme::Https)?,
        authority_http: bind(Service::Authority, Scheme::Http)?,
    };
    Ok((addresses, listeners))
}
