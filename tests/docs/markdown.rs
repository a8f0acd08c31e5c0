//! Fenced examples of a document: commands of a shell, and what they print.

/// A command in a fenced `sh` block.
pub(crate) struct Example {
    /// The line it stands on.
    pub(crate) line: usize,
    /// The heading it stands under.
    pub(crate) section: String,
    /// Variables that are set in front of it.
    pub(crate) variables: Vec<(String, String)>,
    /// Its words, the program's name first.
    pub(crate) words: Vec<String>,
    /// What a comment `# exit 4` after it says.
    pub(crate) exit: Option<u8>,
    /// The lines of the block of output that follows, if one does.
    pub(crate) output: Option<Vec<String>>,
}

/// The commands of a document, in their order. A block of another language that follows a block of commands, with
/// nothing but prose in between, is the output of its last command.
pub(crate) fn examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut section = String::new();
    let mut awaits_output = false;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            section = title.replace('`', "");
            awaits_output = false;
        }
        let Some(language) = line.trim_start().strip_prefix("```") else { continue };
        let block: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim_start() != "```").collect();
        if language == "sh" {
            let commands = commands(&block);
            awaits_output = !commands.is_empty();
            examples.extend(commands.into_iter().map(|(offset, command)| {
                let (variables, words, exit) = split(&command);
                let (line, section) = (index + 2 + offset, section.clone());
                Example { line, section, variables, words, exit, output: None }
            }));
        } else if awaits_output {
            let last = examples.last_mut().expect("a command came before");
            last.output = Some(block.into_iter().map(str::to_owned).collect());
            awaits_output = false;
        }
    }
    examples
}

/// The commands of a block with the line each begins on; a line that ends in a backslash goes on in the next.
fn commands(block: &[&str]) -> Vec<(usize, String)> {
    let mut commands: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (offset, line) in block.iter().enumerate() {
        let piece = line.strip_suffix('\\').unwrap_or(line);
        match commands.last_mut() {
            Some((_, command)) if goes_on => command.push_str(piece),
            _ => commands.push((offset, piece.to_owned())),
        }
        goes_on = line.ends_with('\\');
    }
    commands.retain(|(_, command)| !command.trim().is_empty() && !command.trim_start().starts_with('#'));
    commands
}

/// Variables in front, words, and the exit code of the comment.
type Split = (Vec<(String, String)>, Vec<String>, Option<u8>);

fn split(command: &str) -> Split {
    let (command, comment) = command.split_once(" # ").unwrap_or((command, ""));
    let exit = comment.strip_prefix("exit ").and_then(|text| text.split(' ').next()?.parse().ok());
    let mut words = words(command);
    let is_assignment = |word: &String| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let count = words.iter().take_while(|word| is_assignment(word)).count();
    let variables = words
        .drain(..count)
        .filter_map(|word| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
    (variables.collect(), words, exit)
}

/// Words as a POSIX shell splits them, as far as examples need it: blanks, both quotes, and a backslash before a
/// character. Within double quotes nothing is expanded.
pub(crate) fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = command.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(characters.next()),
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether lines fit a pattern: `…` stands for any text within a line, and a line of it alone for any lines.
pub(crate) fn fits(pattern: &[String], lines: &[&str]) -> bool {
    match (pattern.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first.trim() == "…" => {
            (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => line_fits(first, line) && fits(rest, others),
        _ => false,
    }
}

fn line_fits(pattern: &str, line: &str) -> bool {
    let pieces: Vec<&str> = pattern.trim_end().split('…').collect();
    let [first, .., last] = pieces.as_slice() else { return pattern.trim_end() == line.trim_end() };
    let Some(mut rest) = line.trim_end().strip_prefix(first) else { return false };
    for piece in &pieces[1..pieces.len() - 1] {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn words_are_split_as_a_shell_splits_them() {
    let line = r#"exo-mi connect --org= -Name 'a b'"c d"  -X:='"12"' e\ f """#;
    assert_eq!(words(line), ["exo-mi", "connect", "--org=", "-Name", "a bc d", "-X:=\"12\"", "e f", ""]);
}

#[test]
fn commands_have_their_section_their_exit_code_and_their_output() {
    let text =
        "## `one`\n```sh\nA=1 x \\\n  y # exit 4\n```\nprints\n```text\nq\n```\n## two\n```sh\nz\n```\n";
    let [first, second] = examples(text).try_into().unwrap_or_else(|_| panic!("two examples"));
    assert_eq!((first.line, first.section.as_str(), first.exit), (3, "one", Some(4)));
    assert_eq!(first.variables, [("A".to_owned(), "1".to_owned())]);
    assert_eq!((first.words, first.output), (words("x y"), Some(vec!["q".to_owned()])));
    assert_eq!((second.section.as_str(), second.output), ("two", None));
}

#[test]
fn a_pattern_leaves_out_what_it_says() {
    let pattern = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(fits(&pattern("a…c…\n…\nlast"), &["abcd", "x", "y", "last"]));
    assert!(fits(&pattern("a…\n…\nlast"), &["a", "last"]));
    assert!(!fits(&pattern("a…c"), &["abcd"]));
    assert!(!fits(&pattern("a"), &["a", "b"]));
    assert!(!fits(&pattern("a\nb"), &["a"]));
}
