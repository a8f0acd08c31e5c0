//! `exo-mi man`: the manual, one page for the program and one for each command, made from what `--help` says.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::cmdlets::ended;
use super::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;
use crate::world::World;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  exo-mi man | man -l -\n  exo-mi man connect | man -l -\n  \
    exo-mi man --out-dir /usr/local/share/man/man1")]
pub(super) struct Arguments {
    /// The command whose page it is; without one, that of the program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write every page into this folder, as exo-mi.1 and exo-mi-COMMAND.1
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out_dir: Option<PathBuf>,
}

/// Prints a page, or writes all of them.
pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let mut root = super::Arguments::command();
    root.build();
    if let Some(folder) = &arguments.out_dir {
        return write_all(&root, folder).map(|()| Exit::Done);
    }
    let command = match arguments.command.as_deref() {
        None => &root,
        Some(name) => shown(&root).find(|command| command.get_name() == name).ok_or_else(|| {
            Failure::usage(format!("there is no command `{name}`"))
                .remedy("every command is listed by", "exo-mi --help")
        })?,
    };
    let written = world.stdout.write_all(&page(command, &root));
    ended(written.map_err(Into::into), &mut world.stdout)
}

fn write_all(root: &Command, folder: &Path) -> Result<(), Failure> {
    let unusable = |error: io::Error| {
        Failure::new(Exit::Machine, Code::FileUnusable, format!("{} cannot be written to", folder.display()))
            .caused_by(&error)
    };
    std::fs::create_dir_all(folder).map_err(unusable)?;
    for command in std::iter::once(root).chain(shown(root)) {
        let name = format!("{}.1", title(command));
        std::fs::write(folder.join(name), page(command, root)).map_err(unusable)?;
    }
    Ok(())
}

/// The name of a page, such as `exo-mi-connect`.
fn title(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// One page, as troff. What clap_mangen makes of the help is kept; what it does not know is added.
fn page(command: &Command, root: &Command) -> Vec<u8> {
    let man = Man::new(command.clone())
        .title(title(command).to_uppercase())
        .manual("")
        .source(concat!("exo-mi ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = write_page(&man, command, root, &mut text);
    text
}

fn write_page(man: &Man, command: &Command, root: &Command, out: &mut dyn Write) -> io::Result<()> {
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.has_subcommands() {
        commands(root).to_writer(out)?;
    }
    exit_status().to_writer(out)?;
    environment(command, root).to_writer(out)?;
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (notes, examples) = after.split_once("Examples:\n").unwrap_or((&after, ""));
    section("NOTES", notes).to_writer(out)?;
    section("EXAMPLES", examples).to_writer(out)?;
    see_also(command, root).to_writer(out)
}

fn commands(root: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for command in shown(root) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        item(&mut roff, &format!("{}(1)", title(command)), &about);
    }
    roff
}

fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        item(&mut roff, &exit.code().to_string(), exit.meaning());
    }
    item(&mut roff, "any other", Exit::Script(0).meaning());
    roff
}

/// The variables that stand for an option, and those that are read whatever the command.
fn environment(command: &Command, root: &Command) -> Roff {
    const OTHERS: [(&str, &str); 2] = [
        ("EXO_MI_LOG", "how much is said: off, error, warn, info, debug, trace"),
        ("NO_COLOR", "no colour where --color is auto"),
    ];
    let commands: Vec<&Command> =
        if command.has_subcommands() { shown(root).collect() } else { vec![command] };
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    for option in commands.iter().flat_map(|command| command.get_arguments()) {
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        let (Some(name), Some((_, rest))) = (option.get_long(), help.split_once("[env: ")) else { continue };
        for variable in rest.split_once(']').map_or(rest, |(inside, _)| inside).split(", ") {
            variables.insert(variable.to_owned(), format!("the same as --{name}"));
        }
    }
    variables.extend(OTHERS.map(|(name, about)| (name.to_owned(), about.to_owned())));
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    roff.text([roman(
        "An option wins over its variable. An empty variable counts as not set. The variables by which a \
        platform offers an identity are found by themselves.",
    )]);
    for (name, about) in &variables {
        item(&mut roff, name, about);
    }
    roff
}

fn item(roff: &mut Roff, name: &str, about: &str) {
    roff.control("TP", []);
    roff.text([bold(name)]);
    roff.text([roman(about)]);
}

/// A section of which the indented lines are kept as they are; nothing where there are no lines.
fn section(title: &str, text: &str) -> Roff {
    let mut roff = Roff::new();
    if text.trim().is_empty() {
        return roff;
    }
    roff.control("SH", [title]);
    for line in text.trim_matches('\n').lines() {
        match line.strip_prefix("  ") {
            Some(kept) => {
                roff.control("nf", []);
                roff.text([roman(kept)]);
                roff.control("fi", []);
            }
            None if line.is_empty() => drop(roff.control("PP", [])),
            None => drop(roff.text([roman(line)])),
        }
    }
    roff
}

fn see_also(command: &Command, root: &Command) -> Roff {
    let others = std::iter::once(root).chain(shown(root)).filter(|other| title(other) != title(command));
    let names: Vec<String> = others.map(|other| format!("{}(1)", title(other))).collect();
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman(names.join(", "))]);
    roff
}
