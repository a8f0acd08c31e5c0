//! What a script reaches outside of itself.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use crate::exit::Exit;
use crate::value::Value;

/// Something outside of the script that failed.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What happened.
    pub message: String,
    /// What the script ends with if nobody catches it.
    pub exit: Exit,
    /// The name of the error, as in a fully qualified error id.
    pub id: String,
    /// Whether the script ends with it in any case: nothing that follows could succeed, or anybody read it.
    pub fatal: bool,
    /// By which the host finds its own account of it.
    pub account: Option<usize>,
}

/// What `Connect-ExchangeOnline` is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// `-Organization`, or `-DelegatedOrganization`.
    pub organization: Option<String>,
    /// `-ManagedIdentity`.
    pub managed_identity: bool,
    /// `-ManagedIdentityAccountId`.
    pub account_id: Option<String>,
    /// `-ExchangeEnvironmentName`.
    pub environment: Option<String>,
    /// `-ConnectionUri`.
    pub uri: Option<String>,
    /// `-AccessToken`.
    pub token: Option<String>,
    /// `-AppId`.
    pub app_id: Option<String>,
    /// `-CertificateFilePath`.
    pub certificate: Option<String>,
    /// `-PageSize`.
    pub page_size: Option<u64>,
}

/// A cmdlet of the service with its parameters, as the script gives them.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The cmdlet, as the catalogue spells it.
    pub cmdlet: &'static str,
    /// The parameters with their values; a switch is `true` or `false`.
    pub parameters: Vec<(String, Value<'static>)>,
}

/// One page of a result.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The objects as JSON, one text each.
    pub rows: Vec<String>,
    /// What the service warns of.
    pub warnings: Vec<String>,
    /// Errors that the service reported beside the rows.
    pub errors: Vec<Fault>,
}

/// A kind of line beside the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A warning.
    Warning,
    /// What is done, for whoever wants to know.
    Verbose,
    /// Something worth knowing about what a script was asked for.
    Note,
}

/// What a script reaches. Every call may wait; a script runs on a thread of its own.
pub trait Host: Send {
    /// Connects.
    fn connect(&mut self, wanted: &Connection) -> Result<(), Fault>;
    /// Ends the connection.
    fn disconnect(&mut self);
    /// The properties of the connection; `None` where there is none.
    fn connection(&mut self) -> Option<Vec<(String, Value<'static>)>>;
    /// Begins to run a cmdlet, by a number of the caller's. What is wrong with its parameters is said here.
    fn begin(&mut self, number: usize, invocation: &Invocation) -> Result<(), Fault>;
    /// How many cmdlets like this one, which has begun, go into one request: one where it goes by itself.
    fn at_once(&mut self, _number: usize) -> usize {
        1
    }
    /// Sends what has begun in one request. What became of each is said where its pages are asked for.
    fn together(&mut self, _numbers: &[usize]) {}
    /// The next page of what has begun; `None` after the last.
    fn next(&mut self, number: usize) -> Result<Option<Rows>, Fault>;
    /// Nothing more is wanted of what has begun.
    fn forget(&mut self, number: usize);
    /// Writes data.
    fn write(&mut self, text: &str) -> Result<(), Fault>;
    /// Takes objects that nothing has formatted, as JSON, with the cmdlet that the first of them came from. Only one who
    /// wants them is given any.
    fn take(&mut self, cmdlet: Option<&'static str>, objects: Vec<String>) -> Result<(), Fault>;
    /// Writes a line beside the data.
    fn say(&mut self, kind: Said, text: &str);
    /// Tells of an error that did not end the script, with the lines that show its place.
    fn report(&mut self, fault: &Fault, excerpt: &[String]);
    /// The time of day.
    fn now(&mut self) -> SystemTime;
    /// Waits.
    fn sleep(&mut self, length: Duration) -> Result<(), Fault>;
    /// Whether to go on: an order to stop and a deadline are faults.
    fn check(&mut self) -> Result<(), Fault>;
    /// Reads a file.
    fn read(&mut self, path: &str) -> io::Result<Vec<u8>>;
    /// Begins to write a file, be it after what is in it.
    fn create(&mut self, path: &str, append: bool) -> io::Result<Box<dyn Write>>;
    /// Makes a folder, and those that it lies in.
    fn make_folder(&mut self, path: &str) -> io::Result<()>;
    /// Whether there is such a file or folder.
    fn exists(&mut self, path: &str) -> bool;
    /// A variable of the environment.
    fn variable(&mut self, name: &str) -> Option<String>;
    /// A variable of the automation account.
    fn automation_variable(&mut self, name: &str) -> Option<String>;
    /// A number that nobody else has.
    fn guid(&mut self) -> String;
    /// The columns of the console; `None` where there is none.
    fn columns(&mut self) -> Option<usize>;
}
