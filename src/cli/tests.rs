//! The help texts: what they say is as wide as a terminal, and their examples are commands.

use clap::{Command, CommandFactory, Parser};

use super::{Arguments, shown};

/// The program and its commands, those that are hidden left out.
fn commands() -> Vec<Command> {
    let mut root = Arguments::command();
    root.build();
    let own = shown(&root).cloned();
    own.chain([root.clone()]).collect()
}

fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (_, examples) = text.split_once("Examples:\n").unwrap_or_default();
    // A line that ends in a pipe goes on.
    examples.replace("|\n", "|").lines().map(|line| line.trim().to_owned()).collect()
}

/// The words of this program within a line of a shell.
fn words(line: &str) -> Vec<String> {
    let start = line.find("exo-mi ").unwrap_or_else(|| panic!("`{line}` does not run exo-mi"));
    let own = line[start..].split(['|', '>', '<', ')']).next().unwrap_or_default();
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in own.trim().chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().expect("there is one").push(letter),
        }
    }
    words
}

#[test]
fn every_help_text_fits_a_terminal_of_eighty_columns() {
    for mut command in commands() {
        for text in [command.render_help(), command.render_long_help()] {
            let text = text.to_string();
            let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{}: {wide:#?}", command.get_name());
        }
    }
}

#[test]
fn every_help_text_ends_with_examples_that_are_commands() {
    for mut command in commands() {
        let examples = examples(&command);
        let help = command.render_long_help().to_string();
        assert!(examples.len() >= 2, "{} has no examples", command.get_name());
        for example in &examples {
            let words = words(example);
            if let Err(error) = Arguments::try_parse_from(&words) {
                panic!("{}: `{example}`: {error}", command.get_name());
            }
            let own =
                command.get_name() == "exo-mi" || words.get(1).is_some_and(|word| word == command.get_name());
            assert!(own, "{}: `{example}` is of another command", command.get_name());
        }
        let last = examples.last().expect("there are some");
        assert!(help.trim_end().ends_with(last), "{}: something follows the examples", command.get_name());
    }
}
