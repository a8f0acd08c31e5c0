//! The tables of the manual, made of those that the checker uses, so that neither can say more than the other.

use std::fmt::Write as _;

use super::casts::{Of, TYPES};
use super::check;
use super::cmdlet::{self, Parameter, Takes};
use super::member::{METHODS, STATICS};
use crate::language;

/// The part of `docs/runbook.md` that is made of tables.
pub fn manual() -> String {
    let mut text = String::new();
    cmdlets(&mut text);
    text.push_str("\n### Operators\n\n");
    let operators: Vec<String> = language::words().iter().map(|word| format!("`{word}`")).collect();
    paragraph(&operators.join(", "), &mut text);
    types(&mut text);
    methods(&mut text);
    text.push_str("\n### Attributes of parameters\n\n");
    let attributes: Vec<String> = check::ATTRIBUTES.iter().map(|name| format!("`{name}`")).collect();
    paragraph(&attributes.join(", "), &mut text);
    text
}

fn cmdlets(text: &mut String) {
    for (family, specs) in cmdlet::FAMILIES {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n### {family}\n\n| cmdlet | aliases | parameters | taken, and changes nothing |\n|---|---|---|---|\n"
        );
        for spec in specs {
            let named = |wanted: fn(Takes) -> bool| {
                let names = spec.parameters.iter().filter(|known| wanted(known.takes)).map(shown);
                names.collect::<Vec<_>>().join(" ")
            };
            let ignored = |takes| matches!(takes, Takes::Ignored | Takes::IgnoredSwitch);
            let aliases: Vec<String> = spec.aliases.iter().map(|alias| format!("`{alias}`")).collect();
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} |",
                spec.name,
                aliases.join(" "),
                named(|takes| !matches!(takes, Takes::Ignored | Takes::IgnoredSwitch)),
                named(ignored)
            );
        }
    }
    text.push_str("\nEvery cmdlet, those of the service too, takes besides: ");
    let common: Vec<String> = cmdlet::COMMON.iter().map(shown).collect();
    text.push_str(&common.join(" "));
    text.push_str(".\n");
}

fn shown(known: &Parameter) -> String {
    format!("`-{}`", known.name)
}

fn types(text: &mut String) {
    text.push_str("\n### Types\n\n| type | other names | members |\n|---|---|---|\n");
    for of in TYPES {
        let (first, others) = of.names.split_first().unwrap_or((&"", &[]));
        let others: Vec<String> = others.iter().map(|name| format!("`[{name}]`")).collect();
        let members = STATICS.iter().filter(|known| of.names.contains(&known.of));
        let members: Vec<String> = members.map(|known| format!("`{}`", known.name)).collect();
        let tool = if of.of == Of::Tool { " (members alone)" } else { "" };
        let _ = writeln!(text, "| `[{first}]`{tool} | {} | {} |", others.join(" "), members.join(" "));
    }
}

fn methods(text: &mut String) {
    text.push_str("\n### Methods\n\n| of | methods |\n|---|---|\n");
    for (of, methods) in METHODS {
        let names: Vec<String> = methods.iter().map(|method| format!("`{}`", method.name)).collect();
        let _ = writeln!(text, "| {of} | {} |", names.join(" "));
    }
    text.push_str("| script blocks | `Invoke` |\n");
}

/// A text in lines of the length that this project's documents have.
fn paragraph(words: &str, text: &mut String) {
    const LENGTH: usize = 110;
    let mut used = 0;
    for word in words.split(' ') {
        if used + word.len() + 1 > LENGTH {
            text.push('\n');
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += word.len();
    }
    text.push('\n');
}
