//! What every cmdlet takes: what is done about errors and warnings, and where they are kept.

use std::rc::Rc;

use super::Run;
use crate::script::convert;
use crate::script::value::{List, Value};

/// What was said of the cmdlet that runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Common {
    /// `-ErrorAction`.
    pub(crate) errors: Option<Action>,
    /// `-WarningAction`.
    pub(crate) warnings: Option<Action>,
    /// `-Verbose`.
    pub(crate) verbose: Option<bool>,
    /// The lists of `-ErrorVariable`: its own, and those of what has called it.
    error_lists: Vec<Rc<List>>,
    /// Those of `-WarningVariable`.
    warning_lists: Vec<Rc<List>>,
}

/// What is done about an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Continue,
    SilentlyContinue,
    Ignore,
    Stop,
}

impl Action {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "continue" | "inquire" | "2" => Some(Self::Continue),
            "silentlycontinue" | "0" => Some(Self::SilentlyContinue),
            "ignore" | "4" => Some(Self::Ignore),
            "stop" | "1" => Some(Self::Stop),
            _ => None,
        }
    }
}

impl Common {
    /// Where errors and warnings are kept, for what is called from here.
    pub(crate) fn lists(&self) -> Self {
        let (error_lists, warning_lists) = (self.error_lists.clone(), self.warning_lists.clone());
        Self { error_lists, warning_lists, ..Self::default() }
    }

    /// The same, and what is done about errors.
    pub(crate) fn inherited(&self) -> Self {
        Self { errors: self.errors, ..self.lists() }
    }

    /// Takes one of the parameters.
    pub(crate) fn set(&mut self, run: &Run<'_>, name: &str, value: &Value) {
        let text = convert::text(value);
        match name {
            "ErrorAction" => self.errors = Action::named(&text).or(self.errors),
            "WarningAction" => self.warnings = Action::named(&text),
            "Verbose" => self.verbose = Some(value.is_true()),
            "ErrorVariable" => self.error_lists.push(list(run, &text)),
            "WarningVariable" => self.warning_lists.push(list(run, &text)),
            _ => {}
        }
    }

    pub(super) fn keep_error(&self, record: &Value) {
        self.error_lists.iter().for_each(|list| list.items.borrow_mut().push(record.clone()));
    }

    pub(super) fn keep_warning(&self, text: &Value) {
        self.warning_lists.iter().for_each(|list| list.items.borrow_mut().push(text.clone()));
    }
}

/// The list in a variable: a new one, unless a plus before the name keeps what is there.
fn list(run: &Run<'_>, name: &str) -> Rc<List> {
    let bare = name.trim_start_matches('+').to_lowercase();
    let kept =
        if name.starts_with('+') { run.scope.find(&bare).unwrap_or_default().items() } else { Vec::new() };
    let list = Rc::new(List { items: kept.into(), grows: true, counts: true });
    run.scope.set(&bare, Value::List(list.clone()));
    list
}
