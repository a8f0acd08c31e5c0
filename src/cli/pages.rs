//! How far a result of several pages has come, on a terminal.

use std::pin::pin;
use std::time::Duration;

use super::console::Console;
use super::pulse::{ON_A_TERMINAL, Pulse, seconds};
use crate::clock::Clock;

/// How far a result has come.
pub(super) struct Pages {
    clock: Clock,
    pulse: Pulse,
    taken: usize,
    rows: usize,
}

impl Pages {
    /// A result that begins now, where somebody sees it come.
    pub(super) fn watched(console: &Console<'_>) -> Option<Self> {
        let clock = console.world.clock.clone();
        let pulse = Pulse::begin(&clock, ON_A_TERMINAL);
        let pages = Self { clock, pulse, taken: 0, rows: 0 };
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
            if let Ok(done) = tokio::time::timeout(self.clock.limit(ON_A_TERMINAL), &mut work).await {
                console.clear();
                return done;
            }
        }
    }

    fn show(&mut self, console: &mut Console<'_>) {
        if let Some(elapsed) = self.pulse.beat() {
            console.progress(&self.text(elapsed));
        }
    }

    fn text(&self, elapsed: Duration) -> String {
        let elapsed = seconds(elapsed);
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match (self.rows, self.taken) {
            (_, 0) => format!("waiting for the first page, {elapsed}"),
            (rows, pages) => {
                format!("{rows} row{} in {pages} page{}, {elapsed}", plural(rows), plural(pages))
            }
        }
    }
}
