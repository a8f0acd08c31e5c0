//! The connection to Exchange that is opened while the token is on its way: it is there for what reads, it is never used
//! for what writes, and when it went stale nothing is lost.
//!
//! A relay stands before Exchange and tells when a connection comes. The identity endpoint of these tests waits for that
//! before it grants a token, so that nothing here depends on how fast anything is.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::harness::{Command, Outcome, Source, connect, grants, page, reading, writing};
use crate::server::{Server, Step, reply};

/// What comes at all has come after this.
const SOON: Duration = Duration::from_secs(10);

/// What has not come after this does not come.
const LONG: Duration = Duration::from_millis(300);

/// What the relay does with the first connection.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Passes,
    /// It is closed as soon as it is there.
    IsClosed,
    /// It is closed when something is sent on it.
    IsClosedByARequest,
}

/// Passes on what comes, and tells of each connection when it is there.
fn relay(exchange: &Server, first: First, came: Sender<()>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let to = exchange.origin().trim_start_matches("http://").to_owned();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.expect("a connection");
            let first = if number == 0 { first } else { First::Passes };
            if first == First::IsClosed {
                let _ = stream.shutdown(Shutdown::Both);
            }
            // Nobody listens any more once the token is granted.
            let _ = came.send(());
            match first {
                First::Passes => pass(stream, TcpStream::connect(&to).expect("Exchange")),
                First::IsClosed => {}
                First::IsClosedByARequest => {
                    let _ = stream.read(&mut [0; 16 * 1024]);
                    let _ = stream.shutdown(Shutdown::Both);
                }
            }
        }
    });
    origin
}

fn pass(client: TcpStream, server: TcpStream) {
    let ways =
        [(client.try_clone().expect("a stream"), server.try_clone().expect("a stream")), (server, client)];
    for (mut from, mut to) in ways {
        std::thread::spawn(move || {
            let mut piece = [0; 16 * 1024];
            while let Ok(count @ 1..) = from.read(&mut piece) {
                if to.write_all(&piece[..count]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}

/// An identity endpoint that answers once it has been decided whether a connection to Exchange comes first.
fn identity(decided: impl FnMut() -> Step + Send + 'static) -> Server {
    let mut decided = decided;
    Server::answering(Vec::new(), move |_| decided())
}

fn after_a_connection(came: Receiver<()>) -> Server {
    identity(move || match came.recv_timeout(SOON) {
        Ok(()) => grants("first"),
        Err(_) => reply(400).json(r#"{"error":"no connection was opened ahead"}"#).into(),
    })
}

/// Runs a command whose token comes after a connection to Exchange.
fn run(command: &Command, exchange: Vec<Step>, first: First) -> Outcome {
    let exchange = Server::start(exchange);
    let (came, coming) = channel();
    let origin = relay(&exchange, first, came);
    let command = command.clone().variable("EXO_MI_CONNECTION_URI", &origin);
    command.against(&after_a_connection(coming), &exchange, &[])
}

#[test]
fn what_reads_finds_a_connection_that_was_opened_while_the_token_was_on_its_way() {
    for source in [Source::Imds, Source::Endpoint] {
        for command in [reading(), connect("get-exomailbox"), connect("")] {
            let outcome = run(&command.source(source), vec![page(r#"[{"Name":"a"}]"#)], First::Passes);
            assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
            let connections: Vec<usize> = outcome.exchange.iter().map(|request| request.connection).collect();
            assert_eq!(connections, [0], "it is the one that is used");
        }
    }
}

#[test]
fn one_that_went_stale_is_replaced_without_a_word() {
    for first in [First::IsClosed, First::IsClosedByARequest] {
        let outcome = run(&reading(), vec![page(r#"[{"Name":"a"}]"#)], first);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "{\"Name\":\"a\"}\n"), "{}", outcome.stderr);
        assert_eq!((outcome.stderr.as_str(), outcome.sleeps.len()), ("", 1));
    }
}

#[test]
fn nothing_is_opened_ahead_for_what_must_not_be_sent_twice() {
    let audit = connect("search-unifiedauditlog -SessionId s -StartDate 2026-01-01 -EndDate 2026-01-02");
    for command in [writing(), audit] {
        let exchange = Server::start(vec![page("[]")]);
        let (came, coming) = channel();
        let origin = relay(&exchange, First::Passes, came);
        let early = identity(move || match coming.recv_timeout(LONG) {
            Err(RecvTimeoutError::Timeout) => grants("first"),
            _ => reply(400).json(r#"{"error":"a connection was opened ahead"}"#).into(),
        });
        let command = command.variable("EXO_MI_CONNECTION_URI", &origin);
        let outcome = command.against(&early, &exchange, &[]);
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    }
}

#[test]
fn without_a_token_nobody_waits_for_the_connection() {
    let exchange = Server::start(Vec::new());
    let (came, _coming) = channel();
    let origin = relay(&exchange, First::Passes, came);
    let refusing = identity(|| reply(400).json(r#"{"error":"invalid_request"}"#).into());
    let command = reading().variable("EXO_MI_CONNECTION_URI", &origin);
    let outcome = command.against(&refusing, &exchange, &[]);
    assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
    assert!(outcome.exchange.is_empty());
}
