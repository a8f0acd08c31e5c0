//! The two requests of a cold run with nothing around them: a token from IMDS over a plain socket, `Get-AcceptedDomain` over
//! TLS, and the reply as it came. What exo-mi needs beyond it is what `bench.py` compares.
//!
//! It reads the variables that `exo-mi emulate` prints, and the tenant from `TENANT`.

#![allow(clippy::disallowed_methods)] // It is a program of its own, and these are its arguments.

use std::env;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use flate2::read::GzDecoder;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

type Outcome<T> = Result<T, Box<dyn Error>>;

const TOKEN_PATH: &str =
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com";
const BODY: &str = r#"{"CmdletInput":{"CmdletName":"Get-AcceptedDomain","Parameters":{}}}"#;

fn main() -> Outcome<()> {
    let token = acquire(&host("AZURE_POD_IDENTITY_AUTHORITY_HOST")?)?;
    let reply = invoke(&host("EXO_MI_CONNECTION_URI")?, &token)?;
    io::stdout().write_all(&reply)?;
    Ok(())
}

/// Host and port of the address in a variable.
fn host(variable: &str) -> Outcome<String> {
    let address = env::var(variable)?;
    Ok(address.split("//").nth(1).unwrap_or(&address).trim_end_matches('/').to_owned())
}

fn acquire(host: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET {TOKEN_PATH} HTTP/1.1\r\nHost: {host}\r\nMetadata: true\r\nConnection: close\r\n\r\n"
    )?;
    let (_, body) = read(stream)?;
    let text = String::from_utf8(body)?;
    let (_, rest) = text.split_once("\"access_token\":\"").ok_or("no token")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

fn invoke(host: &str, token: &str) -> Outcome<Vec<u8>> {
    let (name, _) = host.rsplit_once(':').ok_or("no port")?;
    let connection = ClientConnection::new(Arc::new(trust()?), ServerName::try_from(name.to_owned())?)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(host)?);
    let tenant = env::var("TENANT")?;
    let request = format!(
        "POST /adminapi/beta/{tenant}/InvokeCommand HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Accept: application/json\r\nAccept-Encoding: gzip\r\nContent-Type: application/json\r\n\
         Prefer: odata.maxpagesize=1000\r\nX-ResponseFormat: json\r\nX-CmdletName: Get-AcceptedDomain\r\n\
         X-AnchorMailbox: APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}\r\n\
         client-request-id: 5d0b2f0e-6f0a-4c5e-9d0c-0f3c7f6f2a14\r\n\
         connection-id: 0c1b9a5e-0d53-4d0e-8a1d-8a2f8d0c7b25\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{BODY}",
        BODY.len()
    );
    stream.write_all(request.as_bytes())?;
    let (head, body) = read(stream)?;
    if !head.to_ascii_lowercase().contains("content-encoding: gzip") {
        return Ok(body);
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(body.as_slice()).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// The emulator's root alone: to load those of the system is part of what exo-mi pays.
fn trust() -> Outcome<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(env::var("EXO_MI_CA_FILE")?)? {
        roots.add(certificate?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Head and body of a successful reply that ends with its connection.
fn read(mut stream: impl Read) -> Outcome<(String, Vec<u8>)> {
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("no head")?;
    let body = reply.split_off(end + 4);
    let head = String::from_utf8(reply)?;
    if head.starts_with("HTTP/1.1 200 ") { Ok((head, body)) } else { Err(head.into()) }
}
