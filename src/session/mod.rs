//! Connect once, run many cmdlets.

mod approach;
mod invocation;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::Instrument;
use uuid::Uuid;

use crate::env::Env;
use crate::exchange::{self, Call, Connection, Endpoint, Item, Paging};
use crate::http::{Client, Limits, Roots, TlsError, span_of};
use crate::identity::{self, Freshness, Held, Identity, TokenCache};
use crate::token::{AccessToken, UnverifiedClaims};
use crate::world::Ids;

pub use approach::Approach;
pub use invocation::{Begun, Invocation};
use invocation::{Next, is_token_refused};

/// Everything that a session is made from, decided and checked.
#[derive(Clone)]
pub struct Plan {
    /// Who asks.
    pub identity: Identity,
    /// Where cmdlets go.
    pub endpoint: Endpoint,
    /// The organization that the user named.
    pub organization: String,
    /// Whether to check by OpenID discovery that it belongs to the token's tenant.
    pub verify_organization: bool,
    /// Whether the first request to Exchange is one that reads, so that its connection may be opened while the token is
    /// still on its way.
    pub reads_first: bool,
    /// What is trusted.
    pub roots: Roots,
    /// Retries and deadline.
    pub limits: Limits,
    /// The environment, for the machine's proxy.
    pub env: Env,
    /// Where request numbers come from.
    pub ids: Ids,
}

/// A connection with a token.
pub struct Session {
    plan: Plan,
    /// The client of the identity endpoint: link-local, or where the endpoint speaks TLS the same as Exchange's, unless
    /// the machine's proxy stands before one of the two alone.
    identity_client: Client,
    connection: Connection,
    tokens: TokenCache,
    /// The token that was used last, to tell what it says about itself. Each request holds its own.
    held: Mutex<Held>,
}

/// Why a session failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// TLS or a client could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// There is no token.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// Exchange refused or failed.
    #[error("{error}")]
    Exchange {
        /// What happened; its own causes are the causes of this.
        error: exchange::Error,
        /// What the token says about itself, to explain a refusal.
        claims: Option<Box<UnverifiedClaims>>,
    },
    /// The organization belongs to another tenant than the identity.
    #[error("{organization} belongs to another tenant than the identity")]
    WrongTenant {
        /// What the user named.
        organization: String,
        /// The tenant it belongs to.
        tenant: Uuid,
        /// The identity's tenant; `None` where the token does not name one.
        identity_tenant: Option<String>,
    },
}

impl Session {
    /// Takes a token and prepares the connection; nothing is sent to Exchange yet. While the token is on its way TLS is set
    /// up on another thread, and where the first request reads, its connection is opened.
    pub async fn connect(plan: Plan) -> Result<Self, Error> {
        let mut approach = Approach::begin(plan)?;
        let held = approach.token_and_connection().await?;
        approach.arrive(held)
    }

    /// A token that will do for the next request. However many requests want one, it is asked for once.
    async fn hold(&self, freshness: Freshness) -> Result<Held, Error> {
        let Plan { identity, limits, .. } = &self.plan;
        let held = self.tokens.token(identity, &self.identity_client, limits, freshness).await?;
        self.last().clone_from(&held);
        Ok(held)
    }

    /// Another token than this one, which was refused. Where another request has brought one meanwhile, it is that.
    async fn replace(&self, refused: &Held) -> Result<Held, Error> {
        tracing::info!("Exchange refused the token; asking for a fresh one");
        self.hold(Freshness::Not { number: refused.number }).await
    }

    fn last(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same session, in which so many requests may be under way at once.
    #[must_use]
    pub fn widened(self, most: usize) -> Self {
        Self { connection: self.connection.widened(most), ..self }
    }

    /// Sets the limits of what is sent from now on.
    pub fn bind(&mut self, limits: Limits) {
        self.plan.limits = limits;
    }

    /// Begins to run a cmdlet; its pages come one by one.
    pub fn invoke(&self, call: Call) -> Invocation<'_> {
        let begun = self.begin(call);
        self.go_on(begun)
    }

    /// A cmdlet that is to be run, of which nothing is sent yet.
    pub fn begin(&self, call: Call) -> Begun {
        self.begun(call, self.next_run(), Next::First)
    }

    /// The number of a run, by which the requests of one command are found.
    pub fn next_run(&self) -> Uuid {
        self.plan.ids.next()
    }

    /// Runs several cmdlets of one kind in one request, at most [`exchange::LARGEST_BATCH`], and gives each as it began,
    /// in their order. As in the module, what could not be answered within the batch is then sent by itself. An error
    /// means that nothing is known of any of them.
    pub async fn invoke_together(&self, calls: Vec<Call>, run: Uuid) -> Result<Vec<Begun>, Error> {
        if !calls.iter().all(Call::is_batchable) {
            return Ok(calls.into_iter().map(|call| self.begun(call, run, Next::First)).collect());
        }
        let held = self.hold(Freshness::Any).await?;
        let mut items = self.batch(&held, &calls, run).await;
        if is_token_refused(&items) {
            let held = self.replace(&held).instrument(span_of(run)).await?;
            items = self.batch(&held, &calls, run).await;
        }
        let items = items.map_err(|error| self.explained(error))?;
        let begun = calls.into_iter().zip(items).map(|(call, item)| {
            let next = match item {
                Item::Answered(outcome) => Next::Came(outcome.map_err(|error| self.explained(error)).into()),
                Item::Alone(wait) => Next::After(self.plan.limits.clock.elapsed() + wait),
            };
            self.begun(call, run, next)
        });
        Ok(begun.collect())
    }

    /// Goes on with what has begun.
    pub fn go_on(&self, begun: Begun) -> Invocation<'_> {
        Invocation { session: self, begun, refreshed: false }
    }

    /// Fetches the first page of what has begun, unless it has come already.
    pub async fn bring(&self, begun: Begun) -> Begun {
        match begun.next {
            Next::First => {}
            Next::After(until) => self.pause(until).await,
            _ => return begun,
        }
        let mut invocation = self.go_on(begun);
        let first = invocation.fetch(None).await;
        Begun { next: Next::Came(first.into()), ..invocation.begun }
    }

    fn begun(&self, call: Call, run: Uuid, next: Next) -> Begun {
        let paging = Paging::new(&call, &self.connection.first_page(&call));
        Begun { call, run, paging, next }
    }

    async fn batch(&self, held: &Held, calls: &[Call], run: Uuid) -> Result<Vec<Item>, exchange::Error> {
        self.connection.batch(&held.token, calls, run, &self.plan.limits).await
    }

    /// Asks for another token than the last one, which was refused.
    pub async fn renew(&self) -> Result<(), Error> {
        let refused = self.last().clone();
        self.replace(&refused).await.map(drop)
    }

    /// Asks whether the admin API of the tenant answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let Plan { ids, limits, .. } = &self.plan;
        let answered = self.connection.ping(&self.token(), ids.next(), limits).await;
        answered.map_err(|error| self.explained(error))
    }

    /// Who answers at Exchange, whatever the answer is.
    pub async fn reach(&self) -> Result<exchange::Reached, Error> {
        let Plan { ids, limits, .. } = &self.plan;
        let answered = self.connection.reach(&self.token(), ids.next(), limits).await;
        answered.map_err(|error| self.explained(error))
    }

    /// The cmdlets that the identity may run, of those that are named with commas between them; `*` means all of them.
    pub async fn available(&self, names: &str) -> Result<Vec<String>, Error> {
        let Plan { ids, limits, .. } = &self.plan;
        let answered = self.connection.available(&self.token(), names, ids.next(), limits).await;
        answered.map_err(|error| self.explained(error))
    }

    /// Waits until a moment by [`Clock::elapsed`](crate::clock::Clock::elapsed), as the service has asked, but not beyond
    /// the end of the command, which the next request then meets.
    async fn pause(&self, until: Duration) {
        let limits = &self.plan.limits;
        let wait = until.saturating_sub(limits.clock.elapsed());
        let wait = limits.left().map_or(wait, |left| wait.min(left));
        if !wait.is_zero() {
            let _ = limits.pause(wait).await;
        }
    }

    /// An error of Exchange, with what the token says about itself.
    fn explained(&self, error: exchange::Error) -> Error {
        Error::Exchange { error, claims: self.last().token.claims().map(Box::new) }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether the identity is an application with a certificate.
    pub fn signs_in_with_a_certificate(&self) -> bool {
        self.plan.identity.detection().source == identity::TokenSource::Certificate
    }

    /// The token that was used last.
    pub fn token(&self) -> AccessToken {
        self.last().token.clone()
    }

    /// Retries, the clock and the deadline.
    pub fn limits(&self) -> &Limits {
        &self.plan.limits
    }

    /// The organization that the user named.
    pub fn organization(&self) -> &str {
        &self.plan.organization
    }
}
