//! exo-mi runs Exchange Online cmdlets under an Azure managed identity, without PowerShell.

pub mod catalog;
pub mod clock;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod env;
pub mod exchange;
pub mod exit;
pub mod failure;
pub mod http;
pub mod identity;
pub mod knowledge;
pub mod render;
pub mod secret;
pub mod session;
pub mod token;
pub mod value;
pub mod world;
