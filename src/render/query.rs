//! JMESPath over a whole result, without a change to what merely passes through.
//!
//! The crate keeps numbers as `u64`, `i64` or `f64` and sorts the properties of objects. What it selects it hands on by
//! reference, though, so the nodes of the result are recognised by their address, and shown as they were sent: every
//! digit of a number, and the order of an object. Only what an expression computes is the crate's own.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use jmespath::ast::Ast;
use jmespath::{Context, DEFAULT_RUNTIME, ErrorReason, JmespathError, Rcvar, Runtime, Variable, interpret};
use serde_json::Number;

use crate::value::{Row, Value};

/// An expression, read and checked.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    ast: Ast,
    /// The names of the objects that the expression makes, in the order in which they were written.
    orders: Vec<Vec<String>>,
}

/// Longer than any expression that a person writes. The reader calls itself for every bracket.
const LONGEST: usize = 4096;
const DEEPEST: usize = 100;

impl Query {
    /// Reads an expression, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let opening = text.chars().filter(|letter| matches!(letter, '(' | '[' | '{' | '!' | '&')).count();
        if text.len() > LONGEST || opening > DEEPEST {
            return Err(format!("it is longer than {LONGEST} bytes, or opens more than {DEEPEST} brackets"));
        }
        let ast = jmespath::parse(text).map_err(|error| said(&error))?;
        let mut query = Self { text: text.to_owned(), ast, orders: Vec::new() };
        query.orders = look(&query.ast, runtime())?;
        Ok(query)
    }
}

fn runtime() -> &'static Runtime {
    &DEFAULT_RUNTIME
}

/// The error on one line, without the picture of the expression.
fn said(error: &JmespathError) -> String {
    let reason = match &error.reason {
        ErrorReason::Parse(reason) => reason.clone(),
        ErrorReason::Runtime(reason) => reason.to_string(),
    };
    format!("{reason} (column {})", error.column + 1)
}

/// Looks through the whole expression: for functions that do not exist, which the crate reports only when it calls them,
/// and for the objects that it makes.
fn look(ast: &Ast, runtime: &Runtime) -> Result<Vec<Vec<String>>, String> {
    let mut orders = Vec::new();
    let mut left = vec![ast];
    while let Some(node) = left.pop() {
        match node {
            Ast::Function { name, args, .. } => {
                if runtime.get_function(name).is_none() {
                    return Err(format!("there is no function `{name}`"));
                }
                left.extend(args);
            }
            Ast::MultiHash { elements, .. } => {
                orders.push(elements.iter().map(|pair| pair.key.clone()).collect());
                left.extend(elements.iter().map(|pair| &pair.value));
            }
            Ast::MultiList { elements, .. } => left.extend(elements),
            Ast::Comparison { lhs, rhs, .. }
            | Ast::Projection { lhs, rhs, .. }
            | Ast::And { lhs, rhs, .. }
            | Ast::Or { lhs, rhs, .. }
            | Ast::Subexpr { lhs, rhs, .. } => left.extend([&**lhs, &**rhs]),
            Ast::Condition { predicate, then, .. } => left.extend([&**predicate, &**then]),
            Ast::Expref { ast: node, .. }
            | Ast::Flatten { node, .. }
            | Ast::Not { node, .. }
            | Ast::ObjectValues { node, .. } => left.push(node),
            Ast::Identity { .. }
            | Ast::Field { .. }
            | Ast::Index { .. }
            | Ast::Literal { .. }
            | Ast::Slice { .. } => {}
        }
    }
    Ok(orders)
}

/// What a node was when it was sent.
enum Sent {
    Names(Rc<[String]>),
    Digits(String),
}

/// All rows of a result, for an expression that is evaluated over them at the end.
pub(super) struct Gathered {
    query: Query,
    rows: Vec<Rcvar>,
    sent: HashMap<*const Variable, Sent>,
    /// The names of the last object: most rows have the same.
    last: Rc<[String]>,
}

/// What an expression yields.
pub(super) struct Answer {
    pub(super) value: Value<'static>,
    /// Whether it is an object or objects as the service sent them, for which the view of the cmdlet is made.
    pub(super) is_of_rows: bool,
}

impl Gathered {
    pub(super) fn new(query: Query) -> Self {
        Self { query, rows: Vec::new(), sent: HashMap::new(), last: Rc::from([]) }
    }

    pub(super) fn take(&mut self, rows: &[Row<'_>]) {
        for row in rows {
            let mut fields = Vec::new();
            row.each(|name, field| {
                fields.push((name.to_owned().into(), field.value().into_owned()));
                std::ops::ControlFlow::<()>::Continue(())
            });
            let row = self.node(Value::Object(fields));
            self.rows.push(row);
        }
    }

    fn node(&mut self, value: Value<'_>) -> Rcvar {
        let (variable, sent) = match value {
            Value::Null => (Variable::Null, None),
            Value::Bool(value) => (Variable::Bool(value), None),
            Value::Text(text) => (Variable::String(text.into_owned()), None),
            Value::List(items) => {
                (Variable::Array(items.into_iter().map(|item| self.node(item)).collect()), None)
            }
            Value::Number(text) => match serde_json::from_str::<Number>(&text) {
                Ok(number) if !number.is_f64() && number.to_string() == text => {
                    (Variable::Number(number), None)
                }
                Ok(number) => (Variable::Number(number), Some(Sent::Digits(text.into_owned()))),
                // No number of this machine is so large. It passes through, and compares as a text.
                Err(_) => {
                    (Variable::String(text.clone().into_owned()), Some(Sent::Digits(text.into_owned())))
                }
            },
            Value::Object(fields) => {
                if !self.last.iter().map(String::as_str).eq(fields.iter().map(|(name, _)| name.as_ref())) {
                    self.last = fields.iter().map(|(name, _)| name.clone().into_owned()).collect();
                }
                let names = Rc::clone(&self.last);
                let object: BTreeMap<String, Rcvar> =
                    fields.into_iter().map(|(name, value)| (name.into_owned(), self.node(value))).collect();
                (Variable::Object(object), Some(Sent::Names(names)))
            }
        };
        let node = Rcvar::new(variable);
        if let Some(sent) = sent {
            self.sent.insert(Rcvar::as_ptr(&node), sent);
        }
        node
    }

    /// Evaluates the expression; what is wrong with it for these rows is the error.
    pub(super) fn evaluate(mut self) -> Result<Answer, String> {
        // The rows stay alive until the answer is made: an address must mean one node alone.
        let all = Rcvar::new(Variable::Array(std::mem::take(&mut self.rows)));
        let mut context = Context::new(&self.query.text, runtime());
        let result = interpret(&all, &self.query.ast, &mut context).map_err(|error| said(&error))?;
        let was_row = |item: &Rcvar| matches!(self.sent.get(&Rcvar::as_ptr(item)), Some(Sent::Names(_)));
        let is_of_rows = match result.as_array() {
            Some(items) => !items.is_empty() && items.iter().all(was_row),
            None => was_row(&result),
        };
        Ok(Answer { value: self.value(&result), is_of_rows })
    }

    fn value(&self, node: &Rcvar) -> Value<'static> {
        let sent = self.sent.get(&Rcvar::as_ptr(node));
        match (&**node, sent) {
            (_, Some(Sent::Digits(text))) => Value::Number(text.clone().into()),
            (Variable::Object(object), Some(Sent::Names(names))) => self.object(object, names),
            (Variable::Object(object), _) => match self.order_of(object) {
                Some(names) => self.object(object, names),
                None => self.object(object, &object.keys().cloned().collect::<Vec<_>>()),
            },
            (Variable::Array(items), _) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            (Variable::String(text), _) => Value::Text(text.clone().into()),
            (Variable::Bool(value), _) => Value::Bool(*value),
            (Variable::Number(number), _) => Value::Number(computed(number).into()),
            (Variable::Null | Variable::Expref(_), _) => Value::Null,
        }
    }

    fn object(&self, object: &BTreeMap<String, Rcvar>, names: &[String]) -> Value<'static> {
        let field = |name: &String| Some((name.clone().into(), self.value(object.get(name)?)));
        Value::Object(names.iter().filter_map(field).collect())
    }

    /// The order in which an object with these names was written in the expression.
    fn order_of(&self, object: &BTreeMap<String, Rcvar>) -> Option<&[String]> {
        let fits = |names: &&Vec<String>| {
            names.len() == object.len() && names.iter().all(|name| object.contains_key(name))
        };
        self.query.orders.iter().find(fits).map(Vec::as_slice)
    }
}

/// Functions compute with fractions; a whole result is shown as a whole number.
fn computed(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
