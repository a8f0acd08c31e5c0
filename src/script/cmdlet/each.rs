//! ForEach-Object and Tee-Object.

use std::rc::Rc;

use super::{Arguments, Each, Spec, Takes, parameter, with_aliases};
use crate::script::convert;
use crate::script::error::{Flow, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::member;
use crate::script::value::{Closure, Value};

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "ForEach-Object",
        aliases: &["foreach", "%"],
        parameters: &[
            with_aliases("Process", &["MemberName"], Takes::Rest(0)),
            parameter("Begin", Takes::Value),
            parameter("End", Takes::Value),
            parameter("ArgumentList", Takes::Value),
            parameter("InputObject", Takes::Input),
        ],
        make: for_each,
    },
    Spec {
        name: "Tee-Object",
        aliases: &["tee"],
        parameters: &[
            with_aliases("FilePath", &["Path"], Takes::Place(0)),
            parameter("Variable", Takes::Value),
            parameter("Append", Takes::Switch),
            parameter("Encoding", Takes::Ignored),
        ],
        make: tee,
    },
];

fn for_each(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let mut blocks = arguments.blocks("Process");
    if blocks.is_empty() {
        let name = arguments.needed("Process")?;
        let given = arguments.list("ArgumentList");
        return Each::stage(move |run, item, out| {
            let value = match member::own_property(&item, &name) {
                Some(value) => value,
                None if member::is_method(&name) => member::call(run, &item, &name, &given)?,
                None => Value::Null,
            };
            value.enumerated().into_iter().try_for_each(|value| out.push(run, value))
        });
    }
    // Of three blocks without names the first comes before all values, and the last after them.
    let (mut begin, mut end) = (arguments.block("Begin"), arguments.block("End"));
    if begin.is_none() && blocks.len() > 1 {
        begin = Some(blocks.remove(0));
    }
    if end.is_none() && blocks.len() > 1 {
        end = blocks.pop();
    }
    Ok(Box::new(ForEach { begin, process: blocks, end }))
}

struct ForEach {
    begin: Option<Rc<Closure>>,
    process: Vec<Rc<Closure>>,
    end: Option<Rc<Closure>>,
}

impl Stage for ForEach {
    fn begin(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.begin.as_ref().map_or(Ok(()), |block| run.block(block, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        self.process.iter().try_for_each(|block| run.with_item_to(block, &item, out))
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.item(run, Value::Null, out)
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.end.as_ref().map_or(Ok(()), |block| run.block(block, out))
    }
}

/// Keeps what passes in a variable or a file.
struct Tee {
    variable: Option<String>,
    items: Vec<Value>,
    file: Option<Box<dyn Stage>>,
}

fn tee(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let file = arguments.text("FilePath").map(|path| super::to_file(path, arguments.is_on("Append")));
    let variable = arguments.find("Variable").map(convert::text);
    if file.is_none() == variable.is_none() {
        return raise("AmbiguousParameterSet", "Tee-Object takes either a file or a variable.");
    }
    Ok(Box::new(Tee { variable, items: Vec::new(), file }))
}

impl Stage for Tee {
    fn begin(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.begin(run, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        match &mut self.file {
            Some(file) => file.item(run, item.clone(), out)?,
            None => self.items.push(item.clone()),
        }
        out.push(run, item)
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        if let Some(name) = &self.variable {
            run.scope.set(&name.to_lowercase(), Value::collected(std::mem::take(&mut self.items)));
        }
        self.file.as_mut().map_or(Ok(()), |file| file.end(run, out))
    }
}
