//! What the user brings in the place of the host's identity: a token, or an application's certificate.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Certificate, CertificateFault, Choice, Credential, IdentitySelector, TokenSource};
use crate::knowledge::Code;
use crate::script;
use crate::secret::Secret;
use crate::stop::Signal;
use crate::world::World;

/// Options of the other app-only ways of Connect-ExchangeOnline.
#[derive(Args, Clone, Debug)]
pub(crate) struct CredentialOptions {
    /// Use the access token in this file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["app_id", "selector"])]
    access_token_file: Option<PathBuf>,
    /// The application that signs in with a certificate
    #[arg(long, value_name = "GUID", requires = "certificate_file", conflicts_with = "selector")]
    app_id: Option<String>,
    /// Its certificate with the private key, PEM or PFX
    #[arg(long, value_name = "FILE", requires = "app_id")]
    certificate_file: Option<PathBuf>,
    /// The first line of this file is the password of the certificate; without it a terminal is asked
    #[arg(long, value_name = "FILE", requires = "certificate_file")]
    certificate_password_file: Option<PathBuf>,
    /// A token that a script brings.
    #[arg(skip)]
    token: Option<Secret>,
}

impl CredentialOptions {
    /// The same options with what a script connects with, which is the nearer word.
    pub(super) fn of_script(mut self, wanted: &script::Connection) -> Self {
        if let Some(token) = &wanted.token {
            self.token = Some(Secret::from(token.as_str()));
        }
        if let Some(id) = &wanted.app_id {
            self.app_id = Some(id.clone());
        }
        if let Some(path) = &wanted.certificate {
            self.certificate_file = Some(path.into());
        }
        self
    }

    /// The source that these options mean, where they mean one; another that was named contradicts it.
    pub(super) fn choose(&self, named: Choice) -> Result<Choice, Failure> {
        let brings_token = self.access_token_file.is_some() || self.token.is_some();
        let meant = match (brings_token, &self.certificate_file) {
            (true, _) => Choice::Only(TokenSource::AccessToken),
            (false, Some(_)) => Choice::Only(TokenSource::Certificate),
            (false, None) => return Ok(named),
        };
        if named == Choice::Auto || named == meant {
            return Ok(meant);
        }
        Err(Failure::usage("--identity-source names another source than the credential that is given"))
    }

    /// Whether anything is read from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        [&self.access_token_file, &self.certificate_file, &self.certificate_password_file]
            .into_iter()
            .flatten()
            .any(|path| path.as_os_str() == "-")
    }

    /// Reads what is brought.
    pub(super) fn read(self, world: &mut World) -> Result<Credential, Failure> {
        if let Some(token) = self.token {
            return Ok(Credential::Token(token));
        }
        if let Some(path) = self.access_token_file {
            let text = read(&path, world)?;
            let text = String::from_utf8(text).map_err(|_| unusable(&path).because("it is no text"))?;
            return Ok(Credential::Token(Secret::from(text)));
        }
        let (Some(app_id), Some(path)) = (self.app_id, self.certificate_file) else {
            return Ok(Credential::Host);
        };
        let app_id =
            IdentitySelector::guid(&app_id).map_err(|why| Failure::usage(format!("--app-id: {why}")))?;
        let content = read(&path, world)?;
        let password = match &self.certificate_password_file {
            Some(file) => Some(first_line(file, world)?),
            None => None,
        };
        let read = match Certificate::read(app_id, &content, password.as_ref()) {
            Err(CertificateFault::PasswordNeeded) if world.interactive => {
                Certificate::read(app_id, &content, Some(&asked(&path)?))
            }
            other => other,
        };
        let certificate = read.map_err(|fault| refused(&path, fault))?;
        Ok(Credential::Certificate(Arc::new(certificate)))
    }
}

fn refused(path: &Path, fault: CertificateFault) -> Failure {
    let failure = Failure::new(
        Exit::Usage,
        Code::CertificateUnusable,
        format!("the certificate in {} cannot be used", path.display()),
    )
    .because(fault.to_string());
    match fault {
        CertificateFault::PasswordNeeded | CertificateFault::WrongPassword => {
            failure.hint("give the password in a file of its own: --certificate-password-file FILE")
        }
        _ => failure.hint("a PEM file needs a CERTIFICATE and a PRIVATE KEY block, a PFX file both in it"),
    }
}

fn first_line(path: &Path, world: &mut World) -> Result<Secret, Failure> {
    let text = String::from_utf8(read(path, world)?).map_err(|_| unusable(path).because("it is no text"))?;
    Ok(Secret::from(text.lines().next().unwrap_or_default()))
}

/// Asks on the terminal, without an echo.
fn asked(path: &Path) -> Result<Secret, Failure> {
    rpassword::prompt_password(format!("Password of {}: ", path.display())).map(Secret::from).map_err(
        |error| match error.kind() {
            // Ctrl-C is read as a character while there is no echo.
            std::io::ErrorKind::Interrupted => Failure::stopped(Signal::Interrupt),
            _ => {
                Failure::new(Exit::Machine, Code::FileUnusable, "no password could be read").caused_by(&error)
            }
        },
    )
}

/// Reads a file; `-` is standard input.
pub(super) fn read(path: &Path, world: &mut World) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        world.stdin.read_to_end(&mut content).map(drop)
    } else {
        std::fs::read(path).map(|read| content = read)
    };
    outcome.map(|()| content).map_err(|error| unusable(path).because(error.to_string()))
}

/// The failure of a file that was to be read.
pub(super) fn unusable(path: &Path) -> Failure {
    let name = if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
    Failure::new(Exit::Machine, Code::FileUnusable, format!("{name} cannot be read"))
}
