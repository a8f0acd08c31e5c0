//! The line at the terminal. It is edited on a thread of its own, since reading it waits for a person, and whatever else
//! happens must not.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{Behavior, CompletionType, Config, Context, Editor, Helper};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::complete::complete;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::{End, Limits};
use crate::knowledge::Code;
use crate::script::Left;
use crate::world::Stream;

/// What the thread is asked.
enum Ask {
    /// A line after this prompt, with what is known for Tab.
    Line(String, Option<Left>),
    /// To remember what was typed.
    Remember(String),
}

/// What somebody typed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum Typed {
    /// A line.
    Line(String),
    /// Ctrl-C, which takes it back.
    Cleared,
    /// Ctrl-D, or the end of the terminal.
    Ended,
}

/// Somebody at a terminal.
pub(in crate::cli) struct Prompt {
    asks: Sender<Ask>,
    typed: UnboundedReceiver<io::Result<Typed>>,
    terminal: Terminal,
}

impl Prompt {
    /// Begins. A terminal that can do nothing but print has lines as its driver hands them over.
    pub(super) fn begin(remembered: Vec<String>, is_dumb: bool, stderr: Stream) -> Result<Self, Failure> {
        let (asks, receive) = channel();
        let (send, typed) = unbounded_channel();
        let terminal = Terminal::look();
        let thread = std::thread::Builder::new().name("prompt".to_owned());
        let begun = thread.spawn(move || {
            if is_dumb {
                plainly(&receive, &send, stderr);
            } else if let Err(error) = editing(&receive, &send, remembered) {
                let _ = send.send(Err(error));
            }
        });
        begun.map_err(|error| unusable(&error))?;
        Ok(Self { asks, typed, terminal })
    }

    /// A command, which Tab completes by what is known.
    pub(super) async fn line(
        &mut self,
        prompt: &str,
        left: &Left,
        limits: &Limits,
    ) -> Result<Typed, Failure> {
        self.ask(Ask::Line(prompt.to_owned(), Some(left.clone())), limits).await
    }

    /// The answer to a question.
    pub(in crate::cli) async fn answer(&mut self, prompt: &str, limits: &Limits) -> Result<Typed, Failure> {
        self.ask(Ask::Line(prompt.to_owned(), None), limits).await
    }

    /// Remembers what was typed as long as the shell lives.
    pub(super) fn remember(&self, text: &str) {
        let _ = self.asks.send(Ask::Remember(text.to_owned()));
    }

    async fn ask(&mut self, ask: Ask, limits: &Limits) -> Result<Typed, Failure> {
        // Where the thread has gone, no answer comes.
        let _ = self.asks.send(ask);
        let typed = limits.within(self.typed.recv()).await;
        typed.map_err(|end| self.cut_off(end))?.unwrap_or(Ok(Typed::Ended)).map_err(|error| unusable(&error))
    }

    /// The end of the command while a line is edited: the thread still waits, and cannot put the terminal back.
    fn cut_off(&self, end: End) -> Failure {
        self.terminal.put_back();
        match end {
            End::Stopped(signal) => Failure::stopped(signal),
            End::Deadline => Failure::new(
                Exit::Unavailable,
                Code::DeadlinePassed,
                "the deadline passed before there was an answer",
            ),
        }
    }
}

fn unusable(error: &io::Error) -> Failure {
    Failure::new(Exit::Machine, Code::MachineFailed, "the terminal cannot be read").caused_by(error)
}

/// Lines of a terminal that cannot move its cursor.
fn plainly(asks: &Receiver<Ask>, typed: &UnboundedSender<io::Result<Typed>>, mut stderr: Stream) {
    while let Ok(ask) = asks.recv() {
        let Ask::Line(prompt, _) = ask else { continue };
        let _ = write!(stderr, "{prompt}").and_then(|()| stderr.flush());
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line).map(|length| match length {
            0 => Typed::Ended,
            _ => Typed::Line(line.trim_end_matches(['\r', '\n']).to_owned()),
        });
        if typed.send(read).is_err() {
            break;
        }
    }
}

fn editing(
    asks: &Receiver<Ask>,
    typed: &UnboundedSender<io::Result<Typed>>,
    remembered: Vec<String>,
) -> io::Result<()> {
    // The terminal itself is spoken to, so that a result which goes elsewhere holds no prompt.
    let config = Config::builder()
        .behavior(Behavior::PreferTerm)
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .build();
    let mut editor: Editor<Words, DefaultHistory> = Editor::with_config(config).map_err(io::Error::other)?;
    editor.set_helper(Some(Words::default()));
    // What is kept in memory cannot fail to be.
    for text in remembered {
        drop(editor.add_history_entry(text));
    }
    while let Ok(ask) = asks.recv() {
        let (prompt, left) = match ask {
            Ask::Line(prompt, left) => (prompt, left),
            Ask::Remember(text) => {
                drop(editor.add_history_entry(text));
                continue;
            }
        };
        if let Some(words) = editor.helper_mut() {
            words.0 = left;
        }
        let read = loop {
            match editor.readline(&prompt) {
                Ok(line) => break Ok(Typed::Line(line)),
                Err(ReadlineError::Interrupted) => break Ok(Typed::Cleared),
                Err(ReadlineError::Eof) => break Ok(Typed::Ended),
                Err(ReadlineError::Signal(_)) => {}
                Err(ReadlineError::Io(error)) => break Err(error),
                Err(error) => break Err(io::Error::other(error)),
            }
        };
        if typed.send(read).is_err() {
            break;
        }
    }
    Ok(())
}

/// What Tab knows; nothing while a question is answered.
#[derive(Default)]
struct Words(Option<Left>);

impl Completer for Words {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Self::Candidate>)> {
        let before = line.get(..at).unwrap_or(line);
        Ok(self.0.as_ref().map_or((at, Vec::new()), |left| complete(before, left)))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}
