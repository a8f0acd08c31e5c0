//! `exo-mi cmdlets`: what the catalogue knows without asking anybody, and what the service lets the identity run.

use std::io::{self, Write};

use clap::Args;

use super::console::line;
use super::plan::PlanOptions;
use super::{Diagnostics, output};
use crate::catalog::{self, Align, Class, Cmdlet, Parameter, Required, Shape, View};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::{self, Code};
use crate::render::{self, Format, Style, glob};
use crate::session::{Plan, Session};
use crate::token::UnverifiedClaims;
use crate::value::{Row, Value};
use crate::world::World;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  exo-mi cmdlets\n  exo-mi cmdlets '*-transport-rule'\n  \
                        exo-mi cmdlets get-mailbox\n  exo-mi cmdlets set-mailbox -o json")]
pub(super) struct Arguments {
    /// A name or a part of one, * and ? stand for anything; a whole name shows what that cmdlet takes
    #[arg(value_name = "PATTERN")]
    pattern: Option<String>,
    /// How the result is written [env: EXO_MI_OUTPUT] [default: table]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// Ask the service which of them the identity may run; the options of connect say where and as whom
    #[arg(long)]
    pub(super) available: bool,
    #[command(flatten)]
    plan: PlanOptions,
}

/// What is known of one thing, by name.
pub(super) type Fields = Vec<(&'static str, Value<'static>)>;

/// Lists the cmdlets that match, or describes the one that was named.
pub(super) fn run(
    arguments: &Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    let found = matching(pattern);
    let [first, ..] = found.as_slice() else { return Err(nothing(pattern)) };
    let format = format(arguments.output, world)?;
    let style = Style { width: world.stdout.columns, ..Style::default() };
    let mut out = io::BufWriter::new(world.stdout.clone());
    let written = match (found.len(), format) {
        (1, Format::Table) => describe(first, style, &mut out),
        (1, format) => show(format, None, std::slice::from_ref(&whole(first)), style, &mut out),
        (_, format) => list(format, &found.iter().map(listed).collect::<Vec<_>>(), style, &mut out),
    };
    let exit = ended(written, &mut out)?;
    if found.len() > 1 && arguments.pattern.is_some() && !diagnostics.quiet && world.stderr.columns.is_some()
    {
        line(&mut world.stderr, "note", "a whole name shows what the cmdlet takes");
    }
    Ok(exit)
}

/// The same for the shell, as text.
pub(super) fn explain(pattern: &str, columns: Option<usize>, out: &mut dyn Write) -> Result<(), Failure> {
    let found = matching(pattern);
    let style = Style { width: columns, ..Style::default() };
    let written = match found.as_slice() {
        [] => return Err(nothing(pattern)),
        [only] => describe(only, style, out),
        several => list(Format::Table, &several.iter().map(listed).collect::<Vec<_>>(), style, out),
    };
    ended(written, out).map(drop)
}

/// Lists those that the service lets the identity run.
pub(super) async fn available(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let format = format(arguments.output, world)?;
    let pattern = arguments.pattern.unwrap_or_default();
    let planned = arguments.plan.plan(world)?;
    if let Some(note) = planned.note.as_ref().filter(|_| !diagnostics.quiet) {
        line(&mut world.stderr, "warning", note);
    }
    planned.begin().await?;
    let plan = Plan { reads_first: true, ..planned.plan };
    let session = Session::connect(plan).await?;
    let mut names = session.available(&asked_for(&pattern)).await?;
    names.retain(|name| fits(&pattern, name));
    if names.is_empty() {
        return Err(none_available(&pattern, session.token().claims()));
    }
    let rows: Vec<Fields> = names.into_iter().map(runnable).collect();
    let style = Style { width: world.stdout.columns, ..Style::default() };
    let mut out = io::BufWriter::new(world.stdout.clone());
    let written = list(format, &rows, style, &mut out);
    ended(written, &mut out)
}

/// The format of what the program makes itself.
pub(super) fn format(option: Option<Format>, world: &World) -> Result<Format, Failure> {
    match output::format(option, &world.env)? {
        Format::Raw => Err(Failure::usage("-o raw is what a server sent, and this is made here")),
        format => Ok(format),
    }
}

/// How the command ends, by what became of its output.
pub(super) fn ended(written: Result<(), render::Error>, out: &mut dyn Write) -> Result<Exit, Failure> {
    match written.and_then(|()| out.flush().map_err(render::Error::from)) {
        Ok(()) => Ok(Exit::Done),
        Err(error) => output::unwritten(error).map_or(Ok(Exit::Done), Err),
    }
}

/// The names that the service is asked about. The module that it makes for all of them is large, and that for a few is
/// small; the catalogue lags behind it, so that a name is asked for as it is too.
fn asked_for(pattern: &str) -> String {
    const MOST: usize = 50;
    let mut names: Vec<String> = matching(pattern).iter().map(|cmdlet| cmdlet.name.to_owned()).collect();
    let is_name = pattern.contains('-') && pattern.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    if is_name && names.len() != 1 {
        names.push(catalog::spell(pattern));
    }
    if names.is_empty() || names.len() > MOST { "*".to_owned() } else { names.join(",") }
}

fn runnable(name: String) -> Fields {
    if let Some(known) = catalog::find(&name) {
        return listed(&known);
    }
    let class = class(catalog::verb_class(&name));
    vec![("Name", name.into()), ("Class", class.into()), ("Asks", Value::Null)]
}

fn none_available(pattern: &str, claims: Option<UnverifiedClaims>) -> Failure {
    let message = match pattern {
        "" => "the identity may run no cmdlet".to_owned(),
        pattern => format!("the identity may run no cmdlet that is like `{pattern}`"),
    };
    let roles = claims.map(|claims| knowledge::directory_roles(&claims.wids).join(", ")).unwrap_or_default();
    let failure = Failure::new(Exit::Machine, Code::CmdletUnknown, message);
    let failure = match roles.as_str() {
        "" => failure,
        roles => failure.because(format!("its directory roles are {roles}")),
    };
    failure.hint("the ones that it may run are listed by --available without a pattern")
}

/// Those with the name, else those whose name fits the pattern or holds the text.
fn matching(pattern: &str) -> Vec<Cmdlet> {
    if let Some(named) = catalog::find(pattern) {
        return vec![named];
    }
    catalog::all().filter(|cmdlet| fits(pattern, cmdlet.name)).collect()
}

/// Whether a name fits the pattern or holds the text; hyphens and case do not matter.
fn fits(pattern: &str, name: &str) -> bool {
    let (wanted, name) = (catalog::key_text(pattern), catalog::key_text(name));
    if glob::is_glob(&wanted) { glob::matches(&wanted, &name) } else { name.contains(&wanted) }
}

fn nothing(pattern: &str) -> Failure {
    let failure =
        Failure::new(Exit::Machine, Code::CmdletUnknown, format!("no known cmdlet is like `{pattern}`"));
    let near = catalog::suggest(pattern);
    let failure =
        if near.is_empty() { failure } else { failure.hint(format!("did you mean {}?", near.join(", "))) };
    failure.hint(
        "the service has cmdlets that the catalogue lacks: exo-mi connect sends unknown ones as they are",
    )
}

fn list(format: Format, rows: &[Fields], style: Style, out: &mut dyn Write) -> Result<(), render::Error> {
    show(format, Some(columns(&["Name", "Class", "Asks"])), rows, style, out)
}

/// A table of these columns.
pub(super) fn columns(names: &[&'static str]) -> View {
    View::of(Shape::Table, names.iter().copied(), Align::Left)
}

/// Writes what the program itself knows, in the format that was asked for.
pub(super) fn show(
    format: Format,
    view: Option<View>,
    rows: &[Fields],
    style: Style,
    out: &mut dyn Write,
) -> Result<(), render::Error> {
    let mut renderer = render::renderer(format, view, style);
    renderer.page(rows.iter().map(|fields| Row::Fields(fields)), out)?;
    renderer.finish(out).map(drop)
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Read => "read",
        Class::Mutate => "write",
        Class::Session => "session",
    }
}

fn listed(cmdlet: &Cmdlet) -> Fields {
    vec![("Name", cmdlet.name.into()), ("Class", class(cmdlet.class).into()), ("Asks", cmdlet.asks.into())]
}

/// One cmdlet, without its parameters.
fn summary(cmdlet: &Cmdlet) -> Fields {
    let positional = cmdlet.parameters().positional().map_or("", |known| known.name);
    let columns = cmdlet.view().map(|view| view.columns).unwrap_or_default();
    let columns = columns.into_iter().map(|column| column.property.into_owned().into()).collect();
    let mut fields = listed(cmdlet);
    fields.push(("Positional", positional.into()));
    fields.push(("DefaultColumns", Value::List(columns)));
    fields
}

/// One cmdlet with everything that is known of it, for programs.
fn whole(cmdlet: &Cmdlet) -> Fields {
    let object = |known| {
        let fields = parameter(&known).into_iter();
        Value::Object(fields.map(|(name, value)| (name.into(), value)).collect())
    };
    let mut fields = summary(cmdlet);
    fields.push(("Parameters", Value::List(cmdlet.parameters().iter().map(object).collect())));
    fields
}

fn parameter(known: &Parameter) -> Fields {
    let required = match known.required {
        Required::Always => "yes",
        Required::InSomeSets => "in some sets",
        Required::No => "no",
    };
    vec![
        ("Name", known.name.into()),
        ("Kind", known.kind.name().into()),
        ("Required", required.into()),
        ("Aliases", Value::List(known.aliases().map(Value::from).collect())),
        ("Accepted", Value::List(known.accepted().map(Value::from).collect())),
    ]
}

/// Lists as text: a table would cut them after the fourth item.
fn on_one_line(fields: Fields) -> Fields {
    let text = |value| match value {
        Value::List(items) => {
            let texts = items
                .into_iter()
                .filter_map(|item| if let Value::Text(text) = item { Some(text) } else { None });
            texts.collect::<Vec<_>>().join(", ").into()
        }
        other => other,
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}

/// The same for people: a list of what it is, and a table of what it takes.
fn describe(cmdlet: &Cmdlet, style: Style, out: &mut dyn Write) -> Result<(), render::Error> {
    show(Format::List, None, &[summary(cmdlet)], style, out)?;
    let rows: Vec<Fields> = cmdlet.parameters().iter().map(|known| on_one_line(parameter(&known))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let view = columns(&["Name", "Kind", "Required", "Aliases", "Accepted"]);
    show(Format::Table, Some(view), &rows, style, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &str) -> Vec<&'static str> {
        matching(pattern).iter().map(|cmdlet| cmdlet.name).collect()
    }

    #[test]
    fn a_whole_name_finds_one_and_a_part_finds_all_that_hold_it() {
        assert_eq!(names("get-mailbox"), ["Get-Mailbox"]);
        assert_eq!(names("et-accepted-domain"), ["Get-AcceptedDomain", "Set-AcceptedDomain"]);
        assert_eq!(names("GET-*domain").first(), Some(&"Get-AcceptedDomain"));
        assert_eq!(names("").len(), 730);
        assert!(names("nonsense").is_empty());
    }
}
