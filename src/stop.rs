//! The order to stop: a signal, or whoever runs the program within another one.
//!
//! What waits for something outside of the process waits for the order as well, and ends as it would at its deadline: what
//! came is kept, and of a write that was on its way it is said that it was. Only what cannot wait for two things at once,
//! such as a write to a pipe that nobody reads, is cut off by the thread that watches.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(unix)]
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::exit::Exit;

/// Who orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Signal {
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupt,
    /// The service manager, the platform, or the end of the terminal.
    #[error("terminated")]
    Terminate,
}

impl From<Signal> for Exit {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Self::Interrupted,
            Signal::Terminate => Self::Terminated,
        }
    }
}

/// Tells whether the command is to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop(Option<Shared>);

#[derive(Clone, Debug)]
struct Shared {
    order: watch::Receiver<Option<Signal>>,
    /// Whether the command has heard, and is ending by itself.
    heeded: Arc<AtomicBool>,
    turn: Arc<Mutex<Turn>>,
}

/// What Ctrl-C ends.
#[derive(Debug, Default)]
enum Turn {
    /// The whole command.
    #[default]
    Whole,
    /// Nothing: a shell waits for what is typed next.
    Between,
    /// What the shell was told to do last. It was ended at this moment already.
    Of(watch::Sender<Option<Signal>>, Option<Duration>),
}

/// The beginning of the watch. Nothing comes through the channel: its other end goes once the thread listens, or cannot.
pub(crate) struct Listening(Receiver<()>);

impl Listening {
    /// Waits until signals are heard. Before that nothing may be sent, or the first signal would end the process where it
    /// stands.
    pub(crate) fn begun(self) {
        let _ = self.0.recv();
    }
}

/// Gives the order to stop.
#[derive(Debug)]
pub struct Order {
    whole: watch::Sender<Option<Signal>>,
    heeded: Arc<AtomicBool>,
    turn: Arc<Mutex<Turn>>,
}

/// How long a command has to hear the order.
const TO_HEAR: Duration = Duration::from_millis(100);

/// How long a command that has heard has to write what is complete.
const TO_END: Duration = Duration::from_secs(2);

impl Stop {
    /// Nobody orders.
    pub fn never() -> Self {
        Self(None)
    }

    /// An order that is given by hand.
    pub fn by_hand() -> (Order, Self) {
        let (send, receive) = watch::channel(None);
        let heeded = Arc::new(AtomicBool::new(false));
        let turn = Arc::new(Mutex::new(Turn::Whole));
        let order = Order { whole: send, heeded: heeded.clone(), turn: turn.clone() };
        (order, Self(Some(Shared { order: receive, heeded, turn })))
    }

    /// Has Ctrl-C end nothing until the next turn. The other signals end the whole as before.
    pub fn between_turns(&self) {
        if let Some(shared) = &self.0 {
            *lock(&shared.turn) = Turn::Between;
        }
    }

    /// Begins a turn, which is what Ctrl-C ends from now on; the whole goes on after it.
    #[must_use]
    pub fn begin_turn(&self) -> Self {
        let Some(shared) = &self.0 else { return Self::never() };
        // An order that comes meanwhile waits for the turn that it is to end.
        let mut turn = lock(&shared.turn);
        let given = *shared.order.borrow();
        let (send, order) = watch::channel(given);
        shared.heeded.store(false, Ordering::Relaxed);
        *turn = Turn::Of(send, None);
        drop(turn);
        Self(Some(Shared { order, ..shared.clone() }))
    }

    /// Watches the signals of this process. Where no thread can be had, the system's own way of stopping a process remains.
    pub(crate) fn watch() -> (Self, Listening) {
        let (order, stop) = Self::by_hand();
        let (listening, begun) = channel::<()>();
        let thread = std::thread::Builder::new().name("signal".to_owned());
        let _ = thread.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Some(signal) = runtime.ok().and_then(|runtime| runtime.block_on(insist(&order, listening)))
            {
                // The command is stuck, or somebody has asked twice: nothing that it holds back is worth more than the
                // order to stop.
                #[allow(clippy::exit, clippy::disallowed_methods)]
                std::process::exit(i32::from(Exit::from(signal).code()));
            }
        });
        (stop, Listening(begun))
    }

    /// The order, once it is given.
    pub fn order(&self) -> Option<Signal> {
        let shared = self.0.as_ref()?;
        let order = *shared.order.borrow();
        if order.is_some() {
            shared.heeded.store(true, Ordering::Relaxed);
        }
        order
    }

    /// Waits for the order, to end by itself.
    pub async fn ordered(&self) -> Signal {
        self.given().await;
        match self.order() {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }

    /// Waits until the order is given, as one who only looks on.
    pub(crate) async fn given(&self) {
        let Some(shared) = &self.0 else { return std::future::pending().await };
        if shared.order.clone().wait_for(Option::is_some).await.is_err() {
            // Who could have ordered is gone.
            std::future::pending::<()>().await;
        }
    }
}

impl Order {
    /// Orders to stop. A second order changes nothing.
    pub fn stop(&self, signal: Signal) {
        give(&self.whole, signal);
        if let Turn::Of(order, _) = &*lock(&self.turn) {
            give(order, signal);
        }
    }

    /// Ends the turn, where there are turns. `false` where the signal is for the whole, as it is too where a turn was
    /// ended long ago and is still there.
    fn end_turn(&self, now: Duration) -> bool {
        match &mut *lock(&self.turn) {
            Turn::Whole => false,
            Turn::Between => true,
            Turn::Of(order, ended) => {
                let stuck = ended.is_some_and(|ended| now >= ended + TO_END);
                ended.get_or_insert(now);
                give(order, Signal::Interrupt);
                !stuck
            }
        }
    }
}

fn give(order: &watch::Sender<Option<Signal>>, signal: Signal) {
    order.send_if_modified(|order| order.is_none() && order.replace(signal).is_none());
}

fn lock(turn: &Mutex<Turn>) -> MutexGuard<'_, Turn> {
    turn.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands on the first signal, and gives back a signal where the process is to be ended from here. `None` where none can
/// be waited for.
async fn insist(order: &Order, listening: Sender<()>) -> Option<Signal> {
    let mut signals = Signals::begin()?;
    drop(listening);
    let clock = Clock::real();
    let signal = loop {
        let signal = signals.next().await;
        if signal == Signal::Terminate || !order.end_turn(clock.elapsed()) {
            break signal;
        }
    };
    order.stop(signal);
    let patience = async {
        clock.sleep(TO_HEAR).await;
        if order.heeded.load(Ordering::Relaxed) {
            clock.sleep(TO_END).await;
        }
    };
    Some(tokio::select! {
        again = signals.next() => again,
        () = patience => signal,
    })
}

/// What each signal of the system orders. One that whoever started the process has it ignore stays ignored: so `nohup`
/// keeps a command from the end of its terminal, and a shell keeps one in the background of a script from Ctrl-C.
#[cfg(unix)]
struct Signals(Vec<(tokio::signal::unix::Signal, Signal)>);

#[cfg(unix)]
impl Signals {
    fn begin() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let orders = [
            (SignalKind::interrupt(), Signal::Interrupt),
            (SignalKind::terminate(), Signal::Terminate),
            (SignalKind::hangup(), Signal::Terminate),
        ];
        let ignored = ignored();
        let heard = orders.into_iter().filter(|(kind, _)| ignored >> (kind.as_raw_value() - 1) & 1 == 0);
        heard.map(|(kind, order)| Some((signal(kind).ok()?, order))).collect::<Option<_>>().map(Self)
    }

    async fn next(&mut self) -> Signal {
        std::future::poll_fn(|context| {
            let mut come = self.0.iter_mut().filter_map(|(signal, order)| {
                signal.poll_recv(context).is_ready().then_some(Poll::Ready(*order))
            });
            come.next().unwrap_or(Poll::Pending)
        })
        .await
    }
}

/// The signals that this process ignored when it began: bit 0 is signal 1.
#[cfg(target_os = "linux")]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

/// Where it cannot be asked without code that is unsafe, the end of the terminal is left to the system, since `nohup` is
/// used more often than a file is left behind.
#[cfg(all(unix, not(target_os = "linux")))]
fn ignored() -> u64 {
    1
}

/// On Windows: Ctrl-C and Ctrl-Break, the end of the console's window, and the end of the session. Compiled, and not run.
#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    stop: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn begin() -> Option<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Some(Self {
            interrupt: ctrl_c().ok()?,
            stop: ctrl_break().ok()?,
            close: ctrl_close().ok()?,
            shutdown: ctrl_shutdown().ok()?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.stop.recv() => Signal::Terminate,
            _ = self.close.recv() => Signal::Terminate,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_order_counts_and_is_heard_by_all() {
        let (order, stop) = Stop::by_hand();
        let other = stop.clone();
        assert_eq!((stop.order(), order.heeded.load(Ordering::Relaxed)), (None, false));
        order.stop(Signal::Terminate);
        order.stop(Signal::Interrupt);
        other.given().await;
        assert!(!order.heeded.load(Ordering::Relaxed), "looking on is not ending");
        assert_eq!((stop.ordered().await, other.order()), (Signal::Terminate, Some(Signal::Terminate)));
        assert!(order.heeded.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn ctrl_c_ends_a_turn_and_not_the_whole_unless_the_turn_is_stuck() {
        let (order, stop) = Stop::by_hand();
        let at = Duration::from_secs;
        assert!(!order.end_turn(at(0)), "there are no turns yet");
        stop.between_turns();
        assert!(order.end_turn(at(1)));
        let first = stop.begin_turn();
        assert_eq!(first.order(), None);
        assert!(order.end_turn(at(2)) && order.end_turn(at(3)));
        assert_eq!((first.ordered().await, stop.order()), (Signal::Interrupt, None));
        assert!(!order.end_turn(at(4)), "two seconds after the first it is stuck");
        let second = stop.begin_turn();
        assert_eq!(second.order(), None);
        order.stop(Signal::Terminate);
        assert_eq!((second.order(), stop.order()), (Some(Signal::Terminate), Some(Signal::Terminate)));
        assert_eq!(stop.begin_turn().order(), Some(Signal::Terminate));
    }

    #[tokio::test]
    async fn without_anybody_who_orders_nothing_ends() {
        let (order, gone) = Stop::by_hand();
        drop(order);
        for stop in [Stop::never(), gone] {
            let waited = tokio::time::timeout(Duration::from_millis(1), stop.ordered()).await;
            assert!(waited.is_err() && stop.order().is_none());
        }
    }
}
