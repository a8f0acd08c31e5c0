//! One command against scripted servers: nothing of the real machine but loopback, and a clock that nobody waits for.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use exo_mi::clock::Clock;
use exo_mi::env::Env;
use exo_mi::stop::Stop;
use exo_mi::world::{Chance, Ids, Stream, World};
use serde_json::Value;

use crate::memory::Memory;
use crate::secrets::{Secrets, minted};
use crate::server::{Request, Server, Step, reply};

/// Friday, 15 January 2027, 08:00:00 GMT: the moment at which every command begins.
pub(crate) const BEGINNING: u64 = 1_800_000_000;

pub(crate) const TENANT: &str = "5f0f6c3a-7a53-4a0b-9d0e-2f4a5b6c7d8e";
pub(crate) const CLIENT_ID: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const OBJECT_ID: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const RESOURCE_ID: &str =
    "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader";

/// A certificate that signed nothing: these servers speak no TLS, and loading the machine's own roots takes longer than
/// all the rest.
pub(crate) const CA_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/ca.pem");

/// A secret of the identity endpoint, another one in each run.
pub(crate) static IDENTITY_HEADER: LazyLock<String> = LazyLock::new(minted);

/// What only this run's tokens are signed with.
static SIGNATURE: LazyLock<String> = LazyLock::new(minted);

/// Head and claims of every token: the ids above, the app role and the Exchange administrator's directory role.
const UNSIGNED: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.",
    "eyJhdWQiOiJodHRwczovL291dGxvb2sub2ZmaWNlMzY1LmNvbS8iLCJ0aWQiOiI1ZjBmNmMzYS03YTUzLTRhMGItOWQwZS0yZjRhNWI2YzdkOGUi",
    "LCJhcHBpZCI6IjExMTExMTExLTExMTEtNDExMS04MTExLTExMTExMTExMTExMSIsIm9pZCI6IjIyMjIyMjIyLTIyMjItNDIyMi04MjIyLTIyMjIy",
    "MjIyMjIyMiIsInJvbGVzIjpbIkV4Y2hhbmdlLk1hbmFnZUFzQXBwIl0sIndpZHMiOlsiMjkyMzJjZGYtOTMyMy00MmZkLWFkZTItMWQwOTdhZjNl",
    "NGRlIl0sInhtc19taXJpZCI6Ii9zdWJzY3JpcHRpb25zL3MvcmVzb3VyY2Vncm91cHMvZy9wcm92aWRlcnMvTWljcm9zb2Z0Lk1hbmFnZWRJZGVu",
    "dGl0eS91c2VyQXNzaWduZWRJZGVudGl0aWVzL3JlYWRlciIsImlhdCI6MTc5OTk5OTAwMCwiZXhwIjoxODAwMDg1NDAwfQ",
);

/// A token; the signature tells one from another.
pub(crate) fn token(signature: &str) -> String {
    format!("{UNSIGNED}.{signature}-{}", *SIGNATURE)
}

/// An identity endpoint's answer with this token.
pub(crate) fn grants(signature: &str) -> Step {
    let ends = BEGINNING + 86_399;
    reply(200)
        .json(format!(
            r#"{{"access_token":"{}","expires_on":"{ends}","expires_in":"86399","token_type":"Bearer","resource":"https://outlook.office365.com/"}}"#,
            token(signature)
        ))
        .into()
}

/// A page with these rows, written as a JSON array.
pub(crate) fn page(rows: &str) -> Step {
    reply(200).json(format!(r#"{{"@adminapi.warnings":[],"value":{rows}}}"#)).into()
}

/// A page with one row, `{"Name":"a"}` or the like, and the link to the next.
pub(crate) fn page_and_link(name: &str, link: &str) -> Step {
    reply(200).json(page_body(name, link)).into()
}

pub(crate) fn page_body(name: &str, link: &str) -> String {
    format!(r#"{{"value":[{{"Name":"{name}"}}],"@odata.nextLink":"{link}"}}"#)
}

/// A port on which nothing listens. It stays taken for as long as the process lives, or one of the servers beside this
/// test would soon get it.
pub(crate) fn closed_port() -> u16 {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    std::mem::forget(socket);
    address.port()
}

/// Which identity endpoint the host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Imds,
    Endpoint,
    Arc,
}

pub(crate) const SOURCES: [Source; 2] = [Source::Imds, Source::Endpoint];

/// A command, and what will be answered to it.
#[derive(Clone)]
pub(crate) struct Command {
    words: Vec<String>,
    source: Source,
    identity: Service,
    exchange: Service,
    authority: Option<Service>,
    variables: Vec<(String, String)>,
    input: String,
    root: Option<PathBuf>,
    clock: fn(SystemTime) -> Clock,
    /// How wide the terminal is that standard error is.
    columns: Option<usize>,
}

/// What a server answers: step by step, and then ever the same.
#[derive(Clone, Default)]
struct Service {
    steps: Vec<Step>,
    ever: Option<Step>,
}

impl Service {
    fn of(steps: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        Self { steps: steps.into_iter().map(Into::into).collect(), ever: None }
    }

    fn start(&self) -> Server {
        match self.ever.clone() {
            Some(step) => Server::answering(self.steps.clone(), move |_| step.clone()),
            None => Server::start(self.steps.clone()),
        }
    }
}

/// What it left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) exit: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The waits between attempts.
    pub(crate) sleeps: Vec<Duration>,
    pub(crate) identity: Vec<Request>,
    pub(crate) exchange: Vec<Request>,
    pub(crate) authority: Vec<Request>,
}

/// `exo-mi connect` with a cmdlet, on a virtual machine whose IMDS grants one token.
pub(crate) fn connect(words: &str) -> Command {
    exo_mi(&format!("connect --org contoso.onmicrosoft.com -o jsonl {words}"))
}

/// `exo-mi` with these words on the same machine.
pub(crate) fn exo_mi(words: &str) -> Command {
    Command {
        words: words.split_whitespace().map(str::to_owned).collect(),
        source: Source::Imds,
        identity: Service::of([grants("first")]),
        exchange: Service::default(),
        authority: None,
        variables: Vec::new(),
        input: String::new(),
        root: None,
        clock: Clock::simulated,
        columns: None,
    }
}

/// A cmdlet that reads.
pub(crate) fn reading() -> Command {
    connect("Get-AcceptedDomain")
}

/// A cmdlet that writes, and does not ask.
pub(crate) fn writing() -> Command {
    connect("Set-AcceptedDomain -Identity contoso.com -DomainType InternalRelay")
}

impl Command {
    /// An option before the cmdlet.
    pub(crate) fn option(mut self, words: &str) -> Self {
        self.words.splice(1..1, words.split_whitespace().map(str::to_owned));
        self
    }

    pub(crate) fn source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// What the identity endpoint answers.
    pub(crate) fn identity(self, steps: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        Self { identity: Service::of(steps), ..self }
    }

    /// What Exchange answers; nothing may be asked of it unless this is called.
    pub(crate) fn exchange(self, steps: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        Self { exchange: Service::of(steps), ..self }
    }

    /// What an authority answers; without this there is none.
    pub(crate) fn authority(self, steps: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        Self { authority: Some(Service::of(steps)), ..self }
    }

    /// What the identity endpoint answers after that, for ever.
    pub(crate) fn identity_ever(mut self, step: Step) -> Self {
        self.identity.ever = Some(step);
        self
    }

    /// What Exchange answers after that, for ever.
    pub(crate) fn exchange_ever(mut self, step: Step) -> Self {
        self.exchange.ever = Some(step);
        self
    }

    /// Limits of time last for less than half a second, whatever they say, and the longer stays the longer.
    pub(crate) fn impatient(self) -> Self {
        Self { clock: |started| Clock::impatient(started, Duration::from_millis(400)), ..self }
    }

    /// What another program writes to standard input.
    pub(crate) fn input(self, input: &str) -> Self {
        Self { input: input.to_owned(), ..self }
    }

    /// Standard error is a terminal.
    pub(crate) fn terminal(self, columns: usize) -> Self {
        Self { columns: Some(columns), ..self }
    }

    /// A host whose files lie under this folder.
    pub(crate) fn rooted(self, root: &Path) -> Self {
        Self { root: Some(root.to_owned()), ..self }
    }

    /// A variable, in the place of what the harness sets.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it, and twice before that with everything logged. Whatever is run is searched for secrets.
    pub(crate) fn run(&self) -> Outcome {
        for extra in [&["-vvv"][..], &["-vvv", "--log-format", "json", "--error-format", "json"]] {
            self.against(&self.identity.start(), &self.exchange.start(), extra);
        }
        self.once()
    }

    /// Runs it once.
    pub(crate) fn once(&self) -> Outcome {
        self.against(&self.identity.start(), &self.exchange.start(), &[])
    }

    /// Runs it once against these servers.
    pub(crate) fn against(&self, identity: &Server, exchange: &Server, extra: &[&str]) -> Outcome {
        let clock = (self.clock)(SystemTime::UNIX_EPOCH + Duration::from_secs(BEGINNING));
        let (stdout, stderr) = (Memory::default(), Memory::default());
        let (order, stop) = Stop::by_hand();
        let order = Arc::new(order);
        identity.orders_by(&order);
        exchange.orders_by(&order);
        let mut variables = vec![
            ("EXO_MI_CONNECTION_URI".to_owned(), exchange.origin()),
            ("EXO_MI_CA_FILE".to_owned(), CA_FILE.to_owned()),
        ];
        let authority = self.authority.as_ref().map(Service::start);
        variables.extend(authority.iter().map(|it| ("AZURE_AUTHORITY_HOST".to_owned(), it.origin())));
        match self.source {
            Source::Imds => {
                variables.push(("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), identity.origin()));
            }
            Source::Arc => {
                variables.push(("IDENTITY_ENDPOINT".to_owned(), format!("{}/t", identity.origin())));
                variables.push(("IMDS_ENDPOINT".to_owned(), identity.origin()));
            }
            Source::Endpoint => {
                variables.push(("IDENTITY_ENDPOINT".to_owned(), format!("{}/msi/token", identity.origin())));
                variables.push(("IDENTITY_HEADER".to_owned(), IDENTITY_HEADER.clone()));
            }
        }
        variables.extend(self.variables.iter().map(|(name, value)| {
            (name.clone(), value.replace("{identity}", identity.origin().trim_start_matches("http://")))
        }));
        let world = World {
            env: match &self.root {
                Some(root) => Env::fixed(variables).rooted(root),
                None => Env::fixed(variables),
            },
            clock: clock.clone(),
            ids: Ids::sequence(),
            stop,
            chance: Chance::Fixed(0.5),
            stdin: Box::new(std::io::Cursor::new(self.input.clone())),
            stdin_length: None,
            stdin_is_terminal: false,
            interactive: false,
            stdout_id: None,
            stdout: Stream::new(stdout.clone(), None),
            stderr: Stream::new(stderr.clone(), self.columns),
        };
        let words = std::iter::once("exo-mi").chain(extra.iter().copied());
        let words = words.chain(self.words.iter().map(String::as_str)).map(OsString::from);
        let exit = exo_mi::run(words, world).code();
        let outcome = Outcome {
            exit,
            stdout: stdout.text(),
            stderr: stderr.text(),
            sleeps: clock.sleeps(),
            identity: identity.requests(),
            exchange: exchange.requests(),
            authority: authority.map(|server| server.requests()).unwrap_or_default(),
        };
        outcome.assert_no_secret();
        outcome
    }
}

/// What must not be shown: the secrets of this run, and whatever was sent as a credential. No test has to name its own.
pub(crate) fn secrets_of<'r>(requests: impl Iterator<Item = &'r Request>) -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add("the identity header", IDENTITY_HEADER.as_str());
    secrets.add("a token", token("any"));
    for request in requests {
        for name in ["authorization", "x-identity-header", "secret"] {
            for value in request.all(name) {
                secrets.add(name, value.rsplit(' ').next().unwrap_or_default());
            }
        }
        for (name, value) in url::form_urlencoded::parse(&request.body) {
            if name == "client_assertion" {
                secrets.add(&name, value.as_bytes());
            }
        }
    }
    secrets
}

impl Outcome {
    fn assert_no_secret(&self) {
        let secrets = secrets_of(self.identity.iter().chain(&self.exchange).chain(&self.authority));
        secrets.assert_not_in("standard output", &self.stdout);
        secrets.assert_not_in("standard error", &self.stderr);
        // By which a terminal's line of progress is taken away.
        let stderr = self.stderr.replace("\r\u{1b}[K", "");
        let control = stderr.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "standard error holds a control character: {:?}", self.stderr);
    }

    /// All waits together.
    pub(crate) fn waited(&self) -> Duration {
        self.sleeps.iter().sum()
    }

    /// How many requests each of the two servers got, and the exit code.
    pub(crate) fn counts(&self) -> (usize, usize, u8) {
        (self.identity.len(), self.exchange.len(), self.exit)
    }

    /// Demands texts on standard error.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.stderr.contains(text), "standard error does not say {text:?}:\n{}", self.stderr);
        }
    }
}

/// The body of a request as JSON.
pub(crate) fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("the body is JSON")
}
