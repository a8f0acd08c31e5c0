//! The script's side: what it reaches, from a thread of its own. What needs the connection or the streams is ordered from
//! the side that has them, and waited for.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::env::Env;
use crate::exit::Exit;
use crate::http::{End, Limits};
use crate::script::{Connection, Fault, Host, Invocation, Rows, Said};
use crate::stop::Signal;
use crate::value::Value;
use crate::world::{Ids, World};

/// Something that the script wants from the other side, with where the answer goes.
pub(in crate::cli) enum Order {
    Connect(Box<Connection>, mpsc::Sender<Result<(), Fault>>),
    Disconnect(mpsc::Sender<()>),
    Connection(mpsc::Sender<Option<Information>>),
    Begin(usize, Box<Invocation>, mpsc::Sender<Result<(), Fault>>),
    AtOnce(usize, mpsc::Sender<usize>),
    Together(Vec<usize>, mpsc::Sender<()>),
    Next(usize, mpsc::Sender<Result<Option<Rows>, Fault>>),
    Forget(usize),
    Write(String, mpsc::Sender<Result<(), Fault>>),
    Take(Option<&'static str>, Vec<String>, mpsc::Sender<Result<(), Fault>>),
    Say(Said, String),
    Report(Box<Fault>, Vec<String>),
    Sleep(Duration, mpsc::Sender<Result<(), Fault>>),
}

/// The properties of the connection.
pub(in crate::cli) type Information = Vec<(String, Value<'static>)>;

/// What the script reaches.
pub(in crate::cli) struct Remote {
    orders: UnboundedSender<Order>,
    limits: Limits,
    env: Env,
    ids: Ids,
    variables: BTreeMap<String, String>,
    columns: Option<usize>,
}

impl Remote {
    pub(in crate::cli) fn new(
        world: &World,
        limits: &Limits,
        variables: Vec<(String, String)>,
        columns: Option<usize>,
    ) -> (Self, UnboundedReceiver<Order>) {
        let (orders, receive) = unbounded_channel();
        let variables = variables.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        let (env, ids) = (world.env.clone(), world.ids.clone());
        (Self { orders, limits: limits.clone(), env, ids, variables, columns }, receive)
    }

    /// Orders something and waits for it.
    fn ask<T>(&self, order: impl FnOnce(mpsc::Sender<T>) -> Order, otherwise: impl FnOnce() -> T) -> T {
        let (send, receive) = mpsc::channel();
        match self.orders.send(order(send)) {
            Ok(()) => receive.recv().unwrap_or_else(|_| otherwise()),
            Err(_) => otherwise(),
        }
    }

    fn ask_for<T>(&self, order: impl FnOnce(mpsc::Sender<Result<T, Fault>>) -> Order) -> Result<T, Fault> {
        // The other side has gone where the whole command has ended.
        self.ask(order, || Err(ended(End::Stopped(Signal::Terminate))))
    }
}

/// The fault of a script that has no more time.
pub(super) fn ended(end: End) -> Fault {
    let exit = match end {
        End::Deadline => Exit::Unavailable,
        End::Stopped(signal) => signal.into(),
    };
    Fault { message: end.to_string(), exit, id: "Stopped".to_owned(), fatal: true, account: None }
}

impl Host for Remote {
    fn connect(&mut self, wanted: &Connection) -> Result<(), Fault> {
        let wanted = Box::new(wanted.clone());
        self.ask_for(|reply| Order::Connect(wanted, reply))
    }

    fn disconnect(&mut self) {
        self.ask(Order::Disconnect, || ());
    }

    fn connection(&mut self) -> Option<Information> {
        self.ask(Order::Connection, || None)
    }

    fn begin(&mut self, number: usize, invocation: &Invocation) -> Result<(), Fault> {
        let invocation = Box::new(invocation.clone());
        self.ask_for(|reply| Order::Begin(number, invocation, reply))
    }

    fn at_once(&mut self, number: usize) -> usize {
        self.ask(|reply| Order::AtOnce(number, reply), || 1)
    }

    fn together(&mut self, numbers: &[usize]) {
        let numbers = numbers.to_vec();
        self.ask(|reply| Order::Together(numbers, reply), || ());
    }

    fn next(&mut self, number: usize) -> Result<Option<Rows>, Fault> {
        self.ask_for(|reply| Order::Next(number, reply))
    }

    fn forget(&mut self, number: usize) {
        let _ = self.orders.send(Order::Forget(number));
    }

    fn write(&mut self, text: &str) -> Result<(), Fault> {
        let text = text.to_owned();
        self.ask_for(|reply| Order::Write(text, reply))
    }

    fn take(&mut self, cmdlet: Option<&'static str>, objects: Vec<String>) -> Result<(), Fault> {
        self.ask_for(|reply| Order::Take(cmdlet, objects, reply))
    }

    fn say(&mut self, kind: Said, text: &str) {
        let _ = self.orders.send(Order::Say(kind, text.to_owned()));
    }

    fn report(&mut self, fault: &Fault, excerpt: &[String]) {
        let _ = self.orders.send(Order::Report(Box::new(fault.clone()), excerpt.to_vec()));
    }

    fn now(&mut self) -> SystemTime {
        self.limits.clock.now()
    }

    fn sleep(&mut self, length: Duration) -> Result<(), Fault> {
        self.ask_for(|reply| Order::Sleep(length, reply))
    }

    fn check(&mut self) -> Result<(), Fault> {
        self.limits.over().map_or(Ok(()), |end| Err(ended(end)))
    }

    fn read(&mut self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn create(&mut self, path: &str, append: bool) -> io::Result<Box<dyn Write>> {
        let mut options = std::fs::OpenOptions::new();
        options.create(true).write(true).append(append).truncate(!append);
        Ok(Box::new(io::BufWriter::new(options.open(path)?)))
    }

    fn make_folder(&mut self, path: &str) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn exists(&mut self, path: &str) -> bool {
        std::path::Path::new(path).exists()
    }

    fn variable(&mut self, name: &str) -> Option<String> {
        self.env.var(name)
    }

    fn automation_variable(&mut self, name: &str) -> Option<String> {
        self.variables.get(&name.to_lowercase()).cloned().or_else(|| self.env.var(name))
    }

    fn guid(&mut self) -> String {
        self.ids.next().to_string()
    }

    fn columns(&mut self) -> Option<usize> {
        self.columns
    }
}
