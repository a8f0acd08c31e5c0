//! A certificate authority that lives as long as the emulator, the certificate that it signs for loopback, and a
//! certificate that nobody has signed.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};
use ring::digest;
use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::error::Error;
use super::issuer::hexadecimal;

pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
}

impl Tls {
    pub(crate) fn new() -> Result<Self, Error> {
        let authority = authority().map_err(Error::Certificate)?;
        let key = KeyPair::generate().map_err(Error::Certificate)?;
        let leaf = leaf().and_then(|leaf| leaf.signed_by(&key, &authority)).map_err(Error::Certificate)?;
        Ok(Self { acceptor: acceptor(&leaf, &key)?, ca_pem: authority.pem() })
    }
}

/// A port whose certificate is known by its thumbprint, since nobody vouches for it.
pub(crate) struct Pinned {
    pub(crate) acceptor: TlsAcceptor,
    /// SHA-1 in forty hexadecimal digits.
    pub(crate) thumbprint: String,
}

impl Pinned {
    pub(crate) fn new() -> Result<Self, Error> {
        let key = KeyPair::generate().map_err(Error::Certificate)?;
        let leaf = leaf().and_then(|leaf| leaf.self_signed(&key)).map_err(Error::Certificate)?;
        Ok(Self { acceptor: acceptor(&leaf, &key)?, thumbprint: thumbprint(leaf.der()) })
    }
}

/// The SHA-1 of a certificate, by which platforms name one.
pub(crate) fn thumbprint(certificate: &[u8]) -> String {
    hexadecimal(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, certificate).as_ref())
}

fn acceptor(leaf: &Certificate, key: &KeyPair) -> Result<TlsAcceptor, Error> {
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], private))
        .map_err(Error::Tls)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "exo-mi emulator");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
