//! What this program knows about the field: the codes of its errors, the roles that Exchange accepts, and the texts by
//! which other programs and services say that something is wrong.

mod codes;
mod explain;
mod message;
mod pattern;
mod plain;
mod reading;
mod roles;
mod section;
mod symptom;

pub use codes::Code;
pub use explain::{Explanation, explain};
pub use roles::{
    ADMINISTRATOR, APP_ROLE, APP_ROLE_ID, DIRECTORY_ROLES, DirectoryRole, EXCHANGE_APP_ID, LOOK_ALIKES,
    READER, directory_roles, excessive_roles, smallest_role,
};
pub use symptom::{Symptom, symptoms};
