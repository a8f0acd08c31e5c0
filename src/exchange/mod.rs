//! The Exchange Online admin API: one cmdlet over HTTPS, page by page.
//!
//! The protocol is that of the official module's REST back end, which answers `POST
//! {host}/adminapi/beta/{tenant}/InvokeCommand`; what is known of it comes from the module's own files and from clients
//! that have measured a live service.

mod argument;
mod aside;
mod batch;
mod call;
mod connection;
mod date;
mod endpoint;
mod entity;
mod envelope;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod module_file;
mod object;
mod page;
mod paging;
mod patience;
mod policy;
mod reader;
mod service_error;

pub use argument::{Argument, BadArgument};
pub use batch::{Item, LARGEST_BATCH};
pub use call::{BadCall, Call, CmdletInput, ResultSize};
pub use connection::{Connection, Reached};
pub use endpoint::{Endpoint, Environment};
pub use entity::BadEntity;
pub use envelope::Unreadable;
pub use error::{Error, PagingFault, Refusal};
pub use page::Page;
pub use paging::Paging;
pub use reader::Keep;
pub use service_error::ServiceError;
