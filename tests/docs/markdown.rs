//! Fenced examples of a document: commands of a shell, and what they print.

/// A command in a fenced `sh` block.
pub(crate) struct Example {
    /// The line it stands on.
    pub(crate) line: usize,
    /// The heading it stands under.
    pub(crate) section: String,
    /// As it stands there.
    pub(crate) text: String,
    /// Variables that are set in front of it.
    pub(crate) variables: Vec<(String, String)>,
    /// Its words, the program's name first.
    pub(crate) words: Vec<String>,
    /// What a comment `# exit 4` after it says.
    pub(crate) exit: Option<u8>,
    /// The lines of the block of output that follows, if one does.
    pub(crate) output: Option<Vec<String>>,
}

/// A fenced block.
pub(crate) struct Block<'t> {
    /// The line of its first line.
    pub(crate) line: usize,
    /// The heading it stands under.
    pub(crate) section: String,
    /// What stands behind the opening fence.
    pub(crate) language: &'t str,
    /// Its lines.
    pub(crate) lines: Vec<&'t str>,
}

/// Languages of blocks that are no output, but code of another kind.
const CODE: [&str; 8] = ["sh", "powershell", "ps1", "python", "http", "ini", "toml", "dockerfile"];

impl Block<'_> {
    /// The commands of a block for a shell.
    pub(crate) fn commands(&self) -> Vec<Example> {
        let commands = commands(&self.lines).into_iter().map(|(offset, command)| {
            let (variables, words, exit) = split(&command);
            let (line, section) = (self.line + offset, self.section.clone());
            Example { line, section, text: command, variables, words, exit, output: None }
        });
        commands.collect()
    }

    /// The name under which a document has its reader save the block: `# report.ps1` on its first line.
    pub(crate) fn name(&self) -> Option<&str> {
        let name = self.lines.first()?.strip_prefix("# ")?;
        let is_name = name.contains('.') && !name.contains(' ');
        is_name.then_some(name)
    }
}

/// The blocks of a document, in their order, each with the block of its output, if one follows with nothing but prose in
/// between.
pub(crate) fn blocks(text: &str) -> Vec<(Block<'_>, Option<Vec<String>>)> {
    let mut blocks: Vec<(Block<'_>, Option<Vec<String>>)> = Vec::new();
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
        if awaits_output && !CODE.contains(&language) {
            let (_, output) = blocks.last_mut().expect("a block came before");
            *output = Some(block.into_iter().map(str::to_owned).collect());
            awaits_output = false;
            continue;
        }
        awaits_output = ["sh", "ps1", "python"].contains(&language);
        blocks.push((Block { line: index + 2, section: section.clone(), language, lines: block }, None));
    }
    blocks
}

/// The commands of a document, in their order. The output belongs to the last command of its block.
pub(crate) fn examples(text: &str) -> Vec<Example> {
    let shells = blocks(text).into_iter().filter(|(block, _)| block.language == "sh");
    let examples = shells.flat_map(|(block, output)| {
        let mut commands = block.commands();
        if let Some(last) = commands.last_mut() {
            last.output = output;
        }
        commands
    });
    examples.collect()
}

/// The commands of a block with the line each begins on; a line that ends in a backslash or in a pipe goes on in the
/// next, and a loop is one command.
fn commands(block: &[&str]) -> Vec<(usize, String)> {
    let mut commands: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    let mut loops = 0;
    for (offset, line) in block.iter().enumerate() {
        let piece = line.strip_suffix('\\').unwrap_or(line);
        match commands.last_mut() {
            Some((_, command)) if goes_on => {
                let between = if loops > 0 { "\n" } else { "" };
                command.push_str(between);
                command.push_str(piece);
            }
            _ => commands.push((offset, piece.to_owned())),
        }
        loops +=
            usize::from(["while ", "for "].iter().any(|word| line.contains(word) && line.ends_with("do")));
        loops -= usize::from(line.trim_start().starts_with("done"));
        goes_on = line.ends_with(['\\', '|']) || loops > 0;
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

/// What a character of a command is to a shell.
#[derive(Clone, Copy)]
pub(crate) enum Letter {
    Bare(char),
    /// Within quotes of the first kind, or after a backslash.
    Quoted(char, char),
    /// A quote at either end, or a backslash.
    Mark(char),
}

/// The characters of a command with their places, as a POSIX shell reads them.
pub(crate) fn letters(command: &str) -> impl Iterator<Item = (usize, Letter)> + '_ {
    let mut quote: Option<char> = None;
    let mut is_escaped = false;
    command.char_indices().map(move |(at, c)| {
        let escaped = std::mem::take(&mut is_escaped);
        let letter = match (c, quote) {
            _ if escaped => Letter::Quoted('\\', c),
            ('\\', None | Some('"')) => {
                is_escaped = true;
                Letter::Mark(c)
            }
            (_, Some(open)) if c == open => {
                quote = None;
                Letter::Mark(c)
            }
            ('\'' | '"', None) => {
                quote = Some(c);
                Letter::Mark(c)
            }
            (_, Some(open)) => Letter::Quoted(open, c),
            (_, None) => Letter::Bare(c),
        };
        (at, letter)
    })
}

/// Words as a POSIX shell splits them, as far as examples need it. Within double quotes nothing is expanded.
pub(crate) fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    for (_, letter) in letters(command) {
        match letter {
            Letter::Bare(c) if c.is_whitespace() => words.extend(word.take()),
            Letter::Bare(c) | Letter::Quoted(_, c) => word.get_or_insert_default().push(c),
            Letter::Mark(_) => {
                word.get_or_insert_default();
            }
        }
    }
    words.extend(word);
    words
}

/// Whether a command needs a shell: outside of single quotes it has something that a shell replaces or carries out.
pub(crate) fn needs_a_shell(command: &str) -> bool {
    let sign = letters(command).find_map(|(_, letter)| match letter {
        Letter::Bare('$' | '`' | '|' | '<' | '>' | '&' | ';' | '*' | '{')
        | Letter::Quoted('"', '$' | '`') => Some(true),
        Letter::Bare('#') => Some(false),
        _ => None,
    });
    sign.unwrap_or(false)
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
