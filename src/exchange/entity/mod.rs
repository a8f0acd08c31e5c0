//! The cmdlets of the `Get-EXO` family. The module reads them by GET from addresses of their own, so that the service
//! knows no cmdlet of such a name. Addresses and options are those that the module's own client builds.

mod filter;
mod nested;
mod route;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub(super) use nested::Nested;
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::CmdletInput;

/// What is asked for, below the tenant's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entity {
    /// Segments that are encoded already.
    path: String,
    options: Vec<(&'static str, String)>,
    /// An identity that stands in a header, where the path only points to it.
    pub(super) identity: Option<String>,
    /// Where the rows are, if they are not the objects of the reply themselves.
    pub(super) nested: Option<Nested>,
}

/// Parameters from which no address can be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEntity {
    /// A parameter that the addresses have no place for.
    #[error("-{0} has no place in the address that this cmdlet reads")]
    Unknown(String),
    /// None of these was given.
    #[error("it needs {0}")]
    Missing(&'static str),
    /// A name of an object that names none.
    #[error("-{0} is empty, which would name every object, and nothing was sent")]
    Blank(&'static str),
    /// More than one name of the object.
    #[error(
        "the object is named more than once: one of -Identity, -ExternalDirectoryObjectId, -UserPrincipalName and -PrimarySmtpAddress"
    )]
    Several,
    /// A value of another kind than the parameter's.
    #[error("-{0} takes another kind of value")]
    Value(String),
    /// A filter that cannot be translated.
    #[error("the filter cannot be translated: {0}")]
    Filter(String),
}

impl Entity {
    /// The address of a cmdlet of this family; `None` for any other.
    pub(super) fn of(input: &CmdletInput) -> Result<Option<Self>, BadEntity> {
        let Some(build) = route::find(&input.cmdlet_name) else { return Ok(None) };
        let mut given = Given { left: input.parameters.clone() };
        let entity = build(&mut given)?;
        match given.left.keys().next() {
            Some(name) => Err(BadEntity::Unknown(name.clone())),
            None => Ok(Some(entity)),
        }
    }

    /// The whole address below this one, which ends in a slash.
    pub(super) fn url(&self, mut base: Url) -> Url {
        let path = format!("{}{}", base.path(), self.path);
        base.set_path(&path);
        // As the module writes them: a space as %20 and the dollar sign as it stands, which a form would change.
        let options = self.options.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let query = options.collect::<Vec<_>>().join("&");
        base.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        base
    }

    fn at(path: String) -> Self {
        Self { path, ..Self::default() }
    }

    fn option(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.options.push((name, value.into()));
        self
    }

    /// The option, where there is a value for it.
    fn maybe(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.option(name, value),
            None => self,
        }
    }

    /// The switch of the same name, where it is given.
    fn switch(self, name: &'static str, given: &mut Given) -> Result<Self, BadEntity> {
        Ok(if given.switch(name)? { self.option(name, "true") } else { self })
    }
}

/// Parameters, taken away one by one, so that one that nobody asks for is found.
struct Given {
    left: Map<String, Value>,
}

impl Given {
    fn take(&mut self, name: &str) -> Option<Value> {
        let known = self.left.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned()?;
        self.left.remove(&known).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, BadEntity> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(BadEntity::Value(name.to_owned())),
        }
    }

    /// Items with commas between them.
    fn list(&mut self, name: &str) -> Result<Option<String>, BadEntity> {
        let items = self.items(name)?;
        Ok(Some(items.join(",")).filter(|list| !list.is_empty()))
    }

    fn items(&mut self, name: &str) -> Result<Vec<String>, BadEntity> {
        let text = |item: Value| match item {
            Value::String(text) => Ok(text),
            _ => Err(BadEntity::Value(name.to_owned())),
        };
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.into_iter().map(text).collect(),
            Some(single) => Ok(vec![text(single)?]),
        }
    }

    fn switch(&mut self, name: &str) -> Result<bool, BadEntity> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(value),
            Some(_) => Err(BadEntity::Value(name.to_owned())),
        }
    }

    /// The object that is asked for, by one of the names that the module takes. A blank one would name every object.
    fn identity(&mut self) -> Result<Option<String>, BadEntity> {
        let mut identity = None;
        for name in ["Identity", "ExternalDirectoryObjectId", "UserPrincipalName", "PrimarySmtpAddress"] {
            if !self.left.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                continue;
            }
            let given = self.text(name)?.filter(|text| !text.trim().is_empty());
            let given = given.ok_or(BadEntity::Blank(name))?;
            if identity.replace(given).is_some() {
                return Err(BadEntity::Several);
            }
        }
        Ok(identity)
    }

    fn needed_identity(&mut self) -> Result<String, BadEntity> {
        self.identity()?
            .ok_or(BadEntity::Missing("-Identity, -UserPrincipalName, -PrimarySmtpAddress or another name"))
    }
}

/// `('…')` with an identity in base64, as the module writes keys; `isEncoded` stands beside.
fn key(identity: &str) -> String {
    format!("('{}')", escaped(&encoded(identity)))
}

fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

/// A text within an address, where only letters and digits mean nothing.
fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
