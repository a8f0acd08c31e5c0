//! A host in memory, for tests and for fuzzing: a small tenant, files, and what was said.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::exit::Exit;
use crate::script::{Connection, Fault, Host, Invocation, Rows, Said};
use crate::value::Value;

/// What a script leaves behind.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(test), allow(dead_code))] // The tests read all of it, and the fuzz target what was sent.
pub(crate) struct Left {
    pub(crate) out: String,
    pub(crate) said: Vec<String>,
    pub(crate) told: Vec<String>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) calls: Vec<String>,
    /// The cmdlets that were begun, with the names of their parameters.
    pub(crate) sent: Vec<(String, Vec<String>)>,
    /// Whether anything was reached for behind the order to stop.
    pub(crate) went_on: bool,
    pub(crate) slept: Duration,
    pub(crate) exit: i32,
    pub(crate) fault: Option<String>,
}

#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) left: Arc<Mutex<Left>>,
    connected: bool,
    /// The pages that are still to come, by the number of the call.
    pages: BTreeMap<usize, Vec<Vec<String>>>,
    /// After so many checks the order to stop comes.
    pub(crate) patience: Option<usize>,
    /// How many cmdlets go into one request.
    pub(crate) together: Option<usize>,
    /// Whether the order to stop has come.
    stopped: bool,
}

/// The mailboxes of the tenant, two a page.
const MAILBOXES: [&str; 3] = [
    r#"{"Identity":"meg","DisplayName":"Meg","Size":10,"IsShared":false,"Groups":["a","b"],"WhenCreated":"2026-01-02T03:04:05.0000000Z"}"#,
    r#"{"Identity":"joe","DisplayName":"Joe","Size":3,"IsShared":true,"Groups":[],"WhenCreated":"2026-02-02T00:00:00.0000000Z"}"#,
    r#"{"Identity":"ann","DisplayName":"Ann","Size":20,"IsShared":false,"Groups":["a"],"WhenCreated":"2026-03-02T00:00:00.0000000Z"}"#,
];

struct File {
    path: String,
    left: Arc<Mutex<Left>>,
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut left = self.left.lock().expect("nobody holds it");
        left.files.entry(self.path.clone()).or_default().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fault(message: &str, exit: Exit) -> Fault {
    Fault { message: message.to_owned(), exit, id: "Test".to_owned(), fatal: false, account: None }
}

impl Memory {
    /// One whose connection is there already.
    #[cfg(test)]
    pub(super) fn connected() -> Self {
        Self { connected: true, ..Self::default() }
    }

    /// One that says no more than so often that the script may go on.
    pub(crate) fn patient(checks: usize) -> Self {
        Self { patience: Some(checks), ..Self::default() }
    }

    fn left(&self) -> std::sync::MutexGuard<'_, Left> {
        self.left.lock().expect("nobody holds it")
    }

    /// Something outside is reached for.
    fn reach(&self) -> std::sync::MutexGuard<'_, Left> {
        let mut left = self.left();
        left.went_on |= self.stopped;
        left
    }
}

impl Host for Memory {
    fn connect(&mut self, wanted: &Connection) -> Result<(), Fault> {
        if wanted.organization.as_deref() == Some("denied") {
            return Err(fault("Exchange refused", Exit::Denied));
        }
        self.connected = true;
        Ok(())
    }

    fn disconnect(&mut self) {
        self.connected = false;
    }

    fn connection(&mut self) -> Option<Vec<(String, Value<'static>)>> {
        self.connected.then(|| vec![("State".to_owned(), "Connected".into())])
    }

    fn begin(&mut self, number: usize, invocation: &Invocation) -> Result<(), Fault> {
        if !self.connected {
            return Err(Fault { fatal: true, ..fault("not connected", Exit::Usage) });
        }
        let parameters: Vec<String> =
            invocation.parameters.iter().map(|(name, value)| format!(" -{name} {value:?}")).collect();
        let mut left = self.reach();
        left.calls.push(format!("{}{}", invocation.cmdlet, parameters.concat()));
        let names = invocation.parameters.iter().map(|(name, _)| name.clone()).collect();
        left.sent.push((invocation.cmdlet.to_owned(), names));
        drop(left);
        let identity =
            invocation.parameters.iter().find(|(name, _)| name == "Identity").map(|(_, value)| value.clone());
        let wanted: Vec<String> = MAILBOXES
            .iter()
            .filter(|row| match &identity {
                Some(Value::Text(name)) => row.contains(&format!("\"Identity\":\"{name}\"")),
                _ => true,
            })
            .map(|row| (*row).to_owned())
            .collect();
        if matches!(&identity, Some(Value::Null)) || identity == Some(Value::Text("".into())) {
            return Err(fault("an empty identity", Exit::Usage));
        }
        let mut pages: Vec<Vec<String>> = wanted.chunks(2).map(<[String]>::to_vec).collect();
        if wanted.is_empty() {
            // It is asked for in vain.
            pages.push(Vec::new());
        }
        pages.reverse();
        self.pages.insert(number, pages);
        Ok(())
    }

    fn at_once(&mut self, _: usize) -> usize {
        self.together.unwrap_or(1)
    }

    fn together(&mut self, numbers: &[usize]) {
        self.reach().calls.push(format!("{} together", numbers.len()));
    }

    fn next(&mut self, number: usize) -> Result<Option<Rows>, Fault> {
        let pages = self.pages.get_mut(&number);
        if pages.as_ref().is_some_and(|pages| pages.len() == 1 && pages[0].is_empty()) {
            return Err(fault("there is no such mailbox", Exit::Cmdlet));
        }
        let page = pages.and_then(Vec::pop);
        if page.is_some() {
            self.reach().calls.push("page".to_owned());
        }
        Ok(page.map(|rows| Rows { rows, ..Rows::default() }))
    }

    fn forget(&mut self, number: usize) {
        self.pages.remove(&number);
    }

    fn write(&mut self, text: &str) -> Result<(), Fault> {
        self.left().out.push_str(text);
        Ok(())
    }

    fn take(&mut self, cmdlet: Option<&'static str>, objects: Vec<String>) -> Result<(), Fault> {
        let text = format!("{}{}\n", cmdlet.unwrap_or_default(), objects.concat());
        self.write(&text)
    }

    fn say(&mut self, kind: Said, text: &str) {
        self.left().said.push(format!("{kind:?}: {text}"));
    }

    fn report(&mut self, fault: &Fault, _: &[String]) {
        self.left().told.push(fault.message.clone());
    }

    fn now(&mut self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_500_000) + self.left().slept
    }

    fn sleep(&mut self, length: Duration) -> Result<(), Fault> {
        self.reach().slept += length;
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        if let Some(patience) = &mut self.patience {
            let Some(left) = patience.checked_sub(1) else {
                self.stopped = true;
                return Err(Fault { fatal: true, ..fault("the order to stop", Exit::Interrupted) });
            };
            *patience = left;
        }
        Ok(())
    }

    fn read(&mut self, path: &str) -> io::Result<Vec<u8>> {
        let text = self.left().files.get(path).cloned();
        text.map(String::into_bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&mut self, path: &str, append: bool) -> io::Result<Box<dyn Write>> {
        let mut left = self.reach();
        let file = left.files.entry(path.to_owned()).or_default();
        if !append {
            file.clear();
        }
        Ok(Box::new(File { path: path.to_owned(), left: self.left.clone() }))
    }

    fn make_folder(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn exists(&mut self, path: &str) -> bool {
        self.left().files.contains_key(path)
    }

    fn variable(&mut self, name: &str) -> Option<String> {
        (name == "HOME").then(|| "/home/meg".to_owned())
    }

    fn automation_variable(&mut self, name: &str) -> Option<String> {
        (name == "Org").then(|| "contoso.onmicrosoft.com".to_owned())
    }

    fn guid(&mut self) -> String {
        "11111111-2222-3333-4444-555555555555".to_owned()
    }

    fn columns(&mut self) -> Option<usize> {
        None
    }
}
