//! One command in a world of its own: cleared environment, simulated clock, streams in memory.
//!
//! Every command is run three times in worlds alike: as it stands, with everything logged as text, and with everything
//! logged as JSON and its failure told as JSON. After each run both streams, and the file where there is one, are searched
//! for every secret of the world, in every form. A test does nothing for that, and cannot leave it out.

use std::ffi::OsString;
use std::fmt;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use exo_mi::clock::Clock;
use exo_mi::emulator::{CertificateFiles, Emulator, Entry, Options, Scenario, Source};
use exo_mi::env::Env;
use exo_mi::secret::ExposeSecret as _;
use exo_mi::stop::Stop;
use exo_mi::world::{Chance, Ids, Stream, World};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;

use crate::memory::Memory;
use crate::secrets::{Secrets, minted};

/// The moment at which every command begins.
pub(crate) fn beginning() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

/// The variable that keeps a command from the real metadata service.
const IMDS_HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

/// A command to be run.
#[derive(Clone)]
pub(crate) struct Command {
    arguments: Vec<String>,
    scenario: Scenario,
    source: Source,
    mailboxes: usize,
    variables: Vec<(String, String)>,
    hidden: Vec<&'static str>,
    columns: Option<usize>,
    /// What somebody at a terminal types.
    answer: Option<&'static str>,
    /// What another program writes to standard input.
    input: Vec<u8>,
    /// Whether its result is a token.
    hands_out: bool,
}

/// What it left behind.
pub(crate) struct Outcome {
    line: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: u8,
    pub(crate) requests: Vec<Entry>,
    /// The waits between attempts.
    pub(crate) sleeps: Vec<Duration>,
}

/// `exo-mi connect` with these words, in the healthy world, with everything that a host sets.
pub(crate) fn connect(words: &str) -> Command {
    exo_mi(&format!("connect {words}"))
}

/// `exo-mi` with these words.
pub(crate) fn exo_mi(words: &str) -> Command {
    Command {
        arguments: words.split_whitespace().map(str::to_owned).collect(),
        scenario: Scenario::Healthy,
        source: Source::Imds,
        mailboxes: 5,
        variables: Vec::new(),
        hidden: Vec::new(),
        columns: None,
        answer: None,
        input: Vec::new(),
        hands_out: false,
    }
}

impl Command {
    pub(crate) fn argument(mut self, text: &str) -> Self {
        self.arguments.push(text.to_owned());
        self
    }

    pub(crate) fn scenario(self, scenario: Scenario) -> Self {
        Self { scenario, ..self }
    }

    pub(crate) fn source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    pub(crate) fn mailboxes(self, mailboxes: usize) -> Self {
        Self { mailboxes, ..self }
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.hidden.push(name);
        self
    }

    pub(crate) fn terminal(self, columns: usize) -> Self {
        Self { columns: Some(columns), ..self }
    }

    pub(crate) fn answering(self, text: &'static str) -> Self {
        Self { answer: Some(text), ..self }
    }

    pub(crate) fn input(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        Self { input: bytes.to_vec(), ..self }
    }

    /// Has the result be a token, which stands on standard output or in a file and nowhere else.
    pub(crate) fn handing_out(self) -> Self {
        Self { hands_out: true, ..self }
    }

    /// Runs it, and twice more with everything logged.
    pub(crate) fn run(&self) -> Outcome {
        for extra in [&["-vvv"][..], &["-vvv", "--log-format", "json", "--error-format", "json"]] {
            let outcome = self.once(extra);
            // Where something was sent, the log must show it: a scan of nothing proves nothing.
            assert!(outcome.requests.is_empty() || outcome.says_what_was_sent(), "{outcome}");
        }
        self.once(&[])
    }

    /// The kinds of secrets for which a run is searched.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        let (emulator, clock) = self.world();
        self.within(&emulator, &clock, &[]);
        emulator.secrets().into_iter().map(|(kind, _)| kind).collect()
    }

    fn once(&self, extra: &[&str]) -> Outcome {
        let (emulator, clock) = self.world();
        self.within(&emulator, &clock, extra)
    }

    fn world(&self) -> (Emulator, Clock) {
        let clock = Clock::simulated(beginning());
        let options = Options {
            scenario: self.scenario,
            mailboxes: self.mailboxes,
            clock: clock.clone(),
            ..Options::default()
        };
        (Emulator::start(options).expect("the emulator starts"), clock)
    }

    /// Runs it once in a world that other commands share.
    pub(crate) fn within(&self, emulator: &Emulator, clock: &Clock, extra: &[&str]) -> Outcome {
        let folder = tempfile::tempdir().expect("a folder");
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, emulator.ca_pem()).expect("the certificate is written");
        let mut variables: Vec<(String, String)> = emulator
            .variables(self.source)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        variables.push(("EXO_MI_CA_FILE".to_owned(), ca_file.display().to_string()));
        // Nothing in a test may reach for the real address, whatever the decision table makes of its variables.
        if !variables.iter().any(|(name, _)| name == IMDS_HOST) {
            variables.push((IMDS_HOST.to_owned(), "http://127.0.0.1:1".to_owned()));
        }
        variables.retain(|(name, _)| !self.hidden.contains(&name.as_str()));
        variables.extend(self.variables.clone());
        let (stdout, stderr) = (Memory::default(), Memory::default());
        let world = World {
            env: host(variables, self.source, emulator),
            clock: clock.clone(),
            ids: Ids::sequence(),
            stop: Stop::never(),
            chance: Chance::Fixed(0.5),
            stdin: Box::new(Cursor::new(
                self.answer.map_or_else(|| self.input.clone(), |text| text.as_bytes().to_vec()),
            )),
            stdin_length: None,
            stdin_is_terminal: self.answer.is_some(),
            interactive: self.answer.is_some(),
            stdout_id: Some("8:42".to_owned()),
            stdout: Stream::new(stdout.clone(), self.columns),
            stderr: Stream::new(stderr.clone(), None),
        };
        let words = std::iter::once("exo-mi").chain(extra.iter().copied());
        let own = self.arguments.iter().map(|word| filled(word, emulator, folder.path()));
        let words = words.map(str::to_owned).chain(own).map(OsString::from);
        let exit = exo_mi::run(words, world).code();
        let outcome = Outcome {
            line: self.arguments.join(" "),
            stdout: stdout.text(),
            stderr: stderr.text(),
            exit,
            requests: emulator.journal(),
            sleeps: clock.sleeps(),
        };
        self.assert_no_secret(&outcome, emulator);
        outcome
    }

    /// Looks at everything that the command left behind but for its result where that is a token.
    fn assert_no_secret(&self, outcome: &Outcome, emulator: &Emulator) {
        let mut secrets = Secrets::default();
        for (kind, secret) in emulator.secrets() {
            secrets.add(kind, secret.expose_secret());
        }
        let demand = |place: &str, bytes: &[u8]| {
            secrets.assert_not_in(place, bytes);
            LASTING.assert_not_in(place, bytes);
            assert_no_credential(&String::from_utf8_lossy(bytes));
        };
        demand("standard error", outcome.stderr.as_bytes());
        if self.hands_out {
            return;
        }
        demand("standard output", outcome.stdout.as_bytes());
        for file in self.files() {
            demand(&file.display().to_string(), &std::fs::read(&file).unwrap_or_default());
        }
    }

    /// Where the command writes to, and what it leaves there of a result that is not whole.
    fn files(&self) -> Vec<PathBuf> {
        let words = self.arguments.iter().zip(self.arguments.iter().skip(1));
        let named = words.filter(|(option, _)| ["--out", "--bundle"].contains(&option.as_str()));
        named.flat_map(|(_, path)| [PathBuf::from(path), PathBuf::from(format!("{path}.partial"))]).collect()
    }
}

/// The secrets of every world: the keys of the certificates as they are kept in memory, and a password.
///
/// To take them to pieces costs more than to run a command, so it is done once.
static LASTING: LazyLock<Secrets> = LazyLock::new(|| {
    let mut secrets = Secrets::default();
    secrets.add("a certificate's password", MINTED_PASSWORD.as_str());
    for name in ["application", "unregistered"] {
        let file = format!("{}/fixtures/certificate/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        let key = PrivateKeyDer::from_pem_file(file).expect("a private key");
        secrets.add("a private key", key.secret_der());
    }
    secrets
});

/// Nothing that looks like a token or stands after the scheme of one, whosever it may be.
fn assert_no_credential(text: &str) {
    assert!(!text.contains("eyJ"), "a token was shown: {text}");
    // A script names the scheme, and then a variable or a place for the token.
    let lower = text.to_ascii_lowercase();
    let credential = lower.split("bearer ").skip(1).any(|after| !after.starts_with(['%', '$']));
    assert!(!credential, "a credential was shown: {text}");
}

/// A word with the names of files that exist only once the emulator runs: `@pem@` and its like.
fn filled(word: &str, emulator: &Emulator, folder: &Path) -> String {
    if !word.contains('@') {
        return word.to_owned();
    }
    let files = emulator.certificate().expect("the certificate files are written");
    let written = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file is written");
        path
    };
    let path = match word {
        "@pem@" => files.pem.clone(),
        "@pfx@" => files.pfx.clone(),
        "@legacy-pfx@" => files.legacy_pfx.clone(),
        "@encrypted-pem@" => files.encrypted_pem.clone(),
        "@unregistered-pem@" => files.unregistered_pem.clone(),
        "@password@" => written("password", &format!("{}\n", files.pfx_password.expose_secret())),
        "@wrong-password@" => written("password", "guess\n"),
        "@minted-pfx@" => minted_pfx(files, folder),
        "@minted-password@" => written("minted-password", &format!("{}\n", *MINTED_PASSWORD)),
        "@app@" => return files.app_id.clone(),
        "@identity-header@" => return emulator.identity_header().expose_secret().to_owned(),
        "@token@" => written("token", &token(emulator)),
        "@graph-token@" => written("graph-token", emulator.graph_token().expose_secret()),
        _ => return word.to_owned(),
    };
    path.display().to_string()
}

/// A password that was never written down; the one of the fixtures is known to all.
static MINTED_PASSWORD: LazyLock<String> = LazyLock::new(minted);

/// The certificate of the fixtures under that password.
fn minted_pfx(files: &CertificateFiles, folder: &Path) -> PathBuf {
    let content = std::fs::read(&files.pfx).expect("the file");
    let known =
        KeyStore::from_pkcs12(&content, files.pfx_password.expose_secret(), Pkcs12ImportPolicy::Relaxed);
    let path = folder.join("minted.pfx");
    let content = known.expect("a key store").writer(&MINTED_PASSWORD).write().expect("a key store");
    std::fs::write(&path, content).expect("a file is written");
    path
}

/// A token as another program would bring it.
fn token(emulator: &Emulator) -> String {
    let address = emulator.addresses().imds.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("IMDS answers");
    let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com%2F";
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nmetadata: true\r\nconnection: close\r\n\r\n")
        .expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    let body = reply.split_once("\r\n\r\n").expect("a body").1;
    let answer: serde_json::Value = serde_json::from_str(body).expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// The emulated machine; the Azure Arc agent is on the disk of a server of its own alone.
fn host(variables: Vec<(String, String)>, source: Source, emulator: &Emulator) -> Env {
    let env = Env::fixed(variables);
    if source == Source::Arc { env.rooted(emulator.root()) } else { env }
}

impl Outcome {
    fn says_what_was_sent(&self) -> bool {
        // The token that is brought was asked for by the harness.
        ["sending", "asking for a token source=\"access-token\""]
            .iter()
            .any(|text| self.stderr.contains(text))
            || self.stderr.contains(r#""source":"access-token""#)
    }

    /// How many requests went to this path of the admin API.
    pub(crate) fn calls(&self, path: &str) -> usize {
        self.requests.iter().filter(|entry| entry.to_string().contains(path)).count()
    }

    /// How often a cmdlet ran.
    pub(crate) fn executions(&self) -> usize {
        self.requests.iter().filter(|entry| entry.invocation.as_ref().is_some_and(|run| run.executed)).count()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ exo-mi {}", self.line)?;
        writeln!(
            f,
            "--- stdout\n{}--- stderr\n{}--- exit {}\n--- requests",
            self.stdout, self.stderr, self.exit
        )?;
        for entry in &self.requests {
            // The time of day is the simulated one and says nothing.
            let line = entry.to_string();
            writeln!(f, "{}", line.split_once(' ').map_or(line.as_str(), |(_, rest)| rest))?;
        }
        Ok(())
    }
}

/// Compares an outcome with what is on record, with what differs from run to run taken out.
macro_rules! assert_outcome {
    ($name:expr, $outcome:expr) => {
        insta::with_settings!({
            filters => vec![
                (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}, client-request-id", "REQUEST-ID, client-request-id"),
                (r"request-id [0-9a-f]{8}-[0-9a-f]{4}-[1-9a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "request-id REQUEST-ID"),
                (r"(127\.0\.0\.1|localhost):\d+", "$1:PORT"),
                (r"attempt (\d+), \d+\.\d s", "attempt $1, TIME s"),
                (r"/\S*/(ca\.pem|application\.[\w.]+|password|graph-token)", "FOLDER/$1"),
                (r"oleAssignments/[0-9a-f]{32}", "oleAssignments/ASSIGNMENT"),
                (r#""Assignment": "[0-9a-f]{32}""#, r#""Assignment": "ASSIGNMENT""#),
                (r"token=[^ &]+", "token=TOKEN"),
                // Which half of a reset the system reports first is its own affair.
                (r"caused by: (connection reset|stream closed because of a broken pipe|broken pipe)", "caused by: RESET"),
                (r#"correlation id of the endpoint: [^\s",]+"#, "correlation id of the endpoint: ID"),
                (r"tokens/[0-9a-f-]+\.(key|txt)", "tokens/KEY.$1"),
                (r"(Trace|Correlation) ID:(\s+)[0-9a-f-]+", "$1 ID:${2}ID"),
                (r"\b[A-Z0-9]+\.eurprd01\.prod\.outlook\.com", "BACKEND.eurprd01.prod.outlook.com"),
                (r"oidc\.prod-aks\.azure\.com/[0-9a-f-]+", "oidc.prod-aks.azure.com/CLUSTER"),
                (r"/automationAccounts/[\w-]+/sandboxes/[\w-]+", "/automationAccounts/ACCOUNT/sandboxes/SANDBOX"),
            ],
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "snapshots",
        }, {
            insta::assert_snapshot!($name, $outcome.to_string());
        });
    };
}
pub(crate) use assert_outcome;
