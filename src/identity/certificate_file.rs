//! Reading a certificate and its key: PEM, encrypted PEM, or PFX.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls_pki_types::pem::{PemObject, SectionKind};
use secrecy::{ExposeSecret, SecretBox};

use crate::secret::Secret;

/// What a certificate file cannot be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It is neither PEM nor PFX.
    #[error("it is neither a PEM file nor a PFX file")]
    UnknownForm,
    /// There is no certificate in it.
    #[error("it holds no certificate")]
    NoCertificate,
    /// There is no private key in it.
    #[error("it holds no private key")]
    NoKey,
    /// A password is needed and none was given.
    #[error("it is protected by a password, and none was given")]
    PasswordNeeded,
    /// The password is wrong, or the protection is of an unknown kind.
    #[error("it cannot be opened with this password")]
    WrongPassword,
    /// The key is no RSA key, which alone signs PS256.
    #[error("its private key is no RSA key of 2048 bits or more")]
    NotRsa,
}

/// A certificate with its private key, as DER.
pub(super) struct Material {
    pub certificate: Vec<u8>,
    /// PKCS#8 or PKCS#1.
    pub key: SecretBox<Vec<u8>>,
}

impl Material {
    /// Reads the content of a file. A PFX without a password is one with an empty password.
    pub(super) fn read(content: &[u8], password: Option<&Secret>) -> Result<Self, CertificateFault> {
        if content.windows(11).any(|window| window == b"-----BEGIN ") {
            pem(content, password)
        } else {
            pfx(content, password)
        }
    }
}

/// The first certificate and the first key of a PEM file.
fn pem(content: &[u8], password: Option<&Secret>) -> Result<Material, CertificateFault> {
    let (mut certificate, mut key) = (None, None);
    let sections = <(SectionKind, Vec<u8>) as PemObject>::pem_slice_iter(content);
    for section in sections {
        let (kind, der) = section.map_err(|_| CertificateFault::UnknownForm)?;
        match kind {
            SectionKind::Certificate if certificate.is_none() => certificate = Some(der),
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey if key.is_none() => key = Some(der),
            _ => {}
        }
    }
    if key.is_none() {
        key = encrypted_key(content, password)?;
    }
    Ok(Material {
        certificate: certificate.ok_or(CertificateFault::NoCertificate)?,
        key: SecretBox::new(Box::new(key.ok_or(CertificateFault::NoKey)?)),
    })
}

/// An `ENCRYPTED PRIVATE KEY` block, which the PEM reader above passes over.
fn encrypted_key(content: &[u8], password: Option<&Secret>) -> Result<Option<Vec<u8>>, CertificateFault> {
    const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
    let text = String::from_utf8_lossy(content);
    let Some((_, rest)) = text.split_once(BEGIN) else { return Ok(None) };
    let block = rest.split_once(END).map(|(body, _)| format!("{BEGIN}{body}{END}\n"));
    let block = block.ok_or(CertificateFault::UnknownForm)?;
    let password = password.ok_or(CertificateFault::PasswordNeeded)?;
    let (_, der) = pkcs8::Document::from_pem(&block).map_err(|_| CertificateFault::UnknownForm)?;
    let key =
        EncryptedPrivateKeyInfoRef::try_from(der.as_bytes()).map_err(|_| CertificateFault::UnknownForm)?;
    let plain = key.decrypt(password.expose_secret()).map_err(|_| CertificateFault::WrongPassword)?;
    Ok(Some(plain.as_bytes().to_vec()))
}

/// The certificate and the key of a PFX file that belong together.
fn pfx(content: &[u8], password: Option<&Secret>) -> Result<Material, CertificateFault> {
    // A SEQUENCE: anything else is no DER and so no PFX.
    if content.first() != Some(&0x30) {
        return Err(CertificateFault::UnknownForm);
    }
    let given = password.map_or("", |password| password.expose_secret());
    let opened = KeyStore::from_pkcs12(content, given, Pkcs12ImportPolicy::Strict);
    let store = opened.map_err(|error| match (error, password) {
        (p12_keystore::error::Error::DerError(_), _) => CertificateFault::UnknownForm,
        (_, None) => CertificateFault::PasswordNeeded,
        (_, Some(_)) => CertificateFault::WrongPassword,
    })?;
    let (_, chain) = store.private_key_chain().ok_or(CertificateFault::NoKey)?;
    let certificate = chain.certs().first().ok_or(CertificateFault::NoCertificate)?;
    Ok(Material {
        certificate: certificate.as_der().to_vec(),
        key: SecretBox::new(Box::new(chain.key().as_der().to_vec())),
    })
}
