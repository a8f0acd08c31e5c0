//! The lines that set up a shell for the emulator.

use std::path::Path;
use std::str::FromStr;

use super::directory::OPERATOR;
use super::server::Emulator;
use super::source::Source;

/// Whose syntax the lines are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, zsh and their kin.
    #[default]
    Posix,
    /// Windows PowerShell and PowerShell 7.
    PowerShell,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Posix, Self::PowerShell];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "posix",
            Self::PowerShell => "powershell",
        }
    }
}

/// No shell has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no shell is named `{}`: it is `{}`", .0, Shell::ALL.map(Shell::name).join("` or `"))]
pub struct UnknownShell(pub String);

impl FromStr for Shell {
    type Err = UnknownShell;

    fn from_str(name: &str) -> Result<Self, UnknownShell> {
        match name.to_ascii_lowercase().as_str() {
            "sh" | "bash" | "zsh" => Ok(Self::Posix),
            "pwsh" => Ok(Self::PowerShell),
            lower => {
                let named = Self::ALL.into_iter().find(|shell| shell.name() == lower);
                named.ok_or_else(|| UnknownShell(name.to_owned()))
            }
        }
    }
}

/// Everything that a client needs, one block for each source of tokens, with the certificate authority in `ca_file`.
///
/// Evaluated as a whole it sets up IMDS; what would contradict that is commented out.
pub fn setup(emulator: &Emulator, shell: Shell, ca_file: &Path) -> String {
    let scenario = emulator.scenario();
    let mut shared = emulator.shared_variables();
    let names_identity = shared.iter().any(|(name, _)| *name == "EXO_MI_CLIENT_ID");
    shared.push(("EXO_MI_CA_FILE", ca_file.to_string_lossy().into_owned()));
    let mut out = format!("# The exo-mi emulator, scenario {scenario}: {}.\n", scenario.description());
    out += &block("Exchange Online, the authority and Microsoft Graph", shell, "", &shared);
    out += &graph_line(emulator, shell);
    for source in Source::ALL {
        out += &source_block(emulator, *source, shell);
    }
    if !names_identity {
        let client_id = [("EXO_MI_CLIENT_ID", OPERATOR.client_id.to_owned())];
        out += &block("Any of them that takes one, for a user-assigned identity", shell, "# ", &client_id);
    }
    out
}

fn source_block(emulator: &Emulator, source: Source, shell: Shell) -> String {
    let title = title(source);
    match source {
        Source::Arc if emulator.root().parent().is_some() => format!(
            "\n# {title}: only with --arc-root / as root, for a client looks for its key file where the agent puts it\n"
        ),
        Source::Certificate => format!("\n# {title}: {}\n", certificate_options(emulator, shell)),
        Source::Imds => block(title, shell, "", &emulator.own_variables(source)),
        _ => block(title, shell, "# ", &emulator.own_variables(source)),
    }
}

/// The token of whoever grants is no matter of the environment.
fn graph_line(emulator: &Emulator, shell: Shell) -> String {
    let option = match emulator.graph_token_file() {
        Ok(file) => format!("--graph-token-file {}", shell.quoted(&file.to_string_lossy())),
        Err(_) => "its file could not be written".to_owned(),
    };
    format!("\n# Somebody who may grant, for exo-mi grant: {option}\n")
}

/// A certificate is no matter of the environment.
fn certificate_options(emulator: &Emulator, shell: Shell) -> String {
    let Ok(files) = emulator.certificate() else { return "its files could not be written".to_owned() };
    let file = shell.quoted(&files.pem.to_string_lossy());
    format!("--app-id {} --certificate-file {file}", files.app_id)
}

fn title(source: Source) -> &'static str {
    match source {
        Source::Imds => "A token from IMDS, as on a virtual machine",
        Source::IdentityEndpoint => "Or from the identity endpoint, as in Automation: it goes before IMDS",
        Source::HybridWorker => "Or from the identity endpoint of a hybrid worker",
        Source::Arc => "Or from the agent of an Arc-enabled server",
        Source::ServiceFabric => "Or from Service Fabric",
        Source::AzureMl => "Or on a compute of Azure Machine Learning",
        Source::CloudShell => "Or in Cloud Shell, where it is a person's",
        Source::AppService2017 => "Or from App Service as it was before 2019",
        Source::ContainerInstanceWindows => "Or in a Windows container of Azure Container Instances",
        Source::WorkloadIdentity => "Or for the service account of a pod",
        Source::Certificate => "Or with a certificate",
    }
}

fn block(title: &str, shell: Shell, mark: &str, variables: &[(&str, String)]) -> String {
    let lines = variables.iter().map(|(name, value)| format!("{mark}{}\n", shell.assignment(name, value)));
    format!("\n# {title}\n{}", lines.collect::<String>())
}

impl Shell {
    /// The line that sets an environment variable.
    pub fn assignment(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}={}", self.quoted(value)),
            Self::PowerShell => format!("$env:{name} = {}", self.quoted(value)),
        }
    }

    /// The value as one word that the shell takes literally.
    pub fn quoted(self, value: &str) -> String {
        match self {
            Self::Posix => format!("'{}'", value.replace('\'', r"'\''")),
            // PowerShell takes typographic quotes for plain ones, and any of them doubled for itself.
            Self::PowerShell => {
                let quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
                let doubled = value.chars().flat_map(|c| [Some(c), quote(c).then_some(c)]).flatten();
                format!("'{}'", doubled.collect::<String>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_inside_a_value_ends_no_word() {
        assert_eq!(Shell::Posix.quoted("/tmp/o'brien $HOME"), r"'/tmp/o'\''brien $HOME'");
        assert_eq!(Shell::PowerShell.quoted("C:\\o'brien ’x"), "'C:\\o''brien ’’x'");
    }

    #[test]
    fn each_shell_has_its_own_assignment() {
        assert_eq!(Shell::Posix.assignment("A", "b c"), "export A='b c'");
        assert_eq!(Shell::PowerShell.assignment("A", "b c"), "$env:A = 'b c'");
    }

    #[test]
    fn shells_are_found_by_name() {
        assert_eq!("PowerShell".parse(), Ok(Shell::PowerShell));
        assert_eq!("bash".parse(), Ok(Shell::Posix));
        for shell in Shell::ALL {
            assert_eq!(shell.name().parse(), Ok(shell));
        }
        let unknown = "cmd".parse::<Shell>().expect_err("no shell").to_string();
        assert_eq!(unknown, "no shell is named `cmd`: it is `posix` or `powershell`");
    }
}
