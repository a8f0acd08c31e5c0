//! The token of a service account, which an application trusts.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use super::assertion::Assertion;
use super::token_endpoint::Demand;
use crate::emulator::aadsts::Aadsts;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::error::Error;
use crate::emulator::files;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::{Secrets, State};
use crate::emulator::token::Signer;
use crate::secret::Secret;

const AUDIENCE: &str = "api://AzureADTokenExchange";
const SUBJECT: &str = "system:serviceaccount:exchange:exo-mi";
const OTHER_SUBJECT: &str = "system:serviceaccount:default:exo-mi";
/// How long a token is good, and after how much of that the kubelet writes another one.
const LIFETIME: u64 = 3_600;
const ROTATION: u64 = LIFETIME / 5 * 4;

const NO_MATCH: Aadsts = Aadsts::bad_request(70_021, "invalid_request");
const ISSUER: Aadsts = Aadsts::invalid_client(700_211);
const WRONG_SUBJECT: Aadsts = Aadsts::invalid_client(700_213);
const SIGNATURE: Aadsts = Aadsts::invalid_client(700_027);

/// The issuer of a cluster, and the file into which its kubelet writes the token.
pub(crate) struct Federation {
    signer: Signer,
    issuer: String,
    file: PathBuf,
    /// When a token was last written.
    written: AtomicU64,
    /// All those that were.
    tokens: Secrets,
}

impl Federation {
    pub(crate) fn new(folder: &Path, tokens: Secrets) -> Result<Self, Error> {
        let cluster = uuid::Uuid::new_v4();
        Ok(Self {
            signer: Signer::new()?,
            issuer: format!("https://oidc.prod-aks.azure.com/{cluster}/"),
            file: folder.join("var/run/secrets/azure/tokens/azure-identity-token"),
            written: AtomicU64::default(),
            tokens,
        })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Every token so far, for those who make sure that none is shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        self.tokens.all()
    }

    /// Writes a token, or what the scenario wants instead of a good one.
    pub(crate) fn write(&self, now: u64, fault: Option<Fault>) -> io::Result<()> {
        let issued = if fault == Some(Fault::Stale) { now.saturating_sub(2 * LIFETIME) } else { now };
        let subject = if fault == Some(Fault::OtherSubject) { OTHER_SUBJECT } else { SUBJECT };
        let token = self.signer.sign(&json!({
            "iss": self.issuer, "sub": subject, "aud": [AUDIENCE], "iat": issued, "nbf": issued,
            "exp": issued + LIFETIME, "jti": uuid::Uuid::new_v4().to_string(),
            "kubernetes.io": {"namespace": "exchange", "serviceaccount": {"name": "exo-mi"}},
        }));
        files::project(&self.file, token.as_bytes(), 0o600)?;
        self.written.store(now, Ordering::Relaxed);
        self.tokens.note(&token);
        Ok(())
    }

    fn is_due(&self, now: u64) -> bool {
        now >= self.written.load(Ordering::Relaxed) + ROTATION
    }
}

impl State {
    /// Does what the kubelet does in the background: nothing here happens between requests.
    pub(crate) fn rotate_federated_token(&self) {
        if self.federation.is_due(self.seconds()) {
            self.write_federated_token();
        }
    }

    fn write_federated_token(&self) {
        let fault = self.faults.strike(Place::FederatedToken);
        if let Err(error) = self.federation.write(self.seconds(), fault) {
            tracing::debug!(target: "exo_mi::emulator", "the federated token could not be written: {error}");
        }
    }
}

pub(super) fn check(state: &State, demand: &Demand<'_>) -> Checked {
    let assertion = Assertion::read(state, demand.assertion)?;
    let issuer = assertion.claim("iss");
    if issuer != state.federation.issuer {
        let text = format!(
            "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        return Err(ISSUER.refuse(state, &text, "the assertion is not of this cluster"));
    }
    if state.federation.signer.open(demand.assertion).is_err() {
        let text = "Client assertion contains an invalid signature.";
        return Err(SIGNATURE.refuse(state, text, "the signature is wrong"));
    }
    if assertion.claim("sub") != SUBJECT {
        return Err(wrong_subject(state, assertion.claim("sub")));
    }
    assertion.check_time(state).inspect_err(|_| state.write_federated_token())
}

fn wrong_subject(state: &State, subject: &str) -> Box<Answer> {
    let text = format!(
        "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
    );
    WRONG_SUBJECT.refuse(state, &text, "the service account is not the one that is trusted")
}

/// The application trusts nobody of this kind.
pub(super) fn untrusted(state: &State) -> Answer {
    let text = format!(
        "No matching federated identity record found for presented assertion. Assertion Issuer: '{}'. Assertion Subject: '{SUBJECT}'. Assertion Audience: '{AUDIENCE}'. https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation",
        state.federation.issuer
    );
    *NO_MATCH.refuse(state, &text, "")
}
