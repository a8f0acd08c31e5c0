//! Taking a token for an Azure managed identity, whatever the host.
//!
//! [`Detection`] decides from the environment alone which source this host has; each source is one file that makes its
//! request; `answer` reads every shape of reply. A new source is one file and one row in the table of
//! `detect`.

mod acquire;
mod answer;
mod arc;
mod arc_key;
mod ask;
mod authority;
mod cache;
mod certificate;
mod certificate_file;
mod container_instance;
mod detect;
mod error;
mod expiry;
mod flow;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod identity_endpoint;
mod imds;
mod msi_endpoint;
mod selector;
mod service_fabric;
mod verify;
mod workload_identity;

pub use acquire::{Identity, Transport};
pub use answer::Unreadable;
pub use arc_key::ArcFault;
pub use authority::discover;
pub use cache::{Freshness, Held, TokenCache};
pub use certificate::Certificate;
pub use certificate_file::CertificateFault;
pub use detect::{Choice, Detection, TokenSource};
pub use error::{Error, Refusal};
pub use flow::{Credential, Wanted};
pub use selector::{IdentitySelector, NotAGuid};
