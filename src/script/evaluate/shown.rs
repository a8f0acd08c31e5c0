//! Values that nobody takes, where they go to the host as objects and not as text.

use super::Run;
use crate::exit::Exit;
use crate::script::error::{Flow, Raised};
use crate::script::object::{Kind, Object};
use crate::script::read;
use crate::script::room;
use crate::script::value::Value;
use crate::value::{Field, Value as Wire};

/// How many objects are handed over at once.
const TOGETHER: usize = 1000;

/// The name under which a value stands that has no properties.
const VALUE: &str = "Value";

/// What becomes of values that nobody takes.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// Whether the host takes objects, and nothing is laid out here.
    pub(crate) as_objects: bool,
    waiting: Vec<String>,
    cmdlet: Option<&'static str>,
    /// The names of the properties of the first object.
    pub(crate) names: Vec<String>,
}

impl Shown {
    /// Keeps the names of the first object's properties, for whoever wants to name one of them next.
    pub(super) fn note(&mut self, value: &Value) {
        if self.names.is_empty() {
            self.names = names(value);
        }
    }
}

/// The names of the properties of an object, or of the first one of a list.
pub(crate) fn names(value: &Value) -> Vec<String> {
    names_at(value, room::LEVELS)
}

fn names_at(value: &Value, levels: usize) -> Vec<String> {
    match value {
        Value::Object(object) if !matches!(object.kind, Kind::Formatted(_)) => object.known_names(),
        Value::List(list) if levels > 0 => {
            let first = list.items.borrow().first().cloned().unwrap_or_default();
            names_at(&first, levels - 1)
        }
        Value::Table(table) => {
            table.pairs().iter().map(|(key, _)| crate::script::convert::text(key)).collect()
        }
        _ => Vec::new(),
    }
}

impl Run<'_> {
    /// Gives a value to the host as an object.
    pub(super) fn hand_over(&mut self, value: &Value) -> Flow<()> {
        self.hand_over_at(value, room::LEVELS)
    }

    fn hand_over_at(&mut self, value: &Value, levels: usize) -> Flow<()> {
        match value {
            Value::Nothing | Value::Null => return Ok(()),
            Value::List(list) if levels > 0 => {
                let items = list.items.borrow().clone();
                return items.iter().try_for_each(|item| self.hand_over_at(item, levels - 1));
            }
            Value::Object(object) => {
                if let Kind::Formatted(_) = object.kind {
                    return Err(text_already().into());
                }
                if let (Kind::Row(cmdlet), true) = (&object.kind, self.shown.waiting.is_empty()) {
                    self.shown.cmdlet = Some(cmdlet);
                }
                self.shown.waiting.push(json(object));
            }
            other => {
                let wire = read::wire(other);
                let is_table = matches!(wire, Wire::Object(_));
                let whole = if is_table { wire } else { Wire::Object(vec![(VALUE.into(), wire)]) };
                self.shown.waiting.push(written(&whole));
            }
        }
        if self.shown.waiting.len() >= TOGETHER { self.hand_over_rest() } else { Ok(()) }
    }

    /// Gives to the host what is still here.
    pub(super) fn hand_over_rest(&mut self) -> Flow<()> {
        let waiting = std::mem::take(&mut self.shown.waiting);
        let cmdlet = self.shown.cmdlet.take();
        if waiting.is_empty() { Ok(()) } else { self.outside(|host| host.take(cmdlet, waiting)) }
    }
}

/// A row of the service as it came, so that its numbers and texts are those that were sent.
fn json(object: &Object) -> String {
    object.sent().unwrap_or_else(|| {
        let fields = object.fields();
        let fields = fields.iter().map(|(name, value)| (name.to_string().into(), read::wire(value)));
        written(&Wire::Object(fields.collect()))
    })
}

fn written(value: &Wire<'_>) -> String {
    let mut text = Vec::new();
    Field::Made(value).write_json(&mut text);
    String::from_utf8(text).unwrap_or_default()
}

fn text_already() -> Raised {
    let message = "a Format- cmdlet has made text of the objects, which has no other form; leave it out";
    Raised { exit: Exit::Usage, ends_script: true, ..Raised::new("FormattedAlready", message) }
}
