//! An application with a certificate, as `Connect-ExchangeOnline -AppId -CertificateFilePath`: it signs an assertion
//! and exchanges it at the authority.
//!
//! Microsoft's page on certificate credentials asks for PS256 and the certificate's SHA-256 thumbprint in `x5t#S256`.
//! The signature is made by ring through the provider that the JWT crate lets its users bring.

use std::fmt;
use std::time::{Duration, SystemTime};

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, KeyUtils};
use jsonwebtoken::signature::{self, Signer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use secrecy::ExposeSecret;
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use super::certificate_file::{CertificateFault, Material};
use crate::secret::Secret;

/// How long an assertion may be used; it is sent at once.
const LIFE: Duration = Duration::from_secs(600);

/// An application's certificate with its key.
pub struct Certificate {
    /// The application.
    pub app_id: Uuid,
    key: EncodingKey,
    thumbprint: String,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.app_id, self.thumbprint)
    }
}

#[derive(Serialize)]
struct Claims<'c> {
    aud: &'c str,
    iss: String,
    sub: String,
    jti: String,
    nbf: u64,
    exp: u64,
}

impl Certificate {
    /// Reads the content of a PEM or PFX file.
    pub fn read(app_id: Uuid, content: &[u8], password: Option<&Secret>) -> Result<Self, CertificateFault> {
        let material = Material::read(content, password)?;
        let der = material.key.expose_secret();
        rsa(der).ok_or(CertificateFault::NotRsa)?;
        let digest = ring::digest::digest(&ring::digest::SHA256, &material.certificate);
        Ok(Self { app_id, key: EncodingKey::from_rsa_der(der), thumbprint: base64url(digest.as_ref()) })
    }

    /// An assertion for this token endpoint.
    pub(super) fn assertion(&self, audience: &Url, now: SystemTime) -> Option<Secret> {
        // A second installation reports that there is one already, which is what is wanted.
        let _ = PROVIDER.install_default();
        let seconds =
            |moment: SystemTime| moment.duration_since(SystemTime::UNIX_EPOCH).map(|span| span.as_secs());
        let claims = Claims {
            aud: audience.as_str(),
            iss: self.app_id.to_string(),
            sub: self.app_id.to_string(),
            jti: Uuid::new_v4().to_string(),
            nbf: seconds(now).ok()?,
            exp: seconds(now + LIFE).ok()?,
        };
        let header = Header { x5t_s256: Some(self.thumbprint.clone()), ..Header::new(Algorithm::PS256) };
        jsonwebtoken::encode(&header, &claims, &self.key).ok().map(Secret::from)
    }
}

/// The key, from either of the two forms in which RSA keys are kept.
fn rsa(der: &[u8]) -> Option<RsaKeyPair> {
    RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der)).ok()
}

/// The two functions have the form that the provider asks for.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: refuse,
    key_utils: KeyUtils::new_unimplemented(),
};

#[allow(clippy::trivially_copy_pass_by_ref)]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> jsonwebtoken::errors::Result<Box<dyn JwtSigner>> {
    let key = rsa(key.as_bytes()).filter(|_| *algorithm == Algorithm::PS256);
    match key {
        Some(key) => Ok(Box::new(Ps256(key))),
        None => Err(jsonwebtoken::errors::ErrorKind::InvalidAlgorithm.into()),
    }
}

/// Nothing here verifies: tokens are Exchange's to judge.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn refuse(
    _: &Algorithm,
    _: &DecodingKey,
) -> jsonwebtoken::errors::Result<Box<dyn jsonwebtoken::crypto::JwtVerifier>> {
    Err(jsonwebtoken::errors::ErrorKind::InvalidAlgorithm.into())
}

struct Ps256(RsaKeyPair);

impl Signer<Vec<u8>> for Ps256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mut made = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut made);
        signed.map(|()| made).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Ps256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::PS256
    }
}

/// Base64 for URLs, without padding.
fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
