//! What `exo-mi explain` knows: every row of the table by texts of the field, in whatever form they are copied, and
//! nothing of texts about something else.

use std::collections::BTreeSet;

use exo_mi::catalog::{self, Class};
use exo_mi::knowledge::{Code, Explanation, explain, symptoms};
use proptest::prelude::*;

fn known(text: &str) -> Vec<Explanation> {
    known_bytes(text.as_bytes())
}

fn known_bytes(text: &[u8]) -> Vec<Explanation> {
    explain(text, &|word| catalog::find(word).is_some_and(|cmdlet| cmdlet.class != Class::Session))
}

fn ids(text: &str) -> Vec<String> {
    known(text).into_iter().map(|known| known.id).collect()
}

/// Texts of the field, each with the row that it belongs to. What differs from place to place is named in braces.
fn examples() -> Vec<(&'static str, &'static str)> {
    let table = include_str!("../fixtures/symptoms/known.tsv");
    table.lines().map(|line| line.split_once('\t').expect("a tab")).collect()
}

/// What a text holds in one place and not in another.
struct Place {
    guid: &'static str,
    host: &'static str,
    domain: &'static str,
    user: &'static str,
    time: &'static str,
    number: &'static str,
}

const PLACES: [Place; 3] = [
    Place {
        guid: "11111111-2222-3333-4444-555555555555",
        host: "eurprd01.outlook.office365.com",
        domain: "contoso.onmicrosoft.com",
        user: "adele.vance",
        time: "2026-11-24T08:15:02Z",
        number: "7",
    },
    Place {
        guid: "{ABCDEF01-0000-4000-8000-FEDCBA987654}",
        host: "a-host-with-a-very-long-name.of.a.very.long.domain.example.co.uk:8443",
        domain: "fabrikam.onmicrosoft.us",
        user: "O\u{2019}Brien, Zo\u{eb}",
        time: "11/24/2026 8:15:02 AM +01:00",
        number: "10410",
    },
    Place {
        guid: "00000000-0000-0000-0000-000000000000",
        host: "[2001:db8::1]",
        domain: "\u{fc}ber.example",
        user: "x",
        time: "Tue, 24 Nov 2026 08:15:02 GMT",
        number: "0",
    },
];

fn filled(text: &str, place: &Place) -> String {
    [
        ("{guid}", place.guid),
        ("{host}", place.host),
        ("{domain}", place.domain),
        ("{user}", place.user),
        ("{time}", place.time),
        ("{number}", place.number),
    ]
    .iter()
    .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Broken at blanks, as PowerShell 7 breaks lines.
fn wrapped(text: &str, width: usize, newline: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("a line");
        if !line.is_empty() && line.chars().count() + word.chars().count() >= width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join(newline)
}

/// Broken anywhere, as Windows PowerShell breaks lines.
fn cut(text: &str, width: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(width).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\r\n")
}

/// The same message as consoles, logs and people hand it on.
fn variants(text: &str) -> Vec<String> {
    let gutter = wrapped(text, 60, "\n\u{1b}[31;1m\u{1b}[36;1m     | \u{1b}[31;1m");
    let typographic = text
        .replace(" '", " \u{2018}")
        .replace('\'', "\u{2019}")
        .replace(" \"", " \u{201c}")
        .replace('"', "\u{201d}");
    vec![
        text.to_owned(),
        format!("\n  {}\t\r\n", wrapped(text, 30, "\r\n    ")),
        wrapped(text, 80, "\n"),
        cut(text, 37),
        text.to_uppercase(),
        text.to_lowercase(),
        typographic,
        text.replace('\'', "\\u0027").replace('"', "\\\""),
        format!("ERROR: {text}"),
        format!("2026-11-24T08:15:02.123Z ERROR [job 4242] {text}"),
        format!("\u{1b}[91m{text}\u{1b}[0m"),
        format!("[31;1m{text}[0m"),
        format!(
            "Connect-ExchangeOnline: {}\nLine |\n   2 |  Connect-ExchangeOnline -ManagedIdentity -Organization $org\n     |  ~~~~~~~~~~~~~~~~\n     | {gutter}",
            ""
        ),
        format!(
            "{}\r\nAt line:1 char:1\r\n+ Connect-ExchangeOnline -ManagedIdentity -Organization $org\r\n+ ~~~~~~~~~~~~~~~\r\n    + CategoryInfo          : OperationStopped: (:) [], Exception\r\n    + FullyQualifiedErrorId : Some,Thing",
            cut(text, 79)
        ),
        format!("> {}\n\nWhat does that mean?", wrapped(text, 70, "\n> ")),
    ]
}

#[test]
fn every_row_can_be_read_and_is_whole() {
    let table = symptoms();
    let rows =
        include_str!("../src/knowledge/symptoms.rec").lines().filter(|line| line.starts_with("id: ")).count();
    assert_eq!(table.len(), rows, "a row cannot be read");
    let mut seen = BTreeSet::new();
    for row in &table {
        let id = row.id.as_str();
        assert!(seen.insert(id), "{id} is there twice");
        assert!(
            !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{id}"
        );
        assert!(Code::ALL.iter().all(|code| code.text() != id), "{id} is the code of an error as well");
        assert!(!row.is.is_empty() || !row.has.is_empty(), "{id} is never found");
        for text in [row.group, &row.title, &row.cause, &row.remedy, &row.see] {
            assert!(!text.is_empty(), "{row:?}");
        }
        assert!(
            row.cause.ends_with('.') && row.remedy.ends_with('.') && !row.title.ends_with('.'),
            "{row:?}"
        );
        assert!(row.see.starts_with("docs/") && row.see.contains(".md#"), "{row:?}");
    }
}

#[test]
fn every_row_is_recognized_by_its_texts() {
    let mut missed = Vec::new();
    for (id, text) in examples() {
        let found = ids(&filled(text, &PLACES[0]));
        if found.first().map(String::as_str) != Some(id) {
            missed.push(format!("{id}: {text}: {found:?}"));
        }
    }
    assert!(missed.is_empty(), "\n{}\n", missed.join("\n"));
    let named: BTreeSet<&str> = examples().into_iter().map(|(id, _)| id).collect();
    let rows = symptoms().into_iter().map(|row| row.id);
    let silent: Vec<String> = rows.filter(|id| !named.contains(id.as_str())).collect();
    assert!(silent.is_empty(), "no text for {silent:?}");
}

#[test]
fn the_form_of_a_text_does_not_matter() {
    let mut missed = Vec::new();
    for (row, (id, text)) in examples().into_iter().enumerate() {
        let texts = PLACES.map(|place| variants(&filled(text, &place)));
        // Each form with one place, and each place with a third of the forms, another third in the next row.
        for form in 0..texts[0].len() {
            let variant = &texts[(form + row) % texts.len()][form];
            let found = ids(variant);
            if !found.iter().any(|found| found == id) {
                missed.push(format!("{id} is not in {found:?} of\n{variant}"));
            }
        }
    }
    assert!(missed.is_empty(), "\n{}\n", missed.join("\n"));
}

#[test]
fn a_text_in_utf_16_is_read() {
    let text = "UnAuthorized";
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(known_bytes(&little)[0].id, "module-unauthorized");
}

#[test]
fn a_page_of_nul_bytes_is_the_mute_403() {
    let mut reply = b"HTTP/2 403\r\nrequest-id: 1\r\n\r\n".to_vec();
    reply.resize(4096, 0);
    for page in [vec![0; 4096], reply] {
        let found = known_bytes(&page);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].id, "mute-403");
    }
}

#[test]
fn texts_about_something_else_are_not_known() {
    let texts: Vec<&str> = include_str!("../fixtures/symptoms/unrelated.txt").lines().collect();
    assert!(texts.len() >= 100);
    for text in &texts {
        assert_eq!(ids(text), Vec::<String>::new(), "{text}");
    }
    // Nor do they mean anything together.
    assert_eq!(ids(&texts.join("\n")), Vec::<String>::new());
}

#[test]
fn every_code_of_exo_mi_explains_itself() {
    for code in Code::ALL {
        let code = code.text();
        for text in [
            format!("error: something\n  caused by: a reason\nhint: a hint\n      docs/errors.md#{code}"),
            format!("error: something\n  caused by: a reason\nhint: docs/errors.md#{code}\n$ exit"),
            format!(
                "{{\"kind\":\"denied\",\"code\":\"{code}\",\"message\":\"m\",\"causes\":[],\"hints\":[],\"client_request_id\":null}}"
            ),
            code.to_owned(),
            format!("  {}\n", code.to_uppercase()),
        ] {
            let found = known(&text);
            assert_eq!(found.first().map(|known| known.id.as_str()), Some(code), "{text}");
            assert_eq!(found[0].docs, format!("docs/errors.md#{code}"));
        }
    }
}

#[test]
fn every_row_explains_itself_by_its_name() {
    for row in symptoms() {
        assert_eq!(ids(&row.id).first(), Some(&row.id));
    }
}

#[test]
fn the_more_specific_comes_first_a_frame_last_and_nothing_twice() {
    let text = "Failed to acquire managed identity token: A socket operation was attempted to an unreachable network. \
                (169.254.169.254:80)\nlater\nUnAuthorized";
    assert_eq!(ids(text), ["imds-unreachable", "module-unauthorized", "module-no-identity-token"]);
    let several = "invalid_request: Multiple user assigned identities exist";
    assert_eq!(ids(several), ["several-identities"]);
}

#[test]
fn nothing_of_the_text_comes_back() {
    let secret = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";
    let found = known(&format!("Authorization: Bearer {secret}\nUnAuthorized"));
    assert_eq!(found[0].id, "module-unauthorized");
    assert!(!format!("{found:?}").contains(secret));
}

/// Texts of a megabyte that are as unpleasant as can be: made of the beginnings of patterns.
fn long_texts() -> Vec<String> {
    let of = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let heads: Vec<String> = symptoms()
        .iter()
        .flat_map(|row| {
            row.has.iter().filter_map(|text| text.split('…').next().map(str::to_owned)).collect::<Vec<_>>()
        })
        .collect();
    vec![of("a"), of("get-mailbox UnAuthorized\n"), of(&heads.join(" "))]
}

#[test]
#[allow(clippy::disallowed_methods)]
fn a_megabyte_of_anything_takes_a_moment() {
    for text in long_texts() {
        let start = std::time::Instant::now();
        known(&text);
        let took = start.elapsed();
        // A quadratic search would take hours. What is built for tests is thirty times slower than what is released.
        assert!(took.as_secs() < 20, "{took:?} for {:?}…", text.chars().take(20).collect::<String>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        known_bytes(&bytes);
    }

    #[test]
    fn no_order_of_hostile_pieces_makes_it_panic(pieces in prop::collection::vec(0usize..12, 0..60)) {
        const PIECES: [&str; 12] = [
            "\u{1b}[", "\u{1b}]", "\\u", "^@", "[3", "\u{e9}", "…", "<cmdlet>", "get-mail", "docs/errors.md#", "\n+ ", "| ",
        ];
        let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        known(&text);
    }

    #[test]
    fn a_known_text_is_found_within_others(at in 0usize..100, row in 0usize..100) {
        let texts: Vec<&str> = include_str!("../fixtures/symptoms/unrelated.txt").lines().collect();
        let examples = examples();
        let (id, text) = examples[row % examples.len()];
        let text = filled(text, &PLACES[0]);
        let (before, after) = (texts[at % texts.len()], texts[(at + 1) % texts.len()]);
        let found = ids(&format!("{before}\n\n{text}\n\n{after}\n"));
        prop_assert!(found.iter().any(|found| found == id), "{found:?}");
    }
}
