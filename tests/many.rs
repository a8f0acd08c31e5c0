//! Long lists with the real binary: as fast as the tenant allows, and to the end whatever ends a run.
//!
//! `EXO_MI_MANY=full` runs it with 10,000 identities, as `just many` does, and `EXO_MI_MANY_LATENCY` names how long a cmdlet
//! takes there.

#![cfg(all(unix, feature = "emulator"))]
// What was measured is what whoever runs this wants to read.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

#[allow(dead_code)] // The soak looks at more of a process.
#[path = "soak/process.rs"]
mod process;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use process::Served;

const CONNECT: &str = "connect --org contoso.onmicrosoft.com";

/// How many requests the tenant runs at once, and how many cmdlets stand in one.
const AT_ONCE: u32 = 10;
const IN_ONE: u32 = 10;

/// An emulator whose cmdlets take their time, and a list of its mailboxes.
struct Tenant {
    served: Served,
    folder: tempfile::TempDir,
    latency: Duration,
    count: u32,
}

impl Tenant {
    fn new(count: u32, latency: Duration) -> Self {
        let words = format!("--mailboxes {count} --latency={}us", latency.as_micros());
        let tenant = Self {
            served: Served::start(&words),
            folder: tempfile::tempdir().expect("a folder"),
            latency,
            count,
        };
        let words = "-o csv --no-headers --columns PrimarySmtpAddress get-mailbox -ResultSize Unlimited";
        let listed = tenant.served.run(&format!("{CONNECT} {words}"));
        let mut lines: Vec<&str> = std::str::from_utf8(&listed.stdout).expect("text").lines().collect();
        assert_eq!(lines.len(), count as usize, "{}", String::from_utf8_lossy(&listed.stderr));
        // One that there is not, somewhere in the middle.
        lines[count as usize / 3] = "nobody@contoso.com";
        std::fs::write(tenant.at("list"), lines.join("\n")).expect("written");
        tenant
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    /// A command for the list; `DIR` stands for the folder.
    fn begin(&self, words: &str) -> Child {
        let words = words.replace("DIR", &self.folder.path().display().to_string());
        let mut command = self.served.client(&format!("{CONNECT} {words}"));
        command.stdin(File::open(self.at("list")).expect("the list")).stdout(Stdio::null());
        command.spawn().expect("the binary starts")
    }

    fn run(&self, words: &str) -> (i32, String) {
        let output = self.begin(words).wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().expect("it was not killed"), stderr)
    }

    /// The least time in which the tenant can answer for the whole list.
    fn least(&self) -> Duration {
        let rounds = self.count.div_ceil(AT_ONCE * IN_ONE);
        self.latency * IN_ONE * rounds
    }
}

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// The size for the usual tests, or the full one.
fn size(count: u32, latency: Duration) -> (u32, Duration) {
    if std::env::var("EXO_MI_MANY").is_err() {
        return (count, latency);
    }
    let latency = std::env::var("EXO_MI_MANY_LATENCY").unwrap_or_else(|_| "80ms".to_owned());
    (10_000, humantime::parse_duration(&latency).expect("a length of time"))
}

fn is_full() -> bool {
    std::env::var("EXO_MI_MANY").is_ok()
}

/// The statistics of every mailbox of the list.
fn statistics(options: &str, name: &str) -> String {
    format!("{options} -o csv --out DIR/{name} --errors DIR/{name}.errors get-mailbox-statistics -Identity -")
}

#[test]
fn a_list_is_done_in_the_time_that_the_tenant_allows() {
    let (count, latency) = size(1000, Duration::from_millis(15));
    let mut tenant = Tenant::new(count, latency);
    let begun = Instant::now();
    let (exit, stderr) = tenant.run(&statistics("--parallel 10", "out.csv"));
    let took = begun.elapsed();
    let rows = tenant.text("out.csv").lines().count();
    assert_eq!((exit, rows), (5, count as usize), "{stderr}");
    assert!(stderr.starts_with("note: 1 identity failed, each with its reason in "), "{stderr}");
    let ratio = took.as_secs_f64() / tenant.least().as_secs_f64();
    println!(
        "{count} identities at {latency:?} took {:.1} s, {ratio:.2} times what the limit allows",
        took.as_secs_f64()
    );
    // One by one it would be ten. At the full size starting the program does not count, and nothing else runs beside it.
    assert!(ratio < if is_full() { 1.3 } else { 4.0 }, "{took:?}, {:?} at least", tenant.least());
    let journal = tenant.served.journal();
    let batches = journal.iter().filter(|line| line.contains("/$batch -> 200 ")).count();
    // The first one goes alone, so that it is short.
    assert_eq!(batches, (1 + (count - 1).div_ceil(IN_ONE)) as usize, "as few requests as it takes");
    assert!(!journal.iter().any(|line| line.contains("and this was one more")), "and none too many");
}

#[test]
fn who_asks_for_more_than_the_tenant_allows_is_slowed_down_and_loses_nothing() {
    let tenant = Tenant::new(300, Duration::from_millis(5));
    let (exit, _) = tenant.run(&statistics("--parallel 10", "ten.csv"));
    let (more, stderr) = tenant.run(&statistics("--parallel 40", "forty.csv"));
    assert_eq!((exit, more), (5, 5), "{stderr}");
    assert!(tenant.text("ten.csv") == tenant.text("forty.csv"), "the same rows in the same order");
}

/// Begins the run again and again and kills it, until it has been killed so often, and then lets it end.
fn killed(tenant: &Tenant, words: &str, times: u64, longest: Duration) -> (i32, String) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut kills = 0;
    while kills < times {
        let mut child = tenant.begin(words);
        let millis = u64::try_from(longest.as_millis()).expect("a short time");
        std::thread::sleep(Duration::from_millis(dice.below(millis)));
        let has_ended = child.try_wait().expect("a child").is_some();
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
        assert!(!has_ended, "it came to its end after {kills} of {times} kills: the list is too short");
        kills += 1;
    }
    tenant.run(words)
}

#[test]
fn a_run_that_is_killed_twenty_times_leaves_what_an_undisturbed_one_leaves() {
    let (count, latency) = size(1000, Duration::from_millis(15));
    let tenant = Tenant::new(count, latency);
    let (exit, stderr) = tenant.run(&statistics("--parallel 10", "undisturbed.csv"));
    assert_eq!(exit, 5, "{stderr}");
    // Twenty of these are less than the whole takes.
    let longest = tenant.least().mul_f64(0.09).max(Duration::from_millis(100));
    let begun = Instant::now();
    let words = statistics("--parallel 10 --resume DIR/journal", "killed.csv");
    let (exit, stderr) = killed(&tenant, &words, 20, longest);
    assert_eq!(exit, 5, "{stderr}");
    let (whole, parts) = (tenant.text("undisturbed.csv"), tenant.text("killed.csv"));
    assert!(whole == parts, "{} bytes undisturbed, {} bytes in parts", whole.len(), parts.len());
    assert_eq!(tenant.text("undisturbed.csv.errors").lines().count(), 1);
    assert_eq!(tenant.text("killed.csv.errors").lines().count(), 1);
    assert!(!tenant.at("killed.csv.partial").exists());
    println!(
        "{count} identities at {latency:?} in twenty-one parts took {:.1} s, {:.2} times what the limit allows",
        begun.elapsed().as_secs_f64(),
        begun.elapsed().as_secs_f64() / tenant.least().as_secs_f64()
    );
}

/// The identities of a file of errors that have this code.
fn with_code(file: &Path, code: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("the errors");
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let named = lines.filter(|line| line["code"] == code);
    named.map(|line| line["identity"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn writes_of_a_run_that_is_killed_are_done_once_or_told_of_as_in_doubt() {
    let mut tenant = Tenant::new(800, Duration::from_millis(10));
    let words =
        "--parallel 4 --resume DIR/journal --errors DIR/errors -o none set-mailbox -Identity - -Office 12";
    let (exit, stderr) = killed(&tenant, words, 8, Duration::from_millis(250));
    // What was under way when the last one was killed may still be running.
    std::thread::sleep(tenant.latency * IN_ONE * 2);
    let doubted = with_code(&tenant.at("errors"), "write-in-doubt");
    assert_eq!((exit, doubted.is_empty()), (6, false), "{stderr}");
    let journal = tenant.served.journal();
    let executed = journal.iter().filter(|line| line.contains(" Set-Mailbox executed,")).count();
    // One of the list does not exist. Of those in doubt some were carried out, and none of them twice.
    let certain = 799 - doubted.len();
    assert!((certain..=799).contains(&executed), "{executed} executed, {} in doubt", doubted.len());
    let (again, _) = tenant.run(words);
    assert_eq!((again, with_code(&tenant.at("errors"), "write-in-doubt")), (6, doubted));
    let later = tenant.served.journal();
    assert!(!later.iter().any(|line| line.contains(" Set-Mailbox executed,")), "nothing is sent again");
}
