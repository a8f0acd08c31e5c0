//! `docs/symptoms.md` is the table that `exo-mi explain` reads, and the commands of the table are commands.

use exo_mi::knowledge::{APP_ROLE_ID, EXCHANGE_APP_ID, READER, Symptom, symptoms};

use super::text_of;

/// The groups of the page with their tables.
fn tables() -> String {
    let rows = symptoms();
    let groups = rows.chunk_by(|one, next| one.group == next.group).map(|group| {
        let head = format!("## {}\n\n| name | text | cause | remedy |\n|---|---|---|---|\n", group[0].group);
        head + &group.iter().map(line).collect::<String>()
    });
    groups.collect::<Vec<_>>().join("\n")
}

fn line(row: &Symptom) -> String {
    let text = row.is.iter().chain(&row.has).next().expect("a text");
    let text = text.replace("<cmdlet>", "CMDLET").replace("<nul>", "NUL NUL NUL …");
    let target = row.see.trim_start_matches("docs/");
    let target = target.strip_prefix("symptoms.md").unwrap_or(target);
    let name = row.see.rsplit('#').next().expect("an anchor");
    let cell = |text: &str| text.replace('|', "\\|").replace('*', "\\*");
    format!("| `{}` | `{text}` | {} | {} [{name}]({target}) |\n", row.id, cell(&row.cause), cell(&row.remedy))
}

#[test]
fn the_page_of_symptoms_is_the_table_of_the_program() {
    let page = text_of("docs/symptoms.md");
    let (_, after) = page.split_once("\n## ").expect("a group");
    let (shown, meant) = (format!("## {after}"), tables());
    if shown != meant {
        let proposed = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("symptoms.md");
        std::fs::write(&proposed, page.replace(&shown, &meant)).expect("the page is written");
        panic!(
            "docs/symptoms.md is not the table of src/knowledge/symptoms.rec: take {}",
            proposed.display()
        );
    }
}

/// The commands of the table that begin with this program.
fn commands(program: &str) -> Vec<String> {
    let commands: Vec<String> = symptoms().into_iter().flat_map(|row| row.run).collect();
    commands.into_iter().filter(|command| command.split(' ').next() == Some(program)).collect()
}

#[cfg(feature = "emulator")]
#[test]
fn the_commands_of_the_table_are_commands_of_the_program() {
    use exo_mi::catalog;

    use super::command_line::{is_known, long_names};

    let own = commands("exo-mi");
    assert!(own.len() > 30, "{own:?}");
    for command in own {
        for name in long_names(&command) {
            assert!(is_known(&name), "{command}: there is no option --{name}");
        }
        let words: Vec<&str> = command.split(' ').collect();
        let cmdlets = words.iter().filter(|word| word.contains('-') && word.starts_with(char::is_lowercase));
        for cmdlet in cmdlets.filter(|word| word.starts_with("get-") || word.starts_with("search-")) {
            assert!(catalog::find(cmdlet).is_some(), "{command}: there is no cmdlet {cmdlet}");
        }
        assert!(["connect", "cmdlets"].contains(&words[1]), "{command}");
    }
}

#[test]
fn the_grants_of_the_table_name_the_right_ids() {
    let az = commands("az");
    let grants =
        az.iter().filter(|command| command.contains("POST") && command.contains("appRoleAssignments"));
    for grant in grants {
        assert!(grant.contains(APP_ROLE_ID) && grant.contains(EXCHANGE_APP_ID), "{grant}");
    }
    let assignments = az.iter().filter(|command| command.contains("\\\"roleDefinitionId"));
    for assignment in assignments {
        assert!(assignment.contains(READER.id) || assignment.contains("ROLE_ID"), "{assignment}");
    }
    // What stands between double quotes of a shell has its own quotes escaped, and they come in pairs.
    for command in &az {
        assert_eq!(command.replace("\\\"", "").matches('"').count() % 2, 0, "{command}");
    }
}
