use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;

use super::addresses::{Addresses, bind};
use super::certificate_files::CertificateFiles;
use super::directory::CONTOSO;
use super::error::Error;
use super::files;
use super::journal::Entry;
use super::scenario::Scenario;
use super::service::Service;
use super::state::State;
use super::tls::{Pinned, Tls};
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
    /// The folder under which the files of the Arc agent lie, at the paths that they have on a host; a temporary
    /// one by default. Files and folders that were not there go with the emulator.
    pub arc_root: Option<PathBuf>,
    /// What chance begins with, where a scenario leaves something to chance: the same seed and the same requests in the
    /// same order meet the same faults.
    pub seed: u64,
    /// How long Exchange takes over each cmdlet.
    pub latency: Duration,
    /// How many requests Exchange runs for the tenant at once. A batch is one.
    pub at_once: usize,
    /// Whether [`Emulator::journal`] keeps every request, which takes memory for as long as the emulator serves.
    pub keeps_journal: bool,
    /// Whether what was read once is answered again at once and in the same bytes, which takes memory. It is for
    /// benchmarks, which would measure the emulator otherwise.
    pub remembers: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scenario: Scenario::Healthy,
            mailboxes: 12,
            clock: Clock::real(),
            arc_root: None,
            seed: 1,
            latency: Duration::ZERO,
            at_once: 10,
            keeps_journal: true,
            remembers: false,
        }
    }
}

/// A running emulator. It stops when it is dropped.
pub struct Emulator {
    pub(super) state: Arc<State>,
    pub(super) addresses: Addresses,
    pub(super) thumbprint: String,
    ca_pem: String,
    scenario: Scenario,
    arc_root: PathBuf,
    certificate: OnceLock<CertificateFiles>,
    /// Holds the files that have no other place; they go when it is dropped, after the state that writes there.
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts the services on ports of 127.0.0.1 that the system chooses. They answer when this returns.
    pub fn start(options: Options) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("exo-mi-").tempdir().map_err(Error::File)?;
        let state = Arc::new(State::new(&options, folder.path())?);
        let Tls { acceptor, ca_pem } = Tls::new()?;
        let pinned = Pinned::new()?;
        let (addresses, listeners) = bind(&state)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Listen)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (shared, pinned_acceptor) = (Arc::clone(&state), pinned.acceptor);
        let serve = move || {
            for listener in listeners {
                let pinned = listener.service() == Service::ServiceFabric;
                let acceptor = if pinned { &pinned_acceptor } else { &acceptor };
                runtime.spawn(listener.serve(Arc::clone(&shared), acceptor.clone()));
            }
            // Both ends mean the same: a word was sent, or the emulator is gone.
            runtime.block_on(stopped).ok();
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("exo-mi-emulator".into()).spawn(serve);
        let thread = Some(thread.map_err(Error::Listen)?);
        Ok(Self {
            state,
            addresses,
            thumbprint: pinned.thumbprint,
            ca_pem,
            scenario: options.scenario,
            arc_root: options.arc_root.unwrap_or_else(|| folder.path().to_owned()),
            certificate: OnceLock::new(),
            folder,
            stop: Some(stop),
            thread,
        })
    }

    /// Where the services listen.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The secret that the identity endpoint demands, another one at every start.
    pub fn identity_header(&self) -> &Secret {
        &self.state.identity_header
    }

    /// The folder under which the files of the Arc agent lie.
    pub fn root(&self) -> &Path {
        &self.arc_root
    }

    /// The token of the pod's service account, which is written anew before it expires.
    pub fn federated_token_file(&self) -> &Path {
        self.state.federation.file()
    }

    /// A token for Microsoft Graph, of somebody who may grant unless the scenario says otherwise.
    pub fn graph_token(&self) -> Secret {
        Secret::from(self.state.issuer.issue_to_grantor(&self.state.script, self.state.seconds()).token)
    }

    /// The file with such a token, written when this is first asked for.
    pub fn graph_token_file(&self) -> Result<PathBuf, Error> {
        let path = self.folder.path().join("graph-token");
        if !path.exists() {
            files::write(&path, self.graph_token().expose_secret().as_bytes(), 0o600).map_err(Error::File)?;
        }
        Ok(path)
    }

    /// The application that has a certificate. Its files are written when this is first asked for.
    pub fn certificate(&self) -> Result<&CertificateFiles, Error> {
        if let Some(files) = self.certificate.get() {
            return Ok(files);
        }
        let files = CertificateFiles::write(&self.folder.path().join("certificate")).map_err(Error::File)?;
        Ok(self.certificate.get_or_init(|| files))
    }

    /// Everything that must never be shown, as far as it exists by now, each with what it is.
    pub fn secrets(&self) -> Vec<(&'static str, Secret)> {
        let state = &self.state;
        let password = self.certificate.get().map(|files| files.pfx_password.clone());
        let kinds = [
            ("the identity header", vec![state.identity_header.clone()]),
            ("MSI_SECRET", vec![state.msi_secret.clone()]),
            ("an Azure Arc key", state.agent.secrets()),
            ("a federated token", state.federation.secrets()),
            ("a client assertion", state.presented.all()),
            ("a token", state.issuer.secrets()),
            ("a certificate's password", password.into_iter().collect()),
        ];
        kinds.into_iter().flat_map(|(kind, secrets)| secrets.into_iter().map(move |it| (kind, it))).collect()
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

    /// Every request so far, in the order of the answers; none where the options say that none is kept.
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
