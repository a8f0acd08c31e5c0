//! Objects: properties in an order, whatever the case of their names.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::error::Raised;
use super::read;
use super::value::{Value, let_go};
use crate::value::Row;

type Fields = Vec<(Rc<str>, Value)>;

/// An object.
#[derive(Debug)]
pub(crate) struct Object {
    content: RefCell<Content>,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
enum Content {
    Fields(Fields),
    /// A row of the service, of which nothing was asked yet. Most rows of a large result are dropped by a filter that
    /// looks at one property.
    Json(Box<str>),
}

/// What an object is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// One that the script made.
    Custom,
    /// A row of this cmdlet.
    Row(&'static str),
    /// An error.
    Error(Box<Raised>),
    /// What an error is about.
    Exception(&'static str),
    /// What a formatting cmdlet has made of objects.
    Formatted(Rc<str>),
    /// Anything else, with the name of its type.
    Other(&'static str),
}

impl Kind {
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Custom | Self::Row(_) => "System.Management.Automation.PSCustomObject",
            Self::Error(_) => "System.Management.Automation.ErrorRecord",
            Self::Exception(name) | Self::Other(name) => name,
            Self::Formatted(_) => "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData",
        }
    }
}

impl Object {
    pub(crate) fn new(kind: Kind, fields: Fields) -> Self {
        Self { content: RefCell::new(Content::Fields(fields)), kind }
    }

    pub(crate) fn custom(fields: Fields) -> Self {
        Self::new(Kind::Custom, fields)
    }

    /// One with these properties.
    pub(crate) fn of<'n>(kind: Kind, fields: impl IntoIterator<Item = (&'n str, Value)>) -> Self {
        Self::new(kind, fields.into_iter().map(|(name, value)| (Rc::from(name), value)).collect())
    }

    /// A row of the service.
    pub(crate) fn row(cmdlet: &'static str, json: String) -> Self {
        Self { content: RefCell::new(Content::Json(json.into_boxed_str())), kind: Kind::Row(cmdlet) }
    }

    /// The text of a row as it was sent, where nothing has been changed in it.
    pub(crate) fn sent(&self) -> Option<String> {
        if let Content::Json(text) = &*self.content.borrow() { Some(text.to_string()) } else { None }
    }

    /// The names of the properties of a row, without decoding it, or of whatever else it is.
    pub(crate) fn known_names(&self) -> Vec<String> {
        if let Content::Json(text) = &*self.content.borrow() {
            return Row::Json(text).names();
        }
        self.names().iter().map(ToString::to_string).collect()
    }

    /// The value of a property; `None` where there is none of that name.
    pub(crate) fn find(&self, name: &str) -> Option<Value> {
        if let Content::Json(text) = &*self.content.borrow() {
            return Row::Json(text).each(|known, field| {
                let is_it = known.eq_ignore_ascii_case(name);
                if is_it { ControlFlow::Break(read::value(field.value())) } else { ControlFlow::Continue(()) }
            });
        }
        self.with(|fields| position(fields, name).map(|at| fields[at].1.clone()))
    }

    /// The values of the properties of these names. A row of which nothing was asked is gone through once and stays as it
    /// is, since what is decoded takes several times as much memory.
    pub(crate) fn under(&self, names: &[Rc<str>]) -> Vec<Option<Value>> {
        if let Content::Json(text) = &*self.content.borrow() {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            return Row::Json(text).project(&names).into_iter().map(|value| value.map(read::value)).collect();
        }
        self.with(|fields| under(fields, names).map(Option::<&Value>::cloned).collect())
    }

    /// Looks at all properties.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Fields) -> T) -> T {
        let mut content = self.content.borrow_mut();
        if let Content::Json(text) = &*content {
            let mut fields = Vec::new();
            Row::Json(text).each(|name, field| {
                fields.push((Rc::from(name), read::value(field.value())));
                ControlFlow::<()>::Continue(())
            });
            *content = Content::Fields(fields);
        }
        match &mut *content {
            Content::Fields(fields) => look(fields),
            // It was decoded above.
            Content::Json(_) => look(&mut Vec::new()),
        }
    }

    pub(crate) fn fields(&self) -> Fields {
        self.with(|fields| fields.clone())
    }

    pub(crate) fn names(&self) -> Vec<Rc<str>> {
        self.with(|fields| fields.iter().map(|(name, _)| name.clone()).collect())
    }

    /// Changes a property that is there. Says whether it was.
    pub(crate) fn change(&self, name: &str, value: Value) -> bool {
        self.with(|fields| match position(fields, name) {
            Some(at) => {
                fields[at].1 = value.settled();
                true
            }
            None => false,
        })
    }

    /// Changes a property, or adds it.
    pub(crate) fn put(&self, name: &str, value: Value) {
        if !self.change(name, value.clone()) {
            self.with(|fields| fields.push((Rc::from(name), value.settled())));
        }
    }
}

impl Object {
    /// Moves everything that lies in it. A row that nobody decoded has no values in it.
    pub(super) fn emptied(&mut self, to: &mut Vec<Value>) {
        if let Content::Fields(fields) = self.content.get_mut() {
            to.extend(fields.drain(..).map(|(_, value)| value));
        }
        if let Kind::Error(raised) = &mut self.kind {
            to.push(std::mem::take(&mut raised.target));
            to.extend(raised.record.take().map(Value::Object));
        }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        let holds = match self.content.get_mut() {
            Content::Fields(fields) => fields.iter().any(|(_, value)| value.holds()),
            Content::Json(_) => false,
        };
        if holds || matches!(self.kind, Kind::Error(_)) {
            let mut held = Vec::new();
            self.emptied(&mut held);
            let_go(held);
        }
    }
}

/// The values under these names, which most often stand in the order of the fields.
pub(crate) fn under<'f>(
    fields: &'f [(Rc<str>, Value)],
    names: &[Rc<str>],
) -> impl Iterator<Item = Option<&'f Value>> {
    let is = |name: &str, field: &(Rc<str>, Value)| field.0.eq_ignore_ascii_case(name);
    names.iter().enumerate().map(move |(at, name)| {
        let found = fields.get(at).filter(|field| is(name, field));
        found.or_else(|| fields.iter().find(|field| is(name, field))).map(|(_, value)| value)
    })
}

fn position(fields: &Fields, name: &str) -> Option<usize> {
    fields.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))
}
