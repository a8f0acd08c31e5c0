//! The commands of the program, by its own word.

/// The names under `Commands:` in the text of `exo-mi --help`.
pub(crate) fn listed(help: &str) -> Vec<String> {
    let (_, after) = help.split_once("Commands:\n").expect("a list of commands");
    // What is said of one goes on further in.
    let names = after.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 10, "{names:?}");
    names
}
