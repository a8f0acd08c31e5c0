//! `exo-mi grant`: the app role and the directory role that Exchange wants of an identity, through Microsoft Graph.

mod report;
mod role;
mod script;

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::line;
use super::reach::{self, Reach, ReachOptions};
use super::settings::{given, roots, wrong};
use super::{Diagnostics, cmdlets, credential};
use crate::env::Env;
use crate::exchange::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::graph::{Address, Grant, Graph, Language, Outcome, Plan, Wanted};
use crate::http::Roots;
use crate::identity::IdentitySelector;
use crate::knowledge::DirectoryRole;
use crate::render::Format;
use crate::secret::Secret;
use crate::token::AccessToken;
use crate::world::World;
use report::Report;

pub(super) use script::print;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    az account get-access-token --resource-type ms-graph --query accessToken -o tsv |\n    \
    exo-mi grant --name vm-exchange --role 'Global Reader' --graph-token-file -\n  \
    exo-mi grant --name vm-exchange --role 'Global Reader' --print az\n  \
    exo-mi grant --name vm-exchange --role 'Global Reader' --emulate")]
pub(super) struct Arguments {
    /// The identity, by its display name; that of a system-assigned one is the name of its resource
    #[arg(long, value_name = "NAME", group = "whom")]
    name: Option<String>,
    /// The identity, by client id
    #[arg(long, value_name = "GUID", group = "whom")]
    client_id: Option<String>,
    /// The identity, by object id
    #[arg(long, value_name = "GUID", group = "whom")]
    object_id: Option<String>,
    /// The directory role, such as 'Global Reader'; none is assumed
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Say what would be done, and change nothing
    #[arg(long)]
    what_if: bool,
    /// Take both grants away
    #[arg(long)]
    revoke: bool,
    /// Print the script that does the same, and send nothing
    #[arg(long, value_enum, value_name = "LANGUAGE", conflicts_with_all = ["what_if", "graph_token_file", "output"])]
    print: Option<Language>,
    /// The file with a token for Microsoft Graph of somebody who may grant; `-` is standard input
    #[arg(long, value_name = "FILE")]
    graph_token_file: Option<PathBuf>,
    /// Another Microsoft Graph; https, or http to loopback [env: EXO_MI_GRAPH_URI]
    #[arg(long, value_name = "URI")]
    graph_uri: Option<String>,
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
    #[command(flatten)]
    reach: ReachOptions,
    /// How the result is written [env: EXO_MI_OUTPUT] [default: table]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// Run against the emulator in this process, with a token of its administrator: no tenant, no Azure
    #[cfg(feature = "emulator")]
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, require_equals = true, default_missing_value = "healthy",
          conflicts_with_all = ["print", "graph_token_file", "graph_uri", "ca_file"])]
    emulate: Option<crate::emulator::Scenario>,
}

/// What is to be done, decided before anything is sent.
struct Task {
    wanted: Wanted,
    role: &'static DirectoryRole,
    what_if: bool,
    revoke: bool,
}

/// Grants, or takes away, and says what was found and done.
pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let format = cmdlets::format(arguments.output, world)?;
    let task = Task {
        wanted: arguments.wanted()?,
        role: role::named(arguments.role.as_deref())?,
        what_if: arguments.what_if,
        revoke: arguments.revoke,
    };
    #[cfg(feature = "emulator")]
    let emulated =
        arguments.emulate.map(|scenario| super::emulate::host(scenario, None, world)).transpose()?;
    #[cfg(feature = "emulator")]
    let host = match &emulated {
        Some((env, emulator)) => Host {
            env: env.clone(),
            roots: Some(Roots::pem(emulator.ca_pem().as_bytes().to_vec())?),
            token: Some(emulator.graph_token()),
        },
        None => Host::real(world),
    };
    #[cfg(not(feature = "emulator"))]
    let host = Host::real(world);
    let plan = arguments.plan(host, world)?;
    if !task.revoke
        && let Some(warning) = role::warning(task.role)
    {
        say(diagnostics, world, "warning", warning);
    }
    let graph = Graph::connect(plan)?;
    let report = carry_out(&graph, &task).await?;
    report.print(format, diagnostics, world)
}

/// Both grants, in the order in which they are needed. What was done before a failure is reported all the same.
async fn carry_out(graph: &Graph, task: &Task) -> Result<Report, Failure> {
    let found = graph.find(&task.wanted).await?;
    let app_role = graph.app_role().await?;
    let mut report = Report::of(found);
    for grant in [app_role, Grant::DirectoryRole(task.role)] {
        match one(graph, task, grant, report.object_id()).await {
            Ok(outcome) => report.outcomes.push(outcome),
            Err(failure) => {
                report.failure = Some(failure);
                break;
            }
        }
    }
    Ok(report)
}

async fn one(graph: &Graph, task: &Task, grant: Grant, principal: &str) -> Result<Outcome, Failure> {
    let outcome = match (task.what_if, task.revoke) {
        (true, removes) => graph.preview(grant, principal, removes).await,
        (false, false) => graph.assign(grant, principal).await,
        (false, true) => graph.remove(grant, principal).await,
    };
    outcome.map_err(Failure::from)
}

/// The machine that the command believes to run on, with the token where it is known already.
struct Host {
    env: Env,
    roots: Option<Roots>,
    token: Option<Secret>,
}

impl Host {
    fn real(world: &World) -> Self {
        Self { env: world.env.clone(), roots: None, token: None }
    }
}

impl Arguments {
    /// Whom the user means.
    fn wanted(&self) -> Result<Wanted, Failure> {
        let guid = |text: &str, from: &str| {
            IdentitySelector::guid(text).map_err(|why| Failure::usage(format!("{from}: {why}")))
        };
        match (&self.name, &self.client_id, &self.object_id) {
            (Some(name), ..) if name.trim().is_empty() => Err(Failure::usage("--name: the name is empty")),
            // A script is made of lines, and no name in Azure has more than one.
            (Some(name), ..) if name.contains(char::is_control) => {
                Err(Failure::usage("--name: a name holds no line breaks and no other control characters"))
            }
            (Some(name), ..) => Ok(Wanted::Name(name.clone())),
            (_, Some(id), _) => guid(id, "--client-id").map(Wanted::ClientId),
            (_, _, Some(id)) => guid(id, "--object-id").map(Wanted::ObjectId),
            (None, None, None) => {
                Err(Failure::usage("no identity was named: give --name, --client-id or --object-id"))
            }
        }
    }

    /// Where Graph is: named by the user, or that of the cloud.
    fn address(&self, env: &Env) -> Result<Address, Failure> {
        if let Some((text, from)) = given(self.graph_uri.clone(), "--graph-uri", env, "EXO_MI_GRAPH_URI") {
            return Address::read(&text).map_err(|why| wrong(from, &text, &why.to_string()));
        }
        let cloud = self.environment.graph().and_then(|text| Address::read(text).ok());
        cloud.ok_or_else(|| {
            Failure::usage("--environment: Microsoft has closed this cloud and its Microsoft Graph")
                .hint("--graph-uri names another one")
        })
    }

    /// Everything decided and checked; the token is read last, and looked at before it is sent anywhere.
    fn plan(self, host: Host, world: &mut World) -> Result<Plan, Failure> {
        let address = self.address(&host.env)?;
        let Reach { ca_file, timeout, max_retries } = self.reach.resolve(&host.env)?;
        let roots = match host.roots {
            Some(roots) => roots,
            None => roots(ca_file.as_deref())?,
        };
        let token = match (host.token, &self.graph_token_file) {
            (Some(token), _) => token,
            (None, Some(file)) => token(file, &address, world)?,
            (None, None) => {
                return Err(Failure::graph_token(
                    "no token for Microsoft Graph was given: give --graph-token-file",
                ));
            }
        };
        let limits = reach::limits(timeout, max_retries, world);
        Ok(Plan { address, token, roots, limits, env: host.env, client_request_id: world.ids.next() })
    }
}

/// The operator's token, if it is one that may be sent there.
fn token(file: &Path, address: &Address, world: &mut World) -> Result<Secret, Failure> {
    let text = String::from_utf8(credential::read(file, world)?)
        .map_err(|_| credential::unusable(file).because("it is no text"))?;
    let unusable =
        |why: String| Failure::graph_token("the token for Microsoft Graph cannot be used").because(why);
    let token = AccessToken::given(&Secret::from(text), &address.to_string(), world.clock.now())
        .map_err(|why| unusable(why.to_string()))?;
    let claims = token.claims().unwrap_or_default();
    address.takes(&claims).map_err(|why| unusable(why.to_string()))?;
    Ok(token.secret)
}

/// One line on standard error, unless the command is quiet.
fn say(diagnostics: &Diagnostics, world: &mut World, kind: &str, text: &str) {
    if !diagnostics.quiet {
        line(&mut world.stderr, kind, text);
    }
}
