//! How long a command has, how often it asks, and whom it trusts: options of every command that sends something.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::settings::{duration, given, wrong};
use crate::env::Env;
use crate::failure::Failure;
use crate::http::Limits;
use crate::world::World;

/// Options of every command that sends something.
#[derive(Args, Clone, Debug)]
pub(super) struct ReachOptions {
    /// Trust the certificates of this PEM file instead of the system's [env: EXO_MI_CA_FILE, SSL_CERT_FILE]
    #[arg(long, value_name = "PEM")]
    ca_file: Option<PathBuf>,
    /// Deadline of the whole command, such as 90s or 5m [env: EXO_MI_TIMEOUT]
    #[arg(long, value_name = "DURATION")]
    timeout: Option<String>,
    /// How often a request is tried again [default: 5]
    #[arg(long, value_name = "N")]
    max_retries: Option<u32>,
}

/// What was decided.
pub(super) struct Reach {
    pub ca_file: Option<PathBuf>,
    pub timeout: Option<Duration>,
    pub max_retries: Option<u32>,
}

/// The limits of a command that begins now.
pub(super) fn limits(timeout: Option<Duration>, max_retries: Option<u32>, world: &World) -> Limits {
    let clock = world.clock.clone();
    let deadline = timeout.map(|timeout| clock.elapsed() + timeout);
    Limits { clock, max_retries, deadline, stop: world.stop.clone() }
}

impl ReachOptions {
    /// Decides. Reads variables and nothing else.
    pub(super) fn resolve(self, env: &Env) -> Result<Reach, Failure> {
        let timeout = match given(self.timeout, "--timeout", env, "EXO_MI_TIMEOUT") {
            Some((text, from)) => Some(duration(&text).map_err(|why| wrong(from, &text, why))?),
            None => None,
        };
        let variable = || env.var("EXO_MI_CA_FILE").or_else(|| env.var("SSL_CERT_FILE")).map(Into::into);
        Ok(Reach { ca_file: self.ca_file.or_else(variable), timeout, max_retries: self.max_retries })
    }
}
