//! Statements that come one after another: each finds the variables and functions that those before it have left.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::check::{self, Known, Objection};
use super::cmdlet;
use super::evaluate::{Lasting, Run, names};
use super::host::Host;
use super::program::{self, Ended};
use crate::language::{self, Block, CommandName, Stage, StatementKind};

/// Statements of one connection.
pub struct Conversation {
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
    known: Known,
    /// Everything that was read, since functions are shown with their places long after they were defined. The lines of
    /// other things are empty.
    text: String,
    /// How many lines that is.
    lines: usize,
}

/// Statements that were read and checked.
#[derive(Clone, Debug)]
pub struct Statements {
    text: Arc<str>,
    block: Arc<Block>,
}

/// What statements have left, for whoever writes the next ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The variables, with the names of the properties that their values have.
    pub variables: Vec<(String, Vec<String>)>,
    /// The functions.
    pub functions: Vec<String>,
    /// The names of the properties of what was shown last.
    pub shown: Vec<String>,
}

struct Job {
    statements: Statements,
    host: Box<dyn Host>,
    as_objects: bool,
    reply: Sender<(Ended, Left)>,
}

/// Statements that are being carried out.
pub struct Answer(Receiver<(Ended, Left)>);

/// The cmdlets that make text of objects.
const FORMATS: [&str; 3] = ["Format-Table", "Format-List", "Format-Wide"];

impl Statements {
    /// Whether there is nothing to be carried out, but comments.
    pub fn is_empty(&self) -> bool {
        let Block { begin, process, end, .. } = &*self.block;
        begin.is_empty() && process.is_none() && end.is_empty()
    }

    /// The cmdlet at the end of a statement that makes text of objects.
    pub fn formats(&self) -> Option<&'static str> {
        self.block.end.iter().find_map(|statement| {
            let StatementKind::Pipeline(pipeline) = &statement.kind else { return None };
            let Some(Stage::Command(command)) = pipeline.stages.last() else { return None };
            let CommandName::Named(name, _) = &command.name else { return None };
            cmdlet::find(name).map(|spec| spec.name).filter(|name| FORMATS.contains(name))
        })
    }
}

impl Conversation {
    /// Begins one, on a thread of its own: statements wait for what they reach outside, and need more stack than a thread
    /// has otherwise.
    pub fn begin() -> std::io::Result<Self> {
        let (jobs, receive) = channel();
        let thread = thread::Builder::new().name("script".to_owned()).stack_size(program::STACK);
        let thread = thread.spawn(move || carry_out_all(&receive))?;
        Ok(Self { jobs, thread: Some(thread), known: Known::default(), text: String::new(), lines: 0 })
    }

    /// Reads statements that begin with this line, counted from 1, and checks them. Nothing is done.
    pub fn read(&mut self, text: &str, line: usize) -> Result<Statements, Vec<Objection>> {
        while self.lines + 1 < line {
            self.text.push('\n');
            self.lines += 1;
        }
        let at = self.text.len();
        self.text.push_str(text);
        let whole: Arc<str> = self.text.as_str().into();
        self.text.push('\n');
        self.lines += text.matches('\n').count() + 1;
        let block =
            language::parse_from(&whole, at).map_err(|error| vec![Objection::of_syntax(&error, &whole)])?;
        let objections = check::objections_after(&block, &whole, &mut self.known);
        if objections.is_empty() { Ok(Statements { text: whole, block }) } else { Err(objections) }
    }

    /// Whether a function of this name was defined.
    pub fn has_function(&self, name: &str) -> bool {
        self.known.has_function(name)
    }

    /// Begins to carry statements out. Where objects are wanted, what nobody takes goes to the host as it is.
    pub fn carry_out(&self, statements: Statements, host: Box<dyn Host>, as_objects: bool) -> Answer {
        let (reply, answer) = channel();
        // Where the thread is gone there is no answer, and that is seen when it is waited for.
        let _ = self.jobs.send(Job { statements, host, as_objects, reply });
        Answer(answer)
    }

    /// Waits for the end of statements. What panicked there panics here.
    pub fn end(&mut self, answer: &Answer) -> (Ended, Left) {
        match (answer.0.recv(), self.thread.take()) {
            (Ok(done), thread) => {
                self.thread = thread;
                done
            }
            (Err(_), Some(thread)) => match thread.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => (Ended::unstarted(), Left::default()),
            },
            (Err(_), None) => (Ended::unstarted(), Left::default()),
        }
    }
}

fn carry_out_all(jobs: &Receiver<Job>) {
    let mut lasting = Lasting::default();
    while let Ok(Job { statements, mut host, as_objects, reply }) = jobs.recv() {
        let done = carry_out(&statements, host.as_mut(), as_objects, &mut lasting);
        // Whoever serves the host waits until it is gone.
        drop(host);
        let _ = reply.send(done);
    }
}

fn carry_out(
    statements: &Statements,
    host: &mut dyn Host,
    as_objects: bool,
    lasting: &mut Lasting,
) -> (Ended, Left) {
    let columns = host.columns();
    let mut run = Run::new(host, statements.text.clone());
    run.resume(lasting);
    run.display.columns = Some(columns.unwrap_or(program::COLUMNS));
    run.shown.as_objects = as_objects;
    let done = program::all(&statements.block, &mut run);
    let shown = run.finish();
    let ended = program::ended(&run, done.and(shown), program::Lines::Unsaid);
    let variables = run.global.all().into_iter().map(|(name, value)| (name, names(&value))).collect();
    let left =
        Left { variables, functions: run.global.functions(), shown: std::mem::take(&mut run.shown.names) };
    *lasting = run.lasting();
    (ended, left)
}
