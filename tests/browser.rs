//! The doctor's page in a real browser: what it shows, and that it neither complains nor fetches anything.
//!
//! Not part of the usual run, since it needs Chromium: `cargo test --test browser -- --ignored`. Where there is none the
//! test says so and passes, unless `EXO_MI_REQUIRE_BROWSER` is set.

#![cfg(unix)]
// The environment of the test process is meant, and a skipped test says so on its output.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

#[path = "browser/devtools.rs"]
mod devtools;
#[path = "../src/doctor/report/tests/sample.rs"]
mod sample;

use std::fs;
use std::path::{Path, PathBuf};

use exo_mi::doctor::report::{Format, TextStyle, write};
use exo_mi::doctor::{Check, Report, Status};
use exo_mi::exit::Exit;
use exo_mi::knowledge::Code;
use serde_json::Value;

use devtools::{Browser, Look};

/// The widths of a desk and of a telephone, in both colour schemes, and paper.
const LOOKS: [Look; 5] = [
    Look { name: "wide", width: 1280, dark: false, print: false },
    Look { name: "wide-dark", width: 1280, dark: true, print: false },
    Look { name: "narrow", width: 390, dark: false, print: false },
    Look { name: "narrow-dark", width: 390, dark: true, print: false },
    Look { name: "paper", width: 800, dark: true, print: true },
];

/// What is asked of the page, in its own words: the titles that can be seen, whether it is wider than its window, and
/// whether the style sheet is in force.
const QUESTIONS: &str = r"({
    titles: [...document.querySelectorAll('h3')].filter(title => {
        const box = title.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= innerWidth
            && getComputedStyle(title).visibility === 'visible';
    }).map(title => title.textContent),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headline: document.querySelector('h1').innerText,
    styled: getComputedStyle(document.querySelector('header')).borderLeftStyle,
    paper: getComputedStyle(document.body).backgroundColor,
    selects: [...document.querySelectorAll('pre')].map(command => getComputedStyle(command).userSelect),
    commands: [...document.querySelectorAll('pre')].map(command => command.textContent),
    text: document.body.innerText,
})";

/// The browser, or `None` with a word about it.
fn browser() -> Option<PathBuf> {
    let found = std::env::var_os("EXO_MI_BROWSER").map(PathBuf::from).or_else(|| {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()))
    });
    if found.is_none() {
        assert!(std::env::var_os("EXO_MI_REQUIRE_BROWSER").is_none(), "there is no Chromium on this machine");
        println!("skipped: there is no Chromium on this machine (apt-get install chromium)");
    }
    found
}

fn page(folder: &Path, name: &str, report: &Report) -> PathBuf {
    let path = folder.join(format!("{name}.html"));
    let mut file = fs::File::create(&path).expect("the page can be created");
    write(report, Format::Html, TextStyle::default(), &mut file).expect("the page can be written");
    path
}

/// A light colour is one that black is read on.
fn is_light(colour: &Value) -> bool {
    let digits = colour.as_str().unwrap_or_default().split(|c: char| !c.is_ascii_digit());
    let parts: Vec<u32> = digits.filter_map(|part| part.parse().ok()).collect();
    assert_eq!(parts.len(), 3, "a colour without transparency: {colour}");
    parts.iter().sum::<u32>() > 3 * 128
}

#[test]
#[ignore = "needs Chromium; run it with --ignored"]
fn the_page_shows_every_check_at_every_size_and_asks_nobody_for_anything() {
    let Some(program) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut browser = Browser::start(&program, folder.path());
    for (name, report) in
        [("failed", sample::realistic()), ("ok", sample::healthy()), ("hostile", sample::hostile())]
    {
        let path = page(folder.path(), name, &report);
        for look in LOOKS {
            let place = format!("{name}, {}", look.name);
            let visit = browser.visit(&path, look, QUESTIONS);
            assert!(visit.complaints.is_empty(), "{place}: {:?}", visit.complaints);
            assert_eq!(visit.requests, [format!("file://{}", path.display())], "{place}");
            let seen = &visit.answer;
            let titles: Vec<&str> = report.checks.iter().map(|check| check.title).collect();
            assert_eq!(seen["titles"], serde_json::json!(titles), "{place}");
            assert_eq!(seen["overflow"], 0, "{place}: the page is wider than its window");
            assert_eq!(seen["styled"], "solid", "{place}: the style sheet is not in force");
            assert_eq!(is_light(&seen["paper"]), !look.dark || look.print, "{place}: {}", seen["paper"]);
            let selects = seen["selects"].as_array().expect("a list");
            assert!(selects.iter().all(|select| select == "all"), "{place}: {selects:?}");
            if name == "failed" {
                // What mends two checks is told once, and what is selected is the command as it was.
                let hints = report.checks.iter().flat_map(|check| &check.remedies);
                let mut commands: Vec<&str> = hints.filter_map(|hint| hint.command.as_deref()).collect();
                commands.dedup();
                assert_eq!(seen["commands"], serde_json::json!(commands), "{place}");
            }
            assert!(seen["text"].as_str().is_some_and(|text| text.contains("Exit code")), "{place}");
            keep(&format!("{name}-{}", look.name), &visit.picture);
        }
    }
}

/// Pictures are for people: `EXO_MI_SCREENSHOTS` names a folder for them.
fn keep(name: &str, picture: &[u8]) {
    if let Some(folder) = std::env::var_os("EXO_MI_SCREENSHOTS") {
        fs::write(Path::new(&folder).join(format!("{name}.png")), picture).expect("the picture can be kept");
    }
}
