//! What names mean: those of commands, and those of their parameters.

use super::casts::{self, Of};
use super::cmdlet::{self, Spec};
use super::error::Raised;
use crate::catalog::{self, Cmdlet};
use crate::exit::Exit;
use crate::language::{self, Block, ExpressionKind};

/// What the name of a command means.
pub(crate) enum Meaning {
    /// A cmdlet that is carried out here.
    Own(&'static Spec),
    /// A cmdlet of the service.
    Service(Cmdlet),
    Unknown,
}

/// What a name means, where the nouns of the service's cmdlets have this prefix. Hyphens count here, as in PowerShell.
pub(crate) fn meaning(name: &str, prefix: &str) -> Meaning {
    if let Some(spec) = cmdlet::find(name) {
        return Meaning::Own(spec);
    }
    let Some((verb, noun)) = name.split_once('-') else { return Meaning::Unknown };
    let bare = if prefix.is_empty() {
        name.to_owned()
    } else {
        match noun.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)) {
            Some(start) => format!("{verb}-{}", &noun[start.len()..]),
            None => return Meaning::Unknown,
        }
    };
    match catalog::find(&bare).filter(|found| found.name.eq_ignore_ascii_case(&bare)) {
        Some(found) => Meaning::Service(found),
        None => Meaning::Unknown,
    }
}

/// A parameter of a command, whoever declares it.
pub(crate) trait Parameter {
    fn name(&self) -> &str;
    fn aliases(&self) -> Vec<&str>;
    /// Whether the word after its name is not its value.
    fn is_switch(&self) -> bool;
}

/// What the name of a parameter means.
pub(crate) enum Found<P> {
    /// One of the command's own.
    Own(P),
    /// One that every cmdlet takes.
    Common(&'static cmdlet::Parameter),
}

/// Why a name means no parameter.
#[derive(Debug)]
pub(crate) enum Misnamed {
    /// Several begin like it.
    Ambiguous(Vec<String>),
    Unknown,
}

impl Misnamed {
    /// The clause that says so.
    pub(crate) fn clause(&self, command: &str, written: &str) -> String {
        match self {
            Self::Ambiguous(names) => format!("`-{written}` of {command} may be -{}", names.join(" or -")),
            Self::Unknown => format!("{command} has no parameter `-{written}`"),
        }
    }

    /// The error of a command that is carried out.
    pub(crate) fn raised(&self, command: &str, written: &str) -> Raised {
        let (id, message) = match self {
            Self::Ambiguous(_) => ("AmbiguousParameter", self.clause(command, written)),
            // In the words of PowerShell, which people look for.
            Self::Unknown => (
                "NamedParameterNotFound",
                format!("{command}: A parameter cannot be found that matches parameter name '{written}'."),
            ),
        };
        Raised { exit: Exit::Usage, ..Raised::new(id, message) }
    }
}

impl<P: Parameter> Found<P> {
    pub(crate) fn is_switch(&self) -> bool {
        match self {
            Self::Own(known) => known.is_switch(),
            Self::Common(known) => known.is_switch(),
        }
    }
}

/// The parameter that a name means: one that is called so, or the only one of which a name or an alias begins like it. As
/// in PowerShell, what belongs to the command itself comes before what every cmdlet takes.
pub(crate) fn parameter<P: Parameter>(
    written: &str,
    own: impl IntoIterator<Item = P>,
    common: &'static [cmdlet::Parameter],
) -> Result<Found<P>, Misnamed> {
    let own: Vec<P> = own.into_iter().collect();
    let is = |name: &str| name.eq_ignore_ascii_case(written);
    let begins = |name: &str| catalog::begins(name, written);
    if let Some(at) = own.iter().position(|known| any_name(known, is)) {
        return own.into_iter().nth(at).map(Found::Own).ok_or(Misnamed::Unknown);
    }
    if let Some(known) = common.iter().find(|known| any_name(known, is)) {
        return Ok(Found::Common(known));
    }
    let mut near: Vec<P> = own.into_iter().filter(|known| any_name(known, begins)).collect();
    let shared: Vec<_> = common.iter().filter(|known| any_name(known, begins)).collect();
    match (near.len(), shared.as_slice()) {
        (0, []) => Err(Misnamed::Unknown),
        (0, [only]) => Ok(Found::Common(only)),
        (1, _) => near.pop().map(Found::Own).ok_or(Misnamed::Unknown),
        _ => {
            let names = near.iter().map(Parameter::name).chain(shared.iter().map(Parameter::name));
            Err(Misnamed::Ambiguous(names.map(str::to_owned).collect()))
        }
    }
}

fn any_name(known: &impl Parameter, fits: impl Fn(&str) -> bool) -> bool {
    fits(known.name()) || known.aliases().into_iter().any(fits)
}

/// The parameter of a cmdlet of the service that a name means.
pub(crate) fn of_service(cmdlet: &Cmdlet, written: &str) -> Result<Found<catalog::Parameter>, Misnamed> {
    // Some are documented with parameters that every cmdlet takes.
    let is_common = |known: &catalog::Parameter| {
        cmdlet::COMMON.iter().any(|common| common.name.eq_ignore_ascii_case(known.name))
    };
    parameter(written, cmdlet.parameters().iter().filter(|known| !is_common(known)), cmdlet::COMMON)
}

/// The parameter of a function or of a script that a name means.
pub(crate) fn of_function<'b>(
    block: &'b Block,
    written: &str,
) -> Result<Found<&'b language::Parameter>, Misnamed> {
    parameter(written, &block.parameters, if block.is_advanced() { cmdlet::COMMON } else { &[] })
}

impl<P: Parameter> Parameter for &P {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn aliases(&self) -> Vec<&str> {
        (**self).aliases()
    }

    fn is_switch(&self) -> bool {
        (**self).is_switch()
    }
}

impl Parameter for cmdlet::Parameter {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> Vec<&str> {
        self.aliases.to_vec()
    }

    fn is_switch(&self) -> bool {
        self.takes.is_switch()
    }
}

impl Parameter for catalog::Parameter {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> Vec<&str> {
        Self::aliases(self).collect()
    }

    fn is_switch(&self) -> bool {
        self.kind == catalog::Kind::Switch
    }
}

impl Parameter for language::Parameter {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> Vec<&str> {
        let named = self.attributes.iter().filter(|known| known.name.name.eq_ignore_ascii_case("Alias"));
        named
            .flat_map(|attribute| &attribute.values)
            .filter_map(|value| match &value.kind {
                ExpressionKind::Text(text) => Some(&**text),
                _ => None,
            })
            .collect()
    }

    fn is_switch(&self) -> bool {
        let of = self.of.as_ref().and_then(|of| casts::find(&of.name));
        of.is_some_and(|of| of.of == Of::Switch)
    }
}
