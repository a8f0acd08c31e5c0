//! A strict stand-in, on loopback, of what exo-mi talks to: the identity endpoints of Azure, the authority, Microsoft
//! Graph and the Exchange Online admin API.
//!
//! It is written from the protocol and shares no wire type with the client: a client that is wrong fails against it.
//! What it accepts is the documented form and no more; every refusal says in the [`Journal`](Entry) what was wrong.
//!
//! A further token source is one file that answers its requests, one variant of [`Service`] and one line in the
//! router; a further fault is one line of a scenario.

mod aadsts;
mod addresses;
pub(crate) mod admin;
mod answer;
mod app_service_2017;
mod arc;
mod assignments;
mod authority;
mod azure_ml;
mod body;
mod call;
mod certificate_files;
mod cloud_shell;
mod container_instance;
mod credential;
mod directory;
mod environment;
mod error;
mod files;
mod graph;
mod handout;
mod identity_endpoint;
mod imds;
mod issuer;
mod journal;
mod listener;
mod metadata_service;
mod odds;
mod plan;
mod quota;
mod redact;
mod router;
mod scenario;
mod script;
mod selector;
mod server;
mod service;
mod service_fabric;
pub mod shell;
mod source;
mod state;
mod tenant;
mod tls;
mod token;

pub use addresses::Addresses;
pub use certificate_files::CertificateFiles;
pub use error::Error;
pub use journal::{Entry, Invocation, Verdict};
pub use scenario::{Scenario, UnknownScenario};
pub use server::{Emulator, Options};
pub use service::Service;
pub use source::Source;
