//! Commands in the documents that cannot be run here, because they need Azure or other programs, are read by the program.

use super::command_line::COMMANDS;
use super::examples::run;
use super::markdown::{Block, Letter, blocks, letters, words};
use super::pages;

/// Ids that the emulator knows, in the place of a variable or of a word that the reader replaces.
const AN_ID: &str = "a1111111-1111-4111-8111-111111111111";

/// The lines of a block, those that go on joined: by a backslash in a shell, by a grave accent in PowerShell.
fn joined(block: &Block<'_>) -> Vec<(usize, String)> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (offset, line) in block.lines.iter().enumerate() {
        let piece = line.trim_end_matches(['\\', '`']);
        match joined.last_mut() {
            Some((_, text)) if goes_on => text.push_str(piece),
            _ => joined.push((block.line + offset, piece.to_owned())),
        }
        goes_on = piece.len() < line.len();
    }
    joined
}

/// Where the program is called in a line, with what follows it: by its name, or by a path in quotes.
fn calls(line: &str) -> impl Iterator<Item = String> + '_ {
    // What is refused on purpose is run, and its exit code compared.
    let line = if line.contains(" # exit 2") { "" } else { line.split(" # ").next().unwrap_or_default() };
    line.match_indices("exo-mi").filter_map(move |(at, name)| {
        let before = &line[..at];
        let begins = before.is_empty() || before.ends_with([' ', '/', '\\', '(', '=']);
        let rest = line[at + name.len()..].trim_start_matches(".exe").trim_start_matches(['\'', '"']);
        let command = rest.strip_prefix(' ')?.split(' ').next()?;
        let is_command = COMMANDS.iter().any(|known| known == command);
        (begins && is_command && !before.trim_start().starts_with('#')).then(|| ended(rest.trim_start()))
    })
}

/// A list of words, as YAML and JSON have it, as a line.
fn listed(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("[\"exo-mi\", \"")?;
    let (words, _) = rest.rsplit_once("\"]")?;
    Some(format!("exo-mi {}", words.replace("\", \"", " ")))
}

/// A command up to what ends it outside of quotes.
fn ended(rest: &str) -> String {
    let ends = |letter| matches!(letter, Letter::Bare('|' | '<' | '>' | ';' | '&' | ')'));
    let end = letters(rest).find(|(_, letter)| ends(*letter)).map_or(rest.len(), |(at, _)| at);
    let (kept, after) = rest.split_at(end);
    let kept = if after.starts_with('>') { kept.strip_suffix(" 2").unwrap_or(kept) } else { kept };
    kept.trim_end().to_owned()
}

/// The words of a command, with ids and texts in the place of what a shell or the reader would fill in.
fn filled(command: &str) -> Vec<String> {
    let words = words(command).into_iter().map(|word| match word.split_once('$') {
        _ if word.ends_with("_ID") => AN_ID.to_owned(),
        Some((before, name)) if !["true", "false", "null"].contains(&name) => {
            format!(
                "{before}1{}",
                name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_{}".contains(c))
            )
        }
        _ => word,
    });
    std::iter::once("exo-mi".to_owned()).chain(words).collect()
}

/// The words with a folder that nothing can be written to: the manual asks for no setting before it writes.
fn harmless(words: &[String]) -> Vec<String> {
    let is_folder = |at: usize| at > 0 && words[at - 1] == "--out-dir";
    let harmless = words.iter().enumerate().map(|(at, word)| {
        if is_folder(at) || word.starts_with("--out-dir=") { "--out-dir=\0".to_owned() } else { word.clone() }
    });
    harmless.filter(|word| word != "--out-dir").collect()
}

/// Whether the program understands its words, those of the cmdlet too. A setting that is wrong ends it before it opens or
/// sends anything: the deadline, and for the emulator, which has none, the level of the log.
fn is_understood(words: &[String]) -> Result<(), String> {
    let words = &harmless(words);
    let wrong = if words[1] == "emulate" { "EXO_MI_LOG" } else { "EXO_MI_TIMEOUT" };
    let variables = [(wrong, "never at all"), ("EXO_MI_ORG", "contoso.onmicrosoft.com")];
    let (exit, stdout, stderr) =
        run(words, &variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let complaint = stdout + &stderr;
    // What a redirection would bring is missing here: a file for `run`, a text for `explain`.
    let understood =
        exit < 2 || complaint.contains(wrong) || complaint.contains("there is no text to explain");
    if understood { Ok(()) } else { Err(complaint) }
}

#[test]
fn every_command_in_a_block_is_one_that_the_program_understands() {
    const LANGUAGES: [&str; 8] =
        ["sh", "powershell", "python", "yaml", "ini", "toml", "dockerfile", "csharp"];
    let mut count = 0;
    let mut foreign = Vec::new();
    for (path, text) in pages().iter().filter(|(path, _)| path != "docs/errors.md") {
        for (block, _) in blocks(text).iter().filter(|(block, _)| LANGUAGES.contains(&block.language)) {
            for (line, text) in joined(block) {
                let text = listed(&text).unwrap_or(text);
                for call in calls(&text) {
                    let complaint = is_understood(&filled(&call)).err();
                    foreign.extend(complaint.map(|complaint| format!("{path}:{line}: {complaint}")));
                    count += 1;
                }
            }
        }
    }
    assert!(foreign.is_empty(), "\n{}", foreign.join("\n"));
    assert!(count > 100, "only {count} commands were found");
}

#[test]
fn commands_are_found_in_every_kind_of_block() {
    let of = |line: &str| calls(line).collect::<Vec<_>>();
    assert_eq!(of("a=$(/usr/bin/exo-mi whoami -o json) | x"), ["whoami -o json"]);
    assert_eq!(
        of("$r = & 'C:\\Program Files\\exo-mi.exe' connect --org 'a|b' c 2> d"),
        ["connect --org 'a|b' c"]
    );
    assert_eq!(listed("command: [\"exo-mi\", \"whoami\", \"-v\"]").as_deref(), Some("exo-mi whoami -v"));
    assert_eq!(of("# exo-mi connect"), Vec::<String>::new());
    assert_eq!(of("install exo-mi here"), Vec::<String>::new());
    assert!(is_understood(&filled("connect --no-such-option=1")).is_err());
    assert!(is_understood(&filled("man --no-such-option")).is_err());
    assert_eq!(is_understood(&filled("grant --object-id \"$OBJECT_ID\" --role 'Global Reader'")), Ok(()));
}

#[test]
fn the_manual_of_a_page_is_read_and_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("man1").display().to_string();
    for option in [format!("--out-dir={place}"), format!("--out-dir {place}")] {
        let command = format!("man {option}");
        assert_eq!(
            calls(&format!("sudo exo-mi {command}")).collect::<Vec<_>>(),
            std::slice::from_ref(&command)
        );
        assert_eq!(is_understood(&filled(&command)), Ok(()));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
