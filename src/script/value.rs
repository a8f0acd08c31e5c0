//! Values of a script.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::casts::Type;
use super::date::{Date, Span};
use super::object::Object;
use super::table::Table;
use crate::language::Block;

/// A value. Copies of lists, tables and objects are the same thing, as in PowerShell.
#[derive(Clone, Debug, Default)]
pub(crate) enum Value {
    /// What a command yields that yields nothing: `$null`, of which not even one is sent down a pipeline.
    Nothing,
    /// `$null`.
    #[default]
    Null,
    Bool(bool),
    Int(i32),
    Long(i64),
    Double(f64),
    Char(char),
    Text(Rc<str>),
    Date(Date),
    Span(Span),
    List(Rc<List>),
    Table(Rc<Table>),
    Object(Rc<Object>),
    Block(Rc<Closure>),
    Type(&'static Type),
}

/// Several values.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) items: RefCell<Vec<Value>>,
    /// Whether it grows in place, as `ArrayList` and `List[object]` do.
    pub(crate) grows: bool,
    /// Whether `.Add` says where, as that of `ArrayList` does.
    pub(crate) counts: bool,
}

impl List {
    /// An empty one that grows in place.
    pub(crate) fn growing() -> Self {
        Self { items: RefCell::default(), grows: true, counts: false }
    }
}

/// A script block as a value.
#[derive(Debug)]
pub(crate) struct Closure {
    pub(crate) block: Arc<Block>,
    /// Its text, braces left out.
    pub(crate) text: Rc<str>,
}

impl Value {
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(List { items: RefCell::new(items), ..List::default() }))
    }

    pub(crate) fn object(object: Object) -> Self {
        Self::Object(Rc::new(object))
    }

    /// A count, which no machine makes larger than 64 bits.
    pub(crate) fn count(count: usize) -> Self {
        i32::try_from(count).map_or_else(|_| Self::Long(i64::try_from(count).unwrap_or(i64::MAX)), Self::Int)
    }

    /// What commands have yielded: nothing, the only value, or all of them.
    pub(crate) fn collected(mut items: Vec<Self>) -> Self {
        match items.len() {
            0 => Self::Nothing,
            1 => items.pop().unwrap_or_default(),
            _ => Self::list(items),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Nothing)
    }

    /// `$null` in the place of nothing, as in a property or between two commas.
    pub(crate) fn settled(self) -> Self {
        if matches!(self, Self::Nothing) { Self::Null } else { self }
    }

    /// What is sent down a pipeline for this value: the items of a list, nothing for nothing, and else the value.
    pub(crate) fn enumerated(self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            // What nobody else holds is not copied.
            Self::List(mut list) => match Rc::get_mut(&mut list) {
                Some(list) => std::mem::take(list.items.get_mut()),
                None => list.items.borrow().clone(),
            },
            other => vec![other],
        }
    }

    /// The same, and nothing for `$null`, as `foreach` and `-join` go through values.
    pub(crate) fn items(self) -> Vec<Self> {
        if self.is_null() { Vec::new() } else { self.enumerated() }
    }

    /// Whether it counts as true: no `$null`, no zero, no empty text, no empty list, and no list of one such thing.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Nothing | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(number) => *number != 0,
            Self::Long(number) => *number != 0,
            Self::Double(number) => *number != 0.0,
            Self::Char(letter) => *letter != '\0',
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => match list.items.borrow().as_slice() {
                [] => false,
                [Self::List(_)] => true,
                [only] => only.is_true(),
                _ => true,
            },
            Self::Date(_)
            | Self::Span(_)
            | Self::Table(_)
            | Self::Object(_)
            | Self::Block(_)
            | Self::Type(_) => true,
        }
    }

    /// The name of its type, as PowerShell says it in messages.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Nothing | Self::Null => "null",
            Self::Bool(_) => "System.Boolean",
            Self::Int(_) => "System.Int32",
            Self::Long(_) => "System.Int64",
            Self::Double(_) => "System.Double",
            Self::Char(_) => "System.Char",
            Self::Text(_) => "System.String",
            Self::Date(_) => "System.DateTime",
            Self::Span(_) => "System.TimeSpan",
            Self::List(list) if list.counts => "System.Collections.ArrayList",
            Self::List(list) if list.grows => "System.Collections.Generic.List`1[System.Object]",
            Self::List(_) => "System.Object[]",
            Self::Table(table) if table.ordered => "System.Collections.Specialized.OrderedDictionary",
            Self::Table(_) => "System.Collections.Hashtable",
            Self::Object(object) => object.kind.type_name(),
            Self::Block(_) => "System.Management.Automation.ScriptBlock",
            Self::Type(_) => "System.RuntimeType",
        }
    }

    /// Whether other values may lie in it. Most of what is let go holds texts and numbers alone.
    pub(super) fn holds(&self) -> bool {
        matches!(self, Self::List(_) | Self::Table(_) | Self::Object(_))
    }

    pub(crate) fn as_object(&self) -> Option<&Rc<Object>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let items = self.items.get_mut();
        if items.iter().any(Value::holds) {
            let_go(std::mem::take(items));
        }
    }
}

/// Lets values go one by one. A loop of `$a = ,$a` makes values that lie in each other a million times over, and were each
/// to let go what lies in it, that would need as much stack. A bound on how deep values may lie in each other was rejected:
/// what is put into a list by `.Add` may already have the list in it, and no value knows where it lies.
pub(super) fn let_go(mut waiting: Vec<Value>) {
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    waiting.append(list.items.get_mut());
                }
            }
            Value::Table(table) => {
                if let Some(mut table) = Rc::into_inner(table) {
                    table.emptied(&mut waiting);
                }
            }
            Value::Object(object) => {
                if let Some(mut object) = Rc::into_inner(object) {
                    object.emptied(&mut waiting);
                }
            }
            _ => {}
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// Numbers objects that have to be told apart.
#[derive(Debug, Default)]
pub(crate) struct Counter(Cell<usize>);

impl Counter {
    pub(crate) fn next(&self) -> usize {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::error::Raised;
    use crate::script::object::Kind;

    /// A million levels need more stack than a test has, unless they are let go one by one.
    #[test]
    fn values_that_lie_deep_in_each_other_are_let_go() {
        let wraps: [fn(Value) -> Value; 5] = [
            |inner| Value::list(vec![inner]),
            |inner| Value::Table(Rc::new(Table::of([("a".into(), inner)]))),
            |inner| Value::object(Object::of(Kind::Custom, [("a", inner)])),
            |inner| {
                let raised = Raised { target: inner, ..Raised::new("id", "message") };
                Value::object(Object::new(Kind::Error(Box::new(raised)), Vec::new()))
            },
            |inner| {
                let record = inner.as_object().cloned();
                let raised = Raised { record, ..Raised::new("id", "message") };
                Value::object(Object::new(Kind::Error(Box::new(raised)), Vec::new()))
            },
        ];
        for wrap in wraps {
            drop((0..1_000_000).fold(Value::Null, |inner, _| wrap(inner)));
        }
        let mixed = (0..1_000_000).fold(Value::Null, |inner, turn| wraps[turn % 4](inner));
        let held = Value::list(vec![mixed.clone()]);
        drop(mixed);
        drop(held);
    }
}
