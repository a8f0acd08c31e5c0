//! Granting and taking away: look first, change what differs, and look again.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

pub use super::assignment::Grant;
use super::assignment::{Assignment, Place};
use super::client::{Graph, Written};
use super::error::Error;
use super::odata::equals;
use crate::http::Kind;
use crate::knowledge::{APP_ROLE, APP_ROLE_ID, EXCHANGE_APP_ID};

/// The waits until a change must show: half a minute in all. The servers of the directory tell each other within
/// seconds, mostly; the service has said that it is done, so that what does not show by then is no failure.
const UNTIL_IT_SHOWS: [u64; 5] = [1, 2, 4, 8, 15];

/// The waits until a write of which nothing is known counts as not carried out, and is repeated.
const UNTIL_REPEATED: [u64; 2] = [2, 4];

/// How often such a write is repeated. A repetition does no harm: the directory holds one such grant or none.
const REPETITIONS: u32 = 2;

/// What was found, or done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was made now.
    Assigned,
    /// It had been made before.
    AlreadyThere,
    /// It is not there, and nothing was to be changed.
    WouldBeAssigned,
    /// It was taken away now.
    Removed,
    /// There was nothing to take away.
    WasNotThere,
    /// It is there, and nothing was to be changed.
    WouldBeRemoved,
}

/// What became of one grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The grant.
    pub grant: Grant,
    /// What was found, or done.
    pub state: State,
    /// Whether a look at the directory afterwards showed it.
    pub confirmed: bool,
    /// The id of the assignment, where it is known.
    pub assignment: Option<String>,
}

impl State {
    /// Whether something is different now.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Assigned | Self::Removed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assigned => "assigned",
            Self::AlreadyThere => "already there",
            Self::WouldBeAssigned => "would be assigned",
            Self::Removed => "removed",
            Self::WasNotThere => "was not there",
            Self::WouldBeRemoved => "would be removed",
        })
    }
}

/// What looking for a change came to.
enum Seen {
    /// It shows: this is the assignment, where there is to be one.
    Done(Option<String>),
    /// It does not, as long as could be waited.
    NotYet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExchangePrincipal {
    id: String,
    #[serde(default)]
    app_roles: Vec<AppRole>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppRole {
    id: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    is_enabled: bool,
}

impl AppRole {
    /// Three others have nearly this name; both name and id must be right.
    fn opens_exchange(&self) -> bool {
        self.is_enabled
            && self.value.as_deref() == Some(APP_ROLE)
            && self.id.eq_ignore_ascii_case(APP_ROLE_ID)
    }
}

impl Graph {
    /// The app role that Exchange Online offers in this tenant.
    pub async fn app_role(&self) -> Result<Grant, Error> {
        let query = [("$filter", equals("appId", EXCHANGE_APP_ID)), ("$select", "id,appRoles".to_owned())];
        let found = self.list("find Office 365 Exchange Online", &["servicePrincipals"], &query).await?;
        let exchange: ExchangePrincipal = found.into_iter().next().ok_or(Error::NoExchange)?;
        if exchange.app_roles.iter().any(AppRole::opens_exchange) {
            Ok(Grant::AppRole { resource: exchange.id })
        } else {
            Err(Error::NoAppRole { app_role: APP_ROLE })
        }
    }

    /// Says what [`Graph::assign`] or [`Graph::remove`] would do. Only reads.
    pub async fn preview(&self, grant: Grant, principal: &str, removes: bool) -> Result<Outcome, Error> {
        let found = self.assignment(&grant, principal).await?;
        let state = match (found.is_some(), removes) {
            (true, false) => State::AlreadyThere,
            (false, false) => State::WouldBeAssigned,
            (true, true) => State::WouldBeRemoved,
            (false, true) => State::WasNotThere,
        };
        Ok(Outcome { grant, state, confirmed: true, assignment: found })
    }

    /// Makes a grant, unless it is there.
    pub async fn assign(&self, grant: Grant, principal: &str) -> Result<Outcome, Error> {
        if let found @ Some(_) = self.assignment(&grant, principal).await? {
            return Ok(Outcome { grant, state: State::AlreadyThere, confirmed: true, assignment: found });
        }
        let what = format!("assign {}", quoted(&grant));
        let (path, body) = (grant.place(principal).path, grant.body(principal));
        let mut repeated = 0;
        let (state, said) = loop {
            match self.create(&what, &path, &body).await? {
                Written::Done(body) => break (State::Assigned, id_of(&body)),
                // After a repetition it was most likely the first request that made it.
                Written::Duplicate | Written::Missing if repeated > 0 => break (State::Assigned, None),
                Written::Duplicate | Written::Missing => break (State::AlreadyThere, None),
                Written::Unknown(error) => {
                    let seen = self.settle(&grant, principal, true, &what, error, repeated).await?;
                    if let Seen::Done(assignment) = seen {
                        let state = State::Assigned;
                        return Ok(Outcome { grant, state, confirmed: true, assignment });
                    }
                    repeated += 1;
                }
            }
        };
        let (confirmed, found) = self.confirm(&grant, principal, true).await;
        Ok(Outcome { grant, state, confirmed, assignment: found.or(said) })
    }

    /// Takes a grant away, if it is there.
    pub async fn remove(&self, grant: Grant, principal: &str) -> Result<Outcome, Error> {
        let Some(id) = self.assignment(&grant, principal).await? else {
            return Ok(Outcome { grant, state: State::WasNotThere, confirmed: true, assignment: None });
        };
        let what = format!("remove {}", quoted(&grant));
        let mut path = grant.place(principal).path;
        path.push(&id);
        let mut repeated = 0;
        let confirmed = loop {
            // Every other answer is good: gone is gone, whoever was faster.
            let Written::Unknown(error) = self.delete(&what, &path).await? else {
                break self.confirm(&grant, principal, false).await.0;
            };
            if let Seen::Done(_) = self.settle(&grant, principal, false, &what, error, repeated).await? {
                break true;
            }
            repeated += 1;
        };
        Ok(Outcome { grant, state: State::Removed, confirmed, assignment: Some(id) })
    }

    /// Looks after a change that the service has said to be made: whether it shows, and as which assignment. Where nothing
    /// can be read it is made all the same.
    async fn confirm(&self, grant: &Grant, principal: &str, present: bool) -> (bool, Option<String>) {
        match self.shows(grant, principal, present, &UNTIL_IT_SHOWS).await {
            Ok(Seen::Done(assignment)) => (true, assignment),
            Ok(Seen::NotYet) | Err(_) => (false, None),
        }
    }

    /// Settles a write of which nothing is known. It may be repeated where it does not show; an error says that this has
    /// been done often enough, or that nothing can be read.
    async fn settle(
        &self,
        grant: &Grant,
        principal: &str,
        present: bool,
        what: &str,
        error: Error,
        repeated: u32,
    ) -> Result<Seen, Error> {
        tracing::info!(what, %error, "looking whether it was done");
        let in_doubt = |error| Err(Error::InDoubt { what: what.to_owned(), error: Box::new(error) });
        if matches!(&error, Error::NoReply { error, .. } if matches!(error.kind, Kind::Ended(_))) {
            // There is no time left to look.
            return in_doubt(error);
        }
        let may_repeat = repeated < self.limits.max_retries.unwrap_or(REPETITIONS).min(REPETITIONS);
        match self.shows(grant, principal, present, &UNTIL_REPEATED).await {
            Ok(Seen::NotYet) if may_repeat => Ok(Seen::NotYet),
            Ok(Seen::NotYet) | Err(_) => in_doubt(error),
            Ok(seen) => Ok(seen),
        }
    }

    /// Looks until the grant is there, or is not, as it should be; as long as these waits and the deadline allow.
    async fn shows(
        &self,
        grant: &Grant,
        principal: &str,
        present: bool,
        waits: &[u64],
    ) -> Result<Seen, Error> {
        let mut waits = waits.iter().copied().map(Duration::from_secs);
        loop {
            let found = self.assignment(grant, principal).await?;
            if found.is_some() == present {
                return Ok(Seen::Done(found));
            }
            let in_time = |wait: &Duration| self.limits.allow(*wait);
            let Some(wait) = waits.next().filter(in_time) else { return Ok(Seen::NotYet) };
            tracing::info!(grant = grant.name(), "not seen yet; looking again in {} s", wait.as_secs());
            if self.limits.pause(wait).await.is_err() {
                return Ok(Seen::NotYet);
            }
        }
    }

    /// The id of the grant's assignment, where there is one.
    async fn assignment(&self, grant: &Grant, principal: &str) -> Result<Option<String>, Error> {
        let what = format!("list the assignments of {}s", grant.kind());
        let Place { path, query } = grant.place(principal);
        let all: Vec<Assignment> = self.list(&what, &path, &query).await?;
        Ok(all.into_iter().find(|assignment| grant.is(assignment, principal)).map(|found| found.id))
    }
}

fn quoted(grant: &Grant) -> String {
    format!("the {} `{}`", grant.kind(), grant.name())
}

/// The id in the answer to a request that made something.
fn id_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Made {
        id: String,
    }
    serde_json::from_slice::<Made>(body).ok().map(|made| made.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::LOOK_ALIKES;

    #[test]
    fn only_the_app_role_with_the_right_name_and_the_right_id_opens_exchange() {
        let role = |id: &str, value: &str, is_enabled| AppRole {
            id: id.to_owned(),
            value: Some(value.to_owned()),
            is_enabled,
        };
        assert!(role(&APP_ROLE_ID.to_uppercase(), APP_ROLE, true).opens_exchange());
        assert!(!role(APP_ROLE_ID, APP_ROLE, false).opens_exchange());
        assert!(!role("ea3d980d-ebc7-4be4-8298-a167e5b8797c", APP_ROLE, true).opens_exchange());
        for look_alike in LOOK_ALIKES {
            assert!(!role(APP_ROLE_ID, look_alike, true).opens_exchange(), "{look_alike}");
        }
    }
}
