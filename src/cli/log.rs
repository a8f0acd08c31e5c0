//! Diagnostics: on standard error as far as was asked for, and at their finest level into a bundle where one is made.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tracing::span::EnteredSpan;
use tracing::subscriber::DefaultGuard;
use tracing::{Level, Metadata};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use super::{Diagnostics, LogFormat};
use crate::failure::Failure;
use crate::http::Trace;
use crate::world::{Priority, Stream, World};

impl Diagnostics {
    /// Sends diagnostics to the standard error of this run, for as long as the guard lives, and to a log in memory
    /// besides.
    pub(crate) fn logging(&self, world: &World, memory: Option<Log>) -> Result<Logging, Failure> {
        let text = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Told(world.stderr.clone()));
        let shown = match self.log_format {
            LogFormat::Json => text.json().boxed(),
            // It has the time and the priority of each line.
            _ if world.stderr.is_journal() => text.without_time().with_level(false).boxed(),
            LogFormat::Text | LogFormat::Journald => text.boxed(),
        };
        let kept = memory.map(|log| {
            let layer = tracing_subscriber::fmt::layer().json().with_ansi(false);
            layer.with_writer(move || log.clone()).with_filter(own(LevelFilter::TRACE))
        });
        let level = self.level(&world.env)?;
        let is_logged = level != LevelFilter::OFF || kept.is_some();
        let registry = tracing_subscriber::registry().with(kept).with(shown.with_filter(own(level)));
        let guard = tracing::subscriber::set_default(registry);
        Ok(Logging { _run: is_logged.then(|| run(world)), _guard: guard })
    }
}

/// What every line of this run stands in: a number by which its lines are known among those of others. Where nothing is
/// logged none is drawn. All tasks of a run share one thread, so that it holds for those too that are begun aside.
fn run(world: &World) -> EnteredSpan {
    let trace = world.env.var("TRACEPARENT").and_then(|parent| parent.parse::<Trace>().ok());
    tracing::error_span!("run", id = %world.ids.next(), trace_id = trace.as_ref().map(Trace::id)).entered()
}

/// Diagnostics go their way as long as this lives.
pub(crate) struct Logging {
    // Left before the place that it belongs to is gone.
    _run: Option<EnteredSpan>,
    _guard: DefaultGuard,
}

/// Events of other crates are left out: at their finest level some of them show headers.
fn own(level: LevelFilter) -> Targets {
    Targets::new().with_target("exo_mi", level)
}

/// Where lines are told of by how much they matter.
struct Told(Stream);

/// The place of one event, which comes in one piece.
struct Event {
    stream: Stream,
    priority: Priority,
}

impl<'a> MakeWriter<'a> for Told {
    type Writer = Event;

    fn make_writer(&'a self) -> Event {
        Event { stream: self.0.clone(), priority: Priority::Info }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Event {
        let priority = match *metadata.level() {
            Level::ERROR => Priority::Error,
            Level::WARN => Priority::Warning,
            Level::INFO => Priority::Info,
            _ => Priority::Debug,
        };
        Event { priority, ..self.make_writer() }
    }
}

impl Write for Event {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.tell(self.priority, &String::from_utf8_lossy(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Lines in memory.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The lines so far, an object each.
    pub(super) fn lines(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
