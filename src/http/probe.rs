//! The way to a host, step by step: name, connection, TLS. A request makes the same way at once and can only say that it
//! failed; this says at which step, and what was agreed on.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use url::Url;

use super::tls::configuration;
use super::{Proxying, Roots};
use crate::clock::Clock;
use crate::env::Env;

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The variables by which a proxy is set.
pub(super) const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// What was found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The addresses of the name, and how long it took to look them up.
    pub addresses: Vec<SocketAddr>,
    /// How long the look-up took.
    pub lookup: Duration,
    /// How long the connection took.
    pub connection: Duration,
    /// What was agreed on; `None` where the address is plain http.
    pub tls: Option<Agreed>,
}

/// What the two sides of a TLS connection agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// `TLS 1.3`.
    pub version: &'static str,
    /// `h2` or `http/1.1`, where the other side chose.
    pub protocol: Option<String>,
    /// How long the handshake took.
    pub handshake: Duration,
}

/// Where the way ended.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The address has no host or no port.
    #[error("the address names no host")]
    NoHost,
    /// The name has no address.
    #[error("the name {0} could not be looked up")]
    Lookup(String, #[source] io::Error),
    /// None of the addresses took the connection.
    #[error("no connection to {0}")]
    Connection(String, #[source] io::Error),
    /// The handshake failed.
    #[error("no trusted TLS connection to {0}")]
    Tls(String, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The probe itself could not be made.
    #[error("the way could not be looked at")]
    Machine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The variable that has requests to this address go through a proxy, if there is one. A direct probe would say nothing
/// about them.
pub fn proxy_variable(url: &Url, env: &Env) -> Option<&'static str> {
    let through = Proxying::for_url(url) == Proxying::Machine;
    through.then(|| PROXY_VARIABLES.into_iter().find(|name| env.has(name))).flatten()
}

/// Goes the way to the host of this address, on a thread of its own.
pub async fn probe(url: Url, roots: Roots, clock: Clock) -> Result<Probed, ProbeError> {
    let walked = tokio::task::spawn_blocking(move || walk(&url, &roots, &clock)).await;
    walked.unwrap_or_else(|error| Err(ProbeError::Machine(Box::new(error))))
}

fn walk(url: &Url, roots: &Roots, clock: &Clock) -> Result<Probed, ProbeError> {
    let host = url.host_str().ok_or(ProbeError::NoHost)?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().ok_or(ProbeError::NoHost)?;
    let place = format!("{host}:{port}");
    let begun = clock.elapsed();
    let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    let addresses = found.map_err(|error| ProbeError::Lookup(host.clone(), error))?;
    let looked_up = clock.elapsed();
    let stream = connect(&addresses).map_err(|error| ProbeError::Connection(place.clone(), error))?;
    let connected = clock.elapsed();
    let tls = if url.scheme() == "https" {
        let agreed = handshake(stream, &host, roots, clock, connected);
        Some(agreed.map_err(|error| ProbeError::Tls(place, error))?)
    } else {
        None
    };
    let (lookup, connection) = (looked_up.saturating_sub(begun), connected.saturating_sub(looked_up));
    Ok(Probed { addresses, lookup, connection, tls })
}

/// The first of the addresses that takes a connection.
fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(address, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn handshake(
    mut stream: TcpStream,
    host: &str,
    roots: &Roots,
    clock: &Clock,
    begun: Duration,
) -> Result<Agreed, Box<dyn std::error::Error + Send + Sync>> {
    let config: ClientConfig = configuration(roots)?;
    let name = ServerName::try_from(host.to_owned())?;
    let mut connection = ClientConnection::new(Arc::new(config), name)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    let version = match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "an unknown version of TLS",
    };
    let protocol = connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
    Ok(Agreed { version, protocol, handshake: clock.elapsed().saturating_sub(begun) })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    async fn probed(address: &str) -> Result<Probed, ProbeError> {
        let url = Url::parse(address).expect("a URL");
        probe(url, Roots::System, Clock::simulated(SystemTime::UNIX_EPOCH)).await
    }

    #[tokio::test]
    async fn each_step_of_the_way_can_be_the_last() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let plain = probed(&format!("http://127.0.0.1:{port}/")).await.expect("a connection");
        assert_eq!((plain.addresses.len(), plain.tls), (1, None));
        let server = std::thread::spawn(move || {
            // The plain probe, then one that wants TLS and gets something else.
            for greeting in ["", "no TLS here"] {
                let (mut stream, _) = listener.accept().expect("a connection");
                io::Write::write_all(&mut stream, greeting.as_bytes()).expect("sent");
            }
        });
        let tls = probed(&format!("https://127.0.0.1:{port}/")).await;
        assert!(matches!(tls, Err(ProbeError::Tls(..))), "{tls:?}");
        server.join().expect("the server");
        let closed = probed(&format!("http://127.0.0.1:{port}/")).await;
        assert!(matches!(closed, Err(ProbeError::Connection(..))), "{closed:?}");
        let unknown = probed("http://no.such.name.invalid/").await;
        assert!(matches!(unknown, Err(ProbeError::Lookup(..))), "{unknown:?}");
    }

    #[test]
    fn a_proxy_stands_before_far_addresses_alone() {
        let env = Env::fixed([("https_proxy", "http://proxy:3128")]);
        let variable = |address: &str| proxy_variable(&Url::parse(address).expect("a URL"), &env);
        assert_eq!(variable("https://outlook.office365.com"), Some("https_proxy"));
        assert_eq!(variable("https://127.0.0.1"), None);
        assert_eq!(
            proxy_variable(&Url::parse("https://a.b").expect("a URL"), &Env::fixed([("X", "y")])),
            None
        );
    }
}
