//! Texts of strangers: names in the tenant, warnings, claims of a token. What they must not do to whoever reads them: a
//! terminal, a build server, a shell into which a hint is pasted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::harness::{BEGINNING, Command, TENANT, exo_mi};
use crate::server::reply;

/// Orders to Azure Pipelines and to GitHub Actions.
const ORDERS: [&str; 4] = [
    "##vso[task.setvariable variable=PATH]/tmp",
    "##[error]forged",
    "::error file=a,line=1::forged",
    "::stop-commands::x",
];

/// Whether a build server would obey any of these lines.
fn is_obeyed(text: &str) -> bool {
    text.contains("##vso[")
        || text.contains("##[")
        || text.lines().any(|line| line.trim_start().starts_with("::"))
}

fn domains(words: &str) -> Command {
    exo_mi(&format!("connect --org contoso.onmicrosoft.com {words} Get-AcceptedDomain"))
}

#[test]
fn no_text_of_the_service_gives_an_order_to_a_build_server() {
    let rows: Vec<_> = ORDERS.iter().map(|text| json!({"Name": text, "DomainName": text})).collect();
    let warnings: Vec<_> = ORDERS.iter().map(|text| format!("\n{text}\n{text}")).collect();
    let body = json!({"value": rows, "@adminapi.warnings": warnings}).to_string();
    for format in ["table", "list", "json", "jsonl", "yaml", "markdown"] {
        for width in ["", "--width 40"] {
            let width = if ["table", "list"].contains(&format) { width } else { "" };
            let outcome = domains(&format!("-o {format} {width}")).exchange([reply(200).json(&body)]).run();
            assert_eq!(outcome.exit, 0, "{format}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("task.setvariable"), "{}", outcome.stderr);
            for text in [&outcome.stdout, &outcome.stderr] {
                assert!(!is_obeyed(text), "{format}:\n{text}");
            }
        }
    }
    // The value is the same to whoever reads the JSON.
    let outcome = domains("-o jsonl").exchange([reply(200).json(&body)]).run();
    let names = outcome.stdout.lines().map(|line| {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON")["Name"].as_str().map(str::to_owned)
    });
    assert_eq!(names.map(Option::unwrap).collect::<Vec<_>>(), ORDERS);
}

#[test]
fn no_row_for_people_leaves_the_output_of_a_job_for_another_stream() {
    let names = ["ERROR: forged", "Warning:forged", "verbose: x", "DEBUG:"];
    let rows: Vec<_> = names.iter().map(|name| json!({"Name": name, "DomainName": "x"})).collect();
    let body = json!({ "value": rows }).to_string();
    let is_moved = |line: &str| {
        let word = line.split(':').next().filter(|word| word.len() < line.len());
        ["error", "warning", "verbose", "debug"]
            .iter()
            .any(|stream| word.is_some_and(|word| word.eq_ignore_ascii_case(stream)))
    };
    for format in ["table", "powershell", "list", "json", "jsonl", "yaml", "markdown"] {
        let outcome = domains(&format!("-o {format}")).exchange([reply(200).json(&body)]).run();
        assert_eq!(outcome.exit, 0, "{format}: {}", outcome.stderr);
        assert!(outcome.stdout.contains("forged"), "{}", outcome.stdout);
        assert!(!outcome.stdout.lines().any(is_moved), "{format}:\n{}", outcome.stdout);
    }
    // What is no beginning of a line is as it was.
    let outcome = domains("--columns DomainName,Name").exchange([reply(200).json(&body)]).run();
    assert!(outcome.exit == 0 && outcome.stdout.contains("ERROR: forged"), "{}", outcome.stdout);
}

#[test]
fn no_error_of_the_service_gives_an_order_to_a_build_server() {
    for order in ORDERS {
        for body in [
            json!({"error": {"code": order, "message": order, "details": [{"message": format!("Ex1|A.B|\n{order}")}]}}),
            json!({"error": {"message": format!("\r\n{order}")}}),
            json!({"Message": order}),
        ] {
            for format in ["human", "json"] {
                let command = domains("--max-retries 0").exchange([reply(400).json(body.to_string())]);
                let outcome = command.option(&format!("--error-format {format}")).once();
                assert_ne!(outcome.exit, 0, "{}", outcome.stderr);
                assert!(!is_obeyed(&outcome.stderr), "{}", outcome.stderr);
            }
        }
    }
}

/// A token whose claims somebody made up.
fn forged() -> String {
    let claims = json!({
        "aud": "https://outlook.office365.com/", "tid": TENANT, "exp": BEGINNING + 3600,
        "oid": "$(reboot)`reboot`\u{202e}", "appid": "'; halt #\u{9b}2J", "note": "##vso[x]\u{1b}]0;y\u{7}",
    });
    let [head, claims] =
        [json!({"alg": "none"}), claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{head}.{claims}.c2lnbmF0dXJl")
}

fn orders_of_a_terminal(text: &str) -> Option<char> {
    let is_one = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    text.chars().find(is_one)
}

#[test]
fn claims_reach_neither_a_terminal_nor_a_shell_as_orders() {
    let answer = reply(200).json(json!({"access_token": forged(), "expires_in": 3600}).to_string());
    for words in ["token --claims", "whoami", "whoami -o json"] {
        let outcome = exo_mi(words).identity([answer.clone()]).run();
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
        assert_eq!(orders_of_a_terminal(&outcome.stdout), None, "{}", outcome.stdout);
        assert!(!is_obeyed(&outcome.stdout), "{}", outcome.stdout);
    }
    // A hint is made to be pasted, with the object id of the token in it.
    let outcome = domains("").identity([answer]).exchange([reply(403)]).run();
    assert!(outcome.stderr.contains("OBJECT_ID") && !outcome.stderr.contains("reboot"), "{}", outcome.stderr);
}
