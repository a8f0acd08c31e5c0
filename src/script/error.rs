//! Errors of a script, and everything else that ends what is being done.

use std::rc::Rc;

use super::host::Fault;
use super::object::{Kind, Object};
use super::value::Value;
use crate::exit::Exit;
use crate::language::Span;

/// Why something did not come to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error, which may be caught.
    Error(Box<Raised>),
    /// `break`, and of which loop.
    Break(Option<String>),
    /// `continue`, and with which loop.
    Continue(Option<String>),
    /// `return`; what is returned has been put out before.
    Return,
    /// `exit`.
    Exit(i32),
    /// A stage of this pipeline wants no more of what comes before it.
    Enough { pipeline: usize, stage: usize },
    /// What no script can catch: the order to stop, the deadline, a reader that has gone.
    Abort(Fault),
}

/// What comes of doing something.
pub(crate) type Flow<T> = Result<T, Stop>;

/// An error as it was raised.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    pub(crate) message: String,
    /// The fully qualified id, such as `DivideByZero`.
    pub(crate) id: String,
    /// The type of its exception.
    pub(crate) exception: &'static str,
    /// What the script ends with if nobody catches it.
    pub(crate) exit: Exit,
    /// What was thrown or is concerned.
    pub(crate) target: Value,
    /// Where in the script.
    pub(crate) span: Option<Span>,
    /// The cmdlet that it came from.
    pub(crate) activity: String,
    /// The host's own account of it.
    pub(crate) account: Option<usize>,
    /// Whether the script ends with it, be it outside of any `try`. Others end their statement.
    pub(crate) ends_script: bool,
    /// The record that a script has seen, which stays the same when it is thrown again.
    pub(crate) record: Option<Rc<Object>>,
}

impl Raised {
    pub(crate) fn new(id: &str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            id: id.to_owned(),
            exception: "System.Management.Automation.RuntimeException",
            exit: Exit::Machine,
            target: Value::Null,
            span: None,
            activity: String::new(),
            account: None,
            ends_script: false,
            record: None,
        }
    }

    /// What a host reports, as the error of a cmdlet.
    pub(crate) fn of_fault(fault: Fault, activity: &str) -> Self {
        Self {
            exit: fault.exit,
            account: fault.account,
            activity: activity.to_owned(),
            exception: "System.Exception",
            ..Self::new(&format!("{},{activity}", fault.id), fault.message)
        }
    }

    /// Where it was raised, unless that is known already.
    #[must_use]
    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// The record that scripts see as `$_` in `catch`, and in `$Error`.
    pub(crate) fn record(&self, line: usize) -> Rc<Object> {
        if let Some(record) = &self.record {
            return record.clone();
        }
        let exception = Object::of(
            Kind::Exception(self.exception),
            [
                ("Message", Value::text(&self.message)),
                ("InnerException", Value::Null),
                ("StackTrace", Value::Null),
                ("HResult", Value::Int(-2_146_233_087)),
            ],
        );
        let category = Object::of(
            Kind::Other("System.Management.Automation.ErrorCategoryInfo"),
            [
                ("Category", "NotSpecified".into()),
                ("Activity", Value::text(&self.activity)),
                ("Reason", Value::text(self.exception.rsplit('.').next().unwrap_or_default())),
                ("TargetName", Value::text(super::convert::text(&self.target))),
                ("TargetType", "".into()),
            ],
        );
        let invocation = Object::of(
            Kind::Other("System.Management.Automation.InvocationInfo"),
            [("ScriptLineNumber", Value::count(line)), ("MyCommand", Value::text(&self.activity))],
        );
        Rc::new(Object::of(
            Kind::Error(Box::new(self.clone())),
            [
                ("Exception", Value::object(exception)),
                ("TargetObject", self.target.clone()),
                ("CategoryInfo", Value::object(category)),
                ("FullyQualifiedErrorId", Value::text(&self.id)),
                ("ErrorDetails", Value::Null),
                ("InvocationInfo", Value::object(invocation)),
                ("ScriptStackTrace", Value::text(format!("line {line}"))),
            ],
        ))
    }
}

impl Stop {
    /// An error with where it was raised, unless that is known already.
    #[must_use]
    pub(crate) fn at(mut self, span: Span) -> Self {
        if let Self::Error(raised) = &mut self {
            raised.span.get_or_insert(span);
        }
        self
    }
}

impl From<Raised> for Stop {
    fn from(raised: Raised) -> Self {
        Self::Error(Box::new(raised))
    }
}

/// An error of the running script.
pub(crate) fn raise<T>(id: &str, message: impl Into<String>) -> Flow<T> {
    Err(Raised::new(id, message).into())
}
