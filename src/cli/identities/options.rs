//! The options for many identities, and what is opened for them before anything is sent.

use std::path::PathBuf;

use clap::Args;

use super::complaints::Complaints;
use super::progress::Progress;
use super::shard::Shard;
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
            ("--errors", self.errors.is_some()),
            ("--progress", self.progress.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((name, _)) => Err(Failure::usage(format!("{name} is for identities on standard input"))
                .hint("they are read where the cmdlet has `-Identity -`")),
        }
    }

    /// Opens what is written beside the result. Nothing is sent.
    pub(in crate::cli) fn open(
        &self,
        fail_fast: bool,
        writes: bool,
        quiet: bool,
        world: &World,
    ) -> Result<Many, Failure> {
        // Where the first failure of a write is to stop the rest, nothing may be under way beside it.
        let parallel = if fail_fast && writes { 1 } else { usize::from(self.parallel) };
        Ok(Many {
            parallel,
            ordered: !self.unordered,
            fail_fast,
            shard: self.shard,
            complaints: Complaints::open(self.errors.as_deref())?,
            progress: Progress::new(self.progress, world, quiet),
        })
    }
}

impl Many {
    /// How many requests may be under way at once.
    pub(in crate::cli) fn parallel(&self) -> usize {
        self.parallel
    }
}
