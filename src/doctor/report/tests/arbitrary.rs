//! What holds for any text that a service could send.

use proptest::prelude::*;

use super::*;
use crate::doctor::Check;
use crate::failure::Hint;

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![
        3 => any::<char>(),
        3 => prop::sample::select(vec!['a', ' ', '-', '.', '0', '日', '👍', '\u{301}', '\u{200d}']),
        3 => prop::sample::select(vec!['<', '>', '&', '"', '\'', ']', '{', '}', '#', '|', '=', '\\', '%', ':']),
        3 => prop::sample::select(vec!['\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{9b}', '\u{85}', '\0']),
        3 => prop::sample::select(vec!['\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}', '\u{fffe}', '\u{ffff}']),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(letter(), 0..40).prop_map(String::from_iter)
}

fn check() -> impl Strategy<Value = Check> {
    let status = prop::sample::select(vec![
        Status::Ok,
        Status::Info,
        Status::Warning,
        Status::Failed,
        Status::Skipped,
    ]);
    let remedies = prop::collection::vec((text(), prop::option::of(text())), 0..3);
    (status, any::<bool>(), prop::collection::vec(text(), 0..4), remedies).prop_map(
        |(status, coded, evidence, remedies)| Check {
            code: coded.then_some(Code::CmdletFailed),
            evidence,
            remedies: remedies.into_iter().map(|(text, command)| Hint { text, command }).collect(),
            ..Check::new("thing", "the thing works", status)
        },
    )
}

fn report() -> impl Strategy<Value = Report> {
    let unproved = prop::collection::vec(text(), 0..3);
    (text(), prop::collection::vec(check(), 0..5), unproved).prop_map(|(organization, checks, unproved)| {
        Report { organization, checks, unproved, ..sample::realistic() }
    })
}

proptest! {
    #[test]
    fn every_form_stays_readable_and_says_as_much_as_there_is(report in report()) {
        let all = report.checks.len();
        prop_assert_eq!(json(&report)["checks"].as_array().map(Vec::len), Some(all));
        let junit = written(&report, Format::Junit);
        prop_assert_eq!(readers::xml(&junit).descendants().filter(|it| it.has_tag_name("testcase")).count(), all);
        let page = written(&report, Format::Html);
        prop_assert_eq!(readers::xml(&page).descendants().filter(|it| it.has_tag_name("h3")).count(), all);
        prop_assert_eq!(readers::tap(&written(&report, Format::Tap)).len(), all);
        prop_assert_eq!(readers::nagios(&written(&report, Format::Nagios)).2.len(), 4);
        let numbers = readers::prometheus(&written(&report, Format::Prometheus));
        prop_assert!(numbers.iter().all(|(_, labels, _)| labels.contains_key("organization")));
    }

    #[test]
    fn no_text_can_forge_a_line_for_people(report in report(), verbose: bool, width in 1_usize..120) {
        let style = TextStyle { colour: false, width: Some(width), verbose };
        let text = in_style(&report, Format::Text, style);
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).count();
        let unproved = text.lines().filter(|line| *line == "not proved by this:").count();
        // The first line, one for each check, the heading where there is one, and the verdict.
        prop_assert_eq!(lines, 1 + report.checks.len() + unproved + 1, "{}", text);
    }

    #[test]
    fn nothing_leaves_that_a_terminal_takes_for_an_order(report in report()) {
        for format in Format::value_variants() {
            let text = written(&report, *format);
            prop_assert!(text.ends_with('\n'));
            let order = text.chars().find(|letter| *letter != '\n' && is_an_order(*letter));
            prop_assert_eq!(order, None, "{:?}: {}", format, text);
        }
    }
}

fn is_an_order(letter: char) -> bool {
    letter.is_control()
        || render::on_one_line(letter.encode_utf8(&mut [0; 4])) == "\u{FFFD}" && letter != '\u{FFFD}'
}
