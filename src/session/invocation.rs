//! A cmdlet that is running.

use std::time::Duration;

use tracing::Instrument;
use url::Url;
use uuid::Uuid;

use super::{Error, Session};
use crate::exchange::{self, Call, Page, Paging};
use crate::http::span_of;
use crate::identity::{Freshness, Held};

/// A cmdlet that has begun to run, apart from its session.
pub struct Begun {
    pub(super) call: Call,
    pub(super) run: Uuid,
    pub(super) paging: Paging,
    pub(super) next: Next,
}

impl Begun {
    /// Whether what became of it has come, so that nothing is sent for its first page.
    pub fn has_come(&self) -> bool {
        matches!(self.next, Next::Came(_))
    }

    /// Whether everything of it has been taken.
    pub fn is_over(&self) -> bool {
        matches!(self.next, Next::Nothing)
    }
}

/// A cmdlet that is running.
pub struct Invocation<'s> {
    pub(super) session: &'s Session,
    pub(super) begun: Begun,
    pub(super) refreshed: bool,
}

pub(super) enum Next {
    First,
    /// The first page, not before this moment, which the service has asked for.
    After(Duration),
    /// The first page, which has come already.
    Came(Box<Result<Page, Error>>),
    At(Url),
    /// There is a link, and it must not be followed.
    Refused(exchange::PagingFault),
    Nothing,
}

impl Invocation<'_> {
    /// Lets the session be used for something else, and the cmdlet go on later.
    pub fn pause(self) -> Begun {
        self.begun
    }

    /// The next page; `None` after the last. A 401 is answered once with a fresh token, for a write as well: it was
    /// refused before the cmdlet ran.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let page = match std::mem::replace(&mut self.begun.next, Next::Nothing) {
            Next::First => self.fetch(None).await?,
            Next::After(until) => {
                self.session.pause(until).await;
                self.fetch(None).await?
            }
            Next::Came(outcome) => (*outcome)?,
            Next::At(url) => self.fetch(Some(&url)).await?,
            Next::Refused(why) => {
                let cmdlet = self.begun.call.input.cmdlet_name.clone();
                return Err(self.session.explained(exchange::Error::Paging { cmdlet, why }));
            }
            Next::Nothing => return Ok(None),
        };
        Ok(Some(self.taken(page)))
    }

    pub(super) async fn fetch(&mut self, next: Option<&Url>) -> Result<Page, Error> {
        let held = self.session.hold(Freshness::Any).await?;
        let mut page = self.page(&held, next).await;
        if is_token_refused(&page) && !self.refreshed {
            self.refreshed = true;
            let held = self.session.replace(&held).instrument(span_of(self.begun.run)).await?;
            page = self.page(&held, next).await;
        }
        page.map_err(|error| self.session.explained(error))
    }

    /// Notes where a page leads. Its rows are good though the link beside them is not.
    fn taken(&mut self, mut page: Page) -> Page {
        self.begun.next = match self.begun.paging.after(&mut page) {
            Ok(following) => following.map_or(Next::Nothing, Next::At),
            Err(why) => Next::Refused(why.without(&self.session.token().secret)),
        };
        page
    }

    async fn page(&self, held: &Held, next: Option<&Url>) -> Result<Page, exchange::Error> {
        let Session { connection, plan, .. } = self.session;
        let Begun { call, run, paging, .. } = &self.begun;
        connection.page(&held.token, call, *run, paging.page_size(), next, &plan.limits).await
    }
}

pub(super) fn is_token_refused<T>(outcome: &Result<T, exchange::Error>) -> bool {
    matches!(outcome, Err(exchange::Error::Refused { refusal }) if refusal.status == 401)
}
