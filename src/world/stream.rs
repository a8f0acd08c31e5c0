//! The streams that a run writes to.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An output stream. Clones write to the same place.
#[derive(Clone)]
pub struct Stream {
    sink: Arc<Mutex<dyn Write + Send>>,
    /// The terminal's width in columns, where it is one.
    pub columns: Option<usize>,
    is_journal: bool,
}

/// How much a line matters, by the numbers of syslog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// The command failed, or a part of it did.
    Error = 3,
    /// It may not be as it was meant.
    Warning = 4,
    /// What is told for information.
    Info = 6,
    /// What helps to find a fault.
    Debug = 7,
}

impl Stream {
    /// A stream to this sink.
    pub fn new(sink: impl Write + Send + 'static, columns: Option<usize>) -> Self {
        Self { sink: Arc::new(Mutex::new(sink)), columns, is_journal: false }
    }

    /// The same stream, which systemd's journal reads: it takes the priority of a line from its beginning, as
    /// sd-daemon(3) says.
    #[must_use]
    pub fn into_journal(self) -> Self {
        Self { is_journal: true, ..self }
    }

    /// Whether the journal reads it, which has the time of each line, and its priority.
    pub fn is_journal(&self) -> bool {
        self.is_journal
    }

    /// Writes lines that matter so much, at once, so that none of another thread comes between.
    pub fn tell(&mut self, priority: Priority, lines: &str) -> io::Result<()> {
        let mut text = String::with_capacity(lines.len() + 4);
        for line in lines.lines() {
            self.begin(priority, &mut text);
            text.push_str(line);
            text.push('\n');
        }
        self.write_all(text.as_bytes())
    }

    fn begin(&self, priority: Priority, text: &mut String) {
        if self.is_journal {
            let _ = write!(text, "<{}>", priority as u8);
        }
    }

    fn lock(&self) -> MutexGuard<'_, dyn Write + Send + 'static> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lock().flush()
    }
}
