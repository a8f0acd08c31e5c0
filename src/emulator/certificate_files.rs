//! The certificate of the emulated application, in every form in which a user may have one.

use std::io;
use std::path::{Path, PathBuf};

use super::directory::CERTIFIED;
use super::files;
use crate::secret::Secret;

/// What the application knows, and the key that checks its signatures.
pub(crate) const CERTIFICATE: &[u8] =
    include_bytes!("../../fixtures/certificate/application.certificate.der");
pub(crate) const PUBLIC_KEY: &[u8] = include_bytes!("../../fixtures/certificate/application.public.der");

const PEM: &[u8] = include_bytes!("../../fixtures/certificate/application.pem");
const ENCRYPTED_PEM: &[u8] = include_bytes!("../../fixtures/certificate/application.encrypted.pem");
const PFX: &[u8] = include_bytes!("../../fixtures/certificate/application.pfx");
const LEGACY_PFX: &[u8] = include_bytes!("../../fixtures/certificate/application.legacy.pfx");
const UNREGISTERED_PEM: &[u8] = include_bytes!("../../fixtures/certificate/unregistered.pem");
const PASSWORD: &str = "horse battery 7";

/// The application that has a certificate, and the files that hold it. The keys are public test material.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateFiles {
    /// The application's client id.
    pub app_id: String,
    /// Key (PKCS #8) and certificate.
    pub pem: PathBuf,
    /// Key and certificate as PKCS #12, encrypted as is usual today.
    pub pfx: PathBuf,
    /// The same, encrypted as Windows exports it.
    pub legacy_pfx: PathBuf,
    /// The password of the two before, and of the encrypted key.
    pub pfx_password: Secret,
    /// The key encrypted, and the certificate.
    pub encrypted_pem: PathBuf,
    /// Another key and its certificate, of which the application knows nothing.
    pub unregistered_pem: PathBuf,
}

impl CertificateFiles {
    /// Writes them where only their owner reads them.
    pub(crate) fn write(folder: &Path) -> io::Result<Self> {
        let write = |name: &str, content: &[u8]| {
            let path = folder.join(name);
            files::write(&path, content, 0o600).map(|()| path)
        };
        Ok(Self {
            app_id: CERTIFIED.client_id.to_owned(),
            pem: write("application.pem", PEM)?,
            pfx: write("application.pfx", PFX)?,
            legacy_pfx: write("application.legacy.pfx", LEGACY_PFX)?,
            pfx_password: Secret::from(PASSWORD),
            encrypted_pem: write("application.encrypted.pem", ENCRYPTED_PEM)?,
            unregistered_pem: write("unregistered.pem", UNREGISTERED_PEM)?,
        })
    }
}
