//! `docs/runbook.md` names what scripts may use, by the tables that the check goes by.

use super::text_of;

/// What stands before the part that is made of tables.
const MARK: &str = "<!-- tables -->\n";

/// With `UPDATE_RUNBOOK=1` the part is written anew.
#[test]
fn the_manual_of_scripts_is_that_of_the_tables() {
    let text = text_of("docs/runbook.md");
    let (written, tables) = text.split_once(MARK).expect("the mark");
    let made = exo_mi::script::manual();
    #[allow(clippy::disallowed_methods)] // Whoever runs the tests says it.
    if std::env::var_os("UPDATE_RUNBOOK").is_some() {
        let path = super::root().join("docs/runbook.md");
        std::fs::write(path, format!("{written}{MARK}{made}")).expect("the document is written");
        return;
    }
    assert_eq!(tables, made, "UPDATE_RUNBOOK=1 cargo test --test docs runbook writes them anew");
}
