//! Scripts that nobody would write: none of them ends in a panic, or never.

use proptest::prelude::*;

use super::super::Program;
use super::super::memory::Memory;

/// Pieces of which scripts are made, so that most of them are read.
const PIECES: [&str; 48] = [
    "$a",
    "$_",
    "1",
    "'x'",
    "\"$a\"",
    "@(1, 2)",
    "@{ a = 1 }",
    "{ $_ }",
    "$null",
    "[int]",
    "[pscustomobject]",
    " + ",
    " - ",
    " * ",
    " / ",
    " -eq ",
    " -join ",
    " -split ",
    " -replace ",
    " -f ",
    "..",
    ", ",
    "; ",
    "\n",
    " | ",
    "ForEach-Object ",
    "Where-Object ",
    "Select-Object ",
    "Sort-Object ",
    "Group-Object ",
    "Format-Table ",
    "Measure-Object ",
    "Out-String ",
    "ConvertTo-Json ",
    "ConvertFrom-Json ",
    "if ($a) { 1 }",
    "while ($a) { break }",
    "foreach ($a in 1..3) { $a }",
    "try { throw 1 } catch { $_ }",
    "function f { f }",
    "$a = ",
    "$a += ",
    ".Split(',')",
    ".Count",
    "[0]",
    "(",
    ")",
    "-Property a ",
];

fn script() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 1..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_script_panics_or_runs_for_ever(text in script()) {
        if let Ok(program) = Program::read(&text, "x.ps1") {
            let memory = Memory::patient(200);
            prop_assert!(program.run(&[], Box::new(memory)).join().is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = Program::read(&text, "x.ps1");
    }
}
