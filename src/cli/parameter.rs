//! One parameter of a command line: which one its name means, and what its value becomes.

use serde_json::Value;

use super::literal::{self, BadLiteral, ReadFile};
use super::universal::{self, Universal};
use crate::catalog::{self, Class, Cmdlet, Kind, Named, Parameter, Required, Source};
use crate::exchange::{Argument, BadArgument, CmdletInput};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// None.
    Nothing,
    Text(String),
    /// After `:=`.
    Json(String),
    /// A value of a script, which needs no reading.
    Meant(Argument),
}

/// Whose name was written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Known(Parameter),
    Universal(Universal),
    Unknown,
}

/// A parameter with its value.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its name as it is sent.
    pub name: String,
    pub target: Target,
    pub value: Written,
}

impl Target {
    /// Finds the parameter that a name means, as PowerShell does: by its whole name, an alias, or a beginning that only
    /// one has.
    pub(super) fn find(cmdlet: Option<&Cmdlet>, written: &str) -> Result<Self, Failure> {
        if let Some(known) = cmdlet.and_then(|cmdlet| cmdlet.find_parameter(written)) {
            return Ok(Self::Known(known));
        }
        if let Some(universal) = universal::find(written) {
            return Ok(Self::Universal(universal));
        }
        let beginning = universal::beginning(written);
        let named =
            cmdlet.map_or(Named::Unknown, |cmdlet| cmdlet.parameter_named(written, &universal::names()));
        match (named, beginning.as_slice()) {
            (Named::Known(known), _) => {
                tracing::info!("-{written} is taken for -{}", known.name);
                Ok(Self::Known(known))
            }
            (Named::Ambiguous(names), _) => Err(ambiguous(written, &names)),
            (Named::Unknown, [only]) => {
                tracing::info!("-{written} is taken for -{}", only.name);
                Ok(Self::Universal(*only))
            }
            (Named::Unknown, []) => Ok(Self::Unknown),
            (Named::Unknown, several) => {
                Err(ambiguous(written, &several.iter().map(|universal| universal.name).collect::<Vec<_>>()))
            }
        }
    }

    /// Whether it stands without a value.
    pub(super) fn is_switch(&self) -> bool {
        match self {
            Self::Known(known) => known.kind == Kind::Switch,
            Self::Universal(universal) => universal.switch,
            Self::Unknown => false,
        }
    }

    /// Whether its value goes on after a comma.
    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::Known(known) if known.kind.is_list())
    }
}

fn ambiguous(written: &str, names: &[&str]) -> Failure {
    let names: Vec<String> = names.iter().map(|name| format!("-{name}")).collect();
    Failure::usage(format!("-{written} may be one of several parameters"))
        .hint(format!("write one of them in full: {}", names.join(", ")))
}

impl Given {
    pub(super) fn new(written: &str, target: Target, value: Written) -> Self {
        let name = match target {
            Target::Known(known) => known.name.to_owned(),
            Target::Universal(universal) => universal.name.to_owned(),
            Target::Unknown => catalog::spell_parameter(written),
        };
        Self { name, target, value }
    }

    /// Adds it to what is sent. What the catalogue says is checked unless the words are to be sent as they stand.
    pub(super) fn send(
        &self,
        cmdlet: Option<&Cmdlet>,
        input: &mut CmdletInput,
        raw: bool,
        file: ReadFile<'_>,
    ) -> Result<(), Failure> {
        let kind = match self.target {
            Target::Known(known) => Some(known.kind),
            Target::Universal(Universal { sent: None, .. }) => return Ok(()),
            // The addresses of the Get-EXO family have no place for what every cmdlet takes.
            Target::Universal(_) if reads_entities(cmdlet) => return Ok(()),
            Target::Universal(universal) => universal.sent,
            Target::Unknown => {
                self.check_name(cmdlet, raw)?;
                FILTERS.iter().any(|filter| filter.eq_ignore_ascii_case(&self.name)).then_some(Kind::Filter)
            }
        };
        if kind == Some(Kind::Secret) {
            return Err(self.refused(&BadArgument::Secret));
        }
        let argument = self.argument(kind, file)?;
        if let (Target::Known(known), false) = (self.target, raw) {
            self.check_value(&known, &argument)?;
        }
        // A filter of that family is translated as a whole, so that it is passed on as it was written.
        let kind =
            kind.map(|kind| if kind == Kind::Filter && reads_entities(cmdlet) { Kind::Text } else { kind });
        input.set(&self.name, kind, argument).map_err(|why| self.refused(&why))?;
        if self.name.eq_ignore_ascii_case("Identity")
            && input.parameters.get(&self.name).is_some_and(is_blank)
        {
            return Err(Failure::usage("the Identity is empty")
                .because("Exchange would answer with every object, and nothing was sent"));
        }
        Ok(())
    }

    fn argument(&self, kind: Option<Kind>, file: ReadFile<'_>) -> Result<Argument, Failure> {
        let text = match &self.value {
            Written::Json(json) => {
                return serde_json::from_str(json)
                    .map(Argument::Json)
                    .map_err(|error| Failure::usage(format!("`{json}` is no JSON")).caused_by(&error));
            }
            Written::Nothing if self.target.is_switch() || matches!(self.target, Target::Unknown) => {
                return Ok(Argument::Bool(true));
            }
            Written::Nothing => return Err(self.shell_took(format!("-{} needs a value", self.name))),
            Written::Meant(argument) => return Ok(argument.clone()),
            Written::Text(text) => text,
        };
        if text.is_empty() && (self.target.is_switch() || matches!(self.target, Target::Unknown)) {
            return Err(self.shell_took(format!("the value of -{} is empty", self.name)));
        }
        literal::read(text, kind, file).map_err(|why| self.unreadable(text, &why))
    }

    /// A name that is like a known one is refused; the documentation lags behind the service, so that any other goes.
    fn check_name(&self, cmdlet: Option<&Cmdlet>, raw: bool) -> Result<(), Failure> {
        let Some(cmdlet) = cmdlet else { return Ok(()) };
        if let Some(near) = cmdlet.suggest_parameter(&self.name).filter(|_| !raw) {
            return Err(Failure::usage(format!("{} has no parameter `{}`", cmdlet.name, self.name))
                .hint(format!("did you mean -{near}?"))
                .hint(SEND_ANYWAY));
        }
        tracing::info!("{} has no documented parameter -{}; it is sent", cmdlet.name, self.name);
        Ok(())
    }

    fn check_value(&self, known: &Parameter, argument: &Argument) -> Result<(), Failure> {
        match argument {
            // Flags are parted by commas within one text.
            Argument::Text(text) => text.split(',').map(str::trim).try_for_each(|value| {
                if known.slip_of(value).is_empty() {
                    return Ok(());
                }
                let all: Vec<_> = known.accepted().collect();
                Err(Failure::usage(format!("-{}: `{value}` is none of its values", self.name))
                    .hint(format!("one of {}", all.join(", ")))
                    .hint(SEND_ANYWAY))
            }),
            Argument::List(items) => items.iter().try_for_each(|item| self.check_value(known, item)),
            Argument::Table(fields) => fields.iter().try_for_each(|(_, item)| self.check_value(known, item)),
            _ => Ok(()),
        }
    }

    fn refused(&self, why: &BadArgument) -> Failure {
        let name = &self.name;
        let failure = Failure::usage(format!("-{name}: {why}"));
        match why {
            BadArgument::Secret => failure
                .because(
                    "the service takes it encrypted with a key that comes only inside its generated module, and changes",
                )
                .because("and a secret on a command line can be read by others on this machine")
                .hint("do this step with Microsoft Graph, or with the ExchangeOnlineManagement module"),
            BadArgument::Bool(_) => self.shell_took(failure.message),
            BadArgument::Date(_) => {
                failure.hint("for example 2026-11-24, 2026-11-24T08:30:00Z or \"11/24/2026 8:30 AM\"")
            }
            BadArgument::Bytes(_) => failure.hint(format!("a file is named with @: -{name} @FILE")),
            BadArgument::Table(_) => {
                failure.hint(format!("a hashtable is one quoted word: -{name} \"@{{Name='value'}}\""))
            }
            BadArgument::Number(_) => failure,
        }
    }

    fn unreadable(&self, text: &str, why: &BadLiteral) -> Failure {
        let name = &self.name;
        match why {
            BadLiteral::Unreadable { .. } => {
                Failure::new(Exit::Machine, Code::FileUnusable, format!("-{name}")).caused_by(why)
            }
            BadLiteral::Replaced(_) => Failure::usage(format!("-{name}: {why}"))
                .hint(format!("quote the whole value: -{name} \"@{{Add='value'}}\"")),
            _ => Failure::usage(format!("-{name}: `{text}` is no value")).because(why.to_string()).hint(
                "quote as in PowerShell, and the whole once more for the shell: \"'Smith, John','Meg'\"",
            ),
        }
    }

    /// `$true` and `$false` are variables to most shells, and empty ones.
    fn shell_took(&self, message: String) -> Failure {
        let failure = Failure::usage(message);
        let name = &self.name;
        match self.target {
            Target::Known(known) if !matches!(known.kind, Kind::Bool | Kind::Switch) => failure,
            _ => failure.hint(format!(
                "most shells replace $true and $false: write -{name}:true, or quote it, '-{name}:$true'"
            )),
        }
    }
}

/// The way around what the catalogue says.
pub(super) const SEND_ANYWAY: &str = "to send it all the same: --raw-cmdlet before the cmdlet";

/// Parameters that hold a filter whatever the cmdlet.
const FILTERS: [&str; 3] = ["Filter", "RecipientFilter", "RecipientPreviewFilter"];

/// Refuses a command without what every way to call the cmdlet needs. A cmdlet that reads is sent all the same: the
/// reference calls the Identity of several required that run without it, and the service answers one that needs it with
/// an error and no harm.
pub(super) fn check_required(cmdlet: &Cmdlet, given: &[Given]) -> Result<(), Failure> {
    let missing = |required: Required| {
        let lacks = move |known: &Parameter| {
            known.required == required && !given.iter().any(|given| given.name == known.name)
        };
        cmdlet.parameters().iter().filter(lacks).map(|known| format!("-{}", known.name)).collect::<Vec<_>>()
    };
    let always = missing(Required::Always);
    if !always.is_empty() && cmdlet.class == Class::Read {
        tracing::info!("{} is documented to need {}", cmdlet.name, always.join(" and "));
    } else if !always.is_empty() {
        return Err(
            Failure::usage(format!("{} needs {}", cmdlet.name, always.join(" and "))).hint(SEND_ANYWAY)
        );
    }
    let sometimes = missing(Required::InSomeSets);
    if !sometimes.is_empty() {
        tracing::info!("some ways to call {} need {}", cmdlet.name, sometimes.join(", "));
    }
    Ok(())
}

fn reads_entities(cmdlet: Option<&Cmdlet>) -> bool {
    cmdlet.is_some_and(|cmdlet| cmdlet.source == Source::ModuleRest)
}

/// Whether a value of Identity names nothing: the service would take it for everything.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty() || items.iter().any(is_blank),
        Value::Object(fields) => fields.keys().all(|name| name.starts_with('@')),
        Value::Number(_) => false,
    }
}
