//! Clients that we did not write take tokens from the emulator: what Microsoft's own libraries accept and refuse is a
//! yardstick for it that no misreading of ours can bend.
//!
//! `tests/clients/install` puts them into `target/clients`. Where they are missing the test says so and passes, unless
//! `EXO_MI_REQUIRE_CLIENTS` is set, as `.ci/run` does.

#![cfg(feature = "emulator")]
// The environment of the test process is meant, and a skipped test says so on its output.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::Command;

use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Options, Scenario, Source};
use serde_json::Value;

const READER: &str = "44444444-4444-4444-8444-444444444444";
const NOBODY: &str = "99999999-9999-4999-8999-999999999999";

#[derive(Clone, Copy)]
enum Client {
    AzureIdentity,
    Msal,
    AzureIdentityJs,
}

impl Client {
    const ALL: [Self; 3] = [Self::AzureIdentity, Self::Msal, Self::AzureIdentityJs];

    fn name(self) -> &'static str {
        match self {
            Self::AzureIdentity => "azure-identity",
            Self::Msal => "msal",
            Self::AzureIdentityJs => "@azure/identity",
        }
    }

    /// The interpreter and the script.
    fn command(self) -> Command {
        let folder = folder();
        match self {
            Self::AzureIdentity | Self::Msal => {
                let mut command = Command::new(folder.join("python/bin/python"));
                command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/take.py"));
                command
            }
            Self::AzureIdentityJs => {
                let mut command = Command::new("node");
                command.arg(folder.join("node/take.mjs"));
                command
            }
        }
    }

    /// Takes a token with nothing in the environment but what the emulated host sets.
    fn take(self, emulator: &Emulator, source: Source, client_id: &str) -> Value {
        let output = self
            .command()
            .args([self.name(), client_id])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(emulator.variables(source))
            .output()
            .unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.name()));
        let printed = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&printed).unwrap_or_else(|_| {
            panic!("{} printed {printed} and {}", self.name(), String::from_utf8_lossy(&output.stderr))
        })
    }
}

fn folder() -> PathBuf {
    let target = option_env!("CARGO_TARGET_TMPDIR").map(Path::new).and_then(Path::parent);
    target
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), Path::to_path_buf)
        .join("clients")
}

/// Whether the clients are there; says so where they are not.
fn installed() -> bool {
    let there = folder().join("python/bin/python").exists() && folder().join("node/node_modules").is_dir();
    let required = std::env::var_os("EXO_MI_REQUIRE_CLIENTS").is_some();
    assert!(there || !required, "the clients are not in {}: run tests/clients/install", folder().display());
    if !there {
        println!(
            "skipped: the clients are not in {}; tests/clients/install puts them there",
            folder().display()
        );
    }
    there
}

fn start(scenario: Scenario) -> Emulator {
    let options = Options { scenario, clock: Clock::real(), ..Options::default() };
    Emulator::start(options).expect("the emulator starts")
}

#[test]
fn microsofts_clients_get_tokens_for_the_system_assigned_identity_and_by_client_id() {
    if !installed() {
        return;
    }
    let emulator = start(Scenario::Healthy);
    for (source, system) in [
        (Source::Imds, "11111111-1111-4111-8111-111111111111"),
        (Source::IdentityEndpoint, "22222222-2222-4222-8222-222222222222"),
    ] {
        for client in Client::ALL {
            for (client_id, appid) in [("-", system), (READER, READER)] {
                let answer = client.take(&emulator, source, client_id);
                assert_eq!(answer["appid"], appid, "{} {source:?} {client_id}: {answer}", client.name());
            }
        }
    }
}

#[test]
fn microsofts_clients_fail_where_they_should() {
    if !installed() {
        return;
    }
    for (scenario, source, client_id) in [
        (Scenario::NoIdentity, Source::Imds, "-"),
        (Scenario::NoIdentity, Source::IdentityEndpoint, "-"),
        (Scenario::Healthy, Source::Imds, NOBODY),
        (Scenario::Healthy, Source::IdentityEndpoint, NOBODY),
        (Scenario::AmbiguousIdentity, Source::Imds, "-"),
        (Scenario::Html200, Source::Imds, "-"),
    ] {
        let emulator = start(scenario);
        for client in Client::ALL {
            let answer = client.take(&emulator, source, client_id);
            assert!(answer["error"].is_string(), "{} {scenario} {source:?}: {answer}", client.name());
        }
    }
}
