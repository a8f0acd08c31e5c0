//! Where-Object, Select-Object and Sort-Object.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use super::property::{Property, fields};
use super::{Arguments, Each, Spec, Takes, parameter, with_aliases};
use crate::language::Compare;
use crate::script::convert;
use crate::script::error::{Flow, Raised, Stop, raise};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::member;
use crate::script::object::Object;
use crate::script::pattern::Wildcard;
use crate::script::value::Value;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Where-Object",
        aliases: &["where", "?"],
        parameters: &[
            with_aliases("FilterScript", &["Property"], Takes::Place(0)),
            parameter("Value", Takes::Place(1)),
            parameter("InputObject", Takes::Input),
            parameter("EQ", Takes::Switch),
            parameter("NE", Takes::Switch),
            parameter("GT", Takes::Switch),
            parameter("GE", Takes::Switch),
            parameter("LT", Takes::Switch),
            parameter("LE", Takes::Switch),
            parameter("Like", Takes::Switch),
            parameter("NotLike", Takes::Switch),
            parameter("Match", Takes::Switch),
            parameter("NotMatch", Takes::Switch),
            parameter("Contains", Takes::Switch),
            parameter("NotContains", Takes::Switch),
            parameter("In", Takes::Switch),
            parameter("NotIn", Takes::Switch),
            parameter("CEQ", Takes::Switch),
            parameter("CNE", Takes::Switch),
            parameter("CLike", Takes::Switch),
            parameter("CMatch", Takes::Switch),
            parameter("Not", Takes::Switch),
        ],
        make: wherever,
    },
    Spec {
        name: "Select-Object",
        aliases: &["select"],
        parameters: &[
            parameter("Property", Takes::Place(0)),
            parameter("ExcludeProperty", Takes::Value),
            parameter("ExpandProperty", Takes::Value),
            parameter("First", Takes::Value),
            parameter("Last", Takes::Value),
            parameter("Skip", Takes::Value),
            parameter("SkipLast", Takes::Value),
            parameter("Index", Takes::Value),
            parameter("Unique", Takes::Switch),
            parameter("InputObject", Takes::Input),
        ],
        make: |_, arguments| Select::stage(arguments),
    },
    super::sort::SORT,
];

fn wherever(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    if let Some(block) = arguments.block("FilterScript") {
        return Each::stage(move |run, item, out| {
            if run.with_item(&block, &item)?.is_true() { out.push(run, item) } else { Ok(()) }
        });
    }
    let property = arguments.needed("FilterScript")?;
    let asked: Vec<(Compare, bool)> =
        WHERE.iter().filter(|name| arguments.is_on(name)).filter_map(|name| Compare::named(name)).collect();
    let wanted = arguments.value("Value");
    let not = arguments.is_on("Not");
    let (how, case) = match asked.as_slice() {
        [] => {
            return Each::stage(move |run, item, out| {
                if member::property(&item, &property).is_true() == not { Ok(()) } else { out.push(run, item) }
            });
        }
        [only] => *only,
        _ => return raise("AmbiguousParameterSet", "Where-Object takes one comparison."),
    };
    Each::stage(move |run, item, out| {
        let own = member::property(&item, &property);
        let fits = crate::script::evaluate::compared(run, how, case, &own, &wanted)?;
        if fits.is_true() { out.push(run, item) } else { Ok(()) }
    })
}

/// The comparisons of Where-Object's second form.
const WHERE: [&str; 18] = [
    "EQ",
    "NE",
    "GT",
    "GE",
    "LT",
    "LE",
    "Like",
    "NotLike",
    "Match",
    "NotMatch",
    "Contains",
    "NotContains",
    "In",
    "NotIn",
    "CEQ",
    "CNE",
    "CLike",
    "CMatch",
];

/// Select-Object.
struct Select {
    properties: Vec<Property>,
    excluded: Vec<Wildcard>,
    expanded: Option<String>,
    first: Option<usize>,
    last: Option<usize>,
    skip: usize,
    skip_last: usize,
    indices: Option<Vec<usize>>,
    unique: Option<HashSet<String>>,
    place: super::Place,
    /// How many values came.
    seen: usize,
    /// How many were put out by number.
    taken: usize,
    /// The last values, as long as more may follow.
    tail: VecDeque<Value>,
}

impl Select {
    fn stage(arguments: &Arguments) -> Flow<Box<dyn Stage>> {
        let mut properties = Property::read_all(&arguments.list("Property"))?;
        let excluded = convert::texts(&arguments.value("ExcludeProperty"));
        let excluded: Vec<Wildcard> = excluded.iter().map(|glob| Wildcard::new(glob, false)).collect();
        if properties.is_empty() && !excluded.is_empty() {
            properties = Property::read_all(&["*".into()])?;
        }
        let indices = arguments
            .list("Index")
            .iter()
            .map(|index| convert::needed_count(index, "Index"))
            .collect::<Flow<Vec<_>>>()?;
        Ok(Box::new(Self {
            properties,
            excluded,
            expanded: arguments.text("ExpandProperty"),
            first: arguments.count("First")?,
            last: arguments.count("Last")?,
            skip: arguments.count("Skip")?.unwrap_or(0),
            skip_last: arguments.count("SkipLast")?.unwrap_or(0),
            indices: arguments.is_given("Index").then_some(indices),
            unique: arguments.is_on("Unique").then(HashSet::new),
            place: arguments.place,
            seen: 0,
            taken: 0,
            tail: VecDeque::new(),
        }))
    }

    fn put(&mut self, run: &mut Run<'_>, item: &Value, out: &mut dyn Output) -> Flow<()> {
        let chosen = self.chosen(run, item)?;
        if let Some(name) = self.expanded.clone() {
            return self.expand(run, item, &chosen, &name, out);
        }
        if self.is_new(&chosen) { out.push(run, chosen) } else { Ok(()) }
    }

    /// Whether it differs from everything before, where that matters.
    fn is_new(&mut self, value: &Value) -> bool {
        let Some(seen) = &mut self.unique else { return true };
        let fields = fields(value);
        let key = if fields.is_empty() || matches!(value, Value::Text(_)) {
            convert::text(value)
        } else {
            let pair = |(name, value): &(Rc<str>, Value)| format!("{name}={}", convert::text(value));
            fields.iter().map(pair).collect::<Vec<_>>().join("\n")
        };
        seen.insert(key)
    }

    fn chosen(&self, run: &mut Run<'_>, item: &Value) -> Flow<Value> {
        if self.properties.is_empty() {
            return Ok(item.clone());
        }
        let mut chosen: Vec<(Rc<str>, Value)> = Vec::new();
        for property in &self.properties {
            for (name, value) in property.values(run, item)? {
                let is_there = chosen.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
                let is_excluded = self.excluded.iter().any(|glob| glob.fits(&name));
                if !is_there && !is_excluded {
                    chosen.push((name, value));
                }
            }
        }
        Ok(Value::object(Object::custom(chosen)))
    }

    fn expand(
        &mut self,
        run: &mut Run<'_>,
        item: &Value,
        chosen: &Value,
        name: &str,
        out: &mut dyn Output,
    ) -> Flow<()> {
        let Some(value) = member::own_property(item, name) else {
            let message = format!("Property \"{name}\" cannot be found.");
            return run.fail(Raised::new(
                "ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand",
                message,
            ));
        };
        for value in value.enumerated() {
            if let (Value::Object(object), Value::Object(chosen), false) =
                (&value, chosen, self.properties.is_empty())
            {
                for (name, value) in chosen.fields() {
                    object.put(&name, value);
                }
            }
            if self.is_new(&value) {
                out.push(run, value)?;
            }
        }
        Ok(())
    }
}

impl Stage for Select {
    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        let number = self.seen;
        self.seen += 1;
        if let Some(indices) = &self.indices {
            return if indices.contains(&number) { self.put(run, &item, out) } else { Ok(()) };
        }
        if self.last.is_some() || self.skip_last > 0 {
            self.tail.push_back(item);
            if let Some(last) = self.last {
                if self.tail.len() > last.saturating_add(self.skip) {
                    let early = self.tail.pop_front();
                    // What is too early for the last may still be one of the first.
                    if let Some(early) = early.filter(|_| self.first.is_some_and(|first| self.taken < first))
                    {
                        self.taken += 1;
                        return self.put(run, &early, out);
                    }
                }
                return Ok(());
            }
            return if self.tail.len() > self.skip_last {
                self.tail.pop_front().map_or(Ok(()), |item| self.put(run, &item, out))
            } else {
                Ok(())
            };
        }
        if number < self.skip {
            return Ok(());
        }
        let Some(first) = self.first else { return self.put(run, &item, out) };
        if self.taken < first {
            self.taken += 1;
            self.put(run, &item, out)?;
        }
        if self.taken >= first {
            return Err(Stop::Enough { pipeline: self.place.pipeline, stage: self.place.stage });
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let Some(last) = self.last else { return Ok(()) };
        let mut tail = std::mem::take(&mut self.tail);
        tail.truncate(tail.len().saturating_sub(self.skip));
        let from = tail.len().saturating_sub(last);
        tail.into_iter().skip(from).try_for_each(|item| self.put(run, &item, out))
    }
}
