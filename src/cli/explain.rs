//! `exo-mi explain`: what a text means that a program or a service gave as an error, without asking anybody.

use std::ffi::OsString;
use std::io::{self, Read, Write};

use clap::Args;

use super::Diagnostics;
use super::cmdlets::{Fields, ended, format, show};
use super::console::line;
use crate::catalog::{self, Class};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::{Code, Explanation, explain};
use crate::render::{self, Format, Style};
use crate::value::Value;
use crate::world::World;

/// The most that is read of standard input: an error is a page and not a log of days.
const LONGEST: usize = 1 << 20;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  exo-mi explain UnAuthorized\n  exo-mi explain app-role-missing\n  \
                        exo-mi explain < job.log\n  exo-mi explain -o json 'Identity not found'")]
pub(super) struct Arguments {
    /// The text of an error; words are joined with blanks. Without it, or where it is -, standard input is read
    #[arg(value_name = "TEXT")]
    text: Vec<OsString>,
    /// How the result is written [env: EXO_MI_OUTPUT] [default: table]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
}

/// Says what is known of the text. Nothing of the text itself is printed, since it may hold a token.
pub(super) fn run(
    arguments: &Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let format = format(arguments.output, world)?;
    let text = text(arguments, diagnostics, world)?;
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(nothing_given("there is no text to explain"));
    }
    let known = explain(&text, &is_cmdlet);
    if known.is_empty() {
        return Err(unknown(&text));
    }
    let style = Style { width: world.stdout.columns, ..Style::default() };
    let mut out = io::BufWriter::new(world.stdout.clone());
    let written = match format {
        Format::Table => describe(&known, style.width, &mut out).map_err(render::Error::from),
        format => show(format, None, &known.iter().map(fields).collect::<Vec<_>>(), style, &mut out),
    };
    ended(written, &mut out)
}

/// Whether a word is a cmdlet that does something. Those about the session stand in messages of every kind.
fn is_cmdlet(word: &str) -> bool {
    catalog::find(word).is_some_and(|cmdlet| cmdlet.class != Class::Session)
}

/// The words, or what stands on standard input.
fn text(arguments: &Arguments, diagnostics: &Diagnostics, world: &mut World) -> Result<Vec<u8>, Failure> {
    let piped = arguments.text.is_empty();
    if !piped && arguments.text != ["-"] {
        let words: Vec<_> = arguments.text.iter().map(|word| word.to_string_lossy()).collect();
        return Ok(words.join(" ").into_bytes());
    }
    if piped && world.stdin_is_terminal {
        return Err(nothing_given("a text is missing"));
    }
    let mut text = Vec::new();
    world.stdin.by_ref().take(LONGEST as u64 + 1).read_to_end(&mut text).map_err(|error| {
        Failure::new(Exit::Machine, Code::FileUnusable, "standard input cannot be read").caused_by(&error)
    })?;
    if text.len() > LONGEST {
        text.truncate(LONGEST);
        if !diagnostics.quiet {
            line(&mut world.stderr, "note", "only the first 1 MiB was read");
        }
    }
    Ok(text)
}

fn nothing_given(message: &str) -> Failure {
    Failure::usage(message)
        .remedy("give it as an argument, or on standard input", "exo-mi explain 'TEXT OF THE ERROR'")
}

fn unknown(text: &[u8]) -> Failure {
    let failure = Failure::new(Exit::Machine, Code::TextUnknown, "nothing is known of this text")
        .hint("give the whole message, with the lines before and after it")
        .hint("what is known stands in docs/symptoms.md");
    if text.to_ascii_uppercase().windows(6).any(|letters| letters == b"AADSTS") {
        failure.hint("a number of Microsoft Entra is looked up at https://login.microsoftonline.com/error")
    } else {
        failure
    }
}

fn fields(known: &Explanation) -> Fields {
    let own = |text: &String| Value::from(text.clone());
    vec![
        ("id", own(&known.id)),
        ("title", own(&known.title)),
        ("cause", own(&known.cause)),
        ("remedy", own(&known.remedy)),
        ("commands", Value::List(known.commands.iter().map(own).collect())),
        ("caution", known.caution.as_ref().map_or(Value::Null, own)),
        ("docs", own(&known.docs)),
    ]
}

/// For people: each explanation a paragraph, its commands on lines of their own, to be taken with three clicks.
fn describe(known: &[Explanation], width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    for (at, known) in known.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}: {}", known.id, known.title)?;
        prose("  cause: ", &known.cause, width, out)?;
        for (at, line) in known.remedy.lines().enumerate() {
            prose(if at == 0 { "  remedy: " } else { "    " }, line, width, out)?;
        }
        // A section of the documentation has its commands within its sentences.
        for command in known.commands.iter().filter(|command| !known.remedy.contains(command.as_str())) {
            writeln!(out, "      {command}")?;
        }
        if let Some(caution) = &known.caution {
            prose("  caution: ", caution, width, out)?;
        }
        writeln!(out, "  {}", known.docs)?;
    }
    Ok(())
}

/// A paragraph, broken at blanks where a terminal would break it anywhere.
fn prose(label: &str, text: &str, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: &str = "    ";
    let mut line = label.to_owned();
    for word in text.split(' ') {
        let is_full = width.is_some_and(|width| line.chars().count() + word.chars().count() >= width);
        if is_full && line.trim() != label.trim() && !line.trim().is_empty() {
            writeln!(out, "{}", line.trim_end())?;
            INDENT.clone_into(&mut line);
        }
        line.push_str(word);
        line.push(' ');
    }
    writeln!(out, "{}", line.trim_end())
}
