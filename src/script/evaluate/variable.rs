//! Reading and setting variables, the automatic ones among them.

use std::rc::Rc;

use super::{Run, Scope};
use crate::language::Name;
use crate::script::casts::Type;
use crate::script::error::{Flow, raise};
use crate::script::table::Table;
use crate::script::value::Value;

impl Run<'_> {
    pub(crate) fn variable(&mut self, name: &Name) -> Value {
        let lower = name.name.to_lowercase();
        match name.scope.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("env") => return self.host.variable(&name.name).map_or(Value::Null, Value::from),
            Some("script" | "global") => return self.global.find(&lower).unwrap_or_default(),
            _ => {}
        }
        match lower.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "?" => Value::Bool(self.succeeded),
            "error" => Value::List(self.errors.clone()),
            "psitem" => self.scope.find("_").unwrap_or_default(),
            _ => self.scope.find(&lower).unwrap_or_else(|| automatic(&lower)),
        }
    }

    pub(crate) fn set_variable(&mut self, name: &Name, value: Value) -> Flow<()> {
        let lower = name.name.to_lowercase();
        let scope = self.scope_of(name);
        if matches!(lower.as_str(), "true" | "false" | "null" | "?" | "error" | "psitem") {
            if lower == "null" {
                return Ok(());
            }
            return raise(
                "VariableNotWritable",
                format!("Cannot overwrite variable {} because it is read-only or constant.", name.name),
            );
        }
        let value = match scope.type_of(&lower) {
            Some(of) => of.cast_named(value)?,
            None => value,
        };
        scope.set(&lower, value);
        Ok(())
    }

    /// Where a variable is set.
    pub(super) fn scope_of(&self, name: &Name) -> Rc<Scope> {
        match name.scope.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("script" | "global") => self.global.clone(),
            _ => self.scope.clone(),
        }
    }

    /// Sets a variable that keeps its type from now on.
    pub(crate) fn declare(&mut self, name: &Name, of: &'static Type, value: Value) -> Flow<()> {
        let value = of.cast_named(value)?;
        self.scope_of(name).declare(&name.name.to_lowercase(), of, value);
        Ok(())
    }
}

/// Variables that PowerShell sets before a script begins.
fn automatic(name: &str) -> Value {
    match name {
        "erroractionpreference" | "warningpreference" | "progresspreference" => "Continue".into(),
        "verbosepreference" | "debugpreference" | "informationpreference" => "SilentlyContinue".into(),
        "confirmpreference" => "High".into(),
        "whatifpreference" => Value::Bool(false),
        "formatenumerationlimit" => Value::Int(4),
        "lastexitcode" => Value::Int(0),
        "pid" => Value::Int(i32::try_from(std::process::id()).unwrap_or(0)),
        "psedition" => "Core".into(),
        "iswindows" => Value::Bool(cfg!(windows)),
        "islinux" => Value::Bool(cfg!(target_os = "linux")),
        "ismacos" => Value::Bool(cfg!(target_os = "macos")),
        "psversiontable" => {
            let version =
                table_of([("Major", Value::Int(7)), ("Minor", Value::Int(4)), ("Patch", Value::Int(0))]);
            table_of([("PSVersion", version), ("PSEdition", "Core".into())])
        }
        _ => Value::Null,
    }
}

/// A hashtable of these entries.
fn table_of<'n>(fields: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    Value::Table(Rc::new(Table::of(fields.into_iter().map(|(name, value)| (Value::text(name), value)))))
}
