//! Signals to stop, watched from a thread of their own.
//!
//! The program has one thread for its work, and that thread may be stuck: in a write to a pipe that nobody reads, in a
//! read of a terminal. A signal must end the process all the same, so it is not waited for there alone.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::exit::Exit;

/// How long the command has to end by itself: to drop what it was doing and to say that it was stopped.
const GRACE: Duration = Duration::from_millis(300);

/// Tells when the process is to stop.
pub(crate) struct Stop(oneshot::Receiver<Exit>);

impl Stop {
    /// Watches from now on. Where no thread can be had, the system's own way of stopping a process remains.
    pub(crate) fn watch() -> Self {
        let (tell, told) = oneshot::channel();
        let thread = std::thread::Builder::new().name("signal".to_owned());
        let _ = thread.spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            let Some(exit) = runtime.block_on(signalled()) else { return };
            let _ = tell.send(exit);
            runtime.block_on(Clock::real().sleep(GRACE));
            // The command is stuck: nothing that it holds back is worth more than the order to stop.
            #[allow(clippy::exit, clippy::disallowed_methods)]
            std::process::exit(i32::from(exit.code()));
        });
        Self(told)
    }

    /// Waits for the order to stop.
    pub(crate) async fn ordered(self) -> Exit {
        match self.0.await {
            Ok(exit) => exit,
            // The watcher is gone, and with it the order.
            Err(_) => std::future::pending().await,
        }
    }
}

/// Waits for a signal; `None` where none can be waited for.
async fn signalled() -> Option<Exit> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).ok()?;
        let mut terminate = signal(SignalKind::terminate()).ok()?;
        Some(tokio::select! {
            _ = interrupt.recv() => Exit::Interrupted,
            _ = terminate.recv() => Exit::Terminated,
        })
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.ok().map(|()| Exit::Interrupted)
    }
}
