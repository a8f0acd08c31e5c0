//! Which source of tokens this host has, from the environment alone.
//!
//! Nothing is probed: a probe costs a second on every host that is not an Azure VM, and the official libraries ask none
//! on their ordinary path either. The order is that of MSAL for Go and .NET, with the workload identity of AKS before
//! the Arc agent and IMDS, as in `azure-identity` for Python.

use std::fmt;
use std::path::PathBuf;

use super::Error;
use crate::env::Env;

/// A kind of host that hands out tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenSource {
    /// Azure Service Fabric.
    ServiceFabric,
    /// An Azure Automation job: in the cloud, or on a hybrid worker, where the endpoint is a remote https address.
    Automation,
    /// App Service, Functions, Container Apps, Logic Apps.
    AppService,
    /// App Service before it set `IDENTITY_ENDPOINT`.
    AppService2017,
    /// A container instance on Windows.
    ContainerInstance,
    /// A server connected through Azure Arc.
    Arc,
    /// An Azure Machine Learning compute instance.
    AzureMl,
    /// Azure Cloud Shell, whose token is a person's.
    CloudShell,
    /// A federated token, such as that of an AKS service account.
    WorkloadIdentity,
    /// The instance metadata service of a VM, a scale set or a container instance.
    Imds,
    /// An application with a certificate.
    Certificate,
    /// A token that the user brings.
    AccessToken,
}

impl TokenSource {
    /// The name that `--identity-source` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceFabric => "service-fabric",
            Self::Automation => "automation",
            Self::AppService | Self::AppService2017 => "app-service",
            Self::ContainerInstance => "container-instance",
            Self::Arc => "arc",
            Self::AzureMl => "azure-ml",
            Self::CloudShell => "cloud-shell",
            Self::WorkloadIdentity => "workload-identity",
            Self::Imds => "imds",
            Self::Certificate => "certificate",
            Self::AccessToken => "access-token",
        }
    }

    /// Whether its tokens belong to the host itself.
    pub fn is_a_hosts(self) -> bool {
        !matches!(self, Self::WorkloadIdentity | Self::Certificate | Self::AccessToken | Self::CloudShell)
    }

    /// Who is asked: for a credential that is exchanged, the authority.
    pub fn asked(self) -> String {
        match self {
            Self::WorkloadIdentity | Self::Certificate => "the authority".to_owned(),
            host => host.to_string(),
        }
    }

    /// All that `--identity-source` can name.
    pub const NAMED: [Self; 11] = [
        Self::Imds,
        Self::Automation,
        Self::AppService,
        Self::ContainerInstance,
        Self::Arc,
        Self::ServiceFabric,
        Self::AzureMl,
        Self::CloudShell,
        Self::WorkloadIdentity,
        Self::Certificate,
        Self::AccessToken,
    ];
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServiceFabric => "Azure Service Fabric",
            Self::Automation => "Azure Automation",
            Self::AppService => "App Service",
            Self::AppService2017 => "App Service (its older protocol)",
            Self::ContainerInstance => "Azure Container Instances",
            Self::Arc => "Azure Arc",
            Self::AzureMl => "Azure Machine Learning",
            Self::CloudShell => "Azure Cloud Shell",
            Self::WorkloadIdentity => "workload identity",
            Self::Imds => "the instance metadata service (IMDS)",
            Self::Certificate => "the application's certificate",
            Self::AccessToken => "the access token given",
        })
    }
}

/// What the user said about the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Decide from the environment.
    Auto,
    /// This one, whatever else the environment says.
    Only(TokenSource),
}

/// A source, and what decided for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The source.
    pub source: TokenSource,
    /// What in the environment decided, as a clause: `IDENTITY_ENDPOINT and IDENTITY_HEADER are set`.
    pub because: &'static str,
}

/// One row of the decision table: all of the variables present, and what that means.
struct Rule {
    variables: &'static [&'static str],
    source: TokenSource,
    because: &'static str,
}

/// The table, first match first. Azure Automation and App Service share a row: see [`identity_endpoint_host`].
const RULES: [Rule; 7] = [
    Rule {
        variables: &["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT"],
        source: TokenSource::ServiceFabric,
        because: "IDENTITY_ENDPOINT, IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT are set",
    },
    Rule {
        variables: &["IDENTITY_ENDPOINT", "IDENTITY_HEADER"],
        source: TokenSource::AppService,
        because: "IDENTITY_ENDPOINT and IDENTITY_HEADER are set",
    },
    Rule {
        variables: &["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"],
        source: TokenSource::Arc,
        because: "IDENTITY_ENDPOINT and IMDS_ENDPOINT are set",
    },
    Rule {
        variables: &["MSI_ENDPOINT", "MSI_SECRET", "WEBSITE_SITE_NAME"],
        source: TokenSource::AppService2017,
        because: "MSI_ENDPOINT, MSI_SECRET and WEBSITE_SITE_NAME are set",
    },
    Rule {
        variables: &["MSI_ENDPOINT", "MSI_SECRET"],
        source: TokenSource::AzureMl,
        because: "MSI_ENDPOINT and MSI_SECRET are set",
    },
    Rule { variables: &["MSI_ENDPOINT"], source: TokenSource::CloudShell, because: "MSI_ENDPOINT is set" },
    Rule {
        variables: &["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
        source: TokenSource::WorkloadIdentity,
        because: "AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID and AZURE_CLIENT_ID are set",
    },
];

impl Detection {
    /// Decides. Fails where the user named a source that is not set up here, where the source is Cloud Shell, whose
    /// token is a person's, and where `IDENTITY_ENDPOINT` stands alone, which no host does.
    pub fn decide(env: &Env, choice: Choice) -> Result<Self, Error> {
        let detection = match choice {
            Choice::Auto => automatic(env)?,
            Choice::Only(source) => named(env, source)?,
        };
        if detection.source == TokenSource::CloudShell {
            Err(Error::PersonsToken { detection })
        } else {
            Ok(detection)
        }
    }
}

fn automatic(env: &Env) -> Result<Detection, Error> {
    if let Some(rule) = RULES.iter().find(|rule| rule.variables.iter().all(|name| env.has(name))) {
        return Ok(Detection { source: identity_endpoint_host(env, rule.source), because: rule.because });
    }
    if env.has("IDENTITY_ENDPOINT") {
        return Err(Error::Incomplete { variable: "IDENTITY_ENDPOINT", missing: "IDENTITY_HEADER" });
    }
    if env.has_file(&arc_agent(env)) {
        return Ok(Detection { source: TokenSource::Arc, because: "the Azure Arc agent is installed" });
    }
    Ok(Detection { source: TokenSource::Imds, because: "no variable names another source" })
}

/// The source that the user named: accepted where its variables are there.
fn named(env: &Env, source: TokenSource) -> Result<Detection, Error> {
    let family = match source {
        TokenSource::Automation | TokenSource::ContainerInstance => TokenSource::AppService,
        TokenSource::AppService if !env.has("IDENTITY_ENDPOINT") && env.has("MSI_SECRET") => {
            return Ok(Detection { source: TokenSource::AppService2017, because: NAMED });
        }
        other => other,
    };
    let wanted = RULES.iter().find(|rule| rule.source == family).map_or([].as_slice(), |rule| rule.variables);
    let by_file = source == TokenSource::Arc && env.has_file(&arc_agent(env));
    match wanted.iter().find(|name| !env.has(name) && !by_file) {
        Some(missing) => Err(Error::NotConfigured { token_source: source, missing }),
        None => Ok(Detection { source, because: named_by(source) }),
    }
}

const NAMED: &str = "--identity-source names it";

/// The option by which a source was named: a credential names its own.
fn named_by(source: TokenSource) -> &'static str {
    match source {
        TokenSource::Certificate => "--certificate-file is given",
        TokenSource::AccessToken => "--access-token-file is given",
        _ => NAMED,
    }
}

/// Azure Automation imitates App Service's endpoint and can be told from it by other variables of the job: the host
/// environment, whose value has had a trailing slash and lost it, or the job id that a Linux hybrid worker sets.
fn identity_endpoint_host(env: &Env, source: TokenSource) -> TokenSource {
    let host = env.var("AZUREPS_HOST_ENVIRONMENT").unwrap_or_default();
    let automation = host.starts_with("AzureAutomation") || env.has("AUTOMATION_JOB_ID");
    if source == TokenSource::AppService && automation { TokenSource::Automation } else { source }
}

/// Where the Azure Arc agent lies. Azure Arc on Linux normally sets no variables, so the file decides.
fn arc_agent(env: &Env) -> PathBuf {
    match env.var("ProgramFiles") {
        Some(folder) if cfg!(windows) => {
            PathBuf::from(folder).join("AzureConnectedMachineAgent").join("himds.exe")
        }
        _ => PathBuf::from("/opt/azcmagent/bin/himds"),
    }
}

#[cfg(test)]
mod tests {
    use super::TokenSource::*;
    use super::*;

    fn source(variables: &[&str]) -> Result<TokenSource, Error> {
        let env = Env::fixed(variables.iter().map(|text| text.split_once('=').unwrap_or((text, "x"))));
        automatic(&env).map(|detection| detection.source)
    }

    #[test]
    fn every_combination_of_variables_names_its_source() {
        const E: &str = "IDENTITY_ENDPOINT";
        const H: &str = "IDENTITY_HEADER";
        const T: &str = "IDENTITY_SERVER_THUMBPRINT";
        const I: &str = "IMDS_ENDPOINT";
        const M: &str = "MSI_ENDPOINT";
        const S: &str = "MSI_SECRET";
        const AZURE: [&str; 3] = ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"];
        for (variables, expected) in [
            (vec![], Imds),
            (vec![H], Imds),
            (vec![H, T], Imds),
            (vec![I], Imds),
            (vec![S], Imds),
            (vec!["AZURE_CLIENT_ID"], Imds),
            (vec!["IDENTITY_ENDPOINT=", "IDENTITY_HEADER="], Imds),
            (vec![E, H], AppService),
            (vec![E, H, T], ServiceFabric),
            (vec![E, H, "IDENTITY_SERVER_THUMBPRINT="], AppService),
            (vec![E, H, I], AppService),
            (vec![E, H, M, S], AppService),
            (vec![E, H, M, S, "AUTOMATION_JOB_ID"], Automation),
            (vec![E, H, "AZUREPS_HOST_ENVIRONMENT=AzureAutomation/"], Automation),
            (vec![E, H, "AZUREPS_HOST_ENVIRONMENT=AzureAutomation"], Automation),
            (vec![E, H, T, "AUTOMATION_JOB_ID"], ServiceFabric),
            (vec![E, I], Arc),
            (vec![E, I, M], Arc),
            (vec![M, S], AzureMl),
            (vec![M, S, "WEBSITE_SITE_NAME"], AppService2017),
            (vec![M, "WEBSITE_SITE_NAME"], CloudShell),
            (vec![E, H, M, S, "WEBSITE_SITE_NAME"], AppService),
            (vec![M, "AZUREPS_HOST_ENVIRONMENT=cloud-shell/1.0"], CloudShell),
            (vec![M], CloudShell),
            (vec![M, "MSI_SECRET="], CloudShell),
            (AZURE.to_vec(), WorkloadIdentity),
            ([AZURE.as_slice(), &[M]].concat(), CloudShell),
            (AZURE[..2].to_vec(), Imds),
        ] {
            assert_eq!(source(&variables).ok(), Some(expected), "{variables:?}");
        }
    }

    #[test]
    fn an_endpoint_alone_is_an_error_that_names_what_is_missing() {
        let error = source(&["IDENTITY_ENDPOINT"]).expect_err("an error");
        assert!(error.to_string().contains("IDENTITY_ENDPOINT"), "{error}");
    }

    #[test]
    #[cfg(not(windows))] // On Windows the agent lies elsewhere.
    fn the_arc_agent_on_disk_decides_where_no_variable_does() {
        let root = tempfile::tempdir().expect("a folder");
        let agent = root.path().join("opt/azcmagent/bin");
        std::fs::create_dir_all(&agent).expect("a folder");
        std::fs::write(agent.join("himds"), "").expect("a file");
        let installed = |env: Env| env.rooted(root.path());
        let bare = installed(Env::fixed([("PATH", "/bin")]));
        assert_eq!(automatic(&bare).ok().map(|found| found.source), Some(Arc));
        let job = installed(Env::fixed([("IDENTITY_ENDPOINT", "x"), ("IDENTITY_HEADER", "y")]));
        assert_eq!(automatic(&job).ok().map(|found| found.source), Some(AppService));
    }

    #[test]
    fn cloud_shell_is_recognised_and_refused() {
        let env = Env::fixed([("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")]);
        let error = Detection::decide(&env, Choice::Auto).expect_err("an error");
        assert!(matches!(error, Error::PersonsToken { detection } if detection.source == CloudShell));
    }

    #[test]
    fn a_named_source_must_be_set_up_and_imds_always_is() {
        let env = Env::fixed([("IDENTITY_ENDPOINT", "x"), ("IDENTITY_HEADER", "y")]);
        assert_eq!(Detection::decide(&env, Choice::Only(Imds)).ok().map(|found| found.source), Some(Imds));
        assert_eq!(
            Detection::decide(&env, Choice::Only(Automation)).ok().map(|found| found.source),
            Some(Automation)
        );
        let bare = Env::fixed([("PATH", "/bin")]);
        let error = Detection::decide(&bare, Choice::Only(Automation)).expect_err("an error");
        assert!(matches!(error, Error::NotConfigured { missing: "IDENTITY_ENDPOINT", .. }), "{error:?}");
    }
}
