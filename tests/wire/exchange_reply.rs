//! What becomes of Exchange's answers.

use std::io::Write;

use crate::harness::{Command, Outcome, connect, json, page, reading, writing};
use crate::server::{Step, reply};

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_ref()).expect("gzip");
    encoder.finish().expect("gzip")
}

fn one(command: Command, answer: impl Into<Step>) -> Outcome {
    let outcome = command.exchange([answer]).run();
    assert_eq!(outcome.exchange.len(), 1, "{}", outcome.stderr);
    outcome
}

/// An error body of the service with this text in `details[0]`.
fn said(text: &str) -> String {
    serde_json::json!({"error": {"code": "BadRequest", "message": "Invalid Operation",
        "details": [{"code": "Context", "target": "", "message": text}]}})
    .to_string()
}

#[test]
fn nothing_has_many_forms() {
    for answer in [
        reply(204),
        reply(200),
        reply(200).header("Content-Encoding", "gzip"),
        reply(204).header("Content-Encoding", "gzip"),
        reply(200).json("  \r\n"),
        reply(200).json("{}"),
        reply(200).json(r#"{"value":null}"#),
        reply(200).json(r#"{"value":[]}"#),
        reply(200).json(r#"{"@adminapi.warnings":[]}"#),
        reply(200).json(r#"{"@adminapi.warnings":null,"@adminapi.errors":null,"@odata.nextLink":null}"#),
        reply(200).header("Content-Encoding", "gzip").body(gzip(r#"{"value":[]}"#)),
        reply(200).json("\u{feff}{\"value\":[]}"),
    ] {
        for command in [reading(), writing()] {
            let outcome = one(command, answer.clone());
            assert_eq!(
                (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
                (0, "", ""),
                "{answer:?}"
            );
        }
    }
}

#[test]
fn rows_come_through_however_they_are_packed() {
    let body = r##"{"@odata.context":"x","adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":[],"value":[{"Name":"ä","Name@data.type":"System.String"},{"Name":"b"}]}"##;
    let chunked = body
        .as_bytes()
        .chunks(17)
        .fold(Step::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), |step, piece| {
            step.then_send(format!("{:x}\r\n", piece.len())).then_send(piece).then_send("\r\n")
        });
    for answer in [
        Step::from(reply(200).json(body)),
        reply(200).header("Content-Encoding", "gzip").body(gzip(body)).into(),
        // gzip that nobody announced.
        reply(200).header("content-encoding", "GZIP").body(gzip(body)).into(),
        chunked.then_send("0\r\n\r\n"),
        Step::raw(format!("HTTP/1.1 200 OK\r\n\r\n{body}")).then_close(),
        Step::raw(format!("HTTP/1.0 200 OK\r\n\r\n{body}")).then_close(),
        Step::raw("HTTP/1.1 100 Continue\r\n\r\n")
            .then_send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())),
    ] {
        let outcome = one(reading(), answer.clone());
        assert_eq!(
            (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
            (0, "{\"Name\":\"ä\"}\n{\"Name\":\"b\"}\n", ""),
            "{answer:?}"
        );
    }
}

#[test]
fn a_success_that_is_no_page_is_unreadable_and_not_a_bug() {
    for answer in [
        reply(200).header("Content-Type", "text/html").body("<html>Sign in</html>"),
        reply(200).body("You have reached the maximum number of concurrent requests per tenant."),
        reply(200).json("{\"value\":["),
        reply(200).json("[]"),
        reply(200).json("null"),
        reply(200).json(r#"{"value":{}}"#),
        reply(200).json(r#"{"value":"x"}"#),
        reply(200).json(r#"{"value":[1]}"#),
        reply(200).json(r#"{"value":[]}{"value":[]}"#),
        reply(200).json(b"{\"value\":[{\"Name\":\"\xff\xfe\"}]}"),
        reply(200).json(vec![0; 4096]),
        reply(200).header("Content-Encoding", "gzip").body("no gzip"),
        reply(200).header("Content-Encoding", "gzip").body(&gzip("{\"value\":[]}")[..15]),
        reply(200).header("Content-Encoding", "br").body("\x0b\x02\u{80}"),
        reply(200).json(format!("{{\"value\":[{}]}}", "[".repeat(100_000))),
        reply(206).json("{\"value\":["),
    ] {
        let outcome = one(reading(), answer.clone());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (6, ""), "{answer:?}: {}", outcome.stderr);
        outcome.says(&["reply-unreadable"]);
    }
}

#[test]
fn a_length_that_promises_too_little_cuts_the_page_and_is_seen() {
    let answer = Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"value\":[{\"Name\":\"a\"}]}");
    let outcome = one(reading(), answer.then_close());
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (6, ""), "{}", outcome.stderr);
}

#[test]
fn a_mute_403_is_explained_by_the_token_whatever_its_body() {
    for answer in [
        reply(403),
        reply(403).body(vec![0; 4096]),
        reply(403).header("Content-Encoding", "gzip").body(vec![0; 4096]),
        reply(403).header("Content-Encoding", "gzip").body("no gzip"),
        reply(403).header("Content-Encoding", "br").body([0xff; 100]),
        reply(403).body("<html>Forbidden</html>"),
    ] {
        let outcome = one(reading(), answer.clone());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""), "{answer:?}: {}", outcome.stderr);
        outcome.says(&["(403)", "permission-refused", "Exchange Administrator"]);
    }
}

#[test]
fn the_reason_of_a_refusal_is_told_wherever_it_stands() {
    let text = "The role assigned to application x isn't supported in this scenario.";
    let error = said(&format!("|System.UnauthorizedAccessException|{text}"));
    for answer in [
        reply(403).json(&error),
        reply(403).header("Content-Encoding", "gzip").body(gzip(&error)),
        reply(403).body(text),
        reply(403).header("x-ms-diagnostics", &format!("2000003;reason=\"{text}\";error_category=\"x\"")),
    ] {
        let outcome = one(reading(), answer.clone());
        assert_eq!(outcome.exit, 4, "{answer:?}");
        outcome.says(&[text]);
    }
}

#[test]
fn a_failed_cmdlet_says_what_the_service_said() {
    let text = "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|no object 'x' | really";
    for answer in [
        reply(400).json(said(text)),
        reply(404).json(said(text)),
        reply(500).json(said(text)),
        reply(400).header("Content-Encoding", "gzip").body(gzip(said(text))),
        reply(400).body(gzip(said(text))),
    ] {
        let answer = answer.header("request-id", "6f0c7d1e-0000-4000-8000-000000000001");
        let outcome = one(reading(), answer.clone());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, ""), "{answer:?}: {}", outcome.stderr);
        outcome.says(&[
            "no object 'x' | really (ManagementObjectNotFoundException)",
            "request-id 6f0c7d1e-0000-4000-8000-000000000001",
            "client-request-id 00000000-0000-0000-0000-000000000002",
        ]);
    }
}

#[test]
fn a_redirect_is_never_followed_and_a_microsoft_host_is_named() {
    for status in [301, 302, 303, 307, 308] {
        for command in [reading(), writing()] {
            for (location, text) in [
                ("{origin}/adminapi/beta/x/InvokeCommand", "which is no Exchange host"),
                (
                    "https://eurprd01.outlook.office365.com/x",
                    "--connection-uri https://eurprd01.outlook.office365.com",
                ),
                ("https://outlook.office365.com.example.test/x", "which is no Exchange host"),
                ("https://eviloutlook.office365.com/x", "which is no Exchange host"),
                ("https://a.outlook.office365.com@example.test/x", "which is no Exchange host"),
                ("/relative", "exchange-redirected"),
                ("::nonsense", "exchange-redirected"),
            ] {
                let outcome = one(command.clone(), reply(status).header("Location", location));
                assert_eq!((outcome.exit, outcome.stdout.as_str()), (6, ""), "{}", outcome.stderr);
                outcome.says(&[text, "exchange-redirected", &format!("({status})")]);
            }
        }
        let outcome = one(reading(), reply(status));
        assert_eq!(outcome.exit, 6, "{}", outcome.stderr);
    }
}

#[test]
fn errors_inside_a_success_fail_the_command_after_its_rows() {
    let body = serde_json::json!({"value": [{"Name": "a"}], "@adminapi.errors": [
        "Ex1|A.B.C|the first", {"message": "the second"}, "the third\u{1b}[2J\r\n"]});
    let outcome = one(reading(), reply(200).json(body.to_string()));
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, "{\"Name\":\"a\"}\n"), "{}", outcome.stderr);
    outcome.says(&["reported 3 errors", "the first", "the second", "the third"]);
}

#[test]
fn warnings_go_to_standard_error_and_change_nothing_else() {
    let body = serde_json::json!({"value": [{"Name": "a"}],
        "@adminapi.warnings": ["slow today", {"odd": 1}, "two\r\nlines \u{1b}]0;title\u{7} \u{202e}back"]});
    let outcome = one(reading(), reply(200).json(body.to_string()));
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "{\"Name\":\"a\"}\n"));
    assert!(outcome.stderr.lines().count() == 3, "{}", outcome.stderr);
    outcome.says(&["warning: slow today\n", "warning: {\"odd\":1}\n"]);
    let quiet = one(reading().option("-q"), reply(200).json(body.to_string()));
    assert_eq!((quiet.exit, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn control_characters_never_reach_standard_error() {
    // The harness looks for them after every run; here every place of an answer holds some.
    let bad = "a\u{1b}[31m\u{7}\r\n\u{9b}2J\u{0}\u{7f}\u{85}";
    let quoted = serde_json::to_string(bad).expect("JSON");
    for answer in [
        reply(400).json(said(bad)),
        reply(400).json(said(&format!("Ex1|A.B{bad}|text"))),
        reply(400).json(format!(r#"{{"error":{{"message":{quoted}}}}}"#)),
        reply(500).body(bad),
        reply(403).body(bad),
        reply(200).json(format!(r#"{{"value":[],"@adminapi.errors":[{quoted}]}}"#)),
        reply(200).json(format!(r#"{{"value":[],"@odata.nextLink":{quoted}}}"#)),
        reply(200).json(format!(r#"{{"value":{quoted}}}"#)),
        reply(302).header("Location", "https://exa\u{202e}mple.test/"),
    ] {
        let command = crate::harness::connect("Get-Mailbox -ResultSize Unlimited");
        for format in ["human", "json"] {
            let outcome = one(command.clone().option(&format!("--error-format {format}")), answer.clone());
            assert_ne!(outcome.exit, 0, "{answer:?}");
            assert_ne!(outcome.exit, 70, "{answer:?}: {}", outcome.stderr);
        }
    }
}

#[test]
fn a_very_long_error_does_not_flood_standard_error() {
    let long = "x".repeat(300_000);
    for answer in [
        reply(400).json(said(&long)),
        reply(400).body(&long),
        reply(200).json(format!(r#"{{"value":"{long}"}}"#)),
        reply(200).json(format!(r#"{{"value":[],"@odata.nextLink":"{long}"}}"#)),
    ] {
        let outcome = one(crate::harness::connect("Get-Mailbox -ResultSize Unlimited"), answer);
        assert!(outcome.exit != 0 && outcome.stderr.len() < 20_000, "{} bytes", outcome.stderr.len());
    }
}

#[test]
fn a_page_of_many_rows_comes_through_whole() {
    let rows: Vec<String> =
        (0..1000).map(|n| format!(r#"{{"Name":"{n}","Text":"{}"}}"#, "y".repeat(500))).collect();
    let outcome = one(reading(), page(&format!("[{}]", rows.join(","))));
    assert_eq!((outcome.exit, outcome.stdout.lines().count()), (0, 1000));
}

/// A text of about so many bytes. Half of it is a letter with a tower of marks above it, which has one column however high
/// it is.
fn tower(bytes: usize) -> String {
    let tower = "e\u{301}\u{302}\u{1b}[2J\u{202e}";
    format!("{}{}", "x".repeat(bytes / 2), tower.repeat(bytes / 2 / tower.len()))
}

#[test]
fn absurd_cells_come_through_in_every_format_and_give_no_orders() {
    let shown = |format: &str, width: &str, bytes: usize| {
        let body = serde_json::json!({"value": [{"Name": tower(bytes), "Width": "日".repeat(1000)}]});
        let command = connect(&format!("--no-formulas {width} Get-AcceptedDomain -o {format}"));
        let outcome = command.exchange([reply(200).json(body.to_string())]).once();
        assert_eq!(outcome.exit, 0, "{format} {width}: {}", outcome.stderr);
        let is_order = |c: char| matches!(c, '\u{1b}' | '\u{202e}' | '\r');
        assert!(!outcome.stdout.contains(is_order), "{format} {width}");
        outcome.stdout.len()
    };
    for format in ["table", "list", "powershell", "json", "jsonl", "csv", "tsv", "yaml", "markdown"] {
        for width in ["", "--width 1", "--width 65535"] {
            let length = shown(format, width, 100_000);
            assert!(
                length > 100_000 || matches!(format, "table" | "list" | "powershell"),
                "{format} {width}"
            );
        }
    }
    assert!(shown("csv", "", 10 << 20) > 10 << 20);
}

#[test]
fn a_validation_call_without_a_question_may_have_done_something() {
    let what_if = || connect("remove-distribution-group a@contoso.com -WhatIf");
    for body in [r#"{"value":[]}"#, r#"{"value":[],"@adminapi.confirmationmessage":" \n"}"#] {
        let outcome = one(what_if(), reply(200).json(body));
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (6, ""), "{body}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("it may have carried the cmdlet out"), "{}", outcome.stderr);
    }
    let hostile = r#"{"value":[],"@adminapi.confirmationmessage":"Sure?\u001b[2J\r\nRemoving \"x\"."}"#;
    let outcome = one(what_if(), reply(200).json(hostile));
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout, "What if: Sure?\u{fffd}[2J Removing \"x\".\n");
    assert_eq!(json(&outcome.exchange[0])["CmdletInput"]["Parameters"]["Confirm"], true);
}
