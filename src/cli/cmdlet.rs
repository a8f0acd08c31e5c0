//! The words after the options: a cmdlet and its parameters, as in PowerShell or in the style of other programs.

use serde_json::{Map, Number, Value};

use super::reserved::Reserved;
use crate::catalog::{self, Class};
use crate::exchange::{Call, CmdletInput};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;

/// What stands after the options of exo-mi.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The cmdlet as it was written.
    pub name: String,
    parameters: Map<String, Value>,
    /// Options of exo-mi after the cmdlet.
    pub reserved: Reserved,
}

/// A cmdlet that may be sent.
#[derive(Debug)]
pub(super) struct Resolved {
    pub call: Call,
    pub cmdlet: Option<catalog::Cmdlet>,
}

impl Words {
    /// Reads the words. Nothing is known of the cmdlet's parameters yet: a value is typed by its look.
    pub(super) fn parse(words: &[String]) -> Result<Option<Self>, Failure> {
        let Some((name, rest)) = words.split_first() else { return Ok(None) };
        if name.starts_with('-') {
            return Err(super::no_such_option(name));
        }
        let shaped = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !shaped {
            return Err(Failure::usage(format!("`{name}` is no cmdlet name"))
                .hint("one cmdlet and its parameters: get-mailbox --identity meg@contoso.com"));
        }
        let mut read = Self { name: name.clone(), ..Self::default() };
        let mut rest = rest.iter().map(String::as_str).peekable();
        while let Some(word) = rest.next() {
            if read.reserved.take(word, &mut rest)? {
                continue;
            }
            match name_of(word) {
                Some((name, attached)) => {
                    let value =
                        attached.or_else(|| rest.next_if(|next| name_of(next).is_none()).map(Given::Text));
                    read.take(word, name, value)?;
                }
                None if read.parameters.is_empty() => read.put("Identity".to_owned(), text(word))?,
                None => {
                    return Err(Failure::usage(format!("`{word}` belongs to no parameter")).hint(
                        "only the first value after the cmdlet may stand without a name: it is the Identity",
                    ));
                }
            }
        }
        Ok(Some(read))
    }

    fn take(&mut self, word: &str, name: &str, value: Option<Given<'_>>) -> Result<(), Failure> {
        let own = word.starts_with("--");
        match (own, name.to_ascii_lowercase().as_str()) {
            (true, option) if OPTIONS.contains(&option) => {
                return Err(Failure::usage(format!(
                    "{word} is an option of exo-mi and stands after the cmdlet"
                ))
                .hint(format!(
                    "options of exo-mi stand before the cmdlet: exo-mi connect {word} … {}",
                    self.name
                )));
            }
            _ => self.put(pascal(name), value.map_or(Ok(Value::Bool(true)), Given::value)?)?,
        }
        Ok(())
    }

    fn put(&mut self, name: String, value: Value) -> Result<(), Failure> {
        let empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if name == "Identity" && empty {
            return Err(Failure::usage("the Identity is empty")
                .because("Exchange would answer with every object, and nothing was sent"));
        }
        if self.parameters.keys().any(|known| known.eq_ignore_ascii_case(&name)) {
            return Err(Failure::usage(format!("-{name} is given twice")));
        }
        self.parameters.insert(name, value);
        Ok(())
    }

    /// Finds the cmdlet in the catalogue, and decides whether and how it may be sent.
    pub(super) fn resolve(mut self, raw: bool, yes: bool) -> Result<Resolved, Failure> {
        let cmdlet = catalog::find(&self.name);
        let (name, class) = match &cmdlet {
            Some(known) => (known.name.to_owned(), known.class),
            None if raw => (self.name.clone(), catalog::verb_class(&self.name)),
            None => (known_or_spelled(&self.name)?, catalog::verb_class(&self.name)),
        };
        if let Some(known) = &cmdlet {
            check_place(known)?;
        }
        let writes = class != Class::Read;
        self.check_confirmation(&name, cmdlet.as_ref(), writes, yes)?;
        let input = CmdletInput { cmdlet_name: name, parameters: self.parameters };
        let call = Call::new(input, writes).map_err(|why| Failure::usage(why.to_string()))?;
        Ok(Resolved { call, cmdlet })
    }

    /// A cmdlet that asks in PowerShell is sent with `-Confirm:$false` or `--yes` alone. `-WhatIf` is a promise that
    /// nothing happens, so it is refused as long as it cannot be kept.
    fn check_confirmation(
        &mut self,
        name: &str,
        cmdlet: Option<&catalog::Cmdlet>,
        writes: bool,
        yes: bool,
    ) -> Result<(), Failure> {
        let find = |wanted: &str| self.parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if find("WhatIf").is_some_and(|(_, value)| *value != Value::Bool(false)) {
            return Err(Failure::usage("-WhatIf is not understood by this version, and nothing was sent"));
        }
        let confirm = find("Confirm").map(|(_, value)| *value == Value::Bool(false));
        let asks = writes && cmdlet.is_some_and(|cmdlet| cmdlet.asks);
        match confirm {
            Some(false) if !yes => Err(unconfirmed(name)),
            None if asks && !yes => Err(unconfirmed(name)),
            _ => {
                if yes && (asks || confirm.is_some()) {
                    self.parameters.retain(|name, _| !name.eq_ignore_ascii_case("Confirm"));
                    self.parameters.insert("Confirm".to_owned(), Value::Bool(false));
                }
                Ok(())
            }
        }
    }
}

/// Cmdlets that live in the module and not in the service cannot be sent.
fn check_place(cmdlet: &catalog::Cmdlet) -> Result<(), Failure> {
    let refuse =
        |why: &str| Err(Failure::usage(format!("{} is not a cmdlet of the service", cmdlet.name)).hint(why));
    match cmdlet.source {
        catalog::Source::Server => Ok(()),
        catalog::Source::ModuleRest => {
            let classic = cmdlet.name.replacen("-EXO", "-", 1);
            refuse(&format!("the service's own cmdlet of that kind is {classic}"))
        }
        catalog::Source::Module => refuse("exo-mi connects and disconnects by itself"),
    }
}

fn unconfirmed(name: &str) -> Failure {
    Failure::usage(format!("{name} asks for confirmation, and nothing was sent"))
        .hint("confirm it with --yes before the cmdlet, or with -Confirm:$false after it")
}

/// The catalogue lags behind the service, so an unknown cmdlet is sent as it stands, unless it looks like a slip.
fn known_or_spelled(name: &str) -> Result<String, Failure> {
    let near = catalog::suggest(name);
    if near.is_empty() {
        return Ok(catalog::spell(name));
    }
    Err(Failure::new(Exit::Usage, Code::CmdletUnknown, format!("there is no cmdlet `{name}`"))
        .hint(format!("did you mean {}?", near.join(", ")))
        .hint("to send it all the same: --raw-cmdlet before the cmdlet"))
}

/// Long options of exo-mi that collide with no parameter of any cmdlet; after the cmdlet they are a mistake.
const OPTIONS: [&str; 28] = [
    "org",
    "client-id",
    "object-id",
    "resource-id",
    "identity-source",
    "environment",
    "connection-uri",
    "authority-host",
    "access-token-file",
    "app-id",
    "certificate-file",
    "certificate-password-file",
    "ca-file",
    "verify-org",
    "timeout",
    "max-retries",
    "emulate",
    "out",
    "width",
    "ascii",
    "raw-cmdlet",
    "yes",
    "page-size",
    "log-format",
    "error-format",
    "color",
    "quiet",
    "verbose",
];

/// A value as it stands on the command line.
enum Given<'w> {
    Text(&'w str),
    /// After `:=`.
    Json(&'w str),
}

impl Given<'_> {
    fn value(self) -> Result<Value, Failure> {
        match self {
            Self::Text(word) => Ok(text(word)),
            Self::Json(json) => serde_json::from_str(json)
                .map_err(|error| Failure::usage(format!("`{json}` is no JSON")).caused_by(&error)),
        }
    }
}

/// The parameter that a word names, and the value attached to it: `-Name`, `--name`, `-Name:value`, `--name=value`,
/// `-Name:='json'`. A dash before a digit begins a negative number.
fn name_of(word: &str) -> Option<(&str, Option<Given<'_>>)> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = name.find([':', '=']).unwrap_or(name.len());
    let attached = name.get(end..).filter(|rest| !rest.is_empty());
    let value = attached.map(|rest| match rest.strip_prefix(":=") {
        Some(json) => Given::Json(json),
        None => Given::Text(&rest[1..]),
    });
    Some((&name[..end], value))
}

/// A value by its look: PowerShell's three constants, a whole number, or text.
fn text(word: &str) -> Value {
    match word.to_ascii_lowercase().as_str() {
        "$true" => Value::Bool(true),
        "$false" => Value::Bool(false),
        "$null" => Value::Null,
        _ => match word.parse::<i64>() {
            Ok(number) if number.to_string() == word => Value::Number(Number::from(number)),
            _ => Value::String(word.to_owned()),
        },
    }
}

/// `result-size` as PowerShell spells it, `ResultSize`. The service does not mind the case.
fn pascal(name: &str) -> String {
    name.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn parameters(line: &str) -> Value {
        let read = Words::parse(&words(line)).expect(line).expect("a cmdlet");
        Value::Object(read.parameters)
    }

    fn resolve(line: &str, yes: bool) -> Result<CmdletInput, Failure> {
        let read = Words::parse(&words(line))?.expect("a cmdlet");
        read.resolve(false, yes).map(|resolved| resolved.call.input)
    }

    #[test]
    fn every_spelling_of_a_parameter_is_read() {
        for (line, expected) in [
            ("get-mailbox", json!({})),
            ("get-mailbox meg", json!({"Identity": "meg"})),
            ("get-mailbox -Identity meg", json!({"Identity": "meg"})),
            ("get-mailbox -Identity:meg", json!({"Identity": "meg"})),
            ("get-mailbox --identity meg", json!({"Identity": "meg"})),
            ("get-mailbox --identity=a:b=c", json!({"Identity": "a:b=c"})),
            ("get-mailbox --result-size 5", json!({"ResultSize": 5})),
            (
                "get-mailbox -ResultSize unlimited -Archive",
                json!({"ResultSize": "unlimited", "Archive": true}),
            ),
            ("get-mailbox -Archive:$false -SortBy $null", json!({"Archive": false, "SortBy": null})),
            ("get-x -Offset -5 -Code 007", json!({"Offset": -5, "Code": "007"})),
            ("set-x -Tags:=[\"a\",1]", json!({"Tags": ["a", 1]})),
            ("get-mailbox --organization contoso", json!({"Organization": "contoso"})),
        ] {
            assert_eq!(parameters(line), expected, "{line}");
        }
    }

    #[test]
    fn mistakes_among_the_words_are_usage_errors_and_nothing_is_sent() {
        for line in [
            "get-mailbox a b",
            "get-mailbox -Identity a -identity b",
            "get-mailbox -Identity=",
            "get-mailbox -Identity $null",
            "get-mailbox --org contoso",
            "get-mailbox --timeout 5s",
            "get-mailbox -o nonsense",
            "get-mailbox -o",
            "get-mailbox -ResultSize 0",
            "get-mailbox -X:={",
            "get-accepted-domian",
            "Get-EXOMailbox",
            "Connect-ExchangeOnline",
            "Get-Mailbox|Format-Table",
            "remove-mailbox meg",
            "remove-mailbox meg -WhatIf",
            "set-mailbox meg -Confirm",
        ] {
            let failure = resolve(line, false).expect_err(line);
            assert_eq!(failure.exit, Exit::Usage, "{line}");
        }
    }

    #[test]
    fn a_confirmed_write_says_so_to_the_service() {
        assert_eq!(resolve("remove-mailbox meg", true).expect("a call").parameters["Confirm"], json!(false));
        assert_eq!(
            resolve("remove-mailbox meg -Confirm:$false", false).expect("a call").parameters["Confirm"],
            json!(false)
        );
        assert!(!resolve("get-mailbox meg", true).expect("a call").parameters.contains_key("Confirm"));
    }

    #[test]
    fn names_are_spelled_as_the_service_spells_them() {
        for (name, expected) in [
            ("get-accepted-domain", "Get-AcceptedDomain"),
            ("GET-CASMAILBOX", "Get-CASMailbox"),
            ("get-zzz-yyy", "Get-ZzzYyy"),
        ] {
            assert_eq!(resolve(name, false).expect(name).cmdlet_name, expected);
        }
    }
}
