//! A server that is known by the thumbprint of its certificate, and by nothing else.

use std::sync::Arc;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use subtle::ConstantTimeEq;

use super::TlsError;

/// A SHA-1 thumbprint. Service Fabric uses no other; what is compared is one certificate with one that is known, so
/// that a collision would have to be made by whoever made both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thumbprint([u8; 20]);

impl Thumbprint {
    /// Reads 40 hexadecimal digits; colons and blanks between them do not count.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != ':')
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        if digits.len() == 40 { bytes.try_into().ok().map(Self) } else { None }
    }

    fn is_of(self, certificate: &CertificateDer<'_>) -> bool {
        let actual = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
        actual.as_ref().ct_eq(&self.0).into()
    }
}

/// A TLS configuration that trusts the one certificate. The handshake's signature is verified as ever, which proves
/// that the other side holds its key.
pub(super) fn configuration(thumbprint: Thumbprint) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(Pinned { thumbprint, provider: Arc::clone(&provider) });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Platform)?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

#[derive(Debug)]
struct Pinned {
    thumbprint: Thumbprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.thumbprint.is_of(certificate) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_read_in_every_way_it_is_printed() {
        let plain = Thumbprint::parse("00112233445566778899aabbccddeeff00112233");
        assert!(plain.is_some());
        for text in [
            "00112233445566778899AABBCCDDEEFF00112233",
            "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33",
            " 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33 ",
        ] {
            assert_eq!(Thumbprint::parse(text), plain, "{text}");
        }
        for text in [
            "",
            "00",
            "g0112233445566778899aabbccddeeff00112233",
            "00112233445566778899aabbccddeeff0011223344",
        ] {
            assert_eq!(Thumbprint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_thumbprint_is_that_of_the_whole_certificate() {
        let certificate = CertificateDer::from(b"abc".to_vec());
        let known = Thumbprint::parse("a9993e364706816aba3e25717850c26c9cd0d89d").expect("a thumbprint");
        assert!(known.is_of(&certificate));
        assert!(!known.is_of(&CertificateDer::from(b"abd".to_vec())));
    }
}
