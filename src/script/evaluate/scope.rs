//! Variables and functions, by where they are seen from: what calls is seen by what is called.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Function;
use crate::script::arithmetic;
use crate::script::casts::Type;
use crate::script::error::Flow;
use crate::script::room;
use crate::script::value::Value;

/// The variables and functions of one call, and of what has called it. Names are in lower case.
#[derive(Default)]
pub(crate) struct Scope {
    variables: RefCell<HashMap<String, Slot>>,
    functions: RefCell<HashMap<String, Rc<Function>>>,
    parent: Option<Rc<Scope>>,
}

/// A variable. One that was declared with a type casts whatever it is given.
#[derive(Clone, Default)]
struct Slot {
    value: Value,
    of: Option<&'static Type>,
}

impl Scope {
    pub(crate) fn below(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { parent: Some(parent.clone()), ..Self::default() })
    }

    pub(crate) fn find(&self, name: &str) -> Option<Value> {
        if let Some(slot) = self.variables.borrow().get(name) {
            return Some(slot.value.clone());
        }
        let mut next = self.parent.as_ref();
        while let Some(scope) = next {
            if let Some(slot) = scope.variables.borrow().get(name) {
                return Some(slot.value.clone());
            }
            next = scope.parent.as_ref();
        }
        None
    }

    /// The type that a variable of this very scope was declared with.
    pub(crate) fn type_of(&self, name: &str) -> Option<&'static Type> {
        self.variables.borrow().get(name).and_then(|slot| slot.of)
    }

    pub(crate) fn set(&self, name: &str, value: Value) {
        let mut variables = self.variables.borrow_mut();
        match variables.get_mut(name) {
            Some(slot) => slot.value = value,
            None => {
                variables.insert(name.to_owned(), Slot { value, of: None });
            }
        }
    }

    /// `+=` on a list that nobody else holds: it grows where it is, and is not copied for each item. `None` where the
    /// variable of this very scope is no such list.
    pub(crate) fn grow(&self, name: &str, more: &Value) -> Flow<Option<Value>> {
        let variables = self.variables.borrow();
        let Some(Slot { value: value @ Value::List(list), of: None }) = variables.get(name) else {
            return Ok(None);
        };
        if list.grows || Rc::strong_count(list) > 1 {
            return Ok(None);
        }
        let more = arithmetic::added(more);
        let mut items = list.items.borrow_mut();
        room::for_items(items.len() + more.len())?;
        items.extend(more.into_iter().map(Value::settled));
        Ok(Some(value.clone()))
    }

    /// The names and values of this very scope.
    pub(crate) fn all(&self) -> Vec<(String, Value)> {
        let variables = self.variables.borrow();
        variables.iter().map(|(name, slot)| (name.clone(), slot.value.clone())).collect()
    }

    /// The names of the functions of this very scope.
    pub(crate) fn functions(&self) -> Vec<String> {
        self.functions.borrow().values().map(|function| function.name.clone()).collect()
    }

    pub(crate) fn declare(&self, name: &str, of: &'static Type, value: Value) {
        self.variables.borrow_mut().insert(name.to_owned(), Slot { value, of: Some(of) });
    }

    /// Takes a variable away, to put it back later.
    pub(crate) fn take(&self, name: &str) -> Option<Value> {
        self.variables.borrow_mut().remove(name).map(|slot| slot.value)
    }

    pub(crate) fn put_back(&self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.set(name, value),
            None => drop(self.take(name)),
        }
    }

    pub(crate) fn define(&self, name: &str, function: Rc<Function>) {
        self.functions.borrow_mut().insert(name.to_lowercase(), function);
    }

    pub(crate) fn function(&self, name: &str) -> Option<Rc<Function>> {
        let name = name.to_lowercase();
        if let Some(function) = self.functions.borrow().get(&name) {
            return Some(function.clone());
        }
        let mut next = self.parent.as_ref();
        while let Some(scope) = next {
            if let Some(function) = scope.functions.borrow().get(&name) {
                return Some(function.clone());
            }
            next = scope.parent.as_ref();
        }
        None
    }
}
