//! What this program knows about the field: the codes of its errors, the roles that Exchange accepts.

mod codes;
mod roles;

pub use codes::Code;
pub use roles::{
    ADMINISTRATOR, APP_ROLE, APP_ROLE_ID, DIRECTORY_ROLES, DirectoryRole, EXCHANGE_APP_ID, LOOK_ALIKES,
    READER, directory_roles,
};
