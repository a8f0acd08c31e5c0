//! A pipeline as one argument of the command line.

use super::super::console::Console;
use super::super::execution::Manner;
use super::super::reserved::Reserved;
use super::super::run::Speech;
use super::reading::is_pipeline;
use super::{Came, Dialogue, Objects, begin, refused};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::script::{Conversation, Statements};
use crate::session::Session;
use crate::world::World;

/// Statements that were read and checked before anything is sent.
pub(in crate::cli) struct Pipeline {
    conversation: Conversation,
    statements: Statements,
    objects: Option<Objects>,
}

impl Pipeline {
    /// Reads the words of the command line; `None` where they are a cmdlet.
    pub(in crate::cli) fn read(
        words: &[String],
        manner: &Manner,
        world: &World,
    ) -> Result<Option<Self>, Failure> {
        let Some((text, rest)) = words.split_first().filter(|(text, _)| is_pipeline(text)) else {
            return Ok(None);
        };
        if manner.raw {
            return Err(Failure::usage(
                "--raw-cmdlet sends one cmdlet as it is written, and a pipeline is checked",
            )
            .hint("write the cmdlet and its parameters without quotes around them"));
        }
        let after = options(rest)?;
        let mut conversation = begin()?;
        let statements = conversation.read(text, 1);
        let statements = statements.map_err(|objections| refused(objections, Speech::Typed))?;
        if statements.is_empty() {
            return Err(Failure::usage("the pipeline is empty: it holds nothing but a comment"));
        }
        let objects = Objects::wanted(&statements, manner, after, world)?;
        Ok(Some(Self { conversation, statements, objects }))
    }

    /// Carries it out.
    pub(in crate::cli) async fn run(
        self,
        session: Session,
        manner: Manner,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let Self { conversation, statements, objects } = self;
        let mut dialogue = Dialogue::over(session, manner, Speech::Typed);
        dialogue.conversation = Some(conversation);
        let (Came::To(exit) | Came::Out(exit)) = dialogue.carry_out(statements, objects, console).await?;
        Ok(exit)
    }
}

/// The options of exo-mi after a pipeline, where nothing else may stand.
fn options(words: &[String]) -> Result<Reserved, Failure> {
    let mut after = Reserved::default();
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if !after.take(word, &mut words)? {
            return Err(Failure::usage(format!("`{word}` stands after the pipeline"))
                .hint("a pipeline is one argument in quotes: 'Get-Mailbox | Format-Table Name'"));
        }
    }
    Ok(after)
}
