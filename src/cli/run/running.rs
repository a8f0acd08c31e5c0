//! A cmdlet that the script runs, from its beginning to its last page.

use uuid::Uuid;

use super::super::confirm::Confirmation;
use super::super::console::Console;
use crate::exchange::{Call, LARGEST_BATCH, Page};
use crate::failure::Failure;
use crate::session::{Begun, Session};

/// A cmdlet that the script runs.
pub(super) struct Running {
    pub(super) call: Call,
    /// The connection that it began with.
    pub(super) of: Uuid,
    pub(super) confirmation: Confirmation,
    pub(super) begun: Option<Begun>,
    /// What became of the request that it went with, where that brought nothing.
    pub(super) failed: Option<Failure>,
    /// Whether a page has come.
    pub(super) came: bool,
}

impl Running {
    /// How many like it go into one request. What writes goes by itself, so that nothing is done behind the first that
    /// fails.
    pub(super) fn at_once(&self) -> usize {
        let reads = self.call.repeatable && self.call.is_batchable();
        if reads && self.confirmation == Confirmation::None { LARGEST_BATCH } else { 1 }
    }

    /// What the script is told where the connection has ended before it.
    pub(super) fn cut(&self) -> Option<Failure> {
        if self.begun.as_ref().is_some_and(Begun::is_over) {
            return None;
        }
        let name = &self.call.input.cmdlet_name;
        let message =
            format!("{name} was not carried out to its end: the connection that it began with has ended");
        let failure = Failure::usage(message);
        Some(failure.hint("disconnect, and connect anew, behind the pipeline and not within it"))
    }
}

/// The next page, and the cmdlet to go on with. Where it is denied it is tried again as long as permissions are waited for.
pub(super) async fn page(
    mut begun: Begun,
    running: &Running,
    session: &mut Session,
    console: &mut Console<'_>,
) -> (Begun, Result<Option<Page>, Failure>) {
    loop {
        let mut invocation = session.go_on(begun);
        let page = invocation.next().await;
        begun = invocation.pause();
        let failure = match page {
            Ok(page) => return (begun, Ok(page)),
            Err(error) => Failure::from(error),
        };
        if running.came || !console.waits_out(&failure, || session.token().claims()).await {
            return (begun, Err(failure));
        }
        if let Err(error) = session.renew().await {
            return (begun, Err(error.into()));
        }
        begun = session.begin(running.call.clone());
    }
}
