//! Every fault at every place where it can strike: what is sent again and after which waits, the exit code, the error's
//! name, and what stays on standard output. The table in `docs/reliability.md` is what this test saw.

mod address;
mod fault;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use self::fault::{FAULTS, Fault, Kind};
use crate::harness::{Command, Outcome, Source, connect, grants, page_and_link, token, writing};
use crate::server::{Step, reply};

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Identity,
    First,
    Later,
    Write,
    /// Three of them in one request.
    Batch,
}

const PLACES: [Place; 5] = [Place::Identity, Place::First, Place::Later, Place::Write, Place::Batch];

impl Place {
    /// The answer that was wanted.
    fn good(self) -> Step {
        match self {
            Self::Identity => grants("first"),
            _ => reply(200).json(self.body()).into(),
        }
    }

    /// Its body.
    fn body(self) -> String {
        match self {
            Self::Identity => format!(r#"{{"access_token":"{}","expires_in":"3600"}}"#, token("first")),
            Self::First | Self::Later => r#"{"value":[{"Name":"b"}]}"#.to_owned(),
            Self::Write => r#"{"value":[]}"#.to_owned(),
            Self::Batch => {
                let done = |id| format!(r#"{{"id":"{id}","status":200,"body":{{"value":[]}}}}"#);
                format!(r#"{{"responses":[{}]}}"#, [0, 1, 2].map(done).join(","))
            }
        }
    }

    /// The command in which it can strike; all else goes well.
    fn command(self) -> Command {
        let command = match self {
            Self::Write => writing(),
            Self::Batch => connect("Set-Mailbox -Identity - -Office x").input("a\nb\nc\n"),
            _ => connect("Get-Mailbox -ResultSize Unlimited"),
        };
        command.option("--error-format json").identity(Vec::<Step>::new()).identity_ever(grants("first"))
    }

    /// The command that meets these answers at the place, and the last of them for ever.
    fn meeting(self, before: Vec<Step>, ever: Step) -> Command {
        match self {
            Self::Identity => {
                self.command().identity(before).identity_ever(ever).exchange_ever(Self::First.good())
            }
            Self::First | Self::Write | Self::Batch => self.command().exchange(before).exchange_ever(ever),
            Self::Later => {
                let first = page_and_link("a", "{origin}/next");
                let steps = std::iter::once(first).chain(before);
                self.command().exchange(steps).exchange_ever(ever)
            }
        }
    }

    /// What is on standard output where everything went well.
    fn data(self) -> &'static str {
        match self {
            Self::Identity | Self::First => "{\"Name\":\"b\"}\n",
            Self::Later => "{\"Name\":\"a\"}\n{\"Name\":\"b\"}\n",
            Self::Write | Self::Batch => "",
        }
    }

    /// How many requests the place itself got.
    fn requests(self, outcome: &Outcome) -> usize {
        match self {
            Self::Identity => outcome.identity.len(),
            Self::First | Self::Write | Self::Batch => outcome.exchange.len(),
            Self::Later => outcome.exchange.len() - 1,
        }
    }
}

/// What became of a fault that does not go away.
fn cell(fault: &Fault, place: Place) -> Option<String> {
    let command = match fault.kind {
        Kind::Answer(answer) => place.meeting(Vec::new(), answer(place)),
        Kind::Stalled(answer) => place.meeting(Vec::new(), answer(place)).impatient(),
        Kind::Page(_) | Kind::Link(_) if place != Place::Later => return None,
        Kind::Page(answer) => place.meeting(Vec::new(), answer()),
        Kind::Link(link) => {
            place.command().exchange([page_and_link("a", link)]).exchange_ever(page_and_link("b", link))
        }
        // A later page travels on the connection of the first.
        Kind::Address(_) if place == Place::Later => return None,
        Kind::Address(address) => return Some(unreachable(place, &address())),
    };
    let outcome = command.once();
    let sent = place.requests(&outcome);
    check(fault, place, &outcome);
    if let (Kind::Answer(answer), 2..) = (fault.kind, sent) {
        recovers(fault, place, answer(place));
    }
    Some(text(sent, &outcome))
}

/// A fault that is worth trying again leaves no trace where it goes away.
fn recovers(fault: &Fault, place: Place, once: Step) {
    let outcome = place.meeting(vec![once], place.good()).once();
    let seen = (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str());
    assert_eq!(seen, (0, place.data(), ""), "{} once, {place:?}", fault.name);
}

/// What holds for every cell, whatever the table says.
fn check(fault: &Fault, place: Place, outcome: &Outcome) {
    let what = format!("{}, {place:?}: {outcome:#?}", fault.name);
    // A result of nothing may have no body.
    let whole = outcome.stdout == place.data() || fault.name == "200 without a body";
    assert_eq!(outcome.exit == 0, outcome.stderr.is_empty(), "silence is success: {what}");
    assert!(outcome.exit != 0 || whole, "a success is whole: {what}");
    assert!(outcome.exit != 70, "{what}");
    let doubled = outcome.stdout.lines().filter(|line| *line == "{\"Name\":\"a\"}").count();
    assert_eq!(doubled, usize::from(place == Place::Later), "rows come once: {what}");
    for error in outcome.stderr.lines() {
        let error: serde_json::Value = serde_json::from_str(error).expect("an error");
        let (hints, is_in_doubt) = (error["hints"].to_string(), error["code"] == "write-in-doubt");
        assert!(outcome.exit != 7 || hints != "[]", "how to go on is said: {what}");
        let finds_out = hints.contains("look with the matching Get- cmdlet");
        assert_eq!(finds_out, is_in_doubt, "who is in doubt can find out: {what}");
        let message = error["message"].as_str().unwrap_or_default();
        let counted = ["was printed, and more exist", "was printed, and more may exist"];
        let counted = counted.iter().any(|words| message.contains(words));
        let is_cut = place == Place::Later && matches!(outcome.exit, 7 | 130 | 143);
        assert!(!is_cut || counted || outcome.stdout.lines().count() > 1, "rows are counted: {what}");
    }
    let is_told = matches!(outcome.exit, 7 | 130 | 143) || fault.name == "200 with errors inside";
    assert!(place != Place::Later || whole || is_told, "what is missing is told: {what}");
    let sends_writes = matches!(place, Place::Write | Place::Batch) && outcome.exchange.len() > 1;
    let before_it_ran = ["401", "429"].iter().any(|status| fault.name.starts_with(status));
    assert!(!sends_writes || before_it_ran, "a write is sent once: {what}");
}

/// A command whose other side cannot be connected to.
fn unreachable(place: Place, address: &address::Address) -> String {
    let command = place.command().impatient().variable("EXO_MI_CA_FILE", &address.ca_file);
    let command = if place == Place::Identity {
        let endpoint = format!("{}/msi/token", address.origin);
        command.source(Source::Endpoint).variable("IDENTITY_ENDPOINT", &endpoint)
    } else {
        command.variable("EXO_MI_CONNECTION_URI", &address.origin)
    };
    let outcome = command.once();
    assert_eq!(outcome.stdout, "", "{outcome:#?}");
    text(outcome.sleeps.len() + 1, &outcome)
}

fn text(sent: usize, outcome: &Outcome) -> String {
    let times = match sent {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        _ => format!("{sent}×"),
    };
    let waited =
        if outcome.sleeps.is_empty() { String::new() } else { format!(" in {} s", waits(&outcome.sleeps)) };
    if outcome.exit == 0 {
        return format!("{times}{waited}: **0**");
    }
    let error: serde_json::Value = serde_json::from_str(outcome.stderr.trim()).expect("one error");
    let code = error["code"].as_str().expect("a code");
    let rows = match outcome.stdout.lines().count() {
        0 => String::new(),
        1 => ", 1 row".to_owned(),
        rows => format!(", {rows} rows"),
    };
    format!("{times}{waited}: **{}** {code}{rows}", outcome.exit)
}

/// All waits together in seconds. Those of a growing series are each longer by up to half than the least of them, which
/// doubles from one to the next.
fn waits(sleeps: &[Duration]) -> String {
    let growing = |first: f64| {
        let series = sleeps.iter().scan(first, |next, wait| {
            let least = std::mem::replace(next, *next * 2.0);
            Some((least..=least * 1.5 + 0.01).contains(&wait.as_secs_f64()).then_some(least))
        });
        let least: f64 = series.collect::<Option<Vec<f64>>>()?.iter().sum();
        (sleeps.len() > 1).then(|| format!("{least} to {}", least * 1.5))
    };
    let exact = || sleeps.iter().sum::<Duration>().as_secs_f64().to_string();
    growing(1.0).or_else(|| growing(2.0)).unwrap_or_else(exact)
}

fn row(fault: &Fault) -> String {
    let cells = PLACES.map(|place| cell(fault, place).unwrap_or_else(|| "–".to_owned()));
    format!("| {} | {} |\n", fault.name, cells.join(" | "))
}

/// All rows in their order, several at a time: most of a row's time is spent in waiting for sockets.
fn rows() -> String {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        while let Some(fault) = FAULTS.get(next.fetch_add(1, Ordering::Relaxed)) {
            rows.push((fault.name, row(fault)));
        }
        rows
    };
    let mut rows = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..16).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a row")).collect::<Vec<_>>()
    });
    rows.sort_by_key(|(name, _)| FAULTS.iter().position(|fault| fault.name == *name));
    rows.into_iter().map(|(_, row)| row).collect()
}

#[test]
fn a_server_that_speaks_nothing_newer_than_tls_1_1_gets_no_request() {
    for version in [1, 2] {
        for place in [Place::Identity, Place::First, Place::Write] {
            let seen = unreachable(place, &address::agreeing_to(version));
            assert_eq!(seen, "once: **6** tls-untrusted", "TLS 1.{}, {place:?}", version - 1);
        }
    }
}

#[test]
fn the_table_of_faults_is_what_the_program_does() {
    const HEAD: &str = "| fault | identity call | first page | later page | write | writes in one request |\n|---|---|---|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md");
    let document = std::fs::read_to_string(&path).expect("docs/reliability.md");
    let (before, rest) = document.split_once(HEAD).expect("the table");
    let (shown, after) = rest.split_once("\n\n").map_or((rest, ""), |(table, after)| (table, after));
    let seen = rows();
    if seen.trim_end() != shown.trim_end() {
        let proposed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reliability.md");
        let text = format!("{before}{HEAD}{seen}\n{after}");
        std::fs::write(&proposed, text).expect("the proposal is written");
        panic!("docs/reliability.md is not what was seen: compare it with {}", proposed.display());
    }
}
