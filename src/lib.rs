//! exo-mi runs Exchange Online cmdlets under an Azure managed identity, without PowerShell.

pub mod catalog;
pub mod clock;
pub mod env;
pub mod exit;
pub mod http;
pub mod identity;
pub mod render;
pub mod secret;
pub mod token;
pub mod value;
