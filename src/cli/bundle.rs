//! `doctor --bundle`: what a person who helps would ask for, in one file and without secrets.
//!
//! It holds versions, the names of environment variables without their values, the report, and the log of every request
//! and reply at its finest level, in which no secret ever stands.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::log::{Log, Logging};
use super::{Diagnostics, sink};
use crate::clock::iso;
use crate::doctor::Report;
use crate::doctor::report::{self, Format, TextStyle};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::render;
use crate::world::World;

/// A bundle that is being gathered. While it lives, the log goes into it.
pub(super) struct Bundle {
    path: PathBuf,
    log: Log,
    environment: Vec<String>,
    began: Option<String>,
    _logging: Logging,
}

#[derive(Serialize)]
struct Content {
    schema: u32,
    version: &'static str,
    system: &'static str,
    architecture: &'static str,
    began: Option<String>,
    /// Names alone.
    environment: Vec<String>,
    report: Value,
    log: Vec<Value>,
}

impl Bundle {
    /// Begins to gather. A file that cannot be written is found here.
    pub(super) fn begin(path: &Path, diagnostics: &Diagnostics, world: &World) -> Result<Self, Failure> {
        let path = sink::followed(path)?;
        sink::check_folder(&path)?;
        if sink::is_special(&path) {
            return Err(Failure::usage(format!("--bundle: {} is no plain file", path.display())));
        }
        let log = Log::default();
        let logging = diagnostics.logging(world, Some(log.clone()))?;
        Ok(Self {
            path,
            log,
            environment: world.env.names(),
            began: iso(world.clock.now()),
            _logging: logging,
        })
    }

    /// Writes the file, readable by its owner alone.
    pub(super) fn finish(self, report: &Report) -> Result<(), Failure> {
        let content = Content {
            schema: 1,
            version: env!("CARGO_PKG_VERSION"),
            system: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            began: self.began,
            environment: self.environment,
            report: as_json(report),
            log: self.log.lines(),
        };
        write(&self.path, &content).map_err(|error| {
            let message = format!("{} cannot be written", self.path.display());
            Failure::new(Exit::Machine, Code::OutputFailed, message).caused_by(&error)
        })
    }
}

fn as_json(report: &Report) -> Value {
    let mut text = Vec::new();
    let written = report::write(report, Format::Json, TextStyle::default(), &mut text);
    written.ok().and_then(|()| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

fn write(path: &Path, content: &Content) -> io::Result<()> {
    let mut file = sink::beside(path)?;
    writeln!(file, "{}", render::harmless_json(content)?)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
