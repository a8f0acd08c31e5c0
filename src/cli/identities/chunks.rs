//! The identities of standard input, as many at a time as go into one request.

use super::journal::{Fate, Journal};
use super::shard::Shard;
use crate::cli::lines::{Line, Lines};
use crate::failure::Failure;

/// Identities as they come.
pub(super) struct Chunks {
    lines: Lines,
    shard: Option<Shard>,
    /// How many make the next chunk.
    wanted: usize,
    most: usize,
    /// What has come of the next chunk.
    begun: Vec<Line>,
    over: bool,
}

/// What has been read.
pub(super) enum Read {
    /// Identities for one request; none at the end.
    Chunk(Vec<Line>),
    /// An identity of which an earlier run has left a doubt.
    InDoubt(Line),
    /// A line that cannot be used, or the end of all reading.
    Unusable(Failure),
}

impl Chunks {
    /// The first one has `first` identities, and the others have `most`.
    pub(super) fn new(lines: Lines, shard: Option<Shard>, first: usize, most: usize) -> Self {
        Self { lines, shard, wanted: first.min(most), most, begun: Vec::new(), over: false }
    }

    /// Whether everything was read.
    pub(super) fn are_over(&self) -> bool {
        self.over
    }

    /// Reads no more.
    pub(super) fn end(&mut self) {
        self.over = true;
    }

    /// The next ones. Nothing is lost where the wait for them is given up.
    pub(super) async fn next(&mut self, journal: &mut Option<Journal>) -> Read {
        while self.begun.len() < self.wanted {
            match self.lines.next().await {
                Some(Ok(line)) if self.shard.is_some_and(|shard| !shard.holds(&line.text)) => {}
                Some(Ok(line)) => match journal.as_mut().and_then(|journal| journal.meet(&line.text)) {
                    None => self.begun.push(line),
                    Some(Fate::InDoubt) => return Read::InDoubt(line),
                    Some(_) => {}
                },
                Some(Err(failure)) => return Read::Unusable(failure),
                None => {
                    self.over = true;
                    break;
                }
            }
        }
        self.wanted = self.most;
        Read::Chunk(std::mem::take(&mut self.begun))
    }
}
