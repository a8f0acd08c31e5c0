//! A write happens once or not at all, and the program says which, or that it does not know.
//!
//! The service of this test keeps a ledger of what it carried out. Chance decides what it answers, whether it carried out
//! what it gives no good answer to, and where the connection breaks. Whatever the program then says of a write must be
//! true by the ledger.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use exo_mi::stop::Signal;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Outcome, connect, grants};
use crate::server::{Request, Server, Step, reply};

/// How the service treats one cmdlet, or a request as a whole.
#[derive(Clone, Copy, Debug)]
enum Treatment {
    /// It is carried out, and said to be.
    Done,
    /// It is not carried out, and refused by a status that only the service itself gives.
    Refused(u16),
    /// It is not carried out, and the cmdlet says why.
    Failed,
    /// A status from somewhere on the way. Whether it was carried out is nobody's guess.
    Lost(u16, bool),
    /// The backend is too busy. It may have been so in the middle.
    Overloaded(bool),
    /// No answer to it that could be read.
    Broken(Break, bool),
}

#[derive(Clone, Copy, Debug)]
enum Break {
    Close,
    Reset,
    Cut,
    Empty,
    Html,
    Nonsense,
    /// The command is told to stop meanwhile.
    Stopped,
}

use Treatment::{Broken, Done, Failed, Lost, Overloaded, Refused};

impl Treatment {
    fn carries_out(self) -> bool {
        match self {
            Done => true,
            Refused(_) | Failed => false,
            Lost(_, carried_out) | Overloaded(carried_out) | Broken(_, carried_out) => carried_out,
        }
    }

    /// The status and the body of an answer; `None` where there is none.
    fn answer(self) -> Option<(u16, Value)> {
        let said = |text: &str| json!({"error": {"details": [{"message": text}]}});
        match self {
            Done => Some((200, json!({"value": []}))),
            Refused(status) | Lost(status, _) => Some((status, Value::Null)),
            Failed => Some((500, said("Ex1|A.B.BrokenException|no"))),
            Overloaded(_) => Some((500, said("|A.B.DCOverloadedException|busy"))),
            Broken(..) => None,
        }
    }
}

fn treatment() -> impl Strategy<Value = Treatment> {
    use Break::{Close, Cut, Empty, Html, Nonsense, Reset, Stopped};
    let refused = prop::sample::select(vec![302, 400, 401, 403, 404, 409, 429, 429]);
    let lost = prop::sample::select(vec![408, 500, 502, 503, 504]);
    let broken = prop::sample::select(vec![Close, Reset, Cut, Empty, Html, Nonsense, Stopped]);
    prop_oneof![
        4 => Just(Done),
        5 => refused.prop_map(Refused),
        1 => Just(Failed),
        2 => (lost, any::<bool>()).prop_map(|(status, carried_out)| Lost(status, carried_out)),
        1 => any::<bool>().prop_map(Overloaded),
        2 => (broken, any::<bool>()).prop_map(|(how, carried_out)| Broken(how, carried_out)),
    ]
}

/// What happens to one request: to the whole of it, and to each cmdlet where it is a batch that arrives.
type Chance = (Treatment, Vec<Treatment>);

/// How often each identity's cmdlet was carried out.
type Ledger = Arc<Mutex<BTreeMap<String, u32>>>;

struct Service {
    chances: VecDeque<Chance>,
    ledger: Ledger,
}

impl Service {
    fn answer(&mut self, request: &Request) -> Step {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        let (whole, each) = self.chances.pop_front().unwrap_or((Done, Vec::new()));
        let Some(requests) = body["requests"].as_array() else {
            self.carry_out(whole, &body);
            return step(whole, body["CmdletInput"]["Parameters"]["Confirm"] == true);
        };
        if !matches!(whole, Done) {
            for item in requests {
                self.carry_out(whole, &item["body"]);
            }
            return step(whole, false);
        }
        let mut responses = Vec::new();
        for (at, item) in requests.iter().enumerate() {
            let treatment = each.get(at).copied().unwrap_or(Done);
            self.carry_out(treatment, &item["body"]);
            // Any order will do, and one that is not answered is left out.
            if let Some((status, body)) = treatment.answer() {
                responses.insert(0, json!({"id": item["id"], "status": status, "body": body}));
            }
        }
        reply(200).json(json!({ "responses": responses }).to_string()).into()
    }

    fn carry_out(&self, treatment: Treatment, body: &Value) {
        let parameters = &body["CmdletInput"]["Parameters"];
        if treatment.carries_out() && parameters["Confirm"] != true {
            let identity = parameters["Identity"].as_str().expect("an identity").to_owned();
            *self.ledger.lock().expect("a ledger").entry(identity).or_default() += 1;
        }
    }
}

fn step(treatment: Treatment, validation: bool) -> Step {
    if validation && matches!(treatment, Done) {
        return reply(200).json(r#"{"value":[],"@adminapi.confirmationmessage":"Sure?"}"#).into();
    }
    match (treatment, treatment.answer()) {
        (Lost(..), Some((status, _))) => reply(status).body("Something on the way failed").into(),
        (_, Some((status, Value::Null))) => reply(status).into(),
        (_, Some((status, body))) => reply(status).json(body.to_string()).into(),
        (Broken(Break::Reset, _), _) => Step::silence().then_reset(),
        (Broken(Break::Cut, _), _) => Step::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").then_close(),
        (Broken(Break::Empty, _), _) => Step::raw("HTTP/1.1 200 OK\r\n\r\n").then_close(),
        (Broken(Break::Html, _), _) => reply(200).body("<html>Sign in</html>").into(),
        (Broken(Break::Nonsense, _), _) => Step::raw("nonsense\r\n\r\n").then_close(),
        (Broken(Break::Stopped, _), _) => Step::silence().then_order(Signal::Terminate),
        _ => Step::silence().then_close(),
    }
}

/// What the program says of one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    Applied,
    NotApplied,
    InDoubt,
}

/// What it says of each line of standard input, or of the one cmdlet that it ran. What it says nothing of is applied.
fn claims(outcome: &Outcome, lines: usize) -> Vec<Claim> {
    let mut claims = vec![Claim::Applied; lines];
    for error in outcome.stderr.lines() {
        let error: Value = serde_json::from_str(error).expect("an error");
        let claim = if error["code"] == "write-in-doubt" { Claim::InDoubt } else { Claim::NotApplied };
        let tells_how_to_find_out = error["hints"].to_string().contains("look with the matching Get- cmdlet");
        assert_eq!(claim == Claim::InDoubt, tells_how_to_find_out, "{error}");
        let causes = error["causes"].as_array().expect("causes").iter().filter_map(Value::as_str);
        let mut named = false;
        for cause in causes {
            let numbers: Vec<usize> = cause.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
            match numbers[..] {
                [line] if cause.starts_with("for `") => claims[line - 1] = claim,
                // One request for all of these, and none for what follows them.
                [from, ..] if cause.ends_with(", and nothing after was sent") => {
                    let to = *numbers.last().unwrap_or(&from);
                    claims[from - 1..to].fill(claim);
                    claims[to..].fill(Claim::NotApplied);
                }
                [last] if cause.starts_with("nothing after line") => claims[last..].fill(Claim::NotApplied),
                _ => continue,
            }
            named = true;
        }
        if !named {
            assert_eq!(lines, 1, "{error} names no line");
            claims[0] = claim;
        }
    }
    claims
}

/// The commands that are tried, the identities for standard input, and whether anything may be carried out at all.
fn commands() -> impl Strategy<Value = (String, Option<usize>, bool)> {
    let one = prop::sample::select(vec![
        ("Set-Mailbox -Identity 1 -Office x", true),
        ("Remove-Mailbox -Identity 1 -Confirm:$false", true),
        ("--yes Remove-DistributionGroup -Identity 1", true),
        ("Remove-DistributionGroup -Identity 1 -WhatIf", false),
    ]);
    let many = prop::sample::select(vec![
        ("Set-Mailbox -Identity - -Office x", true),
        ("--yes Remove-DistributionGroup -Identity -", true),
        ("--fail-fast Set-Mailbox -Identity - -Office x", true),
        ("Remove-DistributionGroup -Identity - -WhatIf", false),
    ]);
    let options = prop::sample::select(vec!["", "--max-retries 0", "--max-retries 2", "--timeout 30s"]);
    let command = prop_oneof![
        2 => one.prop_map(|command| (command, None)),
        3 => (many, 1..14_usize).prop_map(|(command, lines)| (command, Some(lines))),
    ];
    (options, command)
        .prop_map(|(options, ((words, writes), lines))| (format!("{options} {words}"), lines, writes))
}

fn holds(command: &(String, Option<usize>, bool), chances: &[Chance]) -> Result<(), TestCaseError> {
    let (words, lines, writes) = command;
    let ledger = Ledger::default();
    let mut service = Service { chances: chances.iter().cloned().collect(), ledger: Arc::clone(&ledger) };
    let identity = Server::answering(Vec::new(), |_| grants("first"));
    let exchange = Server::answering(Vec::new(), move |request| service.answer(request));
    let input: String =
        (1..=lines.unwrap_or(0)).flat_map(|line| [line.to_string(), "\n".to_owned()]).collect();
    let command = connect(words).option("--error-format json").input(&input);
    let outcome = command.against(&identity, &exchange, &[]);
    let ledger = ledger.lock().expect("a ledger");
    let claims = claims(&outcome, lines.unwrap_or(1));
    for (at, claim) in claims.iter().enumerate() {
        let times = ledger.get(&(at + 1).to_string()).copied().unwrap_or(0);
        let is_true = match claim {
            Claim::Applied => times == u32::from(*writes),
            Claim::NotApplied => times == 0,
            Claim::InDoubt => times <= 1,
        };
        prop_assert!(is_true, "{} of {}: {claim:?}, {times} times\n{}", at + 1, claims.len(), outcome.stderr);
    }
    prop_assert_eq!(claims.iter().all(|claim| *claim == Claim::Applied), outcome.exit == 0);
    Ok(())
}

/// The same commands on every machine, so that what fails once fails again.
fn runner(seed: u8, cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

#[test]
fn a_write_is_carried_out_once_or_not_at_all_and_what_is_said_of_it_is_true() {
    let run = |seed| {
        let chances = prop::collection::vec((treatment(), prop::collection::vec(treatment(), 10)), 0..7);
        runner(seed, 340).run(&(commands(), chances), |(command, chances)| holds(&command, &chances))
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6).map(|seed| scope.spawn(move || run(seed))).collect();
        for worker in workers {
            worker.join().expect("a worker").unwrap_or_else(|error| panic!("{error}"));
        }
    });
}
