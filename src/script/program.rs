//! A script from its text to its end.

use std::sync::Arc;
use std::thread;

use super::check::{self, Objection};
use super::cmdlet::Given;
use super::error::{Raised, Stop};
use super::evaluate::{self, Output, Run};
use super::host::{Fault, Host};
use super::names::{self, Found};
use super::value::Value;
use crate::exit::Exit;
use crate::language::{self, Block};

/// How much stack a script gets: brackets, blocks and functions that lie in each other take some of it, and how many may
/// do so is bounded. It is address space alone until it is used.
pub(super) const STACK: usize = 512 * 1024 * 1024;

/// The width of a console where none is known, as in PowerShell.
pub(super) const COLUMNS: usize = 120;

/// A script that was read and checked.
#[derive(Clone, Debug)]
pub struct Program {
    text: Arc<str>,
    block: Arc<Block>,
    /// Where it lies, for `$PSScriptRoot`.
    folder: String,
    name: String,
}

/// A word of the command line that the script is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `-Name`, or `-Name:value`.
    Name(String, Option<String>),
    /// A value.
    Value(String),
}

/// How a script ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What the process ends with, unless a fault says it.
    pub exit: i32,
    /// Whether that is by its own `exit`.
    pub exits: bool,
    /// What ended the script before its end, and the lines that show where.
    pub fault: Option<(Fault, Vec<String>)>,
    /// What the first error after which the script went on would have ended it with.
    pub told: Option<Exit>,
}

impl Ended {
    /// The end of what could not be begun.
    pub(super) fn unstarted() -> Self {
        let fault = Fault {
            message: "the script's thread could not be started".to_owned(),
            exit: Exit::Machine,
            id: String::new(),
            fatal: true,
            account: None,
        };
        Self {
            exit: i32::from(Exit::Machine.code()),
            exits: false,
            fault: Some((fault, Vec::new())),
            told: None,
        }
    }
}

impl Program {
    /// Reads a script and checks it: everything that would not be carried out as it is meant is found here, and nothing
    /// has been done by then.
    pub fn read(text: &str, path: &str) -> Result<Self, Vec<Objection>> {
        let block = language::parse(text).map_err(|error| vec![Objection::of_syntax(&error, text)])?;
        let objections = check::objections(&block, text);
        if !objections.is_empty() {
            return Err(objections);
        }
        let place = std::path::Path::new(path);
        let folder = place.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = if folder.is_empty() { ".".to_owned() } else { folder };
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { text: text.into(), block, folder, name })
    }

    /// Carries the script out, on a thread of its own: it waits for what it reaches outside, and it needs more stack than
    /// a thread has otherwise.
    pub fn run(&self, words: &[Word], host: Box<dyn Host>) -> thread::JoinHandle<Ended> {
        let program = self.clone();
        let words = words.to_vec();
        let thread = thread::Builder::new().name("script".to_owned()).stack_size(STACK);
        let mut host = host;
        let begun = thread.spawn(move || program.carry_out(&words, host.as_mut()));
        begun.unwrap_or_else(|_| thread::spawn(Ended::unstarted))
    }

    fn carry_out(&self, words: &[Word], host: &mut dyn Host) -> Ended {
        let columns = host.columns();
        let mut run = Run::new(host, self.text.clone());
        run.display.columns = Some(columns.unwrap_or(COLUMNS));
        run.global.set("psscriptroot", Value::text(&self.folder));
        run.global.set("pscommandpath", Value::text(format!("{}/{}", self.folder, self.name)));
        let done = self.parts(&mut run, words);
        let shown = run.finish();
        ended(&run, done.and(shown), Lines::Said)
    }

    /// Binds the parameters and carries out one statement after another.
    fn parts(&self, run: &mut Run<'_>, words: &[Word]) -> Result<(), Stop> {
        let given = self.given(words);
        let scope = run.global.clone();
        let bound = evaluate::bind(run, &scope, &self.name, &self.block, &given);
        bound.map_err(|stop| match stop {
            // What is wrong with a parameter is wrong on the command line.
            Stop::Error(raised) => Raised { exit: Exit::Usage, ends_script: true, ..*raised }.into(),
            other => other,
        })?;
        all(&self.block, run)
    }

    /// The words as arguments, by the types of the parameters.
    fn given(&self, words: &[Word]) -> Given {
        let mut given = Given::default();
        let parameter = |name: &str| names::of_function(&self.block, name);
        let is_switch = |name: &str| parameter(name).is_ok_and(|known| known.is_switch());
        let value = |name: &str, text: &str| {
            let of = match parameter(name) {
                Ok(Found::Own(known)) => known.of.as_ref(),
                _ => None,
            };
            if of.is_some_and(|of| of.name.ends_with("[]")) { literals(text) } else { literal(text) }
        };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            match word {
                Word::Name(name, Some(text)) => given.named.push((name.clone(), Some(value(name, text)))),
                Word::Name(name, None) => {
                    let next = words.next_if(|next| !is_switch(name) && matches!(next, Word::Value(_)));
                    let text =
                        next.and_then(|next| if let Word::Value(text) = next { Some(text) } else { None });
                    given.named.push((name.clone(), text.map(|text| value(name, text))));
                }
                Word::Value(text) => given.positional.push(literal(text)),
            }
        }
        given
    }
}

/// A word of the command line as a value: a constant, or a text, which the type of its parameter casts.
fn literal(text: &str) -> Value {
    match text.to_ascii_lowercase().as_str() {
        "$true" => Value::Bool(true),
        "$false" => Value::Bool(false),
        "$null" => Value::Null,
        _ => Value::text(text),
    }
}

/// The same for a parameter that takes several, which stand with commas between them.
fn literals(text: &str) -> Value {
    Value::list(text.split(',').map(|part| literal(part.trim())).collect())
}

/// One statement after another; what they put out is shown.
pub(super) fn all(block: &Block, run: &mut Run<'_>) -> Result<(), Stop> {
    let process = block.process.iter().flatten();
    let mut statements = block.begin.iter().chain(process).chain(&block.end);
    statements.try_for_each(|statement| run.statements(std::slice::from_ref(statement), &mut ToDisplay))
}

/// Where values go that nobody takes.
struct ToDisplay;

impl Output for ToDisplay {
    fn push(&mut self, run: &mut Run<'_>, value: Value) -> Result<(), Stop> {
        run.present(&value)
    }
}

/// Whether the message of an error begins with its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    Said,
    Unsaid,
}

pub(super) fn ended(run: &Run<'_>, done: Result<(), Stop>, lines: Lines) -> Ended {
    let told = run.told;
    let exit = i32::from(Exit::Done.code());
    match done {
        Ok(()) | Err(Stop::Return | Stop::Break(_) | Stop::Continue(_) | Stop::Enough { .. }) => {
            Ended { exit, exits: false, fault: None, told }
        }
        Err(Stop::Exit(code)) => Ended { exit: code, exits: true, fault: None, told },
        Err(Stop::Abort(fault)) => {
            Ended { exit: i32::from(fault.exit.code()), exits: false, fault: Some((fault, Vec::new())), told }
        }
        Err(Stop::Error(raised)) => {
            let excerpt = raised.span.map(|span| span.excerpt(&run.text)).unwrap_or_default();
            let line = run.line(raised.span);
            let fault = Fault {
                message: if raised.account.is_some() || line == 0 || lines == Lines::Unsaid {
                    raised.message.clone()
                } else {
                    format!("line {line}: {}", raised.message)
                },
                exit: raised.exit,
                id: raised.id.clone(),
                fatal: true,
                account: raised.account,
            };
            Ended { exit: i32::from(raised.exit.code()), exits: false, fault: Some((fault, excerpt)), told }
        }
    }
}
