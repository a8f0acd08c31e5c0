//! The same for statements whose connection is there already.

use super::super::super::console::Console;
use super::super::super::dialogue::Objects;
use super::super::super::execution;
use super::super::speech::Speech;
use super::{Connected, Manner, Service};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::Limits;
use crate::script::Ended;
use crate::session::Session;

impl Service {
    /// One whose connection is there.
    pub(in crate::cli) fn over(
        session: Session,
        manner: &execution::Manner,
        limits: Limits,
        speech: Speech,
    ) -> Self {
        let manner = Manner { yes: manner.yes, page_size: manner.page_size };
        let connected = Some(Connected { session, _planned: None, page_size: manner.page_size });
        Self { connected, ..Self::unconnected(manner, limits, speech) }
    }

    /// The session, where there is one.
    pub(in crate::cli) fn session(&self) -> Option<&Session> {
        self.connected.as_ref().map(|connected| &connected.session)
    }

    /// How places are told.
    pub(in crate::cli) fn speech(&self) -> Speech {
        self.speech
    }

    /// The limits of what comes next.
    pub(in crate::cli) fn bind(&mut self, limits: Limits) {
        if let Some(connected) = &mut self.connected {
            connected.session.bind(limits.clone());
        }
        self.limits = limits;
    }

    /// Says where the objects of the next statements go.
    pub(in crate::cli) fn begin_statements(&mut self, objects: Option<Objects>) {
        self.objects = objects;
    }

    /// Ends what objects were written to, and forgets the cmdlets that nobody goes on with.
    pub(in crate::cli) fn end_statements(
        &mut self,
        is_whole: bool,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        self.running.clear();
        self.objects.take().map_or(Ok(()), |objects| objects.finish(is_whole, console))
    }

    /// What statements came to.
    pub(in crate::cli) fn outcome(&self, ended: Ended) -> Result<Exit, Failure> {
        let exit = super::super::exit(&ended);
        match ended.fault {
            Some((fault, excerpt)) if fault.exit != Exit::Done => {
                Err(self.placed(self.account(&fault), excerpt))
            }
            Some(_) => Ok(Exit::Done),
            None => Ok(exit),
        }
    }
}

/// A connection beside the one that the command has.
pub(super) fn connected_already() -> Failure {
    Failure::usage("Connect-ExchangeOnline: this command is connected already, as its options say")
        .hint("another organization or identity is another exo-mi connect")
}

/// A cmdlet after the end of the connection.
pub(in crate::cli) fn disconnected() -> Failure {
    Failure::usage("Disconnect-ExchangeOnline has ended the connection, and nothing was sent")
        .hint("begin another exo-mi connect")
}
