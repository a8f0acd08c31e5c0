//! Everything ambient, captured once and passed down: environment, clock, random numbers, streams, terminals.

mod stream;

use std::io::{self, IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Clock;
use crate::env::Env;
use crate::stop::Stop;

pub use stream::{Priority, Stream};

/// What a run of the program can touch.
pub struct World {
    /// Environment variables.
    pub env: Env,
    /// The time.
    pub clock: Clock,
    /// Where request numbers come from.
    pub ids: Ids,
    /// The order to stop.
    pub stop: Stop,
    /// What a wait of no certain length is drawn from.
    pub chance: Chance,
    /// Standard input.
    pub stdin: Box<dyn Read + Send>,
    /// How many bytes it has, where it is a file that tells.
    pub stdin_length: Option<u64>,
    /// Whether it is a terminal, on which nothing is read that nobody was asked for.
    pub stdin_is_terminal: bool,
    /// Whether there is a person at a terminal who can be asked.
    pub interactive: bool,
    /// Standard output: data alone.
    pub stdout: Stream,
    /// What standard output is, as `device:inode`, by which systemd names its journal; `None` where that says nothing.
    pub stdout_id: Option<String>,
    /// Standard error: everything else.
    pub stderr: Stream,
}

/// Where GUIDs come from.
#[derive(Clone, Debug)]
pub enum Ids {
    /// The system's random numbers.
    Random,
    /// 1, 2, 3, …, for a test.
    Sequence(Arc<AtomicU64>),
}

/// Where the lengths of random waits come from.
#[derive(Clone, Copy, Debug)]
pub enum Chance {
    /// The system's random numbers.
    Random,
    /// Always this part of the longest, for a test.
    Fixed(f64),
}

impl World {
    /// The world of this process.
    pub fn capture() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_columns, err_columns) = (columns(&out), columns(&err));
        let stdin_is_terminal = io::stdin().is_terminal();
        let env = Env::process();
        // systemd sets the variable for a whole service, of which a stream may lead elsewhere.
        let in_journal = env.var("JOURNAL_STREAM").is_some_and(|journal| Some(journal) == id(&err));
        let stderr = Stream::new(err, err_columns);
        Self {
            env,
            clock: Clock::real(),
            ids: Ids::Random,
            stop: Stop::never(),
            chance: Chance::Random,
            stdin: Box::new(io::stdin()),
            stdin_length: length(&io::stdin()),
            stdin_is_terminal,
            interactive: stdin_is_terminal && err_columns.is_some(),
            stdout_id: id(&out),
            stdout: Stream::new(out, out_columns),
            stderr: if in_journal { stderr.into_journal() } else { stderr },
        }
    }

    /// Looks again how wide the terminal is, which whoever sits at it may have changed.
    pub(crate) fn measure(&mut self) {
        if !self.env.is_process() {
            return;
        }
        // What is none now was none at the beginning.
        self.stdout.columns = self.stdout.columns.and_then(|_| columns(&io::stdout()));
        self.stderr.columns = self.stderr.columns.and_then(|_| columns(&io::stderr()));
    }
}

/// The width of a stream that is a terminal.
#[cfg(unix)]
fn columns(stream: &(impl IsTerminal + std::os::fd::AsFd)) -> Option<usize> {
    stream.is_terminal().then(|| width(terminal_size::terminal_size_of(stream)))
}

#[cfg(windows)]
fn columns(stream: &(impl IsTerminal + std::os::windows::io::AsHandle)) -> Option<usize> {
    stream.is_terminal().then(|| width(terminal_size::terminal_size_of(stream)))
}

fn width(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(80, |(width, _)| usize::from(width.0))
}

/// Has the system write no image of this process when it crashes, in which its tokens would stand. On Linux other
/// processes of the same user cannot read its memory either, unless they may trace any process.
///
/// Rejected: a limit of 0 on the size of core files, which programs that take them through a pipe do not see.
#[cfg(target_os = "linux")]
pub fn forbid_core_files() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    // Where it is refused, the command is as good as before.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// What other systems do at a crash is up to their settings.
#[cfg(not(target_os = "linux"))]
pub fn forbid_core_files() {}

#[cfg(unix)]
fn metadata(stream: &impl std::os::fd::AsFd) -> Option<std::fs::Metadata> {
    std::fs::File::from(stream.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(unix)]
fn id(stream: &impl std::os::fd::AsFd) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    metadata(stream).map(|there| format!("{}:{}", there.dev(), there.ino()))
}

/// There is no journal.
#[cfg(not(unix))]
fn id<S>(_: &S) -> Option<String> {
    None
}

#[cfg(unix)]
fn length(stream: &io::Stdin) -> Option<u64> {
    metadata(stream).filter(std::fs::Metadata::is_file).map(|there| there.len())
}

/// It only tells how far a command has come.
#[cfg(not(unix))]
fn length(_: &io::Stdin) -> Option<u64> {
    None
}

impl Ids {
    /// A sequence that begins with 1.
    pub fn sequence() -> Self {
        Self::Sequence(Arc::new(AtomicU64::new(1)))
    }

    /// The next one.
    pub fn next(&self) -> Uuid {
        match self {
            Self::Random => Uuid::new_v4(),
            Self::Sequence(counter) => Uuid::from_u128(counter.fetch_add(1, Ordering::Relaxed).into()),
        }
    }
}

impl Chance {
    /// A length of time from nothing up to this one, each as likely as the next.
    pub fn up_to(self, longest: Duration) -> Duration {
        let part = match self {
            // The first quarter of such a number is nothing but chance.
            Self::Random => f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX),
            Self::Fixed(part) => part,
        };
        longest.mul_f64(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_within_its_bounds_and_uses_them() {
        let longest = Duration::from_secs(100);
        let drawn: Vec<_> = (0..1000).map(|_| Chance::Random.up_to(longest)).collect();
        assert!(drawn.iter().all(|wait| *wait <= longest));
        // A thousand draws leave a tenth empty once in many lives of the universe.
        for tenth in (0..100).step_by(10) {
            let tenth = Duration::from_secs(tenth)..Duration::from_secs(tenth + 10);
            assert!(drawn.iter().any(|wait| tenth.contains(wait)), "{tenth:?}");
        }
        assert_eq!(Chance::Fixed(0.25).up_to(longest), Duration::from_secs(25));
    }
}
