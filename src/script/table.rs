//! Hashtables: names with values, whatever the case of the names, in the order in which they came.

use std::cell::RefCell;

use indexmap::IndexMap;

use super::convert;
use super::value::{Value, let_go};

/// A hashtable. PowerShell keeps the order of `[ordered]` ones alone and has no certain order for others; here all keep
/// it, which is one of the orders that PowerShell may have.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) entries: RefCell<IndexMap<Key, (Value, Value)>>,
    pub(crate) ordered: bool,
}

/// What a key is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Text(String),
    Number(i64),
}

impl Key {
    /// The number 1 and the text '1' are two keys.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Int(number) => Self::Number((*number).into()),
            Value::Long(number) => Self::Number(*number),
            other => Self::Text(convert::text(other).to_lowercase()),
        }
    }
}

impl Table {
    pub(crate) fn new(ordered: bool) -> Self {
        Self { entries: RefCell::default(), ordered }
    }

    pub(crate) fn find(&self, key: &Value) -> Option<Value> {
        self.entries.borrow().get(&Key::of(key)).map(|(_, value)| value.clone())
    }

    pub(crate) fn named(&self, name: &str) -> Option<Value> {
        self.entries.borrow().get(&Key::Text(name.to_lowercase())).map(|(_, value)| value.clone())
    }

    pub(crate) fn set(&self, key: Value, value: Value) {
        let found = Key::of(&key);
        let mut entries = self.entries.borrow_mut();
        match entries.get_mut(&found) {
            Some((_, old)) => *old = value.settled(),
            None => {
                entries.insert(found, (key, value.settled()));
            }
        }
    }

    pub(crate) fn remove(&self, key: &Value) {
        self.entries.borrow_mut().shift_remove(&Key::of(key));
    }

    pub(crate) fn has(&self, key: &Value) -> bool {
        self.entries.borrow().contains_key(&Key::of(key))
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    pub(crate) fn pairs(&self) -> Vec<(Value, Value)> {
        self.entries.borrow().values().cloned().collect()
    }

    pub(crate) fn keys(&self) -> Vec<Value> {
        self.pairs().into_iter().map(|(key, _)| key).collect()
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        self.pairs().into_iter().map(|(_, value)| value).collect()
    }

    /// The same content in a table of its own.
    pub(crate) fn copied(&self) -> Self {
        Self { entries: RefCell::new(self.entries.borrow().clone()), ordered: self.ordered }
    }

    /// Moves everything that lies in it.
    pub(super) fn emptied(&mut self, to: &mut Vec<Value>) {
        to.extend(self.entries.get_mut().drain(..).flat_map(|(_, (key, value))| [key, value]));
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if self.entries.get_mut().values().any(|(key, value)| key.holds() || value.holds()) {
            let mut held = Vec::new();
            self.emptied(&mut held);
            let_go(held);
        }
    }
}
