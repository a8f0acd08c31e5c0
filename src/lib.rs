//! exo-mi runs Exchange Online cmdlets under an Azure managed identity, without PowerShell.

pub mod clock;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod env;
pub mod secret;
pub mod value;
