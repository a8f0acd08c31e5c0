//! Objects, and `.PSObject` of them.

use std::rc::Rc;

use super::Method;
use crate::script::convert;
use crate::script::error::raise;
use crate::script::object::{Kind, Object};
use crate::script::value::Value;

const PROPERTIES: &str = "System.Management.Automation.PSMemberInfoCollection";

/// What PowerShell adds to every object.
pub(super) fn property(object: &Rc<Object>, name: &str) -> Option<Value> {
    if name.eq_ignore_ascii_case("psobject") {
        let properties = Object::of(Kind::Other(PROPERTIES), [("of", Value::Object(object.clone()))]);
        let fields = [
            ("Properties", listed(object)),
            ("TypeNames", Value::list(vec![object.kind.type_name().into()])),
            ("all", Value::object(properties)),
        ];
        return Some(Value::object(Object::of(Kind::Other("System.Management.Automation.PSObject"), fields)));
    }
    None
}

/// Its properties as objects with a name and a value.
fn listed(object: &Object) -> Value {
    let one = |(name, value): (Rc<str>, Value)| {
        let of = value.type_name();
        let fields = [
            ("Name", Value::Text(name)),
            ("Value", value),
            ("MemberType", "NoteProperty".into()),
            ("TypeNameOfValue", of.into()),
        ];
        Value::object(Object::of(Kind::Other("System.Management.Automation.PSNoteProperty"), fields))
    };
    Value::list(object.fields().into_iter().map(one).collect())
}

pub(super) const METHODS: &[Method] = &[Method {
    name: "Copy",
    takes: (0, 0),
    call: |_, value, _| {
        let original = value
            .as_object()
            .and_then(|object| object.find("all"))
            .and_then(|all| all.as_object().and_then(|all| all.find("of")));
        match original.as_ref().and_then(Value::as_object) {
            Some(object) => Ok(Value::object(Object::custom(object.fields()))),
            None => raise("MethodNotFound", format!("{} has no method named 'Copy'.", convert::text(value))),
        }
    },
}];
