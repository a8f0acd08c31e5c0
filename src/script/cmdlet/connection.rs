//! Connecting, and what an automation account knows.

use super::{Arguments, Source, Spec, Takes, parameter, with_aliases};
use crate::exit::Exit;
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::host::{Connection, Said};
use crate::script::object::{Kind, Object};
use crate::script::pattern::Wildcard;
use crate::script::read;
use crate::script::value::Value;

const MODULE: &str = "ExchangeOnlineManagement";

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Connect-ExchangeOnline",
        aliases: &[],
        parameters: &[
            parameter("ManagedIdentity", Takes::Switch),
            parameter("ManagedIdentityAccountId", Takes::Value),
            parameter("Organization", Takes::Value),
            parameter("DelegatedOrganization", Takes::Value),
            parameter("ExchangeEnvironmentName", Takes::Value),
            parameter("ConnectionUri", Takes::Place(0)),
            parameter("AccessToken", Takes::Value),
            parameter("AppId", Takes::Value),
            parameter("CertificateFilePath", Takes::Value),
            parameter("PageSize", Takes::Value),
            parameter("Prefix", Takes::Value),
            parameter("ShowBanner", Takes::IgnoredSwitch),
            parameter("ShowProgress", Takes::Ignored),
            parameter("CommandName", Takes::Ignored),
            parameter("FormatTypeName", Takes::Ignored),
            parameter("SkipLoadingFormatData", Takes::IgnoredSwitch),
            parameter("SkipLoadingCmdletHelp", Takes::IgnoredSwitch),
            parameter("LoadCmdletHelp", Takes::IgnoredSwitch),
            parameter("UseMultithreading", Takes::Ignored),
            parameter("TrackPerformance", Takes::Ignored),
            parameter("EnableErrorReporting", Takes::IgnoredSwitch),
            parameter("AzureADAuthorizationEndpointUri", Takes::Ignored),
        ],
        make: connect,
    },
    Spec {
        name: "Disconnect-ExchangeOnline",
        aliases: &[],
        parameters: &[
            parameter("Confirm", Takes::IgnoredSwitch),
            parameter("ConnectionId", Takes::Ignored),
            parameter("ModulePrefix", Takes::Ignored),
        ],
        make: |_, _| {
            Source::stage(|run: &mut Run<'_>, _: &mut dyn Output| {
                run.host.disconnect();
                Ok(())
            })
        },
    },
    Spec {
        name: "Get-ConnectionInformation",
        aliases: &[],
        parameters: &[parameter("ConnectionId", Takes::Ignored), parameter("ModulePrefix", Takes::Ignored)],
        make: information,
    },
    Spec {
        name: "Import-Module",
        aliases: &["ipmo"],
        parameters: &[
            parameter("Name", Takes::Place(0)),
            with_aliases("MinimumVersion", &["Version"], Takes::Ignored),
            parameter("RequiredVersion", Takes::Ignored),
            parameter("Force", Takes::IgnoredSwitch),
            parameter("DisableNameChecking", Takes::IgnoredSwitch),
            parameter("PassThru", Takes::IgnoredSwitch),
        ],
        make: import,
    },
    Spec {
        name: "Get-Module",
        aliases: &["gmo"],
        parameters: &[
            parameter("Name", Takes::Place(0)),
            parameter("ListAvailable", Takes::IgnoredSwitch),
            parameter("All", Takes::IgnoredSwitch),
        ],
        make: module,
    },
    Spec {
        name: "Get-AutomationVariable",
        aliases: &[],
        parameters: &[parameter("Name", Takes::Place(0))],
        make: automation_variable,
    },
];

/// Parameters whose value tells nothing that is needed here.
const NEEDLESS: [&str; 6] = [
    "ShowProgress",
    "CommandName",
    "FormatTypeName",
    "UseMultithreading",
    "TrackPerformance",
    "AzureADAuthorizationEndpointUri",
];

fn connect(run: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let text = |name: &str| arguments.text(name).filter(|text| !text.is_empty());
    // A variable that is empty by mistake must not connect to another organization than was meant.
    for name in [
        "Organization",
        "DelegatedOrganization",
        "ManagedIdentityAccountId",
        "AppId",
        "CertificateFilePath",
        "ConnectionUri",
    ] {
        if arguments.is_given(name) && text(name).is_none() {
            let message =
                format!("Connect-ExchangeOnline: the value of -{name} is empty, and nothing was sent");
            return Err(Raised {
                exit: Exit::Usage,
                ..Raised::new("ParameterArgumentValidationError", message)
            }
            .into());
        }
    }
    for name in NEEDLESS.iter().filter(|name| arguments.is_given(name)) {
        run.host.say(Said::Note, &format!("Connect-ExchangeOnline -{name} changes nothing here"));
    }
    let wanted = Connection {
        organization: text("Organization").or_else(|| text("DelegatedOrganization")),
        managed_identity: arguments.is_on("ManagedIdentity"),
        account_id: text("ManagedIdentityAccountId"),
        environment: text("ExchangeEnvironmentName"),
        uri: text("ConnectionUri"),
        token: text("AccessToken"),
        app_id: text("AppId"),
        certificate: text("CertificateFilePath"),
        page_size: arguments
            .find("PageSize")
            .and_then(convert::long)
            .and_then(|size| u64::try_from(size).ok()),
    };
    let prefix = text("Prefix").unwrap_or_default();
    Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| {
        run.prefix = prefix;
        match run.host.connect(&wanted) {
            Ok(()) => Ok(()),
            Err(fault) if fault.fatal => Err(Stop::Abort(fault)),
            Err(fault) => {
                Err(Raised { ends_script: true, ..Raised::of_fault(fault, "Connect-ExchangeOnline") }.into())
            }
        }
    })
}

fn information(_: &mut Run<'_>, _: &Arguments) -> Flow<Box<dyn Stage>> {
    Source::stage(|run: &mut Run<'_>, out: &mut dyn Output| {
        let Some(fields) = run.host.connection() else { return Ok(()) };
        let fields = fields.into_iter().map(|(name, value)| (name.into(), read::value(value)));
        out.push(run, Value::object(Object::new(Kind::Row("Get-ConnectionInformation"), fields.collect())))
    })
}

/// The module's cmdlets are here in any case, and those of any other module are not.
fn import(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let names = convert::texts(&arguments.value("Name"));
    match names.iter().find(|name| !name.eq_ignore_ascii_case(MODULE)) {
        Some(other) => {
            let fault = Raised {
                exit: Exit::Usage,
                ..Raised::new(
                    "Modules_ModuleNotFound",
                    format!("The module '{other}' cannot be loaded: only {MODULE} is known here."),
                )
            };
            Err(fault.into())
        }
        None => Source::stage(|_: &mut Run<'_>, _: &mut dyn Output| Ok(())),
    }
}

fn module(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let names = convert::texts(&arguments.value("Name"));
    let wanted = names.is_empty() || names.iter().any(|name| Wildcard::new(name, false).fits(MODULE));
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
        if !wanted {
            return Ok(());
        }
        let fields = [("ModuleType", "Script".into()), ("Version", "3.0.0".into()), ("Name", MODULE.into())];
        out.push(run, Value::object(Object::of(Kind::Custom, fields)))
    })
}

fn automation_variable(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let name = arguments.needed("Name")?;
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| match run.host.automation_variable(&name) {
        Some(text) => out.push(run, text.into()),
        None => raise(
            "AutomationVariableNotFound",
            format!(
                "There is no automation variable '{name}'; give it with --automation-variable {name}=VALUE"
            ),
        ),
    })
}
