//! A server that knows nothing of HTTP but where a request ends: it answers each one with what its script says, byte
//! for byte, and can do to a connection what no well-behaved server does.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use exo_mi::stop::{Order, Signal};

/// Longer than anything that a test waits for; what takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What happens to one request. A connection stays open for the next one, unless the step ends it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step(Vec<Act>);

#[derive(Clone, Debug)]
enum Act {
    /// `{origin}` and `{port}` are replaced by this server's.
    Send(Vec<u8>),
    Pause(Duration),
    /// So many bytes of nothing but blanks.
    Flood(usize),
    /// A blank now and then until the client has gone.
    Drip,
    Close,
    Reset,
    /// Says nothing more until the client has gone.
    Stall,
    /// Orders the command to stop.
    Order(Signal),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Which connection brought it, counted from 0.
    pub(crate) connection: usize,
    head: String,
    pub(crate) body: Vec<u8>,
}

/// A reply with a length that is right.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What answers once the script is used up.
type Answers = Box<dyn FnMut(&Request) -> Step + Send>;

/// The server. When it is dropped, its script must have been used up, and nothing else may have come, unless something
/// answers the rest.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Step>,
    rest: Option<Answers>,
    requests: Vec<Request>,
    unexpected: Vec<String>,
    order: Option<Arc<Order>>,
    stopping: bool,
}

/// A reply with this status and nothing in it.
pub(crate) fn reply(status: u16) -> Reply {
    Reply { status, headers: Vec::new(), body: Vec::new() }
}

impl Reply {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: body.as_ref().to_vec(), ..self }
    }

    pub(crate) fn json(self, body: impl AsRef<[u8]>) -> Self {
        self.header("Content-Type", "application/json; charset=utf-8").body(body)
    }
}

impl From<Reply> for Step {
    fn from(reply: Reply) -> Self {
        let Reply { status, headers, body } = reply;
        let mut head = format!("HTTP/1.1 {status} Whatever\r\n");
        for (name, value) in headers {
            head.extend([&name, ": ", &value, "\r\n"]);
        }
        // The length is that of the body with its places filled in, which is known when it is sent.
        if status != 204 {
            head += "Content-Length: {length}\r\n";
        }
        Self(vec![Act::Send([head.as_bytes(), b"\r\n", &body].concat())])
    }
}

impl Step {
    /// These bytes and no others.
    pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self(vec![Act::Send(bytes.as_ref().to_vec())])
    }

    /// No reply at all.
    pub(crate) fn silence() -> Self {
        Self::default()
    }

    fn then(mut self, act: Act) -> Self {
        self.0.push(act);
        self
    }

    pub(crate) fn then_send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Act::Send(bytes.as_ref().to_vec()))
    }

    pub(crate) fn then_pause(self, pause: Duration) -> Self {
        self.then(Act::Pause(pause))
    }

    pub(crate) fn then_flood(self, bytes: usize) -> Self {
        self.then(Act::Flood(bytes))
    }

    pub(crate) fn then_drip(self) -> Self {
        self.then(Act::Drip)
    }

    pub(crate) fn then_close(self) -> Self {
        self.then(Act::Close)
    }

    pub(crate) fn then_reset(self) -> Self {
        self.then(Act::Reset)
    }

    pub(crate) fn then_stall(self) -> Self {
        self.then(Act::Stall)
    }

    /// The command is told to stop, and gets no answer.
    pub(crate) fn then_order(self, signal: Signal) -> Self {
        self.then(Act::Order(signal)).then_stall()
    }
}

impl Server {
    pub(crate) fn start(script: Vec<Step>) -> Self {
        Self::serving(State { script: script.into(), ..State::default() })
    }

    /// Answers with the script, and each request after it with what this makes of it.
    pub(crate) fn answering(script: Vec<Step>, rest: impl FnMut(&Request) -> Step + Send + 'static) -> Self {
        Self::serving(State { script: script.into(), rest: Some(Box::new(rest)), ..State::default() })
    }

    fn serving(state: State) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let acceptor = std::thread::spawn(move || accept(&listener, &shared));
        Self { address, state, acceptor: Some(acceptor) }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How a step can tell the next command to stop.
    pub(crate) fn orders_by(&self, order: &Arc<Order>) {
        self.state().order = Some(Arc::clone(order));
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state().stopping = true;
        // The acceptor waits for a connection: this is one.
        let _ = TcpStream::connect(self.address);
        let joined = self.acceptor.take().map(JoinHandle::join);
        if std::thread::panicking() {
            return;
        }
        assert!(matches!(joined, Some(Ok(()))), "a thread of the server panicked");
        let state = self.state();
        assert!(state.unexpected.is_empty(), "not in the script: {:#?}", state.unexpected);
        assert!(state.script.is_empty(), "{} steps were not asked for", state.script.len());
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn accept(listener: &TcpListener, state: &Arc<Mutex<State>>) {
    let mut connections = Vec::new();
    for (number, stream) in listener.incoming().enumerate() {
        let stream = stream.expect("a connection");
        if lock(state).stopping {
            break;
        }
        let shared = Arc::clone(state);
        connections.push(std::thread::spawn(move || serve(stream, number, &shared)));
    }
    for connection in connections {
        connection.join().expect("a connection ends well");
    }
}

fn serve(mut stream: TcpStream, connection: usize, state: &Mutex<State>) {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    // What was sent must be on its way before a reset ends everything.
    stream.set_nodelay(true).expect("no delay");
    while let Some(request) = read(&mut stream, connection) {
        let step = {
            let mut state = lock(state);
            let scripted = state.script.pop_front();
            let step = scripted.or_else(|| state.rest.as_mut().map(|answer| answer(&request)));
            if step.is_none() {
                state.unexpected.push(request.head.clone());
            }
            state.requests.push(request);
            step
        };
        let Some(step) = step else { return };
        if !step.0.iter().all(|act| carry_out(act, &mut stream, state)) {
            return;
        }
    }
}

/// Returns whether the connection lives on.
fn carry_out(act: &Act, stream: &mut TcpStream, state: &Mutex<State>) -> bool {
    match act {
        Act::Send(bytes) => stream.write_all(&filled(bytes, stream)).is_ok(),
        Act::Pause(pause) => {
            std::thread::sleep(*pause);
            true
        }
        Act::Flood(bytes) => {
            let piece = vec![b' '; 64 * 1024];
            (0..bytes.div_ceil(piece.len())).all(|_| stream.write_all(&piece).is_ok())
        }
        Act::Drip => {
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
            false
        }
        Act::Close => {
            let _ = stream.shutdown(Shutdown::Both);
            false
        }
        Act::Reset => {
            // A moment for the client to read what came before; a reset throws away what it has not read.
            std::thread::sleep(Duration::from_millis(30));
            let _ = socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO));
            false
        }
        Act::Stall => {
            let mut rest = [0; 64];
            while matches!(stream.read(&mut rest), Ok(1..)) {}
            false
        }
        Act::Order(signal) => {
            lock(state).order.as_ref().expect("a command").stop(*signal);
            true
        }
    }
}

/// The bytes with the places of this server in them.
fn filled(bytes: &[u8], stream: &TcpStream) -> Vec<u8> {
    let address = stream.local_addr().expect("an address");
    let bytes = replaced(bytes, "{origin}", &format!("http://{address}"));
    let bytes = replaced(&bytes, "{port}", &address.port().to_string());
    let head = end_of_head(&bytes).unwrap_or(bytes.len());
    let length = (bytes.len() - head).to_string();
    [replaced(&bytes[..head], "{length}", &length), bytes[head..].to_vec()].concat()
}

fn replaced(bytes: &[u8], place: &str, text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(place.len()).position(|window| window == place.as_bytes()) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(text.as_bytes());
        rest = &rest[at + place.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// One whole request; `None` where the client has gone.
fn read(stream: &mut TcpStream, connection: usize) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        if let Some(end) = end_of_head(&bytes) {
            let head = String::from_utf8(bytes[..end - 4].to_vec()).expect("a head is text");
            let request = Request { connection, head, body: bytes[end..].to_vec() };
            assert!(request.all("transfer-encoding").is_empty(), "bodies are sent with their length");
            let length = request.one("content-length").map_or(0, |text| text.parse().expect("a length"));
            if request.body.len() >= length {
                assert_eq!(request.body.len(), length, "one request at a time");
                return Some(request);
            }
        }
        match stream.read(&mut piece) {
            Ok(count @ 1..) => bytes.extend_from_slice(&piece[..count]),
            _ if bytes.is_empty() => return None,
            other => panic!("the client left in the middle of a request: {other:?}"),
        }
    }
}

impl Request {
    /// `GET /path?query HTTP/1.1`
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    /// Names in lower case, values as they came, in the order of names.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut headers: Vec<_> =
            lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        headers.sort();
        headers
    }

    /// Every value of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.headers().into_iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
    }

    /// The value of a header that stands there once or not at all.
    pub(crate) fn one(&self, name: &str) -> Option<String> {
        let mut values = self.all(name);
        assert!(values.len() <= 1, "{name} is repeated: {values:?}");
        values.pop()
    }
}
