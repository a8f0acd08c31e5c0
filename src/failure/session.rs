//! Failures of a session.

use super::{Failure, exchange};
use crate::exit::Exit;
use crate::http::TlsError;
use crate::knowledge::Code;
use crate::session::Error;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Identity(error) => error.into(),
            Error::Tls(error) => error.into(),
            Error::Exchange { error, claims } => exchange::failure(&error, claims.as_deref()),
            Error::WrongTenant { organization, tenant, identity_tenant } => {
                let own =
                    identity_tenant.unwrap_or_else(|| "a tenant that the token does not name".to_owned());
                Self::new(Exit::Denied, Code::TenantMismatch, message)
                    .because(format!("{organization} is tenant {tenant}; the identity lives in {own}"))
                    .hint("a managed identity works in its own tenant alone: name that tenant's organization, or run this on a host of the other tenant")
            }
        }
    }
}

impl From<TlsError> for Failure {
    fn from(error: TlsError) -> Self {
        let (exit, code) = match error {
            TlsError::NoCertificate | TlsError::BadCertificate(_) => (Exit::Usage, Code::FileUnusable),
            TlsError::Platform(_) => (Exit::Machine, Code::TlsUntrusted),
            TlsError::Thread(_) | TlsError::Client(_) => (Exit::Machine, Code::MachineFailed),
        };
        let failure = Self::new(exit, code, error.to_string());
        let failure = match std::error::Error::source(&error) {
            Some(source) => failure.caused_by(source),
            None => failure,
        };
        match code {
            Code::MachineFailed => failure,
            _ => failure.hint("give a PEM file of the certificates to trust with --ca-file"),
        }
    }
}
