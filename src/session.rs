//! Connect once, run many cmdlets.

use url::Url;
use uuid::Uuid;

use crate::env::Env;
use crate::exchange::{self, Call, Connection, Endpoint, Page, Paging};
use crate::http::{Client, Limits, Proxying, Roots, TlsClients, TlsError};
use crate::identity::{self, Freshness, Held, Identity, TokenCache, Transport};
use crate::token::{AccessToken, UnverifiedClaims};
use crate::world::Ids;

/// Everything that a session is made from, decided and checked.
pub struct Plan {
    /// Who asks.
    pub identity: Identity,
    /// Where cmdlets go.
    pub endpoint: Endpoint,
    /// The organization that the user named.
    pub organization: String,
    /// Whether to check by OpenID discovery that it belongs to the token's tenant.
    pub verify_organization: bool,
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
    held: Held,
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
    /// Takes a token and prepares the connection; nothing is sent to Exchange yet. TLS is set up on another thread
    /// while the token is on its way.
    pub async fn connect(plan: Plan) -> Result<Self, Error> {
        let mut tls = TlsClients::begin(&plan.roots, &plan.env)?;
        let tokens = TokenCache::default();
        let identity_client = match plan.identity.transport() {
            Transport::Service(proxying) => tls.client(proxying)?,
            Transport::LinkLocal => Client::link_local()?,
            Transport::Pinned(thumbprint) => Client::pinned(thumbprint)?,
        };
        let held = tokens.token(&plan.identity, &identity_client, &plan.limits, Freshness::Any).await?;
        let client = tls.client(Proxying::for_url(&plan.endpoint.base))?;
        if plan.verify_organization {
            let authority_client = tls.client(Proxying::for_url(&plan.endpoint.authority))?;
            verify_organization(&plan, &authority_client, &held.token).await?;
        }
        let id = plan.ids.next();
        let connection = Connection::new(client, plan.endpoint.clone(), &held.token, &plan.organization, id);
        Ok(Self { plan, identity_client, connection, tokens, held })
    }

    /// Takes care that the token will do for the next request.
    async fn refresh(&mut self, freshness: Freshness) -> Result<(), Error> {
        let Plan { identity, limits, .. } = &self.plan;
        self.held = self.tokens.token(identity, &self.identity_client, limits, freshness).await?;
        Ok(())
    }

    /// Begins to run a cmdlet; its pages come one by one.
    pub fn invoke(&mut self, call: Call) -> Invocation<'_> {
        let run = self.plan.ids.next();
        let paging = Paging::new(&call, &self.connection.endpoint().base);
        Invocation { session: self, call, run, paging, next: Next::First, refreshed: false }
    }

    /// Asks whether the admin API of the tenant answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let Plan { ids, limits, .. } = &self.plan;
        let answered = self.connection.ping(&self.held.token, ids.next(), limits).await;
        answered.map_err(|error| self.explained(error))
    }

    /// An error of Exchange, with what the token says about itself.
    fn explained(&self, error: exchange::Error) -> Error {
        Error::Exchange { error, claims: self.held.token.claims().map(Box::new) }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The token.
    pub fn token(&self) -> &AccessToken {
        &self.held.token
    }

    /// The organization that the user named.
    pub fn organization(&self) -> &str {
        &self.plan.organization
    }
}

async fn verify_organization(plan: &Plan, client: &Client, token: &AccessToken) -> Result<(), Error> {
    let claims = token.claims();
    let found =
        identity::discover(client, &plan.endpoint.authority, &plan.organization, &plan.limits).await?;
    let identity_tenant = claims.and_then(|claims| claims.tid);
    if identity_tenant.as_deref().and_then(|tid| Uuid::try_parse(tid).ok()) == Some(found) {
        return Ok(());
    }
    Err(Error::WrongTenant { organization: plan.organization.clone(), tenant: found, identity_tenant })
}

/// A cmdlet that is running.
pub struct Invocation<'s> {
    session: &'s mut Session,
    call: Call,
    run: Uuid,
    paging: Paging,
    next: Next,
    refreshed: bool,
}

enum Next {
    First,
    At(Url),
    /// There is a link, and it must not be followed.
    Refused(exchange::PagingFault),
    Nothing,
}

impl Invocation<'_> {
    /// The next page; `None` after the last. A 401 is answered once with a fresh token, for a write as well: it was
    /// refused before the cmdlet ran.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let next = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::First => None,
            Next::At(url) => Some(url),
            Next::Refused(why) => {
                let cmdlet = self.call.input.cmdlet_name.clone();
                return Err(self.session.explained(exchange::Error::Paging { cmdlet, why }));
            }
            Next::Nothing => return Ok(None),
        };
        self.session.refresh(Freshness::Any).await?;
        let mut page = match self.page(next.as_ref()).await {
            Err(exchange::Error::Refused { refusal }) if refusal.status == 401 && !self.refreshed => {
                tracing::info!("Exchange refused the token; asking for a fresh one");
                self.refreshed = true;
                let taken = self.session.held.taken;
                self.session.refresh(Freshness::Not { taken }).await?;
                self.page(next.as_ref()).await
            }
            outcome => outcome,
        }
        .map_err(|error| self.session.explained(error))?;
        // The rows of a page are good though the link beside them is not.
        self.next = match self.paging.after(&mut page) {
            Ok(following) => following.map_or(Next::Nothing, Next::At),
            Err(why) => Next::Refused(why.without(&self.session.token().secret)),
        };
        Ok(Some(page))
    }

    async fn page(&self, next: Option<&Url>) -> Result<Page, exchange::Error> {
        let Session { connection, held, plan, .. } = &*self.session;
        connection.page(&held.token, &self.call, self.run, self.paging.page_size(), next, &plan.limits).await
    }
}
