//! The words after the options: a cmdlet and its parameters, as in PowerShell or in the style of other programs.

use std::iter::Peekable;

use serde_json::Map;

use super::confirm::Confirmation;
use super::literal::ReadFile;
use super::parameter::{self, Given, Target, Written};
use super::place;
use super::reserved::Reserved;
use crate::catalog::{self, Class};
use crate::exchange::{Argument, BadCall, BadEntity, Call, CmdletInput};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;

/// The parameter that names an object.
const IDENTITY: &str = "Identity";

/// What stands after the options of exo-mi.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The cmdlet as it was written.
    pub name: String,
    cmdlet: Option<catalog::Cmdlet>,
    given: Vec<Given>,
    /// Options of exo-mi after the cmdlet.
    pub reserved: Reserved,
}

/// A cmdlet that may be sent.
#[derive(Debug)]
pub(super) struct Resolved {
    pub call: Call,
    pub cmdlet: Option<catalog::Cmdlet>,
    /// What comes before it is run.
    pub confirmation: Confirmation,
}

impl Resolved {
    /// The same call for another identity, whose text is taken as it stands.
    pub(super) fn for_identity(&self, identity: &str) -> Result<Call, Failure> {
        let kind = self.cmdlet.and_then(|cmdlet| cmdlet.find_parameter(IDENTITY)).map(|known| known.kind);
        let mut input = self.call.input.clone();
        let argument = Argument::Text(identity.to_owned());
        input.set(IDENTITY, kind, argument).map_err(|why| Failure::usage(format!("-{IDENTITY}: {why}")))?;
        self.call.with_input(input).map_err(|why| refused(&self.call.input.cmdlet_name, &why))
    }
}

impl Words {
    /// A cmdlet with values that are known for what they are, as a script has them.
    pub(super) fn of_script(
        name: &str,
        parameters: impl IntoIterator<Item = (String, Argument)>,
    ) -> Result<Self, Failure> {
        let mut read = Self { name: name.to_owned(), cmdlet: catalog::find(name), ..Self::default() };
        for (name, argument) in parameters {
            let target = Target::find(read.cmdlet.as_ref(), &name)?;
            read.put(Given::new(&name, target, Written::Meant(argument)))?;
        }
        Ok(read)
    }

    /// Reads the words: which parameters stand there, and which words are their values.
    pub(super) fn parse(words: &[String]) -> Result<Option<Self>, Failure> {
        let Some((name, rest)) = words.split_first() else { return Ok(None) };
        if name.starts_with('-') {
            return Err(super::no_such_option(name, "connect"));
        }
        let shaped = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !shaped {
            return Err(Failure::usage(format!("`{name}` is no cmdlet name"))
                .hint("one cmdlet and its parameters: get-mailbox --identity meg@contoso.com"));
        }
        let mut read = Self { name: name.clone(), cmdlet: catalog::find(name), ..Self::default() };
        let mut rest = rest.iter().map(String::as_str).peekable();
        let mut own_options = true;
        let mut positional = true;
        while let Some(word) = rest.next() {
            if own_options && read.reserved.take(word, &mut rest)? {
                continue;
            }
            if word == "--" && own_options {
                own_options = false;
                continue;
            }
            match name_of(word) {
                Some((name, attached)) => {
                    if own_options {
                        read.check_option(word, name)?;
                    }
                    read.take(name, attached, &mut rest)?;
                }
                None if std::mem::take(&mut positional) => read.take_positional(word, &mut rest)?,
                None => return Err(read.stray(word)),
            }
        }
        Ok(Some(read))
    }

    /// Refuses an option of exo-mi that stands after the cmdlet, unless the cmdlet has a parameter of that name.
    fn check_option(&self, word: &str, name: &str) -> Result<(), Failure> {
        let is_parameter = || self.cmdlet.is_some_and(|cmdlet| cmdlet.find_parameter(name).is_some());
        if word.starts_with("--")
            && !is_parameter()
            && super::options_of("connect").any(|own| own.eq_ignore_ascii_case(name))
        {
            let failure =
                Failure::usage(format!("{word} is an option of exo-mi and stands after the cmdlet"));
            return Err(failure.hint(format!(
                "options of exo-mi stand before the cmdlet: exo-mi connect {word} … {}",
                self.name
            )));
        }
        Ok(())
    }

    /// Takes a parameter, and the next word where that is its value.
    fn take<'w>(
        &mut self,
        name: &str,
        attached: Option<Written>,
        rest: &mut Peekable<impl Iterator<Item = &'w str>>,
    ) -> Result<(), Failure> {
        let target = Target::find(self.cmdlet.as_ref(), name)?;
        if target.is_switch() {
            if attached.is_none() && rest.peek().is_some_and(|next| is_constant(next)) {
                return Err(Failure::usage(format!("-{name} is a switch and takes no word after it"))
                    .hint(format!("its value stands behind a colon: '-{name}:$false'")));
            }
            return self.put(Given::new(name, target, attached.unwrap_or(Written::Nothing)));
        }
        let next = |rest: &mut Peekable<_>| rest.next_if(|next: &&str| name_of(next).is_none());
        let value = match attached {
            Some(Written::Text(text)) => Written::Text(continued(text, &target, rest)),
            Some(other) => other,
            None => match next(rest) {
                Some(word) => Written::Text(continued(word.to_owned(), &target, rest)),
                None => Written::Nothing,
            },
        };
        self.put(Given::new(name, target, value))
    }

    /// Takes a value without a name: that of the cmdlet's positional parameter, the Identity for most.
    fn take_positional<'w>(
        &mut self,
        word: &str,
        rest: &mut Peekable<impl Iterator<Item = &'w str>>,
    ) -> Result<(), Failure> {
        let (name, target) = match &self.cmdlet {
            None => (IDENTITY, Target::Unknown),
            Some(cmdlet) => {
                let known = cmdlet.parameters().positional().ok_or_else(|| self.stray(word))?;
                (known.name, Target::Known(known))
            }
        };
        if self.given.iter().any(|given| given.name == name) {
            return Err(self.stray(word));
        }
        let value = Written::Text(continued(word.to_owned(), &target, rest));
        self.put(Given::new(name, target, value))
    }

    fn put(&mut self, given: Given) -> Result<(), Failure> {
        if self.given.iter().any(|known| known.name.eq_ignore_ascii_case(&given.name)) {
            return Err(Failure::usage(format!("-{} is given twice", given.name)));
        }
        self.given.push(given);
        Ok(())
    }

    /// A word that belongs to nothing.
    fn stray(&self, word: &str) -> Failure {
        let failure = Failure::usage(format!("`{word}` belongs to no parameter"));
        if let Some(list) = self.given.last().filter(|given| given.target.is_list()) {
            return failure.hint(format!("the values of -{} are one quoted word: \"'a','b'\"", list.name));
        }
        let positional = self.cmdlet.map(|cmdlet| cmdlet.parameters().positional());
        failure.hint(match positional {
            Some(None) => format!("every value of {} needs the name of its parameter", self.name),
            Some(Some(known)) => {
                format!("only one value after the cmdlet may stand without a name: it is the {}", known.name)
            }
            None => "only one value after the cmdlet may stand without a name: it is the Identity".to_owned(),
        })
    }

    /// Whether the identities come on standard input: `-Identity -`.
    pub(super) fn takes_identities(&self) -> bool {
        let listed = Written::Text("-".to_owned());
        self.given.iter().any(|given| given.name.eq_ignore_ascii_case(IDENTITY) && given.value == listed)
    }

    /// Decides whether and how the cmdlet may be sent, and encodes its parameters. `raw` is to send what was written,
    /// whatever the catalogue says of it.
    pub(super) fn resolve(self, raw: bool, yes: bool, file: ReadFile<'_>) -> Result<Resolved, Failure> {
        let cmdlet = self.cmdlet;
        let (name, class) = match &cmdlet {
            Some(known) => (known.name.to_owned(), known.class),
            None if raw => (self.name.clone(), catalog::verb_class(&self.name)),
            None => (known_or_spelled(&self.name)?, catalog::verb_class(&self.name)),
        };
        if let Some(known) = &cmdlet {
            place::check(known)?;
        }
        let mut input = CmdletInput { cmdlet_name: name, parameters: Map::new() };
        for given in &self.given {
            given.send(cmdlet.as_ref(), &mut input, raw, file)?;
        }
        if let Some(known) = cmdlet.as_ref().filter(|_| !raw) {
            parameter::check_required(known, &self.given)?;
        }
        let writes = class != Class::Read;
        let confirmation = Confirmation::decide(&mut input, cmdlet.as_ref(), yes)?;
        let name = input.cmdlet_name.clone();
        let call = Call::new(input, writes).map_err(|why| refused(&name, &why))?;
        Ok(Resolved { call, cmdlet, confirmation })
    }
}

/// Parameters that the cmdlet cannot be sent with.
fn refused(cmdlet: &str, why: &BadCall) -> Failure {
    let failure = Failure::usage(format!("{cmdlet}: {why}"));
    match why {
        BadCall::Entity(BadEntity::Unknown(_) | BadEntity::Filter(_)) => {
            let classic = cmdlet.replacen("-EXO", "-", 1);
            failure.hint(format!("{classic}, the service's own cmdlet of that kind, may take it"))
        }
        _ => failure,
    }
}

/// The word that is a value, and those after it that a comma at its end or at their beginning joins to it.
fn continued<'w>(
    mut value: String,
    target: &Target,
    rest: &mut Peekable<impl Iterator<Item = &'w str>>,
) -> String {
    while target.is_list() {
        let goes_on = |next: &&str| value.trim_end().ends_with(',') || next.starts_with(',');
        let Some(next) = rest.next_if(goes_on) else { break };
        value.push_str(next);
    }
    value
}

/// The catalogue lags behind the service, so an unknown cmdlet is sent as it stands, unless it looks like a slip.
fn known_or_spelled(name: &str) -> Result<String, Failure> {
    let near = catalog::suggest(name);
    if near.is_empty() {
        place::check_unknown(name)?;
        return Ok(catalog::spell(name));
    }
    Err(Failure::new(Exit::Usage, Code::CmdletUnknown, format!("there is no cmdlet `{name}`"))
        .hint(format!("did you mean {}?", near.join(", ")))
        .hint(parameter::SEND_ANYWAY))
}

/// The parameter that a word names, and the value attached to it: `-Name`, `--name`, `-Name:value`, `--name=value`,
/// `-Name:='json'`. A dash before a digit begins a negative number.
pub(super) fn name_of(word: &str) -> Option<(&str, Option<Written>)> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = name.find([':', '=']).unwrap_or(name.len());
    let attached = name.get(end..).filter(|rest| !rest.is_empty());
    let value = attached.map(|rest| match rest.strip_prefix(":=") {
        Some(json) => Written::Json(json.to_owned()),
        None => Written::Text(rest[1..].to_owned()),
    });
    Some((&name[..end], value))
}

fn is_constant(word: &str) -> bool {
    ["$true", "$false"].iter().any(|constant| constant.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
