//! Which certificates are trusted, and the set-up of TLS beside other work.

use std::io;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::sync::oneshot;

/// The roots of trust.
#[derive(Clone, Debug)]
pub enum Roots {
    /// What this machine trusts, asked through the platform's own verifier.
    System,
    /// These certificates and no others, as PEM.
    Pem(Arc<[u8]>),
}

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file given as trusted roots holds no certificate.
    #[error("the file of trusted certificates holds no PEM certificate")]
    NoCertificate,
    /// A certificate in the file is broken.
    #[error("a certificate in the file of trusted certificates cannot be read")]
    BadCertificate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The machine's own roots could not be loaded.
    #[error("the certificates that this machine trusts could not be loaded")]
    Platform(#[source] rustls::Error),
    /// No thread could be started.
    #[error("no thread could be started")]
    Thread(#[source] io::Error),
    /// The HTTP client refused its configuration.
    #[error("the HTTP client could not be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Roots {
    /// Checks that the PEM can be used, so that a bad file is an error of the command line and not of the network.
    pub fn pem(text: Vec<u8>) -> Result<Self, TlsError> {
        store(&text)?;
        Ok(Self::Pem(text.into()))
    }
}

/// A TLS configuration that is being made on a thread of its own: loading the platform's roots takes three to thirty
/// milliseconds, which fit into the wait for the token.
#[derive(Debug)]
pub(super) struct TlsSetup {
    thread: std::thread::JoinHandle<Result<ClientConfig, TlsError>>,
    /// Closed when the thread has ended, which brings nothing else.
    made: oneshot::Receiver<()>,
}

impl TlsSetup {
    /// Begins.
    pub(super) fn begin(roots: Roots) -> Result<Self, TlsError> {
        let (end, made) = oneshot::channel();
        let work = move || {
            let _end: oneshot::Sender<()> = end;
            configuration(&roots)
        };
        let thread = std::thread::Builder::new().name("tls".to_owned()).spawn(work);
        Ok(Self { thread: thread.map_err(TlsError::Thread)?, made })
    }

    /// Lets other work go on until there is nothing more to wait for.
    pub(super) async fn made(&mut self) {
        let _ = (&mut self.made).await;
    }

    /// Waits for the end.
    pub(super) fn finish(self) -> Result<ClientConfig, TlsError> {
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// TLS 1.2 or 1.3 on ring, HTTP/2 or 1.1.
pub(super) fn configuration(roots: &Roots) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Platform)?;
    let mut config = match roots {
        Roots::System => builder.with_platform_verifier().map_err(TlsError::Platform)?.with_no_client_auth(),
        Roots::Pem(text) => builder.with_root_certificates(store(text)?).with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates of a bundle. One among many that cannot be read is passed over, as system bundles hold such; none at
/// all is an error, and where there was a broken one it is named.
fn store(text: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    let mut broken = None;
    for certificate in CertificateDer::pem_slice_iter(text) {
        let added = match certificate {
            Ok(certificate) => {
                store.add(certificate).map_err(|error| TlsError::BadCertificate(Box::new(error)))
            }
            Err(error) => Err(TlsError::BadCertificate(error.to_string().into())),
        };
        broken = broken.or(added.err());
    }
    match broken {
        _ if !store.is_empty() => Ok(store),
        Some(broken) => Err(broken),
        None => Err(TlsError::NoCertificate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused() {
        assert!(matches!(Roots::pem(b"nothing".to_vec()), Err(TlsError::NoCertificate)));
        assert!(matches!(Roots::pem(Vec::new()), Err(TlsError::NoCertificate)));
    }

    #[test]
    fn a_broken_certificate_is_refused() {
        let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
        assert!(matches!(Roots::pem(pem), Err(TlsError::BadCertificate(_))));
    }

    /// What a client says first, to find in it which versions it would agree to.
    fn hello(config: ClientConfig) -> Vec<u8> {
        let name = rustls_pki_types::ServerName::try_from("localhost").expect("a name");
        let mut client = rustls::ClientConnection::new(Arc::new(config), name).expect("a client");
        let mut hello = Vec::new();
        client.write_tls(&mut hello).expect("memory takes everything");
        hello
    }

    #[test]
    fn no_version_before_tls_1_2_is_offered_to_anyone() {
        let pem = include_bytes!("../../tests/wire/ca.pem");
        let thumbprint = crate::http::Thumbprint::parse(&"ab".repeat(20)).expect("a thumbprint");
        for config in [
            configuration(&Roots::pem(pem.to_vec()).expect("roots")),
            crate::http::pin::configuration(thumbprint),
        ] {
            let hello = hello(config.expect("a configuration"));
            // The extension `supported_versions`: its number, its length, the length of the list, and 1.3 and 1.2.
            let versions = [0, 43, 0, 5, 4, 3, 4, 3, 3];
            let versions_swapped = [0, 43, 0, 5, 4, 3, 3, 3, 4];
            let offered = hello.windows(9).any(|part| part == versions || part == versions_swapped);
            assert!(offered, "{hello:?}");
        }
    }
}
