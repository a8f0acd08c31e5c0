//! From arguments and variables to decisions: flag before variable before default, and every mistake named with where
//! it was made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::reach::{Reach, ReachOptions};
use crate::env::Env;
use crate::exchange::{Endpoint, Environment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::{Limits, Roots};
use crate::identity::{Choice, IdentitySelector, TokenSource};
use crate::knowledge::Code;
use crate::script;
use crate::world::World;
use clap::Args;

/// Options of every command that connects.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConnectionOptions {
    /// The organization's initial domain, such as contoso.onmicrosoft.com [env: EXO_MI_ORG]
    #[arg(long, visible_alias = "organization", value_name = "ORG")]
    pub(super) org: Option<String>,
    /// The user-assigned identity, by client id [env: EXO_MI_CLIENT_ID]
    #[arg(long, alias = "managed-identity-account-id", value_name = "GUID", group = "selector")]
    client_id: Option<String>,
    /// The user-assigned identity, by object id
    #[arg(long, value_name = "GUID", group = "selector")]
    object_id: Option<String>,
    /// The user-assigned identity, by Azure resource id
    #[arg(long, value_name = "ARM-ID", group = "selector")]
    resource_id: Option<String>,
    /// Where tokens come from: auto, imds, automation, app-service, container-instance, arc, service-fabric, azure-ml,
    /// cloud-shell, workload-identity, certificate, access-token [env: EXO_MI_IDENTITY_SOURCE]
    #[arg(long, value_name = "SOURCE")]
    pub(super) identity_source: Option<String>,
    /// The cloud that the tenant lives in
    #[arg(
        long,
        alias = "exchange-environment-name",
        value_enum,
        ignore_case = true,
        default_value_t,
        value_name = "NAME"
    )]
    environment: Environment,
    /// Another Exchange host; https, or http to loopback [env: EXO_MI_CONNECTION_URI]
    #[arg(long, value_name = "URI")]
    connection_uri: Option<String>,
    /// Another authority; https, or http to loopback [env: AZURE_AUTHORITY_HOST]
    #[arg(long, value_name = "URI")]
    authority_host: Option<String>,
    /// Check by OpenID discovery that the organization belongs to the identity's tenant before anything is sent
    #[arg(long)]
    verify_org: bool,
    #[command(flatten)]
    reach: ReachOptions,
}

/// What a command connects for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The organization's Exchange.
    Exchange,
    /// A token alone.
    Token,
}

/// What was decided.
#[derive(Debug)]
pub(crate) struct Settings {
    pub organization: Organization,
    pub selector: IdentitySelector,
    pub choice: Choice,
    pub endpoint: Endpoint,
    pub ca_file: Option<PathBuf>,
    pub verify_organization: bool,
    pub timeout: Option<Duration>,
    pub max_retries: Option<u32>,
}

/// The organization, and what is unusual about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Organization {
    pub name: String,
    pub note: Option<&'static str>,
}

impl ConnectionOptions {
    /// Decides. Reads variables and nothing else. Where only a token is wanted, the organization may be left out.
    pub(super) fn resolve(self, env: &Env, wanted: Purpose) -> Result<Settings, Failure> {
        let endpoint = self.endpoint(env)?;
        let Reach { ca_file, timeout, max_retries } = self.reach.resolve(env)?;
        let choice = match given(self.identity_source, "--identity-source", env, "EXO_MI_IDENTITY_SOURCE") {
            Some((text, from)) => choice(&text).ok_or_else(|| wrong(from, &text, SOURCES))?,
            None => Choice::Auto,
        };
        let organization = match (wanted, given(self.org, "--org", env, "EXO_MI_ORG")) {
            (Purpose::Token, None) => Organization { name: String::new(), note: None },
            (_, given) => organization(given)?,
        };
        Ok(Settings {
            organization,
            selector: selector(self.client_id, self.object_id, self.resource_id, env)?,
            choice,
            endpoint,
            ca_file,
            verify_organization: self.verify_org,
            timeout,
            max_retries,
        })
    }

    /// The same options with what a script connects with, which is the nearer word.
    pub(super) fn of_script(mut self, wanted: &script::Connection) -> Result<Self, Failure> {
        if let Some(organization) = &wanted.organization {
            self.org = Some(organization.clone());
        }
        if let Some(id) = &wanted.account_id {
            (self.client_id, self.object_id, self.resource_id) = (Some(id.clone()), None, None);
        }
        if let Some(uri) = &wanted.uri {
            self.connection_uri = Some(uri.clone());
        }
        if let Some(name) = &wanted.environment {
            self.environment = <Environment as clap::ValueEnum>::from_str(name, true).map_err(|_| {
                Failure::usage(format!("-ExchangeEnvironmentName: there is no environment `{name}`"))
            })?;
        }
        Ok(self)
    }

    /// How long the command has, and how often it asks.
    pub(super) fn limits(&self, world: &World) -> Result<Limits, Failure> {
        let Reach { timeout, max_retries, .. } = self.reach.clone().resolve(&world.env)?;
        Ok(super::reach::limits(timeout, max_retries, world))
    }

    fn endpoint(&self, env: &Env) -> Result<Endpoint, Failure> {
        let mut endpoint = Endpoint::new(self.environment);
        let base = given(self.connection_uri.clone(), "--connection-uri", env, "EXO_MI_CONNECTION_URI");
        if let Some((text, from)) = base {
            endpoint.set_base(&text).map_err(|why| wrong(from, &text, &why.to_string()))?;
        }
        let authority = given(self.authority_host.clone(), "--authority-host", env, "AZURE_AUTHORITY_HOST");
        if let Some((text, from)) = authority {
            endpoint.set_authority(&text).map_err(|why| wrong(from, &text, &why.to_string()))?;
        }
        Ok(endpoint)
    }
}

/// A value, and the name by which the user knows where it came from. An option that is given counts even when empty,
/// so that `--org "$ORG"` with an unset variable is an error and not a silent default.
pub(super) fn given(
    option: Option<String>,
    flag: &'static str,
    env: &Env,
    variable: &'static str,
) -> Option<(String, &'static str)> {
    option.map(|text| (text, flag)).or_else(|| env.var(variable).map(|text| (text, variable)))
}

pub(super) fn wrong(from: &str, text: &str, why: &str) -> Failure {
    Failure::usage(format!("{from}: `{text}` cannot be used: {why}"))
}

pub(super) fn organization(given: Option<(String, &str)>) -> Result<Organization, Failure> {
    const EXAMPLE: &str = "exo-mi connect --org contoso.onmicrosoft.com get-accepted-domain";
    let missing = |message: &str| {
        Failure::new(Exit::Usage, Code::OrganizationMissing, message).remedy("for example", EXAMPLE)
    };
    let (name, from) =
        given.ok_or_else(|| missing("no organization was named: give --org or set EXO_MI_ORG"))?;
    if name.trim().is_empty() {
        return Err(missing(&format!("{from}: the organization is empty")));
    }
    let allowed = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if !allowed {
        return Err(missing(&format!("{from}: `{name}` is no domain name")));
    }
    let note = note(&name);
    Ok(Organization { name, note })
}

/// What is worth a word about an organization's name. The tenant comes from the token, so neither is an error.
fn note(name: &str) -> Option<&'static str> {
    const INITIAL: [&str; 4] =
        [".onmicrosoft.com", ".onmicrosoft.us", ".onmicrosoft.de", ".partner.onmschina.cn"];
    if IdentitySelector::guid(name).is_ok() {
        Some(
            "is a tenant's GUID and not the organization's initial domain; the tenant is taken from the token",
        )
    } else if INITIAL.iter().any(|end| name.to_ascii_lowercase().ends_with(end)) {
        None
    } else {
        Some(
            "is not the organization's initial domain (NAME.onmicrosoft.com); the tenant is taken from the token",
        )
    }
}

/// One of the three ids, or none. clap has excluded two of them together; an id on the command line replaces the one
/// of the variable.
fn selector(
    client_id: Option<String>,
    object_id: Option<String>,
    resource_id: Option<String>,
    env: &Env,
) -> Result<IdentitySelector, Failure> {
    let guid = |text: &str, from: &str| {
        IdentitySelector::guid(text).map_err(|why| Failure::usage(format!("{from}: {why}")))
    };
    if let Some(text) = object_id {
        return guid(&text, "--object-id").map(IdentitySelector::ObjectId);
    }
    if let Some(text) = resource_id {
        let shaped =
            text.to_ascii_lowercase().contains("/subscriptions/") && !text.contains(char::is_whitespace);
        return if shaped {
            Ok(IdentitySelector::ResourceId(text))
        } else {
            Err(wrong(
                "--resource-id",
                &text,
                "it is no Azure resource id (/subscriptions/…/userAssignedIdentities/NAME)",
            ))
        };
    }
    match given(client_id, "--client-id", env, "EXO_MI_CLIENT_ID") {
        Some((text, from)) => guid(&text, from).map(IdentitySelector::ClientId),
        None => Ok(IdentitySelector::SystemAssigned),
    }
}

const SOURCES: &str = "it is auto, imds, automation, app-service, container-instance, arc, service-fabric, azure-ml, \
    cloud-shell, workload-identity, certificate or access-token";

fn choice(text: &str) -> Option<Choice> {
    if text == "auto" {
        return Some(Choice::Auto);
    }
    TokenSource::NAMED.into_iter().find(|source| source.name() == text).map(Choice::Only)
}

/// `90s`, `5m`, `1h 30m`, or a plain number of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, &'static str> {
    const WHY: &str = "it is no length of time such as 90s, 5m or 1h30m";
    let seconds = text.parse::<u64>().map(Duration::from_secs);
    let length = seconds.or_else(|_| humantime::parse_duration(text)).map_err(|_| WHY)?;
    if length.is_zero() { Err("it is nothing at all") } else { Ok(length) }
}

/// Reads the file of trusted certificates.
pub(super) fn roots(file: Option<&Path>) -> Result<Roots, Failure> {
    let Some(path) = file else { return Ok(Roots::System) };
    let text = std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Machine, Code::FileUnusable, format!("{} cannot be read", path.display()))
            .caused_by(&error)
    })?;
    Roots::pem(text).map_err(|error| {
        let named = format!("{} cannot be used as trusted certificates", path.display());
        Failure {
            message: named,
            ..Failure::from(error).because("it must be a PEM file with a CERTIFICATE block")
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: ConnectionOptions,
    }

    fn settings(line: &str, variables: &[(&str, &str)]) -> Result<Settings, Failure> {
        let words = std::iter::once("x").chain(line.split_whitespace());
        let line = Line::try_parse_from(words).map_err(|error| super::super::misuse(&error, "connect"))?;
        line.options.resolve(&Env::fixed(variables.iter().copied()), Purpose::Exchange)
    }

    const ORG: (&str, &str) = ("EXO_MI_ORG", "contoso.onmicrosoft.com");
    const ID: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn a_flag_wins_over_a_variable() {
        let settings =
            settings("--org fabrikam.onmicrosoft.com --timeout 5m", &[ORG, ("EXO_MI_TIMEOUT", "9")]);
        let settings = settings.expect("settings");
        assert_eq!(settings.organization.name, "fabrikam.onmicrosoft.com");
        assert_eq!(settings.timeout, Some(Duration::from_secs(300)));
    }

    #[test]
    fn mistakes_are_usage_errors_that_name_their_place() {
        for (line, variables, place) in [
            ("", vec![], "--org"),
            ("--org=", vec![], "--org"),
            ("--org contoso/x", vec![], "--org"),
            ("", vec![ORG, ("EXO_MI_CLIENT_ID", "x")], "EXO_MI_CLIENT_ID"),
            ("--client-id x", vec![ORG], "--client-id"),
            ("--object-id x", vec![ORG], "--object-id"),
            ("--resource-id x", vec![ORG], "--resource-id"),
            ("--client-id 1 --object-id 2", vec![ORG], "--client-id"),
            ("--identity-source moon", vec![ORG], "--identity-source"),
            ("", vec![ORG, ("EXO_MI_IDENTITY_SOURCE", "moon")], "EXO_MI_IDENTITY_SOURCE"),
            ("--connection-uri http://example.com", vec![ORG], "--connection-uri"),
            ("", vec![ORG, ("EXO_MI_CONNECTION_URI", "x")], "EXO_MI_CONNECTION_URI"),
            ("", vec![ORG, ("AZURE_AUTHORITY_HOST", "x")], "AZURE_AUTHORITY_HOST"),
            ("--timeout soon", vec![ORG], "--timeout"),
            ("--timeout 0", vec![ORG], "--timeout"),
            ("--max-retries=-1", vec![ORG], "--max-retries"),
            ("--environment Moon", vec![ORG], "--environment"),
        ] {
            let failure = settings(line, &variables).expect_err(line);
            assert_eq!(failure.exit, Exit::Usage, "{line}");
            assert!(failure.message.contains(place), "{line}: {}", failure.message);
        }
    }

    #[test]
    fn unusual_organizations_are_taken_with_a_note() {
        for (name, noted) in [
            ("contoso.onmicrosoft.com", false),
            ("CONTOSO.ONMICROSOFT.COM", false),
            ("contoso.onmicrosoft.us", false),
            ("contoso.com", true),
            (ID, true),
        ] {
            let settings = settings(&format!("--org {name}"), &[]).expect(name);
            assert_eq!(settings.organization.note.is_some(), noted, "{name}");
        }
    }

    #[test]
    fn an_id_on_the_line_replaces_the_one_of_the_variable() {
        let variables = [ORG, ("EXO_MI_CLIENT_ID", ID)];
        let selected = |line: &str| settings(line, &variables).expect(line).selector;
        assert!(matches!(selected(""), IdentitySelector::ClientId(_)));
        assert!(matches!(selected(&format!("--object-id {ID}")), IdentitySelector::ObjectId(_)));
    }
}
