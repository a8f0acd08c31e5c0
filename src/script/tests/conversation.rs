//! Statements that come one after another.

use crate::exit::Exit;
use crate::script::memory::Memory;
use crate::script::{Conversation, Ended, Left};

/// What a statement prints, how it ends, and what it leaves.
fn say(conversation: &mut Conversation, text: &str) -> (String, Ended, Left) {
    let statements = conversation.read(text, 1);
    let statements = statements.unwrap_or_else(|objections| panic!("{text}\n{objections:#?}"));
    let memory = Memory::connected();
    let left = memory.left.clone();
    let answer = conversation.carry_out(statements, Box::new(memory), false);
    let (ended, names) = conversation.end(&answer);
    let out = left.lock().expect("nobody holds it").out.clone();
    (out, ended, names)
}

fn begin() -> Conversation {
    Conversation::begin().expect("a thread")
}

#[test]
fn variables_functions_and_errors_last() {
    let mut conversation = begin();
    for (text, printed) in [
        ("$x = 1, 2", ""),
        ("$x.Count", "2\n"),
        ("function Add-It([int]$To) { $To + 1 }", ""),
        ("Add-It -To 5", "6\n"),
        ("$block = { \"$($args[0])!\" }", ""),
        ("& $block yes", "yes!\n"),
        ("Write-Error 'no' -ErrorAction SilentlyContinue", ""),
        ("$?; $Error.Count", "False\n1\n"),
        ("[int]$n = '5'", ""),
        ("$n + 1", "6\n"),
    ] {
        assert_eq!(say(&mut conversation, text).0, printed, "{text}");
    }
}

#[test]
fn what_was_objected_to_leaves_nothing() {
    let mut conversation = begin();
    assert!(conversation.read("function Nothing { Frobnicate }", 1).is_err());
    assert!(conversation.read("Nothing", 1).is_err() && !conversation.has_function("nothing"));
    assert!(conversation.read("Add-It", 1).is_err());
    say(&mut conversation, "function Add-It { 1 }");
    assert!(conversation.has_function("add-it") && conversation.read("Add-It", 1).is_ok());
    let found = conversation.read("1\nFrobnicate", 20).expect_err("an objection");
    assert_eq!((found[0].line, found[0].column), (21, 1));
}

#[test]
fn a_function_shows_the_place_at_which_it_was_written() {
    let mut conversation = begin();
    say(&mut conversation, "function Fail {\n  throw 'no' }");
    let (_, ended, _) = say(&mut conversation, "Fail");
    let (fault, excerpt) = ended.fault.expect("a fault");
    assert_eq!(fault.message, "no");
    assert_eq!(excerpt[0], "2 |   throw 'no' }");
}

#[test]
fn the_first_error_that_was_told_of_is_known_and_so_is_exit() {
    let mut conversation = begin();
    let (_, ended, _) = say(&mut conversation, "Get-Mailbox -Identity nobody; Write-Error 'x'; 1");
    assert_eq!((ended.told, ended.exits, ended.exit), (Some(Exit::Cmdlet), false, 0));
    let (_, ended, _) = say(&mut conversation, "exit 3; 1");
    assert_eq!((ended.told, ended.exits, ended.exit), (None, true, 3));
    let (_, ended, _) = say(&mut conversation, "1");
    assert_eq!((ended.told, ended.exits), (None, false));
}

#[test]
fn what_is_left_names_properties_of_variables_and_of_what_was_shown() {
    let mut conversation = begin();
    let (_, _, left) =
        say(&mut conversation, "$all = Get-Mailbox; $t = @{ a = 1 }; [PSCustomObject]@{ One = 1 }");
    assert_eq!(left.shown, ["One"]);
    let names =
        |name: &str| left.variables.iter().find(|(known, _)| known == name).map(|(_, names)| names.join(","));
    assert_eq!(names("all").as_deref(), Some("Identity,DisplayName,Size,IsShared,Groups,WhenCreated"));
    assert_eq!(names("t").as_deref(), Some("a"));
}

#[test]
fn objects_are_handed_over_as_they_came() {
    let mut conversation = begin();
    let statements = conversation.read("Get-Mailbox -Identity joe; 5; @{ a = 'b' }", 1).expect("statements");
    let memory = Memory::connected();
    let left = memory.left.clone();
    let answer = conversation.carry_out(statements, Box::new(memory), true);
    assert!(conversation.end(&answer).0.fault.is_none());
    let out = left.lock().expect("nobody holds it").out.clone();
    assert!(out.starts_with("Get-Mailbox{\"Identity\":\"joe\","), "{out}");
    assert!(out.ends_with("}{\"Value\":5}{\"a\":\"b\"}\n"), "{out}");
}

#[test]
fn a_cmdlet_that_makes_text_of_objects_is_known_before() {
    let mut conversation = begin();
    let mut formats = |text: &str| conversation.read(text, 1).expect("statements").formats();
    assert_eq!(formats("1; Get-Mailbox | ft"), Some("Format-Table"));
    assert_eq!(formats("Get-Mailbox | Format-List | Out-Null"), None);
    assert_eq!(formats("Get-Mailbox"), None);
}
