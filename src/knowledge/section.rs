//! What `docs/errors.md` says of a code, as plain text: the page itself travels in the program, so that it can be read on
//! a machine that reaches nothing.

use super::Code;

const PAGE: &str = include_str!("../../docs/errors.md");

/// Programs whose commands are worth showing by themselves.
const PROGRAMS: [&str; 11] = [
    "az",
    "azcmagent",
    "curl",
    "date",
    "exo-mi",
    "net",
    "nslookup",
    "openssl",
    "sudo",
    "systemctl",
    "ulimit",
];

/// The section of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Its first paragraph.
    pub cause: String,
    /// Its numbered causes with their remedies and what follows them, a line each.
    pub remedy: String,
    /// The commands that the remedies name.
    pub commands: Vec<String>,
}

/// The section that bears the name of this code.
pub(super) fn of(code: Code) -> Section {
    let heading = format!("\n## {}\n", code.text());
    let body = PAGE.split_once(&heading).map_or("", |(_, after)| after);
    read(body.split("\n## ").next().unwrap_or_default())
}

fn read(body: &str) -> Section {
    let mut paragraphs = paragraphs(body).into_iter();
    let cause = without_links(&paragraphs.next().unwrap_or_default());
    let rest: Vec<String> = paragraphs.collect();
    // What stands between the first paragraph and the list speaks of the example.
    let list = rest.iter().position(|text| text.starts_with("1. ")).unwrap_or_default();
    let rest = &rest[list..];
    let commands =
        rest.iter().flat_map(|text| text.split('`').skip(1).step_by(2)).filter(|span| is_command(span));
    Section {
        cause,
        commands: commands.map(str::to_owned).collect(),
        remedy: rest.iter().map(|text| without_links(text)).collect::<Vec<_>>().join("\n"),
    }
}

fn is_command(span: &str) -> bool {
    span.split_once(' ').is_some_and(|(program, _)| PROGRAMS.contains(&program))
}

/// Paragraphs and items of lists, each on one line; examples are left out.
fn paragraphs(body: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    let mut fenced = false;
    for line in body.lines().map(str::trim) {
        let begins = line.is_empty() || line.starts_with("```") || is_item(line);
        if begins {
            paragraphs.push(String::new());
        }
        fenced ^= line.starts_with("```");
        if let Some(last) = paragraphs.last_mut().filter(|_| !fenced && !line.starts_with("```")) {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
    }
    paragraphs.retain(|text| !text.is_empty());
    paragraphs
}

fn is_item(line: &str) -> bool {
    line.split_once(". ")
        .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The text without emphasis, and with the names of links alone.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let text = text.replace("**", "");
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let link = after.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        let (name, after) = link.unwrap_or(("[", after));
        plain.push_str(name);
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_cause_and_a_remedy() {
        for code in Code::ALL {
            let section = of(*code);
            assert!(section.cause.contains("Exit code"), "{}: {section:?}", code.text());
            assert!(section.remedy.len() > 30, "{}: {section:?}", code.text());
            for mark in ["](", "**", "```"] {
                assert!(!format!("{section:?}").contains(mark), "{}: {section:?}", code.text());
            }
        }
    }

    #[test]
    fn a_section_is_its_first_paragraph_its_list_and_what_follows() {
        let body = "\nIt broke\nhere. Exit code: 3.\n\n```sh\nexo-mi x\n```\n\nThe example is one.\n\n1. **It\n   is** so, see\n   [there](a.md#b). `az vm\n   list` helps, `set` not.\n2. Or [not.\n\nLast.\n";
        let section = read(body);
        assert_eq!(section.cause, "It broke here. Exit code: 3.");
        assert_eq!(
            section.remedy,
            "1. It is so, see there. `az vm list` helps, `set` not.\n2. Or [not.\nLast."
        );
        assert_eq!(section.commands, ["az vm list"]);
    }
}
