//! The way to a connection, step by step: each can be looked at by itself, or be the last.

use std::sync::Mutex;

use uuid::Uuid;

use super::{Error, Plan, Session};
use crate::env::Env;
use crate::exchange::Connection;
use crate::http::{Client, Proxying, TlsClients, Trace};
use crate::identity::{self, Freshness, Held, TokenCache, Transport};
use crate::token::AccessToken;

/// A host whose identity can be asked for tokens.
pub struct Approach {
    plan: Plan,
    tls: TlsClients,
    /// The client of the identity endpoint: link-local, or where the endpoint speaks TLS the same as Exchange's, unless
    /// the machine's proxy stands before one of the two alone.
    identity_client: Client,
    tokens: TokenCache,
}

impl Approach {
    /// Makes what is needed to ask for a token, and begins to set up TLS on another thread. Nothing is sent.
    pub fn begin(plan: Plan) -> Result<Self, Error> {
        let clock = &plan.limits.clock;
        let mut tls = TlsClients::begin(&plan.roots, &plan.env, clock)?;
        let identity_client = match plan.identity.transport() {
            Transport::Service(proxying) => tls.client(proxying)?,
            Transport::LinkLocal => Client::link_local(clock)?,
            Transport::Pinned(thumbprint) => Client::pinned(thumbprint, clock)?,
        };
        Ok(Self { plan, tls, identity_client, tokens: TokenCache::default() })
    }

    /// What was decided beforehand.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes a token.
    pub async fn token(&self) -> Result<Held, Error> {
        let Plan { identity, limits, .. } = &self.plan;
        Ok(self.tokens.token(identity, &self.identity_client, limits, Freshness::Any).await?)
    }

    /// Takes a token and checks the organization, where that was asked for.
    pub async fn checked_token(&mut self) -> Result<Held, Error> {
        let held = self.token().await?;
        if self.plan.verify_organization {
            self.verify_organization(&held.token).await?;
        }
        Ok(held)
    }

    /// The same, and begins to open a connection to Exchange meanwhile, where the first request to it is one that may be
    /// sent again and its client talks to nobody else.
    pub(super) async fn token_and_connection(&mut self) -> Result<Held, Error> {
        if !self.plan.reads_first || self.plan.verify_organization {
            return self.checked_token().await;
        }
        // Where the token comes from a service that speaks TLS its client is made already, and nothing is opened.
        let Self { plan, tls, identity_client, tokens } = self;
        let token = tokens.token(&plan.identity, identity_client, &plan.limits, Freshness::Any);
        let (held, ()) = tokio::join!(token, tls.open_ahead(&plan.endpoint.base));
        Ok(held?)
    }

    /// The tenant to which the organization belongs, by OpenID discovery.
    pub async fn tenant_of_the_organization(&mut self) -> Result<Uuid, Error> {
        let Plan { endpoint, organization, limits, .. } = &self.plan;
        let client = self.tls.client(Proxying::for_url(&endpoint.authority))?;
        Ok(identity::discover(&client, &endpoint.authority, organization, limits).await?)
    }

    /// Refuses an organization of another tenant than the token's.
    async fn verify_organization(&mut self, token: &AccessToken) -> Result<(), Error> {
        let tenant = self.tenant_of_the_organization().await?;
        let identity_tenant = token.claims().and_then(|claims| claims.tid);
        if identity_tenant.as_deref().and_then(|tid| Uuid::try_parse(tid).ok()) == Some(tenant) {
            return Ok(());
        }
        let organization = self.plan.organization.clone();
        Err(Error::WrongTenant { organization, tenant, identity_tenant })
    }

    /// Makes the connection to Exchange; nothing is sent.
    pub fn arrive(self, held: Held) -> Result<Session, Error> {
        let Self { plan, mut tls, identity_client, tokens } = self;
        let client = tls.client(Proxying::for_url(&plan.endpoint.base))?;
        let id = plan.ids.next();
        let connection = Connection::new(client, plan.endpoint.clone(), &held.token, &plan.organization, id);
        let connection = connection.traced(trace(&plan.env));
        Ok(Session { plan, identity_client, connection, tokens, held: Mutex::new(held) })
    }
}

/// The trace that the command is a part of. What is no trace is no reason to fail.
fn trace(env: &Env) -> Option<Trace> {
    let parent = env.var("TRACEPARENT")?;
    let trace = parent.parse::<Trace>();
    trace.inspect_err(|why| tracing::info!(%why, "TRACEPARENT is left out")).ok()
}
