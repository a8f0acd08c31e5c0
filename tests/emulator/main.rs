//! The emulator under a plain HTTP client: what is right passes, and every single defect is refused.
#![cfg(feature = "emulator")]
#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.
#![allow(clippy::needless_pass_by_value)] // `json!({…})` is read best where it is handed over.

mod admin;
mod arc;
mod authority;
mod batch;
mod certificate;
mod cloud_shell;
mod cmdlets;
mod entity;
mod entity_cmdlet;
mod graph;
mod healthy;
mod identity_endpoint;
mod imds;
mod older_endpoints;
mod other_clients;
mod paging;
mod parameters;
mod scenarios;
mod service_fabric;
mod shell;
mod workload_identity;
mod world;
