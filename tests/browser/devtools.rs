//! As much of the `DevTools` protocol as a visit to a page needs, over pipes: no port is opened, and no crate is needed.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// How long an answer may take, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a page is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub name: &'static str,
    pub width: u32,
    pub dark: bool,
    pub print: bool,
}

/// What a visit found.
pub(crate) struct Visit {
    /// Messages of the console, exceptions, violations of the page's policy.
    pub complaints: Vec<Value>,
    /// The addresses that the page asked for, its own first.
    pub requests: Vec<String>,
    /// What the page answered to the questions.
    pub answer: Value,
    /// A PNG of the whole page.
    pub picture: Vec<u8>,
}

pub(crate) struct Browser {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    events: Vec<Value>,
    count: u64,
}

impl Browser {
    /// Starts it with a profile that nobody has used, and without any of its own traffic.
    pub(crate) fn start(program: &Path, folder: &Path) -> Self {
        // It reads the protocol from descriptor 3 and writes it to 4: a shell puts our pipes there.
        let log = File::create(folder.join("browser.log")).expect("the log can be created");
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
            .arg(program)
            .args([
                "--headless",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the browser starts");
        let input = process.stdin.take().expect("a pipe");
        let messages = listen(process.stdout.take().expect("a pipe"));
        Self { process, input, messages, events: Vec::new(), count: 0 }
    }

    /// Opens a page in a tab of its own, asks it something, and takes its picture.
    pub(crate) fn visit(&mut self, page: &Path, look: Look, questions: &str) -> Visit {
        let target = self.call(None, "Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call(None, "Target.attachToTarget", &attached)["sessionId"].clone();
        self.events.clear();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(Some(&session), &format!("{domain}.enable"), &json!({}));
        }
        self.dress(&session, look);
        let address = format!("file://{}", page.display());
        self.call(Some(&session), "Page.navigate", &json!({ "url": address }));
        self.await_event("Page.loadEventFired");
        let question = json!({ "expression": questions, "returnByValue": true });
        let answer = self.call(Some(&session), "Runtime.evaluate", &question)["result"]["value"].clone();
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.call(Some(&session), "Page.captureScreenshot", &whole);
        let picture =
            BASE64_STANDARD.decode(picture["data"].as_str().unwrap_or_default()).expect("a picture");
        self.call(None, "Target.closeTarget", &json!({ "targetId": target["targetId"] }));
        let complaints = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        let requests = self.events_of(&["Network.requestWillBeSent"]);
        Visit {
            complaints: self.events_of(&complaints),
            requests: requests
                .iter()
                .filter_map(|it| it["request"]["url"].as_str())
                .map(str::to_owned)
                .collect(),
            answer,
            picture,
        }
    }

    fn dress(&mut self, session: &Value, look: Look) {
        let size =
            json!({ "width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": look.width < 600 });
        self.call(Some(session), "Emulation.setDeviceMetricsOverride", &size);
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({
            "media": if look.print { "print" } else { "screen" },
            "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        self.call(Some(session), "Emulation.setEmulatedMedia", &media);
    }

    fn events_of(&self, methods: &[&str]) -> Vec<Value> {
        let events = self.events.iter();
        let of = |event: &&Value| methods.iter().any(|method| event["method"] == *method);
        events.filter(of).map(|event| event["params"].clone()).collect()
    }

    fn call(&mut self, session: Option<&Value>, method: &str, parameters: &Value) -> Value {
        self.count += 1;
        let id = self.count;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.clone();
        }
        write!(self.input, "{message}\0").expect("the browser listens");
        loop {
            let message = self.next();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn await_event(&mut self, method: &str) {
        while !self.events.iter().any(|event| event["method"] == method) {
            let message = self.next();
            self.events.push(message);
        }
    }

    fn next(&self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the browser answers; else see its browser.log")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when its pipe does, and takes its own processes with it.
        let _ = write!(self.input, "{}\0", json!({ "id": 0, "method": "Browser.close" }));
        let _ = self.process.wait();
    }
}

/// Reads on a thread of its own, so that a browser that hangs fails the test instead of stopping it.
fn listen(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(output).split(0) {
            let Ok(message) = message else { return };
            let message = serde_json::from_slice(&message).expect("the protocol is JSON");
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}
