//! The recordings in docs/images are drawn from real runs, and their text is what the program prints today.
//!
//! `UPDATE_PICTURES=1 cargo test --locked --test docs pictures` draws them anew.

use std::fmt::Write as _;

use super::examples::run;
use super::markdown::{fits, words};
use super::{root, text_of};

/// Each picture with the command that it shows and its exit code.
const RECORDINGS: [(&str, &str, u8); 2] = [
    ("run.svg", "exo-mi connect --org contoso.onmicrosoft.com --emulate get-accepted-domain", 0),
    ("doctor.svg", "exo-mi doctor --org contoso.onmicrosoft.com --emulate=no-directory-role", 4),
];

/// What has no room is cut, and what differs from run to run is left out. Both are shown as `…`.
const COLUMNS: usize = 100;

const LINE: usize = 20;
const CHARACTER: f64 = 8.43;
const MARGIN: usize = 16;

/// The text of a line with its colours as the program sends them to a terminal.
fn shown(line: &str) -> String {
    let mut line = line.to_owned();
    for (begins, ends) in [("127.0.0.1:", "/,"), ("answered by ", ""), ("request-id ", "")] {
        if let Some(at) = line.find(begins).map(|at| at + begins.len()) {
            let rest = &line[at..];
            let end = if ends.is_empty() { rest.len() } else { rest.find(ends).unwrap_or(rest.len()) };
            line.replace_range(at..at + end, "…");
        }
    }
    line
}

/// A piece of a line in one colour: the class that the style sheet knows, and the text.
fn pieces(line: &str) -> Vec<(&'static str, String)> {
    let mut pieces = Vec::new();
    let mut class = "";
    for (index, part) in line.split("\u{1b}[").enumerate() {
        let (codes, text) =
            if index == 0 { ("", part) } else { part.split_once('m').expect("a colour ends") };
        if index > 0 {
            class = match codes {
                "" | "0" => "",
                "32" => "good",
                "31" => "bad",
                "33" => "fair",
                "32;1" => "head",
                _ => "dim",
            };
        }
        if !text.is_empty() {
            pieces.push((class, text.to_owned()));
        }
    }
    pieces
}

/// The pieces of a line up to the last column.
fn cut(pieces: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    let length = pieces.iter().map(|(_, text)| text.chars().count()).sum::<usize>();
    let mut left = if length > COLUMNS { COLUMNS - 1 } else { COLUMNS };
    let mut kept = Vec::new();
    for (class, text) in pieces {
        let text: String = text.chars().take(left).collect();
        left -= text.chars().count();
        kept.push((class, text));
    }
    if length > COLUMNS {
        kept.push(("dim", "…".to_owned()));
    }
    kept
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The whole picture. Its text can be selected, and it follows the reader's light or dark mode.
fn draw(command: &str, printed: &str) -> String {
    let prompt = vec![("dim", "$ ".to_owned()), ("typed", command.to_owned())];
    let printed = printed.lines().map(|line| pieces(&shown(line)));
    let lines: Vec<_> = std::iter::once(prompt).chain(printed).map(cut).collect();
    let columns = lines.iter().map(|line| line.iter().map(|(_, text)| text.chars().count()).sum::<usize>());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let width = (columns.max().unwrap_or(0) as f64 * CHARACTER).ceil() as usize + 2 * MARGIN;
    let height = lines.len() * LINE + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title\">\n<title id=\"title\">{}</title>\n{STYLE}\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n<text xml:space=\"preserve\">\n",
        escaped(command)
    );
    for (number, line) in lines.iter().enumerate() {
        let y = MARGIN + 14 + number * LINE;
        let _ = write!(svg, "<tspan x=\"{MARGIN}\" y=\"{y}\">");
        for (class, text) in line {
            let text = escaped(text);
            let _ = match *class {
                "" => write!(svg, "{text}"),
                class => write!(svg, "<tspan class=\"{class}\">{text}</tspan>"),
            };
        }
        svg += "</tspan>\n";
    }
    svg + "</text>\n</svg>\n"
}

const STYLE: &str = "<style>\n\
    rect { fill: #f6f8fa; stroke: #d0d7de }\n\
    text { font: 14px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #1f2328; white-space: pre }\n\
    .good { fill: #116329 } .bad { fill: #a40e26; font-weight: bold } .fair { fill: #7d4e00 } .dim { fill: #57606a }\n\
    .head { fill: #116329; font-weight: bold } .typed { font-weight: bold }\n\
    @media (prefers-color-scheme: dark) {\n\
    rect { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 }\n\
    .good, .head { fill: #56d364 } .bad { fill: #ff7b72 } .fair { fill: #e3b341 } .dim { fill: #9198a1 }\n\
    }\n</style>\n";

/// What the picture shows, line by line.
fn text_of_picture(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("the picture is XML");
    let lines = document.descendants().filter(|node| node.has_tag_name("tspan") && node.has_attribute("y"));
    let text = lines
        .map(|line| line.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect());
    text.collect()
}

fn recorded(command: &str, exit: u8) -> String {
    // Before a cmdlet, to which all that follows it belongs.
    let colored = command.replacen("exo-mi", "exo-mi --color always", 1);
    let words = words(&colored);
    let (ended, stdout, stderr) = run(&words, &[]);
    assert_eq!((ended, stderr.as_str()), (exit, ""), "{command}");
    stdout
}

#[test]
fn the_pictures_show_what_the_program_prints() {
    for (name, command, exit) in RECORDINGS {
        let printed = recorded(command, exit);
        let path = format!("docs/images/{name}");
        #[allow(clippy::disallowed_methods)] // Whoever runs the tests says it.
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            std::fs::write(root().join(&path), draw(command, &printed)).expect("the picture is written");
        }
        let picture = text_of_picture(&text_of(&path));
        let plain: Vec<String> = printed
            .lines()
            .map(|line| pieces(line).into_iter().map(|(_, text)| text).collect::<String>())
            .collect();
        let (typed, lines) = picture.split_first().expect("a command");
        assert_eq!(*typed, format!("$ {command}"), "{path}");
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        assert!(
            fits(lines, &plain),
            "{path} is another than UPDATE_PICTURES=1 would draw:\n{}",
            plain.join("\n")
        );
    }
}

#[test]
fn a_line_keeps_its_colours_and_is_cut_at_the_last_column() {
    let line = pieces("a\u{1b}[31mb\u{1b}[0mc");
    assert_eq!(line, [("", "a".to_owned()), ("bad", "b".to_owned()), ("", "c".to_owned())]);
    let long = cut(vec![("", "x".repeat(COLUMNS + 5))]);
    assert_eq!(long.iter().map(|(_, text)| text.chars().count()).sum::<usize>(), COLUMNS);
    assert_eq!(shown("https://127.0.0.1:4711/, answered by A"), "https://127.0.0.1:…/, answered by …");
}

/// The nodes of the drawing: rooms by their names, arrows from one to another.
#[test]
fn the_drawing_of_the_architecture_is_its_table() {
    let svg = text_of("docs/images/architecture.svg");
    let document = roxmltree::Document::parse(&svg).expect("the drawing is XML");
    let table = text_of("docs/architecture.md");
    let row = |room: &str| {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{room}` | ")));
        row.unwrap_or_else(|| panic!("{room} is no room")).split(" | ").nth(1).unwrap_or_default().to_owned()
    };
    let rooms: Vec<&str> = document.descendants().filter_map(|node| node.attribute("data-room")).collect();
    let all = table.lines().filter(|line| line.starts_with("| `") && line.split(" | ").count() == 3);
    let all: Vec<&str> = all.filter_map(|line| line.split('`').nth(1)).collect();
    for room in &all {
        assert!(rooms.contains(room), "docs/images/architecture.svg has no `{room}`");
    }
    for room in &rooms {
        row(room);
    }
    let arrows =
        document.descendants().filter_map(|node| node.attribute("data-from").zip(node.attribute("data-to")));
    let mut count = 0;
    for (from, to) in arrows {
        let may = row(from);
        let named = may.split(", ").any(|name| name.trim_start_matches("types of ") == to);
        assert!(named || may == "everything", "{from} does not know {to}: {may}");
        count += 1;
    }
    assert!(count > 12, "only {count} arrows");
}
