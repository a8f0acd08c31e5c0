//! Tokens of a long run: one request however many ask, one entry for each resource and identity, refreshed in time, and
//! a good token survives a refresh that fails.

#![cfg(feature = "emulator")]

use std::time::{Duration, SystemTime};

use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Options, Scenario, Source};
use exo_mi::env::Env;
use exo_mi::http::{Client, Limits};
use exo_mi::identity::{
    Choice, Credential, Detection, Freshness, Held, Identity, IdentitySelector, TokenCache, Wanted,
};
use exo_mi::secret::ExposeSecret;

const EXCHANGE: &str = "https://outlook.office365.com/";

struct Run {
    emulator: Emulator,
    env: Env,
    client: Client,
    limits: Limits,
    cache: TokenCache,
}

impl Run {
    fn new(scenario: Scenario) -> Self {
        let clock = Clock::simulated(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let options = Options { scenario, clock: clock.clone(), ..Options::default() };
        let emulator = Emulator::start(options).expect("the emulator starts");
        Self {
            env: Env::fixed(emulator.variables(Source::Imds)),
            emulator,
            client: Client::link_local(&clock).expect("a client"),
            limits: Limits { max_retries: Some(0), ..Limits::none(clock) },
            cache: TokenCache::default(),
        }
    }

    fn identity(&self, selector: IdentitySelector, resource: &str) -> Identity {
        let detection = Detection::decide(&self.env, Choice::Auto).expect("a source");
        let wanted = Wanted {
            selector,
            resource: resource.to_owned(),
            authority: "https://login.microsoftonline.com/".parse().expect("a URL"),
            organization: "contoso.onmicrosoft.com".to_owned(),
            credential: Credential::Host,
        };
        Identity::new(&self.env, detection, wanted).expect("an identity")
    }

    async fn token(
        &self,
        identity: &Identity,
        freshness: Freshness,
    ) -> Result<Held, exo_mi::identity::Error> {
        self.cache.token(identity, &self.client, &self.limits, freshness).await
    }

    fn requests(&self) -> usize {
        self.emulator.journal().len()
    }
}

fn reader() -> IdentitySelector {
    let id = IdentitySelector::guid("44444444-4444-4444-8444-444444444444").expect("a GUID");
    IdentitySelector::ClientId(id)
}

#[tokio::test]
async fn ten_callers_at_once_make_one_request() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    let ask = || run.token(&identity, Freshness::Any);
    let all = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask());
    assert!(all.0.is_ok() && all.9.is_ok());
    assert_eq!(run.requests(), 1);
}

#[tokio::test]
async fn a_second_call_needs_no_network() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    run.token(&identity, Freshness::Any).await.expect("a token");
    run.limits.clock.sleep(Duration::from_secs(3600)).await;
    run.token(&identity, Freshness::Any).await.expect("a token");
    assert_eq!(run.requests(), 1);
}

#[tokio::test]
async fn resources_and_identities_share_nothing() {
    let run = Run::new(Scenario::Healthy);
    let mut tokens = Vec::new();
    for (selector, resource) in [
        (IdentitySelector::SystemAssigned, EXCHANGE),
        (reader(), EXCHANGE),
        (IdentitySelector::SystemAssigned, "https://graph.microsoft.com/"),
    ] {
        let identity = run.identity(selector, resource);
        for _ in 0..2 {
            if let Ok(held) = run.token(&identity, Freshness::Any).await {
                tokens.push(held.token.secret.expose_secret().to_owned());
            }
        }
    }
    tokens.sort();
    tokens.dedup();
    assert!(tokens.len() >= 2, "the system-assigned and the user-assigned identity have tokens of their own");
    let asked: Vec<String> = run.emulator.journal().into_iter().map(|entry| entry.target).collect();
    assert_eq!(asked.iter().filter(|target| target.contains("outlook")).count(), 2, "{asked:?}");
}

#[tokio::test]
async fn a_token_is_refreshed_at_half_its_life() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    let first = run.token(&identity, Freshness::Any).await.expect("a token");
    let life = first.token.remaining(run.limits.clock.now());
    run.limits.clock.sleep(life / 2 + Duration::from_secs(1)).await;
    run.token(&identity, Freshness::Any).await.expect("a token");
    assert_eq!(run.requests(), 2);
}

#[tokio::test]
async fn a_refused_token_is_replaced_at_once() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    let first = run.token(&identity, Freshness::Any).await.expect("a token");
    run.token(&identity, Freshness::Not { number: first.number }).await.expect("a token");
    assert_eq!(run.requests(), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_to_many_at_once_is_replaced_by_one() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    let first = run.token(&identity, Freshness::Any).await.expect("a token");
    let replace = || run.token(&identity, Freshness::Not { number: first.number });
    let (one, two, three) = tokio::join!(replace(), replace(), replace());
    let numbers = [one, two, three].map(|held| held.expect("a token").number);
    assert_eq!((numbers, run.requests()), ([first.number + 1; 3], 2), "in one instant, on this clock");
}

#[tokio::test]
async fn a_good_token_survives_a_refresh_that_fails() {
    let run = Run::new(Scenario::Healthy);
    let identity = run.identity(IdentitySelector::SystemAssigned, EXCHANGE);
    let first = run.token(&identity, Freshness::Any).await.expect("a token");
    let life = first.token.remaining(run.limits.clock.now());
    let Run { emulator, client, limits, cache, .. } = run;
    emulator.stop();
    limits.clock.sleep(life / 2 + Duration::from_secs(1)).await;
    let held =
        cache.token(&identity, &client, &limits, Freshness::Any).await.expect("the token that is still good");
    assert_eq!(held.taken, first.taken);
    limits.clock.sleep(life / 2).await;
    assert!(
        cache.token(&identity, &client, &limits, Freshness::Any).await.is_err(),
        "an ended token is not given out"
    );
}
