//! An emulator on a simulated clock, and requests that are right until a test spoils them.

use std::time::{Duration, SystemTime};

use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Entry, Options, Scenario, Source};
use exo_mi::secret::ExposeSecret;
use serde_json::{Value, json};

pub(crate) const RESOURCE: &str = "https://outlook.office365.com/";
pub(crate) const TENANT: &str = "5f0f6c3a-7a53-4a0b-9d0e-2f4a5b6c7d8e";
pub(crate) const READER: &str = "44444444-4444-4444-8444-444444444444";
pub(crate) const OPERATOR: &str = "33333333-3333-4333-8333-333333333333";
pub(crate) const REQUEST_ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
}

/// A request as data.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// An answer as data.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl World {
    pub(crate) fn start(scenario: Scenario) -> Self {
        Self::with_mailboxes(scenario, 5)
    }

    pub(crate) fn with_mailboxes(scenario: Scenario, mailboxes: usize) -> Self {
        Self::with_options(Options { scenario, mailboxes, ..Options::default() })
    }

    /// A world like these, whose clock is simulated whatever they say.
    pub(crate) fn with_options(options: Options) -> Self {
        Self::on(Clock::simulated(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000)), options)
    }

    /// A world in which time passes by itself.
    pub(crate) fn in_real_time(options: Options) -> Self {
        Self::on(Clock::real(), options)
    }

    fn on(clock: Clock, options: Options) -> Self {
        let emulator = Emulator::start(Options { clock: clock.clone(), ..options }).unwrap();
        let http = client(&emulator);
        Self { emulator, clock, http }
    }

    pub(crate) fn imds(&self) -> Sent {
        let origin = &self.emulator.addresses().imds;
        let url =
            format!("{origin}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={RESOURCE}");
        Sent::new("GET", url).with("Metadata", "true")
    }

    pub(crate) fn identity_endpoint(&self) -> Sent {
        let endpoint = &self.emulator.addresses().identity_endpoint;
        let secret = self.emulator.identity_header().expose_secret();
        Sent::new("GET", format!("{endpoint}?api-version=2019-08-01&resource={RESOURCE}"))
            .with("X-IDENTITY-HEADER", secret)
    }

    /// A cmdlet with a token of the system-assigned identity.
    pub(crate) async fn invoke(&self, cmdlet: &str, parameters: Value) -> Sent {
        // A twentieth of a second, so that IMDS answers however many cmdlets a test has.
        self.clock.sleep(Duration::from_millis(50)).await;
        let token = self.token(&self.imds()).await;
        self.invoke_with(&token, TENANT, cmdlet, parameters)
    }

    pub(crate) fn invoke_with(&self, token: &str, tenant: &str, cmdlet: &str, parameters: Value) -> Sent {
        let origin = &self.emulator.addresses().exchange;
        let anchor = format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}");
        let mut sent = Sent::new("POST", format!("{origin}/adminapi/beta/{tenant}/InvokeCommand"))
            .with("Authorization", &format!("Bearer {token}"))
            .with("Accept", "application/json")
            .with("Content-Type", "application/json")
            .with("X-AnchorMailbox", &anchor)
            .with("X-CmdletName", cmdlet)
            .with("client-request-id", REQUEST_ID);
        sent.body = json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}).to_string();
        sent
    }

    pub(crate) async fn token(&self, sent: &Sent) -> String {
        let got = self.send(sent).await;
        assert_eq!(got.status, 200, "{}", self.last());
        got.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, sent: &Sent) -> Got {
        self.try_send(sent).await.unwrap()
    }

    pub(crate) async fn try_send(&self, sent: &Sent) -> Result<Got, reqwest::Error> {
        let method = reqwest::Method::from_bytes(sent.method.as_bytes()).unwrap();
        let request = self.http.request(method, &sent.url).body(sent.body.clone());
        let request =
            sent.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Got { status, headers, body: response.bytes().await?.to_vec() })
    }

    /// Sends what is wrong and demands both the status and the reason in the journal.
    pub(crate) async fn refuses(&self, sent: &Sent, status: u16, reason: &str) -> Got {
        let got = self.send(sent).await;
        let line = self.last().to_string();
        assert_eq!(got.status, status, "{line}");
        assert!(line.contains("refused: ") && line.contains(reason), "{line:?} does not say {reason:?}");
        got
    }

    pub(crate) fn last(&self) -> Entry {
        self.emulator.journal().pop().unwrap()
    }

    /// How often a cmdlet has run.
    pub(crate) fn executions(&self, cmdlet: &str) -> usize {
        let journal = self.emulator.journal();
        let invocations = journal.iter().filter_map(|entry| entry.invocation.as_ref());
        invocations.filter(|invocation| invocation.executed && invocation.cmdlet == cmdlet).count()
    }
}

#[allow(clippy::disallowed_methods)] // A raw client: the product's own must not be what these tests rest on.
pub(crate) fn client(emulator: &Emulator) -> reqwest::Client {
    // Another test may have been first.
    rustls::crypto::ring::default_provider().install_default().ok();
    let root = reqwest::Certificate::from_pem(emulator.ca_pem().as_bytes()).unwrap();
    let builder = reqwest::Client::builder().tls_certs_only([root]).cookie_store(true).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A client that takes any certificate.
#[allow(clippy::disallowed_methods)] // As above.
pub(crate) fn careless() -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A POST of a form.
pub(crate) fn form(url: impl Into<String>, parameters: &[(&'static str, String)]) -> Sent {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    Sent::new("POST", url).with("Content-Type", "application/x-www-form-urlencoded").carrying(&body)
}

/// What a platform puts into a variable.
pub(crate) fn variable(world: &World, source: Source, name: &str) -> Option<String> {
    world.emulator.variables(source).into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

impl Sent {
    pub(crate) fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn but(self, name: &'static str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    pub(crate) fn by(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn at(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// The URL with one text replaced.
    pub(crate) fn replacing(mut self, old: &str, new: &str) -> Self {
        assert!(self.url.contains(old), "{} lacks {old}", self.url);
        self.url = self.url.replace(old, new);
        self
    }

    pub(crate) fn carrying(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        self.json()["value"].as_array().unwrap().clone()
    }
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap())
        .unwrap()
}
