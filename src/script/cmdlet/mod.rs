//! The cmdlets that are carried out here: what belongs to PowerShell itself, and to the connection. One table names them
//! with their parameters; the checker, the binding of arguments and the manual go by it.

// Stages are made by functions of one signature, of which some cannot fail.
#![allow(clippy::unnecessary_wraps)]

mod arguments;
mod compare_objects;
mod connection;
mod content;
mod csv;
mod dates;
mod each;
mod formatting;
mod group;
mod html;
mod json;
mod measure;
mod members;
mod paths;
mod property;
mod say;
mod select;
mod sort;
mod variables;

use super::error::{Flow, Stop};
use super::evaluate::{Output, Run, Stage};
use super::names::{self, Found, Misnamed};
use super::room;
use super::value::Value;
use crate::language::Span;

pub(crate) use arguments::Arguments;
pub(crate) use content::to_file;
pub(crate) use formatting::own_view;

/// A cmdlet.
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) parameters: &'static [Parameter],
    /// Makes the stage of a pipeline from what it was given.
    pub(crate) make: fn(&mut Run<'_>, &Arguments) -> Flow<Box<dyn Stage>>,
}

/// A parameter of a cmdlet.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) takes: Takes,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it is there or not.
    Switch,
    /// A value.
    Value,
    /// A value, which may also stand without the name, at this place.
    Place(u8),
    /// All values that stand without a name from this place on.
    Rest(u8),
    /// A value in the place of those of the pipeline: one, whatever it is.
    Input,
    /// A value that changes nothing here.
    Ignored,
    /// Nothing, and it changes nothing here.
    IgnoredSwitch,
}

impl Takes {
    pub(crate) fn is_switch(self) -> bool {
        matches!(self, Self::Switch | Self::IgnoredSwitch)
    }
}

const fn parameter(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, aliases: &[], takes }
}

const fn with_aliases(name: &'static str, aliases: &'static [&'static str], takes: Takes) -> Parameter {
    Parameter { name, aliases, takes }
}

/// What every cmdlet takes besides.
pub(crate) const COMMON: &[Parameter] = &[
    with_aliases("ErrorAction", &["ea"], Takes::Value),
    with_aliases("ErrorVariable", &["ev"], Takes::Value),
    with_aliases("WarningAction", &["wa"], Takes::Value),
    with_aliases("WarningVariable", &["wv"], Takes::Value),
    with_aliases("Verbose", &["vb"], Takes::Switch),
    with_aliases("Debug", &["db"], Takes::IgnoredSwitch),
    with_aliases("InformationAction", &["infa"], Takes::Ignored),
    with_aliases("ProgressAction", &["proga"], Takes::Ignored),
];

/// The families, in the order of the manual.
pub(crate) const FAMILIES: [(&str, &[Spec]); 8] = [
    ("Connection", connection::SPECS),
    ("Choosing and ordering", select::SPECS),
    ("Looking at each", each::SPECS),
    ("Counting and comparing", group::SPECS),
    ("Showing", formatting::SPECS),
    ("Files and forms", content::SPECS),
    ("Saying", say::SPECS),
    ("Everything else", members::SPECS),
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Spec> {
    FAMILIES.iter().flat_map(|(_, specs)| specs.iter())
}

/// The cmdlet of this name or alias.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    let name = name.rsplit_once('\\').map_or(name, |(_, name)| name);
    all().find(|spec| {
        spec.name.eq_ignore_ascii_case(name)
            || spec.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

impl Spec {
    /// The parameter that a name means.
    pub(crate) fn named(&self, written: &str) -> Result<&'static Parameter, Misnamed> {
        match names::parameter(written, self.parameters, COMMON)? {
            Found::Own(known) | Found::Common(known) => Ok(known),
        }
    }
}

/// What a command was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// By name; a switch has no value.
    pub(crate) named: Vec<(String, Option<Value>)>,
    pub(crate) positional: Vec<Value>,
}

/// Where a command stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) pipeline: usize,
    pub(crate) stage: usize,
    pub(crate) span: Span,
    /// Whether nothing is piped into it.
    pub(crate) alone: bool,
}

/// The stage of a cmdlet.
pub(crate) fn stage(
    run: &mut Run<'_>,
    spec: &'static Spec,
    given: Given,
    place: Place,
) -> Flow<Box<dyn Stage>> {
    let arguments = Arguments::bind(run, spec, given, place)?;
    let (common, input) = (arguments.common.clone(), arguments.input(spec)?);
    let made = (spec.make)(run, &arguments)?;
    Ok(Box::new(Commanded { inner: made, common, span: place.span, name: spec.name, input }))
}

/// A cmdlet with what every cmdlet takes.
pub(crate) struct Commanded {
    pub(crate) inner: Box<dyn Stage>,
    pub(crate) common: super::evaluate::Common,
    pub(crate) span: Span,
    pub(crate) name: &'static str,
    /// What was given by name in the place of what comes down the pipeline.
    pub(crate) input: Option<Value>,
}

impl Commanded {
    fn within(
        &mut self,
        run: &mut Run<'_>,
        act: impl FnOnce(&mut dyn Stage, &mut Run<'_>) -> Flow<()>,
    ) -> Flow<()> {
        let common = std::mem::replace(&mut run.common, self.common.clone());
        let done = act(self.inner.as_mut(), run);
        run.common = common;
        done.map_err(|mut stop| {
            if let Stop::Error(raised) = &mut stop
                && raised.activity.is_empty()
            {
                self.name.clone_into(&mut raised.activity);
            }
            stop.at(self.span)
        })
    }
}

impl Stage for Commanded {
    fn begin(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.within(run, |inner, run| inner.begin(run, out))
    }

    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        self.within(run, |inner, run| inner.item(run, item, out))
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        match self.input.take() {
            Some(input) => self.item(run, input, out),
            None => self.within(run, |inner, run| inner.alone(run, out)),
        }
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.within(run, |inner, run| inner.end(run, out))
    }
}

/// A cmdlet that puts out what it makes of its arguments alone.
pub(crate) struct Source<F>(pub(crate) Option<F>);

impl<F: FnOnce(&mut Run<'_>, &mut dyn Output) -> Flow<()>> Source<F> {
    pub(crate) fn stage(make: F) -> Flow<Box<dyn Stage>>
    where
        F: 'static,
    {
        Ok(Box::new(Self(Some(make))))
    }
}

impl<F: FnOnce(&mut Run<'_>, &mut dyn Output) -> Flow<()>> Stage for Source<F> {
    fn item(&mut self, _: &mut Run<'_>, _: Value, _: &mut dyn Output) -> Flow<()> {
        Ok(())
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        self.0.take().map_or(Ok(()), |make| make(run, out))
    }
}

/// A cmdlet that needs all values before it puts anything out.
pub(crate) struct Gather<F> {
    items: Vec<Value>,
    make: Option<F>,
}

impl<F: FnOnce(&mut Run<'_>, Vec<Value>, &mut dyn Output) -> Flow<()> + 'static> Gather<F> {
    pub(crate) fn stage(first: Vec<Value>, make: F) -> Flow<Box<dyn Stage>> {
        Ok(Box::new(Self { items: first, make: Some(make) }))
    }
}

impl<F: FnOnce(&mut Run<'_>, Vec<Value>, &mut dyn Output) -> Flow<()>> Stage for Gather<F> {
    fn item(&mut self, _: &mut Run<'_>, item: Value, _: &mut dyn Output) -> Flow<()> {
        self.items.push(item);
        room::for_items(self.items.len())
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let items = std::mem::take(&mut self.items);
        self.make.take().map_or(Ok(()), |make| make(run, items, out))
    }
}

/// A cmdlet that does something with each value.
pub(crate) struct Each<F>(pub(crate) F);

impl<F: FnMut(&mut Run<'_>, Value, &mut dyn Output) -> Flow<()> + 'static> Each<F> {
    pub(crate) fn stage(act: F) -> Flow<Box<dyn Stage>> {
        Ok(Box::new(Self(act)))
    }
}

impl<F: FnMut(&mut Run<'_>, Value, &mut dyn Output) -> Flow<()>> Stage for Each<F> {
    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        (self.0)(run, item, out)
    }
}
