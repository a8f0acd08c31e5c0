//! What is said of identities that fail: on standard error one by one, or with `--errors` in a file, and then their number.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::cli::console::Console;
use crate::cli::lines::Line;
use crate::cli::{lock, sink};
use crate::exit::Exit;
use crate::failure::{Failure, print_for};
use crate::knowledge::Code;

/// Where failures of single identities go.
pub(super) struct Complaints {
    file: Option<(BufWriter<File>, PathBuf)>,
    counts: BTreeMap<&'static str, u64>,
}

impl Complaints {
    /// Opens the file, where one is wanted: empty, since what failed in an earlier run is tried again.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let file = path.map(|path| {
            let path = sink::followed(path)?;
            let file = lock::open(&path).map_err(|why| unusable(&path, &why))?;
            file.set_len(0).map_err(|error| unusable(&path, &error.to_string()))?;
            Ok::<_, Failure>((BufWriter::new(file), path))
        });
        Ok(Self { file: file.transpose()?, counts: BTreeMap::new() })
    }

    /// Tells of an identity that failed.
    pub(super) fn tell(
        &mut self,
        line: &Line,
        failure: &Failure,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        let Some((file, path)) = &mut self.file else {
            console.report(failure);
            return Ok(());
        };
        *self.counts.entry(failure.code.text()).or_default() += 1;
        let written = print_for(&line.text, line.number, failure, file).and_then(|()| file.flush());
        written.map_err(|error| unwritten(path, &error))
    }

    /// Says how many there were, where each is in the file.
    pub(super) fn sum_up(&mut self, console: &mut Console<'_>) -> Result<(), Failure> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|error| unwritten(path, &error))?;
        let all: u64 = self.counts.values().sum();
        if all > 0 {
            let kinds: Vec<_> = self.counts.iter().map(|(code, count)| format!("{count} {code}")).collect();
            let many = if all == 1 { "1 identity".to_owned() } else { format!("{all} identities") };
            let text =
                format!("{many} failed, each with its reason in {}: {}", path.display(), kinds.join(", "));
            console.say("note", &text);
        }
        Ok(())
    }
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::new(Exit::Machine, Code::FileUnusable, format!("{} cannot hold the errors", path.display()))
        .because(why)
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Machine, Code::OutputFailed, format!("{} could not be written", path.display()))
        .caused_by(error)
}
