//! The binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    exo_mi::world::forbid_core_files();
    let exit = exo_mi::run(std::env::args_os(), exo_mi::world::World::capture());
    ExitCode::from(exit.code())
}
