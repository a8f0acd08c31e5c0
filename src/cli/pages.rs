//! How far a result of several pages has come, on a terminal.

use std::pin::pin;
use std::time::Duration;

use super::console::Console;
use crate::clock::Clock;

/// What is short is not worth a line.
const SILENCE: Duration = Duration::from_secs(1);

/// How long a line stands before the next.
const PAUSE: Duration = Duration::from_millis(200);

/// How far a result has come.
pub(super) struct Pages {
    clock: Clock,
    begun: Duration,
    /// When it is shown next.
    due: Duration,
    taken: usize,
    rows: usize,
}

impl Pages {
    /// A result that begins now, where somebody sees it come.
    pub(super) fn watched(console: &Console<'_>) -> Option<Self> {
        let clock = console.world.clock.clone();
        let begun = clock.elapsed();
        let pages = Self { clock, begun, due: begun + SILENCE, taken: 0, rows: 0 };
        (!console.quiet && console.world.stderr.columns.is_some()).then_some(pages)
    }

    /// Notes that a page came.
    pub(super) fn came(&mut self, rows: usize) {
        self.taken += 1;
        self.rows += rows;
    }

    /// Shows it while the next page is waited for, and takes the line away when that is there.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>, console: &mut Console<'_>) -> T {
        let mut work = pin!(work);
        loop {
            self.show(console);
            // Real time even where the clock is simulated: what is waited for is outside of the process.
            if let Ok(done) = tokio::time::timeout(self.clock.limit(PAUSE), &mut work).await {
                console.clear();
                return done;
            }
        }
    }

    fn show(&mut self, console: &mut Console<'_>) {
        let now = self.clock.elapsed();
        if now >= self.due {
            self.due = now + PAUSE;
            console.progress(&self.text(now.saturating_sub(self.begun)));
        }
    }

    fn text(&self, elapsed: Duration) -> String {
        let elapsed = humantime::format_duration(Duration::from_secs(elapsed.as_secs()));
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match (self.rows, self.taken) {
            (_, 0) => format!("waiting for the first page, {elapsed}"),
            (rows, pages) => {
                format!("{rows} row{} in {pages} page{}, {elapsed}", plural(rows), plural(pages))
            }
        }
    }
}
