//! What was asked, what was answered, and why: the emulator's memory of a trial.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::SystemTime;

use time::macros::format_description;

use super::redact;
use super::service::Service;

/// One request, as the emulator saw and answered it. No field holds a token, an identity header or a cookie.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it was answered, by the emulator's clock.
    pub time: SystemTime,
    /// Who was called.
    pub service: Service,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// `HTTP/1.1` or `HTTP/2.0`, or `$batch` for a request inside a batch, which has an entry of its own.
    pub version: String,
    /// The method.
    pub method: String,
    /// Path and query; values of unknown names are left out.
    pub target: String,
    /// Header names as sent and values as far as they may be shown.
    pub headers: Vec<(String, String)>,
    /// The status that was answered.
    pub status: u16,
    /// Whether the request was right, and if not, what was wrong.
    pub verdict: Verdict,
    /// The cmdlet that was to run, where one was named.
    pub invocation: Option<Invocation>,
}

/// What the emulator thought of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing was wrong.
    Accepted,
    /// The request was wrong, or may not do what it asks for.
    Refused(String),
    /// The request was right; the scenario wanted it to fail.
    Fault(String),
}

/// A cmdlet in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// Its name as the service spells it, or as it was sent where the service has none such.
    pub cmdlet: String,
    /// Its parameters as JSON. They never carry a secret of the connection, and the printed line leaves them out.
    pub parameters: String,
    /// Whether it ran. A reply that got lost does not unmake that.
    pub executed: bool,
}

pub(crate) struct Journal {
    /// Whether entries are kept once the watchers have them.
    keeps: bool,
    state: Mutex<(Vec<Entry>, Vec<mpsc::Sender<Entry>>)>,
}

impl Journal {
    pub(crate) fn new(keeps: bool) -> Self {
        Self { keeps, state: Mutex::default() }
    }

    pub(crate) fn record(&self, entry: Entry) {
        tracing::debug!(target: "exo_mi::emulator", "{entry}");
        let mut state = self.lock();
        state.1.retain(|watcher| watcher.send(entry.clone()).is_ok());
        if self.keeps {
            state.0.push(entry);
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.lock().0.clone()
    }

    pub(crate) fn watch(&self) -> mpsc::Receiver<Entry> {
        let (sender, receiver) = mpsc::channel();
        self.lock().1.push(sender);
        receiver
    }

    /// Ends every watch, so that a thread that prints the journal comes to its end.
    pub(crate) fn close(&self) {
        self.lock().1.clear();
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<Entry>, Vec<mpsc::Sender<Entry>>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Whether the request carried a header of this name.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Entry {
    /// One line without control characters: it goes to a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = time::OffsetDateTime::from(self.time);
        let time = time.format(format_description!("[hour]:[minute]:[second].[subsecond digits:3]"));
        let time = time.unwrap_or_default();
        let Self { service, method, target, status, verdict, .. } = self;
        let line = format!("{time} {service} {method} {target} -> {status}{} {verdict}", self.cmdlet());
        f.write_str(&redact::printable(&line))
    }
}

impl Entry {
    fn cmdlet(&self) -> String {
        match &self.invocation {
            Some(Invocation { cmdlet, executed: true, .. }) => format!(" {cmdlet} executed,"),
            Some(Invocation { cmdlet, executed: false, .. }) => format!(" {cmdlet} not executed,"),
            None => String::new(),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("ok"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Fault(what) => write!(f, "scenario: {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_wrong_and_holds_no_control_character() {
        let entry = Entry {
            time: SystemTime::UNIX_EPOCH,
            service: Service::Exchange,
            scheme: "https",
            version: "HTTP/2.0".into(),
            method: "POST".into(),
            target: "/adminapi".into(),
            headers: Vec::new(),
            status: 400,
            verdict: Verdict::Refused("anchor mailbox is missing".into()),
            invocation: Some(Invocation {
                cmdlet: "Get-\u{1b}[2JX".into(),
                parameters: "{}".into(),
                executed: false,
            }),
        };
        assert_eq!(
            entry.to_string(),
            "00:00:00.000 exchange POST /adminapi -> 400 Get-[2JX not executed, refused: anchor mailbox is missing"
        );
    }
}
