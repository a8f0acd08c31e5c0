//! Addresses at which no HTTP is ever spoken: names that are none, ports that hold connections off, and servers whose TLS
//! nobody should accept.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::harness::{CA_FILE, closed_port};

/// Where to call, and whom to trust. What it holds lives as long.
pub(super) struct Address {
    pub(super) origin: String,
    pub(super) ca_file: String,
    _held: Vec<Box<dyn std::any::Any>>,
}

fn plain(origin: String, held: Vec<Box<dyn std::any::Any>>) -> Address {
    Address { origin, ca_file: CA_FILE.to_owned(), _held: held }
}

/// A label of 64 letters is longer than a name may have: the look-up fails without asking anybody.
pub(super) fn unknown_name() -> Address {
    plain(format!("https://{}.test", "x".repeat(64)), Vec::new())
}

pub(super) fn refused() -> Address {
    plain(format!("http://127.0.0.1:{}", closed_port()), Vec::new())
}

/// A port whose queue of connections is full: Linux then ignores whoever knocks.
pub(super) fn silent() -> Address {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port");
    socket.listen(0).expect("a listener");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    let filling = || TcpStream::connect_timeout(&address, std::time::Duration::from_millis(100));
    let queue: Vec<_> = std::iter::from_fn(|| filling().ok()).take(8).collect();
    assert!(queue.len() < 8, "the queue is never full");
    plain(format!("http://{address}"), vec![Box::new(socket), Box::new(queue)])
}

pub(super) fn expired() -> Address {
    let mut leaf = leaf("127.0.0.1");
    leaf.not_before = date_time_ymd(2001, 1, 1);
    leaf.not_after = date_time_ymd(2002, 1, 1);
    let authority = authority();
    certified(&leaf, &authority, &authority)
}

pub(super) fn other_host() -> Address {
    let authority = authority();
    certified(&leaf("other.example.test"), &authority, &authority)
}

pub(super) fn unknown_authority() -> Address {
    certified(&leaf("127.0.0.1"), &authority(), &authority())
}

/// A server that agrees to TLS 1.0 whatever it is offered.
pub(super) fn old_protocol() -> Address {
    agreeing_to(1)
}

/// A server that agrees to this version whatever it is offered: 1 is TLS 1.0, 2 is TLS 1.1.
pub(super) fn agreeing_to(version: u8) -> Address {
    let mut hello = vec![22, 3, version, 0, 42, 2, 0, 0, 38, 3, version];
    hello.extend([0; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let origin = serve(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(&hello);
        let _ = stream.read(&mut [0; 64]);
    });
    plain(origin, Vec::new())
}

fn leaf(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).expect("a name")
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A server with a certificate of one authority, to be called by who trusts another, or the same.
fn certified(leaf: &CertificateParams, signer: &Authority, trusted: &Authority) -> Address {
    let key = KeyPair::generate().expect("a key");
    let certificate = leaf.signed_by(&key, signer).expect("a certificate");
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private)
        })
        .expect("a configuration");
    let config = Arc::new(config);
    let origin = serve(move |mut stream| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).expect("a server");
        while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
        let mut first = [0];
        let read = rustls::Stream::new(&mut tls, &mut stream).read(&mut first);
        assert!(!matches!(read, Ok(1..)), "a request came over a connection that is not to be trusted");
    });
    let ca = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(ca.path(), trusted.pem()).expect("a file");
    Address { origin, ca_file: ca.path().display().to_string(), _held: vec![Box::new(ca)] }
}

/// Takes connections for as long as the process lives; a few threads that sleep.
fn serve(mut connection: impl FnMut(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || listener.incoming().flatten().for_each(&mut connection));
    format!("https://{address}")
}
