//! Taking a token for an Azure managed identity, whatever the host.
//!
//! [`Detection`] decides from the environment alone which source this host has; each source is one file that makes its
//! request; [`answer`] reads every shape of reply. A new source is one file and one row in the table of
//! [`detect`].

mod acquire;
mod answer;
mod detect;
mod error;
mod expiry;
mod identity_endpoint;
mod imds;
mod selector;
mod verify;

pub use acquire::Identity;
pub use answer::Unreadable;
pub use detect::{Choice, Detection, TokenSource};
pub use error::{Error, Refusal};
pub use selector::{IdentitySelector, NotAGuid};
