//! The options for many identities, and what is opened for them before anything is sent.

use std::path::{Path, PathBuf};

use clap::Args;

use super::complaints::Complaints;
use super::journal::{Command, Journal};
use super::progress::Progress;
use super::shard::Shard;
use crate::cli::cmdlet::Resolved;
use crate::cli::confirm::Confirmation;
use crate::cli::execution::Prepared;
use crate::exchange::CmdletInput;
use crate::failure::Failure;
use crate::world::World;

/// Options that mean something where identities come on standard input.
#[derive(Args, Debug)]
pub(in crate::cli) struct ManyOptions {
    /// Of many identities, have so many requests under way at once, fewer where the service is too busy
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100))]
    parallel: u16,
    /// Of many identities, write each result when it comes and not in the order of the lines
    #[arg(long)]
    unordered: bool,
    /// Of many identities, take those of one part of N, counted from 1, and leave the rest to other machines
    #[arg(long, value_name = "I/N", value_parser = Shard::parse)]
    shard: Option<Shard>,
    /// Of many identities, keep in this file which are done, and go on from there where it has some
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Of many identities, tell of those that fail in this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Of many identities, say how far they have come, on a terminal or not; TOTAL is how many there are
    #[arg(long, value_name = "TOTAL", num_args = 0..=1, require_equals = true, default_missing_value = "0")]
    progress: Option<u64>,
}

/// How many identities are dealt with.
pub(in crate::cli) struct Many {
    pub(super) parallel: usize,
    pub(super) ordered: bool,
    pub(super) fail_fast: bool,
    pub(super) shard: Option<Shard>,
    pub(super) journal: Option<Journal>,
    pub(super) complaints: Complaints,
    pub(super) progress: Progress,
}

impl ManyOptions {
    /// Refuses what means nothing without a list of identities.
    pub(in crate::cli) fn check_unused(&self) -> Result<(), Failure> {
        let given = [
            ("--parallel", self.parallel > 1),
            ("--unordered", self.unordered),
            ("--shard", self.shard.is_some()),
            ("--resume", self.resume.is_some()),
            ("--errors", self.errors.is_some()),
            ("--progress", self.progress.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((name, _)) => Err(Failure::usage(format!("{name} is for identities on standard input"))
                .hint("they are read where the cmdlet has `-Identity -`")),
        }
    }

    /// Refuses to go on with what cannot be gone on with. Nothing is opened.
    pub(in crate::cli) fn check(&self, prepared: &Prepared, has_file: bool) -> Result<(), Failure> {
        let Resolved { call, confirmation, .. } = &prepared.resolved;
        if self.resume.is_none() {
            return Ok(());
        }
        if *confirmation == Confirmation::WhatIf {
            return Err(Failure::usage("--resume and -WhatIf exclude each other: nothing is done"));
        }
        if !call.writes && !call.repeatable {
            let name = &call.input.cmdlet_name;
            return Err(Failure::usage(format!("--resume is not for {name}")).because(
                "it has an effect each time, and whether one was had is not known after a run was ended",
            ));
        }
        prepared.output.check_resumable(has_file)
    }

    /// Opens what is written beside the result. Nothing is sent.
    pub(in crate::cli) fn open(&self, subject: &Subject<'_>, world: &World) -> Result<Many, Failure> {
        let Subject { prepared, organization, out, fail_fast, quiet } = *subject;
        let writes = prepared.is_some_and(|prepared| prepared.resolved.call.writes);
        // Where the first failure of a write is to stop the rest, nothing may be under way beside it.
        let parallel = if fail_fast && writes { 1 } else { usize::from(self.parallel) };
        let journal = self.resume.as_deref().zip(prepared).map(|(path, prepared)| {
            let out = out.and_then(|out| std::path::absolute(out).ok());
            Journal::open(path, &self.command(prepared, organization, out.as_deref()))
        });
        Ok(Many {
            parallel,
            ordered: !self.unordered,
            fail_fast,
            shard: self.shard,
            journal: journal.transpose()?,
            complaints: Complaints::open(self.errors.as_deref())?,
            progress: Progress::new(self.progress, world, quiet),
        })
    }

    /// What the journal is to belong to. How fast the list is done may differ from run to run.
    fn command(&self, prepared: &Prepared, organization: &str, out: Option<&Path>) -> Command {
        let CmdletInput { cmdlet_name, parameters } = &prepared.resolved.call.input;
        let mut parameters = parameters.clone();
        // The word that stands for the list, in whatever case it was written.
        parameters.retain(|name, _| !name.eq_ignore_ascii_case("Identity"));
        let shard = self.shard.map(|shard| shard.to_string()).unwrap_or_default();
        let form =
            format!("{} {} shard={shard}", serde_json::Value::Object(parameters), prepared.output.form());
        Command::new(cmdlet_name, organization, out, &form)
    }
}

/// What the options are for.
pub(in crate::cli) struct Subject<'s> {
    /// The cmdlet, where there are many identities for it.
    pub prepared: Option<&'s Prepared>,
    pub organization: &'s str,
    pub out: Option<&'s Path>,
    pub fail_fast: bool,
    pub quiet: bool,
}

impl Many {
    /// How many requests may be under way at once.
    pub(in crate::cli) fn parallel(&self) -> usize {
        self.parallel
    }

    /// How long the output is that an earlier run has left; `None` where no journal is kept.
    pub(in crate::cli) fn length(&self) -> Option<u64> {
        self.journal.as_ref().map(|journal| journal.output().length)
    }
}
